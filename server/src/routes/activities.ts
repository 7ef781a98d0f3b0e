import type { activity as activityShape, rateScope, rate as rateShape } from '@uurwerk/api/master-data.ts'
import { calendarDate, dateIn } from '@uurwerk/core/shared/calendar-date.ts'
import { decimal, round } from '@uurwerk/core/shared/money.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import type { Selectable } from 'kysely'
import type { z } from 'zod'
import { type FirmCall, type Handlers, StaleEdit } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { afterName, anywhere, byName, keyOf, pageOf } from '../http/paging.ts'
import { notThere, wrongField } from '../http/problems.ts'
import type { Trx } from '../store/database.ts'
import type { Activity as ActivityTable, Rate as RateTable } from '../store/schema.gen.ts'

type ActivityRow = Selectable<ActivityTable>
type Answer = z.input<typeof activityShape>
type RateAnswer = z.input<typeof rateShape>
type Scope = z.output<typeof rateScope>
interface Asking {
  readonly trx: Trx
  readonly firmId: string
  readonly firm: FirmCall<never>['firm']
  readonly now: Date
}
type Names =
  | 'listActivities'
  | 'createActivity'
  | 'readActivity'
  | 'changeActivity'
  | 'deleteActivity'
  | 'restoreActivity'
  | 'listRates'
  | 'createRate'
  | 'changeRate'
  | 'deleteRate'
  | 'restoreRate'

/** Amounts with at least two decimals, and no more than they need. */
const amountText = (amount: string): string => {
  const text = decimal(amount)
  return (text.split('.')[1] ?? '').length <= 2 ? round(text, 2) : text
}

