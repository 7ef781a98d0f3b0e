import { rowsOf } from '@uurwerk/connectors/contract/simulator.ts'
import { addAccount, editAccount } from '@uurwerk/connectors/exact-online/simulator/bookkeeper.ts'
import { seededRandom } from '@uurwerk/core/shared/seeded-random.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type FurnishedApp, furnishedApp } from '../src/testing/furnished.ts'
import { type OfficeWithBooks, officeWithBooks } from '../src/testing/office-with-books.ts'

/** Who a customer of ours is in the books: linked when it is sure, asked when it is not, made when there is nobody. */
let app: FurnishedApp
let at: OfficeWithBooks
beforeAll(async () => {
  app = await furnishedApp()
})
beforeEach(async () => {
  at = await officeWithBooks(app)
  await app.changeWorld(at.firm.id, (world) => {
    const desk = { world, clock: app.clock, random: seededRandom(3) }
    addAccount(desk, { Code: '31001', Name: 'Zeldzaam & Zonen V.O.F.', Status: 'C', City: 'Utrecht' })
    addAccount(desk, { Code: '31002', Name: 'Van Dalen Techniek', Status: 'C', Postcode: '3511 AA', City: 'Utrecht' })
  })
  await at.good(`/connections/${at.connectionId}/imports`, { method: 'POST', body: {} })
  await app.runTasks()
  // Who was made by the import is not who is looked for here.
  await app.database.asOwner(
    `delete from link where firm_id = $1 and our_id in (select id from customer where firm_id = $1 and number in ('31001', '31002'))`,
    [at.firm.id],
  )
  await app.database.asOwner(`delete from customer where firm_id = $1 and number in ('31001', '31002')`, [at.firm.id])
})
afterAll(() => app.close())

interface Shown {
  readonly customerIs: string
  readonly customerCode: string | null
  readonly state: string
  readonly problems: readonly { readonly code: string }[]
  readonly notes: readonly { readonly code: string; readonly cause: string }[]
}

const livesIn = (city: string, postcode = '') => JSON.stringify({ line1: 'Elders 2', postcode, city, country: 'NL' })

async function sentTo(customerId: string): Promise<string> {
  const draft = await at.good<{ id: string; version: number }>('/invoices', {
    method: 'POST',
    body: { customerId, date: '2026-03-31' },
  })
  const { version } = await at.good<{ version: number }>(`/invoices/${draft.id}/lines`, {
    method: 'POST',
    body: { description: 'Advies', quantity: '1', unit: 'piece', unitPrice: '100.00' },
    version: draft.version,
  })
  await at.good(`/invoices/${draft.id}/sending`, { method: 'POST', body: { how: 'other' }, version })
  return draft.id
}

async function shown(invoiceId: string): Promise<Shown | undefined> {
  const { documents } = await at.good<{ documents: Shown[] }>('/postings/preview', {
    method: 'POST',
    body: { invoiceIds: [invoiceId] },
  })
  return documents[0]
}

async function post(invoiceId: string): Promise<readonly Record<string, unknown>[]> {
  app.clock.forward(61_000)
  await at.good('/postings', { method: 'POST', body: { invoiceIds: [invoiceId] } })
  for (let pass = 0; pass < 4; pass++) {
    app.clock.forward(65_000)
    await app.runLane(at.laneKey)
  }
  return (await app.database.asOwner(
    `select id, kind, state, adopted, their_number as number, problem ->> 'code' as code from posting
     where firm_id = $1 and kind in ('customer', 'salesEntry') order by sequence`,
    [at.firm.id],
  )) as readonly Record<string, unknown>[]
}

