import type { instalments as instalmentsShape } from '@uurwerk/api/invoicing.ts'
import { correctionFor, splitPrice } from '@uurwerk/core/invoicing/becoming-due.ts'
import { addMonths, type CalendarDate, calendarDate, dateIn } from '@uurwerk/core/shared/calendar-date.ts'
import {
  type Decimal,
  decimal,
  isNegative,
  isZero,
  sameAmount,
  subtract,
  sum,
  toCents,
} from '@uurwerk/core/shared/money.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import type { z } from 'zod'
import { type HolderRow, heldByPackage, holderColumns, toHolder } from '../entries/entry-sql.ts'
import { type FirmCall, type Handlers, type Language, StaleEdit } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { notThere, wrongField } from '../http/problems.ts'
import { say } from '../http/words.ts'
import { closingOf, earlierLines } from '../invoices/closing-rows.ts'
import { asItStood, deleteRow } from './kept-rows.ts'

type Answer = z.input<typeof instalmentsShape>
type Names =
  | 'listInstalments'
  | 'changePrice'
  | 'createInstalment'
  | 'splitPrice'
  | 'correctInstalments'
  | 'changeInstalment'
  | 'deleteInstalment'
type Asking = Pick<FirmCall<never>, 'trx' | 'firmId'>
type Changing = Omit<FirmCall<never>, 'params' | 'query' | 'body'>

export const instalmentHandlers: Handlers<Names> = {
  listInstalments: (call) => answerOf(call, call.params.id),

  changePrice: async (call) => {
    const { trx, firmId, params, body, version, now } = call
    const before = await lockProject(call, params.id)
    if (before.version !== version) throw new StaleEdit(before.version, await answerOf(call, params.id))
    const activities = body.activities ?? []
    await refuseUnknownActivities(call, params.id, activities)
    await trx
      .updateTable('project')
      .set({ ...(body.price === undefined ? {} : { price: body.price }), version: version + 1, updatedAt: now })
      .where('firmId', '=', firmId)
      .where('id', '=', params.id)
      .execute()
    await sql`update project_activity a set price = v.price
      from unnest(${activities.map(({ activityId }) => activityId)}::uuid[], ${activities.map(({ price }) => price)}::numeric[])
        as v (activity_id, price)
      where a.firm_id = ${firmId}::uuid and a.project_id = ${params.id}::uuid and a.activity_id = v.activity_id`.execute(
      trx,
    )
    await remember(call, { kind: 'project', id: params.id }, 'changed', {
      before: { price: before.price },
      after: body,
    })
    return told(call, params.id)
  },

  createInstalment: async (call) => {
    const { params, body } = call
    const project = await lockProject(call, params.id)
    const { rows } = await answerOf(call, params.id)
    const activityId = await priceOf(call, project, body.activityId)
    checkPeriod(body)
    await addInstalment(call, project, {
      ...body,
      activityId,
      amount: amountOf(body.amount),
      description: body.description ?? nextDescription(project, rows, body.amount),
    })
    return told(call, params.id)
  },

  splitPrice: async (call) => {
    const { trx, firmId, params, body, now } = call
    const project = await lockProject(call, params.id)
    const activityId = await priceOf(call, project, body.activityId)
    const { rows, sums } = await answerOf(call, params.id)
    const own = rows.filter((row) => row.activityId === activityId)
    const price = sums.find((one) => one.activityId === activityId)?.price
    if (!price) throw new ProblemError({ kind: 'setup', code: 'price-missing', values: { project: project.name } })
    if ('percentages' in body.by && !sameAmount(sum(body.by.percentages.map(decimal)), decimal('100')))
      throw wrongField('/by/percentages', 'percentages-not-hundred')
    const claimed = own.filter((row) => row.claimed)
    const left = toCents(subtract(decimal(price), sum(claimed.map(({ amount }) => decimal(amount)))))
    if (isNegative(left) || isZero(left))
      throw new ProblemError({ kind: 'conflict', code: 'price-invoiced', values: { project: project.name } })
    const by = 'parts' in body.by ? body.by : { percentages: body.by.percentages.map(decimal) }
    const parts = splitPrice(left, by)
    if (parts.some(isZero)) throw wrongField('/by/parts', 'too-many-parts')
    const free = own.filter((row) => !row.claimed)
    await trx
      .updateTable('instalment')
      .set({ deletedAt: now, updatedAt: now })
      .where('firmId', '=', firmId)
      .where('id', 'in', [...free.map(({ id }) => id), noId])
      .execute()
    for (const { id } of free) await remember(call, { kind: 'instalment', id }, 'deleted')
    const before = claimed.filter(({ kind }) => kind === 'part').length
    const activity = own[0]?.activityName ?? sums.find((one) => one.activityId === activityId)?.activityName ?? null
    for (const [index, amount] of parts.entries())
      await addInstalment(call, project, {
        activityId,
        amount,
        dueOn: addMonths(calendarDate(body.dueOn), index * monthsOf[body.every]),
        description: describe(project, { number: before + index + 1, of: before + parts.length, activity }),
      })
    return told(call, params.id)
  },

  correctInstalments: async (call) => {
    const { params, body } = call
    const project = await lockProject(call, params.id)
    const activityId = await priceOf(call, project, body.activityId)
    await makeAddUp(call, project, { activityId, dueOn: body.dueOn })
    return told(call, params.id)
  },

  changeInstalment: async (call) => {
    const { trx, firmId, params, body, version, now } = call
    const row = await lockInstalment(call, params)
    const after = { ...row, ...body }
    checkPeriod(after)
    await trx
      .updateTable('instalment')
      .set({
        ...body,
        ...(body.amount === undefined ? {} : kindAndAmount(amountOf(body.amount))),
        version: version + 1,
        updatedAt: now,
      })
      .where('firmId', '=', firmId)
      .where('id', '=', row.id)
      .execute()
    await remember(call, { kind: 'instalment', id: row.id }, 'changed', {
      before: asItStood(row, body),
      after: body,
    })
    return told(call, params.id)
  },

  deleteInstalment: async (call) => {
    const { params } = call
    const row = await lockInstalment(call, params)
    await deleteRow(call, 'instalment', row, { description: row.description, amount: row.amount, dueOn: row.dueOn })
    return told(call, params.id)
  },
}

