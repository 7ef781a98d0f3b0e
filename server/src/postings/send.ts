import type { Call, Draft, Found, Outcome, Reference } from '@uurwerk/connectors/contract/contract.ts'
import type { Kind } from '@uurwerk/connectors/contract/documents.ts'
import { isProblem, type Problem, ProblemError } from '@uurwerk/core/shared/problem.ts'
import type { Engine, Guard, Opened } from './engine.ts'
import { postsOf } from './engine.ts'
import { checkWaiting, type Freezing, freeze } from './freeze.ts'
import { findGivenUp, foundTogether } from './given-up.ts'
import type { LaneAt } from './lane-due.ts'
import { holdLease, type Lease, LeaseLost } from './lease.ts'
import type { Posting, StoredAttempt } from './posting.ts'
import { findNextWaiting } from './posting-rows.ts'
import { remember, type Taken } from './remember.ts'
import { afterFirstLook, afterOutcome, later, type Moment, mayArriveUntil } from './retry.ts'

/** One pass over a lane: what its units share. */
export interface Pass {
  readonly engine: Engine
  readonly lease: Lease
  readonly leaseMs: number
  readonly lookedFor: Set<string>
  readonly nextNumbers: Map<string, number>
  /** Until when the attempt at hand may leave. */
  mayLeaveUntil?: Date
}

export interface Unit {
  readonly at: LaneAt
  readonly kind: Kind
  readonly opened: Opened
}

export const momentOf = (pass: Pass, { opened, kind }: Unit, attempt: Moment['attempt']): Moment => ({
  now: pass.engine.clock.now(),
  retry: postsOf(opened, kind)?.retry ?? { sameAttemptMs: 0, settleMs: [], guard: 'none' },
  wireTimeoutMs: opened.connector.manifest.wireTimeoutMs,
  attempt,
})

export const at = (pass: Pass, point: Parameters<NonNullable<Engine['hooks']>['at']>[0]): Promise<void> =>
  pass.engine.hooks?.at(point, pass.lease.laneKey) ?? Promise.resolve()

/** Freezes the next attempt of a kind and sends it. False when there was nothing to do. */
export async function sendNext(pass: Pass, unit: Unit): Promise<boolean> {
  const { engine, lease, leaseMs } = pass
  await at(pass, 'before-freeze')
  const file = unit.kind === 'attachment' ? await nextFile(pass, unit) : undefined
  const frozen = await freeze(engine, {
    lease,
    leaseMs,
    ...unit,
    lookedFor: pass.lookedFor,
    nextNumbers: pass.nextNumbers,
    ...(file ? { file } : {}),
  })
  switch (frozen.is) {
    case 'nothing':
      return false
    case 'ask-number':
      await askNumber(pass, unit, frozen.scope, frozen.posting)
      return true
    case 'look-first':
      await lookFirst(pass, unit, frozen.drafts)
      return true
    case 'frozen':
      await at(pass, 'after-freeze')
      await sendAttempt(pass, unit, frozen.attempt, frozen.postingIds)
      return true
  }
}

async function nextFile({ engine }: Pass, { at: laneAt, kind }: Unit): Promise<Freezing['file']> {
  const { firmId, connectionId } = laneAt
  const now = engine.clock.now()
  const posting = await engine.store.withFirm(firmId, (trx) =>
    findNextWaiting({ trx, firmId }, { connectionId, kind, now }),
  )
  return posting && { postingId: posting.id, made: await engine.fileOf(firmId, posting) }
}

/** Sends stored bytes, and writes down what came of it. */
export async function sendAttempt(
  pass: Pass,
  unit: Unit,
  attempt: StoredAttempt,
  postingIds: readonly string[],
): Promise<void> {
  const { engine } = pass
  await at(pass, 'before-send')
  const startedAt = engine.clock.now()
  pass.mayLeaveUntil = mayLeaveUntil(unit, attempt)
  const outcomes = await outcomesOf(unit, attempt)
  await at(pass, 'after-send')
  const referenceOf = new Map(attempt.drafts.map(({ postingId, draft }) => [postingId, draft.reference]))
  const outcomeFor = (posting: Posting): Outcome =>
    outcomes.get(referenceOf.get(posting.id) ?? '') ?? {
      is: 'uncertain',
      problem: { kind: 'uncertain', code: 'answer-incomplete' },
    }
  await at(pass, 'before-remember')
  const moment = momentOf(pass, unit, attempt)
  const change = await remember(engine, {
    ...pass,
    ...unit,
    postingIds,
    attemptId: attempt.id,
    startedAt,
    judge: (posting) => (isStillOf(posting, attempt) ? afterOutcome(posting, outcomeFor(posting), moment) : undefined),
    taken: takenAs([...outcomes.values()]),
    details: () => ({ attempt: attempt.number, ...(attempt.repeat > 0 ? { repeat: attempt.repeat } : {}) }),
  })
  await at(pass, 'after-remember')
  // What is wrong here is found here, before anything more is refused there.
  if (change === 'paused') await checkWaiting(engine, { ...pass, ...unit })
}

