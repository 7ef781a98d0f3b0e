import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Bucket } from './files/bucket-store.ts'
import { randomToken, Secret } from './secrets.ts'
import { StartRefused } from './start-refused.ts'

export type Role = 'all' | 'web' | 'worker'
export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]

/** Connections of one process, per use. */
export interface PoolSizes {
  readonly app: number
  readonly jobs: number
  readonly auth: number
}

export interface Settings {
  readonly port: number
  readonly host: string
  /** Absolute. */
  readonly dataDir: string
  /** Where files are kept; absent: a folder in `dataDir`. */
  readonly bucket: Bucket | null
  /** Reads a file from its standard input; ends with 0 when it is clean, with 1 when it is not. */
  readonly scanCommand: string | null
  /** The owner of the tables; absent: the embedded database. */
  readonly databaseUrl: Secret | null
  /** The program's own role; absent: made at start. */
  readonly databaseAppUrl: Secret | null
  /** Origin only, without a slash at the end. */
  readonly publicUrl: string
  readonly secretKey: Secret | null
  readonly secretKeyFile: string
  readonly sandbox: boolean
  readonly role: Role
  readonly exactOnline: { readonly clientId: string; readonly clientSecret: Secret } | null
  readonly mail: { readonly smtpUrl: Secret; readonly from: string } | null
  /** Where VAT ids are looked up, without a slash at its end; null when they are not. */
  readonly viesUrl: string | null
  readonly logLevel: LogLevel
  /** As Fastify takes it: `false`, `true`, or addresses and networks. */
  readonly trustProxy: boolean | string[]
  readonly metricsToken: Secret | null
  /** Requests a minute for one key, person or address; 0 is no limit. */
  readonly rateLimit: number
  readonly pools: PoolSizes
}

interface SettingRow<Value> {
  readonly name: string
  /** What stands here when it is absent; shown in the table. */
  readonly standard: string
  readonly meaning: string
  readonly secret?: true
  /** Throws what is wrong with it as a sentence without the name; `undefined` when it is absent or empty. */
  readonly read: (text: string | undefined) => Value
}

class WrongSetting extends Error {}
const wrong = (what: string): never => {
  throw new WrongSetting(what)
}

const row = <Value>(setting: SettingRow<Value>) => setting

const wholeNumber = (from: number, to: number, standard: number) => (text: string | undefined) => {
  if (text === undefined) return standard
  const value = Number(text)
  if (!/^\d{1,6}$/.test(text) || value < from || value > to) wrong(`must be a whole number from ${from} to ${to}`)
  return value
}

const oneOf =
  <const Word extends string>(words: readonly Word[], standard: Word) =>
  (text: string | undefined): Word =>
    text === undefined ? standard : (words.find((word) => word === text) ?? wrong(`must be ${words.join(', ')}`))

