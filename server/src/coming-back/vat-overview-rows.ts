import type { comingBackRoutes, vatInvoiceRow } from '@uurwerk/api/coming-back.ts'
import type { QueryOf } from '@uurwerk/api/route.ts'
import { type TaxedInvoice, type VatOverview, vatOverview } from '@uurwerk/core/bookkeeping/vat-overview.ts'
import { countryOfVatId } from '@uurwerk/core/customers/vat-id.ts'
import { type Decimal, decimal, sum, times, toCents } from '@uurwerk/core/shared/money.ts'
import { type RawBuilder, sql } from 'kysely'
import type { z } from 'zod'
import type { FirmCall } from '../http/call.ts'
import { storedVatPerRate } from '../invoices/frozen.ts'
import { countsSql } from '../invoices/in-books.ts'
import { customerNameSql } from '../invoices/invoice-filter.ts'
import type { Trx } from '../store/database.ts'
import { readStored } from '../store/stored.ts'

export type VatPeriod = Pick<
  QueryOf<(typeof comingBackRoutes)['readVatOverview']>,
  'from' | 'until' | 'by' | 'connectionId'
>
export type VatRowsAsked = VatPeriod &
  Pick<QueryOf<(typeof comingBackRoutes)['exportVatOverview']>, 'treatment' | 'rate' | 'customerId' | 'booked'>
type Asking = Pick<FirmCall<never>, 'firmId' | 'firm'> & { readonly trx: Trx }
type InvoiceAnswer = z.input<typeof vatInvoiceRow>

/**
 * Sent invoices `i` of customer `k` with the entry `b` that they have in the books, over the connection that is asked
 * for or the one in use. `v`: the day in whose period they count.
 */
const sentSql = (firmId: string, { from, until, by, connectionId }: VatPeriod): RawBuilder<unknown> => sql`
  from invoice i
  join customer k on k.firm_id = i.firm_id and k.id = i.customer_id
  left join lateral (
    select p.id, p.their_gross, coalesce(p.receipt ->> 'vat', p.receipt #>> '{shows,vat}')::numeric as their_vat,
      p.their_number, p.choices ->> 'bookIn' as book_in,
      p.differs or exists (select from books_difference d where d.firm_id = p.firm_id and d.posting_id = p.id
        and d.state <> 'solved' and d.kind <> 'not-attached') as differs
    from posting p join connection c on c.firm_id = p.firm_id and c.id = p.connection_id
    where p.firm_id = i.firm_id and p.subject_id = i.id and p.kind = 'salesEntry' and p.state = 'posted'
      and ${connectionId ? sql`c.id = ${connectionId}` : sql`(c.state <> 'disconnected' or c.mode = 'live')`}
    order by c.state = 'disconnected', p.sequence desc limit 1
  ) b on true
  cross join lateral (select ${by === 'booked' ? sql`coalesce(b.book_in::date, i.date)` : sql`i.date`} as day) v
  where i.firm_id = ${firmId} and i.state <> 'draft' and i.deleted_at is null
    and v.day between ${from}::date and ${until}::date`

const bookedSql = sql<InvoiceAnswer['booked']>`case
  when b.id is null then case when i.already_in_books then 'already-in-books' else 'not-posted' end
  when b.differs then 'differs' else 'posted' end`

interface SentRow {
  readonly id: string
  readonly number: string
  readonly currency: string
  readonly rate: string | null
  readonly vat: string
  readonly gross: string
  readonly vatPerRate: unknown
  readonly customerId: string
  readonly customerName: string
  readonly vatId: string | null
  readonly country: string | null
  readonly theirGross: string | null
  readonly theirVat: string | null
  readonly booked: InvoiceAnswer['booked']
}

async function sentRows({ trx, firmId }: Asking, period: VatPeriod): Promise<SentRow[]> {
  const { rows } = await sql<SentRow>`
    select i.id, i.number, i.currency, trim_scale(i.rate_to_firm) as rate, i.vat, i.gross, i.vat_per_rate as "vatPerRate",
      i.customer_id as "customerId", ${customerNameSql} as "customerName",
      case when i.customer_snapshot is null then k.vat_id else i.customer_snapshot ->> 'vatId' end as "vatId",
      coalesce(i.customer_snapshot #>> '{address,country}', k.country) as country,
      b.their_gross as "theirGross", b.their_vat as "theirVat", ${bookedSql} as booked
    ${sentSql(firmId, period)}
    order by i.date, i.id`.execute(trx)
  return rows
}

/** As the invoice itself reckons its VAT in the firm's currency. */
function taxed(row: SentRow): TaxedInvoice {
  const rate = row.rate === null ? null : decimal(row.rate)
  return {
    id: row.id,
    currency: row.currency,
    exchange: rate && { rate, vat: toCents(times(decimal(row.vat), rate)) },
    customer: {
      id: row.customerId,
      name: row.customerName,
      vatId: row.vatId,
      country: row.vatId ? countryOfVatId(row.vatId) : row.country,
    },
    vatPerRate: readStored(storedVatPerRate, row.vatPerRate, 'the VAT of an invoice'),
  }
}

interface Sum {
  readonly invoices: number
  readonly base: Decimal
  readonly vat: Decimal
}

/** What is in the books of one currency, ours beside theirs. */
interface PostedSum {
  readonly currency: string
  readonly invoices: number
  readonly gross: Decimal
  readonly vat: Decimal
  readonly theirGross: Decimal
  readonly theirVat: Decimal | null
  readonly differing: number
}

