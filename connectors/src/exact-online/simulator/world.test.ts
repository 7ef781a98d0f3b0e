import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { addFinancialYear, clickDivision, setLanguage, typeEntryByHand } from './bookkeeper.ts'
import { addFault } from './faults.ts'
import { booksPage } from './page.ts'
import { rules } from './rules.ts'
import { TestClient } from './test-client.ts'

const lines = [{ ledgerAccount: '8010', net: '1250.00', vatCode: '2' }]
const typed = { customer: '10012', reference: 'H-1', date: '2026-03-31', lines }

describe('the world', () => {
  it('is plain JSON: stored and read back it answers the same', () => {
    const client = new TestClient().signIn()
    typeEntryByHand(client.desk, typed)
    client.get('crm/Accounts?$top=x')
    const { tables, state } = client.world
    expect(JSON.parse(JSON.stringify({ tables, state }))).toEqual({ tables, state })
    const before = client.get('salesentry/SalesEntries').text
    Object.assign(client.world.tables, JSON.parse(JSON.stringify(tables)))
    Object.assign(client.world.state, JSON.parse(JSON.stringify(state)))
    expect(client.get('salesentry/SalesEntries').text).toBe(before)
  })

  it('names every row that a request changed, and no other', () => {
    const client = new TestClient().signIn()
    client.world.changed.clear()
    client.get('crm/Accounts')
    expect([...client.world.changed]).toEqual([])
    const { d } = client.post('crm/Accounts', { Name: 'A', City: 'Goes' })
    const changed = [...client.world.changed]
    expect(changed).toContain(`Accounts/${d.ID}`)
    expect(changed.map((name) => name.split('/')[0]).toSorted()).toEqual(['Accounts', 'Addresses'])
  })

  it('changes its language at a switch', () => {
    const client = new TestClient().signIn()
    setLanguage(client.world, 'en')
    expect(client.post('crm/Accounts', {}).value).toBe('Required: Name')
    expect(client.rows('/api/v1/current/Me')[0]?.LanguageCode).toBe('en-GB')
  })

  it('moves CurrentDivision along with the person', () => {
    const client = new TestClient().signIn()
    clickDivision(client.desk, 1234568)
    expect(client.rows('/api/v1/current/Me?$select=CurrentDivision')[0]?.CurrentDivision).toBe(1234568)
  })

  it('books in a new year once it is made', () => {
    const client = new TestClient().signIn()
    expect(() => typeEntryByHand(client.desk, { ...typed, date: '2028-02-01' })).toThrow('Onbekend: Boekjaar')
    addFinancialYear(client.desk, 2028)
    expect(typeEntryByHand(client.desk, { ...typed, date: '2028-02-29' })).toMatchObject({ ReportingPeriod: 2 })
  })
})

describe('the page with the books', () => {
  it('shows entries with lines and totals, accounts, limits and breaches', () => {
    const client = new TestClient({ language: 'en' }).signIn()
    typeEntryByHand(client.desk, { ...typed, reference: '<b>H-1</b>' })
    client.renew()
    client.get('crm/Accounts')
    const page = booksPage(client.world, 'http://127.0.0.1/x')
    expect(page).toContain('70 · 26700001')
    expect(page).toContain('1,512.50')
    expect(page).toContain('262.50')
    expect(page).toContain('&#60;b&#62;H-1')
    expect(page).toContain('Kessler Maschinenbau GmbH')
    expect(page).toContain('early-refresh')
    expect(page).toContain('1 / 5000')
    expect(page).not.toMatch(/undefined|null|NaN/)
  })

  it('says in Dutch what is not visible yet', () => {
    const client = new TestClient().signIn()
    expect(booksPage(client.world, '')).toContain('Nog niets')
    addFault(client.world, 'lateCommit', { times: 1 })
    const line = { GLAccount: client.idOf('financial/GLAccounts', '8010'), AmountFC: 1000, VATCode: '2' }
    addFault(client.world, 'lateCommit', { on: 'POST salesentry/SalesEntries', times: 1 })
    const Customer = client.idOf('crm/Accounts', '10012')
    client.post('salesentry/SalesEntries', {
      Journal: '70',
      Customer,
      EntryDate: '2026-03-01',
      SalesEntryLines: [line],
    })
    const page = booksPage(client.world, '')
    expect(page).toContain('nog niet zichtbaar')
    expect(page).toContain('1.210,00')
  })
})

describe('the list of rules', () => {
  it('is what the code names, each rule once and no other', () => {
    const here = import.meta.dirname
    const isCode = (name: string) => name.endsWith('.ts') && !name.endsWith('.test.ts') && name !== 'rules.ts'
    const files = readdirSync(here, { recursive: true, encoding: 'utf8' }).filter(isCode)
    const named = files.flatMap(
      (name) => readFileSync(`${here}/${name}`, 'utf8').match(/\bR-[a-z]+(-[a-z]+)*\b/g) ?? [],
    )
    const ids = rules.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect([...new Set(named)].toSorted()).toEqual(ids.toSorted())
  })
})
