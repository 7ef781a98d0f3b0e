import type { invoiceRoutes } from '@uurwerk/api/invoices.ts'
import type { uninvoicedRoutes } from '@uurwerk/api/uninvoiced.ts'
import type { DraftedInvoice } from '@uurwerk/core/invoicing/draft-invoice.ts'
import { dueDateOf } from '@uurwerk/core/invoicing/due-date.ts'
import { isHourly } from '@uurwerk/core/projects/invoicing-method.ts'
import { assert } from '@uurwerk/core/shared/assert.ts'
import { type CalendarDate, calendarDate, dateIn } from '@uurwerk/core/shared/calendar-date.ts'
import { formatDateShort } from '@uurwerk/core/shared/format.ts'
import type { Problem } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import { type EntryKind, tableOf } from '../entries/entry-sql.ts'
import { type ExpenseRow, expenseRows } from '../entries/expense-rows.ts'
import { type HourRow, hourRows } from '../entries/hour-rows.ts'
import { asOfOf, type EntrySelection, selectedIds } from '../entries/selection.ts'
import { type TripRow, tripRows } from '../entries/trip-rows.ts'
import type { FirmCall, HandlerOf, Language } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { explainProblem, wrongField } from '../http/problems.ts'
import { type AgreedKind, type AgreedRow, agreedRows } from '../invoices/agreed-rows.ts'
import { type ClaimedKind, claimEntries, claimsOf } from '../invoices/invoice-claims.ts'
import {
  type DraftingFacts,
  type DueRows,
  draftingFacts,
  draftRows,
  insertLines,
  type noRows,
  periodOf,
} from '../invoices/invoice-drafting.ts'
import { type CustomerRow, paymentTermOf } from '../invoices/invoice-rows.ts'
import { type Series, seriesFor } from '../invoices/invoice-series.ts'
import { textsFor } from '../invoices/invoice-texts.ts'

type Call = Omit<FirmCall<never>, 'params' | 'query' | 'body'>
type Body = FirmCall<(typeof uninvoicedRoutes)['invoiceEntries']>['body']

/** One row of whatever kind, with what decides about it. */
type Due =
  | { readonly kind: 'hours'; readonly row: HourRow }
  | { readonly kind: 'expense'; readonly row: ExpenseRow }
  | { readonly kind: 'trip'; readonly row: TripRow }
  | { readonly kind: 'instalment'; readonly row: AgreedRow }
  | { readonly kind: 'subscription'; readonly row: AgreedRow }

interface LeftOut {
  readonly kind: ClaimedKind
  readonly id: string
  readonly due: Due | undefined
  readonly problem: Problem
}

/** Selected entries become drafts, one per group; what cannot is named with the reason. All of it is one transaction. */
export const invoiceEntries: HandlerOf<(typeof uninvoicedRoutes)['invoiceEntries']> = (call) => {
  const { hours, expenses, trips, instalmentIds, subscriptionPeriodIds } = call.body
  if (!(hours || expenses || trips || instalmentIds || subscriptionPeriodIds)) throw wrongField('/hours', 'required')
  return draftAll(call, call.body)
}

export const invoiceHours: HandlerOf<(typeof invoiceRoutes)['invoiceHours']> = (call) => {
  const { selection, ...rest } = call.body
  return draftAll(call, { ...rest, hours: selection })
}

async function draftAll(call: Call, body: Body) {
  const { trx, firmId, services, language } = call
  const today = dateIn(call.firm.timeZone, call.now)
  const date = body.date === undefined ? today : calendarDate(body.date)
  const { asked, due, changed } = await lockSelected(call, body)
  const facts = await draftingFacts(trx, firmId, rowsOf(due))
  const leftOut: LeftOut[] = []
  const chosen: Due[] = []
  const found = new Map(due.map((one) => [one.row.id, one]))
  for (const { kind, id } of asked) {
    const one = found.get(id)
    const problem = one ? whyNot(one, { facts, changed, today }) : missing(kind)
    if (problem) leftOut.push({ kind, id, due: one, problem })
    else if (one) chosen.push(one)
  }
  const groups = Map.groupBy(chosen, (one) => groupKey(one, facts, body.splitBy))
  const series = await seriesFor(trx, firmId, body.seriesId)
  const invoices = []
  for (const group of groups.values()) {
    const customer = customerOf(group[0] as Due, facts)
    const drafted = draftRows(rowsOf(group), facts, { customer, date, by: body.groupBy })
    if (drafted.problems.length > 0) leftOut.push(...heldBack(group, drafted.problems, customer))
    else invoices.push(await storeDraft(call, body, { group, drafted, customer, facts, date, series }))
  }
  if (invoices.length > 0)
    await services.events.publish(trx, firmId, { topic: 'invoices', ids: invoices.map(({ id }) => id) })
  return {
    invoices,
    leftOut: leftOut.map(({ kind, id, due: one, problem }) => ({
      kind,
      id,
      label: one ? labelOf(one, language) : '',
      projectId: one?.row.projectId ?? null,
      problem: explainProblem(problem, language),
    })),
  }
}