export const activityHandlers: Handlers<Names> = {
  listActivities: async (call) => {
    const { trx, firmId, query } = call
    const after = keyOf(query.cursor, ['text', 'id'])
    let rows = trx
      .selectFrom('activity')
      .selectAll()
      .where('firmId', '=', firmId)
      .where('deletedAt', 'is', null)
      .where('archivedAt', query.archived ? 'is not' : 'is', null)
      .orderBy(byName)
      .orderBy('id')
      .limit(query.limit + 1)
    if (query.updatedSince) rows = rows.where('updatedAt', '>=', new Date(query.updatedSince))
    if (query.search) {
      const like = anywhere(query.search)
      rows = rows.where((where) => where.or([where('name', 'ilike', like), where('code', 'ilike', like)]))
    }
    if (after) rows = rows.where(afterName(after[0] as string, after[1] as string))
    const found = await rows.execute()
    const rates = await ratesToday(
      call,
      found.map(({ id }) => id),
    )
    const seesRates = call.actor.rights.has('rates:read')
    return pageOf(
      found,
      query.limit,
      ({ name, id }) => [name, id],
      (row) => toAnswer(row, seesRates ? rates.get(row.id) : undefined),
    )
  },

  createActivity: async (call) => {
    const { trx, firmId, body, now, services } = call
    const id = services.ids.next()
    const { rate, ...plain } = body
    await trx
      .insertInto('activity')
      .values({ ...plain, code: plain.code || null, firmId, id, createdAt: now, updatedAt: now })
      .execute()
    // The amount stands in the history of the rate, which not everybody who sees the activity may read.
    await remember(call, { kind: 'activity', id }, 'created', { after: plain })
    if (rate) {
      const rateId = services.ids.next()
      await trx
        .insertInto('rate')
        .values({
          firmId,
          id: rateId,
          scope: 'activity',
          activityId: id,
          amount: rate.amount,
          currency: rate.currency,
          fromDate: rate.from,
          createdAt: now,
          updatedAt: now,
        })
        .execute()
      await remember(call, { kind: 'rate', id: rateId }, 'created', { after: { activityId: id, ...rate } })
    }
    return answerOf(call, id)
  },

  readActivity: (call) => answerOf(call, call.params.id),

  changeActivity: async (call) => {
    const { trx, firmId, params, body, version, now } = call
    const before = await answerOf(call, params.id)
    if (before.version !== version) throw new StaleEdit(before.version, before)
    const { archived, ...plain } = body
    await trx
      .updateTable('activity')
      .set({
        ...plain,
        ...(plain.code === undefined ? {} : { code: plain.code || null }),
        ...(archived === undefined ? {} : { archivedAt: archived ? now : null }),
        version: version + 1,
        updatedAt: now,
      })
      .where('firmId', '=', firmId)
      .where('id', '=', params.id)
      .execute()
    await remember(
      call,
      { kind: 'activity', id: params.id },
      archived === undefined ? 'changed' : archived ? 'archived' : 'brought-back',
      {
        before: Object.fromEntries(Object.keys(body).map((field) => [field, before[field as keyof Answer]])),
        after: body,
      },
    )
    return answerOf(call, params.id)
  },

  deleteActivity: async (call) => {
    const { trx, firmId, params, version, now } = call
    const before = await answerOf(call, params.id)
    if (before.version !== version) throw new StaleEdit(before.version, before)
    const hours = await trx
      .selectFrom('hourEntry')
      .select('id')
      .where('firmId', '=', firmId)
      .where('activityId', '=', params.id)
      .where('deletedAt', 'is', null)
      .limit(1)
      .executeTakeFirst()
    if (hours) throw new ProblemError({ kind: 'conflict', code: 'activity-in-use', values: { activity: before.name } })
    await trx
      .updateTable('activity')
      .set({ deletedAt: now, version: version + 1, updatedAt: now })
      .where('firmId', '=', firmId)
      .where('id', '=', params.id)
      .execute()
    await remember(call, { kind: 'activity', id: params.id }, 'deleted')
    return undefined
  },

  restoreActivity: async (call) => {
    const { trx, firmId, params, now } = call
    const row = await trx
      .selectFrom('activity')
      .select(['id', 'version', 'deletedAt'])
      .where('firmId', '=', firmId)
      .where('id', '=', params.id)
      .executeTakeFirst()
    if (!row) throw notThere('activity')
    if (row.deletedAt) {
      await trx
        .updateTable('activity')
        .set({ deletedAt: null, version: row.version + 1, updatedAt: now })
        .where('firmId', '=', firmId)
        .where('id', '=', row.id)
        .execute()
      await remember(call, { kind: 'activity', id: row.id }, 'restored')
    }
    return answerOf(call, row.id)
  },

  listRates: async ({ trx, firmId, query }) => {
    let rows = trx
      .selectFrom('rate')
      .selectAll()
      .where('firmId', '=', firmId)
      .where('unit', '=', 'hour')
      .where('deletedAt', 'is', null)
      .orderBy('fromDate', 'desc')
      .orderBy('id')
    if (query.activityId) rows = rows.where('activityId', '=', query.activityId)
    if (query.projectId) rows = rows.where('projectId', '=', query.projectId)
    if (query.customerId) rows = rows.where('customerId', '=', query.customerId)
    if (query.memberId) rows = rows.where('memberId', '=', query.memberId)
    return { rows: (await rows.limit(1000).execute()).map(toRate) }
  },

  createRate: async (call) => {
    const { trx, firmId, body, now, services } = call
    const subject = subjectOf(body)
    await checkSubject(call, subject)
    const same = await trx
      .selectFrom('rate')
      .select('id')
      .where('firmId', '=', firmId)
      .where('unit', '=', 'hour')
      .where('scope', '=', body.scope)
      .where('fromDate', '=', body.from)
      .where('deletedAt', 'is', null)
      .where((where) =>
        where.and(
          subjectIds.map((field) =>
            subject[field] ? where(field, '=', subject[field] as string) : where(field, 'is', null),
          ),
        ),
      )
      .executeTakeFirst()
    if (same) throw wrongField('/from', 'rate-from-taken', { date: body.from })
    const id = services.ids.next()
    await trx
      .insertInto('rate')
      .values({
        firmId,
        id,
        scope: body.scope,
        ...subject,
        amount: body.amount,
        currency: body.currency,
        fromDate: body.from,
        createdAt: now,
        updatedAt: now,
      })
      .execute()
    await remember(call, { kind: 'rate', id }, 'created', { after: body })
    return rateOf(call, id)
  },

  changeRate: async (call) => {
    const { trx, firmId, params, body, version, now } = call
    const before = await rateOf(call, params.id)
    if (before.version !== version) throw new StaleEdit(before.version, before)
    await trx
      .updateTable('rate')
      .set({
        ...(body.amount ? { amount: body.amount } : {}),
        ...(body.from ? { fromDate: body.from } : {}),
        version: version + 1,
        updatedAt: now,
      })
      .where('firmId', '=', firmId)
      .where('id', '=', params.id)
      .execute()
      .catch((error: { code?: string }) => {
        throw error.code === '23505'
          ? wrongField('/from', 'rate-from-taken', { date: body.from ?? before.from })
          : error
      })
    await remember(call, { kind: 'rate', id: params.id }, 'changed', { before, after: body })
    return rateOf(call, params.id)
  },

  deleteRate: async (call) => {
    const { trx, firmId, params, version, now } = call
    const before = await rateOf(call, params.id)
    if (before.version !== version) throw new StaleEdit(before.version, before)
    await trx
      .updateTable('rate')
      .set({ deletedAt: now, version: version + 1, updatedAt: now })
      .where('firmId', '=', firmId)
      .where('id', '=', params.id)
      .execute()
    await remember(call, { kind: 'rate', id: params.id }, 'deleted', { before })
    return undefined
  },

  restoreRate: async (call) => {
    const { trx, firmId, params, now } = call
    const row = await trx
      .selectFrom('rate')
      .select(['id', 'version', 'deletedAt', 'fromDate'])
      .where('firmId', '=', firmId)
      .where('id', '=', params.id)
      .executeTakeFirst()
    if (!row) throw notThere('rate')
    if (row.deletedAt) {
      await trx
        .updateTable('rate')
        .set({ deletedAt: null, version: row.version + 1, updatedAt: now })
        .where('firmId', '=', firmId)
        .where('id', '=', row.id)
        .execute()
        .catch((error: { code?: string }) => {
          throw error.code === '23505' ? wrongField('/from', 'rate-from-taken', { date: row.fromDate }) : error
        })
      await remember(call, { kind: 'rate', id: row.id }, 'restored')
    }
    return rateOf(call, row.id)
  },
}

