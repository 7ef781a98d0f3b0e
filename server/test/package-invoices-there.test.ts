import { putRow, rowsOf, type World } from '@uurwerk/connectors/contract/simulator.ts'
import {
  closePeriod,
  type Desk,
  discardInvoice,
  printInvoice,
} from '@uurwerk/connectors/exact-online/simulator/bookkeeper.ts'
import { seededRandom } from '@uurwerk/core/shared/seeded-random.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { testNow } from '../src/testing/app.ts'
import { type FurnishedApp, furnishedApp } from '../src/testing/furnished.ts'
import { type OfficeWithBooks, officeWithBooks } from '../src/testing/office-with-books.ts'

/** What the bookkeeper does in Exact Online with invoices that were made there from our entries. */
let app: FurnishedApp
beforeAll(async () => {
  app = await furnishedApp()
})
beforeEach(() => app.clock.set(testNow))
afterAll(() => app.close())

interface Invoice {
  readonly id: string
  readonly state: string
  readonly theirNumber: string | null
  readonly theirGross: string | null
  readonly printing: { id: string; state: string } | null
  readonly ended: { why: string } | null
}
const read = (at: OfficeWithBooks, id: string) => at.good<Invoice>(`/package-invoices/${id}`)

async function made(at: OfficeWithBooks): Promise<{ readonly id: string; readonly hours: string }> {
  const hours = await at.firm.addHours()
  const { rows } = await at.good<{ rows: { id: string }[] }>('/package-invoices', {
    method: 'POST',
    body: { hours: { ids: [hours] }, date: '2026-03-31' },
  })
  for (let count = 0; count < 3; count += 1) {
    app.clock.forward(65_000)
    await app.runLane(at.laneKey)
  }
  return { id: rows[0]?.id ?? '', hours }
}
const stateOf = async (at: OfficeWithBooks, hours: string) =>
  (await at.good<{ state: string }>(`/hours/${hours}`)).state

const inWorld = (at: OfficeWithBooks, act: (world: World) => unknown) =>
  app.changeWorld(at.firm.id, (world) => void act(world))
const theirs = (world: World) => String(rowsOf(world, 'SalesInvoices').at(-1)?.InvoiceID)
const atTheDesk = (at: OfficeWithBooks, act: (desk: Desk, invoice: string) => unknown) =>
  inWorld(at, (world) => act({ world, clock: app.clock, random: seededRandom(7) }, theirs(world)))

async function compare(at: OfficeWithBooks) {
  app.clock.forward(120_000)
  await at.good(`/connections/${at.connectionId}/reconciliations`, { method: 'POST', body: {} })
  await app.runTasks()
  await app.runLane(at.laneKey)
  const { rows } = await at.good<{ rows: { outcome: string; documents: number }[] }>('/reconciliations')
  return rows[0]
}
const readLists = async (at: OfficeWithBooks) => {
  app.clock.forward(120_000)
  await at.good(`/connections/${at.connectionId}/lists`, { method: 'POST' })
  await app.runTasks()
}
interface Difference {
  readonly kind: string
  readonly title: string
  readonly detail: string
  readonly can: readonly string[]
}
const differences = async (at: OfficeWithBooks, state: string) =>
  (await at.good<{ rows: Difference[] }>(`/books-differences?state=${state}`)).rows

