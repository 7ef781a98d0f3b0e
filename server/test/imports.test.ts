import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startNightlyImports } from '../src/imports/nightly-imports.ts'
import { runTask } from '../src/jobs/tasks.ts'
import { writeBackNumber } from '../src/postings/customer-number.ts'
import type { Services } from '../src/services.ts'
import { type ConnectedApp, connectedApp, type Office, office } from '../src/testing/connected.ts'
import { importing } from '../src/testing/importing.ts'

let app: ConnectedApp
beforeAll(async () => {
  app = await connectedApp()
})
afterAll(() => app.close())

interface Settings {
  readonly nightlyImport: boolean
  readonly nextAt: string | null
  readonly openConflicts: number
  readonly openProposals: number
  readonly vatCasesToConfirm: number
  readonly lastRun: { readonly id: string; readonly startedBy: { readonly kind: string } } | null
  readonly version: number
}
interface Conflict {
  readonly id: string
  readonly reason: string
  readonly text: string
  readonly theirs: { readonly code: string }
  readonly candidates: readonly { readonly id: string; readonly why: string; readonly consequence: string | null }[]
  readonly mayBeNew: boolean
  readonly needs: readonly string[]
  readonly state: string
  readonly version: number
}
interface Proposal {
  readonly id: string
  readonly field: string
  readonly ours: string | null
  readonly theirs: string
  readonly state: string
  readonly decidedBy: string | null
  readonly version: number
}

async function opened(change = {}) {
  const at = await office(app, change)
  const id = await at.connect()
  const exact = importing(app, at)
  const settings = async () => (await at.ask<Settings>(`/connections/${id}/import-settings`)).body
  return {
    at,
    id,
    exact,
    settings,
    set: async (body: object) =>
      at.ask<Settings>(`/connections/${id}/import-settings`, {
        method: 'PATCH',
        version: (await settings()).version,
        body,
      }),
    conflicts: async (more = '') =>
      (await at.ask<{ rows: Conflict[] }>(`/connections/${id}/import-conflicts${more}`)).body.rows,
    proposals: async (more = '') =>
      (await at.ask<{ rows: Proposal[] }>(`/connections/${id}/proposals${more}`)).body.rows,
    resolve: (conflict: Conflict, body: object) =>
      at.ask<Conflict & { code?: string; errors?: { pointer: string; code: string }[] }>(
        `/import-conflicts/${conflict.id}/resolution`,
        { method: 'POST', version: conflict.version, body },
      ),
    /** A customer that work is under way for. */
    busy: async (number: string, more = {}) => {
      const customerId = await at.firm.addCustomer({ number, name: `Klant ${number}`, ...more })
      const projectId = await at.firm.addProject({ customerId, code: `P-${number}` })
      const hours = await at.firm.addHours({ projectId })
      return { customerId, hours }
    },
    invoiceWork: (hours: string) =>
      at.firm.within((trx) =>
        trx.updateTable('hourEntry').set({ writtenOffAt: app.clock.now() }).where('id', '=', hours).execute(),
      ),
  }
}

/** How many imports of one firm a look at the nights starts; other tests have theirs beside it. */
async function nights(at: Office): Promise<number> {
  const before = (await waitingTasks(at)).length
  await startNightlyImports(app.services)
  return (await waitingTasks(at)).length - before
}

/** Imports of one firm. */
const waitingTasks = (at: Office) =>
  at.firm.within((trx) =>
    trx
      .selectFrom('task')
      .select(['id', 'params', 'state'])
      .where('firmId', '=', at.firm.id)
      .where('kind', '=', 'import-customers')
      .execute(),
  )

