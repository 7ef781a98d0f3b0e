import { randomUUID } from 'node:crypto'
import { Kysely, PostgresDialect, sql } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import type pg from 'pg'
import { installQueue } from '../jobs/queue.ts'
import type { Log } from '../log.ts'
import { migratePeople } from '../people/auth.ts'
import type { Seals, Secret } from '../secrets.ts'
import { StartRefused } from '../start-refused.ts'
import { createPool, type Store } from './database.ts'
import { appendOnlyTables, migrations as ownMigrations } from './migrations/index.ts'
import { ensureProgramRole, grantToProgram, withOwner } from './roles.ts'

export interface PrepareOptions {
  readonly ownerUrl: Secret
  /** Absent: the role is made. */
  readonly appUrl: Secret | null
  readonly seals: Seals
  readonly log: Log
  /** Other than the program's own, for tests. */
  readonly migrations?: Readonly<Record<string, Migration>>
}

/** Two numbers of ours, so that no other program's advisory lock is met by chance. */
const LOCK = [0x5575_7277, 1]

/**
 * Brings the database to this version and gives the program's role its rights. Processes that start at once do it one
 * after another. Answers with how the program connects.
 */
export function prepareDatabase(options: PrepareOptions): Promise<{ readonly appUrl: Secret }> {
  return withOwner(options.ownerUrl, async (guard) => {
    // Held by a transaction, not a session: a pooler between us and the server gives sessions to others.
    await guard.query('begin; set local idle_in_transaction_session_timeout = 0; set local statement_timeout = 0')
    await guard.query('select pg_advisory_xact_lock($1, $2)', LOCK)
    try {
      return await withOwner(options.ownerUrl, (owner) => prepare(owner, options))
    } finally {
      await guard.query('rollback').catch(() => {}) // ends with its connection in any case
    }
  })
}

async function prepare(owner: pg.Client, { ownerUrl, appUrl, seals, log, migrations = ownMigrations }: PrepareOptions) {
  await owner.query('create schema if not exists program')
  await refuseNewerData(owner, migrations)
  await refuseOtherKey(owner, seals)
  const programUrl = appUrl ?? (await ensureProgramRole(owner, ownerUrl, seals))

  const pool = createPool({ url: ownerUrl, size: 2, log })
  try {
    const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) })
    await migrate(db, migrations, log)
    await migratePeople(pool)
  } finally {
    await pool.end()
  }
  await installQueue(ownerUrl)
  await grantToProgram(owner, decodeURIComponent(new URL(programUrl.reveal()).username), {
    appendOnly: appendOnlyTables,
  })
  return { appUrl: programUrl }
}

async function migrate(db: Kysely<unknown>, migrations: Readonly<Record<string, Migration>>, log: Log) {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => ({ ...migrations }) },
    migrationTableSchema: 'program',
  })
  const { error, results = [] } = await migrator.migrateToLatest()
  for (const { migrationName, status } of results) {
    if (status === 'Success') log.info({ migration: migrationName }, 'migrated')
    if (status === 'Error') log.error({ migration: migrationName, err: error }, 'a migration failed and was undone')
  }
  if (error) throw error
}

async function appliedMigrations(owner: pg.Client): Promise<string[]> {
  const { rows: found } = await owner.query<{ there: boolean }>(
    `select to_regclass('program.kysely_migration') is not null as there`,
  )
  if (!found[0]?.there) return []
  const { rows } = await owner.query<{ name: string }>('select name from program.kysely_migration order by name')
  return rows.map(({ name }) => name)
}

async function refuseNewerData(owner: pg.Client, migrations: Readonly<Record<string, Migration>>) {
  const unknown = (await appliedMigrations(owner)).filter((name) => !(name in migrations))
  if (unknown.length > 0)
    throw new StartRefused(
      `The data was written by a newer version of Uurwerk (${unknown.join(', ')}). Start that version, or restore a backup made before the upgrade.`,
    )
}

/** With another key nothing that was sealed would open, one connection after another: better told at once. */
async function refuseOtherKey(owner: pg.Client, seals: Seals) {
  await owner.query(
    'create table if not exists program.installation (id uuid primary key, key_id text not null, single boolean not null default true unique check (single))',
  )
  await owner.query('insert into program.installation (id, key_id) values ($1, $2) on conflict do nothing', [
    randomUUID(),
    seals.keyId,
  ])
  const { rows } = await owner.query<{ key_id: string }>('select key_id from program.installation')
  if (rows[0]?.key_id !== seals.keyId)
    throw new StartRefused(
      `The secret key (${seals.keyId}) is not the one that this database was made with (${rows[0]?.key_id}). Give that one in SECRET_KEY or SECRET_KEY_FILE: all processes need the same.`,
    )
}

/** For readiness: whether the database is of this very version. Throws when it cannot be reached. */
export async function isMigrated(store: Store): Promise<boolean> {
  const rows = await store.readDirectory((reader) =>
    sql<{ name: string }>`select name from program.kysely_migration`.execute(reader),
  )
  const applied = new Set(rows.rows.map(({ name }) => name))
  return (
    applied.size === Object.keys(ownMigrations).length && Object.keys(ownMigrations).every((name) => applied.has(name))
  )
}
