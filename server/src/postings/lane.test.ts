import { createHash } from 'node:crypto'
import type { FakeForm } from '@uurwerk/connectors/conformance/fake/form.ts'
import { fakeForms, fakeHarness, fakePackage, nameOf, plainForm } from '@uurwerk/connectors/conformance/fake/index.ts'
import type { FaultName, Harness } from '@uurwerk/connectors/conformance/harness.ts'
import type { Connector } from '@uurwerk/connectors/contract/contract.ts'
import { exactHarness } from '@uurwerk/connectors/exact-online/harness.ts'
import { exactOnline } from '@uurwerk/connectors/exact-online/index.ts'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Trx } from '../store/database.ts'
import { type TestDatabase, testDatabase } from '../testing/database.ts'
import { discard, resolve, sendAgain } from './actions.ts'
import { decidePostings, Outbox } from './decide.ts'
import { type ConnectionAt, findConnection, type HookPoint } from './engine.ts'
import { sweepLanes } from './sweep.ts'
import { Died, type Fate, type Office, openOffice } from './testing/office.ts'
import { wrongs } from './testing/once.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())

let seed = 0
const openWith = (connector: Connector, harness: Harness): Promise<Office> => {
  seed += 1
  return openOffice({ store: database.store, connector, harness, seed })
}
const open = (form: FakeForm): Promise<Office> => openWith(fakePackage(form).connector, fakeHarness(form))

/** One entry for a customer that is there, and two for one that is not. */
async function threeInvoices(at: Office): Promise<void> {
  const known = await at.addCustomer({ theirs: at.chosen.customer })
  const fresh = await at.addCustomer()
  const lines = [{ net: '37.50' }, { net: '12.50' }, { net: '19.95', reduced: true }]
  const ids = [
    await at.addInvoice({ customerId: known, lines }),
    await at.addInvoice({ customerId: fresh, lines }),
    await at.addInvoice({ customerId: fresh, kind: 'credit' }),
  ]
  await at.decide(ids)
}

const linksOf = (at: Office) =>
  at.within((trx) =>
    trx
      .selectFrom('link')
      .select(['ourId', 'theirId'])
      .where('firmId', '=', at.firmId)
      .where('noun', '=', 'customer')
      .execute(),
  )

const diesAt =
  (point: HookPoint, time = 1): Fate =>
  (here, times) => {
    if (here === point && times === time) throw new Died()
  }

interface Package {
  readonly name: string
  readonly open: () => Promise<Office>
}
const fakes: readonly Package[] = fakeForms.map((form) => ({ name: nameOf(form), open: () => open(form) }))
const exact: Package = {
  name: exactOnline.manifest.id,
  open: () => openWith(exactOnline, exactHarness),
}

describe.each([...fakes, exact])('a lane to $name', ({ open: openIt }) => {
  const deaths: readonly HookPoint[] = [
    'after-freeze',
    'before-send',
    'after-send',
    'before-remember',
    'after-remember',
  ]
  it.each(deaths.flatMap((point) => [1, 2].map((time) => ({ point, time }))))(
    'has each document in the books once when the process dies $point, time $time',
    async ({ point, time }) => {
      const at = await openIt()
      await threeInvoices(at)
      await at.settle(diesAt(point, time))
      expect(await wrongs(at)).toEqual([])
    },
  )

  const faults: readonly { fault: FaultName; value?: number }[] = [
    { fault: 'loseAnswerAfter' },
    { fault: 'loseRequestBefore' },
    { fault: 'tooManyRequests' },
    { fault: 'serverError' },
    { fault: 'serverErrorAfter' },
    { fault: 'lateCommit', value: 20_000 },
    { fault: 'slow', value: 90_000 },
    { fault: 'expireAccess' },
  ]
  it.each(faults)('has each document in the books once after $fault of an entry', async ({ fault, value }) => {
    const at = await openIt()
    await threeInvoices(at)
    at.bench.fault(fault, { post: 'salesEntry' }, value === undefined ? {} : { value })
    await at.settle()
    // Some packages renew nothing before its time, whatever became of the access.
    if (fault === 'expireAccess') {
      await at.signInAgain()
      await at.settle()
    }
    expect(await wrongs(at)).toEqual([])
  })

  it('has an entry once that the books show late after an answer was lost', async () => {
    const at = await openIt()
    await threeInvoices(at)
    at.bench.fault('hideDocumentsFor', { post: 'salesEntry' }, { value: 10_000 })
    at.bench.fault('loseAnswerAfter', { post: 'salesEntry' })
    await at.settle()
    expect(await wrongs(at)).toEqual([])
  })

  it('makes a customer once when answers are lost and the process dies on top of it', async () => {
    const at = await openIt()
    await threeInvoices(at)
    at.bench.fault('loseAnswerAfter', { post: 'customer' })
    at.bench.fault('loseAnswerAfter', { post: 'salesEntry' })
    await at.settle(diesAt('after-send', 1))
    expect(await wrongs(at)).toEqual([])
    const customers = (await at.postings()).filter(({ kind }) => kind === 'customer')
    expect(customers).toHaveLength(1)
    expect(await linksOf(at)).toContainEqual({ ourId: customers[0]?.subjectId, theirId: customers[0]?.theirId })
  })
})

