import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Invoice } from '../invoicing/invoice.ts'
import { invoiceForTests as invoice, lineForTests as line } from '../invoicing/invoice-for-tests.ts'
import { decimal, sameAmount, sum } from '../shared/money.ts'
import { type PostingRule, ruleFor } from './posting-rules.ts'
import { type ItemMapping, salesEntryFromInvoice } from './sales-entry-from-invoice.ts'

const rules: readonly PostingRule[] = [
  { item: 'HOURS', vatTreatment: 'domestic-standard', ledgerAccount: '8000', vatCode: '2', costCentre: 'ADV' },
  { item: 'HOURS', vatTreatment: 'eu-business', ledgerAccount: '8010', vatCode: '7' },
  { item: 'KM', vatTreatment: 'domestic-standard', ledgerAccount: '8020', vatCode: '2' },
]
const items: ItemMapping = { default: 'HOURS', trip: 'KM', expenseCategories: { parking: 'KM' } }
const sent = (change: Partial<Invoice> = {}) => invoice({ state: 'sent', number: '2026-0007', ...change })
const book = (document: Invoice, change: { items?: ItemMapping; rules?: readonly PostingRule[] } = {}) =>
  salesEntryFromInvoice({
    invoice: document,
    items,
    rules,
    reference: 'UW7K2M4Q',
    journal: '70',
    ...change,
  })
const entryOf = (booked: ReturnType<typeof book>) =>
  'entry' in booked ? booked.entry : expect.fail(JSON.stringify(booked))

describe('a sent invoice as a sales entry', () => {
  it('leaves out what the project gives and the ledger account takes none of, and tells it once', () => {
    const invoice = sent()
    const line = { ...invoice.lines[0], costCentre: 'P1', costUnit: 'U1' } as (typeof invoice.lines)[number]
    const booked = (takesNo: NonNullable<(typeof rules)[number]['takesNo']>) =>
      book({ ...invoice, lines: [line] }, { rules: rules.map((rule) => ({ ...rule, takesNo })) })
    const cases = [
      { takesNo: [], centre: 'P1', unit: 'U1', notes: [] },
      { takesNo: ['costCentre'], centre: 'ADV', unit: 'U1', notes: ['project-cost-centre-left-out'] },
      { takesNo: ['costUnit'], centre: 'P1', unit: undefined, notes: ['project-cost-unit-left-out'] },
    ] as const
    for (const { takesNo, centre, unit, notes } of cases) {
      const made = booked(takesNo)
      const [entryLine] = entryOf(made).lines
      expect([entryLine?.costCentre, entryLine?.costUnit]).toEqual([centre, unit])
      expect('notes' in made && made.notes.map(({ code }) => code)).toEqual(notes)
    }
  })

  it('has the lines, cents and texts of the invoice, and the package’s codes', () => {
    expect(book(sent({ reference: 'Serviceportaal' }))).toEqual({
      entry: {
        reference: 'UW7K2M4Q',
        invoiceId: 'invoice',
        invoiceNumber: '2026-0007',
        kind: 'invoice',
        customerId: 'bakker',
        date: '2026-03-31',
        dueDate: '2026-04-30',
        currency: 'EUR',
        description: 'Serviceportaal',
        journal: '70',
        lines: [
          {
            item: 'HOURS',
            ledgerAccount: '8000',
            vatCode: '2',
            costCentre: 'ADV',
            description: 'Advies, maart 2026',
            quantity: '1',
            unitPrice: '100',
            net: '100.00',
            vat: '21.00',
            vatRate: '21',
            vatTreatment: 'domestic-standard',
          },
        ],
        net: '100.00',
        vat: '21.00',
        gross: '121.00',
      },
      notes: [],
    })
  })

  it('of a credit is negative, and has no text where the invoice has no reference', () => {
    const entry = entryOf(book(sent({ kind: 'credit', lines: [line({ quantity: decimal('-1') })] })))
    expect(entry).toMatchObject({ kind: 'credit', net: '-100.00', vat: '-21.00', gross: '-121.00' })
    expect(entry.description).toBe('')
  })

  it.each([
    ['activity with an item', line({ activityIds: ['drive'] }), { activities: { drive: 'KM' } }, 'KM'],
    ['activity without one', line(), {}, 'HOURS'],
    [
      'two activities that sell the same',
      line({ activityIds: ['a', 'b'] }),
      { activities: { a: 'KM', b: 'KM' } },
      'KM',
    ],
    ['trip', line({ source: 'trip', activityIds: [] }), {}, 'KM'],
    ['expense of a category', line({ source: 'expense', expenseCategoryId: 'parking', activityIds: [] }), {}, 'KM'],
    [
      'expense of another category',
      line({ source: 'expense', expenseCategoryId: 'hotel', activityIds: [] }),
      {},
      'HOURS',
    ],
    ['instalment', line({ source: 'instalment', activityIds: [] }), {}, 'HOURS'],
    ['activity named like a method of objects', line({ activityIds: ['constructor'] }), { activities: {} }, 'HOURS'],
  ])('sells the item of its %s', (_, one, more, item) => {
    expect(entryOf(book(sent({ lines: [one] }), { items: { ...items, ...more } })).lines[0]?.item).toBe(item)
  })

  it('takes the line’s own cost centre before the rule’s', () => {
    expect(entryOf(book(sent({ lines: [line({ costCentre: 'SITE' })] }))).lines[0]?.costCentre).toBe('SITE')
  })
})

