import { describe, expect, it } from 'vitest'
import type { Answer, Call, Wire } from '../contract/contract.ts'
import { signIn } from './sign-in.ts'

const app = {
  clientId: 'client-1',
  clientSecret: 'secret&1',
  redirectUri: 'https://uurwerk.test/connections/back',
  baseUrl: 'http://127.0.0.1:3000/sandbox/w1/start.exactonline.nl',
}
const now = new Date('2026-03-31T10:00:00Z')

function wireThat(answers: { status: number; body: unknown; headers?: Answer['headers'] }) {
  const calls: Call[] = []
  const body = typeof answers.body === 'string' ? answers.body : JSON.stringify(answers.body)
  const wire: Wire = {
    clock: { now: () => now },
    async send(call) {
      calls.push(call)
      return { status: answers.status, headers: answers.headers ?? {}, body: new TextEncoder().encode(body) }
    },
  }
  return { calls, wire }
}

describe('signing in at Exact Online', () => {
  it('sends the user to the page of the country, keeping what stands before it', () => {
    const url = signIn.authorizeUrl(app, 'st&te')
    expect(`${url.origin}${url.pathname}`).toBe('http://127.0.0.1:3000/sandbox/w1/start.exactonline.nl/api/oauth2/auth')
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: 'client-1',
      redirect_uri: app.redirectUri,
      response_type: 'code',
      state: 'st&te',
      force_login: '0',
    })
  })

  it('exchanges the code in a form, without a token and with time for a slow gateway', async () => {
    const { calls, wire } = wireThat({
      status: 200,
      body: { access_token: 'a!1', refresh_token: 'r-1', token_type: 'bearer', expires_in: '600' },
    })
    const tokens = await signIn.token(app, { code: 'c/1+2=' }, wire)
    expect(tokens).toEqual({ access: 'a!1', refresh: 'r-1', expiresInSeconds: 600 })
    const [call] = calls
    expect(call).toMatchObject({ method: 'POST', path: '/api/oauth2/token', anonymous: true, safe: false })
    expect(call?.timeoutMs).toBeGreaterThanOrEqual(100_000)
    expect(Object.fromEntries(new URLSearchParams(String(call?.body)))).toEqual({
      grant_type: 'authorization_code',
      code: 'c/1+2=',
      redirect_uri: app.redirectUri,
      client_id: 'client-1',
      client_secret: 'secret&1',
    })
  })

  it('refreshes with the stored token, and takes the seconds as a number too', async () => {
    const { calls, wire } = wireThat({ status: 200, body: { access_token: 'a', refresh_token: 'r2', expires_in: 600 } })
    expect(await signIn.token(app, { refresh: 'r1!' }, wire)).toMatchObject({ refresh: 'r2', expiresInSeconds: 600 })
    expect(Object.fromEntries(new URLSearchParams(String(calls[0]?.body)))).toEqual({
      grant_type: 'refresh_token',
      refresh_token: 'r1!',
      client_id: 'client-1',
      client_secret: 'secret&1',
    })
  })

  it('waits half a minute after the gateway fell over', async () => {
    const { wire } = wireThat({ status: 500, body: 'Failed to execute the ExtractVariables: ExtractAccessToken' })
    await expect(signIn.token(app, { refresh: 'r' }, wire)).rejects.toMatchObject({
      problem: { kind: 'temporary', code: 'package-unavailable', notBefore: '2026-03-31T10:00:30.000Z' },
    })
  })

  it('keeps tokens out of the evidence of an answer it does not understand', async () => {
    const { wire } = wireThat({ status: 200, body: { access_token: 'hidden-access', expires_in: 'soon' } })
    const problem = await signIn.token(app, { refresh: 'hidden-refresh' }, wire).catch((error) => error.problem)
    expect(problem).toMatchObject({ kind: 'defect', code: 'answer-not-understood' })
    expect(JSON.stringify(problem)).not.toContain('hidden')
  })

  it('does not refresh before Exact Online allows it, nor at night without need', () => {
    const { timing } = signIn
    expect(timing.refreshNotBeforeMs).toBeGreaterThan(570_000)
    expect(timing.refreshNotBeforeMs).toBeLessThan(600_000)
    expect(timing.keepAliveMs).toBeLessThan(timing.idleMs)
    expect(timing.quietHours).toEqual({ from: '00:45', until: '02:30', zone: 'Europe/Amsterdam' })
  })
})
