import { describe, expect, it } from 'vitest'
import {
  blockAccount,
  blockItem,
  blockJournal,
  closePeriod,
  editAccount,
  editDivision,
  editRow,
  switchVatOff,
} from './bookkeeper.ts'
import { addFault } from './faults.ts'
import { type Answer, TestClient } from './test-client.ts'

type Values = Record<string, unknown>

/** A signed-in client that knows the guids a sales invoice needs. */
function books(language: 'nl' | 'en' = 'nl') {
  const client = new TestClient({ language }).signIn()
  const item = (code: string) => client.idOf('logistics/Items', code)
  const [customer, advice] = [client.idOf('crm/Accounts', '10012'), item('UREN-ADV')]
  const line = (values: Values = {}): Values => ({ Item: advice, Quantity: 10, NetPrice: 125, VATCode: '2', ...values })
  const invoice = (values: Values = {}, lines: Values[] = [line()]): Values => ({
    Journal: '70',
    OrderedBy: customer,
    OrderDate: '2026-03-31',
    YourRef: 'PO 4711',
    Description: 'Advies maart',
    Remarks: 'uurwerk K7Q2',
    SalesInvoiceLines: lines,
    ...values,
  })
  const post = (values: Values = {}, lines?: Values[], headers: Record<string, string> = {}): Answer =>
    client.post('salesinvoice/SalesInvoices', invoice(values, lines), headers)
  const print = (made: Answer, values: Values = {}) =>
    client.post('salesinvoice/PrintedSalesInvoices', { InvoiceID: made.d.InvoiceID, ...values })
  const path = (made: Answer) => `salesinvoice/SalesInvoices(guid'${made.d.InvoiceID}')`
  const linesOf = (made: Answer) => client.rows(`${path(made)}/SalesInvoiceLines`)
  return { client, item, customer, advice, line, post, print, path, linesOf }
}

const day = (year: number, month: number, date: number) => `/Date(${Date.UTC(year, month - 1, date)})/`

