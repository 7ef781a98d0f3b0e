import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ConnectedApp, connectedApp, type Office, office } from '../src/testing/connected.ts'

let app: ConnectedApp
beforeAll(async () => {
  app = await connectedApp()
})
afterAll(() => app.close())

interface Connection {
  readonly id: string
  readonly state: string
  readonly version: number
  readonly problem: { readonly code: string; readonly cause: string } | null
  readonly administration: { readonly name: string } | null
  readonly signedInAs: string | null
  readonly olderInvoices: number
  readonly settings: Record<string, string | null>
  readonly settingFields: { readonly name: string; readonly chosen: { readonly code: string } | null }[]
  readonly health: {
    readonly about: string
    readonly state: string
    readonly title: string
    readonly link: string | null
  }[]
  readonly lists: { readonly noun: string; readonly count: number }[]
  readonly sandboxPage: string | null
}
interface Refused {
  readonly code: string
  readonly cause: string
  readonly errors?: { readonly pointer: string; readonly code: string; readonly message: string }[]
}
interface Theirs {
  readonly rows: { readonly id: string; readonly code: string; readonly unusable: string | null }[]
}

const read = async (at: Office, id: string) => (await at.ask<Connection>(`/connections/${id}`)).body
const page = (at: Office, id: string) => `/f/${at.firm.slug}/settings/connections/${id}`

describe('connecting to Exact Online in the sandbox', () => {
  it('goes from activation over the sign-in page to a connection with lists and health', async () => {
    const at = await office(app)
    const { id, signInAt } = await at.activate()
    expect(await read(at, id)).toMatchObject({ state: 'signing-in', administration: null, health: [] })
    const landed = await at.comeBack(await at.consent(signInAt))
    expect(landed.pathname + landed.search).toBe(page(at, id))
    expect(await read(at, id)).toMatchObject({ state: 'choosing', problem: null })

    const { body } = await at.ask<{ rows: object[] }>(`/connections/${id}/administrations`)
    expect(body.rows).toMatchObject([
      { id: '1234567', usable: true, currency: 'EUR', differs: ['vatId'] },
      { id: '1234568', usable: true },
      { id: '1234401', usable: false, reason: 'it is archived' },
    ])
    const chosen = await at.ask<Connection>(`/connections/${id}/administration`, {
      method: 'PUT',
      body: { administration: '1234567' },
    })
    expect(chosen.body).toMatchObject({ state: 'connected', administration: { name: 'Bureau Noordkade B.V.' } })
    await app.runTasks()
    const connected = await read(at, id)
    expect(connected.signedInAs).toBe('Sanne de Wit')
    expect(Object.fromEntries(connected.lists.map(({ noun, count }) => [noun, count]))).toMatchObject({
      items: 10,
      vatCodes: 10,
      journals: 6,
    })
    expect(connected.health.filter(({ state }) => state === 'good').map(({ about }) => about)).toEqual([
      'access',
      'administration',
      'currency',
      'rights',
      'period',
      'posting',
      'payment',
      'limits',
    ])
    const tasks = await at.ask<{ rows: object[] }>('/tasks')
    expect(tasks.body.rows).toMatchObject([{ kind: 'refresh-lists', state: 'done', problem: null }])
  })

  it('knows one sales package at a time, and begins anew after a sign-in that nobody finished', async () => {
    const at = await office(app)
    const first = await at.activate()
    const again = await at.activate()
    expect(again.id).toBe(first.id)
    await at.comeBack(await at.consent(again.signInAt))
    const refused = await at.ask<Refused>('/connections', {
      method: 'POST',
      body: { package: 'exact-online', country: 'NL', mode: 'sandbox' },
    })
    expect(refused).toMatchObject({ status: 409, body: { code: 'already-connected' } })
  })

  it('refuses an administration that is unknown or archived at its field, in both languages', async () => {
    const at = await office(app)
    const { id, signInAt } = await at.activate()
    await at.comeBack(await at.consent(signInAt))
    const choose = (administration: string, language: 'nl' | 'en') =>
      at.ask<Refused>(`/connections/${id}/administration`, { method: 'PUT', body: { administration }, language })
    expect(await choose('999', 'en')).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/administration', code: 'administration-unknown' }] },
    })
    const archived = await choose('1234401', 'nl')
    expect(archived.body.errors?.[0]).toMatchObject({
      code: 'administration-unusable',
      message: expect.stringContaining('niet bruikbaar'),
    })
    expect(await read(at, id)).toMatchObject({ state: 'choosing', administration: null })
  })

  it('takes empty lists for missing rights', async () => {
    const at = await office(app)
    const { id, signInAt } = await at.activate()
    await at.comeBack(await at.consent(signInAt, { user: 'Pim' }))
    await at.ask(`/connections/${id}/administration`, { method: 'PUT', body: { administration: '1234567' } })
    await app.runTasks()
    const { health, lists } = await read(at, id)
    expect(lists.find(({ noun }) => noun === 'journals')?.count).toBe(0)
    const rights = health.filter(({ about }) => about === 'rights')
    expect(rights.map(({ state }) => state)).toContain('bad')
    expect(rights.map(({ title }) => title)).toEqual(
      expect.arrayContaining([expect.stringContaining('journals'), 'Exact Online shows no journals']),
    )
  })

  it.each([
    ['journals', 'GET financial/Journals', 'list-not-shown'],
    ['items', 'GET sync/Logistics/Items', 'list-shows-nothing'],
  ])('takes no %s away that are not shown any more, and reads the other lists', async (noun, on, code) => {
    const at = await office(app)
    const { id, signInAt } = await at.activate()
    await at.comeBack(await at.consent(signInAt))
    await at.ask(`/connections/${id}/administration`, { method: 'PUT', body: { administration: '1234567' } })
    await app.runTasks()
    const counts = async () =>
      Object.fromEntries((await read(at, id)).lists.map((list) => [list.noun, list.count] as const))
    const before = await counts()
    await app.fault(at.firm.id, { kind: 'missingRight', on })
    if (noun === 'items')
      await app.changeWorld(at.firm.id, ({ tables }) => {
        // Row versions begin anew, so that everything is read again.
        Object.assign(tables.Divisions?.['1234567'] ?? {}, { DivisionMoveDate: '2026-01-02T10:00:00.000Z' })
      })
    expect(await at.ask(`/connections/${id}/lists`, { method: 'POST', body: {} })).toMatchObject({ status: 202 })
    await app.runTasks()
    const { body } = await at.ask<{ rows: { state: string; problem: { code: string } | null }[] }>('/tasks')
    expect(body.rows[0]).toMatchObject({ state: 'failed', problem: { code } })
    expect(await counts()).toEqual(before)
  })

  it('shows the books to members of the firm alone', async () => {
    const [at, other] = [await office(app), await office(app)]
    const { sandboxPage } = await read(at, (await at.activate()).id)
    const address = (sandboxPage as string).replace('http://localhost:3000', app.origin)
    const mine = await fetch(address, { headers: at.headers })
    expect(mine.status).toBe(200)
    expect(await mine.text()).toContain('Exact Online')
    expect(mine.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect((await fetch(address, { headers: other.headers })).status).toBe(404)
    expect((await fetch(address)).status).toBe(404)
  })
})

