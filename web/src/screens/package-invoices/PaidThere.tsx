import { useFormat } from '../../format.ts'
import { Dash } from '../../parts/Figures.tsx'
import { type Meaning, State } from '../../parts/State.tsx'
import { useT, type Word } from '../../words/words.tsx'
import { InBooks } from '../coming-back/InBooks.tsx'
import type { PackageInvoiceRow } from './package-invoice.ts'
import styles from './package-invoices.module.css'

type Paid = NonNullable<NonNullable<PackageInvoiceRow['books']>['state']>

export const paidWords = {
  open: 'package-invoices.paid.open',
  'partly-paid': 'package-invoices.paid.partly',
  paid: 'package-invoices.paid.paid',
  settled: 'package-invoices.paid.settled',
  'over-paid': 'package-invoices.paid.overPaid',
  unknown: 'package-invoices.paid.unknown',
} as const satisfies Record<Paid, Word>

const meanings = {
  open: 'wait',
  'partly-paid': 'progress',
  paid: 'done',
  settled: 'done',
  'over-paid': 'needs',
  unknown: 'needs',
} as const satisfies Record<Paid, Meaning>

const whyWords = {
  gone: 'package-invoices.paid.gone',
  'other-currency': 'package-invoices.paid.otherCurrency',
  'credit-note-unseen': 'package-invoices.paid.creditUnseen',
} as const satisfies Record<NonNullable<NonNullable<PackageInvoiceRow['books']>['why']>, Word>

/** How far a document is paid, in a row of the list. */
export function PaidCell({ row }: { row: PackageInvoiceRow }) {
  const t = useT()
  const format = useFormat()
  const { books, currency } = row
  if (!books && row.state !== 'made') return <Dash />
  if (!books) return <span className="muted">{t('package-invoices.paid.unbooked')}</span>
  const { state, why, outstanding, seenAt } = books
  if (state === null) return <span className="muted">{t('package-invoices.paid.unread')}</span>
  const more =
    why !== null
      ? t(whyWords[why])
      : state === 'partly-paid' && outstanding !== null
        ? t('package-invoices.paid.left', { amount: format.money(outstanding, currency) })
        : null
  return (
    <span
      className={styles.cell}
      title={seenAt === null ? undefined : t('coming-back.books.seen', { moment: format.moment(seenAt) })}
    >
      <State is={meanings[state]}>{t(paidWords[state])}</State>
      {more ? <span className="muted small">{more}</span> : null}
    </span>
  )
}

/** The same in a word under the state, where the column of payments gives way. */
export function PaidMark({ row: { books } }: { row: PackageInvoiceRow }) {
  const t = useT()
  return books?.state ? <span className={`muted small ${styles.onNarrow}`}>{t(paidWords[books.state])}</span> : null
}

/** What the package says was paid of a document, with a way to ask it now. */
export function PaidThere({ invoice }: { invoice: PackageInvoiceRow }) {
  const t = useT()
  const { books, state, currency, packageName } = invoice
  if (!books && state !== 'made') return null
  return (
    <section aria-labelledby="paid">
      <h2 id="paid">{t('package-invoices.paid.title')}</h2>
      {books ? (
        <InBooks books={books} currency={currency} />
      ) : (
        <p className="muted">{t('package-invoices.paid.printFirst', { package: packageName })}</p>
      )}
    </section>
  )
}
