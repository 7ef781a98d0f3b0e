import type { Problem } from '../shared/problem.ts'
import type { EntryFacts } from './entry-facts.ts'

/** Who approves in this firm, in which order; `off`: entries are invoiced as they are. */
export const approvalFlows = ['off', 'internal', 'external', 'internal-external', 'external-internal'] as const
export type ApprovalFlow = (typeof approvalFlows)[number]

/** `internal`: a manager of the firm; `customer`: by a signed link. */
export type Approver = 'internal' | 'customer'

const approversOf = {
  off: [],
  internal: ['internal'],
  external: ['customer'],
  'internal-external': ['internal', 'customer'],
  'external-internal': ['customer', 'internal'],
} as const satisfies Record<ApprovalFlow, readonly Approver[]>

/** All that is stored of the state of an entry: hours, an expense or a trip. */
export interface EntryState extends EntryFacts {
  /** Which approvals have been given since it was last submitted. */
  readonly internalApproved: boolean
  readonly customerApproved: boolean
  /** There as long as it is rejected. */
  readonly rejectedReason: string | null
  /** Instant, ISO 8601; there together with its reason. */
  readonly writtenOffAt: string | null
  readonly writtenOffReason: string | null
}

/** What people do to the state of an entry. */
export type EntryAct =
  | { readonly act: 'submit' }
  /** The employee takes back what he submitted. */
  | { readonly act: 'withdraw' }
  | { readonly act: 'approve'; readonly by: Approver }
  /** Back to the employee. A manager may always; the customer from when he is asked. */
  | { readonly act: 'reject'; readonly by: Approver; readonly reason: string }
  /** An approver takes approval back: the employee can change it, and submits it again. */
  | { readonly act: 'reopen' }
  /** `at`: instant, ISO 8601. */
  | { readonly act: 'write-off'; readonly reason: string; readonly at: string }
  | { readonly act: 'undo-write-off' }
  /** Anything else of the entry changes: hours, amount, note. */
  | { readonly act: 'edit' }

export type ActProblem =
  | 'approval-off' // this firm does not approve
  | 'not-submitted'
  | 'already-submitted'
  | 'already-approved' // by all, or by this approver
  | 'not-approved' // nothing to take back
  | 'wrong-turn' // the other approves first
  | 'approver-not-asked' // the flow has no approval of this kind
  | 'reason-missing'
  | 'entry-claimed' // it stands on an invoice or on a document in the package
  | 'entry-approved' // locked: reopen it first
  | 'written-off'
  | 'not-written-off'

export type Decision = { readonly facts: EntryState } | { readonly problem: Problem & { readonly code: ActProblem } }

/**
 * What an act makes of an entry, or why it is not allowed now: kind `conflict`, except `reason-missing`, which is
 * `input`. Nothing happens to a claimed entry, and nothing but the undoing to one that is written off. An entry that
 * is changed while it is submitted stays so, and loses the approvals given to what it was.
 */
export function decide(flow: ApprovalFlow, facts: EntryState, act: EntryAct): Decision {
  const now = settled(flow, facts)
  const code = whyNot(flow, now, act)
  if (code) return { problem: { kind: code === 'reason-missing' ? 'input' : 'conflict', code } }
  return { facts: outcome(flow, now, act) }
}

/** Whose approval is waited for; null when it is nobody's: not submitted, approved, written off or claimed. */
export function nextApprover(flow: ApprovalFlow, facts: EntryState): Approver | null {
  if (facts.claim || facts.writtenOffAt || facts.approval !== 'submitted') return null
  return missingApproval(flow, facts) ?? null
}

/** Approved by all whom the flow asks. What has been approved stays so when the firm asks more from then on. */
export const isApproved = (flow: ApprovalFlow, facts: EntryState): boolean =>
  settled(flow, facts).approval === 'approved'

/**
 * The state under another flow, for a firm that changes its own: what was submitted and has all approvals that are
 * asked now is approved; everything else stays as it is.
 */
