import { assert } from '@uurwerk/core/shared/assert.ts'
import { seededRandom } from '@uurwerk/core/shared/seeded-random.ts'
import type { Books, Connection, Connector, Wire } from '../contract/contract.ts'
import type { BookedDocument } from './books.ts'
import { Budgets } from './budgets.ts'
import type { FaultName, FaultOptions, FaultPlace, Harness } from './harness.ts'
import { type InProcess, inProcess, type Transport, testWire } from './in-process-wire.ts'
import { browser, signInAndStore } from './sign-in.ts'
import { MemoryTokenStore } from './token-store.ts'
import { VirtualClock } from './virtual-clock.ts'

/** A connector at its simulator, signed in, with everything that passes between them in view. */
export interface Bench extends InProcess {
  readonly tokens: MemoryTokenStore
  readonly log: string[]
  /** Every request that arrived, with the tokens that were stored at that moment. */
  readonly seen: {
    readonly method: string
    readonly url: URL
    readonly access?: string
    readonly storedAccess?: string
  }[]
  readonly secrets: Set<string>
  readonly transport: Transport
  readonly wire: Wire
  readonly books: Books
  /** Books as another process opens them: its own wire, the same stored tokens and limits. */
  another(): Books
  /** Once, unless `options` says otherwise; false where such a thing cannot happen at this package. */
  fault(name: FaultName, on: FaultPlace, options?: FaultOptions): boolean
  /** What stands in the package's books now. */
  booked(): readonly BookedDocument[]
}

export interface BenchSettings {
  readonly seed?: number
  readonly now?: string
  readonly language?: 'nl' | 'en'
  /** Leave out signing in, for tests of signing in. */
  readonly signedIn?: boolean
  /** Stored settings of the connection, when not the harness's. */
  readonly stored?: unknown
}

export async function openBench<S>(
  connector: Connector<S>,
  harness: Harness,
  settings: BenchSettings = {},
): Promise<Bench> {
  const { seed = 1, now = '2026-03-31T10:00:00.000Z', language = 'nl', signedIn = true } = settings
  const { stored = harness.settings } = settings
  const { simulator, app, country, administration } = harness
  const oauth = connector.signIn
  assert(oauth.kind === 'oauth', 'the bench signs in by OAuth only')
  const clock = new VirtualClock(now)
  const random = seededRandom(seed)
  const world = simulator.create({ seed, now: clock.now(), language, country })
  const at: InProcess = { simulator, world, clock, random }
  const tokens = new MemoryTokenStore()
  const budgets = new Budgets(connector.manifest, clock)
  const log: string[] = []
  const seen: Bench['seen'] = []
  const secrets = new Set([app.clientSecret])

  const direct = inProcess(at, app.baseUrl)
  const transport: Transport = (request) => {
    const access = request.headers.authorization?.replace(/^Bearer /, '')
    const storedAccess = tokens.stored?.access
    seen.push({
      method: request.method,
      url: request.url,
      ...(access ? { access } : {}),
      ...(storedAccess ? { storedAccess } : {}),
    })
    return direct(request)
  }
  const newWire = () =>
    testWire({
      manifest: connector.manifest,
      app,
      oauth,
      tokens,
      clock,
      transport,
      administration,
      budgets,
      log: (line) => log.push(line),
    })
  const connection: Connection<S> = {
    id: 'connection-1',
    country,
    administration,
    settings: connector.settings(stored),
    language,
  }
  const wire = newWire()
  if (signedIn)
    await signInAndStore({
      oauth,
      app,
      wire,
      tokens,
      async consent(page) {
        const back = await harness.consent(browser(transport), page)
        secrets.add(back.searchParams.get('code') ?? app.clientSecret)
        return back
      },
    })
  return {
    ...at,
    tokens,
    log,
    seen,
    secrets,
    transport,
    wire,
    books: connector.open(connection, wire),
    another: () => connector.open(connection, newWire()),
    fault(name, on, options) {
      const fault = harness.fault(name, on, { times: 1, ...options })
      if (fault) world.state.faults.push(fault)
      return fault !== undefined
    },
    booked: () => harness.books(at),
  }
}
