import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import rateLimit from '@fastify/rate-limit'
import { type Right, type Role, rightsOf } from '@uurwerk/api/rights.ts'
import { type FileAnswer, mostBytes, type Route } from '@uurwerk/api/route.ts'
import { api, type RouteName } from '@uurwerk/api/routes.ts'
import type { ApiProblem } from '@uurwerk/api/shapes.ts'
import { AssertionFailed } from '@uurwerk/core/shared/assert.ts'
import { dateIn } from '@uurwerk/core/shared/calendar-date.ts'
import { type FieldProblem, isProblem, type Problem, ProblemError } from '@uurwerk/core/shared/problem.ts'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { sql } from 'kysely'
import { PackageProblem } from '../connections/package-problem.ts'
import { placeOf } from '../people/sign-in-attempts.ts'
import { handlers } from '../routes/handlers.ts'
import type { Services } from '../services.ts'
import { isDatabaseAway, type Trx } from '../store/database.ts'
import {
  type Actor,
  type FirmCall,
  type FreeCall,
  type Language,
  type OpenCall,
  StaleEdit,
  type UserCall,
} from './call.ts'
import { endStreams, streamEvents } from './event-stream.ts'
import { earlierAnswer, type KeyedRequest, keepAnswer, once, type Reply } from './idempotency.ts'
import { findKey } from './known-keys.ts'
import { fieldsOf, problemDocument } from './problems.ts'

const prefix = '/api/v1'
/** As it is committed: the same that the typed client is made from. */
const description = readFileSync(fileURLToPath(import.meta.resolve('@uurwerk/api/generated/openapi.json')), 'utf8')

/** Registers every route of the table; a route without a handler does not compile. */
export function registerApi(app: FastifyInstance, services: Services): void {
  app.addHook('preClose', async () => endStreams())
  void app.register(async (scope) => {
    await limitRate(scope, services)
    registerRoutes(scope, services)
  })
}

/** Each key, person or address has a number of requests a minute, told in the headers of every answer. */
async function limitRate(scope: FastifyInstance, services: Services): Promise<void> {
  const { settings } = services
  if (settings.rateLimit === 0) return
  await scope.register(rateLimit, {
    max: settings.rateLimit,
    timeWindow: 60_000,
    enableDraftSpec: true,
    keyGenerator: (request) => countedAs(request, services),
    errorResponseBuilder: (request) => new ProblemOfRate(languageOf(request), request.id),
  })
  scope.setErrorHandler((error, _request, reply) => {
    if (error instanceof ProblemOfRate) return sendProblem(reply, error.document)
    throw error
  })
}

/** Whoever makes up a key or a cookie for each request is counted by the address. */
async function countedAs(request: FastifyRequest, services: Services): Promise<string> {
  const place = `place ${placeOf(request.ip)}`
  try {
    const bearer = bearerOf(request)
    if (bearer) {
      const key = await findKey(bearer, services)
      return key ? `key ${key.keyId}` : place
    }
    const person = await services.people.userOf(request.headers.cookie)
    return person ? `person ${person.userId}` : place
  } catch {
    return place // the route meets the same and says so
  }
}

class ProblemOfRate extends Error {
  readonly statusCode = 429
  readonly document: ApiProblem
  constructor(language: Language, request: string) {
    super('too many requests')
    this.document = problemDocument({ kind: 'temporary', code: 'too-many-tries' }, language, request, { status: 429 })
  }
}

