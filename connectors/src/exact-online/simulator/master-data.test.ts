import { describe, expect, it } from 'vitest'
import { typeEntryByHand } from './bookkeeper.ts'
import { TestClient } from './test-client.ts'

const signedIn = (language: 'nl' | 'en' = 'nl') => new TestClient({ language }).signIn()

/** Books one line on 8010 with cost centre ADV and VAT code 2, so that these are in use. */
function used(client: TestClient): void {
  client.post('salesentry/SalesEntries', {
    Journal: '70',
    Customer: client.idOf('crm/Accounts', '10012'),
    EntryDate: '2026-03-31',
    SalesEntryLines: [
      { GLAccount: client.idOf('financial/GLAccounts', '8010'), AmountFC: 1, VATCode: '2', CostCenter: 'ADV' },
    ],
  })
}

describe('ledger accounts', () => {
  it('are made, changed and removed, and the log of deletions tells of it as kind 7', () => {
    const client = signedIn()
    const made = client.post('financial/GLAccounts', {
      Code: '8015',
      Description: 'Omzet nieuw',
      Type: 110,
      VATCode: '2',
    })
    expect(made.status).toBe(201)
    expect(made.d).toMatchObject({ Code: '8015', BalanceType: 'W', UseCostcenter: 0, IsBlocked: false, VATCode: '2  ' })
    const path = `financial/GLAccounts(guid'${made.d.ID}')`
    expect(client.put(path, { IsBlocked: true }).status).toBe(204)
    expect(client.get(path).d).toMatchObject({ IsBlocked: true, Description: 'Omzet nieuw' })
    expect(client.remove(path).status).toBe(204)
    const gone = client.rows('sync/Deleted?$filter=Timestamp gt 1L')
    expect(gone).toMatchObject([{ EntityType: 7, EntityKey: made.d.ID }])
  })

  it('stay when something is booked on them', () => {
    const client = signedIn()
    used(client)
    const path = `financial/GLAccounts(guid'${client.idOf('financial/GLAccounts', '8010')}')`
    expect(client.remove(path).value).toBe('In gebruik: Grootboekrekening')
  })

  it.each([
    ['a code', { Description: 'x' }, 'Verplicht: Code', 'Required: Code'],
    ['a description', { Code: '8016' }, 'Verplicht: Omschrijving', 'Required: Description'],
    ['a code that is free', { Code: '8010', Description: 'x' }, 'Gegeven bestaat reeds', 'Already exists: Code'],
    ['a type of the list', { Code: '8016', Description: 'x', Type: 11 }, 'Ongeldig: Type', 'Invalid: Type'],
    [
      'a VAT code that is there',
      { Code: '8016', Description: 'x', VATCode: '99' },
      'Ongeldige referentie: Btw-code',
      'Invalid reference: VAT code',
    ],
  ])('want %s', (_, values, nl, en) => {
    const said = (language: 'nl' | 'en') => signedIn(language).post('financial/GLAccounts', values).value
    expect([said('nl'), said('en')]).toEqual([nl, en])
  })
})

describe('VAT codes', () => {
  it('are made with their dated percentages, as a fraction, and padded when read', () => {
    const client = signedIn()
    const made = client.post('vat/VATCodes', {
      Code: '22',
      Description: 'Btw 22%',
      VATPercentages: [{ Percentage: 0.22, StartDate: '2027-01-01' }],
    })
    expect(made.d).toMatchObject({ Code: '22 ', Percentage: 0.22, Type: 'E', VATTransactionType: 'B' })
    expect(client.rows(`vat/VATCodes(guid'${made.d.ID}')/VATPercentages`)).toMatchObject([
      { Percentage: 0.22, StartDate: `/Date(${Date.UTC(2027, 0, 1)})/`, LineNumber: 1 },
    ])
    expect(client.put(`vat/VATCodes(guid'${made.d.ID}')`, { IsBlocked: true }).status).toBe(204)
    expect(client.remove(`vat/VATCodes(guid'${made.d.ID}')`).status).toBe(204)
  })

  it.each([
    ['a code of three signs', { Code: '2100', Description: 'x' }, 'Ongeldig: Code (te lang, maximaal 3)'],
    ['a code that is free', { Code: '2', Description: 'x' }, 'Gegeven bestaat reeds'],
    ['a known type', { Code: '22', Description: 'x', Type: 'Q' }, 'Ongeldig: Type'],
    ['a use', { Code: '22', Description: 'x', VATTransactionType: 'X' }, 'Ongeldig: Btw-transactietype'],
  ])('want %s', (_, values, said) => {
    expect(signedIn().post('vat/VATCodes', values).value).toBe(said)
  })

  it('stay when something is booked with them', () => {
    const client = signedIn()
    used(client)
    expect(client.remove(`vat/VATCodes(guid'${client.idOf('vat/VATCodes', '2')}')`).value).toBe('In gebruik: Btw-code')
  })
})

