import type { activity as activityShape } from '@uurwerk/api/master-data.ts'
import { calendarDate, dateIn } from '@uurwerk/core/shared/calendar-date.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { type Selectable, sql } from 'kysely'
import type { z } from 'zod'
import { rateText } from '../entries/rate-text.ts'
import { type FirmCall, type Handlers, StaleEdit } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { afterName, anywhere, byName, keyOf, pageOf } from '../http/paging.ts'
import { notThere } from '../http/problems.ts'
import type { Trx } from '../store/database.ts'
import type { Activity as ActivityTable } from '../store/schema.gen.ts'
import { deleteRow, putAway, rememberChange, restoreRow } from './kept-rows.ts'

type ActivityRow = Selectable<ActivityTable>
type Answer = z.input<typeof activityShape>
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
        ...putAway(archived, now),
        version: version + 1,
        updatedAt: now,
      })
      .where('firmId', '=', firmId)
      .where('id', '=', params.id)
      .execute()
    await rememberChange(call, { kind: 'activity', id: params.id }, before, body)
    return answerOf(call, params.id)
  },

  deleteActivity: async (call) => {
    const { params, version } = call
    const before = await answerOf(call, params.id)
    if (before.version !== version) throw new StaleEdit(before.version, before)
    if (await isUsed(call, params.id))
      throw new ProblemError({ kind: 'conflict', code: 'activity-in-use', values: { activity: before.name } })
    await deleteRow(call, 'activity', before)
    return undefined
  },

  restoreActivity: async (call) => {
    const { trx, firmId, params } = call
    const row = await trx
      .selectFrom('activity')
      .select(['id', 'version', 'deletedAt'])
      .where('firmId', '=', firmId)
      .where('id', '=', params.id)
      .executeTakeFirst()
    if (!row) throw notThere('activity')
    if (row.deletedAt) {
      await restoreRow(call, 'activity', row)
    }
    return answerOf(call, row.id)
  },
}

async function isUsed({ trx, firmId }: Asking, id: string): Promise<boolean> {
  const { rows } = await sql<{ used: boolean }>`
    select exists (select from hour_entry where firm_id = ${firmId}::uuid and activity_id = ${id}::uuid and deleted_at is null)
      or exists (select from instalment where firm_id = ${firmId}::uuid and activity_id = ${id}::uuid and deleted_at is null)
      or exists (select from invoice_line where firm_id = ${firmId}::uuid and activity_id = ${id}::uuid) as used`.execute(
    trx,
  )
  return rows[0]?.used === true
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
      { amount: rateText(row.amount), currency: row.currency, from: calendarDate(row.fromDate) },
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
