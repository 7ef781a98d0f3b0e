import type { Found, Outcome, Posts, Receipt, Ticket } from '@uurwerk/connectors/contract/contract.ts'
import type { Problem, ProblemKind } from '@uurwerk/core/shared/problem.ts'
import type { Posting, PostingState } from './posting.ts'

/** This file alone decides when something is tried again. All of it is pure. */

export type RetryRules = Posts<never>['retry']

/** What the lane writes down about one posting. `undefined` leaves a field as it is. */
export interface Verdict {
  readonly state: PostingState
  readonly dueAt: Date | null
  readonly problem: Problem | null
  readonly step: string
  /** `null` ends the doubt. */
  readonly doubt?: { readonly at: Date; readonly looks: number } | null
  readonly receipt?: Receipt
  readonly ticket?: Ticket
  readonly found?: readonly Receipt[] | null
  readonly adopted?: boolean
  readonly differs?: { readonly gross: string; readonly theirs: string }
  /** Nothing of this kind goes to this connection before: told by the package, or `backoff`. */
  readonly rest?: Date | 'backoff'
  /** The status that asked for the rest. */
  readonly restFor?: number
  /** Access is gone: the connection waits for a person. */
  readonly reconnect?: boolean
}

export interface Moment {
  readonly now: Date
  readonly retry: RetryRules
  readonly wireTimeoutMs: number
  readonly attempt: { readonly at: Date; readonly lastSentAt: Date; readonly repeat: number }
}

export const later = (from: Date, ms: number): Date => new Date(from.getTime() + ms)
export const latest = (a: Date, b: Date): Date => (a.getTime() >= b.getTime() ? a : b)

const longestBackoffMs = 300_000
/** 2, 4, 8, 16 seconds and on, up to five minutes. */
export const backoffMs = (failures: number): number => Math.min(2_000 * 2 ** Math.min(failures, 20), longestBackoffMs)

/** Where a posting stops that the package did not take, by what kind of problem it was. */
const stopsAt = {
  temporary: 'waiting',
  uncertain: 'checking',
  reconnect: 'blocked',
  setup: 'blocked',
  refused: 'refused',
  defect: 'needs-person',
  input: 'refused',
  conflict: 'refused',
  forbidden: 'refused',
  missing: 'refused',
} as const satisfies Record<ProblemKind, PostingState>

/** What became of a posting that was sent. */
export function afterOutcome(posting: Posting, outcome: Outcome, moment: Moment): Verdict {
  switch (outcome.is) {
    case 'posted':
      return posted(outcome.receipt, outcome.differs)
    case 'accepted':
      return {
        state: 'accepted',
        dueAt: outcome.followAt,
        problem: null,
        step: 'accepted',
        ticket: outcome.ticket,
        doubt: null,
      }
    case 'refused':
      // Once in doubt, a refusal may just mean that the first attempt did arrive ("number already used").
      return wasInDoubt(posting)
        ? doubt(posting, outcome.problem, moment, 'refused-in-doubt')
        : stopped(outcome.problem, moment.now, 'refused')
    case 'again':
      return afterAgain(posting, outcome.problem, outcome.notBefore, moment)
    case 'uncertain':
      return doubt(posting, outcome.problem, moment, 'uncertain')
  }
}

/** "Certainly not carried out" is true of this call only: an earlier one stays in doubt. */
function afterAgain(posting: Posting, problem: Problem, notBefore: Date | undefined, moment: Moment): Verdict {
  const rest = resting(problem, notBefore)
  const reconnect = problem.kind === 'reconnect'
  if (posting.doubtAt) return { ...doubt(posting, posting.problem ?? problem, moment, 'again'), ...rest, reconnect }
  if (reconnect || problem.kind === 'setup') return { ...stopped(problem, moment.now, 'again'), reconnect }
  return { state: 'waiting', dueAt: moment.now, problem, step: 'again', ...rest }
}

const resting = (problem: Problem, told?: Date): Pick<Verdict, 'rest' | 'restFor'> => ({
  rest: told ?? toldIn(problem) ?? 'backoff',
  ...(problem.theirStatus === undefined ? {} : { restFor: problem.theirStatus }),
})

const wasInDoubt = (posting: Posting): boolean => posting.doubtAt !== null || posting.sentAfter !== null

