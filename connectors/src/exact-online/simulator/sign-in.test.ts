import { describe, expect, it } from 'vitest'
import { setUserActive, setUserLanguage, withdrawAccess } from './bookkeeper.ts'
import { redirectUri, TestClient } from './test-client.ts'

const body = (answer: { body: string | Uint8Array }) => JSON.parse(String(answer.body)) as Record<string, string>
const second = 1_000

describe('the sign-in page', () => {
  const asked = new URLSearchParams({
    client_id: 'app-1',
    redirect_uri: redirectUri,
    response_type: 'code',
    state: 'a&b',
  })

  it('shows users, divisions and two buttons, in the language of the world', () => {
    const dutch = String(new TestClient().raw('GET', `/api/oauth2/auth?${asked}`).body)
    const english = String(new TestClient({ language: 'en' }).raw('GET', `/api/oauth2/auth?${asked}`).body)
    expect(dutch).toContain('<html lang="nl">')
    expect(dutch).toContain('>Toestaan</button>')
    expect(english).toContain('>Deny</button>')
    expect(english).toMatch(/<label><input type="radio" name="user" [^>]*>Sanne de Wit/)
    expect(english).toContain('name="state" value="a&#38;b"')
    expect(english).toMatch(
      /action="http:\/\/127\.0\.0\.1:3000\/sandbox\/w1\/start\.exactonline\.nl\/api\/oauth2\/auth"/,
    )
    expect(english).not.toMatch(/(src|href)=/)
  })

  it.each([
    ['client_id', { client_id: '' }],
    ['response_type', { response_type: 'id_token' }],
    ['redirect_uri', { redirect_uri: 'nowhere' }],
  ])('stops at a wrong %s without redirecting', (name, wrong) => {
    const answer = new TestClient().raw(
      'GET',
      `/api/oauth2/auth?${new URLSearchParams({ ...Object.fromEntries(asked), ...wrong })}`,
    )
    expect(answer.status).toBe(400)
    expect(answer.headers.location).toBeUndefined()
    expect(String(answer.body)).toContain(`<code>${name}</code>`)
  })

  it.each([
    ['https://uurwerk.example/back', 200],
    ['http://uurwerk.example/back', 400],
    ['http://127.0.0.1:3000/back', 200],
    ['http://localhost:5173/back', 200],
    ['ftp://127.0.0.1/back', 400],
  ])('goes back to %s: %i', (redirect_uri, status) => {
    const address = new URLSearchParams({ ...Object.fromEntries(asked), redirect_uri })
    expect(new TestClient().raw('GET', `/api/oauth2/auth?${address}`).status).toBe(status)
  })

  it('takes force_login, and slashes in the redirect address escaped or not', () => {
    const path = '/api/oauth2/auth?client_id=a&response_type=code&force_login=1&redirect_uri='
    const page = (address: string) => String(new TestClient().raw('GET', path + address).body)
    expect(page('https://uurwerk.example/oauth/back')).toBe(page('https%3A%2F%2Fuurwerk.example%2Foauth%2Fback'))
  })

  it('sends a code and the state back, and keeps what stood in the address', () => {
    const back = new TestClient().consent({ state: 'ü / &' })
    expect(back.searchParams.get('from')).toBe('exact')
    expect(back.searchParams.get('state')).toBe('ü / &')
    expect((back.searchParams.get('code') as string).length).toBeGreaterThan(900)
  })

  it('gives access at once by the implicit grant, behind the address, with nothing to renew it', () => {
    const client = new TestClient()
    const back = client.consent({ response_type: 'token' })
    expect(back.searchParams.get('code')).toBeNull()
    const given = new URLSearchParams(back.hash.slice(1))
    expect([...given.keys()].toSorted()).toEqual(['access_token', 'expires_in', 'state', 'token_type'])
    client.access = given.get('access_token') as string
    expect(client.get('/api/v1/current/Me').status).toBe(200)
    client.clock.advance(600 * second)
    expect(client.get('/api/v1/current/Me').status).toBe(401)
  })

  it('knows no client credentials: a person must consent', () => {
    const asked = { grant_type: 'client_credentials', client_id: 'app-1', client_secret: 'secret-1' }
    const answer = new TestClient().form('/api/oauth2/token', asked)
    expect([answer.status, body(answer).error]).toEqual([400, 'unsupported_grant_type'])
  })

  it('says access_denied when the person denies', () => {
    const back = new TestClient().consent({ decision: 'deny' })
    expect(back.searchParams.get('error')).toBe('access_denied')
    expect(back.searchParams.get('state')).toBe('s-1')
    expect(back.searchParams.get('code')).toBeNull()
  })

  it('leaves the state out when none was sent', () => {
    const client = new TestClient()
    const answer = client.form('/api/oauth2/auth', {
      client_id: 'a',
      redirect_uri: redirectUri,
      response_type: 'code',
      decision: 'allow',
    })
    expect(new URL(answer.headers.location as string).searchParams.has('state')).toBe(false)
  })
})

