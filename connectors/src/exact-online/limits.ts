import type { Answer, LimitSeen } from '../contract/contract.ts'
import { resetAt } from '../kit/judge-status.ts'

const windows = [
  { span: 'minute', prefix: 'x-ratelimit-minutely' },
  { span: 'day', prefix: 'x-ratelimit' },
] as const

/** A 429 names only the window that is exhausted; the headers of the other one are missing, which is not 0 (seen in client code). */
export function readLimits({ headers }: Pick<Answer, 'headers'>): readonly LimitSeen[] {
  return windows.flatMap(({ span, prefix }) => {
    const most = whole(headers[`${prefix}-limit`])
    const remaining = whole(headers[`${prefix}-remaining`])
    const resetsAt = resetAt(headers, `${prefix}-reset`)
    return most === undefined || remaining === undefined || !resetsAt ? [] : [{ span, most, remaining, resetsAt }]
  })
}

const whole = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined
