import { assert } from '@uurwerk/core/shared/assert.ts'
import type { Random } from '@uurwerk/core/shared/ports.ts'
import { isProblem, ProblemError } from '@uurwerk/core/shared/problem.ts'
import type { Answer, App, Call, OAuth, Wire } from '../contract/contract.ts'
import type { Manifest } from '../contract/manifest.ts'
import type { Simulator, World } from '../contract/simulator.ts'
import { Budgets } from './budgets.ts'
import type { StoredTokens, TokenStore } from './token-store.ts'
import type { VirtualClock } from './virtual-clock.ts'

export interface InProcess {
  readonly simulator: Simulator
  readonly world: World
  readonly clock: VirtualClock
  readonly random: Random
}

/** What a call came to; `lost` was perhaps carried out, `unreached` certainly not. */
export type Transported = Answer | 'lost' | 'unreached'
/** Carries one request to the package; the wire is the same whether that is a function call or a socket. */
export type Transport = (request: {
  readonly method: string
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
  readonly timeoutMs: number
}) => Promise<Transported>

/** Straight into a simulator: its delays pass on the clock. */
export function inProcess({ simulator, world, clock, random }: InProcess, baseUrl: string): Transport {
  return async ({ method, url, headers, body, timeoutMs }) => {
    // Other callers get a turn while a request is under way.
    await new Promise(setImmediate)
    const answer = simulator.handle({ method, url, base: baseUrl, headers, body }, world, clock, random)
    await new Promise(setImmediate)
    const delayMs = answer.delayMs ?? 0
    clock.advance(Math.min(delayMs, timeoutMs))
    if (answer.fate === 'unreached') return 'unreached'
    if (answer.fate === 'lost' || delayMs > timeoutMs) return 'lost'
    const bytes = typeof answer.body === 'string' ? new TextEncoder().encode(answer.body) : answer.body
    const named = Object.entries(answer.headers).map(([name, value]) => [name.toLowerCase(), value])
    return { status: answer.status, headers: Object.fromEntries(named), body: bytes }
  }
}

export interface WireSettings {
  readonly manifest: Manifest
  readonly app: App
  readonly oauth: OAuth
  readonly tokens: TokenStore
  readonly clock: VirtualClock
  readonly transport: Transport
  /** Under which administration calls are counted. */
  readonly administration?: string
  /** Shared by all wires that share the package's limits; left out: limits of its own. */
  readonly budgets?: Budgets
  /** One line per call, and nothing in it that is secret. */
  readonly log?: (line: string) => void
  /** How long a call may wait for room in the limits before it is thrown as `temporary`. */
  readonly patienceMs?: number
}

/** A wire for tests that keeps the rules of `Wire`: token, limits, log, what a lost answer means. Waiting moves the clock. */
export function testWire(settings: WireSettings): Wire {
  const { manifest, app, clock, transport, log = () => undefined } = settings
  const budgets = settings.budgets ?? new Budgets(manifest, clock)
  const administration = settings.administration ?? ''
  const wire: Wire = { clock, send }
  return wire

  async function send(call: Call): Promise<Answer> {
    if (call.anonymous) return carry(call, {})
    const current = await ready(settings, wire)
    const answer = await authorized(call, current)
    if (answer.status !== 401) return answer
    // Somebody else may have renewed it, or it died early; once more with a newer one, when there may be one.
    const newer = await renewed(settings, wire, current)
    return newer && newer.access !== current.access ? authorized(call, newer) : answer
  }

  async function authorized(call: Call, { access }: StoredTokens): Promise<Answer> {
    budgets.spend(call, administration, settings.patienceMs ?? 90_000)
    const answer = await carry(call, { authorization: `Bearer ${access}` })
    budgets.answered(call, administration, answer.status)
    return answer
  }

  async function carry(call: Call, extra: Record<string, string>): Promise<Answer> {
    const url = addressOf(call.path, app.baseUrl)
    const timeoutMs = call.timeoutMs ?? manifest.wireTimeoutMs
    const body = typeof call.body === 'string' ? new TextEncoder().encode(call.body) : (call.body ?? new Uint8Array())
    const named = Object.entries({ ...call.headers, ...extra }).map(([name, value]) => [name.toLowerCase(), value])
    const headers: Record<string, string> = Object.fromEntries(named)
    const result = await transport({ method: call.method, url, headers, body, timeoutMs })
    const came = typeof result === 'string' ? result : result.status
    log(`${clock.now().toISOString()} ${manifest.id} ${call.method} ${url.pathname}${url.search} ${came}`)
    if (result === 'unreached') throw new ProblemError({ kind: 'temporary', code: 'package-unreachable' })
    if (result !== 'lost') return result
    // A call that only reads may be asked again; nothing was changed by it.
    throw new ProblemError(
      call.safe ? { kind: 'temporary', code: 'no-answer' } : { kind: 'uncertain', code: 'answer-lost' },
    )
  }
}

function addressOf(path: string, baseUrl: string): URL {
  const isAbsolute = /^https?:/.test(path)
  assert(!isAbsolute || path.startsWith(`${baseUrl}/`), 'a token may not leave for another host')
  return new URL(isAbsolute ? path : `${baseUrl}/${path.replace(/^\//, '')}`)
}

const gone = () => new ProblemError({ kind: 'reconnect', code: 'access-withdrawn' })

/** Tokens that are good now: those stored, or renewed when they have come to their end. */
async function ready(settings: WireSettings, wire: Wire): Promise<StoredTokens> {
  const stored = await settings.tokens.read()
  if (!stored) throw gone()
  if (!isSpent(stored, settings)) return stored
  return (await renewed(settings, wire, stored)) ?? stored
}

/** Close enough to its end to be renewed, and not so early that the package would refuse that. */
function isSpent(stored: StoredTokens, { oauth, clock }: WireSettings): boolean {
  const ageMs = clock.now().getTime() - stored.receivedAt.getTime()
  return ageMs >= Math.max(oauth.timing.refreshNotBeforeMs, stored.expiresInSeconds * 1000 - 25_000)
}

/**
 * Renews what `used` has come to be, under the row's lock: whoever comes second finds the new tokens there.
 * Undefined when it is too early to renew.
 */
function renewed(settings: WireSettings, wire: Wire, used: StoredTokens): Promise<StoredTokens | undefined> {
  const { tokens, clock, oauth } = settings
  return tokens.locked(async (row) => {
    const stored = await row.read()
    if (!stored) throw gone()
    if (stored.access !== used.access) return stored
    const ageMs = clock.now().getTime() - stored.receivedAt.getTime()
    if (ageMs < oauth.timing.refreshNotBeforeMs) return undefined
    try {
      const fresh = { ...(await renew(settings, wire, stored)), receivedAt: clock.now() }
      await row.write(fresh)
      return fresh
    } catch (error) {
      // Rotated, and the answer lost: nothing we hold is good any more.
      if (isProblem(error) && (error.problem.kind === 'reconnect' || error.problem.kind === 'uncertain')) {
        await row.forget()
        throw gone()
      }
      throw error
    }
  })
}

async function renew({ app, oauth }: WireSettings, wire: Wire, { refresh }: StoredTokens) {
  try {
    return await oauth.token(app, { refresh }, wire)
  } catch (error) {
    const isLost = isProblem(error) && error.problem.kind === 'uncertain'
    if (!isLost || oauth.timing.reuseGraceMs === 0) throw error
    return await oauth.token(app, { refresh }, wire)
  }
}
