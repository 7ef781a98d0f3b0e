import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { answer, api } from '../../api.ts'
import { type Format, useFormat } from '../../format.ts'
import { Button } from '../../parts/Button.tsx'
import { State } from '../../parts/State.tsx'
import { sayProblem } from '../../parts/Toasts.tsx'
import { useAct } from '../../query.ts'
import { useMay } from '../../session.ts'
import { type Say, useT } from '../../words/words.tsx'
import { isUnderWay, taskQuery } from '../imports/task.ts'
import styles from './coming-back.module.css'
import { comingBackChanged, type InBooksNow } from './coming-back.ts'

const meanings = {
  open: 'wait',
  'partly-paid': 'progress',
  paid: 'done',
  settled: 'done',
  'over-paid': 'needs',
  unknown: 'needs',
} as const

const unknowns = {
  gone: 'coming-back.books.gone',
  'other-currency': 'coming-back.books.otherCurrency',
  'credit-note-unseen': 'coming-back.books.creditUnseen',
} as const

function sentence(t: Say, format: Format, books: InBooksNow, currency: string): string {
  const { state, why, packageName, outstanding, lastPaidOn } = books
  const values = {
    package: packageName,
    amount: outstanding === null ? '' : format.money(outstanding.replace('-', ''), currency),
    date: lastPaidOn === null ? '' : format.date(lastPaidOn),
  }
  switch (state) {
    case null:
      return t('coming-back.books.unread', values)
    case 'partly-paid':
      return t('coming-back.books.partly', values)
    case 'paid':
      return lastPaidOn === null ? t('coming-back.books.nothing', values) : t('coming-back.books.paid', values)
    case 'unknown':
      return t(why ? unknowns[why] : 'coming-back.books.gone', values)
    case 'open':
      return t('coming-back.books.open', values)
    case 'settled':
      return t('coming-back.books.settled', values)
    case 'over-paid':
      return t('coming-back.books.overPaid', values)
  }
}

/** What the accounting package says of a posted invoice, as of when, and a way to ask it now. */
export function InBooks({ books, currency }: { books: InBooksNow; currency: string }) {
  const t = useT()
  const format = useFormat()
  const { state, seenAt, packageName, mode } = books
  return (
    <div className={styles.books}>
      <div>
        {state === null ? (
          <span className="muted">{sentence(t, format, books, currency)}</span>
        ) : (
          <State is={meanings[state]}>{sentence(t, format, books, currency)}</State>
        )}
        <span className="muted small">
          {[
            ...(seenAt === null ? [] : [t('coming-back.books.seen', { moment: format.moment(seenAt) })]),
            ...(mode === 'sandbox' ? [t('coming-back.books.sandbox')] : []),
          ].join(' · ')}
        </span>
      </div>
      {books.canLook ? <LookNow connectionId={books.connectionId} packageName={packageName} /> : null}
    </div>
  )
}

/** Asks the package now what was paid, for who may. */
export function LookNow({ connectionId, packageName }: { connectionId: string; packageName: string }) {
  const t = useT()
  const may = useMay()
  const looking = useLook(connectionId)
  if (!may('invoices:write')) return null
  return (
    <div className={styles.look}>
      <Button
        size="sm"
        icon="refresh"
        busy={looking.isBusy}
        aria-label={t('coming-back.books.look.of', { package: packageName })}
        onClick={looking.start}
      >
        {t('coming-back.books.look')}
      </Button>
      <span className="muted small" role="status">
        {looking.waitsFor}
      </span>
    </div>
  )
}

/** Asks the package what was paid, and follows that until it is known. */
function useLook(connectionId: string): {
  readonly isBusy: boolean
  /** Why it cannot go on yet, such as a limit of the package. */
  readonly waitsFor: string | null
  readonly start: () => void
} {
  const client = useQueryClient()
  const [taskId, setTaskId] = useState<string | null>(null)
  const act = useAct({
    run: (id: string, key) =>
      answer(api.POST('/connections/{id}/payments', { params: { path: { id } }, headers: key, body: { full: false } })),
    done: (task) => setTaskId(task.id),
    failed: sayProblem,
  })
  const task = useQuery({
    ...taskQuery(taskId ?? ''),
    enabled: taskId !== null,
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data && !isUnderWay(state.data) ? false : 1_000),
  })
  const state = taskId === null ? undefined : task.data?.state
  const problem = task.data?.problem
  useEffect(() => {
    if (state !== 'done' && state !== 'failed') return
    setTaskId(null)
    if (problem) sayProblem(problem)
    void comingBackChanged(client)
  }, [state, problem, client])
  return {
    isBusy: act.isPending || taskId !== null,
    waitsFor: state === 'waiting' ? (problem?.cause ?? null) : null,
    start: () => act.mutate(connectionId),
  }
}
