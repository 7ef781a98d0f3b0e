import type { hourInput, hourRoutes } from '@uurwerk/api/hours.ts'
import {
  addDays,
  type CalendarDate,
  calendarDate,
  dayOfWeek,
  mondayOf,
  type Week,
  weekOf,
} from '@uurwerk/core/shared/calendar-date.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { longestMinutes, minutesBetween } from '@uurwerk/core/time/duration.ts'
import { timeWarnings } from '@uurwerk/core/time/overlap.ts'
import { sql } from 'kysely'
import type { z } from 'zod'
import {
  groupTextOf,
  groupTextSql,
  type HourAnswer,
  type HourFilter,
  type HourRow,
  hourGroupTotals,
  hourRows,
  hourTotals,
  toHourAnswer,
  whereOf,
} from '../entries/hour-rows.ts'
import { type FirmCall, type Handlers, StaleEdit } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { type KeyPart, keyOf, pageOf } from '../http/paging.ts'
import { notThere, wrongField } from '../http/problems.ts'
import type { Trx } from '../store/database.ts'

type Asking = Pick<FirmCall<never>, 'trx' | 'firmId' | 'actor'>
type Input = Partial<z.output<typeof hourInput>>

const sortSql = {
  date: { column: sql`h.date`, direction: sql`asc`, sign: sql`>`, type: sql`date`, key: 'date' },
  '-date': { column: sql`h.date`, direction: sql`desc`, sign: sql`<`, type: sql`date`, key: 'date' },
  minutes: { column: sql`h.minutes`, direction: sql`asc`, sign: sql`>`, type: sql`integer`, key: 'number' },
  '-minutes': { column: sql`h.minutes`, direction: sql`desc`, sign: sql`<`, type: sql`integer`, key: 'number' },
  customer: { column: groupTextSql.customer, direction: sql`asc`, sign: sql`>`, type: sql`text`, key: 'text' },
  project: { column: groupTextSql.project, direction: sql`asc`, sign: sql`>`, type: sql`text`, key: 'text' },
  person: { column: groupTextSql.person, direction: sql`asc`, sign: sql`>`, type: sql`text`, key: 'text' },
} as const satisfies Record<string, { readonly key: KeyPart } & Record<string, unknown>>

type Sort = keyof typeof sortSql
const sortText = (row: HourRow, sort: Sort): string => {
  if (sort === 'customer' || sort === 'project' || sort === 'person') return groupTextOf(row, sort)
  return sort.endsWith('date') ? row.date : String(row.minutes)
}

