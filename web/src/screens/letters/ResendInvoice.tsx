import { useQueryClient } from '@tanstack/react-query'
import { say } from '../../parts/Toasts.tsx'
import { useT } from '../../words/words.tsx'
import { InvoiceLetter, type LetterInvoice } from './InvoiceLetter.tsx'
import { letterDraftQuery, lettersChanged } from './letter.ts'

/** A sent invoice once more by e-mail: the same documents, to whoever needs them. */
export function ResendInvoice({
  invoice,
  toNobody = false,
  onClose,
}: {
  invoice: LetterInvoice
  /** The addresses of before are not the ones that are wanted. */
  toNobody?: boolean
  onClose: () => void
}) {
  const t = useT()
  const client = useQueryClient()
  const { number } = invoice
  return (
    <InvoiceLetter
      title={t('letters.resend.title', { number })}
      text={t('letters.resend.text', { number })}
      action={t('letters.resend.button', { number })}
      invoice={invoice}
      what={{ kind: 'invoice' }}
      proposal={letterDraftQuery(invoice)}
      toNobody={toNobody}
      onWritten={async () => {
        await lettersChanged(client)
        say(t('letters.resend.done', { number }))
      }}
      onClose={onClose}
    />
  )
}
