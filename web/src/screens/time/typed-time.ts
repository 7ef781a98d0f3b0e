import { parseDuration } from '@uurwerk/core/time/duration.ts'

const two = (value: number) => String(value).padStart(2, '0')

/** Minutes since midnight as a clock shows them: `09:05`, `24:00`. */
export const clockText = (minute: number): string => `${two(Math.floor(minute / 60))}:${two(minute % 60)}`

/** A time of day as people type it: `9`, `9:30`, `9.30`, `0930`; null when it is none. */
export function typedTime(text: string): number | null {
  const typed = text
    .trim()
    .toLowerCase()
    .replace(/\s*(u|h|uur)$/, '')
  const found = /^(\d{1,2})(?:[:.]([0-5]\d))?$/.exec(typed) ?? /^(\d{1,2})([0-5]\d)$/.exec(typed)
  if (!found) return null
  const minute = Number(found[1]) * 60 + Number(found[2] ?? 0)
  return minute <= 24 * 60 ? minute : null
}

/** A break is short: a bare number means minutes, the rest is written like any duration. */
export function typedBreak(text: string): number | null {
  const typed = text.trim()
  if (typed === '') return 0
  if (/^\d{1,3}$/.test(typed)) return Number(typed)
  const parsed = parseDuration(typed)
  return 'minutes' in parsed ? parsed.minutes : null
}

/** `9-10:30`, `9:00 – 10.30`: two times of day; null when it is something else. */
export function typedSpan(text: string): { readonly startMinute: number; readonly endMinute: number } | null {
  const parts = text.split(/\s*(?:-|–|—|\btot\b|\bto\b)\s*/)
  if (parts.length !== 2) return null
  const [startMinute, endMinute] = [typedTime(parts[0] ?? ''), typedTime(parts[1] ?? '')]
  return startMinute === null || endMinute === null || startMinute === endMinute ? null : { startMinute, endMinute }
}