describe('an invoice that the package made and that is deleted there', () => {
  it.each([['an open period'], ['a period that was closed since']])(
    'frees what stood on it at the next comparison, in %s, and says so',
    async (period) => {
      const at = await officeWithBooks(app)
      const { id, hours } = await made(at)
      expect(await stateOf(at, hours)).toBe('invoiced')
      if (period !== 'an open period') {
        await inWorld(at, (world) => closePeriod(world, { month: '2026-03' }))
        await readLists(at)
      }
      expect(await compare(at)).toMatchObject({ outcome: 'well', documents: 1 })
      await atTheDesk(at, discardInvoice)
      await compare(at)
      expect(await read(at, id)).toMatchObject({ state: 'gone', ended: { why: 'Verwijderd in Exact Online' } })
      expect(await stateOf(at, hours)).toBe('free')
      expect(await differences(at, 'open')).toEqual([])
      expect(await differences(at, 'solved')).toMatchObject([{ kind: 'deleted', can: [] }])
      const { rows } = await at.good<{ rows: { title: string; link: string }[] }>('/notifications')
      expect(rows.map(({ link }) => link)).toContainEqual(expect.stringContaining(`/package-invoices/${id}`))
      await compare(at)
      expect(await read(at, id)).toMatchObject({ state: 'gone' })
    },
  )
})

describe('an invoice that was printed and is deleted there all the same', () => {
  it('keeps what stands on it until a person frees that, since the customer may have it', async () => {
    const at = await officeWithBooks(app)
    await at.set({ salesInvoices: 'printed' })
    const { id, hours } = await made(at)
    expect(await read(at, id)).toMatchObject({ state: 'printed' })
    await atTheDesk(at, (desk, invoice) => {
      putRow(desk.world, 'SalesInvoices', invoice, { ...rowsOf(desk.world, 'SalesInvoices').at(-1), Status: 20 })
      discardInvoice(desk, invoice)
    })
    await compare(at)
    expect(await read(at, id)).toMatchObject({ state: 'printed' })
    expect(await stateOf(at, hours)).toBe('invoiced')
    expect(await differences(at, 'open')).toMatchObject([{ kind: 'deleted', can: ['release', 'accept'] }])
  })
})

describe('an invoice that was left open', () => {
  it('may be left open in a period that is closed', async () => {
    const at = await officeWithBooks(app)
    await inWorld(at, (world) => closePeriod(world, { month: '2026-03' }))
    await readLists(at)
    expect(await read(at, (await made(at)).id)).toMatchObject({ state: 'made' })
  })

  it('is worth what stands there when somebody changed it, which is told as it is', async () => {
    const at = await officeWithBooks(app)
    const { id } = await made(at)
    expect(await read(at, id)).toMatchObject({ theirGross: '125.84' })
    await inWorld(at, (world) => {
      const row = rowsOf(world, 'SalesInvoices').at(-1)
      const now = { AmountFC: '60.50', VATAmountFC: '10.50', AmountFCExclVat: '50.00' }
      putRow(world, 'SalesInvoices', theirs(world), { ...row, ...now })
    })
    await compare(at)
    expect(await read(at, id)).toMatchObject({ state: 'made', theirGross: '60.50' })
    const [difference] = await differences(at, 'open')
    expect(difference).toMatchObject({ kind: 'amounts', title: 'Changed in Exact Online', can: ['accept'] })
    expect(difference?.detail).not.toMatch(/what your customer received/i)
    await atTheDesk(at, printInvoice)
    await compare(at)
    expect(await read(at, id)).toMatchObject({ state: 'printed' })
  })
})

describe('an invoice whose printing was refused', () => {
  it('is printed when somebody did that there by hand, and is not printed twice', async () => {
    const at = await officeWithBooks(app)
    await at.set({ salesInvoices: 'printed' })
    await inWorld(at, (world) => closePeriod(world, { month: '2026-03' }))
    const { id } = await made(at)
    expect(await read(at, id)).toMatchObject({ state: 'made', printing: { state: 'refused' } })
    app.clock.set('2026-04-02T10:00:00.000Z')
    await atTheDesk(at, (desk, invoice) => printInvoice(desk, invoice, '2026-04-02'))
    await compare(at)
    const after = await read(at, id)
    expect(after).toMatchObject({ state: 'printed', printing: { state: 'posted' } })
    expect(after.theirNumber).toBeTruthy()
    const posting = await at.good<{ steps: { what: string }[] }>(`/postings/${after.printing?.id}`)
    expect(posting.steps.at(-1)).toMatchObject({ what: 'adopted' })
  })
})
