import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { components } from '@uurwerk/api/generated/schema.d.ts'
import { add, decimal } from '@uurwerk/core/shared/money.ts'
import { useEffect, useState } from 'react'
import { answer, api } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { Button, ButtonLink } from '../../parts/Button.tsx'
import { Segments } from '../../parts/Choose.tsx'
import { Dialog, Foot } from '../../parts/Dialog.tsx'
import { ErrorNotice, Skeleton } from '../../parts/Empty.tsx'
import { Money } from '../../parts/Figures.tsx'
import { useKeys } from '../../parts/keys.tsx'
import { Notice } from '../../parts/Notice.tsx'
import { type Meaning, State } from '../../parts/State.tsx'
import { TaskProgress } from '../../parts/Task.tsx'
import { useAct } from '../../query.ts'
import { useFirm, useMay } from '../../session.ts'
import { usePages } from '../../table/rows.ts'
import { useT, type Word } from '../../words/words.tsx'
import { mailSettingsQuery } from '../letters/letter.ts'
import letterStyles from '../letters/letters.module.css'
import type { InvoiceRow } from './invoice.ts'
import styles from './invoices.module.css'

type Task = components['schemas']['Task']
type How = 'mail' | 'post' | 'portal' | 'other'
type Outcome = 'created' | 'skipped' | 'failed'

const ways = {
  mail: 'letters.how.mail',
  post: 'invoices.send.post',
  portal: 'invoices.send.portal',
  other: 'invoices.send.other',
} as const satisfies Record<How, Word>

const told = {
  mail: 'letters.many.mail',
  post: 'letters.many.post',
  portal: 'letters.many.portal',
  other: 'letters.many.other',
} as const satisfies Record<How, Word>

const heads = {
  skipped: 'letters.many.left',
  failed: 'letters.many.failed',
  created: 'letters.many.sent',
} as const satisfies Record<Outcome, Word>

const meanings = { skipped: 'needs', failed: 'refused', created: 'done' } as const satisfies Record<Outcome, Meaning>

const isOver = (task: Task | undefined) => task?.state === 'done' || task?.state === 'failed'

/** What came of each invoice; those that were left say why. */
function Outcomes({
  taskId,
  outcome,
  count,
  customerOf,
}: {
  taskId: string
  outcome: Outcome
  count: number
  customerOf: (invoiceId: string) => string | undefined
}) {
  const t = useT()
  const format = useFormat()
  const { slug: firm } = useFirm()
  const rows = usePages({
    queryKey: ['invoice-task-rows', taskId, outcome],
    fetchPage: (cursor, signal) =>
      answer(
        api.GET('/invoices/tasks/{id}/rows', {
          params: { path: { id: taskId }, query: { outcome, cursor, limit: 100 } },
          signal,
        }),
      ),
  })
  return (
    <section>
      <h3 className={letterStyles.outcome}>
        <State is={meanings[outcome]}>{t(heads[outcome], { count, shown: format.count(count) })}</State>
      </h3>
      {rows.state === 'failed' ? <ErrorNotice error={rows.error} retry={rows.again} /> : null}
      {rows.state === 'loading' ? <Skeleton width="60%" /> : null}
      <ul className={letterStyles.outcomes}>
        {rows.rows.map((row) => (
          <li key={row.invoiceId}>
            <Link to="/f/$firm/invoices/$invoiceId" params={{ firm, invoiceId: row.invoiceId }}>
              {row.label}
            </Link>
            {row.label === customerOf(row.invoiceId) ? null : <span>{customerOf(row.invoiceId)}</span>}
            {row.problem ? (
              <span className="muted small">
                {row.problem.cause} {row.problem.remedy}
              </span>
            ) : null}
          </li>
        ))}
      </ul>
      {rows.more ? (
        <Button size="sm" busy={rows.loadingMore} onClick={() => rows.more?.()}>
          {t('letters.many.more')}
        </Button>
      ) : null}
    </section>
  )
}

