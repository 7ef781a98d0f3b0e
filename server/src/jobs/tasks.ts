import { assert } from '@uurwerk/core/shared/assert.ts'
import { isProblem, type Problem } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import { readPayments } from '../coming-back/read-payments.ts'
import { reconcile } from '../coming-back/reconcile.ts'
import { switchHints } from '../connections/hints.ts'
import { refreshLists } from '../connections/lists.ts'
import { type ConnectionAt, findConnection } from '../connections/service.ts'
import { actOnChosen } from '../entries/act-task.ts'
import { importCustomers } from '../imports/import-customers.ts'
import { tellImport } from '../imports/tell-import.ts'
import { sendChosen } from '../letters/send-invoices.ts'
import { isToldOfNights, tellNight } from '../notifications/night-notices.ts'
import { holdLease, type Lease, LeaseLost, releaseLease, takeLease } from '../postings/lease.ts'
import { backoffMs } from '../postings/retry.ts'
import { remindChosen } from '../reminders/remind-invoices.ts'
import type { Services } from '../services.ts'
import { isDatabaseAway, type Trx } from '../store/database.ts'
import type { Progress, Running, RunningAtPackage } from './running.ts'

/** Long work with a result per row. It survives its process: what was done stays done, and another goes on with it. */
export type TaskKind = PackageTaskKind | OwnTaskKind
export type PackageTaskKind = 'refresh-lists' | 'import-customers' | 'read-payments' | 'reconcile' | 'switch-hints'
/** Needs no package. */
export type OwnTaskKind = 'act-on-entries' | 'send-invoices' | 'remind-invoices'

const worksAtPackage: Readonly<Record<PackageTaskKind, (running: RunningAtPackage) => Promise<void>>> = {
  'refresh-lists': refreshLists,
  'import-customers': importCustomers,
  'read-payments': readPayments,
  reconcile,
  'switch-hints': switchHints,
}
const ownWorks: Readonly<Record<OwnTaskKind, (running: Running) => Promise<void>>> = {
  'act-on-entries': actOnChosen,
  'send-invoices': sendChosen,
  'remind-invoices': remindChosen,
}
const isOwn = (kind: TaskKind): kind is OwnTaskKind => Object.hasOwn(ownWorks, kind)

const prefix = 'task:'
const leaseMs = 120_000
/** A package that stays out of reach longer than this ends the task; it can be started again. */
const mostTries = 12

export const isTaskKey = (key: string): boolean => key.startsWith(prefix)
const keyOf = (firmId: string, taskId: string) => `${prefix}${firmId}:${taskId}`

/** The process stops: whoever sweeps next goes on. */
class Stopped extends Error {
  override readonly name = 'Stopped'
}

interface NewTask {
  readonly params?: Readonly<Record<string, unknown>>
  readonly createdBy: string | null
}

interface Starting {
  readonly trx: Trx
  readonly firmId: string
  readonly services: Pick<Services, 'ids' | 'clock' | 'queue' | 'events'>
}

/** What makes a run the greater one: it does all that the lesser does. */
const greater: Readonly<Record<string, unknown>> = { full: true, scope: 'all' }

interface UnderWay {
  readonly id: string
  readonly params: Readonly<Record<string, unknown>>
  /** Nobody worked on it yet. */
  readonly isUnbegun: boolean
}

/**
 * In the transaction that decides. One that waits or runs for the same connection is given instead when it does as much;
 * one that nobody began yet is raised to what is asked, and behind one that does less another waits for its end.
 */
export async function startTask(
  call: Starting,
  {
    kind,
    connectionId,
    params = {},
    createdBy,
  }: NewTask & { readonly kind: PackageTaskKind; readonly connectionId: string },
): Promise<string> {
  const { trx, firmId } = call
  // Two who start the same at once make one.
  await sql`select 1 from connection where firm_id = ${firmId} and id = ${connectionId} for update`.execute(trx)
  const { rows: underWay } = await sql<UnderWay>`
    select id, params, state = 'waiting' and now is null as "isUnbegun" from task
    where firm_id = ${firmId} and kind = ${kind} and state in ('waiting', 'running')
      and params ->> 'connectionId' = ${connectionId} order by id`.execute(trx)
  const more = Object.entries(greater).filter(([name, value]) => params[name] === value)
  const enough = underWay.find((one) => more.every(([name, value]) => one.params[name] === value))
  if (enough) return enough.id
  const unbegun = underWay.find(({ isUnbegun }) => isUnbegun)
  if (unbegun && (await raise(call, unbegun, { params, createdBy }))) return unbegun.id
  const before = underWay.at(-1)
  const behind = before ? { behind: before.id } : {}
  const id = await addTask(call, { kind, params: { ...params, ...behind, connectionId }, createdBy })
  await wakeTask(call, id, connectionId)
  return id
}

