import { putRow } from '@uurwerk/connectors/contract/simulator.ts'
import {
  addFinancialYear,
  closePeriod,
  editRow,
  giveRight,
  removeFinancialYear,
  reopenPeriod,
  takeRight,
} from '@uurwerk/connectors/exact-online/simulator/bookkeeper.ts'
import { seededRandom } from '@uurwerk/core/shared/seeded-random.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { comeBackNightly } from '../src/coming-back/nightly.ts'
import { startNightlyImports } from '../src/imports/nightly-imports.ts'
import { testNow } from '../src/testing/app.ts'
import { administration, type Office, office } from '../src/testing/connected.ts'
import { type FurnishedApp, furnishedApp } from '../src/testing/furnished.ts'
import { type OfficeWithBooks, officeWithBooks } from '../src/testing/office-with-books.ts'

let app: FurnishedApp
beforeAll(async () => {
  app = await furnishedApp()
})
beforeEach(() => app.clock.set(testNow))
afterAll(() => app?.close())

type Desk = Parameters<typeof addFinancialYear>[0]
const random = seededRandom(11)
const desk = (at: OfficeWithBooks, act: (desk: Desk) => void) =>
  app.changeWorld(at.firm.id, (world) => act({ world, clock: app.clock, random }))

const minuteMs = 60_000

interface Invoice {
  readonly id: string
  readonly version: number
}
async function sent(at: OfficeWithBooks, date = '2026-03-31'): Promise<Invoice> {
  const draft = await at.good<Invoice>('/invoices', { method: 'POST', body: { customerId: at.firm.customerId, date } })
  const { version } = await at.good<Invoice>(`/invoices/${draft.id}/lines`, {
    method: 'POST',
    body: { description: 'Advies', quantity: '1', unit: 'piece', unitPrice: '100.00' },
    version: draft.version,
  })
  return at.good<Invoice>(`/invoices/${draft.id}/sending`, { method: 'POST', body: { how: 'other' }, version })
}

interface Preview {
  readonly documents: readonly { readonly state: string; readonly problems: readonly { readonly code: string }[] }[]
  readonly listsBeingRead: boolean
}
async function previewed(at: OfficeWithBooks, ...invoiceIds: string[]) {
  const { documents, listsBeingRead } = await at.good<Preview>('/postings/preview', {
    method: 'POST',
    body: { invoiceIds },
  })
  const codes = documents.flatMap(({ state, problems }) => [state, ...problems.map(({ code }) => code)])
  return [...codes, ...(listsBeingRead ? ['lists are being read'] : [])]
}

const tasks = (at: OfficeWithBooks, kind = 'refresh-lists') =>
  at.firm.within((trx) =>
    trx
      .selectFrom('task')
      .select(['id', 'state', 'params', 'createdAt'])
      .where('firmId', '=', at.firm.id)
      .where('kind', '=', kind)
      .orderBy('id')
      .execute(),
  )
const postings = (at: OfficeWithBooks) =>
  at.firm.within((trx) =>
    trx
      .selectFrom('posting')
      .select(['kind', 'state', 'problem'])
      .where('firmId', '=', at.firm.id)
      .where('kind', '=', 'salesEntry')
      .execute(),
  )
async function readByHand(at: OfficeWithBooks) {
  app.clock.forward(2 * minuteMs)
  await at.good(`/connections/${at.connectionId}/lists`, { method: 'POST' })
  await app.runTasks()
}
/** The year is not there, and the lists say so. */
async function yearMissing(): Promise<OfficeWithBooks> {
  const at = await officeWithBooks(app)
  await desk(at, (one) => removeFinancialYear(one, 2026))
  await readByHand(at)
  return at
}

