import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useFormat } from '../../format.ts'
import { InvoicesCrumb } from '../../frame/Crumbs.tsx'
import { PageHead } from '../../frame/Page.tsx'
import { Button, ButtonLink, ExternalButton } from '../../parts/Button.tsx'
import { Amount, Money } from '../../parts/Figures.tsx'
import { Facts } from '../../parts/Notice.tsx'
import { StateLine } from '../../parts/State.tsx'
import { useFirm, useMay } from '../../session.ts'
import { useT, type Word } from '../../words/words.tsx'
import { BooksDiffer } from '../coming-back/BooksDiffer.tsx'
import { PostingStateShown } from '../postings/posting-state.tsx'
import { usePackageNames, useSalesPackage } from '../postings/sales-package.ts'
import { InvoiceReminders } from '../reminders/InvoiceReminders.tsx'
import { CreditInvoice, openLines } from './CreditInvoice.tsx'
import { DocumentsCard } from './Documents.tsx'
import { InvoiceState } from './InvoiceState.tsx'
import { InvoiceSums } from './InvoiceSums.tsx'
import { type Invoice, type InvoiceLine, twoParts } from './invoice.ts'
import styles from './invoices.module.css'
import { Letters } from './Letters.tsx'
import { Paper } from './Paper.tsx'
import { Payments } from './Payments.tsx'
import { RegisteredHours } from './RegisteredHours.tsx'

const acts: Readonly<Record<string, Word>> = {
  created: 'invoices.history.created',
  changed: 'invoices.history.changed',
  'line-added': 'invoices.history.lineAdded',
  'line-changed': 'invoices.history.lineChanged',
  'line-removed': 'invoices.history.lineRemoved',
  regrouped: 'invoices.history.regrouped',
  'lines-ordered': 'invoices.history.ordered',
  discounted: 'invoices.history.discounted',
  sent: 'invoices.history.sent',
  posted: 'invoices.history.posted',
  'marked-in-books': 'invoices.history.markedInBooks',
  'unmarked-in-books': 'invoices.history.unmarkedInBooks',
  'reminders-held': 'invoices.history.remindersHeld',
  'reminders-released': 'invoices.history.remindersReleased',
  credited: 'invoices.history.credited',
  'credited-in-part': 'invoices.history.creditedInPart',
  'payment-registered': 'payments.history.registered',
  'payment-in-books': 'coming-back.books.history',
  'payment-undone': 'payments.history.undone',
  'payment-restored': 'payments.history.restored',
}
const hows: Readonly<Record<string, Word>> = {
  mail: 'invoices.sentHow.mail',
  post: 'invoices.sentHow.post',
  portal: 'invoices.sentHow.portal',
  other: 'invoices.sentHow.other',
}

function LineShown({ invoice, line }: { invoice: Invoice; line: InvoiceLine }) {
  const t = useT()
  const format = useFormat()
  const { first, rest } = twoParts(line.description)
  return (
    <li className={styles.line}>
      <div className={`${styles.what} ${styles.fixed}`}>
        <b>{first}</b>
        {rest ? <span>{rest}</span> : null}
      </div>
      <span className={styles.net}>{format.quantity(line.quantity)}</span>
      <span className={styles.net}>{format.quantity(line.unitPrice, 2)}</span>
      <span className={styles.net}>
        <Amount value={line.net} />
      </span>
      <div className={styles.about}>
        <span className="muted">{t('invoices.line.vatRate', { rate: format.percent(line.vatRate) })}</span>
        {line.discountPercent ? (
          <span className="muted">
            {t('invoices.line.discountOf', { percent: format.percent(line.discountPercent) })}
          </span>
        ) : null}
        <RegisteredHours invoiceId={invoice.id} line={line} />
      </div>
    </li>
  )
}

