import type { trip as tripShape } from '@uurwerk/api/trips.ts'
import { calendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { decimal, round } from '@uurwerk/core/shared/money.ts'
import { drivenKm, kmAmount } from '@uurwerk/core/trips/trip.ts'
import { type RawBuilder, sql } from 'kysely'
import type { z } from 'zod'
import type { Trx } from '../store/database.ts'
import { type Run, runTextOf, runTextSql, sharedRuns } from './entry-runs.ts'
import {
  claimJoin,
  type EntryFilter,
  type EntryQuery,
  entryWhere,
  type FactRow,
  factColumns,
  ofFirm,
  oneOf,
  peopleAndProject,
  readEntries,
  toFacts,
} from './entry-sql.ts'
import { rateText } from './rate-text.ts'

export type TripAnswer = z.input<typeof tripShape>

export interface TripFilter extends EntryFilter {
  readonly vehicleId?: readonly string[] | undefined
  readonly tripKind?: readonly string[] | undefined
  readonly reimbursable?: boolean | undefined
  readonly reimbursed?: boolean | undefined
}

export interface TripRow extends FactRow {
  readonly id: string
  readonly memberId: string
  readonly memberName: string
  readonly date: string
  readonly from: string
  readonly to: string
  /** One way. */
  readonly distanceKm: string
  readonly returnTrip: boolean
  readonly vehicleId: string | null
  readonly vehicleName: string | null
  readonly kind: TripAnswer['kind']
  readonly customerId: string | null
  readonly customerName: string | null
  readonly projectId: string | null
  readonly projectName: string | null
  readonly note: string
  readonly tags: string[]
  readonly billable: boolean
  readonly reimbursable: boolean
  readonly reimbursementId: string | null
  readonly paidOn: string | null
  /** Per kilometre for the customer, on the day of the trip; null when it is not billable or there is none. */
  readonly rate: string | null
  readonly rateCurrency: string | null
  readonly version: number
}

/** Kilometres driven by `e`, as `drivenKm` in core. */
export const drivenKmSql = sql`(case when e.return_trip then 2 * e.distance_km else e.distance_km end)`

/**
 * The customer's rate that holds on the day of the trip: of the project, else of the customer, else of the firm, and of
 * that the latest that had begun, as `kmRateFor` in core decides. For a page; what reads everything takes `kmRateJoins`,
 * and a test holds the three against each other. To be joined behind `peopleAndProject`, as `rate`.
 */
export const tripRateJoin = sql`left join lateral (
  select r.amount, r.currency from rate r
  where r.firm_id = e.firm_id and r.unit = 'km' and r.purpose = 'billing' and r.deleted_at is null and r.from_date <= e.date and (
    (r.scope = 'project' and r.project_id = e.project_id)
    or (r.scope = 'customer' and r.customer_id = p.customer_id)
    or r.scope = 'firm')
  order by case r.scope when 'project' then 0 when 'customer' then 1 else 2 end, r.from_date desc, r.id desc
  limit 1
) rate on e.billable`

/** What the customer pays for `e`, in cents, as `kmAmount` in core; asks for `tripRateJoin`. */
export const tripAmountSql = sql`round(${drivenKmSql} * rate.amount, 2)`

const vehicle = sql`left join vehicle v on v.firm_id = e.firm_id and v.id = e.vehicle_id`
/** Joins of every trip query, as `entry-sql` names them; `v` is the vehicle. */
const joins = sql`
  ${peopleAndProject}
  ${vehicle}
  ${claimJoin('trip')}
  ${tripRateJoin}`
export const tripsFrom = (firmId: string) => sql`from trip e ${joins} ${ofFirm(firmId)}`

const searched = [sql`e.note`, sql`e.from_place`, sql`e.to_place`, sql`p.name`, sql`k.name`, sql`m.name`]

export const whereOf = (filter: TripFilter): RawBuilder<unknown> => sql`
  ${entryWhere('trip', filter, searched)}
  ${oneOf(sql`e.vehicle_id`, filter.vehicleId, 'uuid')}
  ${oneOf(sql`e.kind`, filter.tripKind, 'text')}
  ${filter.reimbursable === undefined ? sql`` : sql` and e.reimbursable = ${filter.reimbursable}`}
  ${filter.reimbursed === undefined ? sql`` : sql` and (e.reimbursement_id is not null) = ${filter.reimbursed}`}`

const columns = sql`e.id, e.member_id as "memberId", m.name as "memberName", e.date, e.from_place as "from", e.to_place as "to",
  e.distance_km as "distanceKm", e.return_trip as "returnTrip", e.vehicle_id as "vehicleId", v.name as "vehicleName",
  e.kind, p.customer_id as "customerId", k.name as "customerName", e.project_id as "projectId",
  p.name as "projectName", e.note, e.tags, e.billable, e.reimbursable, e.reimbursement_id as "reimbursementId",
  (select b.paid_on from reimbursement b where b.firm_id = e.firm_id and b.id = e.reimbursement_id) as "paidOn",
  ${factColumns}, rate.amount as rate, rate.currency as "rateCurrency", e.version`

export const tripRows = (trx: Trx, query: EntryQuery): Promise<TripRow[]> =>
  readEntries(trx, { kind: 'trip', columns, joins, asked: vehicle }, query)

const runs = {
  ...sharedRuns,
  vehicle: {
    key: sql`e.vehicle_id`,
    name: sql`v.name`,
    of: ({ vehicleName, vehicleId }: TripRow) => [vehicleName, vehicleId],
  },
} as const satisfies Record<string, Run<TripRow>>
export type TripGroup = keyof typeof runs

export const tripGroupTextSql = (by: TripGroup) => runTextSql(runs[by])
export const tripGroupTextOf = (row: TripRow, by: TripGroup): string => runTextOf<TripRow>(row, runs[by])

export const kmOf = ({ distanceKm, returnTrip }: Pick<TripRow, 'distanceKm' | 'returnTrip'>) =>
  drivenKm({ distanceKm: decimal(distanceKm), returnTrip })

export function toTripAnswer(row: TripRow, seesMoney: boolean): TripAnswer {
  const km = kmOf(row)
  const rate = seesMoney && row.rate ? decimal(row.rate) : null
  return {
    id: row.id,
    memberId: row.memberId,
    memberName: row.memberName,
    date: calendarDate(row.date),
    from: row.from,
    to: row.to,
    distanceKm: round(decimal(row.distanceKm), 1),
    returnTrip: row.returnTrip,
    km,
    vehicleId: row.vehicleId,
    vehicleName: row.vehicleName,
    kind: row.kind,
    customerId: row.customerId,
    customerName: row.customerName,
    projectId: row.projectId,
    projectName: row.projectName,
    note: row.note,
    tags: row.tags,
    billable: row.billable,
    reimbursable: row.reimbursable,
    reimbursement:
      row.reimbursementId && row.paidOn ? { id: row.reimbursementId, paidOn: calendarDate(row.paidOn) } : null,
    ...toFacts(row),
    rate: rate && rateText(rate),
    amount: rate && kmAmount(km, rate),
    currency: rate ? row.rateCurrency : null,
    version: row.version,
  }
}
