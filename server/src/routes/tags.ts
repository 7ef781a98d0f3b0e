import type { tag as tagShape, teamRoutes } from '@uurwerk/api/teams.ts'
import { sql } from 'kysely'
import type { z } from 'zod'
import { type FirmCall, type Handlers, StaleEdit } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { byName } from '../http/paging.ts'
import { notThere } from '../http/problems.ts'
import { rememberChange } from './kept-rows.ts'
import { insertNamed, updateNamed } from './named-rows.ts'

type Answer = z.input<typeof tagShape>
type Asking = Pick<FirmCall<never>, 'trx' | 'firmId'>
type Names = Extract<keyof typeof teamRoutes, `${string}Tag` | `${string}Tags`>

export const tagHandlers: Handlers<Names> = {
  listTags: async ({ trx, firmId, query }) => ({
    rows: (
      await trx
        .selectFrom('tag')
        .select(['id', 'name', 'archivedAt', 'version'])
        .where('firmId', '=', firmId)
        .where('archivedAt', query.archived ? 'is not' : 'is', null)
        .orderBy(byName)
        .orderBy('id')
        .limit(2000)
        .execute()
    ).map(toAnswer),
  }),

  createTag: async (call) => {
    const { body } = call
    const id = await insertNamed(call, 'tag', body.name)
    await remember(call, { kind: 'tag', id }, 'created', { after: body })
    return tagOf(call, id)
  },

  changeTag: async (call) => {
    const { params, body, version } = call
    const before = await tagOf(call, params.id)
    if (before.version !== version) throw new StaleEdit(before.version, before)
    const { name } = body
    await updateNamed(call, 'tag', before, body)
    if (name && name !== before.name) await renameOnEntries(call, before.name, name)
    await rememberChange(call, { kind: 'tag', id: before.id }, before, body)
    return tagOf(call, before.id)
  },
}

/**
 * A name is no fact of an entry: locked ones get it too, and none becomes a newer version by it. One statement, so that
 * no list shows half of them renamed.
 */
async function renameOnEntries(call: FirmCall<never>, from: string, to: string): Promise<void> {
  const { trx, firmId, services } = call
  const renamed = (table: 'hour_entry' | 'expense' | 'trip' | 'timer') => sql`
    update ${sql.table(table)} set tags = array_replace(array_remove(tags, ${to}), ${from}, ${to})
    where firm_id = ${firmId}::uuid and tags @> array[${from}]::text[]`
  await sql`with hours as (${renamed('hour_entry')}), expenses as (${renamed('expense')}), trips as (${renamed('trip')})
    ${renamed('timer')}`.execute(trx)
  for (const topic of ['hours', 'expenses', 'trips', 'timer'] as const)
    await services.events.publish(trx, firmId, { topic })
}

async function tagOf({ trx, firmId }: Asking, id: string): Promise<Answer> {
  const row = await trx
    .selectFrom('tag')
    .select(['id', 'name', 'archivedAt', 'version'])
    .where('firmId', '=', firmId)
    .where('id', '=', id)
    .executeTakeFirst()
  if (!row) throw notThere('tag')
  return toAnswer(row)
}

const toAnswer = (row: { id: string; name: string; archivedAt: Date | null; version: number }): Answer => ({
  id: row.id,
  name: row.name,
  archived: row.archivedAt !== null,
  version: row.version,
})
