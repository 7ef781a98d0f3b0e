import { randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { inject } from 'vitest'
import { createLog, type Log } from '../log.ts'
import { type Seals, Secret } from '../secrets.ts'
import { openStore, type Store } from '../store/database.ts'
import { testSeals } from './seals.ts'

export interface TestDatabase {
  readonly ownerUrl: Secret
  readonly appUrl: Secret
  readonly store: Store
  readonly seals: Seals
  readonly log: Log
  /** As the owner, for what the program's role may not see. */
  asOwner<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>
  close(): Promise<void>
}

/** A database of its own, copied from the migrated one. One per test file; each test makes its own firms in it. */
export async function testDatabase(): Promise<TestDatabase> {
  const server = inject('database')
  const name = `${server.template}_${randomBytes(5).toString('hex')}`
  const within = (url: string, database: string) => {
    const changed = new URL(url)
    changed.pathname = `/${database}`
    return new Secret(changed.href)
  }
  await onServer(server.ownerUrl, `create database ${name} template ${server.template}`)
  const ownerUrl = within(server.ownerUrl, name)
  const appUrl = within(server.appUrl, name)
  const log = createLog(process.env.LOG_LEVEL === 'debug' ? 'debug' : 'silent')
  // Two hundred at once take their turns, on a machine that is busy with other things too.
  const store = await openStore({ appUrl, pools: { app: 12, jobs: 4, auth: 4 }, log, waitMs: 120_000 })
  const owner = new pg.Pool({ connectionString: ownerUrl.reveal(), max: 1, allowExitOnIdle: true })
  owner.on('error', () => {}) // ended with its database
  return {
    ownerUrl,
    appUrl,
    store,
    seals: testSeals,
    log,
    asOwner: async <Row extends pg.QueryResultRow>(text: string, values: unknown[] = []) =>
      (await owner.query<Row>(text, values)).rows,
    async close() {
      await store.close()
      await owner.end()
      await dropWhenLeft(server.ownerUrl, name)
    },
  }
}

/** Without force, to which an owner on somebody else's server has no right: the last connections end by themselves. */
async function dropWhenLeft(url: string, name: string) {
  const inUse = '55006'
  for (let attempt = 1; ; attempt++) {
    try {
      return await onServer(url, `drop database ${name}`)
    } catch (error) {
      if (!(error instanceof pg.DatabaseError) || error.code !== inUse || attempt === 20) throw error
      await wait(50)
    }
  }
}

/** From another database, since one that is being copied may have nobody in it. */
async function onServer(url: string, statement: string) {
  const elsewhere = new URL(url)
  elsewhere.pathname = '/postgres'
  const client = new pg.Client({ connectionString: elsewhere.href })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
