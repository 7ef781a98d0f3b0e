import { type Problem, ProblemError } from '@uurwerk/core/shared/problem.ts'
import type { z } from 'zod'
import type { Answer, Call, Wire } from '../../contract/contract.ts'
import { explain } from '../../contract/messages.ts'
import { isSuccess, jsonOf, textOf, wordsIn } from '../../kit/json-answer.ts'
import { retryAfter } from '../../kit/judge-status.ts'
import { parse } from '../../kit/parse.ts'
import { messages } from './messages.ts'
import { failure } from './wire.ts'

/** Asks for something without changing it; anything but the answer is thrown as a problem. */
export async function ask<S extends z.ZodType>(
  wire: Wire,
  path: string,
  endpoint: string,
  schema: S,
  priority: NonNullable<Call['priority']>,
): Promise<z.output<S>> {
  const answer = await wire.send({
    method: 'GET',
    path,
    endpoint,
    safe: true,
    headers: { accept: 'application/json' },
    priority,
  })
  if (!isSuccess(answer)) throw new ProblemError(problemOf(answer, wire.clock.now()))
  return parse(schema, jsonOf(answer), endpoint)
}

/** What a refused call means; with the instant before which it asks us not to come back. */
export function problemOf(answer: Answer, now: Date): Problem {
  const { status, headers } = answer
  const found = failure.safeParse(jsonOf(answer))
  const words = found.success
    ? { code: found.data.error.code, text: found.data.error.message }
    : { text: wordsIn(textOf(answer)) }
  const problem = explain(messages, { status, headers, ...words })
  const notBefore = retryAfter(headers, now)
  return problem.kind === 'temporary' && notBefore ? { ...problem, notBefore: notBefore.toISOString() } : problem
}
