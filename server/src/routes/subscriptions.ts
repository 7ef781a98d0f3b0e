import type { invoicingRoutes, subscriptions as subscriptionsShape } from '@uurwerk/api/invoicing.ts'
import { type DuePeriod, periodsAhead, periodsDue } from '@uurwerk/core/invoicing/becoming-due.ts'
import { addMonths, calendarDate, dateIn } from '@uurwerk/core/shared/calendar-date.ts'
import { decimal, sameAmount, toCents } from '@uurwerk/core/shared/money.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { type Selectable, sql } from 'kysely'
import type { z } from 'zod'
import { termsOf, writeDuePeriods } from '../due/become-due.ts'
import { type HolderRow, heldByPackage, holderColumns, toHolder } from '../entries/entry-sql.ts'
import { type FirmCall, type Handlers, StaleEdit } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { notThere, wrongField } from '../http/problems.ts'
import type { Subscription } from '../store/schema.gen.ts'
import { getProject, lockProject } from './instalments.ts'
import { deleteRow } from './kept-rows.ts'

type Answer = z.input<typeof subscriptionsShape>
type Names =
  | 'listSubscriptions'
  | 'createSubscription'
  | 'changeSubscription'
  | 'deleteSubscription'
  | 'changeSubscriptionPeriod'
type Changing = Omit<FirmCall<never>, 'params' | 'query' | 'body'>
type Asking = Pick<Changing, 'trx' | 'firmId' | 'firm' | 'now'>
type Row = Selectable<Subscription>
type Change = z.output<(typeof invoicingRoutes)['changeSubscription']['body']>

export const subscriptionHandlers: Handlers<Names> = {
  listSubscriptions: (call) => answerOf(call, call.params.id),

  createSubscription: async (call) => {
    const { trx, firmId, params, body, now, services } = call
    const project = await lockProject(call, params.id)
    if (project.method !== 'subscription')
      throw new ProblemError({ kind: 'conflict', code: 'project-not-subscription', values: { project: project.name } })
    const { from, until, ...plain } = body
    if (until && until < from) throw wrongField('/until', 'end-before-start')
    refuseLongAgo(from, call)
    const id = services.ids.next()
    await trx
      .insertInto('subscription')
      .values({
        ...plain,
        firmId,
        id,
        projectId: project.id,
        fromDate: from,
        untilDate: until ?? null,
        createdAt: now,
        updatedAt: now,
      })
      .execute()
    await remember(call, { kind: 'subscription', id }, 'created', { after: { projectId: project.id, ...body } })
    return become(call, params.id, id)
  },

  changeSubscription: async (call) => {
    const { trx, firmId, params, body, version, now } = call
    const row = await lockSubscription(call, params)
    const { from, until, dueToo, ...plain } = body
    const after: Row = {
      ...row,
      ...plain,
      fromDate: from ?? row.fromDate,
      untilDate: until === undefined ? row.untilDate : until,
    }
    if (after.untilDate && after.untilDate < after.fromDate) throw wrongField('/until', 'end-before-start')
    if (from !== undefined && from !== row.fromDate) refuseLongAgo(from, call)
    await fitPeriods(call, { before: row, after, dueToo: dueToo ?? false, body })
    await trx
      .updateTable('subscription')
      .set({
        ...plain,
        fromDate: after.fromDate,
        untilDate: after.untilDate,
        version: version + 1,
        updatedAt: now,
      })
      .where('firmId', '=', firmId)
      .where('id', '=', row.id)
      .execute()
    await remember(call, { kind: 'subscription', id: row.id }, 'changed', {
      before: {
        description: row.description,
        amount: row.amount,
        period: row.period,
        from: row.fromDate,
        until: row.untilDate,
        inAdvance: row.inAdvance,
        lastPeriod: row.lastPeriod,
      },
      after: body,
    })
    return become(call, params.id, row.id)
  },

  deleteSubscription: async (call) => {
    const { trx, firmId, params } = call
    const row = await lockSubscription(call, params)
    const periods = await lockPeriods(call, row.id)
    if (periods.some(({ claimed }) => claimed))
      throw new ProblemError({
        kind: 'conflict',
        code: 'subscription-invoiced',
        values: { subscription: row.description },
      })
    await trx
      .deleteFrom('subscriptionPeriod')
      .where('firmId', '=', firmId)
      .where('subscriptionId', '=', row.id)
      .execute()
    await deleteRow(call, 'subscription', row, {
      description: row.description,
      amount: row.amount,
      periods: periods.length,
    })
    return told(call, params.id)
  },

  changeSubscriptionPeriod: async (call) => {
    const { trx, firmId, params, body, version, now } = call
    await lockProject(call, params.id)
    const row = await trx
      .selectFrom('subscriptionPeriod')
      .select(['id', 'subscriptionId', 'version', 'claimed', 'skippedAt', 'periodFrom'])
      .where('firmId', '=', firmId)
      .where('projectId', '=', params.id)
      .where('id', '=', params.periodId)
      .forUpdate()
      .executeTakeFirst()
    if (!row) throw notThere('subscription period')
    if (row.version !== version) throw new StaleEdit(row.version, await answerOf(call, params.id))
    if (row.claimed)
      throw new ProblemError({ kind: 'conflict', code: 'period-claimed', values: { date: row.periodFrom } })
    await trx
      .updateTable('subscriptionPeriod')
      .set({ skippedAt: body.skipped ? (row.skippedAt ?? now) : null, version: version + 1, updatedAt: now })
      .where('firmId', '=', firmId)
      .where('id', '=', row.id)
      .execute()
    const act = body.skipped ? 'skipped' : 'brought-back'
    await remember(call, { kind: 'subscription', id: row.subscriptionId }, act, {
      after: { periodFrom: row.periodFrom },
    })
    return told(call, params.id)
  },
}

