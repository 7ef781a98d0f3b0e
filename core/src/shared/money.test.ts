import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  absolute,
  add,
  allocate,
  compare,
  type Decimal,
  decimal,
  distributeCents,
  divide,
  negate,
  parseDecimal,
  round,
  sameAmount,
  subtract,
  sum,
  times,
  toCents,
} from './money.ts'

const seed = { seed: 20260331 }
const d = decimal
const cents = (least = -10_000_000, most = 10_000_000) =>
  fc.integer({ min: least, max: most }).map((value) => round(times(d(String(value)), d('0.01')), 2))

describe('rounding goes half away from zero', () => {
  it.each([
    ['0.005', 2, '0.01'],
    ['-0.005', 2, '-0.01'],
    ['0.004999999999', 2, '0.00'],
    ['-0.004', 2, '0.00'],
    ['1.005', 2, '1.01'], // 1.00 with floats
    ['2.675', 2, '2.68'], // 2.67 with floats
    ['10.5', 2, '10.50'],
    ['0.5', 0, '1'],
    ['-2.5', 0, '-3'],
    ['1.66665', 4, '1.6667'],
    ['123456789012345678.905', 2, '123456789012345678.91'],
  ])('%s to %i places is %s', (value, places, rounded) => {
    expect(round(d(value), places)).toBe(rounded)
  })

  it('mirrors: the opposite amount rounds to the opposite', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }),
        fc.integer({ min: 0, max: 6 }),
        (value, places) => {
          const amount = times(d(String(value)), d('0.0000001'))
          expect(sameAmount(round(negate(amount), places), negate(round(amount, places)))).toBe(true)
        },
      ),
      seed,
    )
  })
})

describe('decimals', () => {
  it.each([
    ['0.1 + 0.2', add(d('0.1'), d('0.2')), '0.3'],
    ['1 − 0.9', subtract(d('1'), d('0.9')), '0.1'],
    ['1.10 × 3', times(d('1.10'), d('3')), '3.3'],
    ['100 ÷ 60', divide(d('100'), d('60')), '1.66666666666666666667'],
    ['−0', negate(d('0')), '0'],
    ['|−2.50|', absolute(d('-2.50')), '2.5'],
    ['nothing added up', sum([]), '0'],
  ])('%s', (_, computed, expected) => expect(computed).toBe(expected))

  it('compares by value', () => {
    expect(sameAmount(d('1.50'), d('1.5'))).toBe(true)
    expect(compare(d('10'), d('9'))).toBe(1)
  })

  it.each(['', '1e3', '1,5', ' 1', '1.', '.5', '+1', 'NaN', '0x10', '--1'])('does not take %j for one', (text) => {
    expect(parseDecimal(text)).toBeNull()
    expect(() => decimal(text)).toThrow('not a decimal')
  })
})

describe('allocation', () => {
  it.each([
    ['10.00', ['1', '1', '1'], ['3.34', '3.33', '3.33']],
    ['-10.00', ['1', '1', '1'], ['-3.34', '-3.33', '-3.33']],
    ['0.01', ['1', '1'], ['0.01', '0.00']],
    ['10.50', ['37.50', '12.50'], ['7.88', '2.62']],
    ['5.00', ['0', '2', '0'], ['0.00', '5.00', '0.00']],
    ['5.00', ['0', '0'], ['5.00', '0.00']],
    ['1.00', ['3', '-1'], ['1.50', '-0.50']],
    ['0.00', [], []],
  ])('%s over %j is %j', (total, weights, parts) => {
    expect(allocate(d(total), weights.map(d))).toEqual(parts)
  })

  it('adds up to the total, stays less than a cent from the exact share, and mirrors', () => {
    fc.assert(
      fc.property(cents(), fc.array(cents(-100_000, 100_000), { minLength: 1, maxLength: 30 }), (total, weights) => {
        const whole = sum(weights)
        fc.pre(!sameAmount(whole, d('0')))
        const parts = allocate(total, weights)
        expect(sameAmount(sum(parts), total)).toBe(true)
        parts.forEach((part, index) => {
          const exact = divide(times(total, weights[index] as Decimal), whole)
          expect(compare(absolute(subtract(part, exact)), d('0.01'))).toBe(-1)
        })
        expect(allocate(negate(total), weights)).toEqual(parts.map((part) => toCents(negate(part))))
      }),
      seed,
    )
  })

  it('refuses a total that is not the rounded sum of the shares', () => {
    expect(() => distributeCents(d('1.00'), [d('0.4'), d('0.5')])).toThrow('is not the sum')
    expect(() => allocate(d('1.005'), [d('1')])).toThrow('not in cents')
  })
})
