import { Temporal } from 'temporal-polyfill'
import { assert } from './assert.ts'

/** A day on the calendar, `YYYY-MM-DD`. Not an instant: it has no time and no zone. Compares as text. */
export type CalendarDate = string & { readonly __brand: 'CalendarDate' }

/** Monday to Sunday, ISO 8601. */
export interface Week {
  readonly year: number
  readonly week: number
}

const shape = /^\d{4}-\d{2}-\d{2}$/

/** Calendar date from text of a user or a package; null when there is no such day. */
export function parseCalendarDate(text: string): CalendarDate | null {
  // PostgreSQL knows no year 0.
  if (!shape.test(text) || text.startsWith('0000')) return null
  try {
    Temporal.PlainDate.from(text, { overflow: 'reject' })
    return text as CalendarDate
  } catch {
    return null
  }
}

/** Calendar date from text of our own making; asserts that there is such a day. */
export function calendarDate(text: string): CalendarDate {
  const date = parseCalendarDate(text)
  assert(date, `not a calendar date: ${text}`)
  return date
}

const plain = (date: CalendarDate) => Temporal.PlainDate.from(date)
const back = (date: Temporal.PlainDate) => date.toString() as CalendarDate

export const addDays = (date: CalendarDate, days: number): CalendarDate => back(plain(date).add({ days }))
/** A month later, or the last day of that month when it is shorter: 31 January + 1 is 28 February. */
export const addMonths = (date: CalendarDate, months: number): CalendarDate => back(plain(date).add({ months }))
export const startOfMonth = (date: CalendarDate): CalendarDate => back(plain(date).with({ day: 1 }))
export const endOfMonth = (date: CalendarDate): CalendarDate => back(plain(date).with({ day: 31 }))
export const yearOf = (date: CalendarDate): number => plain(date).year
export const monthOf = (date: CalendarDate): number => plain(date).month
export const daysBetween = (from: CalendarDate, until: CalendarDate): number =>
  plain(from).until(plain(until), { largestUnit: 'day' }).days
/** 1 is Monday, 7 is Sunday. */
export const dayOfWeek = (date: CalendarDate): number => plain(date).dayOfWeek

export function weekOf(date: CalendarDate): Week {
  const day = plain(date)
  return { year: day.yearOfWeek as number, week: day.weekOfYear as number }
}

export const startOfWeek = (date: CalendarDate): CalendarDate => addDays(date, 1 - dayOfWeek(date))

/** Monday of an ISO week; null when the year has no such week. */
export function mondayOf({ year, week }: Week): CalendarDate | null {
  if (!Number.isInteger(year) || !Number.isInteger(week) || week < 1 || week > 53) return null
  const fourth = calendarDate(`${String(year).padStart(4, '0')}-01-04`)
  const monday = addDays(startOfWeek(fourth), (week - 1) * 7)
  const found = weekOf(monday)
  return found.year === year && found.week === week ? monday : null
}

/** The calendar date on which an instant falls in a time zone (IANA name). */
export const dateIn = (zone: string, instant: Date): CalendarDate =>
  back(Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(zone).toPlainDate())

/** Hours and minutes on the wall, in minutes since midnight, at an instant in a time zone. */
export function minuteOfDayIn(zone: string, instant: Date): number {
  const time = Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(zone)
  return time.hour * 60 + time.minute
}

/**
 * The instant of a time on the wall (minutes since midnight, up to 1440) on a day in a time zone. A time that the change
 * to summer time skips is taken as long after midnight as if it were not skipped; of a time that comes twice, the first.
 */
export function instantIn(zone: string, date: CalendarDate, minuteOfDay: number): Date {
  assert(Number.isInteger(minuteOfDay) && minuteOfDay >= 0 && minuteOfDay <= 1440, 'a time of day is 0:00 to 24:00')
  const wall = plain(date).toPlainDateTime().add({ minutes: minuteOfDay })
  return new Date(wall.toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds)
}

/** The first instant of a day in a time zone: midnight, or what comes first where the clock skips midnight that day. */
export const startOfDayIn = (zone: string, date: CalendarDate): Date =>
  new Date(plain(date).toZonedDateTime(zone).epochMilliseconds)

/** Whether this is an IANA time zone that this machine knows; an offset such as `+01:00` is none: it has no summer time. */
export function isTimeZone(zone: string): boolean {
  if (!/^[A-Za-z]/.test(zone)) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}
