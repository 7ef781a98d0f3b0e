import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type ActProblem,
  type ApprovalFlow,
  type Approver,
  approvalFlows,
  decide,
  type EntryAct,
  type EntryState,
  isApproved,
  nextApprover,
  settled,
} from './approval.ts'
import { isLocked, wordOf } from './entry-facts.ts'

const seed = { seed: 20260331 }
const at = '2026-04-01T08:00:00Z'

const open: EntryState = {
  approval: 'open',
  internalApproved: false,
  customerApproved: false,
  rejectedReason: null,
  writtenOffAt: null,
  writtenOffReason: null,
  claim: null,
}
const submitted: EntryState = { ...open, approval: 'submitted' }
const seenByUs: EntryState = { ...submitted, internalApproved: true }
const seenByCustomer: EntryState = { ...submitted, customerApproved: true }
const approved: EntryState = { ...seenByUs, approval: 'approved' }
const rejected: EntryState = { ...open, approval: 'rejected', rejectedReason: 'Wrong project' }
const writtenOff: EntryState = { ...open, writtenOffAt: at, writtenOffReason: 'Goodwill' }
const reserved: EntryState = { ...approved, claim: 'draft' }

const submit: EntryAct = { act: 'submit' }
const withdraw: EntryAct = { act: 'withdraw' }
const reopen: EntryAct = { act: 'reopen' }
const edit: EntryAct = { act: 'edit' }
const undo: EntryAct = { act: 'undo-write-off' }
const approve = (by: Approver): EntryAct => ({ act: 'approve', by })
const reject = (by: Approver, reason = 'Wrong project'): EntryAct => ({ act: 'reject', by, reason })
const writeOff = (reason = 'Goodwill'): EntryAct => ({ act: 'write-off', reason, at })

