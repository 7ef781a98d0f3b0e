import { describe, expect, it } from 'vitest'
import { addFault, type FaultKind, faultKinds } from './faults.ts'
import { TestClient } from './test-client.ts'

const signedIn = () => new TestClient().signIn()
const entriesOf = (client: TestClient) => client.rows('salesentry/SalesEntries')

function post(client: TestClient, values: Record<string, unknown> = {}) {
  const line = { GLAccount: client.idOf('financial/GLAccounts', '8010'), AmountFC: 100, VATCode: '2' }
  const entry = {
    Journal: '70',
    Customer: client.idOf('crm/Accounts', '10012'),
    EntryDate: '2026-03-31',
    YourRef: 'R1',
  }
  return client.post('salesentry/SalesEntries', { ...entry, SalesEntryLines: [line], ...values })
}
const on = 'POST salesentry/SalesEntries'

describe('a fault', () => {
  it('loseAnswerAfter: the entry is there, the answer is not', () => {
    const client = signedIn()
    addFault(client.world, 'loseAnswerAfter', { on, times: 1 })
    expect(post(client).fate).toBe('lost')
    expect(entriesOf(client)).toHaveLength(1)
    expect(post(client).fate).toBeUndefined()
  })

  it('loseRequestBefore: nothing happened', () => {
    const client = signedIn()
    addFault(client.world, 'loseRequestBefore', { on, times: 1 })
    expect(post(client).fate).toBe('unreached')
    expect(entriesOf(client)).toEqual([])
  })

  it('lateCommit: the entry is seen only later, yet its number is taken', () => {
    const client = signedIn()
    addFault(client.world, 'lateCommit', { on, times: 1, value: 3_000 })
    const lost = post(client)
    expect(lost.fate).toBe('lost')
    expect(entriesOf(client)).toEqual([])
    expect(client.rows('salesentry/SalesEntryLines')).toEqual([])
    expect(post(client, { YourRef: 'R2' }).d.EntryNumber).toBe(26700002)
    client.clock.advance(3_000)
    expect(entriesOf(client).map(({ YourRef }) => YourRef)).toEqual(expect.arrayContaining(['R1', 'R2']))
    expect(client.rows('salesentry/SalesEntryLines')).toHaveLength(2)
  })

  it.each([
    ['minute', 60_000, 'x-ratelimit-minutely-', 'x-ratelimit-limit'],
    ['day', 86_400_000, 'x-ratelimit-', 'x-ratelimit-minutely-limit'],
  ] as const)('tooManyRequests: 429 of the %s, not carried out, until that is over', (value, ms, prefix, other) => {
    const client = signedIn()
    addFault(client.world, 'tooManyRequests', { on, times: 1, value })
    const { status, headers } = post(client)
    expect([status, headers[`${prefix}remaining`], headers[other]]).toEqual([429, '0', undefined])
    expect(Number(headers[`${prefix}reset`]) - client.clock.now().getTime()).toBeLessThanOrEqual(ms)
    expect(client.world.state.breaches).toEqual({})
    expect(client.get('financial/Journals?$top=1').status).toBe(429)
    expect(client.world.state.breaches).toEqual({ [`${value}-limit`]: 1 })
    client.clock.advance(Number(headers[`${prefix}reset`]) - client.clock.now().getTime())
    client.signIn()
    expect(entriesOf(client)).toEqual([])
  })

  it.each([
    [undefined, 502, 'Bad Gateway'],
    [500, 500, 'Internal Server Error'],
    [503, 503, 'Service Unavailable'],
    [504, 504, 'Gateway Time-out'],
  ])('serverError %s: a page of HTML', (value, status, title) => {
    const client = signedIn()
    addFault(client.world, 'serverError', { times: 1, ...(value && { value }) })
    const answer = client.get('crm/Accounts')
    expect([answer.status, answer.headers['content-type']]).toEqual([status, 'text/html'])
    expect(answer.text).toContain(`<h1>${title}</h1>`)
    expect(client.get('crm/Accounts').status).toBe(200)
  })

  it.each([
    [undefined, 503],
    [500, 500],
  ])('emptyServerError %s: a status without a body, nothing done', (value, status) => {
    const client = signedIn()
    addFault(client.world, 'emptyServerError', { on, times: 1, ...(value && { value }) })
    const answer = post(client)
    expect([answer.status, answer.text]).toEqual([status, ''])
    expect(entriesOf(client)).toEqual([])
  })

  it('documentedEarlyRefusal: 401 instead of 400, and the access goes on', () => {
    const client = signedIn()
    addFault(client.world, 'documentedEarlyRefusal', { on: 'POST oauth2/token', times: 1 })
    const early = client.renew()
    expect([early.status, JSON.parse(String(early.body)).error_description]).toEqual([401, 'Access Token not expired'])
    expect(client.renew().status).toBe(400)
    expect(client.get('crm/Accounts').status).toBe(200)
  })

  it('htmlUnauthorized: 401 Object moved while the token is good', () => {
    const client = signedIn()
    addFault(client.world, 'htmlUnauthorized', { times: 1 })
    expect(client.get('crm/Accounts').text).toContain('Object moved')
    expect(client.get('crm/Accounts').status).toBe(200)
  })

  it('slow: says how long it takes', () => {
    const client = signedIn()
    addFault(client.world, 'slow', { times: 1, value: 4_000 })
    expect(client.get('crm/Accounts')).toMatchObject({ status: 200, delayMs: 4_000 })
  })

  it('expireAccess: 401, and refreshing helps at once', () => {
    const client = signedIn()
    addFault(client.world, 'expireAccess', { times: 1 })
    expect(client.get('crm/Accounts').status).toBe(401)
    client.keep(client.renew())
    expect(client.get('crm/Accounts').status).toBe(200)
    expect(client.world.state.breaches).toEqual({})
  })

  it('withdrawAccess: 401, and refreshing does not help', () => {
    const client = signedIn()
    addFault(client.world, 'withdrawAccess', { times: 1 })
    expect(client.get('crm/Accounts').status).toBe(401)
    expect(client.renew().status).toBe(403)
    expect(client.signIn().get('crm/Accounts').status).toBe(200)
  })

  it('inactiveUser and scopeViolated: 403, with and without a reason', () => {
    const client = signedIn()
    addFault(client.world, 'inactiveUser', { times: 1 })
    addFault(client.world, 'scopeViolated', { on: 'GET crm/Accounts' })
    const inactive = client.get('crm/Accounts')
    expect([inactive.status, inactive.headers.reason]).toEqual([403, 'InactiveUser'])
    const scope = client.get('crm/Accounts')
    expect([scope.status, scope.value, scope.headers.reason]).toEqual([
      403,
      'Forbidden - Application Scope Violated. Cannot read',
      undefined,
    ])
    expect(client.get('financial/Journals').status).toBe(200)
  })

  it('missingRight: an empty list for one resource', () => {
    const client = signedIn()
    addFault(client.world, 'missingRight', { on: 'GET financial/Journals' })
    expect(client.rows('financial/Journals')).toEqual([])
    expect(client.rows('vat/VATCodes').length).toBeGreaterThan(0)
  })

  it('closePeriod: the entry is refused', () => {
    const client = signedIn()
    addFault(client.world, 'closePeriod', { value: '2026-03' })
    expect(post(client).value).toBe('Periode is afgesloten: 2026 - 3')
    expect(post(client, { EntryDate: '2026-04-01' }).status).toBe(201)
  })

  it('dropTokenAnswer: rotated, and what is held is old', () => {
    const client = signedIn()
    client.clock.advance(570_000)
    addFault(client.world, 'dropTokenAnswer', { on: 'POST oauth2/token', times: 1 })
    expect(client.renew().fate).toBe('lost')
    expect(String(client.renew().body)).toContain('Old refresh token used.')
  })

  it('tokenGateway: 500, nothing rotated', () => {
    const client = signedIn()
    client.clock.advance(570_000)
    addFault(client.world, 'tokenGateway', { on: 'POST oauth2/token', times: 1 })
    expect(client.renew().status).toBe(500)
    expect(client.renew().status).toBe(200)
  })

  it('waits for its turn and names its call', () => {
    const client = signedIn()
    addFault(client.world, 'serverError', { on: 'GET crm/Accounts', after: 1, times: 1 })
    expect(client.get('financial/Journals').status).toBe(200)
    expect([1, 2, 3].map(() => client.get('crm/Accounts').status)).toEqual([200, 502, 200])
  })

  it('without a name does not strike sign-in and token calls', () => {
    const client = new TestClient()
    for (const kind of Object.keys(faultKinds) as FaultKind[]) addFault(client.world, kind)
    expect(client.signIn().access).not.toBe('')
  })
})
