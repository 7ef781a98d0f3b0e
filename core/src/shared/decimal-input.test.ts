import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseAmountInput, parseDistanceInput } from './decimal-input.ts'
import { formatAmount, formatDecimal } from './format.ts'
import { decimal, round, times } from './money.ts'

describe('an amount as typed', () => {
  it.each([
    ['1.234,56', '1234.56', '1234.56'],
    ['1,234.56', '1234.56', '1234.56'],
    ['12,5', '12.5', '12.5'],
    ['12.5', '12.5', '12.5'],
    ['95', '95', '95'],
    ['1.234', '1234', '1.234'], // the one form that differs by language
    ['1,234', '1.234', '1234'],
    ['0.125', '0.125', '0.125'],
    ['0,125', '0.125', '0.125'],
    ['1234.567', '1234.567', '1234.567'],
    ['1.234.567', '1234567', '1234567'],
    ['1,234,567.8', '1234567.8', '1234567.8'],
    ['1 234 567,80', '1234567.8', '1234567.8'],
    ['\u20ac\u00a01.234,50', '1234.5', '1234.5'],
    ['-3,50', '-3.5', '-3.5'],
    ['−3.50', '-3.5', '-3.5'],
    ['- € 3,50', '-3.5', '-3.5'],
    [',5', '0.5', '0.5'],
    ['5,', '5', '5'],
    ['-0', '0', '0'],
  ])('%j is %s in Dutch and %s in English', (text, nl, en) => {
    expect(parseAmountInput(text, 'nl')).toEqual({ amount: nl })
    expect(parseAmountInput(text, 'en')).toEqual({ amount: en })
  })
  it.each([
    ['', 'amount-missing'],
    [' € ', 'amount-missing'],
    ['-', 'amount-not-understood'],
    [',', 'amount-not-understood'],
    ['abc', 'amount-not-understood'],
    ['1e5', 'amount-not-understood'],
    ['12.34.56', 'amount-not-understood'],
    ['1.23,45', 'amount-not-understood'],
    ['1,234.567,8', 'amount-not-understood'],
    ['1.234 567,00', 'amount-not-understood'],
    ['12 34', 'amount-not-understood'],
    ['--1', 'amount-not-understood'],
    ['1.234,567', 'amount-too-many-decimals'],
  ])('%j: %s', (text, problem) => {
    expect(parseAmountInput(text, 'nl', 2)).toEqual({ problem })
  })
  it('reads back every amount it shows, in both languages', () => {
    fc.assert(
      fc.property(fc.integer(), fc.constantFrom('nl' as const, 'en' as const), (value, language) => {
        const amount = times(decimal(String(value)), decimal('0.01'))
        expect(parseAmountInput(formatAmount(amount, language), language)).toEqual({ amount: decimal(amount) })
        expect(formatAmount(amount, language).replace(/\D/g, '')).toBe(round(amount, 2).replace(/\D/g, ''))
      }),
      { seed: 20260331 },
    )
  })
})

describe('a distance as typed', () => {
  it.each([
    ['12,5', '12.5', '12.5'],
    ['12.5', '12.5', '12.5'],
    ['12', '12', '12'],
    [' 12 km', '12', '12'],
    ['12,5KM', '12.5', '12.5'],
    ['12,0', '12', '12'],
    [',5', '0.5', '0.5'],
    ['0,1', '0.1', '0.1'],
    ['5000', '5000', '5000'],
    ['4.999,9 km', '4999.9', '4999.9'],
    ['1.234', '1234', 'distance-too-many-decimals'], // by language, as amounts
    ['1,234', 'distance-too-many-decimals', '1234'],
    ['12,55', 'distance-too-many-decimals', 'distance-too-many-decimals'],
    ['', 'distance-missing', 'distance-missing'],
    [' km', 'distance-missing', 'distance-missing'],
    ['twelve', 'distance-not-understood', 'distance-not-understood'],
    ['12 m', 'distance-not-understood', 'distance-not-understood'],
    ['€ 12', 'distance-not-understood', 'distance-not-understood'],
    ['1e2', 'distance-not-understood', 'distance-not-understood'],
    ['-', 'distance-not-understood', 'distance-not-understood'],
    ['0', 'distance-not-positive', 'distance-not-positive'],
    ['0,0', 'distance-not-positive', 'distance-not-positive'],
    ['−12,5', 'distance-not-positive', 'distance-not-positive'],
    ['5000,1', 'distance-too-long', 'distance-too-long'],
    ['9'.repeat(400), 'distance-too-long', 'distance-too-long'],
  ])('%j is %s in Dutch and %s in English', (text, nl, en) => {
    const read = (language: 'nl' | 'en') => Object.values(parseDistanceInput(text, language))
    expect(read('nl')).toEqual([nl])
    expect(read('en')).toEqual([en])
  })

  it('reads back every distance it shows, in both languages', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50_000 }),
        fc.constantFrom('nl' as const, 'en' as const),
        (tenths, language) => {
          const distanceKm = times(decimal(String(tenths)), decimal('0.1'))
          expect(parseDistanceInput(`${formatDecimal(distanceKm, language)} km`, language)).toEqual({ distanceKm })
        },
      ),
      { seed: 20260331 },
    )
  })
})