describe('cost centres and cost units', () => {
  it.each(['hrm/Costcenters', 'hrm/Costunits'])('%s keep the code they were made with', (path) => {
    const client = signedIn()
    const { ID } = client.post(path, { Code: 'NEW', Description: 'Nieuw' }).d
    expect(client.put(`${path}(guid'${ID}')`, { Code: 'OTHER', Description: 'Anders' }).status).toBe(204)
    expect(client.get(`${path}(guid'${ID}')`).d).toMatchObject({ Code: 'NEW', Description: 'Anders' })
    expect(client.post(path, { Code: 'NINESIGNS', Description: 'x' }).value).toContain('maximaal 8')
    expect(client.remove(`${path}(guid'${ID}')`).status).toBe(204)
  })

  it('stay when something is booked on them', () => {
    const client = signedIn()
    used(client)
    const path = `hrm/Costcenters(guid'${client.idOf('hrm/Costcenters', 'ADV')}')`
    expect(client.remove(path).value).toBe('In gebruik: Kostenplaats')
  })
})

describe('items', () => {
  it('keep the unit they were made with', () => {
    const client = signedIn()
    const path = `logistics/Items(guid'${client.idOf('logistics/Items', 'UREN-ADV')}')`
    expect(client.put(path, { Unit: 'pc', Description: 'Advies per uur' }).status).toBe(204)
    expect(client.get(path).d).toMatchObject({ Unit: 'hour    ', Description: 'Advies per uur' })
  })
})

describe('lists that may not be asked for bare', () => {
  it.each(['generaljournalentry/GeneralJournalEntries', 'logistics/SalesItemPrices', 'cashflow/DirectDebitMandates'])(
    '%s wants $select or $top=1',
    (path) => {
      const client = signedIn()
      expect(client.get(path).value).toBe('Please add a $select or a $top=1 statement to the query string.')
      expect(client.get(`${path}?$top=2`).status).toBe(400)
      expect([client.get(`${path}?$top=1`).status, client.get(`${path}?$select=Created`).status]).toEqual([200, 200])
    },
  )
})

describe('divisions beyond the consent', () => {
  it('are in the list of all of them, and in no other', () => {
    const client = new TestClient().signIn({ division: '1234567' })
    expect(client.rows('system/AllDivisions').map(({ Code }) => Code)).toEqual([1234401, 1234567, 1234568])
    expect(client.rows('system/Divisions').map(({ Code }) => Code)).toEqual([1234567])
  })
})

describe('what is to be paid', () => {
  it('stands among the payments, never among the receivables', () => {
    const client = signedIn()
    expect(client.rows('cashflow/Payments?$select=YourRef,AmountDC')).toMatchObject([
      { YourRef: 'INK-1', AmountDC: 242 },
    ])
    expect(client.rows('bulk/Cashflow/Payments?$select=YourRef')).toHaveLength(1)
    expect(client.rows('cashflow/Receivables')).toEqual([])
  })
})

describe('where reading by row version may start', () => {
  const path = (modified: string, endPoint: string) =>
    `read/sync/Sync/SyncTimestamp?modified=${modified}&endPoint=${endPoint}`

  it('is the version of the first row that was changed at that time or later', () => {
    const client = signedIn()
    const lines = [{ ledgerAccount: '8010', net: '1.00', vatCode: '2' }]
    typeEntryByHand(client.desk, { customer: '10012', reference: 'old', date: '2026-03-30', lines })
    client.clock.advance(86_400_000)
    client.signIn()
    typeEntryByHand(client.desk, { customer: '10012', reference: 'new', date: '2026-03-30', lines })
    const [start] = client.rows(path("datetime'2026-04-11T00:00:00'", "'TransactionLines'"))
    expect(start).toMatchObject({ API: 'TransactionLines', TimeStampAsBigInt: expect.stringMatching(/^\d+$/) })
    const rows = client.rows(`sync/Financial/TransactionLines?$filter=Timestamp ge ${start?.TimeStampAsBigInt}L`)
    expect(new Set(rows.map(({ YourRef }) => YourRef))).toEqual(new Set(['new']))
    expect(client.rows(path("datetime'2027-01-01'", "'TransactionLines'"))).toEqual([])
  })

  it.each([
    ['read/sync/Sync/SyncTimestamp'],
    [path("datetime'2026-01-01'", '')],
    [path('2026-01-01', "'TransactionLines'")],
    [path("datetime'2026-01-01'", "'Accounts'")],
  ])('wants both parameters: %s', (asked) => {
    expect(signedIn().get(asked).status).toBe(400)
  })
})
