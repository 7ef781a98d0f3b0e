import { assert } from '@uurwerk/core/shared/assert.ts'
import type { App, OAuth, Wire } from '../contract/contract.ts'
import type { Transport } from './in-process-wire.ts'
import type { StoredTokens, TokenStore } from './token-store.ts'

/** What a form sends: a name may come more than once. */
export type Fields = readonly (readonly [name: string, value: string])[]

/** A browser, as far as a sign-in page needs one. */
export interface Browser {
  get(url: URL): Promise<BrowserPage>
  post(url: URL, fields: Fields): Promise<BrowserPage>
}

export interface BrowserPage {
  readonly status: number
  readonly location: URL | null
  readonly html: string
}

export function browser(transport: Transport): Browser {
  const visit = async (method: string, url: URL, body: string): Promise<BrowserPage> => {
    const headers: Record<string, string> = { accept: 'text/html' }
    if (body) headers['content-type'] = 'application/x-www-form-urlencoded'
    const bytes = new TextEncoder().encode(body)
    const answer = await transport({ method, url, headers, body: bytes, timeoutMs: 30_000 })
    assert(typeof answer !== 'string', `the sign-in page was ${answer}`)
    const { location } = answer.headers
    const html = new TextDecoder().decode(answer.body)
    return { status: answer.status, location: location ? new URL(location, url) : null, html }
  }
  return {
    get: (url) => visit('GET', url, ''),
    post: (url, fields) =>
      visit(
        'POST',
        url,
        new URLSearchParams(fields.map(([name, value]): [string, string] => [name, value])).toString(),
      ),
  }
}

/** What a form on a page would send when nothing in it was changed: hidden fields, what is checked, first choices. */
export function formOn(page: BrowserPage): { readonly action: string; readonly fields: Fields } {
  const fields: (readonly [string, string])[] = []
  for (const [tag] of page.html.matchAll(/<input\b[^>]*>/g)) {
    const name = attribute(tag, 'name')
    const isOff = /type="(checkbox|radio)"/.test(tag) && !/\bchecked\b/.test(tag)
    if (name && !isOff && !/type="submit"/.test(tag)) fields.push([name, attribute(tag, 'value') ?? ''])
  }
  for (const [select] of page.html.matchAll(/<select\b[\s\S]*?<\/select>/g)) {
    const name = attribute(select, 'name')
    const first = /<option\b[^>]*>/.exec(select)?.[0]
    if (name && first) fields.push([name, attribute(first, 'value') ?? ''])
  }
  return { action: attribute(/<form\b[^>]*>/.exec(page.html)?.[0] ?? '', 'action') ?? '', fields }
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", '#x27': "'" }

function attribute(tag: string, name: string): string | undefined {
  const value = new RegExp(`\\b${name}=["']([^"']*)["']`).exec(tag)?.[1]
  return value?.replace(/&(#?\w+);/g, (whole, entity: string) => entities[entity] ?? whole)
}

/** From the authorize address over the sign-in page to stored tokens, as a person and the product do it together. */
export async function signInAndStore(journey: {
  readonly oauth: OAuth
  readonly app: App
  readonly wire: Wire
  readonly tokens: TokenStore
  readonly consent: (page: URL) => Promise<URL>
}): Promise<StoredTokens> {
  const { oauth, app, wire, tokens, consent } = journey
  const state = 'state-7f3a'
  const back = await consent(oauth.authorizeUrl(app, state))
  assert(back.href.startsWith(app.redirectUri), `came back at ${back.origin}${back.pathname}`)
  assert(back.searchParams.get('state') === state, 'the state did not come back as it went')
  const code = back.searchParams.get('code')
  assert(code, 'no code came back')
  const stored = { ...(await oauth.token(app, { code }, wire)), receivedAt: wire.clock.now() }
  await tokens.locked((row) => row.write(stored))
  return stored
}
