import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { closePeriod, editRow, processEntry } from './bookkeeper.ts'
import { type Answer, TestClient } from './test-client.ts'

type Values = Record<string, unknown>

/** A signed-in client that knows the guids a payroll journal needs. */
function books(language: 'nl' | 'en' = 'nl') {
  const client = new TestClient({ language }).signIn()
  const ledger = (code: string) => client.idOf('financial/GLAccounts', code)
  const line = (code: string, AmountFC: unknown, values: Values = {}): Values => ({
    GLAccount: ledger(code),
    AmountFC,
    Date: '2026-03-31',
    Description: 'LOON 2026-03 #17',
    OurRef: 17,
    ...values,
  })
  const wages = () => [line('4010', 1000), line('1700', -750.5), line('1710', -249.5)]
  const post = (values: Values = {}, lines: Values[] = wages()): Answer =>
    client.post('generaljournalentry/GeneralJournalEntries', {
      JournalCode: '90',
      GeneralJournalEntryLines: lines,
      ...values,
    })
  const entries = () => client.rows('generaljournalentry/GeneralJournalEntries?$select=EntryID,EntryNumber')
  const path = ({ d }: Answer) => `generaljournalentry/GeneralJournalEntries(guid'${d.EntryID}')`
  return { client, ledger, line, wages, post, entries, path }
}

describe('an entry in a general journal', () => {
  it('answers number, year and period, type 90 and open, and defers its lines', () => {
    const { client, post, path } = books()
    const made = post()
    expect(made.status).toBe(201)
    expect(made.d).toMatchObject({
      __metadata: { type: 'Exact.Web.Api.Models.GeneralJournalEntry' },
      Currency: 'EUR',
      EntryNumber: 26900001,
      FinancialYear: 2026,
      FinancialPeriod: 3,
      JournalCode: '90',
      JournalDescription: 'Memoriaal',
      Reversal: false,
      Status: 20,
      StatusDescription: 'Open',
      Type: 90,
      GeneralJournalEntryLines: { __deferred: { uri: expect.stringContaining('/GeneralJournalEntryLines') } },
    })
    expect(Object.keys(made.d)).not.toContain('Description')
    expect(Object.keys(made.d)).not.toContain('YourRef')
    const lines = client.rows(`${path(made)}/GeneralJournalEntryLines`)
    expect(lines.toSorted((a, b) => Number(a.LineNumber) - Number(b.LineNumber))).toMatchObject([
      { GLAccountCode: '4010', AmountFC: 1000, AmountDC: 1000, LineNumber: 1, EntryNumber: 26900001 },
      { GLAccountCode: '1700', AmountFC: -750.5, Date: `/Date(${Date.UTC(2026, 2, 31)})/` },
      { GLAccountCode: '1710', AmountFC: -249.5, OurRef: 17, Description: 'LOON 2026-03 #17' },
    ])
  })

  it('is found again by what its lines say, and by its number', () => {
    const { client, post } = books()
    const { EntryID } = post().d
    const found = (filter: string) =>
      client.rows(`generaljournalentry/GeneralJournalEntryLines?$filter=${filter}&$select=EntryID`)
    expect(found('OurRef eq 17')).toHaveLength(3)
    expect(found("Description eq 'LOON 2026-03 %2317'")).toHaveLength(3)
    const [entry] = client.rows(
      'generaljournalentry/GeneralJournalEntries?$filter=EntryNumber eq 26900001&$select=EntryID',
    )
    expect(entry?.EntryID).toBe(EntryID)
  })

  it('is listed only with $select or $top=1', () => {
    const { client, post } = books()
    post()
    const path = 'generaljournalentry/GeneralJournalEntries'
    const refused = client.get(path)
    expect([refused.status, refused.value]).toEqual([
      400,
      'Please add a $select or a $top=1 statement to the query string.',
    ])
    expect(client.get(`${path}?$filter=EntryNumber eq 1`).status).toBe(400)
    expect([`${path}?$select=EntryID`, `${path}?$top=1`].map((at) => client.rows(at).length)).toEqual([1, 1])
  })

  it('takes a number that is free, another period, and amounts as text', () => {
    const { line, post } = books()
    const lines = [line('4010', '12.50'), line('1700', '-12.5')]
    expect(post({ EntryNumber: 26900042, FinancialYear: 2026, FinancialPeriod: 4 }, lines).d).toMatchObject({
      EntryNumber: 26900042,
      FinancialPeriod: 4,
    })
    expect(post({ EntryNumber: 26900042 }).value).toBe('Bestaat reeds - Boekstuknummer: 26900042, Dagboek: 90')
    expect(post().d.EntryNumber).toBe(26900043)
  })

  it('is never changed, only removed: while it is open, in an open period', () => {
    const { client, post, entries, path } = books()
    const [first, second] = [post(), post()]
    expect(client.put(path(first), { Currency: 'EUR' }).status).toBe(405)
    expect(client.remove(path(first)).status).toBe(204)
    expect(entries()).toHaveLength(1)
    expect(client.rows('generaljournalentry/GeneralJournalEntryLines')).toHaveLength(3)
    closePeriod(client.world, { month: '2026-03', journal: '90' })
    expect(client.remove(path(second)).value).toBe('Periode is afgesloten: 2026 - 3')
  })

  it('takes another line only when it stays in balance', () => {
    const { client, line, post } = books()
    const { EntryID } = post().d
    const add = (values: Values) => client.post('generaljournalentry/GeneralJournalEntryLines', values)
    expect(add(line('4010', 1, { EntryID })).value).toBe('De boeking is niet in evenwicht. Verschil: EUR 1')
    expect(add(line('4010', 0, { EntryID })).d).toMatchObject({ LineNumber: 4, AmountFC: 0 })
    expect(add(line('4010', 0)).value).toBe('Verplicht: Boeking')
  })
})

