import { byHand } from '@uurwerk/connectors/exact-online/simulator/by-hand.ts'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { takeHints } from '../src/connections/hints.ts'
import { keepAccess } from '../src/connections/keep-access.ts'
import { testOrigin } from '../src/testing/app.ts'
import { administration, type Office, office } from '../src/testing/connected.ts'
import { type FurnishedApp, furnishedApp } from '../src/testing/furnished.ts'

let app: FurnishedApp
let at: Office
let connection: string

beforeAll(async () => {
  app = await furnishedApp()
}, 60_000)
beforeEach(async () => {
  app.clock.set('2026-03-31T10:00:00.000Z')
  at = await office(app)
  connection = await at.connect()
}, 60_000)
afterAll(() => app?.close())

interface Connection {
  readonly state: string
  readonly version: number
  readonly problem: { readonly code: string } | null
  readonly administration: { readonly id: string } | null
  readonly health: readonly {
    readonly about: string
    readonly state: string
    readonly title: string
    readonly detail: string
  }[]
  readonly hints: {
    readonly on: boolean
    readonly heardAt: string | null
    readonly problem: { readonly code: string } | null
  } | null
}
const read = async (language: 'nl' | 'en' = 'en') =>
  (await at.ask<Connection>(`/connections/${connection}`, { language })).body
const notices = async () =>
  (
    await at.ask<{ rows: { code: string; title: string; link: string; readAt: string | null }[] }>(
      '/notifications?unread=true',
    )
  ).body.rows
const days = (count: number) => app.clock.forward(count * 86_400_000)
const line = async (about: string) => (await read()).health.filter((one) => one.about === about)

describe('the health list', () => {
  it('tells of payments and of what is left of the limits, each with what to do', async () => {
    expect(await line('payment')).toMatchObject([{ state: 'good', title: 'Payments were not read yet' }])
    const [limits] = await line('limits')
    expect(limits?.title).toMatch(/^\d{4} of 5000 calls left today$/)
    await app.services.store.withDirectory((trx) =>
      sql`update directory.budget set used = 4700 where span = 'day'`.execute(trx),
    )
    expect(await line('limits')).toMatchObject([
      { state: 'attention', detail: 'What is left is kept for postings; imports go on tomorrow.' },
    ])
    expect((await read('nl')).health.find(({ about }) => about === 'limits')?.title).toBe(
      'Vandaag nog 300 van 5000 aanroepen',
    )
  })

  it('names KvK number and VAT id that are not ours', async () => {
    await at.firm.within((trx) =>
      sql`update firm set kvk = '87654321', vat_id = 'NL999999990B01' where firm_id = ${at.firm.id}`.execute(trx),
    )
    await at.ask(`/connections/${connection}/check`, { method: 'POST' })
    const titles = (await line('administration')).map(({ title }) => title)
    expect(titles.join()).toContain('VAT id')
    expect(titles.join()).toContain('KvK')
  })
})

describe('access that is not used', () => {
  it('is renewed every week, so that nobody hears of it', async () => {
    for (let week = 0; week < 5; week++) {
      days(7)
      await keepAccess(app.services)
    }
    expect(await read()).toMatchObject({ state: 'connected' })
    expect(await notices()).toEqual([])
  })

  it('is warned of from the twentieth day when it cannot be renewed, in health and bell, until it is', async () => {
    days(19)
    await app.fault(at.firm.id, { kind: 'tokenGateway', on: 'POST oauth2/token' })
    await keepAccess(app.services)
    expect(await notices()).toEqual([])
    days(1)
    await keepAccess(app.services)
    expect(await notices()).toMatchObject([
      { code: 'access-ends-soon', title: 'Access to Exact Online ends on 30 April 2026' },
    ])
    expect(await line('access')).toMatchObject([{ state: 'good' }, { state: 'attention' }])
    await app.changeWorld(at.firm.id, (world) => world.state.faults.splice(0))
    app.clock.forward(3_600_000)
    await keepAccess(app.services)
    expect(await notices()).toEqual([])
    expect((await line('access')).every(({ state }) => state === 'good')).toBe(true)
  })

  it('that ended is told to who can sign in again, and no more once somebody did', async () => {
    days(31)
    await keepAccess(app.services)
    expect(await read()).toMatchObject({ state: 'reconnect' })
    expect((await line('access')).map(({ state }) => state)).toEqual(['bad'])
    expect(await notices()).toMatchObject([
      { code: 'reconnect', link: `/f/${at.firm.slug}/settings/connections/${connection}` },
    ])
    const { body } = await at.ask<{ signInAt: string }>(`/connections/${connection}/reconnection`, { method: 'POST' })
    await at.comeBack(await at.consent(body.signInAt))
    expect(await read()).toMatchObject({ state: 'connected', administration: { id: administration } })
    expect(await notices()).toEqual([])
  })
})

