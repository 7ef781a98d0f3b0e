import type { ReactNode } from 'react'
import { useFormat } from '../../format.ts'
import { Icon } from '../../parts/icons.tsx'
import { Pill } from '../../parts/State.tsx'
import { useT } from '../../words/words.tsx'
import { CustomerThere, DocumentFacts, Named, periodWords } from '../postings/DocumentFacts.tsx'
import { DocumentFrame, type Place } from '../postings/DocumentFrame.tsx'
import { DocumentLines } from '../postings/DocumentLines.tsx'
import styles from '../postings/preview.module.css'
import type { PackageInvoiceRow, PackagePreviewDocument } from './package-invoice.ts'
import { PackageInvoiceState } from './package-invoice-state.tsx'

function Facts({ document, isMade }: { document: PackagePreviewDocument; isMade: boolean }) {
  const t = useT()
  const format = useFormat()
  const facts: ReadonlyArray<readonly [label: string, value: ReactNode]> = [
    [t('postings.customer'), <CustomerThere key="customer" document={document} isMade={isMade} />],
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
  return <DocumentFacts facts={facts} />
}

/** One document as the package will receive it. */
export function PackageDocument({
  document,
  made,
  packageName,
  ...place
}: Place & {
  document: PackagePreviewDocument
  /** Once it is posted: how it stands with it. */
  made: PackageInvoiceRow | undefined
  packageName: string
}) {
  const t = useT()
  const format = useFormat()
  return (
    <DocumentFrame
      id="document"
      pill={
        made ? (
          <PackageInvoiceState invoice={made} pill />
        ) : document.state === 'ready' ? (
          <Pill is="done">{t('postings.preview.ready')}</Pill>
        ) : (
          <Pill is="needs">{t('postings.preview.needsYou')}</Pill>
        )
      }
      title={made?.theirNumber ?? document.projects.map(({ name }) => name).join(', ')}
      said={
        made
          ? t('postings.preview.asSent')
          : t('package-invoices.preview.asReceived', {
              package: packageName,
              count: document.entries,
              shown: format.count(document.entries),
            })
      }
      payload={document.payload}
      readable={t('package-invoices.preview.asDocument')}
      {...place}
    >
      <Facts document={document} isMade={made !== undefined} />
      <DocumentLines document={document} />
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
    </DocumentFrame>
  )
}
