import {
  type BookedDocument,
  paidInBooks,
  type SettledState,
  settledStateOf,
  takenIntoBooks,
} from '@uurwerk/core/invoicing/settled-in-books.ts'
import { calendarDate, dateIn } from '@uurwerk/core/shared/calendar-date.ts'
import { type Decimal, decimal, isZero, sameAmount, toCents, zero } from '@uurwerk/core/shared/money.ts'
import { sql } from 'kysely'
import type { InFirm } from '../connections/connection.ts'
import type { ConnectionAt } from '../connections/service.ts'
import type { Services } from '../services.ts'

export interface Settling extends InFirm {
  readonly services: Pick<Services, 'ids' | 'events'>
  readonly now: Date
  readonly connection: Pick<ConnectionAt, 'id' | 'timeZone'>
  readonly packageName: string
  readonly by: { readonly memberId: string | null; readonly name: string }
}

/** A posted document, what the package says is open of it, and what was known before. */
interface Row {
  readonly postingId: string
  /** The invoice that it is, or that it takes back; null when it is no document of ours. */
  readonly invoiceId: string | null
  readonly isCredit: boolean
  /** What was posted. */
  readonly subjectId: string
  /** The sent credit notes of the invoice that it is. */
  readonly credits: readonly string[]
  readonly gross: string
  readonly theirGross: string | null
  readonly currency: string | null
  /** Null when the package tells nothing of it. */
  readonly outstanding: string | null
  readonly theirCurrency: string | null
  readonly currencies: number
  readonly lastPaidOn: string | null
  /** It told of it before and does no more. */
  readonly isGone: boolean
  readonly stateBefore: string | null
  readonly whyBefore: string | null
  readonly outstandingBefore: string | null
  readonly lastPaidBefore: string | null
}

interface Standing {
  readonly state: SettledState | 'unknown'
  readonly why: 'gone' | 'other-currency' | 'credit-note-unseen' | null
  readonly outstanding: string | null
  readonly lastPaidOn: string | null
}

interface Judged {
  readonly row: Row
  /** Null while the package never told of it. */
  readonly standing: Standing | null
  /** Null when what it tells cannot be reckoned with. */
  readonly booked: BookedDocument | null
}

/**
 * Brings what the rows of the package say to the postings and, where they are invoices of ours, to what was paid of them.
 * Everything that was posted is gone through, so that it makes no difference which rows were new; only what changed is
 * written, after the invoices are held.
 */
export async function settlePostings(about: Settling): Promise<void> {
  const judged = withCreditsSeen((await readRows(about)).map(judge))
  await writeStandings(about, judged)
  const paid = paidOf(judged, dateIn(about.connection.timeZone, about.now))
  const differing = differingOf(paid, await paymentsOf(about, [...paid.keys()]))
  if (differing.length === 0) return
  await sql`
    select 1 from invoice where firm_id = ${about.firmId} and id = any(${differing.toSorted()}::uuid[])
    order by id for update`.execute(about.trx)
  await writePaid(about, paid, await paymentsOf(about, differing))
}

async function readRows({ trx, firmId, connection }: Settling): Promise<Row[]> {
  const { rows } = await sql<Row>`
    select p.id as "postingId", coalesce(i.credits_id, i.id) as "invoiceId", i.credits_id is not null as "isCredit",
      p.subject_id as "subjectId", coalesce(c.ids, '{}') as credits,
      coalesce(p.gross, p.their_gross) as gross, p.their_gross as "theirGross", p.currency, s.outstanding,
      s.currency as "theirCurrency", coalesce(s.currencies, 0) as currencies, s.last_paid_on as "lastPaidOn",
      s.document is not null and s.currencies = 0 as "isGone", b.state as "stateBefore", b.why as "whyBefore",
      b.outstanding as "outstandingBefore", b.last_paid_on as "lastPaidBefore"
    from posting p
    left join invoice i on i.firm_id = p.firm_id and i.id = p.subject_id and p.subject_kind = 'invoice'
    left join (
      select credits_id, array_agg(id) as ids from invoice
      where firm_id = ${firmId} and credits_id is not null and state <> 'draft' and gross <> 0 group by credits_id
    ) c on c.credits_id = i.id
    left join posting_settled b on b.firm_id = p.firm_id and b.posting_id = p.id
    left join (
      select document, sum(outstanding) filter (where gone_at is null) as outstanding,
        max(last_paid_on) filter (where gone_at is null) as last_paid_on,
        (count(distinct currency) filter (where gone_at is null))::int as currencies,
        max(currency) filter (where gone_at is null) as currency
      from settlement where firm_id = ${firmId} and connection_id = ${connection.id} group by document
    ) s on s.document = coalesce(p.receipt ->> 'openItem', p.their_id)
    where p.firm_id = ${firmId} and p.connection_id = ${connection.id} and p.state = 'posted'
      and p.kind in ('salesEntry', 'salesInvoice', 'printing') and coalesce(p.gross, p.their_gross) is not null
    order by p.sequence`.execute(trx)
  return rows
}

