import type { World } from '@uurwerk/connectors/contract/simulator.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runTask, sweepTasks } from '../src/jobs/tasks.ts'
import { type ConnectedApp, connectedApp, type Office, office } from '../src/testing/connected.ts'

let app: ConnectedApp
beforeAll(async () => {
  app = await connectedApp()
})
afterAll(() => app.close())

interface Task {
  readonly id: string
  readonly state: string
  readonly now: string | null
  readonly done: number
  readonly report: Record<string, number> | null
  readonly problem: { readonly code: string } | null
}
interface Row {
  readonly label: string
  readonly outcome: string
  readonly detail: string | null
  readonly subjectId: string | null
}

const begin = async (at: Office, id: string, body: object = {}) =>
  (await at.ask<Task>(`/connections/${id}/imports`, { method: 'POST', body })).body

async function imported(at: Office, id: string, body: object = {}) {
  const { id: taskId } = await begin(at, id, body)
  await app.runTasks()
  const task = (await at.ask<Task>(`/tasks/${taskId}`)).body
  const { rows } = (await at.ask<{ rows: Row[] }>(`/tasks/${taskId}/rows`)).body
  return { task, rows, byLabel: Object.fromEntries(rows.map((row) => [row.label, row])) }
}

const customers = (at: Office) =>
  at.firm.within((trx) =>
    trx
      .selectFrom('customer')
      .selectAll()
      .where('firmId', '=', at.firm.id)
      .where('deletedAt', 'is', null)
      .orderBy('number')
      .execute(),
  )
const byNumber = async (at: Office, number: string) => (await customers(at)).find((row) => row.number === number)

type Account = { [field: string]: unknown; ID?: string }
/** What the bookkeeper does in the package. */
const account = (at: Office, code: string, change: Account) =>
  app.changeWorld(at.firm.id, (world) => edit(world, code, change))

function edit(world: World, code: string, change: Account): void {
  const table = world.tables.Accounts ?? {}
  const found = Object.entries(table).find(([, row]) => String(row.Code).trim() === code)
  if (!found) throw new Error(`no account ${code}`)
  const versions = world.state.versions as Record<string, number>
  const next = (versions['1234567'] ?? 0) + 1
  versions['1234567'] = next
  table[found[0]] = { ...found[1], ...change, Timestamp: String(next) }
  world.changed.add(`Accounts/${found[0]}`)
}

/** More accounts like the first one. */
const addAccounts = (at: Office, rows: readonly Account[]) =>
  app.changeWorld(at.firm.id, (world) => {
    const table = world.tables.Accounts ?? {}
    const first = Object.values(table).find((row) => String(row.Code).trim() === '10012')
    for (const [n, row] of rows.entries()) {
      const id = `00000000-0000-4000-8000-${String(Object.keys(table).length + n).padStart(12, '0')}`
      const blank = { VATNumber: null, ChamberOfCommerce: null, Email: null, Phone: null }
      table[id] = { ...first, ...blank, ID: id, ...row }
      world.changed.add(`Accounts/${id}`)
      edit(world, String(row.Code ?? ''), {})
    }
  })

