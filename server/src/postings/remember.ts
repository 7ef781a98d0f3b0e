import type { Receipt } from '@uurwerk/connectors/contract/contract.ts'
import type { Kind } from '@uurwerk/connectors/contract/documents.ts'
import { compare, parseDecimal } from '@uurwerk/core/shared/money.ts'
import { sql } from 'kysely'
import { markAnswered } from './attempts.ts'
import { holdCustomer } from './customer-number.ts'
import { type Engine, type Told, tell } from './engine.ts'
import { type LaneAt, lockRests, makeAllDue, type Rests, writeDue } from './lane-due.ts'
import { holdLease, type Lease, writePaused } from './lease.ts'
import { forgetParts } from './long-bytes.ts'
import { afterGood, afterRefusal, type PauseChange, type Paused } from './pause.ts'
import type { Posting } from './posting.ts'
import { addSteps, type Firm, lockPostings, type Step } from './posting-rows.ts'
import { backoffMs, later, latest, type Verdict } from './retry.ts'

/** How a request as a whole was taken, for the pause after two refusals in a row. */
export interface Taken {
  readonly result: 'good' | 'refused' | 'neither'
  readonly code: string
}

export interface Remembering {
  readonly lease: Lease
  readonly leaseMs: number
  readonly at: LaneAt
  readonly kind: Kind
  readonly postingIds: readonly string[]
  /** Answered with this; left out when nothing was sent. */
  readonly attemptId?: string
  /** When the request left: a reconnection after it stands. */
  readonly startedAt: Date
  /** Judges a posting as it is now; undefined leaves it alone. `failures`: in a row, of this kind. */
  readonly judge: (posting: Posting, failures: number) => Verdict | undefined
  readonly taken?: Taken
  /** Nobody answered anything, so that a rest goes on. */
  readonly unheard?: true
  readonly details?: (posting: Posting) => Readonly<Record<string, unknown>>
}

/** Writes down what became of an attempt or a look, all in one transaction that proves the lease. */
export async function remember(engine: Engine, asked: Remembering): Promise<PauseChange> {
  const { lease, at } = asked
  return engine.store.withFirm(at.firmId, async (trx) => {
    const firm = { trx, firmId: at.firmId }
    const now = engine.clock.now()
    const { paused } = await holdLease(trx, lease, asked.leaseMs)
    const rests = await lockRests(trx, at)
    if (asked.attemptId) await markAnswered(firm, asked.attemptId, now)
    const failures = rests[asked.kind]?.failures ?? 0
    const judged = (await lockPostings(firm, asked.postingIds)).flatMap((posting) => {
      const verdict = asked.judge(posting, failures)
      return verdict ? [{ posting, verdict }] : []
    })
    const reconnecting = judged.find(({ verdict }) => verdict.reconnect)
    const stands = reconnecting ? await loseAccess(engine, firm, at, reconnecting.verdict, asked.startedAt, now) : false
    const steps: Step[] = []
    for (const { posting, verdict } of judged) {
      const settled = await withLink(
        engine,
        firm,
        posting,
        verdict.reconnect && !stands ? tryAgain(verdict, now) : verdict,
        now,
      )
      await writeVerdict(firm, posting, settled.verdict, now)
      await tellOf(engine, firm, posting, settled.verdict, now)
      if (settled.verdict.state === 'posted') await releaseDependants(firm, posting.id, now)
      steps.push(stepOf(posting, settled.verdict, asked), ...settled.steps)
    }
    await forgetParts(
      firm,
      judged.flatMap(({ posting, verdict }) => (verdict.state === 'posted' ? [posting.id] : [])),
    )
    await addSteps(firm, { ids: engine.ids, at: now }, steps)
    const pausing = pausedAfter(paused, asked.kind, asked.taken, now)
    if (pausing.change !== 'none' || pausing.paused !== paused) await writePaused(trx, lease, pausing.paused)
    await writeDue(
      trx,
      at,
      restsAfter(
        rests,
        asked,
        judged.map(({ verdict }) => verdict),
        now,
      ),
      pausing.paused,
    )
    if (pausing.change === 'resumed') await makeAllDue(trx, at.laneKey, now)
    await engine.notify(
      trx,
      at.firmId,
      judged.map(({ posting }) => posting.id),
    )
    return pausing.change
  })
}

