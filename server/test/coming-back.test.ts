import {
  changeEntry,
  type Desk,
  giveRight,
  payEntry,
  removeEntry,
  settleWithCredit,
  takeRight,
  unmatchEntry,
  writeEntryOff,
} from '@uurwerk/connectors/exact-online/simulator/bookkeeper.ts'
import { seededRandom } from '@uurwerk/core/shared/seeded-random.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { comeBackNightly } from '../src/coming-back/nightly.ts'
import { type FurnishedApp, type FurnishedFirm, furnishedApp, furnishedFirm } from '../src/testing/furnished.ts'

/** One row of chance for all that is done at the desks: it gives identities. */
const random = seededRandom(7)
let app: FurnishedApp
beforeAll(async () => {
  app = await furnishedApp()
})
afterAll(() => app?.close())

interface Drafted {
  readonly id: string
  readonly version: number
  readonly number: string
  readonly gross: string
}
interface Paid {
  readonly version: number
  readonly paid: string
  readonly outstanding: string
  readonly paymentState: string
  readonly books: {
    readonly state: string | null
    readonly outstanding: string | null
    readonly why: string | null
  } | null
  readonly rows: readonly {
    readonly id: string
    readonly source: string
    readonly amount: string
    readonly inBooks: string
    readonly date: string
    readonly way: string
    readonly removedAt: string | null
    readonly version: number
  }[]
}
interface Difference {
  readonly id: string
  readonly kind: string
  readonly state: string
  readonly label: string
  readonly title: string
  readonly detail: string
  readonly fields: readonly { readonly field: string; readonly posted: string | null; readonly now: string | null }[]
  readonly can: readonly string[]
  readonly version: number
}
interface Run {
  readonly id: string
  readonly state: string
  readonly outcome: string | null
  readonly documents: number
  readonly unknown: number
  readonly differing: number
  readonly accepted: number
  readonly solved: number
  readonly totals: readonly { readonly currency: string; readonly documents: number; readonly gross: string }[]
  readonly problem: { readonly code: string } | null
}

type Language = 'nl' | 'en'

/** Asks as finance and wants a good answer. */
async function good<Body>(
  own: FurnishedFirm,
  path: string,
  {
    body,
    version,
    method = body ? 'POST' : 'GET',
    language = 'en',
  }: { body?: object; version?: number; method?: 'GET' | 'POST' | 'PATCH' | 'DELETE'; language?: Language } = {},
): Promise<Body> {
  const answer = await app.app.inject({
    method,
    url: `/api/v1${path}`,
    headers: {
      ...own.headers,
      'accept-language': language,
      ...(version === undefined ? {} : { 'if-match': `"${version}"` }),
    },
    ...(body ? { payload: body } : {}),
  })
  expect([path, answer.statusCode < 300 ? 'good' : answer.body]).toEqual([path, 'good'])
  return (answer.body ? answer.json() : undefined) as Body
}

/** A firm whose books are empty as yet, at the desk of its bookkeeper. */
async function booksOf(word: string) {
  const own = await furnishedFirm(app, word)
  // What stands there for samples of other tests is not in these books.
  await own.firm.within(async (trx) => {
    await trx.deleteFrom('booksDifference').where('firmId', '=', own.firm.id).execute()
    await trx.deleteFrom('reconciliation').where('firmId', '=', own.firm.id).execute()
    const discarded = { state: 'discarded', dueAt: null }
    await trx.updateTable('posting').set(discarded).where('firmId', '=', own.firm.id).execute()
  })
  const atTheDesk = (act: (desk: Desk) => unknown) =>
    app.changeWorld(own.firm.id, (world) => void act({ world, clock: app.clock, random }))
  const run = async () => {
    // A minute has its limit of calls.
    app.clock.forward(61_000)
    await app.runTasks()
    await app.runLane(own.connection.lane)
  }
  return {
    own,
    atTheDesk,
    run,
    async look(full = false) {
      await good(own, `/connections/${own.connection.used}/payments`, { body: { full } })
      await run()
    },
    async compare(scope: 'open-periods' | 'all' = 'open-periods') {
      await good(own, `/connections/${own.connection.used}/reconciliations`, { body: { scope } })
      await run()
      const { rows } = await good<{ rows: Run[] }>(own, '/reconciliations')
      return rows[0] as Run
    },
    paid: (id: string) => good<Paid>(own, `/invoices/${id}/payments`),
    differences: async (state = 'open', language: Language = 'en') =>
      (await good<{ rows: Difference[] }>(own, `/books-differences?state=${state}`, { language })).rows,
    calls: () =>
      app.changeWorld(own.firm.id, (world) =>
        Object.values(world.state.calls).reduce((total, count) => total + count, 0),
      ),
    history: async (id: string) =>
      own.firm.within((trx) =>
        trx
          .selectFrom('history')
          .select(['act', 'before', 'after'])
          .where('subjectId', '=', id)
          .where('act', '=', 'payment-in-books')
          .orderBy('id')
          .execute(),
      ),
    async send(unitPrice = '100.00') {
      const draft = await good<Drafted>(own, '/invoices', {
        body: { customerId: own.customer.used, date: '2026-03-31' },
      })
      const { version } = await good<Drafted>(own, `/invoices/${draft.id}/lines`, {
        body: { description: 'Advies', quantity: '1', unit: 'piece', unitPrice },
        version: draft.version,
      })
      return good<Drafted>(own, `/invoices/${draft.id}/sending`, { body: { how: 'other' }, version })
    },
    async post(ids: readonly string[]) {
      app.clock.forward(61_000)
      await good(own, '/postings', { body: { invoiceIds: ids } })
      await app.runLane(own.connection.lane)
    },
  }
}

