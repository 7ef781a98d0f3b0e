import { assert } from '@uurwerk/core/shared/assert.ts'
import { addDays, calendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import type { BookedDocument, BookedLineSeen } from '../conformance/books.ts'
import type { FaultPlace, Harness, RightPlace } from '../conformance/harness.ts'
import type { InProcess } from '../conformance/in-process-wire.ts'
import { formOn } from '../conformance/sign-in.ts'
import type { Kind } from '../contract/documents.ts'
import type { Noun } from '../contract/rows.ts'
import {
  rowOf,
  rowsOf,
  type Simulator,
  type SimulatorAnswer,
  type SimulatorRow,
  takeFault,
} from '../contract/simulator.ts'
import {
  addAccount,
  changeInvoice,
  closePeriod,
  discardInvoice,
  editAccount,
  editRow,
  moveDivision,
  payEntry,
  printInvoice,
  removeAccount,
  removeEntry,
  reopenPeriod,
  takeRight,
  unmatchEntry,
} from './simulator/bookkeeper.ts'
import { isSupportedFault } from './simulator/faults.ts'
import { simulateExactOnline } from './simulator/index.ts'
import type { View } from './simulator/resource.ts'
import { resourceAt } from './simulator/resources/index.ts'
import { saveEntry } from './simulator/sales-entry-rules.ts'
import { smallFirmDivisions } from './simulator/small-firm-lists.ts'
import { allCallsOut } from './simulator/webhooks.ts'
import { discard, newGuid, store } from './simulator/world-state.ts'
import { createRow } from './simulator/writes.ts'
import { messageFixtures } from './testing/message-fixtures.ts'

const host = 'start.exactonline.nl'
const division = smallFirmDivisions.main

const app = {
  clientId: '{5f0c0c5e-2b2a-4b6e-9d0f-1f2e3d4c5b6a}',
  clientSecret: 'secret-of-the-test-app',
  redirectUri: 'https://uurwerk.example/connect/callback',
  baseUrl: `https://${host}`,
}

const settings = { defaultItem: '3f2504e0-4f89-41d3-9a0c-0305e82c3301', salesJournal: '70' }

/** How the suite handles the simulator of Exact Online. */
export const exactHarness: Harness = {
  simulator: withMoreFaults(simulateExactOnline),
  country: 'NL',
  app,
  settings,
  settingsWithOwnNumber: { ...settings, ownNumber: 'true' },
  administration: String(division),
  // Lists with row versions come by the thousand (Exact REST reference, sync).
  manyRows: 1_010,
  fixtures: messageFixtures(app),
  async consent(browser, page) {
    const { action, fields } = formOn(await browser.get(page))
    const { location } = await browser.post(new URL(action), [...fields, ['decision', 'allow']])
    assert(location, 'the sign-in page sent nobody back')
    return location
  },
  books,
  hints: {
    // The secret of the app, until another one is registered for its events.
    secret: app.clientSecret,
    sent: ({ world }) =>
      allCallsOut(world).map(({ url, headers, body }) => ({
        callback: url,
        raw: new TextEncoder().encode(body),
        headers,
      })),
  },
  fault: (name, on, options) =>
    isSupportedFault(name) || name in moreFaults ? { kind: name, on: endpointOf(on), ...options } : undefined,
  byHand: {
    closePeriod: ({ world }, date) => closePeriod(world, { month: date.slice(0, 7) }),
    removeLedgerAccount: (at, id) =>
      discard({ ...placeOf(at), random: at.random, user: someone(at) }, 'GLAccounts', id, 7),
    removeCustomer: (at, id) => removeAccount(at, codeOf(at, 'Accounts', id)),
    refuseVatCode: (at, code) => {
      editRow(at, 'VATCodes', code, { IsBlocked: true })
    },
    renameCustomer: (at, id, name) => {
      editAccount(at, codeOf(at, 'Accounts', id), { Name: name })
    },
    addCustomers(at, names) {
      // Above every code that was ever given: an account may have been removed meanwhile.
      let code = rowsOf(at.world, 'Accounts').reduce((most, row) => Math.max(most, Number(row.Code) || 0), 500_000)
      for (const Name of names) {
        code += 1
        addAccount(at, { Name, Status: 'C', Country: 'NL', Code: String(code) })
      }
    },
    addItems(at, names) {
      const model = rowsOf(at.world, 'Items').find(({ Code }) => Code === 'UREN-ADV')
      for (const Description of names) {
        const ID = newGuid(at.random)
        store(placeOf(at), 'Items', ID, { ...model, ID, Code: ID.slice(0, 8), Description })
      }
    },
    enterAgain(at, entry) {
      const EntryID = newGuid(at.random)
      const { EntryNumber, ...row } = entryOf(at, entry)
      const next = Number(EntryNumber) + 1
      saveEntry(viewOf(at), { ...row, EntryID, EntryNumber: next, InvoiceNumber: next })
    },
    changeEntry(at, entry) {
      const row = entryOf(at, entry)
      saveEntry(viewOf(at), { ...row, EntryDate: addDays(calendarDate(String(row.EntryDate)), -1) })
    },
    startMarksAnew: (at) => moveDivision(at),
    reopenPeriod: ({ world }, date) => reopenPeriod(world, { month: date.slice(0, 7) }),
    blockItem: (at, id) => {
      editRow(at, 'Items', codeOf(at, 'Items', id), { IsSalesItem: false })
    },
    makeProspect: (at, id) => {
      editRow(at, 'Accounts', codeOf(at, 'Accounts', id), { Status: 'P' })
    },
    takeNumber(at, { body }) {
      const { Customer, Journal, EntryDate, InvoiceNumber } = body as SimulatorRow
      const account = rowsOf(at.world, 'GLAccounts').find(
        ({ Code, Division }) => Code === '8010' && Division === division,
      )
      const line = { GLAccount: account?.ID, AmountFC: '1', VATCode: '0' }
      const outcome = createRow(
        resourceAt('salesentry/SalesEntries'),
        viewOf(at),
        { Customer, Journal, EntryDate, InvoiceNumber, YourRef: 'met de hand' },
        { SalesEntryLines: [line] },
      )
      assert('row' in outcome, 'the number could not be taken')
    },
    deleteEntry: (at, entry) => removeEntry(at, entry),
    changeInvoice(at, invoice) {
      const date = calendarDate(String(rowOf(at.world, 'SalesInvoices', invoice)?.OrderDate))
      changeInvoice(at, invoice, { OrderDate: addDays(date, -1) })
    },
    discardInvoice: (at, invoice) => discardInvoice(at, invoice),
    printInvoice: (at, invoice) => {
      printInvoice(at, invoice)
    },
    pay: (at, entry, amount) => payEntry(at, entry, amount === undefined ? {} : { amount }),
    unpay: (at, entry) => unmatchEntry(at, entry),
    takeRight: (at, of, as) => takeRight(at, String(someone(at).Email), { path: rightOf(of), as }),
  },
}

const placeOf = ({ world, clock }: InProcess) => ({ world, division, now: clock.now() })
const viewOf = (at: InProcess): View => ({
  ...placeOf(at),
  language: 'nl',
  user: someone(at),
  random: at.random,
  site: app.baseUrl,
})
const someone = ({ world }: InProcess): SimulatorRow => rowsOf(world, 'Users')[0] ?? {}
const codeOf = ({ world }: InProcess, table: string, id: string): string => String(rowOf(world, table, id)?.Code)

function entryOf({ world }: InProcess, id: string): SimulatorRow {
  const row = rowOf(world, 'SalesEntries', id)
  assert(row, `no entry ${id}`)
  return row
}

const posted: { readonly [K in Kind]?: string } = {
  customer: 'crm/Accounts',
  salesInvoice: 'salesinvoice/SalesInvoices',
  printing: 'salesinvoice/PrintedSalesInvoices',
  salesEntry: 'salesentry/SalesEntries',
  document: 'documents/Documents',
  attachment: 'documents/DocumentAttachments',
}
const listed: { readonly [N in Noun]: string } = {
  customers: 'sync/CRM/Accounts',
  items: 'sync/Logistics/Items',
  ledgerAccounts: 'sync/Financial/GLAccounts',
  vatCodes: 'vat/VATCodes',
  journals: 'financial/Journals',
  paymentTerms: 'cashflow/PaymentConditions',
  dimensions: 'hrm/Costcenters',
  periods: 'financial/FinancialPeriods',
}

function endpointOf(on: FaultPlace): string {
  if (on === 'token') return 'POST oauth2/token'
  return 'post' in on ? `POST ${posted[on.post]}` : `GET ${listed[on.read]}`
}

/** Where the right is asked for; printing an invoice is part of having invoices. */
function rightOf(of: RightPlace): string {
  if (of === 'settled') return 'cashflow/paymentterms'
  if ('read' in of) return listed[of.read]
  return of.post === 'printing' ? 'salesinvoice/' : String(posted[of.post])
}

/** Faults of the world around Exact Online, which the simulator itself does not play. */
const moreFaults = { serverErrorAfter: true, unknownMessage: true }

function withMoreFaults(simulator: Simulator): Simulator {
  return {
    ...simulator,
    handle(request, world, clock, random) {
      const on = `${request.method} ${/^\/api\/v1\/\d+\/(.+)$/.exec(request.url.pathname)?.[1]}`
      const strange = takeFault(world, 'unknownMessage', on)
      if (strange) return businessError(String(strange.value))
      const answer = simulator.handle(request, world, clock, random)
      if (!takeFault(world, 'serverErrorAfter', on)) return answer
      return { status: 502, headers: { 'content-type': 'text/html' }, body: '<html><h1>Bad Gateway</h1></html>' }
    },
  }
}

const businessError = (value: string): SimulatorAnswer => ({
  status: 500,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ error: { code: '', message: { lang: '', value } } }),
})

