import { invoiceTotals, lineNet } from '@uurwerk/core/invoicing/totals.ts'
import { decimal as d } from '@uurwerk/core/shared/money.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Invoice } from './invoice.ts'
import { liveInvoice } from './live-totals.ts'

type Line = Pick<Invoice['lines'][number], 'id' | 'quantity' | 'unitPrice' | 'discountPercent' | 'vatTreatment'> & {
  readonly vatRate: string
}

/** As the server answers it, with what these figures come to. */
function invoiceOf(lines: readonly Line[], kind: Invoice['kind'] = 'invoice'): Invoice {
  const priced = lines.map((line) => ({ ...line, net: lineNet(exactly(line)) }))
  const totals = invoiceTotals(
    priced.map(({ net, vatTreatment, vatRate }) => ({ net, vatTreatment, rate: d(vatRate) })),
  )
  return {
    kind,
    lines: priced.map((line, index) => ({ ...line, vat: totals.lineVat[index] })),
    net: totals.net,
    vat: totals.vat,
    gross: totals.gross,
    vatPerRate: totals.vatPerRate.map((part) => ({ ...part, label: `${part.rate} %`, sentence: null })),
  } as unknown as Invoice
}

const exactly = ({ quantity, unitPrice, discountPercent }: Line) => ({
  quantity: d(quantity),
  unitPrice: d(unitPrice),
  discount: discountPercent === null ? null : d(discountPercent),
})

const line = (id: string, quantity: string, unitPrice: string, more: Partial<Line> = {}): Line => ({
  id,
  quantity,
  unitPrice,
  discountPercent: null,
  vatTreatment: 'domestic-standard',
  vatRate: '21',
  ...more,
})

describe('what a draft comes to while it is typed in', () => {
  const two = [line('a', '10', '100'), line('b', '1', '50', { vatTreatment: 'domestic-reduced', vatRate: '9' })]

  it('follows a quantity before it is saved', () => {
    const live = liveInvoice(invoiceOf(two), new Map([['a', { quantity: '8' }]]))
    expect([live.net, live.vat, live.gross]).toEqual(['850.00', '172.50', '1022.50'])
    expect(live.lines.map(({ net }) => net)).toEqual(['800.00', '50.00'])
    expect(live.vatPerRate).toMatchObject([
      { label: '21 %', base: '800.00', vat: '168.00' },
      { label: '9 %', base: '50.00', vat: '4.50' },
    ])
  })

  it.each([
    ['is no number', { quantity: '8x' }],
    ['is nothing yet', { unitPrice: '' }],
    ['is half a number', { unitPrice: '-' }],
    ['is no percentage', { discountPercent: 'tien' }],
  ])('stays as it is while what was typed %s', (_, typed) => {
    expect(liveInvoice(invoiceOf(two), new Map([['a', typed]]))).toMatchObject({ gross: '1264.50' })
  })

  it('takes a discount off and on again', () => {
    const invoice = invoiceOf([line('a', '10', '100', { discountPercent: '10' })])
    expect(liveInvoice(invoice, new Map([['a', { discountPercent: '' }]])).net).toBe('1000.00')
    expect(liveInvoice(invoice, new Map([['a', { discountPercent: '25' }]])).net).toBe('750.00')
  })

  it('waits for the server on a credit note', () => {
    const credit = invoiceOf([line('a', '-1', '100')], 'credit')
    expect(liveInvoice(credit, new Map([['a', { quantity: '-2' }]]))).toBe(credit)
  })

  it('is what the server answers once it is saved, whatever is typed', () => {
    const figure = fc.integer({ min: -1_000_000, max: 1_000_000 }).map((value) => String(value / 100))
    const percent = fc.option(fc.integer({ min: 0, max: 100 }).map(String), { nil: null })
    const vat = fc.constantFrom(['domestic-standard', '21'], ['domestic-reduced', '9'], ['disbursement', '0'])
    const row = fc.record({ quantity: figure, unitPrice: figure, discountPercent: percent, vat })
    const lines = fc.array(row, { minLength: 1, maxLength: 8 }).map((rows) =>
      rows.map(({ vat: [vatTreatment = '', vatRate = ''], ...rest }, index) =>
        line(String(index), rest.quantity, rest.unitPrice, {
          discountPercent: rest.discountPercent,
          vatTreatment,
          vatRate,
        }),
      ),
    )
    fc.assert(
      fc.property(lines, fc.nat(), row, (before, at, { quantity, unitPrice, discountPercent }) => {
        const chosen = before[at % before.length] as Line
        const after = before.map((one) => (one === chosen ? { ...one, quantity, unitPrice, discountPercent } : one))
        const live = liveInvoice(
          invoiceOf(before),
          new Map([[chosen.id, { quantity, unitPrice, discountPercent: discountPercent ?? '' }]]),
        )
        const server = invoiceOf(after)
        expect(live.lines.map(({ net, vat: own }) => [net, own])).toEqual(
          server.lines.map(({ net, vat: own }) => [net, own]),
        )
        expect([live.net, live.vat, live.gross]).toEqual([server.net, server.vat, server.gross])
      }),
      { seed: 20261121 },
    )
  })
})