function Booking({ invoice }: { invoice: Invoice }) {
  const t = useT()
  const may = useMay()
  const { slug: firm } = useFirm()
  const nameOf = usePackageNames()
  const salesPackage = useSalesPackage()
  const { booking } = invoice
  if (!booking) {
    return (
      <section className={styles.card} aria-labelledby="booking">
        <h2 id="booking">{t('invoices.booking')}</h2>
        <p className="muted">
          {salesPackage
            ? t('invoices.booking.notYet', { package: salesPackage.name })
            : may('connections:read')
              ? t('invoices.booking.noPackage')
              : t('invoices.booking.none')}
        </p>
        {salesPackage === null && may('connections:write') ? (
          <div>
            <ButtonLink icon="plug" to="/f/$firm/settings/apps" params={{ firm }}>
              {t('invoices.post.connect')}
            </ButtonLink>
          </div>
        ) : null}
      </section>
    )
  }
  return (
    <section className={styles.card} aria-labelledby="booking">
      <div className={styles.partHead}>
        <h2 id="booking">{t('invoices.booking')}</h2>
        <PostingStateShown state={booking.state} differs={booking.differs} pill />
      </div>
      <Facts
        rows={[
          [t('invoices.booking.package'), nameOf(booking.package)],
          [
            t('invoices.booking.number'),
            booking.number ? (
              <span key="number" className="fig">
                {booking.number}
              </span>
            ) : (
              t('invoices.booking.noNumber')
            ),
          ],
        ]}
      />
      <div className="row">
        {booking.url ? (
          <ExternalButton href={booking.url} target="_blank" rel="noreferrer" iconAfter="external">
            {t('invoices.booking.openIn', { number: booking.number ?? '', package: nameOf(booking.package) })}
          </ExternalButton>
        ) : null}
        {may('postings:read') ? (
          <ButtonLink to="/f/$firm/postings" params={{ firm }} search={{ posting: booking.postingId }}>
            {t('invoices.booking.timeline')}
          </ButtonLink>
        ) : null}
      </div>
    </section>
  )
}

/** What takes this invoice back, drafts among them. */
function CreditNotes({ invoice }: { invoice: Invoice }) {
  const t = useT()
  const format = useFormat()
  const { slug: firm } = useFirm()
  return (
    <section className={styles.card} aria-labelledby="credit-notes">
      <h2 id="credit-notes">{t('invoices.creditNotes')}</h2>
      <ul className={styles.creditNotes}>
        {invoice.creditNotes.map((note) => (
          <li key={note.id}>
            <Link to="/f/$firm/invoices/$invoiceId" params={{ firm, invoiceId: note.id }}>
              {note.number ?? t('invoices.credit.draft')}
            </Link>
            <span className="muted">{format.date(note.date, 'short')}</span>
            <InvoiceState state={note.state} />
            <Money amount={note.gross} currency={invoice.currency} />
          </li>
        ))}
      </ul>
    </section>
  )
}

