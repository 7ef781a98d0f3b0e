import {
  absolute,
  add,
  compare,
  type Decimal,
  divide,
  isZero,
  sameAmount,
  subtract,
  times,
  toCents,
  zero,
} from '@uurwerk/core/shared/money.ts'
import type { SimulatorRow } from '../../contract/simulator.ts'
import { say } from './messages.ts'
import { removeTerms } from './payment-terms.ts'
import type { View, Write } from './resource.ts'
import { salesEntryLines } from './resources/sales-entries.ts'
import { checkOpen, linesOf, saveEntry, withTotals } from './sales-entry-rules.ts'
import { serverToday } from './server-time.ts'
import { forgettingLines } from './transactions.ts'
import { discard, newGuid, rowIn, rowsIn, store, text } from './world-state.ts'
import { checkFields, created, isEmpty, modified } from './writes.ts'

/**
 * R-gl-type: cash, bank, credit card and payment services, receivable, payable, VAT and what the end of a year is kept on
 * (type list of the Exact REST reference, GLAccounts). What is passed on is booked on another account of the balance.
 */
const notOnLines = new Set([10, 12, 14, 16, 20, 22, 24, 300, 301, 302])

export function checkLedgerAccount({ view, refuse }: Write, line: SimulatorRow): SimulatorRow | undefined {
  if (isEmpty(line.GLAccount)) return undefined
  const account = rowIn(view, 'GLAccounts', line.GLAccount)
  if (!account) refuse(say(view.language, 'invalidReference', 'GLAccount'))
  else if (account.IsBlocked) refuse(say(view.language, 'blocked', 'GLAccount'))
  else if (notOnLines.has(Number(account.Type))) refuse(say(view.language, 'glType'))
  return account
}

const costObjects = [
  { name: 'CostCenter', table: 'Costcenters', use: 'UseCostcenter', link: 'costCenterLink' },
  { name: 'CostUnit', table: 'Costunits', use: 'UseCostunit', link: 'costUnitLink' },
] as const

/** R-cost: 1 is mandatory, 2 is not allowed, 0 is as you like (Exact REST reference, GLAccounts). */
export function checkCostObjects({ view, refuse }: Write, line: SimulatorRow, account: SimulatorRow | undefined): void {
  for (const { name, table, use, link } of costObjects) {
    const code = text(line[name]).trim()
    const found = rowsIn(view, table).find((row) => row.Code === code)
    if (code === '' && account?.[use] === 1) refuse(say(view.language, 'required', name))
    if (code === '') continue
    if (!found) refuse(say(view.language, 'invalidReference', name))
    else if (found.EndDate && serverToday(view.now) > String(found.EndDate)) refuse(say(view.language, 'ended', name))
    else if (account?.[use] === 2) refuse(say(view.language, link))
  }
}

/** The code sent, else one of the percentage sent, else the default of the ledger account: R-vat-code. */
export function vatCodeOf(
  { view, refuse }: Write,
  line: SimulatorRow,
  account: SimulatorRow | undefined,
): SimulatorRow | undefined {
  const codes = rowsIn(view, 'VATCodes')
  const percentage = isEmpty(line.VATPercentage) ? undefined : (line.VATPercentage as Decimal)
  const wanted = text(line.VATCode).trim()
  if (wanted === '' && percentage !== undefined && !isZero(percentage)) {
    const found = codes.find(
      (code) =>
        code.Type === 'E' && isForSales(code) && !code.IsBlocked && sameAmount(code.Percentage as Decimal, percentage),
    )
    if (!found) refuse(say(view.language, 'vatPercentage'))
    return found
  }
  const code = wanted || text(account?.VATCode)
  const found = codes.find((row) => row.Code === code)
  if (wanted && !found) refuse(say(view.language, 'invalidReference', 'VATCode'))
  else if (found && !isForSales(found)) refuse(say(view.language, 'invalid', 'VATCode'))
  else if (found?.IsBlocked) refuse(say(view.language, 'blocked', 'VATCode'))
  else if (found && percentage && !isZero(percentage) && !sameAmount(found.Percentage as Decimal, percentage))
    refuse(say(view.language, 'vatPercentage'))
  return found
}

const isForSales = (code: SimulatorRow) => code.VATTransactionType === 'S' || code.VATTransactionType === 'B'

interface Amounts {
  readonly net: Decimal
  readonly vat: Decimal
}

const cent = '0.01' as Decimal

/**
 * R-vat-amount: what is sent is honoured; without it VAT is computed per line, half away from zero. A code of type I
 * holds its VAT inside the amount, so an amount meant to be without VAT does not fit it.
 */
