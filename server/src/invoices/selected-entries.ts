import type { uninvoicedRoutes } from '@uurwerk/api/uninvoiced.ts'
import type { DraftedInvoice } from '@uurwerk/core/invoicing/draft-invoice.ts'
import { isHourly } from '@uurwerk/core/projects/invoicing-method.ts'
import { assert } from '@uurwerk/core/shared/assert.ts'
import { type CalendarDate, calendarDate, dateIn } from '@uurwerk/core/shared/calendar-date.ts'
import { formatDateShort } from '@uurwerk/core/shared/format.ts'
import type { Problem } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import { type EntryKind, tableOf } from '../entries/entry-sql.ts'
import { type ExpenseRow, expenseRows } from '../entries/expense-rows.ts'
import { heldInPackage } from '../entries/held-in-package.ts'
import { type HourRow, hourRows } from '../entries/hour-rows.ts'
import { asOfOf, type EntrySelection, selectedIds } from '../entries/selection.ts'
import { type TripRow, tripRows } from '../entries/trip-rows.ts'
import type { FirmCall, Language } from '../http/call.ts'
import { type Explained, explainProblem } from '../http/problems.ts'
import { type AgreedKind, type AgreedRow, agreedRows } from './agreed-rows.ts'
import type { ClaimedKind } from './invoice-claims.ts'
import { type DraftingFacts, type DueRows, draftingFacts, draftRows, type noRows } from './invoice-drafting.ts'
import type { CustomerRow, FirmRow } from './invoice-rows.ts'

type Asked = FirmCall<(typeof uninvoicedRoutes)['invoiceEntries']>['body']
/** What was chosen, and how it is divided over documents. */
export type Selection = Pick<
  Asked,
  'hours' | 'expenses' | 'trips' | 'instalmentIds' | 'subscriptionPeriodIds' | 'groupBy' | 'splitBy'
>
type Call = Pick<FirmCall<never>, 'trx' | 'firmId' | 'firm' | 'actor' | 'now'>

/** What becomes one document: whom it is for, and its lines. */
export interface DraftedGroup extends Pick<DraftedInvoice, 'lines' | 'totals'> {
  readonly customer: CustomerRow
  readonly firm: FirmRow
  readonly date: CalendarDate
  /** What all its projects say alike; null when they differ or say nothing. */
  readonly reference: string | null
  readonly orderNumber: string | null
  readonly projectIds: readonly string[]
  readonly kinds: readonly ClaimedKind[]
  readonly members: readonly Due[]
}

export const namesNothing = (asked: Omit<Selection, 'groupBy' | 'splitBy'>): boolean =>
  !(asked.hours || asked.expenses || asked.trips || asked.instalmentIds || asked.subscriptionPeriodIds)

/** One row of whatever kind, with what decides about it. */
export type Due =
  | { readonly kind: 'hours'; readonly row: HourRow }
  | { readonly kind: 'expense'; readonly row: ExpenseRow }
  | { readonly kind: 'trip'; readonly row: TripRow }
  | { readonly kind: 'instalment'; readonly row: AgreedRow }
  | { readonly kind: 'subscription'; readonly row: AgreedRow }

export interface LeftOut {
  readonly kind: ClaimedKind
  readonly id: string
  readonly due: Due | undefined
  readonly problem: Problem
}

/**
 * Selected entries as the lines of documents, one per group, and what stays behind with the reason. They are locked, so
 * that nobody else has them before this transaction ends; not by who only looks.
 */