const toldIn = (problem: Problem): Date | undefined => (problem.notBefore ? new Date(problem.notBefore) : undefined)

function posted(receipt: Receipt, differs?: Verdict['differs']): Verdict {
  return {
    state: 'posted',
    dueAt: null,
    problem: null,
    step: differs ? 'posted-with-difference' : 'posted',
    receipt,
    doubt: null,
    found: null,
    ...(differs ? { differs } : {}),
  }
}

function stopped(problem: Problem, now: Date, step: string): Verdict {
  const state = stopsAt[problem.kind]
  return {
    state,
    dueAt: state === 'waiting' || state === 'checking' ? now : null,
    problem,
    step,
    doubt: null,
    ...(problem.kind === 'reconnect' ? { reconnect: true } : {}),
    ...(problem.kind === 'temporary' ? resting(problem) : {}),
  }
}

function doubt(posting: Posting, problem: Problem, moment: Moment, step: string): Verdict {
  const { now, retry, attempt } = moment
  const dueAt = mayRepeat(moment) ? later(now, backoffMs(attempt.repeat)) : later(now, retry.settleMs[0] ?? 0)
  // A refusal is kept while we look; anything newer does not replace it.
  const kept = posting.doubtAt && posting.problem?.kind === 'refused' ? posting.problem : problem
  return { state: 'checking', dueAt, problem: kept, step, doubt: { at: now, looks: 0 } }
}

/** The same bytes with the same key, inside the package's window. */
export const mayRepeat = ({ now, retry, attempt }: Moment): boolean =>
  now.getTime() - attempt.at.getTime() < retry.sameAttemptMs

/** An attempt without an answer whose sender is gone: perhaps carried out. Looks count from when it left. */
export function afterDeath(posting: Posting, moment: Moment): Verdict {
  const { now, retry, attempt } = moment
  const problem: Problem = { kind: 'uncertain', code: 'stopped-while-sending' }
  const firstLook = later(attempt.lastSentAt, retry.settleMs[0] ?? 0)
  return {
    state: 'checking',
    dueAt: mayRepeat(moment) ? now : latest(now, firstLook),
    problem: posting.doubtAt && posting.problem ? posting.problem : problem,
    step: 'stopped-while-sending',
    doubt: { at: attempt.lastSentAt, looks: 0 },
  }
}

/** What a look in the books means. `failures`: looks in a row that could not be completed. */
export function afterFound(posting: Posting, found: Found, moment: Moment & { readonly failures: number }): Verdict {
  const judged = withoutNotOurs(found, posting.choices.notOurs ?? [])
  switch (judged.is) {
    case 'same':
      return { ...posted(judged.receipt), step: 'adopted', adopted: true }
    case 'different':
      return needsPerson({ kind: 'uncertain', code: 'found-different', values: { why: judged.why } }, [judged.receipt])
    case 'several':
      return needsPerson(
        { kind: 'uncertain', code: 'found-several', values: { count: String(judged.receipts.length) } },
        judged.receipts,
      )
    case 'unknown':
      return afterUnknown(posting, judged.problem, moment)
    case 'absent':
      return afterAbsent(posting, moment)
  }
}

/** A person said of these that they are not this document. Of several, one that is left is still for a person. */
function withoutNotOurs(found: Found, notOurs: readonly string[]): Found {
  if (found.is === 'same' || found.is === 'different')
    return notOurs.includes(found.receipt.id) ? { is: 'absent' } : found
  if (found.is !== 'several') return found
  const receipts = found.receipts.filter((receipt) => !notOurs.includes(receipt.id))
  return receipts.length === 0 ? { is: 'absent' } : { is: 'several', receipts }
}

const needsPerson = (problem: Problem, found: readonly Receipt[]): Verdict => ({
  state: 'needs-person',
  dueAt: null,
  problem,
  step: problem.code,
  found,
})

/** A look that fails for another reason than an outage does not mend itself. */
const mostFailedLooks = 5

