import type { FakeForm } from '@uurwerk/connectors/conformance/fake/form.ts'
import { byHand, companyOne, fakeHarness, fakePackage, plainForm } from '@uurwerk/connectors/conformance/fake/index.ts'
import type { Connector, Posts } from '@uurwerk/connectors/contract/contract.ts'
import type { SalesEntryDoc } from '@uurwerk/connectors/contract/documents.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../testing/database.ts'
import { sendAgain } from './actions.ts'
import { type Office, openOffice } from './testing/office.ts'
import { wrongs } from './testing/once.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())

let seed = 100
type Change = (posts: Posts<SalesEntryDoc>) => Partial<Posts<SalesEntryDoc>>

/** Ledgerly with another trait in how it takes sales entries. */
function open(form: FakeForm, change: Change = () => ({})): Promise<Office> {
  const { connector } = fakePackage(form)
  const changed: Connector<never> = {
    ...(connector as Connector<never>),
    open(at, wire) {
      const books = (connector as Connector<never>).open(at, wire)
      const { salesEntry } = books.posts
      return salesEntry
        ? { ...books, posts: { ...books.posts, salesEntry: { ...salesEntry, ...change(salesEntry) } } }
        : books
    },
  }
  seed += 1
  return openOffice({ store: database.store, connector: changed as Connector, harness: fakeHarness(form), seed })
}

async function decided(at: Office, count: number, theirs: string = at.chosen.customer): Promise<void> {
  const customerId = await at.addCustomer({ theirs })
  const ids: string[] = []
  for (let made = 0; made < count; made += 1)
    ids.push(await at.addInvoice({ customerId, lines: [{ net: `${made + 1}.00` }] }))
  await at.decide(ids)
}
const states = async (at: Office) => (await at.postings()).map(({ state }) => state)
const again = async (at: Office) => {
  const refused = (await at.postings()).filter(({ state }) => state === 'refused').map(({ id }) => id)
  await at.within((trx) => sendAgain({ trx, firmId: at.firmId }, { ...at.worker().engine, by: null }, { ids: refused }))
}
const attemptSizes = async (at: Office) => {
  const rows = await at.within((trx) =>
    trx
      .selectFrom('attemptPosting')
      .select(['attemptId', (eb) => eb.fn.countAll<string>().as('count')])
      .where('firmId', '=', at.firmId)
      .groupBy('attemptId')
      .orderBy('attemptId')
      .execute(),
  )
  return rows.map(({ count }) => Number(count))
}

it('puts as many in a request as the package takes', async () => {
  const at = await open({ ...plainForm, batch: 50 })
  await decided(at, 7)
  await at.settle()
  expect(await attemptSizes(at)).toEqual([7])
  expect(await wrongs(at)).toEqual([])
})

it('keeps a request within the bytes and units that the package takes', async () => {
  const inBytes = await open({ ...plainForm, batch: 50 }, ({ batch }) => ({ batch: { ...batch, bytes: 800 } }))
  await decided(inBytes, 5)
  await inBytes.settle()
  const sizes = await attemptSizes(inBytes)
  expect(sizes.length).toBeGreaterThan(1)
  expect(sizes.reduce((a, b) => a + b)).toBe(5)
  const bodies = await inBytes.within((trx) =>
    trx.selectFrom('attempt').select('body').where('firmId', '=', inBytes.firmId).execute(),
  )
  for (const { body } of bodies) expect(Buffer.byteLength(body)).toBeLessThan(850)

  const inUnits = await open({ ...plainForm, batch: 50 }, ({ batch }) => ({ batch: { ...batch, units: 2 } }))
  await decided(inUnits, 5)
  await inUnits.settle()
  expect(await attemptSizes(inUnits)).toEqual([2, 2, 1])
})

it('sets aside what alone is larger than the package takes', async () => {
  const at = await open(plainForm, ({ batch }) => ({ batch: { ...batch, bytes: 20 } }))
  await decided(at, 1)
  await at.settle()
  expect((await at.postings())[0]).toMatchObject({ state: 'blocked', problem: { code: 'document-too-large' } })
})

it('holds the later numbers of a series that must stay in order, and no others, behind a refused one', async () => {
  const at = await open(plainForm, (posts) => ({
    draft(document, known) {
      const draft = posts.draft(document, known)
      return 'problems' in draft || document.gross === '2.42' ? draft : { ...draft, inOrder: 'SALES/2026' }
    },
  }))
  await decided(at, 4)
  at.bench.fault('unknownMessage', { post: 'salesEntry' })
  await at.settle()
  expect(await states(at)).toEqual(['refused', 'posted', 'waiting', 'waiting'])
  await again(at)
  await at.settle()
  expect(await wrongs(at)).toEqual([])
  const booked = at.booked().filter(({ kind }) => kind === 'salesEntry')
  expect(booked.map(({ gross }) => gross)).toEqual(['2.42', '1.21', '3.63', '4.84'])
})

it('reserves numbers one after another, and asks the package for the first', async () => {
  const at = await open({ ...plainForm, numbers: 'reserved' })
  await decided(at, 3)
  await at.settle()
  expect((await at.postings()).map(({ numberReserved }) => numberReserved)).toEqual([1, 2, 3])
  expect(at.bench.world.state.calls['GET numbers']).toBe(1)
})

it('keeps the number of a posting through doubt', async () => {
  const at = await open({ ...plainForm, numbers: 'reserved' })
  await decided(at, 1)
  at.bench.fault('loseRequestBefore', { post: 'salesEntry' })
  await at.settle()
  expect((await at.postings())[0]).toMatchObject({ state: 'posted', numberReserved: 1, tries: 2 })
})

it('takes another number when a bookkeeper took ours, once a person sends it again', async () => {
  const at = await open({ ...plainForm, numbers: 'reserved' })
  await decided(at, 1)
  await at.settle()
  const [first] = at.booked().filter(({ kind }) => kind === 'salesEntry')
  byHand.copy(at.bench.world, 'salesEntry', companyOne, first?.id ?? '', { number: 2, reference: 'TYPED' })
  await decided(at, 1, 'cus-cafe')
  await at.settle()
  expect(await states(at)).toEqual(['posted', 'refused'])
  expect((await at.postings())[1]?.problem?.code).toBe('number-taken')
  await again(at)
  await at.settle()
  expect((await at.postings())[1]).toMatchObject({ state: 'posted', numberReserved: 3 })
})

it('says so when the numbers of a series are used up', async () => {
  const at = await open({ ...plainForm, numbers: 'reserved' }, ({ numbers }) => ({
    ...(numbers ? { numbers: { ...numbers, digits: 1 } } : {}),
  }))
  await decided(at, 10)
  await at.settle()
  expect((await at.postings())[9]).toMatchObject({ state: 'blocked', problem: { code: 'numbers-used-up' } })
})

it('stops one document of which the draft is our mistake, and no other', async () => {
  const at = await open(plainForm, (posts) => ({
    draft(document, known) {
      if (document.gross === '1.21') throw new TypeError('undefined is not a number')
      return posts.draft(document, known)
    },
  }))
  await decided(at, 2)
  await at.settle()
  expect(await states(at)).toEqual(['needs-person', 'posted'])
  expect((await at.postings())[0]?.problem).toMatchObject({ kind: 'defect', code: 'program-mistake' })
})