/** The instalments of a price add up to it: the last takes the difference, or one more does. */
export async function makeAddUp(
  call: Changing,
  project: ProjectRow,
  of: { readonly activityId: string | null; readonly dueOn?: string | undefined },
): Promise<void> {
  const { trx, firmId, now } = call
  const { activityId } = of
  const { rows, sums } = await answerOf(call, project.id)
  const price = sums.find((one) => one.activityId === activityId)?.price
  if (!price) throw new ProblemError({ kind: 'setup', code: 'price-missing', values: { project: project.name } })
  const own = rows.filter((row) => row.activityId === activityId)
  const { remove, change, add } = correctionFor(
    decimal(price),
    own.map(({ id, amount, claimed }) => ({ id, amount: decimal(amount), claimed })),
  )
  for (const id of remove) {
    await trx
      .updateTable('instalment')
      .set({ deletedAt: now, updatedAt: now })
      .where('firmId', '=', firmId)
      .where('id', '=', id)
      .execute()
    await remember(call, { kind: 'instalment', id }, 'deleted')
  }
  if (change) {
    await trx
      .updateTable('instalment')
      .set(({ eb }) => ({ amount: change.amount, version: eb('version', '+', 1), updatedAt: now }))
      .where('firmId', '=', firmId)
      .where('id', '=', change.id)
      .execute()
    await remember(call, { kind: 'instalment', id: change.id }, 'changed', { after: { amount: change.amount } })
  }
  if (add)
    await addInstalment(call, project, {
      activityId,
      amount: add.amount,
      dueOn: of.dueOn ?? dateIn(call.firm.timeZone, now),
      description: nextDescription(project, own, add.amount),
    })
}

const monthsOf = { month: 1, quarter: 3, year: 12 } as const
const noId = '00000000-0000-0000-0000-000000000000'

export interface ProjectRow {
  readonly id: string
  readonly name: string
  readonly method: string
  readonly price: string | null
  readonly version: number
  readonly currency: string
  readonly language: Language
}

/** The project whose prices or subscriptions change, held by whoever came first. */
export async function lockProject({ trx, firmId }: Asking, id: string): Promise<ProjectRow> {
  await sql`select 1 from project where firm_id = ${firmId}::uuid and id = ${id}::uuid for no key update`.execute(trx)
  return getProject({ trx, firmId }, id)
}

export async function getProject({ trx, firmId }: Asking, id: string): Promise<ProjectRow> {
  const { rows } = await sql<ProjectRow>`
    select p.id, p.name, p.invoicing_method as method, p.price, p.version, coalesce(b.currency, k.currency, f.currency) as currency,
      coalesce(b.language, k.language, f.language) as language
    from project p
    join firm f on f.firm_id = p.firm_id
    left join customer k on k.firm_id = p.firm_id and k.id = p.customer_id
    left join customer b on b.firm_id = k.firm_id and b.id = k.bill_to_id
    where p.firm_id = ${firmId}::uuid and p.id = ${id}::uuid and p.deleted_at is null`.execute(trx)
  const [project] = rows
  if (!project) throw notThere('project')
  return project
}

