import { addDays, dateIn, instantIn, minuteOfDayIn, startOfDayIn } from '@uurwerk/core/shared/calendar-date.ts'

const minuteMs = 60_000

/** `2:14` and `36`: what has passed, in whole seconds, never below nothing. */
export function elapsed(startedAt: string, nowMs: number): { readonly minutes: number; readonly seconds: number } {
  const seconds = Math.max(0, Math.floor((nowMs - Date.parse(startedAt)) / 1000))
  return { minutes: Math.floor(seconds / 60), seconds: seconds % 60 }
}

/** Of what has passed, the minutes since midnight where it was started: what counts for today. */
export function minutesToday(startedAt: string, zone: string, nowMs: number): number {
  const midnight = startOfDayIn(zone, dateIn(zone, new Date(nowMs))).getTime()
  return Math.max(0, Math.floor((nowMs - Math.max(midnight, Date.parse(startedAt))) / minuteMs))
}

/** The last time before now that the clock stood there; the moment it is at already when that is the same minute. */
export function startTyped(zone: string, minute: number, now: Date, was: Date): Date {
  if (minuteOfDayIn(zone, was) === minute) return was
  const today = dateIn(zone, now)
  const found = instantIn(zone, today, minute)
  return found <= now ? found : instantIn(zone, addDays(today, -1), minute)
}

/** The first time after the start that the clock stands there. */
export function endTyped(zone: string, minute: number, startedAt: Date): Date {
  const day = dateIn(zone, startedAt)
  const begun = Math.floor(startedAt.getTime() / minuteMs) * minuteMs
  const found = instantIn(zone, day, minute)
  return found.getTime() > begun ? found : instantIn(zone, addDays(day, 1), minute)
}