function registerRoutes(app: FastifyInstance, services: Services): void {
  app.get(`${prefix}/openapi.json`, async (_request, reply) => reply.type('application/json').send(description))
  const table = Object.entries(api) as [RouteName, Route][]
  const add = (to: FastifyInstance, [name, route]: [RouteName, Route]) =>
    to.route({
      method: route.method,
      url: prefix + route.path.replace(/\{(\w+)\}/g, ':$1'),
      handler: async (request, reply) => answer(name, route, request, reply, services),
    })
  for (const one of table) if (!one[1].takes) add(app, one)
  void app.register(async (files) => {
    files.removeAllContentTypeParsers()
    files.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: mostBytes }, (_request, body, done) =>
      done(null, body),
    )
    files.setErrorHandler((error: FastifyError, request, reply) => {
      if (error.code !== 'FST_ERR_CTP_BODY_TOO_LARGE') throw error
      return sendProblem(reply, problemDocument(tooLarge, languageOf(request), request.id, { status: 413 }))
    })
    for (const one of table) if (one[1].takes) add(files, one)
  })
  app.all(`${prefix}/*`, async (request, reply) => {
    const language = languageOf(request)
    return sendProblem(reply, problemDocument({ kind: 'missing', code: 'no-such-route' }, language, request.id))
  })
}

const tooLarge: Problem = {
  kind: 'input',
  code: 'input-wrong',
  fields: [{ pointer: '', code: 'file-too-large', values: { most: String(mostBytes / 1024 / 1024) } }],
}

async function answer(
  name: RouteName,
  route: Route,
  request: FastifyRequest,
  reply: FastifyReply,
  services: Services,
): Promise<unknown> {
  let language = languageOf(request)
  try {
    const asked = read(route, request)
    const base = {
      services,
      ...asked,
      requestId: request.id,
      now: services.clock.now(),
      mediaType: request.headers['content-type'],
      cookie: request.headers.cookie,
      ip: request.ip,
      setCookies: (cookies: readonly string[]) => void reply.header('set-cookie', [...cookies]),
    }
    if (route.access === 'anyone') {
      services.people.checkOrigin(request.headers, request.method)
      const call: OpenCall<Route> = { ...base, language }
      const given = await run(name, call)
      return await (route.gives ? sendFile(reply, given as FileAnswer) : reply.status(route.status ?? 200).send(given))
    }
    if (route.access === 'user') {
      services.people.checkOrigin(request.headers, request.method)
      const user = await services.people.userOf(request.headers.cookie)
      if (!user) throw new ProblemError({ kind: 'forbidden', code: 'sign-in-needed' })
      const call: UserCall<Route> = { ...base, language, user: { id: user.userId, name: user.name, email: user.email } }
      const work = async (): Promise<Reply> => replyOf(route, await run(name, call))
      const key = keyedRequest(name, route, request, { firmId: null, owner: user.userId }, base)
      const { status, answer } = key ? await once(services, key, work) : await work()
      return await reply.status(status).send(answer)
    }
    const right = route.access
    const who = await identify(request, services)
    const outcome = await inFirm(name, route, right, who, request, base, services, (found) => {
      language = found
    })
    if (route.stream)
      return streamEvents(reply, services.events, who.firmId, async () => {
        const still = await identify(request, services)
        await inFirm(name, route, right, still, request, { ...base, now: services.clock.now() }, services, () => {})
      })
    if (route.gives) return await sendFile(reply, outcome.answer as FileAnswer)
    if (typeof outcome.version === 'number') reply.header('etag', `"${outcome.version}"`)
    return await reply.status(outcome.status).send(outcome.answer)
  } catch (error) {
    return sendProblem(reply, documentOf(error, language, request, services))
  }
}

type Base = Omit<OpenCall<Route>, 'language'>

async function run(name: RouteName, call: unknown): Promise<unknown> {
  const handler = handlers[name] as unknown as (call: unknown) => Promise<unknown>
  return (await handler(call)) ?? null
}

/** Checks path, query and body against the route's schemas; names every wrong field. */
function read(route: Route, request: FastifyRequest): Pick<Base, 'params' | 'query' | 'body'> {
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

interface Who {
  readonly firmId: string
  readonly user: { readonly id: string } | null
  readonly key: { readonly id: string } | null
}

const bearerOf = (request: FastifyRequest): string | undefined =>
  /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1]