describe('what is not mapped', () => {
  const exempt = line({ vatTreatment: 'domestic-exempt', vatRate: decimal('0') })
  it.each([
    [
      'an item, named by its activity, once for many lines',
      book(sent({ lines: [line(), line()] }), { items: {} }),
      [{ kind: 'setup', code: 'item-missing', values: { source: 'hours', activity: 'advice' } }],
    ],
    [
      'an item of free lines',
      book(sent({ lines: [line({ source: 'free', activityIds: [] })] }), { items: {} }),
      [{ kind: 'setup', code: 'item-missing', values: { source: 'free' } }],
    ],
    [
      'a posting rule, for item and treatment',
      book(sent({ lines: [exempt, line(), exempt] })),
      [{ kind: 'setup', code: 'posting-rule-missing', values: { item: 'HOURS', vatTreatment: 'domestic-exempt' } }],
    ],
    [
      'one item, when the activities of a line sell two',
      book(sent({ lines: [line({ activityIds: ['a', 'b'] })] }), { items: { ...items, activities: { a: 'KM' } } }),
      [{ kind: 'setup', code: 'item-differs', values: { line: 'Advies, maart 2026' } }],
    ],
    ['a draft', book(invoice()), [{ kind: 'conflict', code: 'invoice-not-sent' }]],
  ])('%s', (_, booked, problems) => expect(booked).toEqual({ problems }))

  it('never falls back on a rule of another item or treatment', () => {
    expect(ruleFor(rules, 'KM', 'eu-business')).toBeUndefined()
    expect(ruleFor(rules, 'HOURS', 'eu-business')?.ledgerAccount).toBe('8010')
  })
})

it('books every invoice to the cent', () => {
  const quantities = fc.array(fc.integer({ min: 1, max: 600 }), { minLength: 1, maxLength: 20 })
  fc.assert(
    fc.property(quantities, fc.constantFrom('invoice' as const, 'credit' as const), (minutes, kind) => {
      const sign = kind === 'credit' ? -1 : 1
      const lines = minutes.map((some) =>
        line({ quantity: decimal(String((sign * some) / 4)), unitPrice: decimal('87.35') }),
      )
      const document = sent({ kind, lines })
      const entry = entryOf(book(document))
      expect(sameAmount(sum(entry.lines.map(({ net }) => net)), document.totals.net)).toBe(true)
      expect(sameAmount(sum(entry.lines.map(({ vat }) => vat)), document.totals.vat)).toBe(true)
      expect(sameAmount(sum(entry.lines.flatMap(({ net, vat }) => [net, vat])), document.totals.gross)).toBe(true)
    }),
    { seed: 20260331 },
  )
})

it('stops when lines and totals do not agree', () => {
  const document = sent()
  const other = { ...document, totals: sent({ lines: [line(), line()] }).totals }
  expect(() => book(other)).toThrow('entry and invoice differ')
})
