import type { Random } from '@uurwerk/core/shared/ports.ts'
import {
  countBreach,
  putRow,
  rowOf,
  rowsOf,
  type SimulatorAnswer,
  type SimulatorRequest,
  type SimulatorRow,
  type World,
} from '../../contract/simulator.ts'
import { companyOne, count, stateOf } from './world.ts'

/** Sign-in of Ledgerly: a page, a code, an access token of ten minutes and a refresh token that is good for once. */

const codeLivesMs = 180_000
const accessLivesMs = 600_000
const refreshNotBeforeMs = 570_000
const refreshIdleMs = 30 * 86_400_000
const previousGraceMs = 60_000

export interface Grant extends SimulatorRow {
  readonly id: string
  readonly clientId: string
  /** The one company this access is for; null is all of them. */
  readonly company: string | null
  readonly access: string
  readonly issuedAt: number
  readonly accessUntil: number
  readonly accessUsed: boolean
  readonly refresh: string
  readonly previousRefresh: string | null
  readonly withdrawn: boolean
}

const save = (world: World, grant: Grant) => putRow(world, 'grants', grant.id, grant)
const grants = (world: World) => rowsOf(world, 'grants') as readonly Grant[]

export function expireAccess(world: World, now: number): void {
  for (const grant of grants(world)) save(world, { ...grant, accessUntil: Math.min(grant.accessUntil, now) })
}

export function withdrawAccess(world: World): void {
  for (const grant of grants(world)) save(world, { ...grant, withdrawn: true })
}

/** The grant a bearer token stands for, or why it does not. */
export function grantFor(
  world: World,
  authorization: string | undefined,
  now: number,
): Grant | 'ACCESS_UNKNOWN' | 'ACCESS_EXPIRED' | 'ACCESS_WITHDRAWN' {
  const grant = grants(world).find(({ access }) => authorization === `Bearer ${access}`)
  if (!grant) return 'ACCESS_UNKNOWN'
  if (grant.withdrawn) return 'ACCESS_WITHDRAWN'
  if (now >= grant.accessUntil) return 'ACCESS_EXPIRED'
  if (!grant.accessUsed) save(world, { ...grant, accessUsed: true })
  return grant
}

const opaque = (random: Random): string =>
  Array.from({ length: 8 }, () =>
    Math.floor(random.next() * 36 ** 4)
      .toString(36)
      .padStart(4, '0'),
  ).join('')

const escapeHtml = (text: string): string =>
  text.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign] ?? sign)

export function signInPage(request: SimulatorRequest, world: World): SimulatorAnswer {
  const asked = request.url.searchParams
  const hidden = ['client_id', 'redirect_uri', 'state'].map(
    (name) => `<input type="hidden" name="${name}" value="${escapeHtml(asked.get(name) ?? '')}">`,
  )
  const companies = rowsOf(world, 'companies').map(
    (row) => `<option value="${escapeHtml(String(row.id))}">${escapeHtml(String(row.name))}</option>`,
  )
  const page = `<!doctype html><title>Ledgerly</title><form method="post" action="${escapeHtml(request.base)}/sign-in">
${hidden.join('\n')}
<label>Administration <select name="company">${companies.join('')}</select></label>
<button name="decision" value="allow">Allow</button> <button name="decision" value="deny">Deny</button>
</form>`
  return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: page }
}

export function decide(request: SimulatorRequest, world: World, now: number, random: Random): SimulatorAnswer {
  const form = new URLSearchParams(new TextDecoder().decode(request.body))
  const back = URL.parse(form.get('redirect_uri') ?? '')
  if (!back || !form.get('client_id')) return { status: 400, headers: {}, body: 'redirect_uri or client_id is missing' }
  back.searchParams.set('state', form.get('state') ?? '')
  if (form.get('decision') !== 'allow') {
    back.searchParams.set('error', 'access_denied')
  } else {
    const code = opaque(random)
    putRow(world, 'codes', code, {
      clientId: form.get('client_id'),
      redirectUri: form.get('redirect_uri'),
      company: stateOf(world).form.companyBound ? (form.get('company') ?? companyOne) : null,
      at: now,
      used: false,
    })
    back.searchParams.set('code', code)
  }
  return { status: 302, headers: { location: back.href }, body: '' }
}

export function token(request: SimulatorRequest, world: World, now: number, random: Random): SimulatorAnswer {
  const form = new URLSearchParams(new TextDecoder().decode(request.body))
  if (!form.get('client_id') || !form.get('client_secret')) return failed(401, 'invalid_client', 'Unknown application')
  if (form.get('grant_type') === 'authorization_code') return exchange(form, world, now, random)
  if (form.get('grant_type') === 'refresh_token') return renew(form, world, now, random)
  return failed(400, 'unsupported_grant_type', 'Only authorization_code and refresh_token')
}

function exchange(form: URLSearchParams, world: World, now: number, random: Random): SimulatorAnswer {
  const given = form.get('code') ?? ''
  const code = rowOf(world, 'codes', given)
  const fits = code && code.clientId === form.get('client_id') && code.redirectUri === form.get('redirect_uri')
  if (!fits || code.used || now - Number(code.at) > codeLivesMs)
    return failed(400, 'invalid_grant', 'Code is not valid')
  putRow(world, 'codes', given, { ...code, used: true })
  const id = String(count(world, 'grant'))
  return give(world, {
    id,
    clientId: String(code.clientId),
    company: code.company as string | null,
    ...fresh(now, random),
    previousRefresh: null,
    withdrawn: false,
  })
}

function renew(form: URLSearchParams, world: World, now: number, random: Random): SimulatorAnswer {
  const given = form.get('refresh_token')
  const current = grants(world).find(({ refresh }) => refresh === given)
  const previous = grants(world).find(({ previousRefresh }) => previousRefresh === given)
  const grant = current ?? previous
  if (!grant || grant.clientId !== form.get('client_id'))
    return failed(400, 'invalid_grant', 'Refresh token is unknown')
  if (grant.withdrawn) return failed(400, 'invalid_grant', 'Access was withdrawn')
  if (now - grant.issuedAt > refreshIdleMs) return failed(400, 'invalid_grant', 'Refresh token has expired')
  if (!current) {
    // The answer may have been lost: once more is fine as long as nobody used the new tokens.
    if (grant.accessUsed || now - grant.issuedAt > previousGraceMs) {
      countBreach(world, 'old-refresh')
      return failed(400, 'invalid_grant', 'Refresh token was used before')
    }
    return give(world, { ...grant, ...fresh(now, random) })
  }
  if (now < grant.accessUntil && now - grant.issuedAt < refreshNotBeforeMs) {
    countBreach(world, 'early-refresh')
    return failed(400, 'too_early', 'Access has not expired')
  }
  return give(world, { ...grant, ...fresh(now, random), previousRefresh: grant.refresh })
}

const fresh = (now: number, random: Random) => ({
  access: `acc!${opaque(random)}`,
  refresh: `ref!${opaque(random)}`,
  issuedAt: now,
  accessUntil: now + accessLivesMs,
  accessUsed: false,
})

function give(world: World, grant: Grant): SimulatorAnswer {
  save(world, grant)
  const body = {
    access_token: grant.access,
    refresh_token: grant.refresh,
    expires_in: accessLivesMs / 1000,
    token_type: 'bearer',
  }
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
}

const failed = (status: number, error: string, error_description: string): SimulatorAnswer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ error, error_description }),
})
