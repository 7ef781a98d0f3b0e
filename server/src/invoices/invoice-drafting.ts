import {
  type DraftActivity,
  type DraftedInvoice,
  type DraftLine,
  type DraftProject,
  draftInvoice,
  type LineGrouping,
} from '@uurwerk/core/invoicing/draft-invoice.ts'
import { type InvoicingMethod, invoicingMethods } from '@uurwerk/core/projects/invoicing-method.ts'
import type { DatedRate, RateScope } from '@uurwerk/core/projects/rates.ts'
import { assert } from '@uurwerk/core/shared/assert.ts'
import { type CalendarDate, calendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { decimal } from '@uurwerk/core/shared/money.ts'
import type { Ids } from '@uurwerk/core/shared/ports.ts'
import type { BillingRounding } from '@uurwerk/core/time/billing-rounding.ts'
import { sql } from 'kysely'
import type { HourRow } from '../entries/hour-rows.ts'
import type { Trx } from '../store/database.ts'
import { type CustomerRow, type FirmRow, vatCaseOfRow, vatClassOfRow } from './invoice-rows.ts'

/** What hours need to become lines: read once for all invoices that are made of a selection. */
export interface DraftingFacts {
  readonly firm: FirmRow
  readonly projects: ReadonlyMap<string, ProjectFacts>
  readonly customers: ReadonlyMap<string, CustomerRow>
  readonly activities: readonly DraftActivity[]
  readonly rates: readonly DatedRate[]
}

export interface ProjectFacts extends Omit<DraftProject, 'customerId'> {
  /** Whose project it is, and whose rates count. */
  readonly customerId: string | null
  /** Who is invoiced: the customer, or the one it is billed to. */
  readonly invoicedId: string | null
  readonly reference: string | null
  readonly orderNumber: string | null
}

const unique = (ids: readonly (string | null)[]): string[] => [...new Set(ids)].filter((id) => id !== null)

export async function draftingFacts(trx: Trx, firmId: string, entries: readonly HourRow[]): Promise<DraftingFacts> {
  const of = (field: 'projectId' | 'activityId' | 'memberId' | 'customerId') =>
    unique(entries.map((entry) => entry[field]))
  const firm = await trx.selectFrom('firm').selectAll().where('firmId', '=', firmId).executeTakeFirstOrThrow()
  const { rows: projectRows } = await sql<ProjectRow>`
    select p.id, p.customer_id as "customerId", coalesce(k.bill_to_id, k.id) as "invoicedId", coalesce(p.code, '') as code,
      p.name, p.invoicing_method as method, p.billing_rounding as "billingRounding", p.cost_centre as "costCentre",
      p.invoice_reference as reference, p.order_number as "orderNumber"
    from project p left join customer k on k.firm_id = p.firm_id and k.id = p.customer_id
    where p.firm_id = ${firmId}::uuid and p.id = any(${of('projectId')}::uuid[])`.execute(trx)
  const { rows: customers } = await sql<CustomerRow>`
    select * from customer where firm_id = ${firmId}::uuid
      and id = any(${unique(projectRows.map(({ invoicedId }) => invoicedId))}::uuid[])`.execute(trx)
  const { rows: activities } = await sql<{ id: string; name: string; vatClass: string; itemId: string | null }>`
    select a.id, a.name, a.vat_class as "vatClass", m.item as "itemId"
    from activity a
    left join connection c on c.firm_id = a.firm_id and c.purpose = 'sales' and c.state <> 'disconnected'
    left join item_mapping m on m.firm_id = c.firm_id and m.connection_id = c.id and m.subject = 'activity' and m.subject_id = a.id
    where a.firm_id = ${firmId}::uuid and a.id = any(${of('activityId')}::uuid[])`.execute(trx)
  const { rows: rates } = await sql<RateRow>`
    select id, scope, activity_id as "activityId", member_id as "userId", project_id as "projectId",
      customer_id as "customerId", amount, currency, from_date as "fromDate"
    from rate
    where firm_id = ${firmId}::uuid and unit = 'hour' and deleted_at is null and (activity_id = any(${of('activityId')}::uuid[])
      or member_id = any(${of('memberId')}::uuid[]) or project_id = any(${of('projectId')}::uuid[])
      or customer_id = any(${of('customerId')}::uuid[]))`.execute(trx)
  return {
    firm,
    projects: new Map(projectRows.map((row) => [row.id, { ...row, method: methodOf(row.method) }])),
    customers: new Map(customers.map((row) => [row.id, row])),
    activities: activities.map((row) => ({ ...row, vatClass: vatClassOfRow(row.vatClass) })),
    rates: rates.map(({ fromDate, ...rate }) => ({
      ...rate,
      scope: scopeOf[rate.scope],
      amount: decimal(rate.amount),
      from: calendarDate(fromDate),
    })),
  }
}

type ProjectRow = Omit<ProjectFacts, 'method' | 'billingRounding'> & {
  readonly method: string
  readonly billingRounding: BillingRounding | null
}

interface RateRow {
  readonly id: string
  readonly scope: keyof typeof scopeOf
  readonly activityId: string | null
  readonly userId: string | null
  readonly projectId: string | null
  readonly customerId: string | null
  readonly amount: string
  readonly currency: string
  readonly fromDate: string
}

const scopeOf = {
  activity: 'activity',
  user: 'user',
  project: 'project',
  customer: 'customer',
  'project-activity': 'projectActivity',
  'project-user': 'projectUser',
} as const satisfies Record<string, RateScope>

function methodOf(text: string): InvoicingMethod {
  const found = invoicingMethods.find((one) => one === text)
  assert(found, `not an invoicing method: ${text}`)
  return found
}

/** The hours of one invoice as lines, by the rules of the business. */
export function draftHours(
  entries: readonly HourRow[],
  facts: DraftingFacts,
  about: { readonly customer: CustomerRow; readonly date: CalendarDate; readonly by: LineGrouping; language?: string },
): DraftedInvoice {
  const { customer, date, by } = about
  const users = new Map(entries.map((entry) => [entry.memberId, { id: entry.memberId, name: entry.memberName }]))
  return draftInvoice({
    entries: entries.map((entry) => ({
      id: entry.id,
      userId: entry.memberId,
      date: calendarDate(entry.date),
      minutes: entry.minutes,
      projectId: entry.projectId,
      activityId: entry.activityId,
      note: entry.note,
      billable: entry.billable,
    })),
    by,
    customer: {
      id: customer.id,
      name: customer.name,
      vatCase: vatCaseOfRow(customer.vatCase),
      vatId: customer.vatId,
      currency: customer.currency,
    },
    firm: { country: facts.firm.country, defaultVatClass: vatClassOfRow(facts.firm.defaultVatClass) },
    rates: facts.rates,
    projects: [...facts.projects.values()].map((project) => ({ ...project, customerId: project.customerId ?? '' })),
    activities: facts.activities,
    users: [...users.values()],
    language: (about.language ?? customer.language) === 'nl' ? 'nl' : 'en',
    date,
  })
}

/** Lines of an invoice, however many in one statement; answers their ids in the same order. */
export async function insertLines(
  { trx, firmId, ids }: { readonly trx: Trx; readonly firmId: string; readonly ids: Ids },
  invoiceId: string,
  lines: readonly DraftLine[],
): Promise<string[]> {
  const lineIds = lines.map(() => ids.next())
  const rows = lines.map((line, index) => ({
    id: lineIds[index],
    position: index + 1,
    kind: line.source,
    description: line.description,
    quantity: line.quantity,
    unit: line.unit,
    unit_price: line.unitPrice,
    net: line.net,
    vat: line.vat,
    vat_treatment: line.vatTreatment,
    vat_rate: line.vatRate,
    activity_id: line.activityIds.length === 1 ? line.activityIds[0] : null,
    activity_ids: line.activityIds,
    project_id: line.projectId ?? null,
    period_from: line.supplyFrom,
    period_until: line.supplyUntil,
    real_minutes: line.registeredMinutes ?? null,
  }))
  await sql`insert into invoice_line (firm_id, invoice_id, id, position, kind, description, quantity, unit, unit_price, net,
      vat, vat_treatment, vat_rate, activity_id, activity_ids, project_id, period_from, period_until, real_minutes)
    select ${firmId}::uuid, ${invoiceId}::uuid, l.* from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as l (
      id uuid, position integer, kind text, description text, quantity numeric, unit text, unit_price numeric, net numeric,
      vat numeric, vat_treatment text, vat_rate numeric, activity_id uuid, activity_ids uuid[], project_id uuid,
      period_from date, period_until date, real_minutes integer)`.execute(trx)
  return lineIds
}

/** First and last day of what stands on the lines. */
export function periodOf(lines: readonly { readonly supplyFrom: string; readonly supplyUntil: string }[]) {
  const from = lines.map(({ supplyFrom }) => supplyFrom).sort()[0] ?? null
  const until =
    lines
      .map(({ supplyUntil }) => supplyUntil)
      .sort()
      .at(-1) ?? null
  return { periodFrom: from, periodUntil: until }
}
