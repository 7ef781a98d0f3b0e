import type { Kind } from '@uurwerk/connectors/contract/documents.ts'
import { sql } from 'kysely'
import type { Trx } from '../store/database.ts'
import { allowProbe, type Paused, probeAt } from './pause.ts'

/** When a lane has something to do for a connection. Found without knowing the firm, so it lives in the directory. */
export interface LaneAt {
  readonly laneKey: string
  readonly firmId: string
  readonly connectionId: string
}

/** Until when nothing of a kind, or nothing at all, goes to a connection, and how often in a row it had to rest. */
export interface Rest {
  readonly until: string
  readonly failures: number
}
export type Rests = { readonly [K in Kind | 'all']?: Rest }

/** Until when a kind rests; undefined when it does not. */
export function restUntil(rests: Rests, kind: Kind): Date | undefined {
  const until = [rests[kind], rests.all].flatMap((rest) => (rest ? [new Date(rest.until).getTime()] : []))
  return until.length === 0 ? undefined : new Date(Math.max(...until))
}

/**
 * In the transaction that makes something due. The row's lock and `least` keep it from being lost beside a lane that
 * computes its own due time: that one reads the postings only after it has the lock.
 */
export async function makeDue(trx: Trx, at: LaneAt, due: Date): Promise<void> {
  await sql`
    insert into directory.lane_due (lane_key, firm_id, connection_id, due_at)
    values (${at.laneKey}, ${at.firmId}, ${at.connectionId}, ${due})
    on conflict (lane_key, firm_id, connection_id)
    do update set due_at = least(lane_due.due_at, excluded.due_at)`.execute(trx)
}

/** Before postings are locked by a person's act: a lane takes its own lock first too, so that the two never wait for each other. */
export async function lockLanes(trx: Trx, laneKeys: readonly string[]): Promise<void> {
  await sql`select 1 from directory.lane where key = any(${[...laneKeys]}::text[]) order by key for update`.execute(trx)
}

/** A lane that goes on may have work for each of its firms. */
export async function makeAllDue(trx: Trx, laneKey: string, due: Date): Promise<void> {
  await sql`update directory.lane_due set due_at = least(due_at, ${due}) where lane_key = ${laneKey}`.execute(trx)
}

/** A person acted on a stopped lane. Takes the lane's lock, so it comes before `makeDue`. */
export async function allowProbes(trx: Trx, laneKey: string, kinds: readonly Kind[], now: Date): Promise<void> {
  const { rows } = await sql<{ paused: Paused }>`
    select paused from directory.lane where key = ${laneKey} and paused <> '{}'::jsonb for update`.execute(trx)
  const before = rows[0]?.paused
  if (!before) return
  const allowed = kinds.flatMap((kind) => (before[kind] ? [[kind, allowProbe(before[kind], now)]] : []))
  const paused = { ...before, ...Object.fromEntries(allowed) }
  await sql`update directory.lane set paused = ${JSON.stringify(paused)}::jsonb where key = ${laneKey}`.execute(trx)
}

export async function ensureLane(trx: Trx, laneKey: string, packageId: string): Promise<void> {
  const { rows } = await sql`select 1 from directory.lane where key = ${laneKey}`.execute(trx)
  if (rows.length === 0)
    await sql`insert into directory.lane (key, package) values (${laneKey}, ${packageId}) on conflict do nothing`.execute(
      trx,
    )
}

export async function lockRests(trx: Trx, at: LaneAt): Promise<Rests> {
  const { rows } = await sql<{ rest: Rests }>`
    select rest from directory.lane_due
    where lane_key = ${at.laneKey} and firm_id = ${at.firmId} and connection_id = ${at.connectionId}
    for update`.execute(trx)
  return rows[0]?.rest ?? {}
}

/** Computes anew when this connection has something to do; the row was locked by `lockRests` before. */
export async function writeDue(trx: Trx, at: LaneAt, rests: Rests, paused: Paused): Promise<void> {
  const { rows } = await sql<{ kind: Kind; inDoubt: boolean; doubtDue: Date | null; waitingDue: Date | null }>`
    select kind,
      bool_or(state in ('sending', 'checking')) as "inDoubt",
      min(due_at) filter (where state <> 'waiting') as "doubtDue",
      min(due_at) filter (where state = 'waiting') as "waitingDue"
    from posting
    where firm_id = ${at.firmId} and connection_id = ${at.connectionId}
      and (due_at is not null or state in ('sending', 'checking'))
    group by kind`.execute(trx)
  const dues = rows.flatMap(({ kind, inDoubt, doubtDue, waitingDue }) => {
    const rest = restUntil(rests, kind)
    const known = doubtDue ? [latestOf(doubtDue, rest)] : []
    // Doubt holds its kind: at most one attempt of a kind is in doubt at a time.
    const probe = probeAt(paused[kind])
    if (!waitingDue || inDoubt || probe === null) return known
    return [...known, latestOf(waitingDue, rest, probe)]
  })
  const due = dues.length === 0 ? null : new Date(Math.min(...dues.map((date) => date.getTime())))
  await sql`
    update directory.lane_due set due_at = ${due}, rest = ${JSON.stringify(rests)}::jsonb
    where lane_key = ${at.laneKey} and firm_id = ${at.firmId} and connection_id = ${at.connectionId}`.execute(trx)
}

const latestOf = (...dates: readonly (Date | undefined)[]): Date =>
  new Date(Math.max(...dates.map((date) => date?.getTime() ?? Number.NEGATIVE_INFINITY)))
