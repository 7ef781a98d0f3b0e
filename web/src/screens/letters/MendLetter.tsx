import { useQuery, useQueryClient } from '@tanstack/react-query'
import { answer, api, ifMatch } from '../../api.ts'
import { Button } from '../../parts/Button.tsx'
import { ErrorNotice, PageSkeleton } from '../../parts/Empty.tsx'
import { Form } from '../../parts/Form.tsx'
import { useKeys } from '../../parts/keys.tsx'
import { Notice } from '../../parts/Notice.tsx'
import { say } from '../../parts/Toasts.tsx'
import { useAct } from '../../query.ts'
import { useMay } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { download } from '../overviews/download.ts'
import { onceEach, type Recipient, toKnown } from './addresses.ts'
import { LetterBox } from './LetterBox.tsx'
import { LetterEditor } from './LetterEditor.tsx'
import type { AttachmentLine } from './LetterPreview.tsx'
import { LetterSaid } from './LetterSaid.tsx'
import {
  type Letter,
  type LetterValues,
  letterQuery,
  lettersChanged,
  mailSettingsQuery,
  templateOf,
  valuesOfLetter,
} from './letter.ts'
import styles from './letters.module.css'
import { useLetterForm } from './use-letter-form.ts'

/** What went along, to be saved byte for byte. */
export const attachmentsOf = (letter: Letter): AttachmentLine[] =>
  letter.attachments.map(({ position, fileName, sizeBytes }) => ({
    key: String(position),
    name: fileName,
    bytes: sizeBytes,
    save: () => download(`/letters/${letter.id}/attachments/${position}`, new URLSearchParams()),
  }))

function useKnown(letter: Letter): Recipient[] {
  const may = useMay()
  const contacts = useQuery({
    queryKey: ['contacts', letter.customerId],
    queryFn: ({ signal }) =>
      answer(api.GET('/contacts', { params: { query: { customerId: letter.customerId } }, signal })),
    enabled: may('customers:read'),
  })
  return onceEach([
    ...toKnown(letter.to),
    ...toKnown(
      (contacts.data?.rows ?? []).flatMap(({ email, name, archived }) =>
        email && !archived ? [{ address: email, name }] : [],
      ),
    ),
  ])
}

function MendForm({ letter, onClose }: { letter: Letter; onClose: () => void }) {
  const t = useT()
  const client = useQueryClient()
  const known = useKnown(letter)
  const settings = useQuery(mailSettingsQuery)
  const again = useAct({
    run: ({ to, bcc, subject, body }: LetterValues, key) =>
      answer(
        api.POST('/letters/{id}/again', {
          params: { path: { id: letter.id } },
          headers: { ...key, ...ifMatch(letter.version) },
          body: { to, bcc: bcc.map(({ address }) => address), subject, body },
        }),
      ),
    done: async () => {
      await lettersChanged(client)
      say(t('letters.again.done'))
      onClose()
    },
  })
  const form = useLetterForm({ initial: valuesOfLetter(letter), save: (values) => again.mutateAsync(values) })
  useKeys([{ keys: 'mod+Enter', run: () => form.save(), whileTyping: true, disabled: form.saving }])
  return (
    <Form form={form} className={styles.form}>
      {letter.state === 'uncertain' ? (
        <Notice is="needs" title={t('letters.twice.title')}>
          <p>{t('letters.twice.text')}</p>
        </Notice>
      ) : null}
      <LetterEditor
        form={form}
        about={{
          kind: templateOf(letter),
          language: letter.language,
          ...(letter.invoiceId ? { invoiceId: letter.invoiceId } : {}),
          sender: { name: letter.senderName, address: settings.data?.from ?? null },
          replyTo: letter.replyTo,
        }}
        known={known}
        attachments={attachmentsOf(letter)}
        autoFocus
      >
        {letter.state === 'uncertain' ? null : <LetterSaid letter={letter} />}
      </LetterEditor>
      <div className={styles.foot}>
        <Button onClick={onClose}>{t('parts.back')}</Button>
        <Button kind="primary" type="submit" icon="send" keys="mod+Enter" busy={form.saving}>
          {t('letters.again')}
        </Button>
      </div>
    </Form>
  )
}

/** A letter that did not arrive, or may not have: to other addresses or with other words, the same documents. */
export function MendLetter({ id, onClose }: { id: string; onClose: () => void }) {
  const t = useT()
  const letter = useQuery(letterQuery(id))
  return (
    <LetterBox open onClose={onClose} title={t('letters.mend.title', { subject: letter.data?.subject ?? '' })}>
      {letter.data ? (
        <MendForm key={id} letter={letter.data} onClose={onClose} />
      ) : letter.isError ? (
        <ErrorNotice error={letter.error} retry={letter.refetch} />
      ) : (
        <PageSkeleton lines={6} />
      )}
    </LetterBox>
  )
}
