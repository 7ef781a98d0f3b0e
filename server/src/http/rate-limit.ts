import rateLimit from '@fastify/rate-limit'
import type { ApiProblem } from '@uurwerk/api/shapes.ts'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { placeOf } from '../people/sign-in-attempts.ts'
import type { Services } from '../services.ts'
import { bearerOf, languageOf } from './asked.ts'
import type { Language } from './call.ts'
import { findKey } from './known-keys.ts'
import { problemDocument } from './problems.ts'
import { sendProblem } from './replies.ts'

/** Each key, person or address has a number of requests a minute, told in the headers of every answer. */
export async function limitRate(scope: FastifyInstance, services: Services): Promise<void> {
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
