import type { SimulatorRow } from '../../contract/simulator.ts'
import { isBalanceType } from './chart-of-accounts.ts'
import { say } from './messages.ts'
import type { View, Write } from './resource.ts'
import { newGuid, rowIn, rowsIn, store, text } from './world-state.ts'
import { checkCode, checkReference, created, modified } from './writes.ts'

// Ledger accounts, VAT codes and cost objects as clients may make them too.

/** Types of the Exact REST reference, GLAccounts. */
const ledgerTypes = new Set([
  10, 12, 14, 16, 20, 21, 22, 24, 25, 26, 27, 29, 30, 32, 35, 40, 50, 52, 55, 60, 90, 100, 110, 111, 120, 121, 122, 123,
  125, 126, 130, 140, 150, 160, 300, 301, 302,
])

function checkLedgerAccount(write: Write, row: SimulatorRow): SimulatorRow {
  const { view, refuse } = write
  const vat = text(row.VATCode).trim()
  checkCode({ ...write, sent: row }, 'GLAccounts', row.ID)
  if (!ledgerTypes.has(Number(row.Type))) refuse(say(view.language, 'invalid', 'Type'))
  checkReference(
    { ...write, sent: { VATCode: vat } },
    'VATCode',
    rowsIn(view, 'VATCodes').some(({ Code }) => Code === vat),
  )
  return { ...row, VATCode: vat || null }
}

export function createLedgerAccount(write: Write): SimulatorRow {
  const { view, sent } = write
  const Type = sent.Type ?? 90
  const row = checkLedgerAccount(write, {
    Type,
    BalanceSide: 'D',
    BalanceType: isBalanceType(Number(Type)) ? 'B' : 'W',
    IsBlocked: false,
    Compress: false,
    Matching: false,
    RevalueCurrency: false,
    UseCostcenter: 0,
    UseCostunit: 0,
    ...sent,
    ID: newGuid(view.random),
    ...created(view),
    ...modified(view),
  })
  return write.refused() ? row : store(view, 'GLAccounts', String(row.ID), row)
}

export function updateLedgerAccount(write: Write, merged: SimulatorRow): SimulatorRow {
  const row = checkLedgerAccount(write, merged)
  return write.refused() ? row : store(write.view, 'GLAccounts', String(row.ID), row)
}

const booked = ['SalesEntryLines', 'SalesInvoiceLines', 'GeneralJournalEntryLines', 'PaymentTerms'] as const

/** What is booked on stays. */
export function removeLedgerAccount({ view, refuse }: Write, row: SimulatorRow): void {
  const isUsed = booked.some((table) => rowsIn(view, table).some(({ GLAccount }) => GLAccount === row.ID))
  if (isUsed) refuse(say(view.language, 'inUse', 'GLAccount'))
}

/** Percentage without, with and inside the amount, and none at all; for sales, purchases or both (VATVATCodes). */
const vatTypes = new Set(['B', 'E', 'I', 'N'])
const vatUses = new Set(['B', 'P', 'S'])

function checkVatCode(write: Write, row: SimulatorRow): SimulatorRow {
  const { view, refuse } = write
  const Code = text(row.Code).trim()
  checkCode({ ...write, sent: { Code } }, 'VATCodes', row.ID)
  if (!vatTypes.has(text(row.Type))) refuse(say(view.language, 'invalid', 'Type'))
  if (!vatUses.has(text(row.VATTransactionType))) refuse(say(view.language, 'invalid', 'VATTransactionType'))
  for (const name of ['GLToPay', 'GLToClaim'])
    checkReference({ ...write, sent: row }, name, rowIn(view, 'GLAccounts', row[name]))
  return { ...row, Code }
}

/** The percentage of a code is the last of its dated ones. */
export function createVatCode(write: Write): SimulatorRow {
  const { view, sent, nested } = write
  const dated = nested.VATPercentages ?? []
  const row = checkVatCode(write, {
    Type: 'E',
    VATTransactionType: 'B',
    EUSalesListing: 'N',
    IntrastatType: 'N',
    VatDocType: 'P',
    Charged: false,
    IntraStat: false,
    IsBlocked: false,
    ...sent,
    Percentage: dated.at(-1)?.Percentage ?? '0',
    ID: newGuid(view.random),
    ...created(view),
    ...modified(view),
  })
  if (write.refused()) return row
  for (const [index, percentage] of dated.entries()) {
    const ID = newGuid(view.random)
    const stamps = { ...created(view), ...modified(view) }
    const line = { LineNumber: index + 1, Type: 0, StartDate: null, EndDate: null, ...percentage, ...stamps }
    store(view, 'VatPercentages', ID, { ...line, ID, VATCodeID: row.ID })
  }
  return store(view, 'VATCodes', String(row.ID), row)
}

export function updateVatCode(write: Write, merged: SimulatorRow): SimulatorRow {
  const row = checkVatCode(write, merged)
  return write.refused() ? row : store(write.view, 'VATCodes', String(row.ID), row)
}

/** A code that an entry or an invoice was booked with stays. */
export function removeVatCode({ view, refuse }: Write, row: SimulatorRow): void {
  const isUsed = ['SalesEntryLines', 'SalesInvoiceLines', 'GeneralJournalEntryLines'].some((table) =>
    rowsIn(view, table).some(({ VATCode }) => VATCode === row.Code),
  )
  if (isUsed) refuse(say(view.language, 'inUse', 'VATCode'))
}

/** What is booked on stays; the code of a cost centre or cost unit is kept as it was made (HRMCostcenters). */
export const removeCostObject =
  (field: 'CostCenter' | 'CostUnit') =>
  ({ view, refuse }: Write, row: SimulatorRow): void => {
    if (isUsedBy(view, field, row.Code)) refuse(say(view.language, 'inUse', field))
  }

const isUsedBy = (view: View, field: string, code: unknown) =>
  booked.some((table) => rowsIn(view, table).some((line) => line[field] === code))
