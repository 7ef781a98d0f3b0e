import type { Kind } from '@uurwerk/connectors/contract/documents.ts'
import { isProblem, type Problem } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import { doubtOrphans, followOne, settleDoubt } from './doubt.ts'
import { type ConnectionAt, type Engine, findConnection, type Opened, open } from './engine.ts'
import { type LaneAt, lockLanes, lockRests, makeDue, type Rests, restUntil, writeDue } from './lane-due.ts'
import { holdLease, type Lease, LeaseLost, releaseLease, takeLease } from './lease.ts'
import { type Paused, probeAt } from './pause.ts'
import { kinds, type Posting, type StoredAttempt } from './posting.ts'
import { addSteps, type Firm, findDue } from './posting-rows.ts'
import { at, guardOf, type Pass, sendNext, type Unit } from './send.ts'

export type LaneResult =
  /** Somebody else has the lane. */
  | { readonly is: 'busy' }
  /** Nothing is due now; `nextAt` is when something will be. */
  | { readonly is: 'rested'; readonly nextAt: Date | null }
  /** The lease was taken over in the middle; whoever has it goes on. */
  | { readonly is: 'lost' }
  /** Stopped to let others have a turn; there is more to do now. */
  | { readonly is: 'more' }

/** Longer than any request may take, so that nobody takes over while one is under way. */
const leaseMs = 180_000
const mostUnits = 500

/** Works through everything that is due in one lane, one thing at a time. */
export async function runLane(engine: Engine, laneKey: string, signal?: AbortSignal): Promise<LaneResult> {
  const lease = await engine.store.withDirectory((trx) => takeLease(trx, laneKey, engine.ids.next(), leaseMs))
  if (!lease) return { is: 'busy' }
  const pass: Pass = { engine, lease, leaseMs, lookedFor: new Set(), nextNumbers: new Map() }
  try {
    const result = await work(pass, signal)
    return (await release(pass)) ? result : { is: 'lost' }
  } catch (error) {
    if (error instanceof LeaseLost) return { is: 'lost' }
    await release(pass)
    throw error
  }
}

async function release(pass: Pass): Promise<boolean> {
  await at(pass, 'before-release')
  const { engine, lease } = pass
  return engine.store.withDirectory(async (trx) => {
    const isOurs = await releaseLease(trx, lease)
    // What was decided since the last look woke nobody, because the lane was busy; so did what is left for another turn.
    const { due } = await nextDue(trx, lease.laneKey, engine.clock.now())
    if (isOurs && due) await engine.wake(trx, lease.laneKey)
    return isOurs
  })
}

async function work(pass: Pass, signal: AbortSignal | undefined): Promise<LaneResult> {
  const { engine, lease } = pass
  await at(pass, 'pass-start')
  for (const laneAt of await engine.store.withDirectory((trx) => listLane(trx, lease.laneKey)))
    await doubtOrphans(pass, laneAt, (where, attempt) => unitOf(pass, where, attempt))
  for (let units = 0; units < mostUnits && !signal?.aborted; units += 1) {
    const { due, nextAt } = await engine.store.withDirectory((trx) => nextDue(trx, lease.laneKey, engine.clock.now()))
    if (!due) return { is: 'rested', nextAt }
    await workOn(pass, due)
  }
  return { is: 'more' }
}

type Directory = Parameters<Parameters<Engine['store']['withDirectory']>[0]>[0]

async function listLane(trx: Directory, laneKey: string): Promise<readonly LaneAt[]> {
  const { rows } = await sql<LaneAt>`
    select lane_key as "laneKey", firm_id as "firmId", connection_id as "connectionId"
    from directory.lane_due where lane_key = ${laneKey} and due_at is not null order by firm_id, connection_id`.execute(
    trx,
  )
  return rows
}

