import { addDays, type CalendarDate, dateIn, minuteOfDayIn, startOfDayIn } from '../shared/calendar-date.ts'
import { longestMinutes } from './duration.ts'

/** A timer that runs, or has run: instants, and the time zone it was started in. */
export interface Timer {
  readonly startedAt: Date
  readonly stoppedAt: Date
  /** IANA name. */
  readonly zone: string
}

/** Hours of one day, as they are registered. */
export interface TimedPart {
  readonly date: CalendarDate
  /** 1 to 1440. */
  readonly minutes: number
  /** Minutes since midnight on the wall; 1440 is the end of the day. Both null when they would belie the minutes. */
  readonly startMinute: number | null
  readonly endMinute: number | null
}

const minuteMs = 60_000

/**
 * Minutes between start and stop, rounded to the nearest once, halves up; at least one, so that a timer that ran is
 * never nothing (a clock that was set back between the two counts as one).
 */
export const elapsedMinutes = ({ startedAt, stoppedAt }: Omit<Timer, 'zone'>): number =>
  Math.max(1, minutesOf(stoppedAt.getTime() - startedAt.getTime()))

const minutesOf = (ms: number) => Math.floor((ms + minuteMs / 2) / minuteMs)

/**
 * What a timer is as hours: one entry for each day in its zone, in order, that together are exactly its elapsed
 * minutes. The minutes are those that passed, also in the night in which the clock changes; start and end are given
 * where the clock on the wall tells the same. Of a day with 25 hours, what is over 24 becomes a second entry.
 */
export function entriesOfTimer(timer: Timer): readonly TimedPart[] {
  const { zone } = timer
  const total = elapsedMinutes(timer)
  // From the minute in which it was started, so that all that follows is whole minutes.
  const start = Math.floor(timer.startedAt.getTime() / minuteMs) * minuteMs
  const end = start + total * minuteMs
  const parts: TimedPart[] = []
  let done = 0
  for (let date = dateIn(zone, new Date(start)); done < total; date = addDays(date, 1)) {
    const nextDay = startOfDayIn(zone, addDays(date, 1)).getTime()
    const until = Math.min(total, Math.max(done, minutesOf(nextDay - start)))
    const from = Math.max(start, startOfDayIn(zone, date).getTime())
    parts.push(...partsOfDay({ zone, date, minutes: until - done, from, until: Math.min(end, nextDay), nextDay }))
    done = until
  }
  return parts
}

interface DayOfTimer {
  readonly zone: string
  readonly date: CalendarDate
  readonly minutes: number
  /** Milliseconds since 1970. */
  readonly from: number
  readonly until: number
  readonly nextDay: number
}

function partsOfDay({ zone, date, minutes, from, until, nextDay }: DayOfTimer): readonly TimedPart[] {
  const startMinute = minuteOfDayIn(zone, new Date(from))
  const endMinute = until === nextDay ? longestMinutes : minuteOfDayIn(zone, new Date(until))
  if (minutes > 0 && endMinute - startMinute === minutes) return [{ date, minutes, startMinute, endMinute }]
  const parts: TimedPart[] = []
  for (let rest = minutes; rest > 0; rest -= longestMinutes)
    parts.push({ date, minutes: Math.min(rest, longestMinutes), startMinute: null, endMinute: null })
  return parts
}
