import { giveRight, takeRight } from '@uurwerk/connectors/exact-online/simulator/bookkeeper.ts'
import { seededRandom } from '@uurwerk/core/shared/seeded-random.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { comeBackNightly } from '../src/coming-back/nightly.ts'
import { runTask } from '../src/jobs/tasks.ts'
import { testNow } from '../src/testing/app.ts'
import { type FurnishedApp, furnishedApp } from '../src/testing/furnished.ts'
import { type OfficeWithBooks, officeWithBooks } from '../src/testing/office-with-books.ts'

let app: FurnishedApp
beforeAll(async () => {
  app = await furnishedApp()
})
beforeEach(() => app.clock.set(testNow))
afterAll(() => app?.close())

const random = seededRandom(13)
const minuteMs = 60_000

async function booked(): Promise<OfficeWithBooks> {
  const at = await officeWithBooks(app)
  const body = { customerId: at.firm.customerId, date: '2026-03-31' }
  const draft = await at.good<{ id: string; version: number }>('/invoices', { method: 'POST', body })
  const { version } = await at.good<{ version: number }>(`/invoices/${draft.id}/lines`, {
    method: 'POST',
    body: { description: 'Advies', quantity: '1', unit: 'piece', unitPrice: '100.00' },
    version: draft.version,
  })
  await at.good(`/invoices/${draft.id}/sending`, { method: 'POST', body: { how: 'other' }, version })
  app.clock.forward(minuteMs)
  await at.good('/postings', { method: 'POST', body: { invoiceIds: [draft.id] } })
  for (let pass = 0; pass < 3; pass++) {
    app.clock.forward(minuteMs)
    await app.runLane(at.laneKey)
  }
  return at
}

interface Row {
  readonly id: string
  readonly kind: string
  readonly state: string
  readonly params: Readonly<Record<string, unknown>>
}
const tasks = async (at: OfficeWithBooks, ...kinds: string[]): Promise<Row[]> =>
  (await at.firm.within((trx) =>
    trx
      .selectFrom('task')
      .select(['id', 'kind', 'state', 'params'])
      .where('firmId', '=', at.firm.id)
      .where('kind', 'in', kinds)
      .orderBy('id')
      .execute(),
  )) as Row[]
const comingBack = async (at: OfficeWithBooks) =>
  (await tasks(at, 'read-payments', 'reconcile')).map(({ kind, state }) => `${kind} ${state}`)

/** One after the other, since a minute has its limit. */
async function night(instant: string): Promise<void> {
  app.clock.set(instant)
  await comeBackNightly(app.services)
  for (let pass = 0; pass < 3; pass++) {
    await app.runTasks()
    app.clock.forward(minuteMs)
  }
}
interface Notice {
  readonly id: string
  readonly code: string
  readonly title: string
  readonly detail: string
}
const ofNights = ['payments-not-read', 'books-not-compared', 'lists-not-read']
const told = async (at: OfficeWithBooks, language: 'en' | 'nl' = 'en') =>
  (await at.good<{ rows: Notice[] }>('/notifications?unread=true', { language })).rows
    .filter(({ code }) => ofNights.includes(code))
    .sort((a, b) => a.code.localeCompare(b.code))
const health = async (at: OfficeWithBooks) =>
  (
    await at.good<{ health: { about: string; state: string; title: string; detail: string }[] }>(
      `/connections/${at.connectionId}`,
    )
  ).health
    .filter(({ about }) => about === 'payment' || about === 'comparison')
    .map(({ state, title }) => [state, title])
const everybody = (at: OfficeWithBooks, act: (desk: Parameters<typeof takeRight>[0], email: string) => unknown) =>
  app.changeWorld(at.firm.id, (world) => {
    for (const { Email } of Object.values(world.tables.Users ?? {}))
      act({ world, clock: app.clock, random }, String(Email))
  })

