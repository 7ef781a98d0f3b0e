import { addDays, addMonths, type CalendarDate, endOfMonth } from '@uurwerk/core/shared/calendar-date.ts'
import { add, type Decimal, isNegative, sum, times, toCents } from '@uurwerk/core/shared/money.ts'
import { rowsOf, type SimulatorRow } from '../../contract/simulator.ts'
import { isCurrency } from './countries.ts'
import { strikes } from './faults.ts'
import { say } from './messages.ts'
import { keepTerms, removeTerms } from './payment-terms.ts'
import type { View, Write } from './resource.ts'
import { closedKey } from './resources/financial.ts'
import { buildLine } from './sales-line-rules.ts'
import { serverToday } from './server-time.ts'
import { forgetLine, ledgerLinesOf } from './transactions.ts'
import { discard, newGuid, rowIn, rowsIn, settingOf, store, text } from './world-state.ts'
import { checkReference, created, isEmpty, modified } from './writes.ts'

export const coded = (view: View, table: string, code: unknown) =>
  rowsIn(view, table).find((row) => row.Code === text(code).trim())

/** R-customer: an account of status C that is neither blocked nor ended; `name` is the field that points to it. */
export function checkCustomer(
  { view, refuse }: Write,
  header: SimulatorRow,
  journal: SimulatorRow | undefined,
  name: 'Customer' | 'InvoiceTo' = 'Customer',
): void {
  const customer = rowIn(view, 'Accounts', header[name])
  if (!customer) {
    if (!isEmpty(header[name])) refuse(say(view.language, 'invalidReference', name))
    return
  }
  if (customer.Status !== 'C') refuse(say(view.language, 'accountType', name))
  if (customer.Blocked) refuse(say(view.language, 'blocked', name))
  const today = serverToday(view.now)
  if (customer.EndDate && today > String(customer.EndDate)) refuse(say(view.language, 'ended', name))
  if (customer.GLAR && journal?.GLAccount && customer.GLAR !== journal.GLAccount)
    refuse(say(view.language, 'receivableDiffers'))
}

/** R-journal: a sales journal, named by its code. */
export function checkJournal({ view, refuse }: Write, header: SimulatorRow): SimulatorRow | undefined {
  if (isEmpty(header.Journal)) return undefined
  const journal = coded(view, 'Journals', header.Journal)
  if (!journal) refuse(say(view.language, 'invalidReference', 'Journal'))
  else if (journal.Type !== 20) refuse(say(view.language, 'journalType'))
  else if (journal.IsBlocked) refuse(say(view.language, 'blocked', 'Journal'))
  return journal
}

/** Year and period as sent, else those in which the entry date falls; undefined when the year was never made: R-period. */
export function periodOf(view: View, header: SimulatorRow): SimulatorRow | undefined {
  const periods = rowsIn(view, 'FinancialPeriods')
  const date = String(header.EntryDate)
  const dated = periods.find((row) => String(row.StartDate) <= date && date <= String(row.EndDate))
  const year = header.ReportingYear ?? dated?.FinYear
  const period = header.ReportingPeriod ?? dated?.FinPeriod
  return periods.find((row) => row.FinYear === year && row.FinPeriod === period)
}

export function refuseClosed({ view, refuse }: Write, journal: unknown, year: unknown, period: unknown): void {
  const key = closedKey(view.division, journal, year, period)
  if (rowsIn(view, 'ClosedPeriods').some((row) => row.Key === key))
    refuse(say(view.language, 'periodClosed', Number(year), Number(period)))
}

/** R-due-date: two months from 17 January is the end of March, then the days; without a condition due at once. */
export function dueDate(date: CalendarDate, condition: SimulatorRow | undefined): CalendarDate {
  const months = Number(condition?.PaymentEndOfMonths ?? 0)
  const from = months > 0 ? endOfMonth(addMonths(date, months)) : date
  return addDays(from, Number(condition?.PaymentDays ?? 0))
}

/** All entries of a journal and year, also those that cannot be seen yet: a number is taken before it is visible. */
const numbered = (view: View, header: SimulatorRow) =>
  rowsOf(view.world, 'SalesEntries').filter(
    (row) =>
      row.Division === view.division &&
      row.Journal === header.Journal &&
      row.ReportingYear === header.ReportingYear &&
      row.EntryID !== header.EntryID,
  )

