import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  absolute,
  add,
  compare,
  decimal as d,
  negate,
  round,
  sameAmount,
  subtract,
  sum,
  times,
  toCents,
} from '../shared/money.ts'
import { invoiceTotals, lineNet, quantityOf } from './totals.ts'

const seed = { seed: 20260331 }
const line = (net: string, rate = '21', vatTreatment = 'domestic-standard') => ({
  net: d(net),
  rate: d(rate),
  vatTreatment,
})

describe('hours as a quantity', () => {
  it.each([
    [90, '1.5000'],
    [100, '1.6667'],
    [20, '0.3333'],
    [1, '0.0167'],
    [0, '0.0000'],
    [-100, '-1.6667'],
  ])('%i minutes is %s', (minutes, quantity) => expect(quantityOf(minutes)).toBe(quantity))
})

describe('net of a line', () => {
  it.each([
    ['1.6667', '87.50', null, '145.84'], // 145.836…
    ['7.5', '95', null, '712.50'],
    ['1', '0.005', null, '0.01'],
    ['-1', '0.005', null, '-0.01'],
    ['10', '100', '10', '900.00'],
    ['3', '33.33', '33.333', '66.66'],
    ['1', '100', '100', '0.00'],
  ])('%s × %s less %s %% is %s', (quantity, unitPrice, discount, net) => {
    expect(
      lineNet({ quantity: d(quantity), unitPrice: d(unitPrice), discount: discount === null ? null : d(discount) }),
    ).toBe(net)
  })
})

describe('totals', () => {
  it.each([
    [
      'VAT over the sum, not per line (7.88 + 2.63)',
      [line('37.50'), line('12.50')],
      '50.00',
      '10.50',
      '60.50',
      ['7.88', '2.62'],
    ],
    ['a credit mirrors', [line('-37.50'), line('-12.50')], '-50.00', '-10.50', '-60.50', ['-7.88', '-2.62']],
    [
      'cents of small lines',
      [line('0.02'), line('0.02'), line('0.02')],
      '0.06',
      '0.01',
      '0.07',
      ['0.01', '0.00', '0.00'],
    ],
    ['a deduction', [line('100.03'), line('-100.00')], '0.03', '0.01', '0.04', ['21.01', '-21.00']],
    ['one whose sum is nothing', [line('10.00'), line('-10.00')], '0.00', '0.00', '0.00', ['2.10', '-2.10']],
    ['per rate', [line('10.00'), line('10.00', '9', 'domestic-reduced')], '20.00', '3.00', '23.00', ['2.10', '0.90']],
    ['without VAT', [line('10.00', '0', 'eu-business')], '10.00', '0.00', '10.00', ['0.00']],
    ['nothing', [], '0.00', '0.00', '0.00', []],
  ])('%s', (_, lines, net, vat, gross, lineVat) => {
    expect(invoiceTotals(lines)).toMatchObject({ net, vat, gross, lineVat })
  })

  it('lists VAT per treatment and rate, highest rate first, the same rate in one row however it is written', () => {
    const lines = [
      line('5.00', '0', 'eu-business'),
      line('10.00', '9', 'domestic-reduced'),
      line('10.00', '21'),
      line('20.00', '21.0'),
    ]
    expect(invoiceTotals(lines).vatPerRate).toEqual([
      { treatment: 'domestic-standard', rate: '21', base: '30.00', vat: '6.30' },
      { treatment: 'domestic-reduced', rate: '9', base: '10.00', vat: '0.90' },
      { treatment: 'eu-business', rate: '0', base: '5.00', vat: '0.00' },
    ])
  })

  it('takes no net that is not in cents', () => {
    expect(() => invoiceTotals([line('1.005')])).toThrow('not in cents')
  })

  const rates = fc.constantFrom(
    ['21', 'domestic-standard'],
    ['9', 'domestic-reduced'],
    ['5.5', 'domestic-reduced'],
    ['0', 'eu-business'],
  )
  const lines = fc.array(
    fc.tuple(fc.integer({ min: -500_000, max: 5_000_000 }), rates).map(([value, [rate, treatment]]) => ({
      ...line('0', rate, treatment),
      net: round(times(d(String(value)), d('0.01')), 2),
    })),
    { maxLength: 40 },
  )

  it('add up exactly: lines, VAT per rate, VAT of the lines, gross', () => {
    fc.assert(
      fc.property(lines, (list) => {
        const totals = invoiceTotals(list)
        expect(sameAmount(totals.net, sum(list.map(({ net }) => net)))).toBe(true)
        expect(sameAmount(totals.net, sum(totals.vatPerRate.map(({ base }) => base)))).toBe(true)
        expect(sameAmount(totals.vat, sum(totals.vatPerRate.map(({ vat }) => vat)))).toBe(true)
        expect(sameAmount(totals.vat, sum(totals.lineVat))).toBe(true)
        expect(sameAmount(totals.gross, add(totals.net, totals.vat))).toBe(true)
        for (const { base, rate, vat } of totals.vatPerRate)
          expect(compare(absolute(subtract(vat, times(base, times(rate, d('0.01'))))), d('0.005'))).toBeLessThan(1)
        list.forEach(({ net, rate }, index) => {
          const exact = times(net, times(rate, d('0.01')))
          const off = absolute(subtract(totals.lineVat[index] ?? d('9'), exact))
          expect(compare(off, d('0.01'))).toBe(-1)
        })
      }),
      seed,
    )
  })

  it('mirror in a credit, to the cent and line by line', () => {
    fc.assert(
      fc.property(lines, (list) => {
        const totals = invoiceTotals(list)
        const credit = invoiceTotals(list.map((one) => ({ ...one, net: toCents(negate(one.net)) })))
        const opposite = (amount: typeof totals.net) => toCents(negate(amount))
        expect(credit.lineVat).toEqual(totals.lineVat.map(opposite))
        expect([credit.net, credit.vat, credit.gross]).toEqual([totals.net, totals.vat, totals.gross].map(opposite))
      }),
      seed,
    )
  })

  it('are the same in whatever order the lines stand: the screen, the document and the books agree', () => {
    fc.assert(
      fc.property(lines, (list) => {
        const { lineVat: _, ...totals } = invoiceTotals(list)
        const { lineVat: __, ...turned } = invoiceTotals(list.toReversed())
        expect(turned).toEqual(totals)
      }),
      seed,
    )
  })
})
