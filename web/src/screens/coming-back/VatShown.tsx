import { Link } from '@tanstack/react-router'
import { type ReactNode, useId } from 'react'
import { useFormat } from '../../format.ts'
import { Button } from '../../parts/Button.tsx'
import { Amount } from '../../parts/Figures.tsx'
import { Notice } from '../../parts/Notice.tsx'
import { State } from '../../parts/State.tsx'
import { useFirm } from '../../session.ts'
import { useT } from '../../words/words.tsx'
import styles from './coming-back.module.css'
import type { VatInvoiceRow, VatOverview } from './coming-back.ts'

export interface Drill {
  readonly treatment?: string[]
  readonly rate?: string
  readonly customerId?: string
  readonly booked?: VatInvoiceRow['booked'][]
}

function Part({ title, about, children }: { title: string; about?: string; children: ReactNode }) {
  const id = useId()
  return (
    <section className={styles.vatPart} aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        {about ? <span className="muted">{about}</span> : null}
      </header>
      {children}
    </section>
  )
}

/** A table that may be wider than its place, which is then moved by keyboard too. */
const Wide = ({ name, children }: { name: string; children: ReactNode }) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls takes the focus, to be scrolled by keyboard
  <section className={styles.scroll} tabIndex={0} aria-label={name}>
    {children}
  </section>
)

/** What was invoiced by case and rate, who abroad it was for, and what of it stands in the books. */
export function VatShown({ overview, onDrill }: { overview: VatOverview; onDrill: (filter: Drill) => unknown }) {
  const t = useT()
  const { currency, withoutRate } = overview
  const { slug: firm } = useFirm()
  return (
    <div className={styles.vat}>
      {withoutRate.length > 0 ? (
        <Notice is="needs" title={t('coming-back.vat.withoutRate', { count: withoutRate.length, currency })}>
          <p>
            {withoutRate.map(({ invoiceId, number, currency: own }, at) => (
              <span key={invoiceId}>
                {at > 0 ? ', ' : ''}
                <Link to="/f/$firm/invoices/$invoiceId" params={{ firm, invoiceId }}>
                  {number}
                </Link>{' '}
                ({own})
              </span>
            ))}
          </p>
        </Notice>
      ) : null}
      <Lines overview={overview} onDrill={onDrill} />
      {overview.books ? <Books overview={overview} books={overview.books} onDrill={onDrill} /> : null}
      <EuServices overview={overview} onDrill={onDrill} />
      <MadeThere overview={overview} />
    </div>
  )
}

