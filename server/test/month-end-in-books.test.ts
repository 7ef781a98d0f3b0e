import type { components } from '@uurwerk/api/generated/schema.d.ts'
import { closePeriod } from '@uurwerk/connectors/exact-online/simulator/bookkeeper.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { testNow } from '../src/testing/app.ts'
import { type FurnishedApp, furnishedApp } from '../src/testing/furnished.ts'
import { type OfficeWithBooks, officeWithBooks } from '../src/testing/office-with-books.ts'

/** The steps of a month that end in the accounting package. */
let app: FurnishedApp
beforeAll(async () => {
  app = await furnishedApp()
})
beforeEach(() => app.clock.set(testNow))
afterAll(() => app.close())

type MonthEnd = Required<components['schemas']['MonthEnd']>
interface Invoice {
  readonly id: string
  readonly version: number
  readonly number: string
}

async function sent(at: OfficeWithBooks, date = '2026-03-31'): Promise<Invoice> {
  const body = { customerId: at.firm.customerId, date }
  const draft = await at.good<Invoice>('/invoices', { method: 'POST', body })
  const line = { description: 'Advies', quantity: '1', unit: 'piece', unitPrice: '100.00' }
  const { version } = await at.good<Invoice>(`/invoices/${draft.id}/lines`, {
    method: 'POST',
    body: line,
    version: draft.version,
  })
  return at.good<Invoice>(`/invoices/${draft.id}/sending`, { method: 'POST', body: { how: 'other' }, version })
}
const post = (at: OfficeWithBooks, ...invoices: readonly Invoice[]) =>
  at.good('/postings', { method: 'POST', body: { invoiceIds: invoices.map(({ id }) => id) } })
const look = (at: OfficeWithBooks) => at.good<MonthEnd>('/month-end/2026-03')

async function booked(at: OfficeWithBooks): Promise<Invoice> {
  const invoice = await sent(at)
  app.clock.forward(61_000)
  await post(at, invoice)
  for (let pass = 0; pass < 3; pass++) await app.runLane(at.laneKey)
  return invoice
}

describe('an invoice that was posted over a connection of before', () => {
  it('is in the books, if those were real ones: nothing is left to post, and no rule is missed for it', async () => {
    const at = await officeWithBooks(app)
    await booked(at)
    const connectAs = async (mode: string) => {
      await app.database.asOwner(
        `update connection set mode = $2, state = 'disconnected' where firm_id = $1 and id = $3`,
        [at.firm.id, mode, at.connectionId],
      )
      const id = await at.connect()
      await app.database.asOwner(
        `update connection set settings = settings || jsonb_build_object('defaultItem', $3::text) where firm_id = $1 and id = $2`,
        [at.firm.id, id, at.item],
      )
      const { cells } = await at.good<{ cells: { waiting: { number: string }[] }[] }>(
        `/connections/${id}/posting-rules`,
      )
      const { posting } = await look(at)
      await at.good(`/connections/${id}/disconnection`, { method: 'POST' })
      return [posting.count, cells.flatMap(({ waiting }) => waiting).length]
    }
    expect(await connectAs('live')).toEqual([0, 0])
    expect(await connectAs('sandbox')).toEqual([1, 1])
  })
})

describe('entries of three days in a month that is closed there', () => {
  it('are one refusal on both pages, with the first open month for all of them', async () => {
    const at = await officeWithBooks(app)
    const invoices = []
    for (const day of ['2026-03-28', '2026-03-29', '2026-03-30']) invoices.push(await sent(at, day))
    await app.changeWorld(at.firm.id, (world) => closePeriod(world, { month: '2026-03' }))
    await post(at, ...invoices)
    for (let pass = 0; pass < 4; pass++) {
      app.clock.forward(65_000)
      await app.runLane(at.laneKey)
    }
    interface Group {
      readonly postings: readonly unknown[]
      readonly about: string | null
      readonly canBookIn: { readonly label: string } | null
    }
    const { groups } = await at.good<{ groups: readonly Group[] }>('/postings/summary')
    expect(groups.map(({ postings, about, canBookIn }) => [postings.length, about, canBookIn?.label])).toEqual([
      [3, '2026-03', 'April 2026'],
    ])
    expect((await look(at)).refused).toMatchObject({ count: 3, groups: [{ code: 'period-closed', count: 3 }] })
  })
})
