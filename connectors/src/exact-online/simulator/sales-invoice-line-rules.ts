import {
  type Decimal,
  decimal,
  divide,
  isZero,
  round,
  sameAmount,
  subtract,
  times,
  toCents,
  zero,
} from '@uurwerk/core/shared/money.ts'
import type { SimulatorRow } from '../../contract/simulator.ts'
import { say } from './messages.ts'
import type { View, Write } from './resource.ts'
import { salesInvoiceLines } from './resources/sales-invoices.ts'
import { checkInvoiceOpen, checkSign, invoiceLinesOf, saveInvoice } from './sales-invoice-rules.ts'
import { amountsOf, checkCostObjects, checkLedgerAccount, vatCodeOf } from './sales-line-rules.ts'
import { serverToday } from './server-time.ts'
import { discard, newGuid, rowIn, rowsIn, store, text } from './world-state.ts'
import { checkFields, created, isEmpty, modified } from './writes.ts'

/** An item for sale, within its dates, in quantities it allows: R-invoice-item. */
function checkItem({ view, refuse }: Write, line: SimulatorRow): SimulatorRow | undefined {
  if (isEmpty(line.Item)) return undefined
  const item = rowIn(view, 'Items', line.Item)
  const today = serverToday(view.now)
  if (!item) refuse(say(view.language, 'invalidReference', 'Item'))
  else if ((item.EndDate && today > String(item.EndDate)) || (item.StartDate && today < String(item.StartDate)))
    refuse(say(view.language, 'ended', 'Item'))
  else if (item.IsSalesItem !== true) refuse(say(view.language, 'notSold', 'Item'))
  else if (item.IsFractionAllowedItem !== true && !isWhole(line.Quantity))
    refuse(say(view.language, 'invalid', 'Quantity'))
  return item
}

const isWhole = (quantity: unknown) =>
  isEmpty(quantity) || sameAmount(round(quantity as Decimal, 0), quantity as Decimal)

/**
 * The price that is sent leads, whatever amount comes with it: `NetPrice`, else `UnitPrice` less its discount; without
 * a price the amount over the quantity, and without that the price of the item. `UnitPrice` stays 0 unless sent.
 */
function pricesOf(line: SimulatorRow, item: SimulatorRow | undefined) {
  const quantity = (line.Quantity ?? decimal('1')) as Decimal
  const sent = (name: string) => (isEmpty(line[name]) ? undefined : (line[name] as Decimal))
  const discount = sent('Discount') ?? zero
  const unit = sent('UnitPrice')
  const fromUnit = unit && times(unit, subtract(decimal('1'), discount))
  const amount = sent('AmountFC')
  const fromAmount = amount && !isZero(quantity) ? divide(amount, quantity) : undefined
  const price = sent('NetPrice') ?? fromUnit ?? fromAmount ?? ((item?.StandardSalesPrice ?? zero) as Decimal)
  const isPriced = sent('NetPrice') !== undefined || unit !== undefined
  return {
    Quantity: quantity,
    NetPrice: price,
    UnitPrice: unit ?? zero,
    Discount: discount,
    AmountFC: toCents(!isPriced && amount ? amount : times(quantity, price)),
  }
}

/** The revenue account that is sent, else of the item, else of its group. */
function ledgerAccountOf(view: View, line: SimulatorRow, item: SimulatorRow | undefined): unknown {
  const group = rowIn(view, 'ItemGroups', item?.ItemGroup)
  return line.GLAccount ?? item?.GLRevenue ?? group?.GLRevenue ?? null
}