/** A year typed wrongly would make hundreds of periods due at once. */
function refuseLongAgo(from: string, { firm, now }: Pick<Changing, 'firm' | 'now'>): void {
  const earliest = addMonths(dateIn(firm.timeZone, now), -12 * mostYearsAgo)
  if (from < earliest) throw wrongField('/from', 'too-long-ago', { date: earliest })
}
const mostYearsAgo = 5

async function lockSubscription(
  call: Changing,
  { id, subscriptionId }: { id: string; subscriptionId: string },
): Promise<Row> {
  const { trx, firmId, version } = call
  await lockProject(call, id)
  const row = await trx
    .selectFrom('subscription')
    .selectAll()
    .where('firmId', '=', firmId)
    .where('projectId', '=', id)
    .where('id', '=', subscriptionId)
    .where('deletedAt', 'is', null)
    .forUpdate()
    .executeTakeFirst()
  if (!row) throw notThere('subscription')
  if (row.version !== version) throw new StaleEdit(row.version, await answerOf(call, id))
  return row
}

const lockPeriods = ({ trx, firmId }: Pick<Changing, 'trx' | 'firmId'>, subscriptionId: string) =>
  trx
    .selectFrom('subscriptionPeriod')
    .select(['id', 'number', 'periodFrom', 'periodUntil', 'dueOn', 'amount', 'claimed'])
    .where('firmId', '=', firmId)
    .where('subscriptionId', '=', subscriptionId)
    .orderBy('id')
    .forUpdate()
    .execute()

/** Periods on an invoice stay; the others become what the new terms say, or go. */
async function fitPeriods(
  call: Changing,
  { before, after, dueToo, body }: { before: Row; after: Row; dueToo: boolean; body: Change },
): Promise<void> {
  const { trx, firmId, now } = call
  const today = dateIn(call.firm.timeZone, now)
  const periods = await lockPeriods(call, before.id)
  const wanted = new Map(periodsDue(termsOf(after), today).map((period) => [period.periodFrom as string, period]))
  for (const period of periods.filter(({ claimed }) => claimed)) {
    const now = wanted.get(period.periodFrom)
    if (now && now.periodUntil === period.periodUntil) continue
    const pointer = body.until === undefined ? (body.from === undefined ? '/period' : '/from') : '/until'
    throw wrongField(pointer, 'period-invoiced', { from: period.periodFrom, until: period.periodUntil })
  }
  const isSame = ({ periodUntil, dueOn, amount }: DuePeriod, period: (typeof periods)[number]) =>
    periodUntil === period.periodUntil && dueOn === period.dueOn && sameAmount(amount, decimal(period.amount))
  for (const period of periods.filter(({ claimed }) => !claimed)) {
    const next = wanted.get(period.periodFrom)
    if (!next) {
      await trx.deleteFrom('subscriptionPeriod').where('firmId', '=', firmId).where('id', '=', period.id).execute()
      continue
    }
    // What was due at the old amount stays so, unless it is cut to another length.
    const amount = dueToo || next.periodUntil !== period.periodUntil ? next.amount : decimal(period.amount)
    if (isSame({ ...next, amount }, period)) continue
    await trx
      .updateTable('subscriptionPeriod')
      .set(({ eb }) => ({
        number: next.number,
        periodUntil: next.periodUntil,
        dueOn: next.dueOn,
        amount,
        version: eb('version', '+', 1),
        updatedAt: now,
      }))
      .where('firmId', '=', firmId)
      .where('id', '=', period.id)
      .execute()
  }
}