/** A sent invoice: nothing of it changes. What it says, where it stands, and what happened to it. */
export function SentInvoice({ invoice }: { invoice: Invoice }) {
  const t = useT()
  const format = useFormat()
  const may = useMay()
  const { slug: firm } = useFirm()
  const salesPackage = useSalesPackage()
  const [crediting, setCrediting] = useState(false)
  const { credits } = invoice
  const mayCredit =
    invoice.kind === 'invoice' && invoice.state === 'sent' && may('invoices:write') && openLines(invoice).length > 0
  const number = invoice.number ?? ''
  const how = invoice.sentHow ? hows[invoice.sentHow] : undefined
  return (
    <>
      <PageHead
        title={number}
        crumbs={[<InvoicesCrumb key="list" />]}
        state={<InvoiceState {...invoice} pill />}
        period={<span className={`muted ${styles.who}`}>{invoice.customer.name}</span>}
        actions={
          <>
            <ButtonLink
              icon="print"
              to="/f/$firm/invoices/$invoiceId/print"
              params={{ firm, invoiceId: invoice.id }}
              target="_blank"
            >
              {t('invoices.print')}
            </ButtonLink>
            {mayCredit ? (
              <Button icon="undo" onClick={() => setCrediting(true)}>
                {t('invoices.credit.ask')}
              </Button>
            ) : null}
            {!invoice.booking && salesPackage && may('postings:write') ? (
              <ButtonLink
                kind="primary"
                icon="send"
                to="/f/$firm/invoices/preview"
                params={{ firm }}
                search={{ invoices: [invoice.id] }}
              >
                {t('invoices.post.button', { package: salesPackage.name })}
              </ButtonLink>
            ) : null}
          </>
        }
      />
      <div className={styles.two}>
        <div className={styles.editor}>
          {invoice.booking ? <BooksDiffer postingId={invoice.booking.postingId} /> : null}
          <section className={styles.card} aria-labelledby="state">
            <h2 id="state">{t('invoices.details')}</h2>
            <Facts
              rows={[
                [
                  t('invoices.customer'),
                  may('customers:read') ? (
                    <Link
                      key="customer"
                      to="/f/$firm/customers/$customerId"
                      params={{ firm, customerId: invoice.customerId }}
                    >
                      {invoice.customer.name}
                    </Link>
                  ) : (
                    invoice.customer.name
                  ),
                ],
                ...(credits
                  ? [
                      [
                        t('invoices.credit.takesBack'),
                        <Link key="credits" to="/f/$firm/invoices/$invoiceId" params={{ firm, invoiceId: credits.id }}>
                          {t('invoices.credit.numberAndDate', {
                            number: credits.number,
                            date: format.date(credits.date),
                          })}
                        </Link>,
                      ] as const,
                    ]
                  : []),
                [t(credits ? 'invoices.credit.date' : 'invoices.date'), format.date(invoice.date)],
                ...(credits ? [] : [[t('invoices.due'), format.date(invoice.dueDate)] as const]),
                ...(invoice.sentAt
                  ? [
                      [
                        t('invoices.sent'),
                        [format.moment(invoice.sentAt), how ? t(how) : ''].filter(Boolean).join(', '),
                      ] as const,
                    ]
                  : []),
                ...(invoice.orderNumber ? [[t('invoices.orderNumber'), invoice.orderNumber] as const] : []),
                ...(invoice.reference ? [[t('invoices.reference'), invoice.reference] as const] : []),
              ]}
            />
            <StateLine is="wait" icon="lock">
              <span className="muted">{t(credits ? 'invoices.credit.frozen' : 'invoices.frozen')}</span>
            </StateLine>
          </section>
          {invoice.kind === 'invoice' ? <Payments invoice={invoice} /> : null}
          <DocumentsCard invoice={invoice} />
          <Letters invoice={invoice} />
          {invoice.kind === 'invoice' ? <InvoiceReminders invoice={invoice} /> : null}
          {invoice.creditNotes.length > 0 ? <CreditNotes invoice={invoice} /> : null}
          <Booking invoice={invoice} />
          <section aria-labelledby="lines">
            <div className={styles.partHead}>
              <h2 id="lines">{t('invoices.lines')}</h2>
              <span className="muted small">{t('invoices.lines.prices', { currency: invoice.currency })}</span>
            </div>
            <div className={`${styles.lines} ${styles.readOnly}`}>
              <ul>
                {invoice.lines.map((line) => (
                  <LineShown key={line.id} invoice={invoice} line={line} />
                ))}
              </ul>
            </div>
            <InvoiceSums sums={invoice} total={t('invoices.gross')} />
          </section>
          {invoice.history.length > 0 ? (
            <section aria-labelledby="history">
              <div className={styles.partHead}>
                <h2 id="history">{t('invoices.history')}</h2>
              </div>
              <ol className={styles.history}>
                {invoice.history.toReversed().map((one) => {
                  const word = acts[one.act]
                  return (
                    <li key={`${one.at} ${one.act}`}>
                      <time dateTime={one.at}>{format.moment(one.at)}</time>
                      <span>
                        {word ? t(word) : one.act}
                        {one.amount ? `, ${format.money(one.amount, invoice.currency)}` : ''}
                        {one.why ? <span className="muted"> “{one.why}”</span> : null}
                      </span>
                      <span className="muted">{one.actor}</span>
                    </li>
                  )
                })}
              </ol>
            </section>
          ) : null}
        </div>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard (WCAG 2.1.1) */}
        <section className={styles.desk} aria-label={t('invoices.paper')} tabIndex={0}>
          <Paper invoice={invoice} />
        </section>
      </div>
      {crediting ? <CreditInvoice invoice={invoice} onClose={() => setCrediting(false)} /> : null}
    </>
  )
}
