import type { Route } from '@uurwerk/api/route.ts'
import { type FieldProblem, ProblemError } from '@uurwerk/core/shared/problem.ts'
import type { FastifyRequest } from 'fastify'
import type { Language, OpenCall } from './call.ts'
import { fieldsOf } from './problems.ts'

/** Checks path, query and body against the route's schemas; names every wrong field. */
export function readAsked(route: Route, request: FastifyRequest): Pick<OpenCall<Route>, 'params' | 'query' | 'body'> {
  if (route.takes && !(request.body instanceof Uint8Array && request.body.length > 0))
    throw new ProblemError({ kind: 'input', code: 'input-wrong', fields: [{ pointer: '', code: 'file-empty' }] })
  const parts = [
    ['path', route.params, request.params],
    ['query', strict(route.query), request.query],
    ['body', strict(route.body), request.body ?? (route.body ? {} : undefined)],
  ] as const
  const values: Record<string, unknown> = {}
  for (const [place, schema, given] of parts) {
    if (!schema) {
      if (place === 'query' && given && Object.keys(given).length > 0) {
        throw new ProblemError({
          kind: 'input',
          code: 'input-wrong',
          fields: Object.keys(given).map((key) => ({ pointer: `/query/${key}`, code: 'unknown-field' })),
        })
      }
      continue
    }
    const parsed = schema.safeParse(given)
    if (!parsed.success)
      throw new ProblemError({ kind: 'input', code: 'input-wrong', fields: fieldsOf(parsed.error, place) })
    values[place] = parsed.data
  }
  const unreadable = Object.entries(values).flatMap(([place, value]) =>
    unreadableIn(value, place === 'body' ? '' : `/${place}`),
  )
  if (unreadable.length > 0) throw new ProblemError({ kind: 'input', code: 'input-wrong', fields: unreadable })
  const body = route.takes ? request.body : values.body
  return { params: (values.path ?? {}) as never, query: (values.query ?? {}) as never, body: body as never }
}

/** Text that no database holds: the character zero, and halves of characters. */
function unreadableIn(value: unknown, pointer: string): FieldProblem[] {
  if (typeof value === 'string')
    return value.includes('\0') || !value.isWellFormed() ? [{ pointer, code: 'not-understood' }] : []
  if (value === null || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([name, inner]) => [
    ...unreadableIn(name, pointer || '/'),
    ...unreadableIn(inner, `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`),
  ])
}

/** Each is compiled when it is first asked, so that a new one for every request would cost more than what it checks. */
const stricts = new WeakMap<object, NonNullable<Route['body']>>()

/** A field that we do not know is said, not dropped: a typing error in a PATCH must not look like a success. */
function strict(schema: Route['body']): Route['body'] {
  if (!schema || !('strict' in schema)) return schema
  const made = stricts.get(schema) ?? (schema as unknown as { strict(): NonNullable<Route['body']> }).strict()
  stricts.set(schema, made)
  return made
}

export function versionOf(request: FastifyRequest): number {
  const header = request.headers['if-match']
  if (!header) throw new ProblemError({ kind: 'input', code: 'if-match-needed' })
  const version = /^(?:W\/)?"(\d{1,9})"$/.exec(header)?.[1]
  if (!version) throw new ProblemError({ kind: 'input', code: 'if-match-not-understood' })
  return Number(version)
}

export function idempotencyKeyOf(request: FastifyRequest): string | undefined {
  const key = request.headers['idempotency-key']
  if (key === undefined) return undefined
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,100}$/.test(key))
    throw new ProblemError({ kind: 'input', code: 'idempotency-key-not-understood' })
  return key
}

export const bearerOf = (request: FastifyRequest): string | undefined =>
  /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1]

export const headerLanguage = (request: FastifyRequest): Language | undefined => {
  const asked = request.headers['accept-language']?.toLowerCase()
  if (!asked) return undefined
  const found = asked
    .split(',')
    .map((part) => part.trim().slice(0, 2))
    .find((part) => part === 'nl' || part === 'en')
  return found as Language | undefined
}

export const languageOf = (request: FastifyRequest): Language => headerLanguage(request) ?? 'en'
