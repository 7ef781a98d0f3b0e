import type { absenceRoutes } from '@uurwerk/api/absences.ts'
import { addDays, addMonths, type CalendarDate, calendarDate, daysBetween } from '@uurwerk/core/shared/calendar-date.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { contractMinutesOn } from '@uurwerk/core/time/contract.ts'
import { longestMinutes } from '@uurwerk/core/time/duration.ts'
import { sql } from 'kysely'
import { lockedDay, memberProblem } from '../entries/may-write.ts'
import { writtenFor } from '../entries/visible.ts'
import { type FirmCall, type Handlers, StaleEdit } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { notThere, wrongField } from '../http/problems.ts'
import {
  type AbsenceAnswer,
  type AbsenceKindAnswer,
  type AbsenceRow,
  absenceRows,
  kindRows,
  seesWhy,
  toAbsenceAnswer,
  toKindAnswer,
} from '../time/absence-rows.ts'
import { freeHolidays } from '../time/holidays.ts'
import { contractsOf } from '../time/person-time.ts'
import { asItStood, deleteRow, putAway, rememberChange, restoreRow } from './kept-rows.ts'

type Names = Exclude<keyof typeof absenceRoutes, 'readHolidays' | 'chooseHolidays'>
type Asking = Pick<FirmCall<never>, 'trx' | 'firmId' | 'actor' | 'language' | 'services' | 'now' | 'requestId'>

export const absenceHandlers: Handlers<Names> = {
  listAbsenceKinds: async ({ trx, firmId, query, language }) => {
    const rows = await kindRows(trx, firmId, sql`and k.archived_at is ${query.archived ? sql`not null` : sql`null`}`)
    return { rows: rows.map((row) => toKindAnswer(row, language)) }
  },

  createAbsenceKind: async (call) => {
    const { trx, firmId, body, services, now } = call
    await refuseTakenName(call, body.name)
    const id = services.ids.next()
    await trx
      .insertInto('absenceKind')
      .values({ firmId, id, ...body, createdAt: now, updatedAt: now })
      .execute()
    await remember(call, { kind: 'absence-kind', id }, 'created', { after: body })
    return kindOf(call, id)
  },

  changeAbsenceKind: async (call) => {
    const { trx, firmId, params, body, version, services, now } = call
    const before = await kindOf(call, params.id)
    if (before.version !== version) throw new StaleEdit(before.version, before)
    if (body.name !== undefined && before.code) throw wrongField('/name', 'absence-kind-named')
    if (body.name !== undefined) await refuseTakenName(call, body.name, params.id)
    // What weeks that have passed say would change with it.
    if (body.counts !== undefined && body.counts !== before.counts && before.used)
      throw wrongField('/counts', 'absence-kind-in-use')
    const { archived, ...plain } = body
    await trx
      .updateTable('absenceKind')
      .set({
        ...plain,
        ...putAway(archived, now),
        version: version + 1,
        updatedAt: now,
      })
      .where('firmId', '=', firmId)
      .where('id', '=', params.id)
      .execute()
    await rememberChange(call, { kind: 'absence-kind', id: params.id }, before, body)
    await services.events.publish(trx, firmId, { topic: 'absences' })
    return kindOf(call, params.id)
  },

  listAbsences: async ({ trx, firmId, actor, query, language }) => {
    const { from, until, memberId = [actor.memberId] } = query
    if (from > until) throw wrongField('/query/until', 'end-before-start')
    if (daysBetween(calendarDate(from), calendarDate(until)) > 2 * 366)
      throw wrongField('/query/until', 'period-too-long')
    if (memberId.some((id) => !seesWhy(actor, id)))
      throw new ProblemError({ kind: 'forbidden', code: 'no-right', values: { right: 'hours:read' } })
    const rows = await absenceRows(trx, {
      firmId,
      where: sql`and a.date between ${from}::date and ${until}::date and a.member_id = any(${memberId}::uuid[])`,
    })
    return { rows: rows.map((row) => toAbsenceAnswer(row, actor, language)) }
  },

  createAbsence: async (call) => {
    const { trx, firmId, actor, body, services, now } = call
    const memberId = writtenFor(actor, body.memberId)
    const member = await memberProblem(call, memberId)
    if (member) throw member
    await refuseKind(call, body.kindId)
    const from = calendarDate(body.from)
    const until = calendarDate(body.until ?? body.from)
    if (until < from) throw wrongField('/until', 'end-before-start')
    if (until > addMonths(from, 12)) throw wrongField('/until', 'period-too-long')
    const locked = await lockedDay(call, from)
    if (locked) throw atFrom(locked)
    await takeTurns(call, memberId)
    const { days, leftOut } = await daysOf(call, { memberId, from, until, minutes: body.minutes })
    if (days.length === 0) throw wrongField('/from', `absence-${from === until ? leftOut[0]?.why : 'none-left'}`)
    const ids = days.map(() => services.ids.next())
    await trx
      .insertInto('absence')
      .values(
        days.map((day, index) => ({
          firmId,
          id: ids[index] as string,
          memberId,
          kindId: body.kindId,
          ...day,
          note: body.note ?? '',
          createdAt: now,
          updatedAt: now,
        })),
      )
      .execute()
    for (const [index, id] of ids.entries())
      await remember(call, { kind: 'absence', id }, 'created', { after: { ...days[index], kindId: body.kindId } })
    await services.events.publish(trx, firmId, { topic: 'absences' })
    const rows = await absenceRows(trx, { firmId, where: sql`and a.id = any(${ids}::uuid[])` })
    return {
      created: rows.map((row) => toAbsenceAnswer(row, actor, call.language)),
      leftOut: [...leftOut],
      warnings: await fullDays(call, memberId, days),
    }
  },

  changeAbsence: async (call) => {
    const { trx, firmId, actor, params, body, version, services, now } = call
    const row = await absenceOf(call, params.id)
    if (row.version !== version) throw new StaleEdit(row.version, toAbsenceAnswer(row, actor, call.language))
    if (body.kindId !== undefined && body.kindId !== row.kindId) await refuseKind(call, body.kindId)
    const date = body.date ?? row.date
    const problem =
      (await lockedDay(call, row.date)) ??
      (await lockedDay(call, date)) ??
      (body.date === undefined ? undefined : await memberProblem(call, row.memberId, date))
    if (problem) throw problem
    await takeTurns(call, row.memberId)
    const minutes = body.minutes ?? row.minutes
    await refuseMoreThanADay(call, { memberId: row.memberId, date, minutes, except: row.id })
    await trx
      .updateTable('absence')
      .set({ ...body, version: version + 1, updatedAt: now })
      .where('firmId', '=', firmId)
      .where('id', '=', row.id)
      .execute()
    await remember(call, { kind: 'absence', id: row.id }, 'changed', {
      before: asItStood(row, body),
      after: body,
    })
    await services.events.publish(trx, firmId, { topic: 'absences' })
    return answerOf(call, row.id)
  },

  deleteAbsence: async (call) => {
    const { trx, firmId, actor, params, version, services } = call
    const row = await absenceOf(call, params.id)
    if (row.version !== version) throw new StaleEdit(row.version, toAbsenceAnswer(row, actor, call.language))
    const problem = await lockedDay(call, row.date)
    if (problem) throw problem
    await deleteRow(call, 'absence', row, { date: row.date, minutes: row.minutes, kindId: row.kindId })
    await services.events.publish(trx, firmId, { topic: 'absences' })
    return undefined
  },

  restoreAbsence: async (call) => {
    const { trx, firmId, params, services } = call
    const row = await absenceOf(call, params.id, { deletedToo: true })
    if (row.deletedAt) {
      const { memberId, date, minutes } = row
      const problem = (await lockedDay(call, date)) ?? (await memberProblem(call, memberId, date))
      if (problem) throw problem
      await takeTurns(call, memberId)
      await refuseMoreThanADay(call, { memberId, date, minutes, except: row.id })
      await restoreRow(call, 'absence', row)
      await services.events.publish(trx, firmId, { topic: 'absences' })
    }
    return answerOf(call, row.id)
  },
}

