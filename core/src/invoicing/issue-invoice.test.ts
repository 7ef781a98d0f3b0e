import { describe, expect, it } from 'vitest'
import { calendarDate as day } from '../shared/calendar-date.ts'
import { decimal } from '../shared/money.ts'
import type { Invoice } from './invoice.ts'
import { invoiceForTests as invoice, lineForTests as line } from './invoice-for-tests.ts'
import { type IssueContext, issueInvoice, problemsBeforeSending } from './issue-invoice.ts'

const context: IssueContext = { series: '{year}-{0000}', counter: 7, previousDate: day('2026-03-31') }
const base = invoice()
const reversed = { vatTreatment: 'eu-business', vatRate: decimal('0') } as const
const withCustomer = (change: Partial<Invoice['customer']>, rest: Partial<Invoice> = {}) =>
  invoice({ ...rest, customer: { ...base.customer, ...change } })
const withFirm = (change: Partial<Invoice['firm']>, rest: Partial<Invoice> = {}) =>
  invoice({ ...rest, firm: { ...base.firm, ...change } })

const exchangeOf = (date: string) => ({ rate: decimal('0.92'), source: 'ECB', date: day(date), vat: decimal('19.32') })

describe('before sending', () => {
  it.each<[string, Invoice, Partial<IssueContext>, readonly string[]]>([
    ['nothing is wrong', base, {}, []],
    ['the first of its series', base, { previousDate: null }, []],
    ['no lines', invoice({ lines: [] }), {}, ['invoice-empty']],
    ['sent already', invoice({ state: 'sent' }), {}, ['invoice-not-draft']],
    ['no customer address', withCustomer({ address: null }), {}, ['customer-address-missing']],
    [
      'a customer address without a city',
      withCustomer({ address: { street: 'Dorpsstraat 1', postcode: '', city: ' ', country: 'NL' } }),
      {},
      ['customer-address-missing'],
    ],
    ['no address of the firm', withFirm({ address: null }), {}, ['firm-address-missing']],
    ['no VAT id of the firm', withFirm({ vatId: null }), {}, ['firm-vat-id-missing']],
    [
      'no VAT id of the firm, all exempt',
      withFirm({ vatId: null }, { lines: [line({ vatTreatment: 'domestic-exempt', vatRate: decimal('0') })] }),
      {},
      [],
    ],
    ['EU business without VAT id', invoice({ lines: [line(reversed)] }), {}, ['vat-id-missing']],
    ['EU business with VAT id', withCustomer({ vatId: 'BE0123456749' }, { lines: [line(reversed)] }), {}, []],
    ['dated before the previous one', invoice({ date: day('2026-03-30') }), {}, ['date-before-previous']],
    ['due before its date', invoice({ dueDate: day('2026-03-30') }), {}, ['due-date-before-date']],
    ['another currency without a rate', invoice({ currency: 'USD' }), {}, ['exchange-rate-missing']],
    [
      'a rate of after its date',
      invoice({ currency: 'USD', exchange: exchangeOf('2026-04-01') }),
      {},
      ['exchange-date-later'],
    ],
    ['the last rate before a weekend', invoice({ currency: 'USD', exchange: exchangeOf('2026-03-27') }), {}, []],
    ['a line without words', invoice({ lines: [line({ description: ' ' })] }), {}, ['line-description-missing']],
    [
      'a net that is not quantity × price',
      invoice({ lines: [line({ net: decimal('99') })] }),
      {},
      ['line-net-differs'],
    ],
    ['a rate of another time', invoice({ lines: [line({ vatRate: decimal('19') })] }), {}, ['vat-rate-not-valid']],
    [
      'a line over a rate change',
      invoice({
        lines: [
          line({
            vatTreatment: 'domestic-reduced',
            vatRate: decimal('6'),
            supplyFrom: day('2018-12-01'),
            supplyUntil: day('2019-01-31'),
          }),
        ],
      }),
      {},
      ['vat-rate-change-crossed'],
    ],
    [
      'an invoice below nothing',
      invoice({ lines: [line({ quantity: decimal('-1') })] }),
      {},
      ['invoice-total-negative'],
    ],
    ['a credit above nothing', invoice({ kind: 'credit' }), {}, ['credit-total-positive']],
    ['a credit', invoice({ kind: 'credit', lines: [line({ quantity: decimal('-1') })] }), {}, []],
    [
      'outside the EU beside domestic',
      invoice({ lines: [line(), line({ vatTreatment: 'outside-eu', vatRate: decimal('0') })] }),
      {},
      ['outside-eu-mixed'],
    ],
    ['totals of other lines', { ...base, totals: invoice({ lines: [] }).totals }, {}, ['totals-differ']],
    ['a number the package can not hold', base, { numberLimit: 'six-digits' }, ['number-does-not-fit']],
    ['a number it can hold', base, { numberLimit: 'six-digits', series: '{yy}{0000}' }, []],
    ['a series without a counter', base, { series: '{year}' }, ['series-counter-missing']],
  ])('%s', (_, draft, change, codes) => {
    const found = problemsBeforeSending(draft, { ...context, ...change }).map(({ code }) => code)
    expect(found).toEqual(codes)
  })

  it('tells everything at once, and which line', () => {
    const draft = withCustomer({ address: null }, { lines: [line(), line({ vatRate: decimal('9') })] })
    expect(problemsBeforeSending(draft, context)).toEqual([
      { kind: 'setup', code: 'customer-address-missing', values: { customer: 'Bakkerij Zon' } },
      {
        kind: 'input',
        code: 'vat-rate-not-valid',
        values: {
          line: '2',
          description: 'Advies, maart 2026',
          vatTreatment: 'domestic-standard',
          rate: '9',
          date: '2026-03-02',
        },
      },
    ])
  })
})

describe('sending', () => {
  it('gives the number by the invoice date, and changes nothing else', () => {
    expect(issueInvoice(base, context)).toEqual({ ...base, state: 'sent', number: '2026-0007' })
  })
  it('is a mistake of ours while there are problems', () => {
    expect(() => issueInvoice(invoice({ lines: [] }), context)).toThrow('invoice-empty')
  })
})
