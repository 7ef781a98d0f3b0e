import { describe, expect, it } from 'vitest'
import { editDivision, typeEntryByHand } from './bookkeeper.ts'
import { TestClient } from './test-client.ts'

const full = { prefer: 'return=representation' }
const signedIn = (language: 'nl' | 'en' = 'nl') => new TestClient({ language }).signIn()

describe('creating an account', () => {
  it('echoes an almost empty object unless a representation is preferred', () => {
    const client = signedIn()
    const bare = client.post('crm/Accounts', { Name: 'Voorbeeld B.V.', City: 'Utrecht' })
    expect(bare.status).toBe(201)
    expect(bare.d).toMatchObject({ Name: null, Code: null, City: null, Email: null, IsMailing: 0 })
    expect(bare.d.ID).toMatch(/^[0-9a-f-]{36}$/)
    expect(client.get(`crm/Accounts(guid'${bare.d.ID}')`).d).toMatchObject({ Name: 'Voorbeeld B.V.', City: 'Utrecht' })
    expect(client.post('crm/Accounts', { Name: 'Voorbeeld B.V.' }, full).d.Name).toBe('Voorbeeld B.V.')
  })

  it('takes the highest code plus one, and refuses a code that is taken, padded or not', () => {
    const client = signedIn()
    expect(client.post('crm/Accounts', { Name: 'A' }, full).d.Code).toBe('20002'.padStart(18))
    expect(client.post('crm/Accounts', { Name: 'Wide', Code: '0090011' }, full).d.Code).toBe('0090011'.padStart(18))
    expect(client.post('crm/Accounts', { Name: 'Wider' }, full).d.Code).toBe('0090012'.padStart(18))
    const taken = client.post('crm/Accounts', { Name: 'B', Code: '10012'.padStart(18) })
    expect([taken.status, taken.value]).toEqual([500, 'Gegeven bestaat reeds'])
    expect(signedIn('en').post('crm/Accounts', { Name: 'B', Code: '10012' }).value).toBe('Already exists: Code')
  })

  it('takes letters in a code, unless the administration is set to numbers alone', () => {
    const client = signedIn()
    expect(client.post('crm/Accounts', { Name: 'A', Code: 'KLANT1' }, full).d.Code).toBe('KLANT1'.padStart(18))
    editDivision(client.desk, { numericAccountCodes: true })
    expect(client.post('crm/Accounts', { Name: 'B', Code: 'KLANT2' }).value).toBe('Ongeldig: Code')
    expect(client.post('crm/Accounts', { Name: 'B', Code: '30001' }).status).toBe(201)
  })

  it('names everything that is wrong at once, in the language of the user', () => {
    const wrong = { Email: 'niet@goed', VATNumber: 'NL12', PaymentConditionSales: '99', Country: 'XX' }
    const lines = [
      'Ongeldig: Email []',
      'Ongeldig: Btw-nummer',
      'Ongeldige referentie: Land',
      'Ongeldige referentie: Betalingsconditie',
    ]
    const answer = signedIn().post('crm/Accounts', wrong)
    expect(JSON.parse(answer.text)).toEqual({
      error: { code: '', message: { lang: '', value: ['Verplicht: Naam', ...lines].join('\r\n') } },
    })
    expect(signedIn('en').post('crm/Accounts', wrong).value.split('\r\n')).toContain(
      'Invalid reference: Payment condition',
    )
  })

  it('refuses texts that are too long', () => {
    const answer = signedIn().post('crm/Accounts', { Name: 'x'.repeat(51), Phone: '0'.repeat(18) })
    expect(answer.value).toBe('Ongeldig: Naam (te lang, maximaal 50)\r\nOngeldig: Telefoon (te lang, maximaal 17)')
  })

  it('silently empties a currency it does not know', () => {
    const client = signedIn()
    expect(client.post('crm/Accounts', { Name: 'A', SalesCurrency: 'QQQ' }, full).d.SalesCurrency).toBeNull()
    expect(client.post('crm/Accounts', { Name: 'B', SalesCurrency: 'USD' }, full).d.SalesCurrency).toBe('USD')
  })

  it('keeps é, ß, € and & intact', () => {
    const client = signedIn()
    const Name = 'Café Groß & Zn €'
    expect(client.post('crm/Accounts', { Name }, full).d.Name).toBe(Name)
  })

  it('makes a visit address of its own', () => {
    const client = signedIn()
    const { d } = client.post('crm/Accounts', { Name: 'A', AddressLine1: 'Kade 1', City: 'Goes', Country: 'NL' })
    const found = client.rows(`crm/Addresses?$filter=Account eq guid'${d.ID}'`)
    expect(found).toHaveLength(1)
    expect(found[0]).toMatchObject({ AddressLine1: 'Kade 1', Type: 1, Main: true, Country: 'NL ', AccountName: 'A' })
    client.put(`crm/Addresses(guid'${found[0]?.ID}')`, { City: 'Tholen' })
    expect(client.get(`crm/Accounts(guid'${d.ID}')`).d.City).toBe('Tholen')
  })
})

