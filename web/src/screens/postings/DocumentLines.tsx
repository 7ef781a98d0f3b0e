import { currencySign, useFormat } from '../../format.ts'
import { Amount } from '../../parts/Figures.tsx'
import { Icon } from '../../parts/icons.tsx'
import { Code, TwoLines } from '../../parts/Small.tsx'
import { useT } from '../../words/words.tsx'
import styles from './preview.module.css'
import type { PreviewDocument } from './preview.ts'

/** What the lines of a document need to be shown, whichever the package makes of it. */
type LinesShown = Pick<PreviewDocument, 'currency' | 'lines' | 'net' | 'vatPerRate' | 'gross'> &
  Partial<Pick<PreviewDocument, 'foreign'>>

/** Each line with what it is booked on, and the sums as the package will have them. */
export function DocumentLines({ document }: { document: LinesShown }) {
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
