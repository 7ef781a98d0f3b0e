import type { tripInput, tripRoutes } from '@uurwerk/api/trips.ts'
import { calendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { decimal, round, sameAmount } from '@uurwerk/core/shared/money.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { tripProblems } from '@uurwerk/core/trips/trip.ts'
import { sql } from 'kysely'
import type { z } from 'zod'
import { knownTags } from '../entries/known-tags.ts'
import { projectProblem } from '../entries/may-write.ts'
import { type Asking, oneOfKind, type Placed, type Writing } from '../entries/one-entry.ts'
import { spentPlaceProblem } from '../entries/spent-place.ts'
import {
  drivenKmSql,
  kmOf,
  type TripAnswer,
  type TripGroup,
  type TripRow,
  toTripAnswer,
  tripGroupTextOf,
  tripGroupTextSql,
  tripRows,
  whereOf,
} from '../entries/trip-rows.ts'
import { readFor, visibleSql, writtenFor } from '../entries/visible.ts'
import type { Handlers } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { anywhere, type KeyPart, keyOf, pageOf } from '../http/paging.ts'
import { wrongField } from '../http/problems.ts'
import { betweenSql, rememberDistance, storedBetween } from '../trips/stored-distances.ts'

type Input = Partial<z.output<typeof tripInput>>
type Names = Extract<keyof typeof tripRoutes, `${string}Trip` | 'listTrips' | 'listPlaces' | 'proposeDistance'>

const date = { column: sql`e.date`, type: sql`date`, key: 'date' } as const
const km = { column: drivenKmSql, type: sql`numeric`, key: 'amount' } as const
const up = { direction: sql`asc`, sign: sql`>` } as const
const down = { direction: sql`desc`, sign: sql`<` } as const
const group = (by: TripGroup) => ({ column: tripGroupTextSql(by), type: sql`text`, key: 'text', ...up }) as const
const sortSql = {
  date: { ...date, ...up },
  '-date': { ...date, ...down },
  km: { ...km, ...up },
  '-km': { ...km, ...down },
  customer: group('customer'),
  project: group('project'),
  person: group('person'),
  vehicle: group('vehicle'),
} as const satisfies Record<string, { readonly key: KeyPart } & Record<string, unknown>>

type Sort = keyof typeof sortSql
const sortText = (row: TripRow, sort: Sort): string => {
  if (sort.endsWith('date')) return row.date
  return sort.endsWith('km') ? kmOf(row) : tripGroupTextOf(row, sort as TripGroup)
}

export const tripHandlers: Handlers<Names> = {
  listTrips: async ({ trx, firmId, actor, query }) => {
    const { cursor, limit, sort, updatedSince, ...filter } = query
    const { column, direction, sign, type, key } = sortSql[sort]
    const after = keyOf(cursor, [key, 'id'])
    const where = sql`${whereOf(filter)}${visibleSql(actor, 'e')}
      ${updatedSince ? sql` and e.updated_at >= ${new Date(updatedSince)}` : sql``}
      ${after ? sql` and (${column}, e.id) ${sign} (${after[0]}::${type}, ${after[1]}::uuid)` : sql``}`
    const order = sql`${column} ${direction}, e.id ${direction}`
    const rows = await tripRows(trx, { firmId, where, order, limit: limit + 1 })
    const seesMoney = actor.rights.has('rates:read')
    return pageOf(
      rows,
      limit,
      (row) => [sortText(row, sort), row.id],
      (row) => toTripAnswer(row, seesMoney),
    )
  },

  createTrip: async (call) => {
    const { trx, firmId, actor, body, services, now } = call
    const memberId = writtenFor(actor, body.memberId)
    const { customerId, ...written } = await filledIn(call, body, memberId, undefined)
    await trip.refusePlace(call, { ...written, memberId })
    const id = services.ids.next()
    await trx
      .insertInto('trip')
      .values({ firmId, id, memberId, ...toColumns(written), createdAt: now, updatedAt: now })
      .execute()
    await remember(call, { kind: 'trip', id }, 'created', { after: { memberId, ...written } })
    if (body.rememberDistance) await rememberDistance(call, customerId, written)
    await services.events.publish(trx, firmId, { topic: 'trips', ids: [id] })
    return trip.answerOf(call, id)
  },

  readTrip: (call) => trip.answerOf(call, call.params.id),

  changeTrip: async (call) => {
    const { trx, firmId, body } = call
    return trip.change(call, {
      async filled(row) {
        const written = await filledIn(call, body, row.memberId, row)
        refusePaid(row, written)
        return { ...written, memberId: row.memberId }
      },
      async store({ id }, { customerId, memberId: _, ...written }, also) {
        await trx
          .updateTable('trip')
          .set({ ...toColumns(written), ...also })
          .where('firmId', '=', firmId)
          .where('id', '=', id)
          .execute()
        if (body.rememberDistance) await rememberDistance(call, customerId, written)
      },
    })
  },

  deleteTrip: (call) => trip.remove(call),
  restoreTrip: (call) => trip.restore(call),

  listPlaces: async (call) => {
    const { trx, firmId, actor, query } = call
    const memberId = readFor(actor, query.memberId)
    const customerId = await customerOf(call, memberId, query.projectId)
    const like = anywhere(query.search ?? '')
    const { rows } = await sql<{ place: string; source: 'trips' | 'customer' }>`
      select place, source from (
        select distinct on (lower(place)) place, source, used, last from (
          select (array_agg(place order by date desc))[1] as place, 'trips' as source, count(*) as used, max(date) as last from (
            select unnest(array[e.to_place, e.from_place]) as place, e.date from (
              select * from trip e where e.firm_id = ${firmId}::uuid and e.member_id = ${memberId}::uuid and e.deleted_at is null
                ${visibleSql(actor, 'e')} order by e.date desc limit 1000) e) driven
          where place ilike ${like} group by lower(place)
          union all
          select place, 'customer', 0, null from (
            select unnest(array[d.to_place, d.from_place]) as place from distance d
            where d.firm_id = ${firmId}::uuid and d.customer_id = ${customerId}::uuid and d.deleted_at is null) stored
          where place ilike ${like}) every
        order by lower(place), used desc, last desc nulls last) once
      order by source = 'customer' desc, used desc, last desc nulls last, place
      limit 12`.execute(trx)
    return { rows }
  },

  proposeDistance: async (call) => {
    const { trx, firmId, actor, query } = call
    const memberId = readFor(actor, query.memberId)
    const customerId = await customerOf(call, memberId, query.projectId)
    const stored = customerId ? await storedBetween(call, customerId, query) : undefined
    if (stored) return { found: { distanceKm: round(decimal(stored.distanceKm), 1), source: 'customer' } }
    const { rows } = await sql<{ distanceKm: string }>`
      select e.distance_km as "distanceKm" from trip e
      where e.firm_id = ${firmId}::uuid and e.member_id = ${memberId}::uuid and e.deleted_at is null
        and ${betweenSql('e.fromPlace', 'e.toPlace', query)}${visibleSql(actor, 'e')}
      order by e.date desc, e.id desc limit 1`.execute(trx)
    const driven = rows[0]
    return { found: driven ? { distanceKm: round(decimal(driven.distanceKm), 1), source: 'trips' } : null }
  },
}

/** The customer of a project that the person may write on. */
async function customerOf(call: Asking, memberId: string, projectId: string | undefined): Promise<string | null> {
  if (!projectId || (await projectProblem(call, { date: null, memberId, projectId }))) return null
  return (await projectOf(call, projectId)).customerId
}

/** What is kept in the history when it changes. */
const changedFields = [
  'date',
  'from',
  'to',
  'distanceKm',
  'returnTrip',
  'vehicleId',
  'vehicleName',
  'kind',
  'projectId',
  'projectName',
  'note',
  'tags',
  'billable',
  'reimbursable',
] as const satisfies readonly (keyof TripAnswer)[]

const paidAlready = (row: TripRow) =>
  new ProblemError({ kind: 'conflict', code: 'trip-reimbursed', values: { date: row.paidOn ?? '' } })

const trip = oneOfKind<TripRow, TripAnswer, Placed>({
  kind: 'trip',
  topic: 'trips',
  rows: tripRows,
  toAnswer: toTripAnswer,
  placeProblem: (call, place, before) =>
    spentPlaceProblem(call, { place, before, inFuture: () => wrongField('/date', 'trip-in-future'), employed: true }),
  told: changedFields,
  gone: (row) => ({ date: row.date, from: row.from, to: row.to, km: kmOf(row) }),
  refusals: {
    claimed: { kind: 'conflict', code: 'trip-claimed' },
    approved: { kind: 'conflict', code: 'trip-approved' },
    writtenOff: { kind: 'conflict', code: 'trip-written-off' },
  },
  paidAlready,
})

interface Written {
  readonly date: ReturnType<typeof calendarDate>
  readonly from: string
  readonly to: string
  readonly distanceKm: ReturnType<typeof decimal>
  readonly returnTrip: boolean
  readonly vehicleId: string | null
  readonly kind: TripAnswer['kind']
  readonly projectId: string | null
  readonly note: string
  readonly tags: string[]
  readonly billable: boolean
  readonly reimbursable: boolean
}

const toColumns = ({ from, to, ...same }: Written) => ({ ...same, fromPlace: from, toPlace: to })

/**
 * The whole trip: what was given, else what it was, else what follows from kind, project and vehicle. A trip that
 * becomes private is neither billed nor reimbursed, unless that is asked for, which is told.
 */
async function filledIn(
  call: Writing,
  body: Input,
  memberId: string,
  row: TripRow | undefined,
): Promise<Written & { readonly customerId: string | null }> {
  const kind = body.kind ?? row?.kind ?? 'business'
  const projectId = body.projectId === undefined ? (row?.projectId ?? null) : body.projectId
  const vehicleId = body.vehicleId === undefined ? (row?.vehicleId ?? null) : body.vehicleId
  const project = projectId ? await projectOf(call, projectId) : undefined
  const vehicle = vehicleId ? await vehicleOf(call, vehicleId, memberId, row?.vehicleId) : undefined
  const isPrivate = kind === 'private'
  const was = isPrivate ? undefined : row
  const written: Written = {
    date: calendarDate(body.date ?? row?.date ?? ''),
    from: body.from ?? row?.from ?? '',
    to: body.to ?? row?.to ?? '',
    distanceKm: decimal(body.distanceKm ?? row?.distanceKm ?? '0'),
    returnTrip: body.returnTrip ?? row?.returnTrip ?? false,
    vehicleId,
    kind,
    projectId,
    note: body.note ?? row?.note ?? '',
    tags: await knownTags(call, body.tags, row?.tags),
    billable: body.billable ?? was?.billable ?? (kind === 'business' && project?.invoiced === true),
    reimbursable: body.reimbursable ?? was?.reimbursable ?? (!isPrivate && vehicle?.memberId !== null),
  }
  refuseFields(written)
  if (written.billable && project && !project.invoiced)
    throw wrongField('/billable', project.customerId ? 'project-not-invoiced' : 'project-without-customer', {
      project: project.name,
    })
  return { ...written, customerId: project?.customerId ?? null }
}

async function projectOf({ trx, firmId }: Asking, id: string) {
  const project = await trx
    .selectFrom('project')
    .select(['name', 'customerId', 'invoicingMethod'])
    .where('firmId', '=', firmId)
    .where('id', '=', id)
    .where('deletedAt', 'is', null)
    .executeTakeFirst()
  if (!project) throw wrongField('/projectId', 'project-unknown')
  return { ...project, invoiced: project.customerId !== null && project.invoicingMethod !== 'none' }
}

/** One's own or the firm's; `before` may stay what it was. */
async function vehicleOf({ trx, firmId }: Asking, id: string, memberId: string, before: string | null | undefined) {
  const vehicle = await trx
    .selectFrom('vehicle')
    .select(['name', 'memberId', 'archivedAt'])
    .where('firmId', '=', firmId)
    .where('id', '=', id)
    .executeTakeFirst()
  if (!vehicle) throw wrongField('/vehicleId', 'vehicle-unknown')
  if (id === before) return vehicle
  if (vehicle.memberId !== null && vehicle.memberId !== memberId) throw wrongField('/vehicleId', 'vehicle-of-other')
  if (vehicle.archivedAt) throw wrongField('/vehicleId', 'vehicle-archived', { vehicle: vehicle.name })
  return vehicle
}

function refuseFields(written: Written): void {
  const fields = tripProblems(written)
  if (fields.length > 0) throw new ProblemError({ kind: 'input', code: 'input-wrong', fields })
}

/** What was paid to the employee stays what it was; the rest may still be put right. */
function refusePaid(row: TripRow, written: Written): void {
  if (!row.reimbursementId) return
  const same = written.date === row.date && written.reimbursable && sameAmount(kmOf(written), kmOf(row))
  if (!same) throw paidAlready(row)
}