describe('an entry in a general journal is refused', () => {
  const guid = '00000000-0000-4000-8000-000000000000'
  type Books = ReturnType<typeof books>
  const cases: [string, (books: Books) => Answer, string, string][] = [
    [
      'out of balance by a cent',
      ({ post, line }) => post({}, [line('4010', 10), line('1700', -10.01)]),
      'De boeking is niet in evenwicht. Verschil: EUR -0,01',
      'The entry is out of balance. Difference: EUR -0.01',
    ],
    ['without a journal', ({ post }) => post({ JournalCode: null }), 'Verplicht: Dagboek', 'Required: Journal'],
    [
      'in a journal for sales',
      ({ post }) => post({ JournalCode: '70' }),
      'Ongeldig: Dagboek',
      'Invalid: Journal (type)',
    ],
    [
      'in a journal that is not there',
      ({ post }) => post({ JournalCode: '99' }),
      'Ongeldige referentie: Dagboek',
      'Invalid reference: Journal',
    ],
    ['without lines', ({ post }) => post({}, []), 'Verplicht: Boekingsregels', 'Required: Entry lines'],
    [
      'on a ledger account that is not there',
      ({ post, line }) => post({}, [line('4010', 1, { GLAccount: guid }), line('1700', -1)]),
      'Ongeldige referentie: Grootboekrekening',
      'Invalid reference: G/L account',
    ],
    [
      'on a blocked ledger account',
      ({ post, line }) => post({}, [line('8070', 1), line('1700', -1)]),
      'Ongeldig: Grootboekrekening (Geblokkeerd)',
      'Invalid: G/L account (Blocked)',
    ],
    [
      'on receivables without an account',
      ({ post, line }) => post({}, [line('1300', 1), line('1700', -1)]),
      'Verplicht: Relatie',
      'Required: Account',
    ],
    [
      'without a cost centre where one is mandatory',
      ({ post, line }) => post({}, [line('4000', 1), line('1700', -1)]),
      'Verplicht: Kostenplaats',
      'Required: Cost center',
    ],
    [
      'with VAT in a journal without',
      ({ post, line }) => post({}, [line('4220', 1, { VATCode: '5' }), line('1700', -1)]),
      'Niet toegestaan: Btw-code',
      'Not allowed: VAT code',
    ],
    [
      'in a year that was not made',
      ({ post }) => post({ FinancialYear: 2030, FinancialPeriod: 1 }),
      'Onbekend: Boekjaar (Periode-datumtabel)',
      'Unknown: Financial year (Period-date table)',
    ],
    [
      'with a description that is too long',
      ({ post, line }) => post({}, [line('4010', 1, { Description: 'x'.repeat(61) }), line('1700', -1)]),
      'Ongeldig: Omschrijving (te lang, maximaal 60)',
      'Invalid: Description (too long, at most 60)',
    ],
    [
      'in a closed period',
      ({ post, client }) => {
        closePeriod(client.world, { month: '2026-03' })
        return post()
      },
      'Periode is afgesloten: 2026 - 3',
      'Period is closed: 2026 - 3',
    ],
  ]

  it.each(cases)('%s', (_, act, nl, en) => {
    for (const [language, said] of [
      ['nl', nl],
      ['en', en],
    ] as const) {
      const open = books(language)
      const answer = act(open)
      expect([answer.status, answer.value]).toEqual([500, said])
      expect(open.entries()).toEqual([])
      expect(open.client.rows('generaljournalentry/GeneralJournalEntryLines')).toEqual([])
    }
  })
})

