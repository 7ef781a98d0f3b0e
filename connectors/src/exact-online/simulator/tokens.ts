import { createHash } from 'node:crypto'
import type { Clock, Random } from '@uurwerk/core/shared/ports.ts'
import {
  countBreach,
  putRow,
  removeRow,
  rowOf,
  rowsOf,
  type SimulatorAnswer,
  type SimulatorRequest,
  type SimulatorRow,
  type World,
} from '../../contract/simulator.ts'
import { html, json } from './answers.ts'
import { strikesNamed } from './faults.ts'
import { newGuid, opaque, stateOf } from './world-state.ts'

// R-code, R-access, R-refresh-early, R-refresh-idle.
const codeLifeMs = 180_000
const accessLifeMs = 600_000
const earliestRefreshMs = 570_000
const refreshLifeMs = 30 * 86_400_000

interface AccessToken {
  readonly token: string
  readonly issuedAt: number
}

/** One consent: who gave which client access to which divisions, and its tokens. */
export interface Grant {
  readonly id: string
  readonly client: string
  readonly user: string
  readonly host: string
  readonly divisions: readonly number[] | null
  /** Where the consent went back to: events may go there too. */
  readonly redirectUri?: string
  readonly withdrawn: boolean
  readonly access: readonly AccessToken[]
  readonly refresh: string
  readonly refreshedAt: number
  /** Refresh tokens that were rotated away, the latest of them, each by its digest. */
  readonly old: readonly string[]
}

const oldKept = 500
const digestOf = (token: string): string => createHash('sha1').update(token).digest('base64')

const grants = (world: World) => rowsOf(world, 'Grants') as unknown as readonly Grant[]
const save = (world: World, grant: Grant) => putRow(world, 'Grants', grant.id, { ...grant })

export interface Consent {
  readonly client: string
  readonly redirectUri: string
  readonly user: string
  readonly host: string
  readonly divisions: readonly number[] | null
}

/**
 * An authorization code: long, with signs that must be decoded exactly once. `%21` inside it tells a client apart
 * that decodes twice.
 */
export function issueCode(world: World, consent: Consent, clock: Clock, random: Random): string {
  const id = newGuid(random)
  const code = `stampNL001.${opaque(random, 460, '!-_')}%21${opaque(random, 460, '!+/-_')}`
  putRow(world, 'Codes', id, { ...consent, id, code, issuedAt: clock.now().getTime(), used: false })
  return code
}

const refused = (status: number, name: string, description: string, headers: Record<string, string> = {}) =>
  json(status, { error: name, error_description: description }, headers)

interface Client {
  readonly id: string
  readonly secret: string
}

function clientOf(request: SimulatorRequest, form: URLSearchParams): Client {
  const basic = /^Basic (.+)$/i.exec(request.headers.authorization ?? '')
  if (!basic) return { id: form.get('client_id') ?? '', secret: form.get('client_secret') ?? '' }
  const [id = '', ...secret] = atob(basic[1] as string).split(':')
  return { id: decodeOnce(id), secret: decodeOnce(secret.join(':')) }
}

const decodeOnce = (value: string) => {
  try {
    return decodeURIComponent(value.replaceAll('+', ' '))
  } catch {
    return value
  }
}

/** The first secret that comes with a client id is its registration; any other is refused from then on. */
function isRegistered(world: World, { id, secret }: Client): boolean {
  if (!id || !secret) return false
  const { apps } = stateOf(world)
  apps[id] ??= secret
  return apps[id] === secret
}

export const tokenCall = 'POST oauth2/token'

export function answerToken(request: SimulatorRequest, world: World, clock: Clock, random: Random): SimulatorAnswer {
  if (request.method !== 'POST') return refused(405, 'invalid_request', 'Use POST.')
  if (!/^application\/x-www-form-urlencoded\b/i.test(request.headers['content-type'] ?? ''))
    return refused(400, 'invalid_request', 'The request must be form-encoded.')
  if (strikesNamed(world, 'tokenGateway', tokenCall))
    return html(500, 'Failed to execute the ExtractVariables: ExtractAccessToken')

  const form = new URLSearchParams(new TextDecoder().decode(request.body))
  const client = clientOf(request, form)
  if (!isRegistered(world, client))
    return refused(400, 'invalid_client', 'The client id or the client secret is not valid.')
  const at = { world, host: request.url.host, now: clock.now().getTime(), random, client: client.id }
  const answer =
    form.get('grant_type') === 'authorization_code'
      ? exchangeCode(at, form)
      : form.get('grant_type') === 'refresh_token'
        ? refresh(at, form.get('refresh_token') ?? '')
        : refused(400, 'unsupported_grant_type', 'Only authorization_code and refresh_token are supported.')
  const dropped = answer.status === 200 && strikesNamed(world, 'dropTokenAnswer', tokenCall)
  return dropped ? { ...answer, fate: 'lost' } : answer
}

interface At {
  readonly world: World
  readonly host: string
  readonly now: number
  readonly random: Random
  readonly client: string
}

