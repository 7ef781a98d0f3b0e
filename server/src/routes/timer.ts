import type { timeRoutes } from '@uurwerk/api/time.ts'
import { dateIn } from '@uurwerk/core/shared/calendar-date.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import { type HourAnswer, hourRows, toHourAnswer } from '../entries/hour-rows.ts'
import { knownTags } from '../entries/known-tags.ts'
import { activityProblem, hoursProblem, projectProblem } from '../entries/may-write.ts'
import { visibleSql } from '../entries/visible.ts'
import { type Handlers, StaleEdit } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { notThere, wrongField } from '../http/problems.ts'
import { orTaken } from '../http/taken.ts'
import {
  atTimerField,
  isRunning,
  isWaiting,
  stopTimer,
  type TimerAnswer,
  type TimerCall,
  type TimerRow,
  timerAnswer,
  timerRows,
} from '../time/timer-rows.ts'
import { asItStood } from './kept-rows.ts'

type Names = Exclude<keyof typeof timeRoutes, 'acceptOverlap' | 'hoursAgainstContract'>

const dayMs = 24 * 3600_000
/** A screen whose clock runs before the server's is taken at its word, up to this. */
const clockDriftMs = 60_000

export const timerHandlers: Handlers<Names> = {
  readTimer: async (call) => {
    const [running] = await timerRows(call, isRunning)
    const waiting = await timerRows(call, isWaiting)
    return {
      timer: running ? await timerAnswer(call, running) : null,
      waiting: await inTurn(waiting, (row) => timerAnswer(call, row)),
      now: call.now.toISOString(),
    }
  },

  startTimer: async (call) => start(call, { ...call.body, tags: await knownTags(call, call.body.tags) }),

  continueTimer: async (call) => {
    const { trx, firmId, actor, body } = call
    const where = sql` and e.id = ${body.hourEntryId}::uuid${visibleSql(actor, 'e')}`
    const [entry] = await hourRows(trx, { firmId, where })
    if (!entry) throw wrongField('/hourEntryId', 'hours-unknown')
    const { projectId, activityId, note, tags, billable } = entry
    return start(call, { projectId, activityId, note, tags, billable }, '/hourEntryId')
  },

  changeTimer: async (call) => {
    const { trx, firmId, body, version, services, now } = call
    const row = await foundTimer(call, body.id, '/id')
    if (!row) throw notThere('timer')
    if (row.version !== version) throw new StaleEdit(row.version, await timerAnswer(call, row))
    if (body.stoppedAt !== undefined && !row.stoppedAt) throw wrongField('/stoppedAt', 'timer-runs')
    const times = {
      startedAt: body.startedAt === undefined ? row.startedAt : earlier(body.startedAt, '/startedAt', now),
      stoppedAt: body.stoppedAt === undefined ? row.stoppedAt : earlier(body.stoppedAt, '/stoppedAt', now),
    }
    if (body.startedAt !== undefined && !row.stoppedAt) refuseLongAgo(times.startedAt, now)
    if (times.stoppedAt && times.stoppedAt < times.startedAt)
      throw wrongField(body.stoppedAt === undefined ? '/startedAt' : '/stoppedAt', 'stop-before-start')
    const { id: _, startedAt: __, stoppedAt: ___, tags: typed, ...fields } = body
    const plain = typed === undefined ? fields : { ...fields, tags: await knownTags(call, typed, row.tags) }
    const after = { ...row, ...dropUndefined(plain), ...times }
    const chooses = body.projectId || body.activityId
    // What is wrong with the days of one that waits is told with it; filling in the rest is not held up by that.
    if (row.stoppedAt && chooses) await refuseWork(call, { ...after, date: null })
    else if (chooses || body.startedAt) await refuseWork(call, { ...after, date: dateIn(row.zone, after.startedAt) })
    await trx
      .updateTable('timer')
      .set({ ...dropUndefined(plain), ...times, version: version + 1, updatedAt: now })
      .where('firmId', '=', firmId)
      .where('id', '=', row.id)
      .execute()
    await remember(call, { kind: 'timer', id: row.id }, 'changed', {
      before: asItStood(row, body),
      after: body,
    })
    await services.events.publish(trx, firmId, { topic: 'timer' })
    return answerOf(call, row.id)
  },

  stopTimer: async (call) => {
    const { body, now } = call
    const row = await foundTimer(call, body.id, '/id')
    if (!row) throw new ProblemError({ kind: 'conflict', code: 'no-timer-runs' })
    const stoppedAt = body.stoppedAt === undefined ? (row.stoppedAt ?? now) : earlier(body.stoppedAt, '/stoppedAt', now)
    if (body.stoppedAt !== undefined && stoppedAt < row.startedAt) throw wrongField('/stoppedAt', 'stop-before-start')
    const { written, waiting } = await stopTimer(call, row, { stoppedAt, endIsSaid: body.stoppedAt !== undefined })
    return { written: await hoursOf(call, written), waiting }
  },

  discardTimer: async (call) => {
    const { trx, firmId, query, services, now } = call
    const row = await foundTimer(call, query.id, '/query/id')
    if (!row) throw new ProblemError({ kind: 'conflict', code: 'no-timer-runs' })
    await trx
      .updateTable('timer')
      .set({ discardedAt: now, version: row.version + 1, updatedAt: now })
      .where('firmId', '=', firmId)
      .where('id', '=', row.id)
      .execute()
    await remember(call, { kind: 'timer', id: row.id }, 'deleted', {
      before: { startedAt: row.startedAt, stoppedAt: row.stoppedAt, projectId: row.projectId },
    })
    await services.events.publish(trx, firmId, { topic: 'timer' })
    return { id: row.id }
  },

  restoreTimer: async (call) => {
    const { trx, firmId, params, services, now } = call
    const [row] = await timerRows(call, sql` and t.id = ${params.id}::uuid and t.written_at is null`, { lock: true })
    if (!row) throw notThere('timer')
    if (!row.discardedAt) return timerAnswer(call, row)
    const [running] = row.stoppedAt ? [] : await timerRows(call, isRunning)
    await trx
      .updateTable('timer')
      .set({
        discardedAt: null,
        ...(running ? { stoppedAt: row.discardedAt } : {}),
        version: row.version + 1,
        updatedAt: now,
      })
      .where('firmId', '=', firmId)
      .where('id', '=', row.id)
      .execute()
      .catch(orTaken(new ProblemError({ kind: 'conflict', code: 'at-the-same-time' })))
    await remember(call, { kind: 'timer', id: row.id }, 'restored')
    await services.events.publish(trx, firmId, { topic: 'timer' })
    return answerOf(call, row.id)
  },
}