export interface VatFound {
  readonly overview: VatOverview
  readonly invoices: number
  readonly withoutRate: readonly { readonly invoiceId: string; readonly number: string; readonly currency: string }[]
  readonly posted: readonly PostedSum[]
  readonly notPosted: Sum
  readonly alreadyInBooks: Sum
}

export async function readVatOverview(call: Asking, period: VatPeriod): Promise<VatFound> {
  const rows = await sentRows(call, period)
  const { currency } = call.firm
  const ofBooked = Map.groupBy(rows, ({ booked }) => booked)
  const sumOf = (booked: SentRow['booked']): Sum => {
    const some = ofBooked.get(booked) ?? []
    const { base, vat } = vatOverview(some.map(taxed), currency)
    return { invoices: some.length, base, vat }
  }
  const posted = rows.filter(({ booked }) => booked === 'posted' || booked === 'differs')
  const overview = vatOverview(rows.map(taxed), currency)
  const byId = new Map(rows.map((row) => [row.id, row]))
  return {
    overview,
    invoices: rows.length,
    withoutRate: overview.withoutRate.flatMap((id) => {
      const row = byId.get(id)
      return row ? [{ invoiceId: id, number: row.number, currency: row.currency }] : []
    }),
    posted: [...Map.groupBy(posted, (row) => row.currency)].map(([own, some]) => postedSum(own, some)),
    notPosted: sumOf('not-posted'),
    alreadyInBooks: sumOf('already-in-books'),
  }
}

function postedSum(currency: string, rows: readonly SentRow[]): PostedSum {
  const total = (amounts: readonly string[]) => toCents(sum(amounts.map(decimal)))
  return {
    currency,
    invoices: rows.length,
    gross: total(rows.map(({ gross }) => gross)),
    vat: total(rows.map(({ vat }) => vat)),
    theirGross: total(rows.map(({ gross, theirGross }) => theirGross ?? gross)),
    theirVat: rows.some(({ theirVat }) => theirVat === null)
      ? null
      : total(rows.map(({ theirVat }) => theirVat ?? '0')),
    differing: rows.filter(({ booked }) => booked === 'differs').length,
  }
}

/** Base and VAT of one case on an invoice `i`, or of all of it; in its own currency. */
const partSql = ({ treatment, rate }: VatRowsAsked, part: 'base' | 'vat'): RawBuilder<string> =>
  !treatment?.length
    ? sql`${part === 'base' ? sql`i.net` : sql`i.vat`}`
    : sql`(select sum((r ->> ${sql.lit(part)})::numeric) from jsonb_array_elements(i.vat_per_rate) r
        where r ->> 'treatment' = any(${treatment}::text[])
          ${rate === undefined ? sql`` : sql`and (r ->> 'rate')::numeric = ${rate}::numeric`})`

const oneCaseSql = (asked: VatRowsAsked): RawBuilder<unknown> => sql`
  ${!asked.treatment?.length ? sql`` : sql`and ${partSql(asked, 'base')} is not null`}
  ${asked.customerId === undefined ? sql`` : sql`and i.customer_id = ${asked.customerId}`}
  ${!asked.booked?.length ? sql`` : sql`and ${bookedSql} = any(${asked.booked}::text[])`}`

/** The invoices behind an overview or one line of it, as rows that a list and an export take their columns from. */
export const vatInvoicesSql = (firmId: string, asked: VatRowsAsked): RawBuilder<unknown> =>
  sql`${sentSql(firmId, asked)} ${oneCaseSql(asked)}`

export const vatInvoiceColumns = (asked: VatRowsAsked) => ({
  base: partSql(asked, 'base'),
  vat: partSql(asked, 'vat'),
  booked: bookedSql,
  customerName: customerNameSql,
  theirGross: sql<string | null>`b.their_gross`,
  theirVat: sql<string | null>`b.their_vat`,
  theirNumber: sql<string | null>`b.their_number`,
  bookedIn: sql<string | null>`case when b.book_in::date <> i.date then b.book_in end`,
})

export async function listVatInvoices(
  { trx, firmId }: Pick<Asking, 'trx' | 'firmId'>,
  asked: VatRowsAsked,
  after: readonly [string, string] | null,
  limit: number,
): Promise<InvoiceAnswer[]> {
  const columns = vatInvoiceColumns(asked)
  const { rows } = await sql<InvoiceAnswer>`
    select i.id as "invoiceId", i.number, i.kind, i.date, ${columns.bookedIn} as "bookedIn",
      ${columns.customerName} as "customerName", i.currency, ${columns.base}::numeric(18, 2) as base,
      ${columns.vat}::numeric(18, 2) as vat, i.gross, ${columns.theirGross} as "theirGross",
      ${columns.theirVat}::numeric(18, 2) as "theirVat", ${columns.theirNumber} as "theirNumber", ${columns.booked} as booked
    ${vatInvoicesSql(firmId, asked)}
      ${after ? sql`and (i.date, i.id) > (${after[0]}::date, ${after[1]}::uuid)` : sql``}
    order by i.date, i.id limit ${limit}`.execute(trx)
  return rows
}

/** The package whose books stand beside it, or null when there is none. */
export async function booksBeside(
  { trx, firmId }: Pick<Asking, 'trx' | 'firmId'>,
  connectionId: string | undefined,
): Promise<string | null> {
  const { rows } = await sql<{ package: string }>`
    select k.package from connection k
    where k.firm_id = ${firmId} and k.purpose = 'sales' and k.administration is not null
      and ${connectionId ? sql`k.id = ${connectionId}` : countsSql}
    order by k.state = 'disconnected', k.created_at desc limit 1`.execute(trx)
  return rows[0]?.package ?? null
}
