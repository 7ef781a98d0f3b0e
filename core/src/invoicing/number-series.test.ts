import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { calendarDate as day } from '../shared/calendar-date.ts'
import {
  digitsOf,
  formatNumber,
  isDigitsOnly,
  type NumberLimit,
  numberFits,
  parseSeries,
  seriesCapacity,
  seriesClash,
  seriesKeyFor,
} from './number-series.ts'

const date = day('2026-03-12')

describe('a printed number', () => {
  it.each([
    ['{year}-{0000}', 7, '2026-0007', '2026'],
    ['{yy}{0000}', 42, '260042', '2026'],
    ['{0}', 1234, '1234', 'all'],
    ['F{00000}', 12, 'F00012', 'all'],
    ['{year}/{000}', 12345, '2026/12345', '2026'],
    ['INV_{0000}.{yy}', 1, 'INV_0001.26', '2026'],
  ])('%s with %i is %s, counted in %s', (pattern, counter, number, key) => {
    expect(formatNumber(pattern, { date, counter })).toBe(number)
    expect(seriesKeyFor(pattern, date)).toBe(key)
  })
  it('takes its year from the invoice date', () => {
    expect(formatNumber('{yy}{0000}', { date: day('2025-12-31'), counter: 3 })).toBe('250003')
    expect(seriesKeyFor('{yy}{0000}', day('2025-12-31'))).toBe('2025')
  })
  it('is never given twice', () => {
    const patterns = fc.constantFrom('{year}-{0000}', '{yy}{0}', '{0000}{yy}', '1{000}', '{00}-{year}')
    const at = fc.record({ year: fc.integer({ min: 2020, max: 2029 }), counter: fc.integer({ min: 1, max: 200_000 }) })
    fc.assert(
      fc.property(patterns, at, at, (pattern, a, b) => {
        const [one, two] = [a, b].map(({ year, counter }) => ({ date: day(`${year}-01-01`), counter })) as [
          { date: typeof date; counter: number },
          { date: typeof date; counter: number },
        ]
        fc.pre(seriesKeyFor(pattern, one.date) !== seriesKeyFor(pattern, two.date) || one.counter !== two.counter)
        expect(formatNumber(pattern, one)).not.toBe(formatNumber(pattern, two))
      }),
      { seed: 20260331 },
    )
  })
  it.each([0, -1, 1.5, Number.NaN])('never has counter %d', (counter) => {
    expect(() => formatNumber('{0}', { date, counter })).toThrow('counter')
  })
})

describe('a pattern', () => {
  it.each([
    ['', 'series-empty'],
    ['{year}', 'series-counter-missing'],
    ['2026', 'series-counter-missing'],
    ['{00}{00}', 'series-counter-twice'],
    ['{month}{00}', 'series-token-unknown'],
    ['{}{00}', 'series-token-unknown'],
    ['{0000', 'series-character'],
    ['F 1{00}', 'series-character'],
    ['€{00}', 'series-character'],
    ['ABCDEFGHIJKLMNOPQ{0000}', 'series-too-long'],
  ])('%j: %s', (pattern, problem) => expect(parseSeries(pattern)).toEqual({ problem }))
})

describe('what a package can hold', () => {
  it.each<[string, NumberLimit, boolean]>([
    ['260042', 'six-digits', true],
    ['000042', 'six-digits', true],
    ['2026-0042', 'six-digits', false],
    ['2026-0042', 'int32', true],
    ['2147483647', 'int32', true],
    ['2147483648', 'int32', false],
    ['9999999999999', 'int32', false],
    ['F', 'int32', false],
    ['anything', 'none', true],
  ])('%s in %s: %s', (number, limit, fits) => expect(numberFits(number, limit)).toBe(fits))
  it.each<[string, NumberLimit, number]>([
    ['{yy}{0000}', 'six-digits', 9999],
    ['{year}-{0000}', 'six-digits', 0],
    ['{year}{0000}', 'int32', 999_999],
    ['{0}', 'int32', 2_147_483_647],
    ['{0000}', 'six-digits', 999_999],
    ['{year}-{0000}', 'none', Number.POSITIVE_INFINITY],
  ])('%s in %s numbers %d invoices', (pattern, limit, capacity) => {
    expect(seriesCapacity(pattern, limit, date)).toBe(capacity)
  })
  it('sees digits', () => {
    expect(isDigitsOnly('260042')).toBe(true)
    expect(isDigitsOnly('2026-0042')).toBe(false)
    expect(digitsOf('F2026-0042')).toBe('20260042')
  })
})

describe('two series', () => {
  it.each([
    ['{year}-{0000}', '{year}-{0000}', true],
    ['{year}-{0000}', '{year}-{000}', true],
    ['{year}-{0000}', 'C{year}-{0000}', false],
    ['{yy}{0000}', '{0}', true],
    ['{0}', '{yy}{0000}', true],
    ['{yy}{0000}', '9{00000}', true],
    ['26{0000}', '{yy}{0000}', true],
    ['{year}.{00}', '{year}-{00}', false],
    ['F{000}', 'F{year}{000}', true],
    ['{year}C{000}', '{year}F{000}', false],
  ])('%s and %s stand in each other’s way: %s', (one, other, clash) => {
    expect(seriesClash(one, other, date)).toBe(clash)
    expect(seriesClash(other, one, date)).toBe(clash)
  })
})
