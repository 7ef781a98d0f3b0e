import { type UseQueryOptions, useQuery } from '@tanstack/react-query'
import { answer, api } from '../../api.ts'
import { Button } from '../../parts/Button.tsx'
import { ErrorNotice, PageSkeleton } from '../../parts/Empty.tsx'
import { Form } from '../../parts/Form.tsx'
import { useKeys } from '../../parts/keys.tsx'
import { useAct } from '../../query.ts'
import { useT } from '../../words/words.tsx'
import { toKnown } from './addresses.ts'
import { LetterBox } from './LetterBox.tsx'
import { LetterEditor, useChosenAttachments } from './LetterEditor.tsx'
import { type LetterDraft, type LetterValues, templateOf, toLetterInput, valuesOfDraft } from './letter.ts'
import styles from './letters.module.css'
import { isOff, MailProblems } from './MailProblems.tsx'
import { useLetterForm } from './use-letter-form.ts'

export interface LetterInvoice {
  readonly id: string
  readonly version: number
  readonly number: string
  readonly customerId: string
}

interface Writing {
  readonly invoice: LetterInvoice
  readonly what: { readonly kind: 'invoice' } | { readonly kind: 'reminder'; readonly step: number }
  /** What the button says. */
  readonly action: string
  /** Above the fields. */
  readonly text?: string
  /** The addresses of before are not the ones that are wanted. */
  readonly toNobody?: boolean
  readonly onWritten: () => Promise<unknown>
  readonly onClose: () => void
}

function LetterForm({
  draft,
  invoice,
  what,
  action,
  text,
  toNobody = false,
  onWritten,
  onClose,
}: Writing & { draft: LetterDraft }) {
  const t = useT()
  const write = useAct({
    run: (values: LetterValues, key) =>
      answer(
        api.POST('/invoices/{id}/letters', {
          params: { path: { id: invoice.id } },
          headers: key,
          body: { ...what, ...toLetterInput(values) },
        }),
      ),
    done: async () => {
      await onWritten()
      onClose()
    },
  })
  const proposed = valuesOfDraft(draft)
  const form = useLetterForm({
    initial: toNobody ? { ...proposed, to: [] } : proposed,
    save: (values) => write.mutateAsync(values),
  })
  const values = form.form.getValues()
  const attachments = useChosenAttachments({ ...invoice, isDraft: false }, draft, values)
  const off = isOff(draft.problems)
  useKeys([{ keys: 'mod+Enter', run: () => form.save(), whileTyping: true, disabled: form.saving || off }])
  return (
    <Form form={form} className={styles.form}>
      {text ? <p className="muted">{text}</p> : null}
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
      <div className={styles.foot}>
        <Button onClick={onClose}>{t('parts.back')}</Button>
        <Button kind="primary" type="submit" icon="send" keys="mod+Enter" busy={form.saving} disabled={off}>
          {action}
        </Button>
      </div>
    </Form>
  )
}

/** A letter about an invoice that was sent, as it is proposed, to be changed before it goes. */
export function InvoiceLetter<Key extends readonly unknown[]>({
  title,
  proposal,
  ...writing
}: Writing & { title: string; proposal: UseQueryOptions<LetterDraft, Error, LetterDraft, Key> }) {
  const { data, isError, error, refetch } = useQuery(proposal)
  return (
    <LetterBox open onClose={writing.onClose} title={title}>
      {data ? (
        <LetterForm draft={data} {...writing} />
      ) : isError ? (
        <ErrorNotice error={error} retry={refetch} />
      ) : (
        <PageSkeleton lines={6} />
      )}
    </LetterBox>
  )
}
