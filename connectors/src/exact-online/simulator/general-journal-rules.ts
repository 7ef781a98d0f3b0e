import type { CalendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import {
  absolute,
  add,
  type Decimal,
  divide,
  isNegative,
  isZero,
  negate,
  subtract,
  sum,
  times,
  toCents,
  zero,
} from '@uurwerk/core/shared/money.ts'
import type { SimulatorRow } from '../../contract/simulator.ts'
import { say } from './messages.ts'
import type { View, Write } from './resource.ts'
import { generalJournalEntryLines } from './resources/general-journal-entries.ts'
import { coded, currencyOf, nextNumber, periodOf, refuseClosed } from './sales-entry-rules.ts'
import { checkCostObjects } from './sales-line-rules.ts'
import { serverToday } from './server-time.ts'
import { forgetLine, ledgerLinesOf } from './transactions.ts'
import { discard, newGuid, rowIn, rowsIn, store, text } from './world-state.ts'
import { checkFields, checkReference, created, isEmpty, modified } from './writes.ts'

/** Types of ledger accounts that are kept per account: receivables and payables. */
const perAccount = new Set([20, 22])
/** Year-end results are made by the package alone (type list of the Exact REST reference, GLAccounts). */
const yearEnd = new Set([300, 301, 302])

/** R-general-journal: a journal of type 90, named by its code. */
function checkJournal({ view, refuse }: Write, code: unknown): SimulatorRow | undefined {
  if (isEmpty(code)) return undefined
  const journal = coded(view, 'Journals', code)
  if (!journal) refuse(say(view.language, 'invalidReference', 'JournalCode'))
  else if (journal.Type !== 90) refuse(say(view.language, 'journalType'))
  else if (journal.IsBlocked) refuse(say(view.language, 'blocked', 'JournalCode'))
  return journal
}

/** Receivables and payables name an account; anything but the results of a year may be booked. */
function checkLedgerAccount({ view, refuse }: Write, line: SimulatorRow): SimulatorRow | undefined {
  if (isEmpty(line.GLAccount)) return undefined
  const account = rowIn(view, 'GLAccounts', line.GLAccount)
  const type = Number(account?.Type)
  if (!account) refuse(say(view.language, 'invalidReference', 'GLAccount'))
  else if (account.IsBlocked) refuse(say(view.language, 'blocked', 'GLAccount'))
  else if (yearEnd.has(type)) refuse(say(view.language, 'glType'))
  else if (perAccount.has(type) && isEmpty(line.Account)) refuse(say(view.language, 'required', 'Account'))
  return account
}

/** R-general-vat: a code only where the journal takes VAT; there the default of the ledger account counts when none is sent. */
function vatCodeOf(
  { view, refuse }: Write,
  line: SimulatorRow,
  account: SimulatorRow | undefined,
  journal: SimulatorRow | undefined,
): SimulatorRow | undefined {
  const sent = text(line.VATCode).trim()
  if (journal?.AllowVAT !== true) {
    if (sent !== '') refuse(say(view.language, 'vatNotAllowed'))
    return undefined
  }
  if (sent === '' && !isEmpty(line.AmountVATFC)) refuse(say(view.language, 'required', 'VATCode'))
  const code = rowsIn(view, 'VATCodes').find((row) => row.Code === (sent || text(account?.VATCode)))
  if (sent !== '' && !code) refuse(say(view.language, 'invalidReference', 'VATCode'))
  else if (code?.IsBlocked) refuse(say(view.language, 'blocked', 'VATCode'))
  return code
}

/** VAT beside the amount of a line; an including code holds it inside. */
function vatOf(line: SimulatorRow, code: SimulatorRow | undefined): Decimal {
  const percentage = (code?.Percentage ?? zero) as Decimal
  if (!code || isZero(percentage)) return toCents(zero)
  if (!isEmpty(line.AmountVATFC)) return toCents(line.AmountVATFC as Decimal)
  const amount = (line.AmountFC ?? zero) as Decimal
  const inside = divide(times(amount, percentage), add('1' as Decimal, percentage))
  return toCents(code.Type === 'I' ? inside : times(amount, percentage))
}

interface Header {
  readonly row: SimulatorRow
  readonly journal: SimulatorRow | undefined
}

/** The line that was sent, and with it the line of its VAT where there is any. */
function buildLines(write: Write, { row: header, journal }: Header, sent: SimulatorRow): SimulatorRow[] {
  const { view } = write
  checkFields(write, generalJournalEntryLines, sent, ['EntryID'])
  const account = checkLedgerAccount(write, sent)
  checkReference({ ...write, sent }, 'Account', rowIn(view, 'Accounts', sent.Account))
  checkReference({ ...write, sent }, 'Document', rowIn(view, 'Documents', sent.Document))
  checkCostObjects(write, sent, account)
  const code = vatCodeOf(write, sent, account, journal)
  const vat = vatOf(sent, code)
  const amount = toCents((sent.AmountFC ?? zero) as Decimal)
  const net = code?.Type === 'I' ? toCents(subtract(amount, vat)) : amount
  const own = (value: Decimal) => toCents(times(value, header.ExchangeRate as Decimal))
  const amounts = (value: Decimal, beside: Decimal) => ({
    AmountFC: value,
    AmountDC: own(value),
    AmountVATFC: beside,
    AmountVATDC: own(beside),
  })
  const shared = { ...created(view), ...modified(view), Date: sent.Date ?? header.date, EntryID: header.EntryID }
  const line = {
    ...sent,
    ...shared,
    ...amounts(net, vat),
    ID: newGuid(view.random),
    CostCenter: text(sent.CostCenter).trim() || null,
    CostUnit: text(sent.CostUnit).trim() || null,
    VATCode: code?.Code ?? null,
    VATPercentage: code?.Percentage ?? null,
    VATBaseAmountFC: code ? net : null,
    VATBaseAmountDC: code ? own(net) : null,
  }
  if (isZero(vat)) return [line]
  const ledgerAccount = isNegative(net) ? code?.GLToPay : (code?.GLToClaim ?? code?.GLToPay)
  const vatLine = {
    ...shared,
    ...amounts(vat, zero),
    ID: newGuid(view.random),
    GLAccount: ledgerAccount,
    Description: sent.Description ?? null,
    VATCode: code?.Code ?? null,
    VATPercentage: code?.Percentage ?? null,
    VATBaseAmountFC: net,
    VATBaseAmountDC: own(net),
  }
  return [line, vatLine]
}

const signed = (amount: Decimal, comma: boolean) =>
  `${isNegative(amount) ? '-' : ''}${comma ? absolute(amount).replace('.', ',') : absolute(amount)}`

/** R-balance: what is debited is credited. */
function checkBalance({ view, refuse }: Write, currency: unknown, lines: readonly SimulatorRow[]): void {
  const difference = toCents(sum(lines.map(({ AmountFC }) => AmountFC as Decimal)))
  if (!isZero(difference))
    refuse(say(view.language, 'unbalanced', String(currency), signed(difference, view.language === 'nl')))
}

const linesOf = (view: View, entry: unknown) =>
  rowsIn(view, 'GeneralJournalEntryLines').filter(({ EntryID }) => EntryID === entry)

/** Stores an entry of a general journal with its lines, numbered in order. */
function save(view: View, header: SimulatorRow, lines: readonly SimulatorRow[]): SimulatorRow {
  for (const [index, line] of lines.entries())
    store(view, 'GeneralJournalEntryLines', String(line.ID), { ...line, LineNumber: index + 1 })
  return store(view, 'GeneralJournalEntries', String(header.EntryID), { ...header, ...modified(view) })
}

/** Number as sent when it is free in its journal and year, else the next of the series. */
function numberOf({ view, refuse }: Write, header: SimulatorRow): number {
  const taken = rowsIn(view, 'GeneralJournalEntries')
    .filter((row) => row.JournalCode === header.JournalCode && row.FinancialYear === header.FinancialYear)
    .map(({ EntryNumber }) => Number(EntryNumber))
  if (isEmpty(header.EntryNumber)) return nextNumber(taken, header.JournalCode, Number(header.FinancialYear))
  const wanted = Number(header.EntryNumber)
  if (taken.includes(wanted)) refuse(say(view.language, 'entryExists', wanted, String(header.JournalCode)))
  return wanted
}

export function createGeneralJournalEntry(write: Write): SimulatorRow {
  const { view, sent, nested, refuse } = write
  const journal = checkJournal(write, sent.JournalCode)
  const given = nested.GeneralJournalEntryLines ?? []
  if (given.length === 0) refuse(say(view.language, 'required', 'GeneralJournalEntryLines'))
  const date = text(given.find(({ Date: day }) => !isEmpty(day))?.Date) || serverToday(view.now)
  const asked = { EntryDate: date, ReportingYear: sent.FinancialYear, ReportingPeriod: sent.FinancialPeriod }
  const period = periodOf(view, asked)
  if (!period) refuse(say(view.language, 'yearMissing'))
  else if (journal) refuseClosed(write, journal.Code, period.FinYear, period.FinPeriod)
  const Currency = currencyOf(write, sent, journal)
  const header: SimulatorRow = {
    ...sent,
    EntryID: newGuid(view.random),
    JournalCode: journal?.Code,
    Currency,
    ExchangeRate: Currency === 'EUR' ? '1' : (sent.ExchangeRate ?? '1'),
    FinancialYear: period?.FinYear,
    FinancialPeriod: period?.FinPeriod,
    Reversal: sent.Reversal ?? false,
    Status: 20,
    // Made here it is always `Other`; an opening balance cannot be posted.
    Type: 90,
    date: date as CalendarDate,
    ...created(view),
  }
  const lines = given.flatMap((line) => buildLines(write, { row: header, journal }, line))
  if (!write.refused()) checkBalance(write, Currency, lines)
  const EntryNumber = numberOf(write, header)
  return write.refused() ? header : save(view, { ...header, EntryNumber }, lines)
}

/** R-processed, also in a general journal. */
function checkOpen(write: Write, entry: SimulatorRow): void {
  if (entry.Status === 50) write.refuse(say(write.view.language, 'processed'))
  refuseClosed(write, entry.JournalCode, entry.FinancialYear, entry.FinancialPeriod)
}

/** A line added to an entry must leave it in balance too. */
export function createGeneralJournalLine(write: Write): SimulatorRow {
  const { view, sent, refuse } = write
  const entry = rowIn(view, 'GeneralJournalEntries', sent.EntryID)
  if (!entry) {
    if (!isEmpty(sent.EntryID)) refuse(say(view.language, 'invalidReference', 'EntryID'))
    return sent
  }
  checkOpen(write, entry)
  const journal = coded(view, 'Journals', entry.JournalCode)
  const all = [...linesOf(view, entry.EntryID), ...buildLines(write, { row: entry, journal }, sent)]
  if (!write.refused()) checkBalance(write, entry.Currency, all)
  const added = all.at(-1) as SimulatorRow
  if (write.refused()) return added
  save(view, entry, all)
  return rowIn(view, 'GeneralJournalEntryLines', added.ID) as SimulatorRow
}

export function removeGeneralJournalEntry(write: Write, entry: SimulatorRow): void {
  checkOpen(write, entry)
  if (write.refused()) return
  const { view } = write
  for (const { ID } of ledgerLinesOf(view, entry.EntryID)) forgetLine(view, ID)
  for (const { ID } of linesOf(view, entry.EntryID)) discard(view, 'GeneralJournalEntryLines', String(ID))
}

/** What somebody writes off at the screen, as an entry in the general journal: its guid. */
export function writeOffEntry(
  view: View,
  off: { readonly date: string; readonly amount: Decimal; readonly of: SimulatorRow; readonly description: string },
): SimulatorRow {
  const ledger = (code: string) => rowsIn(view, 'GLAccounts').find(({ Code }) => Code === code)?.ID
  const period = periodOf(view, { EntryDate: off.date })
  const year = Number(period?.FinYear)
  const taken = rowsIn(view, 'GeneralJournalEntries').flatMap((row) =>
    row.FinancialYear === year ? [Number(row.EntryNumber)] : [],
  )
  const header = {
    EntryID: newGuid(view.random),
    JournalCode: '90',
    Currency: off.of.Currency,
    ExchangeRate: off.of.Rate ?? '1',
    FinancialYear: year,
    FinancialPeriod: period?.FinPeriod,
    EntryNumber: nextNumber(taken, '90', year),
    Reversal: false,
    Status: 50,
    Type: 90,
    date: off.date,
    ...created(view),
  }
  const line = (values: SimulatorRow, amount: Decimal) => ({
    ...created(view),
    ...modified(view),
    ID: newGuid(view.random),
    EntryID: header.EntryID,
    Date: off.date,
    Description: off.description,
    AmountFC: toCents(amount),
    AmountDC: toCents(times(amount, header.ExchangeRate as Decimal)),
    ...values,
  })
  return save(view, header, [
    line({ GLAccount: ledger('4900') }, off.amount),
    line({ GLAccount: ledger('1300'), Account: off.of.Customer }, negate(off.amount)),
  ])
}
