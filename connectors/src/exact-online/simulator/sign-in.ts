import type { Clock, Random } from '@uurwerk/core/shared/ports.ts'
import {
  rowsOf,
  type SimulatorAnswer,
  type SimulatorRequest,
  type SimulatorRow,
  type World,
} from '../../contract/simulator.ts'
import { escapeXml, html, nothing } from './answers.ts'
import { divisionsOf } from './resources/system.ts'
import { isLoopback } from './subscription-rules.ts'
import { issueAccess, issueCode } from './tokens.ts'
import { stateOf, usersOf } from './world-state.ts'

const words = {
  nl: {
    title: 'Aanmelden bij Exact Online (simulator)',
    intro: 'Een app vraagt toegang tot uw administratie. Dit is de simulator: er is geen wachtwoord nodig.',
    app: 'App',
    user: 'Gebruiker',
    divisions: 'Toegang tot deze administraties',
    allow: 'Toestaan',
    deny: 'Weigeren',
    wrong: 'Deze aanmelding kan niet verder',
    missing: 'In het adres ontbreekt of klopt niet:',
  },
  en: {
    title: 'Sign in to Exact Online (simulator)',
    intro: 'An app asks for access to your books. This is the simulator: no password is needed.',
    app: 'App',
    user: 'User',
    divisions: 'Access to these companies',
    allow: 'Allow',
    deny: 'Deny',
    wrong: 'This sign-in cannot go on',
    missing: 'Missing or wrong in the address:',
  },
} as const

const css = `:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;margin:0;background:light-dark(#f6f7f6,#111413);color:light-dark(#161a19,#e8ebea)}
main{max-width:30rem;margin:8vh auto;padding:24px;background:light-dark(#fff,#181c1b);border:1px solid light-dark(#d3d8d5,#3d4442);border-radius:8px}
h1{font-size:1.25rem;margin:0 0 8px}p{margin:0 0 16px}fieldset{border:0;padding:0;margin:0 0 16px}legend{font-weight:600;padding:0;margin-bottom:4px}
label{display:block;padding:6px 0}input{accent-color:#0d5c56;margin-right:8px}button{font:inherit;padding:8px 16px;border-radius:6px;border:1px solid light-dark(#868e8a,#7a8380);background:transparent;color:inherit;margin-right:8px;cursor:pointer}
button[value=allow]{background:light-dark(#0d5c56,#4fa69d);border-color:transparent;color:light-dark(#fff,#06201e)}code{word-break:break-all}small{color:light-dark(#565e5a,#a7afac)}`

function page(world: World, title: string, body: string): string {
  const { language } = stateOf(world)
  return `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeXml(title)}</title><style>${css}</style></head><body><main><h1>${escapeXml(title)}</h1>${body}</main></body></html>`
}

interface Asked {
  readonly clientId: string
  readonly responseType: 'code' | 'token'
  readonly redirectUri: string
  readonly state: string | null
}

/** R-redirect: https, or a machine that only it can reach: this one, or the one that the simulator itself answers on. */
function mayGoBackTo(address: string, base: string): boolean {
  const url = URL.parse(address)
  if (url?.protocol === 'https:') return true
  const own = URL.parse(base)
  return url?.protocol === 'http:' && (isLoopback(url) || (own?.protocol === 'http:' && own.hostname === url.hostname))
}

/** What the address asks for, or the names of what is wrong with it. */
function readAsked(parameters: URLSearchParams, base: string): Asked | string[] {
  const redirectUri = parameters.get('redirect_uri') ?? ''
  const responseType = parameters.get('response_type')
  const wrong = [
    parameters.get('client_id') ? [] : ['client_id'],
    responseType === 'code' || responseType === 'token' ? [] : ['response_type'],
    mayGoBackTo(redirectUri, base) ? [] : ['redirect_uri'],
  ].flat()
  if (wrong.length > 0) return wrong
  const state = parameters.get('state')
  return {
    clientId: parameters.get('client_id') as string,
    responseType: responseType as 'code' | 'token',
    redirectUri,
    state,
  }
}

