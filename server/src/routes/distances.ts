import type { distance as distanceShape, tripRoutes } from '@uurwerk/api/trips.ts'
import { type Decimal, decimal, round } from '@uurwerk/core/shared/money.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { tripProblems } from '@uurwerk/core/trips/trip.ts'
import type { Selectable } from 'kysely'
import { sql } from 'kysely'
import type { z } from 'zod'
import { type FirmCall, type Handlers, StaleEdit } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { anywhere, keyOf, pageOf } from '../http/paging.ts'
import { notThere, wrongField } from '../http/problems.ts'
import type { Distance as DistanceTable } from '../store/schema.gen.ts'
import { lockDistances, storedBetween } from '../trips/stored-distances.ts'
import { deleteRow, restoreRow } from './kept-rows.ts'

type Row = Selectable<DistanceTable>
type Answer = z.input<typeof distanceShape>
type Asking = Pick<FirmCall<never>, 'trx' | 'firmId'>
type Names = Extract<keyof typeof tripRoutes, `${string}Distance` | 'listDistances'>

/** By where it begins, then where it ends, as people sort names. */
const between = sql<string>`(from_place || chr(9) || to_place)`

export const distanceHandlers: Handlers<Exclude<Names, 'proposeDistance'>> = {
  listDistances: async ({ trx, firmId, query }) => {
    const after = keyOf(query.cursor, ['text', 'id'])
    let rows = trx
      .selectFrom('distance')
      .selectAll()
      .where('firmId', '=', firmId)
      .where('deletedAt', 'is', null)
      .orderBy(sql`${between} collate "nl-x-icu"`)
      .orderBy('id')
      .limit(query.limit + 1)
    if (query.customerId) rows = rows.where('customerId', '=', query.customerId)
    if (query.search) {
      const like = anywhere(query.search)
      rows = rows.where((where) => where.or([where('fromPlace', 'ilike', like), where('toPlace', 'ilike', like)]))
    }
    if (after)
      rows = rows.where(
        sql<boolean>`(${between} collate "nl-x-icu", id) > (${after[0]}::text collate "nl-x-icu", ${after[1]}::uuid)`,
      )
    return pageOf(
      await rows.execute(),
      query.limit,
      (row) => [`${row.fromPlace}\t${row.toPlace}`, row.id],
      (row) => toAnswer(row),
    )
  },

  createDistance: async (call) => {
    const { trx, firmId, body, now, services } = call
    const { customerId, from, to } = body
    const distanceKm = checked(body.distanceKm)
    await lockCustomer(call, customerId)
    await refuseTwice(call, { customerId, from, to })
    const id = services.ids.next()
    await trx
      .insertInto('distance')
      .values({ firmId, id, customerId, fromPlace: from, toPlace: to, distanceKm, createdAt: now, updatedAt: now })
      .execute()
    await remember(call, { kind: 'distance', id }, 'created', { after: body })
    await tell(call)
    return toAnswer(await rowOf(call, id))
  },

  changeDistance: async (call) => {
    const { trx, firmId, params, body, version, now } = call
    const found = await rowOf(call, params.id)
    await lockCustomer(call, found.customerId)
    const before = await rowOf(call, params.id)
    if (before.version !== version) throw new StaleEdit(before.version, toAnswer(before))
    const from = body.from ?? before.fromPlace
    const to = body.to ?? before.toPlace
    const distanceKm = checked(body.distanceKm ?? before.distanceKm)
    await refuseTwice(call, { customerId: before.customerId, from, to, except: before.id })
    await trx
      .updateTable('distance')
      .set({ fromPlace: from, toPlace: to, distanceKm, version: version + 1, updatedAt: now })
      .where('firmId', '=', firmId)
      .where('id', '=', before.id)
      .execute()
    await remember(call, { kind: 'distance', id: before.id }, 'changed', { before: toAnswer(before), after: body })
    await tell(call)
    return toAnswer(await rowOf(call, before.id))
  },

  deleteDistance: async (call) => {
    const { params, version } = call
    const before = await rowOf(call, params.id)
    if (before.version !== version) throw new StaleEdit(before.version, toAnswer(before))
    await deleteRow(call, 'distance', before, toAnswer(before))
    await tell(call)
    return undefined
  },

  restoreDistance: async (call) => {
    const { trx, firmId, params } = call
    const row = await trx
      .selectFrom('distance')
      .selectAll()
      .where('firmId', '=', firmId)
      .where('id', '=', params.id)
      .executeTakeFirst()
    if (!row) throw notThere('distance')
    if (row.deletedAt) {
      await lockCustomer(call, row.customerId)
      await refuseTwice(call, { customerId: row.customerId, from: row.fromPlace, to: row.toPlace })
      await restoreRow(call, 'distance', row)
      await tell(call)
    }
    return toAnswer(await rowOf(call, row.id))
  },
}

const tell = ({ services, trx, firmId }: FirmCall<never>) => services.events.publish(trx, firmId, { topic: 'trips' })

/** The distance as a trip could have it. */
function checked(distanceKm: string): Decimal {
  const km = decimal(distanceKm)
  const fields = tripProblems({
    distanceKm: km,
    kind: 'business',
    billable: false,
    reimbursable: false,
    projectId: null,
  })
  if (fields.length > 0) throw new ProblemError({ kind: 'input', code: 'input-wrong', fields })
  return km
}

async function lockCustomer(call: Asking, customerId: string): Promise<void> {
  const customer = await lockDistances(call, customerId)
  if (!customer || customer.deletedAt) throw wrongField('/customerId', 'customer-unknown')
}

interface Wanted {
  readonly customerId: string
  readonly from: string
  readonly to: string
  readonly except?: string
}

async function refuseTwice(call: Asking, { customerId, except, ...places }: Wanted): Promise<void> {
  const known = await storedBetween(call, customerId, places)
  if (known && known.id !== except)
    throw wrongField('/to', 'distance-stored', { km: round(decimal(known.distanceKm), 1) })
}

async function rowOf({ trx, firmId }: Asking, id: string): Promise<Row> {
  const row = await trx
    .selectFrom('distance')
    .selectAll()
    .where('firmId', '=', firmId)
    .where('id', '=', id)
    .where('deletedAt', 'is', null)
    .executeTakeFirst()
  if (!row) throw notThere('distance')
  return row
}

const toAnswer = (row: Row): Answer => ({
  id: row.id,
  customerId: row.customerId,
  from: row.fromPlace,
  to: row.toPlace,
  distanceKm: round(decimal(row.distanceKm), 1),
  version: row.version,
  updatedAt: row.updatedAt.toISOString(),
})