describe('a sign-in that goes wrong', () => {
  it('is refused with a state that nobody gave out, and touches nothing', async () => {
    const at = await office(app)
    const { id, signInAt } = await at.activate()
    const back = await at.consent(signInAt)
    back.searchParams.set('state', 'made-up')
    const landed = await at.comeBack(back)
    expect(landed.searchParams.get('problem')).toBe('sign-in-state-unknown')
    expect(landed.pathname).toBe('/')
    expect(await read(at, id)).toMatchObject({ state: 'signing-in' })
  })

  it('takes a state once and for a quarter of an hour', async () => {
    const at = await office(app)
    const { id, signInAt } = await at.activate()
    const back = await at.consent(signInAt)
    expect((await at.comeBack(back)).search).toBe('')
    expect((await at.comeBack(back)).searchParams.get('problem')).toBe('sign-in-state-expired')

    const { body } = await at.ask<{ signInAt: string }>(`/connections/${id}/reconnection`, { method: 'POST' })
    app.clock.forward(16 * 60_000)
    const late = await at.consent(body.signInAt)
    expect((await at.comeBack(late)).searchParams.get('problem')).toBe('sign-in-state-expired')
    expect(await read(at, id)).toMatchObject({ state: 'choosing', problem: { code: 'sign-in-state-expired' } })
  })

  it('says that access was denied, on the page of the connection', async () => {
    const at = await office(app)
    const { id, signInAt } = await at.activate()
    const landed = await at.comeBack(await at.consent(signInAt, { deny: true }))
    expect(landed.pathname + landed.search).toBe(`${page(at, id)}?problem=sign-in-denied`)
    expect(await read(at, id)).toMatchObject({
      state: 'signing-in',
      problem: { code: 'sign-in-denied', cause: expect.stringContaining('denied') },
    })
    // And then after all.
    const { body } = await at.ask<{ signInAt: string }>(`/connections/${id}/reconnection`, { method: 'POST' })
    await at.comeBack(await at.consent(body.signInAt))
    expect(await read(at, id)).toMatchObject({ state: 'choosing', problem: null })
  })

  it('belongs to the person who began it', async () => {
    const at = await office(app)
    const { id, signInAt } = await at.activate()
    const back = await at.consent(signInAt)
    const employee = await at.firm.signedInAs('employee')
    expect((await at.comeBack(back, employee)).searchParams.get('problem')).toBe('sign-in-state-unknown')
    expect((await at.comeBack(back, {})).searchParams.get('problem')).toBe('sign-in-needed')
    expect(await read(at, id)).toMatchObject({ state: 'signing-in' })
  })

  it('passes on what the package says of a code that is too old', async () => {
    const at = await office(app)
    const { id, signInAt } = await at.activate()
    const back = await at.consent(signInAt)
    app.clock.forward(4 * 60_000)
    expect((await at.comeBack(back)).searchParams.get('problem')).toBe('sign-in-code-refused')
    expect(await read(at, id)).toMatchObject({ state: 'signing-in', problem: { code: 'sign-in-code-refused' } })
  })
})