const url = (schemes: readonly string[], text: string): URL => {
  const parsed = URL.canParse(text) ? new URL(text) : wrong('is not a URL')
  return schemes.includes(parsed.protocol)
    ? parsed
    : wrong(`must start with ${schemes.map((s) => `${s}//`).join(' or ')}`)
}

const databaseUrl = (text: string | undefined): Secret | null => {
  if (text === undefined) return null
  const parsed = url(['postgres:', 'postgresql:'], text)
  if (parsed.pathname.length < 2) wrong('must name a database: postgres://user:password@host:5432/uurwerk')
  if (!parsed.username) wrong('must name a user: postgres://user:password@host:5432/uurwerk')
  return new Secret(text)
}

const origin = (example: string) => (text: string | undefined) => {
  if (text === undefined) return null
  const parsed = url(['http:', 'https:'], text)
  if (parsed.pathname !== '/' || parsed.search || parsed.hash || parsed.username)
    wrong(`must be a scheme and a host alone, such as ${example}`)
  return parsed.origin
}

const smtpUrl = (text: string | undefined): Secret | null => {
  if (text === undefined) return null
  url(['smtp:', 'smtps:'], text)
  return new Secret(text)
}

const viesUrl = (text: string | undefined): string | null => {
  if (text === undefined) return null
  const parsed = url(['http:', 'https:'], text)
  if (parsed.username || parsed.search || parsed.hash) wrong('must be an address without user, query or fragment')
  if (parsed.protocol === 'http:' && !isLoopback(parsed.origin)) wrong('must start with https://')
  return parsed.href.replace(/\/+$/, '')
}

const mailAddress = /^[^\s@<>]+@[^\s@<>]+$|^[^<>]+<[^\s@<>]+@[^\s@<>]+>$/
const pool = wholeNumber(1, 500, 0)

/** Every setting, once: read from here, checked from here, documented from here. */
const rows = {
  port: row({
    name: 'PORT',
    standard: '3000',
    meaning: 'Port that is listened on; `0` takes a free one.',
    read: wholeNumber(0, 65_535, 3000),
  }),
  host: row({
    name: 'HOST',
    standard: '127.0.0.1',
    meaning: 'Address that is listened on; `0.0.0.0` for every network of this machine.',
    read: (text) => text ?? '127.0.0.1',
  }),
  dataDir: row({
    name: 'DATA_DIR',
    standard: './data',
    meaning: 'Folder for the embedded database, files and the secret key. Back it up; give it to nobody.',
    read: (text) => resolve(text ?? './data'),
  }),
  databaseUrl: row({
    name: 'DATABASE_URL',
    standard: 'the embedded database',
    meaning:
      'PostgreSQL 15 or later, as the role that owns the tables and migrates them: `postgres://owner:…@host:5432/uurwerk`.',
    secret: true,
    read: databaseUrl,
  }),
  databaseAppUrl: row({
    name: 'DATABASE_APP_URL',
    standard: 'made at start',
    meaning:
      'The same database as the role that the program works as. It may own nothing and may not bypass row-level security. Absent: a role named after the database with `_app` behind it is made, for which the owner needs `CREATEROLE`.',
    secret: true,
    read: databaseUrl,
  }),
  publicUrl: row({
    name: 'PUBLIC_URL',
    standard: 'http://localhost:PORT',
    meaning: 'How a browser reaches Uurwerk. Cookies are only sent over TLS when it starts with `https`.',
    read: origin('https://uurwerk.example.nl'),
  }),
  secretKey: row({
    name: 'SECRET_KEY',
    standard: 'the content of SECRET_KEY_FILE',
    meaning:
      'Encrypts what is secret in the database; at least 32 characters. All processes need the same one. Lost is lost: every connection must then be made again.',
    secret: true,
    read: (text) =>
      text === undefined ? null : text.length < 32 ? wrong('must have at least 32 characters') : new Secret(text),
  }),
  secretKeyFile: row({
    name: 'SECRET_KEY_FILE',
    standard: 'DATA_DIR/secret.key',
    meaning:
      'File that holds the secret key. Without `SECRET_KEY` it is made at the first start, readable by its owner only.',
    read: (text) => (text === undefined ? null : resolve(text)),
  }),
  s3Endpoint: row({
    name: 'S3_ENDPOINT',
    standard: 'files stand in DATA_DIR/files',
    meaning:
      'Keeps receipts and other files in storage that speaks like S3, addressed by path: `https://s3.example.nl`. All processes need the same one.',
    read: origin('https://s3.example.nl'),
  }),
  s3Bucket: row({
    name: 'S3_BUCKET',
    standard: '',
    meaning: 'Name of the bucket. Needed with `S3_ENDPOINT`.',
    read: (text) =>
      text === undefined || /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(text)
        ? (text ?? null)
        : wrong('is not the name of a bucket'),
  }),
  s3Region: row({
    name: 'S3_REGION',
    standard: 'us-east-1',
    meaning: 'Region that requests are signed for; what is not Amazon often takes any.',
    read: (text) => text ?? 'us-east-1',
  }),
  s3AccessKeyId: row({
    name: 'S3_ACCESS_KEY_ID',
    standard: '',
    meaning: 'Access key that may read, write and delete in the bucket. Needed with `S3_ENDPOINT`.',
    read: (text) => text ?? null,
  }),
  s3SecretAccessKey: row({
    name: 'S3_SECRET_ACCESS_KEY',
    standard: '',
    meaning: 'Secret that belongs to it.',
    secret: true,
    read: (text) => (text === undefined ? null : new Secret(text)),
  }),
  scanCommand: row({
    name: 'SCAN_COMMAND',
    standard: 'files are not scanned',
    meaning:
      'Virus scanner for files that people send: a command that reads the file from its standard input and ends with 0 when it is clean and 1 when it is not, such as `clamdscan --no-summary -`. When it ends otherwise, or takes longer than a minute, the file is not taken.',
    read: (text) => text ?? null,
  }),
  sandbox: row({
    name: 'SANDBOX',
    standard: 'on when PUBLIC_URL is this machine, else off',
    meaning: 'Offers simulated packages beside the real ones: `on` or `off`.',
    read: (text) => (text === undefined ? null : oneOf(['on', 'off'], 'off')(text) === 'on'),
  }),
  role: row({
    name: 'ROLE',
    standard: 'all',
    meaning: 'What this process does: `web` answers requests, `worker` does the jobs, `all` does both.',
    read: oneOf(['all', 'web', 'worker'], 'all'),
  }),
  exactClientId: row({
    name: 'EXACT_ONLINE_CLIENT_ID',
    standard: 'set in the App Center',
    meaning: 'Client id of your registration at Exact Online.',
    read: (text) => text ?? null,
  }),
  exactClientSecret: row({
    name: 'EXACT_ONLINE_CLIENT_SECRET',
    standard: 'set in the App Center',
    meaning: 'Client secret that belongs to it.',
    secret: true,
    read: (text) => (text === undefined ? null : new Secret(text)),
  }),
  smtpUrl: row({
    name: 'SMTP_URL',
    standard: 'no mail; links are shown on the screen, invoices go by post or portal',
    meaning: 'Mail server: `smtp://user:password@host:587` or `smtps://…:465`.',
    secret: true,
    read: smtpUrl,
  }),
  mailFrom: row({
    name: 'MAIL_FROM',
    standard: '',
    meaning:
      'Sender of all mail: `Uurwerk <invoices@example.nl>`. Needed with `SMTP_URL`; answers go to the firm’s own address.',
    read: (text) => (text === undefined ? null : mailAddress.test(text) ? text : wrong('is not a mail address')),
  }),
  viesUrl: row({
    name: 'VIES_URL',
    standard: 'VAT ids are not looked up',
    meaning:
      'Where VAT ids of customers are looked up: `https://ec.europa.eu/taxation_customs/vies/rest-api` is that of the European Commission. It is told the VAT id of the customer and of the firm.',
    read: viesUrl,
  }),
  logLevel: row({
    name: 'LOG_LEVEL',
    standard: 'info',
    meaning: `How much is logged: ${logLevels.map((level) => `\`${level}\``).join(', ')}.`,
    read: oneOf(logLevels, 'info'),
  }),
  trustProxy: row({
    name: 'TRUST_PROXY',
    standard: 'off',
    meaning:
      'Whether `X-Forwarded-…` is believed: `off`, `on`, or the addresses and networks of your proxies with commas between.',
    read: (text): boolean | string[] =>
      text === undefined || text === 'off' ? false : text === 'on' ? true : text.split(',').map((part) => part.trim()),
  }),
  metricsToken: row({
    name: 'METRICS_TOKEN',
    standard: '`/metrics` answers this machine alone',
    meaning: 'What Prometheus sends as bearer token to read `/metrics`.',
    secret: true,
    read: (text) => (text === undefined ? null : new Secret(text)),
  }),
  rateLimit: row({
    name: 'RATE_LIMIT',
    standard: '1200',
    meaning: 'Requests a minute to the API for one key, person or address, per process; `0` for no limit.',
    read: wholeNumber(0, 1_000_000, 1200),
  }),
  poolApp: row({
    name: 'POOL_APP',
    standard: '12',
    meaning: 'Database connections of this process for requests and jobs.',
    read: (text) => pool(text) || 12,
  }),
  poolJobs: row({
    name: 'POOL_JOBS',
    standard: '4',
    meaning: 'Database connections of this process for the queue.',
    read: (text) => pool(text) || 4,
  }),
  poolAuth: row({
    name: 'POOL_AUTH',
    standard: '4',
    meaning: 'Database connections of this process for signing in.',
    read: (text) => pool(text) || 4,
  }),
} as const

type Rows = typeof rows
type Values = { -readonly [Key in keyof Rows]: ReturnType<Rows[Key]['read']> }

export const settingsTable: readonly { name: string; standard: string; meaning: string; secret: boolean }[] =
  Object.values(rows).map((setting: SettingRow<unknown>) => ({
    name: setting.name,
    standard: setting.standard,
    meaning: setting.meaning,
    secret: setting.secret ?? false,
  }))

const loopbackHosts = ['localhost', '127.0.0.1', '[::1]']
export const isLoopback = (origin: string): boolean => loopbackHosts.includes(new URL(origin).hostname)

/** Reads every setting before it complains, so that all that is wrong is told at once. */
export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const complaints: string[] = []
  const values = {} as Record<keyof Rows, unknown>
  for (const [key, setting] of Object.entries(rows) as [keyof Rows, SettingRow<unknown>][]) {
    try {
      values[key] = setting.read(env[setting.name]?.trim() || undefined)
    } catch (error) {
      if (!(error instanceof WrongSetting)) throw error
      // A secret that was mistyped is still nearly the secret: it is not repeated.
      const given = setting.secret ? '' : ` (it is "${env[setting.name]}")`
      complaints.push(`${setting.name} ${error.message}${given}`)
    }
  }
  const together = (first: keyof Rows, second: keyof Rows) => {
    if (values[first] && values[second] === null)
      complaints.push(`${rows[second].name} is needed with ${rows[first].name}`)
  }
  together('exactClientId', 'exactClientSecret')
  together('exactClientSecret', 'exactClientId')
  together('smtpUrl', 'mailFrom')
  for (const part of ['s3Bucket', 's3AccessKeyId', 's3SecretAccessKey'] as const) together('s3Endpoint', part)
  together('s3Bucket', 's3Endpoint')
  if (values.databaseAppUrl && values.databaseUrl === null)
    complaints.push('DATABASE_URL is needed with DATABASE_APP_URL: the owner migrates the tables')
  if (complaints.length > 0)
    throw new StartRefused(
      `${complaints.length === 1 ? 'A setting is' : `${complaints.length} settings are`} wrong:\n${complaints.map((line) => `  - ${line}`).join('\n')}`,
    )

  const v = values as Values
  const ownOrigin = v.publicUrl ?? `http://localhost:${v.port}`
  return {
    port: v.port,
    host: v.host,
    dataDir: v.dataDir,
    bucket:
      v.s3Endpoint && v.s3Bucket && v.s3AccessKeyId && v.s3SecretAccessKey
        ? {
            endpoint: v.s3Endpoint,
            name: v.s3Bucket,
            region: v.s3Region,
            accessKeyId: v.s3AccessKeyId,
            secretAccessKey: v.s3SecretAccessKey,
          }
        : null,
    scanCommand: v.scanCommand,
    databaseUrl: v.databaseUrl,
    databaseAppUrl: v.databaseAppUrl,
    publicUrl: ownOrigin,
    secretKey: v.secretKey,
    secretKeyFile: v.secretKeyFile ?? join(v.dataDir, 'secret.key'),
    sandbox: v.sandbox ?? isLoopback(ownOrigin),
    role: v.role,
    exactOnline:
      v.exactClientId && v.exactClientSecret ? { clientId: v.exactClientId, clientSecret: v.exactClientSecret } : null,
    mail: v.smtpUrl && v.mailFrom ? { smtpUrl: v.smtpUrl, from: v.mailFrom } : null,
    viesUrl: v.viesUrl,
    logLevel: v.logLevel,
    trustProxy: v.trustProxy,
    metricsToken: v.metricsToken,
    rateLimit: v.rateLimit,
    pools: { app: v.poolApp, jobs: v.poolJobs, auth: v.poolAuth },
  }
}

/** The given key, or the one in its file, which is made when there is none yet. */
export function secretKeyOf(settings: Pick<Settings, 'secretKey' | 'secretKeyFile'>): Secret {
  if (settings.secretKey) return settings.secretKey
  const file = settings.secretKeyFile
  try {
    if (!existsSync(file)) {
      // Enterable, not readable: the embedded database below it may run as another user than we do.
      if (mkdirSync(dirname(file), { recursive: true })) chmodSync(dirname(file), 0o711)
      writeOnce(file, `${randomToken().reveal()}\n`)
    }
    const text = readFileSync(file, 'utf8').trim()
    if (text.length >= 32) return new Secret(text)
  } catch (error) {
    throw new StartRefused(`The secret key in ${file} cannot be read or made: ${(error as Error).message}`)
  }
  throw new StartRefused(`The secret key in ${file} has fewer than 32 characters. Put the right one back.`)
}

/** Linked into place when it is complete: two processes that start at once end with one key, and no half one is ever seen. */
function writeOnce(file: string, text: string) {
  const beside = `${file}.${process.pid}`
  writeFileSync(beside, text, { mode: 0o600 })
  chmodSync(beside, 0o600)
  try {
    linkSync(beside, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    rmSync(beside)
  }
}

export function settingsAsMarkdown(): string {
  const cell = (text: string) => text.replaceAll('|', '\\|')
  const lines = settingsTable.map(
    ({ name, standard, meaning, secret }) =>
      `| \`${name}\` | ${cell(standard)} | ${cell(meaning)}${secret ? ' *Secret.*' : ''} |`,
  )
  return `# Settings

Uurwerk reads its settings from the environment and checks them at start. An absent or empty setting takes the standard.

| setting | standard | meaning |
| --- | --- | --- |
${lines.join('\n')}
`
}