const text = (value: unknown): string | undefined =>
  value === null || value === undefined || value === '' ? undefined : String(value)

const linesOf = ({ world }: InProcess, table: string, by: string, id: unknown): readonly SimulatorRow[] =>
  rowsOf(world, table)
    .filter((line) => line[by] === id)
    .toSorted((a, b) => Number(a.LineNumber) - Number(b.LineNumber))

const bookedLine = (line: SimulatorRow): BookedLineSeen => ({
  ledgerAccount: String(line.GLAccount),
  description: String(line.Description),
  amount: String(line.AmountFC),
  vatCode: String(line.VATCode).trim(),
  vat: String(line.VATAmountFC),
})

/** What stands between brackets at the end of our own words: `Factuur 2026-0042 (K7Q2) …`. */
const bracketed = (words: unknown): string => /\(([A-Z0-9]{1,12})\)/.exec(String(words))?.[1] ?? ''

/** Entries of our own; those that printing made are told by their invoices. */
function salesEntries(at: InProcess): BookedDocument[] {
  const printed = new Set(rowsOf(at.world, 'SalesInvoices').map(({ entry }) => entry))
  const own = rowsOf(at.world, 'SalesEntries').filter(({ EntryID }) => !printed.has(EntryID))
  return own.map((row) => ({
    kind: 'salesEntry',
    id: String(row.EntryID),
    administration: String(row.Division),
    reference: bracketed(row.Description),
    number: String(row.EntryNumber),
    customer: String(row.Customer),
    customerName: String(rowOf(at.world, 'Accounts', String(row.Customer))?.Name),
    date: String(row.EntryDate),
    dueDate: text(row.DueDate),
    period: `${row.ReportingYear}-${String(row.ReportingPeriod).padStart(2, '0')}`,
    currency: String(row.Currency),
    gross: String(row.AmountFC),
    vat: String(row.VATAmountFC),
    lines: linesOf(at, 'SalesEntryLines', 'EntryID', row.EntryID).map(bookedLine),
  }))
}

