import type { hourInput, hourRoutes } from '@uurwerk/api/hours.ts'
import { calendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { longestMinutes, minutesBetween } from '@uurwerk/core/time/duration.ts'
import { sql } from 'kysely'
import type { z } from 'zod'
import {
  type HourAnswer,
  type HourFilter,
  type HourGroup,
  type HourRow,
  hourGroupTextOf,
  hourGroupTextSql,
  hourRows,
  toHourAnswer,
  whereOf,
} from '../entries/hour-rows.ts'
import { knownTags } from '../entries/known-tags.ts'
import { hoursProblem, isBillable } from '../entries/may-write.ts'
import { type Asking, oneOfKind, type Placed } from '../entries/one-entry.ts'
import { visibleSql, writtenFor } from '../entries/visible.ts'
import type { Handlers } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { type KeyPart, keyOf, pageOf } from '../http/paging.ts'
import { wrongField } from '../http/problems.ts'

type Input = Partial<z.output<typeof hourInput>>

const group = (by: HourGroup) =>
  ({ column: hourGroupTextSql(by), direction: sql`asc`, sign: sql`>`, type: sql`text`, key: 'text' }) as const

const sortSql = {
  date: { column: sql`e.date`, direction: sql`asc`, sign: sql`>`, type: sql`date`, key: 'date' },
  '-date': { column: sql`e.date`, direction: sql`desc`, sign: sql`<`, type: sql`date`, key: 'date' },
  minutes: { column: sql`e.minutes`, direction: sql`asc`, sign: sql`>`, type: sql`integer`, key: 'number' },
  '-minutes': { column: sql`e.minutes`, direction: sql`desc`, sign: sql`<`, type: sql`integer`, key: 'number' },
  customer: group('customer'),
  project: group('project'),
  person: group('person'),
} as const satisfies Record<string, { readonly key: KeyPart } & Record<string, unknown>>

type Sort = keyof typeof sortSql
const sortText = (row: HourRow, sort: Sort): string => {
  if (sort === 'customer' || sort === 'project' || sort === 'person') return hourGroupTextOf(row, sort)
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
    await hours.refusePlace(call, { ...body, memberId })
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
    return hours.answerOf(call, id)
  },

  readHour: (call) => hours.answerOf(call, call.params.id),

  changeHour: async (call) => {
    const { trx, firmId, body } = call
    return hours.change(call, {
      async filled(row) {
        // Plain minutes take the place of start and end; a new start or end keeps the other one.
        const timed = timeFields.some((field) => field in body)
        return {
          memberId: row.memberId,
          date: body.date ?? calendarDate(row.date),
          projectId: body.projectId ?? row.projectId,
          activityId: body.activityId ?? row.activityId,
          ...(timed ? timesOf(body.minutes === undefined ? { ...fromRow(row), ...body } : body) : {}),
          // "Both are right" was said of the times of then.
          ...(timed || body.date ? { overlapAccepted: false } : {}),
          ...(body.note === undefined ? {} : { note: body.note }),
          ...(body.tags === undefined ? {} : { tags: await knownTags(call, body.tags, row.tags) }),
          ...(body.billable === undefined ? {} : { billable: body.billable }),
        }
      },
      async store({ id }, written, also) {
        await trx
          .updateTable('hourEntry')
          .set({ ...written, ...also })
          .where('firmId', '=', firmId)
          .where('id', '=', id)
          .execute()
      },
    })
  },

  deleteHour: (call) => hours.remove(call),
  restoreHour: (call) => hours.restore(call),
}

/** What is kept in the history when it changes. */
const changedFields = [
  'date',
  'minutes',
  'startMinute',
  'endMinute',
  'breakMinutes',
  'projectId',
  'projectName',
  'activityId',
  'activityName',
  'note',
  'tags',
  'billable',
] as const satisfies readonly (keyof HourAnswer)[]

interface Place extends Placed {
  readonly projectId: string
  readonly activityId: string
}

const hours = oneOfKind<HourRow, HourAnswer, Place>({
  kind: 'hours',
  topic: 'hours',
  rows: hourRows,
  toAnswer: toHourAnswer,
  placeProblem: hoursProblem,
  placeColumns: sql`, e.activity_id as "activityId"`,
  told: changedFields,
  gone: ({ date, minutes }) => ({ date, minutes }),
  refusals: {
    claimed: { kind: 'conflict', code: 'hours-claimed' },
    approved: { kind: 'conflict', code: 'hours-approved' },
    writtenOff: { kind: 'conflict', code: 'hours-written-off' },
  },
})

/** What a filter finds of what the person may see. */
const seenBy = ({ actor }: Pick<Asking, 'actor'>, filter: HourFilter) =>
  sql`${whereOf(filter)}${visibleSql(actor, 'e')}`

const timeFields = ['minutes', 'startMinute', 'endMinute', 'breakMinutes'] as const
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
