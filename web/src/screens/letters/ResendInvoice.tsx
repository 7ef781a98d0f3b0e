import { useQuery, useQueryClient } from '@tanstack/react-query'
import { answer, api } from '../../api.ts'
import { Button } from '../../parts/Button.tsx'
import { ErrorNotice, PageSkeleton } from '../../parts/Empty.tsx'
import { Form } from '../../parts/Form.tsx'
import { useKeys } from '../../parts/keys.tsx'
import { say } from '../../parts/Toasts.tsx'
import { useAct } from '../../query.ts'
import { useT } from '../../words/words.tsx'
import { toKnown } from './addresses.ts'
import { LetterBox } from './LetterBox.tsx'
import { LetterEditor, useChosenAttachments } from './LetterEditor.tsx'
import {
  type LetterDraft,
  type LetterValues,
  letterDraftQuery,
  lettersChanged,
  templateOf,
  toLetterInput,
  valuesOfDraft,
} from './letter.ts'
import styles from './letters.module.css'
import { isOff, MailProblems } from './MailProblems.tsx'
import { useLetterForm } from './use-letter-form.ts'

interface SentInvoice {
  readonly id: string
  readonly version: number
  readonly number: string
  readonly customerId: string
}

function ResendForm({
  invoice,
  draft,
  toNobody,
  onClose,
}: {
  invoice: SentInvoice
  draft: LetterDraft
  toNobody: boolean
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
          body: { kind: 'invoice', ...toLetterInput(values) },
        }),
      ),
    done: async () => {
      await lettersChanged(client)
      say(t('letters.resend.done', { number: invoice.number }))
      onClose()
    },
  })
  const proposed = valuesOfDraft(draft)
  const form = useLetterForm({
    initial: toNobody ? { ...proposed, to: [] } : proposed,
    save: (values) => write.mutateAsync(values),
  })
  const attachments = useChosenAttachments({ ...invoice, isDraft: false }, draft, form.form.getValues())
  const off = isOff(draft.problems)
  useKeys([{ keys: 'mod+Enter', run: () => form.save(), whileTyping: true, disabled: form.saving || off }])
  return (
    <Form form={form} className={styles.form}>
      <p className="muted">{t('letters.resend.text', { number: invoice.number })}</p>
      <MailProblems problems={draft.problems} to={form.form.getValues().to} customerId={invoice.customerId} />
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
      <div className={styles.foot}>
        <Button onClick={onClose}>{t('parts.back')}</Button>
        <Button kind="primary" type="submit" icon="send" keys="mod+Enter" busy={form.saving} disabled={off}>
          {t('letters.resend.button', { number: invoice.number })}
        </Button>
      </div>
    </Form>
  )
}

/** A sent invoice once more by e-mail: the same documents, to whoever needs them. */
export function ResendInvoice({
  invoice,
  toNobody = false,
  onClose,
}: {
  invoice: SentInvoice
  /** The addresses of before are not the ones that are wanted. */
  toNobody?: boolean
  onClose: () => void
}) {
  const t = useT()
  const proposal = useQuery(letterDraftQuery(invoice))
  return (
    <LetterBox open onClose={onClose} title={t('letters.resend.title', { number: invoice.number })}>
      {proposal.data ? (
        <ResendForm invoice={invoice} draft={proposal.data} toNobody={toNobody} onClose={onClose} />
      ) : proposal.isError ? (
        <ErrorNotice error={proposal.error} retry={proposal.refetch} />
      ) : (
        <PageSkeleton lines={6} />
      )}
    </LetterBox>
  )
}
