import type { tripRoutes, vehicle as vehicleShape } from '@uurwerk/api/trips.ts'
import type { Selectable } from 'kysely'
import { sql } from 'kysely'
import type { z } from 'zod'
import { memberProblem } from '../entries/may-write.ts'
import { type FirmCall, type Handlers, StaleEdit } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { anywhere, keyOf, pageOf } from '../http/paging.ts'
import { notThere, wrongField } from '../http/problems.ts'
import type { Vehicle as VehicleTable } from '../store/schema.gen.ts'
import { putAway, rememberChange } from './kept-rows.ts'

type Row = Selectable<VehicleTable> & { readonly memberName: string | null }
type Answer = z.input<typeof vehicleShape>
type Asking = Pick<FirmCall<never>, 'trx' | 'firmId' | 'actor'>
type Names = Extract<keyof typeof tripRoutes, `${string}Vehicle` | 'listVehicles'>

const nameOrder = sql<string>`vehicle.name collate "nl-x-icu"`

export const vehicleHandlers: Handlers<Names> = {
  listVehicles: async (call) => {
    const { query } = call
    const after = keyOf(query.cursor, ['text', 'id'])
    let rows = vehiclesOf(call)
      .where('vehicle.archivedAt', query.archived ? 'is not' : 'is', null)
      .orderBy(nameOrder)
      .orderBy('vehicle.id')
      .limit(query.limit + 1)
    if (query.updatedSince) rows = rows.where('vehicle.updatedAt', '>=', new Date(query.updatedSince))
    if (query.search) {
      const like = anywhere(query.search)
      rows = rows.where((where) => where.or([where('vehicle.name', 'ilike', like), where('plate', 'ilike', like)]))
    }
    if (query.memberId) {
      const driver = query.memberId
      rows = rows.where((where) =>
        where.or([where('vehicle.memberId', 'is', null), where('vehicle.memberId', '=', driver)]),
      )
    }
    if (after)
      rows = rows.where(
        sql<boolean>`(vehicle.name collate "nl-x-icu", vehicle.id) > (${after[0]}::text collate "nl-x-icu", ${after[1]}::uuid)`,
      )
    return pageOf(await rows.execute(), query.limit, ({ name, id }) => [name, id], toAnswer)
  },

  createVehicle: async (call) => {
    const { trx, firmId, body, now, services } = call
    const id = services.ids.next()
    const plain = { name: body.name, plate: plateOf(body.plate), memberId: body.memberId ?? null }
    await refuseWrong(call, plain)
    await trx
      .insertInto('vehicle')
      .values({ ...plain, firmId, id, createdAt: now, updatedAt: now })
      .execute()
    await remember(call, { kind: 'vehicle', id }, 'created', { after: plain })
    await services.events.publish(trx, firmId, { topic: 'trips' })
    return toAnswer(await rowOf(call, id))
  },

  readVehicle: async (call) => toAnswer(await rowOf(call, call.params.id)),

  changeVehicle: async (call) => {
    const { trx, firmId, params, body, version, now, services } = call
    const before = await rowOf(call, params.id)
    if (before.version !== version) throw new StaleEdit(before.version, toAnswer(before))
    const { archived, ...given } = body
    const plain = { ...given, ...(given.plate === undefined ? {} : { plate: plateOf(given.plate) }) }
    const isLive = archived === undefined ? before.archivedAt === null : !archived
    await refuseWrong(call, {
      id: before.id,
      // Brought back, it must not meet another of the same plate.
      plate: isLive ? (plain.plate === undefined ? before.plate : plain.plate) : null,
      memberId: plain.memberId === before.memberId ? null : (plain.memberId ?? null),
    })
    await trx
      .updateTable('vehicle')
      .set({
        ...plain,
        ...putAway(archived, now),
        version: version + 1,
        updatedAt: now,
      })
      .where('firmId', '=', firmId)
      .where('id', '=', params.id)
      .execute()
    const shown = toAnswer(before)
    await rememberChange(call, { kind: 'vehicle', id: params.id }, shown, body, { ...body, ...plain })
    await services.events.publish(trx, firmId, { topic: 'trips' })
    return toAnswer(await rowOf(call, params.id))
  },
}

/** Those that the person may see: a colleague's own only with the right to read his trips. */
function vehiclesOf({ trx, firmId, actor }: Asking) {
  const rows = trx
    .selectFrom('vehicle')
    .leftJoin('member', (join) =>
      join.onRef('member.firmId', '=', 'vehicle.firmId').onRef('member.id', '=', 'vehicle.memberId'),
    )
    .selectAll('vehicle')
    .select('member.name as memberName')
    .where('vehicle.firmId', '=', firmId)
  if (actor.rights.has('hours:read') || actor.rights.has('activities:write')) return rows
  return rows.where((where) =>
    where.or([where('vehicle.memberId', 'is', null), where('vehicle.memberId', '=', actor.memberId)]),
  )
}

async function rowOf(call: Asking, id: string): Promise<Row> {
  const row = await vehiclesOf(call).where('vehicle.id', '=', id).executeTakeFirst()
  if (!row) throw notThere('vehicle')
  return row
}

/** Plates are written in capitals: `AB-123-C`. */
const plateOf = (plate: string | null | undefined): string | null => plate?.toUpperCase() || null

interface Wanted {
  readonly id?: string
  readonly plate: string | null
  readonly memberId: string | null
}

/** A plate stands on one vehicle, however its parts are divided; archived ones do not count. */
async function refuseWrong(call: Asking, { id, plate, memberId }: Wanted): Promise<void> {
  const { trx, firmId } = call
  if (memberId) {
    const problem = await memberProblem(call, memberId)
    if (problem) throw problem
  }
  if (!plate) return
  const bare = sql<string>`regexp_replace(plate, '[^A-Z0-9]', '', 'g')`
  let taken = trx
    .selectFrom('vehicle')
    .select('name')
    .where('firmId', '=', firmId)
    .where('archivedAt', 'is', null)
    .where(bare, '=', plate.replace(/[^A-Z0-9]/g, ''))
  if (id) taken = taken.where('id', '!=', id)
  const other = await taken.executeTakeFirst()
  if (other) throw wrongField('/plate', 'plate-taken', { plate, by: other.name })
}

const toAnswer = (row: Row): Answer => ({
  id: row.id,
  name: row.name,
  plate: row.plate,
  memberId: row.memberId,
  memberName: row.memberName,
  archived: row.archivedAt !== null,
  version: row.version,
  updatedAt: row.updatedAt.toISOString(),
})