interface Work {
  readonly projectId?: string | null | undefined
  readonly activityId?: string | null | undefined
  readonly note?: string | undefined
  readonly tags?: readonly string[] | undefined
  readonly billable?: boolean | null | undefined
  readonly startedAt?: string | undefined
}

/** Stops what runs, then starts. Whoever did not see the timer that another tab has just started gets that one. */
async function start(call: TimerCall, { startedAt: asked, ...work }: Work, pointer?: string) {
  const { trx, firmId, firm, actor, services, now } = call
  const startedAt = asked === undefined ? now : earlier(asked, '/startedAt', now)
  refuseLongAgo(startedAt, now)
  const wanted = { projectId: work.projectId ?? null, activityId: work.activityId ?? null }
  await refuseWork(call, { ...wanted, memberId: actor.memberId, date: dateIn(firm.timeZone, startedAt) }, pointer)
  const [running] = await timerRows(call, isRunning, { lock: true })
  const stopped = running
    ? await stopTimer(call, running, {
        stoppedAt: startedAt > running.startedAt ? startedAt : now,
        endIsSaid: false,
      })
    : { written: [], waiting: null }
  const id = services.ids.next()
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('timer')
    .values({
      firmId,
      id,
      memberId: actor.memberId,
      ...wanted,
      note: work.note ?? '',
      tags: [...(work.tags ?? [])],
      billable: work.billable ?? null,
      zone: firm.timeZone,
      startedAt,
      createdAt: now,
      updatedAt: now,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['firmId', 'memberId'])
        .where('stoppedAt', 'is', null)
        .where('discardedAt', 'is', null)
        .doNothing(),
    )
    .executeTakeFirstOrThrow()
  const started = numInsertedOrUpdatedRows === 1n
  if (started) {
    await remember(call, { kind: 'timer', id }, 'created', { after: { ...work, startedAt } })
    await services.events.publish(trx, firmId, { topic: 'timer' })
  }
  const [timer] = await timerRows(call, isRunning)
  // The other tab has stopped it again meanwhile.
  if (!timer) throw new ProblemError({ kind: 'conflict', code: 'at-the-same-time' })
  return {
    timer: await timerAnswer(call, timer),
    started,
    written: await hoursOf(call, stopped.written),
    waiting: stopped.waiting,
  }
}

/** The timer with this id, or the one that runs; locked. */
async function foundTimer(call: TimerCall, id: string | undefined, pointer: string): Promise<TimerRow | undefined> {
  const where = id ? sql` and t.id = ${id}::uuid and t.written_at is null and t.discarded_at is null` : isRunning
  const [row] = await timerRows(call, where, { lock: true })
  if (!row && id) throw wrongField(pointer, 'timer-unknown')
  return row
}

async function answerOf(call: TimerCall, id: string): Promise<TimerAnswer> {
  const [row] = await timerRows(call, sql` and t.id = ${id}::uuid`)
  if (!row) throw notThere('timer')
  return timerAnswer(call, row)
}

async function hoursOf({ trx, firmId, actor }: TimerCall, ids: readonly string[]): Promise<HourAnswer[]> {
  if (ids.length === 0) return []
  const rows = await hourRows(trx, { firmId, where: sql` and e.id = any(${[...ids]}::uuid[])` })
  return rows.map((row) => toHourAnswer(row, actor.rights.has('rates:read')))
}

/** An instant of a person that is not in the future. */
function earlier(text: string, pointer: string, now: Date): Date {
  const instant = new Date(text)
  if (instant.getTime() > now.getTime() + clockDriftMs) throw wrongField(pointer, 'in-future')
  return instant > now ? now : instant
}

function refuseLongAgo(startedAt: Date, now: Date): void {
  if (now.getTime() - startedAt.getTime() > dayMs) throw wrongField('/startedAt', 'started-long-ago')
}

interface Chosen extends Pick<TimerRow, 'projectId' | 'activityId' | 'memberId'> {
  /** Null asks for any day. */
  readonly date: string | null
}

/** What is chosen already must be good; the rest is asked when it stops. */
async function refuseWork(
  call: TimerCall,
  { projectId, activityId, memberId, date }: Chosen,
  pointer?: string,
): Promise<void> {
  const problem =
    date && projectId && activityId
      ? await hoursProblem(call, { date, memberId, projectId, activityId })
      : ((projectId ? await projectProblem(call, { date, memberId, projectId }) : undefined) ??
        (activityId ? await activityProblem(call, { projectId, activityId }) : undefined))
  if (problem) throw atTimerField(problem, pointer ?? '/startedAt', { all: pointer !== undefined })
}

/** One after the other: a transaction carries one statement at a time. */
async function inTurn<One, Result>(rows: readonly One[], work: (row: One) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = []
  for (const row of rows) results.push(await work(row))
  return results
}

const dropUndefined = <T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never