/** The firm is named by the key, or for a person by the header; a person of one firm need not name it. */
async function identify(request: FastifyRequest, services: Services): Promise<Who> {
  const bearer = bearerOf(request)
  if (bearer) {
    const found = await findKey(bearer, services)
    if (!found) throw new ProblemError({ kind: 'forbidden', code: 'key-unknown' })
    return { firmId: found.firmId, user: null, key: { id: found.keyId } }
  }
  services.people.checkOrigin(request.headers, request.method)
  const user = await services.people.userOf(request.headers.cookie)
  if (!user) throw new ProblemError({ kind: 'forbidden', code: 'sign-in-needed' })
  const named = request.headers['uurwerk-firm'] ?? (request.query as Record<string, unknown> | undefined)?.firm
  const firms = await services.store.readDirectory((reader) =>
    reader
      .selectFrom('directory.membership')
      .innerJoin('directory.firm', 'directory.firm.id', 'directory.membership.firmId')
      .select(['directory.firm.id', 'directory.firm.slug'])
      .where('directory.membership.userId', '=', user.userId)
      .execute(),
  )
  const firm =
    named === undefined
      ? firms.length === 1
        ? firms[0]
        : undefined
      : firms.find(({ id, slug }) => id === named || slug === named)
  if (!firm)
    throw new ProblemError(
      named === undefined ? { kind: 'input', code: 'firm-not-named' } : { kind: 'missing', code: 'firm-unknown' },
    )
  return { firmId: firm.id, user: { id: user.userId }, key: null }
}

async function inFirm(
  name: RouteName,
  route: Route,
  right: Right,
  who: Who,
  request: FastifyRequest,
  base: Base,
  services: Services,
  speak: (language: Language) => void,
): Promise<Reply> {
  const version = route.versioned ? versionOf(request) : 0
  const after: (() => void | Promise<void>)[] = []
  const handler = handlers[name]
  const begin = async (trx: Trx): Promise<FreeCall<Route>> => {
    const { actor, firm, language } = await actorOf(trx, who, request, base.now)
    speak(language)
    if (!actor.rights.has(right)) throw new ProblemError({ kind: 'forbidden', code: 'no-right', values: { right } })
    return { ...base, firmId: who.firmId, firm, actor, version, language }
  }

  if (route.stream) {
    await services.store.withFirm(who.firmId, begin)
    return { status: 200, answer: null }
  }
  if (typeof handler === 'object') {
    const call = await services.store.withFirm(who.firmId, begin)
    const free = handler.free as unknown as (call: FreeCall<Route>) => Promise<unknown>
    const work = async (): Promise<Reply> => replyOf(route, await free(call))
    const key = keyedRequest(name, route, request, ownerOf(call), base)
    return key ? once(services, key, work) : work()
  }
  const outcome = await services.store.withFirm(who.firmId, async (trx): Promise<Reply> => {
    const call: FirmCall<Route> = { ...(await begin(trx)), trx, afterCommit: (act) => void after.push(act) }
    const key = keyedRequest(name, route, request, ownerOf(call), base)
    const before = key ? await earlierAnswer(trx, services, key) : undefined
    if (before) return before
    if (route.versioned) await takeTurn(trx, route, call)
    const given = replyOf(route, await run(name, call))
    if (key) await keepAnswer(trx, services, key, given)
    return given
  })
  for (const act of after) await act()
  return outcome
}

/** Two who change the same thing at once take turns, so that the second finds the version of the first. */
async function takeTurn(trx: Trx, route: Route, { firmId, params }: FirmCall<Route>): Promise<void> {
  const [, thing] = route.path.split('/')
  const { id = '' } = params as { readonly id?: string }
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${firmId} ${thing} ${id}`}, 1))`.execute(trx)
}

const ownerOf = ({ firmId, actor }: Pick<FirmCall<Route>, 'firmId' | 'actor'>) => ({
  firmId,
  owner: actor.keyId ?? actor.memberId,
})

function keyedRequest(
  name: RouteName,
  route: Route,
  request: FastifyRequest,
  whose: Pick<KeyedRequest, 'firmId' | 'owner'>,
  { params, body, now }: Base,
): KeyedRequest | undefined {
  const key = route.method === 'POST' ? idempotencyKeyOf(request) : undefined
  const asked = hashed(body) ?? body ?? null
  return key === undefined ? undefined : { ...whose, key, route: name, asked: [params, asked], now }
}