describe('a draft that fails on an old list', () => {
  it('has the lists read again by itself, and the preview is well with the new ones', async () => {
    const at = await yearMissing()
    await desk(at, (one) => addFinancialYear(one, 2026))
    const { id } = await sent(at)
    app.clock.forward(20 * minuteMs)
    expect(await previewed(at, id)).toEqual(['needs-you', 'financial-year-missing', 'lists are being read'])
    expect(await previewed(at, id)).toEqual(['needs-you', 'financial-year-missing', 'lists are being read'])
    await app.runTasks()
    expect(await previewed(at, id)).toEqual(['ready'])
    expect(await tasks(at)).toMatchObject([{ state: 'done' }, { state: 'done' }, { state: 'done' }])
  })

  it('leaves lists alone that were read minutes ago, and problems that no list tells of', async () => {
    const at = await yearMissing()
    const { id } = await sent(at)
    expect(await previewed(at, id)).toEqual(['needs-you', 'financial-year-missing'])
    app.clock.forward(20 * minuteMs)
    await desk(at, (one) => addFinancialYear(one, 2026))
    await readByHand(at)
    app.clock.forward(20 * minuteMs)
    await app.database.asOwner('delete from posting_rule where firm_id = $1', [at.firm.id])
    expect(await previewed(at, id)).toEqual(['needs-you', 'posting-rule-missing'])
    expect(await tasks(at)).toHaveLength(3)
  })

  it('goes on by itself when it waited in the lane, and stays when nothing was mended there', async () => {
    const at = await officeWithBooks(app)
    const { id } = await sent(at)
    app.clock.forward(20 * minuteMs)
    await at.good('/postings', { method: 'POST', body: { invoiceIds: [id] } })
    // Between Post and its turn the lists say that the period is closed; there it was opened again since.
    await app.changeWorld(at.firm.id, (world) => closePeriod(world, { month: '2026-03' }))
    await readByHand(at)
    app.clock.forward(20 * minuteMs)
    await app.runLane(at.laneKey)
    expect(await postings(at)).toMatchObject([{ state: 'blocked', problem: { code: 'period-closed' } }])
    await app.runTasks()
    expect(await postings(at)).toMatchObject([{ state: 'blocked', problem: { code: 'period-closed' } }])
    // Another list is no reason to try again.
    await app.changeWorld(at.firm.id, (world) => {
      for (const [key, row] of Object.entries(world.tables.VATCodes ?? {}))
        putRow(world, 'VATCodes', key, { ...row, Description: `${row.Description} (2026)` })
    })
    await readByHand(at)
    expect(await postings(at)).toMatchObject([{ state: 'blocked', problem: { code: 'period-closed' } }])
    await app.changeWorld(at.firm.id, (world) => reopenPeriod(world, { month: '2026-03' }))
    await readByHand(at)
    expect(await postings(at)).toMatchObject([{ state: 'waiting' }])
    app.clock.forward(2 * minuteMs)
    await app.runLane(at.laneKey)
    expect(await postings(at)).toMatchObject([{ state: 'posted' }])
  })

  it('is decided all the same where invoices are posted by themselves, and arrives with the new lists', async () => {
    const at = await yearMissing()
    await desk(at, (one) => addFinancialYear(one, 2026))
    const { version } = await at.good<{ version: number }>(`/connections/${at.connectionId}`)
    await at.good(`/connections/${at.connectionId}`, { method: 'PATCH', version, body: { postAutomatically: true } })
    app.clock.forward(20 * minuteMs)
    await sent(at)
    await app.runTasks()
    app.clock.forward(2 * minuteMs)
    await app.runLane(at.laneKey)
    expect(await postings(at)).toMatchObject([{ state: 'posted' }])
  })
})

describe('every night', () => {
  it('lists and health are read again where the connection is used, once, and before the import', async () => {
    const at = await officeWithBooks(app)
    const unused = await officeWithBooks(app)
    for (const table of ['posting_rule', 'link'])
      await app.database.asOwner(`delete from ${table} where firm_id = $1`, [unused.firm.id])
    await desk(at, (one) => editRow(one, 'Journals', '70', { IsBlocked: true }))
    app.clock.set('2026-04-01T01:23:00.000Z')
    await comeBackNightly(app.services)
    await comeBackNightly(app.services)
    expect(await tasks(at)).toMatchObject([{ state: 'done' }, { state: 'waiting', params: { startedBy: 'night' } }])
    expect(await tasks(unused)).toHaveLength(1)
    await app.runTasks()
    const { health, healthAt, lists } = await at.good<{
      health: { title: string }[]
      healthAt: string
      lists: { readAt: string }[]
    }>(`/connections/${at.connectionId}`)
    expect(healthAt).toBe('2026-04-01T01:23:00.000Z')
    expect(new Set(lists.map(({ readAt }) => readAt))).toEqual(new Set([healthAt]))
    expect(health.map(({ title }) => title)).toContain('Sales journal 70 Verkoopboek is blocked')
  })

  it('an import at an hour of its own takes the lists along, unless this night has read them', async () => {
    const at = await officeWithBooks(app)
    const { version } = await at.good<{ version: number }>(`/connections/${at.connectionId}/import-settings`)
    await at.good(`/connections/${at.connectionId}/import-settings`, {
      method: 'PATCH',
      version,
      body: { nightlyImport: true, nightlyAt: '23:30' },
    })
    app.clock.set('2026-03-31T21:31:00.000Z')
    await startNightlyImports(app.services)
    expect([(await tasks(at)).length, (await tasks(at, 'import-customers')).length]).toEqual([2, 1])
    await app.runTasks()
    app.clock.set('2026-04-01T01:23:00.000Z')
    await comeBackNightly(app.services)
    expect(await tasks(at)).toHaveLength(3)
  })

  it('costs what is counted against the calls of the day', async () => {
    const at = await officeWithBooks(app)
    app.clock.set('2026-04-01T01:23:00.000Z')
    await comeBackNightly(app.services)
    await app.runTasks()
    const { health } = await at.good<{ health: { about: string; title: string }[] }>(`/connections/${at.connectionId}`)
    const [left = 0, most = 0] =
      health
        .find(({ about }) => about === 'limits')
        ?.title.match(/\d+/g)
        ?.map(Number) ?? []
    expect(most).toBe(5000)
    expect(most - left).toBeGreaterThan(20)
    expect(most - left).toBeLessThanOrEqual(40)
  })
})

