import { addDays } from '@uurwerk/core/shared/calendar-date.ts'
import type { Clock, Random } from '@uurwerk/core/shared/ports.ts'
import { putRow, removeRow, rowsOf, type SimulatorRow, type World } from '../../contract/simulator.ts'
import { type Payment, payTerms, receiveUnmatched, settleWith, unmatchTerms, writeTermsOff } from './payment-terms.ts'
import type { Resource, View } from './resource.ts'
import { closedKey } from './resources/financial.ts'
import { resourceAt } from './resources/index.ts'
import { openDivision } from './resources/system.ts'
import { serverToday } from './server-time.ts'
import { smallFirmDivisions } from './small-firm-lists.ts'
import { expireAll, withdrawAll } from './tokens.ts'
import {
  type Language,
  newGuid,
  nextVersion,
  rowsIn,
  settingOf,
  stateOf,
  store,
  synced,
  usersOf,
} from './world-state.ts'
import { createRow, type Outcome, removeRowOf, updateRow } from './writes.ts'

/** What a person does at the screens of Exact, beside the API. All of it changes the world at once. */
export interface Desk {
  readonly world: World
  readonly clock: Clock
  readonly random: Random
  /** The main administration unless another is named. */
  readonly division?: number
}

const site = 'https://start.exactonline.nl'

function viewOf({ world, clock, random, division = smallFirmDivisions.main }: Desk): View {
  const user = usersOf(world)[0] ?? {}
  return { world, division, now: clock.now(), language: stateOf(world).language, user, random, site }
}

export interface PeriodChoice {
  /** `2026-01`: the year and the period. */
  readonly month: string
  /** One journal; all of them when left out. */
  readonly journal?: string
}

function eachPeriod(world: World, { month, journal }: PeriodChoice, act: (row: SimulatorRow) => void): void {
  const [year, period] = month.split('-').map(Number)
  for (const { Division, Code } of rowsOf(world, 'Journals'))
    if (!journal || journal === Code) {
      const Key = closedKey(Number(Division), Code, year, period)
      act({ Key, Division, Journal: Code, Year: year, Period: period })
    }
}

/** Closes a period in every administration; nothing can be booked in it until it is opened again. */
export function closePeriod(world: World, choice: PeriodChoice): void {
  eachPeriod(world, choice, (row) => {
    if (!world.tables.ClosedPeriods?.[String(row.Key)]) putRow(world, 'ClosedPeriods', String(row.Key), row)
  })
}

export function reopenPeriod(world: World, choice: PeriodChoice): void {
  eachPeriod(world, choice, ({ Key }) => {
    delete world.tables.ClosedPeriods?.[String(Key)]
    world.changed.add(`ClosedPeriods/${Key}`)
  })
}

/** A row that a person looked for and that is not on the screen. */
export class NotThere extends TypeError {
  readonly what: string
  constructor(what: string, table: string) {
    super(`no ${what} in ${table}`)
    this.what = what
  }
}

/** A row of a table by its code or name, as a person finds it on the screen. */
export function findRow(desk: Desk, table: string, code: string): SimulatorRow {
  const found = rowsIn(viewOf(desk), table).find((row) => row.Code === code || row.Name === code)
  if (!found) throw new NotThere(code, table)
  return found
}

/** Changes fields of a row without asking any rule; keeps the sync version and the time of change right. */
export function editRow(desk: Desk, table: string, code: string, change: SimulatorRow): SimulatorRow {
  const view = viewOf(desk)
  const row = findRow(desk, table, code)
  return store(view, table, String(row.ID), {
    ...row,
    ...change,
    Modified: view.now.toISOString(),
    Modifier: view.user.UserID,
  })
}

/** An item that may no longer be sold from today on. */
export const blockItem = (desk: Desk, code: string) =>
  editRow(desk, 'Items', code, { EndDate: viewOf(desk).now.toISOString().slice(0, 10), IsSalesItem: false })
/** An item that is still sold, but not after yesterday. */
export const endItem = (desk: Desk, code: string) =>
  editRow(desk, 'Items', code, { EndDate: addDays(serverToday(desk.clock.now()), -1) })