describe('the app that we are at a package', () => {
  const live = { package: 'exact-online', country: 'BE', mode: 'live' }

  it('is needed for the real package, and its secret is never shown', async () => {
    const at = await office(app)
    expect(await at.ask('/connections', { method: 'POST', body: live })).toMatchObject({
      status: 409,
      body: { code: 'app-missing' },
    })
    const secret = 'a secret that nobody may see'
    const put = (clientId: string) =>
      at.ask('/packages/exact-online/apps/BE', { method: 'PUT', body: { clientId, clientSecret: secret } })
    expect((await put('{client}')).status).toBe(204)
    const packages = await at.ask<{ rows: { apps: object[] }[] }>('/packages')
    expect(packages.body.rows[0]?.apps).toMatchObject([
      { country: 'BE', clientId: '{client}', from: 'firm', hasWebhookSecret: false },
    ])
    const { body } = await at.ask<{ signInAt: string }>('/connections', { method: 'POST', body: live })
    const address = new URL(body.signInAt)
    expect(address.origin).toBe('https://start.exactonline.be')
    expect(address.searchParams.get('client_id')).toBe('{client}')
    expect(address.searchParams.get('redirect_uri')).toBe('http://localhost:3000/oauth/return')

    const stored = await app.database.asOwner('select * from app_registration')
    const kept = await app.database.asOwner('select * from history')
    expect(JSON.stringify([packages.body, body, stored, kept])).not.toContain(secret)
  })

  it('is offered for the countries of the package only', async () => {
    const at = await office(app)
    const answer = await at.ask<Refused>('/connections', { method: 'POST', body: { ...live, country: 'IT' } })
    expect(answer).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/country', code: 'country-not-served' }] },
    })
  })
})

describe('settings of a connection', () => {
  const change = (at: Office, id: string, body: object, version: number) =>
    at.ask<Refused & Connection>(`/connections/${id}`, { method: 'PATCH', body, version })

  it('are chosen from the package’s lists, by id or by code', async () => {
    const at = await office(app)
    const id = await at.connect()
    const items = await at.ask<Theirs>(`/connections/${id}/lists/items?search=UREN-ADV`)
    const item = items.body.rows[0]?.id as string
    const { version } = await read(at, id)
    const { status, body } = await change(
      at,
      id,
      { settings: { defaultItem: 'uren-adv', salesJournal: '70' } },
      version,
    )
    expect(status).toBe(200)
    expect(body.settings).toMatchObject({ defaultItem: item, salesJournal: '70' })
    expect(body.settingFields.map(({ chosen }) => chosen?.code ?? null).slice(0, 3)).toEqual(['UREN-ADV', '70', null])
    const stale = await change(at, id, { settings: { paymentCondition: '30' } }, version)
    expect(stale).toMatchObject({ status: 409, body: { code: 'stale', currentVersion: body.version } })
  })

  it('name each row that is unknown, unusable or of another kind, and change nothing', async () => {
    const at = await office(app)
    const id = await at.connect()
    const { version } = await read(at, id)
    const settings = { defaultItem: 'UREN-OUD', salesJournal: '90', paymentCondition: 'nope', colour: 'red' }
    const { status, body } = await change(at, id, { settings }, version)
    expect(status).toBe(422)
    expect(body.errors?.map(({ pointer, code }) => [pointer, code])).toEqual([
      ['/settings/defaultItem', 'theirs-unusable'],
      ['/settings/salesJournal', 'theirs-other-kind'],
      ['/settings/paymentCondition', 'theirs-unknown'],
      ['/settings/colour', 'unknown-field'],
    ])
    expect(body.errors?.[0]?.message).toBe('UREN-OUD Uren oud tarief cannot be used: it has ended.')
    expect(await read(at, id)).toMatchObject({ version, settings: {} })
  })

  it('mark sent invoices from before the cut-off as already in the books', async () => {
    const at = await office(app)
    const id = await at.connect()
    await sentInvoice(at, 'A-1', '2025-12-31')
    await sentInvoice(at, 'A-2', '2026-01-01')
    const { version } = await read(at, id)
    const cut = await change(at, id, { cutOff: '2026-01-01' }, version)
    expect(cut.body).toMatchObject({ olderInvoices: 1 })
    const earlier = await change(at, id, { cutOff: '2025-12-01' }, cut.body.version)
    expect(earlier.body).toMatchObject({ olderInvoices: 0 })
    const late = await change(at, id, { cutOff: '2028-01-01' }, earlier.body.version)
    expect(late).toMatchObject({ status: 422, body: { errors: [{ pointer: '/cutOff', code: 'cut-off-too-late' }] } })
  })

  it('leave no invoice marked when a sandbox is left', async () => {
    const at = await office(app)
    const id = await at.connect()
    await sentInvoice(at, 'A-1', '2025-12-31')
    const { version } = await read(at, id)
    const cut = await change(at, id, { cutOff: '2026-01-01' }, version)
    expect(cut.body).toMatchObject({ mode: 'sandbox', olderInvoices: 1 })
    expect((await at.ask(`/connections/${id}/disconnection`, { method: 'POST' })).status).toBe(200)
    const next = await at.connect()
    expect(await read(at, next)).toMatchObject({ cutOff: null, olderInvoices: 0 })
  })
})