describe('posting a sales invoice', () => {
  it('answers an open invoice without a number, and defers its lines', () => {
    const { post, customer } = books()
    const made = post()
    expect(made.status).toBe(201)
    expect(made.d).toMatchObject({
      __metadata: { type: 'Exact.Web.Api.Models.SalesInvoice' },
      Status: 20,
      StatusDescription: 'Open',
      InvoiceNumber: null,
      Type: 8020,
      TypeDescription: 'Factuur',
      AmountFC: 1512.5,
      AmountFCExclVat: 1250,
      Currency: 'EUR',
      Journal: '70',
      JournalDescription: 'Verkoopboek',
      OrderedBy: customer,
      InvoiceTo: customer,
      DeliverTo: customer,
      OrderedByName: 'Van Dalen Techniek B.V.',
      OrderDate: day(2026, 3, 31),
      InvoiceDate: day(2026, 3, 31),
      DueDate: day(2026, 4, 30),
      PaymentCondition: '30',
      OrderNumber: 1,
      Discount: 0,
      DiscountType: 1,
      Remarks: 'uurwerk K7Q2',
      SalesInvoiceLines: {
        __deferred: { uri: expect.stringMatching(/SalesInvoices\(guid'[^']+'\)\/SalesInvoiceLines$/) },
      },
      SalesInvoiceOrderChargeLines: { __deferred: {} },
    })
  })

  it('answers without Prefer before the VAT is computed; what is read later is whole', () => {
    const { client, post, path } = books()
    const unset = { VATAmountFC: null, VATAmountDC: null, StarterSalesInvoiceStatus: null }
    const made = post()
    expect(made.d).toMatchObject(unset)
    expect(client.get(path(made)).d).toMatchObject({
      VATAmountFC: 262.5,
      StarterSalesInvoiceStatusDescription: 'Concept',
    })
    expect(post({}, undefined, { prefer: 'return=representation' }).d).toMatchObject({ VATAmountFC: 262.5 })
  })

  it('gives its lines by $expand, and shows the unit without padding', () => {
    const { client, post, path, linesOf } = books()
    const made = post()
    const expanded = client.get(`${path(made)}?$expand=SalesInvoiceLines`).d.SalesInvoiceLines as unknown
    expect(expanded).toEqual({ results: linesOf(made) })
    expect(client.rows(`salesinvoice/SalesInvoiceLines?$filter=InvoiceID eq guid'${made.d.InvoiceID}'`)).toEqual(
      linesOf(made),
    )
    expect(linesOf(made)[0]).toMatchObject({
      ItemCode: 'UREN-ADV',
      Description: 'Advies',
      UnitCode: 'hour',
      Quantity: 10,
      NetPrice: 125,
      UnitPrice: 0,
      AmountFC: 1250,
      VATCode: '2  ',
      VATAmountFC: 262.5,
      LineNumber: 1,
    })
  })

  it('names the main contact of its accounts, unless another person is sent', () => {
    const { client, customer, post } = books()
    const person = (LastName: string) =>
      client.post('crm/Contacts', { Account: customer, FirstName: 'Anna', LastName }).d.ID
    const [main, other] = [person('Een'), person('Twee')]
    expect(post({ InvoiceToContactPerson: other }).d).toMatchObject({
      OrderedByContactPerson: main,
      OrderedByContactPersonFullName: 'Anna Een',
      DeliverToContactPersonFullName: 'Anna Een',
      InvoiceToContactPerson: other,
      InvoiceToContactPersonFullName: 'Anna Twee',
    })
  })

  it('is found by YourRef and customer', () => {
    const { client, post, customer } = books()
    const made = post()
    const filter = `YourRef eq 'PO 4711' and OrderedBy eq guid'${customer}'`
    const found = client.rows(`salesinvoice/SalesInvoices?$filter=${filter}&$select=InvoiceID,Status,Remarks`)
    expect(found).toMatchObject([{ InvoiceID: made.d.InvoiceID, Status: 20, Remarks: 'uurwerk K7Q2' }])
  })

  it('takes the revenue account of the item, and of its group when the item has none', () => {
    const { client, item, line, post, linesOf } = books()
    const lines = linesOf(post({}, [line(), line({ Item: item('ONK') })]))
    const codes = lines.map((row) => client.rows(`financial/GLAccounts?$filter=ID eq guid'${row.GLAccount}'`)[0]?.Code)
    expect(codes.toSorted()).toEqual(['8020', '8095'])
  })

  it('takes the VAT code of the item when none is sent, and none when the item has none', () => {
    const { client, line, post, linesOf } = books()
    expect(linesOf(post({}, [line({ VATCode: undefined })]))[0]).toMatchObject({ VATCode: '2  ', VATAmountFC: 262.5 })
    editRow(client.desk, 'Items', 'UREN-ADV', { SalesVatCode: null })
    const bare = post({}, [line({ VATCode: undefined })])
    expect(linesOf(bare)[0]).toMatchObject({ VATCode: null, VATAmountFC: 0 })
    expect(bare.d.AmountFC).toBe(1250)
  })

  it.each<[string, Values, Values]>([
    ['a net price', { NetPrice: 87.5 }, { NetPrice: 87.5, UnitPrice: 0, AmountFC: 875 }],
    ['a unit price', { NetPrice: undefined, UnitPrice: 87.5 }, { NetPrice: 87.5, UnitPrice: 87.5, AmountFC: 875 }],
    [
      'a unit price less a discount',
      { NetPrice: undefined, UnitPrice: 100, Discount: 0.1 },
      { NetPrice: 90, UnitPrice: 100, AmountFC: 900 },
    ],
    ['an amount alone', { NetPrice: undefined, AmountFC: 900 }, { NetPrice: 90, UnitPrice: 0, AmountFC: 900 }],
    ['a price before an amount', { AmountFC: 1 }, { NetPrice: 125, AmountFC: 1250 }],
    ['nothing', { NetPrice: undefined }, { NetPrice: 0, AmountFC: 0 }],
  ])('computes a line from %s', (_, sent, expected) => {
    const { line, post, linesOf } = books()
    expect(linesOf(post({}, [line(sent)]))[0]).toMatchObject(expected)
  })

  it('books the VAT that is sent', () => {
    const { line, post, linesOf } = books()
    expect(linesOf(post({}, [line({ VATAmountFC: 262.51 })]))[0]?.VATAmountFC).toBe(262.51)
  })

  it('ignores a status, a number and an invoice date that are sent', () => {
    const { post } = books()
    expect(post({ Status: 50, InvoiceNumber: 7, InvoiceDate: '2026-01-01' }).d).toMatchObject({
      Status: 20,
      InvoiceNumber: null,
      InvoiceDate: day(2026, 3, 31),
    })
  })

  it('takes the journal set for the administration when none is sent', () => {
    const { client, post } = books()
    expect(post({ Journal: undefined }).value).toBe('Verplicht: Dagboek')
    editDivision(client.desk, { defaultSalesJournal: '70' })
    expect(post({ Journal: undefined }).d.Journal).toBe('70')
  })

  it('makes a credit note of type 8021 with a negative total', () => {
    const { line, post } = books()
    expect(post({ Type: 8021 }, [line({ Quantity: -10 })]).d).toMatchObject({ Type: 8021, AmountFC: -1512.5 })
    expect(post({ Type: 8021 }).value).toBe('Ongeldig: Aantal')
  })
})

it('answers a direct invoice as it was recorded: a warehouse is filled in, a status that is sent ignored', () => {
  const { client, customer, advice } = books('en')
  const made = client.post('salesinvoice/SalesInvoices', {
    OrderedBy: customer,
    Status: 20,
    Journal: '70',
    Type: 8023,
    SalesInvoiceLines: [{ Quantity: 1, NetPrice: 1, Item: advice }],
    InvoiceDate: '2026-03-12',
    OrderDate: '2026-03-12',
  })
  expect(made.d).toMatchObject({
    Type: 8023,
    TypeDescription: 'Direct sales invoice',
    Warehouse: expect.stringMatching(/^[0-9a-f-]{36}$/),
    DeliverToAddress: expect.stringMatching(/^[0-9a-f-]{36}$/),
    InvoiceDate: day(2026, 3, 12),
    OrderDate: day(2026, 3, 12),
    Status: 20,
    InvoiceNumber: null,
    VATAmountFC: null,
    OrderNumber: 1,
  })
  expect(client.get(`salesinvoice/SalesInvoices(guid'${made.d.InvoiceID}')`).d).toMatchObject({
    StarterSalesInvoiceStatus: 0,
    StarterSalesInvoiceStatusDescription: 'Draft',
  })
})

describe('a sales invoice is refused', () => {
  const guid = '00000000-0000-4000-8000-000000000000'
  type Books = ReturnType<typeof books>
  const account = ({ client }: Books, code: string) => client.idOf('crm/Accounts', code)
  const cases: [string, (at: Books) => Answer, string, string][] = [
    [
      'without an account, naming both',
      ({ post }) => post({ OrderedBy: undefined }),
      'Verplicht: Factuur voor\r\nVerplicht: Besteld door',
      'Required: Invoice to\r\nRequired: Ordered by',
    ],
    ['without lines', ({ post }) => post({}, []), 'Verplicht: Factuurregels', 'Required: Invoice lines'],
    ['without an item', ({ line, post }) => post({}, [line({ Item: null })]), 'Verplicht: Artikel', 'Required: Item'],
    [
      'with an item that is not there',
      ({ line, post }) => post({}, [line({ Item: guid })]),
      'Ongeldige referentie: Artikel',
      'Invalid reference: Item',
    ],
    [
      'with an item that is not sold',
      ({ item, line, post }) => post({}, [line({ Item: item('HW'), VATCode: '2' })]),
      'Ongeldig: Artikel (Verkoop)',
      'Invalid: Item (Sales)',
    ],
    [
      'with an item that has ended',
      ({ item, line, post }) => post({}, [line({ Item: item('UREN-OUD') })]),
      'Ongeldig: Artikel (Niet actief)',
      'Invalid: Item (Inactive)',
    ],
    [
      'with an item that was blocked since it was mapped',
      ({ client, post }) => {
        blockItem(client.desk, 'UREN-ADV')
        return post()
      },
      'Ongeldig: Artikel (Verkoop)',
      'Invalid: Item (Sales)',
    ],
    [
      'with half an item that goes by whole numbers',
      ({ item, line, post }) => post({}, [line({ Item: item('LIC'), Quantity: 1.5 })]),
      'Ongeldig: Aantal',
      'Invalid: Quantity',
    ],
    [
      'with a journal of another type',
      ({ post }) => post({ Journal: '90' }),
      'Ongeldig: Dagboek',
      'Invalid: Journal (type)',
    ],
    [
      'with a blocked journal',
      ({ client, post }) => {
        blockJournal(client.desk, '70')
        return post()
      },
      'Ongeldig: Dagboek (Geblokkeerd)',
      'Invalid: Journal (Blocked)',
    ],
    [
      'for a prospect',
      (at) => at.post({ OrderedBy: account(at, '10020') }),
      'Ongeldig: Factuur voor (Type)',
      'Invalid: Invoice to (Type)',
    ],
    [
      'for a blocked account',
      ({ client, post }) => {
        blockAccount(client.desk, '10012')
        return post()
      },
      'Ongeldig: Factuur voor (Geblokkeerd)',
      'Invalid: Invoice to (Blocked)',
    ],
    [
      'to an account that is not there',
      ({ post }) => post({ InvoiceTo: guid }),
      'Ongeldige referentie: Factuur voor',
      'Invalid reference: Invoice to',
    ],
    [
      'with VAT in a journal without VAT',
      ({ client, post }) => {
        switchVatOff(client.desk, '70')
        return post()
      },
      'Niet toegestaan: Btw-code',
      'Not allowed: VAT code',
    ],
    [
      'with an including VAT code and amounts without VAT',
      ({ line, post }) => post({}, [line({ VATCode: '4', VATAmountFC: 262.5 })]),
      'Het bedrag van de BTW regel met BTW code 4 komt niet overeen',
      'The amount of the VAT line with VAT code 4 does not match',
    ],
    ['of a type that is not there', ({ post }) => post({ Type: 8030 }), 'Ongeldig: Type', 'Invalid: Type'],
  ]
  it.each(cases)('%s', (_, act, nl, en) => {
    for (const [language, words] of [
      ['nl', nl],
      ['en', en],
    ] as const) {
      const answer = act(books(language))
      expect([answer.status, answer.value]).toEqual([500, words])
    }
  })

  it('with a 400 when its lines are not an array of objects', () => {
    const { post } = books()
    const answer = post({ SalesInvoiceLines: 'none' })
    expect(answer.status).toBe(400)
    expect(answer.value).toContain('The request should be a valid top-level resource object.')
  })

  it('and then leaves nothing behind', () => {
    const { client, line, post } = books()
    post({}, [line(), line({ Item: guid })])
    expect(client.rows('salesinvoice/SalesInvoices')).toEqual([])
    expect(client.rows('salesinvoice/SalesInvoiceLines')).toEqual([])
  })
})

describe('an open sales invoice', () => {
  it('is changed by PUT without an answer, and its due date follows the order date', () => {
    const { client, post, path } = books()
    const made = post()
    expect(client.put(path(made), { Description: 'Anders', OrderDate: '2026-04-01' }).status).toBe(204)
    expect(client.get(path(made)).d).toMatchObject({ Description: 'Anders', DueDate: day(2026, 5, 1) })
  })

  it('keeps the due date that was sent', () => {
    const { client, post, path } = books()
    const made = post({ DueDate: '2026-06-15' })
    client.put(path(made), { OrderDate: '2026-04-01' })
    expect(client.get(path(made)).d.DueDate).toBe(day(2026, 6, 15))
  })

  it('takes, changes and loses lines one by one, but not the last', () => {
    const { client, line, post, path, linesOf } = books()
    const made = post()
    const bare = client.post('salesinvoice/SalesInvoiceLines', { ...line(), InvoiceID: made.d.InvoiceID })
    expect(bare.value).toBe('Verplicht: Grootboekrekening')
    const GLAccount = linesOf(made)[0]?.GLAccount
    const added = client.post('salesinvoice/SalesInvoiceLines', { ...line(), GLAccount, InvoiceID: made.d.InvoiceID })
    expect(added.status).toBe(201)
    expect(client.get(path(made)).d.AmountFC).toBe(3025)
    expect(client.put(`salesinvoice/SalesInvoiceLines(guid'${added.d.ID}')`, { Quantity: 1 }).status).toBe(204)
    expect(client.get(path(made)).d).toMatchObject({ AmountFC: 1663.75, VATAmountFC: 288.75 })
    expect(client.remove(`salesinvoice/SalesInvoiceLines(guid'${added.d.ID}')`).status).toBe(204)
    expect(client.remove(`salesinvoice/SalesInvoiceLines(guid'${linesOf(made)[0]?.ID}')`).value).toBe(
      'Verplicht: Factuurregels',
    )
  })

  it('is discarded by DELETE, and the log of deletions tells of it', () => {
    const { client, post, path, linesOf } = books()
    const made = post()
    const lines = linesOf(made).map(({ ID }) => ID)
    expect(client.remove(path(made)).status).toBe(204)
    expect(client.get(path(made)).status).toBe(404)
    const gone = client.rows('sync/Deleted?$filter=Timestamp gt 1L').filter(({ EntityType }) => EntityType === 13)
    expect(gone.map(({ EntityKey }) => EntityKey)).toEqual([...lines, made.d.InvoiceID])
  })
})

describe('printing a sales invoice', () => {
  it('gives it a number, an entry in the ledger and a document', () => {
    const { client, customer, post, path, print } = books()
    const made = post()
    const printed = print(made, { InvoiceDate: '2026-04-02' })
    expect(printed.status).toBe(201)
    expect(printed.d).toMatchObject({
      InvoiceID: made.d.InvoiceID,
      Document: expect.stringMatching(/^[0-9a-f-]{36}$/),
      DocumentCreationError: null,
      EmailCreationError: null,
      PeppolCreationError: null,
      ReportingYear: 2026,
      ReportingPeriod: 4,
    })
    expect(client.get(path(made)).d).toMatchObject({
      Status: 50,
      StatusDescription: 'Verwerkt',
      InvoiceNumber: 26700001,
      InvoiceDate: day(2026, 4, 2),
      DueDate: day(2026, 5, 2),
      OrderDate: day(2026, 3, 31),
    })
    const [entry] = client.rows("salesentry/SalesEntries?$filter=InvoiceNumber eq 26700001 and Journal eq '70'")
    expect(entry).toMatchObject({
      EntryNumber: 26700001,
      Customer: customer,
      YourRef: 'PO 4711',
      EntryDate: day(2026, 4, 2),
      AmountFC: 1512.5,
      VATAmountFC: 262.5,
      Status: 50,
      Type: 20,
    })
    expect(client.rows(`salesentry/SalesEntryLines?$filter=EntryID eq guid'${entry?.EntryID}'`)).toMatchObject([
      { GLAccountCode: '8020', AmountFC: 1250, VATAmountFC: 262.5, VATCode: '2  ', Description: 'Advies' },
    ])
    expect(client.get(`documents/Documents(guid'${printed.d.Document}')`).d).toMatchObject({
      Subject: 'Factuur: 26700001',
      Type: 10,
      SalesInvoiceNumber: 26700001,
      FinancialTransactionEntryID: made.d.InvoiceID,
    })
    expect(
      client.rows(`documents/DocumentAttachments?$filter=Document eq guid'${printed.d.Document}'`)[0]?.FileName,
    ).toBe('inv26700001.PDF')
  })

  it('is dated today when no date is sent, and makes a credit note of a negative total', () => {
    const { client, line, post, print } = books()
    print(post({ Type: 8021 }, [line({ Quantity: -1 })]))
    expect(client.rows('salesentry/SalesEntries')).toMatchObject([{ Type: 21, EntryDate: day(2026, 4, 10) }])
  })

  it('counts on in the numbers of the journal', () => {
    const { client, post, path, print } = books()
    const [first, second] = [post(), post()]
    print(second)
    print(first)
    expect([first, second].map((made) => client.get(path(made)).d.InvoiceNumber)).toEqual([26700002, 26700001])
  })

  it('is done once, and for good', () => {
    const { client, post, path, print, linesOf } = books()
    const made = post()
    print(made)
    for (const answer of [
      print(made),
      client.put(path(made), { Description: 'Anders' }),
      client.remove(path(made)),
      client.put(`salesinvoice/SalesInvoiceLines(guid'${linesOf(made)[0]?.ID}')`, { Quantity: 1 }),
    ])
      expect([answer.status, answer.value]).toEqual([500, 'Reeds verwerkt'])
  })

  it('is refused in a closed period, in a year that is not there, and for an invoice that is not there', () => {
    const { client, post, path, print } = books()
    const made = post()
    closePeriod(client.world, { month: '2026-04' })
    expect(print(made, { InvoiceDate: '2026-04-02' }).value).toBe('Periode is afgesloten: 2026 - 4')
    expect(print(made, { InvoiceDate: '2031-04-02' }).value).toBe('Onbekend: Boekjaar (Periode-datumtabel)')
    expect(client.get(path(made)).d.Status).toBe(20)
    const nowhere = { InvoiceID: '00000000-0000-4000-8000-000000000000' }
    expect(client.post('salesinvoice/PrintedSalesInvoices', nowhere).value).toBe('Ongeldige referentie: Factuur')
    expect(print(made, { InvoiceDate: '2026-04-02', ReportingYear: 2026, ReportingPeriod: 5 }).status).toBe(201)
  })

  it('is refused once the customer has become a prospect', () => {
    const { client, post, print } = books()
    const made = post()
    editAccount(client.desk, '10012', { Status: 'P' })
    expect(print(made).value).toBe('Ongeldig: Factuur voor (Type)')
  })

  it('tells in the answer, not by its status, that document or mail could not be made', () => {
    const { client, post, path, print } = books()
    addFault(client.world, 'documentFails', { times: 1 })
    editAccount(client.desk, '10012', { Email: null })
    const made = post()
    const printed = print(made, { SendEmailToCustomer: true })
    expect(printed.status).toBe(201)
    expect(printed.d).toMatchObject({
      Document: null,
      DocumentCreationError: 'Het document kon niet worden gemaakt: de lay-out ontbreekt.',
      EmailCreationError: 'Geen e-mailadres gevonden van de klant.',
    })
    expect(client.get(path(made)).d.Status).toBe(50)
  })

  it('takes the layouts that the list gives, each in its place', () => {
    const { client, post, print } = books()
    const layouts = client.rows('salesinvoice/Layouts?$select=ID,Subject,Type')
    const [document, , email] = layouts.map(({ ID }) => ID)
    expect(layouts.map(({ Type }) => Type)).toEqual([1, 1, 2])
    expect(print(post(), { DocumentLayout: email }).value).toBe('Ongeldige referentie: Lay-out')
    const printed = print(post(), { DocumentLayout: document, EmailLayout: email, SendEmailToCustomer: true })
    expect(printed.d).toMatchObject({ EmailCreationSuccess: 'E-mail aangemaakt' })
  })

  it.each<[string, Values, Values, Values]>([
    [
      'Peppol, with an identifier',
      { PeppolIdentifier: '90001234', PeppolIdentifierType: 6 },
      { SendInvoiceViaPeppol: true },
      { PeppolCreationSuccess: 'Peppol-bericht aangemaakt', PeppolCreationError: null },
    ],
    [
      'Peppol, without one',
      {},
      { SendInvoiceViaPeppol: true },
      { PeppolCreationSuccess: null, PeppolCreationError: 'De klant heeft geen Peppol-ID.' },
    ],
    [
      'the mailbox',
      {},
      { SendInvoiceToCustomerPostbox: true },
      { PostboxMessageCreationSuccess: 'Bericht aangemaakt', EmailCreationSuccess: null },
    ],
    [
      'what the account is set to: e-mail',
      { InvoicingMethod: 2 },
      { SendOutputBasedOnAccount: true },
      { EmailCreationSuccess: 'E-mail aangemaakt', PeppolCreationError: null },
    ],
    [
      'what the account is set to: Peppol',
      { InvoicingMethod: 32 },
      { SendOutputBasedOnAccount: true },
      { EmailCreationSuccess: null, PeppolCreationError: 'De klant heeft geen Peppol-ID.' },
    ],
    [
      'what the account is set to: paper',
      { InvoicingMethod: 1 },
      { SendOutputBasedOnAccount: true },
      { EmailCreationSuccess: null, PeppolCreationError: null, PostboxMessageCreationSuccess: null },
    ],
  ])('goes out by %s', (_, account, asked, said) => {
    const { client, post, print } = books()
    editAccount(client.desk, '10012', account)
    const printed = print(post(), asked)
    expect([printed.status, printed.d]).toMatchObject([201, said])
  })

  it('keeps the number that an invoice got when it was entered, where the administration is set so', () => {
    const { client, post, print } = books()
    editDivision(client.desk, { numberInvoicesAtEntry: true })
    const [first, second] = [post(), post()]
    expect([first, second].map(({ d }) => d.InvoiceNumber)).toEqual([26700001, 26700002])
    print(second, { InvoiceDate: '2026-03-31' })
    const entries = client.rows('salesentry/SalesEntries?$select=EntryNumber,InvoiceNumber')
    expect(entries).toMatchObject([{ EntryNumber: 26700002, InvoiceNumber: 26700002 }])
    expect(post().d.InvoiceNumber).toBe(26700003)
  })

  it('can only be posted', () => {
    expect(books().client.get('salesinvoice/PrintedSalesInvoices').status).toBe(405)
  })
})

describe('sales invoices by row version', () => {
  it('come a row per line with the header beside it, and come again when the header changes', () => {
    const { client, line, post, print } = books()
    const made = post({}, [line(), line({ Quantity: 1 })])
    const since = (mark: unknown) => client.rows(`sync/SalesInvoice/SalesInvoices?$filter=Timestamp gt ${mark}L`)
    const first = since(1)
    expect(first).toMatchObject([
      {
        InvoiceID: made.d.InvoiceID,
        LineNumber: 1,
        AmountFC: 1250,
        Status: 20,
        InvoiceNumber: null,
        YourRef: 'PO 4711',
      },
      { InvoiceID: made.d.InvoiceID, LineNumber: 2, AmountFC: 125, OrderedByName: 'Van Dalen Techniek B.V.' },
    ])
    expect(typeof first[0]?.Timestamp).toBe('string')
    const mark = first.at(-1)?.Timestamp
    expect(since(mark)).toEqual([])
    print(made)
    expect(since(mark)).toMatchObject([{ Status: 50, InvoiceNumber: 26700001 }, { LineNumber: 2 }])
  })
})
