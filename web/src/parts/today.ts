import type { CalendarDate } from '@uurwerk/core/shared/calendar-date.ts'

const two = (part: number): string => String(part).padStart(2, '0')

/** Today on the clock of the person who looks. */
export function today(): CalendarDate {
  const now = new Date()
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}` as CalendarDate
}
