import { assert } from '@uurwerk/core/shared/assert.ts'
import { addDays, type CalendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import {
  absolute,
  compare,
  type Decimal,
  decimal,
  divide,
  isNegative,
  isZero,
  round,
  sameAmount,
  subtract,
  sum,
  times,
  toCents,
} from '@uurwerk/core/shared/money.ts'
import type { Problem } from '@uurwerk/core/shared/problem.ts'
import { z } from 'zod'
import type { Connection, Draft, Found, Known, Outcome, Posts, Receipt, TheirId, Wire } from '../contract/contract.ts'
import type { BookedLine, SalesInvoiceDoc } from '../contract/documents.ts'
import { fingerprint } from '../kit/fingerprint.ts'
import { toJsonNumber } from '../kit/json-number.ts'
import { allOf, literal } from '../kit/odata-v2.ts'
import { parse } from '../kit/parse.ts'
import { chosenDivision, type ExactCalls, exactCalls } from './calls.ts'
import { cut, type LineText, lineText, oneLine, withPrice } from './line-text.ts'
import { manifest } from './manifest.ts'
import {
  amountOf,
  findEach,
  ifAnswered,
  namesOf,
  namesReference,
  onePerRequest,
  packOne,
  postedAs,
  sendOne,
} from './posting.ts'
import { listAny, listByIds, mustBeDeleted } from './reading-again.ts'
import { longAgo, mustBeShown } from './rights.ts'
import { paymentTermFor, salesInvoiceProblems, vatNotes } from './sales-entry-problems.ts'
import type { ExactSettings } from './settings.ts'
import { deletedType } from './sync.ts'
import { type ExactSalesInvoiceRead, receivable, salesInvoice } from './wire.ts'

const resource = 'salesinvoice/SalesInvoices'

/** Type 8020 is a sales invoice, 8021 a credit note (Exact REST reference, SalesInvoices). */
const types = { invoice: 8020, credit: 8021 } as const

/** 10 draft, 20 open, 50 processed: printed and booked (Exact REST reference, SalesInvoices). */
const states: Readonly<Record<number, string>> = { 10: 'draft', 20: 'open', 50: 'processed' }

/** Dates are ISO dates; amounts are numbers that write back as exactly our decimals. */
interface ExactSalesInvoice {
  readonly Type: (typeof types)[keyof typeof types]
  readonly Journal: string
  readonly OrderedBy: string
  /** The account it is billed to, where that is another. */
  readonly InvoiceTo?: string
  readonly OrderDate: CalendarDate
  readonly DueDate?: CalendarDate
  readonly PaymentCondition?: string
  readonly Currency: string
  readonly Description?: string
  /** The customer's order number. */
  readonly YourRef?: string
  /** Our key: it does not print, and the invoice is known by it. */
  readonly Remarks: string
  readonly SalesInvoiceLines: readonly ExactSalesInvoiceLine[]
}

interface ExactSalesInvoiceLine extends LineText {
  readonly Item: string
  readonly GLAccount?: string
  readonly Quantity: number
  readonly UnitPrice: number
  /** After discount. */
  readonly NetPrice: number
  readonly VATCode: string
  readonly CostCenter?: string
  readonly CostUnit?: string
}

export function toExactSalesInvoice(
  invoice: SalesInvoiceDoc,
  of: {
    readonly customer: TheirId
    readonly billTo?: TheirId | undefined
    readonly paymentTerm?: TheirId | undefined
  },
): ExactSalesInvoice {
  const description = oneLine(invoice.projectReference?.trim() || invoice.description)
  return {
    Type: types[invoice.kind],
    Journal: invoice.journal,
    OrderedBy: of.customer,
    ...(of.billTo !== undefined && { InvoiceTo: of.billTo }),
    // The invoice date cannot be written; until it is printed the order date stands for it (Exact REST reference).
    OrderDate: invoice.date,
    // With a condition Exact Online counts from the day of printing, which may be a later one.
    ...(of.paymentTerm === undefined ? { DueDate: invoice.dueDate } : { PaymentCondition: of.paymentTerm }),
    Currency: invoice.currency,
    ...(description !== '' && { Description: cut(description, manifest.lengths.description) }),
    ...(invoice.orderNumber?.trim() && { YourRef: invoice.orderNumber.trim() }),
    Remarks: invoice.reference,
    SalesInvoiceLines: invoice.lines.map(toExactLine),
  }
}

function toExactLine(line: BookedLine): ExactSalesInvoiceLine {
  const priced = pricesOf(line)
  return {
    Item: line.item,
    // The posting rule's; without it the item's own holds.
    ...(line.ledgerAccount !== '' && { GLAccount: line.ledgerAccount }),
    ...lineText(priced.text),
    Quantity: toJsonNumber(priced.quantity),
    // Left out it came back as nothing (seen in client code), and layouts print it.
    UnitPrice: toJsonNumber(priced.unitPrice),
    NetPrice: toJsonNumber(priced.netPrice),
    // Always sent: an item without a VAT code of its own gives the line none (seen in client code).
    VATCode: line.vatCode,
    ...(line.costCentre !== undefined && { CostCenter: line.costCentre }),
    ...(line.costUnit !== undefined && { CostUnit: line.costUnit }),
  }
}

interface Priced {
  readonly text: string
  readonly quantity: Decimal
  readonly unitPrice: Decimal
  readonly netPrice: Decimal
}

/** Exact Online multiplies; where quantity and price do not make our amount to the cent, the line is one of that amount. */
export function pricesOf(line: BookedLine): Priced {
  const { quantity, unitPrice, net, description } = line
  const makes = (price: Decimal) => sameAmount(toCents(times(quantity, price)), net)
  if (makes(unitPrice)) return { text: description, quantity, unitPrice, netPrice: unitPrice }
  const netPrice = isZero(quantity) ? undefined : round(divide(net, quantity), 4)
  if (netPrice !== undefined && makes(netPrice)) return { text: description, quantity, unitPrice, netPrice }
  const amount = absolute(net)
  return { text: withPrice(line), quantity: decimal(isNegative(net) ? '-1' : '1'), unitPrice: amount, netPrice: amount }
}

/** `prints`: it is printed, and with it booked, at once. */
export function draftSalesInvoice(
  invoice: SalesInvoiceDoc,
  known: Known,
  { prints = true }: { readonly prints?: boolean } = {},
): Draft | { readonly problems: readonly Problem[] } {
  assert(sameAmount(sum(invoice.lines.map((line) => line.net)), invoice.net), 'lines and invoice differ')
  assert(sameAmount(sum([invoice.net, invoice.vat]), invoice.gross), 'net and VAT do not add up to gross')
  const problems = salesInvoiceProblems(invoice, known, { prints })
  const customer = known.id('customer', invoice.customer)
  if (problems.length > 0 || customer === undefined) return { problems }
  return {
    reference: invoice.reference,
    group: resource,
    body: toExactSalesInvoice(invoice, {
      customer,
      billTo: known.row('customers', customer)?.billTo,
      paymentTerm: paymentTermFor(invoice, known),
    }),
    units: 1,
    expects: { gross: toCents(invoice.gross), vat: toCents(invoice.vat), currency: invoice.currency },
    key: invoice.reference,
    notes: vatNotes(invoice, known),
  }
}

/** Due date and number are no part of the hash: printing sets both. */
export function fromExactSalesInvoice(found: ExactSalesInvoiceRead, openItem?: TheirId): Receipt {
  const gross = amountOf(found.AmountFC)
  const vat = vatOf(found)
  const state = found.Status === undefined ? undefined : (states[found.Status] ?? String(found.Status))
  const shown = {
    ...(found.OrderedBy && { customer: found.OrderedBy.toLowerCase() }),
    ...(found.Journal && { journal: found.Journal }),
    ...(found.OrderDate && { date: found.OrderDate }),
    ...(found.Currency && { currency: found.Currency }),
    ...(found.YourRef && { reference: found.YourRef }),
    ...(gross !== undefined && { gross }),
    ...(vat !== undefined && { vat }),
  }
  return {
    id: found.InvoiceID,
    // 0 until one is given: at entry or at printing, as Exact Online is set up.
    ...(found.InvoiceNumber && { number: String(found.InvoiceNumber) }),
    ...(gross !== undefined && { gross }),
    ...(vat !== undefined && { vat }),
    ...(openItem !== undefined && { openItem }),
    hash: fingerprint([
      shown.customer,
      shown.journal,
      shown.date,
      shown.currency,
      shown.reference,
      shown.gross,
      shown.vat,
    ]),
    shows: { ...shown, ...(state !== undefined && { state }) },
  }
}

/** The answer to a POST leaves the VAT out (recorded), but not the amount without it. */
function vatOf({ AmountFC, AmountFCExclVat, VATAmountFC }: ExactSalesInvoiceRead): string | undefined {
  const [gross, net, vat] = [AmountFC, AmountFCExclVat, VATAmountFC].map(amountOf)
  if (vat !== undefined || gross === undefined || net === undefined) return vat
  return toCents(subtract(decimal(gross), decimal(net)))
}

const isProcessed = ({ Status }: Pick<ExactSalesInvoiceRead, 'Status'>): boolean => Status === 50

const sent = z.object({
  OrderedBy: z.string(),
  OrderDate: z.string(),
  Remarks: z.string(),
  SalesInvoiceLines: z.array(z.unknown()),
})
const cent = decimal('0.01')
const daysMoved = 31

/**
 * Ours carries our key; another invoice for the same customer is another invoice. Exact Online computes the
 * VAT itself, so that a cent for each line is no difference.
 */
export function compareInvoices(hits: readonly ExactSalesInvoiceRead[], draft: Draft): Found {
  const ours = hits.filter(({ Remarks }) => namesReference(Remarks, draft.reference))
  const [hit] = ours
  if (hit === undefined) return { is: 'absent' }
  if (ours.length > 1) return { is: 'several', receipts: ours.map((one) => fromExactSalesInvoice(one)) }
  const receipt = fromExactSalesInvoice(hit)
  const why = whyDifferent(hit, receipt, draft)
  return why === '' ? { is: 'same', receipt } : { is: 'different', receipt, why }
}

function whyDifferent(hit: ExactSalesInvoiceRead, { gross }: Receipt, draft: Draft): string {
  const body = parse(sent, draft.body, resource)
  const { expects } = draft
  const slack = times(cent, decimal(String(body.SalesInvoiceLines.length)))
  const isApart =
    gross === undefined ||
    expects === null ||
    compare(absolute(subtract(decimal(gross), decimal(expects.gross))), slack) > 0
  return namesOf({
    customer: hit.OrderedBy?.toLowerCase() !== body.OrderedBy.toLowerCase(),
    date: hit.OrderDate !== body.OrderDate,
    currency: hit.Currency !== expects?.currency,
    gross: isApart,
  })
}

export function salesInvoicePosts(at: Connection<ExactSettings>, wire: Wire): Posts<SalesInvoiceDoc> {
  const prints = at.settings.salesInvoices === 'printed'
  const calls = () => exactCalls(chosenDivision(at), wire, 'posting')
  return {
    ...onePerRequest,
    draft: (invoice, known) => draftSalesInvoice(invoice, known, { prints }),
    pack: (drafts) => packOne(chosenDivision(at), resource, drafts),
    send: (packed, drafts) =>
      sendOne(packed, drafts, wire, {
        schema: salesInvoice,
        outcome: async (made, draft): Promise<Outcome> =>
          postedAs(fromExactSalesInvoice(await complete(made, calls())), draft),
      }),
    find: (drafts) =>
      findEach(
        drafts,
        async (draft) => {
          const { OrderedBy, OrderDate } = parse(sent, draft.body, resource)
          const filter = allOf([
            `OrderedBy eq ${literal.guid(OrderedBy)}`,
            // Not that day alone: somebody may have moved it since, and then it is another date, not another invoice.
            `OrderDate ge ${literal.date(addDays(OrderDate as CalendarDate, -daysMoved))}`,
          ])
          return compareInvoices(await calls().all(resource, salesInvoice, { filter }), draft)
        },
        () => invoicesAreShown(calls()),
      ),
    async read(ids) {
      const reading = exactCalls(chosenDivision(at), wire, 'import')
      const found = await readSalesInvoices(reading, ids)
      const missing = ids.filter((id) => !found.has(id.toLowerCase()))
      await mustBeDeleted(reading, { type: deletedType.salesInvoices, ids: missing })
      const openItems = await entriesOf(reading, [...found.values()])
      return new Map(
        ids.map((id) => {
          const one = found.get(id.toLowerCase())
          return [id, one ? fromExactSalesInvoice(one, openItems.get(one.InvoiceID)) : 'gone']
        }),
      )
    },
  }
}

const invoicesAreShown = (calls: ExactCalls): Promise<void> =>
  mustBeShown(calls, resource, () =>
    calls.all(resource, salesInvoice.pick({ InvoiceID: true }), {
      top: 1,
      filter: `OrderDate ge ${literal.date(longAgo)}`,
    }),
  )

/** By id in small letters; what is not listed is left out. */
export const readSalesInvoices = (
  calls: ExactCalls,
  ids: readonly TheirId[],
): Promise<ReadonlyMap<TheirId, ExactSalesInvoiceRead>> => listByIds(calls, resource, salesInvoice, 'InvoiceID', ids)

/**
 * The entry that printing made of each invoice, by the id of the invoice. Nothing in the invoice names it; number,
 * account, date and amount of the open item do (filters documented for BulkCashflowReceivables).
 */
export async function entriesOf(
  calls: ExactCalls,
  invoices: readonly ExactSalesInvoiceRead[],
): Promise<ReadonlyMap<TheirId, TheirId>> {
  const printed = invoices.filter((one) => isProcessed(one) && one.InvoiceNumber)
  const numbers = [...new Set(printed.map(({ InvoiceNumber }) => `InvoiceNumber eq ${InvoiceNumber}`))]
  const items = await listAny(calls, 'bulk/Cashflow/Receivables', receivable, numbers)
  return new Map(
    printed.flatMap((invoice) => {
      const entry = entryOf(items, invoice)
      return entry ? [[invoice.InvoiceID, entry] as const] : []
    }),
  )
}

type OpenItem = z.output<typeof receivable>

/** Undefined where more than one could be it: numbers start anew with each year. */
export function entryOf(items: readonly OpenItem[], invoice: ExactSalesInvoiceRead): TheirId | undefined {
  const ofEntry = Map.groupBy(
    items.filter((item) => isOf(item, invoice)),
    (item) => item.TransactionEntryID,
  )
  const entries = [...ofEntry].flatMap(([entry, terms]) => (entry && makeTheAmount(terms, invoice) ? [entry] : []))
  return entries.length === 1 ? entries[0] : undefined
}

const isOf = (item: OpenItem, invoice: ExactSalesInvoiceRead): boolean =>
  item.InvoiceNumber === invoice.InvoiceNumber &&
  item.Account?.toLowerCase() === invoice.InvoiceTo?.toLowerCase() &&
  item.InvoiceDate !== undefined &&
  item.InvoiceDate === invoice.InvoiceDate &&
  (!item.Journal || !invoice.Journal || item.Journal.trim() === invoice.Journal.trim())

/** An entry that is paid in parts has a term for each part; a credit note may stand either side of nothing. */
function makeTheAmount(terms: readonly OpenItem[], { AmountFC }: ExactSalesInvoiceRead): boolean {
  const gross = amountOf(AmountFC)
  const parts = terms.map((term) => amountOf(term.AmountFC))
  if (gross === undefined || parts.includes(undefined)) return false
  const total = sum(parts.flatMap((part) => (part === undefined ? [] : [decimal(part)])))
  return sameAmount(absolute(total), absolute(decimal(gross)))
}

/** An answer that leaves the totals out is completed by reading the invoice; it was made in any case. */
async function complete(made: ExactSalesInvoiceRead, calls: ExactCalls): Promise<ExactSalesInvoiceRead> {
  if (made.AmountFC !== undefined && vatOf(made) !== undefined && made.OrderedBy !== undefined) return made
  return (await ifAnswered(() => readSalesInvoices(calls, [made.InvoiceID])))?.get(made.InvoiceID.toLowerCase()) ?? made
}
