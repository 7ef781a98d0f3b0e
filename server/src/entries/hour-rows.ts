import type { hourEntry as hourEntryShape } from '@uurwerk/api/hours.ts'
import { quantityOf } from '@uurwerk/core/invoicing/totals.ts'
import { calendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { decimal, times, toCents } from '@uurwerk/core/shared/money.ts'
import { type RawBuilder, sql } from 'kysely'
import type { z } from 'zod'
import type { Trx } from '../store/database.ts'
import { runTextOf, runTextSql, sharedRuns } from './entry-runs.ts'
import {
  claimJoin,
  type EntryFilter,
  type EntryQuery,
  entryWhere,
  type FactRow,
  factColumns,
  oneOf,
  peopleAndProject,
  readEntries,
  searchWhere,
  toFacts,
} from './entry-sql.ts'
import { rateText } from './rate-text.ts'

export type HourAnswer = z.input<typeof hourEntryShape>

export interface HourFilter extends EntryFilter {
  readonly activityId?: readonly string[] | undefined
}

export interface HourRow extends FactRow {
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
  readonly rate: string | null
  readonly rateCurrency: string | null
  readonly version: number
}

/**
 * The rate that holds on the day of the entry: the most specific of the project's method, of that the latest that had
 * begun, as `rateFor` in core decides. For a page; what reads everything takes `hourRateJoins`, and a test holds the
 * three against each other.
 */
const rateSql = sql`left join lateral (
  select r.amount, r.currency from rate r
  where r.firm_id = e.firm_id and r.unit = 'hour' and r.deleted_at is null and r.from_date <= e.date and (
    (p.invoicing_method = 'hourly-activity' and r.activity_id = e.activity_id and (r.scope = 'activity' or (r.scope = 'project-activity' and r.project_id = e.project_id)))
    or (p.invoicing_method = 'hourly-user' and r.member_id = e.member_id and (r.scope = 'user' or (r.scope = 'project-user' and r.project_id = e.project_id)))
    or (p.invoicing_method = 'hourly-project' and r.scope = 'project' and r.project_id = e.project_id)
    or (p.invoicing_method = 'hourly-customer' and r.scope = 'customer' and r.customer_id = p.customer_id))
  order by (r.scope in ('project-activity', 'project-user')) desc, r.from_date desc, r.id desc
  limit 1
) rate on e.billable`

/** Joins of every hour query, as `entry-sql` names them; `a` is the activity. */
const joins = sql`
  ${peopleAndProject}
  join activity a on a.firm_id = e.firm_id and a.id = e.activity_id
  ${claimJoin('hours')}
  ${rateSql}`

export const whereOf = ({ search, ...filter }: HourFilter): RawBuilder<unknown> =>
  sql`${entryWhere('hours', filter, [])} ${oneOf(sql`e.activity_id`, filter.activityId, 'uuid')}
    ${searchWhere(search, [sql`e.note`], [[sql`e.activity_id`, 'activity']])}`

const columns = sql`e.id, e.member_id as "memberId", m.name as "memberName", e.date, e.minutes,
  e.start_minute as "startMinute", e.end_minute as "endMinute", e.break_minutes as "breakMinutes",
  p.customer_id as "customerId", k.name as "customerName", e.project_id as "projectId", p.name as "projectName",
  e.activity_id as "activityId", a.name as "activityName", e.note, e.tags, e.billable, ${factColumns},
  rate.amount as rate, rate.currency as "rateCurrency", e.version`

export const hourRows = (trx: Trx, query: EntryQuery): Promise<HourRow[]> =>
  readEntries(trx, { kind: 'hours', columns, joins }, query)

export type HourGroup = keyof typeof sharedRuns

export const hourGroupTextSql = (by: HourGroup) => runTextSql(sharedRuns[by])
export const hourGroupTextOf = (row: HourRow, by: HourGroup): string => runTextOf<HourRow>(row, sharedRuns[by])

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
    ...toFacts(row),
    rate: rate && rateText(rate),
    amount: rate && toCents(times(quantityOf(row.minutes), rate)),
    currency: rate ? row.rateCurrency : null,
    version: row.version,
  }
}