/** What the terms made due by today is there at once; the job does the rest. */
async function become(call: Changing, projectId: string, subscriptionId: string): Promise<Answer> {
  await writeDuePeriods(call, dateIn(call.firm.timeZone, call.now), sql` and s.id = ${subscriptionId}::uuid`)
  return told(call, projectId)
}

async function told(call: Changing, projectId: string): Promise<Answer> {
  await call.services.events.publish(call.trx, call.firmId, { topic: 'due', ids: [projectId] })
  return answerOf(call, projectId)
}

const mostDue = 36
const mostAhead = 3

interface PeriodRow extends HolderRow {
  readonly id: string
  readonly subscriptionId: string
  readonly number: number
  readonly periodFrom: string
  readonly periodUntil: string
  readonly dueOn: string
  readonly amount: string
  readonly skippedAt: Date | null
  readonly claimed: boolean
  readonly version: number
}

async function answerOf(call: Asking, projectId: string): Promise<Answer> {
  const { trx, firmId } = call
  const project = await getProject(call, projectId)
  const rows = await trx
    .selectFrom('subscription')
    .selectAll()
    .where('firmId', '=', firmId)
    .where('projectId', '=', projectId)
    .where('deletedAt', 'is', null)
    .orderBy('fromDate')
    .orderBy('id')
    .execute()
  const { rows: periods } = await sql<PeriodRow>`
    select d.* from (
      select s.id, s.subscription_id as "subscriptionId", s.number, s.period_from as "periodFrom",
        s.period_until as "periodUntil", s.due_on as "dueOn", s.amount, s.skipped_at as "skippedAt", s.claimed,
        ${holderColumns}, s.version,
        row_number() over (partition by s.subscription_id order by s.period_from desc) as place
      from subscription_period s
      left join claim c on s.claimed and c.firm_id = s.firm_id and c.entry_kind = 'subscription' and c.entry_id = s.id and c.released_at is null
      left join invoice i on i.firm_id = c.firm_id and i.id = c.invoice_id
      ${heldByPackage}
      where s.firm_id = ${firmId}::uuid and s.project_id = ${projectId}::uuid) d
    where d.place <= ${mostDue}
    order by d."periodFrom" desc`.execute(trx)
  const today = dateIn(call.firm.timeZone, call.now)
  return {
    method: project.method,
    currency: project.currency,
    rows: rows.map((row) => ({
      id: row.id,
      description: row.description,
      amount: toCents(decimal(row.amount)),
      period: termsOf(row).period,
      from: calendarDate(row.fromDate),
      until: row.untilDate,
      inAdvance: row.inAdvance,
      lastPeriod: termsOf(row).lastPeriod,
      vatClass: row.vatClass as Answer['rows'][number]['vatClass'],
      due: periods
        .filter(({ subscriptionId }) => subscriptionId === row.id)
        .map(({ id, number, periodFrom, periodUntil, dueOn, amount, skippedAt, claimed, version, ...held }) => ({
          id,
          number,
          periodFrom,
          periodUntil,
          dueOn,
          amount,
          skipped: skippedAt !== null,
          claimed,
          invoice: toHolder(held),
          version,
        })),
      ahead: periodsAhead(termsOf(row), today, mostAhead),
      version: row.version,
    })),
  }
}