describe('VAT in a general journal that takes it', () => {
  function withVat() {
    const open = books()
    editRow(open.client.desk, 'Journals', '90', { AllowVAT: true })
    const linesOf = ({ d }: Answer) =>
      open.client
        .rows(`generaljournalentry/GeneralJournalEntryLines?$filter=EntryID eq guid'${d.EntryID}'`)
        .toSorted((a, b) => Number(a.LineNumber) - Number(b.LineNumber))
        .map(({ GLAccountCode, AmountFC, VATCode }) => [GLAccountCode, AmountFC, VATCode])
    return { ...open, linesOf }
  }

  it('makes its own line beside an excluding code, and stays inside an including one', () => {
    const { line, post, linesOf } = withVat()
    const excluding = post({}, [line('4220', 100, { VATCode: '5' }), line('1650', -121)])
    expect(linesOf(excluding)).toEqual([
      ['4220', 100, '5  '],
      ['1520', 21, '5  '],
      ['1650', -121, null],
    ])
    const including = post({}, [line('8010', -121, { VATCode: '4' }), line('1650', 121)])
    expect(linesOf(including)).toEqual([
      ['8010', -100, '4  '],
      ['1500', -21, '4  '],
      ['1650', 121, null],
    ])
  })

  it('is that of the ledger account when no code is sent', () => {
    const { line, post, linesOf } = withVat()
    expect(post({}, [line('8010', -100), line('1650', 100)]).value).toContain('niet in evenwicht')
    expect(linesOf(post({}, [line('8010', -100), line('1650', 121)]))[1]).toEqual(['1500', -21, '2  '])
  })

  it('is what was sent, with the code it belongs to', () => {
    const { line, post } = withVat()
    const sent = [line('4220', 100, { VATCode: '5', AmountVATFC: 20.99 }), line('1650', -120.99)]
    expect(post({}, sent).status).toBe(201)
    expect(post({}, [line('4220', 100, { AmountVATFC: 21 }), line('1650', -121)]).value).toBe('Verplicht: Btw-code')
  })
})

