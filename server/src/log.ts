import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino'
import type { LogLevel } from './settings.ts'

export type Log = Logger

/** Names under which a secret travels, without case, dashes and underscores. */
const secretNames = new Set([
  'authorization',
  'proxyauthorization',
  'cookie',
  'cookies',
  'setcookie',
  'setcookies',
  'password',
  'newpassword',
  'currentpassword',
  'passwd',
  'token',
  'accesstoken',
  'refreshtoken',
  'idtoken',
  'secret',
  'clientsecret',
  'secretkey',
  'apikey',
  'xapikey',
  'connectionstring',
  'smtpurl',
  'databaseurl',
  'databaseappurl',
])

/** A `code` is a secret where OAuth hands it over, and the most useful word of a problem everywhere else. */
const exchanges = new Set(['query', 'body', 'form'])
const exchangedNames = new Set(['code', 'state'])

const REDACTED = '[secret]'
const MAX_DEPTH = 6

/** Numbers and switches stay (`tokens: 3`, `secret: true`): only what can hold a secret goes. */
function withoutSecrets(value: unknown, name: string, depth: number): unknown {
  if (value === null || typeof value !== 'object') return value
  if (depth > MAX_DEPTH) return '[deep]'
  if (Array.isArray(value)) return value.map((item) => withoutSecrets(item, name, depth + 1))
  if (value instanceof Error) return errorForLog(value)
  // Dates, secrets and class instances say themselves how they are printed.
  if ('toJSON' in value && typeof value.toJSON === 'function') return value
  const isExchange = exchanges.has(name)
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const plain = key.toLowerCase().replaceAll(/[-_]/g, '')
      const hides = secretNames.has(plain) || (isExchange && exchangedNames.has(plain))
      const canHold = inner !== null && ['string', 'object'].includes(typeof inner)
      return [key, hides && canHold ? REDACTED : withoutSecrets(inner, plain, depth + 1)]
    }),
  )
}

/** Chosen fields only: errors of drivers carry parameters, rows and whole requests. */
function errorForLog(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return error instanceof Object ? withoutSecrets(error, '', 0) : error
  const { code } = error as { code?: unknown }
  return {
    type: error.name,
    message: error.message,
    stack: error.stack,
    ...(typeof code === 'string' ? { code } : {}),
    ...(error instanceof ProblemError ? { problem: withoutSecrets(error.problem, 'problem', 0) } : {}),
    ...(error.cause !== undefined && depth < 3 ? { cause: errorForLog(error.cause, depth + 1) } : {}),
  }
}

/** One JSON object a line on standard output; the second argument is where tests catch the lines. */
export function createLog(level: LogLevel, destination?: DestinationStream): Log {
  return pino(
    {
      level,
      base: {},
      timestamp: stdTimeFunctions.isoTime,
      formatters: {
        level: (label) => ({ level: label }),
        log: (object) => withoutSecrets(object, '', 0) as Record<string, unknown>,
      },
      serializers: { err: errorForLog, error: errorForLog },
    },
    ...(destination ? [destination] : []),
  )
}

/** Addresses in which a token stands where others have an id: whoever holds it is let in. */
const tokenInPath = /^(\/(?:invite|sandbox|hooks\/[^/]+|api\/v1\/invitations)\/)[^/]+/i

/** The path alone, since a query may hold an authorization code, and of that what everybody may know. */
export const pathOf = (url: string): string => (url.split('?', 1)[0] ?? url).replace(tokenInPath, `$1${REDACTED}`)