/** A line that may stand on an invoice; account, text, unit and VAT come from the item unless they are sent. */
export function buildInvoiceLine(write: Write, header: SimulatorRow, sent: SimulatorRow): SimulatorRow {
  const { view, refuse } = write
  checkFields(write, salesInvoiceLines, sent, ['InvoiceID', 'GLAccount'])
  const item = checkItem(write, sent)
  const line: SimulatorRow = {
    ...sent,
    ...pricesOf(sent, item),
    GLAccount: ledgerAccountOf(view, sent, item),
    Description: text(sent.Description) || text(item?.Description) || null,
    UnitCode: text(sent.UnitCode).trim() || text(item?.Unit) || null,
    VATCode: text(sent.VATCode).trim() || text(item?.SalesVatCode) || null,
  }
  if (item && isEmpty(line.GLAccount)) refuse(say(view.language, 'required', 'GLAccount'))
  const account = checkLedgerAccount(write, line)
  checkCostObjects(write, line, account)
  // Without a code sent or of the item there is none: the default of the ledger account is not looked at (recorded).
  const code = vatCodeOf(write, line, undefined)
  const journal = rowsIn(view, 'Journals').find(({ Code }) => Code === header.Journal)
  if (code && journal?.vatSwitchedOff) refuse(say(view.language, 'vatNotAllowed'))
  const { net, vat } = amountsOf(write, line, code)
  return {
    ...line,
    ID: line.ID ?? newGuid(view.random),
    CostCenter: text(line.CostCenter).trim() || null,
    CostUnit: text(line.CostUnit).trim() || null,
    VATCode: code?.Code ?? null,
    VATPercentage: code?.Percentage ?? null,
    AmountFC: net,
    AmountDC: net,
    VATAmountFC: vat,
    VATAmountDC: vat,
    ...(line.Created ? {} : created(view)),
    ...modified(view),
  }
}

function invoiceOf(write: Write, id: unknown): SimulatorRow | undefined {
  const invoice = rowIn(write.view, 'SalesInvoices', id)
  if (invoice) checkInvoiceOpen(write, invoice)
  else if (!isEmpty(id)) write.refuse(say(write.view.language, 'invalidReference', 'InvoiceID'))
  return invoice
}

function save(write: Write, invoice: SimulatorRow, line: SimulatorRow): SimulatorRow {
  const { view } = write
  const others = invoiceLinesOf(view, invoice.InvoiceID).filter(({ ID }) => ID !== line.ID)
  if (!write.refused()) checkSign(write, invoice.Type, [...others, line])
  if (write.refused()) return line
  const stored = store(view, 'SalesInvoiceLines', String(line.ID), line)
  saveInvoice(view, { ...invoice, ...modified(view) })
  return stored
}

export function createInvoiceLine(write: Write): SimulatorRow {
  const { view, sent } = write
  const invoice = invoiceOf(write, sent.InvoiceID)
  if (!invoice) return sent
  const highest = Math.max(0, ...invoiceLinesOf(view, invoice.InvoiceID).map((line) => Number(line.LineNumber)))
  return save(write, invoice, buildInvoiceLine(write, invoice, { ...sent, LineNumber: highest + 1 }))
}

export function updateInvoiceLine(write: Write, merged: SimulatorRow): SimulatorRow {
  const { sent } = write
  const invoice = invoiceOf(write, merged.InvoiceID)
  if (!invoice) return merged
  // What was computed before no longer fits a price, quantity or code that is new.
  const repriced = ['Quantity', 'NetPrice', 'UnitPrice', 'Discount', 'AmountFC', 'VATCode'].some((name) => name in sent)
  const renewed = repriced ? { ...merged, AmountFC: sent.AmountFC, VATAmountFC: sent.VATAmountFC } : merged
  const priced = 'NetPrice' in sent
  const older = {
    ...('UnitPrice' in sent && !priced && { NetPrice: undefined }),
    ...('AmountFC' in sent && !priced && !('UnitPrice' in sent) && { NetPrice: undefined, UnitPrice: undefined }),
  }
  return save(write, invoice, buildInvoiceLine(write, invoice, { ...renewed, ...older, VATPercentage: null }))
}

/** The last line stays: an invoice has at least one. */
export function removeInvoiceLine(write: Write, line: SimulatorRow): void {
  const { view } = write
  const invoice = invoiceOf(write, line.InvoiceID)
  if (!invoice) return
  const left = invoiceLinesOf(view, invoice.InvoiceID).filter(({ ID }) => ID !== line.ID)
  if (left.length === 0) write.refuse(say(view.language, 'required', 'SalesInvoiceLines'))
  if (write.refused()) return
  discard(view, 'SalesInvoiceLines', String(line.ID), 13)
  saveInvoice(view, { ...invoice, ...modified(view) })
}