/** An activity has a price of its own only where the project says so. */
async function priceOf(
  call: Asking,
  project: ProjectRow,
  activityId: string | null | undefined,
): Promise<string | null> {
  if (project.method === 'fixed-price') {
    if (activityId) throw wrongField('/activityId', 'price-is-of-project')
    return null
  }
  if (project.method !== 'fixed-per-activity')
    throw new ProblemError({ kind: 'conflict', code: 'project-has-no-price', values: { project: project.name } })
  if (!activityId) throw wrongField('/activityId', 'required')
  await refuseUnknownActivities(call, project.id, [{ activityId }], () => '/activityId')
  return activityId
}

async function refuseUnknownActivities(
  { trx, firmId }: Asking,
  projectId: string,
  activities: readonly { readonly activityId: string }[],
  pointer = (index: number) => `/activities/${index}/activityId`,
): Promise<void> {
  if (activities.length === 0) return
  const rows = await trx
    .selectFrom('projectActivity')
    .select('activityId')
    .where('firmId', '=', firmId)
    .where('projectId', '=', projectId)
    .execute()
  const known = new Set(rows.map(({ activityId }) => activityId))
  const wrong = activities.findIndex(({ activityId }) => !known.has(activityId))
  if (wrong >= 0) throw wrongField(pointer(wrong), 'activity-not-named')
}

function checkPeriod(body: {
  readonly periodFrom?: string | null | undefined
  readonly periodUntil?: string | null | undefined
}) {
  const { periodFrom, periodUntil } = body
  if ((periodFrom ?? null) === null && (periodUntil ?? null) === null) return
  if (!periodFrom) throw wrongField('/periodFrom', 'required')
  if (!periodUntil) throw wrongField('/periodUntil', 'required')
  if (periodUntil < periodFrom) throw wrongField('/periodUntil', 'end-before-start')
}

function amountOf(text: string): Decimal {
  const amount = toCents(decimal(text))
  if (isZero(amount)) throw wrongField('/amount', 'amount-zero')
  return amount
}

const kindAndAmount = (amount: Decimal) => ({ kind: isNegative(amount) ? 'correction' : 'part', amount })

const describe = (
  { language }: ProjectRow,
  { number, of, activity }: { readonly number: number; readonly of: number; readonly activity: string | null },
): string => {
  const part = of === 1 ? say(language, 'instalment.whole') : say(language, 'instalment.part', { number, of })
  return activity ? `${activity}, ${part.toLowerCase()}` : part
}

function nextDescription(project: ProjectRow, rows: Answer['rows'], amount: string): string {
  const { language } = project
  if (isNegative(decimal(amount))) return say(language, 'instalment.correction')
  return say(language, 'instalment.next', { number: rows.filter(({ kind }) => kind === 'part').length + 1 })
}

interface NewInstalment {
  readonly activityId: string | null
  readonly amount: Decimal
  readonly dueOn: CalendarDate | string
  readonly description: string
  readonly periodFrom?: string | null | undefined
  readonly periodUntil?: string | null | undefined
  readonly vatClass?: string | null | undefined
}

async function addInstalment(call: Changing, project: ProjectRow, wanted: NewInstalment): Promise<void> {
  const { trx, firmId, now, services } = call
  const id = services.ids.next()
  await trx
    .insertInto('instalment')
    .values({
      firmId,
      id,
      projectId: project.id,
      activityId: wanted.activityId,
      position: sql<number>`(select coalesce(max(n.position), 0) + 1 from instalment n
        where n.firm_id = ${firmId}::uuid and n.project_id = ${project.id}::uuid)`,
      ...kindAndAmount(wanted.amount),
      description: wanted.description,
      dueOn: wanted.dueOn,
      periodFrom: wanted.periodFrom ?? null,
      periodUntil: wanted.periodUntil ?? null,
      vatClass: wanted.vatClass ?? null,
      createdAt: now,
      updatedAt: now,
    })
    .execute()
  await remember(call, { kind: 'instalment', id }, 'created', { after: { projectId: project.id, ...wanted } })
}

async function lockInstalment(call: Changing, { id, instalmentId }: { id: string; instalmentId: string }) {
  const { trx, firmId, version } = call
  await lockProject(call, id)
  const row = await trx
    .selectFrom('instalment')
    .selectAll()
    .where('firmId', '=', firmId)
    .where('projectId', '=', id)
    .where('id', '=', instalmentId)
    .where('deletedAt', 'is', null)
    .forUpdate()
    .executeTakeFirst()
  if (!row) throw notThere('instalment')
  if (row.version !== version) throw new StaleEdit(row.version, await answerOf(call, id))
  if (row.claimed)
    throw new ProblemError({ kind: 'conflict', code: 'instalment-claimed', values: { instalment: row.description } })
  return row
}

