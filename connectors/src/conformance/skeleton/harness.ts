import { assert } from '@uurwerk/core/shared/assert.ts'
import { addDays, calendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import type { Noun } from '../../contract/rows.ts'
import { rowOf, rowsOf, type SimulatorRow, type World } from '../../contract/simulator.ts'
import type { BookedDocument } from '../books.ts'
import type { FaultName, FaultPlace, Harness, RightPlace } from '../harness.ts'
import { formOn } from '../sign-in.ts'
import { simulateSkeleton } from './simulator/index.ts'
import { count, discard, mainCompany, stateOf, store } from './simulator/small-firm.ts'
import { fixtures } from './testing/message-fixtures.ts'

/** How the suite handles the simulator of Skeleton Books. */
export const skeletonHarness: Harness = {
  simulator: simulateSkeleton,
  country: 'NL',
  app: {
    clientId: 'uurwerk-test',
    clientSecret: 'secret-of-the-test-app',
    redirectUri: 'https://uurwerk.example/connect/callback',
    baseUrl: 'https://books.skeleton.example',
  },
  settings: { salesJournal: 'SALES' },
  administration: mainCompany,
  manyRows: 45,
  fixtures,
  async consent(browser, page) {
    const { action, fields } = formOn(await browser.get(page))
    const { location } = await browser.post(new URL(action), [...fields, ['decision', 'allow']])
    assert(location, 'the sign-in page sent nobody back')
    return location
  },
  books: ({ world }) => rowsOf(world, 'sales-entries').map(bookedEntry),
  fault: (name, on, options) => (played.has(name) ? { kind: name, on: endpointOf(on), ...options } : undefined),
  byHand: {
    closePeriod: ({ world }, date) => change(world, 'periods', date.slice(0, 7), { closed: true }),
    reopenPeriod: ({ world }, date) => change(world, 'periods', date.slice(0, 7), { closed: false }),
    removeLedgerAccount: ({ world }, id) => discard(world, 'ledger-accounts', id),
    removeCustomer: ({ world }, id) => discard(world, 'customers', id),
    refuseVatCode: ({ world }, id) => change(world, 'vat-codes', id, { blocked: true }),
    blockItem: ({ world }, id) => change(world, 'items', id, { blocked: true }),
    renameCustomer: ({ world }, id, name) => change(world, 'customers', id, { name }),
    addCustomers: ({ world }, names) => add(world, 'customers', names),
    addItems: ({ world }, names) => add(world, 'items', names),
    enterAgain({ world }, entry) {
      store(world, 'sales-entries', { ...rowOf(world, 'sales-entries', entry), id: `hand-${count(world, 'hand')}` })
    },
    changeEntry({ world }, entry) {
      const date = calendarDate(String(rowOf(world, 'sales-entries', entry)?.date))
      change(world, 'sales-entries', entry, { date: addDays(date, -1) })
    },
    deleteEntry: ({ world }, entry) => discard(world, 'sales-entries', entry),
    takeRight({ world }, of, how) {
      stateOf(world).withheld[resourceOf(of)] = how
    },
  },
}

const played: ReadonlySet<FaultName> = new Set<FaultName>([
  'loseAnswerAfter',
  'loseRequestBefore',
  'tooManyRequests',
  'serverError',
  'serverErrorAfter',
  'slow',
  'expireAccess',
  'withdrawAccess',
  'dropTokenAnswer',
  'unknownMessage',
])

const listed: { readonly [N in Noun]?: string } = { ledgerAccounts: 'ledger-accounts', vatCodes: 'vat-codes' }

function resourceOf(of: RightPlace): string {
  assert(of !== 'settled', 'nothing is told of payments')
  return 'post' in of ? 'sales-entries' : (listed[of.read] ?? of.read)
}

const endpointOf = (on: FaultPlace): string =>
  on === 'token' ? 'POST token' : `${'post' in on ? 'POST' : 'GET'} ${resourceOf(on)}`

function change(world: World, table: string, id: string, changes: SimulatorRow): void {
  const row = rowOf(world, table, id)
  assert(row, `no ${table} ${id}`)
  store(world, table, { ...row, ...changes, id })
}

/** Rows like the first of their list, under other names. */
function add(world: World, table: string, names: readonly string[]): void {
  const [model] = rowsOf(world, table)
  for (const name of names) {
    const id = `${table}-${count(world, table)}`
    store(world, table, { ...model, id, code: id, name })
  }
}

interface Line {
  readonly account: string
  readonly text: string
  readonly net: string
  readonly vatCode: string
  readonly vat: string
}

const bookedEntry = (row: SimulatorRow): BookedDocument => ({
  kind: 'salesEntry',
  id: String(row.id),
  administration: mainCompany,
  reference: String(row.reference),
  number: String(row.number),
  customer: String(row.customer),
  date: String(row.date),
  dueDate: String(row.due),
  period: String(row.period),
  currency: String(row.currency),
  gross: String(row.gross),
  vat: String(row.vat),
  lines: (row.lines as readonly Line[]).map(({ account, text, net, vatCode, vat }) => ({
    ...{ ledgerAccount: account, description: text, amount: net, vatCode, vat },
  })),
})
