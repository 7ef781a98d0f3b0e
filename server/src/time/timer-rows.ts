import type { timer as timerShape } from '@uurwerk/api/time.ts'
import { dateIn } from '@uurwerk/core/shared/calendar-date.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { elapsedMinutes, entriesOfTimer, type TimedPart } from '@uurwerk/core/time/timer.ts'
import { type RawBuilder, sql } from 'kysely'
import type { z } from 'zod'
import { hoursProblem, isBillable } from '../entries/may-write.ts'
import type { FirmCall } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { problemDocument, wrongField } from '../http/problems.ts'

export type TimerAnswer = z.input<typeof timerShape>

export type TimerCall = Pick<
  FirmCall<never>,
  'trx' | 'firmId' | 'firm' | 'actor' | 'services' | 'now' | 'requestId' | 'language'
>

export interface TimerRow {
  readonly id: string
  readonly memberId: string
  readonly projectId: string | null
  readonly projectName: string | null
  readonly customerName: string | null
  readonly activityId: string | null
  readonly activityName: string | null
  readonly note: string
  readonly tags: string[]
  readonly billable: boolean | null
  readonly zone: string
  readonly startedAt: Date
  readonly stoppedAt: Date | null
  readonly discardedAt: Date | null
  readonly writtenAt: Date | null
  /** Of today, in the time zone of the firm. */
  readonly todayMinutes: number
  readonly version: number
}

/** One's own timers; `t` is the timer. */
export async function timerRows(
  { trx, firmId, firm, actor, now }: TimerCall,
  where: RawBuilder<unknown>,
  { lock = false } = {},
): Promise<TimerRow[]> {
  const { rows } = await sql<TimerRow>`
    select t.id, t.member_id as "memberId", t.project_id as "projectId", p.name as "projectName", k.name as "customerName",
      t.activity_id as "activityId", a.name as "activityName", t.note, t.tags, t.billable, t.zone,
      t.started_at as "startedAt", t.stopped_at as "stoppedAt", t.discarded_at as "discardedAt", t.written_at as "writtenAt",
      coalesce((select sum(h.minutes) from hour_entry h
        where h.firm_id = t.firm_id and h.member_id = t.member_id and h.project_id = t.project_id
          and h.activity_id = t.activity_id and h.date = ${dateIn(firm.timeZone, now)}::date and h.deleted_at is null), 0)::int as "todayMinutes",
      t.version
    from timer t
    left join project p on p.firm_id = t.firm_id and p.id = t.project_id
    left join activity a on a.firm_id = t.firm_id and a.id = t.activity_id
    left join customer k on k.firm_id = p.firm_id and k.id = p.customer_id
    where t.firm_id = ${firmId}::uuid and t.member_id = ${actor.memberId}::uuid ${where}
    order by t.started_at desc, t.id desc ${lock ? sql`for update of t` : sql``}`.execute(trx)
  return rows
}

export const isRunning = sql` and t.stopped_at is null and t.discarded_at is null`
export const isWaiting = sql` and t.stopped_at is not null and t.written_at is null and t.discarded_at is null`

/** Perhaps forgotten: longer than a day's work. */
const longMinutes = 12 * 60
/** Longer than this nobody works without a stop. */
const longestTimerMinutes = 7 * 24 * 60

type Span = Pick<TimerRow, 'startedAt' | 'stoppedAt'>
const minutesOf = ({ startedAt, stoppedAt }: Span, now: Date): number =>
  elapsedMinutes({ startedAt, stoppedAt: stoppedAt ?? now })

export const isLong = (timer: Span, now: Date): boolean => minutesOf(timer, now) > longMinutes

export async function timerAnswer(call: TimerCall, row: TimerRow, why?: ProblemError): Promise<TimerAnswer> {
  const problem = row.stoppedAt ? (why ?? (await timerProblem(call, row, { endIsSaid: false }))) : undefined
  return {
    id: row.id,
    state: row.stoppedAt ? 'waiting' : 'running',
    projectId: row.projectId,
    projectName: row.projectName,
    customerName: row.customerName,
    activityId: row.activityId,
    activityName: row.activityName,
    note: row.note,
    tags: row.tags,
    billable: row.billable,
    zone: row.zone,
    startedAt: row.startedAt.toISOString(),
    stoppedAt: row.stoppedAt?.toISOString() ?? null,
    long: isLong(row, call.now),
    todayMinutes: row.todayMinutes,
    problem: problem ? problemDocument(problem.problem, call.language, call.requestId) : null,
    version: row.version,
  }
}