/** It is now what was asked last, by whom it was asked; false when somebody began it meanwhile. */
async function raise(
  { trx, firmId, services }: Starting,
  { id, params }: UnderWay,
  { params: asked = {}, createdBy }: NewTask,
): Promise<boolean> {
  const { startedBy: _, ...before } = params
  const { numAffectedRows } = await sql`
    update task set params = ${JSON.stringify({ ...before, ...asked })}::jsonb, created_by = coalesce(${createdBy}::uuid, created_by),
      updated_at = ${services.clock.now()}
    where firm_id = ${firmId} and id = ${id} and state = 'waiting' and now is null`.execute(trx)
  if (numAffectedRows === 0n) return false
  await services.events.publish(trx, firmId, { topic: 'tasks', ids: [id] })
  return true
}

/** A task that nobody works on yet. */
export async function addTask(
  { trx, firmId, services }: Starting,
  { kind, params = {}, createdBy }: NewTask & { readonly kind: TaskKind },
): Promise<string> {
  const id = services.ids.next()
  const now = services.clock.now()
  await trx
    .insertInto('task')
    .values({ firmId, id, kind, params: JSON.stringify(params), createdBy, createdAt: now, updatedAt: now })
    .execute()
  return id
}

/** Gives it to whoever works; `about` is the connection, for its own work the task itself. */
export async function wakeTask({ trx, firmId, services }: Starting, id: string, about: string = id): Promise<void> {
  const key = keyOf(firmId, id)
  // Beside the lanes, so that the same sweep finds it when its wake was lost or its process died.
  await sql`insert into directory.lane (key, package) values (${key}, 'task')`.execute(trx)
  await sql`
    insert into directory.lane_due (lane_key, firm_id, connection_id, due_at)
    values (${key}, ${firmId}, ${about}, ${services.clock.now()})`.execute(trx)
  await services.queue.wakeLane(trx, key)
  await services.events.publish(trx, firmId, { topic: 'tasks', ids: [id] })
}

/** Works on a task until it is done, fails, has to wait for the package (answers until when), or is taken over. */
export async function runTask(services: Services, key: string, signal?: AbortSignal): Promise<Date | null> {
  const [, firmId, taskId] = key.split(':')
  if (!firmId || !taskId) return null
  const { store, ids } = services
  const lease = await store.withDirectory((trx) => takeLease(trx, key, ids.next(), leaseMs))
  if (!lease) return null
  try {
    const until = await waitsUntil(services, firmId, taskId, lease)
    if (until) return until
    const running = await begin(services, { firmId, taskId, lease, signal })
    if (!running) {
      await forget(services, firmId, lease)
      return null
    }
    try {
      await work(running)
      await end(services, running, lease, { state: 'done' })
      return null
    } catch (error) {
      return await endBadly(services, running, lease, error)
    }
  } catch (error) {
    if (!(error instanceof LeaseLost)) throw error
    return null
  }
}

/** Wakes tasks that are due: their wait is over, a wake was lost, or their process died. */
export async function sweepTasks({
  store,
  queue,
  clock,
}: Pick<Services, 'store' | 'queue' | 'clock'>): Promise<readonly string[]> {
  return store.withDirectory(async (trx) => {
    const { rows } = await sql<{ key: string }>`
      select l.key from directory.lane l join directory.lane_due d on d.lane_key = l.key
      where l.package = 'task' and d.due_at <= ${clock.now()}
        and (l.lease_until is null or l.lease_until < clock_timestamp())
      order by l.key`.execute(trx)
    for (const { key } of rows) await queue.wakeLane(trx, key)
    return rows.map(({ key }) => key)
  })
}

/** How soon it is looked for again whether the task before it ended without a word; else its end wakes this one. */
const behindMs = 60_000

/** A task that waits for the end of another goes to rest until then; null when it may begin. */
async function waitsUntil(services: Services, firmId: string, taskId: string, lease: Lease): Promise<Date | null> {
  return services.store.withFirm(firmId, async (trx) => {
    const { rows } = await sql`
      select 1 from task t join task b on b.firm_id = t.firm_id and b.id = (t.params ->> 'behind')::uuid
      where t.firm_id = ${firmId} and t.id = ${taskId} and b.state in ('waiting', 'running')`.execute(trx)
    if (rows.length === 0) return null
    await holdLease(trx, lease, leaseMs)
    const until = new Date(services.clock.now().getTime() + behindMs)
    await sql`update directory.lane_due set due_at = ${until} where lane_key = ${lease.laneKey}`.execute(trx)
    await releaseLease(trx, lease)
    return until
  })
}