export function settled(flow: ApprovalFlow, facts: EntryState): EntryState {
  const complete = flow !== 'off' && facts.approval === 'submitted' && !missingApproval(flow, facts)
  return complete && !facts.claim && !facts.writtenOffAt ? { ...facts, approval: 'approved' } : facts
}

const given = {
  internal: 'internalApproved',
  customer: 'customerApproved',
} as const satisfies Record<Approver, keyof EntryState>

const missingApproval = (flow: ApprovalFlow, facts: EntryState): Approver | undefined =>
  approversOf[flow].find((approver) => !facts[given[approver]])

const isAsked = (flow: ApprovalFlow, by: Approver) => approversOf[flow].some((approver) => approver === by)

function whyNot(flow: ApprovalFlow, facts: EntryState, act: EntryAct): ActProblem | null {
  const { approval } = facts
  if ('reason' in act && act.reason.trim() === '') return 'reason-missing'
  if (facts.claim) return 'entry-claimed'
  if (act.act === 'undo-write-off') return facts.writtenOffAt ? null : 'not-written-off'
  if (facts.writtenOffAt) return 'written-off'
  switch (act.act) {
    case 'write-off':
      return null
    case 'edit':
      return approval === 'approved' ? 'entry-approved' : null
    case 'submit':
      if (flow === 'off') return 'approval-off'
      return approval === 'submitted' ? 'already-submitted' : approval === 'approved' ? 'already-approved' : null
    case 'withdraw':
      return whyNotSubmitted(facts)
    case 'reopen':
      return approval === 'approved' || facts.internalApproved || facts.customerApproved ? null : 'not-approved'
    case 'approve':
      if (flow === 'off') return 'approval-off'
      if (!isAsked(flow, act.by)) return 'approver-not-asked'
      return whyNotSubmitted(facts) ?? whyNotNow(flow, facts, act.by)
    case 'reject':
      if (flow === 'off') return 'approval-off'
      if (act.by === 'customer' && !isAsked(flow, 'customer')) return 'approver-not-asked'
      return whyNotSubmitted(facts) ?? (act.by === 'customer' ? whyNotYet(flow, facts) : null)
  }
}

const whyNotSubmitted = ({ approval }: EntryState): ActProblem | null =>
  approval === 'submitted' ? null : approval === 'approved' ? 'already-approved' : 'not-submitted'

const whyNotNow = (flow: ApprovalFlow, facts: EntryState, by: Approver): ActProblem | null =>
  facts[given[by]] ? 'already-approved' : missingApproval(flow, facts) === by ? null : 'wrong-turn'

/** The customer may still reject what he approved, as long as the firm has not. */
const whyNotYet = (flow: ApprovalFlow, facts: EntryState): ActProblem | null =>
  facts.customerApproved || missingApproval(flow, facts) === 'customer' ? null : 'wrong-turn'

const noApproval = { internalApproved: false, customerApproved: false, rejectedReason: null }

function outcome(flow: ApprovalFlow, facts: EntryState, act: EntryAct): EntryState {
  switch (act.act) {
    case 'submit':
      return { ...facts, ...noApproval, approval: 'submitted' }
    case 'withdraw':
    case 'reopen':
      return { ...facts, ...noApproval, approval: 'open' }
    case 'approve':
      return settled(flow, { ...facts, [given[act.by]]: true })
    case 'reject':
      return { ...facts, ...noApproval, approval: 'rejected', rejectedReason: act.reason.trim() }
    case 'write-off':
      return { ...facts, writtenOffAt: act.at, writtenOffReason: act.reason.trim() }
    case 'undo-write-off':
      return { ...facts, writtenOffAt: null, writtenOffReason: null }
    case 'edit':
      return { ...facts, ...noApproval, approval: facts.approval === 'rejected' ? 'open' : facts.approval }
  }
}
