import { useState } from 'react'
import { useFormat } from '../../format.ts'
import { Icon } from '../../parts/icons.tsx'
import { sayProblem } from '../../parts/Toasts.tsx'
import { useT } from '../../words/words.tsx'
import { type Recipient, recipientText } from './addresses.ts'
import type { Language } from './letter.ts'
import styles from './letters.module.css'

export interface AttachmentLine {
  readonly key: string
  readonly name: string
  /** Not known before it is made. */
  readonly bytes: number | null
  /** Of a draft: a few bytes more or less once it has its number. */
  readonly about?: boolean
  readonly save?: () => Promise<unknown>
}

function Attachment({ line }: { line: AttachmentLine }) {
  const t = useT()
  const format = useFormat()
  const [busy, setBusy] = useState(false)
  const size =
    line.bytes === null
      ? null
      : line.about
        ? t('letters.attachment.about', { size: format.bytes(line.bytes) })
        : format.bytes(line.bytes)
  const inside = (
    <>
      <Icon name="document" size={14} />
      <span className={styles.fileName}>{line.name}</span>
      {size ? <span className="muted fig nowrap">{size}</span> : null}
    </>
  )
  const { save } = line
  if (!save) return <span className={styles.file}>{inside}</span>
  return (
    <button
      type="button"
      className={styles.file}
      aria-busy={busy || undefined}
      title={t('letters.attachment.save', { name: line.name })}
      onClick={async () => {
        if (busy) return
        setBusy(true)
        try {
          await save()
        } catch (error) {
          sayProblem(error)
        } finally {
          setBusy(false)
        }
      }}
    >
      {inside}
    </button>
  )
}

/** A letter as whoever gets it reads it: the head, the text and what goes along. */
export function LetterPreview({
  label,
  language,
  sender,
  to,
  bcc,
  replyTo,
  subject,
  body,
  attachments,
  whole,
}: {
  label: string
  language: Language
  sender: { readonly name: string; readonly address: string | null }
  to?: readonly Recipient[]
  bcc?: readonly string[]
  replyTo: string | null
  subject: string
  body: string
  attachments?: readonly AttachmentLine[]
  /** As long as it is, for what scrolls around it. */
  whole?: boolean
}) {
  const t = useT()
  const format = useFormat()
  const isKnown = attachments?.every(({ bytes, about }) => bytes !== null && !about) ?? false
  const total = attachments?.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0) ?? 0
  const heads: ReadonlyArray<readonly [string, string]> = [
    [t('letters.from'), sender.address ? recipientText({ name: sender.name, address: sender.address }) : sender.name],
    ...(to ? [[t('letters.to'), to.map(recipientText).join(', ') || '–'] as const] : []),
    ...(bcc && bcc.length > 0 ? [[t('letters.bcc'), bcc.join(', ')] as const] : []),
    ...(replyTo ? [[t('letters.replyTo'), replyTo] as const] : []),
  ]
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard (WCAG 2.1.1)
    <section className={`${styles.letter} ${whole ? styles.whole : ''}`} aria-label={label} tabIndex={0}>
      <dl className={styles.heads}>
        {heads.map(([name, text]) => (
          <div key={name} style={{ display: 'contents' }}>
            <dt>{name}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <h3 lang={language}>{subject}</h3>
      <div className={styles.text} lang={language}>
        {body}
      </div>
      {attachments && attachments.length > 0 ? (
        <div className={styles.files}>
          <p className="muted small">
            {isKnown
              ? t('letters.attachments.size', { count: attachments.length, size: format.bytes(total) })
              : t('letters.attachments', { count: attachments.length })}
          </p>
          <ul>
            {attachments.map((line) => (
              <li key={line.key}>
                <Attachment line={line} />
              </li>
            ))}
          </ul>
        </div>
      ) : null}
    </section>
  )
}