export async function draftSelected(
  call: Call,
  asked: Selection & { readonly date: CalendarDate; readonly onlyLooks?: boolean },
): Promise<{ readonly groups: readonly DraftedGroup[]; readonly leftOut: readonly LeftOut[] }> {
  const { trx, firmId } = call
  const { date } = asked
  const today = dateIn(call.firm.timeZone, call.now)
  const { chosenIds, due, changed } = await lockSelected(call, asked)
  const facts = await draftingFacts(trx, firmId, rowsOf(due))
  const leftOut: LeftOut[] = []
  const chosen: Due[] = []
  const found = new Map(due.map((one) => [one.row.id, one]))
  for (const { kind, id } of chosenIds) {
    const one = found.get(id)
    const problem = one ? whyNot(one, { facts, changed, today }) : missing(kind)
    if (problem) leftOut.push({ kind, id, due: one, problem })
    else if (one) chosen.push(one)
  }
  const groups: DraftedGroup[] = []
  for (const group of Map.groupBy(chosen, (one) => groupKey(one, facts, asked.splitBy)).values()) {
    const customer = customerOf(group[0] as Due, facts)
    const { problems, lines, totals } = draftRows(rowsOf(group), facts, { customer, date, by: asked.groupBy })
    if (problems.length > 0) leftOut.push(...heldBack(group, problems, customer))
    else groups.push({ ...headOf(group, facts), customer, firm: facts.firm, date, lines, totals })
  }
  return { groups, leftOut }
}

function headOf(group: readonly Due[], facts: DraftingFacts) {
  const projects = new Set(group.map((due) => projectOf(due, facts)))
  const shared = (field: 'reference' | 'orderNumber') => {
    const values = new Set([...projects].map((project) => project?.[field] ?? null))
    return values.size === 1 ? ([...values][0] ?? null) : null
  }
  return {
    reference: shared('reference'),
    orderNumber: shared('orderNumber'),
    projectIds: [...projects].flatMap((project) => project?.id ?? []),
    kinds: [...new Set(group.map(({ kind }) => kind))],
    members: group,
  }
}

export const leftOutAnswer = (
  leftOut: readonly LeftOut[],
  language: Language,
  told: (problem: Problem) => Explained = (problem) => explainProblem(problem, language),
) =>
  leftOut.map(({ kind, id, due, problem }) => ({
    kind,
    id,
    label: due ? labelOf(due, language) : '',
    projectId: due?.row.projectId ?? null,
    problem: told(problem),
  }))

interface Selected {
  readonly chosenIds: readonly { readonly kind: ClaimedKind; readonly id: string }[]
  readonly due: readonly Due[]
  /** Those that changed after the selection was seen. */
  readonly changed: ReadonlySet<string>
}

/** The entries, locked for whoever invoices them next, kind by kind in the same order. */
async function lockSelected(call: Call, asked: Selection & { readonly onlyLooks?: boolean }): Promise<Selected> {
  const { trx, firmId } = call
  const selections = [
    asked.hours && { kind: 'hours' as const, selection: asked.hours },
    asked.expenses && { kind: 'expense' as const, selection: asked.expenses },
    asked.trips && { kind: 'trip' as const, selection: asked.trips },
  ].filter((one): one is EntrySelection => one !== undefined)
  const chosenIds: { kind: ClaimedKind; id: string }[] = []
  const due: Due[] = []
  const changed = new Set<string>()
  for (const one of selections) {
    const ids = await selectedIds(call, one)
    const asOf = asOfOf(one)
    // Locked first and read after that: who waited for the lock must see the claims that were made meanwhile.
    const { rows: locked } = await sql<{ id: string; updatedAt: Date }>`
      select id, updated_at as "updatedAt" from ${sql.table(tableOf[one.kind])}
      where firm_id = ${firmId}::uuid and id = any(${ids}::uuid[]) and deleted_at is null
      order by id ${inHand(asked)}`.execute(trx)
    for (const { id, updatedAt } of locked) if (asOf && updatedAt > asOf) changed.add(id)
    chosenIds.push(...ids.map((id) => ({ kind: one.kind, id })))
    due.push(...(await readers[one.kind](call, ids)))
  }
  for (const [kind, table, given] of [
    ['instalment', 'instalment', asked.instalmentIds],
    ['subscription', 'subscription_period', asked.subscriptionPeriodIds],
  ] as const) {
    const ids = [...new Set(given)]
    if (ids.length === 0) continue
    await sql`select 1 from ${sql.table(table)}
      where firm_id = ${firmId}::uuid and id = any(${ids}::uuid[]) order by id ${inHand(asked)}`.execute(trx)
    chosenIds.push(...ids.map((id) => ({ kind, id })))
    due.push(...(await agreedRows(trx, firmId, kind, ids)).map((row) => ({ kind, row })))
  }
  return { chosenIds, due, changed }
}

