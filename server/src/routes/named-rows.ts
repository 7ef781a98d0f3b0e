import type { FirmCall } from '../http/call.ts'
import { wrongField } from '../http/problems.ts'
import { orTaken } from '../http/taken.ts'
import { putAway } from './kept-rows.ts'

/** Of which a firm has one by each name: the key of the table says so. */
type NamedKind = 'tag' | 'team'
type Changing = Pick<FirmCall<never>, 'trx' | 'firmId' | 'now' | 'services'>

const taken = (kind: NamedKind, name: string) => wrongField('/name', `${kind}-taken`, { name })

export async function insertNamed(
  { trx, firmId, now, services }: Changing,
  kind: NamedKind,
  name: string,
): Promise<string> {
  const id = services.ids.next()
  const made = await trx
    .insertInto(kind)
    .values({ firmId, id, name, createdAt: now, updatedAt: now })
    .onConflict((row) => row.doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!made) throw taken(kind, name)
  return id
}

export async function updateNamed(
  { trx, firmId, now }: Changing,
  kind: NamedKind,
  before: { readonly id: string; readonly name: string; readonly version: number },
  { name, archived }: { readonly name?: string | undefined; readonly archived?: boolean | undefined },
): Promise<void> {
  await trx
    .updateTable(kind)
    .set({ ...(name ? { name } : {}), ...putAway(archived, now), version: before.version + 1, updatedAt: now })
    .where('firmId', '=', firmId)
    .where('id', '=', before.id)
    .execute()
    .catch(orTaken(taken(kind, name ?? before.name)))
}
