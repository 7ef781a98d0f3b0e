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
} from '../../../contract/simulator.ts'
import { count } from './small-firm.ts'

/** Sign-in: a page, a code that is good for once, an access token of ten minutes, a refresh token that is good for once. */

const accessLivesMs = 600_000
const codeLivesMs = 180_000

interface Grant extends SimulatorRow {
  readonly id: string
  readonly access: string
  readonly refresh: string
  readonly until: number
  readonly withdrawn: boolean
}
const grants = (world: World) => rowsOf(world, 'grants') as readonly Grant[]

/** Whether a bearer token is good now. */
export const isGranted = (world: World, authorization: string | undefined, now: number): boolean =>
  grants(world).some(
    ({ access, until, withdrawn }) => authorization === `Bearer ${access}` && now < until && !withdrawn,
  )

export function expireAccess(world: World, now: number): void {
  for (const grant of grants(world)) putRow(world, 'grants', grant.id, { ...grant, until: now })
}

export function withdrawAccess(world: World): void {
  for (const grant of grants(world)) putRow(world, 'grants', grant.id, { ...grant, withdrawn: true })
}

const opaque = (random: Random): string =>
  Array.from({ length: 6 }, () => Math.floor(random.next() * 36 ** 4).toString(36)).join('')

const escapeHtml = (text: string): string =>
  text.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign] ?? sign)

export function signInPage({ url, base }: SimulatorRequest): SimulatorAnswer {
  const hidden = ['client_id', 'redirect_uri', 'state'].map(
    (name) => `<input type="hidden" name="${name}" value="${escapeHtml(url.searchParams.get(name) ?? '')}">`,
  )
  const body = `<!doctype html><title>Skeleton Books</title><form method="post" action="${escapeHtml(base)}/sign-in">
${hidden.join('\n')}
<button name="decision" value="allow">Allow</button> <button name="decision" value="deny">Deny</button>
</form>`
  return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body }
}

export function decide({ body }: SimulatorRequest, world: World, now: number, random: Random): SimulatorAnswer {
  const form = new URLSearchParams(new TextDecoder().decode(body))
  const back = URL.parse(form.get('redirect_uri') ?? '')
  if (!back) return { status: 400, headers: {}, body: 'redirect_uri is missing' }
  back.searchParams.set('state', form.get('state') ?? '')
  if (form.get('decision') === 'allow') {
    const code = opaque(random)
    putRow(world, 'codes', code, { code, at: now, used: false })
    back.searchParams.set('code', code)
  } else back.searchParams.set('error', 'access_denied')
  return { status: 302, headers: { location: back.href }, body: '' }
}

export function token({ body }: SimulatorRequest, world: World, now: number, random: Random): SimulatorAnswer {
  const form = new URLSearchParams(new TextDecoder().decode(body))
  if (!form.get('client_id') || !form.get('client_secret')) return failed(401, 'invalid_client')
  return form.get('grant_type') === 'authorization_code'
    ? exchange(form.get('code') ?? '', world, now, random)
    : renew(form.get('refresh_token') ?? '', world, now, random)
}

function exchange(given: string, world: World, now: number, random: Random): SimulatorAnswer {
  const code = rowOf(world, 'codes', given)
  if (!code || code.used || now - Number(code.at) > codeLivesMs) return failed(400, 'invalid_grant')
  putRow(world, 'codes', given, { ...code, used: true })
  return give(world, String(count(world, 'grant')), now, random)
}

function renew(given: string, world: World, now: number, random: Random): SimulatorAnswer {
  const grant = grants(world).find(({ refresh }) => refresh === given)
  if (grant && !grant.withdrawn) return give(world, grant.id, now, random)
  if (!grant) countBreach(world, 'old-refresh-token')
  return failed(400, 'invalid_grant')
}

function give(world: World, id: string, now: number, random: Random): SimulatorAnswer {
  const [access, refresh] = [`acc!${opaque(random)}`, `ref!${opaque(random)}`]
  const grant: Grant = { id, access, refresh, until: now + accessLivesMs, withdrawn: false }
  putRow(world, 'grants', id, grant)
  const answer = { access_token: access, refresh_token: refresh, expires_in: accessLivesMs / 1000 }
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(answer) }
}

const failed = (status: number, error: string): SimulatorAnswer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ error, error_description: error }),
})