const inHand = ({ onlyLooks }: { readonly onlyLooks?: boolean }) => (onlyLooks ? sql`` : sql`for update`)

const readers: Record<EntryKind, (call: Call, ids: readonly string[]) => Promise<Due[]>> = {
  hours: async ({ trx, firmId }, ids) =>
    (await hourRows(trx, { firmId, where: among(ids) })).map((row) => ({ kind: 'hours', row })),
  expense: async ({ trx, firmId }, ids) =>
    (await expenseRows(trx, { firmId, where: among(ids) })).map((row) => ({ kind: 'expense', row })),
  trip: async ({ trx, firmId }, ids) =>
    (await tripRows(trx, { firmId, where: among(ids) })).map((row) => ({ kind: 'trip', row })),
}

const among = (ids: readonly string[]) => sql` and e.id = any(${[...ids]}::uuid[])`

function rowsOf(due: readonly Due[]): DueRows {
  const rows = {
    hours: [] as HourRow[],
    expenses: [] as ExpenseRow[],
    trips: [] as TripRow[],
    instalments: [] as AgreedRow[],
    periods: [] as AgreedRow[],
  } satisfies { [K in keyof typeof noRows]: unknown }
  for (const { kind, row } of due) {
    if (kind === 'hours') rows.hours.push(row)
    else if (kind === 'expense') rows.expenses.push(row)
    else if (kind === 'trip') rows.trips.push(row)
    else if (kind === 'instalment') rows.instalments.push(row)
    else rows.periods.push(row)
  }
  return rows
}

const missing = (kind: ClaimedKind): Problem => ({ kind: 'missing', code: 'not-found', values: { what: kind } })

interface Rules {
  readonly facts: DraftingFacts
  readonly changed: ReadonlySet<string>
  readonly today: CalendarDate
}

/** Why something cannot be invoiced now; undefined when it can, as `isUninvoiced` in core decides. */
function whyNot(due: Due, rules: Rules): Problem | undefined {
  switch (due.kind) {
    case 'hours':
      return whyNotHours(due.row, rules)
    case 'expense':
    case 'trip':
      return whyNotSpent(due.row, rules)
    case 'instalment':
    case 'subscription':
      return whyNotAgreed(due.kind, due.row, rules)
  }
}

function whyNotHours(entry: HourRow, { facts, changed, today }: Rules): Problem | undefined {
  const values = {
    date: entry.date,
    project: entry.projectName,
    activity: entry.activityName,
    user: entry.memberName,
  }
  const conflict = (code: string, more = {}): Problem => ({ kind: 'conflict', code, values: { ...values, ...more } })
  if (entry.claimedInPackage) return heldInPackage(entry, values)
  if (entry.state === 'reserved' || entry.state === 'invoiced')
    return entry.claimedInvoiceNumber
      ? conflict('hours-invoiced', { number: entry.claimedInvoiceNumber })
      : conflict('hours-claimed')
  if (entry.state === 'written-off') return conflict('hours-written-off')
  if (changed.has(entry.id)) return conflict('hours-changed')
  if (!entry.billable) return conflict('entry-not-billable')
  const project = facts.projects.get(entry.projectId)
  if (!project || !isHourly(project.method))
    return { kind: 'setup', code: 'project-not-hourly', values: { ...values, method: project?.method ?? '' } }
  if (!project.invoicedId) return { kind: 'setup', code: 'project-without-customer', values }
  if (facts.firm.approval !== 'off') return entry.approval === 'approved' ? undefined : conflict('hours-not-approved')
  return entry.date > today ? conflict('hours-in-future') : undefined
}