const filePolicy = "default-src 'none'; sandbox"
/**
 * The browser's own reader of PDF is a page around the file, which no stricter policy lets work; with `nosniff` the file
 * is never taken for a page of ours, and what a PDF can run does not reach our origin.
 */
const pdfPolicy = "frame-ancestors 'none'"

/** The name in both forms of RFC 6266: letters that a header does not hold are told in the second. */
function sendFile(reply: FastifyReply, { mediaType, fileName, inline, bytes }: FileAnswer): FastifyReply {
  const plain = fileName.replace(/[^\x20-\x7e]|["\\]/g, '_')
  return reply
    .status(200)
    .type(mediaType)
    .header(
      'content-disposition',
      `${inline ? 'inline' : 'attachment'}; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(fileName)}`,
    )
    .header('content-security-policy', mediaType === 'application/pdf' ? pdfPolicy : filePolicy)
    .header('cache-control', 'private, no-store')
    .send(bytes instanceof Uint8Array ? bytes : Readable.from(bytes, { objectMode: false }))
}

const hashed = (body: unknown): string | undefined =>
  body instanceof Uint8Array ? createHash('sha256').update(body).digest('hex') : undefined

function replyOf(route: Route, answer: unknown): Reply {
  const version = answer && typeof answer === 'object' && 'version' in answer ? answer.version : undefined
  return { status: route.status ?? 200, answer: answer ?? null, ...(typeof version === 'number' ? { version } : {}) }
}

interface Found {
  readonly id: string
  readonly slug: string
  readonly timeZone: string
  readonly currency: string
  readonly country: string
  readonly language: string
  readonly keyId: string | null
  readonly keyName: string | null
  readonly scopes: string[] | null
  readonly revokedAt: Date | null
  readonly expiresAt: Date | null
  readonly lastUsedOn: string | null
  readonly memberId: string | null
  readonly name: string | null
  readonly roles: string[] | null
  readonly archivedAt: Date | null
  readonly memberLanguage: string | null
}

async function actorOf(trx: Trx, who: Who, request: FastifyRequest, now: Date) {
  // Every request begins with it.
  const { rows } = await sql<Found>`
    select f.firm_id as id, d.slug, f.time_zone as "timeZone", f.currency, f.country, f.language,
      k.id as "keyId", k.name as "keyName", k.scopes, k.revoked_at as "revokedAt", k.expires_at as "expiresAt",
      k.last_used_on as "lastUsedOn", m.id as "memberId", m.name, m.roles, m.archived_at as "archivedAt",
      m.language as "memberLanguage"
    from firm f
    join directory.firm d on d.id = f.firm_id
    left join api_key k on k.firm_id = f.firm_id and k.id = ${who.key?.id ?? null}::uuid
    left join member m on m.firm_id = f.firm_id
      and ${who.key ? sql`m.id = k.member_id` : sql`m.user_id = ${who.user?.id ?? null}::uuid`}
    where f.firm_id = ${who.firmId}::uuid`.execute(trx)
  const [found] = rows
  if (!found) throw new ProblemError({ kind: 'missing', code: 'firm-unknown' })
  const { id, slug, timeZone, currency, country, ...rest } = found
  const firm = { id, slug, timeZone, currency, country, language: rest.language as Language }
  if (who.key && (!rest.keyId || rest.revokedAt || (rest.expiresAt && rest.expiresAt <= now)))
    throw new ProblemError({ kind: 'forbidden', code: 'key-unknown' })
  if (!rest.memberId || rest.archivedAt) throw new ProblemError({ kind: 'forbidden', code: 'not-a-member' })
  const held = rightsOf((rest.roles ?? []) as Role[])
  const { keyId, scopes } = rest
  if (keyId) await noteUse(trx, { firmId: id, id: keyId, lastUsedOn: rest.lastUsedOn }, dateIn(timeZone, now))
  // A key never does more than the person who made it may do today.
  const rights = keyId ? new Set([...held].filter((right) => scopes?.includes(right))) : held
  const language = (headerLanguage(request) ?? rest.memberLanguage ?? firm.language) as Language
  const actor: Actor = {
    memberId: rest.memberId,
    userId: who.user?.id ?? null,
    name: keyId ? `${rest.name} (${rest.keyName})` : (rest.name ?? ''),
    keyId,
    rights,
  }
  return { actor, firm, language }
}

/** Once a day; whoever comes while another writes it does not wait. */
async function noteUse(trx: Trx, key: { firmId: string; id: string; lastUsedOn: string | null }, today: string) {
  if (key.lastUsedOn === today) return
  await sql`
    update api_key set last_used_on = ${today}::date where firm_id = ${key.firmId} and id = (
      select id from api_key where firm_id = ${key.firmId} and id = ${key.id} for update skip locked)`.execute(trx)
}

function versionOf(request: FastifyRequest): number {
  const header = request.headers['if-match']
  if (!header) throw new ProblemError({ kind: 'input', code: 'if-match-needed' })
  const version = /^(?:W\/)?"(\d{1,9})"$/.exec(header)?.[1]
  if (!version) throw new ProblemError({ kind: 'input', code: 'if-match-not-understood' })
  return Number(version)
}

function idempotencyKeyOf(request: FastifyRequest): string | undefined {
  const key = request.headers['idempotency-key']
  if (key === undefined) return undefined
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,100}$/.test(key))
    throw new ProblemError({ kind: 'input', code: 'idempotency-key-not-understood' })
  return key
}

