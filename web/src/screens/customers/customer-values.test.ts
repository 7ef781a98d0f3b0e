import { describe, expect, it } from 'vitest'
import { newCustomerValues, suggestedFor, toCustomerBody } from './customer-values.ts'

const values = { ...newCustomerValues({ country: 'NL', currency: 'EUR' }), name: 'Drukkerij Lindeman' }

describe('a customer from the form', () => {
  it('leaves what was not filled in to the server', () => {
    const body = toCustomerBody(values)
    expect(body).toMatchObject({ number: null, email: null, paymentDays: null, paymentEndOfMonth: null })
    expect(body).not.toHaveProperty('vatCase')
    expect(body.invoiceAddress).toBeNull()
  })
  it('keeps a term of no days apart from no term', () => {
    expect(toCustomerBody({ ...values, paymentDays: '0' }).paymentDays).toBe(0)
  })
  it.each([
    ['NL', '', 'domestic'],
    ['BE', 'BE0403019261', 'eu-business'],
    ['BE', '', 'eu-consumer'],
    ['US', '', 'outside-eu'],
    ['BE', 'NL000099998B57', null],
  ])('in %s with VAT id “%s” is %s', (country, vatId, vatCase) => {
    expect(suggestedFor({ country, vatId }, 'NL')).toBe(vatCase)
  })
})
