import type { Services } from '../services.ts'
import type { Store } from '../store/database.ts'

export interface KnownKey {
  readonly firmId: string
  readonly keyId: string
}

/** More than a process meets in a day; the oldest go first. */
const MOST = 10_000
const known = new WeakMap<Store, Map<string, KnownKey>>()

/**
 * Which key of which firm a token is. That never changes, so a process asks the directory once; whether the key still
 * holds is asked of the firm in every request.
 */
export async function findKey(token: string, { store, seals }: Services): Promise<KnownKey | undefined> {
  const keyHash = seals.hashToken(token)
  const ours = known.get(store) ?? new Map<string, KnownKey>()
  known.set(store, ours)
  const before = ours.get(keyHash)
  if (before) return before
  const found = await store.readDirectory((reader) =>
    reader.selectFrom('directory.apiKey').select(['firmId', 'keyId']).where('keyHash', '=', keyHash).executeTakeFirst(),
  )
  if (!found) return undefined
  const [oldest] = ours.keys()
  if (ours.size >= MOST && oldest !== undefined) ours.delete(oldest)
  ours.set(keyHash, found)
  return found
}
