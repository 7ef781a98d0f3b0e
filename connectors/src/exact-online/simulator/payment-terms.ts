import {
  absolute,
  compare,
  type Decimal,
  isZero,
  negate,
  sameAmount,
  subtract,
  sum,
  times,
  toCents,
  zero,
} from '@uurwerk/core/shared/money.ts'
import { rowOf, rowsOf, type SimulatorRow } from '../../contract/simulator.ts'
import { writeOffEntry } from './general-journal-rules.ts'
import type { View } from './resource.ts'
import { nextNumber } from './sales-entry-rules.ts'
import { serverToday } from './server-time.ts'
import { forgettingLines, ledgerLinesOf, receivableLine } from './transactions.ts'
import { discard, newGuid, rowIn, rowsIn, store } from './world-state.ts'
import { created, modified } from './writes.ts'

/** Open and matched, of 20 open, 30 selected, 40 processed, 50 matched (Exact REST reference, CashflowReceivables). */
const [open, matched] = [20, 50]
/** Receipts, and payments to suppliers (Exact REST reference, SyncCashflowPaymentTerms). */
const [receipts, payables] = [20, 22]
/** `TransactionType`: 40 a line of the bank, 90 a general journal entry. */
const [bank, general] = [40, 90]

type Term = SimulatorRow

const amountOf = (term: Term) => term.AmountFC as Decimal
const isOpen = (term: Term) => Number(term.Status) < matched

/** Terms that can be seen: one of an entry that is committed late is there no sooner than its entry. */
export const termsIn = (view: View): readonly Term[] =>
  rowsIn(view, 'PaymentTerms').filter(({ TransactionEntryID }) => {
    const isEntry = rowOf(view.world, 'SalesEntries', String(TransactionEntryID)) !== undefined
    return !isEntry || rowIn(view, 'SalesEntries', TransactionEntryID) !== undefined
  })

/** Receipts and what is still to be received, of every source. */
export const receivablesIn = (view: View): readonly Term[] =>
  termsIn(view).filter(({ LineType }) => LineType === receipts)

/** What suppliers are owed. */
export const payablesIn = (view: View): readonly Term[] => termsIn(view).filter(({ LineType }) => LineType === payables)

export const termsOf = (view: View, entry: unknown): readonly Term[] =>
  rowsOf(view.world, 'PaymentTerms').filter(
    (term) => term.Division === view.division && term.TransactionEntryID === entry,
  )

const outstandingOf = (terms: readonly Term[]): Decimal => toCents(sum(terms.filter(isOpen).map(amountOf)))
export const outstanding = (view: View, entry: unknown): Decimal => outstandingOf(termsOf(view, entry))

const nextHid = (view: View): number =>
  Math.max(0, ...rowsOf(view.world, 'PaymentTerms').map((term) => Number(term.HID ?? 0))) + 1

/** Stores a term when it is new or has changed, so that only then it gets a row version. */
function saveTerm(view: View, term: Term): Term {
  const known = rowOf(view.world, 'PaymentTerms', String(term.ID))
  const isSame = known && Object.entries(term).every(([name, value]) => known[name] === value)
  return isSame ? known : store(view, 'PaymentTerms', String(term.ID), { ...term, ...modified(view) })
}

const withAmount = (term: Term, amount: Decimal): Term => ({
  ...term,
  AmountFC: amount,
  AmountDC: toCents(times(amount, (term.RateFC ?? '1') as Decimal)),
})

const unpaid = { Status: open, IsFullyPaid: false, LastPaymentDate: null, EndDate: null, match: null }

const newTerm = (view: View, values: SimulatorRow): Term => ({
  ID: newGuid(view.random),
  EntryID: newGuid(view.random),
  HID: nextHid(view),
  LineType: receipts,
  Source: 1,
  IsBatchBooking: 0,
  AmountDiscountDC: '0',
  AmountDiscountFC: '0',
  TransactionIsReversal: false,
  ...created(view),
  ...unpaid,
  ...values,
})

/** What a term repeats of its entry. */
function ofEntry(view: View, entry: SimulatorRow): SimulatorRow {
  const journal = rowsIn(view, 'Journals').find(({ Code }) => Code === entry.Journal)
  const condition = rowsIn(view, 'PaymentConditions').find(({ Code }) => Code === entry.PaymentCondition)
  return {
    Account: entry.Customer,
    Currency: entry.Currency,
    RateFC: entry.Rate ?? '1',
    Description: entry.Description ?? null,
    Document: entry.Document ?? null,
    DueDate: entry.DueDate,
    EntryDate: entry.EntryDate,
    EntryNumber: entry.EntryNumber,
    GLAccount: journal?.GLAccount ?? null,
    InvoiceDate: entry.EntryDate,
    InvoiceNumber: entry.InvoiceNumber,
    Journal: entry.Journal,
    PaymentCondition: entry.PaymentCondition,
    PaymentDays: condition?.PaymentDays ?? 0,
    PaymentMethod: condition?.PaymentMethod ?? 'B',
    PaymentReference: entry.PaymentReference ?? null,
    TransactionAmountDC: entry.AmountDC,
    TransactionAmountFC: entry.AmountFC,
    TransactionDueDate: entry.DueDate,
    TransactionEntryID: entry.EntryID,
    TransactionID: receivableLine(entry.EntryID, 'sale'),
    TransactionReportingPeriod: entry.ReportingPeriod,
    TransactionReportingYear: entry.ReportingYear,
    TransactionStatus: entry.Status,
    TransactionType: entry.Type,
    YourRef: entry.YourRef ?? null,
  }
}