describe('the first import of customers', () => {
  it('takes over every field, derives the VAT case, and says why the others were left out', async () => {
    const at = await office(app)
    const id = await at.connect()
    const { task, rows, byLabel } = await imported(at, id)
    expect(task).toMatchObject({ state: 'done', problem: null, report: { created: 2, skipped: 2 } })
    expect(rows).toHaveLength(4)
    expect(byLabel['10009 Oud & Klaar V.O.F.']).toMatchObject({
      outcome: 'skipped',
      detail: 'It is blocked in the package.',
    })
    expect(byLabel['10005 Voormalig Klant B.V.']).toMatchObject({
      outcome: 'skipped',
      detail: 'It has ended in the package.',
    })
    expect(await byNumber(at, '10012')).toMatchObject({
      name: 'Van Dalen Techniek B.V.',
      visitAddress: { line1: 'Industrieweg 14', postcode: '3542 AD', city: 'Utrecht', country: 'NL' },
      country: 'NL',
      email: 'facturen@vandalen.example',
      phone: '+31 30 555 0112',
      vatId: expect.stringMatching(/^NL001234567B\d\d$/),
      kvk: '90001234',
      paymentDays: 30,
      paymentEndOfMonth: false,
      vatCase: 'domestic',
      vatCaseConfirmed: false,
      language: 'nl',
      currency: 'EUR',
    })
    expect(await byNumber(at, '10017')).toMatchObject({
      country: 'DE',
      vatCase: 'eu-business',
      vatCaseConfirmed: false,
      language: 'en',
      paymentDays: 14,
    })
    const links = await at.firm.within((trx) =>
      trx
        .selectFrom('link')
        .select(['noun', 'theirCode'])
        .where('firmId', '=', at.firm.id)
        .orderBy('theirCode')
        .execute(),
    )
    expect(links).toEqual([
      { noun: 'customer', theirCode: '10012' },
      { noun: 'customer', theirCode: '10017' },
    ])
    const dutch = await at.ask<{ rows: Row[] }>(`/tasks/${task.id}/rows?outcome=skipped`, { language: 'nl' })
    expect(dutch.body.rows[0]?.detail).toMatch(/pakket\.$/)
  })

  it('adopts ours by number, overwrites what the package leads, and nothing with an empty value', async () => {
    const at = await office(app)
    const mine = await at.firm.addCustomer({
      number: '10017',
      name: 'Kessler',
      country: 'DE',
      vatCase: 'eu-business',
      phone: '+49 1',
      website: 'kessler.example',
      email: 'old@kessler.example',
    })
    const id = await at.connect()
    const { byLabel } = await imported(at, id)
    expect(byLabel['10017 Kessler Maschinenbau GmbH']).toMatchObject({ outcome: 'updated', subjectId: mine })
    expect(byLabel['10017 Kessler Maschinenbau GmbH']?.detail).toContain('Changed: name, address')
    expect(await byNumber(at, '10017')).toMatchObject({
      id: mine,
      name: 'Kessler Maschinenbau GmbH',
      email: 'rechnung@kessler.example',
      phone: '+49 1',
      website: 'kessler.example',
      vatCaseConfirmed: true,
      version: 2,
    })
    const history = await at.firm.within((trx) =>
      trx
        .selectFrom('history')
        .select(['act', 'actorName', 'why'])
        .where('firmId', '=', at.firm.id)
        .where('subjectId', '=', mine)
        .execute(),
    )
    expect(history).toEqual([
      { act: 'import-changed', actorName: 'administrator', why: 'Exact Online' },
      { act: 'import-linked', actorName: 'administrator', why: 'Exact Online' },
    ])
  })

  it('shows a conflict and guesses nothing', async () => {
    const at = await office(app)
    const other = await at.firm.addCustomer({
      number: '10017',
      name: 'Kessler oud',
      country: 'DE',
      vatCase: 'eu-business',
      vatId: 'DE136695976',
    })
    const unnumbered = await at.firm.addCustomer({ number: null, name: 'Techniek van Dalen', kvk: '90001234' })
    const id = await at.connect()
    const { task, byLabel } = await imported(at, id)
    expect(task.report).toMatchObject({ conflict: 2 })
    expect(byLabel['10017 Kessler Maschinenbau GmbH']).toMatchObject({ outcome: 'conflict', subjectId: other })
    expect(byLabel['10017 Kessler Maschinenbau GmbH']?.detail).toContain('DE136695976')
    expect(byLabel['10012 Van Dalen Techniek B.V.']).toMatchObject({
      outcome: 'conflict',
      subjectId: unnumbered,
      detail: expect.stringContaining('Techniek van Dalen'),
    })
    expect(await byNumber(at, '10017')).toMatchObject({ name: 'Kessler oud', version: 1 })
    expect((await customers(at)).filter(({ number }) => number === '10012')).toEqual([])
  })

  it('proposes what decides about VAT and term while work is not invoiced', async () => {
    const at = await office(app)
    const mine = await at.firm.addCustomer({
      number: '10012',
      name: 'Van Dalen',
      paymentDays: 8,
      vatCaseConfirmed: false,
    })
    const project = await at.firm.addProject({ customerId: mine, code: 'DALEN' })
    await at.firm.addHours({ projectId: project })
    const id = await at.connect()
    const { byLabel } = await imported(at, id)
    const row = byLabel['10012 Van Dalen Techniek B.V.']
    expect(row?.outcome).toBe('updated')
    expect(row?.detail).toContain('Not applied: payment term is 8 here and 30 in the package.')
    expect(row?.detail).toContain('VAT id is – here and NL001234567B')
    expect(row?.detail).not.toContain('end of the month')
    expect(await byNumber(at, '10012')).toMatchObject({ name: 'Van Dalen Techniek B.V.', paymentDays: 8, vatId: null })
  })
})

describe('a later import', () => {
  it('reads only what changed, from the mark on; a full one reads everything', async () => {
    const at = await office(app)
    const id = await at.connect()
    await imported(at, id)
    expect((await imported(at, id)).rows).toEqual([])
    app.clock.forward(60_000)
    await account(at, '10012', { City: 'Amersfoort' })
    const again = await imported(at, id)
    expect(again.rows).toMatchObject([
      { label: '10012 Van Dalen Techniek B.V.', outcome: 'updated', detail: 'Changed: address.' },
    ])
    expect(await byNumber(at, '10012')).toMatchObject({ visitAddress: { city: 'Amersfoort' } })
    app.clock.forward(60_000)
    const full = await imported(at, id, { full: true })
    expect(full.task.report).toEqual({ unchanged: 2, skipped: 2 })
  })

  it('leaves a customer alone that is none any more, or that was deleted here', async () => {
    const at = await office(app)
    const id = await at.connect()
    await imported(at, id)
    await at.firm.within((trx) =>
      trx
        .updateTable('customer')
        .set({ deletedAt: app.clock.now() })
        .where('firmId', '=', at.firm.id)
        .where('number', '=', '10017')
        .execute(),
    )
    await account(at, '10012', { Status: 'P', City: 'Elders' })
    await account(at, '10017', { City: 'Elders' })
    app.clock.forward(60_000)
    const { rows } = await imported(at, id)
    expect(rows.map(({ outcome, detail }) => [outcome, detail])).toEqual([
      ['inactive', 'It is no customer in the package (any more).'],
      ['skipped', 'It was deleted here.'],
    ])
    expect(await byNumber(at, '10012')).toMatchObject({ visitAddress: { city: 'Utrecht' } })
  })
})

