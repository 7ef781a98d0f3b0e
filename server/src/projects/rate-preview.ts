import type { rateInput, ratePreview } from '@uurwerk/api/master-data.ts'
import { type InvoicingMethod, invoicingMethods } from '@uurwerk/core/projects/invoicing-method.ts'
import {
  type DatedRate,
  type PricedHours,
  type RateScope,
  rateChangePreview,
  takenBackPreview,
} from '@uurwerk/core/projects/rates.ts'
import { assert } from '@uurwerk/core/shared/assert.ts'
import { calendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { decimal } from '@uurwerk/core/shared/money.ts'
import { type BillingRounding, billedMinutes } from '@uurwerk/core/time/billing-rounding.ts'
import { sql } from 'kysely'
import type { z } from 'zod'
import type { FirmCall } from '../http/call.ts'

type Rate = z.output<typeof rateInput>
type Asking = Pick<FirmCall<never>, 'trx' | 'firmId'>

type Change = Omit<Rate, 'amount' | 'from'> & {
  readonly id?: string | undefined
  readonly amount: string
  readonly from: string
  /** Of a correction: the day on which the rate began until now. */
  readonly earlierFrom?: string | undefined
  readonly takenBack?: true
}

interface HoursRow {
  readonly id: string
  readonly memberId: string
  readonly date: string
  readonly minutes: number
  readonly projectId: string
  readonly activityId: string
  readonly customerId: string
  readonly method: string
  readonly claimed: boolean
  readonly rounding: BillingRounding | null
}

/** What a rate that is not yet saved would change of billable hours, as they would be billed; changes nothing. */
export async function previewRate(call: Asking, change: Change): Promise<z.input<typeof ratePreview>> {
  const { trx, firmId } = call
  const from = change.earlierFrom && change.earlierFrom < change.from ? change.earlierFrom : change.from
  const rows = await hoursFrom(call, { ...change, from })
  const rates = await ratesOf(call, rows)
  const entries = pricedHours(rows)
  const preview =
    change.takenBack && change.id
      ? takenBackPreview(change.id, rates, entries)
      : rateChangePreview(toDated({ ...change, memberId: change.memberId ?? null }), rates, entries)
  const { lockedUntil } = await trx
    .selectFrom('firm')
    .select('lockedUntil')
    .where('firmId', '=', firmId)
    .executeTakeFirstOrThrow()
  const byId = new Map(rows.map((row) => [row.id, row]))
  const changed = preview.changes.map((one) => ({ ...one, row: byId.get(one.entryId) as HoursRow }))
  return {
    entries: changed.length,
    minutes: changed.reduce((total, { row }) => total + row.minutes, 0),
    withoutRateBefore: changed.filter(({ before }) => before === null).length,
    withoutRateAfter: changed.filter(({ after }) => after === null).length,
    totals: [...preview.totals],
    keptEntries: preview.keptEntries,
    lockedEntries: changed.filter(({ row }) => lockedUntil !== null && row.date <= lockedUntil).length,
    lockedUntil: lockedUntil && from <= lockedUntil ? calendarDate(lockedUntil) : null,
  }
}

/** The scopes in the words of the API and of core. */
const scopeOf: Readonly<Record<Rate['scope'], RateScope>> = {
  activity: 'activity',
  user: 'user',
  project: 'project',
  customer: 'customer',
  'project-activity': 'projectActivity',
  'project-user': 'projectUser',
}

const toDated = ({ id, scope, activityId, memberId, projectId, customerId, amount, currency, from }: Change) => ({
  ...(id === undefined ? {} : { id }),
  scope: scopeOf[scope],
  activityId: activityId ?? null,
  userId: memberId ?? null,
  projectId: projectId ?? null,
  customerId: customerId ?? null,
  amount: decimal(amount),
  currency,
  from: calendarDate(from),
})

/**
 * Billable hours that a rate of this subject may hold for, and, because some are rounded per day together, the others of
 * the same projects and days.
 */
async function hoursFrom({ trx, firmId }: Asking, change: Change): Promise<readonly HoursRow[]> {
  const { activityId, projectId, memberId, customerId, from } = change
  const { rows } = await sql<HoursRow>`
    with touched as (
      select distinct e.project_id, e.member_id, e.date from hour_entry e
      join project p on p.firm_id = e.firm_id and p.id = e.project_id
      where e.firm_id = ${firmId}::uuid and e.deleted_at is null and e.billable and e.written_off_at is null
        and e.date >= ${from}::date
        ${activityId ? sql` and e.activity_id = ${activityId}::uuid` : sql``}
        ${projectId ? sql` and e.project_id = ${projectId}::uuid` : sql``}
        ${memberId ? sql` and e.member_id = ${memberId}::uuid` : sql``}
        ${customerId ? sql` and p.customer_id = ${customerId}::uuid` : sql``}
    )
    select e.id, e.member_id as "memberId", e.date::text, e.minutes, e.project_id as "projectId",
      e.activity_id as "activityId", p.customer_id as "customerId", p.invoicing_method as method, e.claimed,
      coalesce(p.billing_rounding, k.billing_rounding) as rounding
    from touched t
    join hour_entry e on e.firm_id = ${firmId}::uuid and e.project_id = t.project_id and e.member_id = t.member_id and e.date = t.date
    join project p on p.firm_id = e.firm_id and p.id = e.project_id
    join customer k on k.firm_id = p.firm_id and k.id = p.customer_id
    where e.deleted_at is null and e.billable and e.written_off_at is null
    order by e.date, e.id`.execute(trx)
  return rows
}

/** Every rate that may hold for these hours. */
async function ratesOf({ trx, firmId }: Asking, rows: readonly HoursRow[]): Promise<readonly DatedRate[]> {
  const of = (field: 'activityId' | 'projectId' | 'memberId' | 'customerId') => [
    ...new Set(rows.map((row) => row[field])),
  ]
  const { rows: found } = await sql<Change & { readonly id: string }>`
    select id, scope, activity_id as "activityId", member_id as "memberId", project_id as "projectId",
      customer_id as "customerId", amount, currency, from_date::text as "from"
    from rate
    where firm_id = ${firmId}::uuid and unit = 'hour' and purpose = 'billing' and deleted_at is null and (
      activity_id = any(${of('activityId')}::uuid[]) or member_id = any(${of('memberId')}::uuid[])
      or project_id = any(${of('projectId')}::uuid[]) or customer_id = any(${of('customerId')}::uuid[]))`.execute(trx)
  return found.map((row) => ({ ...toDated(row), id: row.id }))
}

/** Hours on an invoice were rounded with what stands beside them there; the others will be with each other. */
function pricedHours(rows: readonly HoursRow[]): PricedHours[] {
  const billed = [rows.filter(({ claimed }) => claimed), rows.filter(({ claimed }) => !claimed)].map((some) => {
    const rules = new Map(some.map((row) => [row.id, row.rounding]))
    return billedMinutes(
      some.map((row) => ({ ...row, userId: row.memberId })),
      ({ id }) => rules.get(id) ?? null,
    )
  })
  return rows.map(({ memberId, claimed, method, rounding: _, ...row }) => ({
    ...row,
    userId: memberId,
    date: calendarDate(row.date),
    method: methodOf(method),
    billable: true,
    claim: claimed ? 'draft' : null,
    minutes: billed.map((minutes) => minutes.get(row.id)).find((one) => one !== undefined) ?? row.minutes,
  }))
}

function methodOf(text: string): InvoicingMethod {
  const found = invoicingMethods.find((one) => one === text)
  assert(found, `not an invoicing method: ${text}`)
  return found
}