function SendDialog({
  drafts,
  onClose,
  onDone,
}: {
  drafts: readonly InvoiceRow[]
  onClose: () => void
  onDone: () => void
}) {
  const t = useT()
  const format = useFormat()
  const may = useMay()
  const client = useQueryClient()
  const { slug: firm } = useFirm()
  // What was selected when it was asked: the list behind it moves while they are sent.
  const [asked] = useState(drafts)
  const settings = useQuery(mailSettingsQuery)
  const off = settings.data?.works === false
  const [chosen, setChosen] = useState<How | null>(null)
  const how = chosen ?? (off ? 'post' : 'mail')
  const start = useAct<{ how: How }, Task>({
    run: (body, key) =>
      answer(
        api.POST('/invoices/sendings', {
          headers: key,
          body: { ...body, selection: { ids: asked.map(({ id }) => id) } },
        }),
      ),
  })
  const id = start.data?.id ?? ''
  const follow = useQuery({
    queryKey: ['invoice-task', id],
    queryFn: ({ signal }) => answer(api.GET('/invoices/tasks/{id}', { params: { path: { id } }, signal })),
    enabled: start.data !== undefined,
    refetchInterval: ({ state }) => (isOver(state.data) ? false : 600),
  })
  const task = follow.data ?? start.data
  const over = isOver(task)
  useEffect(() => {
    if (!over) return
    void client.invalidateQueries({ queryKey: ['invoices'] })
    void client.invalidateQueries({ queryKey: ['letters'] })
  }, [over, client])
  const close = () => {
    if (task) onDone()
    onClose()
  }
  const count = asked.length
  const shown = format.count(count)
  const cannot = how === 'mail' && off
  useKeys([
    {
      keys: 'mod+Enter',
      whileTyping: true,
      disabled: cannot || start.isPending || (task !== undefined && !over),
      run: () => (over ? close() : start.mutate({ how })),
    },
  ])

  if (task && over) {
    const report = task.report ?? {}
    const sent = report.created ?? 0
    const customerOf = (invoiceId: string) => asked.find(({ id: one }) => one === invoiceId)?.customerName
    return (
      <Dialog
        open
        onClose={close}
        title={t('letters.many.done', { count: sent, shown: format.count(sent) })}
        size={600}
      >
        <div className={styles.dialog} role="status">
          {task.problem ? (
            <Notice is="refused" title={task.problem.cause}>
              {task.problem.remedy}
            </Notice>
          ) : null}
          {(['skipped', 'failed', 'created'] as const).map((outcome) =>
            (report[outcome] ?? 0) > 0 ? (
              <Outcomes
                key={outcome}
                taskId={task.id}
                outcome={outcome}
                count={report[outcome] ?? 0}
                customerOf={customerOf}
              />
            ) : null,
          )}
          {how === 'mail' && sent > 0 ? <p className="muted small">{t('letters.many.follow')}</p> : null}
          <Foot>
            {how === 'mail' && sent > 0 ? (
              <ButtonLink icon="mail" to="/f/$firm/letters" params={{ firm }}>
                {t('letters.title')}
              </ButtonLink>
            ) : null}
            <Button kind="primary" data-autofocus onClick={close}>
              {t('parts.close')}
            </Button>
          </Foot>
        </div>
      </Dialog>
    )
  }
  const sums = [...Map.groupBy(asked, ({ currency }) => currency)].map(
    ([currency, list]) => [currency, list.map(({ gross }) => decimal(gross)).reduce(add, decimal('0'))] as const,
  )
  return (
    <Dialog open onClose={close} title={t('letters.many.title', { count, shown })} size={600}>
      <div className={styles.dialog}>
        {task ? (
          <TaskProgress now={t('letters.many.running')} done={task.done} of={task.total} />
        ) : (
          <>
            <ul className={letterStyles.outcomes}>
              {asked.map((row) => (
                <li key={row.id}>
                  <span>{row.customerName}</span>
                  <span className="muted small fig">{format.date(row.date, 'short')}</span>
                  <Money amount={row.gross} currency={row.currency} />
                </li>
              ))}
            </ul>
            <p className={letterStyles.sums}>
              {t('letters.many.total')}{' '}
              {sums.map(([currency, gross]) => (
                <Money key={currency} amount={gross} currency={currency} total />
              ))}
            </p>
            <div className={letterStyles.how}>
              <Segments<How>
                name={t('letters.many.how')}
                value={how}
                onChange={setChosen}
                options={(Object.keys(ways) as How[]).map((value) => ({ value, label: t(ways[value]) }))}
              />
              <p className="muted small">{t(told[how])}</p>
            </div>
            {cannot ? (
              <Notice is="needs" title={t('letters.off')}>
                {may('firm:write') ? (
                  <Link to="/f/$firm/settings/mail" params={{ firm }}>
                    {t('letters.problem.settings')}
                  </Link>
                ) : null}
              </Notice>
            ) : null}
            {start.error ? <ErrorNotice error={start.error} /> : null}
            <p className="muted small">{t('letters.many.never')}</p>
          </>
        )}
        <Foot>
          <Button onClick={close}>{t(task ? 'parts.close' : 'parts.back')}</Button>
          {task ? null : (
            <Button
              kind="primary"
              icon="send"
              keys="mod+Enter"
              busy={start.isPending}
              disabled={cannot}
              onClick={() => start.mutate({ how })}
            >
              {t('letters.many.button', { count, shown })}
            </Button>
          )}
        </Foot>
      </div>
    </Dialog>
  )
}

/** Sends the drafts of a selection, each to its own customer; what came of each is told. */
export function SendSelection({
  drafts,
  busy,
  primary,
  onDone,
}: {
  /** Those of the selection that can be sent. */
  drafts: readonly InvoiceRow[]
  /** Not all that is selected is here yet. */
  busy: boolean
  primary: boolean
  onDone: () => void
}) {
  const t = useT()
  const format = useFormat()
  const may = useMay()
  const [open, setOpen] = useState(false)
  if (!may('invoices:send') || (drafts.length === 0 && !open)) return null
  return (
    <>
      {drafts.length > 0 ? (
        <Button kind={primary ? 'primary' : 'plain'} icon="send" busy={busy} onClick={() => setOpen(true)}>
          {t('letters.many.button', { count: drafts.length, shown: format.count(drafts.length) })}
        </Button>
      ) : null}
      {open ? <SendDialog drafts={drafts} onClose={() => setOpen(false)} onDone={onDone} /> : null}
    </>
  )
}
