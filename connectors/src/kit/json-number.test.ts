import { decimal } from '@uurwerk/core/shared/money.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromJsonNumber, toJsonNumber } from './json-number.ts'

describe('decimals as numbers of JSON', () => {
  it('come back to the cent, whatever the amount', () => {
    const cents = fc.bigInt({ min: -(10n ** 14n), max: 10n ** 14n })
    fc.assert(
      fc.property(cents, (amount) => {
        const digits = String(amount < 0n ? -amount : amount).padStart(3, '0')
        const text = decimal(`${amount < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`)
        const read: unknown = JSON.parse(JSON.stringify({ AmountFC: toJsonNumber(text) }).replace(/.*:(.*)\}/, '$1'))
        expect(decimal(fromJsonNumber(read as number, 2) ?? '')).toBe(text)
      }),
      { seed: 20260331 },
    )
  })

  it.each([
    ['0.10', 0.1],
    ['1250.00', 1250],
    ['-0.01', -0.01],
    ['0.3333', 0.3333],
    ['0', 0],
  ])('%s is written as %d', (text, number) => {
    expect(toJsonNumber(decimal(text))).toBe(number)
  })

  it.each(['12345678901234567.89', '0.0000001'])('refuses to write %s, which would not come back', (text) => {
    expect(() => toJsonNumber(decimal(text))).toThrow('more digits')
  })

  it.each([
    [1512.5, 2, '1512.50'],
    ['41.98', 2, '41.98'],
    [0.1 + 0.2, 2, '0.30'],
    [-1512.4999999999998, 2, '-1512.50'],
    [1e-7, 2, '0.00'],
    [0.055, 6, '0.055000'],
  ])('reads %s', (value, places, expected) => {
    expect(fromJsonNumber(value, places)).toBe(expected)
  })

  it.each([Number.NaN, 'veel', '', 1e25])('does not read %s', (value) => {
    expect(fromJsonNumber(value, 2)).toBeNull()
  })
})
