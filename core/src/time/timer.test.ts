import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dateIn, minuteOfDayIn } from '../shared/calendar-date.ts'
import { formatDuration } from './duration.ts'
import { elapsedMinutes, entriesOfTimer } from './timer.ts'

const seed = { seed: 20260331 }
const timer = (startedAt: string, stoppedAt: string, zone = 'Europe/Amsterdam') => ({
  startedAt: new Date(startedAt),
  stoppedAt: new Date(stoppedAt),
  zone,
})

/** `2026-03-02 9:00–9:30 0:30`, or without the clock `2026-03-02 0:30`. */
const told = (ran: ReturnType<typeof timer>) =>
  entriesOfTimer(ran).map(({ date, minutes, startMinute, endMinute }) =>
    startMinute === null || endMinute === null
      ? `${date} ${formatDuration(minutes)}`
      : `${date} ${formatDuration(startMinute)}–${formatDuration(endMinute)} ${formatDuration(minutes)}`,
  )

describe('elapsed minutes', () => {
  it.each([
    ['2026-03-02T09:00:00Z', '2026-03-02T09:30:00Z', 30],
    ['2026-03-02T09:00:00Z', '2026-03-02T09:30:29Z', 30],
    ['2026-03-02T09:00:00Z', '2026-03-02T09:30:30Z', 31], // half: up
    ['2026-03-02T09:00:00Z', '2026-03-02T09:00:00Z', 1],
    ['2026-03-02T09:00:00Z', '2026-03-02T09:00:20Z', 1],
    ['2026-03-02T09:00:00Z', '2026-03-02T08:59:00Z', 1], // the clock was set back
    ['2026-03-02T09:00:00Z', '2026-03-04T09:00:00Z', 2880],
  ])('from %s to %s are %i', (startedAt, stoppedAt, minutes) => {
    expect(elapsedMinutes(timer(startedAt, stoppedAt))).toBe(minutes)
  })
})