async function nextDue(
  trx: Directory,
  laneKey: string,
  now: Date,
): Promise<{ readonly due: LaneAt | undefined; readonly nextAt: Date | null }> {
  const { rows } = await sql<LaneAt & { dueAt: Date }>`
    select lane_key as "laneKey", firm_id as "firmId", connection_id as "connectionId", due_at as "dueAt"
    from directory.lane_due where lane_key = ${laneKey} and due_at is not null order by due_at, firm_id, connection_id limit 1`.execute(
    trx,
  )
  const first = rows[0]
  if (!first) return { due: undefined, nextAt: null }
  return first.dueAt <= now ? { due: first, nextAt: null } : { due: undefined, nextAt: first.dueAt }
}

interface Survey {
  readonly connection: ConnectionAt | undefined
  readonly paused: Paused
  readonly rests: Rests
  readonly due: readonly Posting[]
  readonly inDoubt: ReadonlySet<Kind>
  readonly waiting: ReadonlySet<Kind>
}

async function survey(pass: Pass, laneAt: LaneAt): Promise<Survey> {
  const { engine } = pass
  return engine.store.withFirm(laneAt.firmId, async (trx) => {
    const firm: Firm = { trx, firmId: laneAt.firmId }
    const now = engine.clock.now()
    const { rows } = await sql<{ paused: Paused; rest: Rests }>`
      select l.paused, d.rest from directory.lane l join directory.lane_due d on d.lane_key = l.key
      where l.key = ${laneAt.laneKey} and d.firm_id = ${laneAt.firmId} and d.connection_id = ${laneAt.connectionId}`.execute(
      trx,
    )
    const states = await sql<{ kind: Kind; inDoubt: boolean; waiting: boolean }>`
      select kind, bool_or(state in ('sending', 'checking')) as "inDoubt",
        bool_or(state = 'waiting' and due_at <= ${now}) as waiting
      from posting where firm_id = ${laneAt.firmId} and connection_id = ${laneAt.connectionId}
        and (state in ('sending', 'checking') or due_at <= ${now})
      group by kind`.execute(trx)
    return {
      connection: await findConnection(firm, laneAt.connectionId),
      paused: rows[0]?.paused ?? {},
      rests: rows[0]?.rest ?? {},
      due: await findDue(firm, laneAt.connectionId, ['checking', 'accepted'], now),
      inDoubt: new Set(states.rows.filter(({ inDoubt }) => inDoubt).map(({ kind }) => kind)),
      waiting: new Set(states.rows.filter(({ waiting }) => waiting).map(({ kind }) => kind)),
    }
  })
}

/** Does the next thing there is to do for a connection; when there is none, says when there will be. */
async function workOn(pass: Pass, laneAt: LaneAt): Promise<void> {
  const { engine } = pass
  const seen = await survey(pass, laneAt)
  const opened = openFor(pass, seen.connection)
  if ('problem' in opened) return block(pass, laneAt, opened.problem)
  const now = engine.clock.now()
  for (const kind of kinds) {
    const rest = restUntil(seen.rests, kind)
    if (rest && rest > now) continue
    const unit = { at: laneAt, kind, opened }
    const ofKind = seen.due.filter((posting) => posting.kind === kind)
    const doubtful = ofKind.filter(({ state }) => state === 'checking')
    if (doubtful.length > 0 && (await settleDoubt(pass, unit, doubtful))) return
    const accepted = ofKind.find(({ state }) => state === 'accepted')
    if (accepted && (await followOne(pass, unit, accepted))) return
    const probe = probeAt(seen.paused[kind])
    const mayGo = probe === undefined || (probe !== null && probe <= now)
    if (seen.waiting.has(kind) && !seen.inDoubt.has(kind) && mayGo && (await sendNext(pass, unit))) return
  }
  await engine.store.withFirm(laneAt.firmId, async (trx) => {
    const { paused } = await holdLease(trx, pass.lease, pass.leaseMs)
    await writeDue(trx, laneAt, await lockRests(trx, laneAt), paused)
  })
}

