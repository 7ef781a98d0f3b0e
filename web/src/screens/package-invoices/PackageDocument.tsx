import { type ReactNode, useState } from 'react'
import { useFormat } from '../../format.ts'
import { Button, IconButton } from '../../parts/Button.tsx'
import { Icon } from '../../parts/icons.tsx'
import { Payload } from '../../parts/Small.tsx'
import { Pill } from '../../parts/State.tsx'
import { useT } from '../../words/words.tsx'
import { Lines, Named, periodWords } from '../postings/DocumentShown.tsx'
import styles from '../postings/preview.module.css'
import type { PackageInvoiceRow, PackagePreviewDocument } from './package-invoice.ts'
import { PackageInvoiceState } from './package-invoice-state.tsx'

function Facts({ document, isMade }: { document: PackagePreviewDocument; isMade: boolean }) {
  const t = useT()
  const format = useFormat()
  const facts: ReadonlyArray<readonly [label: string, value: ReactNode]> = [
    [
      t('postings.customer'),
      <span key="customer">
        {document.customerCode ? <span className="muted fig">{document.customerCode} </span> : null}
        {document.customerName}
        {document.customerIs === 'created' && !isMade ? (
          <span className={styles.made}>{t('postings.preview.customerMade')}</span>
        ) : null}
      </span>,
    ],
    [t('postings.preview.journal'), <Named key="journal" named={document.journal} />],
    [t('package-invoices.date'), format.date(document.date)],
    document.paymentTerm
      ? [t('postings.preview.term'), <Named key="term" named={document.paymentTerm} />]
      : [t('postings.preview.due'), format.date(document.dueDate)],
    [
      t('postings.preview.period'),
      document.period ? t(periodWords[document.period.state], { period: document.period.label }) : '–',
    ],
    [t('package-invoices.description'), document.description || '–'],
    [t('package-invoices.orderNumber'), document.orderNumber ?? '–'],
    [t('postings.preview.currency'), document.currency],
  ]
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

/** One document as the package will receive it; the exact payload is one press away. */
export function PackageDocument({
  document,
  made,
  packageName,
  place,
  of,
  onStep,
}: {
  document: PackagePreviewDocument
  /** Once it is posted: how it stands with it. */
  made: PackageInvoiceRow | undefined
  packageName: string
  place: number
  of: number
  onStep: (by: -1 | 1) => void
}) {
  const t = useT()
  const format = useFormat()
  const [exact, setExact] = useState(false)
  return (
    <section className={styles.document} aria-labelledby="document">
      <header>
        {made ? (
          <PackageInvoiceState invoice={made} pill />
        ) : document.state === 'ready' ? (
          <Pill is="done">{t('postings.preview.ready')}</Pill>
        ) : (
          <Pill is="needs">{t('postings.preview.needsYou')}</Pill>
        )}
        <h2 id="document">{made?.theirNumber ?? document.projects.map(({ name }) => name).join(', ')}</h2>
        <span className={`muted ${styles.asReceived}`}>
          {made
            ? t('postings.preview.asSent')
            : t('package-invoices.preview.asReceived', {
                package: packageName,
                count: document.entries,
                shown: format.count(document.entries),
              })}
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
            {exact ? t('package-invoices.preview.asDocument') : t('postings.preview.payload')}
          </Button>
        ) : null}
      </header>
      {exact && document.payload ? (
        <Payload name={t('postings.preview.payload')}>{document.payload}</Payload>
      ) : (
        <>
          <Facts document={document} isMade={made !== undefined} />
          <Lines document={document} />
          <p className={styles.same}>
            <Icon name={document.notes.length > 0 ? 'info' : 'checked'} />
            <span>
              {t('package-invoices.preview.owns', { package: packageName })}
              {document.notes.map((note) => (
                <span key={`${note.code} ${JSON.stringify(note.values)}`}>
                  {' '}
                  {[note.cause, note.remedy].filter(Boolean).join(' ')}
                </span>
              ))}
            </span>
          </p>
        </>
      )}
    </section>
  )
}
