import { describe, expect, it } from 'vitest'
import {
  blockAccount,
  blockJournal,
  blockLedgerAccount,
  clickDivision,
  closePeriod,
  closeYear,
  editAccount,
  editDivision,
  editRow,
  printInvoice,
  processEntry,
  reopenPeriod,
  switchVatOff,
  typeEntryByHand,
} from './bookkeeper.ts'
import { addFault } from './faults.ts'
import { type Answer, TestClient } from './test-client.ts'

type Values = Record<string, unknown>

/** A signed-in client that knows the guids a sales entry needs. */
function books(language: 'nl' | 'en' = 'nl') {
  const client = new TestClient({ language }).signIn()
  const ledger = (code: string) => client.idOf('financial/GLAccounts', code)
  const [customer, revenue] = [client.idOf('crm/Accounts', '10012'), ledger('8010')]
  const line = (values: Values = {}): Values => ({ GLAccount: revenue, AmountFC: 1250, VATCode: '2', ...values })
  const entry = (values: Values = {}, lines: Values[] = [line()]): Values => ({
    Journal: '70',
    Customer: customer,
    EntryDate: '2026-03-31',
    YourRef: '2026-0042',
    SalesEntryLines: lines,
    ...values,
  })
  const post = (values: Values = {}, lines?: Values[]): Answer =>
    client.post('salesentry/SalesEntries', entry(values, lines))
  return { client, ledger, line, entry, post, customer, revenue }
}

const path = (answer: Answer) => `salesentry/SalesEntries(guid'${answer.d.EntryID}')`

