import { describe, expect, it } from 'vitest'
import { acts, byHand } from './by-hand.ts'
import { booksPage } from './page.ts'
import { TestClient } from './test-client.ts'

/** A world with an entry `F-1` of 121.00 and an open invoice `PO 1`, and somebody at its page. */
function desk(language: 'nl' | 'en' = 'nl') {
  const client = new TestClient({ language }).signIn()
  const Customer = client.idOf('crm/Accounts', '10012')
  const act = (name: string, fields: Record<string, string> = {}) =>
    byHand(new URLSearchParams({ act: name, ...fields }), client.world, client.clock, client.random)
  act('type-entry', { customer: '10012', reference: 'F-1', date: '2026-03-31', amount: '100,00', vat: '2' })
  client.post('salesinvoice/SalesInvoices', {
    Journal: '70',
    OrderedBy: Customer,
    YourRef: 'PO 1',
    SalesInvoiceLines: [{ Item: client.idOf('logistics/Items', 'UREN-ADV'), Quantity: 1, NetPrice: 100 }],
  })
  const entry = () => client.rows("salesentry/SalesEntries?$filter=YourRef eq 'F-1'")[0]
  const outstanding = () => client.rows('read/financial/ReceivablesList').map(({ Amount }) => Amount)
  const page = (said?: string) => booksPage(client.world, 'http://127.0.0.1', said)
  return { client, act, entry, outstanding, page }
}

describe('the page of the books', () => {
  it.each(['nl', 'en'] as const)('has a button for every act, in %s, and no other', (language) => {
    const { page } = desk(language)
    const buttons = [...page().matchAll(/<button name="act" value="([^"]+)">([^<]+)</g)]
    expect([...new Set(buttons.map(([, name]) => name))].toSorted()).toEqual(Object.keys(acts).toSorted())
    expect(buttons.every(([, , words]) => words)).toBe(true)
  })

  it('shows entries, invoices, payments and documents, and what the books complained of', () => {
    const { act, page } = desk()
    act('pay-part', { of: 'F-1', amount: '21,00' })
    act('print', { of: 'PO 1' })
    const html = page('Reeds <b>verwerkt</b>')
    expect(html).toContain('Openstaand EUR 100,00')
    expect(html).toContain('Betaald EUR 21,00, betaald op 2026-04-10')
    expect(html).toContain('70 · 26700002')
    expect(html).toContain('inv26700002.PDF')
    expect(html).toContain('Reeds &#60;b&#62;verwerkt&#60;/b&#62;')
  })
})

describe('the general journals on the page', () => {
  it('show what was written off, debit and credit', () => {
    const { act, page } = desk()
    act('write-off', { of: 'F-1' })
    const html = page()
    expect(html).toContain('<h2>Memoriaalboekingen</h2>')
    expect(html).toContain('90 · 26900001')
    expect(html).toMatch(/<td>4900<\/td><td>Afboeking<\/td><td class="num">121,00/)
    expect(html).toMatch(/<td>1300<\/td><td>Afboeking<\/td><td class="num">−121,00/)
    expect(html).not.toMatch(/undefined|null|NaN/)
  })
})

