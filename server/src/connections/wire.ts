import type { Answer, Call, Wire } from '@uurwerk/connectors/contract/contract.ts'
import { assert } from '@uurwerk/core/shared/assert.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { pathOf } from '../log.ts'
import { addressesOf, appFor, getApp, type RegisteredApp } from './app.ts'
import { type BudgetPlace, type Budgets, budgetApp } from './budgets.ts'
import type { ConnectionKey, Parts } from './connection.ts'
import type { Held, Renewal, TokenKeeper } from './tokens.ts'
import type { Transport } from './transport.ts'

/** Awaited just before a call leaves that is not `safe`; throws when it may not leave any more. */
export type Guard = (call: Call) => Promise<void>

export interface WireParts extends Parts {
  readonly transport: Transport
  readonly budgets: Budgets
  readonly tokens: TokenKeeper
}

interface Place {
  /** In front of every path. A token leaves for no other address. */
  readonly baseUrl: string
  /** As the package calls itself in its links; in the sandbox another way to the same place. */
  readonly linkedUrl: string
  readonly app: RegisteredApp
  readonly grantId: string | null
}

/** The only way out to a package, for one connection. What it needs is read anew for each call. */
export function createWire(parts: WireParts, connection: ConnectionKey, guard?: Guard): Wire {
  const { clock } = parts
  const connector = parts.connectors.get(connection.package)
  assert(connector, `no connector ${connection.package}`)
  const { manifest } = connector
  return { clock, send }

  async function send(call: Call): Promise<Answer> {
    const startedAt = performance.now()
    const place = await placeOf(parts, connection)
    if (call.anonymous) return carry(parts, connection, call, { ...place, startedAt })
    const renewal = renewalOf(parts, connection, place)
    const held = await parts.tokens.good(renewal)
    const answer = await authorized(call, place, held, startedAt)
    if (answer.status !== 401) return answer
    // Not carried out. Somebody may have renewed it meanwhile, or it died early: once more with a newer one.
    const newer = await parts.tokens.newer(renewal, held)
    return newer ? authorized(call, place, newer, startedAt) : answer
  }

  async function authorized(
    call: Call,
    { app, baseUrl, linkedUrl }: Place,
    held: Held,
    startedAt: number,
  ): Promise<Answer> {
    const budget: BudgetPlace = {
      package: connection.package,
      app: budgetApp(connection, app),
      administration: connection.administration,
      endpoint: call.endpoint,
    }
    await parts.budgets.take(manifest, budget, call.priority ?? 'posting', clock.now())
    if (guard && !call.safe) await guard(call)
    const headers = { authorization: `Bearer ${held.access.reveal()}` }
    const answer = await carry(parts, connection, call, { baseUrl, linkedUrl, startedAt, headers })
    const seen = connector?.readLimits?.(answer) ?? []
    await parts.budgets.learn(manifest, budget, { status: answer.status, seen }, clock.now())
    return answer
  }
}

/** Renews the access of a connection that lay idle for long. */
export async function keepAccess(parts: WireParts, connection: ConnectionKey): Promise<void> {
  await parts.tokens.keepAlive(renewalOf(parts, connection, await placeOf(parts, connection)))
}

function placeOf(parts: WireParts, connection: ConnectionKey): Promise<Place> {
  const { firmId } = connection
  return parts.store.withFirm(
    firmId,
    async (trx) => {
      const row = await trx
        .selectFrom('connection')
        .select('grantId')
        .where('firmId', '=', firmId)
        .where('id', '=', connection.id)
        .executeTakeFirst()
      const { ours, theirs } = await addressesOf(parts, { trx, firmId }, connection)
      return {
        baseUrl: ours,
        linkedUrl: theirs,
        app: await getApp(parts, { trx, firmId }, connection),
        grantId: row?.grantId ?? null,
      }
    },
    { readOnly: true },
  )
}

function renewalOf(parts: WireParts, connection: ConnectionKey, { app, baseUrl, linkedUrl, grantId }: Place): Renewal {
  const signIn = parts.connectors.get(connection.package)?.signIn
  assert(signIn?.kind === 'oauth', 'a package without OAuth adds its credentials itself')
  if (!grantId) throw new ProblemError({ kind: 'reconnect', code: 'access-missing' })
  // Renewing holds the lock of the grant's row, so this wire may not open a transaction of its own.
  const wire: Wire = {
    clock: parts.clock,
    send: (call) => {
      assert(call.anonymous, 'a token call carries no token')
      return carry(parts, connection, call, { baseUrl, linkedUrl, startedAt: performance.now() })
    },
  }
  return { firmId: connection.firmId, grantId, oauth: signIn, app: appFor(parts, app, baseUrl), wire }
}

interface Leaving {
  readonly baseUrl: string
  readonly linkedUrl: string
  readonly startedAt: number
  readonly headers?: Readonly<Record<string, string>>
}

async function carry(
  { transport, log, connectors }: WireParts,
  connection: ConnectionKey,
  call: Call,
  { baseUrl, linkedUrl, startedAt, headers = {} }: Leaving,
): Promise<Answer> {
  const manifest = connectors.get(connection.package)?.manifest
  assert(manifest, `no connector ${connection.package}`)
  const url = addressOf(call.path, baseUrl, linkedUrl)
  const timeoutMs = call.timeoutMs ?? manifest.wireTimeoutMs
  // Whoever looks for it in the books counts from when it was frozen: what waited too long does not leave any more.
  if (performance.now() - startedAt > timeoutMs) throw new ProblemError({ kind: 'temporary', code: 'left-too-late' })
  const sentAt = performance.now()
  const carried = await transport.carry({
    method: call.method,
    url,
    headers: { 'user-agent': 'Uurwerk', ...lowerCase(call.headers), ...headers },
    body: call.body,
    timeoutMs,
  })
  const line = {
    package: connection.package,
    mode: connection.mode,
    connection: connection.id,
    method: call.method,
    // Without what stands before it: in the sandbox that names a world nobody else may know.
    path: pathOf(url.href.slice(baseUrl.length)),
    came: carried.is === 'answered' ? carried.answer.status : carried.is,
    ms: Math.round(performance.now() - sentAt),
  }
  if (carried.is === 'answered') {
    log.info(line, 'a package was called')
    return carried.answer
  }
  log.warn({ ...line, err: carried.cause }, 'a package was called in vain')
  const values = { package: manifest.name, endpoint: call.endpoint }
  if (carried.is === 'unreached')
    throw new ProblemError({ kind: 'temporary', code: 'package-unreachable', values }, carried.cause)
  if (carried.is === 'too-large' && call.safe)
    throw new ProblemError({ kind: 'defect', code: 'answer-too-large', values }, carried.cause)
  // A call that only reads may be asked again; nothing was changed by it.
  throw new ProblemError(
    call.safe ? { kind: 'temporary', code: 'no-answer', values } : { kind: 'uncertain', code: 'answer-lost', values },
    carried.cause,
  )
}

/** `..` in a path is resolved before it is judged. */
function addressOf(path: string, baseUrl: string, linkedUrl: string): URL {
  const own = path.startsWith(`${linkedUrl}/`) ? baseUrl + path.slice(linkedUrl.length) : path
  const url = new URL(/^https?:/i.test(own) ? own : `${baseUrl}/${own.replace(/^\//, '')}`)
  if (!url.href.startsWith(`${baseUrl}/`))
    throw new ProblemError({ kind: 'defect', code: 'address-foreign', values: { host: url.host } })
  return url
}

const lowerCase = (headers: Call['headers'] = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