describe('the nightly import', () => {
  it('starts at its time on the wall of the firm, once, and says that the night started it', async () => {
    const { at, id, set, settings } = await opened()
    const { body } = await set({ nightlyImport: true, nightlyAt: '04:00' })
    expect(body).toMatchObject({ nightlyImport: true, nextAt: '2026-04-01T02:00:00.000Z' })
    expect(await nights(at)).toBe(0)
    app.clock.set('2026-04-01T01:59:00Z')
    expect(await nights(at)).toBe(0)
    app.clock.set('2026-04-01T02:00:30Z')
    await Promise.all([startNightlyImports(app.services), startNightlyImports(app.services)])
    await app.runTasks()
    const tasks = await waitingTasks(at)
    expect(tasks).toMatchObject([{ state: 'done', params: { startedBy: 'night', full: false, connectionId: id } }])
    expect(await settings()).toMatchObject({
      nextAt: '2026-04-02T02:00:00.000Z',
      lastRun: { startedBy: { kind: 'night', name: null } },
    })
  })

  it('makes up once for nights that were missed, and not for those before it was switched on', async () => {
    const { at, set } = await opened()
    app.clock.set('2026-04-10T10:00:00Z')
    await set({ nightlyImport: true })
    expect(await nights(at)).toBe(0)
    app.clock.set('2026-04-15T10:00:00Z')
    expect(await nights(at)).toBe(1)
    expect(await nights(at)).toBe(0)
    await app.runTasks()
    expect(await waitingTasks(at)).toHaveLength(1)
  })

  it('waits for the end of the hours in which access is not renewed', async () => {
    app.clock.set('2026-04-20T20:00:00Z')
    const { at, set } = await opened()
    await set({ nightlyImport: true, nightlyAt: '01:30' })
    app.clock.set('2026-04-20T23:31:00Z')
    expect(await nights(at)).toBe(0)
    app.clock.set('2026-04-21T00:29:00Z')
    expect(await nights(at)).toBe(0)
    app.clock.set('2026-04-21T00:35:00Z')
    expect(await nights(at)).toBe(1)
    await app.runTasks()
  })

  it('waits while nobody is signed in, and comes afterwards', async () => {
    const { at, id, set } = await opened()
    await set({ nightlyImport: true })
    const state = (to: string) =>
      at.firm.within((trx) => trx.updateTable('connection').set({ state: to }).where('id', '=', id).execute())
    await state('reconnect')
    app.clock.forward(86_400_000)
    expect(await nights(at)).toBe(0)
    await state('connected')
    app.clock.forward(16 * 60_000)
    expect(await nights(at)).toBe(1)
    await app.runTasks()
  })

  it('starts no more once it is switched off or the package is let go of', async () => {
    const { at, id, set } = await opened()
    await set({ nightlyImport: true })
    expect((await set({ nightlyImport: false })).body).toMatchObject({ nextAt: null })
    app.clock.forward(86_400_000)
    expect(await nights(at)).toBe(0)
    await set({ nightlyImport: true })
    expect((await at.ask(`/connections/${id}/disconnection`, { method: 'POST' })).status).toBe(200)
    app.clock.forward(86_400_000)
    expect(await nights(at)).toBe(0)
    expect(await app.database.asOwner('select 1 from directory.import_due where connection_id = $1', [id])).toEqual([])
  })

  it('refuses a time that is none and a stale edit', async () => {
    const { at, id, set, settings } = await opened()
    expect((await set({ nightlyAt: '25:00' })).status).toBe(422)
    const { version } = await settings()
    await set({ nightlyAt: '03:15' })
    const stale = await at.ask(`/connections/${id}/import-settings`, {
      method: 'PATCH',
      version,
      body: { nightlyAt: '05:00' },
    })
    expect(stale.status).toBe(409)
    expect(stale.body).toMatchObject({ current: { nightlyAt: '03:15' } })
  })

  it('tells people what it left to them, and no longer once they did it', async () => {
    const { at, set, conflicts, resolve } = await opened()
    await at.firm.addCustomer({ number: null, name: 'Techniek', kvk: '90001234' })
    await set({ nightlyImport: true })
    app.clock.forward(86_400_000)
    await startNightlyImports(app.services)
    await app.runTasks()
    const told = async () =>
      (await at.ask<{ rows: { title: string; readAt: string | null }[] }>('/notifications')).body.rows.filter(
        ({ readAt }) => readAt === null,
      )
    expect((await told()).map(({ title }) => title)).toEqual(['1 customer of Exact Online needs a decision'])
    const [conflict] = await conflicts()
    await resolve(conflict as Conflict, { as: 'new' })
    expect(await told()).toEqual([])
  })
})