function openFor(pass: Pass, connection: ConnectionAt | undefined): Opened | { readonly problem: Problem } {
  if (!connection || connection.state === 'disconnected')
    return { problem: { kind: 'setup', code: 'no-package-active' } }
  if (connection.state !== 'connected') return { problem: { kind: 'reconnect', code: 'access-withdrawn' } }
  try {
    return open(pass.engine, connection, pass.engine.wireFor(connection, guardOf(pass)))
  } catch (error) {
    if (isProblem(error)) return { problem: error.problem }
    throw error
  }
}

/** For an attempt that nobody answered; its doubt is written down even when the connection is not usable now. */
async function unitOf(pass: Pass, laneAt: LaneAt, attempt: StoredAttempt): Promise<Unit | undefined> {
  const { connection } = await survey(pass, laneAt)
  const opened = openFor(pass, connection && { ...connection, state: 'connected' })
  return 'problem' in opened ? undefined : { at: laneAt, kind: attempt.kind, opened }
}

/** Nothing can go there now: what waits is blocked with the reason, what is under way keeps its state until access is back. */
async function block(pass: Pass, laneAt: LaneAt, problem: Problem): Promise<void> {
  const { engine, lease } = pass
  await engine.store.withFirm(laneAt.firmId, async (trx) => {
    const now = engine.clock.now()
    const { paused } = await holdLease(trx, lease, pass.leaseMs)
    const rests = await lockRests(trx, laneAt)
    const { rows } = await sql<{ id: string; state: string }>`
      update posting set
        state = case when state = 'waiting' then 'blocked' else state end,
        problem = case when state = 'waiting' or problem is null then ${JSON.stringify(problem)}::jsonb else problem end,
        due_at = null, updated_at = ${now}, version = version + 1
      where firm_id = ${laneAt.firmId} and connection_id = ${laneAt.connectionId}
        and (due_at is not null or state = 'waiting') and state in ('waiting', 'sending', 'checking', 'accepted')
      returning id, state`.execute(trx)
    const details = { problem }
    await addSteps(
      { trx, firmId: laneAt.firmId },
      { ids: engine.ids, at: now },
      rows.map(({ id, state }) => ({
        postingId: id,
        what: state === 'blocked' ? 'blocked' : 'access-awaited',
        details,
      })),
    )
    await writeDue(trx, laneAt, rests, paused)
    await engine.notify(
      trx,
      laneAt.firmId,
      rows.map(({ id }) => id),
    )
  })
}

/** Access is back, or a setting was filled in: what waited for it goes on. */
export async function resumeConnection(
  engine: Pick<Engine, 'ids' | 'clock' | 'wake' | 'notify'>,
  { trx, firmId }: Firm,
  connectionId: string,
): Promise<number> {
  const now = engine.clock.now()
  const connection = await findConnection({ trx, firmId }, connectionId)
  if (!connection?.laneKey) return 0
  await lockLanes(trx, [connection.laneKey])
  const { rows } = await sql<{ id: string }>`
    update posting set
      state = case when state = 'blocked' then 'waiting' else state end,
      due_at = case when state = 'blocked' and after_id is not null and exists (
        select 1 from posting before where before.firm_id = posting.firm_id and before.id = posting.after_id
          and before.state not in ('posted', 'discarded')) then null else ${now}::timestamptz end,
      updated_at = ${now}, version = version + 1
    where firm_id = ${firmId} and connection_id = ${connectionId}
      and ((state = 'blocked' and problem ->> 'kind' in ('reconnect', 'setup')) or (state in ('sending', 'checking', 'accepted') and due_at is null))
    returning id`.execute(trx)
  if (rows.length === 0) return 0
  const ids = rows.map(({ id }) => id)
  await addSteps(
    { trx, firmId },
    { ids: engine.ids, at: now },
    ids.map((postingId) => ({ postingId, what: 'resumed' })),
  )
  await makeDue(trx, { laneKey: connection.laneKey, firmId, connectionId }, now)
  await engine.wake(trx, connection.laneKey)
  await engine.notify(trx, firmId, ids)
  return ids.length
}

export type { Lease }
