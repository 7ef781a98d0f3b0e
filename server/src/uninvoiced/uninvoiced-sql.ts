import type { CalendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import type { BillingRounding } from '@uurwerk/core/time/billing-rounding.ts'
import { type RawBuilder, sql } from 'kysely'
import { heldByPackage } from '../entries/entry-sql.ts'
import { drivenKmSql, tripRateJoin } from '../entries/trip-rows.ts'
import type { Actor } from '../http/call.ts'
import type { ClaimedKind } from '../invoices/invoice-claims.ts'
import { hourRateJoins, rateAmountSql, rateCurrencySql } from '../overviews/hour-rates.ts'
import type { Trx } from '../store/database.ts'

export interface UninvoicedFilter {
  readonly customerId?: readonly string[] | undefined
  readonly projectId?: readonly string[] | undefined
  readonly teamId?: readonly string[] | undefined
  readonly managerId?: readonly string[] | undefined
}

export interface Reading {
  readonly trx: Trx
  readonly firmId: string
  readonly actor: Actor
  readonly filter: UninvoicedFilter
  readonly today: CalendarDate
  /** Only what is of this day or before it, as far as it is free. */
  readonly until: CalendarDate | null
  readonly approvalOn: boolean
  /** As at the end of an earlier day; null: as it stands now. */
  readonly past: { readonly date: CalendarDate; readonly end: Date } | null
  /** Days on which a VAT rate of the firm's country changed, in order. */
  readonly vatDates: readonly CalendarDate[]
}

const anyOf = (column: RawBuilder<unknown>, ids: readonly string[] | undefined) =>
  ids && ids.length > 0 ? sql` and ${column} = any(${[...ids]}::uuid[])` : sql``

/** Projects `p` that the filter names and that who asks may see: all, or those he manages. */
function ofProjects({ filter, actor }: Reading): RawBuilder<unknown> {
  const managedBy = (ids: readonly string[]) => sql` and exists (select from project_member managed
    where managed.firm_id = p.firm_id and managed.project_id = p.id and managed.manager
      and managed.member_id = any(${[...ids]}::uuid[]))`
  return sql` and p.deleted_at is null and p.invoicing_method <> 'none'
    ${anyOf(sql`p.customer_id`, filter.customerId)} ${anyOf(sql`p.id`, filter.projectId)}
    ${filter.managerId && filter.managerId.length > 0 ? managedBy(filter.managerId) : sql``}
    ${actor.rights.has('hours:read') ? sql`` : managedBy([actor.memberId])}`
}

const ofTeams = ({ filter }: Reading) =>
  filter.teamId && filter.teamId.length > 0
    ? sql` and exists (select from team_member tm where tm.firm_id = e.firm_id and tm.member_id = e.member_id
        and tm.team_id = any(${[...filter.teamId]}::uuid[]))`
    : sql``

/**
 * Nobody invoiced it: now, which the partial indexes know, or at the end of an earlier day, when no invoice dated up to
 * it held it. A draft that was thrown away since never counted, nor a document in the package that is not there any more;
 * an invoice that was credited since did.
 */
function isFree({ past }: Reading, kind: ClaimedKind): RawBuilder<unknown> {
  if (!past) return sql` and not e.claimed`
  return sql` and not exists (select from claim c left join invoice i on i.firm_id = c.firm_id and i.id = c.invoice_id
    ${heldByPackage}
    where c.firm_id = e.firm_id and c.entry_kind = ${sql.lit(kind)} and c.entry_id = e.id
      and coalesce(i.date, d.date) <= ${past.date}::date
      and (c.released_at is null or (c.released_at >= ${past.end} and i.state <> 'draft')))`
}

/** Billable, free, not written off and of a day that counts, as `billingOf` in core says. */
function isBillable(reading: Reading, kind: 'hours' | 'expense' | 'trip'): RawBuilder<unknown> {
  const { past, until, approvalOn, today } = reading
  const last = past?.date ?? (approvalOn ? null : today)
  const days = [last, until].flatMap((day) => (day === null ? [] : [sql` and e.date <= ${day}::date`]))
  return sql`e.deleted_at is null and e.billable and e.written_off_at is null
    ${isFree(reading, kind)} ${sql.join(days, sql``)} ${ofTeams(reading)} ${ofProjects(reading)}`
}

const approvedSql = ({ approvalOn }: Reading) =>
  approvalOn ? sql<boolean>`(e.approval = 'approved')` : sql<boolean>`true`
/** Of which period between two changes of VAT rates a day is. */
const vatPeriodSql = ({ vatDates }: Reading) => sql<number>`width_bucket(e.date, ${[...vatDates]}::date[])`

const projectJoin = sql`join project p on p.firm_id = e.firm_id and p.id = e.project_id
  left join customer k on k.firm_id = p.firm_id and k.id = p.customer_id`

/** A rule there is; the rule itself is read with the project. */
const isRounded = sql<boolean>`(coalesce(p.billing_rounding, k.billing_rounding) is not null)`
const isHourlySql = sql`p.invoicing_method like 'hourly-%'`

const rateColumns = sql`${rateAmountSql} as rate, ${rateCurrencySql} as currency`

/** Hours that share a rate, an activity and a VAT period. */
export interface HoursRow {
  readonly projectId: string
  readonly activityId: string
  readonly rate: string | null
  readonly currency: string | null
  readonly approved: boolean
  readonly minutes: number
  readonly oldest: string
}

export async function hoursRows(reading: Reading): Promise<HoursRow[]> {
  const { trx, firmId } = reading
  const { rows } = await sql<Omit<HoursRow, 'minutes'> & { minutes: string }>`
    select e.project_id as "projectId", e.activity_id as "activityId", ${rateColumns}, ${approvedSql(reading)} as approved,
      sum(e.minutes) as minutes, min(e.date) as oldest
    from hour_entry e ${projectJoin} ${hourRateJoins(firmId)}
    where e.firm_id = ${firmId}::uuid and ${isHourlySql} and not ${isRounded} and ${isBillable(reading, 'hours')}
    group by 1, 2, 3, 4, 5, ${vatPeriodSql(reading)}`.execute(trx)
  return rows.map((row) => ({ ...row, minutes: Number(row.minutes) }))
}

/** One by one: how much is billed of each depends on the others of its day. */
export interface RoundedRow extends HoursRow {
  readonly id: string
  readonly userId: string
}

export async function roundedRows(reading: Reading): Promise<RoundedRow[]> {
  const { trx, firmId } = reading
  const { rows } = await sql<RoundedRow>`
    select e.id, e.member_id as "userId", e.project_id as "projectId", e.activity_id as "activityId", ${rateColumns},
      ${approvedSql(reading)} as approved, e.minutes, e.date as oldest
    from hour_entry e ${projectJoin} ${hourRateJoins(firmId)}
    where e.firm_id = ${firmId}::uuid and ${isHourlySql} and ${isRounded} and ${isBillable(reading, 'hours')}
    order by e.date, e.id`.execute(trx)
  return rows
}

/** Minutes that an agreed price pays for: of a subscription those of the periods that are due. */
export async function coveredRows(reading: Reading): Promise<{ projectId: string; minutes: number }[]> {
  const { trx, firmId } = reading
  const { rows } = await sql<{ projectId: string; minutes: string }>`
    select e.project_id as "projectId", sum(e.minutes) as minutes
    from hour_entry e ${projectJoin}
    left join lateral (select min(s.period_from) as since from (select e.* from subscription_period e
      where e.firm_id = p.firm_id and e.project_id = p.id and ${isDue(reading, 'subscription')}) s) due
      on p.invoicing_method = 'subscription'
    where e.firm_id = ${firmId}::uuid and not ${isHourlySql} and ${isBillable(reading, 'hours')}
      and (p.invoicing_method <> 'subscription' or e.date >= due.since)
    group by 1`.execute(trx)
  return rows.map((row) => ({ ...row, minutes: Number(row.minutes) }))
}

export interface TripsRow {
  readonly projectId: string
  readonly rate: string | null
  readonly currency: string | null
  readonly approved: boolean
  readonly km: string
  readonly oldest: string
}

export async function tripsRows(reading: Reading): Promise<TripsRow[]> {
  const { trx, firmId } = reading
  const { rows } = await sql<TripsRow>`
    select e.project_id as "projectId", rate.amount as rate, rate.currency, ${approvedSql(reading)} as approved,
      sum(${drivenKmSql}) as km, min(e.date) as oldest
    from trip e ${projectJoin} ${tripRateJoin}
    where e.firm_id = ${firmId}::uuid and ${isBillable(reading, 'trip')}
    group by 1, 2, 3, 4, ${vatPeriodSql(reading)}`.execute(trx)
  return rows
}

export interface ExpensesRow {
  readonly projectId: string
  readonly currency: string
  readonly approved: boolean
  readonly count: number
  readonly amount: string
  readonly oldest: string
}

export async function expensesRows(reading: Reading): Promise<ExpensesRow[]> {
  const { trx, firmId } = reading
  const { rows } = await sql<ExpensesRow>`
    select e.project_id as "projectId", e.currency, ${approvedSql(reading)} as approved, count(*)::int as count,
      sum(e.recharge_net) as amount, min(e.date) as oldest
    from expense e ${projectJoin}
    where e.firm_id = ${firmId}::uuid and ${isBillable(reading, 'expense')}
    group by 1, 2, 3`.execute(trx)
  return rows
}

function isDue(reading: Reading, kind: 'instalment' | 'subscription'): RawBuilder<unknown> {
  const asAt = reading.past?.date ?? reading.today
  const day = reading.until !== null && reading.until < asAt ? reading.until : asAt
  const alive = kind === 'instalment' ? sql`e.deleted_at is null` : sql`e.skipped_at is null`
  return sql`${alive} and e.due_on <= ${day}::date ${isFree(reading, kind)}`
}

/** What is of the project itself does not belong to a team. */
const withoutTeam = ({ filter }: Reading) => sql.lit(!filter.teamId?.length)

export interface InstalmentDue {
  readonly id: string
  readonly projectId: string
  readonly number: number | null
  readonly of: number
  readonly description: string
  readonly dueOn: string
  readonly amount: string
}

export async function instalmentsDue(reading: Reading): Promise<InstalmentDue[]> {
  const { trx, firmId } = reading
  const { rows } = await sql<InstalmentDue>`
    select e.id, e.project_id as "projectId", placed.number, placed.of, e.description, e.due_on as "dueOn", e.amount
    from instalment e ${projectJoin}
    cross join lateral (
      select case when e.kind = 'part' then count(*) filter (where (n.due_on, n.position) <= (e.due_on, e.position))::int end as number,
        count(*)::int as of
      from instalment n where n.firm_id = e.firm_id and n.project_id = e.project_id and n.deleted_at is null
        and n.kind = 'part' and n.activity_id is not distinct from e.activity_id) placed
    where e.firm_id = ${firmId}::uuid and ${withoutTeam(reading)} and ${isDue(reading, 'instalment')} ${ofProjects(reading)}
    order by e.due_on, e.position`.execute(trx)
  return rows
}

export interface PeriodDue {
  readonly id: string
  readonly projectId: string
  readonly periodFrom: string
  readonly periodUntil: string
  readonly dueOn: string
  readonly amount: string
}

export async function periodsDueNow(reading: Reading): Promise<PeriodDue[]> {
  const { trx, firmId } = reading
  const { rows } = await sql<PeriodDue>`
    select e.id, e.project_id as "projectId", e.period_from as "periodFrom", e.period_until as "periodUntil",
      e.due_on as "dueOn", e.amount
    from subscription_period e ${projectJoin}
    where e.firm_id = ${firmId}::uuid and ${withoutTeam(reading)} and ${isDue(reading, 'subscription')} ${ofProjects(reading)}
    order by e.due_on, e.id`.execute(trx)
  return rows
}

/** A project that has something to invoice, and who pays. */
export interface ProjectShown {
  readonly id: string
  readonly name: string
  readonly code: string | null
  readonly orderNumber: string | null
  readonly method: string
  readonly billingRounding: BillingRounding | null
  readonly customerId: string | null
  readonly customerName: string | null
  readonly customerNumber: string | null
  readonly billToId: string | null
  readonly billToName: string | null
  /** Of who is invoiced. */
  readonly currency: string
  readonly vatCase: string | null
}

export async function projectsShown({ trx, firmId }: Reading, ids: readonly string[]): Promise<ProjectShown[]> {
  const { rows } = await sql<ProjectShown>`
    select p.id, p.name, p.code, p.order_number as "orderNumber", p.invoicing_method as method,
      coalesce(p.billing_rounding, k.billing_rounding) as "billingRounding", k.id as "customerId", k.name as "customerName",
      k.number as "customerNumber", b.id as "billToId", b.name as "billToName",
      coalesce(b.currency, k.currency, f.currency) as currency, coalesce(b.vat_case, k.vat_case) as "vatCase"
    from project p
    join firm f on f.firm_id = p.firm_id
    left join customer k on k.firm_id = p.firm_id and k.id = p.customer_id
    left join customer b on b.firm_id = k.firm_id and b.id = k.bill_to_id
    where p.firm_id = ${firmId}::uuid and p.id = any(${[...ids]}::uuid[])
    order by k.name collate "nl-x-icu" nulls last, k.id, p.name collate "nl-x-icu", p.id`.execute(trx)
  return rows
}

export async function classOfActivities({ trx, firmId }: Reading): Promise<ReadonlyMap<string, string>> {
  const rows = await trx.selectFrom('activity').select(['id', 'vatClass']).where('firmId', '=', firmId).execute()
  return new Map(rows.map(({ id, vatClass }) => [id, vatClass]))
}
