import { timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Secret } from '../secrets.ts'
import type { Store } from '../store/database.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Where the other parts register what they count. */
    readonly metrics: Registry
  }
}

/** `/metrics` for Prometheus: with the token, or from this machine itself when there is none. */
export function registerMetrics(app: FastifyInstance, { store, token }: { store: Store; token: Secret | null }): void {
  const register = new Registry()
  app.decorate('metrics', register)
  collectDefaultMetrics({ register })
  const requests = new Histogram({
    name: 'uurwerk_http_request_seconds',
    help: 'Time to answer, by route',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.005, 0.02, 0.05, 0.1, 0.3, 1, 3, 10],
    registers: [register],
  })
  new Gauge({
    name: 'uurwerk_database_connections',
    help: 'Connections of the pool of requests and jobs',
    labelNames: ['state'] as const,
    registers: [register],
    collect() {
      for (const [state, count] of Object.entries(store.connections())) this.set({ state }, count)
    },
  })
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none' // the pattern, so that ids make no new series
    requests.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000)
  })
  app.get('/metrics', async (request, reply) => {
    if (!mayRead(request, token)) return reply.status(403).type('text/plain').send('METRICS_TOKEN is asked for\n')
    return reply.type(register.contentType).send(await register.metrics())
  })
}

function mayRead(request: FastifyRequest, token: Secret | null): boolean {
  if (token) {
    const given = Buffer.from(request.headers.authorization ?? '')
    const asked = Buffer.from(`Bearer ${token.reveal()}`)
    return given.length === asked.length && timingSafeEqual(given, asked)
  }
  // A proxy on this machine passes on what comes from everywhere.
  const isForwarded = request.headers['x-forwarded-for'] !== undefined || request.headers.forwarded !== undefined
  return !isForwarded && ['127.0.0.1', '::1', '::ffff:127.0.0.1'].includes(request.socket.remoteAddress ?? '')
}
