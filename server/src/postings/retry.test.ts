import type { Found, Outcome, Receipt } from '@uurwerk/connectors/contract/contract.ts'
import type { Problem } from '@uurwerk/core/shared/problem.ts'
import { describe, expect, it } from 'vitest'
import type { Posting } from './posting.ts'
import {
  afterDeath,
  afterFirstLook,
  afterFollow,
  afterFound,
  afterOutcome,
  backoffMs,
  later,
  type Moment,
} from './retry.ts'

const now = new Date('2026-03-31T10:00:00Z')
const receipt: Receipt = { id: 'entry-1', number: '260042', gross: '121.00', hash: 'h' }
const refusal: Problem = { kind: 'refused', code: 'period-closed' }
const lost: Problem = { kind: 'uncertain', code: 'answer-lost' }

const fresh: Posting = {
  id: '01',
  connectionId: '02',
  laneKey: 'lane',
  sequence: '1',
  kind: 'salesEntry',
  reference: 'A1',
  subjectKind: 'invoice',
  subjectId: '03',
  label: '260042',
  customerId: null,
  state: 'sending',
  dueAt: null,
  afterId: null,
  attemptId: '04',
  choices: {},
  numberReserved: null,
  problem: null,
  ticket: null,
  receipt: null,
  gross: '121.00',
  tries: 1,
  looks: 0,
  sentAfter: null,
  doubtAt: null,
  found: null,
  version: 1,
}
const inDoubt: Posting = { ...fresh, state: 'checking', doubtAt: now, sentAfter: now, problem: lost }
const moment: Moment = {
  now,
  retry: { sameAttemptMs: 0, settleMs: [2_000, 15_000], guard: 'none' },
  wireTimeoutMs: 30_000,
  attempt: { at: now, lastSentAt: now, repeat: 0 },
}
const keyed: Moment = { ...moment, retry: { ...moment.retry, sameAttemptMs: 360_000, guard: 'key' } }

describe('what was sent', () => {
  const cases: readonly [string, Outcome, string, Partial<ReturnType<typeof afterOutcome>>][] = [
    ['posted', { is: 'posted', receipt }, 'posted', { dueAt: null, doubt: null }],
    ['refused', { is: 'refused', problem: refusal }, 'refused', { dueAt: null, problem: refusal }],
    ['refused for a setting', { is: 'refused', problem: { kind: 'setup', code: 'x' } }, 'blocked', { dueAt: null }],
    ['an answer we do not understand', { is: 'refused', problem: { kind: 'defect', code: 'x' } }, 'needs-person', {}],
    ['not carried out', { is: 'again', problem: { kind: 'temporary', code: 'x' } }, 'waiting', { rest: 'backoff' }],
    ['uncertain', { is: 'uncertain', problem: lost }, 'checking', { dueAt: later(now, 2_000) }],
    ['without access', { is: 'again', problem: { kind: 'reconnect', code: 'x' } }, 'blocked', { reconnect: true }],
  ]
  it.each(cases)('and came back %s', (_, outcome, state, more) => {
    expect(afterOutcome(fresh, outcome, moment)).toMatchObject({ state, ...more })
  })

  it('waits as long as it was told', () => {
    const notBefore = later(now, 45_000)
    const outcome: Outcome = { is: 'again', problem: { kind: 'temporary', code: 'limit' }, notBefore }
    expect(afterOutcome(fresh, outcome, moment)).toMatchObject({ state: 'waiting', rest: notBefore })
  })

  it('stays in doubt when only its repeat was certainly not carried out', () => {
    const again: Outcome = { is: 'again', problem: { kind: 'temporary', code: 'limit' } }
    expect(afterOutcome(inDoubt, again, keyed)).toMatchObject({ state: 'checking', rest: 'backoff' })
  })

  it('is looked for when it is refused after doubt: the first attempt may be why', () => {
    expect(afterOutcome(inDoubt, { is: 'refused', problem: refusal }, moment)).toMatchObject({
      state: 'checking',
      problem: refusal,
    })
  })
})

