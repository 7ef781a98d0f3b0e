import type { hourEntry as hourEntryShape } from '@uurwerk/api/hours.ts'
import { quantityOf } from '@uurwerk/core/invoicing/totals.ts'
import { calendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { decimal, round, times, toCents } from '@uurwerk/core/shared/money.ts'
import { type RawBuilder, sql } from 'kysely'
import type { z } from 'zod'
import type { Trx } from '../store/database.ts'

export type HourAnswer = z.input<typeof hourEntryShape>

export interface HourFilter {
  readonly from?: string | undefined
  readonly until?: string | undefined
  readonly customerId?: readonly string[] | undefined
  readonly projectId?: readonly string[] | undefined
  readonly memberId?: readonly string[] | undefined
  readonly activityId?: readonly string[] | undefined
  readonly billable?: boolean | undefined
  readonly state?: readonly string[] | undefined
  readonly approval?: readonly string[] | undefined
  readonly search?: string | undefined
}

export interface HourRow {
  readonly id: string
  readonly memberId: string
  readonly memberName: string
  readonly date: string
  readonly minutes: number
  readonly startMinute: number | null
  readonly endMinute: number | null
  readonly breakMinutes: number
  readonly customerId: string | null
  readonly customerName: string | null
  readonly projectId: string
  readonly projectName: string
  readonly activityId: string
  readonly activityName: string
  readonly note: string
  readonly tags: string[]
  readonly billable: boolean
  readonly approval: string
  readonly rejectedReason: string | null
  readonly state: HourAnswer['state']
  readonly claimedInvoiceId: string | null
  readonly claimedInvoiceNumber: string | null
  readonly locked: boolean
  readonly rate: string | null
  readonly rateCurrency: string | null
  readonly version: number
}

/** The word on the screen, derived from claim and write-off as `wordOf` does. */
export const stateSql = sql<string>`case
  when c.id is not null and (i.state in ('sent', 'credited') or (c.invoice_id is null and pc.state = 'posted')) then 'invoiced'
  when c.id is not null then 'reserved'
  when h.written_off_at is not null then 'written-off'
  else 'free' end`

/**
 * The rate that holds on the day of the entry: the most specific of the project's method, of that the latest that had
 * begun, as `rateFor` in core decides. A test holds the two against each other.
 */
const rateSql = sql`left join lateral (
  select r.amount, r.currency from rate r
  where r.firm_id = h.firm_id and r.unit = 'hour' and r.deleted_at is null and r.from_date <= h.date and (
    (p.invoicing_method = 'hourly-activity' and r.activity_id = h.activity_id and (r.scope = 'activity' or (r.scope = 'project-activity' and r.project_id = h.project_id)))
    or (p.invoicing_method = 'hourly-user' and r.member_id = h.member_id and (r.scope = 'user' or (r.scope = 'project-user' and r.project_id = h.project_id)))
    or (p.invoicing_method = 'hourly-project' and r.scope = 'project' and r.project_id = h.project_id)
    or (p.invoicing_method = 'hourly-customer' and r.scope = 'customer' and r.customer_id = p.customer_id))
  order by (r.scope in ('project-activity', 'project-user')) desc, r.from_date desc, r.id desc
  limit 1
) rate on h.billable`

/** Joins of every hour query; `h` entry, `p` project, `k` customer, `a` activity, `m` person, `c` claim, `i` invoice. */
const from = (firmId: string, withRate: boolean) => sql`from hour_entry h
  join project p on p.firm_id = h.firm_id and p.id = h.project_id
  left join customer k on k.firm_id = p.firm_id and k.id = p.customer_id
  join activity a on a.firm_id = h.firm_id and a.id = h.activity_id
  join member m on m.firm_id = h.firm_id and m.id = h.member_id
  left join claim c on c.firm_id = h.firm_id and c.entry_kind = 'hours' and c.entry_id = h.id and c.released_at is null
  left join invoice i on i.firm_id = c.firm_id and i.id = c.invoice_id
  left join posting pc on pc.firm_id = c.firm_id and pc.id = c.posting_id
  ${withRate ? rateSql : sql``}
  where h.firm_id = ${firmId}::uuid and h.deleted_at is null`

const oneOf = (column: RawBuilder<unknown>, values: readonly string[] | undefined, type: 'uuid' | 'text') =>
  values && values.length > 0 ? sql` and ${column} = any(${[...values]}::${sql.raw(type)}[])` : sql``

export function whereOf(filter: HourFilter): RawBuilder<unknown> {
  const like = filter.search ? `%${filter.search.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%` : null
  return sql`
    ${filter.from ? sql` and h.date >= ${filter.from}::date` : sql``}
    ${filter.until ? sql` and h.date <= ${filter.until}::date` : sql``}
    ${oneOf(sql`p.customer_id`, filter.customerId, 'uuid')}
    ${oneOf(sql`h.project_id`, filter.projectId, 'uuid')}
    ${oneOf(sql`h.member_id`, filter.memberId, 'uuid')}
    ${oneOf(sql`h.activity_id`, filter.activityId, 'uuid')}
    ${oneOf(sql`h.approval`, filter.approval, 'text')}
    ${oneOf(stateSql, filter.state, 'text')}
    ${filter.billable === undefined ? sql`` : sql` and h.billable = ${filter.billable}`}
    ${like ? sql` and (h.note ilike ${like} or p.name ilike ${like} or k.name ilike ${like} or a.name ilike ${like} or m.name ilike ${like})` : sql``}`
}

export interface HourQuery {
  readonly firmId: string
  readonly where: RawBuilder<unknown>
  readonly order?: RawBuilder<unknown>
  readonly limit?: number
  /** Locks the entries, for those who are about to claim them. */
  readonly lock?: boolean
}

export async function hourRows(trx: Trx, { firmId, where, order, limit, lock }: HourQuery): Promise<HourRow[]> {
  const { rows } = await sql<HourRow>`
    select h.id, h.member_id as "memberId", m.name as "memberName", h.date, h.minutes,
      h.start_minute as "startMinute", h.end_minute as "endMinute", h.break_minutes as "breakMinutes",
      p.customer_id as "customerId", k.name as "customerName", h.project_id as "projectId", p.name as "projectName",
      h.activity_id as "activityId", a.name as "activityName", h.note, h.tags, h.billable, h.approval,
      h.rejected_reason as "rejectedReason", ${stateSql} as state, i.id as "claimedInvoiceId", i.number as "claimedInvoiceNumber",
      (c.id is not null or h.approval = 'approved' or h.written_off_at is not null) as locked,
      rate.amount as rate, rate.currency as "rateCurrency", h.version
    ${from(firmId, true)} ${where}
    ${order ? sql`order by ${order}` : sql`order by h.date, h.id`}
    ${limit === undefined ? sql`` : sql`limit ${limit}`}
    ${lock ? sql`for update of h` : sql``}`.execute(trx)
  return rows
}

export async function hourTotals(trx: Trx, firmId: string, where: RawBuilder<unknown>) {
  const { rows } = await sql<{
    currency: string | null
    count: string
    minutes: string
    billable: string
    uninvoiced: string
    amount: string | null
  }>`
    select rate.currency, count(*) as count, coalesce(sum(h.minutes), 0) as minutes,
      coalesce(sum(h.minutes) filter (where h.billable), 0) as billable,
      coalesce(sum(h.minutes) filter (where h.billable and c.id is null and h.written_off_at is null), 0) as uninvoiced,
      sum(round(round(h.minutes / 60.0, 4) * rate.amount, 2)) as amount
    ${from(firmId, true)} ${where}
    group by rate.currency order by rate.currency`.execute(trx)
  const total = (field: 'count' | 'minutes' | 'billable' | 'uninvoiced') =>
    rows.reduce((sum, row) => sum + Number(row[field]), 0)
  return {
    count: total('count'),
    minutes: total('minutes'),
    billableMinutes: total('billable'),
    uninvoicedMinutes: total('uninvoiced'),
    amounts: rows.flatMap(({ currency, amount }) =>
      currency && amount ? [{ currency, amount: toCents(decimal(amount)) }] : [],
    ),
  }
}

export type HourGroup = 'customer' | 'project' | 'person'

const groupSql = {
  customer: { key: sql`p.customer_id`, name: sql`k.name`, under: sql`null::text` },
  project: { key: sql`h.project_id`, name: sql`p.name`, under: sql`k.name` },
  person: { key: sql`h.member_id`, name: sql`m.name`, under: sql`null::text` },
} as const satisfies Record<HourGroup, unknown>

const groupText = (by: HourGroup) =>
  sql`(coalesce(${groupSql[by].name}, '') || chr(9) || coalesce(${groupSql[by].key}::text, '') || chr(9) || h.date::text)`
/** Keeps what belongs together in one run, by name, then by day; `groupTextOf` says the same of a row that was read. */
export const groupTextSql = {
  customer: groupText('customer'),
  project: groupText('project'),
  person: groupText('person'),
} as const satisfies Record<HourGroup, unknown>

export function groupTextOf(row: HourRow, by: HourGroup): string {
  const [name, key] = {
    customer: [row.customerName, row.customerId],
    project: [row.projectName, row.projectId],
    person: [row.memberName, row.memberId],
  }[by]
  return `${name ?? ''}\t${key ?? ''}\t${row.date}`
}

export async function hourGroupTotals(trx: Trx, firmId: string, where: RawBuilder<unknown>, by: HourGroup) {
  const { key, name, under } = groupSql[by]
  const { rows } = await sql<{
    key: string | null
    name: string | null
    under: string | null
    currency: string | null
    count: string
    minutes: string
    amount: string | null
  }>`
    select ${key} as key, ${name} as name, ${under} as under, rate.currency, count(*) as count,
      sum(h.minutes) as minutes, sum(round(round(h.minutes / 60.0, 4) * rate.amount, 2)) as amount
    ${from(firmId, true)} ${where}
    group by 1, 2, 3, 4 order by 2 nulls first, 1, 4`.execute(trx)
  return [...Map.groupBy(rows, (row) => row.key)].map(([group, parts]) => ({
    key: group,
    name: parts[0]?.name ?? null,
    under: parts[0]?.under ?? null,
    count: parts.reduce((sum, part) => sum + Number(part.count), 0),
    minutes: parts.reduce((sum, part) => sum + Number(part.minutes), 0),
    amounts: parts.flatMap(({ currency, amount }) =>
      currency && amount ? [{ currency, amount: toCents(decimal(amount)) }] : [],
    ),
  }))
}

export function toHourAnswer(row: HourRow, seesMoney: boolean): HourAnswer {
  const rate = seesMoney && row.rate ? decimal(row.rate) : null
  return {
    id: row.id,
    memberId: row.memberId,
    memberName: row.memberName,
    date: calendarDate(row.date),
    minutes: row.minutes,
    startMinute: row.startMinute,
    endMinute: row.endMinute,
    breakMinutes: row.breakMinutes,
    customerId: row.customerId,
    customerName: row.customerName,
    projectId: row.projectId,
    projectName: row.projectName,
    activityId: row.activityId,
    activityName: row.activityName,
    note: row.note,
    tags: row.tags,
    billable: row.billable,
    approval: row.approval as HourAnswer['approval'],
    rejectedReason: row.rejectedReason,
    state: row.state,
    invoice: row.claimedInvoiceId ? { id: row.claimedInvoiceId, number: row.claimedInvoiceNumber } : null,
    locked: row.locked,
    rate: rate && round(rate, 2),
    amount: rate && toCents(times(quantityOf(row.minutes), rate)),
    currency: rate ? row.rateCurrency : null,
    version: row.version,
  }
}