describe('a customer that is not linked', () => {
  it('of whom only the name is the same is asked about, and the preview says so', async () => {
    const customerId = await at.firm.addCustomer({
      number: null,
      name: 'Zeldzaam & Zonen V.O.F.',
      visitAddress: livesIn('Maastricht'),
    })
    const invoice = await sentTo(customerId)
    const before = await shown(invoice)
    expect(before).toMatchObject({ customerIs: 'asked', state: 'ready', problems: [] })
    expect(before?.notes.map(({ code }) => code)).toEqual(['customer-asked'])
    expect(before?.notes[0]?.cause).toContain('31001 Zeldzaam & Zonen V.O.F.')
    const [customer, entry] = await post(invoice)
    expect(customer).toMatchObject({ kind: 'customer', state: 'needs-person', code: 'found-different', adopted: false })
    expect(entry).toMatchObject({ kind: 'salesEntry', state: 'waiting' })
    const asked = await at.good<{ problem: { cause: string }; candidates: { number: string; name: string }[] }>(
      `/postings/${customer?.id}`,
    )
    expect(asked.problem.cause).toContain('of the same name')
    expect(asked.candidates).toMatchObject([{ number: '31001', name: 'Zeldzaam & Zonen V.O.F.' }])
  })

  it('is made when a person says that it is none of them', async () => {
    const customerId = await at.firm.addCustomer({
      number: null,
      name: 'Zeldzaam & Zonen V.O.F.',
      visitAddress: livesIn('Maastricht'),
    })
    const [customer] = await post(await sentTo(customerId))
    const { version } = await at.good<{ version: number }>(`/postings/${customer?.id}`)
    await at.good(`/postings/${customer?.id}/resolution`, { method: 'POST', version, body: { noneOfThese: true } })
    for (let pass = 0; pass < 4; pass++) {
      app.clock.forward(65_000)
      await app.runLane(at.laneKey)
    }
    const named = await app.changeWorld(at.firm.id, (world) =>
      rowsOf(world, 'Accounts').filter(({ Name }) => Name === 'Zeldzaam & Zonen V.O.F.'),
    )
    expect(named).toHaveLength(2)
    const { rows } = await at.good<{ rows: { kind: string; state: string }[] }>(
      '/postings?kind=customer&kind=salesEntry',
    )
    expect(rows.map(({ state }) => state)).toEqual(['posted', 'posted'])
  })

  it('of the same number and name is linked, and the preview names whom', async () => {
    const customerId = await at.firm.addCustomer({ number: '31002', name: 'Van Dalen Techniek' })
    const invoice = await sentTo(customerId)
    expect(await shown(invoice)).toMatchObject({
      customerIs: 'linked',
      customerCode: '31002',
      state: 'ready',
      notes: [{ code: 'customer-found', cause: expect.stringContaining('31002 Van Dalen Techniek') }],
    })
    expect(await post(invoice)).toMatchObject([
      { kind: 'customer', state: 'posted', adopted: true, number: '31002' },
      { kind: 'salesEntry', state: 'posted' },
    ])
  })

  it('is refused beforehand when whom it would be linked with is blocked there', async () => {
    await app.changeWorld(at.firm.id, (world) =>
      editAccount({ world, clock: app.clock, random: seededRandom(3) }, '31002', { Blocked: true }),
    )
    await at.good(`/connections/${at.connectionId}/imports`, { method: 'POST', body: {} })
    await app.runTasks()
    const customerId = await at.firm.addCustomer({
      number: null,
      name: 'Van Dalen Techniek',
      visitAddress: livesIn('Utrecht', '3511AA'),
    })
    const before = await shown(await sentTo(customerId))
    expect(before).toMatchObject({ customerIs: 'linked', customerCode: '31002', state: 'needs-you' })
    expect(before?.problems.map(({ code }) => code)).toEqual(['customer-blocked'])
  })

  it('whose number is that of somebody else is asked about', async () => {
    const customerId = await at.firm.addCustomer({ number: '31002', name: 'Slagerij Totaal Anders' })
    expect(await shown(await sentTo(customerId))).toMatchObject({ customerIs: 'asked', state: 'ready' })
  })

  it('with nobody alike is made there', async () => {
    const customerId = await at.firm.addCustomer({ number: '31999', name: 'Nog Nergens B.V.' })
    expect(await shown(await sentTo(customerId))).toMatchObject({ customerIs: 'created', state: 'ready', notes: [] })
  })
})
