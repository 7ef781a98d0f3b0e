import { rowsOf } from '@uurwerk/connectors/contract/simulator.ts'
import {
  changeEntry,
  clickDivision,
  removeEntry,
  typeEntryByHand,
} from '@uurwerk/connectors/exact-online/simulator/bookkeeper.ts'
import { addFault } from '@uurwerk/connectors/exact-online/simulator/faults.ts'
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

describe('an invoice of which nobody knows whether it reached the books before they were disconnected', () => {
  interface Standing {
    readonly id: string
    readonly state: string
    readonly code: string | null
  }
  const standing = (at: OfficeWithBooks): Promise<readonly Standing[]> =>
    app.database.asOwner(
      `select id, state, problem ->> 'code' as code from posting
       where firm_id = $1 and connection_id = $2 and kind = 'salesEntry' order by sequence`,
      [at.firm.id, at.connectionId],
    ) as Promise<readonly Standing[]>
  const runLanes = async (at: OfficeWithBooks) => {
    for (let pass = 0; pass < 5; pass++) {
      app.clock.forward(65_000)
      await app.runLane(at.laneKey)
    }
  }
  const post = (at: OfficeWithBooks, invoice: Invoice) =>
    at.good('/postings', { method: 'POST', body: { invoiceIds: [invoice.id] } })

  const giveUp = (at: OfficeWithBooks, posting: Standing | undefined) =>
    at.good('/postings/discarding', { method: 'POST', body: { ids: [posting?.id], why: 'Staat daar niet' } })

  /** Its answer was lost, and the bookkeeper moved the entry to another day meanwhile. */
  async function inDoubt(at: OfficeWithBooks): Promise<Invoice> {
    await booked(at)
    const invoice = await sent(at)
    await app.changeWorld(at.firm.id, (world) =>
      addFault(world, 'loseAnswerAfter', { on: 'POST salesentry/SalesEntries', times: 1 }),
    )
    app.clock.forward(61_000)
    await post(at, invoice)
    await app.runLane(at.laneKey)
    await app.changeWorld(at.firm.id, (world) =>
      changeEntry({ world, clock: app.clock, random: seededRandom(7) }, invoice.number, { EntryDate: '2026-03-30' }),
    )
    await runLanes(at)
    expect((await standing(at)).at(-1)).toMatchObject({ state: 'needs-person', code: 'found-different' })
    return invoice
  }
  const ofInvoice = async (at: OfficeWithBooks, { number }: Invoice) =>
    (await entries(at)).filter(({ YourRef }) => YourRef === number)

  it('keeps the books connected until a person has said it', async () => {
    const at = await officeWithBooks(app)
    const { number } = await inDoubt(at)
    const { status, body } = await at.ask<{ code: string; cause: string }>(
      `/connections/${at.connectionId}/disconnection`,
      { method: 'POST' },
    )
    expect([status, body.code]).toEqual([409, 'postings-unsettled'])
    expect(JSON.stringify(body)).toContain(number)
  })

  it('is looked for under its earlier reference when it was given up, and asked about instead of booked twice', async () => {
    const at = await officeWithBooks(app)
    const invoice = await inDoubt(at)
    const posting = (await standing(at)).at(-1)
    await giveUp(at, posting)
    await at.good(`/connections/${at.connectionId}/disconnection`, { method: 'POST' })
    const anew = await at.connectAnew()
    await post(anew, invoice)
    await runLanes(anew)
    expect(await standing(anew)).toMatchObject([{ state: 'needs-person', code: 'found-different' }])
    expect(await ofInvoice(at, invoice)).toHaveLength(1)
  })

  it('is looked for too where its posting stayed behind unsettled', async () => {
    const at = await officeWithBooks(app)
    const invoice = await inDoubt(at)
    await app.database.asOwner(
      `update connection set mode = 'live', state = 'disconnected', cut_off = '2026-01-01' where firm_id = $1`,
      [at.firm.id],
    )
    const anew = await at.connectAnew()
    await post(anew, invoice)
    await runLanes(anew)
    expect(await standing(anew)).toMatchObject([{ state: 'needs-person', code: 'found-different' }])
    expect(await ofInvoice(at, invoice)).toHaveLength(1)
  })

  it('is not sent to another administration before somebody said that the first does not hold it', async () => {
    const at = await officeWithBooks(app)
    const invoice = await inDoubt(at)
    await app.database.asOwner(
      `update connection set mode = 'live', state = 'disconnected', cut_off = '2026-01-01' where firm_id = $1`,
      [at.firm.id],
    )
    await app.database.asOwner(`update posting set lane_key = 'exact-online:NL:7654321' where firm_id = $1`, [
      at.firm.id,
    ])
    const anew = await at.connectAnew()
    const body = { invoiceIds: [invoice.id] }
    const { documents } = await at.good<{ documents: { state: string; problems: { code: string }[] }[] }>(
      '/postings/preview',
      { method: 'POST', body },
    )
    const told = documents.map(({ state, problems }) => [state, ...problems.map(({ code }) => code)])
    expect(told).toEqual([['left-out', 'invoice-in-doubt-elsewhere']])
    await at.good('/postings', { method: 'POST', body })
    expect(await standing(anew)).toEqual([])
    const before = (await standing(at)).at(-1)
    await giveUp(at, before)
    await at.good('/postings', { method: 'POST', body })
    expect(await standing(anew)).toHaveLength(1)
  })
})

describe('an invoice whose posting was refused because the books hold it already', () => {
  const marked = (at: OfficeWithBooks, { id }: Invoice, inBooks = true) =>
    at.good<{ marked: string[]; leftOut: { problem: { code: string } }[] }>('/postings/marks', {
      method: 'POST',
      body: { invoiceIds: [id], inBooks, why: 'Met de hand geboekt' },
    })
  const states = (at: OfficeWithBooks) =>
    app.database.asOwner(
      `select state from posting where firm_id = $1 and kind in ('salesEntry', 'document', 'attachment') order by sequence`,
      [at.firm.id],
    )
  const put = (at: OfficeWithBooks, state: string) =>
    app.database.asOwner(`update posting set state = $2 where firm_id = $1 and kind = 'salesEntry'`, [
      at.firm.id,
      state,
    ])

  it('is marked, and its posting given up with what hangs on it, in one act', async () => {
    const at = await officeWithBooks(app)
    const invoice = await sent(at)
    await at.good('/postings', { method: 'POST', body: { invoiceIds: [invoice.id] } })
    await put(at, 'sending')
    expect(await marked(at, invoice)).toMatchObject({
      marked: [],
      leftOut: [{ problem: { code: 'invoice-under-way' } }],
    })
    await put(at, 'refused')
    expect(await marked(at, invoice)).toMatchObject({ marked: [invoice.id], leftOut: [] })
    expect(await states(at)).toEqual(Array(3).fill({ state: 'discarded' }))
    const told = async () =>
      (
        await at.good<{ documents: { state: string; problems: { code: string }[] }[] }>('/postings/preview', {
          method: 'POST',
          body: { invoiceIds: [invoice.id] },
        })
      ).documents.map(({ state, problems }) => [state, ...problems.map(({ code }) => code)])
    expect(await told()).toEqual([['left-out', 'invoice-already-in-books']])
    await marked(at, invoice, false)
    expect(await told()).toEqual([['ready']])
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