describe('a lane', () => {
  const early: readonly HookPoint[] = ['pass-start', 'before-freeze', 'before-find', 'after-find', 'before-release']
  it.each(early)('goes on where it was when the process dies %s', async (point) => {
    const at = await open(plainForm)
    await threeInvoices(at)
    at.bench.fault('loseAnswerAfter', { post: 'salesEntry' })
    await at.settle(diesAt(point))
    expect(await wrongs(at)).toEqual([])
  })

  it.each(fakes)('posts journals and attachments to $name, an attachment after its entry', async ({ open: openIt }) => {
    const at = await openIt()
    const customerId = await at.addCustomer({ theirs: at.chosen.customer })
    const { postings } = await at.decide([await at.addInvoice({ customerId })])
    await at.addAttachment(postings[0]?.postingId ?? '')
    await at.addJournal()
    at.bench.fault('loseAnswerAfter', { post: 'generalJournal' })
    at.bench.fault('loseAnswerAfter', { post: 'attachment' })
    await at.settle()
    expect(await wrongs(at)).toEqual([])
  })

  it('stores the exact bytes, with hash and fence, before anything leaves', async () => {
    const at = await open(plainForm)
    await threeInvoices(at)
    await at.worker(diesAt('before-send')).run()
    const attempts = await at.within((trx) =>
      trx.selectFrom('attempt').selectAll().where('firmId', '=', at.firmId).execute(),
    )
    expect(attempts).toHaveLength(1)
    expect(attempts[0]?.bodyHash).toBe(
      createHash('sha256')
        .update(attempts[0]?.body ?? '')
        .digest('hex'),
    )
    expect(attempts[0]).toMatchObject({ fence: '1', answeredAt: null })
    expect(at.bench.world.state.calls['POST customers']).toBeUndefined()
  })

  it('repeats the same bytes with the same key inside the window of the package', async () => {
    const at = await open({ ...plainForm, guard: 'key' })
    const customerId = await at.addCustomer({ theirs: at.chosen.customer })
    await at.decide([await at.addInvoice({ customerId })])
    at.bench.fault('loseAnswerAfter', { post: 'salesEntry' }, { times: 2 })
    await at.settle()
    expect(at.bench.world.state.calls['POST sales-entries']).toBe(3)
    expect(await wrongs(at)).toEqual([])
    const attempts = await at.within((trx) =>
      trx.selectFrom('attempt').select('repeats').where('firmId', '=', at.firmId).execute(),
    )
    expect(attempts).toEqual([{ repeats: 2 }])
  })

  it('looks before it sends again, and not sooner than twice the time-out after it left', async () => {
    const at = await open(plainForm)
    const customerId = await at.addCustomer({ theirs: at.chosen.customer })
    await at.decide([await at.addInvoice({ customerId })])
    at.bench.fault('lateCommit', { post: 'salesEntry' }, { value: 3_600_000 })
    const start = at.bench.clock.now().getTime()
    const posts = () => at.bench.world.state.calls['POST sales-entries']
    for (let passes = 0; posts() !== 2; passes += 1) {
      expect(passes).toBeLessThan(20)
      const result = await at.worker().run()
      if (result !== 'died' && result.is === 'rested' && result.nextAt) at.bench.clock.advanceTo(result.nextAt)
    }
    expect(at.bench.clock.now().getTime() - start).toBeGreaterThanOrEqual(60_000)
    expect(at.bench.world.state.calls['GET sales-entries']).toBe(3)
  })

  it('goes on after access came back, and kept its queue until then', async () => {
    const at = await open(plainForm)
    await threeInvoices(at)
    at.bench.fault('withdrawAccess', { post: 'salesEntry' })
    await at.settle()
    const states = (await at.postings()).map(({ state }) => state)
    expect(states).toContain('blocked')
    const connection = await at.within((trx) =>
      trx.selectFrom('connection').select('state').where('firmId', '=', at.firmId).executeTakeFirst(),
    )
    expect(connection?.state).toBe('reconnect')
    await at.signInAgain()
    await at.settle()
    expect(await wrongs(at)).toEqual([])
  })

  it('links a customer that the package numbers itself, and takes over its number', async () => {
    const at = await open(plainForm)
    const customerId = await at.addCustomer()
    await at.decide([await at.addInvoice({ customerId })])
    await at.settle()
    const customer = await at.within((trx) =>
      trx
        .selectFrom('customer')
        .select('number')
        .where('firmId', '=', at.firmId)
        .where('id', '=', customerId)
        .executeTakeFirst(),
    )
    expect(customer?.number).toBe('2001')
  })

  it('waits for an import that changes the same customer and links it', async () => {
    const at = await open(plainForm)
    const customerId = await at.addCustomer()
    await at.decide([await at.addInvoice({ customerId })])
    const [held, linked] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const imports = () =>
      at
        .within(async (trx) => {
          await trx.updateTable('customer').set({ phone: '0118 123456' }).where('id', '=', customerId).execute()
          held.resolve()
          await expect
            .poll(
              async () => {
                const { rows } = await sql<{ waits: boolean }>`
                select exists (select 1 from pg_locks where not granted and pg_backend_pid() = any(pg_blocking_pids(pid))) as waits`.execute(
                  trx,
                )
                return rows[0]?.waits
              },
              { timeout: 10_000 },
            )
            .toBe(true)
          const own = { firmId: at.firmId, connectionId: at.connectionId, noun: 'customer', ourId: customerId }
          await trx
            .insertInto('link')
            .values({ ...own, theirId: 'linked-by-import', createdAt: at.bench.clock.now() })
            .onConflict((oc) =>
              oc.columns(['firmId', 'connectionId', 'noun', 'ourId']).doUpdateSet({ theirId: 'linked-by-import' }),
            )
            .execute()
        })
        .then(linked.resolve, linked.reject)
    let isSent = false
    await at.settle(async (point) => {
      if (point === 'after-send') isSent = true
      if (point !== 'before-remember' || !isSent) return
      isSent = false
      void imports()
      await held.promise
    })
    await linked.promise
    expect(await linksOf(at)).toContainEqual({ ourId: customerId, theirId: 'linked-by-import' })
    expect((await at.postings())[0]).toMatchObject({
      kind: 'customer',
      state: 'needs-person',
      problem: { code: 'customer-linked-elsewhere' },
    })
  })

  it('adopts a customer that is there already', async () => {
    const at = await openWith(exactOnline, exactHarness)
    const theirs = at.lists.customers?.find(({ id }) => id === at.chosen.customer)
    const customerId = await at.addCustomer({ number: theirs?.code ?? '', name: theirs?.name ?? '' })
    await at.decide([await at.addInvoice({ customerId })])
    await at.settle()
    const [customer, entry] = await at.postings()
    expect(customer).toMatchObject({ kind: 'customer', state: 'posted', adopted: true, theirId: theirs?.id, tries: 0 })
    expect(entry).toMatchObject({ kind: 'salesEntry', state: 'posted' })
  })

  it('says so when the books show another total', async () => {
    const at = await open(plainForm)
    const customerId = await at.addCustomer({ theirs: at.chosen.customer })
    await at.decide([await at.addInvoice({ customerId })])
    at.bench.world.state.faults.push({ kind: 'shiftGross', on: 'POST sales-entries', value: '0.01', times: 1 })
    await at.settle()
    expect((await at.postings())[0]).toMatchObject({
      state: 'posted',
      differs: true,
      gross: '121.00',
      theirGross: '121.01',
    })
  })

  it('is found by the sweep when its wake was lost, and left alone while somebody works on it', async () => {
    const at = await open(plainForm)
    await threeInvoices(at)
    const { engine } = at.worker()
    expect(await sweepLanes(engine)).toContain(at.laneKey)
    let swept: readonly string[] = []
    await at
      .worker(async (point) => {
        if (point === 'before-send') swept = await sweepLanes(engine)
      })
      .run()
    expect(swept).not.toContain(at.laneKey)
  })

  it('tells whoever watches of each change', async () => {
    const at = await open(plainForm)
    await threeInvoices(at)
    await at.settle()
    expect([...at.notified].sort()).toEqual((await at.postings()).map(({ id }) => id).sort())
  })
})

