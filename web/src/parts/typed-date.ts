import { type CalendarDate, parseCalendarDate } from '@uurwerk/core/shared/calendar-date.ts'

const months: Readonly<Record<string, number>> = {
  jan: 1,
  feb: 2,
  mar: 3,
  mrt: 3,
  maa: 3,
  apr: 4,
  may: 5,
  mei: 5,
  jun: 6,
  jul: 7,
  aug: 8,
  sep: 9,
  oct: 10,
  okt: 10,
  nov: 11,
  dec: 12,
}

/**
 * A date as people type it, day first: `31-3-2026`, `31/3`, `31 mrt`, `31032026`, `2026-03-31`. Without a year it is
 * the one of `near`, so that "31-12" in a form of this year means this year. Null when there is no such day.
 */
export function typedDate(typed: string, near: CalendarDate): CalendarDate | null {
  const text = typed.trim().toLowerCase()
  const exact = parseCalendarDate(text)
  if (exact) return exact
  const together = /^(\d{2})(\d{2})(\d{4})$/.exec(text)
  const parts = together ? together.slice(1) : text.split(/[\s./-]+/).filter(Boolean)
  const [day = '', month = '', year = near.slice(0, 4), ...more] = parts
  if (more.length > 0) return null
  const monthNumber = /^\d{1,2}$/.test(month) ? Number(month) : months[month.slice(0, 3)]
  if (!/^\d{1,2}$/.test(day) || !monthNumber || !/^(\d{2}|\d{4})$/.test(year)) return null
  const fullYear = year.length === 2 ? `20${year}` : year
  return parseCalendarDate(`${fullYear}-${String(monthNumber).padStart(2, '0')}-${day.padStart(2, '0')}`)
}
