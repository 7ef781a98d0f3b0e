import type { Kind } from '@uurwerk/connectors/contract/documents.ts'
import { type RawBuilder, sql } from 'kysely'
import type { Trx } from '../store/database.ts'
import type { Posting } from './posting.ts'

export interface Firm {
  readonly trx: Trx
  readonly firmId: string
}

const columns = sql`
  p.id, p.connection_id as "connectionId", p.lane_key as "laneKey", p.sequence, p.kind, p.reference,
  p.subject_kind as "subjectKind", p.subject_id as "subjectId", p.label, p.customer_id as "customerId", p.state,
  p.due_at as "dueAt", p.after_id as "afterId", p.attempt_id as "attemptId", p.choices,
  p.number_reserved as "numberReserved", p.problem, p.ticket, p.receipt, p.gross, p.tries, p.looks,
  p.sent_after as "sentAfter", p.doubt_at as "doubtAt", p.found, p.version`

async function select({ trx, firmId }: Firm, rest: RawBuilder<unknown>): Promise<readonly Posting[]> {
  const { rows } = await sql<Posting>`select ${columns} from posting p where p.firm_id = ${firmId} and ${rest}`.execute(
    trx,
  )
  return rows
}

export const findPostings = (firm: Firm, ids: readonly string[]) => select(firm, sql`p.id = any(${ids}::uuid[])`)

/** In order of their making; locked, since people act on them too. */
export const lockPostings = (firm: Firm, ids: readonly string[]) =>
  select(firm, sql`p.id = any(${ids}::uuid[]) order by p.sequence for update`)

interface DueAsk {
  readonly connectionId: string
  readonly kind: Kind
  readonly now: Date
  readonly most: number
  readonly only?: string
}

/** Those that may be sent now, oldest first; locked. One that comes after another waits until that is settled. */
export const lockWaiting = (firm: Firm, { connectionId, kind, now, most, only }: DueAsk) =>
  select(
    firm,
    sql`p.connection_id = ${connectionId} and p.kind = ${kind} and p.state = 'waiting' and p.due_at <= ${now}
      ${only ? sql`and p.id = ${only}` : sql``} order by p.sequence limit ${most} for update`,
  )

/** The one whose turn it is. */
export async function findNextWaiting(firm: Firm, asked: Omit<DueAsk, 'most' | 'only'>): Promise<Posting | undefined> {
  const [next] = await select(
    firm,
    sql`p.connection_id = ${asked.connectionId} and p.kind = ${asked.kind} and p.state = 'waiting'
      and p.due_at <= ${asked.now} order by p.sequence limit 1`,
  )
  return next
}

export const findDue = (firm: Firm, connectionId: string, states: readonly string[], now: Date) =>
  select(
    firm,
    sql`p.connection_id = ${connectionId} and p.state = any(${states}::text[]) and p.due_at <= ${now}
      order by p.sequence limit 200`,
  )

export interface Step {
  readonly postingId: string
  readonly attemptId?: string | null
  readonly what: string
  readonly details?: Readonly<Record<string, unknown>>
}

/** The timeline: added to, never changed. */
export async function addSteps(
  { trx, firmId }: Firm,
  { ids, at }: { readonly ids: { next(): string }; readonly at: Date },
  steps: readonly Step[],
): Promise<void> {
  if (steps.length === 0) return
  const rows = steps.map((step) => ({
    id: ids.next(),
    posting_id: step.postingId,
    attempt_id: step.attemptId ?? null,
    what: step.what,
    details: step.details ?? {},
  }))
  await sql`
    insert into posting_step (firm_id, id, posting_id, attempt_id, at, what, details)
    select ${firmId}, s.id, s.posting_id, s.attempt_id, ${at}, s.what, s.details
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as s(id uuid, posting_id uuid, attempt_id uuid, what text, details jsonb)`.execute(trx)
}
