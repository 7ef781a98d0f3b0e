import { createHash } from 'node:crypto'
import type { Attempt, Draft, Packed } from '@uurwerk/connectors/contract/contract.ts'
import type { Kind } from '@uurwerk/connectors/contract/documents.ts'
import { sql } from 'kysely'
import type { StoredAttempt } from './posting.ts'
import type { Firm } from './posting-rows.ts'

export interface NewAttempt {
  readonly attempt: Attempt
  readonly connectionId: string
  readonly laneKey: string
  readonly fence: string
  readonly kind: Kind
  readonly packed: Packed
  readonly drafts: readonly { readonly postingId: string; readonly draft: Draft }[]
}

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex')

/** Stores the exact bytes before anything leaves. */
export async function insertAttempt({ trx, firmId }: Firm, made: NewAttempt): Promise<StoredAttempt> {
  const { attempt, packed } = made
  await sql`
    insert into attempt (firm_id, id, connection_id, lane_key, kind, number, fence, idempotency_key,
      method, path, endpoint, headers, body, body_hash, created_at, last_sent_at)
    values (${firmId}, ${attempt.id}, ${made.connectionId}, ${made.laneKey}, ${made.kind}, ${attempt.number}, ${made.fence},
      ${attempt.idempotencyKey}, ${packed.method}, ${packed.path}, ${packed.endpoint}, ${JSON.stringify(packed.headers)}::jsonb,
      ${packed.body}, ${sha256(packed.body)}, ${attempt.at}, ${attempt.at})`.execute(trx)
  const rows = made.drafts.map(({ postingId, draft }, position) => ({
    posting_id: postingId,
    position,
    draft: JSON.stringify(draft),
  }))
  await sql`
    insert into attempt_posting (firm_id, attempt_id, posting_id, position, draft)
    select ${firmId}, ${attempt.id}, d.posting_id, d.position, d.draft
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as d(posting_id uuid, position int, draft text)`.execute(
    trx,
  )
  return {
    ...attempt,
    kind: made.kind,
    packed,
    lastSentAt: attempt.at,
    // As every later reader sees them: from their stored text.
    drafts: made.drafts.map(({ postingId, draft }) => ({
      postingId,
      draft: JSON.parse(JSON.stringify(draft)) as Draft,
    })),
  }
}

interface AttemptRow {
  readonly id: string
  readonly kind: Kind
  readonly number: number
  readonly repeats: number
  readonly idempotencyKey: string
  readonly method: Packed['method']
  readonly path: string
  readonly endpoint: string
  readonly headers: Packed['headers']
  readonly body: string
  readonly bodyHash: string
  readonly createdAt: Date
  readonly lastSentAt: Date
  readonly drafts: readonly { readonly postingId: string; readonly draft: string }[]
}

export async function findAttempts({ trx, firmId }: Firm, ids: readonly string[]): Promise<readonly StoredAttempt[]> {
  const { rows } = await sql<AttemptRow>`
    select a.id, a.kind, a.number, a.repeats, a.idempotency_key as "idempotencyKey", a.method, a.path, a.endpoint, a.headers,
      a.body, a.body_hash as "bodyHash", a.created_at as "createdAt", a.last_sent_at as "lastSentAt",
      (select jsonb_agg(jsonb_build_object('postingId', d.posting_id, 'draft', d.draft) order by d.position)
        from attempt_posting d where d.firm_id = a.firm_id and d.attempt_id = a.id) as drafts
    from attempt a where a.firm_id = ${firmId} and a.id = any(${ids}::uuid[])`.execute(trx)
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    number: row.number,
    repeat: row.repeats,
    idempotencyKey: row.idempotencyKey,
    at: row.createdAt,
    lastSentAt: row.lastSentAt,
    packed: { method: row.method, path: row.path, endpoint: row.endpoint, headers: row.headers, body: row.body },
    drafts: row.drafts.map(({ postingId, draft }) => ({ postingId, draft: JSON.parse(draft) as Draft })),
  }))
}

/** Attempts without an answer that were frozen under an older fence: their sender is gone. */
export async function findOrphans(
  { trx, firmId }: Firm,
  connectionId: string,
  fence: string,
): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from attempt where firm_id = ${firmId} and connection_id = ${connectionId} and answered_at is null and fence < ${fence}
    order by id`.execute(trx)
  return rows.map(({ id }) => id)
}

/** The same bytes go out once more, under the present fence. */
export async function markRepeat(
  { trx, firmId }: Firm,
  attempt: StoredAttempt,
  fence: string,
  at: Date,
): Promise<StoredAttempt> {
  await sql`
    update attempt set repeats = repeats + 1, last_sent_at = ${at}, answered_at = null, fence = ${fence}
    where firm_id = ${firmId} and id = ${attempt.id}`.execute(trx)
  return { ...attempt, repeat: attempt.repeat + 1, lastSentAt: at }
}

export async function markAnswered({ trx, firmId }: Firm, attemptId: string, at: Date): Promise<void> {
  await sql`update attempt set answered_at = ${at} where firm_id = ${firmId} and id = ${attemptId}`.execute(trx)
}