describe('a list of the package', () => {
  it('is paged, searched, and shows why a row cannot be chosen', async () => {
    const at = await office(app)
    const id = await at.connect()
    const first = await at.ask<Theirs & { next: string }>(`/connections/${id}/lists/items?limit=6`)
    const second = await at.ask<Theirs & { next: string | null }>(
      `/connections/${id}/lists/items?limit=6&cursor=${first.body.next}`,
    )
    const rows = [...first.body.rows, ...second.body.rows]
    expect(rows).toHaveLength(10)
    expect(second.body.next).toBeNull()
    expect(Object.fromEntries(rows.flatMap(({ code, unusable }) => (unusable ? [[code, unusable]] : [])))).toEqual({
      HW: 'it is not a sales item',
      LIC: 'it does not allow fractions, so an hour and a half does not fit',
      'UREN-OUD': 'it has ended',
    })
    const journals = await at.ask<Theirs>(`/connections/${id}/lists/journals`)
    const all = await at.ask<Theirs>(`/connections/${id}/lists/journals?all=true`)
    expect(all.body.rows.length).toBeGreaterThan(journals.body.rows.length)
  })
})

describe('the end of a connection', () => {
  it('forgets access and keeps what was chosen from before it', async () => {
    const at = await office(app)
    const id = await at.connect()
    expect((await at.ask(`/connections/${id}/disconnection`, { method: 'POST' })).status).toBe(200)
    expect(await read(at, id)).toMatchObject({ state: 'disconnected' })
    const [grant] = await app.database.asOwner<{ tokens_sealed: string | null }>(
      'select tokens_sealed from access_grant where firm_id = $1',
      [at.firm.id],
    )
    expect(grant?.tokens_sealed).toBeNull()
    const refused = await at.ask(`/connections/${id}/reconnection`, { method: 'POST' })
    expect(refused).toMatchObject({ status: 409, body: { code: 'connection-disconnected' } })
    expect((await at.ask(`/connections/${id}/lists`, { method: 'POST' })).status).toBe(409)
    expect((await at.activate()).id).not.toBe(id)
  })

  it('is not seen by another firm', async () => {
    const [at, other] = [await office(app), await office(app)]
    const id = await at.connect()
    for (const path of ['', '/items', '/posting-rules', '/lists/items', '/administrations'])
      expect((await other.ask(`/connections/${id}${path}`)).status, path).toBe(404)
    for (const path of ['/check', '/lists', '/imports', '/reconnection', '/disconnection'])
      expect(
        (await other.ask(`/connections/${id}${path}`, { method: 'POST', ...(path === '/imports' ? { body: {} } : {}) }))
          .status,
        path,
      ).toBe(404)
  })
})

/** A sent invoice, straight into the tables: what is tested here is only its date. */
async function sentInvoice(at: Office, number: string, date: string): Promise<void> {
  const { ids, clock } = app.services
  await at.firm.within(async (trx) => {
    const series = await trx
      .selectFrom('series')
      .select('id')
      .where('firmId', '=', at.firm.id)
      .executeTakeFirstOrThrow()
    const times = { createdAt: clock.now(), updatedAt: clock.now() }
    await trx
      .insertInto('invoice')
      .values({
        firmId: at.firm.id,
        id: ids.next(),
        customerId: at.firm.customerId,
        seriesId: series.id,
        state: 'sent',
        number,
        date,
        dueDate: date,
        language: 'nl',
        currency: 'EUR',
        ...times,
      })
      .execute()
  })
}