/** An account that is no customer any more, though entries stand on it. */
export const makeProspect = (desk: Desk, code: string) => editRow(desk, 'Accounts', code, { Status: 'P' })
export const blockLedgerAccount = (desk: Desk, code: string) => editRow(desk, 'GLAccounts', code, { IsBlocked: true })
export const blockJournal = (desk: Desk, code: string) => editRow(desk, 'Journals', code, { IsBlocked: true })
export const blockAccount = (desk: Desk, code: string) => editRow(desk, 'Accounts', code, { Blocked: true })
/** VAT can no longer be booked in this journal. */
export const switchVatOff = (desk: Desk, journal: string) =>
  editRow(desk, 'Journals', journal, { vatSwitchedOff: true })

/** Fails loudly when the rules of the books say no: a person would see the same complaint. */
function done(outcome: Outcome): SimulatorRow {
  if ('refusals' in outcome) throw new TypeError(outcome.refusals.join('; '))
  return outcome.row
}

const accounts = () => resourceAt('crm/Accounts')
const salesEntries = () => resourceAt('salesentry/SalesEntries')

export const addAccount = (desk: Desk, values: SimulatorRow) => done(createRow(accounts(), viewOf(desk), values))

/** Many accounts at once, past the rules: for lists that must be long. */
export function fillAccounts(desk: Desk, count: number): void {
  const view = viewOf(desk)
  const stamp = { Created: view.now.toISOString(), Modified: view.now.toISOString() }
  for (let index = 1; index <= count; index++) {
    const ID = newGuid(desk.random)
    const row = {
      ID,
      Code: String(50_000 + index),
      Name: `Klant ${index} B.V.`,
      Status: 'C',
      Type: 'A',
      Country: 'NL',
      Blocked: false,
    }
    store(view, 'Accounts', ID, { ...row, ...stamp })
  }
}

export function editAccount(desk: Desk, code: string, change: SimulatorRow): SimulatorRow {
  const row = findRow(desk, 'Accounts', code)
  return done(updateRow(accounts(), viewOf(desk), String(row.ID), change, row))
}

/** Removes an account that has no entries; the log of deletions tells of it. */
export function removeAccount(desk: Desk, code: string): void {
  remove(desk, accounts(), findRow(desk, 'Accounts', code))
}

/** The address that invoices of an account go to: a row of its own, of type 3. */
export function setInvoiceAddress(desk: Desk, code: string, values: SimulatorRow): SimulatorRow {
  const view = viewOf(desk)
  const resource = resourceAt('crm/Addresses')
  const Account = findRow(desk, 'Accounts', code).ID
  const known = rowsIn(view, 'Addresses').find((row) => row.Account === Account && row.Type === 3)
  if (known) return done(updateRow(resource, view, String(known.ID), values, known))
  return done(createRow(resource, view, { Account, Type: 3, ...values }))
}

export function removeItem(desk: Desk, code: string): void {
  remove(desk, resourceAt('logistics/Items'), findRow(desk, 'Items', code))
}

function remove(desk: Desk, resource: Resource, row: SimulatorRow): void {
  done(removeRowOf(resource, viewOf(desk), String(row[resource.key[0] as string]), row))
}

export interface HandTypedEntry {
  /** Code of the account. */
  readonly customer: string
  readonly reference: string
  readonly date: string
  readonly journal?: string
  /** Taken when it is free; the next of the series when left out. */
  readonly number?: number
  readonly lines: readonly { readonly ledgerAccount: string; readonly net: string; readonly vatCode: string }[]
}

/** A sales entry typed by hand: how a reference comes to stand in the books twice, and how a number is taken. */
export function typeEntryByHand(desk: Desk, entry: HandTypedEntry): SimulatorRow {
  const lines = entry.lines.map((line) => ({
    GLAccount: findRow(desk, 'GLAccounts', line.ledgerAccount).ID,
    AmountFC: line.net,
    VATCode: line.vatCode,
  }))
  const header = {
    Customer: findRow(desk, 'Accounts', entry.customer).ID,
    Journal: entry.journal ?? '70',
    EntryDate: entry.date,
    YourRef: entry.reference,
    ...(entry.number !== undefined && { InvoiceNumber: entry.number }),
  }
  return done(createRow(salesEntries(), viewOf(desk), header, { SalesEntryLines: lines }))
}

