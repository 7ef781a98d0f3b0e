import type { invoiceRoutes } from '@uurwerk/api/invoices.ts'
import type { DraftedInvoice } from '@uurwerk/core/invoicing/draft-invoice.ts'
import { dueDateOf } from '@uurwerk/core/invoicing/due-date.ts'
import { isHourly } from '@uurwerk/core/projects/invoicing-method.ts'
import { assert } from '@uurwerk/core/shared/assert.ts'
import { type CalendarDate, calendarDate, dateIn } from '@uurwerk/core/shared/calendar-date.ts'
import { formatDateShort } from '@uurwerk/core/shared/format.ts'
import { type Problem, ProblemError } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import { type HourRow, hourRows, whereOf } from '../entries/hour-rows.ts'
import type { FirmCall, HandlerOf } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { explainProblem } from '../http/problems.ts'
import { claimHours } from '../invoices/invoice-claims.ts'
import { type DraftingFacts, draftHours, draftingFacts, insertLines, periodOf } from '../invoices/invoice-drafting.ts'
import { type CustomerRow, paymentTermOf } from '../invoices/invoice-rows.ts'
import { defaultSeries, type Series } from '../invoices/invoice-series.ts'

type Call = FirmCall<(typeof invoiceRoutes)['invoiceHours']>
type Selection = Call['body']['selection']

interface LeftOut {
  readonly id: string
  readonly entry: HourRow | undefined
  readonly problem: Problem
}

/** Selected hours become drafts, one per group; what cannot is named with the reason. All of it is one transaction. */
export const invoiceHours: HandlerOf<(typeof invoiceRoutes)['invoiceHours']> = async (call) => {
  const { trx, firmId, body, services, language } = call
  const today = dateIn(call.firm.timeZone, call.now)
  const date = body.date === undefined ? today : calendarDate(body.date)
  const { ids, entries, changed } = await lockSelection(call, body.selection)
  const facts = await draftingFacts(trx, firmId, entries)
  const leftOut: LeftOut[] = []
  const chosen: HourRow[] = []
  const found = new Map(entries.map((entry) => [entry.id, entry]))
  for (const id of ids) {
    const entry = found.get(id)
    const problem = entry ? whyNot(entry, { facts, changed, today }) : missing
    if (problem) leftOut.push({ id, entry, problem })
    else if (entry) chosen.push(entry)
  }
  const groups = Map.groupBy(chosen, (entry) => groupKey(entry, facts, body.splitBy))
  const series = await defaultSeries(trx, firmId)
  const invoices = []
  for (const group of groups.values()) {
    const customer = customerOf(group[0] as HourRow, facts)
    const drafted = draftHours(group, facts, { customer, date, by: body.groupBy })
    if (drafted.problems.length > 0) leftOut.push(...heldBack(group, drafted.problems, customer))
    else invoices.push(await storeDraft(call, { group, drafted, customer, facts, date, series }))
  }
  if (invoices.length > 0)
    await services.events.publish(trx, firmId, { topic: 'invoices', ids: invoices.map(({ id }) => id) })
  return {
    invoices,
    leftOut: leftOut.map(({ id, entry, problem }) => ({
      id,
      label: entry
        ? `${formatDateShort(calendarDate(entry.date), language)}, ${entry.memberName}, ${entry.projectName}`
        : '',
      problem: explainProblem(problem, language),
    })),
  }
}

/** The entries, locked for whoever invoices them next; with those that changed after the selection was seen. */
async function lockSelection(call: Pick<Call, 'trx' | 'firmId'>, selection: Selection) {
  const { trx, firmId } = call
  const ids = 'ids' in selection ? [...new Set(selection.ids)] : await idsOf(call, selection)
  // Locked first and read after that: who waited for the lock must see the claims that were made meanwhile.
  const { rows: locked } = await sql<{ id: string; updatedAt: Date }>`
    select id, updated_at as "updatedAt" from hour_entry
    where firm_id = ${firmId}::uuid and id = any(${ids}::uuid[]) and deleted_at is null
    order by id for update`.execute(trx)
  const entries = await hourRows(trx, { firmId, where: sql` and e.id = any(${ids}::uuid[])` })
  const asOf = 'filter' in selection && selection.asOf ? new Date(selection.asOf) : undefined
  const changed = new Set(locked.filter(({ updatedAt }) => asOf && updatedAt > asOf).map(({ id }) => id))
  return { ids, entries, changed }
}

