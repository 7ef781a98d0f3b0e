import { type Decimal, sum, toCents } from '@uurwerk/core/shared/money.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rowsOf, type SimulatorRow } from '../../contract/simulator.ts'
import {
  changeEntry,
  moveDivision,
  payEntry,
  printInvoice,
  receiveMoney,
  removeEntry,
  settleWithCredit,
  unmatchEntry,
  writeEntryOff,
} from './bookkeeper.ts'
import { addFault } from './faults.ts'
import { TestClient } from './test-client.ts'

const day = (year: number, month: number, date: number) => `/Date(${Date.UTC(year, month - 1, date)})/`

/** A signed-in client with one entry of 121.00, `F-1`. */
function books() {
  const client = new TestClient().signIn()
  const Customer = client.idOf('crm/Accounts', '10012')
  const GLAccount = client.idOf('financial/GLAccounts', '8010')
  const post = (YourRef: string, AmountFC = 100) =>
    client.post('salesentry/SalesEntries', {
      Journal: '70',
      Customer,
      EntryDate: '2026-03-31',
      YourRef,
      SalesEntryLines: [{ GLAccount, AmountFC, VATCode: '2' }],
    }).d
  const entry = post('F-1')
  const terms = (mark: unknown = 1) =>
    client.rows(`sync/Cashflow/PaymentTerms?$filter=Timestamp gt ${mark}L`).filter(({ LineType }) => LineType === 20)
  const ofEntry = (id: unknown = entry.EntryID) => terms().filter(({ TransactionEntryID }) => TransactionEntryID === id)
  const amounts = (rows: readonly Record<string, unknown>[]) =>
    rows.map(({ AmountFC, Status, IsFullyPaid }) => [AmountFC, Status, IsFullyPaid])
  const outstanding = () =>
    client
      .rows('read/financial/ReceivablesList?$select=HID,YourRef,Amount')
      .map(({ YourRef, Amount }) => [YourRef, Amount])
  return { client, post, entry, terms, ofEntry, amounts, outstanding }
}