describe('signing in', () => {
  it('in two tabs goes on with both: each state is good once, and the administration stays', async () => {
    const tab = () => at.ask<{ signInAt: string }>(`/connections/${connection}/reconnection`, { method: 'POST' })
    const [one, other] = [await tab(), await tab()]
    const first = await at.comeBack(await at.consent(one.body.signInAt))
    const second = await at.comeBack(await at.consent(other.body.signInAt))
    expect([first.search, second.search]).toEqual(['', ''])
    expect(await read()).toMatchObject({ state: 'connected', administration: { id: administration } })
  })

  it('that was denied leaves a connection that works as it was', async () => {
    const { body } = await at.ask<{ signInAt: string }>(`/connections/${connection}/reconnection`, { method: 'POST' })
    const landed = await at.comeBack(await at.consent(body.signInAt, { deny: true }))
    expect(landed.searchParams.get('problem')).toBe('sign-in-denied')
    expect(await read()).toMatchObject({ state: 'connected', problem: null })
  })
})

describe('real books', () => {
  it('take nothing before the cut-off is chosen, and the health list says so', async () => {
    await at.firm.within((trx) => sql`update connection set mode = 'live' where id = ${connection}`.execute(trx))
    expect((await line('mapping')).map(({ title }) => title)).toContain('The cut-off is not chosen')
    const { body } = await at.ask<{ problem: { code: string } | null }>('/postings/preview', {
      method: 'POST',
      body: { invoiceIds: [app.services.ids.next()] },
    })
    expect(body.problem?.code).toBe('cut-off-not-chosen')
  })
})

describe('disconnecting', () => {
  const put = (label: string, state: string, sentAfter: string | null = null) =>
    at.firm.within((trx) =>
      sql`insert into posting (firm_id, id, connection_id, lane_key, kind, reference, subject_kind, subject_id, label, state,
          sent_after, created_at, updated_at)
        select ${at.firm.id}, gen_random_uuid(), ${connection}, c.lane_key, 'salesEntry', ${label.toUpperCase()}, 'invoice',
          gen_random_uuid(), ${label}, ${state}, ${sentAfter}::timestamptz, now(), now() from connection c
        where c.firm_id = ${at.firm.id} and c.id = ${connection}`.execute(trx),
    )
  const disconnect = () =>
    at.ask<{ code?: string; values?: { labels?: string } }>(`/connections/${connection}/disconnection`, {
      method: 'POST',
    })
  const listed = async () =>
    (
      await at.ask<{ rows: { label: string; state: string; disconnected: boolean }[] }>(
        `/postings?connectionId=${connection}&state=posted&state=discarded&state=needs-person`,
      )
    ).body.rows
      .map(({ label, state, disconnected }) => `${label} ${state} ${disconnected}`)
      .sort()

  it('gives up what had not left, keeps what is in the books, and begins anew with a cut-off of its own', async () => {
    await put('waits', 'waiting')
    await put('refused', 'refused')
    await put('done', 'posted')
    await put('ours', 'needs-person')
    await at.ask(`/connections/${connection}`, {
      method: 'PATCH',
      body: { cutOff: '2026-01-01' },
      version: (await read()).version,
    })
    expect(await disconnect()).toMatchObject({ status: 200, body: { revoked: false, givenUp: 3 } })
    expect(await listed()).toEqual([
      'done posted true',
      'ours discarded true',
      'refused discarded true',
      'waits discarded true',
    ])
    const { body: summary } = await at.ask<{ counts: { needsYou: number }; lanes: unknown[] }>('/postings/summary')
    expect(summary).toMatchObject({ counts: { needsYou: 0 }, lanes: [] })
    const next = await at.connect()
    expect((await at.ask<{ cutOff: string | null }>(`/connections/${next}`)).body.cutOff).toBeNull()
  })

  it('waits for a person where the books may hold what left, and names it', async () => {
    await put('waits', 'waiting')
    await put('unclear', 'needs-person', '2026-03-31T09:00:00Z')
    const refused = await disconnect()
    expect(refused).toMatchObject({ status: 409, body: { code: 'postings-unsettled' } })
    expect(JSON.stringify(refused.body)).toContain('unclear')
    expect((await read()).state).toBe('connected')
    const { body } = await at.ask<{ rows: { id: string; label: string }[] }>('/postings?state=needs-person')
    const given = await at.ask('/postings/discarding', {
      method: 'POST',
      body: { ids: [body.rows[0]?.id], why: 'Staat niet in Exact' },
    })
    expect(given.status).toBe(200)
    expect((await disconnect()).status).toBe(200)
  })
})