describe('posting a sales entry', () => {
  it('answers gross, number, period and due date, and defers the lines', () => {
    const { client, line, post } = books()
    const answer = post({}, [line({ VATAmountFC: 262.5, Description: 'Advies 10 uur', CostCenter: 'ADV' })])
    expect(answer.status).toBe(201)
    expect(answer.d).toMatchObject({
      AmountFC: 1512.5,
      VATAmountFC: 262.5,
      EntryNumber: 26700001,
      InvoiceNumber: 26700001,
      ReportingYear: 2026,
      ReportingPeriod: 3,
      DueDate: `/Date(${Date.UTC(2026, 3, 30)})/`,
      PaymentCondition: '30',
      Currency: 'EUR',
      Status: 20,
      Type: 20,
      TypeDescription: 'Verkoopboeking',
      CustomerName: 'Van Dalen Techniek B.V.',
    })
    const link = JSON.stringify(answer.d.SalesEntryLines).replace(/^.*"uri":"([^"]+)".*$/, '$1')
    const lines = client.rows(link)
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatchObject({
      AmountFC: 1250,
      VATAmountFC: 262.5,
      VATCode: '2  ',
      VATPercentage: 0.21,
      GLAccountCode: '8010',
      CostCenter: 'ADV',
      LineNumber: 1,
    })
    expect(client.rows(`salesentry/SalesEntryLines?$filter=EntryID eq guid'${answer.d.EntryID}'`)).toEqual(lines)
    expect(client.get(`${path(answer)}?$expand=SalesEntryLines`).d.SalesEntryLines).toEqual({ results: lines })
  })

  it('is found again by its reference, which may stand in the books twice', () => {
    const { client, post } = books()
    post()
    post()
    const found = client.rows(
      "salesentry/SalesEntries?$filter=YourRef eq '2026-0042'&$select=EntryID,EntryNumber,AmountFC",
    )
    expect(found.map(({ EntryNumber }) => EntryNumber).toSorted()).toEqual([26700001, 26700002])
  })

  it('takes amounts as text and dates with a time', () => {
    const { line, post } = books()
    const answer = post({ EntryDate: '2026-03-31T00:00:00Z' }, [
      line({ AmountFC: '41.98', AmountDC: '41.98', VATAmountFC: '8.82' }),
    ])
    expect(answer.d).toMatchObject({ AmountFC: 50.8, EntryDate: `/Date(${Date.UTC(2026, 2, 31)})/` })
  })

  it('books the VAT that is sent, and otherwise rounds each line half away from zero', () => {
    const { line, post } = books()
    expect(post({}, [line({ AmountFC: 5900, VATAmountFC: 1239.01 })]).d.VATAmountFC).toBe(1239.01)
    // 0.50 at 21 % is 0.105 a line.
    const [plus, minus] = [line({ AmountFC: 0.5 }), line({ AmountFC: -0.5 })]
    expect(post({}, [plus, plus, plus]).d).toMatchObject({ VATAmountFC: 0.33, AmountFC: 1.83 })
    expect(post({}, [minus, minus, minus]).d).toMatchObject({ VATAmountFC: -0.33, AmountFC: -1.83 })
  })

  it('takes the VAT code of the ledger account when none is sent', () => {
    const { client, ledger, line, post } = books()
    const answer = post({}, [line({ VATCode: undefined, GLAccount: ledger('8011'), AmountFC: 100 })])
    expect(answer.d.VATAmountFC).toBe(9)
    expect(client.rows(`${path(answer)}/SalesEntryLines`)[0]?.VATCode).toBe('1  ')
  })

  it.each([
    ['cash', 10, 500],
    ['a bank', 12, 500],
    ['receivables', 20, 500],
    ['payables', 22, 500],
    ['VAT', 24, 500],
    ['prepaid expenses, for what is passed on', 26, 201],
    ['accrued expenses', 27, 201],
    ['general', 90, 201],
    ['revenue', 110, 201],
    ['costs', 121, 201],
  ])('books on an account of %s (type %i), or refuses it', (_, type, status) => {
    const { client, post } = books()
    editRow(client.desk, 'GLAccounts', '8010', { Type: type })
    expect(post().status).toBe(status)
  })

  it('makes a credit note of a negative total', () => {
    const { line, post } = books()
    expect(post({}, [line({ AmountFC: -100, VATAmountFC: -21 })]).d).toMatchObject({ Type: 21, AmountFC: -121 })
    expect(post({}, [line({ AmountFC: -100 }), line({ AmountFC: 300 })]).d).toMatchObject({ Type: 20, AmountFC: 242 })
  })

  it('computes the due date from the condition: days, and the end of the month', () => {
    const { post } = books()
    expect(post({ PaymentCondition: '14' }).d.DueDate).toBe(`/Date(${Date.UTC(2026, 3, 14)})/`)
    expect(post({ PaymentCondition: 'EM', EntryDate: '2026-01-31' }).d.DueDate).toBe(`/Date(${Date.UTC(2026, 1, 28)})/`)
    expect(post({ DueDate: '2026-06-01' }).d.DueDate).toBe(`/Date(${Date.UTC(2026, 5, 1)})/`)
  })

  it('honours a free number, refuses a taken one, and counts on from the highest', () => {
    const { post } = books()
    expect(post({ InvoiceNumber: 26700042 }).d).toMatchObject({ InvoiceNumber: 26700042, EntryNumber: 26700042 })
    const taken = post({ InvoiceNumber: 26700042 })
    expect([taken.status, taken.value]).toEqual([500, 'In gebruik: Boekstuknummer'])
    expect(post({ EntryNumber: 26700042 }).value).toBe('Bestaat reeds - Boekstuknummer: 26700042, Dagboek: 70')
    expect(post().d.InvoiceNumber).toBe(26700043)
    expect(post({ EntryDate: '2025-12-31', InvoiceNumber: 26700042 }).status).toBe(201)
    expect(post({ EntryDate: '2025-12-31' }).d.InvoiceNumber).toBe(25700001)
  })
})