describe('what is no longer there', () => {
  it('is marked, told, kept, and comes back when it comes back', async () => {
    const { at, id, exact } = await opened()
    await exact.run(id)
    const before = await exact.numbered('10012')
    const there = async () =>
      (
        await at.ask<{ inPackage: { inactive: string | null }; ledBy: { fields: string[] } | null }>(
          `/customers/${before?.id}`,
        )
      ).body
    expect(await there()).toMatchObject({ inPackage: { inactive: null, code: '10012', packageName: 'Exact Online' } })
    await exact.edit('10012', { EndDate: '2026-03-01' })
    expect((await exact.run(id)).told).toEqual([
      ['10012 Van Dalen Techniek B.V.', 'inactive', 'It has ended in the package.'],
    ])
    expect(await there()).toMatchObject({ inPackage: { inactive: 'ended' }, ledBy: { fields: [] } })
    await exact.edit('10012', { EndDate: null, City: 'Zeist' })
    expect((await exact.run(id)).told).toEqual([
      ['10012 Van Dalen Techniek B.V.', 'updated', 'It is active in the package again. Changed: address.'],
    ])
    await exact.edit('10012', { Blocked: true })
    expect((await exact.run(id)).told).toMatchObject([
      ['10012 Van Dalen Techniek B.V.', 'inactive', 'It is blocked in the package.'],
    ])
    expect(await there()).toMatchObject({ inPackage: { inactive: 'blocked' } })
    // Who makes an invoice is told.
    const draft = await at.ask<{ warnings: { code: string; cause: string }[] }>('/invoices', {
      method: 'POST',
      body: { customerId: before?.id },
    })
    const codes = (draft.body.warnings ?? []).map(({ code }) => code)
    expect(codes).toContain('customer-blocked-there')
    await exact.edit('10012', { Blocked: false })
    await exact.run(id)
    expect(await there()).toMatchObject({ inPackage: { inactive: null } })
  })

  it('is cut loose by hand when it was deleted, and only then', async () => {
    const { at, id, exact } = await opened()
    await exact.run(id)
    const customer = await exact.numbered('10017')
    const cut = async () =>
      at.ask<{ code?: string }>(`/customers/${customer?.id}/package-link`, {
        method: 'DELETE',
        version: (await at.ask<{ version: number }>(`/customers/${customer?.id}`)).body.version,
      })
    expect(await cut()).toMatchObject({ status: 409, body: { code: 'customer-still-there' } })
    await exact.remove('10017')
    expect((await exact.run(id)).told).toEqual([
      ['10017 Kessler Maschinenbau GmbH', 'inactive', 'It was deleted in the package.'],
    ])
    expect((await cut()).status).toBe(204)
    expect((await at.ask(`/customers/${customer?.id}`)).body).toMatchObject({ inPackage: null, number: '10017' })
    // Made there anew under the same number, it is found by it.
    await exact.add({ Code: '10017', Name: 'Kessler Maschinenbau GmbH', Country: 'DE' })
    expect((await exact.run(id)).told).toMatchObject([
      ['10017 Kessler Maschinenbau GmbH', 'unchanged', expect.stringContaining('linked')],
    ])
  })

  it('is taken for the same when it was deleted and made anew with its number', async () => {
    const { at, id, exact } = await opened()
    await exact.run(id)
    const customer = await exact.numbered('10017')
    await exact.remove('10017')
    await exact.add({ Code: '10017', Name: 'Kessler Nieuw GmbH', Country: 'DE' })
    const { task } = await exact.run(id)
    expect(task.report).toEqual({ inactive: 1, updated: 1 })
    expect(await exact.numbered('10017')).toMatchObject({ id: customer?.id, name: 'Kessler Nieuw GmbH' })
    expect((await at.ask(`/customers/${customer?.id}`)).body).toMatchObject({ inPackage: { inactive: null } })
  })

  it('is read whole again after the administration was moved, and nobody is doubled', async () => {
    const { id, exact } = await opened()
    await exact.run(id)
    const before = (await exact.customers()).map((row) => row.id)
    await exact.move()
    await exact.add({ Code: '29001', Name: 'Na de verhuizing B.V.' })
    const { task } = await exact.run(id)
    expect(task.report).toMatchObject({ created: 1, unchanged: 2 })
    const after = (await exact.customers()).map((row) => row.id)
    expect(after).toHaveLength(before.length + 1)
    expect(after).toEqual(expect.arrayContaining(before))
  })

  it('is not believed when no customer is shown at all', async () => {
    const { at, id, exact } = await opened()
    await exact.run(id)
    const users = await app.changeWorld(at.firm.id, (world) =>
      Object.values(world.tables.Users ?? {}).map((row) => String(row.Email)),
    )
    for (const user of users) await exact.takeRight(user, 'crm/accounts')
    const { task } = await exact.run(id, { full: true })
    expect(task).toMatchObject({ state: 'failed', problem: { code: 'no-customers-shown' } })
    expect(task.problem?.cause).toContain('2 customers')
    const inactive = await app.database.asOwner('select 1 from link where firm_id = $1 and inactive is not null', [
      at.firm.id,
    ])
    expect(inactive).toEqual([])
  })
})

describe('the invoice address', () => {
  it('comes from the address of that kind, and follows it', async () => {
    const { id, exact } = await opened()
    await exact.invoiceAddress('10012', {
      AddressLine1: 'Postbus 12',
      Postcode: '3500 AA',
      City: 'Utrecht',
      Country: 'NL',
    })
    await exact.run(id)
    expect(await exact.numbered('10012')).toMatchObject({ invoiceAddress: { line1: 'Postbus 12', city: 'Utrecht' } })
    await exact.invoiceAddress('10012', { City: 'Bunnik' })
    expect((await exact.run(id)).told).toEqual([
      ['10012 Van Dalen Techniek B.V.', 'updated', 'Changed: invoice address.'],
    ])
    expect(await exact.numbered('10012')).toMatchObject({ invoiceAddress: { city: 'Bunnik' } })
  })
})

