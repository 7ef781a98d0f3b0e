import type { FakeForm } from '@uurwerk/connectors/conformance/fake/form.ts'
import { fakeForms, fakeHarness, fakePackage, nameOf, plainForm } from '@uurwerk/connectors/conformance/fake/index.ts'
import type { FaultName } from '@uurwerk/connectors/conformance/harness.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../testing/database.ts'
import { discard, resolve, sendAgain } from './actions.ts'
import type { HookPoint } from './engine.ts'
import { resumeConnection } from './lane.ts'
import { sweepLanes } from './sweep.ts'
import { Died, type Fate, type Office, openOffice } from './testing/office.ts'
import { wrongs } from './testing/once.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())

let seed = 0
const open = (form: FakeForm): Promise<Office> => {
  seed += 1
  return openOffice({ store: database.store, connector: fakePackage(form).connector, harness: fakeHarness(form), seed })
}

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

const diesAt =
  (point: HookPoint, time = 1): Fate =>
  (here, times) => {
    if (here === point && times === time) throw new Died()
  }

describe.each(fakeForms.map((form) => ({ name: nameOf(form), form })))('a lane to $name', ({ form }) => {
  const deaths: readonly HookPoint[] = [
    'before-freeze',
    'after-freeze',
    'before-send',
    'after-send',
    'before-remember',
    'after-remember',
    'before-find',
    'after-find',
    'before-release',
  ]
  it.each(deaths.flatMap((point) => [1, 2, 3].map((time) => ({ point, time }))))(
    'has each document in the books once when the process dies $point, time $time',
    async ({ point, time }) => {
      const at = await open(form)
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
    { fault: 'slow' },
    { fault: 'hideDocumentsFor', value: 10_000 },
    { fault: 'expireAccess' },
  ]
  it.each(faults.flatMap((fault) => (['customer', 'salesEntry'] as const).map((kind) => ({ ...fault, kind }))))(
    'has each document in the books once after $fault of a $kind',
    async ({ fault, kind, value }) => {
      const at = await open(form)
      await threeInvoices(at)
      at.bench.fault(fault, { post: kind }, value === undefined ? {} : { value })
      if (fault === 'hideDocumentsFor') at.bench.fault('loseAnswerAfter', { post: kind })
      await at.settle()
      expect(await wrongs(at)).toEqual([])
    },
  )

  it('repeats or looks after an answer was lost and the process died before it knew', async () => {
    const at = await open(form)
    await threeInvoices(at)
    at.bench.fault('loseAnswerAfter', { post: 'salesEntry' })
    at.bench.fault('loseAnswerAfter', { post: 'customer' })
    await at.settle(diesAt('after-send', 2))
    expect(await wrongs(at)).toEqual([])
  })

  it('posts journals and attachments too, an attachment after its entry', async () => {
    const at = await open(form)
    const customerId = await at.addCustomer({ theirs: at.chosen.customer })
    const { postings } = await at.decide([await at.addInvoice({ customerId })])
    await at.addAttachment(postings[0]?.postingId ?? '')
    await at.addJournal()
    at.bench.fault('loseAnswerAfter', { post: 'generalJournal' })
    at.bench.fault('loseAnswerAfter', { post: 'attachment' })
    await at.settle()
    expect(await wrongs(at)).toEqual([])
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

  const heldUp: readonly HookPoint[] = ['after-freeze', 'before-send', 'after-send', 'before-remember', 'before-find', 'after-find']
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
    for (let made = 0; made < count; made += 1) ids.push(await at.addInvoice({ customerId, lines: [{ net: `${made + 1}.00` }] }))
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
    await at.within((trx) => sendAgain({ trx, firmId: at.firmId }, { ...at.worker().engine, by: null }, { ids: refused }))
    await at.settle()
    expect(await wrongs(at)).toEqual([])
  })

  it('find what is wrong here before anything more is refused there', async () => {
    const at = await open(plainForm)
    const gone = await at.addCustomer({ theirs: at.chosen.customer })
    await manyInvoices(at, 3).catch(() => undefined)
    expect(gone).toBeTruthy()
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
