import { randomUUID } from 'node:crypto'
import { isProblem, type Problem } from '@uurwerk/core/shared/problem.ts'
import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify'
import { type Log, pathOf } from '../log.ts'
import type { Settings } from '../settings.ts'
import { StartRefused } from '../start-refused.ts'
import type { Store } from '../store/database.ts'
import { isMigrated } from '../store/migrate.ts'
import type { Language } from './call.ts'
import { contentPolicy } from './content-policy.ts'
import { registerMetrics } from './metrics.ts'
import { problemDocument } from './problems.ts'
import { registerWeb } from './web.ts'

export interface HttpOptions {
  readonly settings: Pick<Settings, 'publicUrl' | 'trustProxy' | 'metricsToken'>
  readonly log: Log
  readonly store: Store
  /** Whether this process has the files that the database knows; absent where there are none. */
  readonly sameFiles?: () => Promise<boolean>
  /** The built web; absent in a process that only works. */
  readonly webDir?: string
}

const BODY_LIMIT_BYTES = 1_048_576

/** What every answer has in common; the routes are added by whoever made it. */
export async function createHttp({ settings, log, store, sameFiles, webDir }: HttpOptions): Promise<FastifyInstance> {
  const app = Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    trustProxy: settings.trustProxy,
    bodyLimit: BODY_LIMIT_BYTES,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 200 },
    forceCloseConnections: 'idle',
    // An address that is none never comes to a route, nor to the handler of errors below.
    frameworkErrors: (error, request, reply) => {
      reply.headers(securityHeaders(settings.publicUrl))
      sendProblem(
        reply as unknown as FastifyReply,
        request as unknown as FastifyRequest,
        problemOf(error, request as unknown as FastifyRequest, log),
      )
    },
  }) as unknown as FastifyInstance

  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
    // Set at the start, so that a route with a page of its own can say otherwise.
    reply.headers(securityHeaders(settings.publicUrl))
  })
  app.addHook('onResponse', async (request, reply) => {
    const { method, id } = request
    const line = {
      request: id,
      method,
      path: pathOf(request.url),
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
    }
    if (reply.statusCode >= 500) log.warn(line, 'answered')
    else if (!request.url.startsWith('/health') && !request.url.startsWith('/assets')) log.info(line, 'answered')
  })
  app.setErrorHandler((error: FastifyError, request, reply) =>
    sendProblem(reply, request, problemOf(error, request, log)),
  )

  registerHealth(app, { log, store, ...(sameFiles ? { sameFiles } : {}) })
  registerMetrics(app, { store, token: settings.metricsToken })
  const serveApp = webDir === undefined ? undefined : await registerWeb(app, webDir)
  app.setNotFoundHandler((request, reply) => {
    if (serveApp && isPage(request)) return serveApp(reply)
    return sendProblem(reply, request, { status: 404, problem: { kind: 'missing', code: 'no-such-route' } })
  })
  return app
}

/** A page of the web is asked for by a browser's address bar; a file or a call that does not exist is told so. */
const isPage = (request: FastifyRequest): boolean =>
  ['GET', 'HEAD'].includes(request.method) &&
  (request.headers.accept ?? '').includes('text/html') &&
  !/^\/(api|health|metrics|assets)(\/|$)/.test(pathOf(request.url))

const securityHeaders = (publicUrl: string): Record<string, string> => ({
  'content-security-policy': contentPolicy(),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
  ...(publicUrl.startsWith('https:') ? { 'strict-transport-security': 'max-age=31536000' } : {}),
})

function registerHealth(
  app: FastifyInstance,
  { log, store, sameFiles }: Pick<HttpOptions, 'log' | 'store' | 'sameFiles'>,
) {
  let closing = false
  app.addHook('preClose', async () => {
    closing = true
  })
  app.get('/health/live', async (_request, reply) => reply.header('cache-control', 'no-store').send({ live: true }))
  app.get('/health/ready', async (_request, reply) => {
    const migrated = await isMigrated(store).catch((error: unknown) => {
      log.warn({ err: error }, 'the database cannot be reached')
      return undefined
    })
    const files = sameFiles && migrated ? await sameFiles().catch(() => false) : undefined
    if (files === false) log.warn('the files are not those that the database knows: see S3_ENDPOINT and DATA_DIR')
    const ready = {
      ready: migrated === true && files !== false && !closing,
      database: migrated !== undefined,
      migrated: migrated ?? false,
      ...(files === undefined ? {} : { files }),
    }
    return reply
      .status(ready.ready ? 200 : 503)
      .header('cache-control', 'no-store')
      .send(ready)
  })
}

interface Answer {
  readonly status?: number
  readonly problem: Problem
}

const bodyProblems: Readonly<Record<string, string>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'body-too-large',
  FST_ERR_CTP_INVALID_JSON_BODY: 'body-not-json',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'body-not-json',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'body-not-json',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'body-not-json',
}

function problemOf(error: FastifyError, request: FastifyRequest, log: Log): Answer {
  if (isProblem(error)) return { problem: error.problem }
  const status = error.statusCode ?? 500
  const body = bodyProblems[error.code]
  if (body) return { status, problem: { kind: 'input', code: body } }
  if (status < 500) return { status, problem: { kind: 'input', code: 'request-not-understood' } }
  log.error({ err: error, request: request.id }, 'a request failed')
  return { status: 500, problem: { kind: 'defect', code: 'our-mistake', values: { request: request.id } } }
}

function sendProblem(reply: FastifyReply, request: FastifyRequest, { status, problem }: Answer): FastifyReply {
  const language: Language = /^\s*nl\b/i.test(request.headers['accept-language'] ?? '') ? 'nl' : 'en'
  const document = problemDocument(problem, language, request.id, status === undefined ? {} : { status })
  return reply.status(document.status).type('application/problem+json').send(document)
}

/** Answers with where it listens. */
export async function startHttp(
  app: FastifyInstance,
  { host, port }: Pick<Settings, 'host' | 'port'>,
): Promise<string> {
  try {
    return await app.listen({ host, port })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const why: Readonly<Record<string, string>> = {
      EADDRINUSE: `Port ${port} is already used by another program. Stop that, or give another PORT.`,
      EACCES: `This user may not listen on port ${port}. Give a PORT of 1024 or more.`,
      EADDRNOTAVAIL: `This machine has no address ${host}. Change HOST.`,
      ENOTFOUND: `There is no host ${host}. Change HOST.`,
    }
    throw why[code ?? ''] ? new StartRefused(why[code ?? '']) : error
  }
}

/** Lets running requests finish, and ends what stays open by nature, such as streams of events. */
export async function stopHttp(app: FastifyInstance, patienceMs = 10_000): Promise<void> {
  const late = setTimeout(() => app.server.closeAllConnections(), patienceMs)
  await app.close()
  clearTimeout(late)
}
