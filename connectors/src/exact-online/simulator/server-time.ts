import type { CalendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { calendarDate, dateIn, minuteOfDayIn } from '@uurwerk/core/shared/calendar-date.ts'

const zone = 'Europe/Amsterdam'
const hourMs = 3_600_000
const byHour = new Map<number, number>()

/** `Me.ServerUtcOffset`: how many seconds the wall clock of the server is ahead of UTC at an instant. */
export function serverOffsetSeconds(instant: Date): number {
  const hour = Math.floor(instant.getTime() / hourMs)
  const known = byHour.get(hour)
  if (known !== undefined) return known
  const wall = midnight(dateIn(zone, instant)) + minuteOfDayIn(zone, instant) * 60_000
  const offset = (wall - Math.floor(instant.getTime() / 60_000) * 60_000) / 1000
  byHour.set(hour, offset)
  return offset
}

/** Milliseconds of a calendar date: midnight UTC of that day. */
export const midnight = (date: CalendarDate): number => Date.parse(`${date}T00:00:00Z`)

/** Milliseconds as Exact writes an instant: the wall time of its server, as if it were UTC: R-server-time. */
export const wallTime = (instant: Date): number => instant.getTime() + serverOffsetSeconds(instant) * 1000

/** Today on the wall calendar of the server. */
export const serverToday = (now: Date): CalendarDate => dateIn(zone, now)

/** `2026-06-25T16:21:03`, the form of `Me.ServerTime`. */
export const serverTime = (now: Date): string => new Date(wallTime(now)).toISOString().slice(0, 19)

/** The calendar date of a time in milliseconds, taken as UTC. */
export const dateOfMs = (ms: number): CalendarDate => calendarDate(new Date(ms).toISOString().slice(0, 10))
