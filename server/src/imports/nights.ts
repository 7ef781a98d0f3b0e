import { addDays, dateIn, instantIn } from '@uurwerk/core/shared/calendar-date.ts'

/** When a connection imports by itself. `at` is HH:MM on the wall of the firm. */
interface Nights {
  readonly timeZone: string
  readonly at: string
}

const minuteOfDay = (at: string): number => Number(at.slice(0, 2)) * 60 + Number(at.slice(3))

const onDay = ({ timeZone, at }: Nights, now: Date, days: number): Date =>
  instantIn(timeZone, addDays(dateIn(timeZone, now), days), minuteOfDay(at))

/**
 * The last night that has come. In the night in which the clock goes forward a time that is skipped comes as long after
 * midnight as ever; in the night in which it goes back a time that comes twice counts once, the first time.
 */
export function lastNight(nights: Nights, now: Date): Date {
  const today = onDay(nights, now, 0)
  return today <= now ? today : onDay(nights, now, -1)
}

export function nextNight(nights: Nights, now: Date): Date {
  const today = onDay(nights, now, 0)
  return today > now ? today : onDay(nights, now, 1)
}

/** However many nights went by while nobody worked, one import makes up for all of them. */
export const isNightMissed = (nights: Nights, seenAt: Date, now: Date): boolean => lastNight(nights, now) > seenAt
