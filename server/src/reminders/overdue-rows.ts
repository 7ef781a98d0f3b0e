import { nextReminder, whyNotByHand } from '@uurwerk/core/invoicing/reminder.ts'
import type { CalendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { sql } from 'kysely'
import { anywhere } from '../http/paging.ts'
import type { Trx } from '../store/database.ts'
import {
  isDueSql,
  isOverdueSql,
  type ReminderRules,
  readReminded,
  type StoredReminded,
  type StoredReminder,
} from './reminded-invoices.ts'

export interface OverdueFilter {
  readonly customerId?: readonly string[] | undefined
  readonly search?: string | undefined
  readonly due?: boolean | undefined
}

export interface OverdueRow {
  readonly id: string
  readonly number: string
  readonly customerId: string
  readonly customerName: string
  readonly date: string
  readonly dueDate: string
  readonly currency: string
  readonly gross: string
  readonly outstanding: string
}

/** Where letters of these customers go: contacts who receive invoices, else the address for invoices, else the general one. */
export async function letterAddressesOf(
  trx: Trx,
  firmId: string,
  customerIds: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const { rows } = await sql<{ customerId: string; to: string[] }>`
    select k.id as "customerId", coalesce(
      (select array_agg(distinct c.email order by c.email) from contact c
        where c.firm_id = k.firm_id and c.customer_id = k.id and c.receives_invoices and c.email is not null
          and c.archived_at is null and c.deleted_at is null),
      array_remove(array[coalesce(k.invoice_email, k.email)], null)) as "to"
    from customer k where k.firm_id = ${firmId}::uuid and k.id = any(${[...new Set(customerIds)]}::uuid[])`.execute(trx)
  return new Map(rows.map(({ customerId, to }) => [customerId, to]))
}

interface Reading {
  readonly trx: Trx
  readonly firmId: string
  readonly today: CalendarDate
  readonly rules: ReminderRules
}

/** Overdue invoices by name of the customer, then the oldest first. */
export async function listOverdue(
  { trx, firmId, today, rules }: Reading,
  { customerId, search, due }: OverdueFilter,
  { after, limit }: { readonly after: readonly string[] | undefined; readonly limit: number },
): Promise<OverdueRow[]> {
  const like = search ? anywhere(search) : null
  const where = due === undefined ? isOverdueSql(today) : isDueSql(rules, today)
  const { rows } = await sql<OverdueRow>`
    select i.id, i.number, i.customer_id as "customerId", k.name as "customerName", i.date, i.due_date as "dueDate",
      i.currency, i.gross, i.outstanding
    from invoice i
    join customer k on k.firm_id = i.firm_id and k.id = i.customer_id
    where i.firm_id = ${firmId}::uuid and ${isOverdueSql(today)}
      ${due === undefined ? sql`` : due ? sql`and ${where}` : sql`and not ${where}`}
      ${customerId?.length ? sql`and i.customer_id = any(${[...customerId]}::uuid[])` : sql``}
      ${like ? sql`and (i.number ilike ${like} or k.name ilike ${like})` : sql``}
      ${after ? sql`and (k.name collate "nl-x-icu", i.due_date, i.id) > (${after[0]}::text collate "nl-x-icu", ${after[1]}::date, ${after[2]}::uuid)` : sql``}
    order by k.name collate "nl-x-icu", i.due_date, i.id
    limit ${limit}`.execute(trx)
  return rows
}

/** What comes next for an invoice, as the API tells it. */
export function nextOf(invoice: StoredReminded, rules: ReminderRules, today: CalendarDate) {
  return { ...nextReminder(invoice, rules.days, today), whyNotByHand: whyNotByHand(invoice, today) }
}

export const reminderAnswer = ({ id, step, state, automatic, createdAt, sentAt }: StoredReminder) => ({
  letterId: id,
  step,
  state,
  automatic,
  createdAt: createdAt.toISOString(),
  sentAt: sentAt?.toISOString() ?? null,
})

export const readRemindedRows = (
  { trx, firmId, rules }: Omit<Reading, 'today'>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, StoredReminded>> => readReminded({ trx, firmId, timeZone: rules.timeZone }, ids)

export interface OverdueTotals {
  readonly overdue: readonly { readonly currency: string; readonly invoices: number; readonly outstanding: string }[]
  readonly customers: number
  readonly due: number
  readonly dueCustomers: number
}

/** In one statement: per currency, and over all of them. */
export async function totalOverdue({ trx, firmId, today, rules }: Reading): Promise<OverdueTotals> {
  const { rows } = await sql<{
    currency: string | null
    invoices: number
    outstanding: string
    customers: number
    due: number
    dueCustomers: number
  }>`
    select currency, count(*)::int as invoices, sum(outstanding)::text as outstanding,
      count(distinct customer_id)::int as customers, count(*) filter (where due)::int as due,
      count(distinct customer_id) filter (where due)::int as "dueCustomers"
    from (
      select i.currency, i.outstanding, i.customer_id, ${isDueSql(rules, today)} as due
      from invoice i
      join customer k on k.firm_id = i.firm_id and k.id = i.customer_id
      where i.firm_id = ${firmId}::uuid and ${isOverdueSql(today)}) as late
    group by grouping sets ((currency), ())
    order by currency`.execute(trx)
  const whole = rows.find(({ currency }) => currency === null)
  return {
    overdue: rows.flatMap(({ currency, invoices, outstanding }) =>
      currency === null ? [] : [{ currency, invoices, outstanding }],
    ),
    customers: whole?.customers ?? 0,
    due: whole?.due ?? 0,
    dueCustomers: whole?.dueCustomers ?? 0,
  }
}
