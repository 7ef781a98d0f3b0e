import type { BookedLine, SalesEntryDoc } from '@uurwerk/connectors/contract/documents.ts'
import type { Manifest } from '@uurwerk/connectors/contract/manifest.ts'
import type { Noun } from '@uurwerk/connectors/contract/rows.ts'
import type { PostingRule } from '@uurwerk/core/bookkeeping/posting-rules.ts'
import type { SalesEntry } from '@uurwerk/core/bookkeeping/sales-entry.ts'
import { type ItemMapping, salesEntryFromInvoice } from '@uurwerk/core/bookkeeping/sales-entry-from-invoice.ts'
import {
  type Invoice,
  type InvoiceCustomer,
  type InvoiceFirm,
  type InvoiceLine,
  type LineUnit,
  lineSources,
} from '@uurwerk/core/invoicing/invoice.ts'
import { isVatTreatment, type VatTreatment } from '@uurwerk/core/invoicing/vat-cases.ts'
import { assert } from '@uurwerk/core/shared/assert.ts'
import { calendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { type Decimal, decimal, isZero, times, toCents } from '@uurwerk/core/shared/money.ts'
import type { Problem } from '@uurwerk/core/shared/problem.ts'
import type { Trx } from '../store/database.ts'
import type { Firm } from './posting-rows.ts'

export interface SalesBooks {
  readonly id: string
  readonly settings: unknown
  readonly language: 'nl' | 'en'
}

/** How a connection books sales: read once for all invoices of a preview. */
export interface SalesMapping {
  readonly items: ItemMapping
  readonly rules: readonly PostingRule[]
  readonly journal: string | null
  readonly paymentTerm: string | null
  readonly language: 'nl' | 'en'
  /** Required settings that are not chosen yet. */
  readonly missing: readonly string[]
}

/** Each package names its settings itself; what a setting means follows from the list it is chosen from. */
function settingsOf(manifest: Manifest, stored: unknown) {
  const values = (stored ?? {}) as Readonly<Record<string, string | null | undefined>>
  const from = (list: Noun) =>
    manifest.settings.find(
      (field) => typeof field.from === 'object' && 'list' in field.from && field.from.list === list,
    )
  const chosen = (list: Noun) => values[from(list)?.name ?? ''] ?? null
  return {
    journal: chosen('journals'),
    paymentTerm: chosen('paymentTerms'),
    defaultItem: chosen('items'),
    missing: manifest.settings.filter(({ name, required }) => required && !values[name]).map(({ name }) => name),
  }
}

export async function readSalesMapping(
  { trx, firmId }: Firm,
  books: SalesBooks,
  manifest: Manifest,
): Promise<SalesMapping> {
  const mappings = await trx
    .selectFrom('itemMapping')
    .select(['subject', 'subjectId', 'item'])
    .where('firmId', '=', firmId)
    .where('connectionId', '=', books.id)
    .execute()
  const rules = await trx
    .selectFrom('postingRule')
    .select(['item', 'vatTreatment', 'ledgerAccount', 'vatCode', 'costCentre', 'costUnit'])
    .where('firmId', '=', firmId)
    .where('connectionId', '=', books.id)
    .execute()
  const { defaultItem, ...settings } = settingsOf(manifest, books.settings)
  const bySubject = (subject: string) =>
    Object.fromEntries(mappings.filter((row) => row.subject === subject).map((row) => [row.subjectId, row.item]))
  const single = (subject: string) => mappings.find((row) => row.subject === subject)?.item ?? null
  return {
    items: {
      default: defaultItem,
      activities: bySubject('activity'),
      expenseCategories: bySubject('expense-category'),
      trip: single('trip'),
      instalment: single('instalment'),
      subscription: single('subscription'),
      free: single('free'),
    },
    rules: rules.map((rule) => ({ ...rule, vatTreatment: treatment(rule.vatTreatment) })),
    ...settings,
    language: books.language,
  }
}

/** An invoice as it is to be booked, or everything that is missing for it. */
export function salesEntryDocument(about: {
  readonly invoice: Invoice
  readonly reference: string
  readonly mapping: SalesMapping
  readonly bookIn?: string | undefined
}): { readonly document: SalesEntryDoc } | { readonly problems: readonly Problem[] } {
  const { invoice, mapping, reference } = about
  const made = salesEntryFromInvoice({ ...mapping, invoice, reference })
  const missing = mapping.missing.map(
    (setting): Problem => ({ kind: 'setup', code: 'setting-missing', values: { setting } }),
  )
  const problems = [...missing, ...('problems' in made ? made.problems : [])]
  if (!('entry' in made) || problems.length > 0) return { problems }
  return { document: toSalesEntryDoc(made.entry, invoice, about.bookIn) }
}

function toSalesEntryDoc(entry: SalesEntry, invoice: Invoice, bookIn: string | undefined): SalesEntryDoc {
  return {
    reference: entry.reference,
    kind: entry.kind,
    invoiceNumber: entry.invoiceNumber,
    customer: entry.customerId,
    customerName: invoice.customer.name,
    date: entry.date,
    dueDate: entry.dueDate,
    ...(bookIn ? { bookIn: calendarDate(bookIn) } : {}),
    journal: entry.journal ?? '',
    ...(entry.paymentTerm ? { paymentTerm: entry.paymentTerm } : {}),
    currency: entry.currency,
    ...(invoice.exchange ? { rate: invoice.exchange.rate } : {}),
    description: entry.description,
    ...(invoice.orderNumber ? { orderNumber: invoice.orderNumber } : {}),
    lines: entry.lines.map((line, index) => toBookedLine(line, invoice.lines[index])),
    net: entry.net,
    vat: entry.vat,
    gross: entry.gross,
  }
}

function toBookedLine(line: SalesEntry['lines'][number], from: InvoiceLine | undefined): BookedLine {
  assert(from, 'an entry has the lines of its invoice')
  // A discount has no field of its own in the books: the line becomes one piece of its net, the sum stands in the text.
  const discounted =
    line.discount && !isZero(line.discount)
      ? {
          quantity: decimal('1'),
          unitPrice: line.net,
          description: `${line.description} (${line.quantity} × ${line.unitPrice} − ${line.discount} %)`,
        }
      : { quantity: line.quantity, unitPrice: line.unitPrice, description: line.description }
  return {
    item: line.item,
    ledgerAccount: line.ledgerAccount,
    vatCode: line.vatCode,
    ...(line.costCentre ? { costCentre: line.costCentre } : {}),
    ...(line.costUnit ? { costUnit: line.costUnit } : {}),
    ...discounted,
    unit: from.unit,
    net: line.net,
    vat: line.vat,
    vatRate: line.vatRate,
    vatTreatment: line.vatTreatment,
    period: { from: from.supplyFrom, until: from.supplyUntil },
  }
}

type InvoiceRow = Awaited<ReturnType<typeof selectInvoices>>[number]
type LineRow = Awaited<ReturnType<typeof selectLines>>[number]

const selectInvoices = (trx: Trx, firmId: string, ids: readonly string[]) =>
  trx
    .selectFrom('invoice')
    .leftJoin('customer', (join) =>
      join.onRef('customer.firmId', '=', 'invoice.firmId').onRef('customer.id', '=', 'invoice.customerId'),
    )
    .leftJoin('firm', 'firm.firmId', 'invoice.firmId')
    .selectAll('invoice')
    .select(['customer.name as customerName', 'customer.number as customerNumber', 'firm.currency as firmCurrency'])
    .where('invoice.firmId', '=', firmId)
    .where('invoice.id', 'in', ids)
    .where('invoice.deletedAt', 'is', null)
    .execute()

const selectLines = (trx: Trx, firmId: string, ids: readonly string[]) =>
  trx
    .selectFrom('invoiceLine')
    .leftJoin('project', (join) =>
      join.onRef('project.firmId', '=', 'invoiceLine.firmId').onRef('project.id', '=', 'invoiceLine.projectId'),
    )
    .selectAll('invoiceLine')
    .select(['project.costCentre', 'project.costUnit'])
    .where('invoiceLine.firmId', '=', firmId)
    .where('invoiceLine.invoiceId', 'in', ids)
    .orderBy('invoiceLine.position')
    .execute()

export interface StoredInvoice {
  readonly invoice: Invoice
  readonly alreadyInBooks: boolean
}

/** Invoices as the books need them. */
export async function readInvoices(
  { trx, firmId }: Firm,
  ids: readonly string[],
): Promise<ReadonlyMap<string, StoredInvoice>> {
  if (ids.length === 0) return new Map()
  const rows = await selectInvoices(trx, firmId, ids)
  const lines = await selectLines(trx, firmId, ids)
  return new Map(
    rows.map((row) => [
      row.id,
      {
        invoice: toInvoice(
          row,
          lines.filter(({ invoiceId }) => invoiceId === row.id),
        ),
        alreadyInBooks: row.alreadyInBooks,
      },
    ]),
  )
}

function toInvoice(row: InvoiceRow, lineRows: readonly LineRow[]): Invoice {
  const customer = (row.customerSnapshot ?? {}) as Partial<InvoiceCustomer>
  const firm = (row.firmSnapshot ?? {}) as Partial<InvoiceFirm>
  const lines = lineRows.map((line) => toLine(line, row))
  const vatPerRate = row.vatPerRate as unknown as Invoice['totals']['vatPerRate']
  return {
    id: row.id,
    kind: row.kind === 'credit' ? 'credit' : 'invoice',
    state: row.state as Invoice['state'],
    number: row.number,
    date: calendarDate(row.date),
    dueDate: calendarDate(row.dueDate),
    paymentTerm: { days: 0, endOfMonth: false },
    customer: {
      number: row.customerNumber,
      address: null,
      vatId: null,
      kvkNumber: null,
      vatCase: null,
      email: null,
      peppolId: null,
      ...customer,
      id: row.customerId,
      name: customer.name ?? row.customerName ?? '',
    },
    firm: {
      name: '',
      address: null,
      country: '',
      vatId: null,
      kvkNumber: null,
      iban: null,
      currency: row.firmCurrency ?? row.currency,
      ...firm,
      id: row.firmId,
    },
    language: row.language === 'nl' ? 'nl' : 'en',
    currency: row.currency,
    exchange:
      row.rateToFirm && row.currency !== row.firmCurrency
        ? {
            rate: decimal(row.rateToFirm),
            source: row.rateSource ?? '',
            date: calendarDate(row.rateDate ?? row.date),
            vat: toCents(times(decimal(row.vat), decimal(row.rateToFirm))),
          }
        : null,
    lines,
    totals: {
      net: cents(row.net),
      vat: cents(row.vat),
      gross: cents(row.gross),
      vatPerRate,
      lineVat: lines.map(({ vat }) => vat),
    },
    reference: row.reference,
    orderNumber: row.orderNumber,
  }
}

const cents = (amount: string): Decimal => toCents(decimal(amount))

function toLine(line: LineRow, row: InvoiceRow): InvoiceLine {
  const source = lineSources.find((one) => one === line.kind)
  assert(source, `an invoice line sells ${line.kind}`)
  return {
    id: line.id,
    source,
    description: line.description,
    quantity: decimal(line.quantity),
    unit: line.unit as LineUnit,
    unitPrice: decimal(line.unitPrice),
    discount: line.discountPercent === null ? null : decimal(line.discountPercent),
    net: cents(line.net),
    vatTreatment: treatment(line.vatTreatment),
    vatRate: decimal(line.vatRate),
    vat: cents(line.vat),
    // What has no period of its own is supplied on the day of the invoice.
    supplyFrom: calendarDate(line.periodFrom ?? row.date),
    supplyUntil: calendarDate(line.periodUntil ?? row.date),
    projectId: line.projectId,
    activityIds: line.activityIds.length === 0 && line.activityId ? [line.activityId] : line.activityIds,
    entryIds: [],
    costCentre: line.costCentre,
    costUnit: line.costUnit,
  }
}

function treatment(text: string): VatTreatment {
  assert(isVatTreatment(text), `not a VAT treatment: ${text}`)
  return text
}