/** A row as a person points at it: by its own key, its number or its reference. */
function pointedAt(desk: Desk, table: 'SalesEntries' | 'SalesInvoices', by: string): SimulatorRow {
  const key = table === 'SalesEntries' ? 'EntryID' : 'InvoiceID'
  const names = [key, 'YourRef', 'EntryNumber', 'InvoiceNumber', 'OrderNumber']
  const rows = rowsIn(viewOf(desk), table)
  const name = names.find((known) => rows.some((row) => String(row[known] ?? '') === by))
  const found = name && rows.find((row) => String(row[name] ?? '') === by)
  if (!found) throw new NotThere(by, table)
  return found
}

const entryWith = (desk: Desk, by: string) => pointedAt(desk, 'SalesEntries', by)

/** Makes an entry final: status 50, after which it can be neither changed nor removed. */
export function processEntry(desk: Desk, reference: string): SimulatorRow {
  const entry = entryWith(desk, reference)
  return store(viewOf(desk), 'SalesEntries', String(entry.EntryID), { ...entry, Status: 50 })
}

export function removeEntry(desk: Desk, reference: string): void {
  remove(desk, salesEntries(), entryWith(desk, reference))
}

/** Changes an entry as the screen allows it: only while it is open. */
export function changeEntry(desk: Desk, reference: string, change: SimulatorRow): SimulatorRow {
  const entry = entryWith(desk, reference)
  return done(updateRow(salesEntries(), viewOf(desk), String(entry.EntryID), change, entry))
}

/** Money came in for an entry and was matched with it: all that is open, unless an amount is named. */
export const payEntry = (desk: Desk, reference: string, payment: Payment = {}): void =>
  payTerms(viewOf(desk), entryWith(desk, reference), payment)

/** Money came in, and nobody has matched it yet. */
export function receiveMoney(desk: Desk, customer: string, payment: Required<Payment>): void {
  receiveUnmatched(viewOf(desk), findRow(desk, 'Accounts', customer).ID, payment)
}

/** Takes back every match of an entry. */
export const unmatchEntry = (desk: Desk, reference: string): void =>
  unmatchTerms(viewOf(desk), entryWith(desk, reference).EntryID)

export const writeEntryOff = (desk: Desk, reference: string): void =>
  writeTermsOff(viewOf(desk), entryWith(desk, reference))

export const settleWithCredit = (desk: Desk, invoice: string, credit: string): void =>
  settleWith(viewOf(desk), entryWith(desk, invoice), entryWith(desk, credit))

const salesInvoices = () => resourceAt('salesinvoice/SalesInvoices')

export function discardInvoice(desk: Desk, by: string): void {
  remove(desk, salesInvoices(), pointedAt(desk, 'SalesInvoices', by))
}

export function changeInvoice(desk: Desk, by: string, change: SimulatorRow): SimulatorRow {
  const invoice = pointedAt(desk, 'SalesInvoices', by)
  return done(updateRow(salesInvoices(), viewOf(desk), String(invoice.InvoiceID), change, invoice))
}

/** Prints an invoice, and with it books it; dated today unless another date is named. */
export function printInvoice(desk: Desk, by: string, date?: string): SimulatorRow {
  const { InvoiceID } = pointedAt(desk, 'SalesInvoices', by)
  const asked = { InvoiceID, ...(date && { InvoiceDate: date }) }
  return done(createRow(resourceAt('salesinvoice/PrintedSalesInvoices'), viewOf(desk), asked))
}

const monthsOf = (year: number) => Array.from({ length: 12 }, (_, index) => `${year}-${index + 1}`)

export function closeYear(world: World, year: number): void {
  for (const month of monthsOf(year)) closePeriod(world, { month })
}

export function reopenYear(world: World, year: number): void {
  for (const month of monthsOf(year)) reopenPeriod(world, { month })
}