describe('whoever made a subject', () => {
  const acting = (at: Office) => ({ ...at.worker().engine, by: null })

  it('is told what was booked, what was refused, and what a person gives up', async () => {
    const at = await open(plainForm)
    const customerId = await at.addCustomer({ theirs: at.chosen.customer })
    await at.decide([await at.addInvoice({ customerId }), await at.addInvoice({ customerId })])
    at.bench.fault('unknownMessage', { post: 'salesEntry' })
    await at.settle()
    const [refused] = await at.postings()
    await at.within((trx) => discard({ trx, firmId: at.firmId }, acting(at), refused?.id ?? ''))
    expect(at.told).toEqual([
      'salesEntry 20260001 refused',
      'salesEntry 20260002 posted',
      'salesEntry 20260001 discarded',
    ])
  })

  it('is told once of a document that is adopted after its answer was lost', async () => {
    const at = await open(plainForm)
    const customerId = await at.addCustomer()
    await at.decide([await at.addInvoice({ customerId })])
    at.bench.fault('loseAnswerAfter', { post: 'salesEntry' })
    await at.settle()
    const [customer] = await at.postings()
    expect(at.told).toEqual([`customer ${customer?.label} posted`, 'salesEntry 20260001 posted'])
  })

  it('is told of the files that are given up with their entry', async () => {
    const at = await open(plainForm)
    const customerId = await at.addCustomer({ theirs: at.chosen.customer })
    const { postings } = await at.decide([await at.addInvoice({ customerId })])
    const entry = postings[0]?.postingId ?? ''
    await at.addAttachment(entry)
    await at.within((trx) => discard({ trx, firmId: at.firmId }, acting(at), entry))
    expect(at.told).toEqual(['salesEntry 20260001 discarded', expect.stringMatching(/^attachment .* discarded$/)])
    expect((await at.postings()).map(({ state }) => state)).toEqual(['discarded', 'discarded'])
  })
})

