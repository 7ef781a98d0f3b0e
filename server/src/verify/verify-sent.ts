import { openFileStore } from '../files/file-store.ts'
import type { Log } from '../log.ts'
import { createSeals, Secret } from '../secrets.ts'
import { type Settings, secretKeyOf } from '../settings.ts'
import { StartRefused } from '../start-refused.ts'
import { openStore, type Store } from '../store/database.ts'
import { findEmbedded, startEmbedded } from '../store/embedded.ts'
import { isMigrated } from '../store/migrate.ts'
import { programUrl } from '../store/roles.ts'
import { type FirmVerdict, verifyFirm } from './verify-firm.ts'

export interface VerifyOptions {
  readonly settings: Settings
  readonly log: Log
  /** Hashes of chains that were noted at an earlier look; each must still be there. */
  readonly noted: readonly string[]
  readonly say: (line: string) => void
}

const mostTold = 20

/**
 * `npm run verify`: what was sent is still what was sent, for every firm. Answers whether it is; changes nothing, and
 * may run beside the program.
 */
export async function verifySent({ settings, log, noted, say }: VerifyOptions): Promise<boolean> {
  const database = await reachDatabase(settings, log, say)
  try {
    const appUrl = settings.databaseAppUrl ?? programUrl(database.ownerUrl, createSeals(secretKeyOf(settings)))
    const store = await openStore({ appUrl, pools: { app: 2, jobs: 0, auth: 0 }, log })
    try {
      if (!(await isMigrated(store)))
        throw new StartRefused('The data is of another version of Uurwerk. Start this version once, and verify then.')
      return await verifyAll(store, { settings, noted, say })
    } finally {
      await store.close()
    }
  } finally {
    await database.leave()
  }
}

async function verifyAll(store: Store, { settings, noted, say }: Omit<VerifyOptions, 'log'>): Promise<boolean> {
  const files = openFileStore(settings)
  const firms = await store.readDirectory((reader) =>
    reader.selectFrom('directory.firm').select(['id', 'slug', 'name']).orderBy('name').orderBy('slug').execute(),
  )
  const missed = new Set(noted)
  let whole = true
  for (const { id, slug, name } of firms) {
    const verdict = await verifyFirm({ store, files }, id, missed)
    for (const hash of verdict.noted) missed.delete(hash)
    for (const line of told(`${name} (${slug})`, verdict)) say(line)
    whole &&= verdict.wrongs.length === 0
  }
  for (const hash of missed)
    say(`NOT FOUND  ${hash} was noted before and is in no chain: something up to it was replaced.`)
  whole &&= missed.size === 0
  const looked = `${firms.length} ${firms.length === 1 ? 'firm' : 'firms'}`
  say(
    whole
      ? `All well: ${looked}.`
      : `NOT WELL: ${looked}. Keep this database and its backups as they are, and compare them.`,
  )
  return whole
}

function told(firm: string, { sent, head, brokenAt, kept, wrongs }: FirmVerdict): string[] {
  const chain = brokenAt === null ? 'chain whole' : `chain BROKEN at position ${brokenAt}`
  return [
    firm,
    `  ${sent} sent, ${chain}; ${kept} kept ${kept === 1 ? 'document' : 'documents'}`,
    ...(head ? [`  head ${head.position} ${head.hash}`] : []),
    ...wrongs.slice(0, mostTold).map((wrong) => `  WRONG  ${wrong}`),
    ...(wrongs.length > mostTold ? [`  and ${wrongs.length - mostTold} more`] : []),
  ]
}

interface Reached {
  readonly ownerUrl: Secret
  leave(): Promise<void>
}

/** The server in DATABASE_URL, the embedded database of the Uurwerk that runs, or that database started for the purpose. */
async function reachDatabase(settings: Settings, log: Log, say: VerifyOptions['say']): Promise<Reached> {
  if (settings.databaseUrl) return { ownerUrl: settings.databaseUrl, leave: async () => {} }
  const found = findEmbedded(settings.dataDir)
  if (found.state === 'absent')
    throw new StartRefused(
      `There is no database in DATA_DIR ${settings.dataDir}. Give the one to verify in DATA_DIR or DATABASE_URL.`,
    )
  if (found.state === 'running') {
    say(`Uurwerk runs (its database is process ${found.pid}): it is read beside it, as it stands now.`)
    return { ownerUrl: new Secret(found.url), leave: async () => {} }
  }
  const started = await startEmbedded({ dataDir: settings.dataDir, log })
  say('Uurwerk does not run: its database is started for this, and stopped again.')
  return { ownerUrl: new Secret(started.url), leave: () => started.stop() }
}
