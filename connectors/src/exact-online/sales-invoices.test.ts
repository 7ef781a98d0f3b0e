import { calendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { decimal, sameAmount, times, toCents } from '@uurwerk/core/shared/money.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Draft, Known } from '../contract/contract.ts'
import type { SalesInvoiceDoc } from '../contract/documents.ts'
import { wordsOf } from '../contract/messages.ts'
import { messages } from './messages.ts'
import { compareInvoices, draftSalesInvoice, entryOf, fromExactSalesInvoice, pricesOf } from './sales-invoices.ts'
import { customer, entry, known, line, lists, revenue } from './testing/sample-sales.ts'
import { receivable, salesInvoice } from './wire.ts'

const item = {
  id: 'item-1',
  code: 'UREN',
  name: 'Uren advies',
  isTime: true,
  ledgerAccount: revenue,
  ledgerAccountFrom: 'item',
} as const
const billTo = '8b1f0c3e-0000-4000-8000-000000000009'
const [customerRow] = lists.customers

const invoice = (part: Partial<SalesInvoiceDoc> = {}): SalesInvoiceDoc => {
  const { invoiceNumber: _, bookIn: __, ...head } = entry()
  return { ...head, orderNumber: 'PO 4711', projectReference: 'Rooster 2026', ...part }
}
const withItems = (part: Parameters<typeof known>[0] = {}, ids?: Parameters<typeof known>[1]): Known =>
  known({ items: [item], ...part }, ids)

const draftOf = (document: SalesInvoiceDoc, from: Known = withItems()): Draft => {
  const draft = draftSalesInvoice(document, from)
  if ('problems' in draft) throw new Error(draft.problems.map(({ code }) => code).join())
  return draft
}

describe('an invoice as Exact Online is asked to make it', () => {
  it('is this, whole', () => {
    expect(draftOf(invoice({ lines: [line({ costCentre: 'ADV' })] }))).toEqual({
      reference: 'UW0042',
      group: 'salesinvoice/SalesInvoices',
      key: 'UW0042',
      units: 1,
      notes: [],
      expects: { gross: '1512.50', vat: '262.50', currency: 'EUR' },
      body: {
        Type: 8020,
        Journal: '70',
        OrderedBy: customer,
        OrderDate: '2026-03-31',
        DueDate: '2026-04-30',
        Currency: 'EUR',
        Description: 'Rooster 2026',
        YourRef: 'PO 4711',
        Remarks: 'UW0042',
        SalesInvoiceLines: [
          {
            Item: 'item-1',
            GLAccount: revenue,
            Description: 'Advies',
            Quantity: 10,
            UnitPrice: 125,
            NetPrice: 125,
            VATCode: '2',
            CostCenter: 'ADV',
          },
        ],
      },
    })
  })

  const nothing = { DueDate: undefined, YourRef: undefined }
  const long = 'Advies en begeleiding bij de invoering van het nieuwe rooster in maart 2026'
  const mapped: [string, SalesInvoiceDoc, Known, object][] = [
    [
      'a credit note gives hours back',
      invoice({
        kind: 'credit',
        lines: [line({ quantity: decimal('-10'), net: decimal('-1250'), vat: decimal('-262.50') })],
        net: decimal('-1250'),
        vat: decimal('-262.50'),
        gross: decimal('-1512.50'),
      }),
      withItems(),
      { Type: 8021, SalesInvoiceLines: [expect.objectContaining({ Quantity: -10, UnitPrice: 125 })] },
    ],
    [
      'a payment condition counts from the day of printing, so no due date goes along',
      invoice({ paymentTerm: '30' }),
      withItems(),
      { PaymentCondition: '30', DueDate: undefined },
    ],
    [
      'the payment condition that the customer has there goes before the chosen one',
      invoice({ paymentTerm: '30' }),
      withItems({ customers: [{ ...customerRow, paymentTerm: '14' }] }),
      { PaymentCondition: '14', DueDate: undefined },
    ],
    [
      'the payment condition that the customer has there holds when none is chosen',
      invoice(),
      withItems({ customers: [{ ...customerRow, paymentTerm: '14' }] }),
      { PaymentCondition: '14', DueDate: undefined },
    ],
    [
      'an account that is billed to another one',
      invoice(),
      withItems({ customers: [{ ...customerRow, billTo }] }),
      { OrderedBy: customer, InvoiceTo: billTo },
    ],
    [
      'without a reference of the project our own description stands there',
      invoice({ projectReference: ' ' }),
      withItems(),
      { Description: 'Uren maart 2026' },
    ],
    [
      'without an order number nothing stands for it',
      invoice({ orderNumber: '' }),
      withItems(),
      { YourRef: undefined },
    ],
    [
      'a description that is too long stands in the notes, whole',
      invoice({ lines: [line({ description: long })], projectReference: long }),
      withItems(),
      {
        Description: 'Advies en begeleiding bij de invoering van het nieuwe roost…',
        SalesInvoiceLines: [
          expect.objectContaining({
            Description: 'Advies en begeleiding bij de invoering van het nieuwe roost…',
            Notes: long,
          }),
        ],
      },
    ],
    [
      'a line without an account of ours takes the one of its item',
      invoice({ lines: [line({ ledgerAccount: '' })] }),
      withItems(),
      { SalesInvoiceLines: [expect.not.objectContaining({ GLAccount: expect.anything() })] },
    ],
    [
      'signs of every kind stay',
      invoice({ lines: [line({ description: 'één < twee "drie" €' })] }),
      withItems(),
      { SalesInvoiceLines: [expect.objectContaining({ Description: 'één < twee "drie" €' })] },
    ],
  ]
  it.each(mapped)('%s', (_, document, from, part) => {
    expect({ ...nothing, ...(draftOf(document, from).body as object) }).toMatchObject(part)
  })
})

describe('quantity and price make our amount to the cent', () => {
  const cases: [string, string, string, string, object][] = [
    ['a price as it is', '10', '125', '1250.00', { quantity: '10', unitPrice: '125', netPrice: '125' }],
    ['a price that is rounded', '0.3333', '0.30', '0.10', { quantity: '0.3333', netPrice: '0.3' }],
    ['a discount', '2', '100', '180.00', { quantity: '2', unitPrice: '100', netPrice: '90.0000' }],
    ['a discount in four decimals', '3', '10', '29.99', { quantity: '3', unitPrice: '10', netPrice: '9.9967' }],
    ['an amount that no price makes', '5000', '0.0123', '61.49', { quantity: '1', text: 'Advies (5000 × 0.0123)' }],
    ['a fixed price', '800', '0', '99.99', { quantity: '1', unitPrice: '99.99', text: 'Advies (800 × 0.00)' }],
    ['money back without hours', '0', '0', '-50.00', { quantity: '-1', unitPrice: '50', netPrice: '50' }],
  ]
  it.each(cases)('%s', (_, quantity, unitPrice, net, expected) => {
    const of = line({ quantity: decimal(quantity), unitPrice: decimal(unitPrice), net: decimal(net) })
    const priced = pricesOf(of)
    expect(sameAmount(toCents(times(priced.quantity, priced.netPrice)), of.net)).toBe(true)
    expect(priced).toMatchObject(expected)
  })

  it('whatever they are', () => {
    const scaled = (most: number, places: number) =>
      fc.integer({ min: -most, max: most }).map((whole) => decimal((whole / 10 ** places).toFixed(places)))
    fc.assert(
      fc.property(scaled(99_999_999, 4), scaled(9_999_999, 4), scaled(999_999_999, 2), (quantity, unitPrice, net) => {
        const priced = pricesOf(line({ quantity, unitPrice, net }))
        return sameAmount(toCents(times(priced.quantity, priced.netPrice)), net)
      }),
      { seed: 20260331 },
    )
  })
})

describe('what is known to be refused beforehand', () => {
  const cases: [string, SalesInvoiceDoc, Known, string, string][] = [
    ['an item that is not there', invoice(), withItems({ items: [] }), 'item-unknown', '/lines/0/item'],
    [
      'an item that is not sold',
      invoice(),
      withItems({ items: [{ ...item, unusable: 'not-for-sale' }] }),
      'item-blocked',
      '/lines/0/item',
    ],
    [
      'an item that has ended',
      invoice(),
      withItems({ items: [{ ...item, unusable: 'ended' }] }),
      'item-ended',
      '/lines/0/item',
    ],
    [
      'half an hour of an item without fractions',
      invoice({
        lines: [line({ quantity: decimal('1.5'), net: decimal('187.50'), vat: decimal('39.38') })],
        net: decimal('187.50'),
        vat: decimal('39.38'),
        gross: decimal('226.88'),
      }),
      withItems({ items: [{ ...item, unusable: 'no-fractions' }] }),
      'quantity-not-whole',
      '/lines/0/item',
    ],
    [
      'an item without a revenue account, and no rule that gives one',
      invoice({ lines: [line({ ledgerAccount: '' })] }),
      withItems({ items: [{ id: 'item-1', code: 'UREN', name: 'Uren', isTime: true }] }),
      'ledger-account-missing',
      '/lines/0/ledgerAccount',
    ],
    [
      'an account of the item that demands a cost centre',
      invoice({ lines: [line({ ledgerAccount: '' })] }),
      withItems({ ledgerAccounts: [{ ...lists.ledgerAccounts[0], costCentre: 'mandatory' }] }),
      'cost-centre-missing',
      '/lines/0/costCentre',
    ],
    ['a customer that is not there yet', invoice(), withItems({}, {}), 'customer-missing', '/customer'],
    [
      'a prospect',
      invoice(),
      withItems({ customers: [{ ...customerRow, isCustomer: false }] }),
      'customer-not-customer',
      '/customer',
    ],
    [
      'a blocked customer',
      invoice(),
      withItems({ customers: [{ ...customerRow, isBlocked: true }] }),
      'customer-blocked',
      '/customer',
    ],
    [
      'an account billed to that is blocked',
      invoice(),
      withItems({
        customers: [
          { ...customerRow, billTo },
          { ...customerRow, id: billTo, code: '30', name: 'Moeder BV', isBlocked: true },
        ],
      }),
      'customer-blocked',
      '/customer',
    ],
    [
      'a VAT code of type including',
      invoice({ lines: [line({ vatCode: 'I' })] }),
      withItems(),
      'vat-code-including',
      '/lines/0/vatCode',
    ],
    ['a journal that is not there', invoice({ journal: '99' }), withItems(), 'journal-unknown', '/journal'],
    [
      'a journal of another type',
      invoice(),
      withItems({ journals: [{ ...lists.journals[0], kind: 'general' }] }),
      'journal-type',
      '/journal',
    ],
    ['a closed period', invoice({ date: calendarDate('2026-01-15') }), withItems(), 'period-closed', '/date'],
    [
      'a year that was not made',
      invoice({ date: calendarDate('2027-01-01') }),
      withItems(),
      'financial-year-missing',
      '/date',
    ],
    [
      'an order number that does not fit',
      invoice({ orderNumber: 'X'.repeat(31) }),
      withItems(),
      'field-too-long',
      '/orderNumber',
    ],
  ]
  it('may be left open in a period that is closed: it is booked when it is printed', () => {
    const closed = invoice({ date: calendarDate('2026-01-15') })
    expect(draftSalesInvoice(closed, withItems(), { prints: false })).toMatchObject({ reference: closed.reference })
  })

  it.each(cases)('%s', (_, document, from, code, pointer) => {
    const draft = draftSalesInvoice(document, from)
    const problems = 'problems' in draft ? draft.problems : []
    expect(problems.map((problem) => [problem.code, problem.fields?.[0]?.pointer])).toEqual([[code, pointer]])
    for (const language of ['nl', 'en'] as const) {
      const words = problems.map((problem) => wordsOf(messages, problem, language))
      expect(words).not.toContain(undefined)
      for (const text of words) expect(`${text?.cause} ${text?.remedy}`).not.toMatch(/\{\w+\}/)
    }
  })

  it('but whole hours of an item without fractions are not', () => {
    expect(draftOf(invoice(), withItems({ items: [{ ...item, unusable: 'no-fractions' }] })).body).toBeDefined()
  })
})

describe('what is found again', () => {
  const draft = draftOf(invoice())
  const hit = (part: object = {}) =>
    salesInvoice.parse({
      InvoiceID: 'c0de0000-0000-4000-8000-000000000001',
      InvoiceNumber: null,
      OrderedBy: customer.toUpperCase(),
      Journal: '70',
      OrderDate: '/Date(1774915200000)/',
      Currency: 'EUR',
      YourRef: 'PO 4711',
      Remarks: 'UW0042',
      AmountFC: 1512.5,
      VATAmountFC: 262.5,
      Status: 20,
      ...part,
    })
  const other = { InvoiceID: 'c0de0000-0000-4000-8000-000000000002' }

  const cases: [string, ReturnType<typeof hit>[], object][] = [
    ['nothing is absent', [], { is: 'absent' }],
    ['ours is the same', [hit()], { is: 'same', receipt: { gross: '1512.50', vat: '262.50' } }],
    ['another of the same day, without our key, is another', [hit({ Remarks: 'met de hand' })], { is: 'absent' }],
    ['our key stays when a person writes beside it', [hit({ Remarks: 'Akkoord Jan. UW0042' })], { is: 'same' }],
    ['a longer key is not ours', [hit({ Remarks: 'UW00421' })], { is: 'absent' }],
    [
      'a cent for the line is their way of counting VAT',
      [hit({ AmountFC: 1512.51 })],
      { is: 'same', receipt: { gross: '1512.51' } },
    ],
    ['two cents are not', [hit({ AmountFC: 1512.52 })], { is: 'different', why: 'gross' }],
    ['a currency that is not told is different', [hit({ Currency: null })], { is: 'different', why: 'currency' }],
    ['another currency is different', [hit({ Currency: 'USD' })], { is: 'different', why: 'currency' }],
    ['two with our key are several', [hit(), hit(other)], { is: 'several' }],
  ]
  it.each(cases)('%s', (_, hits, expected) => {
    expect(compareInvoices(hits, draft)).toMatchObject(expected)
  })

  it('takes the VAT from the two amounts where it is left out, as in the answer to a POST', () => {
    expect(fromExactSalesInvoice(hit({ VATAmountFC: null, AmountFCExclVat: 1250 })).vat).toBe('262.50')
    expect(fromExactSalesInvoice(hit({ VATAmountFC: null })).vat).toBeUndefined()
  })

  it('has no number until one is given, and the same hash when it is printed', () => {
    const open = fromExactSalesInvoice(hit())
    expect(open).not.toHaveProperty('number')
    expect(open.shows).toMatchObject({ state: 'open', gross: '1512.50', reference: 'PO 4711' })
    const printed = fromExactSalesInvoice(hit({ InvoiceNumber: 26700001, Status: 50 }), 'entry-1')
    expect(printed).toMatchObject({ number: '26700001', openItem: 'entry-1', shows: { state: 'processed' } })
    expect(printed.hash).toBe(open.hash)
    expect(fromExactSalesInvoice(hit({ AmountFC: 1 })).hash).not.toBe(open.hash)
  })
})

describe('the open item of a printed invoice', () => {
  const day = (date: string) => `/Date(${Date.parse(date)})/`
  const guid = (last: number) => `5f6c0c3e-0000-4000-8000-00000000000${last}`
  const printed = salesInvoice.parse({
    InvoiceID: guid(1),
    InvoiceNumber: 17,
    InvoiceTo: customer,
    InvoiceDate: day('2026-03-31'),
    Journal: '70',
    AmountFC: 121,
    Status: 50,
  })
  const item = (part: object = {}) =>
    receivable.parse({
      InvoiceNumber: 17,
      Account: customer,
      InvoiceDate: day('2026-03-31'),
      Journal: '70',
      AmountFC: 121,
      TransactionEntryID: guid(2),
      ...part,
    })
  const lastYear = { InvoiceDate: day('2025-03-31'), TransactionEntryID: guid(3) }
  const cases: [string, ReturnType<typeof item>[], string | undefined][] = [
    ['has its number, account, date and amount', [item()], guid(2)],
    ['is not the one of last year with the same number', [item(lastYear)], undefined],
    ['stands beside the one of last year', [item(lastYear), item()], guid(2)],
    ['is not one of another amount', [item({ AmountFC: 120.99 })], undefined],
    ['is not one of another journal', [item({ Journal: '71' })], undefined],
    ['is known without a journal', [item({ Journal: null })], guid(2)],
    ['is not known without a date', [item({ InvoiceDate: null })], undefined],
    ['is not known without an amount', [item({ AmountFC: null })], undefined],
    ['is paid in parts', [item({ AmountFC: 100 }), item({ AmountFC: 21 })], guid(2)],
    ['is one alone: of two alike it is neither', [item(), item({ TransactionEntryID: guid(3) })], undefined],
  ]
  it.each(cases)('%s', (_, items, expected) => {
    expect(entryOf(items, printed)).toBe(expected)
  })
})
