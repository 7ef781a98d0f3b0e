import { calendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { decimal } from '@uurwerk/core/shared/money.ts'
import { describe, expect, it } from 'vitest'
import type { Draft, Known } from '../contract/contract.ts'
import type { SalesEntryDoc } from '../contract/documents.ts'
import { wordsOf } from '../contract/messages.ts'
import { messages } from './messages.ts'
import { packOne } from './posting.ts'
import { compareFound, draftSalesEntry, fromExactSalesEntry } from './sales-entries.ts'
import { customer, entry, known, line, lists, revenue } from './testing/sample-sales.ts'
import { salesEntry } from './wire.ts'

const draftOf = (document: SalesEntryDoc, from: Known = known(), language: 'nl' | 'en' = 'nl'): Draft => {
  const draft = draftSalesEntry(document, from, language)
  if ('problems' in draft) throw new Error(draft.problems.map(({ code }) => code).join())
  return draft
}
const bodyOf = (document: SalesEntryDoc, from?: Known, language?: 'nl' | 'en') => draftOf(document, from, language).body

describe('a sales entry as Exact Online takes it', () => {
  it('is this, whole', () => {
    expect(draftOf(entry({ paymentTerm: '30', lines: [line({ costCentre: 'ADV' })] }))).toEqual({
      reference: 'UW0042',
      group: 'salesentry/SalesEntries',
      key: '2026-0042',
      units: 1,
      notes: [],
      expects: { gross: '1512.50', vat: '262.50', currency: 'EUR' },
      body: {
        Journal: '70',
        Customer: customer,
        YourRef: '2026-0042',
        EntryDate: '2026-03-31',
        DueDate: '2026-04-30',
        Description: 'Factuur 2026-0042 (UW0042) Uren maart 2026',
        Currency: 'EUR',
        PaymentCondition: '30',
        SalesEntryLines: [
          {
            GLAccount: revenue,
            Description: 'Advies (10 × 125.00)',
            Quantity: 10,
            AmountFC: 1250,
            VATCode: '2',
            VATAmountFC: 262.5,
            CostCenter: 'ADV',
          },
        ],
      },
    })
  })

  const mapped: [string, SalesEntryDoc, object][] = [
    [
      'a credit has negative lines',
      entry({
        kind: 'credit',
        lines: [line({ quantity: decimal('-10'), net: decimal('-1250'), vat: decimal('-262.50') })],
        net: decimal('-1250'),
        vat: decimal('-262.50'),
        gross: decimal('-1512.50'),
      }),
      {
        Description: 'Creditnota 2026-0042 (UW0042) Uren maart 2026',
        SalesEntryLines: [expect.objectContaining({ Quantity: -10, AmountFC: -1250, VATAmountFC: -262.5 })],
      },
    ],
    [
      'an entry booked in a later period keeps its date',
      entry({ date: calendarDate('2026-01-31'), bookIn: calendarDate('2026-03-01') }),
      { EntryDate: '2026-01-31', ReportingYear: 2026, ReportingPeriod: 3 },
    ],
    [
      'a foreign currency carries its rate',
      entry({ currency: 'USD', rate: decimal('0.9217') }),
      { Currency: 'USD', Rate: 0.9217 },
    ],
    [
      'a line without VAT on a code without VAT sends no VAT amount at all',
      entry({
        lines: [line({ vatCode: '0', vat: decimal('0'), vatRate: decimal('0') })],
        vat: decimal('0'),
        gross: decimal('1250'),
      }),
      { SalesEntryLines: [expect.not.objectContaining({ VATAmountFC: expect.anything() })] },
    ],
    [
      'reverse charge sends a VAT amount of nothing on its own code',
      entry({
        lines: [line({ vatCode: 'V', vat: decimal('0'), vatRate: decimal('0') })],
        vat: decimal('0'),
        gross: decimal('1250'),
      }),
      { SalesEntryLines: [expect.objectContaining({ VATCode: 'V', VATAmountFC: 0 })] },
    ],
    [
      'quantities keep four decimals and amounts their cents',
      entry({
        lines: [line({ quantity: decimal('0.3333'), net: decimal('0.10'), vat: decimal('0.02') })],
        net: decimal('0.10'),
        vat: decimal('0.02'),
        gross: decimal('0.12'),
      }),
      { SalesEntryLines: [expect.objectContaining({ Quantity: 0.3333, AmountFC: 0.1, VATAmountFC: 0.02 })] },
    ],
    [
      'signs of every kind stay',
      entry({ description: 'Café & Straße', lines: [line({ description: 'één < twee "drie" €' })] }),
      {
        Description: 'Factuur 2026-0042 (UW0042) Café & Straße',
        SalesEntryLines: [expect.objectContaining({ Description: 'één < twee "drie" € (10 × 125.00)' })],
      },
    ],
  ]
  it.each(mapped)('%s', (_, document, part) => {
    expect(bodyOf(document)).toMatchObject(part)
  })

  const [customerRow] = lists.customers
  it.each<[string, own: string | undefined, chosen: string | undefined, sent: string | undefined]>([
    ['the customer’s own, whatever was chosen', '14', '30', '14'],
    ['the chosen one for a customer without', undefined, '30', '30'],
    ['the customer’s own when none was chosen', '14', undefined, '14'],
    ['the customer’s own when the chosen one is not there any more', '30', '99', '30'],
    ['none when there is none', undefined, undefined, undefined],
  ])('sends as payment condition %s, and always the due date of the invoice', (_, own, chosen, sent) => {
    const customers = [{ ...customerRow, ...(own && { paymentTerm: own }) }]
    expect(bodyOf(entry({ ...(chosen && { paymentTerm: chosen }) }), known({ customers }))).toMatchObject({
      DueDate: '2026-04-30',
      ...(sent && { PaymentCondition: sent }),
    })
    expect('PaymentCondition' in (bodyOf(entry(), known({ customers })) as object)).toBe(own !== undefined)
  })

  it('cuts descriptions at sixty, never number or reference, and keeps the whole line in its notes', () => {
    const long = 'Advies en begeleiding bij de invoering van het nieuwe rooster in maart 2026'
    const number = '2026-0123456789-0123456789-012'
    const body = bodyOf(
      entry({
        description: long,
        invoiceNumber: number,
        reference: 'ABCDEFGH1234',
        lines: [line({ description: long })],
      }),
    )
    expect(body).toMatchObject({
      YourRef: number,
      Description: `Factuur ${number} (ABCDEFGH1234) Advie…`,
      SalesEntryLines: [
        { Description: 'Advies en begeleiding bij de invoering van het nieuwe roost…', Notes: `${long} (10 × 125.00)` },
      ],
    })
  })

  const numbers: [string, string, boolean, object][] = [
    [
      'digits go along as the number, when that is set',
      '26700042',
      true,
      { InvoiceNumber: 26700042, EntryNumber: 26700042 },
    ],
    ['the largest number that fits', '2147483647', true, { EntryNumber: 2147483647 }],
    ['not when it is not set', '26700042', false, { YourRef: '26700042' }],
    ['not one more than fits', '2147483648', true, { YourRef: '2147483648' }],
    ['not with a sign in it', '2026-0042', true, { YourRef: '2026-0042' }],
    ['not with a nought before it: it would be written otherwise than printed', '00042', true, { YourRef: '00042' }],
  ]
  it.each(numbers)('own numbers: %s', (_, invoiceNumber, ownNumber, expected) => {
    const draft = draftSalesEntry(entry({ invoiceNumber }), known(), 'nl', ownNumber)
    const body = 'body' in draft ? draft.body : undefined
    expect(body).toMatchObject(expected)
    expect(body && typeof body === 'object' && 'EntryNumber' in body).toBe('EntryNumber' in expected)
  })

  it('has descriptions of one line, and keeps the breaks of a text in its notes', () => {
    const body = bodyOf(
      entry({ description: 'Uren\nmaart 2026', lines: [line({ description: 'Advies\r\n  ter plaatse' })] }),
    )
    expect(body).toMatchObject({
      Description: 'Factuur 2026-0042 (UW0042) Uren maart 2026',
      SalesEntryLines: [{ Description: 'Advies ter plaatse', Notes: 'Advies\r\n  ter plaatse (10 × 125.00)' }],
    })
  })

  it('speaks the language of the connection', () => {
    expect(bodyOf(entry(), known(), 'en')).toMatchObject({ Description: 'Invoice 2026-0042 (UW0042) Uren maart 2026' })
  })

  it('goes out as JSON whose numbers are the decimals, written out', () => {
    const packed = packOne('1234567', 'salesentry/SalesEntries', [draftOf(entry())])
    expect(packed).toMatchObject({
      method: 'POST',
      path: '/api/v1/1234567/salesentry/SalesEntries',
      endpoint: 'salesentry/SalesEntries',
      headers: { prefer: 'return=representation', 'content-type': 'application/json' },
    })
    expect(packed.body).toContain('"AmountFC":1250,"VATCode":"2","VATAmountFC":262.5')
  })

  it('refuses to draft an entry whose amounts do not add up', () => {
    expect(() => draftSalesEntry(entry({ gross: decimal('1512.51') }), known(), 'nl')).toThrow('gross')
  })

  it('shows a percentage that is another than ours, and drafts', () => {
    const nine = entry({ lines: [line({ vatRate: decimal('9') })] })
    expect(draftOf(nine).notes).toMatchObject([{ code: 'vat-percentage', values: { ours: '9', theirs: '21' } }])
  })
})

describe('what is known to be refused beforehand', () => {
  const [customerRow] = lists.customers
  const [accountRow] = lists.ledgerAccounts
  const [journalRow] = lists.journals
  const [vatRow] = lists.vatCodes
  const cases: [string, SalesEntryDoc, Known, string, string][] = [
    ['a customer that is not there yet', entry(), known({}, {}), 'customer-missing', '/customer'],
    [
      'a supplier',
      entry(),
      known({ customers: [{ ...customerRow, isCustomer: false }] }),
      'customer-not-customer',
      '/customer',
    ],
    [
      'a blocked customer',
      entry(),
      known({ customers: [{ ...customerRow, isBlocked: true }] }),
      'customer-blocked',
      '/customer',
    ],
    [
      'an ended customer',
      entry(),
      known({ customers: [{ ...customerRow, isEnded: true, isCustomer: false }] }),
      'customer-ended',
      '/customer',
    ],
    ['an unknown journal', entry({ journal: '71' }), known(), 'journal-unknown', '/journal'],
    [
      'a journal of another type',
      entry(),
      known({ journals: [{ ...journalRow, kind: 'general' }] }),
      'journal-type',
      '/journal',
    ],
    [
      'a blocked journal',
      entry(),
      known({ journals: [{ ...journalRow, unusable: 'blocked' }] }),
      'journal-blocked',
      '/journal',
    ],
    [
      'a currency that the journal does not take',
      entry({ currency: 'USD' }),
      known({ journals: [{ ...journalRow, allowsOtherCurrency: false }] }),
      'journal-currency',
      '/currency',
    ],
    [
      'an unknown payment condition',
      entry({ paymentTerm: '99' }),
      known(),
      'payment-condition-unknown',
      '/paymentTerm',
    ],
    ['a period closed in the journal', entry({ date: calendarDate('2026-01-15') }), known(), 'period-closed', '/date'],
    ['a period closed everywhere', entry({ date: calendarDate('2026-02-28') }), known(), 'period-closed', '/date'],
    [
      'a chosen period that is closed too',
      entry({ bookIn: calendarDate('2026-02-01') }),
      known(),
      'period-closed',
      '/bookIn',
    ],
    [
      'a year that was not made',
      entry({ date: calendarDate('2027-01-01') }),
      known(),
      'financial-year-missing',
      '/date',
    ],
    [
      'a period to book in that nobody knows',
      entry({ bookIn: calendarDate('2026-03-01') }),
      known({ periods: [] }),
      'financial-year-missing',
      '/bookIn',
    ],
    [
      'an unknown ledger account',
      entry(),
      known({ ledgerAccounts: [] }),
      'ledger-account-unknown',
      '/lines/0/ledgerAccount',
    ],
    [
      'a blocked ledger account',
      entry(),
      known({ ledgerAccounts: [{ ...accountRow, unusable: 'blocked' }] }),
      'ledger-account-blocked',
      '/lines/0/ledgerAccount',
    ],
    [
      'a bank account',
      entry(),
      known({ ledgerAccounts: [{ ...accountRow, kind: 'control' }] }),
      'ledger-account-type',
      '/lines/0/ledgerAccount',
    ],
    [
      'an account that demands a cost centre',
      entry(),
      known({ ledgerAccounts: [{ ...accountRow, costCentre: 'mandatory' }] }),
      'cost-centre-missing',
      '/lines/0/costCentre',
    ],
    [
      'an account that demands a cost unit',
      entry(),
      known({ ledgerAccounts: [{ ...accountRow, costUnit: 'mandatory' }] }),
      'cost-unit-missing',
      '/lines/0/costUnit',
    ],
    [
      'an account that takes no cost centre',
      entry({ lines: [line({ costCentre: 'ADV' })] }),
      known({ ledgerAccounts: [{ ...accountRow, costCentre: 'none' }] }),
      'cost-centre-link',
      '/lines/0/costCentre',
    ],
    [
      'an ended cost centre',
      entry({ lines: [line({ costCentre: 'OUD' })] }),
      known(),
      'cost-centre-unknown',
      '/lines/0/costCentre',
    ],
    [
      'an unknown cost unit',
      entry({ lines: [line({ costUnit: 'ADV' })] }),
      known(),
      'cost-centre-unknown',
      '/lines/0/costUnit',
    ],
    [
      'an unknown VAT code',
      entry({ lines: [line({ vatCode: '21' })] }),
      known(),
      'vat-code-unknown',
      '/lines/0/vatCode',
    ],
    ['a blocked VAT code', entry({ lines: [line({ vatCode: 'B' })] }), known(), 'vat-code-blocked', '/lines/0/vatCode'],
    [
      'a VAT code of which it is not known how it counts',
      entry(),
      known({ vatCodes: [{ ...vatRow, unusable: 'not-understood' }] }),
      'vat-code-not-understood',
      '/lines/0/vatCode',
    ],
    [
      'a VAT code of type including',
      entry({ lines: [line({ vatCode: 'I' })] }),
      known(),
      'vat-code-including',
      '/lines/0/vatCode',
    ],
    [
      'a VAT code for purchases',
      entry({ lines: [line({ vatCode: 'P' })] }),
      known(),
      'vat-code-not-allowed',
      '/lines/0/vatCode',
    ],
    [
      'VAT on a code without VAT',
      entry({ lines: [line({ vatCode: '0' })] }),
      known(),
      'vat-amount-without-vat',
      '/lines/0/vatCode',
    ],
    [
      'VAT on a code that shifts it',
      entry({ lines: [line({ vatCode: 'V' })] }),
      known(),
      'vat-amount-without-vat',
      '/lines/0/vatCode',
    ],
    [
      'no VAT on a code that charges it',
      entry({
        lines: [line({ vat: decimal('0'), vatRate: decimal('0') })],
        vat: decimal('0'),
        gross: decimal('1250'),
      }),
      known(),
      'vat-percentage',
      '/lines/0/vatCode',
    ],
    [
      'VAT on a code of nought per cent',
      entry(),
      known({ vatCodes: [{ ...vatRow, percentage: '0' }] }),
      'vat-percentage',
      '/lines/0/vatCode',
    ],
    [
      'an invoice number that does not fit',
      entry({ invoiceNumber: '2026-0123456789-0123456789-0123' }),
      known(),
      'reference-too-long',
      '/invoiceNumber',
    ],
  ]
  it.each(cases)('%s', (_, document, from, code, pointer) => {
    const draft = draftSalesEntry(document, from, 'nl')
    const problems = 'problems' in draft ? draft.problems : []
    expect(problems.map((problem) => [problem.code, problem.fields?.[0]?.pointer])).toEqual([[code, pointer]])
    for (const language of ['nl', 'en'] as const) {
      for (const problem of problems) {
        const words = wordsOf(messages, problem, language)
        expect(words).toBeDefined()
        expect(`${words?.cause} ${words?.remedy}`).not.toMatch(/\{\w+\}/)
      }
    }
  })

  it('names every problem at once', () => {
    const draft = draftSalesEntry(entry({ journal: '71', lines: [line({ vatCode: 'I' })] }), known({}, {}), 'nl')
    expect('problems' in draft && draft.problems.map(({ code }) => code)).toEqual([
      'customer-missing',
      'journal-unknown',
      'vat-code-including',
    ])
  })

  it('leaves a date before the list of periods to Exact Online', () => {
    expect(draftOf(entry({ date: calendarDate('2025-12-31') })).body).toMatchObject({ EntryDate: '2025-12-31' })
  })
})

describe('what is found again', () => {
  const draft = draftOf(entry())
  const hit = (part: object = {}) =>
    salesEntry.parse({
      EntryID: 'c0de0000-0000-4000-8000-000000000001',
      EntryNumber: 26700042,
      Customer: customer.toUpperCase(),
      Journal: '70',
      EntryDate: `/Date(${Date.parse('2026-03-31T00:00:00Z')})/`,
      Currency: 'EUR',
      YourRef: '2026-0042',
      Description: 'Factuur 2026-0042 (UW0042) Uren maart 2026',
      AmountFC: 1512.5,
      VATAmountFC: 262.5,
      ...part,
    })
  const other = { EntryID: 'c0de0000-0000-4000-8000-000000000002', EntryNumber: 26700043 }

  const cases: [string, ReturnType<typeof hit>[], object][] = [
    ['nothing is absent', [], { is: 'absent' }],
    ['ours is the same', [hit()], { is: 'same', receipt: { number: '26700042', gross: '1512.50', vat: '262.50' } }],
    ['typed by hand and equal is the same', [hit({ Description: 'verkoop' })], { is: 'same' }],
    ['another amount is different', [hit({ AmountFC: 1512.49 })], { is: 'different', why: 'gross' }],
    [
      'another date and currency are different',
      [hit({ EntryDate: '/Date(0)/', Currency: 'USD' })],
      { is: 'different', why: 'date, currency' },
    ],
    ['a currency that is not told is not the same', [hit({ Currency: null })], { is: 'different', why: 'currency' }],
    [
      'ours comes before one typed by hand, which is told',
      [hit({ ...other, Description: 'met de hand' }), hit()],
      {
        is: 'same',
        receipt: { number: '26700042', notes: [{ code: 'booked-twice', values: { theirs: '26700043' } }] },
      },
    ],
    ['two of ours are several', [hit(), hit(other)], { is: 'several' }],
    [
      'two typed by hand are several',
      [hit({ Description: null }), hit({ ...other, Description: 'hand' })],
      { is: 'several' },
    ],
    [
      'a longer reference is not ours',
      [hit({ Description: 'Factuur 2026-0042 (UW00421)' }), hit(other)],
      { is: 'same', receipt: { number: '26700043' } },
    ],
  ]
  it.each(cases)('%s', (_, hits, expected) => {
    expect(compareFound(hits, draft)).toMatchObject(expected)
  })

  it('has the same hash as long as nothing we compare changed', () => {
    const { hash } = fromExactSalesEntry(hit())
    expect(fromExactSalesEntry(hit({ Description: 'anders' })).hash).toBe(hash)
    expect(fromExactSalesEntry(hit({ AmountFC: 1512.51 })).hash).not.toBe(hash)
    expect(fromExactSalesEntry(hit({ Journal: '71' })).hash).not.toBe(hash)
    expect(fromExactSalesEntry(hit({ DueDate: '/Date(0)/' })).hash).not.toBe(hash)
    expect(fromExactSalesEntry(hit({ Status: 50 })).hash).toBe(hash)
  })

  it('shows what the books hold, so that a change can be told', () => {
    expect(fromExactSalesEntry(hit({ Status: 20, DueDate: '2026-04-30T00:00:00' })).shows).toEqual({
      customer,
      journal: '70',
      date: '2026-03-31',
      dueDate: '2026-04-30',
      currency: 'EUR',
      reference: '2026-0042',
      gross: '1512.50',
      vat: '262.50',
      state: 'open',
    })
  })

  it('says that Exact Online took another number than ours', () => {
    const asked = draftSalesEntry(entry({ invoiceNumber: '26700040' }), known(), 'nl', true)
    const found = compareFound([hit({ Description: 'Factuur 26700040 (UW0042)' })], asked as Draft)
    expect(found).toMatchObject({
      is: 'same',
      receipt: {
        number: '26700042',
        notes: [{ code: 'number-replaced', values: { ours: '26700040', theirs: '26700042' } }],
      },
    })
  })

  it('says nothing of a second one where there is none', () => {
    expect(compareFound([hit()], draft)).not.toMatchObject({ receipt: { notes: expect.anything() } })
  })

  it('takes dust of doubles off a total', () => {
    expect(fromExactSalesEntry(hit({ AmountFC: 1512.4999999999998 })).gross).toBe('1512.50')
  })
})
