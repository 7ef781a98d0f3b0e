import { useQueryClient } from '@tanstack/react-query'
import { add, decimal, zero } from '@uurwerk/core/shared/money.ts'
import { useState } from 'react'
import { answer, api } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { Button } from '../../parts/Button.tsx'
import { Dialog, Foot } from '../../parts/Dialog.tsx'
import { ErrorNotice } from '../../parts/Empty.tsx'
import { TextAreaField } from '../../parts/fields.tsx'
import { Notice } from '../../parts/Notice.tsx'
import { say } from '../../parts/Toasts.tsx'
import { useAct } from '../../query.ts'
import { useMay } from '../../session.ts'
import { SelectionBar } from '../../table/SelectionBar.tsx'
import type { Selecting } from '../../table/selection.ts'
import { useT } from '../../words/words.tsx'
import { AttachFiles } from './AttachFiles.tsx'
import { inTurns } from './in-turns.ts'
import { canBeGivenUp, canBeSentAgain, type Posting } from './posting-state.tsx'
import styles from './postings.module.css'
import { Turns } from './Turns.tsx'

/** What came later goes first: a credit note before the invoice that it takes back. */
const latestFirst = (postings: readonly Posting[]): string[] =>
  postings.toSorted((a, b) => b.createdAt.localeCompare(a.createdAt) || b.id.localeCompare(a.id)).map(({ id }) => id)

/** Gives up many, in turns: what is in the books or on its way is named and stays. */
function GiveUp({ postings, close, done }: { postings: readonly Posting[]; close: () => void; done: () => void }) {
  const t = useT()
  const client = useQueryClient()
  const [why, setWhy] = useState('')
  const [tried, setTried] = useState(false)
  const [asked, setAsked] = useState(0)
  const giveUp = useAct({
    run: async ({ ids, why }: { ids: string[]; why: string }, key) => {
      const answers = await inTurns(
        ids,
        key,
        (turn, headers) => answer(api.POST('/postings/discarding', { headers, body: { ids: turn, why } })),
        setAsked,
      )
      return {
        postings: answers.flatMap((one) => one.postings),
        leftOut: answers.flatMap((one) => one.leftOut),
      }
    },
    done: async ({ postings: given, leftOut }) => {
      await Promise.all(['postings', 'invoices'].map((name) => client.invalidateQueries({ queryKey: [name] })))
      if (given.length > 0) say(t('postings.givenUp', { count: given.length }))
      if (leftOut.length === 0) done()
    },
  })
  const leftOut = giveUp.data?.leftOut ?? []
  const go = () => {
    setTried(true)
    if (why.trim()) giveUp.mutate({ ids: latestFirst(postings), why: why.trim() })
  }
  return (
    <Dialog
      open
      onClose={leftOut.length > 0 ? done : close}
      title={t('postings.giveUp.title', { count: postings.length })}
    >
      <div className={styles.dialog}>
        {leftOut.length > 0 ? (
          <Notice is="needs" title={t('postings.giveUp.leftOut', { count: leftOut.length })}>
            <ul>
              {leftOut.map(({ postingId, label, problem }) => (
                <li key={postingId}>
                  <b>{label}</b> {problem.cause} {problem.remedy}
                </li>
              ))}
            </ul>
          </Notice>
        ) : (
          <>
            <p>{t('postings.giveUp.text')}</p>
            <TextAreaField
              label={t('postings.discard.why')}
              value={why}
              maxLength={300}
              data-autofocus
              error={tried && !why.trim() ? t('postings.discard.whyMissing') : undefined}
              onChange={(event) => setWhy(event.currentTarget.value)}
            />
          </>
        )}
        {giveUp.isPending ? <Turns done={asked} of={postings.length} /> : null}
        {giveUp.error ? <ErrorNotice error={giveUp.error} /> : null}
        <Foot>
          {leftOut.length > 0 ? (
            <Button onClick={done}>{t('parts.close')}</Button>
          ) : (
            <>
              <Button onClick={close}>{t('parts.cancel')}</Button>
              <Button kind="danger" busy={giveUp.isPending} onClick={go}>
                {t('postings.giveUp', { count: postings.length })}
              </Button>
            </>
          )}
        </Foot>
      </div>
    </Dialog>
  )
}

/** What can be done with the postings that are chosen. */
export function PostingSelection({
  selecting,
  chosen,
  matching,
  complete,
  sendAgain,
  sending,
}: {
  selecting: Selecting
  chosen: readonly Posting[]
  matching: number | null
  /** Everything that is selected is here. */
  complete: boolean
  sendAgain: (ids: readonly string[]) => void
  sending: boolean
}) {
  const t = useT()
  const format = useFormat()
  const may = useMay()
  const [givingUp, setGivingUp] = useState(false)
  const mayWrite = may('postings:write')
  const again = chosen.filter(canBeSentAgain)
  const open = chosen.filter(canBeGivenUp)
  const currencies = new Set(chosen.flatMap(({ currency, gross }) => (currency && gross ? [currency] : [])))
  const [currency] = currencies.size === 1 ? [...currencies] : []
  const total = chosen.flatMap(({ gross }) => (gross ? [decimal(gross)] : [])).reduce(add, zero)
  return (
    <>
      <SelectionBar
        selecting={selecting}
        matching={matching}
        figures={currency && complete ? [{ value: format.money(total, currency), under: t('postings.gross') }] : []}
      >
        <AttachFiles
          chosen={chosen.map(({ id, label, kind, state }) =>
            kind === 'salesEntry' && state !== 'discarded'
              ? { id, label, postingId: id }
              : { id, label, why: t('postings.files.noEntry') },
          )}
          busy={!complete}
          onDone={selecting.clear}
        />
        {mayWrite ? (
          <>
            {open.length > 0 ? (
              <Button disabled={!complete} onClick={() => setGivingUp(true)}>
                {t('postings.giveUp', { count: open.length })}
              </Button>
            ) : null}
            {again.length > 0 ? (
              <Button
                kind="primary"
                busy={sending}
                disabled={!complete}
                onClick={() => sendAgain(again.map(({ id }) => id))}
              >
                {t('postings.sendAgain', { count: again.length })}
              </Button>
            ) : null}
            {complete && open.length === 0 && again.length === 0 ? (
              <span className="muted small">{t('postings.selected.nothing')}</span>
            ) : null}
          </>
        ) : null}
      </SelectionBar>
      {givingUp ? (
        <GiveUp
          postings={open}
          close={() => setGivingUp(false)}
          done={() => {
            setGivingUp(false)
            selecting.clear()
          }}
        />
      ) : null}
    </>
  )
}
