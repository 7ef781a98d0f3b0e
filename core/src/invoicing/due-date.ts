import { addDays, type CalendarDate, endOfMonth } from '../shared/calendar-date.ts'

/** `{ days: 30, endOfMonth: false }` is thirty days; `{ days: 14, endOfMonth: true }` is end of the month plus fourteen days. */
export interface PaymentTerm {
  readonly days: number
  readonly endOfMonth: boolean
}

/** The day on which an invoice of this date must be paid. */
export const dueDateOf = (date: CalendarDate, term: PaymentTerm): CalendarDate =>
  addDays(term.endOfMonth ? endOfMonth(date) : date, term.days)
