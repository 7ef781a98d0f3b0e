import { closePeriod } from '@uurwerk/connectors/exact-online/simulator/bookkeeper.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FurnishedApp, type FurnishedFirm, furnishedApp, furnishedFirm } from '../src/testing/furnished.ts'

let app: FurnishedApp
beforeAll(async () => {
  app = await furnishedApp()
})
afterAll(() => app?.close())

interface Shown {
  readonly id: string
  readonly version: number
  readonly number: string
  readonly date: string
}
interface Preview {
  readonly documents: readonly {
    readonly invoiceId: string
    readonly state: string
    readonly date: string
    readonly period: { readonly label: string; readonly state: string }
    readonly canBookIn: { readonly from: string; readonly label: string } | null
    readonly bookedIn: { readonly from: string; readonly label: string } | null
    readonly pdfGoesAlong: boolean
    readonly problems: readonly { readonly code: string }[]
    readonly notes: readonly { readonly code: string; readonly cause: string; readonly remedy: string }[]
  }[]
}

async function ask<Body>(
  own: FurnishedFirm,
  path: string,
  {
    method = 'GET',
    body,
    version,
    as = 'administrator',
  }: {
    readonly method?: 'GET' | 'POST' | 'PATCH'
    readonly body?: object
    readonly version?: number
    readonly as?: 'administrator' | 'finance'
  } = {},
): Promise<Body> {
  const answer = await app.app.inject({
    method,
    url: `/api/v1${path}`,
    headers: {
      ...own.firm.as(as),
      'accept-language': 'en',
      ...(version === undefined ? {} : { 'if-match': `"${version}"` }),
    },
    ...(body ? { payload: body } : {}),
  })
  expect([path, answer.statusCode < 300 ? 'good' : answer.body]).toEqual([path, 'good'])
  return answer.json() as Body
}

async function switchOn(own: FurnishedFirm): Promise<void> {
  const path = `/connections/${own.connection.used}`
  const { version } = await ask<{ version: number }>(own, path)
  const changed = await ask<{ postAutomatically: boolean }>(own, path, {
    method: 'PATCH',
    body: { postAutomatically: true },
    version,
  })
  expect(changed.postAutomatically).toBe(true)
}

async function send(own: FurnishedFirm, id: string): Promise<Shown> {
  const { version } = await ask<Shown>(own, `/invoices/${id}`)
  return ask(own, `/invoices/${id}/sending`, { method: 'POST', body: { how: 'post' }, version, as: 'finance' })
}

const postingsOf = (own: FurnishedFirm, invoiceId: string) =>
  own.firm.within((trx) =>
    trx
      .selectFrom('posting')
      .select(['kind', 'state', 'createdBy'])
      .where('subjectId', '=', invoiceId)
      .orderBy('sequence')
      .execute(),
  )

const noticesOf = (own: FurnishedFirm) =>
  own.firm.within((trx) =>
    trx.selectFrom('notification').select(['code', 'values', 'readAt']).where('code', '=', 'not-posted').execute(),
  )

const wholeChain = ['salesEntry', 'document', 'attachment']

describe('an invoice that is sent while posting by itself is switched on', () => {
  it('is decided to be posted with its PDF, and stands in the books once', async () => {
    const own = await furnishedFirm(app, 'Kluut')
    await switchOn(own)
    await send(own, own.invoice.ready)
    expect((await postingsOf(own, own.invoice.ready)).map(({ kind, createdBy }) => [kind, createdBy])).toEqual(
      wholeChain.map((kind) => [kind, null]),
    )
    await app.runLane(own.connection.lane)
    expect((await postingsOf(own, own.invoice.ready)).map(({ state }) => state)).toEqual(wholeChain.map(() => 'posted'))
    expect(await noticesOf(own)).toEqual([])
  })

  it('waits when something stands against it: it is sent all the same, and people are told until it is settled', async () => {
    const own = await furnishedFirm(app, 'Lepelaar')
    await switchOn(own)
    await own.firm.within((trx) => trx.deleteFrom('postingRule').execute())
    app.clock.forward(1_000)
    const sent = await send(own, own.invoice.ready)
    expect(sent.number).not.toBeNull()
    expect(await postingsOf(own, own.invoice.ready)).toEqual([])
    const notices = await noticesOf(own)
    expect(notices.length).toBeGreaterThan(0)
    expect(notices[0]).toMatchObject({ values: { number: sent.number, count: 1 }, readAt: null })
    await ask(own, '/postings/marks', { method: 'POST', body: { invoiceIds: [own.invoice.ready], inBooks: true } })
    expect((await noticesOf(own)).every(({ readAt }) => readAt !== null)).toBe(true)
  })

  it('is left alone without a word when it is from before the cut-off', async () => {
    const own = await furnishedFirm(app, 'Scholekster')
    await switchOn(own)
    await own.firm.within((trx) => trx.updateTable('connection').set({ cutOff: '2027-01-01' }).execute())
    await send(own, own.invoice.ready)
    expect(await postingsOf(own, own.invoice.ready)).toEqual([])
    expect(await noticesOf(own)).toEqual([])
  })

  it('waits for a person where it is switched off', async () => {
    const own = await furnishedFirm(app, 'Bergeend')
    await send(own, own.invoice.ready)
    expect(await postingsOf(own, own.invoice.ready)).toEqual([])
  })
})