describe('two workers', () => {
  it('do not work on one lane at the same time', async () => {
    const at = await open(plainForm)
    await threeInvoices(at)
    const results = await Promise.all([at.worker().run(), at.worker().run()])
    expect(results).toContainEqual({ is: 'busy' })
    await at.settle()
    expect(await wrongs(at)).toEqual([])
  })

  const heldUp: readonly HookPoint[] = [
    'after-freeze',
    'before-send',
    'after-send',
    'before-remember',
    'before-find',
    'after-find',
  ]
  it.each(heldUp)('the slow one writes and sends nothing more when its lease ran out at %s', async (point) => {
    const at = await open(plainForm)
    await threeInvoices(at)
    let goOn = () => {}
    let stopped = () => {}
    const isStopped = new Promise<void>((resolve) => {
      stopped = resolve
    })
    const slow = at.worker((here, times) => {
      if (here !== point || times !== 1) return
      stopped()
      return new Promise<void>((resolve) => {
        goOn = resolve
      })
    })
    const running = slow.run()
    await isStopped
    await at.expireLease()
    await at.settle()
    const before = await at.postings()
    goOn()
    expect(await running).toEqual({ is: 'lost' })
    expect(await at.postings()).toEqual(before)
    expect(await wrongs(at)).toEqual([])
  })
})

