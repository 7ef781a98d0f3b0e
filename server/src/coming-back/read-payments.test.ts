import type { Page } from '@uurwerk/connectors/contract/contract.ts'
import type { Settlement } from '@uurwerk/connectors/contract/rows.ts'
import { newReference } from '@uurwerk/core/shared/reference.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunningAtPackage } from '../jobs/running.ts'
import { type TestApp, testApp } from '../testing/app.ts'
import { type TestFirm, testFirm } from '../testing/firm.ts'
import { readPayments } from './read-payments.ts'

let test: TestApp
let firm: TestFirm
let connectionId: string
let customerId: string
let seriesId: string
beforeAll(async () => {
  test = await testApp()
  firm = await testFirm(test.services)
  customerId = await firm.addCustomer({ number: '7001' })
  connectionId = test.services.ids.next()
  const at = { createdAt: test.clock.now(), updatedAt: test.clock.now() }
  await firm.within(async (trx) => {
    const own = { package: 'ledgerly', purpose: 'sales', mode: 'live', country: 'NL', state: 'connected' }
    await trx
      .insertInto('connection')
      .values({ firmId: firm.id, id: connectionId, ...own, ...at })
      .execute()
    const series = await trx.selectFrom('series').select('id').where('firmId', '=', firm.id).executeTakeFirstOrThrow()
    seriesId = series.id
  })
})
afterAll(() => test.close())

let made = 0
interface Wish {
  readonly gross?: string
  readonly currency?: string
  readonly credits?: string
  readonly openItem?: string
}
/** A sent invoice that was posted; answers its id and what the books call it. */
async function posted({ gross = '121.00', currency = 'EUR', credits, openItem }: Wish = {}) {
  const { ids, random } = test.services
  const [id, postingId] = [ids.next(), ids.next()]
  const document = `E${++made}`
  const now = test.clock.now()
  const at = { createdAt: now, updatedAt: now }
  const receipt = { id: document, gross, hash: 'h', ...(openItem ? { openItem } : {}) }
  await firm.within(async (trx) => {
    await trx
      .insertInto('invoice')
      .values({
        firmId: firm.id,
        id,
        kind: credits ? 'credit' : 'invoice',
        state: 'sent',
        customerId,
        seriesId,
        number: `T-${made}`,
        date: '2026-03-31',
        dueDate: '2026-04-30',
        language: 'nl',
        currency,
        gross,
        net: gross,
        creditsId: credits ?? null,
        sentAt: now,
        ...at,
      })
      .execute()
    await trx
      .insertInto('posting')
      .values({
        firmId: firm.id,
        id: postingId,
        connectionId,
        laneKey: 'ledgerly/1',
        kind: 'salesEntry',
        reference: newReference(random),
        subjectKind: 'invoice',
        subjectId: id,
        label: `T-${made}`,
        customerId,
        state: 'posted',
        currency,
        gross,
        theirGross: gross,
        theirId: document,
        receipt: JSON.stringify(receipt),
        ...at,
      })
      .execute()
  })
  return { id, postingId, document: openItem ?? document }
}

type Pages = readonly (Page<Settlement> | 'reset' | 'breaks')[]

/** What the package tells, by the mark it is asked from; `breaks` is where the line goes dead. */
async function read(pagesFrom: (since: string | null) => Pages): Promise<readonly (string | null)[]> {
  test.clock.forward(1_000)
  const asked: (string | null)[] = []
  const { services } = test
  const settled = {
    async *changes(since: string | null) {
      asked.push(since)
      for (const page of pagesFrom(since)) {
        if (page === 'breaks') throw new Error('the line went dead')
        yield page
      }
    },
  }
  const openBooks = async () => ({ books: { settled }, connector: { manifest: { name: 'Ledgerly' } } })
  const running = {
    services: { ...services, connections: { ...services.connections, openBooks } },
    firmId: firm.id,
    taskId: '',
    params: {},
    createdBy: { memberId: null, name: 'Uurwerk' },
    connection: { id: connectionId, timeZone: 'Europe/Amsterdam' },
    step: (work: Parameters<TestFirm['within']>[0]) => firm.within(work),
    progress: async () => {},
    throwIfStopped: () => {},
  }
  await readPayments(running as unknown as RunningAtPackage)
  return asked
}

