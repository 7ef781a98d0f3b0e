import { type Decimal, isZero, negate } from '@uurwerk/core/shared/money.ts'
import { rowsOf, type SimulatorRow } from '../../contract/simulator.ts'
import type { View } from './resource.ts'
import { logDeletion, rowIn, rowsIn } from './world-state.ts'

// The ledger behind the entries: what `financialtransaction/…` and `sync/Financial/TransactionLines` show. Nothing of it is
// kept; it follows from sales entries, general journals and receipts, with debits above zero and credits below.

/** Lines of the ledger in the log of deletions. */
const transactionLines = 1
const [receipt, bankJournal] = [40, '20'] as const

export interface LedgerEntry {
  readonly header: SimulatorRow
  readonly lines: readonly SimulatorRow[]
}

/** A guid that follows from another one: the same each time, and its own. */
const derivedGuid = (from: unknown, place: number): string => {
  const text = String(from)
  const head = (Number.parseInt(text.slice(0, 8), 16) ^ Math.imul(place + 1, 0x9e3779b1)) >>> 0
  return head.toString(16).padStart(8, '0') + text.slice(8)
}

/** The line of the ledger that a payment term stands for: the receivable of an entry, of the bank or of a sale. */
export const receivableLine = (entry: unknown, of: 'sale' | 'bank'): string => derivedGuid(entry, of === 'sale' ? 0 : 2)

const credit = (amount: unknown) => negate((amount ?? '0') as Decimal)

/** Row versions of the lines of an entry: all renewed when anything of it changes, and in order. */
const versions = (of: SimulatorRow, index: number) =>
  String(BigInt(String(of.Timestamp ?? 0)) * 10_000n + BigInt(index))

function withShared(header: SimulatorRow, source: SimulatorRow, lines: readonly SimulatorRow[]): LedgerEntry {
  const { EntryID, EntryNumber, Date: date, JournalCode, FinancialYear, FinancialPeriod, Type, Status } = header
  const shared = { EntryID, EntryNumber, Date: date, JournalCode, FinancialYear, FinancialPeriod, Type, Status }
  const stamps = {
    Division: source.Division,
    Created: source.Created,
    Creator: source.Creator,
    CreatorFullName: source.CreatorFullName,
    Modified: source.Modified,
    Modifier: source.Modifier,
    ModifierFullName: source.ModifierFullName,
  }
  return {
    header: { ...header, ...stamps },
    lines: lines.map((line, index) => ({
      Currency: header.Currency,
      ExchangeRate: header.ExchangeRate,
      ...stamps,
      ...line,
      ...shared,
      Timestamp: versions(source, index),
    })),
  }
}

/** R-ledger: receivable, revenue and VAT; no line of VAT where there is none. */
function salesEntryInLedger(view: View, entry: SimulatorRow, own: readonly SimulatorRow[]): LedgerEntry {
  const ledger = (code: unknown, name: string) => rowsIn(view, 'VATCodes').find((row) => row.Code === code)?.[name]
  const journal = rowsIn(view, 'Journals').find(({ Code }) => Code === entry.Journal)
  const header = {
    EntryID: entry.EntryID,
    EntryNumber: entry.EntryNumber,
    Date: entry.EntryDate,
    JournalCode: entry.Journal,
    FinancialYear: entry.ReportingYear,
    FinancialPeriod: entry.ReportingPeriod,
    Type: entry.Type,
    Status: entry.Status,
    Description: entry.Description ?? null,
    Document: entry.Document ?? null,
    Currency: entry.Currency,
    ExchangeRate: entry.Rate ?? '1',
    PaymentConditionCode: entry.PaymentCondition,
    PaymentReference: entry.PaymentReference ?? null,
    ExternalLinkReference: entry.ExternalLinkReference ?? null,
  }
  const shared = {
    Account: entry.Customer,
    InvoiceNumber: entry.InvoiceNumber,
    OrderNumber: entry.OrderNumber ?? null,
    YourRef: entry.YourRef ?? null,
    Document: entry.Document ?? null,
    PaymentReference: entry.PaymentReference ?? null,
  }
  const receivable = {
    ...shared,
    ID: receivableLine(entry.EntryID, 'sale'),
    LineNumber: 0,
    GLAccount: journal?.GLAccount ?? null,
    Description: entry.Description ?? null,
    DueDate: entry.DueDate,
    AmountFC: entry.AmountFC,
    AmountDC: entry.AmountDC,
  }
  const lines = own.flatMap((line) => {
    const revenue = {
      ...shared,
      ID: line.ID,
      LineNumber: line.LineNumber,
      GLAccount: line.GLAccount,
      Description: line.Description ?? null,
      Notes: line.Notes ?? null,
      Quantity: line.Quantity ?? null,
      CostCenter: line.CostCenter,
      CostUnit: line.CostUnit,
      Project: line.Project ?? null,
      VATCode: line.VATCode,
      VATPercentage: line.VATPercentage,
      AmountFC: credit(line.AmountFC),
      AmountDC: credit(line.AmountDC),
      AmountVATFC: credit(line.VATAmountFC),
      AmountVATBaseFC: credit(line.VATBaseAmountFC),
    }
    if (isZero((line.VATAmountFC ?? '0') as Decimal)) return [revenue]
    const vat = {
      ...shared,
      ID: derivedGuid(line.ID, 1),
      LineNumber: line.LineNumber,
      GLAccount: ledger(line.VATCode, 'GLToPay') ?? null,
      Description: entry.Description ?? null,
      VATCode: line.VATCode,
      VATPercentage: line.VATPercentage,
      AmountFC: credit(line.VATAmountFC),
      AmountDC: credit(line.VATAmountDC),
      AmountVATBaseFC: credit(line.VATBaseAmountFC),
    }
    return [revenue, vat]
  })
  return withShared(header, entry, [receivable, ...lines])
}

