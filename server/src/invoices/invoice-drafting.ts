import {
  type DraftedInvoice,
  type DraftInstalment,
  type DraftLine,
  type DraftProject,
  type DraftRequest,
  draftInvoice,
  type LineGrouping,
} from '@uurwerk/core/invoicing/draft-invoice.ts'
import { type InvoicingMethod, invoicingMethods } from '@uurwerk/core/projects/invoicing-method.ts'
import type { DatedRate, RateScope } from '@uurwerk/core/projects/rates.ts'
import { assert } from '@uurwerk/core/shared/assert.ts'
import { type CalendarDate, calendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { decimal, toCents } from '@uurwerk/core/shared/money.ts'
import type { Ids } from '@uurwerk/core/shared/ports.ts'
import type { BillingRounding } from '@uurwerk/core/time/billing-rounding.ts'
import type { KmRate } from '@uurwerk/core/trips/trip.ts'
import { sql } from 'kysely'
import { takesSales } from '../connections/active.ts'
import type { ExpenseRow } from '../entries/expense-rows.ts'
import type { HourRow } from '../entries/hour-rows.ts'
import type { TripRow } from '../entries/trip-rows.ts'
import type { Trx } from '../store/database.ts'
import type { AgreedRow } from './agreed-rows.ts'
import { type CustomerRow, type FirmRow, vatCaseOfRow, vatClassOfRow } from './invoice-rows.ts'

/** Everything an invoice can be made of, by kind. */
export interface DueRows {
  readonly hours: readonly HourRow[]
  readonly expenses: readonly ExpenseRow[]
  readonly trips: readonly TripRow[]
  readonly instalments: readonly AgreedRow[]
  readonly periods: readonly AgreedRow[]
}

export const noRows: DueRows = { hours: [], expenses: [], trips: [], instalments: [], periods: [] }

/** What entries need to become lines: read once for all invoices that are made of a selection. */
export interface DraftingFacts {
  readonly firm: FirmRow
  readonly projects: ReadonlyMap<string, ProjectFacts>
  readonly customers: ReadonlyMap<string, CustomerRow>
  readonly activities: DraftRequest['activities']
  readonly categories: NonNullable<DraftRequest['categories']>
  readonly rates: readonly DatedRate[]
  readonly kmRates: readonly KmRate[]
}

export interface ProjectFacts extends Omit<DraftProject, 'customerId'> {
  /** Whose project it is, and whose rates and rounding count. */
  readonly customerId: string | null
  /** Who is invoiced: the customer, or the one it is billed to. */
  readonly invoicedId: string | null
  readonly reference: string | null
  readonly orderNumber: string | null
}

const unique = (ids: readonly (string | null | undefined)[]): string[] => [
  ...new Set(ids.filter((id) => id !== null && id !== undefined)),
]

export async function draftingFacts(trx: Trx, firmId: string, rows: DueRows): Promise<DraftingFacts> {
  const { hours, expenses, trips, instalments, periods } = rows
  const all = [hours, expenses, trips, instalments, periods].flat()
  const projectIds = unique(all.map(({ projectId }) => projectId))
  const activityIds = unique([...hours, ...instalments].map(({ activityId }) => activityId))
  const memberIds = unique(hours.map(({ memberId }) => memberId))
  const firm = await trx.selectFrom('firm').selectAll().where('firmId', '=', firmId).executeTakeFirstOrThrow()
  const { rows: projectRows } = await sql<ProjectRow>`
    select p.id, p.customer_id as "customerId", coalesce(k.bill_to_id, k.id) as "invoicedId",
      case when k.bill_to_id is not null then k.name end as "servedName", coalesce(p.code, '') as code,
      p.name, p.invoicing_method as method, coalesce(p.billing_rounding, k.billing_rounding) as "billingRounding",
      p.cost_centre as "costCentre", p.invoice_reference as reference, p.order_number as "orderNumber"
    from project p left join customer k on k.firm_id = p.firm_id and k.id = p.customer_id
    where p.firm_id = ${firmId}::uuid and p.id = any(${projectIds}::uuid[])`.execute(trx)
  const customerIds = unique(projectRows.map(({ customerId }) => customerId))
  const { rows: customers } = await sql<CustomerRow>`
    select * from customer where firm_id = ${firmId}::uuid
      and id = any(${unique(projectRows.map(({ invoicedId }) => invoicedId))}::uuid[])`.execute(trx)
  const { rows: activities } = await sql<{ id: string; name: string; vatClass: string; itemId: string | null }>`
    select a.id, a.name, a.vat_class as "vatClass", m.item as "itemId"
    from activity a
    left join connection c on c.firm_id = a.firm_id and ${takesSales('c')}
    left join item_mapping m on m.firm_id = c.firm_id and m.connection_id = c.id and m.subject = 'activity' and m.subject_id = a.id
    where a.firm_id = ${firmId}::uuid and a.id = any(${activityIds}::uuid[])`.execute(trx)
  const { rows: rates } = await sql<RateRow>`
    select id, unit, scope, activity_id as "activityId", member_id as "userId", project_id as "projectId",
      customer_id as "customerId", amount, currency, from_date as "fromDate"
    from rate
    where firm_id = ${firmId}::uuid and purpose = 'billing' and deleted_at is null and (
      (unit = 'hour' and (activity_id = any(${activityIds}::uuid[]) or member_id = any(${memberIds}::uuid[])
        or project_id = any(${projectIds}::uuid[]) or customer_id = any(${customerIds}::uuid[])))
      or (unit = 'km' and ${trips.length > 0} and (scope = 'firm' or project_id = any(${projectIds}::uuid[])
        or customer_id = any(${customerIds}::uuid[]))))`.execute(trx)
  return {
    firm,
    projects: new Map(projectRows.map((row) => [row.id, { ...row, method: methodOf(row.method) }])),
    customers: new Map(customers.map((row) => [row.id, row])),
    activities: activities.map((row) => ({ ...row, vatClass: vatClassOfRow(row.vatClass) })),
    categories: await categoriesOf(trx, firmId, unique(expenses.map(({ categoryId }) => categoryId))),
    rates: rates.flatMap(({ unit, fromDate, scope, ...rate }) => {
      const hourly = unit === 'hour' ? scopeOf[scope] : undefined
      return hourly ? [{ ...rate, scope: hourly, amount: decimal(rate.amount), from: calendarDate(fromDate) }] : []
    }),
    kmRates: rates.flatMap(({ unit, fromDate, scope, ...rate }) =>
      unit === 'km' && (scope === 'project' || scope === 'customer' || scope === 'firm')
        ? [{ ...rate, scope, purpose: 'billing' as const, amount: decimal(rate.amount), from: calendarDate(fromDate) }]
        : [],
    ),
  }
}

async function categoriesOf(trx: Trx, firmId: string, ids: readonly string[]): Promise<DraftingFacts['categories']> {
  if (ids.length === 0) return []
  const rows = await trx
    .selectFrom('expenseCategory')
    .select(['id', 'name', 'vatClass'])
    .where('firmId', '=', firmId)
    .where('id', 'in', ids)
    .execute()
  return rows.map((row) => ({ ...row, vatClass: vatClassOfRow(row.vatClass) }))
}

type ProjectRow = Omit<ProjectFacts, 'method' | 'billingRounding'> & {
  readonly method: string
  readonly billingRounding: BillingRounding | null
}

interface RateRow {
  readonly id: string
  readonly unit: 'hour' | 'km'
  readonly scope: string
  readonly activityId: string | null
  readonly userId: string | null
  readonly projectId: string | null
  readonly customerId: string | null
  readonly amount: string
  readonly currency: string
  readonly fromDate: string
}

const scopeOf: Readonly<Record<string, RateScope>> = {
  activity: 'activity',
  user: 'user',
  project: 'project',
  customer: 'customer',
  'project-activity': 'projectActivity',
  'project-user': 'projectUser',
}

function methodOf(text: string): InvoicingMethod {
  const found = invoicingMethods.find((one) => one === text)
  assert(found, `not an invoicing method: ${text}`)
  return found
}

/** The entries of one invoice as lines, by the rules of the business. */
export function draftRows(
  rows: DueRows,
  facts: DraftingFacts,
  about: { readonly customer: CustomerRow; readonly date: CalendarDate; readonly by: LineGrouping; language?: string },
): DraftedInvoice {
  const { customer, date, by } = about
  const users = new Map(
    [rows.hours, rows.expenses, rows.trips].flat().map(({ memberId: id, memberName: name }) => [id, { id, name }]),
  )
  return draftInvoice({
    entries: rows.hours.map((row) => ({ ...row, userId: row.memberId, date: calendarDate(row.date) })),
    expenses: rows.expenses.map((row) => ({
      ...row,
      userId: row.memberId,
      date: calendarDate(row.date),
      projectId: projectOf(row),
      rechargeNet: toCents(decimal(row.rechargeNet)),
    })),
    trips: rows.trips.map((row) => ({
      ...row,
      userId: row.memberId,
      date: calendarDate(row.date),
      projectId: projectOf(row),
      distanceKm: decimal(row.distanceKm),
    })),
    instalments: rows.instalments.map(toAgreed),
    periods: rows.periods.map((row) => {
      const { periodFrom, periodUntil, ...agreed } = toAgreed(row)
      assert(periodFrom && periodUntil, 'a period of a subscription has its days')
      return { ...agreed, periodFrom, periodUntil }
    }),
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
    kmRates: facts.kmRates,
    projects: [...facts.projects.values()].map((project) => ({ ...project, customerId: project.customerId ?? '' })),
    activities: facts.activities,
    categories: facts.categories,
    users: [...users.values()],
    language: (about.language ?? customer.language) === 'nl' ? 'nl' : 'en',
    date,
  })
}

function projectOf({ projectId }: { readonly projectId: string | null }): string {
  assert(projectId, 'what is invoiced has a project')
  return projectId
}

const toAgreed = (row: AgreedRow): DraftInstalment => ({
  id: row.id,
  projectId: row.projectId,
  activityId: row.activityId,
  description: row.description,
  amount: toCents(decimal(row.amount)),
  dueOn: calendarDate(row.dueOn),
  vatClass: row.vatClass === null ? null : vatClassOfRow(row.vatClass),
  periodFrom: row.periodFrom === null ? null : calendarDate(row.periodFrom),
  periodUntil: row.periodUntil === null ? null : calendarDate(row.periodUntil),
})

/** Lines of an invoice, however many in one statement; answers their ids in the same order. */
export async function insertLines(
  { trx, firmId, ids }: { readonly trx: Trx; readonly firmId: string; readonly ids: Ids },
  invoiceId: string,
  lines: readonly DraftLine[],
): Promise<string[]> {
  if (lines.length === 0) return []
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
    period_from: line.ownPeriod ? line.supplyFrom : null,
    period_until: line.ownPeriod ? line.supplyUntil : null,
    expense_category_id: line.expenseCategoryId ?? null,
    real_minutes: line.registeredMinutes ?? null,
  }))
  await sql`insert into invoice_line (firm_id, invoice_id, id, position, kind, description, quantity, unit, unit_price, net,
      vat, vat_treatment, vat_rate, activity_id, activity_ids, project_id, period_from, period_until, real_minutes, expense_category_id)
    select ${firmId}::uuid, ${invoiceId}::uuid, l.* from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as l (
      id uuid, position integer, kind text, description text, quantity numeric, unit text, unit_price numeric, net numeric,
      vat numeric, vat_treatment text, vat_rate numeric, activity_id uuid, activity_ids uuid[], project_id uuid,
      period_from date, period_until date, real_minutes integer, expense_category_id uuid)`.execute(trx)
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
