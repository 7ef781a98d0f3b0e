import type { CalendarDate } from '../shared/calendar-date.ts'
import type { EntryFacts } from './entry-facts.ts'

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
export interface HourEntry extends EntryFacts {
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
  readonly rejectedReason?: string | null
}
