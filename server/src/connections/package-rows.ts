import type { TheirId } from '@uurwerk/connectors/contract/contract.ts'
import type { Noun, Row } from '@uurwerk/connectors/contract/rows.ts'
import type { Problem } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import { readStored, storedProblem } from '../store/stored.ts'
import type { InFirm } from './connection.ts'

/** The package's lists as last read. */
interface List {
  readonly connectionId: string
  readonly noun: Noun
}

type AnyRow = Row[Noun]

export async function putRows(
  { trx, firmId }: InFirm,
  { connectionId, noun }: List,
  rows: readonly AnyRow[],
  readAt: Date,
): Promise<void> {
  if (rows.length === 0) return
  const list = rows.map(({ id, code, name, ...data }) => ({ id, code, name, data }))
  await sql`
    insert into package_row (firm_id, connection_id, noun, their_id, code, name, data, read_at)
    select ${firmId}, ${connectionId}, ${noun}, r.id, r.code, r.name, r.data, ${readAt}
    from (select distinct on (id) * from jsonb_to_recordset(${JSON.stringify(list)}::jsonb)
      as x(id text, code text, name text, data jsonb)) as r
    on conflict (firm_id, connection_id, noun, their_id) do update set
      code = excluded.code, name = excluded.name, data = excluded.data, read_at = excluded.read_at, gone_at = null`.execute(
    trx,
  )
}

/** What was taken away there is kept here, marked: mappings and documents of before still name it. */
export async function markGone(
  { trx, firmId }: InFirm,
  { connectionId, noun }: List,
  ids: readonly TheirId[],
  at: Date,
): Promise<void> {
  if (ids.length === 0) return
  await sql`
    update package_row set gone_at = ${at}
    where firm_id = ${firmId} and connection_id = ${connectionId} and noun = ${noun} and gone_at is null
      and their_id = any(${ids}::text[])`.execute(trx)
}

/** After everything was read: what was not there is gone. */
export async function markUnreadGone(
  { trx, firmId }: InFirm,
  { connectionId, noun }: List,
  since: Date,
): Promise<void> {
  await sql`
    update package_row set gone_at = ${since}
    where firm_id = ${firmId} and connection_id = ${connectionId} and noun = ${noun} and gone_at is null
      and read_at < ${since}`.execute(trx)
}

export async function readMark({ trx, firmId }: InFirm, { connectionId, noun }: List): Promise<string | null> {
  const row = await trx
    .selectFrom('packageMark')
    .select('mark')
    .where('firmId', '=', firmId)
    .where('connectionId', '=', connectionId)
    .where('noun', '=', noun)
    .executeTakeFirst()
  return row?.mark ?? null
}

export async function writeMark(
  { trx, firmId }: InFirm,
  { connectionId, noun }: List,
  mark: string | null,
  readAt: Date,
): Promise<void> {
  await trx
    .insertInto('packageMark')
    .values({ firmId, connectionId, noun, mark, readAt })
    .onConflict((conflict) =>
      conflict.columns(['firmId', 'connectionId', 'noun']).doUpdateSet({ mark, readAt, problem: null }),
    )
    .execute()
}

/** It could not be read; what was read of it before stays. */
export async function writeUnread(
  { trx, firmId }: InFirm,
  { connectionId, noun }: List,
  problem: Problem,
): Promise<void> {
  const stored = JSON.stringify(problem)
  await trx
    .insertInto('packageMark')
    .values({ firmId, connectionId, noun, problem: stored })
    .onConflict((conflict) => conflict.columns(['firmId', 'connectionId', 'noun']).doUpdateSet({ problem: stored }))
    .execute()
}

/** The lists that could not be read the last time, and why. */
export async function unreadLists({ trx, firmId }: InFirm, connectionId: string): Promise<ReadonlyMap<Noun, Problem>> {
  const rows = await trx
    .selectFrom('packageMark')
    .select(['noun', 'problem'])
    .where('firmId', '=', firmId)
    .where('connectionId', '=', connectionId)
    .where('problem', 'is not', null)
    .orderBy('noun')
    .execute()
  return new Map(
    rows.map(({ noun, problem }) => [noun as Noun, readStored(storedProblem, problem, 'why a list could not be read')]),
  )
}

/** Everything of one list that still exists there, by code. */
export async function rowsOf<N extends Noun>(
  { trx, firmId }: InFirm,
  connectionId: string,
  noun: N,
): Promise<Row[N][]> {
  const rows = await trx
    .selectFrom('packageRow')
    .select(['theirId', 'code', 'name', 'data'])
    .where('firmId', '=', firmId)
    .where('connectionId', '=', connectionId)
    .where('noun', '=', noun)
    .where('goneAt', 'is', null)
    .orderBy('code')
    .execute()
  return rows.map(({ theirId, code, name, data }) => ({ ...(data as object), id: theirId, code, name }) as Row[N])
}

export type Kept<N extends Noun> = Row[N] & { readonly isGone: boolean }

/** Named rows of one list, those that are gone too. */
export async function namedRows<N extends Noun>(
  { trx, firmId }: InFirm,
  connectionId: string,
  noun: N,
  ids: readonly TheirId[],
): Promise<Map<TheirId, Kept<N>>> {
  if (ids.length === 0) return new Map()
  const rows = await trx
    .selectFrom('packageRow')
    .select(['theirId', 'code', 'name', 'data', 'goneAt'])
    .where('firmId', '=', firmId)
    .where('connectionId', '=', connectionId)
    .where('noun', '=', noun)
    .where('theirId', 'in', [...ids])
    .execute()
  return new Map(
    rows.map(({ theirId, code, name, data, goneAt }) => {
      const row = { ...(data as object), id: theirId, code, name } as Row[N]
      return [theirId, { ...row, isGone: goneAt !== null }]
    }),
  )
}

/** Why a row may not be chosen, as a code of words. Nothing of ours is booked on an account that the package keeps itself. */
export function whyUnusable(noun: Noun, row: Row[Noun]): string | undefined {
  const { unusable } = row as { readonly unusable?: string }
  if (unusable || noun !== 'ledgerAccounts') return unusable
  return (row as Row['ledgerAccounts']).kind === 'control' ? 'control' : undefined
}
