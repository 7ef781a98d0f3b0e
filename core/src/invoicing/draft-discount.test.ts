import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { calendarDate as day } from '../shared/calendar-date.ts'
import { compare, decimal as d, negate, sum, toCents, zero } from '../shared/money.ts'
import { type DiscountedLine, shareDiscount } from './draft-discount.ts'
import { invoiceTotals } from './totals.ts'

const line = (net: string, vatRate: string, vatTreatment = `domestic-${vatRate}`): DiscountedLine => ({
  net: toCents(d(net)),
  vatRate: d(vatRate),
  vatTreatment,
  supplyFrom: day('2026-03-01'),
  supplyUntil: day('2026-03-31'),
})
const told = (amount: string, ...lines: DiscountedLine[]) =>
  shareDiscount(d(amount), lines).map((part) => `${part.vatRate} %: ${part.amount}`)

describe('an amount off a whole invoice', () => {
  it.each<[string, string, DiscountedLine[], string[]]>([
    ['one rate bears all of it', '100.00', [line('600', '21'), line('400', '21')], ['21 %: 100.00']],
    ['two rates bear it by their nets', '100.00', [line('750', '21'), line('250', '9')], ['21 %: 75.00', '9 %: 25.00']],
    [
      'no cent is lost',
      '100.00',
      [line('100', '21'), line('100', '9'), line('100', '0')],
      ['21 %: 33.34', '9 %: 33.33', '0 %: 33.33'],
    ],
    ['a rate that comes to nothing bears none', '10.00', [line('50', '21'), line('0', '9')], ['21 %: 10.00']],
    ['a rate below zero bears none', '10.00', [line('50', '21'), line('-20', '9')], ['21 %: 10.00']],
    ['nothing to take it off', '10.00', [line('-20', '9')], []],
    ['a cent goes to the largest', '0.01', [line('10', '9'), line('90', '21')], ['21 %: 0.01']],
  ])('%s', (_, amount, lines, parts) => expect(told(amount, ...lines)).toEqual(parts))

  it('stands in the time of what it is taken off', () => {
    const [part] = shareDiscount(d('1.00'), [
      { ...line('10', '21'), supplyFrom: day('2026-02-14'), supplyUntil: day('2026-02-20') },
      line('10', '21'),
    ])
    expect(part).toMatchObject({ supplyFrom: '2026-02-14', supplyUntil: '2026-03-31' })
  })

  it('is exactly the amount, and never turns the VAT of a rate around', () => {
    const net = fc.integer({ min: 1, max: 5_000_000 }).map((cents) => (cents / 100).toFixed(2))
    const lines = fc.array(fc.record({ net, rate: fc.constantFrom('21', '9', '0') }), { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(lines, fc.integer({ min: 1, max: 100 }), (rows, percent) => {
        const own = rows.map((row) => line(row.net, row.rate))
        const total = sum(own.map((one) => one.net))
        const amount = toCents(d(((Number(total) * percent) / 100).toFixed(2)))
        fc.pre(compare(amount, zero) > 0)
        const parts = shareDiscount(amount, own)
        expect(toCents(sum(parts.map((part) => part.amount)))).toBe(amount)
        const totals = invoiceTotals(
          [...own, ...parts.map((part) => ({ ...part, net: toCents(negate(part.amount)) }))].map((one) => ({
            net: one.net,
            rate: one.vatRate,
            vatTreatment: one.vatTreatment,
          })),
        )
        for (const { base, vat } of totals.vatPerRate) {
          expect(compare(base, d('-0.01'))).toBeGreaterThanOrEqual(0)
          expect(compare(vat, d('-0.01'))).toBeGreaterThanOrEqual(0)
        }
      }),
      { seed: 20261121 },
    )
  })
})