describe('a number that is sent', () => {
  it('may be replaced without a word: what counts is what is read back', () => {
    const { client, post } = books()
    addFault(client.world, 'replaceNumber', { times: 1 })
    const made = post({ InvoiceNumber: 4711 })
    expect([made.status, made.d.InvoiceNumber, made.d.EntryNumber]).toEqual([201, 26700001, 26700001])
    expect(post({ InvoiceNumber: 4711 }).d.InvoiceNumber).toBe(4711)
  })

  it('is taken by an entry that somebody typed, and by an invoice that somebody printed', () => {
    const { client, customer, post } = books()
    const lines = [{ ledgerAccount: '8010', net: '1.00', vatCode: '2' }]
    typeEntryByHand(client.desk, { customer: '10012', reference: 'hand', date: '2026-03-30', number: 4711, lines })
    expect(post({ EntryNumber: 4711 }).value).toBe('Bestaat reeds - Boekstuknummer: 4711, Dagboek: 70')
    client.post('salesinvoice/SalesInvoices', {
      Journal: '70',
      OrderedBy: customer,
      YourRef: 'PO 1',
      SalesInvoiceLines: [{ Item: client.idOf('logistics/Items', 'UREN-ADV'), Quantity: 1, NetPrice: 1 }],
    })
    printInvoice(client.desk, 'PO 1', '2026-03-31')
    expect(post({ InvoiceNumber: 26700001 }).value).toBe('In gebruik: Boekstuknummer')
  })

  it('fits in 32 bits', () => {
    const { post } = books()
    const tooLarge = post({ InvoiceNumber: 2_147_483_648 })
    expect([tooLarge.status, tooLarge.value]).toEqual([400, expect.stringContaining("'InvoiceNumber' to type 'Int32'")])
  })
})

it('an entry lands in the company of its path, whichever company somebody has opened meanwhile', () => {
  const { client, post } = books()
  clickDivision(client.desk, 1234568)
  expect(post().d.Division).toBe(1234567)
  expect(client.rows('/api/v1/current/Me')[0]?.CurrentDivision).toBe(1234568)
  client.division = 1234568
  expect(client.rows('salesentry/SalesEntries')).toEqual([])
})

