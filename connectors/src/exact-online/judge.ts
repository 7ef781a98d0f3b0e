import type { Problem } from '@uurwerk/core/shared/problem.ts'
import type { Answer, Outcome } from '../contract/contract.ts'
import { explain, type Said } from '../contract/messages.ts'
import { jsonOf, textOf, wordsIn } from '../kit/json-answer.ts'
import { judgeStatus, resetAt, retryAfter } from '../kit/judge-status.ts'
import { errorTextIn } from '../kit/odata-v2.ts'
import { gateway, messages } from './messages.ts'

/** What an answer of the API says, as messages are recognised by it. */
function saidIn(answer: Answer): Said {
  const { status } = answer
  const headers = { ...answer.headers, reason: reasonIn(answer) }
  const text = errorTextIn(jsonOf(answer)) ?? wordsIn(textOf(answer))
  // The number by which Exact Online finds the call again (recorded, August 2026).
  const request = answer.headers['x-exact-correlation-id']
  const said = { status, headers, text, ...(request && { request }) }
  return verdictOf(answer) === 'unavailable' ? { ...said, code: gateway } : said
}

/** `NoDivisionAccess`, also where words follow it: `TooEarlyToRefreshTokens: access_token not expired`. */
export const reasonIn = ({ headers }: Pick<Answer, 'headers'>): string => /^\w*/.exec(headers.reason ?? '')?.[0] ?? ''

// Business errors are 500 with a message in JSON; a 500 without one, and any 502 to 504, is a gateway's.
const verdictOf = (answer: Answer) =>
  judgeStatus(answer, answer.status === 500 && errorTextIn(jsonOf(answer)) !== undefined)

const judged = (answer: Answer) => ({
  verdict: verdictOf(answer),
  problem: explain(messages, saidIn(answer)),
})

/** Why reading failed; nothing was changed by it, so doubt is only a wait. */
export function readingProblem(answer: Answer, now: Date): Problem {
  const { verdict, problem } = judged(answer)
  return verdict === 'wait' ? { ...problem, notBefore: waitUntil(answer, now).toISOString() } : problem
}

/** What became of a posting that was answered; undefined when it succeeded. */
export function refusalOf(answer: Answer, now: Date): Outcome | undefined {
  const { verdict, problem } = judged(answer)
  switch (verdict) {
    case 'done':
      return undefined
    case 'wait': {
      // Not carried out: over the limit, a request is turned away at the door.
      const notBefore = waitUntil(answer, now)
      return { is: 'again', problem: { ...problem, notBefore: notBefore.toISOString() }, notBefore }
    }
    case 'no-access':
      return { is: 'again', problem }
    case 'refused':
      return problem.kind === 'reconnect' || problem.kind === 'temporary'
        ? { is: 'again', problem }
        : { is: 'refused', problem }
    case 'unavailable':
      return { is: 'uncertain', problem: { ...problem, kind: 'uncertain' } }
  }
}

const dayMs = 86_400_000

/**
 * When the limit allows the next call. Only the headers of the exhausted window are there; a missing one is not 0.
 * The minute is rounded and by their clock: a little later, never longer than a minute and a bit, nor a day and a bit.
 */
export function waitUntil({ headers }: Answer, now: Date): Date {
  const ends = (name: string, unlessLeft: string): number | undefined =>
    Number(headers[unlessLeft] ?? '0') > 0 ? undefined : resetAt(headers, name)?.getTime()
  const minute = ends('x-ratelimit-minutely-reset', 'x-ratelimit-minutely-remaining')
  const day = ends('x-ratelimit-reset', 'x-ratelimit-remaining')
  const start = now.getTime()
  if (day !== undefined) return new Date(Math.min(Math.max(start, day) + 1_500, start + dayMs + 60_000))
  if (minute !== undefined) return new Date(Math.min(Math.max(start, minute) + 1_500, start + 65_000))
  return retryAfter(headers, now) ?? new Date(start + 60_000)
}
