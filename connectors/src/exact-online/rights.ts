import { calendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { isProblem, ProblemError } from '@uurwerk/core/shared/problem.ts'
import { z } from 'zod'
import { literal } from '../kit/odata-v2.ts'
import type { ExactCalls } from './calls.ts'

/** Before anything in a division, for a filter that keeps everything: lists without one may be refused. */
export const longAgo = calendarDate('2000-01-01')

/**
 * Whether the user may do this at an endpoint, by what Exact Online itself says; undefined when it does not answer that:
 * the question has a scope of its own. Not knowing is not a no.
 */
export async function hasRight(
  calls: ExactCalls,
  endpoint: string,
  action: 'GET' | 'POST' = 'GET',
): Promise<boolean | undefined> {
  try {
    const { UserHasRights } = await calls.ask(
      'users/UserHasRights',
      { endpoint: literal.text(endpoint), action: literal.text(action) },
      z.object({ UserHasRights: z.boolean() }),
    )
    return UserHasRights
  } catch (error) {
    const status = isProblem(error) ? error.problem.theirStatus : undefined
    if (status === 403 || status === 404) return undefined
    throw error
  }
}

/**
 * Without the right to see a list it is empty, so an empty list alone is no absence. Throws unless it is certain that
 * what is there would have been shown: when anything is listed at all (`any`), or when Exact Online says so.
 */
export async function mustBeShown(calls: ExactCalls, endpoint: string, any?: () => Promise<readonly unknown[]>) {
  if (any && (await any()).length > 0) return
  if (await hasRight(calls, endpoint)) return
  throw new ProblemError({ kind: 'setup', code: 'list-not-shown', values: { list: endpoint } })
}