async function kindOf({ trx, firmId, language }: Asking, id: string): Promise<AbsenceKindAnswer> {
  const [row] = await kindRows(trx, firmId, sql`and k.id = ${id}::uuid`)
  if (!row) throw notThere('absence-kind')
  return toKindAnswer(row, language)
}

async function refuseTakenName({ trx, firmId, language }: Asking, name: string, except?: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`absence kinds ${firmId}`}, 2))`.execute(trx)
  const kinds = await kindRows(trx, firmId, sql`and k.archived_at is null`)
  const same = (one: string) => one.toLowerCase() === name.toLowerCase()
  if (kinds.some((kind) => kind.id !== except && same(toKindAnswer(kind, language).name)))
    throw wrongField('/name', 'absence-kind-taken', { name })
}

async function refuseKind({ trx, firmId, language }: Asking, id: string): Promise<void> {
  const [kind] = await kindRows(trx, firmId, sql`and k.id = ${id}::uuid`)
  if (!kind) throw wrongField('/kindId', 'absence-kind-unknown')
  if (kind.archivedAt) throw wrongField('/kindId', 'absence-kind-archived', { kind: toKindAnswer(kind, language).name })
}

/** For who changes it: his own, or anybody's with the right to write all; locked. */
async function absenceOf({ trx, firmId, actor }: Asking, id: string, { deletedToo = false } = {}): Promise<AbsenceRow> {
  const [row] = await absenceRows(trx, { firmId, where: sql`and a.id = ${id}::uuid`, lock: true, deletedToo })
  if (!row || !seesWhy(actor, row.memberId)) throw notThere('absence')
  writtenFor(actor, row.memberId)
  return row
}

async function answerOf({ trx, firmId, actor, language }: Asking, id: string): Promise<AbsenceAnswer> {
  const [row] = await absenceRows(trx, { firmId, where: sql`and a.id = ${id}::uuid` })
  if (!row) throw notThere('absence')
  return toAbsenceAnswer(row, actor, language)
}

/** Two who write absences of one person at once take turns, so that together they are no more than a day. */
const takeTurns = ({ trx, firmId }: Asking, memberId: string) =>
  sql`select pg_advisory_xact_lock(hashtextextended(${`absences ${firmId} ${memberId}`}, 2))`.execute(trx)

const atFrom = ({ problem }: ProblemError): ProblemError =>
  new ProblemError({
    ...problem,
    fields: (problem.fields ?? []).map((field) => ({ ...field, pointer: '/from' })),
  })

async function absentPerDay({ trx, firmId }: Asking, memberId: string, days: readonly string[], except?: string) {
  const { rows } = await sql<{ date: string; minutes: number }>`
    select date, sum(minutes)::int as minutes from absence
    where firm_id = ${firmId}::uuid and member_id = ${memberId}::uuid and deleted_at is null
      and date = any(${[...days]}::date[]) ${except ? sql`and id <> ${except}::uuid` : sql``}
    group by date`.execute(trx)
  return new Map(rows.map(({ date, minutes }) => [date, minutes]))
}

interface OneDay {
  readonly memberId: string
  readonly date: string
  readonly minutes: number
  readonly except?: string
}

async function refuseMoreThanADay(call: Asking, { memberId, date, minutes, except }: OneDay): Promise<void> {
  const others = (await absentPerDay(call, memberId, [date], except)).get(date) ?? 0
  if (others + minutes > longestMinutes)
    throw wrongField('/minutes', 'absence-over-a-day', { date, minutes: String(longestMinutes - others) })
}

interface Period {
  readonly memberId: string
  readonly from: CalendarDate
  readonly until: CalendarDate
  readonly minutes: number | undefined
}

type LeftOut = {
  readonly date: CalendarDate
  readonly why: 'holiday' | 'day-off' | 'not-employed' | 'absent-already'
  readonly holiday: string | null
}

/**
 * The days of a period that are worked, with the minutes of the contract or those that are given. Whoever names one
 * day and its minutes means that day, also when it is a day off.
 */
async function daysOf(call: Asking, { memberId, from, until, minutes }: Period) {
  const { trx, firmId, language } = call
  const [person] = await contractsOf(trx, firmId, [memberId])
  if (!person) throw wrongField('/memberId', 'person-unknown')
  const holidays = await freeHolidays(trx, firmId, { from, until, language })
  const period = Array.from({ length: daysBetween(from, until) + 1 }, (_, index) => addDays(from, index))
  const absent = await absentPerDay(call, memberId, period)
  const days: { date: CalendarDate; minutes: number }[] = []
  const leftOut: LeftOut[] = []
  for (const date of period) {
    const leave = (why: LeftOut['why'], holiday: string | null = null) => leftOut.push({ date, why, holiday })
    const already = absent.get(date) ?? 0
    const contract = contractMinutesOn(person.contracts, date)
    const holiday = holidays.find((one) => one.date === date)
    const employed = (!person.startsOn || date >= person.startsOn) && (!person.endsOn || date <= person.endsOn)
    const named = minutes !== undefined && from === until
    if (!employed) leave('not-employed')
    else if (holiday && !named) leave('holiday', holiday.name)
    else if (contract === 0 && !named) leave('day-off')
    else if (minutes === undefined && already >= contract) leave('absent-already')
    else {
      const wanted = minutes ?? contract - already
      if (already + wanted > longestMinutes)
        throw wrongField('/minutes', 'absence-over-a-day', { date, minutes: String(longestMinutes - already) })
      days.push({ date, minutes: wanted })
    }
  }
  return { days, leftOut }
}

/** Days that hold more than 24 hours with what is registered: to be looked at, not refused. */
async function fullDays({ trx, firmId }: Asking, memberId: string, days: readonly { date: CalendarDate }[]) {
  const dates = days.map(({ date }) => date)
  const { rows } = await sql<{ date: string; minutes: number }>`
    select date, sum(minutes)::int as minutes from (
      select date, minutes from absence where firm_id = ${firmId}::uuid and member_id = ${memberId}::uuid
        and deleted_at is null and date = any(${dates}::date[])
      union all
      select date, minutes from hour_entry where firm_id = ${firmId}::uuid and member_id = ${memberId}::uuid
        and deleted_at is null and date = any(${dates}::date[])
    ) day group by date having sum(minutes) > ${longestMinutes} order by date`.execute(trx)
  return rows.map(({ date, minutes }) => ({ date: calendarDate(date), code: 'over-24-hours' as const, minutes }))
}
