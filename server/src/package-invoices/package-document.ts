import type { SalesInvoiceDoc } from '@uurwerk/connectors/contract/documents.ts'
import { bookLines, type SoldLine } from '@uurwerk/core/bookkeeping/sales-entry-from-invoice.ts'
import { type LineUnit, lineSources } from '@uurwerk/core/invoicing/invoice.ts'
import { assert } from '@uurwerk/core/shared/assert.ts'
import { type CalendarDate, calendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { add, type Decimal, decimal, sameAmount, sum, toCents } from '@uurwerk/core/shared/money.ts'
import type { Problem } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import { treatmentOfRow } from '../invoices/invoice-rows.ts'
import type { Firm } from '../postings/posting-rows.ts'
import { type SalesMapping, toBookedLine } from '../postings/sales-entry-document.ts'

/** A document that the package is to make: what we know of it, without its number. */
export interface PackageDocument {
  readonly kind: 'invoice' | 'credit'
  /** Who is invoiced. */
  readonly customerId: string
  readonly customerName: string
  readonly date: CalendarDate
  readonly dueDate: CalendarDate
  readonly currency: string
  /** The invoice reference of the project. */
  readonly description: string
  readonly orderNumber: string | null
  readonly lines: readonly SoldLine[]
  readonly net: Decimal
  readonly vat: Decimal
  readonly gross: Decimal
}

/**
 * As the package receives it, with items, accounts and VAT codes as they are mapped now; or everything that is missing.
 * In a foreign currency the package takes its own rate, since it is the package's invoice that states the VAT.
 */
export function salesInvoiceDocument(about: {
  readonly document: PackageDocument
  readonly reference: string
  readonly mapping: SalesMapping
}):
  | { readonly document: SalesInvoiceDoc; readonly notes: readonly Problem[] }
  | { readonly problems: readonly Problem[] } {
  const { document, reference, mapping } = about
  const { lines, net, vat, gross, description, orderNumber } = document
  const booked = bookLines(lines, mapping)
  const problems = [
    ...mapping.missing.map((setting): Problem => ({ kind: 'setup', code: 'setting-missing', values: { setting } })),
    ...('problems' in booked ? booked.problems : []),
  ]
  if (!('lines' in booked) || problems.length > 0) return { problems }
  assert(sameAmount(sum(lines.map((line) => line.net)), net), 'lines and document differ in net')
  assert(sameAmount(sum(lines.map((line) => line.vat)), vat), 'lines and document differ in VAT')
  assert(sameAmount(add(net, vat), gross), 'net and VAT are not gross')
  return {
    document: {
      reference,
      kind: document.kind,
      customer: document.customerId,
      customerName: document.customerName,
      date: document.date,
      dueDate: document.dueDate,
      journal: mapping.journal ?? '',
      ...(mapping.paymentTerm ? { paymentTerm: mapping.paymentTerm } : {}),
      currency: document.currency,
      description,
      ...(description ? { projectReference: description } : {}),
      ...(orderNumber ? { orderNumber } : {}),
      lines: booked.lines.map((line, index) => toBookedLine(line, lines[index])),
      net,
      vat,
      gross,
    },
    notes: booked.notes,
  }
}

interface HeadRow {
  readonly state: string
  readonly kind: 'invoice' | 'credit'
  readonly customerId: string
  readonly customerName: string
  readonly date: string
  readonly dueDate: string
  readonly currency: string
  readonly description: string
  readonly orderNumber: string | null
  readonly net: string
  readonly vat: string
  readonly gross: string
}

interface LineRow {
  readonly kind: string
  readonly description: string
  readonly quantity: string
  readonly unit: string
  readonly unitPrice: string
  readonly net: string
  readonly vat: string
  readonly vatTreatment: string
  readonly vatRate: string
  readonly projectId: string
  readonly activityIds: string[]
  readonly expenseCategoryId: string | null
  readonly costCentre: string | null
  readonly costUnit: string | null
  readonly supplyFrom: string
  readonly supplyUntil: string
  readonly registeredMinutes: number | null
}

/** As it was posted. Cost centre and unit are the project's of now: they may be what a refusal asks for. */
export async function readPackageDocument(
  { trx, firmId }: Firm,
  id: string,
): Promise<{ readonly document: PackageDocument; readonly state: string } | undefined> {
  const { rows: heads } = await sql<HeadRow>`
    select state, kind, customer_id as "customerId", customer_name as "customerName", date, due_date as "dueDate", currency,
      description, order_number as "orderNumber", net, vat, gross
    from package_invoice where firm_id = ${firmId}::uuid and id = ${id}::uuid`.execute(trx)
  const [head] = heads
  if (!head) return undefined
  const { rows: lines } = await sql<LineRow>`
    select l.kind, l.description, l.quantity, l.unit, l.unit_price as "unitPrice", l.net, l.vat,
      l.vat_treatment as "vatTreatment", l.vat_rate as "vatRate", l.project_id as "projectId", l.activity_ids as "activityIds",
      l.expense_category_id as "expenseCategoryId", p.cost_centre as "costCentre", p.cost_unit as "costUnit",
      l.supply_from as "supplyFrom", l.supply_until as "supplyUntil", l.registered_minutes as "registeredMinutes"
    from package_invoice_line l join project p on p.firm_id = l.firm_id and p.id = l.project_id
    where l.firm_id = ${firmId}::uuid and l.package_invoice_id = ${id}::uuid
    order by l.position`.execute(trx)
  const { state, ...rest } = head
  return {
    state,
    document: {
      ...rest,
      date: calendarDate(head.date),
      dueDate: calendarDate(head.dueDate),
      lines: lines.map(toSoldLine),
      net: cents(head.net),
      vat: cents(head.vat),
      gross: cents(head.gross),
    },
  }
}

function toSoldLine(row: LineRow): SoldLine {
  const source = lineSources.find((one) => one === row.kind)
  assert(source, `a line of a document in the package sells ${row.kind}`)
  return {
    source,
    description: row.description,
    quantity: decimal(row.quantity),
    unit: row.unit as LineUnit,
    unitPrice: decimal(row.unitPrice),
    net: cents(row.net),
    vat: cents(row.vat),
    vatTreatment: treatmentOfRow(row.vatTreatment),
    vatRate: decimal(row.vatRate),
    projectId: row.projectId,
    activityIds: row.activityIds,
    expenseCategoryId: row.expenseCategoryId,
    costCentre: row.costCentre,
    costUnit: row.costUnit,
    supplyFrom: calendarDate(row.supplyFrom),
    supplyUntil: calendarDate(row.supplyUntil),
    registeredMinutes: row.registeredMinutes,
  }
}

const cents = (amount: string): Decimal => toCents(decimal(amount))