describe('a timer as hours', () => {
  it.each([
    ['a morning', '2026-03-02T09:00:00+01:00', '2026-03-02T12:15:00+01:00', ['2026-03-02 9:00–12:15 3:15']],
    [
      'seconds are rounded over the whole, from the minute it was started',
      '2026-03-02T09:00:50+01:00',
      '2026-03-02T09:31:25+01:00',
      ['2026-03-02 9:00–9:31 0:31'],
    ],
    ['a slip of the finger', '2026-03-02T09:00:50+01:00', '2026-03-02T09:00:52+01:00', ['2026-03-02 9:00–9:01 0:01']],
    ['until midnight', '2026-03-02T22:00:00+01:00', '2026-03-03T00:00:00+01:00', ['2026-03-02 22:00–24:00 2:00']],
    ['from midnight', '2026-03-03T00:00:00+01:00', '2026-03-03T02:00:00+01:00', ['2026-03-03 0:00–2:00 2:00']],
    [
      'over midnight',
      '2026-03-02T22:00:40+01:00',
      '2026-03-03T01:30:20+01:00',
      ['2026-03-02 22:00–24:00 2:00', '2026-03-03 0:00–1:30 1:30'],
    ],
    [
      'over midnight by seconds: nothing is left for the new day',
      '2026-03-02T23:59:50+01:00',
      '2026-03-03T00:00:10+01:00',
      ['2026-03-02 23:59–24:00 0:01'],
    ],
    [
      'forgotten over the weekend',
      '2026-03-06T16:00:00+01:00',
      '2026-03-09T09:00:00+01:00',
      [
        '2026-03-06 16:00–24:00 8:00',
        '2026-03-07 0:00–24:00 24:00',
        '2026-03-08 0:00–24:00 24:00',
        '2026-03-09 0:00–9:00 9:00',
      ],
    ],
  ])('%s', (_, startedAt, stoppedAt, expected) => expect(told(timer(startedAt, stoppedAt))).toEqual(expected))

  it.each([
    [
      'before two to after three: two hours on the wall, one that passed',
      '2026-03-29T01:30:00+01:00',
      '2026-03-29T03:30:00+02:00',
      ['2026-03-29 1:00'],
    ],
    [
      'in from the evening: the first day can tell its clock',
      '2026-03-28T22:00:00+01:00',
      '2026-03-29T04:00:00+02:00',
      ['2026-03-28 22:00–24:00 2:00', '2026-03-29 3:00'],
    ],
    ['after the change', '2026-03-29T03:00:00+02:00', '2026-03-29T05:00:00+02:00', ['2026-03-29 3:00–5:00 2:00']],
    [
      'all round the clock: the day has 23 hours',
      '2026-03-29T00:00:00+01:00',
      '2026-03-30T00:00:00+02:00',
      ['2026-03-29 23:00'],
    ],
  ])('in the night to summer time, 29 March 2026: %s', (_, startedAt, stoppedAt, expected) => {
    expect(told(timer(startedAt, stoppedAt))).toEqual(expected)
  })

  it.each([
    [
      'before two to after three: one hour and a half on the wall, two and a half that passed',
      '2026-10-25T01:45:00+02:00',
      '2026-10-25T03:15:00+01:00',
      ['2026-10-25 2:30'],
    ],
    [
      'from the first 2:50 to the second 2:10',
      '2026-10-25T02:50:00+02:00',
      '2026-10-25T02:10:00+01:00',
      ['2026-10-25 0:20'],
    ],
    [
      'within the second hour from two',
      '2026-10-25T02:10:00+01:00',
      '2026-10-25T02:50:00+01:00',
      ['2026-10-25 2:10–2:50 0:40'],
    ],
    [
      'until midnight after the change',
      '2026-10-25T20:00:00+01:00',
      '2026-10-26T00:00:00+01:00',
      ['2026-10-25 20:00–24:00 4:00'],
    ],
    [
      'all round the clock: a day of 25 hours is two entries',
      '2026-10-25T00:00:00+02:00',
      '2026-10-26T01:00:00+01:00',
      ['2026-10-25 24:00', '2026-10-25 1:00', '2026-10-26 0:00–1:00 1:00'],
    ],
    [
      'a minute more than 24 hours of it',
      '2026-10-25T00:00:00+02:00',
      '2026-10-25T23:01:00+01:00',
      ['2026-10-25 24:00', '2026-10-25 0:01'],
    ],
  ])('in the night to winter time, 25 October 2026: %s', (_, startedAt, stoppedAt, expected) => {
    expect(told(timer(startedAt, stoppedAt))).toEqual(expected)
  })

  it.each([
    [
      'São Paulo, where 4 November 2018 began at one',
      timer('2018-11-04T02:00:00Z', '2018-11-04T05:00:00Z', 'America/Sao_Paulo'),
      ['2018-11-03 23:00–24:00 1:00', '2018-11-04 1:00–3:00 2:00'],
    ],
    [
      'São Paulo, where 17 February 2018 had eleven o’clock at night twice',
      timer('2018-02-18T00:00:00Z', '2018-02-18T04:00:00Z', 'America/Sao_Paulo'),
      ['2018-02-17 3:00', '2018-02-18 0:00–1:00 1:00'],
    ],
    [
      'Cairo, where 24 April 2026 begins at one',
      timer('2026-04-23T21:00:00Z', '2026-04-23T22:30:00Z', 'Africa/Cairo'),
      ['2026-04-23 23:00–24:00 1:00', '2026-04-24 1:00–1:30 0:30'],
    ],
    [
      'Samoa, which left out 30 December 2011',
      timer('2011-12-30T09:00:00Z', '2011-12-30T11:00:00Z', 'Pacific/Apia'),
      ['2011-12-29 23:00–24:00 1:00', '2011-12-31 0:00–1:00 1:00'],
    ],
    [
      'Kolkata, half an hour off the others',
      timer('2026-03-02T18:00:00Z', '2026-03-02T19:00:00Z', 'Asia/Kolkata'),
      ['2026-03-02 23:30–24:00 0:30', '2026-03-03 0:00–0:30 0:30'],
    ],
  ])('in %s', (_, ran, expected) => expect(told(ran)).toEqual(expected))

  it('is all its minutes and no more, on days in order, and what is told of the clock is true', () => {
    const zones = ['Europe/Amsterdam', 'America/Sao_Paulo', 'Africa/Cairo', 'America/Havana', 'Asia/Kolkata', 'UTC']
    const hour = 3600_000
    // Half of them near a night in which some clock changes.
    const nights = [
      '2026-03-29T01:00Z',
      '2026-10-25T01:00Z',
      '2018-11-04T03:00Z',
      '2018-02-18T02:00Z',
      '2026-04-23T22:00Z',
    ]
    const startedAt = fc.oneof(
      fc.integer({ min: Date.UTC(2015, 0), max: Date.UTC(2035, 0) }),
      fc
        .tuple(fc.constantFrom(...nights), fc.integer({ min: -30 * hour, max: 3 * hour }))
        .map(([night, before]) => new Date(night).getTime() + before),
    )
    const ran = fc.oneof(fc.integer({ min: 0, max: 30 * hour }), fc.integer({ min: 0, max: 400 * hour }))
    fc.assert(
      fc.property(startedAt, ran, fc.constantFrom(...zones), (start, ms, zone) => {
        const one = { startedAt: new Date(start), stoppedAt: new Date(start + ms), zone }
        const parts = entriesOfTimer(one)
        expect(parts.reduce((total, { minutes }) => total + minutes, 0)).toBe(elapsedMinutes(one))
        expect(parts.map(({ date }) => date)).toEqual(parts.map(({ date }) => date).toSorted())
        expect(parts[0]?.date).toBe(dateIn(zone, one.startedAt))
        const [last, stoppedOn] = [parts.at(-1)?.date as string, dateIn(zone, one.stoppedAt)]
        expect(last <= stoppedOn || ms < 60_000).toBe(true)
        for (const part of parts) {
          expect(part.minutes).toBeGreaterThan(0)
          expect(part.minutes).toBeLessThanOrEqual(1440)
          if (part.startMinute !== null && part.endMinute !== null)
            expect(part.endMinute - part.startMinute).toBe(part.minutes)
        }
        if (parts[0]?.startMinute != null) expect(parts[0].startMinute).toBe(minuteOfDayIn(zone, one.startedAt))
      }),
      { ...seed, numRuns: 500 },
    )
  })
})