describe('an authorization code', () => {
  const code = (client: TestClient) => client.consent().searchParams.get('code') as string

  it('gives tokens with expires_in as text', () => {
    const client = new TestClient()
    const answer = client.exchange(code(client))
    expect(answer.status).toBe(200)
    expect(body(answer)).toMatchObject({ token_type: 'bearer', expires_in: '600' })
    expect(body(answer).access_token).toMatch(/^[\w.!-]{800,}$/)
  })

  it('takes id and secret by HTTP Basic too', () => {
    const client = new TestClient()
    const fields = { grant_type: 'authorization_code', code: code(client), redirect_uri: redirectUri }
    const answer = client.form('/api/oauth2/token', fields, { authorization: `Basic ${btoa('app-1:secret-1')}` })
    expect(answer.status).toBe(200)
  })

  it('works once', () => {
    const client = new TestClient()
    const once = code(client)
    client.exchange(once)
    expect(client.exchange(once).status).toBe(400)
  })

  it('works within three minutes', () => {
    const client = new TestClient()
    const [early, late] = [code(client), code(client)]
    client.clock.advance(180 * second)
    expect(client.exchange(early).status).toBe(200)
    client.clock.advance(1)
    expect(client.exchange(late).status).toBe(400)
  })

  it('is not the same after decoding it a second time', () => {
    const client = new TestClient()
    const once = code(client)
    expect(decodeURIComponent(once)).not.toBe(once)
    expect(client.exchange(decodeURIComponent(once)).status).toBe(400)
  })

  it('belongs to its client, its secret and its redirect address', () => {
    const client = new TestClient().signIn()
    expect(client.exchange(code(client), { client_id: 'app-2' }).status).toBe(400)
    expect(client.exchange(code(client), { redirect_uri: 'https://elsewhere.example/' }).status).toBe(400)
    expect(body(client.exchange(code(client), { client_secret: 'guess' })).error).toBe('invalid_client')
  })
})

describe('a refresh token', () => {
  it('is refused before 570 seconds, and the access token goes on working', () => {
    const client = new TestClient().signIn()
    client.clock.advance(569 * second)
    const answer = client.renew()
    expect(answer.status).toBe(400)
    expect(body(answer)).toEqual({
      error: 'access_denied',
      error_description: 'Rate limit exceeded: access_token not expired',
    })
    expect(answer.headers.reason).toMatch(/^TooEarlyToRefreshTokens: /)
    expect(client.world.state.breaches).toEqual({ 'early-refresh': 1 })
    expect(client.get('/api/v1/current/Me').status).toBe(200)
  })

  it('rotates from 570 seconds on, and the old one is refused', () => {
    const client = new TestClient().signIn()
    const old = client.refresh
    client.clock.advance(570 * second)
    client.keep(client.renew())
    expect(client.refresh).not.toBe(old)
    const answer = client.renew(old)
    expect(answer.status).toBe(401)
    expect(body(answer)).toEqual({ error: 'unauthorized_client', error_description: 'Old refresh token used.' })
    expect(client.world.state.breaches).toEqual({ 'old-refresh-token': 1 })
    client.clock.advance(570 * second)
    expect(client.renew().status).toBe(200)
  })

  it('is known as old however often it was renewed since', () => {
    const client = new TestClient().signIn()
    const first = client.refresh
    for (let times = 0; times < 30; times++) {
      client.clock.advance(570 * second)
      client.keep(client.renew())
    }
    const answer = client.renew(first)
    expect([answer.status, body(answer).error]).toEqual([401, 'unauthorized_client'])
  })

  it('expires after thirty days without use', () => {
    const client = new TestClient().signIn()
    client.clock.advance(30 * 86_400 * second)
    const other = new TestClient().signIn()
    other.clock.advance(30 * 86_400 * second + 1)
    expect(client.renew().status).toBe(200)
    expect(other.renew().status).toBe(400)
    expect(body(other.renew()).error_description).toMatch(
      /^The refresh token expired at 2026-05-10T.* and it is now 2026-05-10T/,
    )
  })

  it('dies with the consent', () => {
    const client = new TestClient().signIn()
    withdrawAccess(client.world)
    client.clock.advance(600 * second)
    expect(client.get('/api/v1/current/Me').status).toBe(401)
    expect(client.renew().status).toBe(403)
    expect(client.signIn().get('/api/v1/current/Me').status).toBe(200)
  })
})

