import { createHash } from 'node:crypto'
import type { Attempt, Draft, Packed } from '@uurwerk/connectors/contract/contract.ts'
import type { Kind } from '@uurwerk/connectors/contract/documents.ts'
import { sql } from 'kysely'
import { keepParts, restore, shorten } from './long-bytes.ts'
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

/** Stores the exact bytes before anything leaves; what is very long of them stands beside, once. */
export async function insertAttempt(firm: Firm, made: NewAttempt): Promise<StoredAttempt> {
  const { trx, firmId } = firm
  const { attempt, packed } = made
  const body = shorten(packed.body)
  const parts = new Map(body.parts)
  await sql`
    insert into attempt (firm_id, id, connection_id, lane_key, kind, number, fence, idempotency_key,
      method, path, endpoint, headers, body, body_hash, created_at, last_sent_at)
    values (${firmId}, ${attempt.id}, ${made.connectionId}, ${made.laneKey}, ${made.kind}, ${attempt.number}, ${made.fence},
      ${attempt.idempotencyKey}, ${packed.method}, ${packed.path}, ${packed.endpoint}, ${JSON.stringify(packed.headers)}::jsonb,
      ${body.text}, ${sha256(packed.body)}, ${attempt.at}, ${attempt.at})`.execute(trx)
  const texts = made.drafts.map(({ draft }) => JSON.stringify(draft))
  const rows = made.drafts.map(({ postingId }, position) => {
    const short = shorten(texts[position] ?? '')
    for (const [hash, text] of short.parts) parts.set(hash, text)
    return { posting_id: postingId, position, draft: short.text }
  })
  await sql`
    insert into attempt_posting (firm_id, attempt_id, posting_id, position, draft)
    select ${firmId}, ${attempt.id}, d.posting_id, d.position, d.draft
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as d(posting_id uuid, position int, draft text)`.execute(
    trx,
  )
  await keepParts(firm, attempt.id, parts)
  return {
    ...attempt,
    kind: made.kind,
    packed,
    lastSentAt: attempt.at,
    // As every later reader sees them: from their stored text.
    drafts: made.drafts.map(({ postingId }, position) => ({
      postingId,
      draft: JSON.parse(texts[position] ?? '') as Draft,
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
  readonly parts: readonly { readonly sha256: string; readonly text: string }[]
}

export async function findAttempts({ trx, firmId }: Firm, ids: readonly string[]): Promise<readonly StoredAttempt[]> {
  const { rows } = await sql<AttemptRow>`
    select a.id, a.kind, a.number, a.repeats, a.idempotency_key as "idempotencyKey", a.method, a.path, a.endpoint, a.headers,
      a.body, a.body_hash as "bodyHash", a.created_at as "createdAt", a.last_sent_at as "lastSentAt",
      (select jsonb_agg(jsonb_build_object('postingId', d.posting_id, 'draft', d.draft) order by d.position)
        from attempt_posting d where d.firm_id = a.firm_id and d.attempt_id = a.id) as drafts,
      coalesce((select jsonb_agg(jsonb_build_object('sha256', b.sha256, 'text', b.text))
        from attempt_bytes b where b.firm_id = a.firm_id and b.attempt_id = a.id), '[]'::jsonb) as parts
    from attempt a where a.firm_id = ${firmId} and a.id = any(${ids}::uuid[])`.execute(trx)
  return rows.map((row) => restored(row, new Map(row.parts.map(({ sha256: hash, text }) => [hash, text]))))
}

const restored = (row: AttemptRow, parts: ReadonlyMap<string, string>): StoredAttempt => ({
  id: row.id,
  kind: row.kind,
  number: row.number,
  repeat: row.repeats,
  idempotencyKey: row.idempotencyKey,
  at: row.createdAt,
  lastSentAt: row.lastSentAt,
  packed: {
    method: row.method,
    path: row.path,
    endpoint: row.endpoint,
    headers: row.headers,
    body: restore(row.body, parts),
  },
  drafts: row.drafts.map(({ postingId, draft }) => ({
    postingId,
    draft: JSON.parse(restore(draft, parts)) as Draft,
  })),
})

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
