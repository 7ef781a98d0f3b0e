import { spawnSync } from 'node:child_process'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { createLog } from '../server/src/log.ts'
import { startEmbedded } from '../server/src/store/embedded.ts'

/**
 * The server's tests against a PostgreSQL server that is not ours: another owner who is no superuser (tests that spoil
 * rows on purpose need him to pass row-level security; the program's own role never does), another role
 * name, a Dutch ICU locale. Takes the server in DATABASE_URL_TEST when there is one, else starts one for the purpose.
 */
const root = join(import.meta.dirname, '..')
const files =
  process.argv.slice(2).length > 0
    ? process.argv.slice(2)
    : ['road', 'numbers', 'fences', 'entry-acts', 'becoming-due', 'uninvoiced', 'overviews'].map(
        (name) => `server/test/${name}.test.ts`,
      )

function run(url: string): number {
  const { status } = spawnSync(join(root, 'node_modules/.bin/vitest'), ['run', '--project', 'server', ...files], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, DATABASE_URL_TEST: url },
  })
  return status ?? 1
}

if (process.env.DATABASE_URL_TEST) process.exit(run(process.env.DATABASE_URL_TEST))

const folder = await mkdtemp(join(tmpdir(), 'uurwerk-postgres-'))
await chmod(folder, 0o711)
const server = await startEmbedded({ dataDir: folder, log: createLog('error'), maxConnections: 200, careless: true })
let status = 1
try {
  const admin = new pg.Client({ connectionString: server.url })
  await admin.connect()
  await admin.query('alter database template1 is_template false')
  await admin.query('drop database template1')
  await admin.query(
    `create database template1 template template0 encoding 'UTF8' locale_provider icu icu_locale 'nl-NL' is_template true`,
  )
  await admin.query(`create role boekhouder login createdb createrole bypassrls password 'alleen voor deze proef'`)
  await admin.query('create database kantoor owner boekhouder')
  await admin.end()
  const url = new URL(server.url)
  url.username = 'boekhouder'
  url.password = encodeURIComponent('alleen voor deze proef')
  url.pathname = '/kantoor'
  status = run(url.href)
} finally {
  await server.stop()
  await rm(folder, { recursive: true, force: true })
}
process.exit(status)
