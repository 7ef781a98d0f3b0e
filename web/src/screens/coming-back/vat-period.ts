import {
  addDays,
  addMonths,
  type CalendarDate,
  monthOf,
  parseCalendarDate,
  startOfMonth,
} from '@uurwerk/core/shared/calendar-date.ts'

export const lengths = ['month', 'quarter', 'year'] as const
export type Length = (typeof lengths)[number]

const months = { month: 1, quarter: 3, year: 12 } as const satisfies Record<Length, number>

export interface VatPeriod {
  readonly length: Length
  readonly from: CalendarDate
  readonly until: CalendarDate
}

/** The month, quarter or year that a day lies in. */
export function periodAt(length: Length, day: CalendarDate): VatPeriod {
  const month = startOfMonth(day)
  const from = addMonths(month, -((monthOf(day) - 1) % months[length]))
  return { length, from, until: addDays(addMonths(from, months[length]), -1) }
}

/** As the address says; else the quarter of last month, which is the one that is declared now. */
export function shownPeriod(
  asked: { readonly length?: Length | undefined; readonly from?: string | undefined },
  today: CalendarDate,
): VatPeriod {
  const day = parseCalendarDate(asked.from ?? '') ?? addMonths(startOfMonth(today), -1)
  return periodAt(asked.length ?? 'quarter', day)
}

/** The one after it, or with -1 before it. */
export const movedPeriod = ({ length, from }: VatPeriod, by: 1 | -1): VatPeriod =>
  periodAt(length, addMonths(from, by * months[length]))
