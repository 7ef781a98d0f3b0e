import { assert } from '../shared/assert.ts'
import { decimal, round, times } from '../shared/money.ts'

export type DurationProblem = 'duration-not-understood' | 'duration-negative' | 'duration-too-long'

/** A cell holds one day at most. */
export const longestMinutes = 24 * 60

// Each form names the parts it has: hours (with a decimal comma or point) and minutes.
const forms = [
  /^(?<hours>\d*):(?<minutes>[0-5]\d)$/, // 1:30  :45
  /^(?<hours>\d+(?:[.,]\d+)?|[.,]\d+)\s*(?:h|u|hr|hrs|uur|uren|hour|hours)?\.?$/, // 8  1,5  .5  2u  1.5 h
  /^(?<minutes>\d+)\s*(?:m|min|mins|minuten|minuut|minutes|minute)\.?$/, // 90m  90 min
  /^(?<hours>\d+)\s*(?:h|u|uur|hour|hours)\s*(?<minutes>[0-5]?\d)\s*(?:m|min|minuten|minutes)?\.?$/, // 1h30  1u 30m
] as const

/**
 * Minutes as people write them: `1:30`, `1.5`, `1,5`, `90m`, `90 min`, `1h30`, `1u30`, `2u`, `:45`, `8` (hours).
 * Minutes are whole: `1,333` hours is 80. At most 24 hours, and not negative.
 */
export function parseDuration(text: string): { readonly minutes: number } | { readonly problem: DurationProblem } {
  const typed = text.trim().toLowerCase()
  const negative = /^[-−–]/.test(typed)
  const bare = negative ? typed.slice(1).trim() : typed
  const parts = forms.map((form) => form.exec(bare)?.groups).find((groups) => groups !== undefined)
  if (!parts) return { problem: 'duration-not-understood' }
  const hours = (parts.hours || '0').replace(',', '.').replace(/^\./, '0.')
  const minutes = Number(round(times(decimal(hours), decimal('60')), 0)) + Number(parts.minutes ?? '0')
  if (negative && minutes > 0) return { problem: 'duration-negative' }
  return minutes > longestMinutes ? { problem: 'duration-too-long' } : { minutes }
}

/** `7:30`; negative with the minus sign U+2212: `−0:16`. */
export function formatDuration(minutes: number): string {
  assert(Number.isSafeInteger(minutes), 'minutes are whole')
  const size = Math.abs(minutes)
  return `${minutes < 0 ? '\u2212' : ''}${Math.trunc(size / 60)}:${String(size % 60).padStart(2, '0')}`
}

/**
 * Minutes worked between two times of day (minutes since midnight), less a break. An end before the start is on the
 * next day; start and end at the same time is nothing. Null when the break is longer than the time between.
 */
export function minutesBetween(start: number, end: number, breakMinutes = 0): number | null {
  for (const minute of [start, end])
    assert(Number.isInteger(minute) && minute >= 0 && minute <= longestMinutes, 'a time of day is 0:00 to 24:00')
  assert(Number.isInteger(breakMinutes) && breakMinutes >= 0, 'a break is whole minutes and not negative')
  const between = (end < start ? end + longestMinutes : end) - start
  return breakMinutes > between ? null : between - breakMinutes
}
