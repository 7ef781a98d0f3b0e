import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, api } from '../../api.ts'
import { Button } from '../../parts/Button.tsx'
import { Segments } from '../../parts/Choose.tsx'
import { Dialog, Foot } from '../../parts/Dialog.tsx'
import { ErrorNotice } from '../../parts/Empty.tsx'
import { TextField } from '../../parts/fields.tsx'
import { Told } from '../../parts/Notice.tsx'
import { say } from '../../parts/Toasts.tsx'
import { useAct } from '../../query.ts'
import { useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import type { InvoiceRow } from './invoice.ts'
import styles from './invoices.module.css'

/** As many as one request takes (`POST /postings/marks`). */
const mostAtOnce = 500

/** What the books held before us is said by hand, or taken back. */
export function MarkSelection({
  sent,
  busy,
  onDone,
}: {
  sent: readonly InvoiceRow[]
  busy: boolean
  onDone: () => void
}) {
  const t = useT()
  const may = useMay()
  const [asked, setAsked] = useState(false)
  if (!may('postings:write') || sent.length === 0) return null
  return (
    <>
      <Button icon="checked" busy={busy} disabled={sent.length > mostAtOnce} onClick={() => setAsked(true)}>
        {t('invoices.mark.action')}
      </Button>
      {asked ? <MarkDialog sent={sent} onClose={() => setAsked(false)} onDone={onDone} /> : null}
    </>
  )
}

function MarkDialog({
  sent,
  onClose,
  onDone,
}: {
  sent: readonly InvoiceRow[]
  onClose: () => void
  onDone: () => void
}) {
  const t = useT()
  const client = useQueryClient()
  const [inBooks, setInBooks] = useState<'yes' | 'no'>('yes')
  const [why, setWhy] = useState('')
  const mark = useAct({
    run: (_: null, key) =>
      answer(
        api.POST('/postings/marks', {
          headers: key,
          body: {
            invoiceIds: sent.map(({ id }) => id),
            inBooks: inBooks === 'yes',
            ...(why.trim() ? { why: why.trim() } : {}),
          },
        }),
      ),
    done: async ({ marked, leftOut }) => {
      await client.invalidateQueries({ queryKey: ['invoices'] })
      await client.invalidateQueries({ queryKey: ['invoice'] })
      if (leftOut.length > 0) return
      say(t(inBooks === 'yes' ? 'invoices.mark.done' : 'invoices.mark.undone', { count: marked.length }))
      onDone()
      onClose()
    },
  })
  const leftOut = mark.data?.leftOut ?? []
  const close = () => {
    if (mark.data) onDone()
    onClose()
  }
  return (
    <Dialog open onClose={close} title={t('invoices.mark.title', { count: sent.length })}>
      {leftOut.length > 0 ? (
        <div className={styles.mark}>
          <p>{t('invoices.mark.left', { count: leftOut.length, marked: mark.data?.marked.length ?? 0 })}</p>
          <Told rows={leftOut.map(({ label, problem }) => [label, problem.cause] as const)} />
        </div>
      ) : (
        <div className={styles.mark}>
          <p>{t('invoices.mark.text')}</p>
          <Segments
            name={t('invoices.mark.action')}
            value={inBooks}
            onChange={setInBooks}
            options={[
              { value: 'yes', label: t('invoices.mark.yes') },
              { value: 'no', label: t('invoices.mark.no') },
            ]}
          />
          <TextField
            label={t('invoices.mark.why')}
            value={why}
            maxLength={300}
            onChange={(event) => setWhy(event.currentTarget.value)}
          />
          {mark.error ? <ErrorNotice error={mark.error} /> : null}
        </div>
      )}
      <Foot>
        <Button onClick={close}>{t(mark.data ? 'parts.close' : 'parts.cancel')}</Button>
        {leftOut.length > 0 ? null : (
          <Button kind="primary" busy={mark.isPending} onClick={() => mark.mutate(null)}>
            {t('invoices.mark.save')}
          </Button>
        )}
      </Foot>
    </Dialog>
  )
}