async function idsOf({ trx, firmId }: Pick<Call, 'trx' | 'firmId'>, selection: Exclude<Selection, { ids: unknown }>) {
  const { filter, except, count, asOf } = selection
  const where = sql`${whereOf(filter)} and not e.id = any(${except}::uuid[])`
  const ids = (await hourRows(trx, { firmId, where })).map(({ id }) => id)
  // With `asOf`, what is new or changed is told row by row.
  if (count !== undefined && asOf === undefined && count !== ids.length)
    throw new ProblemError({
      kind: 'conflict',
      code: 'selection-changed',
      values: { seen: String(count), found: String(ids.length) },
    })
  return ids
}

const missing: Problem = { kind: 'missing', code: 'not-found', values: { what: 'hours' } }

interface Rules {
  readonly facts: DraftingFacts
  readonly changed: ReadonlySet<string>
  readonly today: CalendarDate
}

/** Why an entry cannot be invoiced now; undefined when it can, as `isUninvoiced` in core decides. */
function whyNot(entry: HourRow, { facts, changed, today }: Rules): Problem | undefined {
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

function customerOf(entry: HourRow, { projects, customers }: DraftingFacts): CustomerRow {
  const customer = customers.get(projects.get(entry.projectId)?.invoicedId ?? '')
  assert(customer, 'the customer of a project is a row')
  return customer
}

/** What shares an invoice. Its customer decides currency and VAT case, so these never mix. */
function groupKey(entry: HourRow, { projects }: DraftingFacts, splitBy: Call['body']['splitBy']): string {
  const project = projects.get(entry.projectId)
  const part = { customer: null, project: entry.projectId, 'order-number': project?.orderNumber ?? null }[splitBy]
  return JSON.stringify([project?.invoicedId, part])
}

/** An invoice with a gap is not made: the entry that stands in the way says why, the others say what they wait for. */
function heldBack(group: readonly HourRow[], problems: readonly Problem[], customer: CustomerRow): LeftOut[] {
  const ofEntry = new Map(problems.map((problem) => [problem.values?.entryId, problem]))
  const ofCustomer = problems.find(({ values }) => values?.entryId === undefined)
  const others = ofCustomer ?? {
    kind: 'conflict' as const,
    code: 'invoice-held-back',
    values: { customer: customer.name },
  }
  return group.map((entry) => ({ id: entry.id, entry, problem: ofEntry.get(entry.id) ?? others }))
}

interface ToStore {
  readonly group: readonly HourRow[]
  readonly drafted: DraftedInvoice
  readonly customer: CustomerRow
  readonly facts: DraftingFacts
  readonly date: CalendarDate
  readonly series: Series
}

async function storeDraft(call: Call, { group, drafted, customer, facts, date, series }: ToStore) {
  const { trx, firmId, services, now, actor, body } = call
  const { lines, totals } = drafted
  const id = services.ids.next()
  const projects = new Set(group.map(({ projectId }) => facts.projects.get(projectId)))
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
      ...periodOf(lines),
      language: customer.language,
      currency: customer.currency,
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
  await claimHours(
    call,
    id,
    lines.flatMap((line, index) => line.entryIds.map((entryId) => ({ entryId, lineId: lineIds[index] as string }))),
  )
  await remember(call, { kind: 'invoice', id }, 'created', {
    after: { from: 'hours', entries: group.length, net: totals.net, groupBy: body.groupBy, splitBy: body.splitBy },
  })
  return { id, customerName: customer.name, net: totals.net, currency: customer.currency, entries: group.length }
}