describe('a list that may not be seen', () => {
  interface Shown {
    readonly lists: readonly { readonly noun: string; readonly count: number; readonly unread: object | null }[]
    readonly health: readonly {
      readonly about: string
      readonly state: string
      readonly title: string
      readonly detail: string
    }[]
  }
  const shown = async (at: OfficeWithBooks | Office, id: string, language: 'en' | 'nl' = 'en') => {
    const { lists, health } = (await at.ask<Shown>(`/connections/${id}`, { language })).body
    return {
      lists: Object.fromEntries(lists.map(({ noun, count }) => [noun, count])),
      unread: lists.flatMap(({ noun, unread }) => (unread ? [noun] : [])),
      rights: health
        .filter(({ about }) => about === 'rights')
        .map(({ state, title, detail }) => [state, title, detail]),
      abouts: health.map(({ about }) => about),
    }
  }
  const everybody = (at: Office, act: (desk: Desk, email: string) => unknown) =>
    app.changeWorld(at.firm.id, (world) => {
      for (const { Email } of Object.values(world.tables.Users ?? {}))
        act({ world, clock: app.clock, random }, String(Email))
    })

  it('keeps no other from being read at the first look, nor the health, and says which right it needs', async () => {
    const at = await office(app)
    const { id, signInAt } = await at.activate()
    await at.comeBack(await at.consent(signInAt))
    await everybody(at, (one, email) => takeRight(one, email, { path: 'hrm/', as: 'refused' }))
    await at.ask(`/connections/${id}/administration`, { method: 'PUT', body: { administration } })
    await app.runTasks()
    const first = await shown(at, id)
    expect(first.lists).toMatchObject({ items: 10, journals: 6, dimensions: 0, periods: 36 })
    expect(first.unread).toEqual(['dimensions'])
    expect(first.abouts).toContain('access')
    expect(first.rights).toEqual([
      [
        'bad',
        'Not read: cost centres and units',
        'Ask the administrator of Exact Online to give the person who signed in the right HRM › Cost centres and units › View, and read the lists again.',
      ],
    ])
    expect((await shown(at, id, 'nl')).rights).toEqual([
      [
        'bad',
        'Niet gelezen: kostenplaatsen en -dragers',
        'Vraag de beheerder van Exact Online om wie zich aanmeldde het recht HRM › Kostenplaatsen en kostendragers › Bekijken te geven, en lees de lijsten opnieuw.',
      ],
    ])
    app.clock.forward(2 * minuteMs)
    await at.ask(`/connections/${id}/check`, { method: 'POST' })
    expect((await shown(at, id)).unread).toEqual(['dimensions'])
    await everybody(at, (one, email) => giveRight(one, email, 'hrm/'))
    app.clock.forward(2 * minuteMs)
    await at.ask(`/connections/${id}/lists`, { method: 'POST' })
    await app.runTasks()
    const last = await shown(at, id)
    expect([last.unread, last.rights.map(([state]) => state)]).toEqual([[], ['good']])
  })

  it('keeps what was read of it, and all rights are not said to be there', async () => {
    const at = await officeWithBooks(app)
    const before = (await shown(at, at.connectionId)).lists
    await everybody(at, (one, email) => takeRight(one, email, { path: 'vat/', as: 'empty' }))
    await readByHand(at)
    const { lists, rights } = await shown(at, at.connectionId)
    expect(lists).toEqual(before)
    expect(rights.map(([state, title]) => [state, title])).toEqual([['bad', 'Not read: VAT codes']])
  })
})
