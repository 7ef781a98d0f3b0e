import type { hourInput, hourRoutes } from '@uurwerk/api/hours.ts'
import { calendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { longestMinutes, minutesBetween } from '@uurwerk/core/time/duration.ts'
import { sql } from 'kysely'
import type { z } from 'zod'
import { afterEdit } from '../entries/after-edit.ts'
import {
  groupTextOf,
  groupTextSql,
  type HourAnswer,
  type HourFilter,
  type HourRow,
  hourRows,
  toHourAnswer,
  whereOf,
} from '../entries/hour-rows.ts'
import { knownTags } from '../entries/known-tags.ts'
import { hoursProblem, isBillable, lockedDay } from '../entries/may-write.ts'
import { visibleSql, writtenFor } from '../entries/visible.ts'
import { type FirmCall, type Handlers, StaleEdit } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { type KeyPart, keyOf, pageOf } from '../http/paging.ts'
import { notThere, wrongField } from '../http/problems.ts'

type Asking = Pick<FirmCall<never>, 'trx' | 'firmId' | 'actor'>
type Input = Partial<z.output<typeof hourInput>>

const sortSql = {
  date: { column: sql`e.date`, direction: sql`asc`, sign: sql`>`, type: sql`date`, key: 'date' },
  '-date': { column: sql`e.date`, direction: sql`desc`, sign: sql`<`, type: sql`date`, key: 'date' },
  minutes: { column: sql`e.minutes`, direction: sql`asc`, sign: sql`>`, type: sql`integer`, key: 'number' },
  '-minutes': { column: sql`e.minutes`, direction: sql`desc`, sign: sql`<`, type: sql`integer`, key: 'number' },
  customer: { column: groupTextSql.customer, direction: sql`asc`, sign: sql`>`, type: sql`text`, key: 'text' },
  project: { column: groupTextSql.project, direction: sql`asc`, sign: sql`>`, type: sql`text`, key: 'text' },
  person: { column: groupTextSql.person, direction: sql`asc`, sign: sql`>`, type: sql`text`, key: 'text' },
} as const satisfies Record<string, { readonly key: KeyPart } & Record<string, unknown>>

type Sort = keyof typeof sortSql
const sortText = (row: HourRow, sort: Sort): string => {
  if (sort === 'customer' || sort === 'project' || sort === 'person') return groupTextOf(row, sort)
  return sort.endsWith('date') ? row.date : String(row.minutes)
}

export const hourHandlers: Handlers<Exclude<keyof typeof hourRoutes, 'readWeek' | 'copyWeek'>> = {
  listHours: async (call) => {
    const { trx, firmId, actor, query } = call
    const { cursor, limit, sort, updatedSince, ...filter } = query
    const { column, direction, sign, type, key } = sortSql[sort]
    const after = keyOf(cursor, [key, 'id'])
    const where = sql`${seenBy(call, filter)}
      ${updatedSince ? sql` and e.updated_at >= ${new Date(updatedSince)}` : sql``}
      ${after ? sql` and (${column}, e.id) ${sign} (${after[0]}::${type}, ${after[1]}::uuid)` : sql``}`
    const rows = await hourRows(trx, {
      firmId,
      where,
      order: sql`${column} ${direction}, e.id ${direction}`,
      limit: limit + 1,
    })
    const seesMoney = actor.rights.has('rates:read')
    return pageOf(
      rows,
      limit,
      (row) => [sortText(row, sort), row.id],
      (row) => toHourAnswer(row, seesMoney),
    )
  },

  createHour: async (call) => {
    const { trx, firmId, actor, body, services, now } = call
    const memberId = writtenFor(actor, body.memberId)
    const times = timesOf(body)
    const problem = await hoursProblem(call, { ...body, memberId })
    if (problem) throw problem
    const id = services.ids.next()
    await trx
      .insertInto('hourEntry')
      .values({
        firmId,
        id,
        memberId,
        date: body.date,
        ...times,
        projectId: body.projectId,
        activityId: body.activityId,
        note: body.note ?? '',
        tags: await knownTags(call, body.tags),
        billable: body.billable ?? (await isBillable(call, body)),
        createdAt: now,
        updatedAt: now,
      })
      .execute()
    await remember(call, { kind: 'hours', id }, 'created', { after: { ...body, ...times } })
    await services.events.publish(trx, firmId, { topic: 'hours', ids: [id] })
    return answerOf(call, id)
  },

  readHour: (call) => answerOf(call, call.params.id),

  changeHour: async (call) => {
    const { trx, firmId, params, body, version, services, now } = call
    const row = await rowOf(call, params.id, true)
    if (row.version !== version) throw new StaleEdit(row.version, await answerOf(call, params.id))
    refuseLocked(row)
    const timed = ['minutes', 'startMinute', 'endMinute', 'breakMinutes'].some((field) => field in body)
    // Plain minutes take the place of start and end; a new start or end keeps the other one.
    const times = timed ? timesOf(body.minutes === undefined ? { ...fromRow(row), ...body } : body) : {}
    const wanted = {
      date: body.date ?? calendarDate(row.date),
      projectId: body.projectId ?? row.projectId,
      activityId: body.activityId ?? row.activityId,
      memberId: row.memberId,
    }
    const problem = (await hoursProblem(call, wanted)) ?? (await lockedDay(call, calendarDate(row.date)))
    if (problem) throw problem
    await trx
      .updateTable('hourEntry')
      .set({
        date: wanted.date,
        projectId: wanted.projectId,
        activityId: wanted.activityId,
        ...times,
        // "Both are right" was said of the times of then.
        ...(timed || body.date ? { overlapAccepted: false } : {}),
        ...(body.note === undefined ? {} : { note: body.note }),
        ...(body.tags === undefined ? {} : { tags: await knownTags(call, body.tags, row.tags) }),
        ...(body.billable === undefined ? {} : { billable: body.billable }),
        ...afterEdit(row),
        version: version + 1,
        updatedAt: now,
      })
      .where('firmId', '=', firmId)
      .where('id', '=', row.id)
      .execute()
    await remember(call, { kind: 'hours', id: row.id }, 'changed', {
      before: Object.fromEntries(Object.keys(body).map((field) => [field, row[field as keyof HourRow]])),
      after: { ...body, ...times },
    })
    await services.events.publish(trx, firmId, { topic: 'hours', ids: [row.id] })
    return answerOf(call, row.id)
  },

  deleteHour: async (call) => {
    const { trx, firmId, params, version, services, now } = call
    const row = await rowOf(call, params.id, true)
    if (row.version !== version) throw new StaleEdit(row.version, await answerOf(call, params.id))
    refuseLocked(row)
    const problem = await lockedDay(call, calendarDate(row.date))
    if (problem) throw problem
    await trx
      .updateTable('hourEntry')
      .set({ deletedAt: now, version: version + 1, updatedAt: now })
      .where('firmId', '=', firmId)
      .where('id', '=', row.id)
      .execute()
    await remember(call, { kind: 'hours', id: row.id }, 'deleted', { before: { date: row.date, minutes: row.minutes } })
    await services.events.publish(trx, firmId, { topic: 'hours', ids: [row.id] })
    return undefined
  },

  restoreHour: async (call) => {
    const { trx, firmId, actor, params, now } = call
    const row = await trx
      .selectFrom('hourEntry')
      .select(['id', 'deletedAt', 'version', 'memberId', 'date', 'projectId', 'activityId'])
      .where('firmId', '=', firmId)
      .where('id', '=', params.id)
      .forUpdate()
      .executeTakeFirst()
    if (!row || (row.memberId !== actor.memberId && !actor.rights.has('hours:write'))) throw notThere('hours')
    if (row.deletedAt) {
      const problem = await hoursProblem(call, { ...row, date: calendarDate(row.date) })
      if (problem) throw problem
      await trx
        .updateTable('hourEntry')
        .set({ deletedAt: null, version: row.version + 1, updatedAt: now })
        .where('firmId', '=', firmId)
        .where('id', '=', row.id)
        .execute()
      await remember(call, { kind: 'hours', id: row.id }, 'restored')
    }
    return answerOf(call, row.id)
  },
}

/** What a filter finds of what the person may see. */
const seenBy = ({ actor }: Pick<Asking, 'actor'>, filter: HourFilter) =>
  sql`${whereOf(filter)}${visibleSql(actor, 'e')}`

async function rowOf({ trx, firmId, actor }: Asking, id: string, toWrite = false): Promise<HourRow> {
  const where = sql` and e.id = ${id}::uuid${visibleSql(actor, 'e')}`
  const [row] = await hourRows(trx, { firmId, where, lock: toWrite })
  if (!row) throw notThere('hours')
  if (toWrite) writtenFor(actor, row.memberId)
  return row
}

async function answerOf(call: Asking, id: string): Promise<HourAnswer> {
  return toHourAnswer(await rowOf(call, id), call.actor.rights.has('rates:read'))
}

const fromRow = (row: HourRow): Input => ({
  startMinute: row.startMinute,
  endMinute: row.endMinute,
  breakMinutes: row.breakMinutes,
  minutes: row.startMinute === null ? row.minutes : undefined,
})

/** Minutes as given, or from start, end and break. */
function timesOf(body: Input): {
  minutes: number
  startMinute: number | null
  endMinute: number | null
  breakMinutes: number
} {
  const { minutes, startMinute = null, endMinute = null, breakMinutes = 0 } = body
  if (startMinute === null && endMinute === null) {
    if (minutes === undefined) throw wrongField('/minutes', 'required')
    return { minutes, startMinute: null, endMinute: null, breakMinutes: 0 }
  }
  if (startMinute === null) throw wrongField('/startMinute', 'required')
  if (endMinute === null) throw wrongField('/endMinute', 'required')
  const between = minutesBetween(startMinute, endMinute, breakMinutes)
  if (between === null) throw wrongField('/breakMinutes', 'break-too-long')
  if (between < 1 || between > longestMinutes) throw wrongField('/endMinute', 'no-time-between')
  if (minutes !== undefined && minutes !== between)
    throw wrongField('/minutes', 'minutes-differ', { minutes: String(between) })
  return { minutes: between, startMinute, endMinute, breakMinutes }
}

function refuseLocked(row: HourRow): void {
  if (!row.locked) return
  const code =
    row.state === 'reserved' || row.state === 'invoiced'
      ? 'hours-claimed'
      : row.approval === 'approved'
        ? 'hours-approved'
        : 'hours-written-off'
  throw new ProblemError({ kind: 'conflict', code, values: { number: row.claimedInvoiceNumber ?? '' } })
}