describe('a night', () => {
  it('that nobody worked is made up for once, however many they were', async () => {
    const at = await booked()
    expect(await comingBack(at)).toEqual([])
    app.clock.set('2026-04-03T07:23:00.000Z')
    await comeBackNightly(app.services)
    await comeBackNightly(app.services)
    expect(await comingBack(at)).toEqual(['read-payments waiting', 'reconcile waiting'])
    await app.runTasks()
    app.clock.set('2026-04-03T21:23:00.000Z')
    await comeBackNightly(app.services)
    expect(await comingBack(at)).toHaveLength(2)
    app.clock.set('2026-04-04T01:23:00.000Z')
    await comeBackNightly(app.services)
    expect(await comingBack(at)).toHaveLength(4)
  })

  it('in which payments could not be read nor the books be compared is told once, in both languages, until it goes well', async () => {
    const at = await booked()
    await everybody(at, (desk, email) => {
      takeRight(desk, email, { path: 'sync/cashflow/', as: 'refused' })
      takeRight(desk, email, { path: 'salesentry/', as: 'refused' })
    })
    await night('2026-04-01T01:23:00.000Z')
    const first = await told(at)
    expect(first.map(({ title }) => title)).toEqual([
      'What was posted could not be compared with Exact Online',
      'What was paid could not be read from Exact Online',
    ])
    const dutch = await told(at, 'nl')
    expect(dutch.map(({ title }) => title)).toEqual([
      'Wat geboekt is kon niet vergeleken worden met Exact Online',
      'Wat betaald is kon niet gelezen worden uit Exact Online',
    ])
    expect(first[1]?.detail).toContain('It is tried again every night')
    expect(dutch[1]?.detail).not.toBe(first[1]?.detail)
    expect(await health(at)).toEqual([
      ['attention', expect.stringMatching(/^Payments could not be read: 1 Apr 2026/)],
      ['attention', expect.stringMatching(/^Not compared with the books: 1 Apr 2026/)],
    ])
    await at.good('/notifications/read', { method: 'POST', body: { ids: first.map(({ id }) => id) } })
    await night('2026-04-02T01:23:00.000Z')
    expect(await told(at)).toEqual([])
    await everybody(at, (desk, email) => {
      giveRight(desk, email, 'sync/cashflow/')
      giveRight(desk, email, 'salesentry/')
    })
    await night('2026-04-03T01:23:00.000Z')
    expect(await health(at)).toEqual([
      ['good', expect.stringMatching(/^Payments read: 3 Apr 2026/)],
      ['good', expect.stringMatching(/^Compared with the books: 3 Apr 2026/)],
    ])
    await everybody(at, (desk, email) => takeRight(desk, email, { path: 'sync/cashflow/', as: 'refused' }))
    await night('2026-04-04T01:23:00.000Z')
    expect((await told(at)).map(({ code }) => code)).toEqual(['payments-not-read'])
  })

  it('is told of no more once the package is disconnected, also when it was under way just then', async () => {
    const at = await booked()
    await everybody(at, (desk, email) => takeRight(desk, email, { path: 'sync/cashflow/', as: 'refused' }))
    await night('2026-04-01T01:23:00.000Z')
    expect(await told(at)).toHaveLength(1)
    app.clock.set('2026-04-02T01:23:00.000Z')
    await comeBackNightly(app.services)
    await at.good(`/connections/${at.connectionId}/disconnection`, { method: 'POST' })
    expect(await told(at)).toEqual([])
    await app.runTasks()
    expect(await comingBack(at)).toContain('read-payments failed')
    expect(await told(at)).toEqual([])
  })
})

describe('asked for more than what is under way does', () => {
  const compare = (at: OfficeWithBooks, scope: string) =>
    at.good<{ id: string }>(`/connections/${at.connectionId}/reconciliations`, { method: 'POST', body: { scope } })
  const importAll = (at: OfficeWithBooks, full: boolean) =>
    at.good<{ id: string; full: boolean }>(`/connections/${at.connectionId}/imports`, {
      method: 'POST',
      body: { full },
    })
  const scopes = async (at: OfficeWithBooks) =>
    (await tasks(at, 'reconcile')).map(({ state, params }) => `${params.scope} ${state}`)

  it('what waits becomes the greater one, and is not made less again', async () => {
    const at = await officeWithBooks(app)
    const lesser = await compare(at, 'open-periods')
    expect((await compare(at, 'all')).id).toBe(lesser.id)
    expect((await compare(at, 'open-periods')).id).toBe(lesser.id)
    expect(await scopes(at)).toEqual(['all waiting'])
    const some = await importAll(at, false)
    expect(await importAll(at, true)).toMatchObject({ id: some.id, full: true })
  })

  it('behind what runs another waits for its end, once, and the same is not done twice', async () => {
    const at = await officeWithBooks(app)
    const lesser = await compare(at, 'open-periods')
    await app.database.asOwner(`update task set state = 'running', now = 'comparing' where id = $1`, [lesser.id])
    const all = await compare(at, 'all')
    expect(all.id).not.toBe(lesser.id)
    expect((await compare(at, 'all')).id).toBe(all.id)
    expect((await compare(at, 'open-periods')).id).toBe(lesser.id)
    expect(await scopes(at)).toEqual(['open-periods running', 'all waiting'])
    const key = (id: string) => `task:${at.firm.id}:${id}`
    expect(await runTask(app.services, key(all.id))).not.toBeNull()
    expect(await scopes(at)).toEqual(['open-periods running', 'all waiting'])
    const woken = app.woken.length
    expect(await runTask(app.services, key(lesser.id))).toBeNull()
    expect(app.woken.slice(woken)).toContain(key(all.id))
    await app.runTasks()
    expect(await scopes(at)).toEqual(['open-periods done', 'all done'])
  })
})