function form(world: World, asked: Asked, action: string): string {
  const say = words[stateOf(world).language]
  const hidden = Object.entries({
    client_id: asked.clientId,
    redirect_uri: asked.redirectUri,
    response_type: asked.responseType,
    choice: 'divisions',
    ...(asked.state !== null && { state: asked.state }),
  }).map(([name, value]) => `<input type="hidden" name="${name}" value="${escapeXml(value)}">`)
  const users = usersOf(world).map(
    (user, index) =>
      `<label><input type="radio" name="user" value="${escapeXml(String(user.UserID))}"${index === 0 ? ' checked' : ''}>${escapeXml(String(user.FullName))} <small>${escapeXml(String(user[stateOf(world).language]))}</small></label>`,
  )
  const divisions = rowsOf(world, 'Divisions').map(
    (row) =>
      `<label><input type="checkbox" name="division" value="${escapeXml(String(row.Code))}" checked>${escapeXml(String(row.Description))} <small>${escapeXml(String(row.Code))}</small></label>`,
  )
  return `<p>${say.intro}</p><p>${say.app}: <code>${escapeXml(asked.clientId)}</code></p><form method="post" action="${escapeXml(action)}">${hidden.join('')}
<fieldset><legend>${say.user}</legend>${users.join('')}</fieldset><fieldset><legend>${say.divisions}</legend>${divisions.join('')}</fieldset>
<button name="decision" value="allow">${say.allow}</button><button name="decision" value="deny">${say.deny}</button></form>`
}

function redirect({ redirectUri, state }: Asked, parameters: Record<string, string>): SimulatorAnswer {
  const target = new URL(redirectUri)
  for (const [name, value] of Object.entries(parameters)) target.searchParams.set(name, value)
  if (state !== null) target.searchParams.set('state', state)
  return nothing(302, { location: target.href })
}

/** The implicit grant goes back behind the address, where no server sees it. */
function redirectWithAccess(asked: Asked, access: Readonly<Record<string, string>>): SimulatorAnswer {
  const target = new URL(asked.redirectUri)
  target.hash = new URLSearchParams({ ...access, ...(asked.state !== null && { state: asked.state }) }).toString()
  return nothing(302, { location: target.href })
}

/** The person chooses who they are, what the app may reach, and allows or denies it. */
export function answerSignIn(request: SimulatorRequest, world: World, clock: Clock, random: Random): SimulatorAnswer {
  const posted = request.method === 'POST'
  if (!posted && request.method !== 'GET') return nothing(405, { allow: 'GET, POST' })
  const parameters = posted ? new URLSearchParams(new TextDecoder().decode(request.body)) : request.url.searchParams
  const asked = readAsked(parameters, request.base)
  const say = words[stateOf(world).language]
  if (Array.isArray(asked)) {
    const list = asked.map((name) => `<code>${name}</code>`).join(', ')
    return html(400, page(world, say.wrong, `<p>${say.missing} ${list}</p>`))
  }
  if (!posted) return html(200, page(world, say.title, form(world, asked, `${request.base}/api/oauth2/auth`)))
  if (parameters.get('decision') !== 'allow') return redirect(asked, { error: 'access_denied' })

  const user = usersOf(world).find((row) => row.UserID === parameters.get('user')) ?? usersOf(world)[0]
  const chosen = parameters.getAll('division').map(Number)
  const consent = {
    client: asked.clientId,
    redirectUri: asked.redirectUri,
    user: String(user?.UserID),
    host: request.url.host,
    // Unchecking every box gives access to none; a form without boxes to all.
    divisions: parameters.has('choice') || chosen.length > 0 ? reachable(world, user, chosen) : null,
  }
  if (asked.responseType === 'token') return redirectWithAccess(asked, issueAccess(world, consent, clock, random))
  return redirect(asked, { code: issueCode(world, consent, clock, random) })
}

const reachable = (world: World, user: SimulatorRow | undefined, chosen: readonly number[]) =>
  divisionsOf({ world, user: user ?? {} }, chosen).map((row) => Number(row.Code))
