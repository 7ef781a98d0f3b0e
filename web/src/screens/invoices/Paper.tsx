import { Fragment, type ReactNode } from 'react'
import { base } from '../../api.ts'
import type { Format } from '../../format.ts'
import { useFirm } from '../../session.ts'
import { T, useT, type Word } from '../../words/words.tsx'
import { type Invoice, type InvoiceLine, twoParts } from './invoice.ts'
import { PaperLanguage, usePaperFormat } from './PaperLanguage.tsx'
import styles from './paper.module.css'

/** An IBAN in groups of four, as it is written on paper (ISO 13616). */
const grouped = (iban: string): string =>
  iban
    .replaceAll(/\s/g, '')
    .replaceAll(/(.{4})/g, '$1 ')
    .trim()

const unitWords: Readonly<Record<string, Word>> = {
  hour: 'paper.unit.hour',
  day: 'paper.unit.day',
  month: 'paper.unit.month',
  km: 'paper.unit.km',
}

/** Who writes from abroad says from where. */
function Sender({ invoice: { firm, customer }, format }: { invoice: Invoice; format: Format }) {
  const { address } = firm
  const isAbroad = (customer.address.country ?? customer.country) !== firm.country
  return (
    <div className={styles.from}>
      {[
        firm.name,
        address.line1,
        address.line2,
        [address.postcode, address.city].filter(Boolean).join(' '),
        isAbroad ? format.country(address.country ?? firm.country) : null,
        firm.email,
        firm.phone,
        firm.website,
      ]
        .filter(Boolean)
        .map((line) => (
          <span key={line}>{line}</span>
        ))}
    </div>
  )
}

/** The country is named in the language of the invoice, and only when it is another than ours. */
function Addressee({ invoice: { customer, firm }, format }: { invoice: Invoice; format: Format }) {
  const { address } = customer
  const country = address.country ?? customer.country
  return (
    <address>
      {[
        customer.name,
        address.line1,
        address.line2,
        [address.postcode, address.city].filter(Boolean).join(' '),
        country === firm.country ? null : format.country(country),
      ]
        .filter(Boolean)
        .map((line) => (
          <span key={line}>{line}</span>
        ))}
    </address>
  )
}