describe('refusals', () => {
  const manyInvoices = async (at: Office, count: number) => {
    const customerId = await at.addCustomer({ theirs: at.chosen.customer })
    const ids: string[] = []
    for (let made = 0; made < count; made += 1)
      ids.push(await at.addInvoice({ customerId, lines: [{ net: `${made + 1}.00` }] }))
    await at.decide(ids)
  }
  const states = async (at: Office) => (await at.postings()).map(({ state }) => state)
  const sent = (at: Office) => at.bench.world.state.calls['POST sales-entries'] ?? 0

  it('hold up nobody behind', async () => {
    const at = await open(plainForm)
    await manyInvoices(at, 3)
    at.bench.fault('unknownMessage', { post: 'salesEntry' })
    await at.settle()
    expect(await states(at)).toEqual(['refused', 'posted', 'posted'])
    expect((await at.postings())[0]?.problem).toMatchObject({ kind: 'refused', code: 'message-unknown' })
  })

  it('pause the lane after two in a row, and stop it after a refused probe', async () => {
    const at = await open(plainForm)
    await manyInvoices(at, 6)
    at.bench.fault('unknownMessage', { post: 'salesEntry' }, { times: 3 })
    await at.worker().run()
    expect(sent(at)).toBe(2)
    await at.settle()
    expect(sent(at)).toBe(3)
    expect(await states(at)).toEqual(['refused', 'refused', 'refused', 'waiting', 'waiting', 'waiting'])
  })

  it('resume by themselves when the probe is good', async () => {
    const at = await open(plainForm)
    await manyInvoices(at, 6)
    at.bench.fault('unknownMessage', { post: 'salesEntry' }, { times: 2 })
    await at.settle()
    expect(await states(at)).toEqual(['refused', 'refused', 'posted', 'posted', 'posted', 'posted'])
  })

  it('let everything go on when a person sends one again after a stop', async () => {
    const at = await open(plainForm)
    await manyInvoices(at, 6)
    at.bench.fault('unknownMessage', { post: 'salesEntry' }, { times: 3 })
    await at.settle()
    const refused = (await at.postings()).filter(({ state }) => state === 'refused').map(({ id }) => id)
    await at.within((trx) =>
      sendAgain({ trx, firmId: at.firmId }, { ...at.worker().engine, by: null }, { ids: refused }),
    )
    await at.settle()
    expect(await wrongs(at)).toEqual([])
  })

  it('find what is wrong here before anything more is refused there', async () => {
    const at = await open(plainForm)
    await manyInvoices(at, 2)
    const closed = await at.addCustomer({ theirs: 'cus-cafe' })
    await at.decide([await at.addInvoice({ customerId: closed, lines: [{ net: '5.00', reduced: true }] })])
    await at.within((trx) =>
      trx
        .deleteFrom('postingRule')
        .where('firmId', '=', at.firmId)
        .where('vatTreatment', '=', 'domestic-reduced')
        .execute(),
    )
    at.bench.fault('unknownMessage', { post: 'salesEntry' }, { times: 2 })
    await at.worker().run()
    expect(sent(at)).toBe(2)
    expect((await at.postings()).map(({ state, problem }) => [state, problem?.code])).toEqual([
      ['refused', 'message-unknown'],
      ['refused', 'message-unknown'],
      ['blocked', 'posting-rule-missing'],
    ])
  })

  it('of a customer keep its entries waiting, and let them go when it is sent again', async () => {
    const at = await open(plainForm)
    const customerId = await at.addCustomer({ number: '1001' })
    await at.decide([await at.addInvoice({ customerId })])
    await at.settle()
    expect(await states(at)).toEqual(['refused', 'waiting'])
    const refused = (await at.postings()).find(({ state }) => state === 'refused')
    await at.within(async (trx) => {
      await trx.updateTable('customer').set({ number: '4711' }).where('id', '=', customerId).execute()
      await sendAgain({ trx, firmId: at.firmId }, { ...at.worker().engine, by: null }, { ids: [refused?.id ?? ''] })
    })
    await at.settle()
    expect(await wrongs(at)).toEqual([])
  })
})

