import { Readable } from 'node:stream'
import type { FileAnswer } from '@uurwerk/api/route.ts'
import type { ApiProblem } from '@uurwerk/api/shapes.ts'
import { AssertionFailed } from '@uurwerk/core/shared/assert.ts'
import { isProblem, ProblemError } from '@uurwerk/core/shared/problem.ts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { PackageProblem } from '../connections/package-problem.ts'
import type { Services } from '../services.ts'
import { isDatabaseAway } from '../store/database.ts'
import { type Language, StaleEdit } from './call.ts'
import { problemDocument } from './problems.ts'

const filePolicy = "default-src 'none'; sandbox"
/**
 * The browser's own reader of PDF is a page around the file, which no stricter policy lets work; with `nosniff` the file
 * is never taken for a page of ours, and what a PDF can run does not reach our origin.
 */
const pdfPolicy = "frame-ancestors 'none'"

/** The name in both forms of RFC 6266: letters that a header does not hold are told in the second. */
export function sendFile(reply: FastifyReply, { mediaType, fileName, inline, bytes }: FileAnswer): FastifyReply {
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

export function documentOf(
  error: unknown,
  language: Language,
  request: FastifyRequest,
  services: Services,
): ApiProblem {
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

export function sendProblem(reply: FastifyReply, document: ApiProblem): FastifyReply {
  return reply.status(document.status).type('application/problem+json').send(document)
}