describe('an entry whose period is closed', () => {
  async function closed(name: string) {
    const own = await furnishedFirm(app, name)
    const { date } = await ask<Shown>(own, `/invoices/${own.invoice.sent}`)
    await app.changeWorld(own.firm.id, (world) => closePeriod(world, { month: date.slice(0, 7) }))
    // The minute in which the office was furnished is used up.
    app.clock.forward(120_000)
    await ask(own, `/connections/${own.connection.used}/lists`, { method: 'POST', body: {} })
    await app.runTasks()
    return { own, date }
  }
  const preview = (own: FurnishedFirm, bookIn: object[] = []) =>
    ask<Preview>(own, '/postings/preview', { method: 'POST', body: { invoiceIds: [own.invoice.sent], bookIn } })

  it('is offered the first open one, and goes there when it is chosen; its date and the invoice stay', async () => {
    const { own, date } = await closed('Steltkluut')
    const [refused] = (await preview(own)).documents
    expect(refused).toMatchObject({ state: 'needs-you', period: { state: 'closed' }, bookedIn: null })
    expect(refused?.problems.map(({ code }) => code)).toEqual(['period-closed'])
    const from = refused?.canBookIn?.from ?? ''
    expect(from > date).toBe(true)
    const chosen = [{ invoiceId: own.invoice.sent, from }]
    const [ready] = (await preview(own, chosen)).documents
    expect(ready).toMatchObject({ state: 'ready', date, bookedIn: { from }, problems: [], pdfGoesAlong: true })
    expect(ready?.notes.map(({ code }) => code)).toContain('booked-in-other-period')
    await ask(own, '/postings', { method: 'POST', body: { invoiceIds: [own.invoice.sent], bookIn: chosen } })
    await app.runLane(own.connection.lane)
    const states = (await postingsOf(own, own.invoice.sent)).map(({ state }) => state)
    expect(states).toEqual(wholeChain.map(() => 'posted'))
  })
})

describe('what the books held before us', () => {
  const mark = (own: FurnishedFirm, inBooks: boolean, invoiceIds = [own.invoice.sent, own.invoice.posted]) =>
    ask<{ marked: string[]; leftOut: { invoiceId: string; problem: { code: string } }[] }>(own, '/postings/marks', {
      method: 'POST',
      body: { invoiceIds, inBooks, why: 'booked by the accountant' },
    })
  const stateOf = async (own: FurnishedFirm) => {
    const { documents } = await ask<Preview>(own, '/postings/preview', {
      method: 'POST',
      body: { invoiceIds: [own.invoice.sent] },
    })
    return documents[0]?.problems[0]?.code ?? documents[0]?.state
  }

  it('is marked by hand and unmarked, leaves out what we posted, and stays through another cut-off', async () => {
    const own = await furnishedFirm(app, 'Kokmeeuw')
    const first = await mark(own, true)
    expect(first.marked).toEqual([own.invoice.sent])
    expect(first.leftOut).toMatchObject([{ invoiceId: own.invoice.posted, problem: { code: 'invoice-posted' } }])
    expect(await stateOf(own)).toBe('invoice-already-in-books')
    const path = `/connections/${own.connection.used}`
    const { version } = await ask<{ version: number }>(own, path)
    await ask(own, path, { method: 'PATCH', body: { cutOff: '2026-01-01' }, version })
    expect(await stateOf(own)).toBe('invoice-already-in-books')
    expect((await mark(own, false)).marked).toEqual([own.invoice.sent])
    expect(await stateOf(own)).toBe('ready')
    const history = await own.firm.within((trx) =>
      trx
        .selectFrom('history')
        .select(['act', 'why'])
        .where('subjectId', '=', own.invoice.sent)
        .orderBy('at')
        .execute(),
    )
    expect(history.filter(({ act }) => act.endsWith('marked-in-books'))).toEqual([
      { act: 'marked-in-books', why: 'booked by the accountant' },
      { act: 'unmarked-in-books', why: 'booked by the accountant' },
    ])
  })
})

describe('the PDF of an invoice that was posted without', () => {
  it('is put beside its entry once, however often it is asked for', async () => {
    const own = await furnishedFirm(app, 'Zilvermeeuw')
    const asked = () =>
      ask<{ postings: { id: string; kind: string }[]; leftOut: { problem: { code: string } }[] }>(
        own,
        '/postings/files',
        { method: 'POST', body: { ids: [own.posting.posted] } },
      )
    const first = await asked()
    expect(first.postings.map(({ kind }) => kind)).toEqual(['attachment'])
    expect((await asked()).postings).toEqual(first.postings)
  })
})
