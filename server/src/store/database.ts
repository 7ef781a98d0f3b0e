import { AsyncLocalStorage } from 'node:async_hooks'
import { randomBytes } from 'node:crypto'
import { assert } from '@uurwerk/core/shared/assert.ts'
import {
  CamelCasePlugin,
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  Kysely,
  PostgresAdapter,
  PostgresDriver,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type Transaction,
} from 'kysely'
import pg from 'pg'
import type { Log } from '../log.ts'
import type { Secret } from '../secrets.ts'
import type { PoolSizes } from '../settings.ts'
import { StartRefused } from '../start-refused.ts'
import { assertProgramRole } from './roles.ts'
import type { DB } from './schema.gen.ts'

export type { DB } from './schema.gen.ts'
export type Trx = Transaction<DB>

export interface TransactionOptions {
  readonly readOnly?: boolean
  readonly isolation?: 'read committed' | 'repeatable read' | 'serializable'
  /** How long one statement may take, waiting for a lock included. */
  readonly statementTimeoutMs?: number
}

/** What a reader outside a transaction gets: one statement at a time, and no firm's rows. */
export type Reader = Pick<Kysely<DB>, 'selectFrom' | 'selectNoFrom' | 'with' | 'fn' | 'getExecutor'>

export interface Store {
  /** The only way to a firm's tables: a transaction that sees and writes the rows of this firm alone. */
  withFirm<Result>(firmId: string, work: (trx: Trx) => Promise<Result>, options?: TransactionOptions): Promise<Result>
  /** A transaction over what must be found before a firm is known. Of the firms' tables it sees no row. */
  withDirectory<Result>(work: (trx: Trx) => Promise<Result>, options?: TransactionOptions): Promise<Result>
  /** Single look-ups there, without the cost of a transaction. */
  readDirectory<Result>(work: (reader: Reader) => Promise<Result>): Promise<Result>
  /** Connections in use, idle and asked for in vain, for the metrics. */
  connections(): { readonly used: number; readonly idle: number; readonly waiting: number }
  close(): Promise<void>
}

/** One name for all connections of this process, by which the server's processes are counted. */
export const processName = `uurwerk-${process.pid}-${randomBytes(4).toString('hex')}`

export interface StoreOptions {
  readonly appUrl: Secret
  readonly pools: PoolSizes
  readonly log: Log
  /** How long whoever asks waits for a connection. */
  readonly waitMs?: number
}

export async function openStore({ appUrl, pools, log, waitMs }: StoreOptions): Promise<Store> {
  const pool = createPool({ url: appUrl, size: pools.app, log, types, ...(waitMs ? { waitMs } : {}) })
  try {
    await assertProgramRole(pool)
    await assertEnoughConnections(pool, pools)
  } catch (error) {
    await pool.end()
    throw error
  }
  const db = new Kysely<DB>({ dialect: fencedDialect(pool), plugins: [columnNames] })
  const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

  async function within<Result>(
    firmId: string | null,
    work: (trx: Trx) => Promise<Result>,
    options: TransactionOptions,
  ) {
    // A second connection, asked for while one is held, lets all requests wait for each other when the pool is empty.
    assert(!currentFence.getStore()?.open, 'a transaction was begun inside another: pass trx on instead')
    const fence: Fence = { firmId, options, open: true }
    try {
      return await currentFence.run(fence, () => db.transaction().execute(work))
    } finally {
      fence.open = false
    }
  }

  return {
    withFirm(firmId, work, options = {}) {
      assert(uuid.test(firmId), 'a firm is named by its uuid')
      return within(firmId, work, options)
    },
    withDirectory: (work, options = {}) => within(null, work, options),
    readDirectory: (work) => work(db),
    connections: () => ({
      used: pool.totalCount - pool.idleCount,
      idle: pool.idleCount,
      waiting: pool.waitingCount,
    }),
    async close() {
      await db.destroy()
      if (!pool.ending) await pool.end() // it leaves a pool alone that it never used
    },
  }
}

/** Columns are `snake_case` there and `camelCase` here; what stands inside a JSON value is nobody's column and stays. */
const columnNames = new CamelCasePlugin({ maintainNestedObjectKeys: true })

interface Fence {
  readonly firmId: string | null
  readonly options: TransactionOptions
  open: boolean
}

const currentFence = new AsyncLocalStorage<Fence>()

/** Refreshing access holds its row while a package answers, for which Exact asks 100 s of patience. */
const IDLE_TIMEOUT_MS = 180_000
const STATEMENT_TIMEOUT_MS = 60_000

