import { type view, type viewRoutes, viewScreen, viewSettings } from '@uurwerk/api/views.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { type RawBuilder, sql } from 'kysely'
import type { z } from 'zod'
import { type FirmCall, type Handlers, StaleEdit } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { notThere, wrongField } from '../http/problems.ts'
import { readStored } from '../store/stored.ts'
import { deleteRow, restoreRow } from './kept-rows.ts'

type View = z.input<typeof view>
type Asking = Pick<FirmCall<never>, 'trx' | 'firmId' | 'actor'>

interface Row {
  readonly id: string
  readonly screen: string
  readonly name: string
  readonly shared: boolean
  readonly memberId: string
  readonly memberName: string
  readonly settings: unknown
  readonly version: number
  readonly deletedAt: Date | null
}

export const viewHandlers: Handlers<keyof typeof viewRoutes> = {
  listViews: async (call) => {
    const { trx, firmId, actor, query } = call
    const rows = await viewRows(
      call,
      sql`and v.screen = ${query.screen} and v.deleted_at is null and (v.shared or v.member_id = ${actor.memberId}::uuid)`,
    )
    const first = await trx
      .selectFrom('firstView')
      .select('viewId')
      .where('firmId', '=', firmId)
      .where('memberId', '=', actor.memberId)
      .where('screen', '=', query.screen)
      .executeTakeFirst()
    // One that was deleted, or is shared no more, opens nothing.
    return {
      rows: rows.map((row) => answerOf(row, actor.memberId)),
      firstId: rows.find(({ id }) => id === first?.viewId)?.id ?? null,
    }
  },

  createView: async (call) => {
    const { trx, firmId, actor, body, services, now } = call
    const { screen, name, shared = false, settings } = body
    if (shared) mayShare(call)
    await nameFree(call, { screen, name })
    const id = services.ids.next()
    const times = { createdAt: now, updatedAt: now }
    await trx
      .insertInto('savedView')
      .values({
        firmId,
        id,
        memberId: actor.memberId,
        screen,
        name,
        shared,
        settings: JSON.stringify(settings),
        ...times,
      })
      .execute()
    await remember(call, { kind: 'view', id }, 'created', { after: body })
    return answerOf(await rowOf(call, id), actor.memberId)
  },

  changeView: async (call) => {
    const { trx, firmId, actor, params, body, version, now } = call
    const row = await ownRow(call, params.id)
    if (row.version !== version) throw new StaleEdit(row.version, answerOf(row, actor.memberId))
    if (body.shared && !row.shared) mayShare(call)
    if (body.name !== undefined) await nameFree(call, { screen: row.screen, name: body.name, id: row.id })
    const { settings, ...plain } = body
    await trx
      .updateTable('savedView')
      .set({
        ...plain,
        ...(settings === undefined ? {} : { settings: JSON.stringify(settings) }),
        version: version + 1,
        updatedAt: now,
      })
      .where('firmId', '=', firmId)
      .where('id', '=', row.id)
      .execute()
    await remember(call, { kind: 'view', id: row.id }, 'changed', {
      before: { name: row.name, shared: row.shared, settings: row.settings },
      after: body,
    })
    return answerOf(await rowOf(call, row.id), actor.memberId)
  },

  deleteView: async (call) => {
    const { actor, params, version } = call
    const row = await ownRow(call, params.id)
    if (row.version !== version) throw new StaleEdit(row.version, answerOf(row, actor.memberId))
    await deleteRow(call, 'view', row, { name: row.name })
    return undefined
  },

  restoreView: async (call) => {
    const { actor, params } = call
    const row = await ownRow(call, params.id, true)
    if (row.deletedAt) {
      await nameFree(call, { screen: row.screen, name: row.name, id: row.id })
      await restoreRow(call, 'view', row)
    }
    return answerOf(await rowOf(call, row.id), actor.memberId)
  },

  chooseFirstView: async (call) => {
    const { trx, firmId, actor, body } = call
    const { screen, viewId } = body
    const mine = { firmId, memberId: actor.memberId, screen }
    if (viewId === null) {
      await trx
        .deleteFrom('firstView')
        .where('firmId', '=', firmId)
        .where('memberId', '=', actor.memberId)
        .where('screen', '=', screen)
        .execute()
      return { firstId: null }
    }
    const row = await findRow(call, viewId)
    if (!row) throw wrongField('/viewId', 'view-unknown')
    if (row.screen !== screen) throw wrongField('/viewId', 'view-of-other-list')
    await trx
      .insertInto('firstView')
      .values({ ...mine, viewId })
      .onConflict((conflict) => conflict.columns(['firmId', 'memberId', 'screen']).doUpdateSet({ viewId }))
      .execute()
    return { firstId: viewId }
  },
}

async function viewRows({ trx, firmId }: Asking, where: RawBuilder<unknown>): Promise<Row[]> {
  const { rows } = await sql<Row>`
    select v.id, v.screen, v.name, v.shared, v.member_id as "memberId", m.name as "memberName", v.settings, v.version, v.deleted_at as "deletedAt"
    from saved_view v join member m on m.firm_id = v.firm_id and m.id = v.member_id
    where v.firm_id = ${firmId}::uuid ${where}
    order by v.name collate "nl-x-icu", v.id`.execute(trx)
  return rows
}

/** A view that the person sees: his own, or one that is shared. */
async function findRow(call: Asking, id: string, deleted = false): Promise<Row | undefined> {
  const { memberId } = call.actor
  const [row] = await viewRows(
    call,
    sql`and v.id = ${id}::uuid and (v.shared or v.member_id = ${memberId}::uuid) ${deleted ? sql`` : sql`and v.deleted_at is null`}`,
  )
  return row
}

async function rowOf(call: Asking, id: string, deleted = false): Promise<Row> {
  const row = await findRow(call, id, deleted)
  if (!row) throw notThere('view')
  return row
}

async function ownRow(call: Asking, id: string, deleted = false): Promise<Row> {
  const row = await rowOf(call, id, deleted)
  if (row.memberId !== call.actor.memberId)
    throw new ProblemError({ kind: 'forbidden', code: 'view-of-other', values: { owner: row.memberName } })
  return row
}

function mayShare({ actor }: Asking): void {
  if (!actor.rights.has('hours:read'))
    throw new ProblemError({ kind: 'forbidden', code: 'no-right', values: { right: 'hours:read' } })
}

/** Who uses a name twice at once waits for himself, so that the second is told. */
async function nameFree(
  { trx, firmId, actor }: Asking,
  { screen, name, id }: { screen: string; name: string; id?: string },
): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${firmId} view ${actor.memberId} ${screen}`}, 1))`.execute(
    trx,
  )
  const taken = await trx
    .selectFrom('savedView')
    .select('id')
    .where('firmId', '=', firmId)
    .where('memberId', '=', actor.memberId)
    .where('screen', '=', screen)
    .where(sql`lower(name)`, '=', name.toLowerCase())
    .where('deletedAt', 'is', null)
    .executeTakeFirst()
  if (taken && taken.id !== id) throw wrongField('/name', 'view-name-taken', { name })
}

const answerOf = (row: Row, memberId: string): View => ({
  id: row.id,
  screen: readStored(viewScreen, row.screen, 'the list of a view'),
  name: row.name,
  shared: row.shared,
  owner: { id: row.memberId, name: row.memberName },
  own: row.memberId === memberId,
  settings: readStored(viewSettings, row.settings, 'a view'),
  version: row.version,
})
