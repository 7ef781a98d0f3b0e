import { describe, expect, it } from 'vitest'
import { errorBudget, limits } from './limits.ts'
import { TestClient } from './test-client.ts'

const minute = 60_000
const hour = 60 * minute
const signedIn = () => new TestClient({ now: '2026-04-10T09:00:20.000Z' }).signIn()
const times = (count: number, act: () => unknown) => Array.from({ length: count }, act)

/** Keeps the access token young while hours pass. */
function later(client: TestClient, ms: number): void {
  client.clock.advance(ms)
  client.keep(client.renew())
}

describe('limits', () => {
  it('are shown in six headers, resets in epoch milliseconds', () => {
    expect(signedIn().get('crm/Accounts').headers).toMatchObject({
      'x-ratelimit-limit': '5000',
      'x-ratelimit-remaining': '4999',
      'x-ratelimit-reset': String(Date.parse('2026-04-11T00:00:00Z')),
      'x-ratelimit-minutely-limit': '60',
      'x-ratelimit-minutely-remaining': '59',
      'x-ratelimit-minutely-reset': String(Date.parse('2026-04-10T09:01:00Z')),
    })
  })

  it('stop the sixty-first call of a minute, naming only that limit, until the whole minute', () => {
    const client = signedIn()
    times(limits.minute, () => client.get('crm/Accounts?$top=1'))
    const answer = client.post('crm/Accounts', { Name: 'Te laat' })
    expect(answer.status).toBe(429)
    expect(answer.headers['x-ratelimit-minutely-remaining']).toBe('0')
    expect(answer.headers['x-ratelimit-limit']).toBeUndefined()
    expect(client.world.state.breaches).toEqual({ 'minute-limit': 1 })
    client.clock.advance(40_000)
    expect(client.rows("crm/Accounts?$filter=Name eq 'Te laat'")).toEqual([])
  })

  it('are counted for each division and each client apart, and not for current/Me', () => {
    const client = signedIn()
    times(limits.minute, () => client.get('crm/Accounts?$top=1'))
    expect(client.get('/api/v1/current/Me').status).toBe(200)
    client.division = 1234568
    expect(client.get('crm/Accounts?$top=1').status).toBe(200)
  })

  it('stop after five thousand calls until midnight UTC', () => {
    const client = signedIn()
    const bucket = 'app-1|1234567'
    client.get('crm/Accounts?$top=1')
    const window = (client.world.state.limits as Record<string, { inDay: number }>)[bucket]
    if (window) window.inDay = limits.day
    const answer = client.get('crm/Accounts?$top=1')
    expect(answer.status).toBe(429)
    expect(answer.headers['x-ratelimit-remaining']).toBe('0')
    expect(answer.headers['x-ratelimit-minutely-limit']).toBeUndefined()
    expect(client.world.state.breaches).toEqual({ 'day-limit': 1 })
    later(client, 15 * hour)
    expect(client.get('crm/Accounts?$top=1').status).toBe(200)
  })
})

describe('the error budget', () => {
  const wrong = (client: TestClient) => client.get('crm/Accounts?$top=x').status

  it('blocks an endpoint after ten errors in an hour, and not another endpoint', () => {
    const client = signedIn()
    expect(times(errorBudget, () => wrong(client))).toEqual(times(errorBudget, () => 400))
    expect(client.world.state.breaches).toEqual({})
    const blocked = client.get('crm/Accounts')
    expect(blocked.status).toBe(429)
    expect(Object.keys(blocked.headers).some((name) => name.startsWith('x-ratelimit'))).toBe(false)
    expect(client.world.state.breaches).toEqual({ 'error-budget': 1 })
    expect(client.get('financial/Journals').status).toBe(200)
    later(client, hour)
    expect(client.get('crm/Accounts').status).toBe(200)
  })

  it('blocks twice as long the second time', () => {
    const client = signedIn()
    times(errorBudget, () => wrong(client))
    later(client, hour)
    times(errorBudget, () => wrong(client))
    later(client, hour)
    expect(client.get('crm/Accounts').status).toBe(429)
    later(client, hour)
    expect(client.get('crm/Accounts').status).toBe(200)
  })

  it('does not count complaints of the business rules, nor errors of an hour ago', () => {
    const client = signedIn()
    times(errorBudget + 1, () => client.post('crm/Accounts', {}))
    times(errorBudget - 1, () => wrong(client))
    later(client, hour)
    wrong(client)
    expect(client.get('crm/Accounts').status).toBe(200)
  })
})

describe('calls', () => {
  it('are counted by method and resource', () => {
    const client = signedIn()
    client.get('crm/Accounts?$top=1')
    client.get('CRM/Accounts?$top=1')
    client.get('sync/CRM/Accounts?$top=1')
    client.post('salesentry/SalesEntries', {})
    expect(client.world.state.calls).toEqual({
      'POST oauth2/auth': 1,
      'POST oauth2/token': 1,
      'GET crm/Accounts': 2,
      'GET sync/CRM/Accounts': 1,
      'POST salesentry/SalesEntries': 1,
    })
  })
})
