import type { CustomerRow, PaymentTermRow } from '@uurwerk/connectors/contract/rows.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { columnsOf, differences } from './differences.ts'
import { type Ours, toOurs } from './to-ours.ts'

const terms = new Map<string, PaymentTermRow>([
  ['14', { id: '14', code: '14', name: '14 days', days: 14, endOfMonths: 0 }],
  ['30E', { id: '30E', code: '30E', name: '30 days, end of month', days: 30, endOfMonths: 1 }],
  ['90EE', { id: '90EE', code: '90EE', name: 'two months on', days: 30, endOfMonths: 2 }],
])
const firmCountry = 'NL'

const texts = (...some: string[]) => fc.constantFrom('', '  ', ...some)
const theirRow = fc.record({
  id: fc.constant('theirs'),
  code: fc.constantFrom('10012', '5'),
  name: texts('Van Dalen', 'Kessler GmbH'),
  address: fc.record({ line1: texts('Kade 1'), city: texts('Utrecht', 'Gent'), country: texts('NL', 'BE', 'uk') }),
  country: texts('NL', 'BE', 'DE', 'US'),
  phone: texts('+31 30 1'),
  email: texts('a@b.nl', 'a@b.nl; c@d.nl'),
  website: texts('b.nl'),
  vatId: texts('NL001234567B29', 'BE0403019261', 'DE123456788', 'nonsense'),
  kvk: texts('90001234', '9'),
  paymentTerm: texts('14', '30E', '90EE', 'unknown'),
  isCustomer: fc.constant(true),
  isBlocked: fc.boolean(),
  isEnded: fc.constant(false),
}) as fc.Arbitrary<CustomerRow>

const ourRow = fc.record({
  id: fc.constant('ours'),
  number: fc.constantFrom('10012', null),
  name: fc.constantFrom('Van Dalen', 'Ander'),
  visitAddress: fc.constantFrom({}, { line1: 'Kade 1', city: 'Utrecht', country: 'NL' }),
  invoiceAddress: fc.constantFrom(null, { city: 'Gent' }),
  country: fc.constantFrom('NL', 'BE', 'DE'),
  phone: fc.constantFrom(null, '+31 30 9'),
  email: fc.constantFrom(null, 'a@b.nl', 'z@z.nl'),
  invoiceEmail: fc.constantFrom(null, 'i@i.nl'),
  website: fc.constantFrom(null, 'z.nl'),
  vatId: fc.constantFrom(null, 'NL001234567B29', 'DE123456788'),
  kvk: fc.constantFrom(null, '90001234'),
  paymentDays: fc.constantFrom(null, 0, 14, 30),
  paymentEndOfMonth: fc.constantFrom(null, false, true),
  vatCase: fc.constantFrom('domestic', 'eu-business', 'eu-consumer', 'domestic-reverse-charge'),
  vatCaseConfirmed: fc.boolean(),
}) as unknown as fc.Arbitrary<Ours>

const applied = (ours: Ours, row: CustomerRow): Ours => {
  const { plain, careful } = differences(ours, toOurs(row, firmCountry, terms), { firmCountry })
  return Object.assign(
    {},
    ours,
    ...plain.map(({ field, to }) => ({ [field]: to })),
    ...careful.map(({ field, to }) => columnsOf(field, to)),
  )
}
const seed = { seed: 20261121, numRuns: 500 }

describe('what the package has otherwise', () => {
  it('is taken over in one go: a second look finds nothing', () => {
    fc.assert(
      fc.property(ourRow, theirRow, (ours, row) => {
        const after = applied(ours, row)
        expect(applied(after, row)).toEqual(after)
      }),
      seed,
    )
  })

  it('never empties a field of ours', () => {
    fc.assert(
      fc.property(ourRow, theirRow, (ours, row) => {
        const after = applied(ours, row)
        for (const [field, before] of Object.entries(ours))
          if (before !== null) expect(after[field as keyof Ours], field).not.toBeNull()
        for (const text of [after.number, after.name, after.phone, after.email, after.website, after.vatId, after.kvk])
          if (text !== null) expect(String(text).trim()).not.toBe('')
      }),
      seed,
    )
  })

  it('leaves a VAT case that a person confirmed, unless country or VAT id changed', () => {
    fc.assert(
      fc.property(ourRow, theirRow, (ours, row) => {
        const { plain, careful } = differences({ ...ours, vatCaseConfirmed: true }, toOurs(row, firmCountry, terms), {
          firmCountry,
        })
        const isMoved = plain.some(({ field }) => field === 'country') || careful.some(({ field }) => field === 'vatId')
        const vatCase = careful.find(({ field }) => field === 'vatCase')
        expect(vatCase === undefined || (isMoved && vatCase.isDecided)).toBe(true)
      }),
      seed,
    )
  })
})