describe('who leads', () => {
  it('makes the fields that the package fills in read-only here, and says which', async () => {
    const { at, id, exact } = await opened()
    await exact.run(id)
    const customer = await exact.numbered('10012')
    const { body } = await at.ask<{ version: number; ledBy: { fields: string[] } }>(`/customers/${customer?.id}`)
    expect(body.ledBy.fields.toSorted()).toEqual(
      [
        'country',
        'email',
        'kvk',
        'name',
        'number',
        'paymentDays',
        'paymentEndOfMonth',
        'phone',
        'vatId',
        'visitAddress',
      ].toSorted(),
    )
    const change = (fields: object, version: number) =>
      at.ask<{ errors?: { pointer: string; message: string }[] }>(`/customers/${customer?.id}`, {
        method: 'PATCH',
        version,
        body: fields,
      })
    const refused = await change({ name: 'Anders', website: 'anders.example' }, body.version)
    expect(refused.status).toBe(422)
    expect(refused.body.errors).toMatchObject([{ pointer: '/name', message: expect.stringContaining('Exact Online') }])
    // What is empty there is ours.
    expect((await change({ website: 'vandalen.example' }, body.version)).status).toBe(200)
  })

  it('takes only new customers when Uurwerk leads, and withdraws what was proposed', async () => {
    const { at, id, exact, set, proposals, busy } = await opened()
    const { customerId } = await busy('10012', { vatCaseConfirmed: false, paymentDays: 8 })
    await exact.run(id)
    expect((await proposals()).length).toBeGreaterThan(0)
    await set({ leader: 'uurwerk' })
    expect(await proposals()).toEqual([])
    await exact.edit('10012', { City: 'Elders', Name: 'Elders B.V.' })
    await exact.add({ Code: '29002', Name: 'Nieuw B.V.' })
    const { told } = await exact.run(id)
    expect(told).toEqual([
      ['10012 Elders B.V.', 'unchanged', null],
      ['29002 Nieuw B.V.', 'created', null],
    ])
    const { body } = await at.ask<{ version: number }>(`/customers/${customerId}`)
    expect(body).toMatchObject({ ledBy: null, name: 'Van Dalen Techniek B.V.', inPackage: { leader: 'uurwerk' } })
    const renamed = await at.ask(`/customers/${customerId}`, {
      method: 'PATCH',
      version: body.version,
      body: { name: 'Onze naam' },
    })
    expect(renamed.status).toBe(200)
  })
})

