import type { Address } from '@uurwerk/core/customers/customer.ts'
import {
  type Exchange,
  type Invoice,
  type InvoiceCustomer,
  type InvoiceFirm,
  type InvoiceLine,
  type LineUnit,
  lineSources,
} from '@uurwerk/core/invoicing/invoice.ts'
import {
  isVatTreatment,
  type VatCase,
  type VatClass,
  type VatTreatment,
  vatCases,
  vatClasses,
} from '@uurwerk/core/invoicing/vat-cases.ts'
import { assert } from '@uurwerk/core/shared/assert.ts'
import { calendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { type Decimal, decimal, times, toCents } from '@uurwerk/core/shared/money.ts'
import { type Selectable, sql } from 'kysely'
import type { Trx } from '../store/database.ts'
import type { Customer, Firm, Invoice as InvoiceTable } from '../store/schema.gen.ts'
import { readStored } from '../store/stored.ts'
import { type Deducted, deductedBy } from './closing-rows.ts'
import { type Credited, creditedInvoices } from './credit-notes.ts'
import { frozenCustomer, frozenFirm, storedVatPerRate } from './frozen.ts'

export type InvoiceRow = Selectable<InvoiceTable>
export type CustomerRow = Selectable<Customer>
export type FirmRow = Selectable<Firm>

/** An invoice as it stands in the database, and as the business means it. */
export interface StoredInvoice {
  readonly row: InvoiceRow
  readonly customerRow: CustomerRow
  readonly firmRow: FirmRow
  readonly lineRows: readonly LineRow[]
  readonly invoice: Invoice
  /** Of a credit note: the invoice it takes back. */
  readonly credited: Credited | undefined
}

export interface LineRow {
  readonly id: string
  readonly invoiceId: string
  readonly position: number
  readonly kind: string
  readonly description: string
  readonly quantity: string
  readonly unit: string
  readonly unitPrice: string
  readonly discountPercent: string | null
  readonly net: string
  readonly vat: string
  readonly vatTreatment: string
  readonly vatTreatmentChosen: boolean
  readonly vatRate: string
  readonly activityId: string | null
  readonly activityIds: string[]
  readonly expenseCategoryId: string | null
  readonly projectId: string | null
  readonly costCentre: string | null
  readonly costUnit: string | null
  readonly periodFrom: string | null
  readonly periodUntil: string | null
  readonly realMinutes: number | null
  /** On a credit note, the line it takes back. */
  readonly creditsLineId: string | null
  /** On a closing invoice, the earlier invoice it deducts. */
  readonly deducts: Deducted | null
  /** On a closing invoice, that the price of the project stands on it. */
  readonly closesProject: boolean
  readonly entryIds: string[]
  /** Of its entries, those after the date of the invoice. */
  readonly lateEntries: number
}

/** One invoice with the entries it claims. */
export async function findInvoice(trx: Trx, firmId: string, id: string): Promise<StoredInvoice | undefined> {
  return (await read({ trx, firmId, ids: [id], withEntries: true })).get(id)
}

/** Invoices as the books need them: without the entries behind their lines, of which there may be very many. */
export const readInvoices = (
  trx: Trx,
  firmId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, StoredInvoice>> => read({ trx, firmId, ids, withEntries: false })

interface Reading {
  readonly trx: Trx
  readonly firmId: string
  readonly ids: readonly string[]
  readonly withEntries: boolean
}

async function read(asked: Reading): Promise<ReadonlyMap<string, StoredInvoice>> {
  const { trx, firmId, ids } = asked
  if (ids.length === 0) return new Map()
  const rows = await trx
    .selectFrom('invoice')
    .selectAll()
    .where('firmId', '=', firmId)
    .where('id', 'in', ids)
    .where('deletedAt', 'is', null)
    .execute()
  if (rows.length === 0) return new Map()
  const customerIds = [...new Set(rows.map(({ customerId }) => customerId))]
  const customers = await trx
    .selectFrom('customer')
    .selectAll()
    .where('firmId', '=', firmId)
    .where('id', 'in', customerIds)
    .execute()
  const firmRow = await trx.selectFrom('firm').selectAll().where('firmId', '=', firmId).executeTakeFirstOrThrow()
  const customerById = new Map(customers.map((customer) => [customer.id, customer]))
  const credited = await creditedInvoices(trx, firmId, rows)
  const linesOfInvoice = Map.groupBy(await linesOf(asked), ({ invoiceId }) => invoiceId)
  return new Map(
    rows.map((row) => {
      const customerRow = customerById.get(row.customerId)
      assert(customerRow, 'an invoice has a customer')
      const lineRows = linesOfInvoice.get(row.id) ?? []
      const ofRow = credited.get(row.id)
      const invoice = toInvoice(row, customerRow, firmRow, lineRows, ofRow)
      return [row.id, { row, customerRow, firmRow, lineRows, invoice, credited: ofRow }]
    }),
  )
}

async function linesOf(asked: Reading): Promise<LineRow[]> {
  const { trx, firmId, ids } = asked
  const { rows: lines } = await sql<Omit<LineRow, 'entryIds' | 'lateEntries' | 'deducts' | 'closesProject'>>`
    select l.id, l.invoice_id as "invoiceId", l.position, l.kind, l.description, l.quantity, l.unit,
      l.unit_price as "unitPrice", l.discount_percent as "discountPercent", l.net, l.vat,
      l.vat_treatment as "vatTreatment", l.vat_treatment_chosen as "vatTreatmentChosen", l.vat_rate as "vatRate",
      l.activity_id as "activityId", l.activity_ids as "activityIds", l.expense_category_id as "expenseCategoryId", l.project_id as "projectId",
      p.cost_centre as "costCentre", p.cost_unit as "costUnit", l.period_from as "periodFrom",
      l.period_until as "periodUntil", l.real_minutes as "realMinutes", l.credits_line_id as "creditsLineId"
    from invoice_line l
    left join project p on p.firm_id = l.firm_id and p.id = l.project_id
    where l.firm_id = ${firmId}::uuid and l.invoice_id = any(${[...ids]}::uuid[])
    order by l.position`.execute(trx)
  const claims = asked.withEntries ? await claimsOf(asked) : []
  const ofLine = Map.groupBy(claims, ({ lineId }) => lineId)
  const isClosing = claims.some(({ entryKind }) => entryKind === 'deduction')
  const deducted = isClosing ? await deductedBy(trx, firmId, ids) : undefined
  return lines.map((line) => {
    const all = ofLine.get(line.id) ?? []
    const claimed = all.filter(({ entryKind }) => entryKind !== 'closing' && entryKind !== 'deduction')
    return {
      ...line,
      deducts: deducted?.get(line.id) ?? null,
      closesProject: all.some(({ entryKind }) => entryKind === 'closing'),
      entryIds: claimed.map(({ entryId }) => entryId),
      lateEntries: claimed.filter(({ late }) => late).length,
    }
  })
}

interface Claim {
  readonly lineId: string
  readonly entryKind: string
  readonly entryId: string
  readonly late: boolean
}

async function claimsOf({ trx, firmId, ids }: Reading): Promise<Claim[]> {
  const { rows } = await sql<Claim>`
    select c.line_id as "lineId", c.entry_kind as "entryKind", c.entry_id as "entryId", coalesce(coalesce(h.date, x.date, t.date) > i.date, false) as late
    from claim c
    join invoice i on i.firm_id = c.firm_id and i.id = c.invoice_id
    left join hour_entry h on h.firm_id = c.firm_id and h.id = c.entry_id and c.entry_kind = 'hours'
    left join expense x on x.firm_id = c.firm_id and x.id = c.entry_id and c.entry_kind = 'expense'
    left join trip t on t.firm_id = c.firm_id and t.id = c.entry_id and c.entry_kind = 'trip'
    where c.firm_id = ${firmId}::uuid and c.invoice_id = any(${[...ids]}::uuid[]) and c.released_at is null
    order by c.entry_id`.execute(trx)
  return rows
}

function toInvoice(
  row: InvoiceRow,
  customer: CustomerRow,
  firm: FirmRow,
  lineRows: readonly LineRow[],
  credited: Credited | undefined,
): Invoice {
  const lines = lineRows.map((line) => toLine(line, row))
  return {
    id: row.id,
    kind: row.kind === 'credit' ? 'credit' : 'invoice',
    state: row.state as Invoice['state'],
    number: row.number,
    date: calendarDate(row.date),
    dueDate: calendarDate(row.dueDate),
    paymentTerm: paymentTermOf(customer, firm),
    customer: row.customerSnapshot
      ? readStored(frozenCustomer, row.customerSnapshot, 'the customer of an invoice')
      : invoiceCustomer(customer),
    firm: row.firmSnapshot ? readStored(frozenFirm, row.firmSnapshot, 'the firm of an invoice') : invoiceFirm(firm),
    language: row.language === 'nl' ? 'nl' : 'en',
    currency: row.currency,
    exchange: exchangeOf(row, firm),
    lines,
    totals: {
      net: cents(row.net),
      vat: cents(row.vat),
      gross: cents(row.gross),
      vatPerRate: readStored(storedVatPerRate, row.vatPerRate, 'the VAT of an invoice'),
      lineVat: lines.map(({ vat }) => vat),
    },
    reference: row.reference,
    orderNumber: row.orderNumber,
    intro: row.introduction,
    closing: row.closing,
    ...(credited
      ? { credits: { invoiceId: credited.id, number: credited.number, date: calendarDate(credited.date) } }
      : {}),
  }
}

export function toLine(line: LineRow, row: Pick<InvoiceRow, 'date'>): InvoiceLine {
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
    vatTreatment: treatmentOfRow(line.vatTreatment),
    vatRate: decimal(line.vatRate),
    vat: cents(line.vat),
    // What has no period of its own is supplied on the day of the invoice.
    supplyFrom: calendarDate(line.periodFrom ?? row.date),
    supplyUntil: calendarDate(line.periodUntil ?? row.date),
    projectId: line.projectId,
    activityIds: line.activityIds.length === 0 && line.activityId ? [line.activityId] : line.activityIds,
    expenseCategoryId: line.expenseCategoryId,
    entryIds: line.entryIds,
    registeredMinutes: line.realMinutes,
    costCentre: line.costCentre,
    costUnit: line.costUnit,
    ...(line.deducts ? { deducts: { number: line.deducts.number, left: line.deducts.left } } : {}),
  }
}

const cents = (amount: string): Decimal => toCents(decimal(amount))

export function treatmentOfRow(text: string): VatTreatment {
  assert(isVatTreatment(text), `not a VAT treatment: ${text}`)
  return text
}

export function vatCaseOfRow(text: string): VatCase {
  const found = vatCases.find((one) => one === text)
  assert(found, `not a VAT case: ${text}`)
  return found
}

export function vatClassOfRow(text: string): VatClass {
  const found = vatClasses.find((one) => one === text)
  assert(found, `not a VAT class: ${text}`)
  return found
}

/** The customer's own term, else the firm's. */
export const paymentTermOf = (
  customer: Pick<CustomerRow, 'paymentDays' | 'paymentEndOfMonth'>,
  firm: Pick<FirmRow, 'defaultPaymentDays' | 'defaultPaymentEndOfMonth'>,
) =>
  customer.paymentDays === null
    ? { days: firm.defaultPaymentDays, endOfMonth: firm.defaultPaymentEndOfMonth }
    : { days: customer.paymentDays, endOfMonth: customer.paymentEndOfMonth ?? false }

interface StoredAddress {
  readonly line1?: string | null
  readonly line2?: string | null
  readonly postcode?: string | null
  readonly city?: string | null
  readonly country?: string | null
}

export function addressOf(stored: unknown, country: string): Address | null {
  const address = (stored ?? {}) as StoredAddress
  const street = [address.line1, address.line2].filter(Boolean).join('\n')
  if (!street && !address.city && !address.postcode) return null
  return { street, postcode: address.postcode ?? '', city: address.city ?? '', country: address.country || country }
}

/** An address in the lines of the API. */
export function addressLines(address: Address | null) {
  if (!address) return {}
  const [line1 = '', ...rest] = address.street.split('\n')
  return {
    line1,
    line2: rest.join(', ') || null,
    postcode: address.postcode || null,
    city: address.city || null,
    country: address.country || null,
  }
}

export const invoiceCustomer = (row: CustomerRow): InvoiceCustomer => ({
  id: row.id,
  number: row.number,
  name: row.name,
  address: addressOf(row.invoiceAddress, row.country) ?? addressOf(row.visitAddress, row.country),
  vatId: row.vatId,
  kvkNumber: row.kvk,
  vatCase: vatCaseOfRow(row.vatCase),
  email: row.invoiceEmail ?? row.email,
  peppolId: row.peppolId,
})

export const invoiceFirm = (row: FirmRow): InvoiceFirm => ({
  id: row.firmId,
  name: row.name,
  address: addressOf(row.address, row.country),
  country: row.country,
  vatId: row.vatId,
  kvkNumber: row.kvk,
  iban: row.iban,
  bic: row.bic,
  email: row.email,
  phone: row.phone,
  website: row.website,
  ...(row.logoSha256 && row.logoMediaType ? { logo: { sha256: row.logoSha256, mediaType: row.logoMediaType } } : {}),
  currency: row.currency,
})

function exchangeOf(row: InvoiceRow, firm: FirmRow): Exchange | null {
  if (row.rateToFirm === null || row.currency === firm.currency) return null
  const rate = decimal(row.rateToFirm)
  return {
    rate,
    source: row.rateSource ?? '',
    date: calendarDate(row.rateDate ?? row.date),
    vat: toCents(times(decimal(row.vat), rate)),
  }
}
