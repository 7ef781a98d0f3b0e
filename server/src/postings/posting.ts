import type { Attempt, Draft, Packed, Receipt, Ticket } from '@uurwerk/connectors/contract/contract.ts'
import type { Kind } from '@uurwerk/connectors/contract/documents.ts'
import type { Problem } from '@uurwerk/core/shared/problem.ts'

/**
 * waiting: to be sent · sending: frozen, no answer yet · checking: sent, outcome unknown · accepted: taken, not booked yet ·
 * blocked: something is missing here · needs-person: the books hold something we may not judge.
 */
const postingStates = [
  'waiting',
  'sending',
  'checking',
  'accepted',
  'posted',
  'refused',
  'blocked',
  'needs-person',
  'discarded',
] as const
export type PostingState = (typeof postingStates)[number]

/** In the order in which they depend on each other. */
export const kinds = [
  'customer',
  'salesInvoice',
  'printing',
  'salesEntry',
  'generalJournal',
  'document',
  'attachment',
] as const satisfies readonly Kind[]

/** Nothing without what they come after: their draft names it, and they are given up with it. */
export const hangingKinds: ReadonlySet<Kind> = new Set<Kind>(['printing', 'document', 'attachment'])

/** What people chose for one posting. */
export interface Choices {
  /** First day of the period it is booked in, when its own is closed. */
  readonly bookIn?: string
  /** Ids in the books that a person saw and said are not this document. */
  readonly notOurs?: readonly string[]
}

export interface Posting {
  readonly id: string
  readonly connectionId: string
  readonly laneKey: string
  readonly sequence: string
  readonly kind: Kind
  readonly reference: string
  readonly subjectKind: string
  readonly subjectId: string
  readonly label: string
  readonly customerId: string | null
  readonly state: PostingState
  readonly dueAt: Date | null
  readonly afterId: string | null
  readonly attemptId: string | null
  readonly choices: Choices
  readonly numberReserved: number | null
  readonly problem: Problem | null
  readonly ticket: Ticket | null
  readonly receipt: Receipt | null
  readonly gross: string | null
  readonly tries: number
  readonly looks: number
  /** When the first attempt left of which the outcome was in doubt. */
  readonly sentAfter: Date | null
  /** Since when the outcome is in doubt; null when it is not. */
  readonly doubtAt: Date | null
  readonly found: readonly Receipt[] | null
  readonly version: number
}

/** An attempt as it is stored before anything leaves: its postings in order, exact bytes, key. */
export interface StoredAttempt extends Attempt {
  readonly kind: Kind
  readonly packed: Packed
  readonly lastSentAt: Date
  readonly drafts: readonly { readonly postingId: string; readonly draft: Draft }[]
}
