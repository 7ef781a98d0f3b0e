import { addDays, type CalendarDate, daysBetween } from '../shared/calendar-date.ts'
import { compare, type Decimal, zero } from '../shared/money.ts'

export const reminderSteps = [1, 2, 3] as const
export type ReminderStep = (typeof reminderSteps)[number]

/** After how many days past the due date each step goes out; each later than the one before. */
export type ReminderDays = readonly [number, number, number]

/** A reminder that was written; `sent` alone has reached the customer's mail server for certain. */
export interface ReminderLetter {
  readonly step: ReminderStep
  /** `withdrawn` by somebody who did not want it to go; one that we took back ourselves is not told here. */
  readonly state: 'waiting' | 'sending' | 'sent' | 'uncertain' | 'failed' | 'withdrawn'
  /** In the firm's calendar; of a sent one. */
  readonly sentOn: CalendarDate | null
}

export interface RemindedInvoice {
  readonly kind: 'invoice' | 'credit'
  readonly state: 'draft' | 'sent' | 'credited'
  readonly outstanding: Decimal
  readonly dueDate: CalendarDate
  readonly held: boolean
  /** The customer gets no reminders. */
  readonly customerOff: boolean
  readonly letters: readonly ReminderLetter[]
}

export const whyNoReminder = [
  'not-an-invoice',
  'not-sent',
  'nothing-outstanding',
  'not-overdue',
  'held',
  'customer-off',
  'letter-underway',
  'letter-uncertain',
  'letter-failed',
  'letter-withdrawn',
  'all-sent',
  'not-yet',
  'sent-today',
] as const
export type WhyNoReminder = (typeof whyNoReminder)[number]

/** What comes next for an invoice, if anything does. */
export interface NextReminder {
  /** Null when no further one can follow as things stand. */
  readonly step: ReminderStep | null
  /** The day from which it goes out by itself. */
  readonly dueOn: CalendarDate | null
  /** Why none goes out by itself on the day that was asked about; null when one does. */
  readonly why: WhyNoReminder | null
}

/**
 * The reminder of an invoice on a day. A step follows the highest that lives, when that one was sent: so many days past
 * the due date as its setting says, and never sooner after the step before than the two settings lie apart. However
 * often or late it is asked, one step at most is due on a day, since the next waits for the one before.
 */
export function nextReminder(invoice: RemindedInvoice, days: ReminderDays, today: CalendarDate): NextReminder {
  const standing = whyNever(invoice)
  if (standing) return { step: null, dueOn: null, why: standing }
  const living = invoice.letters.filter(({ state }) => state !== 'withdrawn')
  const last = living.reduce<ReminderLetter | null>((high, one) => (high && high.step > one.step ? high : one), null)
  if (last && last.state !== 'sent') return { step: null, dueOn: null, why: underway[last.state] }
  const step = reminderSteps.find((one) => one === (last?.step ?? 0) + 1)
  if (!step) return { step: null, dueOn: null, why: 'all-sent' }
  const dueOn = dueOnOf(invoice, days, step, last)
  if (invoice.letters.some((one) => one.step === step && one.state === 'withdrawn'))
    return { step, dueOn, why: 'letter-withdrawn' }
  if (invoice.dueDate >= today) return { step, dueOn, why: 'not-overdue' }
  return { step, dueOn, why: dueOn > today ? 'not-yet' : null }
}

/**
 * Whether somebody may send the next step on a day, sooner than it would go out by itself: the invoice is overdue, and
 * the step before did not go out the same day. Null when he may.
 */
export function whyNotByHand(invoice: RemindedInvoice, today: CalendarDate): WhyNoReminder | null {
  const { step, why } = nextReminder(invoice, [0, 1, 2], today)
  if (step === null) return why
  if (invoice.dueDate >= today) return 'not-overdue'
  const sentToday = invoice.letters.some(({ state, sentOn }) => state === 'sent' && sentOn !== null && sentOn >= today)
  return sentToday ? 'sent-today' : null
}

/** Past the due date. */
export const daysOfStep = (days: ReminderDays, step: ReminderStep): number => days[step - 1] as number

/** A step keeps this distance from the one before, also when that one went late. */
export const daysApart = (days: ReminderDays, step: 2 | 3): number =>
  Math.max(1, daysOfStep(days, step) - (days[step - 2] as number))

/** How many days an invoice is late on a day; 0 when it is not. */
export const daysLate = (dueDate: CalendarDate, today: CalendarDate): number => Math.max(0, daysBetween(dueDate, today))

function whyNever({ kind, state, outstanding, held, customerOff }: RemindedInvoice): WhyNoReminder | null {
  if (kind !== 'invoice') return 'not-an-invoice'
  if (state === 'draft') return 'not-sent'
  if (compare(outstanding, zero) <= 0) return 'nothing-outstanding'
  if (held) return 'held'
  return customerOff ? 'customer-off' : null
}

const underway = {
  waiting: 'letter-underway',
  sending: 'letter-underway',
  uncertain: 'letter-uncertain',
  failed: 'letter-failed',
  withdrawn: 'letter-withdrawn',
} as const satisfies Record<Exclude<ReminderLetter['state'], 'sent'>, WhyNoReminder>

function dueOnOf(
  { dueDate }: RemindedInvoice,
  days: ReminderDays,
  step: ReminderStep,
  last: ReminderLetter | null,
): CalendarDate {
  const bySetting = addDays(dueDate, daysOfStep(days, step))
  if (!last?.sentOn || step === 1) return bySetting
  const afterLast = addDays(last.sentOn, daysApart(days, step))
  return afterLast > bySetting ? afterLast : bySetting
}
