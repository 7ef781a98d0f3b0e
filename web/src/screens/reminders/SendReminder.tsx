import { useQueryClient } from '@tanstack/react-query'
import { say } from '../../parts/Toasts.tsx'
import { useT } from '../../words/words.tsx'
import { InvoiceLetter, type LetterInvoice } from '../letters/InvoiceLetter.tsx'
import { reminderDraftQuery, remindersChanged, stepWord } from './reminder.ts'

/** One reminder by hand: the letter as it is proposed, to be changed before it goes. */
export function SendReminder({
  invoice,
  step,
  onClose,
}: {
  invoice: LetterInvoice
  step: number
  onClose: () => void
}) {
  const t = useT()
  const client = useQueryClient()
  const { number } = invoice
  return (
    <InvoiceLetter
      title={t('reminders.one.title', { step: t(stepWord(step)), number })}
      action={t('reminders.one.button')}
      invoice={invoice}
      what={{ kind: 'reminder', step }}
      proposal={reminderDraftQuery(invoice.id, step)}
      onWritten={async () => {
        await remindersChanged(client)
        say(t('reminders.one.done', { number }))
      }}
      onClose={onClose}
    />
  )
}