describe('a person', () => {
  const acting = (at: Office) => ({ ...at.worker().engine, by: null })
  const firm = (at: Office) => ({ firmId: at.firmId })

  /** An answer is lost, and meanwhile somebody enters the same invoice again in the package. */
  async function inDoubt(at: Office): Promise<string> {
    const customerId = await at.addCustomer({ theirs: at.chosen.customer })
    const { postings } = await at.decide([await at.addInvoice({ customerId })])
    at.bench.fault('loseAnswerAfter', { post: 'salesEntry' })
    await at.worker().run()
    const [booked] = at.booked().filter(({ kind }) => kind === 'salesEntry')
    fakeHarness(plainForm).byHand.enterAgain(at.bench, booked?.id ?? '')
    await at.settle()
    return postings[0]?.postingId ?? ''
  }

  it('chooses which of several found entries it is', async () => {
    const at = await open(plainForm)
    const id = await inDoubt(at)
    const [posting] = await at.postings()
    expect(posting).toMatchObject({ state: 'needs-person', problem: { code: 'found-several' } })
    const chosen = posting?.found?.[0]?.id ?? ''
    await at.within((trx) => resolve({ trx, ...firm(at) }, acting(at), { id, adopt: chosen }))
    expect((await at.postings())[0]).toMatchObject({
      state: 'posted',
      adopted: true,
      theirId: chosen,
      sentAfter: expect.any(Date),
    })
  })

  it('says that none of them is ours: looked for once more, then sent', async () => {
    const at = await open(plainForm)
    const id = await inDoubt(at)
    await at.within((trx) => resolve({ trx, ...firm(at) }, acting(at), { id, noneOfThese: true }))
    expect((await at.postings())[0]?.state).toBe('checking')
    await at.settle()
    const [posting] = await at.postings()
    expect(posting).toMatchObject({ state: 'posted', tries: 2 })
    expect(at.booked().filter(({ kind }) => kind === 'salesEntry')).toHaveLength(3)
  })

  it('may not choose what was not found', async () => {
    const at = await open(plainForm)
    const id = await inDoubt(at)
    const choosing = at.within((trx) => resolve({ trx, ...firm(at) }, acting(at), { id, adopt: 'entry-99999' }))
    await expect(choosing).rejects.toThrow('receipt-unknown')
  })

  it('gives up a refused entry; posted anew it is another posting with another reference', async () => {
    const at = await open(plainForm)
    const customerId = await at.addCustomer({ theirs: at.chosen.customer })
    const invoiceId = await at.addInvoice({ customerId })
    await at.decide([invoiceId])
    at.bench.fault('unknownMessage', { post: 'salesEntry' })
    await at.settle()
    const [refused] = await at.postings()
    await at.within((trx) => discard({ trx, ...firm(at) }, acting(at), refused?.id ?? ''))
    const { postings } = await at.decide([invoiceId])
    expect(postings[0]).toMatchObject({ existing: false })
    await at.settle()
    const [, posted] = await at.postings()
    expect(posted).toMatchObject({ state: 'posted' })
    expect(posted?.reference).not.toBe(refused?.reference)
    expect(await wrongs(at)).toEqual([])
  })

  it('may not give up what may be in the books', async () => {
    const at = await open(plainForm)
    const customerId = await at.addCustomer({ theirs: at.chosen.customer })
    const { postings } = await at.decide([await at.addInvoice({ customerId })])
    at.bench.fault('loseAnswerAfter', { post: 'salesEntry' })
    await at.worker().run()
    const giving = at.within((trx) => discard({ trx, ...firm(at) }, acting(at), postings[0]?.postingId ?? ''))
    await expect(giving).rejects.toThrow('posting-not-discardable')
  })

  it('books in another period, and the invoice keeps its date', async () => {
    const at = await open(plainForm)
    const customerId = await at.addCustomer({ theirs: at.chosen.customer })
    await at.decide([await at.addInvoice({ customerId, date: '2026-03-31' })])
    fakeHarness(plainForm).byHand.closePeriod(at.bench, '2026-03-31')
    await at.settle()
    const [refused] = await at.postings()
    expect(refused?.problem?.code).toBe('period-closed')
    await at.within((trx) =>
      sendAgain({ trx, ...firm(at) }, acting(at), { ids: [refused?.id ?? ''], bookIn: '2026-04-01' }),
    )
    await at.settle()
    expect(await wrongs(at)).toEqual([])
    expect(at.booked().find(({ reference }) => reference === refused?.reference)?.date).toBe('2026-03-31')
  })
})

