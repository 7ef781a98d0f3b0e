import { describe, expect, it } from 'vitest'
import { elapsed, endTyped, minutesToday, startTyped } from './moments.ts'

const zone = 'Europe/Amsterdam'
const at = (text: string) => new Date(text)

describe('what has passed', () => {
  it.each([
    ['2026-04-10T10:28:00Z', '2026-04-10T12:42:36Z', 134, 36],
    ['2026-04-10T10:28:00.900Z', '2026-04-10T10:28:01.800Z', 0, 0],
    // A clock that was set back shows nothing, not less than nothing.
    ['2026-04-10T10:28:00Z', '2026-04-10T10:27:00Z', 0, 0],
    // The night in which an hour is skipped has an hour less.
    ['2026-03-28T22:00:00Z', '2026-03-29T05:00:00Z', 420, 0],
  ])('from %s to %s: %i minutes and %i seconds', (from, to, minutes, seconds) => {
    expect(elapsed(from, Date.parse(to))).toEqual({ minutes, seconds })
  })
})

describe('what counts for today', () => {
  it.each([
    ['all of it', '2026-04-10T10:28:00Z', '2026-04-10T12:42:36Z', 134],
    ['what came after midnight', '2026-04-09T20:00:00Z', '2026-04-10T00:30:00Z', 150],
    ['the hours that were, in the night in which one is skipped', '2026-03-28T20:00:00Z', '2026-03-29T02:00:00Z', 180],
  ])('is %s', (_, startedAt, now, minutes) => {
    expect(minutesToday(startedAt, zone, Date.parse(now))).toBe(minutes)
  })
})

describe('a start that is typed', () => {
  it.each([
    ['today', 9 * 60, '2026-04-10T07:00:00.000Z'],
    ['yesterday, when it is still to come today', 23 * 60, '2026-04-09T21:00:00.000Z'],
    ['as it was, seconds and all', 12 * 60 + 28, '2026-04-10T10:28:17.000Z'],
  ])('is %s', (_, minute, expected) => {
    const was = at('2026-04-10T10:28:17Z')
    expect(startTyped(zone, minute, at('2026-04-10T12:42:00Z'), was).toISOString()).toBe(expected)
  })
})

describe('an end that is typed', () => {
  it.each([
    ['the same day', 17 * 60, '2026-04-10T15:00:00.000Z'],
    ['after midnight', 60, '2026-04-10T23:00:00.000Z'],
    ['not the minute in which it started', 12 * 60 + 28, '2026-04-11T10:28:00.000Z'],
  ])('is %s', (_, minute, expected) => {
    expect(endTyped(zone, minute, at('2026-04-10T10:28:17Z')).toISOString()).toBe(expected)
  })
})
