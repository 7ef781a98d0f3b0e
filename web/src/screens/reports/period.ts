import { addDays, addMonths, type CalendarDate, startOfMonth } from '@uurwerk/core/shared/calendar-date.ts'

export const periods = ['year', 'last-year', 'twelve-months'] as const
export type ReportPeriod = (typeof periods)[number]

/** First and last day: this calendar year, the one before, or the twelve months up to and with this one. */
export function reportPeriod(period: ReportPeriod, today: CalendarDate): { from: CalendarDate; until: CalendarDate } {
  const january = `${today.slice(0, 4)}-01-01` as CalendarDate
  if (period === 'year') return { from: january, until: addDays(addMonths(january, 12), -1) }
  if (period === 'last-year') return { from: addMonths(january, -12), until: addDays(january, -1) }
  const month = startOfMonth(today)
  return { from: addMonths(month, -11), until: addDays(addMonths(month, 1), -1) }
}

/** Every month that has a day between the two, `2026-03`. */
export function monthsOf(from: CalendarDate, until: CalendarDate): readonly string[] {
  const months: string[] = []
  for (let month = startOfMonth(from); month <= until; month = addMonths(month, 1)) months.push(month.slice(0, 7))
  return months
}