const isTold = (state: Verdict['state']): state is Told['is'] =>
  state === 'posted' || state === 'refused' || state === 'needs-person' || state === 'discarded'

async function tellOf(engine: Engine, firm: Firm, posting: Posting, verdict: Verdict, now: Date): Promise<void> {
  const { state, receipt = posting.receipt ?? undefined } = verdict
  if (isTold(state)) await tell(engine, firm, { posting, is: state, ...(receipt ? { receipt } : {}), now })
}

const tryAgain = (verdict: Verdict, now: Date): Verdict => ({
  ...verdict,
  state: verdict.state === 'blocked' ? 'waiting' : verdict.state,
  dueAt: now,
})

function stepOf(posting: Posting, verdict: Verdict, asked: Remembering): Step {
  const { problem, receipt, found, ticket, differs, dueAt } = verdict
  return {
    postingId: posting.id,
    attemptId: asked.attemptId ?? posting.attemptId,
    what: verdict.step,
    details: {
      ...asked.details?.(posting),
      ...(problem ? { problem } : {}),
      ...(receipt ? { receipt } : {}),
      ...(found ? { found } : {}),
      ...(ticket ? { ticket: ticket.id } : {}),
      ...(differs ? { differs } : {}),
      ...(dueAt ? { next: dueAt.toISOString() } : {}),
    },
  }
}

async function writeVerdict({ trx, firmId }: Firm, posting: Posting, verdict: Verdict, now: Date): Promise<void> {
  const { receipt, doubt, ticket, found, differs } = verdict
  const theirGross = receipt?.gross === undefined ? null : parseDecimal(receipt.gross)
  const isSettled = verdict.state === 'posted'
  await sql`
    update posting set
      state = ${verdict.state},
      due_at = ${verdict.dueAt},
      problem = ${json(verdict.problem)}::jsonb,
      doubt_at = ${doubt === undefined ? posting.doubtAt : (doubt?.at ?? null)},
      looks = ${doubt === undefined ? posting.looks : (doubt?.looks ?? 0)},
      sent_after = coalesce(sent_after, case when ${Boolean(doubt)} then
        (select a.created_at from attempt a where a.firm_id = posting.firm_id and a.id = posting.attempt_id) end),
      ticket = ${ticket ? json(ticket) : isSettled ? null : json(posting.ticket)}::jsonb,
      found = ${found === undefined ? json(posting.found) : json(found)}::jsonb,
      receipt = ${json(receipt ?? posting.receipt)}::jsonb,
      their_id = coalesce(${receipt?.id ?? null}, their_id),
      their_number = coalesce(${receipt?.number ?? null}, their_number),
      url = coalesce(${receipt?.url ?? null}, url),
      their_gross = coalesce(${theirGross}::numeric, their_gross),
      differs = ${isSettled && (differs !== undefined || grossDiffers(posting, receipt))},
      adopted = ${verdict.adopted ?? false},
      settled_at = ${isSettled ? now : null},
      updated_at = ${now},
      version = version + 1
    where firm_id = ${firmId} and id = ${posting.id}`.execute(trx)
}

const json = (value: unknown): string | null => (value === null || value === undefined ? null : JSON.stringify(value))

/** A cent off is never silently "posted". */
function grossDiffers(posting: Posting, receipt: Receipt | undefined): boolean {
  const ours = posting.gross === null ? null : parseDecimal(posting.gross)
  const theirs = receipt?.gross === undefined ? null : parseDecimal(receipt.gross)
  return ours !== null && theirs !== null && compare(ours, theirs) !== 0
}

/** What came after it, or waited for its number, may go now. */
export async function releaseDependants({ trx, firmId }: Firm, postingId: string, now: Date): Promise<void> {
  await sql`
    update posting set due_at = ${now}, held_by = null
    where firm_id = ${firmId} and state = 'waiting' and (after_id = ${postingId} or held_by = ${postingId})`.execute(
    trx,
  )
}

