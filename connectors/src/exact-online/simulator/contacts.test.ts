import { describe, expect, it } from 'vitest'
import { removeAccount } from './bookkeeper.ts'
import { TestClient } from './test-client.ts'

const full = { prefer: 'return=representation' }

/** A signed-in client and one account to hang people on. */
function people(language: 'nl' | 'en' = 'nl') {
  const client = new TestClient({ language }).signIn()
  const Account = client.idOf('crm/Accounts', '10012')
  const post = (values: object = {}, headers: Record<string, string> = full) =>
    client.post('crm/Contacts', { Account, FirstName: 'Anna', LastName: 'Test', ...values }, headers)
  return { client, Account, post }
}

describe('a contact', () => {
  it('answers as recorded: padded, with its account beside it, the first one the main one', () => {
    const { client, Account, post } = people()
    const made = post({ Email: 'anna@vandalen.example' })
    expect(made.status).toBe(201)
    expect(made.d).toMatchObject({
      __metadata: { type: 'Exact.Web.Api.Models.Contact' },
      Account,
      AccountIsCustomer: true,
      AccountIsSupplier: false,
      AccountMainContact: made.d.ID,
      AccountName: 'Van Dalen Techniek B.V.',
      BirthName: 'Test',
      BusinessEmail: 'anna@vandalen.example',
      Code: '             10012',
      Country: 'NL ',
      FullName: 'Anna Test',
      IsAnonymised: 0,
      IsMainContact: true,
      Language: 'NL        ',
    })
    expect(post({ FirstName: 'Bo' }).d).toMatchObject({ IsMainContact: false, AccountMainContact: made.d.ID })
    expect(client.get(`crm/Accounts(guid'${Account}')`).d.MainContact).toBe(made.d.ID)
  })

  it('echoes an almost empty object unless a representation is preferred', () => {
    const echo = people().post({}, {}).d
    expect(echo).toMatchObject({ Account: null, FirstName: null, AccountIsCustomer: false, IsAnonymised: 0 })
    expect(echo.ID).toMatch(/^[0-9a-f-]{36}$/)
  })

  it.each<[string, object, string, string]>([
    ['an account', { Account: null }, 'Verplicht: Relatie', 'Required: Account'],
    [
      'an account that is there',
      { Account: '00000000-0000-4000-8000-000000000000' },
      'Ongeldige referentie: Relatie',
      'Invalid reference: Account',
    ],
    ['a first or a last name', { FirstName: '', LastName: null }, 'Verplicht: Achternaam', 'Required: Last name'],
    ['a mail address that is one', { Email: 'anna@' }, 'Ongeldig: Email []', 'Invalid: Email []'],
  ])('wants %s', (_, values, nl, en) => {
    expect([people('nl').post(values).value, people('en').post(values).value]).toEqual([nl, en])
  })

  it('is no account: an entry on it is refused', () => {
    const { client, post } = people()
    const line = { GLAccount: client.idOf('financial/GLAccounts', '8010'), AmountFC: 1, VATCode: '2' }
    const entry = { Journal: '70', Customer: post().d.ID, EntryDate: '2026-03-31', SalesEntryLines: [line] }
    expect(client.post('salesentry/SalesEntries', entry).value).toBe('Ongeldige referentie: Klant')
  })

  it('is changed, removed and synced; the log of deletions tells of it, also when its account goes', () => {
    const { client, Account, post } = people()
    const path = `crm/Contacts(guid'${post().d.ID}')`
    expect(client.put(path, { Email: 'a@vandalen.example' }).status).toBe(204)
    expect(client.get(path).d).toMatchObject({ BusinessEmail: 'a@vandalen.example', FirstName: 'Anna' })
    expect(client.rows('sync/CRM/Contacts?$filter=Timestamp gt 1L')).toHaveLength(1)
    expect(client.rows('bulk/CRM/Contacts?$select=ID')).toHaveLength(1)
    expect(client.remove(path).status).toBe(204)
    expect(client.get(`crm/Accounts(guid'${Account}')`).d.MainContact).toBeNull()
    post()
    removeAccount(client.desk, '10012')
    const gone = client.rows('sync/Deleted?$filter=Timestamp gt 1L').map(({ EntityType }) => EntityType)
    expect(gone.filter((type) => type === 5)).toHaveLength(2)
    expect(client.rows('crm/Contacts')).toEqual([])
  })
})
