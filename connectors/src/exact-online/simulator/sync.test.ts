import { describe, expect, it } from 'vitest'
import {
  addAccount,
  discardInvoice,
  editAccount,
  fillAccounts,
  moveDivision,
  printInvoice,
  removeAccount,
  removeEntry,
  removeItem,
  typeEntryByHand,
} from './bookkeeper.ts'
import { TestClient } from './test-client.ts'

const signedIn = () => new TestClient().signIn()

/** All rows after a mark, and the row version of the last one, which is the highest. */
function since(client: TestClient, path: string, mark: string) {
  const { rows } = client.all(`${path}?$filter=Timestamp gt ${mark}L&$select=*`)
  return { rows, mark: String(rows.at(-1)?.Timestamp ?? mark) }
}

describe('sync', () => {
  it('gives a row version as text, and after a mark only what changed', () => {
    const client = signedIn()
    const first = since(client, 'sync/CRM/Accounts', '1')
    expect(first.rows).toHaveLength(6)
    expect(first.rows.every(({ Timestamp }) => typeof Timestamp === 'string')).toBe(true)
    editAccount(client.desk, '10012', { Phone: '030' })
    addAccount(client.desk, { Name: 'Erbij', Status: 'C' })
    const second = since(client, 'sync/CRM/Accounts', first.mark)
    expect(second.rows.map(({ Name }) => Name)).toEqual(['Van Dalen Techniek B.V.', 'Erbij'])
    expect(since(client, 'sync/CRM/Accounts', second.mark).rows).toEqual([])
  })

  it('comes in pages of a thousand, in order of row version', () => {
    const client = signedIn()
    fillAccounts(client.desk, 1_500)
    const { rows, pages } = client.all('sync/CRM/Accounts?$filter=Timestamp gt 1L&$select=ID,Timestamp')
    expect([rows.length, pages]).toEqual([1_506, 2])
    const versions = rows.map(({ Timestamp }) => Number(Timestamp))
    expect(versions).toEqual(versions.toSorted((a, b) => a - b))
    const { d } = client.get('sync/CRM/Accounts?$filter=Timestamp gt 1L&$select=ID,Timestamp')
    const last = (d.results as unknown as { Timestamp: string }[]).at(-1)?.Timestamp
    expect(d.__next).toMatch(new RegExp(`\\$skiptoken=${last}L$`))
  })

  it('filters on Timestamp alone, has no $skip, and only reads', () => {
    const client = signedIn()
    expect(client.get("sync/CRM/Accounts?$filter=Timestamp gt 1L and Status eq 'C'").status).toBe(400)
    expect(client.get('sync/CRM/Accounts?$skip=1').status).toBe(400)
    expect(client.post('sync/CRM/Accounts', { Name: 'A' }).status).toBe(405)
  })

  it.each(['sync/CRM/Addresses', 'sync/Logistics/Items', 'sync/Financial/GLAccounts'])('exists for %s', (path) => {
    expect(since(signedIn(), path, '1').rows.length).toBeGreaterThan(1)
  })

  it('does not show row versions outside sync', () => {
    expect(signedIn().rows('crm/Accounts')[0]).not.toHaveProperty('Timestamp')
  })
})

describe('the log of deletions', () => {
  it('tells what went, of which kind', () => {
    const client = signedIn()
    const [account, item] = [client.idOf('crm/Accounts', '10017'), client.idOf('logistics/Items', 'ABO')]
    removeAccount(client.desk, '10017')
    removeItem(client.desk, 'ABO')
    const { rows } = since(client, 'sync/Deleted', '1')
    const found = rows.map(({ EntityKey, EntityType }) => [EntityKey, EntityType])
    expect(found).toContainEqual([account, 2])
    expect(found).toContainEqual([item, 9])
    expect(found.some(([, type]) => type === 3)).toBe(true)
  })

  it('goes back two months', () => {
    const client = signedIn()
    removeAccount(client.desk, '10020')
    client.clock.advance(60 * 86_400_000)
    client.signIn()
    expect(since(client, 'sync/Deleted', '1').rows.length).toBeGreaterThan(0)
    client.clock.advance(2 * 86_400_000)
    client.signIn()
    expect(since(client, 'sync/Deleted', '1').rows).toEqual([])
  })
})