/** R-terms: the terms of an entry add up to its gross amount; what is matched stays, the rest is open. */
export function keepTerms(view: View, entry: SimulatorRow): void {
  const known = termsOf(view, entry.EntryID)
  const shared = ofEntry(view, entry)
  const settled = known.filter((term) => !isOpen(term))
  const rest = toCents(subtract(entry.AmountFC as Decimal, sum(settled.map(amountOf))))
  const [first, ...others] = known.filter(isOpen)
  for (const term of settled) saveTerm(view, { ...term, ...shared })
  // Terms that stand apart after a payment was taken back are one again when the amount changes.
  const isSplit = first && others.length > 0 && sameAmount(outstandingOf(known), rest)
  if (isSplit) {
    for (const term of [first, ...others]) saveTerm(view, { ...term, ...shared })
    return
  }
  for (const term of others) discard(view, 'PaymentTerms', String(term.ID), 10)
  if (isZero(rest) && settled.length > 0) {
    if (first) discard(view, 'PaymentTerms', String(first.ID), 10)
    return
  }
  saveTerm(view, withAmount({ ...(first ?? newTerm(view, {})), ...shared }, rest))
}

/** With the entry go its terms; a receipt that was matched with them stays, unmatched. */
export function removeTerms(view: View, entry: unknown): void {
  unmatchTerms(view, entry)
  for (const term of termsOf(view, entry)) discard(view, 'PaymentTerms', String(term.ID), 10)
}

export interface Payment {
  /** With two decimals; what is open when left out. */
  readonly amount?: string
  readonly date?: string
}

/**
 * Marks open terms as settled up to an amount; the one where it ends is split, and its parts get an EntryID each:
 * R-split. Gives how much of the amount found nothing open.
 */
function settle(view: View, terms: readonly Term[], amount: Decimal, marks: SimulatorRow): Decimal {
  let left = amount
  for (const term of terms.filter(isOpen)) {
    if (isZero(left)) return left
    if (compare(absolute(amountOf(term)), absolute(left)) <= 0) {
      saveTerm(view, { ...term, ...marks })
      left = subtract(left, amountOf(term))
    } else {
      saveTerm(view, withAmount(term, toCents(subtract(amountOf(term), left))))
      const part = { ...term, ...newTerm(view, {}), ...ofTerm(term), ...marks }
      saveTerm(view, withAmount(part, toCents(left)))
      return zero
    }
  }
  return left
}

/** What both parts of a split term share. */
const ofTerm = ({ ID, EntryID, HID, Timestamp, Created, Creator, CreatorFullName, ...shared }: Term): SimulatorRow =>
  shared

/** The other side of a match: a line of the bank, or of a general journal when it is written off. */
function counterTerm(view: View, account: unknown, amount: Decimal, values: SimulatorRow): Term {
  const ledgerAccount = rowsIn(view, 'GLAccounts').find(({ Code }) => Code === '1300')
  const entry = newGuid(view.random)
  const date = values.EntryDate
  const year = Number(String(date).slice(0, 4))
  const taken = rowsIn(view, 'PaymentTerms')
    .filter(({ Journal }) => Journal === values.Journal)
    .map(({ EntryNumber }) => Number(EntryNumber ?? 0))
  const term = newTerm(view, {
    EntryNumber: nextNumber(taken, values.Journal, year),
    Account: account,
    Currency: 'EUR',
    RateFC: '1',
    GLAccount: ledgerAccount?.ID ?? null,
    InvoiceDate: date,
    DueDate: date,
    TransactionAmountFC: negate(amount),
    TransactionAmountDC: negate(amount),
    TransactionDueDate: date,
    TransactionEntryID: entry,
    TransactionID: receivableLine(entry, 'bank'),
    TransactionStatus: 50,
    YourRef: null,
    ...values,
  })
  return saveTerm(view, withAmount(term, negate(amount)))
}