/** Whoever waited for its end goes on now. */
async function wakeBehind({ queue, clock }: Services, trx: Trx, firmId: string, taskId: string): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select id from task where firm_id = ${firmId} and state = 'waiting' and params ->> 'behind' = ${taskId}
    order by id`.execute(trx)
  for (const { id } of rows) {
    const key = keyOf(firmId, id)
    await sql`update directory.lane_due set due_at = ${clock.now()} where lane_key = ${key}`.execute(trx)
    await queue.wakeLane(trx, key)
  }
}

interface Begun extends Running {
  readonly kind: TaskKind
  readonly tries: number
  /** Null when the work needs no package. */
  readonly connection: ConnectionAt | null
}

function work(running: Begun): Promise<void> {
  const { kind, connection } = running
  if (isOwn(kind)) return ownWorks[kind](running)
  assert(connection, 'work at a package has a connection')
  return worksAtPackage[kind]({ ...running, connection })
}

async function begin(
  services: Services,
  about: { firmId: string; taskId: string; lease: Lease; signal: AbortSignal | undefined },
): Promise<Begun | undefined> {
  const { firmId, taskId, lease, signal } = about
  const found = await services.store.withFirm(firmId, async (trx) => {
    const row = await trx
      .updateTable('task')
      .set({ state: 'running', updatedAt: services.clock.now() })
      .where('firmId', '=', firmId)
      .where('id', '=', taskId)
      .where('state', 'in', ['waiting', 'running'])
      .returningAll()
      .executeTakeFirst()
    if (!row) return undefined
    const params = row.params as Record<string, unknown>
    const connection = params.connectionId ? await findConnection({ trx, firmId }, String(params.connectionId)) : null
    const member = row.createdBy
      ? await trx
          .selectFrom('member')
          .select('name')
          .where('firmId', '=', firmId)
          .where('id', '=', row.createdBy)
          .executeTakeFirst()
      : undefined
    // A connection that is gone takes its work along.
    if (connection === undefined) return undefined
    return { row, params, connection, name: member?.name ?? 'Uurwerk' }
  })
  if (!found) return undefined
  const { row, params, connection, name } = found
  const throwIfStopped = () => {
    if (signal?.aborted) throw new Stopped()
  }
  return {
    services,
    firmId,
    taskId,
    connection,
    params,
    kind: row.kind as TaskKind,
    tries: Number(params.tries ?? 0),
    createdBy: { memberId: row.createdBy, name },
    throwIfStopped,
    step: (work) => {
      throwIfStopped()
      return services.store.withFirm(firmId, async (trx) => {
        await holdLease(trx, lease, leaseMs)
        return work(trx)
      })
    },
    progress: (trx, told) => tell(services, trx, { firmId, taskId }, told),
  }
}

async function tell(
  { clock, events }: Services,
  trx: Trx,
  { firmId, taskId }: { firmId: string; taskId: string },
  { total, now, done = 0, rows = [] }: Progress,
): Promise<void> {
  if (rows.length > 0) {
    const list = rows.map(({ subject, label, outcome, details }) => ({ subject, label, outcome, details }))
    await sql`
      insert into task_row (firm_id, task_id, position, subject, label, outcome, details)
      select ${firmId}, ${taskId}, start.at + r.n, r.subject, r.label, r.outcome, r.details
      from (select coalesce(max(position), 0) as at from task_row where firm_id = ${firmId} and task_id = ${taskId}) as start,
        rows from (jsonb_to_recordset(${JSON.stringify(list)}::jsonb) as (subject text, label text, outcome text, details jsonb))
          with ordinality as r(subject, label, outcome, details, n)`.execute(trx)
  }
  await trx
    .updateTable('task')
    .set((set) => ({
      done: set('done', '+', done + rows.length),
      ...(total === undefined ? {} : { total }),
      ...(now === undefined ? {} : { now }),
      updatedAt: clock.now(),
    }))
    .where('firmId', '=', firmId)
    .where('id', '=', taskId)
    .execute()
  await events.publish(trx, firmId, { topic: 'tasks', ids: [taskId] })
}

/** What came of its rows, counted per outcome. */
export async function closeTask(
  {
    trx,
    firmId,
    services,
  }: Pick<Starting, 'trx' | 'firmId'> & { readonly services: Pick<Services, 'clock' | 'events'> },
  taskId: string,
  how: { readonly state: 'done' | 'failed'; readonly problem?: Problem },
): Promise<void> {
  const now = services.clock.now()
  await sql`
    update task set state = ${how.state}, problem = ${how.problem ? JSON.stringify(how.problem) : null}::jsonb,
      now = null, finished_at = ${now}, updated_at = ${now},
      report = (select coalesce(jsonb_object_agg(outcome, n), '{}') from (
        select outcome, count(*) as n from task_row where firm_id = ${firmId} and task_id = ${taskId} group by outcome) counted)
    where firm_id = ${firmId} and id = ${taskId}`.execute(trx)
  await services.events.publish(trx, firmId, { topic: 'tasks', ids: [taskId] })
}

async function end(
  services: Services,
  { firmId, taskId, connection, kind, params }: Begun,
  lease: Lease,
  how: { readonly state: 'done' | 'failed'; readonly problem?: Problem },
): Promise<void> {
  await services.store.withFirm(firmId, async (trx) => {
    await holdLease(trx, lease, leaseMs)
    await dropKey(trx, lease.laneKey)
    await closeTask({ trx, firmId, services }, taskId, how)
    await wakeBehind(services, trx, firmId, taskId)
    if (connection) await services.events.publish(trx, firmId, { topic: 'connections' })
    if (!connection) return
    const { problem } = how
    const ended = { trx, firmId, services, taskId, connection, isNight: params.startedBy === 'night' }
    if (kind === 'import-customers') await tellImport({ ...ended, ...(problem ? { problem } : {}) })
    if (isToldOfNights(kind)) await tellNight({ ...ended, kind, problem })
  })
}

/** Answers when it goes on, null when it is over. */
async function endBadly(services: Services, running: Begun, lease: Lease, error: unknown): Promise<Date | null> {
  const { store, log, connections, clock } = services
  const { firmId, taskId, tries } = running
  // Without the database nothing is known to have failed: the lease ends, and whoever sweeps next goes on.
  if (error instanceof LeaseLost || isDatabaseAway(error)) throw error
  if (error instanceof Stopped) {
    await store.withDirectory((trx) => releaseLease(trx, lease))
    return null
  }
  if (!isProblem(error)) {
    log.error({ err: error, task: taskId }, 'a task broke off')
    await end(services, running, lease, {
      state: 'failed',
      problem: { kind: 'defect', code: 'our-mistake', values: { request: taskId } },
    })
    return null
  }
  const { problem } = error
  if (problem.kind === 'temporary' && tries + 1 < mostTries) {
    const told = problem.notBefore ? new Date(problem.notBefore) : undefined
    const until = told ?? new Date(clock.now().getTime() + backoffMs(tries + 1))
    await postpone(services, running, lease, until, problem)
    return until
  }
  const { connection } = running
  if (problem.kind === 'reconnect' && connection)
    await store.withFirm(firmId, (trx) => connections.loseAccess({ trx, firmId }, connection.id, problem))
  await end(services, running, lease, { state: 'failed', problem })
  return null
}

/** Waits as long as it was told; what was done is kept, and the same row of the list is not done twice. */
async function postpone(
  { store, clock, events }: Services,
  { firmId, taskId, tries }: Begun,
  lease: Lease,
  until: Date,
  problem: Problem,
): Promise<void> {
  // A limit that ends is no failure of theirs.
  const tried = JSON.stringify({ tries: problem.notBefore ? tries : tries + 1 })
  await store.withFirm(firmId, async (trx) => {
    await holdLease(trx, lease, leaseMs)
    await trx
      .updateTable('task')
      .set({
        state: 'waiting',
        now: 'waiting',
        problem: JSON.stringify({ ...problem, notBefore: until.toISOString() }),
        params: sql`params || ${tried}::jsonb`,
        updatedAt: clock.now(),
      })
      .where('firmId', '=', firmId)
      .where('id', '=', taskId)
      .execute()
    await sql`update directory.lane_due set due_at = ${until} where lane_key = ${lease.laneKey}`.execute(trx)
    await releaseLease(trx, lease)
    await events.publish(trx, firmId, { topic: 'tasks', ids: [taskId] })
  })
}

const forget = ({ store }: Services, firmId: string, lease: Lease): Promise<void> =>
  store.withFirm(firmId, (trx) => dropKey(trx, lease.laneKey))

async function dropKey(trx: Trx, key: string): Promise<void> {
  await sql`delete from directory.lane_due where lane_key = ${key}`.execute(trx)
  await sql`delete from directory.lane where key = ${key}`.execute(trx)
}
