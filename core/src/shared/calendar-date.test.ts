import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addDays,
  addMonths,
  dateIn,
  calendarDate as day,
  daysBetween,
  endOfMonth,
  instantIn,
  isTimeZone,
  minuteOfDayIn,
  mondayOf,
  parseCalendarDate,
  startOfDayIn,
  startOfMonth,
  startOfWeek,
  weekOf,
} from './calendar-date.ts'

const seed = { seed: 20260331 }
const anyDay = fc.integer({ min: 0, max: 60_000 }).map((days) => addDays(day('1970-01-01'), days))

describe('a calendar date', () => {
  it.each(['2026-02-29', '2026-13-01', '2026-1-1', '2026-01-01T00:00', '20260101', '', '0000-01-01', '2026-04-31'])(
    'is not %j',
    (text) => expect(parseCalendarDate(text)).toBeNull(),
  )
  it('knows leap days', () => {
    expect(parseCalendarDate('2024-02-29')).toBe('2024-02-29')
    expect(parseCalendarDate('2000-02-29')).toBe('2000-02-29')
    expect(parseCalendarDate('1900-02-29')).toBeNull()
  })
})

describe('months', () => {
  it.each([
    ['2026-01-31', 1, '2026-02-28'],
    ['2024-01-31', 1, '2024-02-29'],
    ['2026-03-31', -1, '2026-02-28'],
    ['2026-12-15', 1, '2027-01-15'],
    ['2026-01-31', 12, '2027-01-31'],
  ])('%s and %i months is %s', (from, months, until) => expect(addMonths(day(from), months)).toBe(until))
  it.each([
    ['2026-02-10', '2026-02-28'],
    ['2024-02-10', '2024-02-29'],
    ['2026-04-30', '2026-04-30'],
    ['2026-12-01', '2026-12-31'],
  ])('the month of %s ends on %s', (date, end) => {
    expect(endOfMonth(day(date))).toBe(end)
    expect(startOfMonth(day(date))).toBe(`${date.slice(0, 7)}-01`)
  })
})

describe('weeks', () => {
  it.each([
    ['2026-01-01', 2026, 1, '2025-12-29'],
    ['2026-12-31', 2026, 53, '2026-12-28'],
    ['2027-01-03', 2026, 53, '2026-12-28'],
    ['2021-01-03', 2020, 53, '2020-12-28'],
    ['2024-12-30', 2025, 1, '2024-12-30'],
  ])('%s is in %i week %i, which begins on %s', (date, year, week, monday) => {
    expect(weekOf(day(date))).toEqual({ year, week })
    expect(mondayOf({ year, week })).toBe(monday)
  })
  it.each([
    [2025, 53],
    [2026, 54],
    [2026, 0],
    [2026, 1.5],
  ])('%d has no week %d', (year, week) => expect(mondayOf({ year, week })).toBeNull())
  it('of a day begin on the Monday on or before it, and lead back to it', () => {
    fc.assert(
      fc.property(anyDay, (date) => {
        const monday = startOfWeek(date)
        expect(mondayOf(weekOf(date))).toBe(monday)
        expect(daysBetween(monday, date)).toBeGreaterThanOrEqual(0)
        expect(daysBetween(monday, date)).toBeLessThan(7)
      }),
      seed,
    )
  })
})

describe('days', () => {
  it('are counted without clocks: over the change to summer time too', () => {
    expect(daysBetween(day('2026-03-28'), day('2026-03-30'))).toBe(2)
    expect(addDays(day('2026-10-24'), 2)).toBe('2026-10-26')
  })
  it('added and counted are each other’s opposite', () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: -5000, max: 5000 }), (date, days) => {
        expect(daysBetween(date, addDays(date, days))).toBe(days)
      }),
      seed,
    )
  })
})

describe('a time on the wall', () => {
  it.each([
    ['2026-03-31', 9 * 60, 'Europe/Amsterdam', '2026-03-31T07:00:00.000Z'],
    ['2026-01-31', 9 * 60, 'Europe/Amsterdam', '2026-01-31T08:00:00.000Z'],
    ['2026-03-31', 1440, 'Europe/Amsterdam', '2026-03-31T22:00:00.000Z'],
    ['2026-03-29', 2 * 60 + 30, 'Europe/Amsterdam', '2026-03-29T01:30:00.000Z'], // skipped: it is 3:30
    ['2026-10-25', 2 * 60 + 30, 'Europe/Amsterdam', '2026-10-25T00:30:00.000Z'], // twice: the first
    ['2026-03-31', 30, 'Asia/Kolkata', '2026-03-30T19:00:00.000Z'],
  ])('%s, %i minutes after midnight in %s is %s', (date, minute, zone, instant) => {
    expect(instantIn(zone, day(date), minute).toISOString()).toBe(instant)
  })
  it.each([
    ['2026-03-29', 'Europe/Amsterdam', '2026-03-28T23:00:00.000Z'],
    ['2026-03-30', 'Europe/Amsterdam', '2026-03-29T22:00:00.000Z'],
    ['2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00:00.000Z'], // begins at 1:00
    ['2026-04-24', 'Africa/Cairo', '2026-04-23T22:00:00.000Z'], // begins at 1:00
    ['2026-11-01', 'America/Havana', '2026-11-01T04:00:00.000Z'], // midnight comes twice
    ['2011-12-30', 'Pacific/Apia', '2011-12-30T10:00:00.000Z'], // there was no such day
  ])('%s in %s begins at %s', (date, zone, instant) => {
    expect(startOfDayIn(zone, day(date)).toISOString()).toBe(instant)
  })
  it('reads back, but for the hour that is skipped', () => {
    const zones = fc.constantFrom('Europe/Amsterdam', 'America/New_York', 'Asia/Kolkata', 'America/Sao_Paulo', 'UTC')
    fc.assert(
      fc.property(anyDay, fc.integer({ min: 4 * 60, max: 1439 }), zones, (date, minute, zone) => {
        const instant = instantIn(zone, date, minute)
        expect([dateIn(zone, instant), minuteOfDayIn(zone, instant)]).toEqual([date, minute])
        expect(startOfDayIn(zone, date) < instant).toBe(true)
      }),
      seed,
    )
  })
  it('is at most the end of its day', () => {
    expect(() => instantIn('UTC', day('2026-01-01'), 1441)).toThrow('24:00')
  })
})

describe('an instant in a zone', () => {
  it.each([
    ['2026-03-31T22:30:00Z', 'Europe/Amsterdam', '2026-04-01', 30],
    ['2026-12-31T23:30:00Z', 'Europe/Amsterdam', '2027-01-01', 30],
    ['2026-01-01T02:00:00Z', 'America/New_York', '2025-12-31', 21 * 60],
    ['2026-03-29T01:00:00Z', 'Europe/Amsterdam', '2026-03-29', 3 * 60], // the hour from two is skipped
    ['2026-06-30T12:00:00Z', 'Asia/Kolkata', '2026-06-30', 17 * 60 + 30],
  ])('%s in %s is on %s', (instant, zone, date, minute) => {
    expect(dateIn(zone, new Date(instant))).toBe(date)
    expect(minuteOfDayIn(zone, new Date(instant))).toBe(minute)
  })
  it.each([
    ['Europe/Amsterdam', true],
    ['UTC', true],
    ['Europe/Nowhere', false],
    ['+01:00', false],
    ['', false],
  ])('%j as a zone: %s', (zone, known) => expect(isTimeZone(zone)).toBe(known))
})
