import { useQuery, useQueryClient } from '@tanstack/react-query'
import { answer, api } from '../../api.ts'
import { Button } from '../../parts/Button.tsx'
import { ErrorNotice, PageSkeleton } from '../../parts/Empty.tsx'
import { Form } from '../../parts/Form.tsx'
import { useKeys } from '../../parts/keys.tsx'
import { say } from '../../parts/Toasts.tsx'
import { useAct } from '../../query.ts'
import { useT } from '../../words/words.tsx'
import { toKnown } from '../letters/addresses.ts'
import { LetterBox } from '../letters/LetterBox.tsx'
import { LetterEditor, useChosenAttachments } from '../letters/LetterEditor.tsx'
import { type LetterDraft, type LetterValues, templateOf, toLetterInput, valuesOfDraft } from '../letters/letter.ts'
import letters from '../letters/letters.module.css'
import { isOff, MailProblems } from '../letters/MailProblems.tsx'
import { useLetterForm } from '../letters/use-letter-form.ts'
import { reminderDraftQuery, remindersChanged, stepWord } from './reminder.ts'

interface Reminded {
  readonly id: string
  readonly version: number
  readonly number: string
  readonly customerId: string
}

function ReminderForm({
  invoice,
  step,
  draft,
  onClose,
}: {
  invoice: Reminded
  step: number
  draft: LetterDraft
  onClose: () => void
}) {
  const t = useT()
  const client = useQueryClient()
  const write = useAct({
    run: (values: LetterValues, key) =>
      answer(
        api.POST('/invoices/{id}/letters', {
          params: { path: { id: invoice.id } },
          headers: key,
          body: { kind: 'reminder', step, ...toLetterInput(values) },
        }),
      ),
    done: async () => {
      await remindersChanged(client)
      say(t('reminders.one.done', { number: invoice.number }))
      onClose()
    },
  })
  const form = useLetterForm({ initial: valuesOfDraft(draft), save: (values) => write.mutateAsync(values) })
  const values = form.form.getValues()
  const attachments = useChosenAttachments({ ...invoice, isDraft: false }, draft, values)
  const off = isOff(draft.problems)
  useKeys([{ keys: 'mod+Enter', run: () => form.save(), whileTyping: true, disabled: form.saving || off }])
  return (
    <Form form={form} className={letters.form}>
      <MailProblems problems={draft.problems} to={values.to} customerId={invoice.customerId} />
      <LetterEditor
        form={form}
        about={{
          kind: templateOf(draft),
          language: draft.language,
          invoiceId: invoice.id,
          sender: draft.sender,
          replyTo: draft.replyTo,
        }}
        known={toKnown(draft.known)}
        draft={draft}
        attachments={attachments}
        autoFocus
      />
      <div className={letters.foot}>
        <Button onClick={onClose}>{t('parts.back')}</Button>
        <Button kind="primary" type="submit" icon="send" keys="mod+Enter" busy={form.saving} disabled={off}>
          {t('reminders.one.button')}
        </Button>
      </div>
    </Form>
  )
}

/** One reminder by hand: the letter as it is proposed, to be changed before it goes. */
export function SendReminder({ invoice, step, onClose }: { invoice: Reminded; step: number; onClose: () => void }) {
  const t = useT()
  const draft = useQuery(reminderDraftQuery(invoice.id, step))
  return (
    <LetterBox
      open
      onClose={onClose}
      title={t('reminders.one.title', { step: t(stepWord(step)), number: invoice.number })}
    >
      {draft.data ? (
        <ReminderForm invoice={invoice} step={step} draft={draft.data} onClose={onClose} />
      ) : draft.isError ? (
        <ErrorNotice error={draft.error} retry={draft.refetch} />
      ) : (
        <PageSkeleton lines={6} />
      )}
    </LetterBox>
  )
}