const term = (document: string, outstanding: string, more: Partial<Settlement> = {}): Settlement => ({
  id: `${document}-1`,
  document,
  outstanding,
  currency: 'EUR',
  ...more,
})
const last = (rows: readonly Settlement[], mark: string, gone: readonly string[] = []): Page<Settlement> => ({
  rows,
  gone,
  mark,
})

const standing = async ({ id, postingId }: { id: string; postingId: string }) =>
  firm.within(async (trx) => {
    const { paid, outstanding } = await trx
      .selectFrom('invoice')
      .select(['paid', 'outstanding'])
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    const told = await trx
      .selectFrom('postingSettled')
      .select(['state', 'why'])
      .where('postingId', '=', postingId)
      .executeTakeFirst()
    return [paid, outstanding, told?.state ?? null, told?.why ?? null]
  })
/** A mark as it stands now. */
const markNow = () =>
  firm.within(async (trx) => {
    const row = await trx
      .selectFrom('packageMark')
      .select('mark')
      .where('connectionId', '=', connectionId)
      .where('noun', '=', 'settlements')
      .executeTakeFirst()
    return row?.mark ?? null
  })

describe('what the books tell of payments', () => {
  it('is judged by all terms of an entry, also when a page comes between them and the line goes dead there', async () => {
    const invoice = await posted()
    const first = [term(invoice.document, '60.50', { id: 'a' })]
    const second = [term(invoice.document, '60.50', { id: 'b' })]
    await expect(read(() => [{ rows: first, gone: [] }, { rows: [], gone: [] }, 'breaks'])).rejects.toThrow('dead')
    expect(await standing(invoice)).toEqual(['0.00', '121.00', null, null])
    expect(await markNow()).toBeNull()
    await read(() => [{ rows: first, gone: [] }, last(second, 'm1')])
    expect(await standing(invoice)).toEqual(['0.00', '121.00', 'open', null])
    expect(await markNow()).toBe('m1')
    await read(() => [last([term(invoice.document, '0.00', { id: 'a', lastPaidOn: '2026-04-02' })], 'm2')])
    expect(await standing(invoice)).toEqual(['60.50', '60.50', 'partly-paid', null])
    await read(() => [last([term(invoice.document, '0.00', { id: 'b', lastPaidOn: '2026-04-09' })], 'm3')])
    expect(await standing(invoice)).toEqual(['121.00', '0.00', 'paid', null])
  })

  it('comes from the last mark on, and from the beginning when that is worth nothing any more', async () => {
    const [kept, gone] = [await posted(), await posted()]
    await read(() => [last([term(kept.document, '0.00'), term(gone.document, '0.00')], 'm4')])
    expect((await standing(gone))[2]).toBe('settled')
    const asked = await read((since) => (since ? ['reset'] : [last([term(kept.document, '21.00')], 'm5')]))
    expect(asked).toEqual(['m4', null])
    expect(await standing(kept)).toEqual(['100.00', '21.00', 'partly-paid', null])
    // Everything was read, and this was not there any more: nothing is said of it, least of all that it was paid.
    expect(await standing(gone)).toEqual(['0.00', '121.00', 'unknown', 'gone'])
  })

  it('is nothing to go by when the package shows nothing at all any more: what was paid stays paid', async () => {
    const invoice = await posted()
    await read(() => [last([term(invoice.document, '0.00', { lastPaidOn: '2026-04-02' })], 'm5b')])
    const before = await standing(invoice)
    await expect(read((since) => (since ? ['reset'] : [last([], 'm5c')]))).rejects.toMatchObject({
      problem: { kind: 'setup', code: 'payments-not-shown' },
    })
    expect(await standing(invoice)).toEqual(before)
    expect(await markNow()).toBe('m5b')
  })

  it('goes back to open when the entry is taken away there', async () => {
    const invoice = await posted()
    await read(() => [last([term(invoice.document, '0.00', { lastPaidOn: '2026-04-02' })], 'm6')])
    expect((await standing(invoice))[0]).toBe('121.00')
    await read(() => [last([], 'm7', [`${invoice.document}-1`])])
    expect(await standing(invoice)).toEqual(['0.00', '121.00', 'unknown', 'gone'])
  })

  it('is not reckoned with when it stands in another currency', async () => {
    const dollars = await posted({ currency: 'USD' })
    const [euros, mixed] = [await posted(), await posted()]
    await read(() => [
      last(
        [
          term(dollars.document, '21.00', { currency: 'USD' }),
          term(euros.document, '0.00', { currency: 'USD' }),
          term(mixed.document, '0.00', { id: 'c' }),
          term(mixed.document, '0.00', { id: 'd', currency: 'USD' }),
        ],
        'm8',
      ),
    ])
    expect(await standing(dollars)).toEqual(['100.00', '21.00', 'partly-paid', null])
    expect(await standing(euros)).toEqual(['0.00', '121.00', 'unknown', 'other-currency'])
    expect(await standing(mixed)).toEqual(['0.00', '121.00', 'unknown', 'other-currency'])
  })

  it('is matched by what was posted alone: another document of the same amount is not ours', async () => {
    const invoice = await posted({ openItem: 'ledger-77' })
    await read(() => [last([term('E-foreign', '0.00'), term('ledger-77', '21.00')], 'm9')])
    expect(await standing(invoice)).toEqual(['100.00', '21.00', 'partly-paid', null])
  })

  it('is taken over an invoice and its credit notes, whatever was set off against what', async () => {
    const invoice = await posted()
    const credit = await posted({ gross: '-21.00', credits: invoice.id })
    await read(() => [last([term(invoice.document, '121.00'), term(credit.document, '-21.00')], 'm10')])
    expect(await standing(invoice)).toEqual(['0.00', '100.00', 'open', null])
    await read(() => [last([term(invoice.document, '100.00'), term(credit.document, '0.00')], 'm11')])
    expect(await standing(invoice)).toEqual(['0.00', '100.00', 'partly-paid', null])
    await read(() => [last([term(invoice.document, '0.00', { lastPaidOn: '2026-04-02' })], 'm12')])
    expect(await standing(invoice)).toEqual(['100.00', '0.00', 'paid', null])
    // Set off against another invoice of the customer: this one is owed again.
    await read(() => [last([term(invoice.document, '121.00')], 'm13')])
    expect(await standing(invoice)).toEqual(['-21.00', '121.00', 'open', null])
  })

  it('is not taken for money while a credit note of it was typed there by hand', async () => {
    const invoice = await posted({ gross: '100.00' })
    const credit = await posted({ gross: '-50.00', credits: invoice.id })
    const creditIs = (state: string) =>
      firm.within((trx) => trx.updateTable('posting').set({ state }).where('id', '=', credit.postingId).execute())
    await creditIs('discarded')
    await read(() => [last([term(invoice.document, '50.00')], 'm15')])
    expect(await standing(invoice)).toEqual(['0.00', '50.00', 'unknown', 'credit-note-unseen'])
    await creditIs('posted')
    await read(() => [last([term(credit.document, '0.00')], 'm16')])
    expect(await standing(invoice)).toEqual(['0.00', '50.00', 'partly-paid', null])
    await read(() => [last([term(invoice.document, '0.00', { lastPaidOn: '2026-04-02' })], 'm17')])
    await creditIs('waiting')
    await read(() => [last([], 'm18')])
    // What was known to be paid stays.
    expect(await standing(invoice)).toEqual(['50.00', '0.00', 'unknown', 'credit-note-unseen'])
  })

  it('changes nothing when nothing changed', async () => {
    const invoice = await posted()
    const pages = () => [last([term(invoice.document, '21.00', { lastPaidOn: '2026-04-02' })], 'm14')]
    await read(pages)
    const facts = () =>
      firm.within((trx) =>
        Promise.all([
          trx.selectFrom('invoice').select(['id', 'version', 'updatedAt']).orderBy('id').execute(),
          trx.selectFrom('history').select('id').where('act', '=', 'payment-in-books').orderBy('id').execute(),
        ]),
      )
    const before = await facts()
    test.clock.forward(60_000)
    await read(pages)
    expect(await facts()).toEqual(before)
  })
})
