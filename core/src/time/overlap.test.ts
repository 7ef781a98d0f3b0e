import { describe, expect, it } from 'vitest'
import { calendarDate as day } from '../shared/calendar-date.ts'
import { timeWarnings } from './overlap.ts'

const at = (hour: number, minute = 0) => hour * 60 + minute
const entry = (id: string, date: string, minutes: number, start?: number, end?: number, userId = 'anna') => ({
  id,
  userId,
  date: day(date),
  minutes,
  ...(start !== undefined && end !== undefined && { start, end }),
})

describe('time warnings', () => {
  it('names two entries that lie over each other, and for how long', () => {
    const entries = [entry('b', '2026-03-02', 120, at(10), at(12)), entry('a', '2026-03-02', 120, at(9), at(11))]
    expect(timeWarnings(entries)).toEqual([
      { warning: 'overlap', userId: 'anna', date: '2026-03-02', entryIds: ['a', 'b'], minutes: 60 },
    ])
  })
  it.each([
    ['end to start', [entry('a', '2026-03-02', 60, at(9), at(10)), entry('b', '2026-03-02', 60, at(10), at(11))]],
    [
      'different people',
      [entry('a', '2026-03-02', 60, at(9), at(10)), entry('b', '2026-03-02', 60, at(9), at(10), 'bas')],
    ],
    ['no times', [entry('a', '2026-03-02', 600), entry('b', '2026-03-02', 600)]],
    ['exactly 24 hours', [entry('a', '2026-03-02', 720), entry('b', '2026-03-02', 720)]],
    ['nothing', []],
  ])('is silent about %s', (_, entries) => expect(timeWarnings(entries)).toEqual([]))
  it('sees work past midnight meet the next morning', () => {
    const entries = [entry('a', '2026-03-02', 240, at(22), at(2)), entry('b', '2026-03-03', 60, at(1), at(2))]
    expect(timeWarnings(entries)).toEqual([
      { warning: 'overlap', userId: 'anna', date: '2026-03-03', entryIds: ['a', 'b'], minutes: 60 },
    ])
  })
  it('finds an overlap behind a long entry that holds several', () => {
    const entries = [
      entry('a', '2026-03-02', 480, at(9), at(17)),
      entry('b', '2026-03-02', 60, at(10), at(11)),
      entry('c', '2026-03-02', 60, at(15), at(18)),
    ]
    expect(timeWarnings(entries).map((warning) => [warning.entryIds, warning.minutes])).toEqual([
      [['a', 'b'], 60],
      [['a', 'c'], 120],
    ])
  })
  it('names a day of more than 24 hours', () => {
    const entries = [entry('a', '2026-03-02', 720), entry('b', '2026-03-02', 721), entry('c', '2026-03-03', 60)]
    expect(timeWarnings(entries)).toEqual([
      { warning: 'more-than-24-hours', userId: 'anna', date: '2026-03-02', entryIds: ['a', 'b'], minutes: 1441 },
    ])
  })
})
