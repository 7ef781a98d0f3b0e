import { describe, expect, it } from 'vitest'
import { fromExactPaymentTerm } from './payment-terms.ts'
import { paymentTerm } from './wire.ts'

const entry = 'c0de0000-0000-4000-8000-000000000001'
const term = (part: object = {}) =>
  fromExactPaymentTerm(
    paymentTerm.parse({
      ID: 'c0de0000-0000-4000-8000-000000000002',
      LineType: 20,
      TransactionEntryID: entry,
      AmountFC: 1512.5,
      Currency: 'EUR',
      IsFullyPaid: false,
      Timestamp: '7',
      ...part,
    }),
  )

describe('what is still open of an entry', () => {
  const cases: [string, object, object | undefined][] = [
    ['all of it', {}, { document: entry, outstanding: '1512.50', currency: 'EUR' }],
    [
      'nothing, and since when',
      { IsFullyPaid: true, LastPaymentDate: '/Date(1775001600000)/' },
      { outstanding: '0.00', lastPaidOn: '2026-04-01' },
    ],
    [
      'nothing, written off without a payment',
      { IsFullyPaid: true, EndDate: '/Date(1775001600000)/' },
      { outstanding: '0.00' },
    ],
    [
      'a part, by the term that is left of it',
      { AmountFC: 512.5, LastPaymentDate: '/Date(1775001600000)/' },
      { outstanding: '512.50', lastPaidOn: '2026-04-01' },
    ],
    ['a credit, to be given back', { AmountFC: -100 }, { outstanding: '-100.00' }],
    ['another currency', { Currency: 'USD' }, { currency: 'USD' }],
    ['dust of doubles', { AmountFC: 1512.4999999999998 }, { outstanding: '1512.50' }],
    ['no money to come in: a payment to a supplier', { LineType: 22 }, undefined],
    ['no money of an entry', { TransactionEntryID: null }, undefined],
  ]
  it.each(cases)('%s', (_, part, expected) => {
    if (expected === undefined) expect(term(part)).toBeUndefined()
    else expect(term(part)).toMatchObject(expected)
  })

  it('names no day of a payment where nothing was paid', () => {
    expect(term({ IsFullyPaid: true, EndDate: '/Date(1775001600000)/' })).not.toHaveProperty('lastPaidOn')
  })
})