/** Within one time-out of when it was frozen, and a repeat only while the package knows its key. */
function mayLeaveUntil({ opened, kind }: Unit, attempt: StoredAttempt): Date {
  const soon = later(attempt.lastSentAt, opened.connector.manifest.wireTimeoutMs)
  const keyEnds = later(attempt.at, postsOf(opened, kind)?.retry.sameAttemptMs ?? 0)
  return attempt.repeat > 0 && keyEnds < soon ? keyEnds : soon
}

const isStillOf = (posting: Posting, attempt: StoredAttempt): boolean =>
  posting.attemptId === attempt.id && (posting.state === 'sending' || posting.state === 'checking')

/** What a request came to; whatever is thrown becomes an outcome for each of its documents. */
async function outcomesOf(unit: Unit, attempt: StoredAttempt): Promise<ReadonlyMap<Reference, Outcome>> {
  const posts = postsOf(unit.opened, unit.kind)
  const drafts = attempt.drafts.map(({ draft }) => draft)
  try {
    if (!posts) throw new ProblemError({ kind: 'setup', code: 'kind-not-offered', values: { kind: unit.kind } })
    return await posts.send(attempt.packed, drafts, attempt)
  } catch (error) {
    if (error instanceof LeaseLost) throw error
    const outcome = outcomeOfThrown(error)
    return new Map(drafts.map(({ reference }) => [reference, outcome]))
  }
}

function outcomeOfThrown(error: unknown): Outcome {
  // We cannot know how far it came: look, and let a person see what is wrong here.
  if (!isProblem(error)) return { is: 'uncertain', problem: programMistake(error) }
  const { problem } = error
  switch (problem.kind) {
    case 'uncertain':
    case 'defect':
      return { is: 'uncertain', problem }
    case 'temporary':
    case 'reconnect':
    case 'setup':
      return { is: 'again', problem, ...(problem.notBefore ? { notBefore: new Date(problem.notBefore) } : {}) }
    default:
      return { is: 'refused', problem }
  }
}

const programMistake = (error: unknown): Problem => ({
  kind: 'defect',
  code: 'program-mistake',
  values: { message: error instanceof Error ? error.message : String(error) },
})

function takenAs(outcomes: readonly Outcome[]): Taken {
  const refused = outcomes.flatMap((outcome) => (outcome.is === 'refused' ? [outcome.problem.code] : []))
  const isGood = outcomes.some(({ is }) => is === 'posted' || is === 'accepted')
  if (isGood) return { result: 'good', code: '' }
  return {
    result: refused.length > 0 && refused.length === outcomes.length ? 'refused' : 'neither',
    code: refused[0] ?? '',
  }
}

/**
 * Passed to the wire: just before a call leaves, the lease is proven once more and made to last beyond its time-out.
 * Who waited too long since the freezing does not send: another may judge by then that nothing was sent.
 */
export function guardOf(pass: Pass): Guard {
  return async (call: Call) => {
    if (call.safe || call.anonymous) return
    const { engine, lease, leaseMs } = pass
    await engine.store.withDirectory((trx) => holdLease(trx, lease, leaseMs))
    const until = pass.mayLeaveUntil
    if (!until || engine.clock.now() > until) throw new ProblemError({ kind: 'temporary', code: 'waited-too-long' })
  }
}