describe('deciding', () => {
  it('makes one posting when two people decide the same invoice at once', async () => {
    const at = await open(plainForm)
    const customerId = await at.addCustomer({ theirs: at.chosen.customer })
    const invoiceId = await at.addInvoice({ customerId })
    const decisions = await Promise.all([at.decide([invoiceId]), at.decide([invoiceId])])
    const ids = decisions.flatMap(({ postings }) => postings.map(({ postingId }) => postingId))
    expect(new Set(ids).size).toBe(1)
    expect(decisions.map(({ postings }) => postings[0]?.existing).sort()).toEqual([false, true])
  })

  it('names drafts, invoices before the cut-off and those that are in the books already, and leaves them out', async () => {
    const at = await open(plainForm)
    const customerId = await at.addCustomer({ theirs: at.chosen.customer })
    await at.within((trx) =>
      trx.updateTable('connection').set({ cutOff: '2026-02-01' }).where('firmId', '=', at.firmId).execute(),
    )
    const draft = await at.addInvoice({ customerId, state: 'draft' })
    const early = await at.addInvoice({ customerId, date: '2026-01-31' })
    const booked = await at.addInvoice({ customerId })
    await at.within((trx) =>
      trx
        .updateTable('invoice')
        .set({ alreadyInBooks: true })
        .where('firmId', '=', at.firmId)
        .where('id', '=', booked)
        .execute(),
    )
    const good = await at.addInvoice({ customerId })
    const decision = await at.decide([draft, early, booked, good, '01890000-0000-7000-8000-000000000000'])
    expect(decision.postings.map(({ invoiceId }) => invoiceId)).toEqual([good])
    expect(decision.leftOut.map(({ problem }) => problem.code)).toEqual([
      'invoice-not-sent',
      'invoice-before-cut-off',
      'invoice-already-in-books',
      'invoice-unknown',
    ])
  })

  it('makes a customer once, however many of its invoices are decided', async () => {
    const at = await open(plainForm)
    const customerId = await at.addCustomer()
    await at.decide([await at.addInvoice({ customerId }), await at.addInvoice({ customerId })])
    await at.decide([await at.addInvoice({ customerId })])
    expect((await at.postings()).map(({ kind }) => kind)).toEqual([
      'customer',
      'salesEntry',
      'salesEntry',
      'salesEntry',
    ])
  })

  it('leaves nothing behind when its transaction is rolled back', async () => {
    const at = await open(plainForm)
    const customerId = await at.addCustomer({ theirs: at.chosen.customer })
    const invoiceIds = [await at.addInvoice({ customerId })]
    const { engine } = at.worker()
    const rolledBack = at.within(async (trx) => {
      await decidePostings(trx, { ...engine, firmId: at.firmId, connectionId: at.connectionId, invoiceIds, by: null })
      throw new Error('no')
    })
    await expect(rolledBack).rejects.toThrow('no')
    expect(await at.postings()).toEqual([])
    expect(await sweepLanes(engine)).not.toContain(at.laneKey)
  })
})