/** A signed-in client with something in every list that has row versions. */
function everything() {
  const client = signedIn()
  const OrderedBy = client.idOf('crm/Accounts', '10012')
  client.post('salesinvoice/SalesInvoices', {
    Journal: '70',
    OrderedBy,
    YourRef: 'PO 1',
    SalesInvoiceLines: [{ Item: client.idOf('logistics/Items', 'UREN-ADV'), Quantity: 1, NetPrice: 1 }],
  })
  client.post('salesinvoice/SalesInvoices', {
    Journal: '70',
    OrderedBy,
    YourRef: 'PO 2',
    SalesInvoiceLines: [{ Item: client.idOf('logistics/Items', 'UREN-ADV'), Quantity: 1, NetPrice: 1 }],
  })
  printInvoice(client.desk, 'PO 1')
  client.post('crm/Contacts', { Account: OrderedBy, LastName: 'Test' })
  client.post('financial/GLAccounts', { Code: '8015', Description: 'Omzet nieuw', Type: 110 })
  return client
}

describe('every list with row versions', () => {
  const lists: [path: string, entityType: number, remove: (client: TestClient) => unknown][] = [
    ['sync/CRM/Accounts', 2, (client) => removeAccount(client.desk, '10017')],
    ['sync/CRM/Addresses', 3, (client) => removeAccount(client.desk, '10017')],
    ['sync/CRM/Contacts', 5, (client) => removeFirst(client, 'crm/Contacts')],
    ['sync/Financial/TransactionLines', 1, (client) => typeAndRemove(client)],
    [
      'sync/Financial/GLAccounts',
      7,
      (client) => client.remove(`financial/GLAccounts(guid'${client.idOf('financial/GLAccounts', '8015')}')`),
    ],
    ['sync/Documents/DocumentAttachments', 4, (client) => removeFirst(client, 'documents/DocumentAttachments')],
    ['sync/Documents/Documents', 6, (client) => removeFirst(client, 'documents/Documents')],
    ['sync/Logistics/Items', 9, (client) => removeItem(client.desk, 'ABO')],
    ['sync/Cashflow/PaymentTerms', 10, (client) => typeAndRemove(client)],
    ['sync/SalesInvoice/SalesInvoices', 13, (client) => discardInvoice(client.desk, 'PO 2')],
  ]
  const removeFirst = (client: TestClient, path: string) => {
    const [row] = client.rows(`${path}?$select=ID`)
    expect(client.remove(`${path}(guid'${row?.ID}')`).status).toBe(204)
  }
  const typeAndRemove = (client: TestClient) => {
    const lines = [{ ledgerAccount: '8010', net: '1.00', vatCode: '2' }]
    typeEntryByHand(client.desk, { customer: '10012', reference: 'weg', date: '2026-03-30', lines })
    removeEntry(client.desk, 'weg')
  }

  it.each(lists)('%s gives its versions anew when the division moves', (path) => {
    const client = everything()
    const { rows, mark } = since(client, path, '1')
    expect(rows.length).toBeGreaterThan(0)
    moveDivision(client.desk)
    expect(since(client, path, mark).rows).toEqual([])
    expect(since(client, path, '0').rows).toHaveLength(rows.length)
  })

  it.each(lists)('%s tells of deletions as kind %i, for two months', (_, entityType, remove) => {
    const client = everything()
    remove(client)
    const told = () => client.rows('sync/Deleted?$filter=Timestamp gt 1L').map(({ EntityType }) => EntityType)
    expect(told()).toContain(entityType)
    client.clock.advance(62 * 86_400_000)
    client.signIn()
    expect(told()).toEqual([])
  })
})

describe('moving a division', () => {
  it('gives every row version anew, below the old marks, and sets the date', () => {
    const client = signedIn()
    const { mark } = since(client, 'sync/CRM/Accounts', '1')
    moveDivision(client.desk)
    expect(since(client, 'sync/CRM/Accounts', mark).rows).toEqual([])
    expect(since(client, 'sync/CRM/Accounts', '0').rows).toHaveLength(6)
    const dates = client.rows('system/Divisions').map(({ Code, DivisionMoveDate }) => [Code, DivisionMoveDate !== null])
    expect(dates).toEqual([
      [1234401, false],
      [1234567, true],
      [1234568, false],
    ])
  })
})
