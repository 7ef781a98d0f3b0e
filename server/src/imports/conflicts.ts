import { createHash } from 'node:crypto'
import type { CustomerRow } from '@uurwerk/connectors/contract/rows.ts'
import { sql } from 'kysely'
import type { InFirm } from '../connections/connection.ts'
import type { Services } from '../services.ts'
import type { Conflict } from './judge.ts'

export type ConflictState = 'open' | 'resolved' | 'left' | 'passed'

/** What is decided about: as long as this stays the same, a person who left it alone is not asked again. */
const fingerprintOf = (conflict: Conflict): string =>
  createHash('sha256')
    .update(JSON.stringify([conflict.reason, conflict.values, conflict.candidates]))
    .digest('hex')

export interface StoredConflict {
  readonly state: ConflictState
  readonly fingerprint: string
}

export async function readConflicts(
  { trx, firmId }: InFirm,
  connectionId: string,
  theirIds: readonly string[],
): Promise<ReadonlyMap<string, StoredConflict>> {
  const { rows } = await sql<StoredConflict & { theirId: string }>`
    select their_id as "theirId", state, fingerprint from import_conflict
    where firm_id = ${firmId} and connection_id = ${connectionId} and their_id = any(${theirIds}::text[])
    order by their_id for update`.execute(trx)
  return new Map(rows.map(({ theirId, ...stored }) => [theirId, stored]))
}

export const isLeft = (stored: StoredConflict | undefined, conflict: Conflict): boolean =>
  stored?.state === 'left' && stored.fingerprint === fingerprintOf(conflict)

export interface Met {
  readonly row: Pick<CustomerRow, 'id' | 'code' | 'name'>
  readonly conflict: Conflict
}

/** Kept beyond the import: these are open from now on, and those that settled themselves are no more. */
export async function putConflicts(
  { trx, firmId, services }: InFirm & { readonly services: Pick<Services, 'ids' | 'clock'> },
  connectionId: string,
  { met, passed }: { readonly met: readonly Met[]; readonly passed: readonly string[] },
): Promise<void> {
  const now = services.clock.now()
  if (passed.length > 0)
    await sql`
      update import_conflict set state = 'passed', settled_at = ${now}, settled_by = null, version = version + 1
      where firm_id = ${firmId} and connection_id = ${connectionId} and state in ('open', 'left')
        and their_id = any(${passed}::text[])`.execute(trx)
  if (met.length === 0) return
  const rows = met.map(({ row, conflict }) => ({
    id: services.ids.next(),
    theirId: row.id,
    code: row.code,
    name: row.name,
    fingerprint: fingerprintOf(conflict),
    ...conflict,
  }))
  await sql`
    insert into import_conflict as c (firm_id, id, connection_id, their_id, their_code, their_name, reason, "values",
      candidates, fingerprint, opened_at, seen_at)
    select ${firmId}, r.id, ${connectionId}, r."theirId", r.code, r.name, r.reason, r."values", r.candidates,
      r.fingerprint, ${now}, ${now}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(id uuid, "theirId" text, code text, name text,
      reason text, "values" jsonb, candidates jsonb, fingerprint text)
    on conflict (firm_id, connection_id, their_id) do update set
      version = case when (c.state, c.fingerprint, c.their_code, c.their_name)
        is distinct from ('open', excluded.fingerprint, excluded.their_code, excluded.their_name)
        then c.version + 1 else c.version end,
      opened_at = case when c.state = 'open' then c.opened_at else excluded.opened_at end,
      their_code = excluded.their_code, their_name = excluded.their_name, reason = excluded.reason,
      "values" = excluded."values", candidates = excluded.candidates, fingerprint = excluded.fingerprint,
      state = 'open', seen_at = excluded.seen_at, settled_at = null, settled_by = null`.execute(trx)
}

/** What a person has to decide about at this moment. */
export async function countOpen(
  { trx, firmId }: InFirm,
  connectionId: string,
): Promise<{ readonly conflicts: number; readonly proposals: number }> {
  const { rows } = await sql<{ conflicts: number; proposals: number }>`
    select
      (select count(*)::int from import_conflict where firm_id = ${firmId} and connection_id = ${connectionId}
        and state = 'open') as conflicts,
      (select count(*)::int from customer_proposal where firm_id = ${firmId} and connection_id = ${connectionId}
        and state = 'open') as proposals`.execute(trx)
  return rows[0] ?? { conflicts: 0, proposals: 0 }
}