describe('a sales entry is refused', () => {
  const guid = '00000000-0000-4000-8000-000000000000'
  const account = (client: TestClient, code: string) => client.idOf('crm/Accounts', code)
  type Books = ReturnType<typeof books>
  const cases: [string, (books: Books) => Answer, string, string][] = [
    ['without a customer', ({ post }) => post({ Customer: null }), 'Verplicht: Klant', 'Required: Customer'],
    ['without a journal', ({ post }) => post({ Journal: '' }), 'Verplicht: Dagboek', 'Required: Journal'],
    ['without lines', ({ post }) => post({}, []), 'Verplicht: Boekingsregels', 'Required: Entry lines'],
    [
      'for an unknown customer',
      ({ post }) => post({ Customer: guid }),
      'Ongeldige referentie: Klant',
      'Invalid reference: Customer',
    ],
    [
      'for a prospect',
      ({ post, client }) => post({ Customer: account(client, '10020') }),
      'Ongeldig: Klant (Type)',
      'Invalid: Customer (Type)',
    ],
    [
      'for a supplier',
      ({ post, client }) => post({ Customer: account(client, '20001') }),
      'Ongeldig: Klant (Type)',
      'Invalid: Customer (Type)',
    ],
    [
      'for a blocked customer',
      ({ post, client }) => post({ Customer: account(client, '10009') }),
      'Ongeldig: Klant (Geblokkeerd)',
      'Invalid: Customer (Blocked)',
    ],
    [
      'for a customer that ended',
      ({ post, client }) => post({ Customer: account(client, '10005') }),
      'Ongeldig: Klant (Niet actief)',
      'Invalid: Customer (Inactive)',
    ],
    [
      'in a journal of another type',
      ({ post }) => post({ Journal: '90' }),
      'Ongeldig: Dagboek',
      'Invalid: Journal (type)',
    ],
    [
      'in an unknown journal',
      ({ post }) => post({ Journal: '77' }),
      'Ongeldige referentie: Dagboek',
      'Invalid reference: Journal',
    ],
    [
      'in a journal named by its guid',
      ({ post, client }) => post({ Journal: client.idOf('financial/Journals', '70') }),
      'Ongeldige referentie: Dagboek',
      'Invalid reference: Journal',
    ],
    [
      'in a blocked journal',
      ({ post }) => post({ Journal: '71' }),
      'Ongeldig: Dagboek (Geblokkeerd)',
      'Invalid: Journal (Blocked)',
    ],
    [
      'with an unknown payment condition',
      ({ post }) => post({ PaymentCondition: '99' }),
      'Ongeldige referentie: Betalingsconditie',
      'Invalid reference: Payment condition',
    ],
    [
      'without a payment condition, where neither customer nor administration has one',
      ({ post, client }) => {
        editAccount(client.desk, '10012', { PaymentConditionSales: null })
        editDivision(client.desk, { defaultPaymentCondition: null })
        return post()
      },
      'Verplicht: Betalingsconditie',
      'Required: Payment condition',
    ],
    [
      'in a year that was not made',
      ({ post }) => post({ EntryDate: '2028-01-01' }),
      'Onbekend: Boekjaar (Periode-datumtabel)',
      'Unknown: Financial year (Period-date table)',
    ],
    [
      'in a period that does not exist',
      ({ post }) => post({ ReportingPeriod: 13 }),
      'Onbekend: Boekjaar (Periode-datumtabel)',
      'Unknown: Financial year (Period-date table)',
    ],
    [
      'with a reference that is too long',
      ({ post }) => post({ YourRef: 'x'.repeat(31) }),
      'Ongeldig: Uw ref. (te lang, maximaal 30)',
      'Invalid: Your ref. (too long, at most 30)',
    ],
    [
      'on an unknown ledger account',
      ({ post, line }) => post({}, [line({ GLAccount: guid })]),
      'Ongeldige referentie: Grootboekrekening',
      'Invalid reference: G/L account',
    ],
    [
      'on receivables',
      ({ post, line, ledger }) => post({}, [line({ GLAccount: ledger('1300') })]),
      'Ongeldig: Grootboekrekeningtype',
      'Wrong type of ledger account',
    ],
    [
      'on a VAT account',
      ({ post, line, ledger }) => post({}, [line({ GLAccount: ledger('1500') })]),
      'Ongeldig: Grootboekrekeningtype',
      'Wrong type of ledger account',
    ],
    [
      'on a blocked ledger account',
      ({ post, line, ledger }) => post({}, [line({ GLAccount: ledger('8070') })]),
      'Ongeldig: Grootboekrekening (Geblokkeerd)',
      'Invalid: G/L account (Blocked)',
    ],
    [
      'without a cost centre where one is mandatory',
      ({ post, line, ledger }) => post({}, [line({ GLAccount: ledger('8050') })]),
      'Verplicht: Kostenplaats',
      'Required: Cost center',
    ],
    [
      'with a cost centre where none is allowed',
      ({ post, line, ledger }) => post({}, [line({ GLAccount: ledger('8060'), CostCenter: 'ADV' })]),
      'Ongeldig: Kostenplaats koppeling',
      'Invalid: Cost center link',
    ],
    [
      'with an unknown cost centre',
      ({ post, line }) => post({}, [line({ CostCenter: 'XYZ' })]),
      'Ongeldige referentie: Kostenplaats',
      'Invalid reference: Cost center',
    ],
    [
      'without a cost unit where one is mandatory',
      ({ post, line, ledger }) => post({}, [line({ GLAccount: ledger('8055') })]),
      'Verplicht: Kostendrager',
      'Required: Cost unit',
    ],
    [
      'with an unknown VAT code',
      ({ post, line }) => post({}, [line({ VATCode: '21' })]),
      'Ongeldige referentie: Btw-code',
      'Invalid reference: VAT code',
    ],
    [
      'with a VAT code for purchases',
      ({ post, line }) => post({}, [line({ VATCode: '5' })]),
      'Ongeldig: Btw-code',
      'Invalid: VAT code',
    ],
    [
      'with a blocked VAT code',
      ({ post, line }) => post({}, [line({ VATCode: '19' })]),
      'Ongeldig: Btw-code (Geblokkeerd)',
      'Invalid: VAT code (Blocked)',
    ],
    [
      'with VAT on a code without VAT',
      ({ post, line }) => post({}, [line({ VATCode: '0', VATAmountFC: 21 })]),
      'Niet toegestaan: Btw-bedrag',
      'Not allowed: VAT amount',
    ],
    [
      'with VAT on a reverse charge',
      ({ post, line }) => post({}, [line({ VATCode: '7', VATAmountFC: 0.01 })]),
      'Niet toegestaan: Btw-bedrag',
      'Not allowed: VAT amount',
    ],
    [
      'with excluding amounts on an including code',
      ({ post, line }) => post({}, [line({ VATCode: '4', AmountFC: 100, VATAmountFC: 21 })]),
      'Het bedrag van de BTW regel met BTW code 4 komt niet overeen',
      'The amount of the VAT line with VAT code 4 does not match',
    ],
    [
      'with a percentage that no code has',
      ({ post, line }) => post({}, [line({ VATCode: null, VATPercentage: 0.06 })]),
      'Ongeldig: Btw-percentage',
      'Invalid: VAT percentage',
    ],
    [
      'without an amount',
      ({ post, line }) => post({}, [line({ AmountFC: null })]),
      'Verplicht: Bedrag',
      'Required: Amount',
    ],
    [
      'with a document that is not there',
      ({ post }) => post({ Document: guid }),
      'Ongeldige referentie: Document',
      'Invalid reference: Document',
    ],
    [
      'in a journal without VAT',
      ({ post, client }) => {
        switchVatOff(client.desk, '70')
        return post()
      },
      'Niet toegestaan: Btw-code',
      'Not allowed: VAT code',
    ],
    [
      'for a customer with another receivable account',
      ({ post, client, ledger }) => {
        editAccount(client.desk, '10012', { GLAR: ledger('1305') })
        return post()
      },
      'De debiteurenrekening van de relatie wijkt af van die van het dagboek',
      'The receivable account of the account differs from that of the journal',
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
      expect(open.client.rows('salesentry/SalesEntries')).toEqual([])
      expect(open.client.rows('salesentry/SalesEntryLines')).toEqual([])
    }
  })

  it('as a whole when one line is wrong, with every complaint once', () => {
    const { client, line, post } = books()
    const answer = post({ Customer: null }, [line(), line({ VATCode: '21' }), line({ VATCode: '22', GLAccount: null })])
    expect(answer.value).toBe('Verplicht: Klant\r\nOngeldige referentie: Btw-code\r\nVerplicht: Grootboekrekening')
    expect(client.world.tables.SalesEntryLines).toBeUndefined()
  })

  it('as unreadable when lines are no list of objects or a guid is none', () => {
    const { post, line, client, entry } = books()
    const text = 'Error processing request stream. The request should be a valid top-level resource object.'
    expect(client.post('salesentry/SalesEntries', { ...entry(), SalesEntryLines: line() }).value).toBe(text)
    expect(client.post('salesentry/SalesEntries', { ...entry(), SalesEntryLines: ['x'] }).status).toBe(400)
    const answer = post({}, [line({ GLAccount: '8010' })])
    expect(answer.status).toBe(400)
    expect(answer.value).toContain("converting the value from request payload for property 'GLAccount' to type 'Guid'")
  })

  it('in a closed year, and accepted in the next one', () => {
    const { client, post } = books()
    closeYear(client.world, 2026)
    expect(post().value).toBe('Periode is afgesloten: 2026 - 3')
    expect(post({ ReportingYear: 2027, ReportingPeriod: 1 }).status).toBe(201)
  })

  it('in a closed period, and accepted once it is open again', () => {
    const { client, post } = books()
    closePeriod(client.world, { month: '2026-03' })
    expect(post().value).toBe('Periode is afgesloten: 2026 - 3')
    expect(post({ ReportingPeriod: 4 }).status).toBe(201)
    const statuses = client.rows(
      "read/financial/JournalStatusList?$filter=Journal eq '70' and Year eq 2026 and Status eq 1",
    )
    expect(statuses.map(({ Period }) => Period)).toEqual([3])
    reopenPeriod(client.world, { month: '2026-03' })
    expect(post().status).toBe(201)
  })

  it('after a bookkeeper blocks what it needs', () => {
    const { client, post } = books()
    blockJournal(client.desk, '70')
    blockAccount(client.desk, '10012')
    blockLedgerAccount(client.desk, '8010')
    editRow(client.desk, 'VATCodes', '2', { IsBlocked: true })
    expect(post().value.split('\r\n')).toHaveLength(4)
  })
})

