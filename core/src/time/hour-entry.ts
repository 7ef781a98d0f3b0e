import { type InvoicingMethod, isHourly } from '../projects/invoicing-method.ts'
import type { CalendarDate } from '../shared/calendar-date.ts'
import { type Approval, type EntryFacts, wordOf } from './entry-facts.ts'

export {
  type Approval,
  approvals,
  type Claim,
  type EntryFacts,
  type EntryWord,
  isLocked,
  lockOf,
  wordOf,
} from './entry-facts.ts'

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
