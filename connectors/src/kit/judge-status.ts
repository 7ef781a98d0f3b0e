import type { Answer } from '../contract/contract.ts'
import { isSuccess } from './json-answer.ts'

/**
 * What a status says about a call, before any package's own messages. `explained` is whether the body holds the
 * package's own words: a server error without them comes from a gateway, and nobody knows what happened behind it.
 */
type Verdict = 'done' | 'wait' | 'no-access' | 'refused' | 'unavailable'

export function judgeStatus(answer: Answer, explained: boolean): Verdict {
  if (isSuccess(answer)) return 'done'
  if (answer.status === 429) return 'wait'
  if (answer.status === 401) return 'no-access'
  // 408: the server gave up while reading; 3xx: something in between answered.
  if (answer.status < 400 || answer.status === 408) return 'unavailable'
  if (answer.status < 500) return 'refused'
  return explained ? 'refused' : 'unavailable'
}

/** A reset header that holds epoch milliseconds; undefined when it is missing or unreadable, never 0. */
export function resetAt(headers: Answer['headers'], name: string): Date | undefined {
  const text = headers[name]
  return text !== undefined && /^\d{10,16}$/.test(text) ? new Date(Number(text)) : undefined
}

/** `Retry-After` in seconds. */
export function retryAfter(headers: Answer['headers'], now: Date): Date | undefined {
  const text = headers['retry-after']
  return text !== undefined && /^\d{1,6}$/.test(text) ? new Date(now.getTime() + Number(text) * 1000) : undefined
}
