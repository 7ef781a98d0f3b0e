import { useQueries } from '@tanstack/react-query'
import { useState } from 'react'
import { base, callHeaders } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { Button } from '../../parts/Button.tsx'
import { CheckField } from '../../parts/Choose.tsx'
import { TextAreaField, TextField } from '../../parts/fields.tsx'
import { StateLine } from '../../parts/State.tsx'
import type { ApiForm } from '../../parts/use-api-form.ts'
import { problemIn } from '../../problem.ts'
import { useT } from '../../words/words.tsx'
import { download } from '../overviews/download.ts'
import { AddressesField } from './AddressesField.tsx'
import type { Recipient } from './addresses.ts'
import { type AttachmentLine, LetterPreview } from './LetterPreview.tsx'
import { type Language, type LetterDraft, type LetterValues, languageWords, type TemplateKind } from './letter.ts'
import styles from './letters.module.css'
import { useLetterPreview } from './use-letter-preview.ts'

interface InvoiceOfLetter {
  readonly id: string
  readonly version: number
  readonly isDraft: boolean
}
type DocumentKind = 'pdf' | 'pdf-with-hours' | 'ubl'

async function sizeOf({ id }: InvoiceOfLetter, kind: DocumentKind, signal: AbortSignal): Promise<number> {
  const answer = await fetch(`${base}/invoices/${id}/documents/${kind}`, {
    headers: callHeaders(),
    credentials: 'same-origin',
    signal,
  })
  if (!answer.ok) throw await problemIn(answer)
  return (await answer.blob()).size
}

/** What goes along as it is chosen, with names and sizes. */
export function useChosenAttachments(
  invoice: InvoiceOfLetter,
  draft: LetterDraft | undefined,
  values: Pick<LetterValues, 'hours' | 'ubl' | 'receipts'>,
): AttachmentLine[] {
  const kinds: readonly DocumentKind[] = [
    values.hours ? 'pdf-with-hours' : 'pdf',
    ...(values.ubl ? ['ubl' as const] : []),
  ]
  const sizes = useQueries({
    queries: kinds.map((kind) => ({
      queryKey: ['document-size', invoice.id, invoice.version, kind],
      queryFn: ({ signal }: { signal: AbortSignal }) => sizeOf(invoice, kind, signal),
      staleTime: Number.POSITIVE_INFINITY,
      // The e-invoice is made when the number is known.
      enabled: draft !== undefined && !(kind === 'ubl' && invoice.isDraft),
    })),
  })
  if (!draft) return []
  const names = { pdf: draft.fileNames.pdf, 'pdf-with-hours': draft.fileNames.hours, ubl: draft.fileNames.ubl }
  return [
    ...kinds.map((kind, at) => ({
      key: kind,
      name: names[kind],
      bytes: sizes[at]?.data ?? null,
      about: invoice.isDraft,
      ...(kind === 'ubl' && invoice.isDraft
        ? {}
        : {
            save: () => download(`/invoices/${invoice.id}/documents/${kind}`, new URLSearchParams({ save: 'true' })),
          }),
    })),
    ...draft.receipts
      .filter(({ fileId }) => values.receipts.includes(fileId))
      .map((receipt) => ({ key: receipt.fileId, name: receipt.name, bytes: receipt.sizeBytes })),
  ]
}