/** Numbers of invoices that got theirs when they were entered, and are not printed yet. */
const numberedInvoices = (view: View, { Journal, InvoiceID }: SimulatorRow): unknown[] =>
  rowsOf(view.world, 'SalesInvoices')
    .filter((row) => row.Division === view.division && row.Journal === Journal && row.Status !== 50)
    .flatMap((row) => (isEmpty(row.InvoiceNumber) || row.InvoiceID === InvoiceID ? [] : [row.InvoiceNumber]))

/** R-number: `YYJJ####` by default, unique per journal and year; entry number and invoice number are one. */
export function numberOf({ view, refuse }: Write, header: SimulatorRow): number {
  const taken = new Set([...numbered(view, header).map((row) => row.EntryNumber), ...numberedInvoices(view, header)])
  const wanted = header.InvoiceNumber ?? header.EntryNumber
  if (!isEmpty(wanted)) {
    const byEntry = isEmpty(header.InvoiceNumber)
    const words = byEntry
      ? say(view.language, 'entryExists', Number(wanted), String(header.Journal))
      : say(view.language, 'numberInUse')
    if (taken.has(wanted)) refuse(words)
    return Number(wanted)
  }
  return nextNumber([...taken].map(Number), header.Journal, Number(header.ReportingYear))
}

/** The number after the highest of the series `YYJJ####`: year, journal, counter. */
export function nextNumber(taken: readonly number[], journalCode: unknown, year: number): number {
  const journal = String(journalCode).replace(/\D/g, '').slice(-2).padStart(2, '0')
  const first = Number(`${String(year % 100).padStart(2, '0')}${journal}0001`)
  const inRange = taken.filter((number) => number >= first && number < first + 9999)
  return Math.max(first - 1, ...inRange) + 1
}

/** The currency that is sent, or that of the administration; others only where the journal takes them. */
export function currencyOf({ view, refuse }: Write, sent: SimulatorRow, journal: SimulatorRow | undefined): string {
  const currency = text(sent.Currency).trim() || 'EUR'
  if (!isCurrency(currency)) refuse(say(view.language, 'invalidReference', 'Currency'))
  else if (currency !== 'EUR' && journal && !journal.AllowVariableCurrency)
    refuse(say(view.language, 'invalid', 'Currency'))
  return currency
}

/** R-condition: the payment condition that is sent, else of the customer, else the one set for the administration. */
export function conditionOf(write: Write, sent: SimulatorRow, customer: SimulatorRow | undefined) {
  const { view, refuse } = write
  const set = settingOf(view, 'defaultPaymentCondition')
  const ofFirm = set === undefined ? '00' : text(set)
  const code = text(sent.PaymentCondition).trim() || text(customer?.PaymentConditionSales) || ofFirm
  const condition = coded(view, 'PaymentConditions', code)
  if (code === '') refuse(say(view.language, 'required', 'PaymentCondition'))
  checkReference(write, 'PaymentCondition', condition)
  return { code, condition }
}

/** Everything about a header that does not depend on its lines. */
function checkHeader(write: Write, sent: SimulatorRow): SimulatorRow {
  const { view, refuse } = write
  const journal = checkJournal(write, sent)
  checkCustomer(write, sent, journal)
  const customer = rowIn(view, 'Accounts', sent.Customer)
  const { code: conditionCode, condition } = conditionOf(write, sent, customer)
  checkReference(write, 'Document', rowIn(view, 'Documents', sent.Document))
  const currency = currencyOf(write, sent, journal)
  const date = text(sent.EntryDate) || serverToday(view.now)
  const dated = { ...sent, EntryDate: date }
  const period = periodOf(view, dated)
  if (!period) refuse(say(view.language, 'yearMissing'))
  else if (journal) refuseClosed(write, journal.Code, period.FinYear, period.FinPeriod)
  return {
    ...dated,
    Journal: journal?.Code,
    Currency: currency,
    Rate: currency === 'EUR' ? '1' : (sent.Rate ?? '1'),
    PaymentCondition: conditionCode,
    DueDate: sent.DueDate ?? dueDate(date as CalendarDate, condition),
    ReportingYear: period?.FinYear,
    ReportingPeriod: period?.FinPeriod,
  }
}