describe('the payment term of an entry', () => {
  it('is open for the gross amount, and leads back to the entry', () => {
    const { client, entry, ofEntry } = books()
    expect(ofEntry()).toMatchObject([
      {
        Account: client.idOf('crm/Accounts', '10012'),
        AccountCode: '             10012',
        AmountFC: 121,
        AmountDC: 121,
        TransactionAmountFC: 121,
        Currency: 'EUR',
        DueDate: day(2026, 4, 30),
        InvoiceDate: day(2026, 3, 31),
        EntryNumber: 26700001,
        InvoiceNumber: 26700001,
        YourRef: 'F-1',
        Status: 20,
        IsFullyPaid: false,
        LastPaymentDate: null,
        EndDate: null,
        PaymentMethod: 'B',
        GLAccountCode: '1300',
        Journal: '70',
        TransactionEntryID: entry.EntryID,
        TransactionType: 20,
        LineType: 20,
      },
    ])
    expect(typeof ofEntry()[0]?.Timestamp).toBe('string')
  })

  it('stands in one list with what is to be paid to suppliers, told apart by LineType alone', () => {
    const { client } = books()
    const all = client.rows('sync/Cashflow/PaymentTerms?$filter=Timestamp gt 1L&$select=LineType')
    expect(all.map(({ LineType }) => LineType).toSorted()).toEqual([20, 22])
    expect(client.get('sync/Cashflow/PaymentTerms?$filter=LineType eq 20').status).toBe(400)
    expect(client.rows('cashflow/Receivables')).toHaveLength(1)
  })

  it('names its entry and its line in the ledger, whether sold, received or written off', () => {
    const { client, post } = books()
    post('F-2')
    payEntry(client.desk, 'F-1')
    writeEntryOff(client.desk, 'F-2')
    const all = client.rows('cashflow/Receivables?$select=TransactionID,TransactionEntryID,AmountDC')
    expect(all).toHaveLength(4)
    for (const { TransactionID, TransactionEntryID, AmountDC } of all) {
      const { d } = client.get(`financialtransaction/TransactionLines(guid'${TransactionID}')`)
      expect(d).toMatchObject({ EntryID: TransactionEntryID, GLAccountCode: '1300', AmountDC })
    }
  })

  it('comes again by row version only when it changes', () => {
    const { client, terms } = books()
    const mark = terms().at(-1)?.Timestamp
    expect(terms(mark)).toEqual([])
    payEntry(client.desk, 'F-1')
    expect(terms(mark)).toHaveLength(2)
  })

  it('follows the entry: another amount, another due date, gone with it', () => {
    const { client, entry, ofEntry } = books()
    changeEntry(client.desk, 'F-1', { DueDate: '2026-05-15' })
    expect(ofEntry()[0]?.DueDate).toBe(day(2026, 5, 15))
    const line = client.rows(`salesentry/SalesEntryLines?$filter=EntryID eq guid'${entry.EntryID}'`)[0]
    client.put(`salesentry/SalesEntryLines(guid'${line?.ID}')`, { AmountFC: 200 })
    expect(ofEntry()[0]?.AmountFC).toBe(242)
    const ID = ofEntry()[0]?.ID
    removeEntry(client.desk, 'F-1')
    expect(ofEntry()).toEqual([])
    const gone = client.rows('sync/Deleted?$filter=Timestamp gt 1L').filter(({ EntityType }) => EntityType === 10)
    expect(gone).toMatchObject([{ EntityKey: ID }])
  })

  it('comes with printing an invoice, for the entry that printing makes', () => {
    const { client, terms } = books()
    client.post('salesinvoice/SalesInvoices', {
      Journal: '70',
      OrderedBy: client.idOf('crm/Accounts', '10012'),
      YourRef: 'PO 1',
      SalesInvoiceLines: [{ Item: client.idOf('logistics/Items', 'UREN-ADV'), Quantity: 1, NetPrice: 100 }],
    })
    expect(terms()).toHaveLength(1)
    printInvoice(client.desk, 'PO 1', '2026-04-02')
    const [entry] = client.rows('salesentry/SalesEntries?$filter=InvoiceNumber eq 26700002')
    expect(terms().at(-1)).toMatchObject({ InvoiceNumber: 26700002, AmountFC: 121, TransactionEntryID: entry?.EntryID })
    payEntry(client.desk, '26700002')
    const [invoice] = client.rows('salesinvoice/SalesInvoices?$filter=InvoiceNumber eq 26700002')
    expect(invoice).toMatchObject({ StarterSalesInvoiceStatus: 3, StarterSalesInvoiceStatusDescription: 'Betaald' })
  })

  it('is as late to be seen as its entry', () => {
    const { client, post, terms } = books()
    addFault(client.world, 'lateCommit', { on: 'POST salesentry/SalesEntries', times: 1, value: 5_000 })
    post('F-2')
    expect(terms()).toHaveLength(1)
    client.clock.advance(5_000)
    expect(terms()).toHaveLength(2)
  })

  it('is negative for a credit note', () => {
    const { post, ofEntry } = books()
    expect(ofEntry(post('C-1', -100).EntryID)).toMatchObject([{ AmountFC: -121, TransactionType: 21 }])
  })
})