function Head({ invoice, format }: { invoice: Invoice; format: Format }) {
  const t = useT()
  const facts: Array<readonly [string, ReactNode]> = [
    [
      t(invoice.kind === 'credit' ? 'paper.creditNumber' : 'paper.number'),
      invoice.number ?? <span className={styles.muted}>{t('paper.number.later')}</span>,
    ],
    [t(invoice.kind === 'credit' ? 'paper.creditDate' : 'paper.date'), format.date(invoice.date)],
    ...(invoice.credits
      ? [[t('paper.credits'), `${invoice.credits.number}, ${format.date(invoice.credits.date)}`] as const]
      : []),
    ...(invoice.kind === 'invoice' ? [[t('paper.due'), format.date(invoice.dueDate)] as const] : []),
    ...(invoice.periodFrom && invoice.periodUntil
      ? [[t('paper.period'), format.dateRange(invoice.periodFrom, invoice.periodUntil, 'short')] as const]
      : []),
    ...(invoice.orderNumber ? [[t('paper.orderNumber'), invoice.orderNumber] as const] : []),
    ...(invoice.reference ? [[t('paper.reference'), invoice.reference] as const] : []),
    ...(invoice.customer.number ? [[t('paper.customerNumber'), invoice.customer.number] as const] : []),
    ...(invoice.customer.vatId ? [[t('paper.customerVatId'), invoice.customer.vatId] as const] : []),
  ]
  return (
    <dl className={styles.meta}>
      {facts.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function Line({
  line,
  lit,
  hasDiscount,
  format,
}: {
  line: InvoiceLine
  lit: boolean
  hasDiscount: boolean
  format: Format
}) {
  const t = useT()
  const { first, rest } = twoParts(line.description)
  const unit = unitWords[line.unit]
  return (
    <tr className={lit ? styles.lit : undefined}>
      <td>
        <b>{first}</b>
        {rest ? <small>{rest}</small> : null}
      </td>
      <td className={styles.end}>
        {format.quantity(line.quantity)}
        {unit ? <span className={styles.muted}> {t(unit, { quantity: Number(line.quantity) })}</span> : null}
      </td>
      <td className={styles.end}>{format.quantity(line.unitPrice, 2)}</td>
      {hasDiscount ? (
        <td className={styles.end}>{line.discountPercent ? format.percent(line.discountPercent) : ''}</td>
      ) : null}
      <td className={styles.end}>{format.percent(line.vatRate)}</td>
      <td className={styles.end}>{format.amount(line.net)}</td>
    </tr>
  )
}

function Sums({ invoice, format }: { invoice: Invoice; format: Format }) {
  const t = useT()
  const { currency: home } = useFirm()
  return (
    <div className={styles.after}>
      <dl className={styles.sums}>
        <dt>{t('paper.net')}</dt>
        <dd>{format.amount(invoice.net)}</dd>
        {invoice.vatPerRate.map((row) => (
          <Fragment key={`${row.treatment} ${row.rate}`}>
            <dt>{t('paper.vatOver', { label: row.label, base: format.amount(row.base) })}</dt>
            <dd>{format.amount(row.vat)}</dd>
          </Fragment>
        ))}
        <dt className={styles.gross}>{t(invoice.kind === 'credit' ? 'paper.toReceive' : 'paper.toPay')}</dt>
        <dd className={styles.gross}>
          <span className="sum">{format.money(invoice.gross, invoice.currency)}</span>
        </dd>
      </dl>
      {invoice.exchange ? (
        <p className={styles.sentence}>
          {t('paper.exchange', {
            currency: home,
            vat: format.amount(invoice.exchange.vat),
            rate: format.quantity(invoice.exchange.rate),
            source: invoice.exchange.source,
            date: format.date(invoice.exchange.date),
          })}
        </p>
      ) : null}
      {[...new Set(invoice.vatPerRate.flatMap(({ sentence }) => sentence ?? []))].map((sentence) => (
        <p key={sentence} className={styles.sentence}>
          {sentence}
        </p>
      ))}
      {invoice.closing ? <p className={styles.text}>{invoice.closing}</p> : null}
      <div className={styles.pay}>
        {invoice.kind === 'credit' ? (
          <p>{t('paper.settled')}</p>
        ) : (
          <>
            <p>
              {invoice.firm.iban ? (
                <T id="paper.pay" values={{ date: format.date(invoice.dueDate), iban: grouped(invoice.firm.iban) }} />
              ) : (
                <T id="paper.pay.noIban" values={{ date: format.date(invoice.dueDate) }} />
              )}
            </p>
            <p className={styles.muted}>
              {t('paper.pay.to', {
                firm: invoice.firm.name,
                number: invoice.number ?? t('paper.pay.thisNumber'),
              })}
            </p>
          </>
        )}
      </div>
    </div>
  )
}

function Sheet({ invoice, litLine }: { invoice: Invoice; litLine: string | null }) {
  const t = useT()
  const format = usePaperFormat(invoice.language)
  const { firm } = invoice
  const { slug } = useFirm()
  const hasDiscount = invoice.lines.some(({ discountPercent }) => discountPercent && Number(discountPercent) !== 0)
  return (
    <article className={styles.paper} lang={invoice.language}>
      <header className={styles.letterhead}>
        <div className={styles.top}>
          <div className={styles.logo}>
            {firm.logo ? (
              <img src={`${base}/logos/${firm.logo}?firm=${slug}`} alt="" />
            ) : (
              <>
                <i />
                {firm.name}
              </>
            )}
          </div>
          <Sender invoice={invoice} format={format} />
        </div>
        <div className={styles.to}>
          <Addressee invoice={invoice} format={format} />
        </div>
      </header>
      <h2>
        {t(invoice.kind === 'credit' ? 'paper.credit' : 'paper.invoice')}
        {invoice.state === 'draft' ? <span> {t('paper.draft')}</span> : null}
      </h2>
      <Head invoice={invoice} format={format} />
      {invoice.introduction ? <p className={styles.text}>{invoice.introduction}</p> : null}
      <table>
        <caption className="only-spoken">{t('paper.lines')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('paper.description')}</th>
            <th scope="col" className={styles.end}>
              {t('paper.quantity')}
            </th>
            <th scope="col" className={styles.end}>
              {t('paper.price')}
            </th>
            {hasDiscount ? (
              <th scope="col" className={styles.end}>
                {t('paper.discount')}
              </th>
            ) : null}
            <th scope="col" className={styles.end}>
              {t('paper.vat')}
            </th>
            <th scope="col" className={styles.end}>
              {t('paper.amount')} {invoice.currency}
            </th>
          </tr>
        </thead>
        <tbody>
          {invoice.lines.map((line) => (
            <Line key={line.id} line={line} lit={line.id === litLine} hasDiscount={hasDiscount} format={format} />
          ))}
        </tbody>
      </table>
      <Sums invoice={invoice} format={format} />
      <footer className={styles.legal}>
        <span>{firm.name}</span>
        {firm.kvk ? <span>{t('paper.kvk', { number: firm.kvk })}</span> : null}
        {firm.vatId ? <span>{t('paper.vatId', { number: firm.vatId })}</span> : null}
        {firm.iban ? <span>{t('paper.iban', { number: grouped(firm.iban) })}</span> : null}
      </footer>
    </article>
  )
}

/** The invoice as the customer gets it; white in the dark too, and to scale: what is a millimetre in print is one here. */
export const Paper = ({ invoice, litLine = null }: { invoice: Invoice; litLine?: string | null }) => (
  <PaperLanguage language={invoice.language}>
    <div className={styles.frame}>
      <Sheet invoice={invoice} litLine={litLine} />
    </div>
  </PaperLanguage>
)
