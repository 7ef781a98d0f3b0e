import { type Problem, ProblemError } from '@uurwerk/core/shared/problem.ts'
import type * as z from 'zod'
import type { Answer, Call, Outcome, Wire } from '../../contract/contract.ts'
import { explain } from '../../contract/messages.ts'
import { messages } from './messages.ts'
import { type LedgerlyError, ledgerlyFailure, rightsAnswer } from './wire.ts'

/** Asks for something without changing it; anything but the answer is thrown as a problem. */
export async function ask<T>(
  wire: Wire,
  path: string,
  endpoint: string,
  schema: z.ZodType<T>,
  priority: NonNullable<Call['priority']> = 'posting',
): Promise<T> {
  const call: Call = { method: 'GET', path, endpoint, safe: true, headers: { accept: 'application/json' }, priority }
  const answer = await wire.send(call)
  if (answer.status !== 200) throw new ProblemError(problemOf(answer, wire.clock.now()))
  return understood(answer, schema)
}

/** Throws when the user of this access may not see these: an empty list then means nothing. */
export async function expectRight(wire: Wire, company: string, resource: string): Promise<void> {
  const { withheld } = await ask(wire, `/companies/${company}/rights`, 'rights', rightsAnswer)
  if (withheld.includes(resource))
    throw new ProblemError({ kind: 'refused', code: 'rights-missing', values: { resource } })
}

export function understood<T>(answer: Answer, schema: z.ZodType<T>): T {
  const text = textOf(answer)
  const read = schema.safeParse(asJson(text))
  if (read.success) return read.data
  throw new ProblemError({
    kind: 'defect',
    code: 'answer-not-understood',
    theirWords: text,
    theirStatus: answer.status,
  })
}

/** What a refused request means; `now` turns "after so many seconds" into an instant. */
export function problemOf(answer: Answer, now: Date): Problem {
  const failure = ledgerlyFailure.safeParse(asJson(textOf(answer)))
  const problem = failure.success
    ? problemFrom(failure.data.error, answer)
    : problemFrom({ code: '', message: textOf(answer) }, answer)
  const seconds = Number(answer.headers['retry-after'])
  if (problem.kind !== 'temporary' || !(seconds > 0)) return problem
  return { ...problem, notBefore: new Date(now.getTime() + seconds * 1000).toISOString() }
}

export function problemFrom(error: LedgerlyError, { status, headers }: Pick<Answer, 'status' | 'headers'>): Problem {
  const request = headers['x-request-id']
  const said = { status, headers, code: error.code, text: error.message, ...(request ? { request } : {}) }
  return explain(messages, said, error.details)
}

/** One problem as the outcome of a posting. An outage after sending is doubt, not a promise that nothing happened. */
export function outcomeOf(problem: Problem, reference: string): Outcome {
  if (problem.code === 'number-taken' && problem.values?.takenBy === reference)
    return { is: 'uncertain', problem: { ...problem, kind: 'uncertain', code: 'already-there', values: { reference } } }
  if (problem.code === 'package-unavailable') return { is: 'uncertain', problem: { ...problem, kind: 'uncertain' } }
  if (problem.kind === 'uncertain') return { is: 'uncertain', problem }
  if (problem.kind === 'temporary' || problem.kind === 'reconnect')
    return { is: 'again', problem, ...(problem.notBefore ? { notBefore: new Date(problem.notBefore) } : {}) }
  return { is: 'refused', problem }
}

const textOf = (answer: Answer): string => new TextDecoder().decode(answer.body)

function asJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
