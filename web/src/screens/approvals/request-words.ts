import type { Meaning } from '../../parts/State.tsx'
import type { Word } from '../../words/words.tsx'
import type { ApprovalRequest } from './approvals.ts'

type State = ApprovalRequest['state']
type MailState = ApprovalRequest['mail']['state']
export type Outcome = 'approved' | 'rejected' | 'changed'

export const stateWords = {
  open: 'approvals.request.open',
  answered: 'approvals.request.answered',
  expired: 'approvals.request.expired',
  withdrawn: 'approvals.request.withdrawn',
} as const satisfies Record<State, Word>

export const stateMeaning = {
  open: 'progress',
  answered: 'done',
  expired: 'needs',
  withdrawn: 'wait',
} as const satisfies Record<State, Meaning>

export const mailWords = {
  waiting: 'approvals.mail.waiting',
  sent: 'approvals.mail.sent',
  failed: 'approvals.mail.failed',
  uncertain: 'approvals.mail.uncertain',
  'by-hand': 'approvals.mail.byHand',
} as const satisfies Record<MailState, Word>

export const outcomeWords = {
  approved: 'approvals.outcome.approved',
  rejected: 'approvals.outcome.rejected',
  changed: 'approvals.outcome.changed',
} as const satisfies Record<Outcome, Word>

export const outcomeMeaning = {
  approved: 'done',
  rejected: 'refused',
  changed: 'needs',
} as const satisfies Record<Outcome, Meaning>