function exchangeCode({ world, host, now, random, client }: At, form: URLSearchParams): SimulatorAnswer {
  const found = rowsOf(world, 'Codes').find((row) => row.code === form.get('code'))
  const wrong = (why: string) => refused(400, 'invalid_grant', why)
  if (!found || found.client !== client || found.host !== host) return wrong('The authorization code is not valid.')
  if (found.redirectUri !== form.get('redirect_uri'))
    return wrong('The redirect_uri differs from the one of the authorization code.')
  if (found.used) return wrong('The authorization code has already been used.')
  if (now - Number(found.issuedAt) > codeLifeMs) return wrong('The authorization code has expired.')
  putRow(world, 'Codes', String(found.id), { ...found, used: true })
  for (const old of rowsOf(world, 'Codes').filter((row) => now - Number(row.issuedAt) > refreshLifeMs))
    removeRow(world, 'Codes', String(old.id))
  const consent = { client, user: String(found.user), host, redirectUri: String(found.redirectUri) }
  return issueTokens(
    world,
    newGrant({ ...consent, divisions: found.divisions as Grant['divisions'] }, now, random),
    now,
    random,
  )
}

const newGrant = (consent: Consent, now: number, random: Random): Grant => ({
  ...consent,
  id: newGuid(random),
  withdrawn: false,
  access: [],
  old: [],
  refresh: '',
  refreshedAt: now,
})

/** The implicit grant: an access token at once, and nothing to renew it with (reported by users of client libraries). */
export function issueAccess(
  world: World,
  consent: Consent,
  clock: Clock,
  random: Random,
): Readonly<Record<string, string>> {
  const now = clock.now().getTime()
  const { body } = issueTokens(world, newGrant(consent, now, random), now, random)
  const { access_token, token_type, expires_in } = JSON.parse(String(body)) as Record<string, string>
  return { access_token: String(access_token), token_type: String(token_type), expires_in: String(expires_in) }
}

function refresh({ world, host, now, random, client }: At, token: string): SimulatorAnswer {
  const mine = grants(world).filter((grant) => grant.client === client && grant.host === host)
  if (token && mine.some((grant) => grant.old.includes(digestOf(token)))) {
    countBreach(world, 'old-refresh-token')
    return refused(401, 'unauthorized_client', 'Old refresh token used.')
  }
  const grant = mine.find((known) => known.refresh === token)
  if (!token || !grant) return refused(400, 'invalid_request', 'The refresh token is not valid.')
  if (grant.withdrawn || rowOf(world, 'Users', grant.user)?.inactive)
    return refused(403, 'access_denied', 'The access of this application has been withdrawn.')
  const expiresAt = grant.refreshedAt + refreshLifeMs
  if (now > expiresAt) {
    const moments = [expiresAt, now].map((ms) => new Date(ms).toISOString())
    return refused(400, 'invalid_request', `The refresh token expired at ${moments[0]} and it is now ${moments[1]}`)
  }
  if (now - grant.refreshedAt < earliestRefreshMs) {
    countBreach(world, 'early-refresh')
    if (strikesNamed(world, 'documentedEarlyRefusal', tokenCall))
      return refused(401, 'access_denied', 'Access Token not expired')
    const text = 'Rate limit exceeded: access_token not expired'
    return refused(400, 'access_denied', text, { reason: `TooEarlyToRefreshTokens: ${text}` })
  }
  return issueTokens(world, grant, now, random)
}

/** R-refresh-rotates: a new pair, and the refresh token of before becomes an old one. */
function issueTokens(world: World, grant: Grant, now: number, random: Random): SimulatorAnswer {
  const access = `stampNL001.${opaque(random, 900, '!-_')}`
  const refreshToken = `stampNL001.${opaque(random, 700, '!-_')}`
  save(world, {
    ...grant,
    access: [...grant.access.filter(({ issuedAt }) => now - issuedAt < accessLifeMs), { token: access, issuedAt: now }],
    refresh: refreshToken,
    refreshedAt: now,
    old: grant.refresh ? [...grant.old, digestOf(grant.refresh)].slice(-oldKept) : grant.old,
  })
  // `expires_in` is text (seen in client code).
  return json(200, { access_token: access, token_type: 'bearer', expires_in: '600', refresh_token: refreshToken })
}

export interface Bearer {
  readonly grant: Grant
  readonly user: SimulatorRow
  readonly alive: boolean
}

/** Who calls; null when the token was never given out at this host. */
export function bearerOf(request: SimulatorRequest, world: World, now: Date): Bearer | null {
  const token = /^Bearer\s+(.+)$/i.exec(request.headers.authorization ?? '')?.[1]?.trim()
  if (!token) return null
  for (const grant of grants(world)) {
    const found = grant.access.find((access) => access.token === token)
    const user = found && rowOf(world, 'Users', grant.user)
    if (!found || !user || grant.host !== request.url.host) continue
    return { grant, user, alive: !grant.withdrawn && now.getTime() - found.issuedAt < accessLifeMs }
  }
  return null
}

/** Kills every token, as a changed password or a withdrawn consent does. */
export function withdrawAll(world: World): void {
  for (const grant of grants(world)) save(world, { ...grant, withdrawn: true })
}

/** Makes every access token look ten minutes old; refreshing is due. */
export function expireAll(world: World): void {
  for (const grant of grants(world)) {
    const refreshedAt = grant.refreshedAt - accessLifeMs
    save(world, { ...grant, access: grant.access.map((access) => ({ ...access, issuedAt: 0 })), refreshedAt })
  }
}