type Books = Awaited<ReturnType<typeof booksOf>>
let at: Books

/** An invoice of 121.00 that stands in the books. */
async function booked(): Promise<Drafted> {
  const invoice = await at.send()
  await at.post([invoice.id])
  return invoice
}

const standing = async ({ id }: Drafted) => {
  const { paymentState, outstanding, books, rows } = await at.paid(id)
  const told = rows.find(({ source, removedAt }) => source === 'package' && removedAt === null)
  return [paymentState, outstanding, books?.state, told?.amount ?? null]
}

describe('what was paid, by the books', () => {
  beforeAll(async () => {
    at = await booksOf('Wulp')
  })

  it('comes to the invoice: a part, the rest, and open again when the match is taken back', async () => {
    const invoice = await booked()
    await at.look()
    expect(await standing(invoice)).toEqual(['open', invoice.gross, 'open', null])

    await at.atTheDesk((desk) => payEntry(desk, invoice.number, { amount: '20.00', date: '2026-04-02' }))
    await at.look()
    expect(await standing(invoice)).toEqual(['partly-paid', '101.00', 'partly-paid', '20.00'])

    await at.atTheDesk((desk) => payEntry(desk, invoice.number, { amount: '30.00', date: '2026-04-05' }))
    await at.look()
    expect(await standing(invoice)).toEqual(['partly-paid', '71.00', 'partly-paid', '50.00'])
    expect((await at.paid(invoice.id)).rows.find(({ source }) => source === 'package')).toMatchObject({
      date: '2026-04-05',
      way: 'bank',
    })

    await at.atTheDesk((desk) => payEntry(desk, invoice.number, { date: '2026-04-09' }))
    await at.look()
    expect(await standing(invoice)).toEqual(['paid', '0.00', 'paid', invoice.gross])

    await at.atTheDesk((desk) => unmatchEntry(desk, invoice.number))
    await at.look()
    expect(await standing(invoice)).toEqual(['open', invoice.gross, 'open', null])
    expect((await at.history(invoice.id)).map(({ after }) => (after as { amount: string }).amount)).toEqual([
      '20.00',
      '50.00',
      invoice.gross,
      '0.00',
    ])

    await at.atTheDesk((desk) => payEntry(desk, invoice.number, { date: '2026-04-20' }))
    await at.look()
    expect(await standing(invoice)).toEqual(['paid', '0.00', 'paid', invoice.gross])
    expect((await at.paid(invoice.id)).rows.filter(({ source }) => source === 'package')).toHaveLength(1)
  })

  it('says that what was written off there was settled without a payment', async () => {
    const invoice = await booked()
    await at.atTheDesk((desk) => writeEntryOff(desk, invoice.number))
    await at.look()
    expect(await standing(invoice)).toEqual(['paid', '0.00', 'settled', invoice.gross])
    expect((await at.paid(invoice.id)).rows.find(({ source }) => source === 'package')).toMatchObject({ way: 'other' })
  })

  it('is never counted beside the same money that was registered by hand', async () => {
    const { own } = at
    const invoice = await booked()
    const before = await at.paid(invoice.id)
    await good(own, `/invoices/${invoice.id}/payments`, {
      body: { date: '2026-03-31', amount: invoice.gross },
      version: before.version,
    })
    await at.look()
    expect(await standing(invoice)).toEqual(['paid', '0.00', 'open', null])

    await at.atTheDesk((desk) => payEntry(desk, invoice.number, { amount: '20.00', date: '2026-04-02' }))
    await at.look()
    expect(await standing(invoice)).toEqual(['paid', '0.00', 'partly-paid', '20.00'])

    await at.atTheDesk((desk) => payEntry(desk, invoice.number, { date: '2026-04-03' }))
    await at.look()
    expect(await standing(invoice)).toEqual(['paid', '0.00', 'paid', invoice.gross])
    const hand = (await at.paid(invoice.id)).rows.find(({ source, removedAt }) => source === 'hand' && !removedAt)
    expect(hand).toMatchObject({ inBooks: invoice.gross })

    // It counts for nothing any more, so that undoing it changes nothing.
    await good(own, `/payments/${hand?.id}`, { method: 'DELETE', version: hand?.version as number })
    expect(await standing(invoice)).toEqual(['paid', '0.00', 'paid', invoice.gross])

    await at.atTheDesk((desk) => unmatchEntry(desk, invoice.number))
    await at.look()
    expect(await standing(invoice)).toEqual(['open', invoice.gross, 'open', null])
  })

  it('may not be edited or undone by a person', async () => {
    const invoice = await booked()
    await at.atTheDesk((desk) => payEntry(desk, invoice.number))
    await at.look()
    const told = (await at.paid(invoice.id)).rows.find(({ source, removedAt }) => source === 'package' && !removedAt)
    const answer = await app.app.inject({
      method: 'DELETE',
      url: `/api/v1/payments/${told?.id}`,
      headers: { ...at.own.headers, 'if-match': `"${told?.version}"` },
    })
    expect([answer.statusCode, answer.json().code]).toEqual([409, 'payment-from-package'])
    const again = await app.app.inject({
      method: 'POST',
      url: `/api/v1/payments/${told?.id}/restoration`,
      headers: at.own.headers,
      payload: {},
    })
    expect(again.statusCode).toBe(200)
    expect(await standing(invoice)).toEqual(['paid', '0.00', 'paid', invoice.gross])
  })

  it('is taken over an invoice and its credit note together', async () => {
    const { own } = at
    const invoice = await booked()
    const draft = await good<Drafted>(own, `/invoices/${invoice.id}/credit-note`, { body: {} })
    const credit = await good<Drafted>(own, `/invoices/${draft.id}/sending`, {
      body: { how: 'post' },
      version: draft.version,
    })
    await at.post([credit.id])
    await at.look()
    expect((await at.paid(invoice.id)).paid).toBe('0.00')
    await at.atTheDesk((desk) => settleWithCredit(desk, invoice.number, credit.number))
    await at.look()
    // Set off in full: nothing was paid, and nothing is owed.
    expect(await at.paid(invoice.id)).toMatchObject({ paid: '0.00', outstanding: '0.00', paymentState: 'credited' })
  })

  it('asks for no more than what changed, and twice at once is once', async () => {
    const invoice = await booked()
    await at.look()
    await at.atTheDesk((desk) => payEntry(desk, invoice.number))
    const before = await at.calls()
    const [first, second] = await Promise.all(
      [1, 2].map(() => good<{ id: string }>(at.own, `/connections/${at.own.connection.used}/payments`, { body: {} })),
    )
    expect(first?.id).toBe(second?.id)
    await at.run()
    // Whether the division was moved, what was deleted, and what changed.
    expect((await at.calls()) - before).toBeLessThanOrEqual(3)
    expect(await standing(invoice)).toEqual(['paid', '0.00', 'paid', invoice.gross])
    const idle = await at.history(invoice.id)
    await at.look(true)
    expect(await at.history(invoice.id)).toEqual(idle)
  })

  it('of a sandbox goes with the sandbox, and what was registered by hand counts whole again', async () => {
    const { own } = at
    const invoice = await booked()
    const { version } = await at.paid(invoice.id)
    await good(own, `/invoices/${invoice.id}/payments`, { body: { date: '2026-03-31', amount: '10.00' }, version })
    await at.atTheDesk((desk) => payEntry(desk, invoice.number))
    await at.look()
    expect(await standing(invoice)).toEqual(['paid', '0.00', 'paid', invoice.gross])
    await own.firm.within((trx) =>
      trx
        .updateTable('posting')
        .set({ state: 'discarded', dueAt: null })
        .where('firmId', '=', own.firm.id)
        .where('state', '<>', 'posted')
        .execute(),
    )
    await good(own, `/connections/${own.connection.used}/disconnection`, { method: 'POST' })
    expect(await at.paid(invoice.id)).toMatchObject({ paid: '10.00', outstanding: '111.00', books: null })
  })
})