describe('a payment', () => {
  it('in full settles the term and leaves the list of receivables', () => {
    const { client, ofEntry, terms, outstanding } = books()
    payEntry(client.desk, 'F-1', { date: '2026-04-08' })
    expect(ofEntry()).toMatchObject([
      { AmountFC: 121, Status: 50, IsFullyPaid: true, LastPaymentDate: day(2026, 4, 8), EndDate: day(2026, 4, 8) },
    ])
    expect(outstanding()).toEqual([])
    // The line of the bank is a term too, and repeats YourRef of the one invoice it is matched with.
    const receipt = terms().find(({ TransactionType }) => TransactionType === 40)
    expect(receipt).toMatchObject({ AmountFC: -121, YourRef: 'F-1', Status: 50, Journal: '20' })
  })

  it('in part splits the term, each part with an EntryID of its own', () => {
    const { client, ofEntry, amounts, outstanding } = books()
    payEntry(client.desk, 'F-1', { amount: '50.00' })
    expect(amounts(ofEntry()).toSorted()).toEqual([
      [50, 50, true],
      [71, 20, false],
    ])
    expect(new Set(ofEntry().map(({ EntryID }) => EntryID)).size).toBe(2)
    expect(new Set(ofEntry().map(({ HID }) => HID)).size).toBe(1)
    expect(outstanding()).toEqual([['F-1', 71]])
    payEntry(client.desk, 'F-1')
    expect(ofEntry().every(({ IsFullyPaid }) => IsFullyPaid)).toBe(true)
    expect(outstanding()).toEqual([])
  })

  it('taken back opens the invoice again, and stands there as a negative row without YourRef', () => {
    const { client, ofEntry, amounts, outstanding } = books()
    payEntry(client.desk, 'F-1', { amount: '50.00' })
    payEntry(client.desk, 'F-1')
    unmatchEntry(client.desk, 'F-1')
    expect(amounts(ofEntry()).toSorted()).toEqual([
      [50, 20, false],
      [71, 20, false],
    ])
    expect(ofEntry().every(({ LastPaymentDate, EndDate }) => LastPaymentDate === null && EndDate === null)).toBe(true)
    expect(outstanding().toSorted((a, b) => Number(a[1]) - Number(b[1]))).toEqual([
      [null, -71],
      [null, -50],
      ['F-1', 50],
      ['F-1', 71],
    ])
  })

  it('that nobody has matched is a negative row without YourRef', () => {
    const { client, outstanding } = books()
    receiveMoney(client.desk, '10012', { amount: '40.00', date: '2026-04-09' })
    expect(outstanding()).toEqual([
      ['F-1', 121],
      [null, -40],
    ])
  })

  it('may be no payment: what is written off is settled without a date of payment', () => {
    const { client, ofEntry, outstanding } = books()
    payEntry(client.desk, 'F-1', { amount: '120.00' })
    writeEntryOff(client.desk, 'F-1')
    expect(
      ofEntry().map(({ AmountFC, IsFullyPaid, LastPaymentDate }) => [AmountFC, IsFullyPaid, LastPaymentDate]),
    ).toEqual(
      expect.arrayContaining([
        [120, true, day(2026, 4, 10)],
        [1, true, null],
      ]),
    )
    expect(outstanding()).toEqual([])
    unmatchEntry(client.desk, 'F-1')
    expect(
      outstanding()
        .map(([, amount]) => amount)
        .toSorted(),
    ).toEqual([-120, 1, 120])
  })

  it('may be a credit note', () => {
    const { client, post, outstanding } = books()
    post('C-1', -40)
    settleWithCredit(client.desk, 'F-1', 'C-1')
    expect(outstanding()).toEqual([['F-1', 72.6]])
  })
})

