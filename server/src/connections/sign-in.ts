import { type Role, rightsOf } from '@uurwerk/api/rights.ts'
import type { Tokens } from '@uurwerk/connectors/contract/contract.ts'
import { assert } from '@uurwerk/core/shared/assert.ts'
import { isProblem, type Problem, ProblemError } from '@uurwerk/core/shared/problem.ts'
import type { FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import { accessIsWell } from '../notifications/access-notices.ts'
import { randomToken } from '../secrets.ts'
import type { Services } from '../services.ts'
import { addressesOf, appFor, getApp } from './app.ts'
import type { ConnectionKey, InFirm, Parts } from './connection.ts'
import { resumeConnection } from './resume.ts'
import { findConnection } from './service.ts'
import { grantFields } from './tokens.ts'

const stateLivesMs = 15 * 60_000
/** How long a state that is no longer good still tells which screen it came from. */
const stateKeptMs = 24 * 60 * 60_000

/** Where the browser goes to sign in at the package. The state in it is good once, for this person, for a quarter of an hour. */
export async function beginSignIn(
  parts: Parts,
  firm: InFirm,
  connection: ConnectionKey,
  userId: string,
): Promise<{ readonly signInAt: string }> {
  const { signIn } = connectorOf(parts, connection.package)
  assert(signIn.kind === 'oauth', 'only OAuth has a sign-in page')
  const app = await getApp(parts, firm, connection)
  const { theirs } = await addressesOf(parts, firm, connection)
  const state = randomToken().reveal()
  const now = parts.clock.now()
  await firm.trx
    .deleteFrom('directory.signInState')
    .where('expiresAt', '<', new Date(now.getTime() - stateKeptMs))
    .execute()
  await firm.trx
    .insertInto('directory.signInState')
    .values({
      stateHash: parts.seals.hashToken(state),
      firmId: firm.firmId,
      connectionId: connection.id,
      userId,
      expiresAt: new Date(now.getTime() + stateLivesMs),
    })
    .execute()
  return { signInAt: signIn.authorizeUrl(appFor(parts, app, theirs), state).href }
}

const connectorOf = (parts: Parts, packageId: string) => {
  const connector = parts.connectors.get(packageId)
  assert(connector, `no connector ${packageId}`)
  return connector
}

interface Returned {
  readonly code?: string
  readonly state?: string
  readonly error?: string
}

/** What a sign-in that came back belongs to. */
interface Place {
  readonly firmId: string
  readonly slug: string
  readonly connectionId: string
  readonly userId: string
  readonly isGood: boolean
}

/** The browser comes back from the package here, and lands on the connection's own page whatever happened. */
export function registerSignIn(app: FastifyInstance, services: Services): void {
  app.get('/oauth/return', async (request, reply) => {
    const asked = request.query as Record<string, unknown>
    const text = (name: string) => (typeof asked[name] === 'string' ? { [name]: asked[name] as string } : {})
    const returned: Returned = { ...text('code'), ...text('state'), ...text('error') }
    const address = await comeBack(services, returned, request.headers.cookie)
    return reply.header('referrer-policy', 'no-referrer').header('cache-control', 'no-store').redirect(address, 303)
  })
}

async function comeBack(services: Services, returned: Returned, cookie: string | undefined): Promise<string> {
  const { publicUrl } = services.settings
  const user = await services.people.userOf(cookie)
  const place = returned.state ? await takeState(services, returned.state) : undefined
  const mayKnow = place && user && (await mayConnect(services, place.firmId, user.userId))
  // Nothing is told about a firm to somebody who has no right to it.
  if (!place || !mayKnow) return `${publicUrl}/?problem=${user ? 'sign-in-state-unknown' : 'sign-in-needed'}`
  const page = (problem?: string) =>
    `${publicUrl}/f/${place.slug}/settings/connections/${place.connectionId}${problem ? `?problem=${encodeURIComponent(problem)}` : ''}`
  const problem = await problemOf(services, place, user.userId, returned)
  if (problem) await tellConnection(services, place, problem)
  return page(problem?.code)
}

async function problemOf(
  services: Services,
  place: Place,
  userId: string,
  returned: Returned,
): Promise<Problem | undefined> {
  const refused = (code: string): Problem => ({ kind: 'reconnect', code })
  if (place.userId !== userId) return refused('sign-in-other-person')
  if (!place.isGood) return refused('sign-in-state-expired')
  if (returned.error) return refused(returned.error === 'access_denied' ? 'sign-in-denied' : 'sign-in-refused')
  if (!returned.code) return refused('sign-in-refused')
  try {
    return await finishSignIn(services, place, returned.code)
  } catch (error) {
    services.log.warn({ err: error, connection: place.connectionId }, 'a sign-in at a package failed')
    return isProblem(error)
      ? error.problem
      : { kind: 'defect', code: 'our-mistake', values: { request: place.connectionId } }
  }
}

/** Shown on the connection until the next sign-in. A connection that works is not disturbed by a sign-in that failed. */
async function tellConnection(
  { store, events }: Services,
  { firmId, connectionId }: Place,
  problem: Problem,
): Promise<void> {
  await store.withFirm(firmId, async (trx) => {
    await trx
      .updateTable('connection')
      .set((set) => ({ problem: JSON.stringify(problem), version: set('version', '+', 1) }))
      .where('firmId', '=', firmId)
      .where('id', '=', connectionId)
      .where('state', 'in', ['signing-in', 'choosing', 'reconnect'])
      .execute()
    await events.publish(trx, firmId, { topic: 'connections', ids: [connectionId] })
  })
}

/** A state is good once: whoever uses it ends it. */
async function takeState({ store, seals, clock }: Services, state: string): Promise<Place | undefined> {
  const hash = seals.hashToken(state)
  const now = clock.now()
  return store.withDirectory(async (trx) => {
    const used = await trx
      .updateTable('directory.signInState')
      .set({ expiresAt: now })
      .where('stateHash', '=', hash)
      .where('expiresAt', '>', now)
      .returning('stateHash')
      .executeTakeFirst()
    const row = await trx
      .selectFrom('directory.signInState')
      .innerJoin('directory.firm', 'directory.firm.id', 'directory.signInState.firmId')
      .select(['firmId', 'connectionId', 'userId', 'slug'])
      .where('stateHash', '=', hash)
      .executeTakeFirst()
    return row && { ...row, isGood: used !== undefined }
  })
}

const mayConnect = ({ store }: Services, firmId: string, userId: string): Promise<boolean> =>
  store.withFirm(
    firmId,
    async (trx) => {
      const member = await trx
        .selectFrom('member')
        .select('roles')
        .where('firmId', '=', firmId)
        .where('userId', '=', userId)
        .where('archivedAt', 'is', null)
        .executeTakeFirst()
      return member !== undefined && rightsOf(member.roles as Role[]).has('connections:write')
    },
    { readOnly: true },
  )

/** The code becomes tokens, stored before anything else is done with them. A problem is what the person should know besides. */
async function finishSignIn(
  services: Services,
  { firmId, connectionId }: Place,
  code: string,
): Promise<Problem | undefined> {
  const { connections, store } = services
  const { parts } = connections
  const { at, app, ours } = await store.withFirm(firmId, async (trx) => {
    const firm = { trx, firmId }
    const found = await findConnection(firm, connectionId)
    if (!found || found.state === 'disconnected') throw new ProblemError({ kind: 'missing', code: 'connection-gone' })
    return { at: found, app: await getApp(parts, firm, found), ours: (await addressesOf(parts, firm, found)).ours }
  })
  const { signIn } = connections.connectorOf(at.package)
  assert(signIn.kind === 'oauth', 'only OAuth comes back with a code')
  const tokens = await signIn.token(appFor(parts, app, ours), { code }, connections.wireFor(at))
  await keepGrant(services, firmId, connectionId, tokens)
  return at.administration ? backInBooks(services, firmId, connectionId, at.administration) : undefined
}

async function keepGrant(services: Services, firmId: string, connectionId: string, tokens: Tokens): Promise<void> {
  const { store, ids, events, connections, clock } = services
  const { parts } = connections
  const now = clock.now()
  await store.withFirm(firmId, async (trx) => {
    const row = await trx
      .selectFrom('connection')
      .select(['grantId', 'package', 'mode', 'country', 'administration'])
      .where('firmId', '=', firmId)
      .where('id', '=', connectionId)
      // Somebody may have disconnected it while the package answered.
      .where('state', '<>', 'disconnected')
      .forUpdate()
      .executeTakeFirst()
    if (!row) throw new ProblemError({ kind: 'missing', code: 'connection-gone' })
    const grantId = row.grantId ?? ids.next()
    const fields = grantFields(parts, firmId, grantId, tokens, now)
    if (row.grantId)
      await trx
        .updateTable('accessGrant')
        .set((set) => ({ ...fields, version: set('version', '+', 1) }))
        .where('firmId', '=', firmId)
        .where('id', '=', grantId)
        .execute()
    else
      await trx
        .insertInto('accessGrant')
        .values({
          firmId,
          id: grantId,
          package: row.package,
          mode: row.mode,
          country: row.country,
          ...fields,
          createdAt: now,
        })
        .execute()
    await trx
      .updateTable('connection')
      .set((set) => ({ state: 'choosing', problem: null, grantId, version: set('version', '+', 1), updatedAt: now }))
      .where('firmId', '=', firmId)
      .where('id', '=', connectionId)
      .execute()
    await events.publish(trx, firmId, { topic: 'connections', ids: [connectionId] })
  })
}

/** After signing in again: the administration of before goes on, if this person can reach it too. */
async function backInBooks(
  services: Services,
  firmId: string,
  connectionId: string,
  administration: string,
): Promise<Problem | undefined> {
  const { connections, store, clock, events } = services
  const { books } = await connections.openBooks(firmId, connectionId, { settings: 'as-stored' })
  const found = (await books.administrations()).find(({ id }) => id === administration)
  if (!found?.usable) return { kind: 'setup', code: 'administration-out-of-reach' }
  const now = clock.now()
  await store.withFirm(firmId, async (trx) => {
    await sql`
      update connection set state = 'connected', problem = null, version = version + 1, updated_at = ${now}
      where firm_id = ${firmId} and id = ${connectionId} and state = 'choosing'`.execute(trx)
    await resumeConnection({ trx, firmId }, services, connectionId)
    await accessIsWell(services, trx, firmId, connectionId)
    await events.publish(trx, firmId, { topic: 'connections', ids: [connectionId] })
  })
  return undefined
}