describe('the ledger', () => {
  /** A sales entry of 121.00, paid, and a payroll journal. */
  function ledger() {
    const open = books()
    const sale = open.client.post('salesentry/SalesEntries', {
      Journal: '70',
      Customer: open.client.idOf('crm/Accounts', '10012'),
      EntryDate: '2026-03-31',
      YourRef: 'F-1',
      Description: 'Maart',
      SalesEntryLines: [
        { GLAccount: open.ledger('8010'), AmountFC: 100, VATCode: '2', Description: 'Advies' },
        { GLAccount: open.ledger('8080'), AmountFC: 50, VATCode: '0', Description: 'Vrij' },
      ],
    }).d
    const lines = (filter: string, from = 'financialtransaction/TransactionLines') =>
      open.client.rows(`${from}?$filter=${filter}`)
    const amounts = (rows: Record<string, unknown>[]) =>
      rows.map(({ GLAccountCode, AmountDC }) => `${GLAccountCode} ${AmountDC}`).toSorted()
    return { ...open, sale, lines, amounts }
  }

  it('shows a sales entry as receivable, revenue and VAT, where there is VAT', () => {
    const { sale, lines, amounts } = ledger()
    const rows = lines(`EntryID eq guid'${sale.EntryID}'`)
    expect(amounts(rows)).toEqual(['1300 171', '1500 -21', '8010 -100', '8080 -50'])
    expect(rows.find(({ GLAccountCode }) => GLAccountCode === '1300')).toMatchObject({
      LineNumber: 0,
      Description: 'Maart',
      VATCode: null,
      YourRef: 'F-1',
      Type: 20,
      JournalCode: '70',
      FinancialYear: 2026,
      FinancialPeriod: 3,
      AccountCode: '             10012',
    })
    expect(rows.find(({ GLAccountCode }) => GLAccountCode === '1500')).toMatchObject({ VATCode: '2  ' })
  })

  it('shows every entry of every book, with its lines', () => {
    const { client, post, sale } = ledger()
    const journal = post().d
    const entries = client.rows('financialtransaction/Transactions?$select=EntryID,EntryNumber,Type,JournalCode')
    expect(entries.map(({ EntryID, Type }) => [EntryID, Type]).toSorted()).toEqual(
      [
        [sale.EntryID, 20],
        [journal.EntryID, 90],
      ].toSorted(),
    )
    const { d } = client.get(`financialtransaction/Transactions(guid'${journal.EntryID}')?$expand=TransactionLines`)
    expect((d.TransactionLines as unknown as { results: object[] }).results).toHaveLength(3)
  })

  it('finds a payroll journal by journal, year and period', () => {
    const { post, lines, amounts } = ledger()
    post()
    const found = lines("JournalCode eq '90' and FinancialYear eq 2026 and FinancialPeriod eq 3")
    expect(amounts(found)).toEqual(['1700 -750.5', '1710 -249.5', '4010 1000'])
  })

  it('gives row versions that renew with the entry, and tells of lines that went as kind 1', () => {
    const { client, sale, lines } = ledger()
    const path = 'sync/Financial/TransactionLines'
    const first = lines('Timestamp gt 1L', path)
    const versions = first.map(({ Timestamp }) => Number(Timestamp))
    expect(new Set(versions).size).toBe(4)
    expect(versions).toEqual(versions.toSorted((a, b) => a - b))
    expect(typeof first[0]?.Timestamp).toBe('string')
    const mark = String(first.at(-1)?.Timestamp)
    client.put(`salesentry/SalesEntries(guid'${sale.EntryID}')`, { YourRef: 'F-2' })
    expect(lines(`Timestamp gt ${mark}L`, path)).toHaveLength(4)
    const kinds = () => client.rows('sync/Deleted?$filter=Timestamp gt 1L').filter(({ EntityType }) => EntityType === 1)
    const [taxed] = client.rows("salesentry/SalesEntryLines?$filter=VATCode eq '2'&$select=ID")
    client.put(`salesentry/SalesEntryLines(guid'${taxed?.ID}')`, { VATCode: '0' })
    expect(kinds()).toHaveLength(1)
    client.remove(`salesentry/SalesEntryLines(guid'${taxed?.ID}')`)
    expect(kinds()).toHaveLength(2)
    client.remove(`salesentry/SalesEntries(guid'${sale.EntryID}')`)
    expect(kinds()).toHaveLength(4)
    expect(lines('Timestamp gt 1L', path)).toEqual([])
  })

  it('is in balance entry by entry, whatever is booked', () => {
    const open = ledger()
    const cents = fc.integer({ min: -1_000_000, max: 1_000_000 })
    const vat = fc.constantFrom('0', '1', '2', '4', '7')
    fc.assert(
      fc.property(fc.array(fc.tuple(cents, vat), { minLength: 1, maxLength: 5 }), (booked) => {
        const SalesEntryLines = booked.map(([amount, VATCode]) => ({
          GLAccount: open.ledger('8010'),
          AmountFC: amount / 100,
          VATCode,
        }))
        open.client.clock.advance(60_000)
        open.client.signIn()
        const { d } = open.client.post('salesentry/SalesEntries', {
          Journal: '70',
          Customer: open.client.idOf('crm/Accounts', '10012'),
          EntryDate: '2026-03-31',
          SalesEntryLines,
        })
        const rows = open.lines(`EntryID eq guid'${d.EntryID}'`)
        const total = rows.reduce((cents, { AmountFC }) => cents + Math.round(Number(AmountFC) * 100), 0)
        expect([rows.length > 1, total]).toEqual([true, 0])
      }),
      { numRuns: 12, seed: 5 },
    )
  }, 60_000)

  it('keeps what is processed', () => {
    const { client, sale } = ledger()
    processEntry(client.desk, 'F-1')
    expect(client.remove(`salesentry/SalesEntries(guid'${sale.EntryID}')`).value).toBe('Reeds verwerkt')
    expect(client.rows('financialtransaction/Transactions?$select=Status')[0]?.Status).toBe(50)
  })
})