const unknown = (row: Row, why: Standing['why']): Judged => ({
  row,
  standing: { state: 'unknown', why, outstanding: null, lastPaidOn: null },
  booked: null,
})

function judge(row: Row): Judged {
  const { gross, theirGross, currency, outstanding, theirCurrency, currencies, lastPaidOn } = row
  if (outstanding === null)
    return row.isGone || row.stateBefore ? unknown(row, 'gone') : { row, standing: null, booked: null }
  if (currencies > 1 || (currency !== null && theirCurrency !== currency)) return unknown(row, 'other-currency')
  const booked: BookedDocument = {
    gross: decimal(gross),
    theirGross: decimal(theirGross ?? gross),
    outstanding: decimal(outstanding),
    ...(lastPaidOn === null ? {} : { lastPaidOn: calendarDate(lastPaidOn) }),
  }
  return { row, standing: { state: settledStateOf(booked), why: null, outstanding, lastPaidOn }, booked }
}

/**
 * A credit note that was not posted over this connection may be set off there without our seeing it: what is left open of
 * its invoice is then no sign of a payment.
 */
function withCreditsSeen(judged: readonly Judged[]): readonly Judged[] {
  const seen = new Set(judged.flatMap(({ row, booked }) => (booked ? [row.subjectId] : [])))
  return judged.map((one) =>
    one.booked && one.row.credits.some((id) => !seen.has(id)) ? unknown(one.row, 'credit-note-unseen') : one,
  )
}

async function writeStandings({ trx, firmId, connection, services, now }: Settling, judged: readonly Judged[]) {
  const changed = judged.flatMap(({ row, standing }) => {
    const { stateBefore, whyBefore, outstandingBefore, lastPaidBefore } = row
    const isSame =
      standing?.state === stateBefore &&
      standing?.why === whyBefore &&
      standing?.outstanding === outstandingBefore &&
      standing?.lastPaidOn === lastPaidBefore
    return standing && !isSame ? [{ posting_id: row.postingId, ...standing, paid_on: standing.lastPaidOn }] : []
  })
  if (changed.length === 0) return
  await sql`
    insert into posting_settled (firm_id, posting_id, connection_id, state, why, outstanding, last_paid_on, changed_at)
    select ${firmId}, r.posting_id, ${connection.id}, r.state, r.why, r.outstanding, r.paid_on, ${now}
    from jsonb_to_recordset(${JSON.stringify(changed)}::jsonb)
      as r (posting_id uuid, state text, why text, outstanding numeric, paid_on date)
    on conflict (firm_id, posting_id) do update set state = excluded.state, why = excluded.why,
      outstanding = excluded.outstanding, last_paid_on = excluded.last_paid_on, changed_at = excluded.changed_at`.execute(
    trx,
  )
  await services.events.publish(trx, firmId, { topic: 'postings', ids: changed.map((one) => one.posting_id) })
}

/** What the books say was paid of one invoice, its credit notes in it. */
interface Paid {
  readonly amount: Decimal
  readonly date: string
  /** Whether a payment made it so; without one it was written off or set off there. */
  readonly isPayment: boolean
}

function paidOf(judged: readonly Judged[], today: string): ReadonlyMap<string, Paid> {
  const paid = new Map<string, Paid>()
  for (const [invoiceId, documents] of Map.groupBy(judged, ({ row }) => row.invoiceId)) {
    const own = documents.find(({ row }) => !row.isCredit)
    // What it never told of says nothing about what was paid, and what it tells and cannot be reckoned with neither.
    if (invoiceId === null || !own?.standing || (own.standing.state === 'unknown' && own.standing.why !== 'gone'))
      continue
    const booked = own.booked ? documents.flatMap((one) => one.booked ?? []) : []
    const dates = booked.flatMap(({ lastPaidOn }) => lastPaidOn ?? []).sort()
    paid.set(invoiceId, {
      amount: paidInBooks(booked),
      date: dates.at(-1) ?? today,
      isPayment: dates.length > 0,
    })
  }
  return paid
}

interface PaymentRow {
  readonly id: string
  readonly invoiceId: string
  readonly source: 'hand' | 'package'
  readonly date: string
  readonly amount: string
  readonly inBooks: string
  readonly isRemoved: boolean
}

type PaymentsOf = ReadonlyMap<string, { readonly told: PaymentRow | undefined; readonly hands: readonly PaymentRow[] }>

