import type { BookedLine, SalesEntryDoc } from '@uurwerk/connectors/contract/documents.ts'
import type { Manifest } from '@uurwerk/connectors/contract/manifest.ts'
import type { Noun } from '@uurwerk/connectors/contract/rows.ts'
import type { PostingRule } from '@uurwerk/core/bookkeeping/posting-rules.ts'
import type { SalesEntry } from '@uurwerk/core/bookkeeping/sales-entry.ts'
import {
  type ItemMapping,
  type SoldLine,
  salesEntryFromInvoice,
} from '@uurwerk/core/bookkeeping/sales-entry-from-invoice.ts'
import type { Invoice } from '@uurwerk/core/invoicing/invoice.ts'
import { assert } from '@uurwerk/core/shared/assert.ts'
import { calendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { decimal, isZero } from '@uurwerk/core/shared/money.ts'
import type { Problem } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import { treatmentOfRow } from '../invoices/invoice-rows.ts'
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

interface StoredRule extends Omit<PostingRule, 'vatTreatment'> {
  readonly vatTreatment: string
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
  const { rows: rules } = await sql<StoredRule>`
    select p.item, p.vat_treatment as "vatTreatment", p.ledger_account as "ledgerAccount", p.vat_code as "vatCode",
      p.cost_centre as "costCentre", p.cost_unit as "costUnit", array_remove(array[
        case when r.data ->> 'costCentre' = 'none' then 'costCentre' end,
        case when r.data ->> 'costUnit' = 'none' then 'costUnit' end], null) as "takesNo"
    from posting_rule p
    left join package_row r on r.firm_id = p.firm_id and r.connection_id = p.connection_id and r.noun = 'ledgerAccounts'
      and r.their_id = p.ledger_account and r.gone_at is null
    where p.firm_id = ${firmId} and p.connection_id = ${books.id}`.execute(trx)
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
    rules: rules.map((rule) => ({ ...rule, vatTreatment: treatmentOfRow(rule.vatTreatment) })),
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
}):
  | { readonly document: SalesEntryDoc; readonly notes: readonly Problem[] }
  | { readonly problems: readonly Problem[] } {
  const { invoice, mapping, reference } = about
  const made = salesEntryFromInvoice({ ...mapping, invoice, reference })
  const missing = mapping.missing.map(
    (setting): Problem => ({ kind: 'setup', code: 'setting-missing', values: { setting } }),
  )
  const problems = [...missing, ...('problems' in made ? made.problems : [])]
  if (!('entry' in made) || problems.length > 0) return { problems }
  return { document: toSalesEntryDoc(made.entry, invoice, about.bookIn), notes: made.notes }
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

export function toBookedLine(line: SalesEntry['lines'][number], from: SoldLine | undefined): BookedLine {
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