function generalEntryInLedger(view: View, entry: SimulatorRow, own: readonly SimulatorRow[]): LedgerEntry {
  const header = { ...entry, Date: entry.date, Description: own[0]?.Description ?? null }
  const ordered = own.toSorted((a, b) => Number(a.LineNumber) - Number(b.LineNumber))
  const lines = ordered.map((line) => ({ ...line, AmountVATBaseFC: line.VATBaseAmountFC ?? null }))
  return withShared({ ...header, Division: view.division }, entry, lines)
}

/** A line of the bank: what came in, and the receivable it was booked on; the side of the bank always has an offset. */
function receiptInLedger(view: View, term: SimulatorRow): LedgerEntry {
  const bank = rowsIn(view, 'Journals').find(({ Code }) => Code === bankJournal)?.GLAccount ?? null
  const header = {
    EntryID: term.TransactionEntryID,
    EntryNumber: term.EntryNumber,
    Date: term.EntryDate,
    JournalCode: bankJournal,
    FinancialYear: Number(String(term.EntryDate).slice(0, 4)),
    FinancialPeriod: Number(String(term.EntryDate).slice(5, 7)),
    Type: receipt,
    Status: term.TransactionStatus,
    Description: term.Description ?? null,
    Currency: term.Currency,
    ExchangeRate: term.RateFC ?? '1',
  }
  const shared = {
    Account: term.Account,
    InvoiceNumber: term.InvoiceNumber ?? null,
    YourRef: term.YourRef ?? null,
    Description: term.Description ?? null,
  }
  const [ID, OffsetID] = [receivableLine(term.TransactionEntryID, 'bank'), derivedGuid(term.TransactionEntryID, 3)]
  return withShared(header, term, [
    { ...shared, ID, LineNumber: 1, GLAccount: term.GLAccount, AmountFC: term.AmountFC, AmountDC: term.AmountDC },
    {
      ...shared,
      ID: OffsetID,
      OffsetID: ID,
      LineNumber: 2,
      GLAccount: bank,
      AmountFC: credit(term.AmountFC),
      AmountDC: credit(term.AmountDC),
    },
  ])
}

/** Every entry of the administration that can be seen, of whatever book. */
export function ledgerOf(view: View): readonly LedgerEntry[] {
  const linesBy = (table: string) => Map.groupBy(rowsIn(view, table), ({ EntryID }) => EntryID)
  const [sales, general] = [linesBy('SalesEntryLines'), linesBy('GeneralJournalEntryLines')]
  return [
    ...rowsIn(view, 'SalesEntries').map((row) => salesEntryInLedger(view, row, sales.get(row.EntryID) ?? [])),
    ...rowsIn(view, 'GeneralJournalEntries').map((row) =>
      generalEntryInLedger(view, row, general.get(row.EntryID) ?? []),
    ),
    ...receiptsIn(view).map((term) => receiptInLedger(view, term)),
  ]
}

const receiptsIn = (view: View): readonly SimulatorRow[] =>
  rowsIn(view, 'PaymentTerms').filter(({ TransactionType }) => TransactionType === receipt)

/** Entries of the bank alone, with the ledger's two sides as their lines. */
export const bankEntriesIn = (view: View): readonly LedgerEntry[] =>
  receiptsIn(view).map((term) => receiptInLedger(view, term))

/** Lines of one entry in the ledger, also of one that cannot be seen yet. */
export function ledgerLinesOf(view: View, entry: unknown): readonly SimulatorRow[] {
  const own = (table: string) =>
    rowsOf(view.world, table).filter((row) => row.EntryID === entry && row.Division === view.division)
  const sale = rowIn(view, 'SalesEntries', entry)
  if (sale) return salesEntryInLedger(view, sale, own('SalesEntryLines')).lines
  const general = rowIn(view, 'GeneralJournalEntries', entry)
  return general ? generalEntryInLedger(view, general, own('GeneralJournalEntryLines')).lines : []
}

/** Writes a line of the ledger in the log of deletions. */
export const forgetLine = (view: View, id: unknown): void => logDeletion(view, String(id), transactionLines)

/** The same for whatever lines an act leaves out that were there before. */
export function forgettingLines(view: View, entry: unknown, act: () => void): void {
  const before = ledgerLinesOf(view, entry)
  act()
  const after = new Set(ledgerLinesOf(view, entry).map(({ ID }) => ID))
  for (const { ID } of before) if (!after.has(ID)) forgetLine(view, ID)
}