async function paymentsOf({ trx, firmId }: Settling, invoiceIds: readonly string[]): Promise<PaymentsOf> {
  const { rows } = await sql<PaymentRow>`
    select id, invoice_id as "invoiceId", source, date, amount, in_books as "inBooks", removed_at is not null as "isRemoved"
    from payment
    where firm_id = ${firmId} and invoice_id = any(${[...invoiceIds]}::uuid[]) and (source = 'package' or removed_at is null)
    order by created_at, id`.execute(trx)
  const ofInvoice = Map.groupBy(rows, ({ invoiceId }) => invoiceId)
  return new Map(
    invoiceIds.map((id) => {
      const all = ofInvoice.get(id) ?? []
      return [
        id,
        { told: all.find(({ source }) => source === 'package'), hands: all.filter(({ source }) => source === 'hand') },
      ]
    }),
  )
}

const toldAmount = (told: PaymentRow | undefined): Decimal => (told && !told.isRemoved ? decimal(told.amount) : zero)

/** Those of which the payment that stands here is not what the books say now. */
const differingOf = (paid: ReadonlyMap<string, Paid>, payments: PaymentsOf): string[] =>
  [...paid].flatMap(([invoiceId, { amount, date, isPayment }]) => {
    const told = payments.get(invoiceId)?.told
    if (!sameAmount(amount, toldAmount(told))) return [invoiceId]
    return isPayment && told && !told.isRemoved && told.date !== date ? [invoiceId] : []
  })

async function writePaid(about: Settling, paid: ReadonlyMap<string, Paid>, payments: PaymentsOf): Promise<void> {
  const { trx, firmId, services, now, connection, packageName, by } = about
  // Once more, now that nobody else changes them.
  const held = new Map([...paid].filter(([invoiceId]) => payments.has(invoiceId)))
  const written = differingOf(held, payments).map((invoiceId) => {
    const { amount, date, isPayment } = paid.get(invoiceId) as Paid
    const { told, hands } = payments.get(invoiceId) ?? { told: undefined, hands: [] }
    const before = toldAmount(told)
    const taken = takenIntoBooks(
      hands.map((hand) => ({ id: hand.id, amount: decimal(hand.amount), inBooks: decimal(hand.inBooks) })),
      { before, now: amount },
    )
    const isNothing = isZero(amount)
    return {
      invoice_id: invoiceId,
      payment_id: told?.id ?? services.ids.next(),
      // What is open again keeps what it was, and counts for nothing.
      amount: isNothing ? (told?.amount ?? '0') : amount,
      date: isNothing ? (told?.date ?? date) : date,
      way: isPayment || isNothing ? 'bank' : 'other',
      removed: isNothing,
      history_id: services.ids.next(),
      before: told && !told.isRemoved ? { amount: toCents(before), date: told.date } : null,
      after: { amount: toCents(amount), ...(isNothing ? {} : { date }), package: packageName },
      hands: hands.flatMap(({ id, inBooks }) => {
        const inBooksNow = taken.get(id) ?? zero
        return sameAmount(inBooksNow, decimal(inBooks)) ? [] : [{ id, in_books: inBooksNow }]
      }),
    }
  })
  if (written.length === 0) return
  const rows = JSON.stringify(written)
  await sql`
    insert into payment (firm_id, id, invoice_id, date, amount, way, source, connection_id, removed_at, created_at, updated_at)
    select ${firmId}, r.payment_id, r.invoice_id, r.date, r.amount, r.way, 'package', ${connection.id},
      case when r.removed then ${now}::timestamptz end, ${now}, ${now}
    from jsonb_to_recordset(${rows}::jsonb)
      as r (payment_id uuid, invoice_id uuid, date date, amount numeric, way text, removed boolean)
    where r.amount <> 0
    on conflict (firm_id, id) do update set date = excluded.date, amount = excluded.amount,
      way = case when excluded.removed_at is null then excluded.way else payment.way end, removed_at = excluded.removed_at,
      connection_id = excluded.connection_id, version = payment.version + 1, updated_at = excluded.updated_at`.execute(
    trx,
  )
  const hands = written.flatMap((one) => one.hands)
  if (hands.length > 0)
    await sql`
      update payment p set in_books = r.in_books, version = p.version + 1, updated_at = ${now}
      from jsonb_to_recordset(${JSON.stringify(hands)}::jsonb) as r (id uuid, in_books numeric)
      where p.firm_id = ${firmId} and p.id = r.id`.execute(trx)
  const ids = written.map((one) => one.invoice_id)
  await sql`
    update invoice set version = version + 1, updated_at = ${now}
    where firm_id = ${firmId} and id = any(${ids}::uuid[])`.execute(trx)
  await sql`
    insert into history (firm_id, id, subject_kind, subject_id, act, before, after, actor_id, actor_name, at)
    select ${firmId}, r.history_id, 'invoice', r.invoice_id, 'payment-in-books', r.before, r.after, ${by.memberId}, ${by.name}, ${now}
    from jsonb_to_recordset(${rows}::jsonb) as r (history_id uuid, invoice_id uuid, before jsonb, after jsonb)`.execute(
    trx,
  )
  await services.events.publish(trx, firmId, { topic: 'invoices', ids })
}
