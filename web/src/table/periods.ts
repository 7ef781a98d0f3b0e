import {
  addDays,
  addMonths,
  type CalendarDate,
  endOfMonth,
  monthOf,
  startOfMonth,
  startOfWeek,
} from '@uurwerk/core/shared/calendar-date.ts'
import type { Word } from '../words/words.tsx'

interface Period {
  readonly word: Word
  readonly from: CalendarDate
  readonly until: CalendarDate
}

const months = (from: CalendarDate, count: number) => ({ from, until: endOfMonth(addMonths(from, count - 1)) })

/** This and the last week, month, quarter and year, seen from a day. */
export function periodsAround(day: CalendarDate): readonly Period[] {
  const week = startOfWeek(day)
  const month = startOfMonth(day)
  const quarter = addMonths(month, -((monthOf(day) - 1) % 3))
  const year = addMonths(month, 1 - monthOf(day))
  return [
    { word: 'table.filter.thisWeek', from: week, until: addDays(week, 6) },
    { word: 'table.filter.lastWeek', from: addDays(week, -7), until: addDays(week, -1) },
    { word: 'table.filter.thisMonth', ...months(month, 1) },
    { word: 'table.filter.lastMonth', ...months(addMonths(month, -1), 1) },
    { word: 'table.filter.thisQuarter', ...months(quarter, 3) },
    { word: 'table.filter.lastQuarter', ...months(addMonths(quarter, -3), 3) },
    { word: 'table.filter.thisYear', ...months(year, 12) },
    { word: 'table.filter.lastYear', ...months(addMonths(year, -12), 12) },
  ]
}
