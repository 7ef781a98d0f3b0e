import type { IncomingHttpHeaders } from 'node:http'
import { assert } from '@uurwerk/core/shared/assert.ts'
import type { Clock, Ids } from '@uurwerk/core/shared/ports.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { type BetterAuthOptions, betterAuth } from 'better-auth'
import { APIError } from 'better-auth/api'
import { getMigrations } from 'better-auth/db/migration'
import { Kysely, PostgresDialect } from 'kysely'
import type pg from 'pg'
import type { Log } from '../log.ts'
import type { Seals, Secret } from '../secrets.ts'
import { createPool } from '../store/database.ts'
import { type Attempt, createAttempts } from './sign-in-attempts.ts'

export interface Person {
  readonly userId: string
  readonly name: string
  readonly email: string
}

export interface SignedIn {
  readonly userId: string
  readonly setCookies: readonly string[]
}

/** Who somebody is. What they may do, and in which firm, stands in the firms' own tables. */
export interface People {
  signUp(person: { email: string; password: string; name: string }): Promise<SignedIn>
  /** `ip` counts the attempts of one place; without it only those on one address are counted. */
  signIn(attempt: { email: string; password: string; ip?: string }): Promise<SignedIn>
  signOut(cookieHeader: string | undefined): Promise<readonly string[]>
  userOf(cookieHeader: string | undefined): Promise<Person | null>
  findByEmail(email: string): Promise<Person | null>
  findById(userId: string): Promise<Person | null>
  /** Signs out everywhere else. */
  changePassword(change: {
    cookieHeader: string | undefined
    currentPassword: string
    newPassword: string
  }): Promise<readonly string[]>
  /** Of who has proved otherwise who he is. Signs out everywhere. */
  setPassword(change: { userId: string; password: string }): Promise<void>
  /** Counts whoever follows a link that needs no account, so that nobody finds one by guessing. */
  followLink(ip: string): Promise<Attempt>
  /** A request that changes something and is known by its cookie must come from our own pages. */
  checkOrigin(headers: IncomingHttpHeaders, method: string): void
  close(): Promise<void>
}

export interface PeopleOptions {
  readonly appUrl: Secret
  readonly poolSize: number
  readonly publicUrl: string
  readonly seals: Seals
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Log
}

const SCHEMA = 'auth'
const PASSWORD_MIN = 10
const PASSWORD_MAX = 200
/** How long a page's burst of requests goes without asking the database who it is; a sign-out elsewhere takes as long. */
const CACHE_MS = 5_000
const CACHE_SIZE = 5_000

const database = (pool: pg.Pool) => ({
  db: new Kysely<Record<string, Record<string, unknown>>>({ dialect: new PostgresDialect({ pool }) }),
  type: 'postgres' as const,
  transaction: true,
  schemaName: SCHEMA,
})

const shape = {
  emailAndPassword: { enabled: true, minPasswordLength: PASSWORD_MIN, maxPasswordLength: PASSWORD_MAX },
  telemetry: { enabled: false },
  rateLimit: { enabled: false }, // its own counts per process and only behind its own routes; ours counts in the database
} satisfies BetterAuthOptions

/** As the owner. */
export async function migratePeople(pool: pg.Pool): Promise<void> {
  await pool.query(`create schema if not exists ${SCHEMA}`)
  const { runMigrations } = await getMigrations({
    ...shape,
    database: database(pool),
    logger: { disabled: true },
    advanced: { database: { generateId: 'uuid' } },
  })
  await runMigrations()
  await pool.query(
    `create table if not exists ${SCHEMA}.sign_in_attempt (key_hash text primary key, tries integer not null, first_at timestamptz not null)`,
  )
}