export function amountsOf({ view, refuse }: Write, line: SimulatorRow, code: SimulatorRow | undefined): Amounts {
  const amount = toCents((line.AmountFC ?? zero) as Decimal)
  const sent = isEmpty(line.VATAmountFC) ? undefined : toCents(line.VATAmountFC as Decimal)
  const percentage = (code?.Percentage ?? zero) as Decimal
  if (!code || code.Type === 'N' || code.Type === 'B') {
    if (sent && !isZero(sent)) refuse(say(view.language, 'vatAmountNotAllowed'))
    return { net: amount, vat: toCents(zero) }
  }
  if (code.Type === 'E') return { net: amount, vat: sent ?? toCents(times(amount, percentage)) }
  const inside = toCents(divide(times(amount, percentage), add('1' as Decimal, percentage)))
  if (sent && compare(absolute(subtract(sent, inside)), cent) > 0)
    refuse(say(view.language, 'vatAmountDiffers', String(code.Code)))
  const vat = sent ?? inside
  return { net: toCents(subtract(amount, vat)), vat }
}

/** A line that may be booked under this header; complains through `write` when it may not. */
export function buildLine(write: Write, header: SimulatorRow, line: SimulatorRow): SimulatorRow {
  const { view, refuse } = write
  // The entry of a line inside a POST is the one being made.
  checkFields(write, salesEntryLines, line, ['EntryID'])
  const account = checkLedgerAccount(write, line)
  checkCostObjects(write, line, account)
  const code = vatCodeOf(write, line, account)
  const journal = rowsIn(view, 'Journals').find((row) => row.Code === header.Journal)
  if (code && journal?.vatSwitchedOff) refuse(say(view.language, 'vatNotAllowed'))
  const { net, vat } = amountsOf(write, line, code)
  const own = (amount: Decimal) => toCents(times(amount, (header.Rate ?? '1') as Decimal))
  return {
    ...line,
    ID: line.ID ?? newGuid(view.random),
    CostCenter: text(line.CostCenter).trim() || null,
    CostUnit: text(line.CostUnit).trim() || null,
    VATCode: code?.Code ?? null,
    VATPercentage: code?.Percentage ?? null,
    AmountFC: net,
    AmountDC: own(net),
    VATAmountFC: vat,
    VATAmountDC: own(vat),
    VATBaseAmountFC: net,
    VATBaseAmountDC: own(net),
    ...(line.Created ? {} : created(view)),
    ...modified(view),
  }
}

function saveTotals(view: View, entry: SimulatorRow): void {
  saveEntry(view, { ...withTotals(entry, linesOf(view, entry.EntryID)), ...modified(view) })
}

function entryOf(write: Write, id: unknown): SimulatorRow | undefined {
  const entry = rowIn(write.view, 'SalesEntries', id)
  if (entry) checkOpen(write, entry)
  else if (!isEmpty(id)) write.refuse(say(write.view.language, 'invalidReference', 'EntryID'))
  return entry
}

export function createLine(write: Write): SimulatorRow {
  const { view, sent } = write
  const entry = entryOf(write, sent.EntryID)
  if (!entry) return sent
  const highest = Math.max(0, ...linesOf(view, entry.EntryID).map((line) => Number(line.LineNumber)))
  const line = buildLine(write, entry, { ...sent, LineNumber: highest + 1 })
  if (write.refused()) return line
  const stored = store(view, 'SalesEntryLines', String(line.ID), line)
  saveTotals(view, entry)
  return stored
}

export function updateLine(write: Write, merged: SimulatorRow): SimulatorRow {
  const { view, sent } = write
  const entry = entryOf(write, merged.EntryID)
  if (!entry) return merged
  // VAT kept from before no longer fits an amount or code that is new.
  const stale = sent.VATAmountFC === undefined && (sent.AmountFC !== undefined || sent.VATCode !== undefined)
  const renewed = { ...merged, VATPercentage: sent.VATPercentage ?? null, ...(stale && { VATAmountFC: null }) }
  const line = buildLine(write, entry, renewed)
  if (write.refused()) return line
  forgettingLines(view, entry.EntryID, () => {
    store(view, 'SalesEntryLines', String(line.ID), line)
    saveTotals(view, entry)
  })
  return rowIn(view, 'SalesEntryLines', line.ID) as SimulatorRow
}

/** Deleting the last line removes the entry: R-last-line. */
export function removeLine(write: Write, line: SimulatorRow): void {
  const { view } = write
  const entry = entryOf(write, line.EntryID)
  if (!entry || write.refused()) return
  const left = linesOf(view, entry.EntryID).filter((other) => other.ID !== line.ID)
  forgettingLines(view, entry.EntryID, () => {
    discard(view, 'SalesEntryLines', String(line.ID))
    if (left.length > 0) saveTotals(view, entry)
    else {
      removeTerms(view, entry.EntryID)
      discard(view, 'SalesEntries', String(entry.EntryID))
    }
  })
}
