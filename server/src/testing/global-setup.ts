import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { createLog } from '../log.ts'
import { Secret } from '../secrets.ts'
import { startEmbedded } from '../store/embedded.ts'
import { prepareDatabase } from '../store/migrate.ts'
import { testSeals } from './seals.ts'

export interface TestServer {
  /** As the owner, without a database at the end. */
  readonly ownerUrl: string
  readonly appUrl: string
  readonly template: string
}

declare module 'vitest' {
  interface ProvidedContext {
    readonly database: TestServer
  }
}

/** Projects start one after another in one process and share what the first of them started. */
interface Shared {
  users: number
  readonly server: Promise<TestServer & { end(): Promise<void> }>
}
const here = globalThis as { uurwerkTestServer?: Shared }

export default async function setup(project: TestProject) {
  here.uurwerkTestServer ??= { users: 0, server: start() }
  const shared = here.uurwerkTestServer
  shared.users++
  const { ownerUrl, appUrl, template, end } = await shared.server
  project.provide('database', { ownerUrl, appUrl, template })
  return async () => {
    if (--shared.users > 0) return
    delete here.uurwerkTestServer
    await end()
  }
}

/** The server in DATABASE_URL_TEST, or an embedded one; with one database that is migrated and copied for each test file. */
async function start() {
  const log = createLog('error')
  const given = process.env.DATABASE_URL_TEST
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'uurwerk-test-'))
  // The database may run as another user, who has to get in.
  fs.chmodSync(folder, 0o711)
  const embedded = given
    ? undefined
    : await startEmbedded({ dataDir: folder, log, maxConnections: 200, careless: true })
  const base = new URL(given ?? embedded?.url ?? '')
  const template = `uurwerk_test_${process.pid}_${Date.now().toString(36)}`
  const admin = async (statement: string) => {
    const client = new pg.Client({ connectionString: base.href })
    await client.connect()
    await client.query(statement)
    await client.end()
  }
  const end = async () => {
    if (given) {
      const client = new pg.Client({ connectionString: base.href })
      await client.connect()
      const { rows } = await client.query<{ datname: string }>(
        'select datname from pg_database where starts_with(datname, $1)',
        [template],
      )
      for (const { datname } of rows) await client.query(`drop database if exists ${datname}`)
      await client.query(`drop role if exists ${template}_app`)
      await client.end()
    }
    await embedded?.stop()
    fs.rmSync(folder, { recursive: true, force: true })
  }
  try {
    await admin(`create database ${template}`)
    const ownerUrl = new URL(base)
    ownerUrl.pathname = `/${template}`
    const { appUrl } = await prepareDatabase({
      ownerUrl: new Secret(ownerUrl.href),
      appUrl: null,
      seals: testSeals,
      log,
    })
    return { ownerUrl: ownerUrl.href, appUrl: appUrl.reveal(), template, end }
  } catch (error) {
    await end()
    throw error
  }
}
