import type { CalendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { add, type Decimal, isNegative, sum, toCents } from '@uurwerk/core/shared/money.ts'
import { rowsOf, type SimulatorRow } from '../../contract/simulator.ts'
import { say } from './messages.ts'
import type { View, Write } from './resource.ts'
import {
  checkCustomer,
  checkJournal,
  conditionOf,
  currencyOf,
  dueDate,
  numberOf,
  periodOf,
} from './sales-entry-rules.ts'
import { buildInvoiceLine } from './sales-invoice-line-rules.ts'
import { serverToday } from './server-time.ts'
import { discard, newGuid, rowIn, rowsIn, settingOf, store, text } from './world-state.ts'
import { checkReference, created, isEmpty, modified } from './writes.ts'

export const invoiceLinesOf = (view: View, invoice: unknown) =>
  rowsIn(view, 'SalesInvoiceLines').filter((line) => line.InvoiceID === invoice)

/** Invoice and credit note, and the direct kinds of licences for trade, which come out of a warehouse. */
const invoiceTypes = new Set([8020, 8021, 8023, 8024])
const isCredit = (type: unknown) => type === 8021 || type === 8024
const isDirect = (type: unknown) => type === 8023 || type === 8024
/** Filled in where a direct invoice names none (recorded); one that is not direct has none. */
const defaultWarehouse = 'e4f7592d-dd76-4c75-b957-9fbeaf9dbe55'

/** Both accounts are complained of together, as seen: `Verplicht: Factuur voor`, `Verplicht: Besteld door`. */
function checkAccounts(write: Write, header: SimulatorRow, journal: SimulatorRow | undefined): void {
  const { view, refuse } = write
  for (const name of ['InvoiceTo', 'OrderedBy']) if (isEmpty(header[name])) refuse(say(view.language, 'required', name))
  for (const name of ['OrderedBy', 'DeliverTo'])
    if (!isEmpty(header[name]) && !rowIn(view, 'Accounts', header[name]))
      refuse(say(view.language, 'invalidReference', name))
  checkCustomer(write, header, journal, 'InvoiceTo')
}

/** A journal that is left out is the one set for the administration, when there is one: R-invoice-journal. */
function journalOf(write: Write, sent: SimulatorRow): SimulatorRow | undefined {
  const { view, refuse } = write
  const Journal = text(sent.Journal).trim() || settingOf(view, 'defaultSalesJournal')
  if (isEmpty(Journal)) refuse(say(view.language, 'required', 'Journal'))
  return checkJournal(write, { Journal })
}

/** Where goods of an account go: its own address for that, else the one that is visited. */
function addressOf(view: View, account: unknown): unknown {
  const addresses = rowsIn(view, 'Addresses').filter(({ Account }) => Account === account)
  const found = addresses.find(({ Type }) => Type === 4) ?? addresses.find(({ Type }) => Type === 1)
  return found?.ID ?? null
}

/** The person at each account is its main contact, unless another one is sent (recorded). */
function contactsOf(view: View, header: SimulatorRow): SimulatorRow {
  const persons = ['OrderedBy', 'InvoiceTo', 'DeliverTo'].map((name) => {
    const main = rowIn(view, 'Accounts', header[name])?.MainContact ?? null
    return [`${name}ContactPerson`, header[`${name}ContactPerson`] ?? main]
  })
  return Object.fromEntries(persons)
}

/** Everything about a header that does not depend on its lines. */
function checkHeader(write: Write, sent: SimulatorRow): SimulatorRow {
  const { view, refuse } = write
  const withAccounts = {
    ...sent,
    InvoiceTo: sent.InvoiceTo ?? sent.OrderedBy,
    DeliverTo: sent.DeliverTo ?? sent.OrderedBy,
  }
  const journal = journalOf(write, sent)
  checkAccounts(write, withAccounts, journal)
  const customer = rowIn(view, 'Accounts', withAccounts.InvoiceTo)
  const { code: conditionCode, condition } = conditionOf(write, sent, customer)
  checkReference(write, 'Document', rowIn(view, 'Documents', sent.Document))
  const type = sent.Type ?? 8020
  if (!invoiceTypes.has(Number(type))) refuse(say(view.language, 'invalid', 'Type'))
  const date = text(sent.OrderDate) || serverToday(view.now)
  return {
    ...withAccounts,
    Journal: journal?.Code,
    Currency: currencyOf(write, sent, journal),
    PaymentCondition: conditionCode,
    Type: type,
    Warehouse: isDirect(type) ? (sent.Warehouse ?? defaultWarehouse) : null,
    DeliverToAddress: sent.DeliverToAddress ?? addressOf(view, withAccounts.DeliverTo),
    ...contactsOf(view, withAccounts),
    OrderDate: date,
    // The date of an open invoice follows its order date, until it is printed.
    InvoiceDate: date,
    DueDate: sent.DueDate ?? dueDate(date as CalendarDate, condition),
  }
}

/** Amounts of a header are gross, those of its lines net. */
export function invoiceTotals(lines: readonly SimulatorRow[]) {
  const net = toCents(sum(lines.map((line) => line.AmountFC as Decimal)))
  const vat = toCents(sum(lines.map((line) => line.VATAmountFC as Decimal)))
  const gross = toCents(add(net, vat))
  return { AmountFC: gross, AmountDC: gross, AmountFCExclVat: net, VATAmountFC: vat, VATAmountDC: vat }
}

/** A credit note gives money back: R-invoice-credit. */
export function checkSign({ view, refuse }: Write, type: unknown, lines: readonly SimulatorRow[]): void {
  const { AmountFC } = invoiceTotals(lines)
  if (isCredit(type) && !isNegative(AmountFC)) refuse(say(view.language, 'invalid', 'Quantity'))
}

/** Stores the header with the totals of its lines; a changed header renews the row versions of all its lines. */
export function saveInvoice(view: View, header: SimulatorRow): SimulatorRow {
  const lines = invoiceLinesOf(view, header.InvoiceID)
  for (const line of lines) store(view, 'SalesInvoiceLines', String(line.ID), line)
  return store(view, 'SalesInvoices', String(header.InvoiceID), { ...header, ...invoiceTotals(lines) })
}

/** Own order numbers may repeat; left out, it is the highest plus one. */
const nextOrderNumber = (view: View): number =>
  Math.max(
    0,
    ...rowsOf(view.world, 'SalesInvoices')
      .filter(({ Division }) => Division === view.division)
      .map((row) => Number(row.OrderNumber)),
  ) + 1

/** A setting of the administration gives invoices their number when they are entered instead of when they are printed. */
function numberAtEntry(write: Write, { Journal, OrderDate }: SimulatorRow): number {
  const ReportingYear = periodOf(write.view, { EntryDate: OrderDate })?.FinYear ?? Number(text(OrderDate).slice(0, 4))
  return numberOf(write, { Journal, ReportingYear })
}

export function createSalesInvoice(write: Write): SimulatorRow {
  const { view, sent, nested } = write
  const id = newGuid(view.random)
  const dueDateSent = !isEmpty(sent.DueDate)
  const header: SimulatorRow = { ...checkHeader(write, sent), InvoiceID: id, Status: 20, dueDateSent }
  const given = nested.SalesInvoiceLines ?? []
  if (given.length === 0) write.refuse(say(view.language, 'required', 'SalesInvoiceLines'))
  const lines = given.map((line, index) =>
    buildInvoiceLine(write, header, { ...line, InvoiceID: id, LineNumber: index + 1 }),
  )
  if (!write.refused()) checkSign(write, header.Type, lines)
  if (write.refused()) return header
  for (const line of lines) store(view, 'SalesInvoiceLines', String(line.ID), line)
  const OrderNumber = sent.OrderNumber ?? nextOrderNumber(view)
  const Salesperson = sent.Salesperson ?? view.user.UserID
  const InvoiceNumber = settingOf(view, 'numberInvoicesAtEntry') ? numberAtEntry(write, header) : null
  const row = { ...header, OrderNumber, Salesperson, InvoiceNumber, ...created(view), ...modified(view) }
  return saveInvoice(view, row)
}

/** R-processed: a printed invoice stays as it is. */
export function checkInvoiceOpen({ view, refuse }: Write, invoice: SimulatorRow): void {
  if (invoice.Status === 50) refuse(say(view.language, 'processed'))
}

export function updateSalesInvoice(write: Write, merged: SimulatorRow): SimulatorRow {
  const { view, sent } = write
  const before = rowIn(view, 'SalesInvoices', merged.InvoiceID) as SimulatorRow
  checkInvoiceOpen(write, before)
  const dueDateSent = !isEmpty(sent.DueDate) || before.dueDateSent === true
  const moves = sent.OrderDate !== undefined || sent.PaymentCondition !== undefined
  const DueDate = moves && !dueDateSent ? undefined : merged.DueDate
  const header = { ...checkHeader(write, { ...merged, DueDate }), dueDateSent }
  return write.refused() ? header : saveInvoice(view, header)
}

/** The log of deletions names the invoice and, since its rows are lines, each of those. */
export function removeSalesInvoice(write: Write, invoice: SimulatorRow): void {
  checkInvoiceOpen(write, invoice)
  if (write.refused()) return
  for (const line of invoiceLinesOf(write.view, invoice.InvoiceID))
    discard(write.view, 'SalesInvoiceLines', String(line.ID), 13)
}