/** Begins and sets the firm in one round trip. `set local` ends with the transaction, whichever way that goes. */
class FencedDriver extends PostgresDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    const fence = currentFence.getStore()
    assert(fence?.open, 'a transaction is begun by withFirm or withDirectory')
    const { isolation = 'read committed', readOnly = false, statementTimeoutMs = STATEMENT_TIMEOUT_MS } = fence.options
    assert(Number.isInteger(statementTimeoutMs), 'a time-out is a whole number of milliseconds')
    const begin = [
      `begin isolation level ${isolation} ${readOnly ? 'read only' : 'read write'}`,
      `set local app.firm = '${fence.firmId ?? ''}'`,
      `set local statement_timeout = ${statementTimeoutMs}`,
      `set local idle_in_transaction_session_timeout = ${IDLE_TIMEOUT_MS}`,
    ]
    await connection.executeQuery(CompiledQuery.raw(begin.join('; ')))
  }
}

const fencedDialect = (pool: pg.Pool): Dialect => ({
  createAdapter: () => new PostgresAdapter(),
  createDriver: () => new FencedDriver({ pool }),
  createIntrospector: (db) => new PostgresIntrospector(db),
  createQueryCompiler: () => new PostgresQueryCompiler(),
})

const DATE = 1082
const DATE_ARRAY = 1182
const TEXT_ARRAY: number = 1009
const asText = (text: string): unknown => text

/** A calendar date stays text, as `numeric` and `int8` do by themselves. */
const parsers: Readonly<Record<number, (text: string) => unknown>> = {
  [DATE]: asText,
  [DATE_ARRAY]: pg.types.getTypeParser(TEXT_ARRAY, 'text'),
}

const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text') =>
    parsers[oid] ?? pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
}

export interface PoolOptions {
  readonly url: Secret
  readonly size: number
  readonly log: Log
  readonly types?: pg.CustomTypesConfig
  readonly waitMs?: number
}

/** Longer than any request takes: who still has no connection is told that the database is busy. */
const WAIT_MS = 10_000

/** For this folder, sign-in and the queue. Everything else takes a `Store`. */
export function createPool({ url, size, log, types: ownTypes, waitMs = WAIT_MS }: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url.reveal(),
    max: size,
    application_name: processName,
    connectionTimeoutMillis: waitMs,
    keepAlive: true,
    ...(ownTypes ? { types: ownTypes } : {}),
  })
  // Without a listener, an idle connection that the server ends takes the whole process with it.
  pool.on('error', (error) => log.warn({ err: error }, 'the database ended an idle connection'))
  // Neither may one in use: its statement fails too, and tells whoever asked.
  pool.on('connect', (client) => client.on('error', (error) => log.debug({ err: error }, 'a connection was lost')))
  return pool
}

/** Of the system, of PostgreSQL (classes 08 and 57P, Appendix A) and of a server that lets nobody in any more. */
const awayCodes =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN|ENOTFOUND|08\w{3}|57P0\d|53300)$/
// The driver has no code for these (pg client.js and pg-pool index.js).
const awayWords = [
  'Connection terminated unexpectedly',
  'Connection terminated',
  'Connection terminated due to connection timeout',
  'timeout exceeded when trying to connect',
  'Client has encountered a connection error and is not queryable',
]

/** The database could not be reached, or went away meanwhile. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { code } = error as { code?: unknown }
  return typeof code === 'string' ? awayCodes.test(code) : awayWords.includes(error.message)
}

async function assertEnoughConnections(pool: pg.Pool, pools: PoolSizes) {
  const { rows } = await pool.query<{ available: number; others: number }>(
    `select current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
            - coalesce(current_setting('reserved_connections', true), '0')::int as available,
       (select count(distinct application_name)::int from pg_stat_activity
         where application_name like 'uurwerk-%' and application_name <> $1) as others`,
    [processName],
  )
  const { available = 0, others = 0 } = rows[0] ?? {}
  const listeners = 2 // of the queue and of events
  const each = pools.app + pools.jobs + pools.auth + listeners
  const spare = 1 // the owner's, for the migration of the next start
  if ((others + 1) * each + spare <= available) return
  throw new StartRefused(
    `The database allows ${available} connections, and ${others + 1} ${others === 0 ? 'process' : 'processes'} of Uurwerk may use ${each} each and one more. Raise max_connections there, or lower POOL_APP, POOL_JOBS or POOL_AUTH.`,
  )
}