describe('posted documents beside the books', () => {
  beforeAll(async () => {
    at = await booksOf('Putter')
  })

  it('says that all is well, over how much and as of when', async () => {
    const invoice = await booked()
    const run = await at.compare()
    expect(run).toMatchObject({ state: 'done', outcome: 'well', documents: 1, unknown: 0, differing: 0, problem: null })
    expect(run.totals).toEqual([{ currency: 'EUR', documents: 1, gross: invoice.gross }])
  })

  it('tells what was changed there, and forgets it when it is put back', async () => {
    const invoice = await booked()
    await at.atTheDesk((desk) => changeEntry(desk, invoice.number, { DueDate: '2026-07-31' }))
    expect(await at.compare()).toMatchObject({ outcome: 'differs', differing: 1 })
    const [found] = await at.differences()
    expect(found).toMatchObject({ kind: 'changed', label: invoice.number, can: ['accept'] })
    expect(found?.fields).toMatchObject([{ field: 'dueDate', now: '2026-07-31' }])
    const [dutch] = await at.differences('open', 'nl')
    expect(dutch?.detail).toContain('vervaldatum')
    const listed = await good<{ rows: { differsInBooks: boolean }[] }>(at.own, '/postings?kind=salesEntry&state=posted')
    expect(listed.rows.filter(({ differsInBooks }) => differsInBooks)).toHaveLength(1)
    const told = await good<{ rows: { title: string }[] }>(at.own, '/notifications')
    expect(told.rows.map(({ title }) => title)).toContain('1 document differs from the books in Exact Online')

    await at.atTheDesk((desk) => changeEntry(desk, invoice.number, { DueDate: found?.fields[0]?.posted }))
    expect(await at.compare()).toMatchObject({ outcome: 'well', differing: 0, solved: 1 })
    expect((await at.differences('solved')).map(({ id }) => id)).toEqual([found?.id])
  })

  it('remembers what was accepted as it is until it differs in another way', async () => {
    const invoice = await booked()
    await at.atTheDesk((desk) => changeEntry(desk, invoice.number, { DueDate: '2026-07-31' }))
    await at.compare()
    const [found] = await at.differences()
    await good(at.own, `/books-differences/${found?.id}/acceptance`, {
      body: { reason: 'Uitstel afgesproken' },
      version: found?.version as number,
    })
    expect(await at.compare()).toMatchObject({ outcome: 'well', differing: 0, accepted: 1 })
    expect(await at.differences()).toEqual([])
    await at.atTheDesk((desk) => changeEntry(desk, invoice.number, { DueDate: '2026-08-31' }))
    expect(await at.compare()).toMatchObject({ outcome: 'differs', differing: 1, accepted: 0 })
    expect(await at.differences()).toMatchObject([{ id: found?.id, state: 'open' }])
    await at.atTheDesk((desk) => changeEntry(desk, invoice.number, { DueDate: found?.fields[0]?.posted }))
    expect(await at.compare()).toMatchObject({ outcome: 'well', accepted: 0, solved: 1 })
  })

  it('posts a deleted entry once more under a new reference, and only once', async () => {
    const { own } = at
    const invoice = await booked()
    await at.atTheDesk((desk) => payEntry(desk, invoice.number, { amount: '5.00' }))
    await at.look()
    await at.atTheDesk((desk) => {
      unmatchEntry(desk, invoice.number)
      removeEntry(desk, invoice.number)
    })
    expect(await at.compare()).toMatchObject({ outcome: 'differs', differing: 1 })
    const [found] = await at.differences()
    expect(found).toMatchObject({ kind: 'deleted', can: ['post-again', 'credit', 'accept'] })
    const referenceOf = async () => {
      const { rows } = await good<{ rows: { label: string; reference: string; state: string }[] }>(
        own,
        '/postings?kind=salesEntry&limit=100',
      )
      return rows.filter(({ label, state }) => label === invoice.number && state === 'posted')
    }
    const [before] = await referenceOf()
    const again = { body: { reason: 'Per ongeluk verwijderd' }, version: found?.version as number }
    await good(own, `/books-differences/${found?.id}/posting`, again)
    const twice = await app.app.inject({
      method: 'POST',
      url: `/api/v1/books-differences/${found?.id}/posting`,
      headers: { ...own.headers, 'if-match': `"${again.version}"` },
      payload: again.body,
    })
    expect(twice.statusCode).toBe(409)
    await app.runLane(own.connection.lane)
    const posted = await referenceOf()
    expect(posted).toHaveLength(1)
    expect(posted[0]?.reference).not.toBe(before?.reference)
    // What had been paid of the deleted entry went with it.
    expect((await at.paid(invoice.id)).outstanding).toBe(invoice.gross)
    expect(await at.compare()).toMatchObject({ outcome: 'well', differing: 0 })
  })

  it.each(['empty', 'refused'] as const)(
    'says that it cannot know when the right was taken away (%s), and never that all was deleted',
    async (as) => {
      await booked()
      const { documents } = await at.compare()
      const user = await at.own.firm.within((trx) =>
        trx
          .selectFrom('accessGrant')
          .select('signedInAs')
          .where('firmId', '=', at.own.firm.id)
          .executeTakeFirstOrThrow(),
      )
      const email = await app.changeWorld(
        at.own.firm.id,
        (world) =>
          Object.values(world.tables.Users ?? {}).find((row) => JSON.stringify(row).includes(String(user.signedInAs)))
            ?.Email as string,
      )
      await at.atTheDesk((desk) => takeRight(desk, email, { path: 'salesentry/', as }))
      const run = await at.compare()
      expect(run).toMatchObject({
        state: 'done',
        outcome: 'cannot-know',
        documents: 0,
        unknown: documents,
        differing: 0,
      })
      expect(run.problem).not.toBeNull()
      expect(await at.differences()).toEqual([])
      await at.atTheDesk((desk) => giveRight(desk, email, 'salesentry/'))
      expect(await at.compare()).toMatchObject({ outcome: 'well', documents, unknown: 0 })
    },
  )

  it('reads in batches', async () => {
    const made = []
    for (const price of ['10.00', '11.00', '12.00', '13.00']) made.push((await at.send(price)).id)
    await at.post(made)
    const before = await at.calls()
    const { outcome, documents } = await at.compare('all')
    expect([outcome, documents > 4]).toEqual(['well', true])
    expect((await at.calls()) - before).toBe(1)
  })
})

