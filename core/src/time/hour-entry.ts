import { type InvoicingMethod, isHourly } from '../projects/invoicing-method.ts'
import type { CalendarDate } from '../shared/calendar-date.ts'

export const approvals = ['open', 'submitted', 'approved', 'rejected'] as const
export type Approval = (typeof approvals)[number]

/** Time of one person on one activity on one day. */
export interface HourEntry {
  readonly id: string
  readonly userId: string
  readonly date: CalendarDate
  /** The truth, as registered; rounding for billing never changes it. */
  readonly minutes: number
  /** Minutes since midnight in the firm's time zone; an end before the start is on the next day. */
  readonly start?: number | null
  readonly end?: number | null
  readonly breakMinutes?: number | null
  readonly projectId: string
  readonly activityId: string
  readonly note: string
  readonly tags: readonly string[]
  readonly billable: boolean
  readonly approval: Approval
  readonly rejectedReason?: string | null
  /** Instant, ISO 8601. */
  readonly writtenOffAt?: string | null
}

/**
 * What holds an entry: the line of a draft or of a sent invoice, or a document made in the accounting package, which is
 * `posted` while it is not yet known (refused included, until the user discards it) and `document` once it exists.
 */
export type Claim = 'draft' | 'sent' | 'posted' | 'document'

/** The three stored facts of an entry: approval, write-off and claim. */
export interface EntryFacts {
  readonly approval: Approval
  readonly writtenOffAt?: string | null
  readonly claim?: Claim | null
}

export type EntryWord = 'free' | 'reserved' | 'invoiced' | 'written-off'

const wordOfClaim = {
  draft: 'reserved',
  posted: 'reserved',
  sent: 'invoiced',
  document: 'invoiced',
} as const satisfies Record<Claim, EntryWord>

/** The word on the screen; it is derived, never stored. What stands on a document is told first. */
export const wordOf = (entry: Pick<EntryFacts, 'writtenOffAt' | 'claim'>): EntryWord =>
  entry.claim ? wordOfClaim[entry.claim] : entry.writtenOffAt ? 'written-off' : 'free'

/**
 * Billable, free, not written off, and approved where approval is on (else: registered up to today). Hours on a
 * project that is not invoiced by the hour are covered or free of charge, never uninvoiced money.
 */
export function isUninvoiced(
  entry: EntryFacts & { readonly billable: boolean; readonly date: CalendarDate },
  at: { readonly approvalOn: boolean; readonly today: CalendarDate; readonly method?: InvoicingMethod },
): boolean {
  if (!entry.billable || wordOf(entry) !== 'free') return false
  if (at.method && !isHourly(at.method)) return false
  return at.approvalOn ? entry.approval === 'approved' : entry.date <= at.today
}

/** Why nobody may change the entry now, or null when it may be changed. */
export const lockOf = (entry: EntryFacts): 'claimed' | 'approved' | 'written-off' | null =>
  entry.claim ? 'claimed' : entry.approval === 'approved' ? 'approved' : entry.writtenOffAt ? 'written-off' : null

export const isLocked = (entry: EntryFacts): boolean => lockOf(entry) !== null
