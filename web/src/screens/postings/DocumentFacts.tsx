import type { ReactNode } from 'react'
import { useT, type Word } from '../../words/words.tsx'
import styles from './preview.module.css'

/** What the head of a document says, one after the other. */
export const DocumentFacts = ({ facts }: { facts: ReadonlyArray<readonly [label: string, value: ReactNode]> }) => (
  <dl className={styles.facts}>
    {facts.map(([label, value]) => (
      <div key={label}>
        <dt>{label}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
)

/** Something of the package, by its code and its name. */
export const Named = ({ named }: { named: { code: string; name: string } | null }) =>
  named ? (
    <>
      <span className="muted fig">{named.code}</span> {named.name}
    </>
  ) : (
    <>–</>
  )

/** What happens with a customer that is not linked yet. */
const firstWords: Readonly<Record<string, Word>> = {
  linked: 'postings.preview.customerLinked',
  asked: 'postings.preview.customerAsked',
  created: 'postings.preview.customerMade',
}

/** The customer as the package has it, or what happens with it there first. */
export function CustomerThere({
  document,
  isMade,
}: {
  document: { readonly customerCode: string | null; readonly customerName: string; readonly customerIs: string }
  /** The document is there, so the customer is. */
  isMade: boolean
}) {
  const t = useT()
  const first = firstWords[document.customerIs]
  return (
    <>
      {document.customerCode ? <span className="muted fig">{document.customerCode} </span> : null}
      {document.customerName}
      {first && !isMade ? <span className={styles.made}>{t(first)}</span> : null}
    </>
  )
}

export const periodWords = {
  open: 'postings.preview.period.open',
  closed: 'postings.preview.period.closed',
  missing: 'postings.preview.period.missing',
  unknown: 'postings.preview.period.unknown',
} as const
