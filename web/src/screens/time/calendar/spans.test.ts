import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  dayMinutes,
  lanesOf,
  leastShown,
  madeSpan,
  movedSpan,
  overlapOf,
  type Span,
  spanOf,
  stretchedSpan,
  timesOfSpan,
} from './spans.ts'

const seed = { seed: 20260410 }
const at = (text: string): number => {
  const [hours = 0, minutes = 0] = text.split(':').map(Number)
  return hours * 60 + minutes
}
const span = (text: string): Span => {
  const [from = '', until = ''] = text.split('–')
  return { from: at(from), until: at(until) }
}
const clock = (minute: number) =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
const text = ({ from, until }: Span) => `${clock(from)}–${clock(until)}`

const steps = fc.constantFrom(5, 15)
const spans = fc
  .tuple(fc.integer({ min: 0, max: dayMinutes - 1 }), fc.integer({ min: 1, max: dayMinutes - 1 }))
  .map(([from, length]): Span => ({ from, until: from + length }))
const within = spans.filter(({ until }) => until <= dayMinutes)

describe('an entry on the calendar', () => {
  it.each([
    ['09:00–10:30', { startMinute: 540, endMinute: 630 }],
    ['00:00–24:00', { startMinute: 0, endMinute: 1440 }],
    ['22:00–26:00', { startMinute: 1320, endMinute: 120 }],
    ['22:00–24:00', { startMinute: 1320, endMinute: 1440 }],
  ])('%s is written as %o and read back', (told, times) => {
    expect(timesOfSpan(span(told))).toEqual(times)
    expect(spanOf(times)).toEqual(span(told))
  })
  it('has no place in the hours without start and end', () => {
    expect(spanOf({ startMinute: null, endMinute: null })).toBeNull()
  })
  it('is the same after writing and reading', () => {
    fc.assert(
      fc.property(spans, (one) => {
        expect(spanOf(timesOfSpan(one))).toEqual(one)
      }),
      seed,
    )
  })
})

describe('blocks of one day', () => {
  it.each<[string, string[], string[]]>([
    ['alone', ['09:00–10:00'], ['1/1']],
    ['one after the other', ['09:00–10:00', '10:00–11:00'], ['1/1', '1/1']],
    ['over each other', ['09:00–11:00', '10:00–12:00'], ['1/2', '2/2']],
    ['a chain', ['09:00–10:30', '10:00–11:30', '11:00–12:00'], ['1/2', '2/2', '1/2']],
    ['three at once', ['09:00–12:00', '09:00–10:00', '09:30–11:00'], ['1/3', '2/3', '3/3']],
    ['the same time twice', ['09:00–10:00', '09:00–10:00'], ['1/2', '2/2']],
    ['too short to show one below the other', ['09:00–09:05', '09:05–10:00'], ['1/2', '2/2']],
    ['two groups', ['09:00–10:00', '09:30–10:00', '13:00–14:00'], ['1/2', '2/2', '1/1']],
  ])('%s', (_, told, expected) => {
    const lanes = lanesOf(told.map((one, id) => ({ id, ...span(one) })))
    expect(told.map((_one, id) => `${lanes.get(id)!.lane + 1}/${lanes.get(id)!.lanes}`)).toEqual(expected)
  })

  it('never lie over each other, and take no more lanes than there are at one moment', () => {
    fc.assert(
      fc.property(fc.array(within, { maxLength: 14 }), (list) => {
        const blocks = list.map((one, id) => ({ id, ...one }))
        const shown = blocks.map((one) => ({ ...one, until: Math.max(one.until, one.from + leastShown) }))
        const lanes = lanesOf(blocks)
        for (const a of shown)
          for (const b of shown)
            if (a.id < b.id && overlapOf(a, b) > 0) {
              expect(lanes.get(a.id)!.lane).not.toBe(lanes.get(b.id)!.lane)
              expect(lanes.get(a.id)!.lanes).toBe(lanes.get(b.id)!.lanes)
            }
        const atOnce = (minute: number) => shown.filter(({ from, until }) => from <= minute && minute < until).length
        const most = Math.max(0, ...shown.map(({ from }) => atOnce(from)))
        expect(Math.max(0, ...[...lanes.values()].map(({ lanes: count }) => count))).toBe(most)
      }),
      seed,
    )
  })
})

