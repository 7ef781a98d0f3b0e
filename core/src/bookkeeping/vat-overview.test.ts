import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { invoiceTotals } from '../invoicing/totals.ts'
import { type VatTreatment, vatTreatments } from '../invoicing/vat-cases.ts'
import { decimal, sum, times, toCents } from '../shared/money.ts'
import { returnBoxOf, type TaxedInvoice, vatOverview } from './vat-overview.ts'

const customer = { id: 'k1', name: 'Bakkerij Zon', vatId: 'NL123456782B01', country: 'NL' }
const jansens = { id: 'k2', name: 'Jansens BV', vatId: 'BE0123456749', country: 'BE' }
let count = 0
const invoice = (
  lines: readonly [net: string, treatment: VatTreatment, rate: string][],
  more: Partial<TaxedInvoice> = {},
): TaxedInvoice => ({
  id: `i${++count}`,
  currency: 'EUR',
  exchange: null,
  customer,
  vatPerRate: invoiceTotals(
    lines.map(([net, vatTreatment, rate]) => ({ net: decimal(net), vatTreatment, rate: decimal(rate) })),
  ).vatPerRate,
  ...more,
})
const table = (invoices: readonly TaxedInvoice[]) =>
  vatOverview(invoices, 'EUR').lines.map(({ treatment, rate, base, vat, invoices }) =>
    [treatment, rate, base, vat, invoices].join(' '),
  )

describe('VAT by case and rate', () => {
  it('adds up a month of a Dutch firm', () => {
    expect(
      table([
        invoice([['1000.00', 'domestic-standard', '21']]),
        invoice([
          ['250.50', 'domestic-standard', '21'],
          ['100.00', 'domestic-reduced', '9'],
          ['12.00', 'disbursement', '0'],
        ]),
        invoice([['-100.00', 'domestic-standard', '21']]),
        invoice([['800.00', 'eu-business', '0']], { customer: jansens }),
        invoice([['400.00', 'domestic-reverse-charge', '0']]),
        invoice([['50.00', 'eu-consumer-standard', '21']]),
      ]),
    ).toEqual([
      'domestic-standard 21 1150.50 241.61 3',
      'domestic-reduced 9 100.00 9.00 1',
      'domestic-reverse-charge 0 400.00 0.00 1',
      'eu-consumer-standard 21 50.00 10.50 1',
      'eu-business 0 800.00 0.00 1',
      'disbursement 0 12.00 0.00 1',
    ])
  })

  it('keeps apart the two rates of a year in which one changed', () => {
    expect(
      table([invoice([['100.00', 'domestic-reduced', '6']]), invoice([['100.00', 'domestic-reduced', '9']])]),
    ).toEqual(['domestic-reduced 9 100.00 9.00 1', 'domestic-reduced 6 100.00 6.00 1'])
  })

  it('takes the VAT of an invoice in another currency as it stands on the invoice', () => {
    const foreign = invoice([['1000.00', 'domestic-standard', '21']], {
      currency: 'USD',
      exchange: { rate: decimal('0.915'), vat: decimal('192.15') },
    })
    expect(table([foreign])).toEqual(['domestic-standard 21 915.00 192.15 1'])
  })

  it('names an invoice that has no rate, and reckons without it', () => {
    const foreign = invoice([['1000.00', 'domestic-standard', '21']], { currency: 'USD' })
    const overview = vatOverview([foreign, invoice([['10.00', 'domestic-standard', '21']])], 'EUR')
    expect(overview).toMatchObject({ base: '10.00', vat: '2.10', withoutRate: [foreign.id] })
  })

  it('adds up services per VAT id, credit notes in them', () => {
    const renamed = { ...jansens, vatId: 'BE0987654394' }
    const { euServices } = vatOverview(
      [
        invoice([['800.00', 'eu-business', '0']], { customer: jansens }),
        invoice([['-300.00', 'eu-business', '0']], { customer: jansens }),
        invoice([['900.00', 'eu-business', '0']], { customer: renamed }),
        invoice([['900.00', 'domestic-standard', '21']]),
      ],
      'EUR',
    )
    expect(euServices.map(({ vatId, country, base, invoices }) => [vatId, country, base, invoices])).toEqual([
      ['BE0987654394', 'BE', '900.00', 1],
      ['BE0123456749', 'BE', '500.00', 2],
    ])
  })

  const cents = fc.integer({ min: -50_000_00, max: 50_000_00 }).map((n) => toCents(decimal((n / 100).toFixed(2))))
  const rates = { standard: '21', reduced: '9', intermediate: '12', zero: '0', exempt: '0' }
  const line = fc.tuple(cents, fc.constantFrom(...vatTreatments)).map(([net, treatment]) => {
    const word = treatment.split('-').at(-1) as keyof typeof rates
    return [net, treatment, rates[word] ?? '0'] as [string, VatTreatment, string]
  })
  it('comes to the sum of its invoices, to the cent and in every currency', () => {
    const some = fc.tuple(
      fc.array(line, { minLength: 1, maxLength: 6 }),
      fc.option(fc.integer({ min: 1, max: 30_000 })),
    )
    fc.assert(
      fc.property(fc.array(some, { maxLength: 8 }), (drawn) => {
        const invoices = drawn.map(([lines, rate]) => {
          const own = invoice(lines)
          if (rate === null) return own
          const exact = decimal((rate / 10_000).toFixed(4))
          const vat = toCents(times(sum(own.vatPerRate.map((part) => part.vat)), exact))
          return { ...own, currency: 'USD', exchange: { rate: exact, vat } }
        })
        const overview = vatOverview(invoices, 'EUR')
        const base = invoices.map(({ vatPerRate, exchange }) =>
          toCents(times(sum(vatPerRate.map((part) => part.base)), exchange?.rate ?? decimal('1'))),
        )
        const vat = invoices.map(({ vatPerRate, exchange }) => exchange?.vat ?? sum(vatPerRate.map((part) => part.vat)))
        expect(overview.base).toBe(toCents(sum(base)))
        expect(overview.vat).toBe(toCents(sum(vat)))
      }),
      { seed: 20261121 },
    )
  })
})

describe('boxes of the Dutch return', () => {
  it.each<[VatTreatment, string, string | null]>([
    ['domestic-standard', 'NL', '1a'],
    ['domestic-reduced', 'NL', '1b'],
    ['domestic-zero', 'NL', '1e'],
    ['domestic-reverse-charge', 'NL', '1e'],
    ['eu-business', 'NL', '3b'],
    ['eu-consumer-standard', 'NL', '1a'],
    ['domestic-exempt', 'NL', null],
    ['outside-eu', 'NL', null],
    ['disbursement', 'NL', null],
    ['domestic-standard', 'BE', null],
  ])('%s in %s stands in %s', (treatment, country, box) => {
    expect(returnBoxOf(treatment, country)).toBe(box)
  })
})