describe('an access token', () => {
  it('lives six hundred seconds', () => {
    const client = new TestClient().signIn()
    client.clock.advance(599 * second)
    expect(client.get('/api/v1/current/Me').status).toBe(200)
    client.clock.advance(second)
    const answer = client.get('/api/v1/current/Me')
    expect(answer.status).toBe(401)
    expect(answer.text).toContain('Object moved')
    expect(answer.text).toContain('/docs/Login.aspx')
  })

  it('belongs to its host', () => {
    const client = new TestClient().signIn()
    client.host = 'start.exactonline.be'
    expect(client.get('/api/v1/current/Me').status).toBe(401)
    client.host = 'example.com'
    expect(client.get('/api/v1/current/Me').status).toBe(404)
  })
})

describe('rights', () => {
  const pim = (client: TestClient) =>
    Object.values(client.world.tables.Users ?? {}).find((row) => row.FirstName === 'Pim')?.UserID as string

  it('of a user: lists come back empty, writing is refused without a reason', () => {
    const client = new TestClient()
    client.signIn({ user: pim(client) })
    expect(client.rows('financial/Journals')).toEqual([])
    expect(client.rows('crm/Accounts').length).toBeGreaterThan(2)
    const answer = client.post('salesentry/SalesEntries', {})
    expect(answer.status).toBe(403)
    expect(answer.headers.reason).toBeUndefined()
  })

  it('of a user and of the consent: other divisions are refused with a reason, and not listed', () => {
    const client = new TestClient().signIn({ division: '1234567' })
    client.division = 1234568
    const answer = client.get('crm/Accounts')
    expect(answer.status).toBe(403)
    expect(answer.headers.reason).toBe('NoDivisionAccess')
    expect(client.rows('system/Divisions').map(({ Code }) => Code)).toEqual([1234567])
    client.division = 99
    expect(client.get('system/Divisions?$select=Code').status).toBe(200)
    expect(client.get('hrm/Divisions?$select=Code').status).toBe(403)
  })

  it('of a consent without any division: nothing is listed', () => {
    expect(new TestClient().signIn({ choice: 'divisions' }).rows('system/Divisions')).toEqual([])
    expect(new TestClient().signIn().rows('system/Divisions')).toHaveLength(3)
  })

  it('are told of in the language of the user, whoever else reads another', () => {
    const client = new TestClient({ language: 'nl' }).signIn()
    expect(client.post('crm/Accounts', {}).value).toBe('Verplicht: Naam')
    setUserLanguage(client.desk, 'sanne@noordkade.example', 'en')
    expect(client.post('crm/Accounts', {}).value).toBe('Required: Name')
    expect(client.rows('/api/v1/current/Me')[0]).toMatchObject({ LanguageCode: 'en-GB', Language: 'EN' })
    expect(client.signIn({ user: pim(client) }).post('crm/Accounts', {}).value).toBe('Verplicht: Naam')
  })

  it('of a user who left: 403 InactiveUser, until they are back', () => {
    const client = new TestClient().signIn()
    setUserActive(client.desk, 'sanne@noordkade.example', false)
    expect(client.get('crm/Accounts').headers.reason).toBe('InactiveUser')
    client.clock.advance(600 * second)
    expect(client.renew().status).toBe(403)
    setUserActive(client.desk, 'sanne@noordkade.example', true)
    client.keep(client.renew())
    expect(client.get('crm/Accounts').status).toBe(200)
  })
})
