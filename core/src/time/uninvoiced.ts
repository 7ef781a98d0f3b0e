import { coversHours, type InvoicingMethod } from '../projects/invoicing-method.ts'
import { type CalendarDate, daysBetween } from '../shared/calendar-date.ts'
import { type EntryFacts, wordOf } from './entry-facts.ts'

/** Hours, an expense or a trip, as far as it decides what is still to be invoiced. */
export interface BillableEntry extends EntryFacts {
  readonly kind: 'hours' | 'expense' | 'trip'
  readonly date: CalendarDate
  readonly billable: boolean
  /** Of its project; null without one. */
  readonly method: InvoicingMethod | null
  /** Date of the invoice or document that claims it; left out where nobody asks as at a date. */
  readonly claimedOn?: CalendarDate | null
}

export interface Asking {
  /** Whether the firm approves, in whatever order. */
  readonly approvalOn: boolean
  readonly today: CalendarDate
  /**
   * As at the end of this day: work up to it that no invoice of a date up to it holds. Approval and write-off are as
   * they are now. Left out: as it stands now.
   */
  readonly asAt?: CalendarDate | null
}

/**
 * What an entry is in the eyes of whoever invoices: money to invoice now (`uninvoiced`), money that waits for approval
 * (`not-yet-approved`) or for its day (`not-yet-due`), hours that an agreed amount pays for (`covered`), or `nothing`:
 * on an invoice, written off, not billable, or of a project that is not invoiced.
 */
export type Billing = 'uninvoiced' | 'not-yet-approved' | 'not-yet-due' | 'covered' | 'nothing'

/** An agreed price or subscription covers hours only: expenses and trips are invoiced besides it. */
export function billingOf(entry: BillableEntry, at: Asking): Billing {
  if (!entry.billable || entry.method === null || entry.method === 'none' || !isFree(entry, at)) return 'nothing'
  if (at.asAt && entry.date > at.asAt) return 'nothing'
  if (entry.kind === 'hours' && coversHours(entry.method)) return 'covered'
  if (at.approvalOn) return entry.approval === 'approved' ? 'uninvoiced' : 'not-yet-approved'
  return entry.date <= at.today ? 'uninvoiced' : 'not-yet-due'
}

/** Billable, free, not written off, and approved where approval is on, else registered up to today. */
export const isUninvoiced = (entry: BillableEntry, at: Asking): boolean => billingOf(entry, at) === 'uninvoiced'

/** Would be uninvoiced if it were approved: a column of its own, outside the total. */
export const notYetApproved = (entry: BillableEntry, at: Asking): boolean => billingOf(entry, at) === 'not-yet-approved'

function isFree(entry: BillableEntry, { asAt }: Asking): boolean {
  const claimedLater = asAt && entry.claim && entry.claimedOn && entry.claimedOn > asAt
  return wordOf(claimedLater ? { ...entry, claim: null } : entry) === 'free'
}

/** Days since the work was done; below 0 for work that is still to be done. */
export const ageDays = (date: CalendarDate, asAt: CalendarDate): number => daysBetween(date, asAt)

export const ageBuckets = ['0-30', '31-60', '61-90', 'over-90'] as const
export type AgeBucket = (typeof ageBuckets)[number]

export const ageBucket = (days: number): AgeBucket =>
  days <= 30 ? '0-30' : days <= 60 ? '31-60' : days <= 90 ? '61-90' : 'over-90'