describe('deciding beside what somebody else does at that moment', () => {
  /** The second begins when the first has done its work; when it waits, the first does what it left and is committed. */
  async function atOnce(
    at: Office,
    first: (trx: Trx) => Promise<() => Promise<unknown>>,
    second: () => Promise<unknown>,
  ) {
    const [done, mayGoOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const one = at.within(async (trx) => {
      const left = await first(trx)
      done.resolve()
      await mayGoOn.promise
      await left()
    })
    await Promise.race([done.promise, one])
    const two = second()
    try {
      await vi.waitUntil(async () => (await standing()) === 1, { timeout: 10_000, interval: 20 })
    } finally {
      mayGoOn.resolve()
    }
    const [, result] = await Promise.allSettled([one, two])
    await one
    return result
  }

  const standing = async () => {
    const [row] = await database.asOwner<{ count: number }>(
      `select count(*)::int as count from pg_stat_activity
       where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0`,
    )
    return row?.count
  }

  const nothingMore = async () => undefined
  async function decideIn(at: Office, trx: Trx, invoiceIds: readonly string[]) {
    const { firmId, connectionId } = at
    await decidePostings(trx, { ...at.worker().engine, firmId, connectionId, invoiceIds, by: null })
    return nothingMore
  }
  async function discardIn(at: Office, trx: Trx, id: string) {
    await discard({ trx, firmId: at.firmId }, { ...at.worker().engine, by: null }, id)
    return nothingMore
  }

  async function invoiceInLine(at: Office) {
    const customerId = await at.addCustomer({ theirs: at.chosen.customer })
    const invoiceId = await at.addInvoice({ customerId })
    const creditId = await at.addInvoice({ customerId, credits: invoiceId })
    const { postings } = await at.decide([invoiceId])
    return { invoiceId, creditId, postingId: postings[0]?.postingId ?? '' }
  }
  const rows = async (at: Office) => (await at.postings()).map(({ label, state }) => [label, state])

  it('keeps an invoice that somebody wants to give up while its credit note is put behind it', async () => {
    const at = await open(plainForm)
    const { creditId, postingId } = await invoiceInLine(at)
    const given = await atOnce(
      at,
      (trx) => decideIn(at, trx, [creditId]),
      () => at.within((trx) => discardIn(at, trx, postingId)),
    )
    expect(given).toMatchObject({ status: 'rejected', reason: { problem: { code: 'credit-note-waits' } } })
    await at.settle()
    expect(await rows(at)).toEqual([
      ['20260001', 'posted'],
      ['20260002', 'posted'],
    ])
    expect(at.booked().map(({ gross }) => gross)).toEqual(['121.00', '-121.00'])
  })

  it('decides an invoice anew that was given up while its credit note was decided', async () => {
    const at = await open(plainForm)
    const { creditId, postingId } = await invoiceInLine(at)
    const decided = await atOnce(
      at,
      (trx) => discardIn(at, trx, postingId),
      () => at.within((trx) => decideIn(at, trx, [creditId])),
    )
    expect(decided).toMatchObject({ status: 'fulfilled' })
    const [given, anew, credit] = await at.postings()
    expect(await rows(at)).toEqual([
      ['20260001', 'discarded'],
      ['20260001', 'waiting'],
      ['20260002', 'waiting'],
    ])
    expect([given?.id, credit?.afterId, credit?.dueAt]).toEqual([postingId, anew?.id, null])
    await at.settle()
    expect(at.booked().map(({ gross }) => gross)).toEqual(['121.00', '-121.00'])
  })

  it('holds a posting that is there already until what comes after it stands behind it', async () => {
    const at = await open(plainForm)
    const { invoiceId, creditId, postingId } = await invoiceInLine(at)
    const entry = { kind: 'salesEntry', subjectKind: 'invoice', customerId: null, currency: 'EUR' } as const
    const given = await atOnce(
      at,
      async (trx) => {
        const firm = { trx, firmId: at.firmId }
        const connection = (await findConnection(firm, at.connectionId)) as ConnectionAt
        const outbox = new Outbox(firm, connection, { ...at.worker().engine, by: null })
        const invoice = { ...entry, subjectId: invoiceId, label: '20260001', gross: '121.00', afterId: null }
        const { id: afterId } = await outbox.put(invoice)
        return () => outbox.put({ ...entry, subjectId: creditId, label: '20260002', gross: '-121.00', afterId })
      },
      () => at.within((trx) => discardIn(at, trx, postingId)),
    )
    expect(given).toMatchObject({ status: 'rejected', reason: { problem: { code: 'credit-note-waits' } } })
  })

  it('leaves no entry behind a customer that reaches the books meanwhile', async () => {
    const at = await open(plainForm)
    const customerId = await at.addCustomer()
    await at.decide([await at.addInvoice({ customerId })])
    const next = await at.addInvoice({ customerId })
    await atOnce(
      at,
      (trx) => decideIn(at, trx, [next]),
      () => at.worker().run(),
    )
    await at.settle()
    expect((await at.postings()).map(({ kind, state }) => [kind, state])).toEqual([
      ['customer', 'posted'],
      ['salesEntry', 'posted'],
      ['salesEntry', 'posted'],
    ])
  })
})
