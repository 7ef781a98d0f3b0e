import { invoiceTotals } from '@uurwerk/core/invoicing/totals.ts'
import type { VatTreatment } from '@uurwerk/core/invoicing/vat-cases.ts'
import { calendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { add, type Decimal, decimal, negate, sameAmount, sum, toCents } from '@uurwerk/core/shared/money.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SalesMapping } from '../postings/sales-entry-document.ts'
import { type PackageDocument, salesInvoiceDocument } from './package-document.ts'

const day = calendarDate('2026-03-31')
const rates = {
  'domestic-standard': '21',
  'domestic-reduced': '9',
  'eu-business': '0',
} as const satisfies Partial<Record<VatTreatment, string>>
type Taxed = keyof typeof rates

const mapping: SalesMapping = {
  items: { default: 'UREN', trip: 'KM' },
  rules: ['UREN', 'KM'].flatMap((item) =>
    Object.keys(rates).map((vatTreatment) => ({
      item,
      vatTreatment: vatTreatment as VatTreatment,
      ledgerAccount: '8010',
      vatCode: vatTreatment,
    })),
  ),
  journal: '70',
  paymentTerm: null,
  language: 'nl',
  missing: [],
}

interface Sold {
  readonly cents: number
  readonly treatment: Taxed
  readonly source: 'hours' | 'trip' | 'instalment'
}

function documentOf(sold: readonly Sold[], sign: 1 | -1 = 1): PackageDocument {
  const amounts = sold.map(({ cents }) => toCents(decimal((cents / 100).toFixed(2)) as Decimal))
  const nets = amounts.map((net) => (sign === 1 ? net : toCents(negate(net))))
  const totals = invoiceTotals<VatTreatment>(
    sold.map(({ treatment }, index) => ({
      net: nets[index] as Decimal,
      vatTreatment: treatment,
      rate: decimal(rates[treatment]),
    })),
  )
  return {
    kind: sign === 1 ? 'invoice' : 'credit',
    customerId: 'c1',
    customerName: 'Bakkerij Zon',
    date: day,
    dueDate: day,
    currency: 'EUR',
    description: 'Fase 2',
    orderNumber: 'PO-7',
    lines: sold.map(({ treatment, source }, index) => ({
      source,
      description: `Regel ${index + 1}`,
      quantity: decimal('1'),
      unit: 'piece',
      unitPrice: nets[index] as Decimal,
      net: nets[index] as Decimal,
      vatTreatment: treatment,
      vatRate: decimal(rates[treatment]),
      vat: totals.lineVat[index] as Decimal,
      supplyFrom: day,
      supplyUntil: day,
      projectId: 'p1',
      activityIds: source === 'hours' ? ['a1'] : [],
    })),
    net: totals.net,
    vat: totals.vat,
    gross: totals.gross,
  }
}

const sold = fc.array(
  fc.record({
    cents: fc.integer({ min: -500_000, max: 5_000_000 }),
    treatment: fc.constantFrom<Taxed>('domestic-standard', 'domestic-reduced', 'eu-business'),
    source: fc.constantFrom<Sold['source']>('hours', 'trip', 'instalment'),
  }),
  { minLength: 1, maxLength: 12 },
)
const made = (document: PackageDocument) => salesInvoiceDocument({ document, reference: 'UWTEST12', mapping })

describe('an invoice that the package makes', () => {
  it('has lines that add up to what was shown, to the cent, and turns as a whole for a credit', () => {
    fc.assert(
      fc.property(sold, (lines) => {
        const [invoice, credit] = [made(documentOf(lines)), made(documentOf(lines, -1))]
        if (!('document' in invoice) || !('document' in credit)) throw new Error('everything is mapped')
        const { net, vat, gross } = invoice.document
        expect(sameAmount(sum(invoice.document.lines.map((line) => line.net)), net)).toBe(true)
        expect(sameAmount(sum(invoice.document.lines.map((line) => line.vat)), vat)).toBe(true)
        expect(sameAmount(add(net, vat), gross)).toBe(true)
        expect(sameAmount(credit.document.gross, negate(gross))).toBe(true)
      }),
      { seed: 4, numRuns: 300 },
    )
  })

  it('carries reference and order number, items and codes as they are mapped now', () => {
    const two = documentOf([
      { cents: 10_000, treatment: 'domestic-standard', source: 'hours' },
      { cents: 1_000, treatment: 'domestic-standard', source: 'trip' },
    ])
    expect(made(two)).toMatchObject({
      document: {
        reference: 'UWTEST12',
        description: 'Fase 2',
        projectReference: 'Fase 2',
        orderNumber: 'PO-7',
        journal: '70',
        lines: [
          { item: 'UREN', ledgerAccount: '8010', vatCode: 'domestic-standard' },
          { item: 'KM', ledgerAccount: '8010', vatCode: 'domestic-standard' },
        ],
      },
    })
  })

  it('is not made while an item, a rule or a setting is missing: each is told once', () => {
    const document = documentOf([
      { cents: 10_000, treatment: 'domestic-standard', source: 'hours' },
      { cents: 20_000, treatment: 'domestic-standard', source: 'hours' },
      { cents: 1_000, treatment: 'domestic-reduced', source: 'trip' },
    ])
    const bare: SalesMapping = {
      ...mapping,
      items: { trip: 'KM' },
      rules: mapping.rules.filter(({ vatTreatment }) => vatTreatment !== 'domestic-reduced'),
      missing: ['salesJournal'],
    }
    const answer = salesInvoiceDocument({ document, reference: 'UWTEST12', mapping: bare })
    expect('problems' in answer && answer.problems.map(({ code, values }) => [code, values])).toEqual([
      ['setting-missing', { setting: 'salesJournal' }],
      ['item-missing', { source: 'hours', activity: 'a1' }],
      ['posting-rule-missing', { item: 'KM', vatTreatment: 'domestic-reduced' }],
    ])
  })
})