function Lines({ overview, onDrill }: { overview: VatOverview; onDrill: (filter: Drill) => unknown }) {
  const t = useT()
  const format = useFormat()
  const { lines, total, currency } = overview
  const hasBoxes = lines.some(({ box }) => box !== null)
  return (
    <Part title={t('coming-back.vat.lines')} about={t('coming-back.vat.lines.about')}>
      <Wide name={t('coming-back.vat.lines')}>
        <table className={styles.figures}>
          <thead>
            <tr>
              {hasBoxes ? <th scope="col">{t('coming-back.vat.box')}</th> : null}
              <th scope="col" className={styles.words}>
                {t('coming-back.vat.case')}
              </th>
              <th scope="col" className={styles.count}>
                {t('coming-back.vat.invoices')}
              </th>
              <th scope="col">{t('coming-back.vat.base', { currency })}</th>
              <th scope="col">{t('coming-back.vat.vat', { currency })}</th>
            </tr>
          </thead>
          <tbody>
            {lines.map(({ treatment, rate, label, box, invoices, base, vat }) => (
              <tr key={`${treatment} ${rate}`}>
                {hasBoxes ? (
                  <td className="fig">{box ?? <span className="muted">{t('coming-back.vat.noBox')}</span>}</td>
                ) : null}
                <th scope="row">
                  <Button kind="link" onClick={() => onDrill({ treatment: [treatment], rate })}>
                    {label}
                  </Button>
                </th>
                <td className={styles.count}>{format.count(invoices)}</td>
                <td>
                  <Amount value={base} />
                </td>
                <td>
                  <Amount value={vat} />
                </td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              {hasBoxes ? <td /> : null}
              <th scope="row">{t('coming-back.vat.total')}</th>
              <td className={styles.count}>{format.count(total.invoices)}</td>
              <td>
                <Amount value={total.base} />
              </td>
              <td>
                <Amount value={total.vat} />
              </td>
            </tr>
          </tfoot>
        </table>
      </Wide>
    </Part>
  )
}

function Books({
  overview,
  books,
  onDrill,
}: {
  overview: VatOverview
  books: NonNullable<VatOverview['books']>
  onDrill: (filter: Drill) => unknown
}) {
  const t = useT()
  const format = useFormat()
  const { packageName, posted, notPosted, alreadyInBooks } = books
  const differing = posted.reduce((sum, row) => sum + row.differing, 0)
  return (
    <Part title={t('coming-back.vat.books', { package: packageName })} about={t('coming-back.vat.books.about')}>
      {posted.length > 0 ? (
        <Wide name={t('coming-back.vat.books', { package: packageName })}>
          <table className={styles.figures}>
            <thead>
              <tr>
                <th scope="col">{t('coming-back.vat.currency')}</th>
                <th scope="col" className={styles.count}>
                  {t('coming-back.vat.invoices')}
                </th>
                <th scope="col">{t('coming-back.vat.ours')}</th>
                <th scope="col">{t('coming-back.vat.theirs')}</th>
                <th scope="col">{t('coming-back.vat.ourVat')}</th>
                <th scope="col">{t('coming-back.vat.theirVat')}</th>
              </tr>
            </thead>
            <tbody>
              {posted.map((row) => (
                <tr key={row.currency}>
                  <th scope="row">{row.currency}</th>
                  <td className={styles.count}>{format.count(row.invoices)}</td>
                  <td>
                    <Amount value={row.gross} />
                  </td>
                  <td>
                    <Amount value={row.theirGross} strong={row.theirGross !== row.gross} />
                  </td>
                  <td>
                    <Amount value={row.vat} />
                  </td>
                  <td>
                    <Amount value={row.theirVat} strong={row.theirVat !== row.vat} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Wide>
      ) : null}
      <ul className={styles.beside}>
        <li>
          {differing > 0 ? (
            <State is="needs">
              <Button kind="link" onClick={() => onDrill({ booked: ['differs'] })}>
                {t('coming-back.vat.differing', { count: differing })}
              </Button>
            </State>
          ) : (
            <State is="done">{t('coming-back.vat.same')}</State>
          )}
        </li>
        <li>
          {notPosted.invoices > 0 ? (
            <State is="needs">
              <Button kind="link" onClick={() => onDrill({ booked: ['not-posted'] })}>
                {t('coming-back.vat.notPosted', {
                  count: notPosted.invoices,
                  base: format.money(notPosted.base, overview.currency),
                  vat: format.money(notPosted.vat, overview.currency),
                })}
              </Button>
            </State>
          ) : (
            <State is="done">{t('coming-back.vat.allPosted')}</State>
          )}
        </li>
        {alreadyInBooks.invoices > 0 ? (
          <li>
            <State is="wait">
              <Button kind="link" onClick={() => onDrill({ booked: ['already-in-books'] })}>
                {t('coming-back.vat.already', {
                  count: alreadyInBooks.invoices,
                  base: format.money(alreadyInBooks.base, overview.currency),
                })}
              </Button>
            </State>
          </li>
        ) : null}
      </ul>
    </Part>
  )
}

function EuServices({ overview, onDrill }: { overview: VatOverview; onDrill: (filter: Drill) => unknown }) {
  const t = useT()
  const format = useFormat()
  const { euServices, currency } = overview
  return (
    <Part title={t('coming-back.vat.eu')} about={t('coming-back.vat.eu.about')}>
      {euServices.length === 0 ? (
        <p className="muted">{t('coming-back.vat.eu.none')}</p>
      ) : (
        <Wide name={t('coming-back.vat.eu')}>
          <table className={styles.figures}>
            <thead>
              <tr>
                <th scope="col">{t('coming-back.vat.customer')}</th>
                <th scope="col" className={styles.words}>
                  {t('coming-back.vat.country')}
                </th>
                <th scope="col" className={styles.words}>
                  {t('coming-back.vat.vatId')}
                </th>
                <th scope="col" className={styles.count}>
                  {t('coming-back.vat.invoices')}
                </th>
                <th scope="col">{t('coming-back.vat.services', { currency })}</th>
              </tr>
            </thead>
            <tbody>
              {euServices.map(({ customerId, name, vatId, country, base, invoices }) => (
                <tr key={`${customerId} ${vatId}`}>
                  <th scope="row">
                    <Button kind="link" onClick={() => onDrill({ customerId, treatment: ['eu-business'] })}>
                      {name}
                    </Button>
                  </th>
                  <td className={styles.words}>{country ? format.country(country) : '–'}</td>
                  <td className={styles.words}>{vatId ?? <State is="needs">{t('coming-back.vat.noVatId')}</State>}</td>
                  <td className={styles.count}>{format.count(invoices)}</td>
                  <td>
                    <Amount value={base} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Wide>
      )}
    </Part>
  )
}

/** What a package made itself of our entries, by its own totals: beside our figures, and in none of them. */
export function MadeThere({ overview }: { overview: VatOverview }) {
  const t = useT()
  const format = useFormat()
  const { slug: firm } = useFirm()
  const { made, from, until } = overview
  if (made.length === 0) return null
  const names = [...new Set(made.map(({ packageName }) => packageName))].join(', ')
  const title = t('coming-back.vat.made', { package: names })
  const documents = made.reduce((sum, row) => sum + row.documents, 0)
  return (
    <Part title={title} about={t('coming-back.vat.made.about')}>
      <p className={styles.beside}>{t('coming-back.vat.made.why', { package: names })}</p>
      <Wide name={title}>
        <table className={styles.figures}>
          <thead>
            <tr>
              <th scope="col">{t('coming-back.vat.currency')}</th>
              <th scope="col" className={styles.words}>
                {t('coming-back.vat.made.state')}
              </th>
              <th scope="col" className={styles.count}>
                {t('coming-back.vat.made.documents')}
              </th>
              <th scope="col">{t('coming-back.vat.made.net')}</th>
              <th scope="col">{t('coming-back.vat.made.vat')}</th>
              <th scope="col">{t('coming-back.vat.made.gross')}</th>
            </tr>
          </thead>
          <tbody>
            {made.map((row) => (
              <tr key={`${row.packageName} ${row.currency} ${row.isBooked}`}>
                <th scope="row">{row.currency}</th>
                <td className={styles.words}>
                  <State is={row.isBooked ? 'done' : 'wait'}>
                    {t(row.isBooked ? 'coming-back.vat.made.booked' : 'coming-back.vat.made.notBooked')}
                  </State>
                </td>
                <td className={styles.count}>{format.count(row.documents)}</td>
                <td>
                  <Amount value={row.net} />
                </td>
                <td>
                  <Amount value={row.vat} />
                </td>
                <td>
                  <Amount value={row.gross} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
      <p>
        <Link to="/f/$firm/package-invoices" params={{ firm }} search={{ state: ['made', 'printed'], from, until }}>
          {t('coming-back.vat.made.show', { count: documents, shown: format.count(documents) })}
        </Link>
      </p>
    </Part>
  )
}
