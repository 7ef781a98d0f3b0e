import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { createLog } from '../server/src/log.ts'
import { createSeals, Secret } from '../server/src/secrets.ts'
import { startEmbedded } from '../server/src/store/embedded.ts'
import { prepareDatabase } from '../server/src/store/migrate.ts'

/** The load set is nobody's: its keys open nothing else. */
export const benchSeals = createSeals(new Secret('the load set has no secrets at all'))
export const benchLog = createLog('error')

export interface BenchDatabase {
  readonly ownerUrl: string
  /** As the program connects. */
  readonly appUrl: string
  stop(): Promise<void>
}

export interface Where {
  /** A PostgreSQL server; else an embedded one in `dataDir`. */
  readonly url?: string | undefined
  readonly dataDir: string
}

/** A migrated database for the load set: the one in DATABASE_URL, or an embedded one that stays in its folder. */
export async function openDatabase({ url, dataDir }: Where): Promise<BenchDatabase> {
  if (!url) mkdirSync(dataDir, { recursive: true, mode: 0o711 })
  const embedded = url ? undefined : await startEmbedded({ dataDir, log: benchLog, maxConnections: 60, careless: true })
  const ownerUrl = url ?? embedded?.url ?? ''
  try {
    const { appUrl } = await prepareDatabase({
      ownerUrl: new Secret(ownerUrl),
      appUrl: null,
      seals: benchSeals,
      log: benchLog,
    })
    return { ownerUrl, appUrl: appUrl.reveal(), stop: async () => embedded?.stop() }
  } catch (error) {
    await embedded?.stop()
    throw error
  }
}

/** Where the load set stands, from `--data` and DATABASE_URL. */
export const whereOf = (dataDir: string | undefined): Where => ({
  url: dataDir ? undefined : process.env.DATABASE_URL,
  dataDir: dataDir ?? join(import.meta.dirname, '../data/bench'),
})

export async function connected<Result>(url: string, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
