import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatDuration, minutesBetween, parseDuration } from './duration.ts'

const seed = { seed: 20260331 }

describe('what people type in a cell', () => {
  it.each([
    ['1:30', 90],
    ['1.5', 90],
    ['1,5', 90],
    ['90m', 90],
    ['90 min', 90],
    ['90 minuten', 90],
    ['1h30', 90],
    ['1u30', 90],
    ['1u 30m', 90],
    ['1 h 30 min', 90],
    ['1,5u', 90],
    ['1.5 h', 90],
    ['2u', 120],
    ['2h', 120],
    ['2 uur', 120],
    [':45', 45],
    ['0:45', 45],
    [',5', 30],
    ['.25', 15],
    ['8', 480],
    [' 8 ', 480],
    ['08:00', 480],
    ['7U15', 435],
    ['1,333', 80], // 79.98
    ['0,008', 0], // 0.48
    ['0,025', 2], // 1.5, half away from zero
    ['0', 0],
    ['-0', 0],
    ['24', 1440],
    ['24:00', 1440],
  ])('%j is %i minutes', (text, minutes) => expect(parseDuration(text)).toEqual({ minutes }))

  it.each([
    ['', 'duration-not-understood'],
    ['   ', 'duration-not-understood'],
    ['acht', 'duration-not-understood'],
    ['1:5', 'duration-not-understood'],
    ['1:60', 'duration-not-understood'],
    ['1:30:00', 'duration-not-understood'],
    ['1h75', 'duration-not-understood'],
    ['1.2.3', 'duration-not-understood'],
    ['1,', 'duration-not-understood'],
    [':', 'duration-not-understood'],
    ['1e2', 'duration-not-understood'],
    ['--1', 'duration-not-understood'],
    ['-1', 'duration-negative'],
    ['−0:30', 'duration-negative'],
    ['24:01', 'duration-too-long'],
    ['25', 'duration-too-long'],
    ['1441m', 'duration-too-long'],
    ['100:00', 'duration-too-long'],
    [`${'9'.repeat(400)}m`, 'duration-too-long'],
    ['9'.repeat(400), 'duration-too-long'],
  ])('%j: %s', (text, problem) => expect(parseDuration(text)).toEqual({ problem }))

  it('reads back what it shows', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1440 }), (minutes) => {
        expect(parseDuration(formatDuration(minutes))).toEqual({ minutes })
        expect(parseDuration(`${minutes}m`)).toEqual({ minutes })
      }),
      seed,
    )
  })

  it('answers whatever is typed, with whole minutes of one day', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[-\d.,: humin]{0,12}$/)), (text) => {
        const read = parseDuration(text)
        if ('minutes' in read)
          expect(Number.isInteger(read.minutes) && read.minutes >= 0 && read.minutes <= 1440).toBe(true)
      }),
      seed,
    )
  })
})

describe('shown', () => {
  it.each([
    [450, '7:30'],
    [0, '0:00'],
    [5, '0:05'],
    [-16, '\u22120:16'],
    [-90, '\u22121:30'],
    [60_000, '1000:00'],
  ])('%i as %s', (minutes, text) => expect(formatDuration(minutes)).toBe(text))
  it('never a part of a minute', () => expect(() => formatDuration(1.5)).toThrow('whole'))
})

describe('from start to end', () => {
  const at = (hour: number, minute = 0) => hour * 60 + minute
  it.each([
    ['nine to half past five, half an hour off', at(9), at(17, 30), 30, 480],
    ['past midnight', at(22), at(2), 0, 240],
    ['until midnight', at(22), at(24), 0, 120],
    ['nothing', at(9), at(9), 0, 0],
    ['all of it break', at(9), at(10), 60, 0],
    ['more break than time', at(9), at(10), 61, null],
  ])('%s', (_, start, end, off, minutes) => expect(minutesBetween(start, end, off)).toBe(minutes))
})
