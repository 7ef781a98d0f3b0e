import { rowsOf } from '@uurwerk/connectors/contract/simulator.ts'
import { clickDivision, removeEntry, typeEntryByHand } from '@uurwerk/connectors/exact-online/simulator/bookkeeper.ts'
import { seededRandom } from '@uurwerk/core/shared/seeded-random.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { administration } from '../src/testing/connected.ts'
import { type FurnishedApp, furnishedApp } from '../src/testing/furnished.ts'
import { type OfficeWithBooks, officeWithBooks } from '../src/testing/office-with-books.ts'

/** What stands in the books already, by another connection or by hand, is not booked a second time. */
let app: FurnishedApp
beforeAll(async () => {
  app = await furnishedApp()
})
afterAll(() => app.close())

interface Invoice {
  readonly id: string
  readonly version: number
  readonly number: string
}

async function sent(at: OfficeWithBooks): Promise<Invoice> {
  const { firm } = at
  const draft = await at.good<Invoice>('/invoices', {
    method: 'POST',
    body: { customerId: firm.customerId, date: '2026-03-31' },
  })
  const line = { description: 'Advies', quantity: '1', unit: 'piece', unitPrice: '100.00' }
  const { version } = await at.good<Invoice>(`/invoices/${draft.id}/lines`, {
    method: 'POST',
    body: line,
    version: draft.version,
  })
  return at.good<Invoice>(`/invoices/${draft.id}/sending`, { method: 'POST', body: { how: 'other' }, version })
}

async function booked(at: OfficeWithBooks): Promise<Invoice> {
  const invoice = await sent(at)
  app.clock.forward(61_000)
  await at.good('/postings', { method: 'POST', body: { invoiceIds: [invoice.id] } })
  for (let pass = 0; pass < 3; pass++) await app.runLane(at.laneKey)
  return invoice
}

const entries = (at: OfficeWithBooks) =>
  app.changeWorld(at.firm.id, (world) => rowsOf(world, 'SalesEntries').map((row) => ({ ...row })))

describe('an invoice that is in the books over a connection of before', () => {
  it('is left out of the preview and of posting, and so is the original of its credit note', async () => {
    const at = await officeWithBooks(app)
    const invoice = await booked(at)
    expect(await entries(at)).toHaveLength(1)
    // As it is when real books are disconnected and connected anew.
    await app.database.asOwner(`update connection set mode = 'live', state = 'disconnected' where firm_id = $1`, [
      at.firm.id,
    ])
    await at.connect()
    const preview = await at.good<{ documents: { state: string; problems: { code: string }[] }[] }>(
      '/postings/preview',
      {
        method: 'POST',
        body: { invoiceIds: [invoice.id] },
      },
    )
    expect(preview.documents.map(({ state }) => state)).toEqual(['left-out'])
    const { postings, leftOut } = await at.good<{ postings: unknown[]; leftOut: { problem: { code: string } }[] }>(
      '/postings',
      { method: 'POST', body: { invoiceIds: [invoice.id] } },
    )
    expect([postings, leftOut.map(({ problem }) => problem.code)]).toEqual([[], ['invoice-posted']])
  })
})

describe('an entry that was deleted there and typed anew by hand', () => {
  it('is found and adopted when it is posted again', async () => {
    const at = await officeWithBooks(app)
    const invoice = await booked(at)
    const [ours] = await entries(at)
    const random = seededRandom(5)
    await app.changeWorld(at.firm.id, (world) => removeEntry({ world, clock: app.clock, random }, invoice.number))
    // Something else stands there, so that an empty list says something.
    await booked(at)
    app.clock.forward(120_000)
    await at.good(`/connections/${at.connectionId}/reconciliations`, { method: 'POST', body: {} })
    await app.runTasks()
    const { rows } = await at.good<{ rows: { id: string; kind: string; version: number }[] }>(
      '/books-differences?state=open',
    )
    const gone = rows.find(({ kind }) => kind === 'deleted')
    const code = await app.changeWorld(at.firm.id, (world) =>
      String(rowsOf(world, 'Accounts').find(({ ID }) => ID === ours?.Customer)?.Code),
    )
    await app.changeWorld(at.firm.id, (world) =>
      typeEntryByHand(
        { world, clock: app.clock, random },
        {
          customer: code,
          date: '2026-03-31' as never,
          reference: invoice.number,
          lines: [{ ledgerAccount: '8010', net: '100.00' as never, vatCode: '2' }],
        },
      ),
    )
    app.clock.forward(61_000)
    await at.good(`/books-differences/${gone?.id}/posting`, {
      method: 'POST',
      version: gone?.version as number,
      body: { reason: 'Per ongeluk verwijderd' },
    })
    for (let pass = 0; pass < 3; pass++) {
      app.clock.forward(20_000)
      await app.runLane(at.laneKey)
    }
    const standing = await app.database.asOwner(
      `select state, adopted, tries from posting where firm_id = $1 and kind = 'salesEntry' and subject_id = $2 and state <> 'discarded'`,
      [at.firm.id, invoice.id],
    )
    expect(standing).toEqual([{ state: 'posted', adopted: true, tries: 0 }])
    expect((await entries(at)).filter(({ YourRef }) => YourRef === invoice.number)).toHaveLength(1)
  })
})

describe('a person who opens another company in the package', () => {
  it('changes nothing for the connection: lists and entries stay those of the administration that was chosen', async () => {
    const at = await officeWithBooks(app)
    await app.changeWorld(at.firm.id, (world) =>
      clickDivision({ world, clock: app.clock, random: seededRandom(3) }, Number(administration) + 1),
    )
    app.clock.forward(61_000)
    await at.good(`/connections/${at.connectionId}/lists`, { method: 'POST' })
    await app.runTasks()
    await booked(at)
    expect((await entries(at)).map(({ Division }) => String(Division))).toEqual([administration])
    const { administration: shown } = await at.good<{ administration: { id: string } }>(
      `/connections/${at.connectionId}`,
    )
    expect(shown.id).toBe(administration)
  })
})