describe('in the night', () => {
  beforeAll(async () => {
    at = await booksOf('Bosuil')
  })

  it('payments and the comparison begin by themselves, once, and not when it is switched off', async () => {
    const { own } = at
    const invoice = await booked()
    await at.atTheDesk((desk) => payEntry(desk, invoice.number))
    const startedAt = app.clock.now()
    const night = new Date(startedAt)
    // Half past three in Amsterdam, in summer and in winter outside the quiet hours of Exact.
    night.setUTCDate(night.getUTCDate() + 1)
    night.setUTCHours(2, 23, 0, 0)
    app.clock.set(night.toISOString())
    const mine = async () =>
      (
        await own.firm.within((trx) =>
          trx
            .selectFrom('task')
            .select('kind')
            .where('firmId', '=', own.firm.id)
            .where('kind', 'in', ['read-payments', 'reconcile'])
            .execute(),
        )
      )
        .map(({ kind }) => kind)
        .sort()
    await comeBackNightly(app.services)
    await comeBackNightly(app.services)
    expect(await mine()).toEqual(['read-payments', 'reconcile'])
    await at.run()
    expect(await standing(invoice)).toEqual(['paid', '0.00', 'paid', invoice.gross])
    await good(own, `/connections/${own.connection.used}/coming-back`, {
      method: 'PATCH',
      body: { nightlyPayments: false, nightlyReconciliation: false },
    })
    app.clock.forward(86_400_000)
    await comeBackNightly(app.services)
    expect(await mine()).toEqual(['read-payments', 'reconcile'])
    app.clock.set(startedAt.toISOString())
  })
})
