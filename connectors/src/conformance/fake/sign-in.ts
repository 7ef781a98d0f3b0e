import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import type { App, OAuth, Wire } from '../../contract/contract.ts'
import { explain } from '../../contract/messages.ts'
import { messages } from './messages.ts'
import { tokenAnswer, tokenFailure } from './wire.ts'

const day = 86_400_000

export const signIn: OAuth = {
  kind: 'oauth',
  authorizeUrl(app, state) {
    const url = new URL(`${app.baseUrl}/sign-in`)
    url.search = new URLSearchParams({ client_id: app.clientId, redirect_uri: app.redirectUri, state }).toString()
    return url
  },
  async token(app, grant, wire) {
    const asked: Record<string, string> =
      'code' in grant
        ? { grant_type: 'authorization_code', code: grant.code, redirect_uri: app.redirectUri }
        : { grant_type: 'refresh_token', refresh_token: grant.refresh }
    const { status, headers, body } = await call(wire, app, '/token', asked)
    if (status === 200) {
      const given = tokenAnswer.parse(JSON.parse(body))
      return { access: given.access_token, refresh: given.refresh_token, expiresInSeconds: given.expires_in }
    }
    const failure = tokenFailure.safeParse(asJson(body))
    const said = failure.success ? { code: failure.data.error, text: failure.data.error_description } : { text: body }
    throw new ProblemError(explain(messages, { status, headers, ...said }))
  },
  timing: {
    // 570 s is refused as too early; two more for clocks that differ.
    refreshNotBeforeMs: 572_000,
    tokenTimeoutMs: 60_000,
    reuseGraceMs: 60_000,
    idleMs: 30 * day,
    keepAliveMs: 7 * day,
  },
}

async function call(wire: Wire, app: App, path: string, fields: Record<string, string>) {
  const answer = await wire.send({
    method: 'POST',
    path,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ ...fields, client_id: app.clientId, client_secret: app.clientSecret }).toString(),
    endpoint: 'token',
    safe: false,
    anonymous: true,
    timeoutMs: signIn.timing.tokenTimeoutMs,
  })
  return { status: answer.status, headers: answer.headers, body: new TextDecoder().decode(answer.body) }
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