describe('proposals', () => {
  it('stand while work is under way: one is accepted, one rejected, and the rejected does not come again until it changes', async () => {
    const { at, id, exact, proposals, busy } = await opened()
    const { customerId } = await busy('10012', { vatCaseConfirmed: false, paymentDays: 8, email: 'oud@klant.example' })
    await exact.run(id)
    const open = await proposals()
    expect(open.map(({ field, ours, theirs }) => [field, ours, theirs])).toEqual(
      expect.arrayContaining([
        ['vatId', null, expect.stringMatching(/^NL001234567B/)],
        ['term', '8 days', '30 days'],
        ['email', 'oud@klant.example', 'facturen@vandalen.example'],
      ]),
    )
    const of = (field: string) => open.find((one) => one.field === field) as Proposal
    const decide = (one: Proposal, how: string) =>
      at.ask<Proposal>(`/proposals/${one.id}/${how}`, { method: 'POST', version: one.version })
    expect((await decide(of('term'), 'acceptance')).body).toMatchObject({
      state: 'accepted',
      decidedBy: 'administrator',
    })
    expect((await decide(of('email'), 'rejection')).body).toMatchObject({ state: 'rejected' })
    expect((await decide(of('email'), 'acceptance')).status).toBe(409)
    expect(await exact.numbered('10012')).toMatchObject({ paymentDays: 30, vatId: null, email: 'oud@klant.example' })
    await exact.run(id, { full: true })
    expect((await proposals()).map(({ field }) => field)).toEqual(['vatId'])
    await exact.edit('10012', { Email: 'nieuw@vandalen.example' })
    await exact.run(id)
    expect((await proposals()).map(({ field, theirs }) => [field, theirs])).toContainEqual([
      'email',
      'nieuw@vandalen.example',
    ])
    const history = await at.firm.within((trx) =>
      trx
        .selectFrom('history')
        .select(['act', 'after'])
        .where('firmId', '=', at.firm.id)
        .where('subjectId', '=', customerId)
        .orderBy('id')
        .execute(),
    )
    expect(history.map(({ act }) => act)).toEqual(
      expect.arrayContaining(['import-changed', 'import-linked', 'import-accepted', 'import-rejected']),
    )
  })

  it('are refreshed, withdrawn when nothing differs any more, and applied when the work is done', async () => {
    const { id, exact, proposals, busy, invoiceWork } = await opened()
    const { hours } = await busy('10017', {
      country: 'DE',
      vatCase: 'eu-business',
      paymentDays: 8,
      invoiceEmail: 'boek@kessler.example',
    })
    await exact.run(id)
    const term = async () => (await proposals()).find(({ field }) => field === 'term')
    const first = await term()
    expect(first).toMatchObject({ theirs: '14 days' })
    await exact.edit('10017', { Email: 'los@kessler.example' })
    await exact.run(id)
    // Who has an address for invoices is not invoiced at the general one: it is no careful field then.
    expect(await exact.numbered('10017')).toMatchObject({ email: 'los@kessler.example' })
    expect(await term()).toMatchObject({ id: first?.id, version: first?.version })
    await invoiceWork(hours)
    // Nothing changed there: the next import sees all the same that nothing is in the way any more.
    const { told } = await exact.run(id)
    expect(told).toMatchObject([
      ['10017 Kessler Maschinenbau GmbH', 'updated', expect.stringContaining('payment term')],
    ])
    expect(await proposals()).toEqual([])
    expect(await exact.numbered('10017')).toMatchObject({ paymentDays: 14 })
    expect((await proposals('?settled=true')).map(({ state }) => state)).toContain('withdrawn')
  })

  it.each([
    ['hours', (at: Office, projectId: string) => at.firm.addHours({ projectId })],
    ['an expense', (at: Office, projectId: string) => at.firm.addExpense({ projectId })],
    ['a trip', (at: Office, projectId: string) => at.firm.addTrip({ projectId })],
  ])('come of %s that nobody invoiced', async (_, work) => {
    const { at, id, exact, proposals } = await opened()
    const customerId = await at.firm.addCustomer({
      number: '10017',
      name: 'Kessler',
      country: 'DE',
      vatCase: 'eu-business',
      paymentDays: 8,
    })
    const projectId = await at.firm.addProject({ customerId, code: 'KES' })
    await work(at, projectId)
    await exact.run(id)
    expect((await proposals()).map(({ field }) => field)).toContain('term')
    expect(await exact.numbered('10017')).toMatchObject({ paymentDays: 8 })
  })

  it('are decided about in bulk, as they were seen; what does not stand any more is named', async () => {
    const { at, id, exact, proposals, busy } = await opened()
    await busy('10012', { vatCaseConfirmed: false, paymentDays: 8 })
    await busy('10017', { country: 'DE', vatCase: 'eu-consumer', vatCaseConfirmed: false, paymentDays: 8 })
    await exact.run(id)
    const open = await proposals()
    const late = open.findIndex(({ field }) => field === 'term')
    const seen = open.map(({ id: one, version }) => ({ id: one, version }))
    const [stale] = seen.splice(late, 1)
    const rest = seen
    const { body } = await at.ask<{ done: number; leftOut: { id: string; problem: { code: string } }[] }>(
      `/connections/${id}/proposals/decisions`,
      { method: 'POST', body: { accept: true, proposals: [{ ...stale, version: 99 }, ...rest] } },
    )
    expect(body).toMatchObject({
      done: rest.length,
      leftOut: [{ id: stale?.id, problem: { code: 'proposal-settled' } }],
    })
    expect(await proposals()).toHaveLength(1)
  })

  it('are decided about one by one and in bulk at the same moment, while a lane is busy', async () => {
    const { at, id, exact, proposals, busy } = await opened()
    await busy('10012', { vatCaseConfirmed: false, paymentDays: 8 })
    await busy('10017', { country: 'DE', vatCase: 'eu-consumer', vatCaseConfirmed: false, paymentDays: 8 })
    await exact.run(id)
    const [one, ...many] = (await proposals()).map(({ id: proposal, version }) => ({ id: proposal, version }))
    const [held, bothWait] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const busyLane = app.services.store.withDirectory(async (trx) => {
      await sql`select 1 from directory.lane where package <> 'task' for update`.execute(trx)
      held.resolve()
      await bothWait.promise
    })
    await held.promise
    const waiting = (count: number) =>
      expect
        .poll(
          async () =>
            (
              await app.database.asOwner(`select distinct pid from pg_locks l
            join pg_stat_activity using (pid) where datname = current_database() and not granted`)
            ).length,
          {
            timeout: 60_000,
          },
        )
        .toBe(count)
    const body = { accept: true, proposals: many }
    const bulk = at.ask(`/connections/${id}/proposals/decisions`, { method: 'POST', body })
    await waiting(1)
    const single = at.ask(`/proposals/${one?.id}/acceptance`, { method: 'POST', version: one?.version ?? 0 })
    await waiting(2)
    bothWait.resolve()
    await busyLane
    expect((await Promise.all([bulk, single])).map(({ status }) => status)).toEqual([200, 200])
  })

  it('ask about a confirmed VAT case when what it follows from changed, and about nothing else', async () => {
    const { id, exact, proposals, at } = await opened()
    await at.firm.addCustomer({ number: '10012', name: 'Van Dalen', vatCase: 'domestic-reverse-charge' })
    await exact.run(id)
    expect(await proposals()).toEqual([])
    await exact.edit('10012', { Country: 'BE', VATNumber: 'BE0403019261' })
    await exact.run(id)
    expect((await proposals()).map(({ field, ours, theirs }) => [field, ours, theirs])).toEqual([
      ['vatCase', 'domestic, reverse charge', 'business in the EU'],
    ])
    // It waits also when nothing changes any more.
    await exact.run(id, { full: true })
    expect(await proposals()).toHaveLength(1)
    const [one] = await proposals()
    await at.ask(`/proposals/${one?.id}/rejection`, { method: 'POST', version: one?.version ?? 0 })
    await exact.run(id, { full: true })
    expect(await proposals()).toEqual([])
    expect(await exact.numbered('10012')).toMatchObject({ vatCase: 'domestic-reverse-charge', country: 'BE' })
  })
})

