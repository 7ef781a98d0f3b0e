import { calendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { describe, expect, it } from 'vitest'
import type { NewCustomer } from '../contract/documents.ts'
import { wordsOf } from '../contract/messages.ts'
import type { CustomerRow } from '../contract/rows.ts'
import {
  compareAccounts,
  compareNamesakes,
  draftCustomer,
  foreseeCustomer,
  fromExactAccount,
  invoiceAddresses,
  lookups,
  toExactAccount,
} from './customers.ts'
import { messages } from './messages.ts'
import { account, accountAddress } from './wire.ts'

const today = calendarDate('2026-03-31')
const id = (last: number) => `8b1f0c3e-0000-4000-8000-00000000000${last}`

const read = (part: object = {}) =>
  account.parse({
    __metadata: { uri: 'x', type: 'Exact.Web.Api.Models.CRM.Account' },
    ID: id(1),
    Code: '                25',
    Name: 'Voorbeeld BV',
    Status: 'C',
    Type: 'A',
    Blocked: false,
    EndDate: null,
    Country: 'NL ',
    ...part,
  })

const customer = (part: Partial<NewCustomer> = {}): NewCustomer => ({
  reference: 'UW7',
  ours: 'c-1',
  number: '25',
  name: 'Voorbeeld BV',
  address: { line1: 'Dorpsstraat 1', postcode: '1234 AB', city: 'Utrecht', country: 'NL' },
  country: 'NL',
  email: 'admin@voorbeeld.example',
  vatId: 'NL1234.56.789.B01',
  kvk: '12345678',
  paymentTerm: '30',
  language: 'nl',
  currency: 'EUR',
  ...part,
})

describe('a customer read from Exact Online', () => {
  const full = {
    AddressLine1: 'Dorpsstraat 1',
    Postcode: '1234 AB',
    City: 'Utrecht',
    Phone: '030 123 45 67',
    Email: 'a@b.example',
    Website: 'b.example',
    Language: 'NL',
    VATNumber: 'NL123456789B01',
    ChamberOfCommerce: '12345678',
    SalesVATCode: '2  ',
    PaymentConditionSales: '30',
    SalesCurrency: 'EUR',
    InvoiceAccount: id(2),
  }
  it('is a row without padding', () => {
    expect(fromExactAccount(read(full), today, { line1: 'Postbus 9' })).toEqual({
      id: id(1),
      code: '25',
      name: 'Voorbeeld BV',
      address: { line1: 'Dorpsstraat 1', postcode: '1234 AB', city: 'Utrecht', country: 'NL' },
      invoiceAddress: { line1: 'Postbus 9' },
      country: 'NL',
      phone: '030 123 45 67',
      email: 'a@b.example',
      website: 'b.example',
      language: 'nl',
      vatId: 'NL123456789B01',
      kvk: '12345678',
      vatCode: '2',
      paymentTerm: '30',
      currency: 'EUR',
      billTo: id(2),
      isCustomer: true,
      isBlocked: false,
      isEnded: false,
    })
  })

  const states: [string, object, object][] = [
    ['a prospect is none', { Status: 'P' }, { isCustomer: false }],
    ['no status is none', { Status: null }, { isCustomer: false }],
    ['another division is none', { Type: 'D' }, { isCustomer: false }],
    ['blocked', { Blocked: true }, { isCustomer: true, isBlocked: true }],
    ['ended yesterday', { EndDate: `/Date(${Date.parse('2026-03-30')})/` }, { isEnded: true }],
    ['ends today', { EndDate: `/Date(${Date.parse('2026-03-31')})/` }, { isEnded: false }],
    ['bills itself', { InvoiceAccount: id(1) }, { code: '25' }],
  ]
  it.each(states)('%s', (_, part, expected) => {
    const row = fromExactAccount(read(part), today)
    expect(row).toMatchObject(expected)
    expect(row.billTo).toBeUndefined()
  })

  it('gets its main invoice address, whichever comes first', () => {
    const address = (part: object) =>
      accountAddress.parse({ ID: id(9), Account: id(1), Type: 3, Main: false, City: 'Zeist', Country: 'NL ', ...part })
    const all = [
      address({ City: 'Bezoek', Type: 1 }),
      address({ City: 'Tweede' }),
      address({ City: 'Hoofd', Main: true }),
      address({ City: 'Derde' }),
      address({ City: 'Enige', Account: id(2) }),
      address({ City: 'Magazijn', Account: null }),
    ]
    expect([...invoiceAddresses(all)]).toEqual([
      [id(1), { city: 'Hoofd', country: 'NL' }],
      [id(2), { city: 'Enige', country: 'NL' }],
    ])
  })
})

describe('a customer made in Exact Online', () => {
  it('is this, whole', () => {
    expect(toExactAccount(customer({ website: 'voorbeeld.example' }))).toEqual({
      Name: 'Voorbeeld BV',
      Status: 'C',
      Code: '25',
      AddressLine1: 'Dorpsstraat 1',
      Postcode: '1234 AB',
      City: 'Utrecht',
      Country: 'NL',
      Email: 'admin@voorbeeld.example',
      Website: 'voorbeeld.example',
      VATNumber: 'NL123456789B01',
      ChamberOfCommerce: '12345678',
      PaymentConditionSales: '30',
    })
  })

  it('leaves out what it does not have: Exact Online gives the number then', () => {
    const { number: _, vatId: __, kvk: ___, email: ____, paymentTerm: _____, ...bare } = customer()
    expect(toExactAccount({ ...bare, address: {} })).toEqual({ Name: 'Voorbeeld BV', Status: 'C', Country: 'NL' })
  })

  it('takes blanks out of a phone number only when it does not fit with them', () => {
    expect(toExactAccount(customer({ phone: '030 123 45 67' })).Phone).toBe('030 123 45 67')
    expect(toExactAccount(customer({ phone: '+31 (0)30 123 45 67' })).Phone).toBe('+310301234567')
  })

  const long: [string, Partial<NewCustomer>, string, string, string][] = [
    ['name', { name: 'x'.repeat(51) }, '/name', 'De naam', '50'],
    ['number', { number: '1'.repeat(19) }, '/number', 'Het debiteurnummer', '18'],
    ['city', { address: { city: 'x'.repeat(31) } }, '/address/city', 'De plaats', '30'],
    ['address', { address: { line1: 'x'.repeat(61) } }, '/address/line1', 'De eerste adresregel', '60'],
    ['e-mail', { email: `${'x'.repeat(93)}@b.example` }, '/email', 'Het e-mailadres', '100'],
    ['VAT id', { vatId: `NL${'1'.repeat(20)}` }, '/vatId', 'Het btw-nummer', '20'],
  ]
  it.each(long)('says that the %s is too long, and cuts nothing', (_, part, pointer, name, most) => {
    const draft = draftCustomer(customer(part))
    const [problem, ...rest] = 'problems' in draft ? draft.problems : []
    expect(rest).toEqual([])
    expect(problem).toMatchObject({ kind: 'refused', code: 'customer-field-too-long', fields: [{ pointer }] })
    if (!problem) return
    expect(wordsOf(messages, problem, 'nl')?.cause).toBe(
      `${name} is langer dan de ${most} tekens die Exact Online kan bewaren.`,
    )
    expect(wordsOf(messages, problem, 'en')?.cause).not.toMatch(/\{\w+\}/)
  })

  it('is known by the surest of what it has', () => {
    const { number: _, ...unnumbered } = customer()
    const { vatId: __, ...withKvk } = unnumbered
    const { kvk: ___, ...named } = withKvk
    const keys = [customer(), unnumbered, withKvk, named].map((each) => {
      const draft = draftCustomer(each)
      return 'problems' in draft ? undefined : draft.key
    })
    expect(keys).toEqual(['25', 'NL123456789B01', '12345678', 'Voorbeeld BV'])
  })
})

describe('a customer looked for in Exact Online', () => {
  const filters = (body: Parameters<typeof lookups>[0]) => lookups(body).map(({ filter }) => filter)

  it('is looked for by code with its blanks, then VAT id, then KvK, then name and postcode, then name', () => {
    expect(filters(toExactAccount(customer({ name: "Bakkerij 't Stoepje" })))).toEqual([
      "Code eq '                25'",
      "VATNumber eq 'NL123456789B01'",
      "ChamberOfCommerce eq '12345678'",
      "Name eq 'Bakkerij ''t Stoepje' and (Postcode eq '1234 AB' or Postcode eq '1234AB')",
      "Name eq 'Bakkerij ''t Stoepje'",
    ])
  })

  it('is looked for by name alone when there is nothing else', () => {
    expect(filters({ Name: 'Voorbeeld BV' })).toEqual(["Name eq 'Voorbeeld BV'"])
  })

  const body = toExactAccount(customer())
  const cases: [string, object[], object][] = [
    ['absent', [], { is: 'absent' }],
    ['same', [{}], { is: 'same', receipt: { id: id(1), number: '25' } }],
    ['same, its VAT id written otherwise', [{ VATNumber: 'nl 1234.56.789.b01' }], { is: 'same' }],
    ['same, its name written otherwise', [{ VATNumber: null, Name: 'VOORBEELD B.V.' }], { is: 'same' }],
    ['same, renamed there: its VAT id is ours', [{ VATNumber: 'NL123456789B01', Name: 'Anders BV' }], { is: 'same' }],
    [
      'same, renamed there: its KvK number is ours',
      [{ ChamberOfCommerce: '12345678', Name: 'Anders BV' }],
      { is: 'same' },
    ],
    ['somebody else under the same number', [{ Name: 'Garage Piet' }], { is: 'different', why: 'name' }],
    ['the number of somebody else', [{ VATNumber: 'NL999999999B01' }], { is: 'different', why: 'vatId' }],
    ['the number of another company', [{ ChamberOfCommerce: '87654321' }], { is: 'different', why: 'kvk' }],
    ['a prospect', [{ Status: 'P' }], { is: 'different', why: 'not-customer' }],
    ['two candidates', [{}, { ID: id(2), Code: '26' }], { is: 'several', receipts: [{ id: id(1) }, { id: id(2) }] }],
  ]
  it.each(cases)('%s', (_, hits, expected) => {
    expect(compareAccounts(hits.map(read), body)).toMatchObject(expected)
  })

  const namesakes: [string, object[], object][] = [
    ['is asked about', [{ Postcode: null }], { is: 'different', why: 'name-only', receipt: { id: id(1) } }],
    ['with another postcode is somebody else', [{ Postcode: '9999 ZZ' }], { is: 'absent' }],
    ['with another VAT id is somebody else', [{ VATNumber: 'NL999999999B01' }], { is: 'absent' }],
    ['with another KvK number is somebody else', [{ ChamberOfCommerce: '87654321' }], { is: 'absent' }],
    ['is not the only one', [{ Postcode: null }, { ID: id(2), Postcode: null }], { is: 'several' }],
  ]
  it.each(namesakes)('of whom only the name is the same, %s', (_, hits, expected) => {
    expect(compareNamesakes(hits.map(read), body)).toMatchObject(expected)
  })

  const row = (change: Partial<CustomerRow> = {}): CustomerRow => ({
    id: id(1),
    code: '77',
    name: 'Voorbeeld B.V.',
    address: {},
    isCustomer: true,
    isBlocked: false,
    isEnded: false,
    ...change,
  })
  const drafted = draftCustomer(customer())
  const foreseen: [string, CustomerRow[], object][] = [
    ['nobody, and is made', [row({ name: 'Garage Piet' })], { is: 'absent' }],
    [
      'the one with its number and name',
      [row({ code: '25' }), row({ id: id(2) })],
      { is: 'same', receipt: { id: id(1) } },
    ],
    ['the one with its VAT id', [row({ vatId: 'NL123456789B01', name: 'Anders' })], { is: 'same' }],
    ['the one with its name and postcode', [row({ address: { postcode: '1234AB' } })], { is: 'same' }],
    ['somebody to ask about, with its name only', [row()], { is: 'different', why: 'name-only' }],
  ]
  it.each(foreseen)('is foreseen to be %s', (_, rows, expected) => {
    if ('problems' in drafted) throw new Error('the customer can be made')
    expect(foreseeCustomer(drafted, rows)).toMatchObject(expected)
  })
})