describe('what is drawn', () => {
  it.each([
    ['down', '09:02', '10:20', 15, '09:00–10:30'],
    ['up', '10:20', '09:02', 15, '09:00–10:30'],
    ['on the spot', '09:02', '09:02', 15, '09:00–09:15'],
    ['finer', '09:02', '10:21', 5, '09:00–10:25'],
    ['to the end of the day', '23:10', '26:00', 15, '23:00–24:00'],
    ['from below the day', '24:00', '24:00', 15, '23:45–24:00'],
  ])('%s: from %s to %s by %i is %s', (_, anchor, minute, step, expected) => {
    expect(text(madeSpan(at(anchor), at(minute), step))).toBe(expected)
  })
  it('lies on the step and within the day', () => {
    const minutes = fc.integer({ min: -100, max: dayMinutes + 100 })
    fc.assert(
      fc.property(minutes, minutes, steps, (anchor, minute, step) => {
        const { from, until } = madeSpan(anchor, minute, step)
        expect([from % step, until % step]).toEqual([0, 0])
        expect(from).toBeGreaterThanOrEqual(0)
        expect(until).toBeLessThanOrEqual(dayMinutes)
        expect(until - from).toBeGreaterThanOrEqual(step)
      }),
      seed,
    )
  })
})

describe('what is moved', () => {
  it.each([
    ['later', '09:00–10:30', 67, 15, '10:00–11:30'],
    ['later from beside the step, and onto it', '09:07–10:07', 15, 15, '09:15–10:15'],
    ['finer', '09:00–10:00', 12, 5, '09:10–10:10'],
    ['not at all', '09:07–10:07', 0, 15, '09:07–10:07'],
    ['against midnight', '22:00–23:30', 300, 15, '22:30–24:00'],
    ['against midnight, of an odd length', '22:00–23:20', 300, 15, '22:30–23:50'],
    ['before the morning', '01:00–02:00', -300, 15, '00:00–01:00'],
    ['past midnight as it was', '22:00–25:00', 30, 15, '22:30–25:30'],
  ])('%s: %s by %i', (_, told, by, step, expected) => {
    expect(text(movedSpan(span(told), by, step))).toBe(expected)
  })
  it('is as long as before, on the step, and does not leave its day', () => {
    fc.assert(
      fc.property(spans, fc.integer({ min: -2000, max: 2000 }), steps, (one, by, step) => {
        const moved = movedSpan(one, by, step)
        expect(moved.until - moved.from).toBe(one.until - one.from)
        expect(moved.from).toBeGreaterThanOrEqual(0)
        expect(moved.from).toBeLessThan(dayMinutes)
        if (by !== 0) expect(moved.from % step).toBe(0)
        if (one.until <= dayMinutes) expect(moved.until).toBeLessThanOrEqual(dayMinutes)
      }),
      seed,
    )
  })
})

describe('what is stretched', () => {
  it.each<[string, string, 'from' | 'until', string, number, number, string]>([
    ['longer', '09:00–10:00', 'until', '11:20', 15, 0, '09:00–11:15'],
    ['shorter than a step', '09:00–10:00', 'until', '08:00', 15, 0, '09:00–09:15'],
    ['to midnight', '09:00–10:00', 'until', '26:00', 15, 0, '09:00–24:00'],
    ['earlier', '09:00–10:00', 'from', '08:10', 15, 0, '08:15–10:00'],
    ['later than its end', '09:00–10:00', 'from', '12:00', 15, 0, '09:45–10:00'],
    ['no shorter than its break', '09:00–17:00', 'until', '09:10', 15, 30, '09:00–09:31'],
    ['back from the next day', '22:00–25:00', 'until', '23:30', 15, 0, '22:00–23:30'],
    ['no longer than a day', '22:00–26:00', 'from', '00:00', 15, 0, '02:01–26:00'],
  ])('%s', (_, told, end, to, step, breakMinutes, expected) => {
    expect(text(stretchedSpan(span(told), end, at(to), { step, breakMinutes }))).toBe(expected)
  })
  it('keeps its other end, its break, and something to work', () => {
    const ends = fc.constantFrom('from' as const, 'until' as const)
    const minutes = fc.integer({ min: -100, max: dayMinutes + 100 })
    fc.assert(
      fc.property(spans, ends, minutes, steps, fc.nat(200), (one, end, to, step, pause) => {
        const breakMinutes = Math.min(pause, one.until - one.from - 1)
        const after = stretchedSpan(one, end, to, { step, breakMinutes })
        const other = end === 'from' ? 'until' : 'from'
        expect(after[other]).toBe(one[other])
        expect(after.until - after.from - breakMinutes).toBeGreaterThanOrEqual(1)
        expect(after.until - after.from).toBeLessThanOrEqual(dayMinutes)
        expect(spanOf(timesOfSpan(after))).toEqual(after)
      }),
      seed,
    )
  })
})