function afterUnknown(posting: Posting, problem: Problem, { now, failures }: { now: Date; failures: number }): Verdict {
  const kept = posting.problem ?? problem
  if (problem.kind === 'reconnect') return { state: 'checking', dueAt: null, problem, step: 'unknown', reconnect: true }
  const passes = problem.kind === 'temporary' || problem.kind === 'uncertain'
  if (!passes && failures + 1 >= mostFailedLooks)
    return { state: 'needs-person', dueAt: null, problem, step: 'unknown' }
  return { state: 'checking', dueAt: now, problem: kept, step: 'unknown', ...resting(problem) }
}

function afterAbsent(posting: Posting, { now, retry, wireTimeoutMs, attempt }: Moment): Verdict {
  const looks = posting.looks + 1
  const doubtAt = posting.doubtAt ?? now
  const settle = retry.settleMs[looks]
  const checking = {
    state: 'checking',
    problem: posting.problem,
    step: 'absent',
    doubt: { at: doubtAt, looks },
  } as const
  if (settle !== undefined) return { ...checking, dueAt: latest(now, later(doubtAt, settle)) }
  const certainAt = mayArriveUntil({ retry, wireTimeoutMs }, [attempt.lastSentAt])
  if (certainAt && now < certainAt) return { ...checking, dueAt: certainAt }
  const kept = posting.problem
  if (kept && ['refused', 'setup', 'defect'].includes(kept.kind))
    return { ...stopped(kept, now, 'absent'), doubt: null }
  return { state: 'waiting', dueAt: now, problem: null, step: 'absent', doubt: null }
}

/** A request may arrive up to one time-out late, and may itself have left up to one time-out after it was frozen. */
export function mayArriveUntil(
  { retry, wireTimeoutMs }: Pick<Moment, 'retry' | 'wireTimeoutMs'>,
  sentAt: readonly Date[],
): Date | null {
  const [first, ...others] = sentAt
  return first === undefined || retry.guard === 'unique' ? null : later(others.reduce(latest, first), 2 * wireTimeoutMs)
}

/** What became of a document that was accepted before. */
export function afterFollow(posting: Posting, outcome: Outcome, moment: Moment): Verdict {
  const { now } = moment
  switch (outcome.is) {
    case 'posted':
      return posted(outcome.receipt, outcome.differs)
    case 'accepted':
      return {
        state: 'accepted',
        dueAt: outcome.followAt,
        problem: null,
        step: 'still-accepted',
        ticket: outcome.ticket,
      }
    case 'refused':
      return wasInDoubt(posting)
        ? lookNow(outcome.problem, moment, 'refused-in-doubt')
        : stopped(outcome.problem, now, 'refused')
    case 'uncertain':
      return lookNow(outcome.problem, moment, 'uncertain')
    case 'again': {
      const { problem } = outcome
      if (problem.kind === 'reconnect')
        return { state: 'accepted', dueAt: null, problem, step: 'follow-failed', reconnect: true }
      const rest = resting(problem, outcome.notBefore)
      return { state: 'accepted', dueAt: now, problem: posting.problem, step: 'follow-failed', ...rest }
    }
  }
}

/** The package judged it, so that it is not repeated: only the books can tell. */
const lookNow = (problem: Problem, { now, retry }: Moment, step: string): Verdict => ({
  state: 'checking',
  dueAt: later(now, retry.settleMs[0] ?? 0),
  problem,
  step,
  doubt: { at: now, looks: 0 },
})

/**
 * A look before the first sending: the books may hold it already. `null`: they do not, send it. Not before `lateUntil`, when
 * what left for it under a posting that was given up cannot arrive any more.
 */
export function afterFirstLook(
  posting: Posting,
  found: Found,
  moment: Moment & { readonly failures: number; readonly lateUntil: Date | null },
): Verdict | null {
  const judged = withoutNotOurs(found, posting.choices.notOurs ?? [])
  const { now, lateUntil } = moment
  if (judged.is === 'absent')
    return lateUntil && now < lateUntil ? { state: 'waiting', dueAt: lateUntil, problem: null, step: 'absent' } : null
  if (judged.is !== 'unknown') return afterFound(posting, judged, moment)
  const verdict = afterUnknown(posting, judged.problem, moment)
  // Nothing was sent: it may simply wait.
  if (verdict.reconnect) return { ...stopped(judged.problem, moment.now, 'unknown'), reconnect: true }
  return verdict.state === 'checking' ? { ...verdict, state: 'waiting', problem: judged.problem } : verdict
}
