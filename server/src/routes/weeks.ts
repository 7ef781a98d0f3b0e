import {
  addDays,
  type CalendarDate,
  calendarDate,
  dayOfWeek,
  daysBetween,
  mondayOf,
  startOfWeek,
} from '@uurwerk/core/shared/calendar-date.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { type TimeWarning, timeWarnings } from '@uurwerk/core/time/overlap.ts'
import { sql } from 'kysely'
import { hourRows, toHourAnswer, whereOf } from '../entries/hour-rows.ts'
import { hoursProblem } from '../entries/may-write.ts'
import { readFor, visibleSql, writtenFor } from '../entries/visible.ts'
import type { FirmCall, Handlers } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { wrongField } from '../http/problems.ts'
import type { Trx } from '../store/database.ts'
import { absenceRows, toAbsenceAnswer } from '../time/absence-rows.ts'
import { favouriteRows } from '../time/favourite-rows.ts'
import { type PersonWeek, timeOfPeople, weeksOf } from '../time/person-time.ts'

export const weekHandlers: Handlers<'readWeek' | 'copyWeek' | 'acceptOverlap' | 'hoursAgainstContract'> = {
  readWeek: async (call) => {
    const { trx, firmId, actor, params, query, language } = call
    const memberId = readFor(actor, query.memberId)
    const monday = mondayOf(params)
    if (!monday) throw wrongField('/path/week', 'no-such-week')
    const sunday = addDays(monday, 6)
    const [time] = await timeOfPeople(trx, {
      firmId,
      memberIds: [memberId],
      from: addDays(monday, -49),
      until: sunday,
      actor,
      language,
    })
    if (!time) throw wrongField('/query/memberId', 'person-unknown')
    const weeks = weeksOf(time, addDays(monday, -49), sunday)
    const shown = weeks[7] as PersonWeek
    const where = sql`${whereOf({ from: monday, until: sunday, memberId: [memberId] })}${visibleSql(actor, 'e')}`
    const rows = await hourRows(trx, { firmId, where })
    const absences = await absenceRows(trx, {
      firmId,
      where: sql`and a.member_id = ${memberId}::uuid and a.date between ${monday}::date and ${sunday}::date`,
    })
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
    const accepted = await acceptedOverlaps(call, memberId, { monday, sunday })
    const isAccepted = ({ warning, entryIds }: TimeWarning) =>
      warning === 'overlap' && entryIds.every((id) => accepted.has(id))
    const seesMoney = actor.rights.has('rates:read')
    return {
      ...params,
      monday,
      memberId,
      days: shown.days.map((day) => ({
        date: day.date,
        minutes: day.registeredMinutes,
        absentMinutes: day.absentMinutes,
        contractMinutes: day.contractMinutes,
        differenceMinutes: day.differenceMinutes,
        warnings: warnings
          .filter((warning) => warning.date === day.date && !isAccepted(warning))
          .map(({ warning, entryIds, minutes }) => ({
            code: warning === 'overlap' ? ('overlap' as const) : ('over-24-hours' as const),
            entryIds: [...entryIds],
            minutes,
          })),
      })),
      entries: rows.map((row) => toHourAnswer(row, seesMoney)),
      minutes: shown.registeredMinutes,
      absentMinutes: shown.absentMinutes,
      contractMinutes: shown.contractMinutes,
      differenceMinutes: shown.differenceMinutes,
      absences: absences.map((row) => toAbsenceAnswer(row, actor, language)),
      holidays: time.holidays.filter(({ date }) => date >= monday && date <= sunday),
      submission: await submissionOf(call, memberId, monday),
      favourites: await favouriteRows(trx, firmId, actor.memberId),
      recent: weeks.map(({ year, week, registeredMinutes, absentMinutes, contractMinutes }) => ({
        year,
        week,
        minutes: registeredMinutes,
        absentMinutes,
        contractMinutes,
      })),
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

  acceptOverlap: async (call) => {
    const { trx, firmId, body, actor, services } = call
    const where = sql` and e.id = any(${body.entryIds}::uuid[])${visibleSql(actor, 'e')}`
    const rows = await hourRows(trx, { firmId, where, lock: true })
    const [missing] = body.entryIds.flatMap((id, index) => (rows.some((row) => row.id === id) ? [] : [index]))
    if (missing !== undefined) throw wrongField(`/entryIds/${missing}`, 'hours-unknown')
    for (const row of rows) writtenFor(actor, row.memberId)
    const ids = rows.map(({ id }) => id)
    await trx
      .updateTable('hourEntry')
      .set({ overlapAccepted: body.accepted })
      .where('firmId', '=', firmId)
      .where('id', 'in', ids)
      .execute()
    for (const id of ids)
      await remember(call, { kind: 'hours', id }, 'changed', { after: { overlapAccepted: body.accepted, with: ids } })
    await services.events.publish(trx, firmId, { topic: 'hours', ids })
    return { accepted: body.accepted }
  },

  hoursAgainstContract: async ({ trx, firmId, actor, query, language }) => {
    const [from, until] = [calendarDate(query.from), calendarDate(query.until)]
    if (from > until) throw wrongField('/query/until', 'end-before-start')
    if (daysBetween(from, until) > 2 * 366) throw wrongField('/query/until', 'period-too-long')
    const others = query.everybody || query.memberId?.some((id) => id !== actor.memberId)
    if (others && !actor.rights.has('hours:read'))
      throw new ProblemError({ kind: 'forbidden', code: 'no-right', values: { right: 'hours:read' } })
    const people = await timeOfPeople(trx, {
      firmId,
      ...(query.everybody ? {} : { memberIds: query.memberId ?? [actor.memberId] }),
      from: startOfWeek(from),
      until: addDays(startOfWeek(until), 6),
      actor,
      language,
    })
    return {
      rows: people.flatMap((person) =>
        weeksOf(person, from, until).map((week) => ({
          memberId: person.memberId,
          memberName: person.name,
          year: week.year,
          week: week.week,
          monday: week.monday,
          minutes: week.registeredMinutes,
          absentMinutes: week.absentMinutes,
          contractMinutes: week.contractMinutes,
          differenceMinutes: week.differenceMinutes,
        })),
      ),
    }
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

interface Asking extends Pick<FirmCall<never>, 'trx' | 'firmId'> {}

/** Entries of a week of which somebody said that they are right although they lie over others. */
async function acceptedOverlaps(
  { trx, firmId }: Asking,
  memberId: string,
  { monday, sunday }: { readonly monday: CalendarDate; readonly sunday: CalendarDate },
): Promise<ReadonlySet<string>> {
  const rows = await trx
    .selectFrom('hourEntry')
    .select('id')
    .where('firmId', '=', firmId)
    .where('memberId', '=', memberId)
    .where('date', '>=', monday)
    .where('date', '<=', sunday)
    .where('deletedAt', 'is', null)
    .where('overlapAccepted', '=', true)
    .execute()
  return new Set(rows.map(({ id }) => id))
}

async function submissionOf({ trx, firmId }: Asking, memberId: string, monday: CalendarDate) {
  const row = await trx
    .selectFrom('weekSubmission')
    .select('submittedAt')
    .where('firmId', '=', firmId)
    .where('memberId', '=', memberId)
    .where('monday', '=', monday)
    .where('withdrawnAt', 'is', null)
    .executeTakeFirst()
  return row ? { submittedAt: row.submittedAt.toISOString() } : null
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
