import { useQuery, useQueryClient } from '@tanstack/react-query'
import { answer, api } from '../../../api.ts'
import { Button } from '../../../parts/Button.tsx'
import { ErrorNotice, PageSkeleton } from '../../../parts/Empty.tsx'
import { Form } from '../../../parts/Form.tsx'
import { useKeys } from '../../../parts/keys.tsx'
import { say } from '../../../parts/Toasts.tsx'
import { useAct } from '../../../query.ts'
import { useT } from '../../../words/words.tsx'
import { toKnown } from '../../letters/addresses.ts'
import { LetterBox } from '../../letters/LetterBox.tsx'
import { LetterEditor } from '../../letters/LetterEditor.tsx'
import { type LetterValues, lettersChanged } from '../../letters/letter.ts'
import letters from '../../letters/letters.module.css'
import { isOff, MailProblems } from '../../letters/MailProblems.tsx'
import { useLetterForm } from '../../letters/use-letter-form.ts'
import { download } from '../../overviews/download.ts'
import { type StatementAsked, type StatementLetter, statementLetterQuery } from './statement.ts'

interface Sending {
  readonly customer: { readonly id: string; readonly name: string }
  readonly asked: StatementAsked
  /** Where the PDF is that goes along. */
  readonly document: { readonly path: string; readonly query: URLSearchParams }
  readonly onClose: () => void
}

function LetterForm({ customer, asked, document, onClose, proposal }: Sending & { proposal: StatementLetter }) {
  const t = useT()
  const client = useQueryClient()
  const write = useAct({
    run: ({ to, bcc, subject, body }: LetterValues, key) =>
      answer(
        api.POST('/customers/{id}/statement/letter', {
          params: { path: { id: customer.id } },
          headers: key,
          body: { to, bcc: bcc.map(({ address }) => address), subject, body, ...asked },
        }),
      ),
    done: async (letter) => {
      await lettersChanged(client)
      say(t('statement.mail.done', { to: letter.to.map(({ address }) => address).join(', ') }))
      onClose()
    },
  })
  const form = useLetterForm({
    initial: {
      to: toKnown(proposal.to),
      bcc: proposal.bcc.map((address) => ({ address })),
      subject: proposal.subject,
      body: proposal.body,
      ubl: false,
      hours: false,
      receipts: [],
    },
    save: (values) => write.mutateAsync(values),
  })
  const off = isOff(proposal.problems)
  useKeys([{ keys: 'mod+Enter', run: () => form.save(), whileTyping: true, disabled: form.saving || off }])
  return (
    <Form form={form} className={letters.form}>
      <MailProblems problems={proposal.problems} to={form.form.getValues().to} customerId={customer.id} />
      <LetterEditor
        form={form}
        about={{ kind: 'statement', language: proposal.language, sender: proposal.sender, replyTo: proposal.replyTo }}
        known={toKnown(proposal.to)}
        attachments={[
          {
            key: 'statement',
            name: proposal.fileName,
            bytes: null,
            save: () =>
              download(document.path, new URLSearchParams({ ...Object.fromEntries(document.query), save: 'true' })),
          },
        ]}
        autoFocus
      />
      <div className={letters.foot}>
        <Button onClick={onClose}>{t('parts.back')}</Button>
        <Button kind="primary" type="submit" icon="send" keys="mod+Enter" busy={form.saving} disabled={off}>
          {t('statement.mail')}
        </Button>
      </div>
    </Form>
  )
}

/** The statement by e-mail: the letter as it is proposed, to be changed before it goes. */
export function SendStatement(sending: Sending) {
  const t = useT()
  const { customer, asked, onClose } = sending
  const proposal = useQuery(statementLetterQuery(customer.id, asked))
  return (
    <LetterBox open onClose={onClose} title={t('statement.mail.title', { customer: customer.name })}>
      {proposal.data ? (
        <LetterForm {...sending} proposal={proposal.data} />
      ) : proposal.isError ? (
        <ErrorNotice error={proposal.error} retry={proposal.refetch} />
      ) : (
        <PageSkeleton lines={6} />
      )}
    </LetterBox>
  )
}
