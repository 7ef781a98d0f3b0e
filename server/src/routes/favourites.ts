import type { favouriteRoutes } from '@uurwerk/api/favourites.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import { activityProblem, projectProblem } from '../entries/may-write.ts'
import type { FirmCall, Handlers } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { notThere, wrongField } from '../http/problems.ts'
import { favouriteRows } from '../time/favourite-rows.ts'

const mostFavourites = 50

export const favouriteHandlers: Handlers<keyof typeof favouriteRoutes> = {
  listFavourites: async ({ trx, firmId, actor }) => ({ rows: await favouriteRows(trx, firmId, actor.memberId) }),

  addFavourite: async (call) => {
    const { trx, firmId, actor, body, services, now } = call
    const order = await ownOrder(call)
    const present = order.find((one) => one.projectId === body.projectId && one.activityId === body.activityId)
    // A project that begins later or has ended is a favourite as well; who may never write on it has no use for it.
    const problem =
      (await projectProblem(call, { ...body, memberId: actor.memberId, date: null })) ??
      (await activityProblem(call, body))
    if (problem) throw problem
    const id = present?.id ?? services.ids.next()
    if (!present) {
      if (order.length >= mostFavourites)
        throw new ProblemError({
          kind: 'conflict',
          code: 'favourites-full',
          values: { most: String(mostFavourites) },
        })
      const position = Math.min(body.position ?? order.length + 1, order.length + 1)
      await trx
        .insertInto('favourite')
        .values({
          firmId,
          id,
          memberId: actor.memberId,
          projectId: body.projectId,
          activityId: body.activityId,
          position,
          createdAt: now,
        })
        .execute()
      await putInOrder(call, order.map((one) => one.id).toSpliced(position - 1, 0, id))
      await remember(call, { kind: 'favourite', id }, 'created', { after: body })
    }
    const added = (await favouriteRows(trx, firmId, actor.memberId)).find((row) => row.id === id)
    if (!added) throw notThere('favourite')
    return added
  },

  orderFavourites: async (call) => {
    const { trx, firmId, actor, body } = call
    const order = (await ownOrder(call)).map(({ id }) => id)
    const [unknown] = body.ids.flatMap((id, index) => (order.includes(id) ? [] : [index]))
    if (unknown !== undefined) throw wrongField(`/ids/${unknown}`, 'favourite-unknown')
    const wanted = [...new Set([...body.ids, ...order])]
    await putInOrder(call, wanted)
    await remember(call, { kind: 'favourites', id: actor.memberId }, 'changed', { before: order, after: wanted })
    return { rows: await favouriteRows(trx, firmId, actor.memberId) }
  },

  removeFavourite: async (call) => {
    const { trx, firmId, params } = call
    const found = (await ownOrder(call)).find(({ id }) => id === params.id)
    if (!found) throw notThere('favourite')
    await trx.deleteFrom('favourite').where('firmId', '=', firmId).where('id', '=', found.id).execute()
    await remember(call, { kind: 'favourite', id: found.id }, 'deleted', { before: found })
    return undefined
  },
}

type Asking = Pick<FirmCall<never>, 'trx' | 'firmId' | 'actor'>

/** All of a person's favourites, locked: two tabs that change them take turns. */
async function ownOrder({ trx, firmId, actor }: Asking) {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`favourites ${firmId} ${actor.memberId}`}, 2))`.execute(trx)
  return trx
    .selectFrom('favourite')
    .select(['id', 'projectId', 'activityId'])
    .where('firmId', '=', firmId)
    .where('memberId', '=', actor.memberId)
    .orderBy('position')
    .orderBy('id')
    .execute()
}

async function putInOrder({ trx, firmId, actor }: Asking, ids: readonly string[]): Promise<void> {
  await sql`update favourite v set position = o.position
    from unnest(${[...ids]}::uuid[]) with ordinality as o (id, position)
    where v.firm_id = ${firmId}::uuid and v.member_id = ${actor.memberId}::uuid and v.id = o.id`.execute(trx)
}