describe('what an act makes of an entry', () => {
  it.each<[string, ApprovalFlow, EntryState, EntryAct, EntryState]>([
    ['the employee submits', 'internal', open, submit, submitted],
    ['the employee takes it back', 'internal', submitted, withdraw, open],
    ['the manager approves, and nobody else is asked', 'internal', submitted, approve('internal'), approved],
    ['the manager approves, the customer is next', 'internal-external', submitted, approve('internal'), seenByUs],
    [
      'the customer approves last',
      'internal-external',
      seenByUs,
      approve('customer'),
      { ...approved, customerApproved: true },
    ],
    ['the customer alone', 'external', submitted, approve('customer'), { ...seenByCustomer, approval: 'approved' }],
    ['the customer approves first', 'external-internal', submitted, approve('customer'), seenByCustomer],
    [
      'the manager approves last',
      'external-internal',
      seenByCustomer,
      approve('internal'),
      { ...approved, customerApproved: true },
    ],
    ['the manager rejects', 'internal', submitted, reject('internal', ' Wrong project '), rejected],
    ['the customer rejects what the manager approved', 'internal-external', seenByUs, reject('customer'), rejected],
    ['the manager rejects while the customer is asked', 'internal-external', seenByUs, reject('internal'), rejected],
    ['the manager rejects before the customer answers', 'external', submitted, reject('internal'), rejected],
    ['the customer thinks better of it', 'external-internal', seenByCustomer, reject('customer'), rejected],
    ['the rejected entry is changed', 'internal', rejected, edit, open],
    ['the rejected entry is submitted as it was', 'internal', rejected, submit, submitted],
    ['the rejected entry is changed after approval was switched off', 'off', rejected, edit, open],
    ['an open entry is changed', 'internal', open, edit, open],
    ['a submitted entry is changed: what was approved is no more', 'internal-external', seenByUs, edit, submitted],
    ['taken back after the manager approved', 'internal-external', seenByUs, withdraw, open],
    ['approval is taken back', 'internal', approved, reopen, open],
    ['the first approval is taken back', 'internal-external', seenByUs, reopen, open],
    ['approval is taken back after it was switched off', 'off', approved, reopen, open],
    ['written off', 'internal', open, writeOff(' Goodwill '), writtenOff],
    [
      'an approved entry written off',
      'internal',
      approved,
      writeOff(),
      { ...approved, writtenOffAt: at, writtenOffReason: 'Goodwill' },
    ],
    ['written off where approval is off', 'off', open, writeOff(), writtenOff],
    ['not written off after all', 'internal', writtenOff, undo, open],
  ])('%s', (_, flow, before, act, after) => {
    expect(decide(flow, before, act)).toEqual({ facts: after })
  })

  it.each<[string, ApprovalFlow, EntryState, EntryAct, ActProblem]>([
    ['approval is off', 'off', open, submit, 'approval-off'],
    ['approval is off', 'off', submitted, approve('internal'), 'approval-off'],
    ['approval is off', 'off', submitted, reject('internal'), 'approval-off'],
    ['the manager does not approve what is not submitted', 'internal', open, approve('internal'), 'not-submitted'],
    ['nor what he rejected', 'internal', rejected, approve('internal'), 'not-submitted'],
    ['nothing to reject', 'internal', open, reject('internal'), 'not-submitted'],
    ['nothing to take back', 'internal', open, withdraw, 'not-submitted'],
    ['submitted twice', 'internal', submitted, submit, 'already-submitted'],
    ['submitted after approval', 'internal', approved, submit, 'already-approved'],
    ['approved twice', 'internal', approved, approve('internal'), 'already-approved'],
    ['the manager twice', 'internal-external', seenByUs, approve('internal'), 'already-approved'],
    ['the customer twice', 'external-internal', seenByCustomer, approve('customer'), 'already-approved'],
    ['taken back after approval', 'internal', approved, withdraw, 'already-approved'],
    ['rejected after approval: it is reopened first', 'internal', approved, reject('internal'), 'already-approved'],
    ['the customer before the manager', 'internal-external', submitted, approve('customer'), 'wrong-turn'],
    ['the manager before the customer', 'external-internal', submitted, approve('internal'), 'wrong-turn'],
    [
      'the customer rejects what he was not asked yet',
      'internal-external',
      submitted,
      reject('customer'),
      'wrong-turn',
    ],
    ['the customer is not asked in this firm', 'internal', submitted, approve('customer'), 'approver-not-asked'],
    ['the customer is not asked in this firm', 'internal', submitted, reject('customer'), 'approver-not-asked'],
    ['the manager is not asked in this firm', 'external', submitted, approve('internal'), 'approver-not-asked'],
    ['rejected without a reason', 'internal', submitted, reject('internal', '  '), 'reason-missing'],
    ['written off without a reason', 'internal', open, writeOff(''), 'reason-missing'],
    ['no approval to take back', 'internal', submitted, reopen, 'not-approved'],
    ['an approved entry is locked', 'internal', approved, edit, 'entry-approved'],
    ['on a draft', 'internal', reserved, reopen, 'entry-claimed'],
    ['on a draft', 'internal', reserved, edit, 'entry-claimed'],
    ['on a sent invoice', 'internal', { ...approved, claim: 'sent' }, writeOff(), 'entry-claimed'],
    ['on a document in the package', 'off', { ...open, claim: 'document' }, edit, 'entry-claimed'],
    ['written off', 'internal', writtenOff, submit, 'written-off'],
    ['written off', 'internal', writtenOff, edit, 'written-off'],
    ['written off', 'internal', { ...submitted, writtenOffAt: at }, approve('internal'), 'written-off'],
    ['written off twice', 'internal', writtenOff, writeOff(), 'written-off'],
    ['not written off', 'internal', open, undo, 'not-written-off'],
  ])('%s (%s): refused', (_, flow, before, act, code) => {
    const kind = code === 'reason-missing' ? 'input' : 'conflict'
    expect(decide(flow, before, act)).toEqual({ problem: { kind, code } })
  })
})

describe('whose turn it is', () => {
  it.each<[string, ApprovalFlow, EntryState, Approver | null]>([
    ['submitted, the manager alone', 'internal', submitted, 'internal'],
    ['submitted, the customer alone', 'external', submitted, 'customer'],
    ['submitted, the manager first', 'internal-external', submitted, 'internal'],
    ['approved by the manager, the customer last', 'internal-external', seenByUs, 'customer'],
    ['submitted, the customer first', 'external-internal', submitted, 'customer'],
    ['approved by the customer, the manager last', 'external-internal', seenByCustomer, 'internal'],
    ['submitted, approval off', 'off', submitted, null],
    ['not submitted', 'internal', open, null],
    ['rejected', 'internal', rejected, null],
    ['approved', 'internal', approved, null],
    ['submitted, but on a draft', 'internal', { ...submitted, claim: 'draft' }, null],
    ['submitted, but written off', 'internal', { ...submitted, writtenOffAt: at }, null],
  ])('%s', (_, flow, facts, approver) => expect(nextApprover(flow, facts)).toBe(approver))
})