describe('hints of the package', () => {
  const hints = (on: boolean) =>
    at.ask<{ id: string; kind: string }>(`/connections/${connection}/hints`, { method: 'PUT', body: { on } })
  const tasks = (kind: string) =>
    at.firm.within(async (trx) =>
      (
        await trx.selectFrom('task').select('state').where('firmId', '=', at.firm.id).where('kind', '=', kind).execute()
      ).map(({ state }) => state),
    )
  const changeCustomer = () =>
    app.changeWorld(at.firm.id, (world) => {
      const account = Object.values(world.tables.Accounts ?? {}).find((row) => String(row.Division) === administration)
      return byHand(
        new URLSearchParams({ act: 'prospect', of: String(account?.Code).trim() }),
        world,
        app.clock,
        app.services.random,
      )
    })
  const carried = async () => {
    app.clock.forward(1_500)
    await app.carryCalls(at.firm.id)
  }

  it('are off until somebody switches them on, are tried by the package, and lead to a look once a minute', async () => {
    expect((await read()).hints).toEqual({ on: false, heardAt: null, problem: null })
    expect((await hints(true)).status).toBe(202)
    await app.runTasks()
    expect(await tasks('switch-hints')).toEqual(['done'])
    await carried()
    await changeCustomer()
    await carried()
    expect((await read()).hints).toMatchObject({ on: true, heardAt: app.clock.now().toISOString() })
    expect(await takeHints(app.services)).toBe(1)
    expect(await takeHints(app.services)).toBe(0)
    expect((await tasks('import-customers')).length).toBe(1)
  })

  it('are answered 404 where nobody listens, 401 without a good signature, and believed in nothing else', async () => {
    await hints(true)
    await app.runTasks()
    const key = app.services.seals.derive(`hook ${at.firm.id} ${connection}`).reveal()
    const post = async (path: string, body: string) =>
      (await fetch(`${app.origin}${path}`, { method: 'POST', body, headers: { 'content-type': 'application/json' } }))
        .status
    expect(await post(`/hooks/exact-online/${key}`, '')).toBe(200)
    expect(await post(`/hooks/exact-online/${'x'.repeat(43)}`, '')).toBe(404)
    expect(await post(`/hooks/cash/${key}`, '')).toBe(404)
    const forged = JSON.stringify({
      Content: { Topic: 'Accounts', Division: Number(administration), Key: 'k' },
      HashCode: 'F00D',
    })
    expect(await post(`/hooks/exact-online/${key}`, forged)).toBe(401)
    expect(await post(`/hooks/exact-online/${key}`, 'x'.repeat(70_000))).toBe(413)
    expect(await takeHints(app.services)).toBe(0)
    await hints(false)
    expect(await post(`/hooks/exact-online/${key}`, '')).toBe(404)
    await app.runTasks()
    expect((await read()).hints).toMatchObject({ on: false })
  })

  it('say what stands in the way when the package cannot reach us', async () => {
    await app.fault(at.firm.id, { kind: 'callbackRefused', value: 404 })
    await hints(true)
    await app.runTasks()
    expect((await read()).hints).toMatchObject({ on: false, problem: { code: expect.any(String) } })
  })

  it('need https and a secret of the app at the real package', async () => {
    await at.firm.within((trx) => sql`update connection set mode = 'live' where id = ${connection}`.execute(trx))
    expect(await hints(true)).toMatchObject({ status: 409, body: { code: 'hints-need-https' } })
    expect(testOrigin.startsWith('http:')).toBe(true)
  })
})