describe('requests that cannot be read', () => {
  const name = 'Error processing request stream.'
  it.each([
    ['{', `${name} JSON text specified is not valid.`],
    ['[]', `${name} The request should be a valid top-level resource object.`],
    ['{"Name":5}', /property 'Name' to type 'String'/],
    ['{"Name":"A","GLAR":"8010"}', /property 'GLAR' to type 'Guid'/],
    ['{"Name":"A","Blocked":"yes"}', /property 'Blocked' to type 'Boolean'/],
    ['{"Name":"A","EndDate":"31-12-2026"}', /property 'EndDate' to type 'DateTime'/],
    ['{"Name":"A","EndDate":"2026-02-30"}', /property 'EndDate' to type 'DateTime'/],
    ['{"Name":"A","Nonsense":1}', /property name 'Nonsense'/],
  ])('are 400: %s', (sent, said) => {
    const answer = signedIn().post('crm/Accounts', sent)
    expect(answer.status).toBe(400)
    expect(answer.value).toMatch(said)
  })

  it('are 415 when they are not JSON', () => {
    expect(signedIn().post('crm/Accounts', { Name: 'A' }, { 'content-type': 'text/plain' }).status).toBe(415)
  })

  it('ignore read-only fields and what came along with a row that was read', () => {
    const client = signedIn()
    const id = client.idOf('crm/Accounts', '10012')
    const { d } = client.get(`crm/Accounts(guid'${id}')`)
    expect(client.put(`crm/Accounts(guid'${id}')`, { ...d, Name: 'Van Dalen Groep B.V.', IsSales: false }).status).toBe(
      204,
    )
    expect(client.get(`crm/Accounts(guid'${id}')`).d).toMatchObject({ Name: 'Van Dalen Groep B.V.', IsSales: true })
  })
})

describe('changing and removing an account', () => {
  it('answers 204 without a body, and keeps what was not sent', () => {
    const client = signedIn()
    const path = `crm/Accounts(guid'${client.idOf('crm/Accounts', '10017')}')`
    const before = client.get(path).d
    client.clock.advance(5_000)
    const answer = client.put(path, { Email: 'neu@kessler.example' })
    expect([answer.status, answer.text]).toEqual([204, ''])
    const after = client.get(path).d
    expect(after).toMatchObject({ Name: before.Name, Code: before.Code, Email: 'neu@kessler.example' })
    expect(after.Modified).not.toBe(before.Modified)
  })

  it('removes an account without entries, and refuses one with entries', () => {
    const client = signedIn()
    const lines = [{ ledgerAccount: '8010', net: '100', vatCode: '2' }]
    typeEntryByHand(client.desk, { customer: '10012', reference: 'X1', date: '2026-03-01', lines })
    const path = (code: string) => `crm/Accounts(guid'${client.idOf('crm/Accounts', code)}')`
    expect(client.remove(path('10012')).value).toBe('In gebruik: Relatie')
    const gone = path('10017')
    expect(client.remove(gone).status).toBe(204)
    expect(client.get(gone).status).toBe(404)
    expect(client.remove(gone).status).toBe(404)
  })
})
