import { sql } from 'kysely'
import type { FirmCall } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { wrongField } from '../http/problems.ts'

type Writing = Pick<FirmCall<never>, 'trx' | 'firmId' | 'actor' | 'requestId' | 'now' | 'services'>

/**
 * The tags of an entry as they are called in the firm. Whoever keeps the activities makes a new one by typing it; others
 * choose. What the entry carried before may stay, also when it was archived since.
 */
export async function knownTags(
  call: Writing,
  typed: readonly string[] | undefined,
  before: readonly string[] = [],
): Promise<string[]> {
  if (typed === undefined) return [...before]
  if (typed.length === 0) return []
  const { trx, firmId, actor, now, services } = call
  const { rows } = await sql<{ name: string; key: string; archived: boolean }>`
    select name, lower(name) as key, archived_at is not null as archived from tag
    where firm_id = ${firmId}::uuid and lower(name) in (select lower(t) from unnest(${[...typed]}::text[]) t)
    order by archived_at is null`.execute(trx)
  const known = new Map(rows.map((row) => [row.key, row]))
  const kept = new Set(before)
  const tags: string[] = []
  for (const [at, name] of typed.entries()) {
    const found = known.get(name.toLowerCase())
    if (kept.has(name)) tags.push(name)
    else if (found && !found.archived) tags.push(found.name)
    else if (found) throw wrongField(`/tags/${at}`, 'tag-archived', { tag: found.name })
    else if (actor.rights.has('activities:write')) {
      const id = services.ids.next()
      await trx
        .insertInto('tag')
        .values({ firmId, id, name, createdAt: now, updatedAt: now })
        // Somebody else may type the same at the same moment.
        .onConflict((row) => row.doNothing())
        .execute()
      await remember(call, { kind: 'tag', id }, 'created', { after: { name } })
      known.set(name.toLowerCase(), { name, key: name.toLowerCase(), archived: false })
      tags.push(name)
    } else throw wrongField(`/tags/${at}`, 'tag-unknown', { tag: name })
  }
  return [...new Set(tags)]
}