describe('VAT cases', () => {
  it('that were derived are confirmed once, many at a time, and are left alone after that', async () => {
    const { at, id, exact, settings } = await opened()
    await exact.run(id)
    const list = async () =>
      (await at.ask<{ rows: { customerId: string; number: string; vatCase: string; version: number }[] }>('/vat-cases'))
        .body.rows
    const rows = await list()
    expect(rows.map(({ number, vatCase }) => [number, vatCase])).toEqual([
      ['10017', 'eu-business'],
      ['10012', 'domestic'],
    ])
    expect((await settings()).vatCasesToConfirm).toBe(2)
    const { body } = await at.ask<{ done: number; leftOut: unknown[] }>('/vat-cases/confirmation', {
      method: 'POST',
      body: {
        customers: rows.map((row) => ({
          id: row.customerId,
          version: row.version,
          vatCase: row.number === '10012' ? 'domestic-reverse-charge' : row.vatCase,
        })),
      },
    })
    expect(body).toMatchObject({ done: 2, leftOut: [] })
    expect(await list()).toEqual([])
    await exact.run(id, { full: true })
    expect(await exact.numbered('10012')).toMatchObject({ vatCase: 'domestic-reverse-charge', vatCaseConfirmed: true })
  })
})

describe('conflicts', () => {
  it('propose who it may be by KvK number, VAT id, e-mail and name, the surest first', async () => {
    const { at, id, exact, conflicts, resolve } = await opened()
    const byName = await at.firm.addCustomer({ number: null, name: 'van dalen techniek b.v. ' })
    const byKvk = await at.firm.addCustomer({
      number: null,
      name: 'Techniek',
      kvk: '90001234',
      email: 'facturen@vandalen.example',
    })
    await exact.run(id)
    const [conflict] = await conflicts()
    expect(conflict).toMatchObject({
      reason: 'perhaps-same',
      theirs: { code: '10012' },
      mayBeNew: true,
      candidates: [
        { id: byKvk, why: 'same KvK number, same e-mail address' },
        { id: byName, why: 'same name' },
      ],
    })
    // It persists beyond the run, also when nothing changed there.
    await exact.run(id)
    expect(await conflicts()).toHaveLength(1)
    const { status, body } = await resolve(conflict as Conflict, { as: 'customer', customerId: byKvk })
    expect([status, body.state]).toEqual([200, 'resolved'])
    expect(await exact.numbered('10012')).toMatchObject({ id: byKvk, name: 'Van Dalen Techniek B.V.' })
    expect((await resolve(conflict as Conflict, { as: 'new' })).status).toBe(409)
    await exact.run(id, { full: true })
    expect(await conflicts()).toEqual([])
    expect((await exact.customers()).filter(({ number }) => number === '10012')).toHaveLength(1)
  })

  it('see the same business under another number here', async () => {
    const { at, id, exact, conflicts, resolve } = await opened()
    const mine = await at.firm.addCustomer({ number: 'D-7', name: 'Iets anders', kvk: '90001234' })
    await exact.run(id)
    const [conflict] = await conflicts()
    expect(conflict).toMatchObject({
      reason: 'other-number',
      candidates: [{ id: mine, consequence: expect.stringContaining('D-7') }],
    })
    await resolve(conflict as Conflict, { as: 'customer', customerId: mine })
    expect(await exact.numbered('10012')).toMatchObject({ id: mine })
  })

  it('that are left alone are not asked again until something changes', async () => {
    const { at, id, exact, conflicts, resolve } = await opened()
    const mine = await at.firm.addCustomer({
      number: '10017',
      name: 'Kessler oud',
      country: 'DE',
      vatCase: 'eu-business',
      vatId: 'DE136695976',
    })
    await exact.run(id)
    const [conflict] = await conflicts()
    expect(conflict).toMatchObject({ reason: 'other-vat-id', mayBeNew: false })
    expect((await resolve(conflict as Conflict, { as: 'new' })).body.code).toBe('import-conflict-not-new')
    expect((await resolve(conflict as Conflict, { as: 'leave' })).body.state).toBe('left')
    expect((await exact.run(id, { full: true })).told).toContainEqual([
      '10017 Kessler Maschinenbau GmbH',
      'skipped',
      'It was left alone before, and nothing has changed since.',
    ])
    await exact.edit('10017', { VATNumber: 'DE811569869' })
    await exact.run(id)
    const [again] = await conflicts()
    expect(again?.id).toBe(conflict?.id)
    // Put right here, it settles itself with the next import, although nothing changed there.
    await at.firm.within((trx) =>
      trx.updateTable('customer').set({ vatId: 'DE811569869' }).where('id', '=', mine).execute(),
    )
    const { told } = await exact.run(id)
    expect(told).toMatchObject([['10017 Kessler Maschinenbau GmbH', 'updated', expect.stringContaining('linked')]])
    expect(await conflicts()).toEqual([])
    expect((await conflicts('?settled=true')).map(({ state }) => state)).toEqual(['passed'])
  })

  it('between a linked customer and one that has its number are decided either way', async () => {
    const { at, id, exact, conflicts, resolve } = await opened()
    await exact.run(id)
    const linked = await exact.numbered('10012')
    const other = await at.firm.addCustomer({ number: '10099', name: 'Ander' })
    await exact.edit('10012', { Code: '10099' })
    await exact.run(id)
    const [conflict] = await conflicts()
    expect(conflict).toMatchObject({ reason: 'two-candidates', mayBeNew: false })
    expect(conflict?.candidates.map((one) => [one.id, one.consequence])).toEqual([
      [linked?.id, 'Ander loses number 10099 here.'],
      [other, null],
    ])
    await resolve(conflict as Conflict, { as: 'customer', customerId: linked?.id })
    expect(await exact.numbered('10099')).toMatchObject({ id: linked?.id })
    expect((await exact.customers()).find((row) => row.id === other)).toMatchObject({ number: null })
  })

  it('about a VAT case or country that cannot be known are decided with it', async () => {
    const { id, exact, conflicts, resolve } = await opened()
    await exact.add({ Code: '29003', Name: 'Twee talen', Country: 'BE', VATNumber: 'NL001234567B01' })
    await exact.run(id)
    const [conflict] = await conflicts()
    expect(conflict).toMatchObject({ reason: 'vat-case-unclear', needs: ['vatCase'], candidates: [] })
    const empty = await resolve(conflict as Conflict, { as: 'new' })
    expect(empty.body.errors).toMatchObject([{ pointer: '/vatCase', code: 'required' }])
    expect((await resolve(conflict as Conflict, { as: 'new', vatCase: 'eu-business' })).status).toBe(200)
    expect(await exact.numbered('29003')).toMatchObject({
      vatCase: 'eu-business',
      vatCaseConfirmed: true,
      country: 'BE',
    })
  })

  it('stand there too when the number that the package gave is not ours to take', async () => {
    const { at, id, exact, conflicts, resolve } = await opened()
    await exact.run(id)
    const mine = await at.firm.addCustomer({ number: null, name: 'Net aangemaakt B.V.' })
    const other = await at.firm.addCustomer({ number: '29004', name: 'Was er al' })
    await exact.add({ Code: '29004', Name: 'Net aangemaakt B.V.' })
    const theirId = await app.changeWorld(at.firm.id, (world) =>
      String(Object.values(world.tables.Accounts ?? {}).find((row) => row.Name === 'Net aangemaakt B.V.')?.ID),
    )
    const now = app.clock.now()
    const written = await at.firm.within(async (trx) => {
      await trx
        .insertInto('link')
        .values({
          firmId: at.firm.id,
          connectionId: id,
          noun: 'customer',
          ourId: mine,
          theirId,
          theirCode: '29004',
          createdAt: now,
        })
        .execute()
      return writeBackNumber({ trx, firmId: at.firm.id }, { customerId: mine, theirCode: '29004', at: now })
    })
    expect(written).toBe('conflict')
    const of = async () => (await conflicts()).find(({ theirs }) => theirs.code === '29004')
    expect(await of()).toMatchObject({ reason: 'two-candidates', candidates: [{ id: mine }, { id: other }] })
    await exact.run(id)
    const again = await of()
    expect(again).toMatchObject({ reason: 'two-candidates' })
    await resolve(again as Conflict, { as: 'customer', customerId: mine })
    expect(await exact.numbered('29004')).toMatchObject({ id: mine })
  })

  it('are decided by one of two people at the same moment', async () => {
    const { at, id, exact, conflicts, resolve } = await opened()
    const mine = await at.firm.addCustomer({ number: null, name: 'Techniek', kvk: '90001234' })
    await exact.run(id)
    const [conflict] = await conflicts()
    const answers = await Promise.all([
      resolve(conflict as Conflict, { as: 'new' }),
      resolve(conflict as Conflict, { as: 'customer', customerId: mine }),
      resolve(conflict as Conflict, { as: 'leave' }),
    ])
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409])
    expect((await exact.customers()).filter(({ number }) => number === '10012').length).toBeLessThanOrEqual(1)
  })
})