describe('whatever a bookkeeper does with payments', () => {
  const acts = fc.array(
    fc.oneof(
      fc.record({ act: fc.constant('part' as const), cents: fc.integer({ min: 1, max: 20_000 }) }),
      fc.record({ act: fc.constantFrom('pay' as const, 'unmatch' as const, 'write-off' as const) }),
    ),
    { maxLength: 8 },
  )

  it('terms add up to the gross amount, and every match to nothing', () => {
    fc.assert(
      fc.property(acts, (chosen) => {
        const { client, entry } = books()
        for (const step of chosen) {
          if (step.act === 'part') payEntry(client.desk, 'F-1', { amount: (step.cents / 100).toFixed(2) })
          else if (step.act === 'pay') payEntry(client.desk, 'F-1')
          else if (step.act === 'unmatch') unmatchEntry(client.desk, 'F-1')
          else writeEntryOff(client.desk, 'F-1')
        }
        const all = rowsOf(client.world, 'PaymentTerms').filter(({ LineType }) => LineType === 20)
        const total = (terms: readonly SimulatorRow[]) => toCents(sum(terms.map((term) => term.AmountFC as Decimal)))
        expect(total(all.filter(({ TransactionEntryID }) => TransactionEntryID === entry.EntryID))).toBe('121.00')
        const matches = Map.groupBy(
          all.filter(({ match }) => match),
          ({ match }) => match,
        )
        for (const terms of matches.values()) expect(total(terms)).toBe('0.00')
        expect(
          all.every(
            ({ Status, IsFullyPaid, match }) => (Status === 50) === IsFullyPaid && IsFullyPaid === Boolean(match),
          ),
        ).toBe(true)
      }),
      { seed: 7, numRuns: 60 },
    )
  }, 60_000)
})

describe('receivables', () => {
  it('are read by number in bulk, with $select, on the documented filters alone', () => {
    const { client, post } = books()
    post('F-2')
    const select = '$select=ID,InvoiceNumber,Status,AmountDC,IsFullyPaid'
    const found = client.rows(`bulk/Cashflow/Receivables?$filter=InvoiceNumber eq 26700002&${select}`)
    expect(found).toMatchObject([{ InvoiceNumber: 26700002, Status: 20 }])
    expect(client.get('bulk/Cashflow/Receivables?$filter=InvoiceNumber eq 26700002').status).toBe(400)
    const wrong = client.get(`bulk/Cashflow/Receivables?$filter=YourRef eq 'F-2'&${select}`)
    expect([wrong.status, wrong.value]).toEqual([400, 'Bad Request - Error in query syntax.'])
    expect(client.rows("cashflow/Receivables?$filter=YourRef eq 'F-2'")).toHaveLength(1)
  })

  it('come sixty a page, in bulk a thousand', () => {
    const { client, post } = books()
    for (let count = 2; count <= 61; count++) {
      if (count === 40) client.clock.advance(60_000)
      post(`F-${count}`)
    }
    client.clock.advance(60_000)
    expect(client.all('cashflow/Receivables?$select=ID')).toMatchObject({ pages: 2 })
    expect(client.all('bulk/Cashflow/Receivables?$select=ID')).toMatchObject({ pages: 1 })
  })

  it('have a list of what is outstanding, with an Int64 as key, and filtered by the date of the invoice alone', () => {
    const { client } = books()
    expect(client.rows('read/financial/ReceivablesList')).toMatchObject([
      {
        HID: expect.stringMatching(/^\d+$/),
        AccountCode: '             10012',
        AccountId: client.idOf('crm/Accounts', '10012'),
        Amount: 121,
        CurrencyCode: 'EUR',
        EntryNumber: 26700001,
        InvoiceNumber: 26700001,
        JournalCode: '70',
        YourRef: 'F-1',
        DueDate: day(2026, 4, 30),
      },
    ])
    expect(client.get("read/financial/ReceivablesList?$filter=YourRef eq 'F-1'").status).toBe(400)
    const dated = (from: string) =>
      client.rows(`read/financial/ReceivablesList/?$filter=InvoiceDate gt datetime'${from}'&$select=*`).length
    expect([dated('2026-03-30') > 0, dated('2026-12-31')]).toEqual([true, 0])
  })

  it('can only be read', () => {
    const { client } = books()
    for (const path of ['cashflow/Receivables', 'bulk/Cashflow/Receivables', 'read/financial/ReceivablesList'])
      expect(client.post(path, {}).status).toBe(405)
  })
})

it('moving a division gives every row version anew', () => {
  const { client, terms } = books()
  const mark = terms().at(-1)?.Timestamp
  moveDivision(client.desk)
  expect(terms(mark)).toEqual([])
  expect(terms(0)).toHaveLength(1)
})