describe('changing a sales entry', () => {
  it('changes the header by PUT, but not its lines', () => {
    const { client, post, line } = books()
    const answer = post()
    expect(client.put(path(answer), { YourRef: '2026-0043', EntryDate: '2026-04-02' }).status).toBe(204)
    expect(client.get(path(answer)).d).toMatchObject({
      YourRef: '2026-0043',
      ReportingPeriod: 4,
      DueDate: `/Date(${Date.UTC(2026, 4, 2)})/`,
      EntryNumber: 26700001,
      AmountFC: 1512.5,
    })
    expect(client.put(path(answer), { SalesEntryLines: [line()] }).status).toBe(400)
    expect(client.put(path(answer), { Customer: null }).value).toBe('Verplicht: Klant')
  })

  it('adds and changes lines, and keeps the totals right', () => {
    const { client, post, line } = books()
    const answer = post()
    const added = client.post('salesentry/SalesEntryLines', line({ EntryID: answer.d.EntryID, AmountFC: 100 }))
    expect([added.status, added.d.LineNumber]).toEqual([201, 2])
    expect(client.get(path(answer)).d.AmountFC).toBe(1633.5)
    client.put(`salesentry/SalesEntryLines(guid'${added.d.ID}')`, { AmountFC: 200 })
    expect(client.get(path(answer)).d).toMatchObject({ AmountFC: 1754.5, VATAmountFC: 304.5 })
    expect(client.post('salesentry/SalesEntryLines', line()).value).toBe('Verplicht: Boeking')
  })

  it('removes the entry with its last line', () => {
    const { client, post, line } = books()
    const answer = post({}, [line(), line({ AmountFC: 1 })])
    const [first, last] = client
      .rows(`${path(answer)}/SalesEntryLines`)
      .map(({ ID }) => `salesentry/SalesEntryLines(guid'${ID}')`)
    expect(client.remove(String(first)).status).toBe(204)
    expect(client.get(path(answer)).status).toBe(200)
    expect(client.remove(String(last)).status).toBe(204)
    expect(client.get(path(answer)).status).toBe(404)
  })

  it('removes an entry with its lines, and gives its number again', () => {
    const { client, post } = books()
    const answer = post()
    expect(client.remove(path(answer)).status).toBe(204)
    expect(client.rows('salesentry/SalesEntryLines')).toEqual([])
    expect(post().d.EntryNumber).toBe(26700001)
  })

  it('is refused once it is processed or its period is closed', () => {
    const { client, post, line } = books()
    const answer = post()
    closePeriod(client.world, { month: '2026-03', journal: '70' })
    expect(client.remove(path(answer)).value).toBe('Periode is afgesloten: 2026 - 3')
    reopenPeriod(client.world, { month: '2026-03' })
    processEntry(client.desk, '2026-0042')
    const refused = [
      client.put(path(answer), { YourRef: 'x' }),
      client.remove(path(answer)),
      client.post('salesentry/SalesEntryLines', line({ EntryID: answer.d.EntryID })),
      client.remove(`salesentry/SalesEntryLines(guid'${client.rows(`${path(answer)}/SalesEntryLines`)[0]?.ID}')`),
    ]
    expect(refused.map(({ status, value }) => [status, value])).toEqual(refused.map(() => [500, 'Reeds verwerkt']))
    expect(client.get(path(answer)).d).toMatchObject({ Status: 50, YourRef: '2026-0042' })
  })
})
