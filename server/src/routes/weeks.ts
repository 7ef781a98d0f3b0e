import {
  addDays,
  type CalendarDate,
  calendarDate,
  dayOfWeek,
  mondayOf,
  type Week,
  weekOf,
} from '@uurwerk/core/shared/calendar-date.ts'
import { timeWarnings } from '@uurwerk/core/time/overlap.ts'
import { sql } from 'kysely'
import { hourRows, toHourAnswer, whereOf } from '../entries/hour-rows.ts'
import { hoursProblem } from '../entries/may-write.ts'
import { readFor, visibleSql, writtenFor } from '../entries/visible.ts'
import type { FirmCall, Handlers } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { wrongField } from '../http/problems.ts'
import type { Trx } from '../store/database.ts'

export const weekHandlers: Handlers<'readWeek' | 'copyWeek'> = {
  readWeek: async (call) => {
    const { trx, firmId, actor, params, query } = call
    const memberId = readFor(actor, query.memberId)
    const monday = mondayOf(params)
    if (!monday) throw wrongField('/path/week', 'no-such-week')
    await refuseUnknownMember(call, memberId, '/query/memberId')
    const sunday = addDays(monday, 6)
    const where = sql`${whereOf({ from: monday, until: sunday, memberId: [memberId] })}${visibleSql(actor, 'e')}`
    const rows = await hourRows(trx, { firmId, where })
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
    const memberId = writtenFor(actor, body.memberId)
    await refuseUnknownMember(call, memberId, '/memberId')
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
      if (taken || (await hoursProblem(call, { ...row, date, memberId }))) continue
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
}

async function refuseUnknownMember(
  { trx, firmId }: Pick<FirmCall<never>, 'trx' | 'firmId'>,
  id: string,
  pointer: string,
): Promise<void> {
  const found = await trx
    .selectFrom('member')
    .select('id')
    .where('firmId', '=', firmId)
    .where('id', '=', id)
    .executeTakeFirst()
  if (!found) throw wrongField(pointer, 'person-unknown')
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
