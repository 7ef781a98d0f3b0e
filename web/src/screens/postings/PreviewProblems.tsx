import { Button } from '../../parts/Button.tsx'
import { Actions, Notice } from '../../parts/Notice.tsx'
import { useT } from '../../words/words.tsx'
import { MendHere } from './MendHere.tsx'
import { ProblemTold } from './ProblemTold.tsx'
import styles from './preview.module.css'
import { othersWith, type PreviewAnswer, type PreviewDocument, unbookable } from './preview.ts'

/** The first open period, for one entry or for all whose period is closed likewise; the invoices stay as they are. */
function PeriodHere({
  document,
  documents,
  onBookIn,
}: {
  document: PreviewDocument
  documents: readonly PreviewDocument[]
  onBookIn: (documents: readonly PreviewDocument[]) => void
}) {
  const t = useT()
  const offer = document.canBookIn
  if (!offer) return null
  const same = documents.filter(({ state, canBookIn }) => state === 'needs-you' && canBookIn?.from === offer.from)
  return (
    <div className={styles.periodHere}>
      <p className="muted">
        {t('postings.preview.bookIn.vat', { own: document.period?.label ?? '', period: offer.label })}
      </p>
      <Actions>
        <Button onClick={() => onBookIn([document])}>
          {t('postings.preview.bookIn.this', { period: offer.label })}
        </Button>
        {same.length > 1 ? (
          <Button onClick={() => onBookIn(same)}>
            {t('postings.preview.bookIn.all', { count: same.length, period: offer.label })}
          </Button>
        ) : null}
      </Actions>
    </div>
  )
}

/** As many as are named; the rest is counted. */
const named = 8

function Likewise({ others, onShow }: { others: readonly PreviewDocument[]; onShow: (id: string) => void }) {
  const t = useT()
  if (others.length === 0) return null
  return (
    <p className={styles.likewise}>
      {t('postings.preview.likewise', { count: others.length })}{' '}
      {others.slice(0, named).map(({ invoiceId, invoiceNumber, customerName }) => (
        <button key={invoiceId} type="button" onClick={() => onShow(invoiceId)}>
          {invoiceNumber ?? customerName}
        </button>
      ))}
      {others.length > named ? t('postings.preview.more', { count: others.length - named }) : null}
    </p>
  )
}

/** What keeps an entry back, and what mends it, here or elsewhere. */
export function PreviewProblems({
  document,
  documents,
  preview,
  again,
  onShow,
  onBookIn,
}: {
  document: PreviewDocument
  documents: readonly PreviewDocument[]
  preview: PreviewAnswer
  again: () => unknown
  onShow: (id: string) => void
  onBookIn: (documents: readonly PreviewDocument[]) => void
}) {
  const t = useT()
  const bad = unbookable(document)
  const leftOut = document.state === 'left-out'
  return (
    <Notice
      is={leftOut ? 'wait' : 'needs'}
      title={
        <span className={styles.problemTitle}>
          <span className={leftOut ? undefined : styles.needsWord}>
            {leftOut ? t('postings.preview.leftOut') : t('postings.preview.needsYou')}
          </span>
          {document.invoiceNumber ?? t('postings.preview.draft')} <span className="muted">{document.customerName}</span>
        </span>
      }
      after={!leftOut && bad > 0 ? t('postings.preview.unbookable', { bad, count: document.lines.length }) : undefined}
    >
      {document.problems.map((problem) => (
        <div key={`${problem.code} ${JSON.stringify(problem.values)}`} className={styles.problem}>
          <ProblemTold problem={problem} packageName={preview.connection?.packageName ?? ''} />
          {preview.connection ? (
            <div className={styles.mend}>
              {problem.code === 'period-closed' ? (
                <PeriodHere document={document} documents={documents} onBookIn={onBookIn} />
              ) : (
                <MendHere
                  problem={problem}
                  document={document}
                  connectionId={preview.connection.id}
                  packageName={preview.connection.packageName}
                  again={again}
                />
              )}
            </div>
          ) : null}
          {leftOut ? null : <Likewise others={othersWith(problem, document, documents)} onShow={onShow} />}
        </div>
      ))}
    </Notice>
  )
}