const subjectIds = ['activityId', 'projectId', 'customerId', 'memberId'] as const
type Subject = { readonly [K in (typeof subjectIds)[number]]: string | null }

const needs: Readonly<Record<Scope, readonly (keyof Subject)[]>> = {
  activity: ['activityId'],
  user: ['memberId'],
  project: ['projectId'],
  customer: ['customerId'],
  'project-activity': ['projectId', 'activityId'],
  'project-user': ['projectId', 'memberId'],
}

/** The ids that the scope asks for, and no others. */
function subjectOf(body: { scope: Scope } & { readonly [K in keyof Subject]?: string | null | undefined }): Subject {
  const wanted = needs[body.scope]
  for (const field of subjectIds) {
    if (wanted.includes(field) && !body[field]) throw wrongField(`/${field}`, 'required')
    if (!wanted.includes(field) && body[field]) throw wrongField(`/${field}`, 'not-for-this-scope')
  }
  return {
    activityId: body.activityId ?? null,
    projectId: body.projectId ?? null,
    customerId: body.customerId ?? null,
    memberId: body.memberId ?? null,
  }
}

async function checkSubject({ trx, firmId }: Asking, subject: Subject): Promise<void> {
  const tables = { activityId: 'activity', projectId: 'project', customerId: 'customer', memberId: 'member' } as const
  const codes = {
    activityId: 'activity-unknown',
    projectId: 'project-unknown',
    customerId: 'customer-unknown',
    memberId: 'person-unknown',
  } as const
  for (const field of subjectIds) {
    const id = subject[field]
    if (!id) continue
    const found = await trx
      .selectFrom(tables[field])
      .select('id')
      .where('firmId', '=', firmId)
      .where('id', '=', id)
      .executeTakeFirst()
    if (!found) throw wrongField(`/${field}`, codes[field])
  }
}

async function answerOf(call: Asking & { readonly actor: FirmCall<never>['actor'] }, id: string): Promise<Answer> {
  const row = await call.trx
    .selectFrom('activity')
    .selectAll()
    .where('firmId', '=', call.firmId)
    .where('id', '=', id)
    .where('deletedAt', 'is', null)
    .executeTakeFirst()
  if (!row) throw notThere('activity')
  const rates = call.actor.rights.has('rates:read') ? await ratesToday(call, [id]) : new Map()
  return toAnswer(row, rates.get(id))
}

type TodayRate = Answer['rate']

async function ratesToday({ trx, firmId, firm, now }: Asking, ids: readonly string[]): Promise<Map<string, TodayRate>> {
  if (ids.length === 0) return new Map()
  const rows = await trx
    .selectFrom('rate')
    .distinctOn('activityId')
    .select(['activityId', 'amount', 'currency', 'fromDate'])
    .where('firmId', '=', firmId)
    .where('unit', '=', 'hour')
    .where('scope', '=', 'activity')
    .where('activityId', 'in', [...ids])
    .where('deletedAt', 'is', null)
    .where('fromDate', '<=', dateIn(firm.timeZone, now))
    .orderBy('activityId')
    .orderBy('fromDate', 'desc')
    .execute()
  return new Map(
    rows.map((row) => [
      row.activityId as string,
      { amount: amountText(row.amount), currency: row.currency, from: calendarDate(row.fromDate) },
    ]),
  )
}

function toAnswer(row: ActivityRow, rate: TodayRate | undefined): Answer {
  return {
    id: row.id,
    name: row.name,
    code: row.code,
    billable: row.billable,
    vatClass: row.vatClass as Answer['vatClass'],
    rate: rate ?? null,
    archived: row.archivedAt !== null,
    version: row.version,
    updatedAt: row.updatedAt.toISOString(),
  }
}

async function rateOf({ trx, firmId }: Asking, id: string): Promise<RateAnswer> {
  const row = await trx
    .selectFrom('rate')
    .selectAll()
    .where('firmId', '=', firmId)
    .where('id', '=', id)
    .where('deletedAt', 'is', null)
    .executeTakeFirst()
  if (!row) throw notThere('rate')
  return toRate(row)
}

function toRate(row: Selectable<RateTable>): RateAnswer {
  return {
    id: row.id,
    scope: row.scope as RateAnswer['scope'],
    activityId: row.activityId,
    projectId: row.projectId,
    customerId: row.customerId,
    memberId: row.memberId,
    amount: amountText(row.amount),
    currency: row.currency,
    from: row.fromDate,
    version: row.version,
  }
}
