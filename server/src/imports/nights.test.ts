import { describe, expect, it } from 'vitest'
import { isNightMissed, lastNight, nextNight } from './nights.ts'

const amsterdam = (at: string) => ({ timeZone: 'Europe/Amsterdam', at })
const utc = (text: string) => new Date(`${text}Z`)

describe('the night of an import', () => {
  it.each([
    // time on the wall, now (UTC), the last night, the next one
    ['04:00', '2026-01-15T10:00', '2026-01-15T03:00', '2026-01-16T03:00'],
    ['04:00', '2026-01-15T02:59', '2026-01-14T03:00', '2026-01-15T03:00'],
    ['04:00', '2026-01-15T03:00', '2026-01-15T03:00', '2026-01-16T03:00'],
    ['04:00', '2026-07-15T10:00', '2026-07-15T02:00', '2026-07-16T02:00'],
    ['23:30', '2026-01-15T10:00', '2026-01-14T22:30', '2026-01-15T22:30'],
    ['00:00', '2026-01-15T10:00', '2026-01-14T23:00', '2026-01-15T23:00'],
    // 29 March 2026: 02:00 becomes 03:00, so that 02:30 is not on the wall
    ['02:30', '2026-03-29T01:29', '2026-03-28T01:30', '2026-03-29T01:30'],
    ['02:30', '2026-03-29T01:30', '2026-03-29T01:30', '2026-03-30T00:30'],
    ['04:00', '2026-03-29T10:00', '2026-03-29T02:00', '2026-03-30T02:00'],
    // 25 October 2026: 03:00 becomes 02:00, so that 02:30 is there twice
    ['02:30', '2026-10-25T00:29', '2026-10-24T00:30', '2026-10-25T00:30'],
    ['02:30', '2026-10-25T00:30', '2026-10-25T00:30', '2026-10-26T01:30'],
    ['02:30', '2026-10-25T01:30', '2026-10-25T00:30', '2026-10-26T01:30'],
    ['04:00', '2026-10-25T10:00', '2026-10-25T03:00', '2026-10-26T03:00'],
  ])('at %s, seen at %s: last %s, next %s', (at, now, last, next) => {
    expect(lastNight(amsterdam(at), utc(now))).toEqual(utc(last))
    expect(nextNight(amsterdam(at), utc(now))).toEqual(utc(next))
  })

  it('is the night of the firm, wherever the program runs', () => {
    const now = utc('2026-06-01T12:00')
    expect(lastNight({ timeZone: 'Pacific/Auckland', at: '04:00' }, now)).toEqual(utc('2026-05-31T16:00'))
    expect(lastNight({ timeZone: 'America/New_York', at: '04:00' }, now)).toEqual(utc('2026-06-01T08:00'))
  })

  it('comes once in every day of a year, whenever it is looked for', () => {
    let seen = utc('2026-01-01T12:00')
    let runs = 0
    for (let now = seen.getTime(); now <= utc('2027-01-01T12:00').getTime(); now += 37 * 60_000) {
      if (!isNightMissed(amsterdam('02:30'), seen, new Date(now))) continue
      runs += 1
      seen = new Date(now)
    }
    expect(runs).toBe(365)
  })

  it('is made up for once when a week of nights was missed', () => {
    const back = utc('2026-05-08T09:00')
    expect(isNightMissed(amsterdam('04:00'), utc('2026-05-01T02:00'), back)).toBe(true)
    expect(isNightMissed(amsterdam('04:00'), back, utc('2026-05-08T23:00'))).toBe(false)
    expect(isNightMissed(amsterdam('04:00'), back, utc('2026-05-09T02:00'))).toBe(true)
  })
})
