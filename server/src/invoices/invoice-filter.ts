import type { PaymentState } from '@uurwerk/core/invoicing/payment-state.ts'
import { type RawBuilder, sql } from 'kysely'
import { anywhere, type KeyPart } from '../http/paging.ts'
import { overdueSql, paymentStateIs } from '../payments/payment-state-sql.ts'
import { inBooksSql } from './in-books.ts'

/** What a list of invoices can be narrowed by; lists mean any of them. */
export interface InvoiceFilter {
  readonly state?: readonly string[] | undefined
  readonly paymentState?: readonly PaymentState[] | undefined
  readonly overdue?: boolean | undefined
  readonly customerId?: readonly string[] | undefined
  readonly from?: string | undefined
  readonly until?: string | undefined
  readonly search?: string | undefined
  readonly posted?: boolean | undefined
  readonly updatedSince?: string | undefined
}

/** What the customer was called when the invoice was sent; of a draft what he is called now. Over invoice `i`, customer `k`. */
export const customerNameSql = sql<string>`coalesce(i.customer_snapshot ->> 'name', k.name)`

/** The conditions of a filter over invoice `i` and customer `k`, each with its ` and`; `today` in the firm's time zone. */
export function invoiceWhere(filter: InvoiceFilter, today: string): RawBuilder<unknown> {
  const { state, paymentState, overdue, customerId, from, until, search, posted, updatedSince } = filter
  const like = search ? anywhere(search) : null
  return sql`
    ${state?.length ? sql`and i.state = any(${[...state]}::text[])` : sql``}
    ${paymentState?.length ? sql`and ${paymentStateIs(paymentState)}` : sql``}
    ${overdue === undefined ? sql`` : overdue ? sql`and ${overdueSql(today)}` : sql`and not ${overdueSql(today)}`}
    ${customerId?.length ? sql`and i.customer_id = any(${[...customerId]}::uuid[])` : sql``}
    ${from ? sql`and i.date >= ${from}::date` : sql``}
    ${until ? sql`and i.date <= ${until}::date` : sql``}
    ${like ? sql`and (i.number ilike ${like} or ${customerNameSql} ilike ${like} or i.reference ilike ${like} or i.order_number ilike ${like})` : sql``}
    ${posted === undefined ? sql`` : posted ? sql`and ${inBooksSql}` : sql`and i.state <> 'draft' and not ${inBooksSql}`}
    ${updatedSince ? sql`and i.updated_at >= ${new Date(updatedSince)}` : sql``}`
}

// A number sorts by what it counts, `2026-9999` before `2026-10000`; a draft has none and stands below.
const numberSql = sql`lpad(coalesce(i.number, ''), 40) collate "C"`

/** What a list is sorted by, over invoice `i`; equal ones by id, in the same direction. */
export const invoiceSorts = {
  date: { column: sql`i.date`, direction: sql`asc`, sign: sql`>`, type: sql`date`, key: 'date' },
  '-date': { column: sql`i.date`, direction: sql`desc`, sign: sql`<`, type: sql`date`, key: 'date' },
  number: { column: numberSql, direction: sql`asc`, sign: sql`>`, type: sql`text`, key: 'text' },
  '-number': { column: numberSql, direction: sql`desc`, sign: sql`<`, type: sql`text`, key: 'text' },
  dueDate: { column: sql`i.due_date`, direction: sql`asc`, sign: sql`>`, type: sql`date`, key: 'date' },
  '-dueDate': { column: sql`i.due_date`, direction: sql`desc`, sign: sql`<`, type: sql`date`, key: 'date' },
  outstanding: { column: sql`i.outstanding`, direction: sql`asc`, sign: sql`>`, type: sql`numeric`, key: 'amount' },
  '-outstanding': { column: sql`i.outstanding`, direction: sql`desc`, sign: sql`<`, type: sql`numeric`, key: 'amount' },
} as const satisfies Record<string, { readonly key: KeyPart } & Record<string, unknown>>
