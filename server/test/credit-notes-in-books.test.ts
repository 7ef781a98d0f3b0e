import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FurnishedApp, type FurnishedFirm, furnishedApp, furnishedFirm } from '../src/testing/furnished.ts'

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
interface Preview {
  readonly ready: number
  readonly documents: readonly {
    readonly invoiceId: string
    readonly state: string
    readonly kind: string
    readonly gross: string
    readonly problems: readonly object[]
    readonly notes: readonly { readonly code: string; readonly cause: string }[]
  }[]
}
interface Posted {
  readonly id: string
  readonly label: string
  readonly state: string
  readonly gross: string
  readonly theirGross: string | null
}

async function good<Body>(own: FurnishedFirm, path: string, body?: object, version?: number): Promise<Body> {
  const answer = await app.app.inject({
    method: body ? 'POST' : 'GET',
    url: `/api/v1${path}`,
    headers: {
      ...own.firm.as('finance'),
      'accept-language': 'en',
      ...(version === undefined ? {} : { 'if-match': `"${version}"` }),
    },
    ...(body ? { payload: body } : {}),
  })
  expect([path, answer.statusCode < 300 ? 'good' : answer.body]).toEqual([path, 'good'])
  return answer.json() as Body
}

async function credited(own: FurnishedFirm, invoiceId: string): Promise<Drafted> {
  const draft = await good<Drafted>(own, `/invoices/${invoiceId}/credit-note`, {})
  return good<Drafted>(own, `/invoices/${draft.id}/sending`, { how: 'post' }, draft.version)
}

const booked = async (own: FurnishedFirm, labels: readonly string[]) => {
  const { rows } = await good<{ rows: Posted[] }>(own, '/postings?kind=salesEntry&limit=100')
  return labels.map((label) => {
    const row = rows.find((one) => one.label === label)
    return [row?.state, row?.gross === row?.theirGross]
  })
}

describe('a credit note goes to the books', () => {
  it('after its invoice when that is not there yet, and the preview says so', async () => {
    const own = await furnishedFirm(app, 'Grutto')
    const invoice = await good<Drafted>(own, `/invoices/${own.invoice.sent}`)
    const credit = await credited(own, invoice.id)
    const preview = await good<Preview>(own, '/postings/preview', { invoiceIds: [credit.id] })
    expect(preview.documents).toMatchObject([
      { invoiceId: invoice.id, kind: 'invoice', state: 'ready', problems: [], notes: [] },
      { invoiceId: credit.id, kind: 'credit', state: 'ready', problems: [], gross: `-${invoice.gross}` },
    ])
    expect(preview.documents[1]?.notes).toMatchObject([
      {
        code: 'original-posted-first',
        cause: `This credit note takes back ${invoice.number}, which is not in the books yet.`,
      },
    ])
    await good(own, '/postings', { invoiceIds: [credit.id] })
    await app.runLane(own.connection.lane)
    const labels = [invoice.number, credit.number]
    expect(await booked(own, labels)).toEqual([
      ['posted', true],
      ['posted', true],
    ])
    const order = await own.firm.within((trx) =>
      trx
        .selectFrom('posting')
        .select('label')
        .where('subjectId', 'in', [invoice.id, credit.id])
        .where('kind', '=', 'salesEntry')
        .orderBy('settledAt')
        .orderBy('sequence')
        .execute(),
    )
    expect(order.map(({ label }) => label)).toEqual(labels)
  })

  it('never alone: its invoice is not given up while it waits behind it', async () => {
    const own = await furnishedFirm(app, 'Tureluur')
    const invoice = await good<Drafted>(own, `/invoices/${own.invoice.sent}`)
    const credit = await credited(own, invoice.id)
    const { postings } = await good<{ postings: Posted[] }>(own, '/postings', { invoiceIds: [credit.id] })
    const idOf = (label: string) => postings.find((one) => one.label === label)?.id
    const discard = async (label: string) => {
      const { version } = await good<{ version: number }>(own, `/postings/${idOf(label)}`)
      return app.app.inject({
        method: 'POST',
        url: `/api/v1/postings/${idOf(label)}/discarding`,
        headers: { ...own.firm.as('finance'), 'accept-language': 'en', 'if-match': `"${version}"` },
        payload: { why: 'not needed' },
      })
    }
    const early = await discard(invoice.number)
    expect([early.statusCode, early.json()]).toMatchObject([409, { code: 'credit-note-waits' }])
    expect((await discard(credit.number)).statusCode).toBe(200)
    expect((await discard(invoice.number)).statusCode).toBe(200)
  })

  it('alone when its invoice is there already', async () => {
    const own = await furnishedFirm(app, 'Wulp')
    const credit = await credited(own, own.invoice.posted)
    const preview = await good<Preview>(own, '/postings/preview', { invoiceIds: [credit.id] })
    expect(preview.documents).toMatchObject([{ invoiceId: credit.id, state: 'ready', notes: [] }])
    const { postings } = await good<{ postings: Posted[] }>(own, '/postings', { invoiceIds: [credit.id] })
    expect(postings.map(({ label }) => label)).toEqual([credit.number])
    await app.runLane(own.connection.lane)
    expect(await booked(own, [credit.number])).toEqual([['posted', true]])
  })

  it('not before what its invoice lacks is put right', async () => {
    const own = await furnishedFirm(app, 'Kievit')
    let draft = await good<Drafted>(own, '/invoices', { customerId: own.customer.used })
    for (const vatTreatment of ['domestic-standard', 'domestic-exempt']) {
      const line = { description: vatTreatment, quantity: '1', unit: 'piece', unitPrice: '10', vatTreatment }
      draft = await good<Drafted>(own, `/invoices/${draft.id}/lines`, line, draft.version)
    }
    const invoice = await good<Drafted & { lines: { id: string; vatTreatment: string }[] }>(
      own,
      `/invoices/${draft.id}/sending`,
      { how: 'post' },
      draft.version,
    )
    const lineId = invoice.lines.find((line) => line.vatTreatment === 'domestic-standard')?.id
    const note = await good<Drafted>(own, `/invoices/${invoice.id}/credit-note`, { lines: [{ lineId }] })
    const credit = await good<Drafted>(own, `/invoices/${note.id}/sending`, { how: 'post' }, note.version)
    const preview = await good<Preview>(own, '/postings/preview', { invoiceIds: [credit.id] })
    expect(preview.documents).toMatchObject([
      { invoiceId: invoice.id, state: 'needs-you', problems: [{ code: 'posting-rule-missing' }] },
      { invoiceId: credit.id, state: 'needs-you', problems: [{ code: 'original-not-ready' }] },
    ])
    expect(await good(own, '/postings', { invoiceIds: [credit.id] })).toMatchObject({ postings: [] })
  })
})
