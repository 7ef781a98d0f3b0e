import { type Problem, ProblemError } from '@uurwerk/core/shared/problem.ts'
import type { z } from 'zod'
import type { TheirId } from '../contract/contract.ts'
import { allOf, anyOf, literal } from '../kit/odata-v2.ts'
import type { ExactCalls } from './calls.ts'
import { deleted } from './wire.ts'

/** So many conditions fit in one filter before the address becomes too long (seen in client code). */
const perFilter = 40

/** What any of these conditions lists, in as few calls as the length of an address allows. */
export async function listAny<S extends z.ZodObject>(
  calls: ExactCalls,
  from: string,
  row: S,
  conditions: readonly string[],
  also: readonly string[] = [],
): Promise<readonly z.output<S>[]> {
  const found: z.output<S>[] = []
  for (let start = 0; start < conditions.length; start += perFilter) {
    const some = conditions.slice(start, start + perFilter)
    found.push(...(await calls.all(from, row, { filter: allOf([anyOf(some), ...also]) })))
  }
  return found
}

export const listOfIds = <S extends z.ZodObject>(
  calls: ExactCalls,
  from: string,
  row: S,
  key: string,
  ids: readonly TheirId[],
  also: readonly string[] = [],
): Promise<readonly z.output<S>[]> =>
  listAny(
    calls,
    from,
    row,
    ids.map((id) => `${key} eq ${literal.guid(id)}`),
    also,
  )

/** The same by id in small letters; what is not listed is left out. */
export async function listByIds<S extends z.ZodObject>(
  calls: ExactCalls,
  from: string,
  row: S,
  key: keyof z.output<S> & string,
  ids: readonly TheirId[],
): Promise<ReadonlyMap<TheirId, z.output<S>>> {
  const found = await listOfIds(calls, from, row, key, ids)
  return new Map(found.map((one) => [String(one[key]).toLowerCase(), one]))
}

/** Throws unless the log of deletions names each of these: only that tells what was deleted from what may not be seen. */
export async function mustBeDeleted(
  calls: ExactCalls,
  { type, ids }: { readonly type: number; readonly ids: readonly TheirId[] },
): Promise<void> {
  if (ids.length === 0) return
  const log = await calls.all('sync/Deleted', deleted, { filter: `Timestamp gt ${literal.int64('1')}` })
  const named = new Set(log.flatMap((row) => (row.EntityType === type ? [row.EntityKey.toLowerCase()] : [])))
  const others = ids.filter((id) => !named.has(id.toLowerCase()))
  if (others.length > 0) throw new ProblemError(unexplained(others))
}

export const unexplained = (ids: readonly TheirId[]): Problem => ({
  kind: 'temporary',
  code: 'disappeared-unexplained',
  values: { ids: ids.join(', ') },
})
