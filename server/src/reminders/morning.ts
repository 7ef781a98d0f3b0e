import { dateIn, instantIn, minuteOfDayIn } from '@uurwerk/core/shared/calendar-date.ts'

/** Reminders go out from eight o'clock on the wall of the firm. */
const fromMinute = 8 * 60
/** The minute of each hour in which they are looked for; `reminderCron` says the same to the queue. */
const minuteOfHour = 12

export const reminderCron = `${minuteOfHour} * * * *`

export const isPastMorning = (timeZone: string, now: Date): boolean => minuteOfDayIn(timeZone, now) >= fromMinute

/** When they go out the next time: the next run, or the first of the morning that it is waiting for. */
export function nextRunAt(timeZone: string, now: Date): Date {
  const earliest = isPastMorning(timeZone, now) ? now : instantIn(timeZone, dateIn(timeZone, now), fromMinute)
  const run = new Date(earliest)
  run.setUTCMinutes(minuteOfHour, 0, 0)
  if (run < earliest || run <= now) run.setUTCHours(run.getUTCHours() + 1)
  return isPastMorning(timeZone, run) ? run : nextRunAt(timeZone, run)
}