function whyNotSpent(entry: ExpenseRow | TripRow, { facts, changed, today }: Rules): Problem | undefined {
  const values = { date: entry.date, project: entry.projectName ?? '', user: entry.memberName }
  const conflict = (code: string, more = {}): Problem => ({ kind: 'conflict', code, values: { ...values, ...more } })
  if (entry.claimedInPackage) return heldInPackage(entry, values)
  if (entry.state === 'reserved' || entry.state === 'invoiced')
    return entry.claimedInvoiceNumber
      ? conflict('entry-invoiced', { number: entry.claimedInvoiceNumber })
      : conflict('entry-claimed')
  if (entry.state === 'written-off') return conflict('entry-written-off')
  if (changed.has(entry.id)) return conflict('entry-changed')
  if (!entry.projectId) return conflict('entry-without-project')
  if (!entry.billable) return conflict('spent-not-billable')
  const project = facts.projects.get(entry.projectId)
  if (!project || project.method === 'none') return { kind: 'setup', code: 'project-not-invoiced', values }
  if (!project.invoicedId) return { kind: 'setup', code: 'project-without-customer', values }
  if (facts.firm.approval !== 'off') return entry.approval === 'approved' ? undefined : conflict('entry-not-approved')
  return entry.date > today ? conflict('entry-in-future') : undefined
}

function whyNotAgreed(kind: AgreedKind, row: AgreedRow, { facts, today }: Rules): Problem | undefined {
  const values = { date: row.dueOn, project: row.projectName }
  const conflict = (code: string, more = {}): Problem => ({ kind: 'conflict', code, values: { ...values, ...more } })
  if (row.claimedInPackage) return heldInPackage(row, values)
  if (row.claimed)
    return row.claimedInvoiceNumber
      ? conflict('entry-invoiced', { number: row.claimedInvoiceNumber })
      : conflict('entry-claimed')
  if (kind === 'subscription' && row.skipped) return conflict('period-skipped')
  if (!facts.projects.get(row.projectId)?.invoicedId) return { kind: 'setup', code: 'project-without-customer', values }
  return row.dueOn > today ? conflict('not-due-yet') : undefined
}

function labelOf({ kind, row }: Due, language: Language): string {
  const day = (date: string) => formatDateShort(calendarDate(date), language)
  if (kind === 'instalment' || kind === 'subscription')
    return `${day(row.dueOn)}, ${row.projectName}, ${row.description}`
  return [day(row.date), row.memberName, row.projectName].filter(Boolean).join(', ')
}

const projectOf = ({ row }: Due, { projects }: DraftingFacts) => projects.get(row.projectId ?? '')

function customerOf(due: Due, facts: DraftingFacts): CustomerRow {
  const customer = facts.customers.get(projectOf(due, facts)?.invoicedId ?? '')
  assert(customer, 'the customer of a project is a row')
  return customer
}

/** What shares an invoice. Who is invoiced decides currency and VAT case, so these never mix. */
function groupKey(due: Due, facts: DraftingFacts, splitBy: Selection['splitBy']): string {
  const project = projectOf(due, facts)
  const part = {
    customer: project?.customerId,
    'bill-to': null,
    project: project?.id,
    'order-number': project?.orderNumber ?? null,
  }[splitBy]
  // What is outside EU VAT stands alone on its invoice, and a disbursement is outside VAT for another reason.
  const apart = due.kind === 'expense' && due.row.disbursement && customerOf(due, facts).vatCase === 'outside-eu'
  return JSON.stringify([project?.invoicedId, part, apart])
}

/** An invoice with a gap is not made: the entry that stands in the way says why, the others say what they wait for. */
function heldBack(group: readonly Due[], problems: readonly Problem[], customer: CustomerRow): LeftOut[] {
  const ofEntry = new Map(problems.map((problem) => [problem.values?.entryId, problem]))
  const ofCustomer = problems.find(({ values }) => values?.entryId === undefined)
  const others = ofCustomer ?? {
    kind: 'conflict' as const,
    code: 'invoice-held-back',
    values: { customer: customer.name },
  }
  return group.map((due) => ({
    kind: due.kind,
    id: due.row.id,
    due,
    problem: ofEntry.get(due.row.id) ?? others,
  }))
}