/** Header amounts are gross; a total below zero makes it a credit note: R-credit. */
export function withTotals(header: SimulatorRow, lines: readonly SimulatorRow[]): SimulatorRow {
  const amounts = (name: string) => sum(lines.map((line) => line[name] as Decimal))
  const vat = toCents(amounts('VATAmountFC'))
  const gross = toCents(add(amounts('AmountFC'), vat))
  const own = (amount: Decimal) => toCents(times(amount, header.Rate as Decimal))
  return {
    ...header,
    AmountFC: gross,
    AmountDC: own(gross),
    VATAmountFC: vat,
    VATAmountDC: own(vat),
    Type: isNegative(gross) ? 21 : 20,
  }
}

/** Stores an entry; its payment terms follow it. */
export function saveEntry(view: View, entry: SimulatorRow): SimulatorRow {
  const stored = store(view, 'SalesEntries', String(entry.EntryID), entry)
  keepTerms(view, stored)
  return stored
}

export function createSalesEntry(write: Write): SimulatorRow {
  const { view, sent, nested } = write
  const id = newGuid(view.random)
  const header = { ...checkHeader(write, sent), EntryID: id, Status: 20 }
  const given = nested.SalesEntryLines ?? []
  if (given.length === 0) write.refuse(say(view.language, 'required', 'SalesEntryLines'))
  const lines = given.map((line, index) => buildLine(write, header, { ...line, EntryID: id, LineNumber: index + 1 }))
  const isReplaced = strikes(view.world, 'replaceNumber', 'POST salesentry/SalesEntries')
  const unnumbered = { ...header, InvoiceNumber: undefined, EntryNumber: undefined }
  const number = numberOf(write, isReplaced ? unnumbered : header)
  if (write.refused()) return header
  for (const line of lines) store(view, 'SalesEntryLines', String(line.ID), line)
  const numbers = { InvoiceNumber: number, EntryNumber: number }
  const row = { ...withTotals(header, lines), ...numbers, ...created(view), ...modified(view) }
  return saveEntry(view, row)
}

/** R-processed: what is processed stays; what stands in a closed period stays too. */
export function checkOpen(write: Write, entry: SimulatorRow): void {
  if (entry.Status === 50) write.refuse(say(write.view.language, 'processed'))
  refuseClosed(write, entry.Journal, entry.ReportingYear, entry.ReportingPeriod)
}

export const linesOf = (view: View, entry: unknown) =>
  rowsIn(view, 'SalesEntryLines').filter((line) => line.EntryID === entry)

export function updateSalesEntry(write: Write, merged: SimulatorRow): SimulatorRow {
  const { view, sent } = write
  const before = rowIn(view, 'SalesEntries', merged.EntryID) as SimulatorRow
  checkOpen(write, before)
  // A new entry date moves the entry to another period and due date, unless these are sent as well.
  const moved = sent.EntryDate !== undefined && sent.EntryDate !== before.EntryDate
  const follows = moved
    ? { ReportingYear: sent.ReportingYear, ReportingPeriod: sent.ReportingPeriod, DueDate: sent.DueDate }
    : {}
  // Entry number and invoice number are one: sending either changes both, a new journal or year may collide.
  const number = sent.InvoiceNumber ?? sent.EntryNumber ?? before.InvoiceNumber
  const header = { ...checkHeader(write, { ...merged, ...follows }), InvoiceNumber: number }
  const kept = numberOf(write, header)
  const row = { ...withTotals(header, linesOf(view, merged.EntryID)), InvoiceNumber: kept, EntryNumber: kept }
  return write.refused() ? row : saveEntry(view, row)
}

export function removeSalesEntry(write: Write, entry: SimulatorRow): void {
  checkOpen(write, entry)
  if (write.refused()) return
  for (const { ID } of ledgerLinesOf(write.view, entry.EntryID)) forgetLine(write.view, ID)
  for (const line of linesOf(write.view, entry.EntryID)) discard(write.view, 'SalesEntryLines', String(line.ID))
  removeTerms(write.view, entry.EntryID)
}
