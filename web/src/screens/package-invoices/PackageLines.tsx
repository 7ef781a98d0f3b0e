import { decimal, subtract, toCents } from '@uurwerk/core/shared/money.ts'
import { currencySign, useFormat } from '../../format.ts'
import { Amount } from '../../parts/Figures.tsx'
import { TwoLines } from '../../parts/Small.tsx'
import { useT } from '../../words/words.tsx'
import type { PackageInvoiceDetails } from './package-invoice.ts'
import styles from './package-invoices.module.css'

type Line = PackageInvoiceDetails['lines'][number]

/** What stands behind a line, one row an entry. */
function Entries({ line }: { line: Line }) {
  const t = useT()
  const format = useFormat()
  if (line.entries.length === 0) return null
  return (
    <details>
      <summary>
        {t('overviews.entries.count', { count: line.entries.length, shown: format.count(line.entries.length) })}
      </summary>
      <ul className={styles.entries}>
        {line.entries.map((entry) => (
          <li key={entry.id}>
            <span className="fig muted">{format.date(entry.date, 'short')}</span>
            <span>{[entry.memberName, entry.about].filter(Boolean).join(' · ')}</span>
            <span className="fig">
              {entry.minutes !== null
                ? format.hours(entry.minutes)
                : entry.km !== null
                  ? `${format.quantity(entry.km)} km`
                  : entry.amount !== null
                    ? format.amount(entry.amount)
                    : null}
            </span>
          </li>
        ))}
      </ul>
    </details>
  )
}

/** The lines as we drafted them, with what the package made of their totals. */
export function PackageLines({ invoice }: { invoice: PackageInvoiceDetails }) {
  const t = useT()
  const format = useFormat()
  const sign = currencySign(invoice.currency)
  const { theirGross, theirVat } = invoice
  return (
    <div className={styles.lines}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('postings.description')}</th>
            <th scope="col" className={styles.onDesk}>
              {t('postings.vat')}
            </th>
            <th scope="col" className="num">
              {t('postings.net')} <span className="faint">{sign}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {invoice.lines.map((line) => (
            <tr key={line.id}>
              <td>
                <TwoLines under={`${format.quantity(line.quantity)} × ${format.quantity(line.unitPrice, 2)}`}>
                  {line.description}
                </TwoLines>
                <Entries line={line} />
              </td>
              <td className={`${styles.onDesk} nowrap`} title={line.vatTreatmentLabel}>
                {format.percent(line.vatRate)}
              </td>
              <td className="num">
                <Amount value={line.net} />
              </td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <Total label={t('postings.net')} amount={invoice.net} />
          {invoice.vatPerRate.map((row) => (
            <Total
              key={`${row.label} ${row.rate}`}
              label={t('postings.preview.vatOver', {
                label: row.label,
                rate: format.percent(row.rate),
                base: format.amount(row.base),
              })}
              amount={row.vat}
            />
          ))}
          <Total label={t('package-invoices.gross.ours')} amount={invoice.gross} total={theirGross === null} />
          {theirGross !== null ? (
            <>
              {theirVat !== null && theirVat !== invoice.vat ? (
                <Total label={t('package-invoices.theirVat', { package: invoice.packageName })} amount={theirVat} />
              ) : null}
              {invoice.differs ? (
                <Total
                  label={t('package-invoices.difference')}
                  amount={toCents(subtract(decimal(theirGross), decimal(invoice.gross)))}
                />
              ) : null}
              <Total label={t('postings.gross.theirs', { package: invoice.packageName })} amount={theirGross} total />
            </>
          ) : null}
        </tfoot>
      </table>
    </div>
  )
}

const Total = ({ label, amount, total = false }: { label: string; amount: string; total?: boolean }) => (
  <tr>
    <td>{label}</td>
    <td className={styles.onDesk} />
    <td className="num">
      <Amount value={amount} total={total} />
    </td>
  </tr>
)