/** A receipt in the bank, matched with the entry. What is paid beyond it stays unmatched. */
export function payTerms(view: View, entry: SimulatorRow, payment: Payment = {}): void {
  const terms = termsOf(view, entry.EntryID)
  const amount = (payment.amount ?? outstandingOf(terms)) as Decimal
  const date = payment.date ?? serverToday(view.now)
  const match = newGuid(view.random)
  const paid = { Status: matched, IsFullyPaid: true, LastPaymentDate: date, EndDate: date, match }
  const beyond = settle(view, terms, amount, paid)
  const settled = toCents(subtract(amount, beyond))
  const words = { Journal: '20', TransactionType: bank, Description: view.language === 'nl' ? 'Ontvangst' : 'Receipt' }
  const line = { ...words, Currency: entry.Currency, RateFC: entry.Rate ?? '1', EntryDate: date }
  // A receipt repeats reference and number of the invoice it is for (Exact REST reference, CashflowReceivables, ReadFinancialReceivablesList).
  const of = { YourRef: entry.YourRef ?? null, InvoiceNumber: entry.InvoiceNumber ?? null }
  if (!isZero(settled)) counterTerm(view, entry.Customer, settled, { ...line, ...of, ...paid })
  if (!isZero(beyond)) counterTerm(view, entry.Customer, toCents(beyond), line)
}

/** A receipt that nobody has matched yet: a negative row without YourRef. */
export const receiveUnmatched = (view: View, account: unknown, payment: Required<Payment>): Term =>
  counterTerm(view, account, payment.amount as Decimal, {
    Journal: '20',
    TransactionType: bank,
    Description: view.language === 'nl' ? 'Ontvangst' : 'Receipt',
    EntryDate: payment.date,
  })

/** What is open is given up: settled, though no money came, so without a date of payment. */
export function writeTermsOff(view: View, entry: SimulatorRow): void {
  const terms = termsOf(view, entry.EntryID)
  const amount = outstandingOf(terms)
  if (isZero(amount)) return
  const date = serverToday(view.now)
  const marks = {
    Status: matched,
    IsFullyPaid: true,
    LastPaymentDate: null,
    EndDate: date,
    match: newGuid(view.random),
  }
  settle(view, terms, amount, marks)
  const words = {
    Journal: '90',
    TransactionType: general,
    Description: view.language === 'nl' ? 'Afboeking' : 'Write-off',
  }
  const currency = { Currency: entry.Currency, RateFC: entry.Rate ?? '1' }
  const off = writeOffEntry(view, { date, amount, of: entry, description: words.Description })
  const line = ledgerLinesOf(view, off.EntryID).find(({ Account }) => Account === entry.Customer)
  const at = { EntryNumber: off.EntryNumber, TransactionEntryID: off.EntryID, TransactionID: line?.ID }
  counterTerm(view, entry.Customer, amount, { ...words, ...currency, ...at, EntryDate: date, ...marks })
}

/** An invoice settled with a credit note, as far as the smaller of the two reaches. */
export function settleWith(view: View, invoice: SimulatorRow, credit: SimulatorRow): void {
  const [ours, theirs] = [invoice, credit].map(({ EntryID }) => termsOf(view, EntryID)) as [Term[], Term[]]
  const [due, back] = [outstandingOf(ours), absolute(outstandingOf(theirs))]
  const amount = compare(due, back) < 0 ? due : back
  const date = serverToday(view.now)
  const marks = {
    Status: matched,
    IsFullyPaid: true,
    LastPaymentDate: date,
    EndDate: date,
    match: newGuid(view.random),
  }
  settle(view, ours, amount, marks)
  settle(view, theirs, negate(amount), marks)
}

/** Takes every match of an entry back: its terms are open again, its receipts stand unmatched, write-offs are gone: R-unmatch. */
export function unmatchTerms(view: View, entry: unknown): void {
  const matches = new Set<unknown>(termsOf(view, entry).flatMap(({ match }) => (match ? [match] : [])))
  for (const term of rowsOf(view.world, 'PaymentTerms').filter(({ match }) => matches.has(match))) {
    if (term.TransactionType === general) removeWriteOff(view, term)
    else if (term.TransactionType === bank) saveTerm(view, { ...term, ...unpaid, YourRef: null, InvoiceNumber: null })
    else saveTerm(view, { ...term, ...unpaid })
  }
}

function removeWriteOff(view: View, term: Term): void {
  discard(view, 'PaymentTerms', String(term.ID), 10)
  forgettingLines(view, term.TransactionEntryID, () => {
    for (const line of ledgerLinesOf(view, term.TransactionEntryID))
      discard(view, 'GeneralJournalEntryLines', String(line.ID))
    discard(view, 'GeneralJournalEntries', String(term.TransactionEntryID))
  })
}

/** A bill of a supplier: the same list holds what is to be paid. */
export function addPayable(view: View, account: unknown, amount: string): void {
  const date = serverToday(view.now)
  const term = newTerm(view, {
    LineType: payables,
    Account: account,
    Currency: 'EUR',
    RateFC: '1',
    EntryDate: date,
    InvoiceDate: date,
    DueDate: date,
    Journal: '60',
    EntryNumber: 60_001,
    InvoiceNumber: 60_001,
    YourRef: 'INK-1',
    TransactionEntryID: newGuid(view.random),
    TransactionType: 30,
    TransactionStatus: 50,
    TransactionAmountFC: amount,
    TransactionAmountDC: amount,
  })
  saveTerm(view, withAmount(term, amount as Decimal))
}
