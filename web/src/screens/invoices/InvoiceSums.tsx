import { Fragment } from 'react'
import { Amount } from '../../parts/Figures.tsx'
import { useT } from '../../words/words.tsx'
import type { Invoice } from './invoice.ts'
import styles from './invoices.module.css'
import { useVatText } from './vat-text.ts'

/** What an invoice comes to: net, VAT of each rate, and the sum that is asked. */
export function InvoiceSums({
  sums,
  total,
  saving,
}: {
  sums: Pick<Invoice, 'net' | 'vatPerRate' | 'gross'>
  /** What the last figure is. */
  total: string
  /** Of a draft, which changes while it is looked at. */
  saving?: boolean
}) {
  const t = useT()
  const vatText = useVatText()
  return (
    <dl className={styles.sums} {...(saving === undefined ? {} : { 'aria-live': 'polite', 'aria-busy': saving })}>
      <dt>{t('invoices.net')}</dt>
      <dd>
        <Amount value={sums.net} />
      </dd>
      {sums.vatPerRate.map((row) => (
        <Fragment key={`${row.treatment} ${row.rate}`}>
          <dt>{vatText(row)}</dt>
          <dd>
            <Amount value={row.vat} />
          </dd>
        </Fragment>
      ))}
      <dt className={styles.gross}>{total}</dt>
      <dd className={styles.gross}>
        <Amount value={sums.gross} total />
      </dd>
    </dl>
  )
}
