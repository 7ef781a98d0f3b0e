import type { monthEnd } from '@uurwerk/api/month-end.ts'
import { type CalendarDate, calendarDate, endOfMonth } from '@uurwerk/core/shared/calendar-date.ts'
import type { z } from 'zod'
import type { FirmCall } from '../http/call.ts'

export type MonthEnd = z.input<typeof monthEnd>
/** A step of it for who may see it. */
export type StepOf<Name extends keyof MonthEnd> = NonNullable<MonthEnd[Name]>
export type MonthCall = Pick<FirmCall<never>, 'trx' | 'firmId' | 'actor' | 'language' | 'services'>

export interface Month {
  /** `2026-03`. */
  readonly month: string
  readonly from: CalendarDate
  readonly last: CalendarDate
  /** Not later than today. */
  readonly until: CalendarDate
  readonly today: CalendarDate
}

/** A month as far as it has gone; undefined before its first day. */
export function monthAt(month: string, today: CalendarDate): Month | undefined {
  const from = calendarDate(`${month}-01`)
  if (from > today) return undefined
  const last = endOfMonth(from)
  return { month, from, last, until: last < today ? last : today, today }
}