describe('doubt', () => {
  it('is repeated inside the window of the package, and looked into outside it', () => {
    const uncertain: Outcome = { is: 'uncertain', problem: lost }
    expect(afterOutcome(fresh, uncertain, keyed).dueAt).toEqual(later(now, 2_000))
    const late: Moment = { ...keyed, now: later(now, 360_000) }
    expect(afterOutcome(fresh, uncertain, late).dueAt).toEqual(later(now, 362_000))
  })

  it('counts from when the attempt left, when its process died', () => {
    const restarted: Moment = { ...moment, now: later(now, 1_000) }
    expect(afterDeath(fresh, restarted)).toMatchObject({
      state: 'checking',
      dueAt: later(now, 2_000),
      doubt: { at: now, looks: 0 },
    })
  })

  const look = (posting: Posting, found: Found, at: Moment = moment) =>
    afterFound(posting, found, { ...at, failures: 0 })

  it('ends by adopting what is the same', () => {
    expect(look(inDoubt, { is: 'same', receipt })).toMatchObject({ state: 'posted', adopted: true, receipt })
  })
  it('goes to a person when the books hold something else, or more than one', () => {
    expect(look(inDoubt, { is: 'different', receipt, why: 'gross' }).state).toBe('needs-person')
    expect(look(inDoubt, { is: 'several', receipts: [receipt, receipt] })).toMatchObject({
      state: 'needs-person',
      found: [receipt, receipt],
    })
  })
  it('is looked into again after the first absence', () => {
    expect(look(inDoubt, { is: 'absent' })).toMatchObject({
      state: 'checking',
      dueAt: later(now, 15_000),
      doubt: { looks: 1 },
    })
  })
  it('is no absence before twice the time-out, when the package guards nothing', () => {
    const last = { ...inDoubt, looks: 1 }
    const early: Moment = { ...moment, now: later(now, 15_000) }
    expect(look(last, { is: 'absent' }, early)).toMatchObject({ state: 'checking', dueAt: later(now, 60_000) })
    const certain: Moment = { ...moment, now: later(now, 60_000) }
    expect(look(last, { is: 'absent' }, certain)).toMatchObject({ state: 'waiting', doubt: null })
    const guarded: Moment = { ...early, retry: { ...moment.retry, guard: 'unique' } }
    expect(look(last, { is: 'absent' }, guarded)).toMatchObject({ state: 'waiting', doubt: null })
  })
  it('ends as the refusal that was kept, when nothing is there', () => {
    const refusedLate = { ...inDoubt, looks: 1, problem: refusal }
    const certain: Moment = { ...moment, now: later(now, 60_000) }
    expect(look(refusedLate, { is: 'absent' }, certain)).toMatchObject({ state: 'refused', problem: refusal })
  })
  it('of an answer we did not understand goes to a person, not out again', () => {
    const strange = { ...inDoubt, looks: 1, problem: { kind: 'defect', code: 'answer-not-understood' } as const }
    const certain: Moment = { ...moment, now: later(now, 60_000) }
    expect(look(strange, { is: 'absent' }, certain).state).toBe('needs-person')
  })
  it('passes over what a person said is not ours', () => {
    const told = { ...inDoubt, choices: { notOurs: ['entry-1'] } }
    expect(look(told, { is: 'same', receipt }).step).toBe('absent')
    const others = [receipt, { ...receipt, id: 'entry-2' }]
    expect(look(told, { is: 'several', receipts: others })).toMatchObject({ state: 'needs-person', found: [others[1]] })
  })
  it('stays while the books cannot be read, and goes to a person when that does not mend itself', () => {
    const offline: Found = { is: 'unknown', problem: { kind: 'temporary', code: 'package-unreachable' } }
    expect(afterFound(inDoubt, offline, { ...moment, failures: 50 })).toMatchObject({
      state: 'checking',
      rest: 'backoff',
    })
    const noRight: Found = { is: 'unknown', problem: { kind: 'refused', code: 'no-right' } }
    expect(afterFound(inDoubt, noRight, { ...moment, failures: 0 }).state).toBe('checking')
    expect(afterFound(inDoubt, noRight, { ...moment, failures: 4 }).state).toBe('needs-person')
  })
})

describe('a look before the first sending', () => {
  const asked = { ...moment, failures: 0, lateUntil: null }
  const waiting: Posting = { ...fresh, kind: 'customer', state: 'waiting', attemptId: null, tries: 0 }
  it('adopts what is there, and lets go what is not', () => {
    expect(afterFirstLook(waiting, { is: 'same', receipt }, asked)).toMatchObject({ state: 'posted', adopted: true })
    expect(afterFirstLook(waiting, { is: 'absent' }, asked)).toBeNull()
  })
  it('waits while what left for it before, and was given up, may still arrive', () => {
    const lateUntil = later(now, 30_000)
    expect(afterFirstLook(waiting, { is: 'absent' }, { ...asked, lateUntil })).toMatchObject({
      state: 'waiting',
      dueAt: lateUntil,
    })
    expect(afterFirstLook(waiting, { is: 'absent' }, { ...asked, lateUntil: now })).toBeNull()
    expect(afterFirstLook(waiting, { is: 'same', receipt }, { ...asked, lateUntil })).toMatchObject({ adopted: true })
  })
  it('waits when the books cannot be read: nothing was sent', () => {
    const offline: Found = { is: 'unknown', problem: { kind: 'temporary', code: 'package-unreachable' } }
    expect(afterFirstLook(waiting, offline, asked)).toMatchObject({ state: 'waiting', rest: 'backoff' })
    const noAccess: Found = { is: 'unknown', problem: { kind: 'reconnect', code: 'access-ended' } }
    expect(afterFirstLook(waiting, noAccess, asked)).toMatchObject({ state: 'blocked', reconnect: true })
  })
})

describe('what was accepted', () => {
  const accepted: Posting = { ...fresh, state: 'accepted', ticket: { id: 't1', reference: 'A1' } }
  it('is asked after until it is booked or refused', () => {
    const followAt = later(now, 4_000)
    const still: Outcome = { is: 'accepted', ticket: { id: 't1', reference: 'A1' }, followAt }
    expect(afterFollow(accepted, still, moment)).toMatchObject({ state: 'accepted', dueAt: followAt })
    expect(afterFollow(accepted, { is: 'posted', receipt }, moment).state).toBe('posted')
    expect(afterFollow(accepted, { is: 'refused', problem: refusal }, moment).state).toBe('refused')
  })
  it('is never sent again because asking failed', () => {
    const failed: Outcome = { is: 'again', problem: { kind: 'temporary', code: 'package-unreachable' } }
    expect(afterFollow(accepted, failed, moment)).toMatchObject({ state: 'accepted', rest: 'backoff' })
  })
  it('is looked for when the package is in doubt itself', () => {
    expect(afterFollow(accepted, { is: 'uncertain', problem: lost }, moment).state).toBe('checking')
  })
})

it('rests 2, 4, 8, 16 seconds and on, five minutes at most', () => {
  expect([0, 1, 2, 3].map(backoffMs)).toEqual([2_000, 4_000, 8_000, 16_000])
  expect(backoffMs(40)).toBe(300_000)
})