describe('ten thousand customers', () => {
  it('are imported with no more calls than the connector makes, a page at a time, while the source moves', async () => {
    const { at, id, exact } = await opened()
    await exact.fill(10_000)
    const calls = () =>
      app.changeWorld(at.firm.id, (world) =>
        Object.values(world.state.calls as Record<string, number>).reduce((a, b) => a + b, 0),
      )
    const { id: taskId } = await exact.begin(id)
    const before = await calls()
    const memory = process.memoryUsage().rss
    const begun = performance.now()
    // Between the pages one that was read changes, one that comes is deleted, and one is added.
    let steps = 0
    const moving: Services = {
      ...app.services,
      store: {
        ...app.services.store,
        withFirm: async (...asked) => {
          const result = await (app.services.store.withFirm as (...args: unknown[]) => Promise<never>)(...asked)
          steps += 1
          if (steps === 5) {
            await exact.edit('50001', { City: 'Halverwege' })
            await exact.remove('59999')
            await exact.add({ Code: '61000', Name: 'Onderweg gemaakt B.V.' })
          }
          return result
        },
      },
    }
    await runTask(moving, `task:${at.firm.id}:${taskId}`)
    const ms = Math.round(performance.now() - begun)
    const used = (await calls()) - before
    const { task } = await exact.report(taskId)
    expect(task).toMatchObject({ state: 'done', problem: null })
    const customers = await exact.customers()
    expect(new Set(customers.map(({ number }) => number)).size).toBe(customers.length)
    expect(await exact.numbered('50001')).toMatchObject({ visitAddress: { city: 'Halverwege' } })
    expect(await exact.numbered('61000')).toBeDefined()
    // Deleted before it was read or after: what is left of it is known by the next import at the latest.
    await exact.run(id)
    const live = await app.database.asOwner(
      `select count(*)::int as count from link where firm_id = $1 and noun = 'customer' and inactive is null`,
      [at.firm.id],
    )
    expect(live).toEqual([{ count: 10_002 }])
    console.log(
      `10,000 customers: ${used} calls, ${ms} ms, ${Math.round((process.memoryUsage().rss - memory) / 1_048_576)} MB more`,
    )
    // Division, deletions, addresses and eleven pages of a thousand.
    expect(used).toBeLessThanOrEqual(16)
  }, 240_000)

  it('are not doubled by a process that dies between pages, nor by a second one beside it', async () => {
    const { at, id, exact } = await opened()
    await exact.fill(2_500)
    const { id: taskId } = await exact.begin(id)
    const key = `task:${at.firm.id}:${taskId}`
    let steps = 0
    const dying: Services = {
      ...app.services,
      store: {
        ...app.services.store,
        withFirm: async (...asked) => {
          steps += 1
          if (steps > 4) throw new Error('died')
          return (app.services.store.withFirm as (...args: unknown[]) => Promise<never>)(...asked)
        },
      },
    }
    await expect(runTask(dying, key)).rejects.toThrow('died')
    await app.database.asOwner('update directory.lane set lease_until = now() where key = $1', [key])
    await Promise.all([runTask(app.services, key), runTask(app.services, key)])
    const { task } = await exact.report(taskId)
    expect(task).toMatchObject({ state: 'done', report: { created: 2_502, skipped: 2 }, done: 2_504 })
    expect(await exact.customers()).toHaveLength(2_503)
  }, 120_000)
})

describe('a step of an import', () => {
  it('is done once more when the database ended it because it waited for another', async () => {
    const { at, id, exact } = await opened()
    const { id: taskId } = await exact.begin(id)
    let isEnded = false
    const deadlocked: Services = {
      ...app.services,
      store: {
        ...app.services.store,
        withFirm: (firmId, work, options) =>
          app.services.store.withFirm(
            firmId,
            async (trx) => {
              const result = await work(trx)
              const links = await trx.selectFrom('link').select('ourId').where('noun', '=', 'customer').execute()
              if (isEnded || links.length === 0) return result
              isEnded = true
              throw Object.assign(new Error('deadlock detected'), { code: '40P01' })
            },
            options,
          ),
      },
    }
    await runTask(deadlocked, `task:${at.firm.id}:${taskId}`)
    expect(isEnded).toBe(true)
    expect((await exact.report(taskId)).task).toMatchObject({ state: 'done', problem: null, report: { created: 2 } })
  })
})