describe('an import that is interrupted', () => {
  const many = Array.from({ length: 1_200 }, (_, n) => ({ Code: String(30_000 + n), Name: `Klant ${n}` }))

  it('goes on after its process died, without doing a row twice or losing one', async () => {
    const at = await office(app)
    const id = await at.connect()
    await addAccounts(at, many)
    const { id: taskId } = await begin(at, id)
    const key = `task:${at.firm.id}:${taskId}`
    // Dies in the second page, after the first was stored.
    let pages = 0
    const dying = {
      ...app.services,
      events: {
        ...app.services.events,
        publish: async (...told: Parameters<typeof app.services.events.publish>) => {
          if (told[2].topic === 'customers' && ++pages === 2) throw new Dead()
          await app.services.events.publish(...told)
        },
      },
      store: { ...app.services.store, withFirm: dieAfter(app.services.store.withFirm, () => pages >= 2) },
    }
    await expect(runTask(dying, key)).rejects.toThrow('died')
    const midway = await customers(at)
    expect(midway.length).toBeGreaterThan(900)
    expect(midway.length).toBeLessThan(1_200)
    const marks = () =>
      app.database.asOwner("select mark from package_mark where firm_id = $1 and noun = 'customers'", [at.firm.id])
    expect(await marks()).toEqual([])

    // Its lease runs out by the clock of the database.
    expect(await sweepTasks(app.services)).not.toContain(key)
    await app.database.asOwner('update directory.lane set lease_until = now() where key = $1', [key])
    expect(await sweepTasks(app.services)).toContain(key)
    app.clock.forward(120_000)
    await runTask(app.services, key)
    const task = (await at.ask<Task>(`/tasks/${taskId}`)).body
    expect(task).toMatchObject({ state: 'done', report: { created: 1_202, skipped: 2 }, done: 1_204 })
    expect(await customers(at)).toHaveLength(1_203)
    expect(await marks()).toHaveLength(1)
    const left = await app.database.asOwner('select 1 from directory.lane where key = $1', [key])
    expect(left).toEqual([])
  })

  it('waits as long as the package says and goes on by itself', async () => {
    const at = await office(app)
    const id = await at.connect()
    app.clock.forward(120_000)
    await app.fault(at.firm.id, { kind: 'tooManyRequests', on: 'GET sync/CRM/Accounts', times: 1 })
    await app.fault(at.firm.id, { kind: 'tooManyRequests', on: 'GET crm/Accounts', times: 1 })
    const { id: taskId } = await begin(at, id)
    await app.runTasks()
    const waiting = (await at.ask<Task>(`/tasks/${taskId}`)).body
    expect(waiting).toMatchObject({
      state: 'waiting',
      now: 'Waiting for the package',
      problem: { code: 'limit-reached' },
    })
    const key = `task:${at.firm.id}:${taskId}`
    expect(await sweepTasks(app.services)).not.toContain(key)
    app.clock.forward(65_000)
    expect(await sweepTasks(app.services)).toContain(key)
    await runTask(app.services, key)
    expect((await at.ask<Task>(`/tasks/${taskId}`)).body).toMatchObject({ state: 'done', report: { created: 2 } })
  })

  it('ends with what the person must do when access is gone', async () => {
    const at = await office(app)
    const id = await at.connect()
    app.clock.forward(120_000)
    await app.fault(at.firm.id, { kind: 'inactiveUser' })
    const { task } = await imported(at, id)
    expect(task).toMatchObject({ state: 'failed', problem: { code: 'user-inactive' } })
    expect((await at.ask(`/connections/${id}`)).body).toMatchObject({
      state: 'reconnect',
      problem: { code: 'user-inactive' },
    })
  })

  it('is one, when two people start it at once', async () => {
    const at = await office(app)
    const id = await at.connect()
    const begun = await Promise.all([begin(at, id), begin(at, id), begin(at, id)])
    expect(new Set(begun.map((task) => task.id)).size).toBe(1)
    await app.runTasks()
  })
})

class Dead extends Error {
  constructor() {
    super('died')
  }
}

/** From then on nothing reaches the database any more. */
const dieAfter =
  (withFirm: ConnectedApp['services']['store']['withFirm'], isDead: () => boolean): typeof withFirm =>
  async (firmId, work, options) => {
    if (isDead()) throw new Dead()
    return withFirm(firmId, work, options)
  }