interface Selected {
  readonly asked: readonly { readonly kind: ClaimedKind; readonly id: string }[]
  readonly due: readonly Due[]
  /** Those that changed after the selection was seen. */
  readonly changed: ReadonlySet<string>
}

/** The entries, locked for whoever invoices them next, kind by kind in the same order. */
async function lockSelected(call: Call, body: Body): Promise<Selected> {
  const { trx, firmId } = call
  const selections = [
    body.hours && { kind: 'hours' as const, selection: body.hours },
    body.expenses && { kind: 'expense' as const, selection: body.expenses },
    body.trips && { kind: 'trip' as const, selection: body.trips },
  ].filter((one): one is EntrySelection => one !== undefined)
  const asked: { kind: ClaimedKind; id: string }[] = []
  const due: Due[] = []
  const changed = new Set<string>()
  for (const one of selections) {
    const ids = await selectedIds(call, one)
    const asOf = asOfOf(one)
    // Locked first and read after that: who waited for the lock must see the claims that were made meanwhile.
    const { rows: locked } = await sql<{ id: string; updatedAt: Date }>`
      select id, updated_at as "updatedAt" from ${sql.table(tableOf[one.kind])}
      where firm_id = ${firmId}::uuid and id = any(${ids}::uuid[]) and deleted_at is null
      order by id for update`.execute(trx)
    for (const { id, updatedAt } of locked) if (asOf && updatedAt > asOf) changed.add(id)
    asked.push(...ids.map((id) => ({ kind: one.kind, id })))
    due.push(...(await readers[one.kind](call, ids)))
  }
  for (const [kind, table, given] of [
    ['instalment', 'instalment', body.instalmentIds],
    ['subscription', 'subscription_period', body.subscriptionPeriodIds],
  ] as const) {
    const ids = [...new Set(given)]
    if (ids.length === 0) continue
    await sql`select 1 from ${sql.table(table)}
      where firm_id = ${firmId}::uuid and id = any(${ids}::uuid[]) order by id for update`.execute(trx)
    asked.push(...ids.map((id) => ({ kind, id })))
    due.push(...(await agreedRows(trx, firmId, kind, ids)).map((row) => ({ kind, row })))
  }
  return { asked, due, changed }
}

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
function groupKey(due: Due, facts: DraftingFacts, splitBy: Body['splitBy']): string {
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

interface ToStore {
  readonly group: readonly Due[]
  readonly drafted: DraftedInvoice
  readonly customer: CustomerRow
  readonly facts: DraftingFacts
  readonly date: CalendarDate
  readonly series: Series
}

async function storeDraft(call: Call, body: Body, { group, drafted, customer, facts, date, series }: ToStore) {
  const { trx, firmId, services, now, actor } = call
  const { lines, totals } = drafted
  const id = services.ids.next()
  const projects = new Set(group.map((due) => projectOf(due, facts)))
  const shared = (field: 'reference' | 'orderNumber') => {
    const values = new Set([...projects].map((project) => project?.[field] ?? null))
    return values.size === 1 ? ([...values][0] ?? null) : null
  }
  await trx
    .insertInto('invoice')
    .values({
      firmId,
      id,
      customerId: customer.id,
      seriesId: series.id,
      date,
      dueDate: dueDateOf(date, paymentTermOf(customer, facts.firm)),
      ...periodOf(lines.filter(({ ownPeriod }) => ownPeriod)),
      language: customer.language,
      currency: customer.currency,
      ...textsFor(facts.firm, customer.language),
      reference: shared('reference'),
      orderNumber: shared('orderNumber'),
      groupedBy: body.groupBy,
      net: totals.net,
      vat: totals.vat,
      gross: totals.gross,
      vatPerRate: JSON.stringify(totals.vatPerRate),
      createdBy: actor.memberId,
      createdAt: now,
      updatedAt: now,
    })
    .execute()
  const lineIds = await insertLines({ trx, firmId, ids: services.ids }, id, lines)
  await claimEntries(call, id, claimsOf(lines, lineIds))
  const kinds = [...new Set(group.map(({ kind }) => kind))]
  await remember(call, { kind: 'invoice', id }, 'created', {
    after: {
      from: kinds.join(', '),
      entries: group.length,
      net: totals.net,
      groupBy: body.groupBy,
      splitBy: body.splitBy,
    },
  })
  return {
    id,
    customerName: customer.name,
    net: totals.net,
    currency: customer.currency,
    entries: group.length,
    projectIds: [...projects].flatMap((project) => project?.id ?? []),
  }
}