function salesInvoices(at: InProcess): BookedDocument[] {
  const made = rowsOf(at.world, 'SalesInvoices').map(
    (row): BookedDocument => ({
      kind: 'salesInvoice',
      id: String(row.InvoiceID),
      administration: String(row.Division),
      reference: text(row.Remarks) ?? '',
      number: text(row.InvoiceNumber),
      customer: String(row.OrderedBy),
      customerName: String(rowOf(at.world, 'Accounts', String(row.OrderedBy))?.Name),
      date: String(row.OrderDate),
      dueDate: text(row.DueDate),
      currency: String(row.Currency),
      gross: String(row.AmountFC),
      vat: String(row.VATAmountFC),
      orderNumber: text(row.YourRef),
      isPrinted: row.Status === 50,
      lines: linesOf(at, 'SalesInvoiceLines', 'InvoiceID', row.InvoiceID).map((line) => ({
        ...bookedLine(line),
        item: String(line.Item),
        quantity: String(line.Quantity),
        unitPrice: String(line.UnitPrice),
      })),
    }),
  )
  const printed = made.filter(({ isPrinted }) => isPrinted)
  return [
    ...made,
    ...printed.map(({ id, administration, number, date }): BookedDocument => {
      const row = rowOf(at.world, 'SalesInvoices', id)
      return {
        ...{ kind: 'printing', id, administration, number, parent: id, reference: '', lines: [] },
        date: text(row?.InvoiceDate) ?? date,
      }
    }),
  ]
}

/** Documents that hang on an entry, and their files; what printing puts in the archive is not ours. */
function archive(at: InProcess): BookedDocument[] {
  const documents = rowsOf(at.world, 'Documents').filter(
    ({ FinancialTransactionEntryID }) => !rowOf(at.world, 'SalesInvoices', String(FinancialTransactionEntryID)),
  )
  const ids = new Set(documents.map(({ ID }) => ID))
  const files = rowsOf(at.world, 'DocumentAttachments').filter(({ Document }) => ids.has(Document))
  return [
    ...documents.map(
      (row): BookedDocument => ({
        kind: 'document',
        id: String(row.ID),
        administration: String(row.Division),
        reference: bracketed(row.Subject),
        number: String(row.HID),
        customer: text(row.Account),
        date: text(row.DocumentDate),
        currency: text(row.Currency),
        gross: text(row.AmountFC),
        parent: text(row.FinancialTransactionEntryID),
        lines: [],
      }),
    ),
    ...files.map(
      (row): BookedDocument => ({
        kind: 'attachment',
        id: String(row.ID),
        administration: String(row.Division),
        reference: '',
        parent: String(row.Document),
        fileName: String(row.FileName),
        bytesBase64: String(row.Attachment),
        lines: [],
      }),
    ),
  ]
}

/** Accounts have no reference of ours: their name ends in it here. */
const customers = ({ world }: InProcess): BookedDocument[] =>
  rowsOf(world, 'Accounts').map((row) => ({
    kind: 'customer',
    id: String(row.ID),
    administration: String(row.Division),
    reference: String(row.Name).split(' ').at(-1) ?? '',
    number: String(row.Code).trim(),
    customerName: String(row.Name),
    lines: [],
  }))

function books(at: InProcess): readonly BookedDocument[] {
  return [...salesEntries(at), ...salesInvoices(at), ...archive(at), ...customers(at)]
}
