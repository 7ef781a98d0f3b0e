import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { calendarDate as day } from '../shared/calendar-date.ts'
import { decimal as d, sameAmount, sum, toCents } from '../shared/money.ts'
import { closingInvoice, type EarlierLine, type PricePart } from './closing-invoice.ts'
import { invoiceTotals } from './totals.ts'
import type { VatTreatment } from './vat-cases.ts'

const treatmentOf = (rate: string): VatTreatment => (rate === '9' ? 'domestic-reduced' : 'domestic-standard')

const part = (amount: string, rate = '21', name = 'Intranet'): PricePart => ({
  name,
  amount: toCents(d(amount)),
  vatTreatment: treatmentOf(rate),
  vatRate: d(rate),
  activityId: null,
  entryIds: [],
})

let lines = 0
const earlier = (number: string, net: string, rate = '21', creditNotes: string[] = []): EarlierLine => ({
  id: `line ${++lines}`,
  invoiceId: `invoice ${number}`,
  number,
  date: day('2026-01-31'),
  vatTreatment: treatmentOf(rate),
  vatRate: d(rate),
  net: toCents(d(net)),
  creditNotes,
  supplyFrom: day('2026-01-01'),
  supplyUntil: day('2026-01-31'),
})

const close = (parts: PricePart[], before: EarlierLine[], language: 'nl' | 'en' = 'nl') =>
  closingInvoice({ parts, earlier: before, language })
const told = (parts: PricePart[], before: EarlierLine[]) => {
  const { rest, ...closing } = close(parts, before)
  return [
    ...closing.lines.map(({ description, net, vatRate }) => `${description} | ${net} | ${vatRate} %`),
    `rest ${rest}`,
  ]
}

describe('a closing invoice', () => {
  it.each<[string, PricePart[], EarlierLine[], string[]]>([
    [
      'is the whole price where nothing was invoiced before',
      [part('18000')],
      [],
      ['Intranet: overeengekomen prijs | 18000.00 | 21 %', 'rest 18000.00'],
    ],
    [
      'deducts every earlier invoice by its number',
      [part('18000')],
      [earlier('2026-0003', '4500'), earlier('2026-0017', '4500')],
      [
        'Intranet: overeengekomen prijs | 18000.00 | 21 %',
        'Af: factuur 2026-0003 van 31 januari 2026 | -4500.00 | 21 %',
        'Af: factuur 2026-0017 van 31 januari 2026 | -4500.00 | 21 %',
        'rest 9000.00',
      ],
    ],
    [
      'deducts an invoice with two rates per rate',
      [part('10000'), part('2000', '9')],
      [earlier('2026-0003', '3000'), earlier('2026-0003', '500', '9'), earlier('2026-0003', '1000')],
      [
        'Intranet: overeengekomen prijs | 10000.00 | 21 %',
        'Intranet: overeengekomen prijs | 2000.00 | 9 %',
        'Af: factuur 2026-0003 van 31 januari 2026 | -4000.00 | 21 %',
        'Af: factuur 2026-0003 van 31 januari 2026 | -500.00 | 9 %',
        'rest 7500.00',
      ],
    ],
    [
      'counts what credit notes took back, and names them',
      [part('18000')],
      [earlier('2026-0003', '3500', '21', ['2026-0009'])],
      [
        'Intranet: overeengekomen prijs | 18000.00 | 21 %',
        'Af: factuur 2026-0003 van 31 januari 2026, na creditfactuur 2026-0009 | -3500.00 | 21 %',
        'rest 14500.00',
      ],
    ],
    [
      'says nothing of an invoice that was credited in whole',
      [part('18000')],
      [earlier('2026-0003', '0', '21', ['2026-0009'])],
      ['Intranet: overeengekomen prijs | 18000.00 | 21 %', 'rest 18000.00'],
    ],
    [
      'follows a rise of the price',
      [part('20000')],
      [earlier('2026-0003', '18000')],
      [
        'Intranet: overeengekomen prijs | 20000.00 | 21 %',
        'Af: factuur 2026-0003 van 31 januari 2026 | -18000.00 | 21 %',
        'rest 2000.00',
      ],
    ],
    [
      'says how much too much was invoiced after a cut of the price',
      [part('4000')],
      [earlier('2026-0003', '4500')],
      [
        'Intranet: overeengekomen prijs | 4000.00 | 21 %',
        'Af: factuur 2026-0003 van 31 januari 2026 | -4500.00 | 21 %',
        'rest -500.00',
      ],
    ],
    [
      'gives back the old rate where the rate rose between: the price has the rate of the day it was finished',
      [part('10000', '22')],
      [earlier('2026-0003', '4000', '21')],
      [
        'Intranet: overeengekomen prijs | 10000.00 | 22 %',
        'Af: factuur 2026-0003 van 31 januari 2026 | -4000.00 | 21 %',
        'rest 6000.00',
      ],
    ],
  ])('%s', (_, parts, before, expected) => expect(told(parts, before)).toEqual(expected))

  it('speaks English to who reads English', () => {
    const { lines: made } = close([part('100')], [earlier('26007', '10', '21', ['26008', '26009'])], 'en')
    expect(made.map(({ description }) => description)).toEqual([
      'Intranet: agreed price',
      'Less: invoice 26007 of 31 January 2026, after credit note 26008 and 26009',
    ])
  })

  it('deducts with a quantity below zero and a price above it, at the time of what it deducts', () => {
    const before = [earlier('2026-0003', '4500'), earlier('2026-0004', '-200')]
    expect(close([part('9000')], before).lines.slice(1)).toMatchObject([
      { quantity: '-1', unitPrice: '4500', supplied: { from: '2026-01-01', until: '2026-01-31' } },
      { quantity: '1', unitPrice: '200' },
    ])
  })

  it('is with the earlier invoices exactly the price, per rate', () => {
    const cents = fc.integer({ min: 1, max: 9_000_000 }).map((value) => (value / 100).toFixed(2))
    const rate = fc.constantFrom('21', '9')
    fc.assert(
      fc.property(
        fc.array(fc.record({ amount: cents, rate }), { minLength: 1, maxLength: 4 }),
        fc.array(fc.record({ net: cents, rate, invoice: fc.integer({ min: 1, max: 4 }) }), { maxLength: 12 }),
        (prices, invoiced) => {
          const parts = prices.map((one) => part(one.amount, one.rate))
          const before = invoiced.map((one) => earlier(`2026-000${one.invoice}`, one.net, one.rate))
          const closing = close(parts, before)
          for (const one of ['21', '9']) {
            const of = (rows: readonly { readonly vatRate: string; readonly net: ReturnType<typeof d> }[]) =>
              sum(rows.filter(({ vatRate }) => vatRate === one).map(({ net }) => net))
            const agreed = sum(parts.filter(({ vatRate }) => vatRate === one).map(({ amount }) => amount))
            expect(sameAmount(sum([of(before), of(closing.lines)]), agreed)).toBe(true)
          }
          const { net } = invoiceTotals(closing.lines.map((line) => ({ ...line, rate: line.vatRate })))
          expect(sameAmount(net, closing.rest)).toBe(true)
          // Each earlier line once, and none of those that are not there.
          const deducted = closing.lines.flatMap((line) => line.deducts)
          expect(new Set(deducted).size).toBe(deducted.length)
          expect(deducted.toSorted()).toEqual(before.map(({ id }) => id).toSorted())
        },
      ),
      { seed: 20261121 },
    )
  })
})