describe('a firm that changes its flow', () => {
  it.each<[string, ApprovalFlow, EntryState, Approver | null, boolean]>([
    ['the manager has approved and the customer is asked no more', 'internal', seenByUs, null, true],
    ['the customer is asked first now: he is still to answer', 'external-internal', seenByUs, 'customer', false],
    ['only the customer is asked now', 'external', seenByUs, 'customer', false],
    ['what was approved stays so when more is asked', 'internal-external', approved, null, true],
    ['what was approved stays so when nothing is asked', 'off', approved, null, true],
    ['what was submitted is not approved by asking nobody', 'off', submitted, null, false],
    ['what was not submitted waits for its employee', 'internal', open, null, false],
  ])('%s', (_, flow, facts, approver, done) => {
    expect(nextApprover(flow, facts)).toBe(approver)
    expect(isApproved(flow, facts)).toBe(done)
    expect(settled(flow, facts)).toEqual(done ? { ...facts, approval: 'approved' } : facts)
  })

  it('leaves what is claimed or written off as it is', () => {
    for (const facts of [
      { ...seenByUs, claim: 'draft' as const },
      { ...seenByUs, writtenOffAt: at },
    ])
      expect(settled('internal', facts)).toBe(facts)
  })
})

describe('wherever people walk', () => {
  const approver = fc.constantFrom<Approver>('internal', 'customer')
  const reason = fc.constantFrom('Wrong project', ' ')
  const act: fc.Arbitrary<EntryAct> = fc.oneof(
    fc.constantFrom(submit, submit, undo, undo),
    fc.constantFrom(submit, submit, withdraw, reopen, edit),
    approver.map(approve),
    approver.map(approve),
    approver.map(approve),
    fc.record({ act: fc.constant('reject' as const), by: approver, reason }),
    fc.record({ act: fc.constant('write-off' as const), reason, at: fc.constant(at) }),
  )
  const flow = fc.constantFrom(...approvalFlows)
  const asked = {
    off: [],
    internal: ['internal'],
    external: ['customer'],
    'internal-external': ['internal', 'customer'],
    'external-internal': ['customer', 'internal'],
  } as const satisfies Record<ApprovalFlow, readonly Approver[]>

  it('an entry is approved only by all who are asked, in their order, after it was last submitted and changed', () => {
    let reached = 0
    fc.assert(
      fc.property(flow, fc.array(act, { minLength: 10, maxLength: 40 }), (kept, acts) => {
        let facts = open
        let since: Approver[] = []
        let everApproved = false
        for (const one of acts) {
          const decided = decide(kept, facts, one)
          if ('problem' in decided) continue
          if (one.act === 'approve') since.push(one.by)
          else if (one.act !== 'write-off' && one.act !== 'undo-write-off') since = []
          facts = decided.facts
          everApproved ||= facts.approval === 'approved'
          expect(facts.approval === 'approved').toBe(kept !== 'off' && since.length === asked[kept].length)
          expect(since).toEqual(asked[kept].slice(0, since.length))
          expect([facts.internalApproved, facts.customerApproved]).toEqual([
            since.includes('internal'),
            since.includes('customer'),
          ])
        }
        if (everApproved) reached += 1
      }),
      { ...seed, numRuns: 500 },
    )
    expect(reached).toBeGreaterThan(50)
  })

  it('only those approve whose turn it is; reasons stand with what they explain; what is locked is not changed', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(flow, act), { maxLength: 40 }), (steps) => {
        let facts = open
        for (const [now, one] of steps) {
          const decided = decide(now, facts, one)
          if (one.act === 'approve') expect('facts' in decided).toBe(nextApprover(now, facts) === one.by)
          if (one.act === 'edit' && isLocked(facts)) expect(decided).toHaveProperty('problem')
          if ('facts' in decided) {
            facts = decided.facts
            expect(isApproved(now, facts)).toBe(facts.approval === 'approved')
          }
          expect(facts.rejectedReason !== null).toBe(facts.approval === 'rejected')
          expect(facts.writtenOffReason !== null).toBe(facts.writtenOffAt !== null)
          expect(wordOf(facts)).toBe(facts.writtenOffAt ? 'written-off' : 'free')
        }
      }),
      { ...seed, numRuns: 500 },
    )
  })

  it('a claimed entry never changes', () => {
    const claim = fc.constantFrom('draft' as const, 'sent' as const, 'posted' as const, 'document' as const)
    const state = fc.constantFrom(open, submitted, seenByUs, approved, rejected)
    fc.assert(
      fc.property(flow, state, claim, act, (now, facts, held, one) => {
        expect(decide(now, { ...facts, claim: held }, one)).toHaveProperty('problem')
        expect(nextApprover(now, { ...facts, claim: held })).toBeNull()
      }),
      seed,
    )
  })
})