export function createPeople({ appUrl, poolSize, publicUrl, seals, clock, ids, log }: PeopleOptions): People {
  const pool = createPool({ url: appUrl, size: poolSize, log })
  const auth = betterAuth({
    ...shape,
    appName: 'Uurwerk',
    baseURL: publicUrl,
    secret: seals.derive('sign-in').reveal(),
    database: database(pool),
    session: { expiresIn: 30 * 24 * 3600, updateAge: 24 * 3600 },
    advanced: {
      cookiePrefix: 'uurwerk',
      useSecureCookies: publicUrl.startsWith('https:'),
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', path: '/' },
      ipAddress: { disableIpTracking: true },
      database: { generateId: () => ids.next() },
    },
    logger: {
      level: 'warn',
      // The rest of what it says holds rows and requests.
      log: (level, message) => log[level === 'error' ? 'error' : 'warn']({ part: 'sign-in' }, message),
    },
  })
  const attempts = createAttempts(pool, { clock, seals })
  const known = new Map<string, { readonly person: Person; readonly until: number }>()
  const cookies = (headers: Headers) => headers.getSetCookie()
  const withCookie = (cookieHeader: string | undefined) => new Headers(cookieHeader ? { cookie: cookieHeader } : {})
  const sessionKey = (cookieHeader: string | undefined): string | null => {
    const ours = cookieHeader?.split(/; */).filter((part) => part.includes('uurwerk.session_token=')) ?? []
    return ours.length > 0 ? seals.hashToken(ours.join(';')) : null
  }

  return {
    async signUp({ email, password, name }) {
      try {
        const { headers, response } = await auth.api.signUpEmail({
          body: { email, password, name },
          returnHeaders: true,
        })
        return { userId: response.user.id, setCookies: cookies(headers) }
      } catch (error) {
        throw explained(error)
      }
    },
    async signIn({ email, password, ip }) {
      const attempt = await attempts.begin({ email: email.toLowerCase(), ip })
      try {
        const { headers, response } = await auth.api.signInEmail({ body: { email, password }, returnHeaders: true })
        await attempt.succeeded()
        return { userId: response.user.id, setCookies: cookies(headers) }
      } catch (error) {
        throw explained(error)
      }
    },
    async signOut(cookieHeader) {
      const key = sessionKey(cookieHeader)
      if (key) known.delete(key)
      const { headers } = await auth.api.signOut({ headers: withCookie(cookieHeader), returnHeaders: true })
      return cookies(headers)
    },
    async userOf(cookieHeader) {
      const key = sessionKey(cookieHeader)
      if (!key) return null
      const now = clock.now().getTime()
      const held = known.get(key)
      if (held && held.until > now) return held.person
      const found = await auth.api.getSession({ headers: withCookie(cookieHeader) }).catch(notSignedIn)
      known.delete(key)
      if (!found) return null
      const person = { userId: found.user.id, name: found.user.name, email: found.user.email }
      if (known.size >= CACHE_SIZE) known.clear()
      known.set(key, { person, until: now + CACHE_MS })
      return person
    },
    async findByEmail(email) {
      const { rows } = await pool.query<Person>(
        `select id as "userId", name, email from ${SCHEMA}."user" where email = lower($1)`,
        [email],
      )
      return rows[0] ?? null
    },
    async findById(userId) {
      const { rows } = await pool.query<Person>(
        `select id as "userId", name, email from ${SCHEMA}."user" where id = $1`,
        [userId],
      )
      return rows[0] ?? null
    },
    async setPassword({ userId, password }) {
      known.clear()
      const { password: hashing, internalAdapter } = await auth.$context
      await internalAdapter.updatePassword(userId, await hashing.hash(password))
      await internalAdapter.deleteUserSessions(userId)
    },
    async changePassword({ cookieHeader, currentPassword, newPassword }) {
      known.clear()
      try {
        const { headers } = await auth.api.changePassword({
          body: { currentPassword, newPassword, revokeOtherSessions: true },
          headers: withCookie(cookieHeader),
          returnHeaders: true,
        })
        return cookies(headers)
      } catch (error) {
        throw explained(error)
      }
    },
    followLink: (ip) => attempts.follow(ip),
    checkOrigin(headers, method) {
      assertOurOrigin(headers, method, publicUrl)
    },
    close: () => pool.end(),
  }
}

const safeMethods = ['GET', 'HEAD', 'OPTIONS']

/** A browser says where a request comes from, and no page can make it lie; without either word it is no page of ours. */
export function assertOurOrigin(headers: IncomingHttpHeaders, method: string, publicUrl: string): void {
  if (safeMethods.includes(method)) return
  if (headers['sec-fetch-site'] === 'same-origin') return
  const isBrowser = headers.origin !== undefined || headers['sec-fetch-site'] !== undefined
  if (!isBrowser && headers.cookie === undefined) return
  if (headers.origin === publicUrl) return
  throw new ProblemError({ kind: 'forbidden', code: 'foreign-origin', values: { origin: headers.origin ?? '' } })
}

/** What better-auth answers, by its codes, as problems of ours. */
const problems: Readonly<Record<string, ConstructorParameters<typeof ProblemError>[0]>> = {
  INVALID_EMAIL_OR_PASSWORD: { kind: 'forbidden', code: 'sign-in-wrong' },
  USER_ALREADY_EXISTS: { kind: 'conflict', code: 'email-taken' },
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: { kind: 'conflict', code: 'email-taken' },
  // Two who sign up with one address at the same moment: both found it free.
  FAILED_TO_CREATE_USER: { kind: 'conflict', code: 'at-the-same-time' },
  INVALID_PASSWORD: {
    kind: 'input',
    code: 'password-wrong',
    fields: [{ pointer: '/current', code: 'password-wrong' }],
  },
  PASSWORD_TOO_SHORT: {
    kind: 'input',
    code: 'input-wrong',
    fields: [{ pointer: '/password', code: 'too-short', values: { least: String(PASSWORD_MIN) } }],
  },
  PASSWORD_TOO_LONG: {
    kind: 'input',
    code: 'input-wrong',
    fields: [{ pointer: '/password', code: 'too-long', values: { most: String(PASSWORD_MAX) } }],
  },
  INVALID_EMAIL: { kind: 'input', code: 'input-wrong', fields: [{ pointer: '/email', code: 'format-email' }] },
  UNAUTHORIZED: { kind: 'forbidden', code: 'sign-in-needed' },
}

/** Ended at this moment, or the database is away: that must not look as if nobody were signed in. */
function notSignedIn(error: unknown): null {
  if (!(error instanceof APIError)) throw error
  if (error.status === 'UNAUTHORIZED') return null
  throw new ProblemError({ kind: 'temporary', code: 'database-away' }, error)
}

function explained(error: unknown): unknown {
  if (!(error instanceof APIError)) return error
  const code = error.body?.code ?? String(error.status)
  const problem = problems[code]
  assert(problem, `better-auth answered ${code}`)
  return new ProblemError(problem, error)
}
