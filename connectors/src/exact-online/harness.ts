import { assert } from '@uurwerk/core/shared/assert.ts'
import { addDays, calendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import type { BookedDocument } from '../conformance/books.ts'
import type { FaultPlace, Harness } from '../conformance/harness.ts'
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
import { addAccount, closePeriod, editAccount, editRow, moveDivision, removeAccount } from './simulator/bookkeeper.ts'
import { isSupportedFault } from './simulator/faults.ts'
import { simulateExactOnline } from './simulator/index.ts'
import { smallFirmDivisions } from './simulator/small-firm-lists.ts'
import { discard, newGuid, store } from './simulator/world-state.ts'
import { messageFixtures } from './testing/message-fixtures.ts'

const host = 'start.exactonline.nl'
const division = smallFirmDivisions.main

const app = {
  clientId: '{5f0c0c5e-2b2a-4b6e-9d0f-1f2e3d4c5b6a}',
  clientSecret: 'secret-of-the-test-app',
  redirectUri: 'https://uurwerk.example/connect/callback',
  baseUrl: `https://${host}`,
}

/** How the suite handles the simulator of Exact Online. */
export const exactHarness: Harness = {
  simulator: withMoreFaults(simulateExactOnline),
  country: 'NL',
  app,
  settings: { defaultItem: '3f2504e0-4f89-41d3-9a0c-0305e82c3301', salesJournal: '70' },
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
      store(placeOf(at), 'SalesEntries', EntryID, { ...row, EntryID, EntryNumber: next, InvoiceNumber: next })
    },
    changeEntry(at, entry) {
      const row = entryOf(at, entry)
      store(placeOf(at), 'SalesEntries', entry, { ...row, EntryDate: addDays(calendarDate(String(row.EntryDate)), -1) })
    },
    startMarksAnew: (at) => moveDivision(at),
  },
}

const placeOf = ({ world, clock }: InProcess) => ({ world, division, now: clock.now() })
const someone = ({ world }: InProcess): SimulatorRow => rowsOf(world, 'Users')[0] ?? {}
const codeOf = ({ world }: InProcess, table: string, id: string): string => String(rowOf(world, table, id)?.Code)

function entryOf({ world }: InProcess, id: string): SimulatorRow {
  const row = rowOf(world, 'SalesEntries', id)
  assert(row, `no entry ${id}`)
  return row
}

const posted: { readonly [K in Kind]?: string } = { customer: 'crm/Accounts', salesEntry: 'salesentry/SalesEntries' }
const listed: { readonly [N in Noun]?: string } = { customers: 'sync/CRM/Accounts', items: 'sync/Logistics/Items' }

function endpointOf(on: FaultPlace): string {
  if (on === 'token') return 'POST oauth2/token'
  return 'post' in on ? `POST ${posted[on.post]}` : `GET ${listed[on.read]}`
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

/** Our reference stands in the description of an entry; an account has none, its name ends in it here. */
function books({ world }: InProcess): readonly BookedDocument[] {
  const entries = rowsOf(world, 'SalesEntries').map((row): BookedDocument => {
    const customer = rowOf(world, 'Accounts', String(row.Customer))
    return {
      kind: 'salesEntry',
      id: String(row.EntryID),
      administration: String(row.Division),
      reference: /\(([A-Z0-9]{1,12})\)/.exec(String(row.Description))?.[1] ?? '',
      number: String(row.EntryNumber),
      customer: String(row.Customer),
      customerName: String(customer?.Name),
      date: String(row.EntryDate),
      currency: String(row.Currency),
      gross: String(row.AmountFC),
      lines: rowsOf(world, 'SalesEntryLines')
        .filter(({ EntryID }) => EntryID === row.EntryID)
        .sort((a, b) => Number(a.LineNumber) - Number(b.LineNumber))
        .map((line) => ({
          ledgerAccount: String(line.GLAccount),
          description: String(line.Description),
          amount: String(line.AmountFC),
          vatCode: String(line.VATCode).trim(),
          vat: String(line.VATAmountFC),
        })),
    }
  })
  const customers = rowsOf(world, 'Accounts').map(
    (row): BookedDocument => ({
      kind: 'customer',
      id: String(row.ID),
      administration: String(row.Division),
      reference: String(row.Name).split(' ').at(-1) ?? '',
      number: String(row.Code).trim(),
      customerName: String(row.Name),
      lines: [],
    }),
  )
  return [...entries, ...customers]
}
