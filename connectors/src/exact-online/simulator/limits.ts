import { countBreach, type SimulatorAnswer, type World } from '../../contract/simulator.ts'
import { error, type Headers } from './answers.ts'
import { stateOf } from './world-state.ts'

const minuteMs = 60_000
const dayMs = 86_400_000
const hourMs = 3_600_000

/** Calls per client and division (R-limits). */
export const limits = { minute: 60, day: 5_000 } as const
/** Errors per client, user, division and endpoint in an hour (R-error-budget). */
export const errorBudget = 10
const counted = new Set([400, 401, 403, 404])

export const bucketOf = (client: unknown, division: number) => `${client}|${division}`

function windowOf(world: World, bucket: string, now: Date) {
  const [minute, day] = [Math.floor(now.getTime() / minuteMs), Math.floor(now.getTime() / dayMs)]
  const known = stateOf(world).limits[bucket] ?? { minute, inMinute: 0, day, inDay: 0 }
  const window = {
    minute,
    inMinute: known.minute === minute ? known.inMinute : 0,
    day,
    inDay: known.day === day ? known.inDay : 0,
  }
  stateOf(world).limits[bucket] = window
  return window
}

type Window = ReturnType<typeof windowOf>

/** Both resets are epoch milliseconds: the next whole minute, and midnight UTC. */
const minuteHeaders = (window: Window, used = window.inMinute): Headers => ({
  'x-ratelimit-minutely-limit': String(limits.minute),
  'x-ratelimit-minutely-remaining': String(Math.max(0, limits.minute - used)),
  'x-ratelimit-minutely-reset': String((window.minute + 1) * minuteMs),
})

const dayHeaders = (window: Window, used = window.inDay): Headers => ({
  'x-ratelimit-limit': String(limits.day),
  'x-ratelimit-remaining': String(Math.max(0, limits.day - used)),
  'x-ratelimit-reset': String((window.day + 1) * dayMs),
})

const tooMany = (headers: Headers, wantsJson: boolean) => error(429, 'Too many requests', wantsJson, headers)

/**
 * A 429 names only the limit that is exhausted (seen in client code). It stays exhausted until its reset: whoever calls
 * sooner is refused again, and counted.
 */
export function limitAnswer(world: World, bucket: string, now: Date, which: 'minute' | 'day', wantsJson: boolean) {
  const window = windowOf(world, bucket, now)
  if (which === 'day') window.inDay = Math.max(window.inDay, limits.day)
  else window.inMinute = Math.max(window.inMinute, limits.minute)
  const headers = which === 'day' ? dayHeaders(window, limits.day) : minuteHeaders(window, limits.minute)
  return tooMany(headers, wantsJson)
}

/** Counts one call; an answer when the limit was already reached, and then the call is not carried out. */
export function countAgainstLimits(
  world: World,
  bucket: string,
  now: Date,
  wantsJson: boolean,
): SimulatorAnswer | null {
  const window = windowOf(world, bucket, now)
  const reached = window.inDay >= limits.day ? 'day' : window.inMinute >= limits.minute ? 'minute' : null
  if (reached) {
    countBreach(world, `${reached}-limit`)
    return limitAnswer(world, bucket, now, reached, wantsJson)
  }
  window.inMinute += 1
  window.inDay += 1
  return null
}

export function limitHeaders(world: World, bucket: string, now: Date): Headers {
  const window = windowOf(world, bucket, now)
  return { ...dayHeaders(window), ...minuteHeaders(window) }
}

const errorsOf = (world: World, key: string) => {
  const errors = stateOf(world).errors
  errors[key] ??= { at: [], blockedUntil: 0, blocks: 0 }
  return errors[key]
}

/** The answer of a blocked endpoint. Neither status nor body is published; it names no limit that could be waited for. */
export function blockedAnswer(world: World, key: string, now: Date, wantsJson: boolean): SimulatorAnswer | null {
  if (now.getTime() >= (stateOf(world).errors[key]?.blockedUntil ?? 0)) return null
  countBreach(world, 'error-budget')
  return tooMany({}, wantsJson)
}

/** Counts 400, 401, 403 and 404; the tenth in an hour blocks the endpoint, twice as long each time. */
export function countError(world: World, key: string, now: Date, status: number): void {
  if (!counted.has(status)) return
  const errors = errorsOf(world, key)
  errors.at = [...errors.at.filter((at) => at > now.getTime() - hourMs), now.getTime()]
  if (errors.at.length < errorBudget) return
  errors.blockedUntil = now.getTime() + hourMs * 2 ** errors.blocks
  errors.blocks += 1
  errors.at = []
}