/** The package is asked for its own next number; nothing is reserved by that. */
async function askNumber(pass: Pass, unit: Unit, scope: string, posting: Posting): Promise<void> {
  await at(pass, 'before-number')
  const startedAt = pass.engine.clock.now()
  try {
    pass.nextNumbers.set(scope, (await postsOf(unit.opened, unit.kind)?.numbers?.next?.(scope)) ?? 1)
  } catch (error) {
    if (error instanceof LeaseLost) throw error
    const problem = problemOf(error)
    const outcome: Outcome =
      problem.kind === 'refused' || problem.kind === 'defect' ? { is: 'refused', problem } : { is: 'again', problem }
    await at(pass, 'before-remember')
    await remember(pass.engine, {
      ...pass,
      ...unit,
      postingIds: [posting.id],
      startedAt,
      judge: (found) =>
        found.state === 'waiting'
          ? afterOutcome({ ...found, sentAfter: null }, outcome, unsent(pass, unit))
          : undefined,
    })
    await at(pass, 'after-remember')
  }
}

const unsent = (pass: Pass, unit: Unit): Moment => {
  const now = pass.engine.clock.now()
  return momentOf(pass, unit, { at: now, lastSentAt: now, repeat: 0 })
}

/**
 * The books may hold it already, under a reference that was given up too: adopt what is there, and send only what is not.
 */
async function lookFirst(
  pass: Pass,
  unit: Unit,
  drafts: readonly { readonly posting: Posting; readonly draft: Draft }[],
): Promise<void> {
  const { engine } = pass
  const { firmId } = unit.at
  const startedAt = engine.clock.now()
  const since = drafts.map(({ posting }) => posting.sentAfter?.getTime() ?? 0)
  const lookFor = (some: readonly Draft[]) => look(pass, unit, some, new Date(Math.min(...since)))
  const found = await lookFor(drafts.map(({ draft }) => draft))
  const absent = drafts.flatMap(({ posting: { id, sentAfter }, draft }) =>
    sentAfter !== null && found(draft.reference).is === 'absent' ? [{ postingId: id, draft }] : [],
  )
  const givenUp = await engine.store.withFirm(firmId, (trx) => findGivenUp({ trx, firmId }, absent))
  const earlier = [...givenUp.values()].flat().map(({ draft }) => draft)
  const foundEarlier = earlier.length > 0 ? await lookFor(earlier) : found
  const foundFor = new Map(
    drafts.map(({ posting, draft }) => [
      posting.id,
      foundTogether([
        found(draft.reference),
        ...(givenUp.get(posting.id) ?? []).map((one) => foundEarlier(one.draft.reference)),
      ]),
    ]),
  )
  const moment = unsent(pass, unit)
  const lateUntil = new Map(
    [...givenUp].map(([id, all]) => [
      id,
      mayArriveUntil(
        moment,
        all.flatMap(({ lastSentAt }) => lastSentAt ?? []),
      ),
    ]),
  )
  await at(pass, 'before-remember')
  await remember(engine, {
    ...pass,
    ...unit,
    postingIds: drafts.map(({ posting }) => posting.id),
    startedAt,
    judge(posting, failures) {
      const told = foundFor.get(posting.id)
      if (posting.state !== 'waiting' || !told) return undefined
      const verdict = afterFirstLook(posting, told, {
        ...moment,
        failures,
        lateUntil: lateUntil.get(posting.id) ?? null,
      })
      if (verdict === null) pass.lookedFor.add(posting.id)
      return verdict ?? undefined
    },
  })
  await at(pass, 'after-remember')
}

/** What the books hold; whatever goes wrong is `unknown`. */
export async function look(
  pass: Pass,
  unit: Unit,
  drafts: readonly Draft[],
  sentAfter: Date,
): Promise<(reference: Reference) => Found> {
  await at(pass, 'before-find')
  const found = await (postsOf(unit.opened, unit.kind)?.find(drafts, sentAfter) ?? Promise.resolve(new Map())).catch(
    (error: unknown): Found => {
      if (error instanceof LeaseLost) throw error
      return { is: 'unknown', problem: problemOf(error) }
    },
  )
  await at(pass, 'after-find')
  const unheard: Found = { is: 'unknown', problem: { kind: 'uncertain', code: 'answer-incomplete' } }
  return (reference) => ('is' in found ? found : (found.get(reference) ?? unheard))
}

export const problemOf = (error: unknown): Problem => (isProblem(error) ? error.problem : programMistake(error))
