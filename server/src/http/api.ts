import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Right } from '@uurwerk/api/rights.ts'
import { type FileAnswer, mostBytes, type Route } from '@uurwerk/api/route.ts'
import { api, type RouteName } from '@uurwerk/api/routes.ts'
import { type Problem, ProblemError } from '@uurwerk/core/shared/problem.ts'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { sql } from 'kysely'
import { handlers } from '../routes/handlers.ts'
import type { Services } from '../services.ts'
import type { Trx } from '../store/database.ts'
import { idempotencyKeyOf, languageOf, readAsked, versionOf } from './asked.ts'
import type { FirmCall, FreeCall, Language, OpenCall, UserCall } from './call.ts'
import { endStreams, streamEvents } from './event-stream.ts'
import { earlierAnswer, type KeyedRequest, keepAnswer, once, type Reply } from './idempotency.ts'
import { problemDocument } from './problems.ts'
import { limitRate } from './rate-limit.ts'
import { documentOf, sendFile, sendProblem } from './replies.ts'
import { actorOf, identify, type Who } from './who-asks.ts'

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
    const asked = readAsked(route, request)
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

const hashed = (body: unknown): string | undefined =>
  body instanceof Uint8Array ? createHash('sha256').update(body).digest('hex') : undefined

function replyOf(route: Route, answer: unknown): Reply {
  const version = answer && typeof answer === 'object' && 'version' in answer ? answer.version : undefined
  return { status: route.status ?? 200, answer: answer ?? null, ...(typeof version === 'number' ? { version } : {}) }
}
