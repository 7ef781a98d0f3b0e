import { sql } from 'kysely'
import pg from 'pg'
import type { Log } from '../log.ts'
import type { Trx } from '../store/database.ts'

/** What changed, so that a screen looks again. Never data. */
export interface Event {
  readonly topic:
    | 'postings'
    | 'tasks'
    | 'connections'
    | 'invoices'
    | 'hours'
    | 'timer'
    | 'absences'
    | 'expenses'
    | 'trips'
    | 'approvals'
    | 'due'
    | 'customers'
    | 'letters'
    | 'notifications'
  readonly ids?: readonly string[]
}

export interface Events {
  /** Goes out when the transaction is committed, to listeners of every process. */
  publish(trx: Trx, firmId: string, event: Event): Promise<void>
  listen(firmId: string, hear: (event: Event) => void): () => void
  close(): Promise<void>
}

const channel = 'uurwerk_events'

/** Events travel by NOTIFY, so that a worker's news reaches every web process; a listener that misses one polls. */
export async function startEvents(connectionString: string, log: Log, retryMs = 2000): Promise<Events> {
  const listeners = new Map<string, Set<(event: Event) => void>>()
  let client: pg.Client | undefined
  let retry: NodeJS.Timeout | undefined
  let closed = false

  const connect = async (): Promise<void> => {
    const fresh = new pg.Client({ connectionString, keepAlive: true, connectionTimeoutMillis: 10_000 })
    // A connection that ends says so more than once.
    const lost = (error?: Error) => {
      if (closed || client !== fresh) return
      client = undefined
      log.warn({ err: error }, 'events: connection lost, connecting again')
      connectAgain()
    }
    fresh.on('error', lost)
    fresh.on('end', lost)
    fresh.on('notification', ({ payload }) => {
      const { firm, ...event } = JSON.parse(payload ?? '{}') as { firm: string } & Event
      for (const hear of listeners.get(firm) ?? []) hear(event)
    })
    try {
      await fresh.connect()
      await fresh.query(`listen ${channel}`)
    } catch (error) {
      await fresh.end().catch(() => undefined)
      throw error
    }
    if (closed) await fresh.end()
    else client = fresh
  }
  const connectAgain = () => {
    retry = setTimeout(() => {
      connect().catch((error) => {
        log.warn({ err: error }, 'events: no connection yet')
        if (!closed) connectAgain()
      })
    }, retryMs).unref()
  }
  await connect()

  return {
    async publish(trx, firmId, { topic, ids }) {
      // A payload holds 8,000 bytes at most: many ids become none, which means "look at all of them".
      const payload = JSON.stringify({ firm: firmId, topic, ...(ids && ids.length <= 100 ? { ids } : {}) })
      await sql`select pg_notify(${channel}, ${payload})`.execute(trx)
    },
    listen(firmId, hear) {
      const heard = listeners.get(firmId) ?? new Set()
      heard.add(hear)
      listeners.set(firmId, heard)
      return () => {
        heard.delete(hear)
        if (heard.size === 0) listeners.delete(firmId)
      }
    },
    async close() {
      closed = true
      clearTimeout(retry)
      await client?.end()
    },
  }
}
