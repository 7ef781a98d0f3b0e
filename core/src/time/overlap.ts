import { addDays, type CalendarDate, daysBetween } from '../shared/calendar-date.ts'
import { longestMinutes } from './duration.ts'
import type { HourEntry } from './hour-entry.ts'

type TimedEntry = Pick<HourEntry, 'id' | 'userId' | 'date' | 'minutes' | 'start' | 'end'>

/** Warnings only: the week may be saved with them. */
export type TimeWarning =
  | {
      readonly warning: 'overlap'
      readonly userId: string
      /** The day on which the overlap begins. */
      readonly date: CalendarDate
      readonly entryIds: readonly [string, string]
      readonly minutes: number
    }
  | {
      readonly warning: 'more-than-24-hours'
      readonly userId: string
      readonly date: CalendarDate
      readonly entryIds: readonly string[]
      readonly minutes: number
    }

/** Entries of one person that lie over each other, and days that hold more than 24 hours; by day, then by entry. */
export function timeWarnings(entries: readonly TimedEntry[]): readonly TimeWarning[] {
  const byUser = Map.groupBy(entries, (entry) => entry.userId)
  return [...byUser].flatMap(([userId, own]) =>
    [...overlaps(userId, own), ...longDays(userId, own)].sort((a, b) =>
      a.date < b.date ? -1 : a.date > b.date ? 1 : 0,
    ),
  )
}

function longDays(userId: string, entries: readonly TimedEntry[]): TimeWarning[] {
  return [...Map.groupBy(entries, (entry) => entry.date)].flatMap(([date, day]) => {
    const minutes = day.reduce((total, entry) => total + entry.minutes, 0)
    const entryIds = day.map((entry) => entry.id)
    return minutes > longestMinutes ? [{ warning: 'more-than-24-hours' as const, userId, date, entryIds, minutes }] : []
  })
}

function overlaps(userId: string, entries: readonly TimedEntry[]): TimeWarning[] {
  const first = entries.reduce<CalendarDate | null>((low, { date }) => (low && low < date ? low : date), null)
  if (!first) return []
  // On one line of minutes since the first day, so that work past midnight meets the next morning.
  const spans = entries
    .flatMap(({ id, date, start, end }) => {
      if (start == null || end == null) return []
      const midnight = daysBetween(first, date) * longestMinutes
      return [{ id, from: midnight + start, until: midnight + (end < start ? end + longestMinutes : end) }]
    })
    .sort((a, b) => a.from - b.from || (a.id < b.id ? -1 : 1))
  return spans.flatMap((earlier, index) =>
    spans.slice(index + 1).flatMap((later) => {
      const minutes = Math.min(earlier.until, later.until) - later.from
      if (minutes <= 0) return []
      const date = addDays(first, Math.floor(later.from / longestMinutes))
      return [{ warning: 'overlap' as const, userId, date, entryIds: [earlier.id, later.id] as const, minutes }]
    }),
  )
}