async function told(call: Changing, projectId: string): Promise<Answer> {
  await call.services.events.publish(call.trx, call.firmId, { topic: 'due', ids: [projectId] })
  return answerOf(call, projectId)
}

interface Row extends HolderRow {
  readonly id: string
  readonly activityId: string | null
  readonly activityName: string | null
  readonly kind: 'part' | 'correction'
  readonly description: string
  readonly amount: string
  readonly dueOn: string
  readonly periodFrom: string | null
  readonly periodUntil: string | null
  readonly vatClass: Answer['rows'][number]['vatClass']
  readonly claimed: boolean
  readonly version: number
}

async function answerOf({ trx, firmId }: Asking, projectId: string): Promise<Answer> {
  const project = await getProject({ trx, firmId }, projectId)
  const { rows } = await sql<Row>`
    select n.id, n.activity_id as "activityId", a.name as "activityName", n.kind, n.description, n.amount, n.due_on as "dueOn",
      n.period_from as "periodFrom", n.period_until as "periodUntil", n.vat_class as "vatClass", n.claimed,
      ${holderColumns}, n.version
    from instalment n
    left join activity a on a.firm_id = n.firm_id and a.id = n.activity_id
    left join claim c on n.claimed and c.firm_id = n.firm_id and c.entry_kind = 'instalment' and c.entry_id = n.id and c.released_at is null
    left join invoice i on i.firm_id = c.firm_id and i.id = c.invoice_id
    ${heldByPackage}
    where n.firm_id = ${firmId}::uuid and n.project_id = ${projectId}::uuid and n.deleted_at is null
    order by n.due_on, n.position`.execute(trx)
  const { rows: activities } = await sql<{ id: string; name: string; price: string | null }>`
    select a.id, a.name, pa.price from activity a
    left join project_activity pa on pa.firm_id = a.firm_id and pa.activity_id = a.id and pa.project_id = ${projectId}::uuid
    where a.firm_id = ${firmId}::uuid and (pa.activity_id is not null or exists (select from instalment n
      where n.firm_id = a.firm_id and n.project_id = ${projectId}::uuid and n.activity_id = a.id and n.deleted_at is null))
    order by a.name`.execute(trx)
  const priced =
    project.method === 'fixed-per-activity'
      ? activities
      : project.method === 'fixed-price'
        ? [{ id: null, name: null, price: project.price }]
        : []
  const numbers = new Map<string, number>()
  const numberOf = ({ activityId, kind }: Row): number | null => {
    if (kind !== 'part') return null
    const number = (numbers.get(activityId ?? '') ?? 0) + 1
    numbers.set(activityId ?? '', number)
    return number
  }
  const earlier = Map.groupBy(await earlierLines(trx, firmId, projectId), ({ invoiceId }) => invoiceId)
  return {
    method: project.method,
    currency: project.currency,
    price: project.price,
    version: project.version,
    closing: await closingOf(trx, firmId, projectId),
    earlier: [...earlier].map(([id, lines]) => ({
      id,
      number: lines[0]?.number ?? '',
      date: lines[0]?.date ?? '',
      net: toCents(sum(lines.map(({ net }) => net))),
      creditNotes: [...new Set(lines.flatMap(({ creditNotes }) => creditNotes))],
      inPackage: lines[0]?.inPackage ?? false,
    })),
    sums: priced.map(({ id, name, price }) => sumOf({ id, name, price }, rows)),
    rows: rows.map((row) => {
      const { claimedInvoiceId: _, claimedInvoiceNumber: __, claimedInPackage: ___, ...own } = row
      return { ...own, number: numberOf(row), invoice: toHolder(row) }
    }),
  }
}

function sumOf(of: { id: string | null; name: string | null; price: string | null }, rows: readonly Row[]) {
  const own = rows.filter(({ activityId }) => activityId === of.id)
  const total = (list: readonly Row[]) => toCents(sum(list.map(({ amount }) => decimal(amount))))
  const all = total(own)
  return {
    activityId: of.id,
    activityName: of.name,
    price: of.price,
    sum: all,
    claimed: total(own.filter(({ claimed }) => claimed)),
    difference: of.price === null ? null : toCents(subtract(decimal(of.price), all)),
    parts: own.filter(({ kind }) => kind === 'part').length,
  }
}