function documentOf(error: unknown, language: Language, request: FastifyRequest, services: Services): ApiProblem {
  if (error instanceof StaleEdit) {
    return problemDocument({ kind: 'conflict', code: 'stale' }, language, request.id, {
      currentVersion: error.currentVersion,
      current: error.current,
    })
  }
  if (isProblem(error)) {
    const { problem } = error
    const status = statusByCode[problem.code]
    const rules = error instanceof PackageProblem ? error.rules : []
    return problemDocument(problem, language, request.id, status ? { status } : {}, rules)
  }
  const mapped = fromDatabase(error)
  if (mapped) {
    services.log.warn({ err: error, request: request.id, code: mapped.problem.code }, 'the database refused a request')
    return problemDocument(mapped.problem, language, request.id)
  }
  services.log.error(
    { err: error, request: request.id, assertion: error instanceof AssertionFailed },
    'a request failed',
  )
  return problemDocument(
    { kind: 'defect', code: 'our-mistake', values: { request: request.id } },
    language,
    request.id,
    { status: 500 },
  )
}

const statusByCode: Readonly<Record<string, number>> = {
  'sign-in-needed': 401,
  'sign-in-wrong': 401,
  'key-unknown': 401,
  'if-match-needed': 428,
  'if-match-not-understood': 400,
  'idempotency-key-not-understood': 400,
  'firm-not-named': 400,
  'too-many-tries': 429,
}

/** What the database refuses because two people did the same at once, and that there is none. */
function fromDatabase(error: unknown): ProblemError | undefined {
  if (isDatabaseAway(error)) return new ProblemError({ kind: 'temporary', code: 'database-away' }, error)
  const code = (error as { code?: string } | null)?.code
  if (code === '40001' || code === '40P01')
    return new ProblemError({ kind: 'conflict', code: 'at-the-same-time' }, error)
  return undefined
}

function sendProblem(reply: FastifyReply, document: ApiProblem): FastifyReply {
  return reply.status(document.status).type('application/problem+json').send(document)
}

const headerLanguage = (request: FastifyRequest): Language | undefined => {
  const asked = request.headers['accept-language']?.toLowerCase()
  if (!asked) return undefined
  const found = asked
    .split(',')
    .map((part) => part.trim().slice(0, 2))
    .find((part) => part === 'nl' || part === 'en')
  return found as Language | undefined
}

const languageOf = (request: FastifyRequest): Language => headerLanguage(request) ?? 'en'