/** A customer that was made or found is linked, and its number becomes ours when we had none. */
async function withLink(
  engine: Engine,
  firm: Firm,
  posting: Posting,
  verdict: Verdict,
  now: Date,
): Promise<{ readonly verdict: Verdict; readonly steps: readonly Step[] }> {
  const { receipt } = verdict
  if (posting.kind !== 'customer' || verdict.state !== 'posted' || !receipt) return { verdict, steps: [] }
  await holdCustomer(firm, posting.subjectId)
  const { rows } = await sql<{ theirId: string; ourId: string }>`
    with made as (
      insert into link (firm_id, connection_id, noun, our_id, their_id, their_code, created_at)
      values (${firm.firmId}, ${posting.connectionId}, 'customer', ${posting.subjectId}, ${receipt.id}, ${receipt.number ?? null}, ${now})
      on conflict do nothing returning our_id, their_id)
    select our_id as "ourId", their_id as "theirId" from made
    union all
    select our_id, their_id from link where firm_id = ${firm.firmId} and connection_id = ${posting.connectionId}
      and noun = 'customer' and (our_id = ${posting.subjectId} or their_id = ${receipt.id})`.execute(firm.trx)
  const isOurs = rows.every(({ ourId, theirId }) => ourId === posting.subjectId && theirId === receipt.id)
  if (!isOurs) {
    const problem = {
      kind: 'conflict',
      code: 'customer-linked-elsewhere',
      values: { code: receipt.number ?? receipt.id },
    } as const
    return { verdict: { state: 'needs-person', dueAt: null, problem, step: problem.code, found: [receipt] }, steps: [] }
  }
  if (receipt.number === undefined) return { verdict, steps: [] }
  const linked = { customerId: posting.subjectId, theirCode: receipt.number, at: now }
  const number = await engine.customerLinked(firm, linked)
  const step = { postingId: posting.id, attemptId: posting.attemptId, details: { number: receipt.number } }
  if (number === 'kept') return { verdict, steps: [] }
  return { verdict, steps: [{ ...step, what: number === 'written' ? 'number-written' : 'number-conflict' }] }
}

/** The connection waits for a person, unless somebody signed in again since the request left. */
async function loseAccess(
  engine: Engine,
  firm: Firm,
  at: LaneAt,
  verdict: Verdict,
  startedAt: Date,
  now: Date,
): Promise<boolean> {
  const { rows } = await sql<{ state: string; issuedAt: Date | null }>`
    select c.state, g.issued_at as "issuedAt" from connection c
    left join access_grant g on g.firm_id = c.firm_id and g.id = c.grant_id
    where c.firm_id = ${firm.firmId} and c.id = ${at.connectionId} for update of c skip locked`.execute(firm.trx)
  const connection = rows[0]
  // Somebody is changing it at this moment: what comes of that is seen at the next try.
  if (!connection) return false
  if (connection.state !== 'connected') return true
  if (connection.issuedAt && connection.issuedAt > startedAt) return false
  await sql`
    update connection set state = 'reconnect', problem = ${json(verdict.problem)}::jsonb, version = version + 1, updated_at = ${now}
    where firm_id = ${firm.firmId} and id = ${at.connectionId}`.execute(firm.trx)
  await engine.accessLost?.(firm, at.connectionId)
  return true
}

function pausedAfter(paused: Paused, kind: Kind, taken: Taken | undefined, now: Date) {
  const before = paused[kind]
  if (!taken || taken.result === 'neither') return { paused, change: 'none' as const }
  if (taken.result === 'good') {
    if (!before) return { paused, change: 'none' as const }
    const { [kind]: _, ...others } = paused
    return { paused: others, change: afterGood(before) }
  }
  const { pause, change } = afterRefusal(before, taken.code, now)
  return { paused: { ...paused, [kind]: pause }, change }
}

const tooManyRequests = 429

/** A rest that we were told, or that grows with each failure in a row; anything else that was heard ends it. */
function restsAfter(rests: Rests, { kind, unheard }: Remembering, verdicts: readonly Verdict[], now: Date): Rests {
  const resting = verdicts.filter(({ rest }) => rest !== undefined)
  if (verdicts.length === 0 || unheard) return rests
  // A limit holds for all that goes to an administration.
  const scope = resting.some(({ restFor }) => restFor === tooManyRequests) ? 'all' : kind
  const { [kind]: ofKind, all, ...others } = rests
  if (resting.length === 0) return others
  const failures = ((scope === 'all' ? all : ofKind)?.failures ?? 0) + 1
  const until = resting
    .map(({ rest }) => (rest instanceof Date ? rest : later(now, backoffMs(failures - 1))))
    .reduce(latest)
  const kept = scope === 'all' ? (ofKind ? { [kind]: ofKind } : {}) : all ? { all } : {}
  return { ...others, ...kept, [scope]: { until: until.toISOString(), failures } }
}
