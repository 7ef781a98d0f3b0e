import { setTimeout as wait } from 'node:timers/promises'
import { fromKysely, PgBoss } from 'pg-boss'
import type { Log } from '../log.ts'
import type { Secret } from '../secrets.ts'
import { StartRefused } from '../start-refused.ts'
import { processName, type Trx } from '../store/database.ts'

/** Something that is done again and again, by one process at a time. */
export interface RepeatedTask {
  /** Kebab-case verb and noun: `sweep-lanes`. */
  readonly name: string
  /** Five fields; a minute is the shortest. */
  readonly cron: string
  readonly timeZone?: string
  readonly run: (signal: AbortSignal) => Promise<void>
}

/** Wakes lanes and runs repeated tasks. It holds no truth: what is due stands in the rows of the firms. */
export interface Queue {
  /** In the transaction that decides: no commit, no wake. A lane that already waits is not woken twice. */
  wakeLane(trx: Trx, laneKey: string): Promise<void>
  /** From now on this process does the work of lanes that are woken. A wake that came while its lane ran runs it once more. */
  work(handler: (laneKey: string, signal: AbortSignal) => Promise<void>): Promise<void>
  /** Replaces what was repeated before, by whichever version. */
  repeat(tasks: readonly RepeatedTask[]): Promise<void>
  /** Takes no new work and waits for what runs. */
  stop(): Promise<void>
}

const SCHEMA = 'pgboss'
const LANE = 'lane'
const REPEAT = 'repeat'

/**
 * The queue never retries: a lane knows itself when it wants to go on. A worker that dies is noticed by its missing
 * heartbeat, since one active job per lane would else hold back the next.
 */
const queueRules = {
  policy: 'stately',
  retryLimit: 0,
  expireInSeconds: 3600,
  heartbeatSeconds: 30,
  deleteAfterSeconds: 3600,
  notify: true,
} as const

const STOP_TIMEOUT_MS = 25_000
const UPGRADE_TIMEOUT_MS = 600_000

/** As the owner: tables and queues. Later changes that run in the background end here too, since they need the owner. */
export async function installQueue(ownerUrl: Secret): Promise<void> {
  const boss = new PgBoss({
    connectionString: ownerUrl.reveal(),
    schema: SCHEMA,
    max: 2,
    supervise: false,
    schedule: false,
    reindex: false,
    bamIntervalSeconds: 10, // the shortest it takes
    application_name: processName,
  })
  let lost: unknown
  boss.on('error', (error) => {
    lost = error
  })
  await boss.start()
  try {
    for (const name of [LANE, REPEAT]) {
      await boss.createQueue(name, queueRules)
      const { policy: _, ...changeable } = queueRules
      await boss.updateQueue(name, changeable)
    }
    await backgroundChanges(boss)
    if (lost) throw lost
  } finally {
    await boss.stop({ graceful: false })
  }
}

/** Indexes that a new version of the queue builds beside the work; only the owner may, and it is gone after the start. */
async function backgroundChanges(boss: PgBoss): Promise<void> {
  const deadline = performance.now() + UPGRADE_TIMEOUT_MS
  for (;;) {
    const open = (await boss.getBamStatus()).filter(({ status }) => status === 'pending' || status === 'in_progress')
    if (open.length === 0) return
    if (performance.now() > deadline)
      throw new StartRefused(
        'The tables of the queue are not upgraded after ten minutes: see what holds locks in schema pgboss.',
      )
    await wait(250)
  }
}

export interface QueueOptions {
  readonly appUrl: Secret
  readonly poolSize: number
  readonly log: Log
  /** Whether this process works, or only wakes. */
  readonly works: boolean
}

export async function startQueue({ appUrl, poolSize, log, works }: QueueOptions): Promise<Queue> {
  const boss = new PgBoss({
    connectionString: appUrl.reveal(),
    schema: SCHEMA,
    max: poolSize,
    application_name: processName,
    migrate: false,
    createSchema: false,
    // Belongs to the owner of the tables.
    reindex: false,
    supervise: works,
    schedule: works,
    useListenNotify: works,
    superviseIntervalSeconds: 30,
    monitorIntervalSeconds: 15,
  })
  boss.on('error', (error) => log.error({ err: error }, 'the queue met an error'))
  boss.on('warning', (warning) => log.warn({ warning: warning.message }, 'the queue warns'))
  await boss.start()

  const runs = new Map<string, RepeatedTask['run']>()
  const pollingIntervalSeconds = 2

  return {
    async wakeLane(trx, laneKey) {
      // Without the plugin that renames columns: the queue reads its own.
      await boss.send(LANE, null, { singletonKey: laneKey, db: fromKysely(trx.withoutPlugins()) })
    },
    async work(handler) {
      const options = { pollingIntervalSeconds, localConcurrency: 4, includeMetadata: true } as const
      await boss.work<null, void, typeof options>(LANE, options, async (jobs) => {
        for (const job of jobs) {
          const laneKey = job.singletonKey
          if (!laneKey) continue
          try {
            await handler(laneKey, job.signal)
          } catch (error) {
            log.error({ err: error, lane: laneKey }, 'a lane broke off')
            throw error
          }
        }
      })
    },
    async repeat(tasks) {
      runs.clear()
      for (const task of tasks) runs.set(task.name, task.run)
      for (const { key } of await boss.getSchedules(REPEAT)) {
        if (!runs.has(key)) await boss.unschedule(REPEAT, key)
      }
      for (const { name, cron, timeZone = 'UTC' } of tasks)
        await boss.schedule(REPEAT, cron, { task: name }, { key: name, tz: timeZone, singletonKey: name })
      await boss.work<{ task: string }>(REPEAT, { pollingIntervalSeconds }, async (jobs) => {
        for (const job of jobs) {
          // A newer version beside us may repeat what we do not know.
          const run = runs.get(job.data.task)
          try {
            await run?.(job.signal)
          } catch (error) {
            log.error({ err: error, task: job.data.task }, 'a repeated task broke off')
            throw error
          }
        }
      })
    },
    stop: () => boss.stop({ graceful: true, timeout: STOP_TIMEOUT_MS }),
  }
}