describe('by hand', () => {
  it('somebody chooses the language of a user, whoever else reads another', () => {
    const { act, client } = desk()
    act('speak-en', { user: 'sanne@noordkade.example' })
    expect(client.post('crm/Accounts', {}).value).toBe('Required: Name')
    act('speak-nl', { user: 'sanne@noordkade.example' })
    expect(client.post('crm/Accounts', {}).value).toBe('Verplicht: Naam')
  })

  it('settings of the administration are turned on and off', () => {
    const { act, client } = desk()
    const make = () => client.post('crm/Accounts', { Name: 'A', Code: `K${client.rows('crm/Accounts').length}` }).status
    const numbered = () => {
      const [invoice] = client.rows("salesinvoice/SalesInvoices?$filter=YourRef eq 'PO 1'")
      return client.post('salesinvoice/SalesInvoices', {
        Journal: '70',
        OrderedBy: invoice?.OrderedBy,
        SalesInvoiceLines: [{ Item: client.idOf('logistics/Items', 'UREN-ADV'), Quantity: 1, NetPrice: 1 }],
      })
    }
    expect([make(), act('numeric-codes'), make(), act('numeric-codes'), make()]).toEqual([
      201,
      undefined,
      500,
      undefined,
      201,
    ])
    expect(numbered().d.InvoiceNumber).toBeNull()
    act('number-at-entry')
    expect(numbered().d.InvoiceNumber).toBe(26700002)
    client.put(`crm/Accounts(guid'${client.idOf('crm/Accounts', '10012')}')`, { PaymentConditionSales: null })
    act('default-condition')
    expect(numbered().value).toBe('Verplicht: Betalingsconditie')
    act('default-condition')
    expect(numbered().d.PaymentCondition).toBe('00')
    act('mandatory-filters')
    expect(client.get('crm/Accounts').status).toBe(400)
    act('mandatory-filters')
    expect(client.get('crm/Accounts').status).toBe(200)
  })

  it('a payment comes in, in part and in full, is taken back and written off', () => {
    const { act, outstanding } = desk()
    expect(act('pay-part', { of: 'F-1', amount: '21,00' })).toBeUndefined()
    expect(outstanding()).toEqual([100])
    act('pay', { of: 'F-1', date: '2026-04-09' })
    expect(outstanding()).toEqual([])
    act('unmatch', { of: 'F-1' })
    expect(outstanding().toSorted((a, b) => Number(a) - Number(b))).toEqual([-100, -21, 21, 100])
    act('write-off', { of: 'F-1' })
    expect(outstanding().toSorted()).toEqual([-100, -21])
  })

  it('an entry is changed and deleted, and one is typed with a number of its own', () => {
    const { act, client, entry } = desk()
    act('change-entry', { of: 'F-1', date: '2026-04-01' })
    expect(entry()?.EntryDate).toBe(`/Date(${Date.UTC(2026, 3, 1)})/`)
    const typed = { customer: '10012', reference: 'F-9', date: '2026-03-31', amount: '1.512,50' }
    expect(act('type-entry', { ...typed, number: '26700099' })).toBeUndefined()
    expect(client.rows('salesentry/SalesEntries?$filter=EntryNumber eq 26700099')).toMatchObject([
      { AmountFC: 1830.13 },
    ])
    expect(act('type-entry', { ...typed, number: '26700099' })).toBe('In gebruik: Boekstuknummer')
    act('delete-entry', { of: 'F-1' })
    expect(entry()).toBeUndefined()
  })

  it('an open invoice is printed or discarded', () => {
    const { act, client } = desk()
    expect(act('print', { of: 'PO 1', date: '2026-04-02' })).toBeUndefined()
    expect(act('discard', { of: 'PO 1' })).toBe('Reeds verwerkt')
    expect(client.rows('salesinvoice/SalesInvoices')).toMatchObject([{ Status: 50 }])
  })

  it('an account becomes a prospect, is blocked, and a customer again; with entries it stays', () => {
    const { act, client } = desk()
    const account = () => client.rows("crm/Accounts?$filter=trim(Code) eq '10012'")[0]
    act('prospect', { of: '10012' })
    expect(account()?.Status).toBe('P')
    act('block-account', { of: '10012' })
    act('customer', { of: '10012' })
    expect(account()).toMatchObject({ Status: 'C', Blocked: false })
    expect(act('delete-account', { of: '10012' })).toBe('In gebruik: Relatie')
    expect(act('delete-account', { of: '10017' })).toBeUndefined()
  })

  it('an account gets an address for its invoices, and another one after that', () => {
    const { act, client } = desk()
    const type3 = () => client.rows('crm/Addresses?$filter=Type eq 3').map(({ AddressLine1 }) => AddressLine1)
    act('invoice-address', { of: '10012', line: 'Postbus 12', postcode: '3500 AA', city: 'Utrecht' })
    act('invoice-address', { of: '10012', line: 'Postbus 14', postcode: '3500 AA', city: 'Utrecht' })
    expect(type3()).toEqual(['Postbus 14'])
  })

  it('an item is no longer sold, ends, and is sold again', () => {
    const { act, client } = desk()
    const item = () => client.rows("logistics/Items?$filter=Code eq 'UREN-ADV'")[0]
    act('block-item', { of: 'UREN-ADV' })
    act('end-item', { of: 'UREN-ADV' })
    expect(item()).toMatchObject({ IsSalesItem: false, EndDate: `/Date(${Date.UTC(2026, 3, 9)})/` })
    act('sell-item', { of: 'UREN-ADV' })
    expect(item()).toMatchObject({ IsSalesItem: true, EndDate: null })
  })

  it('periods and years are closed, opened, taken away and made', () => {
    const { act, client } = desk()
    const closed = () =>
      client.all('read/financial/JournalStatusList?$filter=Status eq 1&$select=Journal,Year,Period,Status').rows.length
    act('close-period', { month: '2026-02' })
    expect(closed()).toBe(6)
    act('reopen-period', { month: '2026-02' })
    act('close-year', { year: '2025' })
    expect(closed()).toBe(72)
    act('reopen-year', { year: '2025' })
    expect(closed()).toBe(0)
    const periods = () => client.rows('financial/FinancialPeriods?$filter=FinYear eq 2027&$select=FinPeriod').length
    act('remove-year', { year: '2027' })
    expect(periods()).toBe(0)
    act('add-year', { year: '2027' })
    expect(periods()).toBe(12)
  })

  it('a right is taken away: lists are empty, or refused with a reason or without', () => {
    const { act, client } = desk()
    const right = { user: 'sanne@noordkade.example', path: 'salesentry/' }
    const answer = () => client.get('salesentry/SalesEntries?$select=EntryID')
    const has = (endpoint = 'salesentry/SalesEntries') =>
      client.get(`users/UserHasRights?endpoint='${endpoint}'&action='GET'`).d.UserHasRights
    act('empty-lists', right)
    expect([has(), has('crm/Accounts')]).toEqual([false, true])
    expect([answer().status, client.rows('salesentry/SalesEntries')]).toEqual([200, []])
    act('allow', right)
    act('refuse', right)
    expect([answer().status, answer().headers.reason]).toEqual([403, undefined])
    act('refuse', { ...right, reason: 'LicenseExpired' })
    expect([answer().status, answer().headers.reason]).toEqual([403, 'LicenseExpired'])
    act('allow', right)
    expect(answer().status).toBe(200)
  })

  it('somebody opens another company, and CurrentDivision moves along', () => {
    const { act, client } = desk()
    act('open-division', { division: '1234568' })
    expect(client.rows('/api/v1/current/Me')[0]?.CurrentDivision).toBe(1234568)
  })

  it.each([
    ['nl', 'Niet gevonden: 99999', 'Dit is geen bedrag: veel', 'Vul eerst in: Bedrag'],
    ['en', 'Not found: 99999', 'This is no amount: veel', 'Fill in first: Amount'],
  ] as const)('what cannot be done is explained in %s', (language, absent, amount, empty) => {
    const { act } = desk(language)
    expect(act('prospect', { of: '99999' })).toBe(absent)
    expect(act('pay-part', { of: 'F-1', amount: 'veel' })).toBe(amount)
    expect(act('pay-part', { of: 'F-1' })).toBe(empty)
  })
})
