import { useState } from 'react'
import { currencySign, useFormat } from '../../format.ts'
import { Button, IconButton } from '../../parts/Button.tsx'
import { Amount } from '../../parts/Figures.tsx'
import { Icon } from '../../parts/icons.tsx'
import { Code, Payload, TwoLines } from '../../parts/Small.tsx'
import { Pill } from '../../parts/State.tsx'
import { useT } from '../../words/words.tsx'
import { type Posting, PostingStateShown } from './posting-state.tsx'
import styles from './preview.module.css'
import type { PreviewDocument } from './preview.ts'

export const Named = ({ named }: { named: { code: string; name: string } | null }) =>
  named ? (
    <>
      <span className="muted fig">{named.code}</span> {named.name}
    </>
  ) : (
    <>–</>
  )

/** What the lines of a document need to be shown, whichever the package makes of it. */
type LinesShown = Pick<PreviewDocument, 'currency' | 'lines' | 'net' | 'vatPerRate' | 'gross'> &
  Partial<Pick<PreviewDocument, 'foreign'>>

export function Lines({ document }: { document: LinesShown }) {
  const t = useT()
  const format = useFormat()
  const sign = currencySign(document.currency)
  const missing = <span className={styles.missing}>{t('postings.preview.missing')}</span>
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard (WCAG 2.1.1)
    <section className={styles.table} tabIndex={0} aria-label={t('postings.preview.lines')}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('postings.item')}</th>
            <th scope="col" aria-label={t('postings.preview.bookedOn')} />
            <th scope="col">{t('postings.ledgerAccount')}</th>
            <th scope="col">{t('postings.description')}</th>
            <th scope="col">{t('postings.vatCode')}</th>
            <th scope="col" className="num">
              {t('postings.net')} <span className="faint">{sign}</span>
            </th>
            <th scope="col" className="num">
              {t('postings.vat')} <span className="faint">{sign}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {document.lines.map((line, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a line of the entry is its place in it
            <tr key={at}>
              <td>{line.item ? <TwoLines under={line.item.code}>{line.item.name}</TwoLines> : missing}</td>
              <td className={styles.arrow}>
                <Icon name="arrow" size={14} />
              </td>
              <td>
                {line.ledgerAccount ? (
                  <TwoLines under={line.ledgerAccount.name}>{line.ledgerAccount.code}</TwoLines>
                ) : (
                  missing
                )}
              </td>
              <td>
                <TwoLines under={`${format.quantity(line.quantity)} × ${format.quantity(line.unitPrice, 2)}`}>
                  {line.description.split('\n')[0]}
                </TwoLines>
              </td>
              <td className="nowrap" title={line.vatTreatmentLabel}>
                {line.vatCode ? (
                  <>
                    <Code>{line.vatCode.code}</Code> <span className="fig">{format.percent(line.vatRate)}</span>
                  </>
                ) : (
                  missing
                )}
              </td>
              <td className="num">
                <Amount value={line.net} />
              </td>
              <td className="num">
                <Amount value={line.vat} />
              </td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <td colSpan={5}>{t('postings.net')}</td>
            <td className="num">
              <Amount value={document.net} />
            </td>
            <td />
          </tr>
          {document.vatPerRate.map((row) => (
            <tr key={`${row.label} ${row.rate}`}>
              <td colSpan={6}>
                {t('postings.preview.vatOver', {
                  label: row.label,
                  rate: format.percent(row.rate),
                  base: format.amount(row.base),
                })}
              </td>
              <td className="num">
                <Amount value={row.vat} />
              </td>
            </tr>
          ))}
          <tr>
            <td colSpan={6}>{t('postings.gross')}</td>
            <td className="num">
              <Amount value={document.gross} total />
            </td>
          </tr>
          {document.foreign ? (
            <tr>
              <td colSpan={5}>
                {t('postings.preview.inOwn', {
                  currency: document.foreign.currency,
                  gross: format.money(document.foreign.gross, document.foreign.currency),
                })}
              </td>
              <td className="num">
                <Amount value={document.foreign.net} />
              </td>
              <td className="num">
                <Amount value={document.foreign.vat} />
              </td>
            </tr>
          ) : null}
        </tfoot>
      </table>
    </section>
  )
}

export const periodWords = {
  open: 'postings.preview.period.open',
  closed: 'postings.preview.period.closed',
  missing: 'postings.preview.period.missing',
  unknown: 'postings.preview.period.unknown',
} as const

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
    [
      t('postings.customer'),
      <span key="customer">
        {document.customerCode ? <span className="muted fig">{document.customerCode} </span> : null}
        {document.customerName}
        {document.customerIs === 'created' && !posted ? (
          <span className={styles.made}>{t('postings.preview.customerMade')}</span>
        ) : null}
      </span>,
    ],
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
  return (
    <dl className={styles.facts}>
      {facts.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

/** One sales entry as the books will receive it; the exact payload is one press away. */
export function DocumentShown({
  document,
  posting,
  place,
  of,
  onStep,
  onOwnPeriod,
}: {
  document: PreviewDocument
  /** Once it is on its way: how it stands with it. */
  posting: Posting | undefined
  place: number
  of: number
  onStep: (by: -1 | 1) => void
  /** Takes back that it is booked in another period. */
  onOwnPeriod: () => void
}) {
  const t = useT()
  const [exact, setExact] = useState(false)
  const number = document.invoiceNumber ?? t('postings.preview.draft')
  return (
    <section className={styles.document} aria-labelledby="entry">
      <header>
        {posting ? (
          <PostingStateShown state={posting.state} differs={posting.differs} pill />
        ) : document.state === 'ready' ? (
          <Pill is="done">{t('postings.preview.ready')}</Pill>
        ) : document.state === 'needs-you' ? (
          <Pill is="needs">{t('postings.preview.needsYou')}</Pill>
        ) : (
          <Pill is="wait" icon="minus">
            {t('postings.preview.leftOut')}
          </Pill>
        )}
        <h2 id="entry">{number}</h2>
        <span className={`muted ${styles.asReceived}`}>
          {posting ? t('postings.preview.asSent') : t('postings.preview.asReceived')}
        </span>
        <span className="grow" />
        {of > 1 ? (
          <span className={styles.steps}>
            <IconButton icon="back" name={t('postings.preview.previous')} keys="K" onClick={() => onStep(-1)} />
            <span className="muted small fig nowrap">{t('postings.preview.placeOf', { place, of })}</span>
            <IconButton icon="next" name={t('postings.preview.next')} keys="J" onClick={() => onStep(1)} />
          </span>
        ) : null}
        {document.payload ? (
          <Button kind="quiet" size="sm" aria-pressed={exact} onClick={() => setExact(!exact)}>
            {exact ? t('postings.preview.asEntry') : t('postings.preview.payload')}
          </Button>
        ) : null}
      </header>
      {exact && document.payload ? (
        <Payload name={t('postings.preview.payload')}>{document.payload}</Payload>
      ) : (
        <>
          <Facts document={document} posted={posting !== undefined} onOwnPeriod={onOwnPeriod} />
          {document.lines.length > 0 ? <Lines document={document} /> : null}
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
        </>
      )}
    </section>
  )
}
