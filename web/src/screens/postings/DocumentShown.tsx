import { useFormat } from '../../format.ts'
import { Button } from '../../parts/Button.tsx'
import { Icon } from '../../parts/icons.tsx'
import { Pill } from '../../parts/State.tsx'
import { useT } from '../../words/words.tsx'
import { CustomerThere, DocumentFacts, Named, periodWords } from './DocumentFacts.tsx'
import { DocumentFrame, type Place } from './DocumentFrame.tsx'
import { DocumentLines } from './DocumentLines.tsx'
import { type Posting, PostingStateShown } from './posting-state.tsx'
import styles from './preview.module.css'
import type { PreviewDocument } from './preview.ts'

function PeriodShown({ document, onOwnPeriod }: { document: PreviewDocument; onOwnPeriod: (() => void) | undefined }) {
  const t = useT()
  const { period, bookedIn } = document
  if (!period) return <>–</>
  if (!bookedIn) return <>{t(periodWords[period.state], { period: period.label })}</>
  return (
    <>
      {t('postings.preview.bookIn.chosen', { period: bookedIn.label, own: period.label })}
      {onOwnPeriod ? (
        <Button kind="quiet" size="sm" onClick={onOwnPeriod}>
          {t('postings.preview.bookIn.undo')}
        </Button>
      ) : null}
    </>
  )
}

function Facts({
  document,
  posted,
  onOwnPeriod,
}: {
  document: PreviewDocument
  posted: boolean
  onOwnPeriod: () => void
}) {
  const t = useT()
  const format = useFormat()
  const facts = [
    [t('postings.preview.journal'), <Named key="journal" named={document.journal} />],
    [t('postings.customer'), <CustomerThere key="customer" document={document} isMade={posted} />],
    [t('postings.preview.entryDate'), format.date(document.date)],
    [t('postings.preview.due'), format.date(document.dueDate)],
    [
      t('postings.preview.period'),
      <PeriodShown key="period" document={document} onOwnPeriod={posted ? undefined : onOwnPeriod} />,
    ],
    [t('postings.preview.yourRef'), document.invoiceNumber ?? '–'],
    [
      t('postings.preview.currency'),
      document.foreign
        ? t('postings.preview.rate', {
            currency: document.currency,
            own: document.foreign.currency,
            rate: format.quantity(document.foreign.rate),
            source: document.foreign.source,
            date: format.date(document.foreign.date),
          })
        : document.currency,
    ],
    ...(document.pdfGoesAlong
      ? ([
          [
            t('postings.preview.pdf'),
            document.invoiceNumber ? t('postings.preview.pdfAlong', { number: document.invoiceNumber }) : '–',
          ],
        ] as const)
      : []),
    ...(document.paymentTerm
      ? ([[t('postings.preview.term'), <Named key="term" named={document.paymentTerm} />]] as const)
      : []),
  ] as const
  return <DocumentFacts facts={facts} />
}

/** One sales entry as the books will receive it. */
export function DocumentShown({
  document,
  posting,
  onOwnPeriod,
  ...place
}: Place & {
  document: PreviewDocument
  /** Once it is on its way: how it stands with it. */
  posting: Posting | undefined
  /** Takes back that it is booked in another period. */
  onOwnPeriod: () => void
}) {
  const t = useT()
  const number = document.invoiceNumber ?? t('postings.preview.draft')
  return (
    <DocumentFrame
      id="entry"
      pill={
        posting ? (
          <PostingStateShown state={posting.state} differs={posting.differs} pill />
        ) : document.state === 'ready' ? (
          <Pill is="done">{t('postings.preview.ready')}</Pill>
        ) : document.state === 'needs-you' ? (
          <Pill is="needs">{t('postings.preview.needsYou')}</Pill>
        ) : (
          <Pill is="wait" icon="minus">
            {t('postings.preview.leftOut')}
          </Pill>
        )
      }
      title={number}
      said={posting ? t('postings.preview.asSent') : t('postings.preview.asReceived')}
      payload={document.payload}
      readable={t('postings.preview.asEntry')}
      {...place}
    >
      <Facts document={document} posted={posting !== undefined} onOwnPeriod={onOwnPeriod} />
      {document.lines.length > 0 ? <DocumentLines document={document} /> : null}
      {document.state === 'ready' ? (
        <p className={styles.same}>
          <Icon name="checked" />
          <span>
            {t('postings.preview.same', { number })}
            {document.notes.map((note) => (
              <span key={note.code}> {[note.cause, note.remedy].filter(Boolean).join(' ')}</span>
            ))}
          </span>
        </p>
      ) : null}
    </DocumentFrame>
  )
}
