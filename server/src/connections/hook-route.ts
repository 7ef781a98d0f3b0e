import type { FastifyInstance } from 'fastify'
import type { Services } from '../services.ts'
import { type Heard, hearHint } from './hints.ts'

const mostBytes = 64 * 1024
const mostPerMinute = 300

const answers: Readonly<Record<Heard, number>> = { unknown: 404, refused: 401, heard: 200 }

/** Where packages call us, outside any firm: no cookie, no key, and nothing told to whoever is not known. */
export function registerHooks(app: FastifyInstance, services: Services): void {
  const allowed = limiter(services)
  app.register(async (scope) => {
    // The signature is over the bytes as they came.
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: mostBytes }, (_request, body, done) =>
      done(null, body),
    )
    scope.post('/hooks/:package/:key', { bodyLimit: mostBytes }, async (request, reply) => {
      const { package: packageId, key } = request.params as { package: string; key: string }
      reply.header('cache-control', 'no-store')
      if (!allowed(key)) return reply.status(429).header('retry-after', '60').send()
      const heard = await hearHint(services, {
        package: packageId,
        key,
        raw: Buffer.isBuffer(request.body) ? request.body : new Uint8Array(),
        headers: Object.fromEntries(
          Object.entries(request.headers).flatMap(([name, value]) =>
            typeof value === 'string' ? [[name, value]] : [],
          ),
        ),
      })
      return reply.status(answers[heard]).send()
    })
  })
}

/** So many calls a minute to one address; those with a key that nobody has are counted together. */
function limiter({ clock }: Pick<Services, 'clock'>): (key: string) => boolean {
  let minute = 0
  let counts = new Map<string, number>()
  return (key) => {
    const now = Math.floor(clock.now().getTime() / 60_000)
    if (now !== minute) {
      minute = now
      counts = new Map()
    }
    // Whoever makes keys up shares one place, so that they cannot fill the memory.
    const place = counts.has(key) || counts.size < 1000 ? key : ''
    const count = (counts.get(place) ?? 0) + 1
    counts.set(place, count)
    return count <= mostPerMinute
  }
}
