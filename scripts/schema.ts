import { execFileSync } from 'node:child_process'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kysely, PostgresDialect } from 'kysely'
import { Migrator } from 'kysely/migration'
import pg from 'pg'
import { createLog } from '../server/src/log.ts'
import { startEmbedded } from '../server/src/store/embedded.ts'
import { migrations } from '../server/src/store/migrations/index.ts'

/** Column types of the firm's tables, read from a fresh database that was migrated to the newest version. */
export async function schemaText(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'uurwerk-schema-'))
  // The database may run as another user, who has to get in.
  await chmod(folder, 0o711)
  const server = await startEmbedded({ dataDir: folder, log: createLog('silent') })
  try {
    const db = new Kysely<unknown>({
      dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: server.url }) }),
    })
    const { error } = await new Migrator({ db, provider: { getMigrations: async () => migrations } }).migrateToLatest()
    await db.destroy()
    if (error) throw error
    const out = join(folder, 'schema.ts')
    execFileSync(
      join(import.meta.dirname, '../node_modules/.bin/kysely-codegen'),
      [
        '--dialect=postgres',
        `--url=${server.url}`,
        '--camel-case',
        '--date-parser=string',
        '--numeric-parser=string',
        '--exclude-pattern=*.kysely_*',
        '--default-schema=public',
        '--type-mapping={"timestamptz":"Date","int8":"string"}',
        `--out-file=${out}`,
      ],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    )
    return await readFile(out, 'utf8')
  } finally {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

if (import.meta.main) console.log(await schemaText())