interface Said {
  /** Somebody looked at a long timer and said when it ended. */
  readonly endIsSaid: boolean
}

/** What stands in the way of the hours of a timer that was stopped; at the fields of the timer. */
async function timerProblem(call: TimerCall, row: TimerRow, { endIsSaid }: Said): Promise<ProblemError | undefined> {
  const { projectId, activityId, memberId, startedAt, stoppedAt, zone } = row
  if (!stoppedAt) return undefined
  const missing = [
    ...(projectId ? [] : [{ pointer: '/projectId', code: 'required' }]),
    ...(activityId ? [] : [{ pointer: '/activityId', code: 'required' }]),
    ...(isLong(row, call.now) && !endIsSaid ? [{ pointer: '/stoppedAt', code: 'timer-long' }] : []),
  ]
  if (!projectId || !activityId || missing.length > 0)
    return new ProblemError({ kind: 'input', code: 'input-wrong', fields: missing })
  if (minutesOf(row, call.now) > longestTimerMinutes) return wrongField('/startedAt', 'timer-too-long')
  const days = new Set(entriesOfTimer({ startedAt, stoppedAt, zone }).map(({ date }) => date))
  for (const [index, date] of [...days].entries()) {
    const problem = await hoursProblem(call, { date, memberId, projectId, activityId })
    if (problem) return atTimerField(problem, index === 0 ? '/startedAt' : '/stoppedAt')
  }
  return undefined
}

/** A timer has no date: what is wrong with the day is wrong with when it started or stopped, or with `all` fields. */
export function atTimerField(error: ProblemError, pointer: string, { all = false } = {}): ProblemError {
  const { fields = [], ...problem } = error.problem
  return new ProblemError({
    ...problem,
    fields: fields.map((field) => (all || field.pointer === '/date' ? { ...field, pointer } : field)),
  })
}

export interface Stopped {
  /** Ids of the hours. */
  readonly written: readonly string[]
  /** The timer that waits, when they could not be written. */
  readonly waiting: TimerAnswer | null
}

/**
 * Stops a timer that is locked, and writes its hours. When they cannot be written it is stopped all the same and
 * waits, so that nothing is lost: that is an answer, not a failure.
 */
export async function stopTimer(
  call: TimerCall,
  before: TimerRow,
  { stoppedAt, ...said }: Said & { readonly stoppedAt: Date },
): Promise<Stopped> {
  const { trx, firmId, services, now } = call
  const row = { ...before, stoppedAt, version: before.version + 1 }
  const problem = await timerProblem(call, row, said)
  await trx
    .updateTable('timer')
    .set({ stoppedAt, writtenAt: problem ? null : now, version: row.version, updatedAt: now })
    .where('firmId', '=', firmId)
    .where('id', '=', row.id)
    .execute()
  await services.events.publish(trx, firmId, { topic: 'timer' })
  if (problem) {
    await remember(call, { kind: 'timer', id: row.id }, 'stopped', { after: { stoppedAt, waits: true } })
    return { written: [], waiting: await timerAnswer(call, row, problem) }
  }
  const written = await writeHours(call, row, entriesOfTimer(row))
  await remember(call, { kind: 'timer', id: row.id }, 'stopped', { after: { stoppedAt, hours: written } })
  return { written, waiting: null }
}

async function writeHours(call: TimerCall, row: TimerRow, parts: readonly TimedPart[]): Promise<readonly string[]> {
  const { trx, firmId, services, now } = call
  const { memberId, note, tags } = row
  const [projectId, activityId] = [row.projectId as string, row.activityId as string]
  const billable = row.billable ?? (await isBillable(call, { projectId, activityId }))
  const entries = parts.map((part) => ({ ...part, id: services.ids.next() }))
  await trx
    .insertInto('hourEntry')
    .values(
      entries.map((part) => ({
        ...part,
        firmId,
        memberId,
        projectId,
        activityId,
        note,
        tags,
        billable,
        createdAt: now,
        updatedAt: now,
      })),
    )
    .execute()
  for (const { id, ...part } of entries)
    await remember(call, { kind: 'hours', id }, 'created', { why: 'timer', after: { timer: row.id, ...part } })
  const ids = entries.map(({ id }) => id)
  await services.events.publish(trx, firmId, { topic: 'hours', ids })
  return ids
}