export const hourHandlers: Handlers<keyof typeof hourRoutes> = {
  readWeek: async (call) => {
    const { trx, firmId, actor, params, query } = call
    const memberId = ownOr(actor, query.memberId)
    const monday = mondayOf(params)
    if (!monday) throw wrongField('/path/week', 'no-such-week')
    await memberOf(call, memberId, '/query/memberId')
    const sunday = addDays(monday, 6)
    const rows = await hourRows(trx, { firmId, where: whereOf({ from: monday, until: sunday, memberId: [memberId] }) })
    const contract = await contractHours(trx, firmId, memberId)
    const warnings = timeWarnings(
      rows.map((row) => ({
        id: row.id,
        userId: memberId,
        date: calendarDate(row.date),
        minutes: row.minutes,
        start: row.startMinute,
        end: row.endMinute,
      })),
    )
    const days = range(monday, 7).map((date) => ({
      date,
      minutes: rows.filter((row) => row.date === date).reduce((total, row) => total + row.minutes, 0),
      contractMinutes: contract(date),
      warnings: warnings
        .filter((warning) => warning.date === date)
        .map(({ warning, entryIds, minutes }) => ({
          code: warning === 'overlap' ? ('overlap' as const) : ('over-24-hours' as const),
          entryIds: [...entryIds],
          minutes,
        })),
    }))
    const seesMoney = actor.rights.has('rates:read')
    return {
      ...params,
      monday,
      memberId,
      days,
      entries: rows.map((row) => toHourAnswer(row, seesMoney)),
      minutes: days.reduce((total, day) => total + day.minutes, 0),
      contractMinutes: days.reduce((total, day) => total + day.contractMinutes, 0),
      recent: await recentWeeks(trx, firmId, memberId, monday, contract),
      suggestions: await suggestions(
        trx,
        firmId,
        memberId,
        monday,
        new Set(rows.map(({ projectId, activityId }) => `${projectId} ${activityId}`)),
      ),
    }
  },

  copyWeek: async (call) => {
    const { trx, firmId, actor, params, body, services, now } = call
    const memberId = ownOr(actor, body.memberId, '/memberId')
    await memberOf(call, memberId, '/memberId')
    const [to, source] = [mondayOf(params), mondayOf({ year: body.fromYear, week: body.fromWeek })]
    if (!to) throw wrongField('/path/week', 'no-such-week')
    if (!source) throw wrongField('/fromWeek', 'no-such-week')
    const rows = await hourRows(trx, {
      firmId,
      where: whereOf({ from: source, until: addDays(source, 6), memberId: [memberId] }),
    })
    const present = await hourRows(trx, {
      firmId,
      where: whereOf({ from: to, until: addDays(to, 6), memberId: [memberId] }),
    })
    let created = 0
    for (const row of rows) {
      const date = addDays(to, dayOfWeek(calendarDate(row.date)) - 1)
      const taken = present.some(
        (one) => one.date === date && one.projectId === row.projectId && one.activityId === row.activityId,
      )
      if (taken || (await problemWith(call, { ...row, date, memberId }))) continue
      const id = services.ids.next()
      await trx
        .insertInto('hourEntry')
        .values({
          firmId,
          id,
          memberId,
          date,
          minutes: row.minutes,
          startMinute: row.startMinute,
          endMinute: row.endMinute,
          breakMinutes: row.breakMinutes,
          projectId: row.projectId,
          activityId: row.activityId,
          billable: row.billable,
          createdAt: now,
          updatedAt: now,
        })
        .execute()
      await remember(call, { kind: 'hours', id }, 'created', { why: 'copied', after: { from: row.id, date } })
      created += 1
    }
    await services.events.publish(trx, firmId, { topic: 'hours' })
    return { created, leftOut: rows.length - created }
  },

  listHours: async (call) => {
    const { trx, firmId, actor, query } = call
    const { cursor, limit, sort, updatedSince, ...filter } = query
    const { column, direction, sign, type, key } = sortSql[sort]
    const after = keyOf(cursor, [key, 'id'])
    const where = sql`${whereOf(visible(call, filter))}
      ${updatedSince ? sql` and h.updated_at >= ${new Date(updatedSince)}` : sql``}
      ${after ? sql` and (${column}, h.id) ${sign} (${after[0]}::${type}, ${after[1]}::uuid)` : sql``}`
    const rows = await hourRows(trx, {
      firmId,
      where,
      order: sql`${column} ${direction}, h.id ${direction}`,
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

  totalHours: async (call) => {
    const { trx, firmId, actor, query, now } = call
    const { groupBy, ...filter } = query
    const where = whereOf(visible(call, filter))
    const totals = await hourTotals(trx, firmId, where)
    const groups = groupBy ? await hourGroupTotals(trx, firmId, where, groupBy) : undefined
    const asOf = now.toISOString()
    if (actor.rights.has('rates:read')) return { ...totals, asOf, ...(groups ? { groups } : {}) }
    return {
      ...totals,
      amounts: [],
      asOf,
      ...(groups ? { groups: groups.map((group) => ({ ...group, amounts: [] })) } : {}),
    }
  },

  createHour: async (call) => {
    const { trx, firmId, actor, body, services, now } = call
    const memberId = ownOr(actor, body.memberId, '/memberId')
    const times = timesOf(body)
    const problem = await problemWith(call, { ...body, memberId })
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
        tags: body.tags ?? [],
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
    const problem = (await problemWith(call, wanted)) ?? (await lockedDay(call, calendarDate(row.date)))
    if (problem) throw problem
    await trx
      .updateTable('hourEntry')
      .set({
        date: wanted.date,
        projectId: wanted.projectId,
        activityId: wanted.activityId,
        ...times,
        ...(body.note === undefined ? {} : { note: body.note }),
        ...(body.tags === undefined ? {} : { tags: body.tags }),
        ...(body.billable === undefined ? {} : { billable: body.billable }),
        ...(row.approval === 'rejected' ? { approval: 'open', rejectedReason: null } : {}),
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
      const problem = await problemWith(call, { ...row, date: calendarDate(row.date) })
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

/** Somebody else's hours are written and read only with the right to. */
function ownOr(actor: Asking['actor'], memberId: string | undefined, writing?: string): string {
  if (memberId === undefined || memberId === actor.memberId) return actor.memberId
  if (!actor.rights.has(writing ? 'hours:write' : 'hours:read')) {
    throw new ProblemError({
      kind: 'forbidden',
      code: 'no-right',
      values: { right: writing ? 'hours:write' : 'hours:read' },
    })
  }
  return memberId
}

/** Without the right to read all hours a filter only ever finds one's own. */
const visible = ({ actor }: Pick<Asking, 'actor'>, filter: HourFilter): HourFilter =>
  actor.rights.has('hours:read') ? filter : { ...filter, memberId: [actor.memberId] }

async function memberOf({ trx, firmId }: Pick<Asking, 'trx' | 'firmId'>, id: string, pointer: string): Promise<void> {
  const found = await trx
    .selectFrom('member')
    .select('id')
    .where('firmId', '=', firmId)
    .where('id', '=', id)
    .executeTakeFirst()
  if (!found) throw wrongField(pointer, 'person-unknown')
}

async function rowOf({ trx, firmId, actor }: Asking, id: string, toWrite = false): Promise<HourRow> {
  const rows = await hourRows(trx, { firmId, where: sql` and h.id = ${id}::uuid`, lock: toWrite })
  const row = rows[0]
  const right = toWrite ? 'hours:write' : 'hours:read'
  if (!row || (row.memberId !== actor.memberId && !actor.rights.has('hours:read'))) throw notThere('hours')
  if (row.memberId !== actor.memberId && !actor.rights.has(right))
    throw new ProblemError({ kind: 'forbidden', code: 'no-right', values: { right } })
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

interface Wanted {
  readonly date: string
  readonly memberId: string
  readonly projectId: string
  readonly activityId: string
}

/** What stands in the way of hours on this day, project and activity for this person. */
async function problemWith(call: Pick<Asking, 'trx' | 'firmId'>, wanted: Wanted): Promise<ProblemError | undefined> {
  const { trx, firmId } = call
  const member = await trx
    .selectFrom('member')
    .select('archivedAt')
    .where('firmId', '=', firmId)
    .where('id', '=', wanted.memberId)
    .executeTakeFirst()
  if (!member) return wrongField('/memberId', 'person-unknown')
  if (member.archivedAt) return wrongField('/memberId', 'person-archived')
  const project = await trx
    .selectFrom('project')
    .select(['archivedAt', 'startsOn', 'endsOn', 'name'])
    .select((select) => [
      select
        .exists(
          select
            .selectFrom('projectMember')
            .select('memberId')
            .where('firmId', '=', firmId)
            .whereRef('projectId', '=', 'project.id'),
        )
        .as('closed'),
      select
        .exists(
          select
            .selectFrom('projectMember')
            .select('memberId')
            .where('firmId', '=', firmId)
            .whereRef('projectId', '=', 'project.id')
            .where('memberId', '=', wanted.memberId),
        )
        .as('joined'),
      select
        .exists(
          select
            .selectFrom('projectActivity')
            .select('activityId')
            .where('firmId', '=', firmId)
            .whereRef('projectId', '=', 'project.id'),
        )
        .as('limited'),
      select
        .exists(
          select
            .selectFrom('projectActivity')
            .select('activityId')
            .where('firmId', '=', firmId)
            .whereRef('projectId', '=', 'project.id')
            .where('activityId', '=', wanted.activityId),
        )
        .as('allowed'),
    ])
    .where('firmId', '=', firmId)
    .where('id', '=', wanted.projectId)
    .where('deletedAt', 'is', null)
    .executeTakeFirst()
  if (!project) return wrongField('/projectId', 'project-unknown')
  if (project.archivedAt) return wrongField('/projectId', 'project-archived', { project: project.name })
  if (project.closed && !project.joined) return wrongField('/projectId', 'project-not-open', { project: project.name })
  if (project.startsOn && wanted.date < project.startsOn)
    return wrongField('/date', 'before-project', { date: project.startsOn })
  if (project.endsOn && wanted.date > project.endsOn)
    return wrongField('/date', 'after-project', { date: project.endsOn })
  const activity = await trx
    .selectFrom('activity')
    .select(['archivedAt', 'name'])
    .where('firmId', '=', firmId)
    .where('id', '=', wanted.activityId)
    .where('deletedAt', 'is', null)
    .executeTakeFirst()
  if (!activity) return wrongField('/activityId', 'activity-unknown')
  if (activity.archivedAt) return wrongField('/activityId', 'activity-archived', { activity: activity.name })
  if (project.limited && !project.allowed)
    return wrongField('/activityId', 'activity-not-on-project', { activity: activity.name, project: project.name })
  return lockedDay(call, wanted.date)
}

async function lockedDay(
  { trx, firmId }: Pick<Asking, 'trx' | 'firmId'>,
  date: string,
): Promise<ProblemError | undefined> {
  const firm = await trx.selectFrom('firm').select('lockedUntil').where('firmId', '=', firmId).executeTakeFirstOrThrow()
  return firm.lockedUntil && date <= firm.lockedUntil
    ? wrongField('/date', 'day-locked', { date: firm.lockedUntil })
    : undefined
}

async function isBillable(
  { trx, firmId }: Pick<Asking, 'trx' | 'firmId'>,
  body: { projectId: string; activityId: string },
): Promise<boolean> {
  const row = await trx
    .selectFrom('project')
    .innerJoin('activity', (join) =>
      join.onRef('activity.firmId', '=', 'project.firmId').on('activity.id', '=', body.activityId),
    )
    .select(['project.invoicingMethod', 'activity.billable'])
    .where('project.firmId', '=', firmId)
    .where('project.id', '=', body.projectId)
    .executeTakeFirstOrThrow()
  return row.billable && row.invoicingMethod !== 'none'
}

const range = (from: CalendarDate, days: number): CalendarDate[] =>
  Array.from({ length: days }, (_, index) => addDays(from, index))

/** Contract minutes per day, by the row that holds on it. */
async function contractHours(trx: Trx, firmId: string, memberId: string): Promise<(date: CalendarDate) => number> {
  const rows = await trx
    .selectFrom('contractHours')
    .select(['fromDate', 'minutesPerDay'])
    .where('firmId', '=', firmId)
    .where('memberId', '=', memberId)
    .orderBy('fromDate', 'desc')
    .execute()
  return (date) => rows.find(({ fromDate }) => fromDate <= date)?.minutesPerDay[dayOfWeek(date) - 1] ?? 0
}

async function recentWeeks(
  trx: Trx,
  firmId: string,
  memberId: string,
  monday: CalendarDate,
  contract: (date: CalendarDate) => number,
) {
  const mondays = Array.from({ length: 8 }, (_, index) => addDays(monday, (index - 7) * 7))
  const { rows } = await sql<{ monday: string; minutes: string }>`
    select date_trunc('week', date)::date as monday, sum(minutes) as minutes from hour_entry
    where firm_id = ${firmId}::uuid and member_id = ${memberId}::uuid and deleted_at is null
      and date between ${mondays[0]}::date and ${addDays(monday, 6)}::date
    group by 1`.execute(trx)
  const minutes = new Map(rows.map((row) => [row.monday, Number(row.minutes)]))
  return mondays.map((date) => ({
    ...(weekOf(date) satisfies Week),
    minutes: minutes.get(date) ?? 0,
    contractMinutes: range(date, 7).reduce((total, day) => total + contract(day), 0),
  }))
}

async function suggestions(
  trx: Trx,
  firmId: string,
  memberId: string,
  monday: CalendarDate,
  present: ReadonlySet<string>,
) {
  const { rows } = await sql<{
    projectId: string
    projectName: string
    customerName: string | null
    activityId: string
    activityName: string
  }>`
    select h.project_id as "projectId", p.name as "projectName", k.name as "customerName", h.activity_id as "activityId", a.name as "activityName"
    from hour_entry h
    join project p on p.firm_id = h.firm_id and p.id = h.project_id and p.archived_at is null and p.deleted_at is null
    join activity a on a.firm_id = h.firm_id and a.id = h.activity_id and a.archived_at is null and a.deleted_at is null
    left join customer k on k.firm_id = p.firm_id and k.id = p.customer_id
    where h.firm_id = ${firmId}::uuid and h.member_id = ${memberId}::uuid and h.deleted_at is null
      and h.date between ${addDays(monday, -28)}::date and ${addDays(monday, -1)}::date
    group by 1, 2, 3, 4, 5 order by sum(h.minutes) desc, 1, 4 limit 20`.execute(trx)
  return rows.filter(({ projectId, activityId }) => !present.has(`${projectId} ${activityId}`))
}
