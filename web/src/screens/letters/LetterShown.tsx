import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useFormat } from '../../format.ts'
import { Button } from '../../parts/Button.tsx'
import { ErrorNotice, PageSkeleton } from '../../parts/Empty.tsx'
import { Facts } from '../../parts/Notice.tsx'
import { useFirm } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import { toKnown } from './addresses.ts'
import { type LetterAct, LetterActs } from './LetterActs.tsx'
import { LetterBox } from './LetterBox.tsx'
import { LetterPreview } from './LetterPreview.tsx'
import { LetterSaid } from './LetterSaid.tsx'
import { kindWords, type Letter, letterQuery, mailSettingsQuery } from './letter.ts'
import { LetterState } from './letter-state.tsx'
import styles from './letters.module.css'
import { attachmentsOf } from './MendLetter.tsx'

function Shown({ letter, onAsk, onClose }: { letter: Letter; onAsk: (act: LetterAct) => void; onClose: () => void }) {
  const t = useT()
  const format = useFormat()
  const { slug: firm } = useFirm()
  const settings = useQuery(mailSettingsQuery)
  const { invoiceId } = letter
  return (
    <div className={styles.form}>
      <div className={styles.line}>
        <LetterState letter={letter} pill />
        <span className="muted fig">{format.moment(letter.sentAt ?? letter.createdAt)}</span>
      </div>
      <Facts
        rows={[
          [t('letters.kind'), t(kindWords[letter.kind], { step: letter.step ?? 0 })],
          ...(invoiceId
            ? [
                [
                  t('letters.invoice'),
                  <Link key="invoice" to="/f/$firm/invoices/$invoiceId" params={{ firm, invoiceId }}>
                    {letter.invoiceNumber}
                  </Link>,
                ] as const,
              ]
            : []),
          [t('letters.customer'), letter.customerName],
          [
            t('letters.written'),
            letter.automatic
              ? t('letters.written.automatic', { at: format.moment(letter.createdAt) })
              : [format.moment(letter.createdAt), letter.createdBy].filter(Boolean).join(', '),
          ],
          ...(letter.tries > 1 ? [[t('letters.tries'), format.count(letter.tries)] as const] : []),
        ]}
      />
      <LetterSaid letter={letter} />
      <LetterActs letter={letter} onAsk={onAsk} />
      <LetterPreview
        label={t('letters.one')}
        language={letter.language}
        sender={{ name: letter.senderName, address: settings.data?.from ?? null }}
        to={toKnown(letter.to)}
        bcc={letter.bcc}
        replyTo={letter.replyTo}
        subject={letter.subject}
        body={letter.body}
        attachments={attachmentsOf(letter)}
        whole
      />
      <div className={styles.foot}>
        <Button onClick={onClose}>{t('parts.close')}</Button>
      </div>
    </div>
  )
}

/** One letter: how it stands with it, what it said and what went along. */
export function LetterShown({
  id,
  onAsk,
  onClose,
}: {
  id: string
  onAsk: (act: LetterAct, letter: Letter) => void
  onClose: () => void
}) {
  const t = useT()
  const query = useQuery(letterQuery(id))
  return (
    <LetterBox open onClose={onClose} title={t('letters.one')} size={680}>
      {query.data ? (
        <Shown letter={query.data} onAsk={(act) => query.data && onAsk(act, query.data)} onClose={onClose} />
      ) : query.isError ? (
        <ErrorNotice error={query.error} retry={query.refetch} />
      ) : (
        <PageSkeleton lines={6} />
      )}
    </LetterBox>
  )
}
