import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { answer, api, ifMatch } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { Segments } from '../../parts/Choose.tsx'
import { ConfirmWithPreview } from '../../parts/Dialog.tsx'
import { Money } from '../../parts/Figures.tsx'
import { Facts } from '../../parts/Notice.tsx'
import { say } from '../../parts/Toasts.tsx'
import { useAct } from '../../query.ts'
import { useT } from '../../words/words.tsx'
import { type Invoice, invoiceQuery } from './invoice.ts'
import styles from './invoices.module.css'
import type { Draft } from './use-draft.ts'

type How = 'post' | 'portal' | 'other'
const told = {
  post: 'invoices.send.post.text',
  portal: 'invoices.send.portal.text',
  other: 'invoices.send.other.text',
} as const

/** Sending gives the number and freezes the invoice: what exactly will happen stands here first. */
export function SendInvoice({
  invoice,
  draft,
  open,
  onClose,
}: {
  invoice: Invoice
  draft: Draft
  open: boolean
  onClose: () => void
}) {
  const t = useT()
  const format = useFormat()
  const client = useQueryClient()
  const [how, setHow] = useState<How>('post')
  const send = useAct({
    run: async (body: { how: How }, key) => {
      const version = await draft.settled()
      return answer(
        api.POST('/invoices/{id}/sending', {
          params: { path: { id: invoice.id } },
          headers: { ...key, ...ifMatch(version) },
          body,
        }),
      )
    },
    done: (sent) => {
      client.setQueryData(invoiceQuery(invoice.id).queryKey, sent)
      void client.invalidateQueries({ queryKey: ['invoices'] })
      if (sent.credits) void client.invalidateQueries({ queryKey: ['invoice', sent.credits.id] })
      say(t('invoices.send.done', { number: sent.number ?? '' }))
    },
  })
  const { reset } = send
  useEffect(() => {
    if (open) reset()
  }, [open, reset])

  const entries = invoice.lines.reduce((sum, line) => sum + line.entryCount, 0)
  return (
    <ConfirmWithPreview
      open={open}
      onClose={onClose}
      title={t(invoice.credits ? 'invoices.credit.send.title' : 'invoices.send.title', {
        customer: invoice.customer.name,
      })}
      preview={
        <>
          <Facts
            rows={[
              [t('invoices.number'), <b key="number">{invoice.nextNumber ?? t('invoices.send.numberLater')}</b>],
              [t(invoice.credits ? 'invoices.credit.date' : 'invoices.date'), format.date(invoice.date)],
              ...(invoice.credits
                ? [[t('invoices.credit.takesBack'), invoice.credits.number] as const]
                : [[t('invoices.due'), format.date(invoice.dueDate)] as const]),
              [t('invoices.net'), <Money key="net" amount={invoice.net} currency={invoice.currency} />],
              [t('invoices.vatAmount'), <Money key="vat" amount={invoice.vat} currency={invoice.currency} />],
              [t('invoices.gross'), <Money key="gross" amount={invoice.gross} currency={invoice.currency} total />],
            ]}
          />
          {invoice.credits ? (
            <p>
              {t(invoice.releasesEntries ? 'invoices.credit.free.lines' : 'invoices.credit.keep.text', {
                number: invoice.credits.number,
              })}
            </p>
          ) : null}
          {entries > 0 ? <p>{t('invoices.send.entries', { count: entries })}</p> : null}
          <div className={styles.how}>
            <Segments
              name={t('invoices.send.how')}
              value={how}
              onChange={setHow}
              options={[
                { value: 'post', label: t('invoices.send.post') },
                { value: 'portal', label: t('invoices.send.portal') },
                { value: 'other', label: t('invoices.send.other') },
              ]}
            />
            <p className="muted">{t(told[how])}</p>
          </div>
        </>
      }
      never={t(invoice.credits ? 'invoices.credit.send.never' : 'invoices.send.never')}
      action={
        how === 'other'
          ? t('invoices.send.mark')
          : invoice.nextNumber
            ? t(invoice.credits ? 'invoices.credit.send.button' : 'invoices.send.button', {
                number: invoice.nextNumber,
              })
            : t('invoices.send.button.plain')
      }
      onConfirm={() => send.mutate({ how })}
      busy={send.isPending}
      error={send.error}
    />
  )
}