/** A year that nobody has made yet. */
export function removeFinancialYear(desk: Desk, year: number): void {
  for (const row of rowsIn(viewOf(desk), 'FinancialPeriods').filter(({ FinYear }) => FinYear === year))
    removeRow(desk.world, 'FinancialPeriods', String(row.ID))
}

/** The next financial year: until it is made, nothing can be booked in it. */
export function addFinancialYear(desk: Desk, year: number): void {
  const view = viewOf(desk)
  for (let month = 1; month <= 12; month++) {
    const id = newGuid(desk.random)
    const [StartDate, EndDate] = [1, 0].map((day) =>
      new Date(Date.UTC(year, day ? month - 1 : month, day)).toISOString().slice(0, 10),
    )
    store(view, 'FinancialPeriods', id, { ID: id, FinYear: year, FinPeriod: month, StartDate, EndDate })
  }
}

/** Moves an administration to another database: every row version is given anew, starting low (Exact REST reference, SyncCRMAccounts). */
export function moveDivision(desk: Desk): void {
  const view = viewOf(desk)
  stateOf(desk.world).versions[view.division] = 0
  for (const table of synced)
    for (const row of rowsOf(desk.world, table).filter(({ Division }) => Division === view.division))
      putRow(desk.world, table, String(row.ID ?? row.EntryID), {
        ...row,
        Timestamp: nextVersion(desk.world, view.division),
      })
  editDivision(desk, { DivisionMoveDate: view.now.toISOString() })
}

export function editDivision(desk: Desk, change: SimulatorRow): void {
  const code = String(viewOf(desk).division)
  putRow(desk.world, 'Divisions', code, { ...desk.world.tables.Divisions?.[code], ...change })
}

export const administrationSetting = (desk: Desk, name: string): unknown => settingOf(viewOf(desk), name)

function userWith(world: World, email: string): SimulatorRow {
  const user = rowsOf(world, 'Users').find((row) => row.Email === email)
  if (!user) throw new NotThere(email, 'Users')
  return user
}

const changeUser = (world: World, email: string, change: SimulatorRow): void => {
  const user = userWith(world, email)
  putRow(world, 'Users', String(user.UserID), { ...user, ...change })
}

/** The person of a connection leaves, or comes back. */
export const setUserActive = ({ world }: Desk, email: string, active: boolean): void =>
  changeUser(world, email, { inactive: !active })

export interface TakenRight {
  /** Start of a path: `salesentry/`, `documents/documents`. */
  readonly path: string
  /** Lists come back empty, or every call is refused. */
  readonly as: 'empty' | 'refused'
  /** `Reason` of the refusal; none when left out. */
  readonly reason?: string
}

/** Takes a right of a person away; the calls they allow answer so from now on. */
export function takeRight({ world }: Desk, email: string, { path, as, reason = '' }: TakenRight): void {
  const user = userWith(world, email)
  const denied = Array.isArray(user.denied) ? user.denied : []
  const refused = user.refused as SimulatorRow | undefined
  const start = path.toLowerCase()
  changeUser(
    world,
    email,
    as === 'empty' ? { denied: [...denied, start] } : { refused: { ...refused, [start]: reason } },
  )
}

export function giveRight({ world }: Desk, email: string, path: string): void {
  const { denied, refused } = userWith(world, email)
  const start = path.toLowerCase()
  changeUser(world, email, {
    denied: Array.isArray(denied) ? denied.filter((known) => known !== start) : [],
    refused: Object.fromEntries(Object.entries((refused ?? {}) as SimulatorRow).filter(([known]) => known !== start)),
  })
}

/** Somebody clicks another administration: `CurrentDivision` moves along. */
export const clickDivision = (desk: Desk, division: number) =>
  openDivision(desk.world, String(usersOf(desk.world)[0]?.UserID), division)

export const withdrawAccess = (world: World) => withdrawAll(world)
export const expireAccess = (world: World) => expireAll(world)

/** The language of one person, in which they read complaints. */
export const setUserLanguage = ({ world }: Desk, email: string, language: Language): void =>
  changeUser(world, email, { language })

/** The language in which complaints are worded for everybody who has none of their own. */
export function setLanguage(world: World, language: Language): void {
  stateOf(world).language = language
}
