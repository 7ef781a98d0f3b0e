import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'
import pg from 'pg'
import { type Seals, Secret } from '../secrets.ts'
import { StartRefused } from '../start-refused.ts'

/** Schemas that hold tables of ours. */
export const schemas = ['public', 'directory', 'sandbox', 'auth', 'pgboss', 'program'] as const

/** An identifier of ours in SQL text. */
export const quoted = (name: string): string => pg.escapeIdentifier(name)

const stateOf = (error: unknown): string | undefined => (error instanceof pg.DatabaseError ? error.code : undefined)

export async function withOwner<Result>(url: Secret, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: url.reveal(), connectionTimeoutMillis: 10_000 })
  client.on('error', () => {}) // a lost connection is told by the statement that meets it
  try {
    await client.connect()
  } catch (error) {
    throw new StartRefused(`The database does not let us in (DATABASE_URL): ${(error as Error).message}`)
  }
  try {
    return await work(client)
  } finally {
    await client.end().catch(() => {})
  }
}

const OLDEST_SERVER = 150_000

/**
 * The role that the program works as. Its password comes from the secret key, so that every process that shares the
 * key and the database agrees on it, and none needs a file for it.
 */
export async function ensureProgramRole(owner: pg.Client, ownerUrl: Secret, seals: Seals): Promise<Secret> {
  const { rows } = await owner.query<{ database: string; version: number; taken: boolean }>(
    `select current_database() as database, current_setting('server_version_num')::int as version,
       exists (select from pg_roles where rolname = left(current_database(), 59) || '_app') as taken`,
  )
  const { database = '', version = 0, taken = false } = rows[0] ?? {}
  if (version < OLDEST_SERVER) throw new StartRefused('The database is older than PostgreSQL 15.')
  const { role, password, appUrl } = programRole(ownerUrl, database, seals)

  const setPassword = `password '${scramVerifier(password.reveal())}'`
  try {
    if (!taken)
      await owner.query(
        `create role ${quoted(role)} login nosuperuser nobypassrls nocreaterole nocreatedb ${setPassword}`,
      )
    else if (!(await letsIn(appUrl))) await owner.query(`alter role ${quoted(role)} login ${setPassword}`)
    await owner.query(`grant connect on database ${quoted(database)} to ${quoted(role)}`)
  } catch (error) {
    const refusedToOwner = '42501'
    if (stateOf(error) !== refusedToOwner) throw error
    throw new StartRefused(
      `The owner in DATABASE_URL may not make the role that the program works as. Let an administrator run\n  create role ${quoted(role)} login password '…';\nand give it in DATABASE_APP_URL.`,
    )
  }
  return appUrl
}

function programRole(ownerUrl: Secret, database: string, seals: Seals) {
  const role = `${database.slice(0, 59)}_app`
  const password = seals.derive(`database role ${role}`)
  const url = new URL(ownerUrl.reveal())
  url.username = encodeURIComponent(role)
  url.password = password.reveal()
  return { role, password, appUrl: new Secret(url.href) }
}

/** How the program connects to a database that it has been started on; changes nothing there. */
export const programUrl = (ownerUrl: Secret, seals: Seals): Secret =>
  programRole(ownerUrl, decodeURIComponent(new URL(ownerUrl.reveal()).pathname.slice(1)), seals).appUrl

async function letsIn(url: Secret): Promise<boolean> {
  const client = new pg.Client({ connectionString: url.reveal(), connectionTimeoutMillis: 10_000 })
  try {
    await client.connect()
    await client.end()
    return true
  } catch (error) {
    const badPassword = ['28P01', '28000']
    if (badPassword.includes(stateOf(error) ?? '')) return false
    throw new StartRefused(`The database does not let the program's role in: ${(error as Error).message}`)
  }
}

/** The form that PostgreSQL stores (RFC 5803), made here so that the password is in no statement that a server may log. */
function scramVerifier(password: string): string {
  const iterations = 4096
  const salt = randomBytes(16)
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256')
  const hmac = (text: string) => createHmac('sha256', salted).update(text).digest()
  const storedKey = createHash('sha256').update(hmac('Client Key')).digest('base64')
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${hmac('Server Key').toString('base64')}`
}

/** What stands between the firms holds for a role that can neither switch it off nor become one that can. */
export async function assertProgramRole(pool: pg.Pool): Promise<void> {
  const client = await pool.connect().catch((error: Error) => {
    throw new StartRefused(`The database does not let the program's role in: ${error.message}`)
  })
  try {
    const { rows } = await client.query<{ role: string; wrongs: string[] }>(
      `select current_user as role, array_remove(array[
         case when me.rolsuper then 'is a superuser' end,
         case when me.rolbypassrls then 'bypasses row-level security' end,
         case when me.rolcreaterole then 'may make roles' end,
         (select 'belongs to role ' || r.rolname || ', which may do more' from pg_roles r
           where (r.rolsuper or r.rolbypassrls) and r.oid <> me.oid and pg_has_role(me.oid, r.oid, 'MEMBER') limit 1),
         (select 'owns the database' from pg_database d
           where d.datname = current_database() and pg_has_role(me.oid, d.datdba, 'MEMBER')),
         (select 'owns table ' || n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
           where n.nspname = any($1) and pg_has_role(me.oid, c.relowner, 'MEMBER') limit 1)
       ], null) as wrongs
       from pg_roles me where me.rolname = current_user`,
      [schemas],
    )
    const { role = '', wrongs = ['is unknown'] } = rows[0] ?? {}
    if (wrongs.length > 0)
      throw new StartRefused(
        `The program may not work as database role ${role}: it ${wrongs.join(', and it ')}. Give an ordinary role in DATABASE_APP_URL, or leave that out.`,
      )
  } finally {
    client.release()
  }
}

export interface GrantRules {
  /** Tables, in `public` when no schema is named, of which rows are added and read, never changed. */
  readonly appendOnly: readonly string[]
}

/** Said anew at every start, so that a table of a later migration has its rights without saying so. */
export async function grantToProgram(owner: pg.Client, role: string, { appendOnly }: GrantRules): Promise<void> {
  const to = quoted(role)
  const { rows } = await owner.query<{ nspname: string }>('select nspname from pg_namespace where nspname = any($1)', [
    schemas,
  ])
  const statements = rows.flatMap(({ nspname }) => [
    `grant usage on schema ${nspname} to ${to}`,
    nspname === 'program'
      ? `grant select on all tables in schema program to ${to}`
      : `grant select, insert, update, delete on all tables in schema ${nspname} to ${to}`,
    `grant usage, select on all sequences in schema ${nspname} to ${to}`,
    `grant execute on all functions in schema ${nspname} to ${to}`,
  ])
  for (const table of appendOnly) {
    const [schema, name] = table.includes('.') ? table.split('.', 2) : ['public', table]
    statements.push(`revoke update, delete, truncate on ${quoted(schema ?? '')}.${quoted(name ?? '')} from ${to}`)
  }
  await owner.query(`begin; ${statements.join('; ')}; commit`)
}