function Attachments({ form, draft }: { form: ApiForm<LetterValues>; draft: LetterDraft }) {
  const t = useT()
  const format = useFormat()
  const { receipts } = form.form.getValues()
  const choose = (fileId: string, along: boolean) =>
    form.form.setFieldValue('receipts', along ? [...receipts, fileId] : receipts.filter((one) => one !== fileId))
  const error = form.form.errors.receipts
  return (
    <fieldset className={styles.along}>
      <legend>{t('letters.along')}</legend>
      <CheckField label={t('letters.along.pdf')} checked readOnly disabled description={t('letters.along.pdf.text')} />
      {draft.hasHours ? <CheckField label={t('letters.along.hours')} {...form.check('hours')} /> : null}
      {draft.hasUbl ? (
        <CheckField label={t('letters.along.ubl')} {...form.check('ubl')} />
      ) : (
        <p className="muted small">{t('letters.along.noUbl')}</p>
      )}
      {draft.receipts.map((receipt) => (
        <CheckField
          key={receipt.fileId}
          name={receipt === draft.receipts[0] ? 'receipts' : `receipt-${receipt.fileId}`}
          label={
            <span className={styles.receipt}>
              <span className={styles.fileName}>{receipt.name}</span>
              <span className="muted fig nowrap">
                {[
                  format.date(receipt.date, 'short'),
                  format.money(receipt.amount, receipt.currency),
                  format.bytes(receipt.sizeBytes),
                ].join(' · ')}
              </span>
            </span>
          }
          checked={receipts.includes(receipt.fileId)}
          onChange={(event) => choose(receipt.fileId, event.currentTarget.checked)}
        />
      ))}
      {error ? <StateLine is="refused">{error}</StateLine> : null}
    </fieldset>
  )
}

/** The fields of a letter, and beside them what goes out, word for word. */
export function LetterEditor({
  form,
  about,
  known,
  draft,
  attachments,
  autoFocus,
  children,
}: {
  form: ApiForm<LetterValues>
  about: {
    readonly kind: TemplateKind
    readonly language: Language
    readonly invoiceId?: string
    readonly sender: { readonly name: string; readonly address: string | null }
    readonly replyTo: string | null
  }
  known: readonly Recipient[]
  /** What may go along; without it the attachments are fixed. */
  draft?: LetterDraft
  attachments: readonly AttachmentLine[]
  autoFocus?: boolean
  /** Above the fields: what there is to know first. */
  children?: React.ReactNode
}) {
  const t = useT()
  const values = form.form.getValues()
  const [withBcc, setWithBcc] = useState(values.bcc.length > 0)
  const preview = useLetterPreview({
    kind: about.kind,
    language: about.language,
    subject: values.subject,
    body: values.body,
    ...(about.invoiceId ? { invoiceId: about.invoiceId } : {}),
  })
  return (
    <div className={styles.editor}>
      <div className={styles.fields}>
        {children}
        <div className={styles.toLine}>
          <AddressesField
            label={t('letters.to')}
            path="to"
            required
            autoFocus={autoFocus || values.to.length === 0}
            placeholder={t('letters.to.example')}
            value={values.to}
            onChange={(to) => form.form.setFieldValue('to', to)}
            known={known}
            error={form.form.errors.to}
          />
          {withBcc ? null : (
            <Button kind="link" size="sm" className={styles.bcc} onClick={() => setWithBcc(true)}>
              {t('letters.bcc.add')}
            </Button>
          )}
        </div>
        {withBcc ? (
          <AddressesField
            label={t('letters.bcc')}
            path="bcc"
            value={values.bcc}
            onChange={(next) => form.form.setFieldValue('bcc', next)}
            known={known}
            autoFocus={values.bcc.length === 0}
            description={t('letters.bcc.text')}
            error={form.form.errors.bcc}
          />
        ) : null}
        <TextField label={t('letters.subject')} maxLength={200} required {...form.field('subject')} />
        <TextAreaField
          label={t('letters.body')}
          description={t('letters.body.language', { language: t(languageWords[about.language]) })}
          inputWrapperOrder={['label', 'input', 'error', 'description']}
          minRows={8}
          maxRows={18}
          required
          {...form.field('body')}
        />
        {preview.unknown.length > 0 ? (
          <StateLine is="needs">
            {t('letters.unknown', {
              count: preview.unknown.length,
              names: preview.unknown.map((name) => `{${name}}`).join(', '),
            })}
          </StateLine>
        ) : null}
        {draft ? <Attachments form={form} draft={draft} /> : null}
      </div>
      <div className={styles.beside}>
        <h3 className={styles.besideHead}>{t('letters.preview')}</h3>
        <LetterPreview
          label={t('letters.preview')}
          language={about.language}
          sender={about.sender}
          to={values.to}
          bcc={values.bcc.map(({ address }) => address)}
          replyTo={about.replyTo}
          subject={preview.subject}
          body={preview.body}
          attachments={attachments}
        />
      </div>
    </div>
  )
}
