import type { ApiProblem } from '@uurwerk/api/shapes.ts'
import { type PaymentState, paymentStateOf, paymentStates } from '@uurwerk/core/invoicing/payment-state.ts'
import { addDays, calendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { compare, decimal } from '@uurwerk/core/shared/money.ts'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { invoiceWhere } from '../src/invoices/invoice-filter.ts'
import { toPaidInvoice } from '../src/payments/payment-standing.ts'
import type { InvoiceAnswer, InvoiceRowAnswer } from '../src/routes/invoice-answer.ts'
import { type TestApp, testApp } from '../src/testing/app.ts'
import { type TestFirm, testFirm } from '../src/testing/firm.ts'
import { withStatements } from '../src/testing/statements.ts'

let test: TestApp
beforeAll(async () => {
  test = await testApp()
})
afterAll(() => test.close())

type Asked = {
  body?: object
  version?: number
  as?: Parameters<TestFirm['as']>[0]
  language?: string
  key?: string
}

async function ask<Body = unknown>(
  firm: TestFirm,
  method: 'GET' | 'POST' | 'DELETE' | 'PATCH',
  path: string,
  { body, version, as = 'finance', language = 'en', key }: Asked = {},
) {
  const answer = await test.app.inject({
    method,
    url: `/api/v1${path}`,
    headers: {
      ...firm.as(as),
      'accept-language': language,
      ...(version === undefined ? {} : { 'if-match': `"${version}"` }),
      ...(key ? { 'idempotency-key': key } : {}),
    },
    ...(body ? { payload: body } : {}),
  })
  return { status: answer.statusCode, body: (answer.body ? answer.json() : undefined) as Body, headers: answer.headers }
}

interface PaymentRow {
  id: string
  amount: string
  date: string
  way: string
  note: string
  registeredBy: string | null
  removedAt: string | null
  version: number
}
interface Payments {
  version: number
  paid: string
  credited: string
  outstanding: string
  paymentState: PaymentState | null
  overdueDays: number | null
  rows: PaymentRow[]
  payment: PaymentRow
  warnings: { code: string; cause: string }[]
}
interface Paid {
  paid: number
  amounts: { currency: string; amount: string }[]
  rows: {
    invoiceId: string
    number: string | null
    payment: { id: string; amount: string } | null
    problem: ApiProblem | null
  }[]
}

interface Undone {
  undone: number
  rows: { id: string; problem: ApiProblem | null }[]
}

/** An invoice of one line, sent on 31 March and due a month later; 100.00 net is 121.00. */
async function sent(firm: TestFirm, { price = '100', date = '2026-03-31', dueDate = '2026-04-30' } = {}) {
  const draft = await draftOf(firm, { price, date, dueDate })
  const answer = await ask<InvoiceAnswer>(firm, 'POST', `/invoices/${draft.id}/sending`, {
    body: { how: 'post' },
    version: draft.version,
  })
  expect(answer.status).toBe(200)
  return answer.body
}

async function draftOf(firm: TestFirm, { price = '100', date = '2026-03-31', dueDate = '2026-04-30' } = {}) {
  const made = await ask<InvoiceAnswer>(firm, 'POST', '/invoices', { body: { customerId: firm.customerId, date } })
  const dated = await ask<InvoiceAnswer>(firm, 'PATCH', `/invoices/${made.body.id}`, {
    body: { dueDate },
    version: made.body.version,
  })
  const lined = await ask<InvoiceAnswer>(firm, 'POST', `/invoices/${made.body.id}/lines`, {
    body: { description: 'Advies', quantity: '1', unit: 'piece', unitPrice: price },
    version: dated.body.version,
  })
  expect(lined.status).toBe(201)
  return lined.body
}

const read = async (firm: TestFirm, id: string) => (await ask<InvoiceAnswer>(firm, 'GET', `/invoices/${id}`)).body
const payments = async (firm: TestFirm, id: string) =>
  (await ask<Payments>(firm, 'GET', `/invoices/${id}/payments`)).body

/** As the screen does: by the version it has read. */
async function pay<Body = Payments>(firm: TestFirm, id: string, body: object, asked: Asked = {}) {
  const { version } = await payments(firm, id)
  return ask<Body>(firm, 'POST', `/invoices/${id}/payments`, {
    body: { date: '2026-03-31', way: 'bank', ...body },
    version,
    ...asked,
  })
}

/** A credit note of all that is left, or of a net amount of the first line. */
async function credit(firm: TestFirm, invoice: InvoiceAnswer, net?: string) {
  const draft = await ask<InvoiceAnswer>(firm, 'POST', `/invoices/${invoice.id}/credit-note`, {
    body: net ? { lines: [{ lineId: invoice.lines[0]?.id, net }] } : {},
  })
  expect(draft.status).toBe(201)
  const answer = await ask<InvoiceAnswer>(firm, 'POST', `/invoices/${draft.body.id}/sending`, {
    body: { how: 'post' },
    version: draft.body.version,
  })
  expect(answer.status).toBe(200)
  return answer.body
}

const standing = ({
  paid,
  credited,
  outstanding,
  paymentState,
}: Pick<Payments, 'paid' | 'credited' | 'outstanding' | 'paymentState'>) => [paymentState, paid, credited, outstanding]

describe('a payment of an invoice', () => {
  it('in two parts makes it partly paid and then paid, with who, when and how much in its history', async () => {
    const firm = await testFirm(test.services)
    const invoice = await sent(firm)
    expect(standing(await payments(firm, invoice.id))).toEqual(['open', '0.00', '0.00', '121.00'])
    const part = await pay(firm, invoice.id, { amount: '100', note: ' per bank ', way: 'bank' })
    expect(part.status).toBe(201)
    expect(standing(part.body)).toEqual(['partly-paid', '100.00', '0.00', '21.00'])
    expect(part.body.payment).toMatchObject({
      amount: '100.00',
      date: '2026-03-31',
      way: 'bank',
      note: 'per bank',
      registeredBy: 'finance',
      removedAt: null,
      version: 1,
    })
    expect(part.headers.etag).toBe(`"${invoice.version + 1}"`)
    const rest = await pay(firm, invoice.id, { amount: '21.00', way: 'cash' })
    expect(standing(rest.body)).toEqual(['paid', '121.00', '0.00', '0.00'])
    expect(rest.body.rows.map(({ amount, way }) => [amount, way])).toEqual([
      ['100.00', 'bank'],
      ['21.00', 'cash'],
    ])
    const after = await read(firm, invoice.id)
    expect(after).toMatchObject({ state: 'sent', paymentState: 'paid', outstanding: '0.00', gross: '121.00' })
    expect(after.history.map(({ act, actor, amount }) => [act, actor, amount]).slice(-3)).toEqual([
      ['sent', 'finance (test)', null],
      ['payment-registered', 'finance (test)', '100.00'],
      ['payment-registered', 'finance (test)', '21.00'],
    ])
  })

  it('of a day before the invoice is a prepayment: registered, and said in words', async () => {
    const firm = await testFirm(test.services)
    const invoice = await sent(firm)
    const early = await pay(firm, invoice.id, { amount: '1', date: '2026-03-01' }, { language: 'nl' })
    expect(early.status).toBe(201)
    expect(early.body.warnings).toMatchObject([
      {
        code: 'payment-before-invoice',
        cause: 'Deze betaling is van 1 maart 2026, voor de factuur van 31 maart 2026.',
      },
    ])
    expect((await pay(firm, invoice.id, { amount: '1' })).body.warnings).toEqual([])
  })

  it.each([
    ['of a day to come', { amount: '1', date: '2026-04-01' }, '/date', 'payment-in-future'],
    ['of nothing', { amount: '0.00' }, '/amount', 'payment-of-nothing'],
    ['of half a cent', { amount: '1.005' }, '/amount', 'too-many-decimals'],
    ['beyond what is outstanding', { amount: '121.01' }, '/amount', 'more-than-outstanding'],
    ['of a refund that nobody is owed', { amount: '-1' }, '/amount', 'nothing-to-refund'],
    ['in no known way', { amount: '1', way: 'gold' }, '/way', 'not-one-of'],
    ['without an amount', {}, '/amount', 'required'],
  ])('%s is refused at its field', async (_, body, pointer, code) => {
    const firm = await testFirm(test.services)
    const invoice = await sent(firm)
    const refused = await pay<ApiProblem>(firm, invoice.id, body)
    expect([refused.status, refused.body.errors]).toMatchObject([422, [{ pointer, code }]])
    expect((await payments(firm, invoice.id)).rows).toEqual([])
  })

  it('says what is outstanding as people write it in their language', async () => {
    const firm = await testFirm(test.services)
    const invoice = await sent(firm, { price: '1000' })
    const refused = await pay<ApiProblem>(firm, invoice.id, { amount: '12100' }, { language: 'nl' })
    expect(refused.body.errors?.[0]?.message).toBe('Dit is meer dan er openstaat: EUR 1.210,00.')
  })

  it('beyond what is outstanding is registered when that is meant, and the rest is to be refunded', async () => {
    const firm = await testFirm(test.services)
    const invoice = await sent(firm)
    const over = await pay(firm, invoice.id, { amount: '242', allowOver: true })
    expect(standing(over.body)).toEqual(['to-refund', '242.00', '0.00', '-121.00'])
    const tooMuch = await pay<ApiProblem>(firm, invoice.id, { amount: '-121.01' })
    expect(tooMuch.body.errors).toMatchObject([{ pointer: '/amount', code: 'more-than-to-refund' }])
    const back = await pay(firm, invoice.id, { amount: '-121' })
    expect(standing(back.body)).toEqual(['paid', '121.00', '0.00', '0.00'])
  })

  it('is refused on a draft and on a credit note, in words that say what to do', async () => {
    const firm = await testFirm(test.services)
    const draft = await draftOf(firm)
    const onDraft = await pay<ApiProblem>(firm, draft.id, { amount: '1' }, { language: 'nl' })
    expect([onDraft.status, onDraft.body.code, onDraft.body.remedy]).toEqual([
      409,
      'payment-on-draft',
      'Verstuur de factuur eerst en boek dan de betaling.',
    ])
    const note = await credit(firm, await sent(firm))
    const onCredit = await pay<ApiProblem>(firm, note.id, { amount: '-121' })
    expect([onCredit.status, onCredit.body.code]).toEqual([409, 'payment-on-credit-note'])
    expect(onCredit.body.cause).toBe(`${note.number} is a credit note; it is settled on the invoice it takes back.`)
    expect(await read(firm, note.id)).toMatchObject({ paymentState: null, outstanding: '0.00', overdueDays: null })
  })

  it('needs the right to change invoices', async () => {
    const firm = await testFirm(test.services)
    const invoice = await sent(firm)
    for (const as of ['employee', 'manager', 'payroll'] as const) {
      const refused = await ask<ApiProblem>(firm, 'POST', `/invoices/${invoice.id}/payments`, {
        body: { date: '2026-03-31', amount: '1' },
        version: invoice.version,
        as,
      })
      expect([as, refused.status]).toEqual([as, 403])
    }
  })
})

describe('undoing a payment', () => {
  it('gives the state before, keeps it to be seen, and restoring gives the state after', async () => {
    const firm = await testFirm(test.services)
    const invoice = await sent(firm, { date: '2026-03-01', dueDate: '2026-03-15' })
    await pay(firm, invoice.id, { amount: '21' })
    const before = await payments(firm, invoice.id)
    expect(before).toMatchObject({ paymentState: 'partly-paid', outstanding: '100.00', overdueDays: 16 })
    const { body: after } = await pay(firm, invoice.id, { amount: '100' })
    expect(after).toMatchObject({ paymentState: 'paid', overdueDays: null })
    const undone = await ask(firm, 'DELETE', `/payments/${after.payment.id}`, { version: 1 })
    expect(undone.status).toBe(204)
    const back = await payments(firm, invoice.id)
    expect([standing(back), back.overdueDays]).toEqual([standing(before), 16])
    expect(back.rows.map(({ amount, removedAt }) => [amount, removedAt !== null])).toEqual([
      ['21.00', false],
      ['100.00', true],
    ])
    const restored = await ask<Payments>(firm, 'POST', `/payments/${after.payment.id}/restoration`, { body: {} })
    expect([restored.status, standing(restored.body)]).toEqual([200, standing(after)])
    const again = await ask<Payments>(firm, 'POST', `/payments/${after.payment.id}/restoration`, { body: {} })
    expect(again.body.version).toBe(restored.body.version)
    expect((await read(firm, invoice.id)).history.map(({ act, amount }) => [act, amount]).slice(-3)).toEqual([
      ['payment-registered', '100.00'],
      ['payment-undone', '100.00'],
      ['payment-restored', '100.00'],
    ])
  })

  it('is done once: who comes second sees what it is now', async () => {
    const firm = await testFirm(test.services)
    const invoice = await sent(firm)
    const { payment } = (await pay(firm, invoice.id, { amount: '21' })).body
    expect((await ask(firm, 'DELETE', `/payments/${payment.id}`, { version: payment.version })).status).toBe(204)
    const second = await ask<ApiProblem>(firm, 'DELETE', `/payments/${payment.id}`, { version: payment.version })
    expect([second.status, second.body.code]).toEqual([409, 'stale'])
    expect(second.body.current).toMatchObject({ paymentState: 'open', rows: [{ id: payment.id }] })
    const third = await ask(firm, 'DELETE', `/payments/${payment.id}`, { version: payment.version + 1 })
    expect(third.status).toBe(204)
    expect(standing(await payments(firm, invoice.id))).toEqual(['open', '0.00', '0.00', '121.00'])
  })

  it('leaves a restored one to be meant when it was paid anew meanwhile', async () => {
    const firm = await testFirm(test.services)
    const invoice = await sent(firm)
    const { payment } = (await pay(firm, invoice.id, { amount: '121' })).body
    await ask(firm, 'DELETE', `/payments/${payment.id}`, { version: 1 })
    await pay(firm, invoice.id, { amount: '121' })
    const refused = await ask<ApiProblem>(firm, 'POST', `/payments/${payment.id}/restoration`, { body: {} })
    expect([refused.status, refused.body.code, refused.body.cause]).toEqual([
      409,
      'more-than-outstanding',
      'This is more than what is outstanding, EUR 0.00.',
    ])
    const meant = await ask<Payments>(firm, 'POST', `/payments/${payment.id}/restoration`, {
      body: { allowOver: true },
    })
    expect(standing(meant.body)).toEqual(['to-refund', '242.00', '0.00', '-121.00'])
  })

  it('waits until its refund is undone, and leaves what the accounting package told', async () => {
    const firm = await testFirm(test.services)
    const invoice = await sent(firm)
    const { payment } = (await pay(firm, invoice.id, { amount: '121' })).body
    await credit(firm, invoice)
    const { payment: refund } = (await pay(firm, invoice.id, { amount: '-121' })).body
    const refused = await ask<ApiProblem>(firm, 'DELETE', `/payments/${payment.id}`, { version: 1 })
    expect([refused.status, refused.body.code]).toEqual([409, 'refund-stands'])
    expect((await ask(firm, 'DELETE', `/payments/${refund.id}`, { version: 1 })).status).toBe(204)
    expect((await ask(firm, 'DELETE', `/payments/${payment.id}`, { version: 1 })).status).toBe(204)
    await firm.within((trx) =>
      trx.updateTable('payment').set({ source: 'package', removedAt: null }).where('id', '=', refund.id).execute(),
    )
    const theirs = await ask<ApiProblem>(firm, 'DELETE', `/payments/${refund.id}`, { version: 2 })
    expect([theirs.status, theirs.body.code]).toEqual([409, 'payment-from-package'])
  })
})

describe('a payment and a credit note', () => {
  it('credited in whole is credited, not paid', async () => {
    const firm = await testFirm(test.services)
    const invoice = await sent(firm)
    await credit(firm, invoice)
    expect(await read(firm, invoice.id)).toMatchObject({
      state: 'credited',
      paymentState: 'credited',
      credited: '121.00',
      outstanding: '0.00',
    })
  })

  it('credited in part and the rest paid is paid', async () => {
    const firm = await testFirm(test.services)
    const invoice = await sent(firm)
    await credit(firm, invoice, '40')
    expect(standing(await payments(firm, invoice.id))).toEqual(['open', '0.00', '48.40', '72.60'])
    const over = await pay<ApiProblem>(firm, invoice.id, { amount: '121' })
    expect(over.body.errors).toMatchObject([{ code: 'more-than-outstanding' }])
    expect(standing((await pay(firm, invoice.id, { amount: '72.60' })).body)).toEqual([
      'paid',
      '72.60',
      '48.40',
      '0.00',
    ])
  })

  it('paid and then credited is to be refunded; refunded it is credited', async () => {
    const firm = await testFirm(test.services)
    const invoice = await sent(firm)
    await pay(firm, invoice.id, { amount: '121' })
    await credit(firm, invoice)
    expect(standing(await payments(firm, invoice.id))).toEqual(['to-refund', '121.00', '121.00', '-121.00'])
    const part = await pay(firm, invoice.id, { amount: '-21', way: 'set-off' })
    expect(standing(part.body)).toEqual(['to-refund', '100.00', '121.00', '-100.00'])
    const rest = await pay(firm, invoice.id, { amount: '-100' })
    expect(standing(rest.body)).toEqual(['credited', '0.00', '121.00', '0.00'])
  })
})

describe('two people at once', () => {
  it('who register the same payment get one: the second sees it', async () => {
    const firm = await testFirm(test.services)
    const invoice = await sent(firm)
    const same = () =>
      ask<ApiProblem>(firm, 'POST', `/invoices/${invoice.id}/payments`, {
        body: { date: '2026-03-31', amount: '121' },
        version: invoice.version,
      })
    const answers = await Promise.all([same(), same(), same(), same()])
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409])
    const stale = answers.find(({ status }) => status === 409)
    expect(stale?.body).toMatchObject({
      code: 'stale',
      currentVersion: invoice.version + 1,
      current: { paymentState: 'paid', rows: [{ amount: '121.00' }] },
    })
    expect((await payments(firm, invoice.id)).rows).toHaveLength(1)
  })

  it('one request sent twice with one key is one payment, with the same answer', async () => {
    const firm = await testFirm(test.services)
    const invoice = await sent(firm)
    const asked = { version: invoice.version, key: 'the-same-payment' }
    const [first, second] = [
      await pay(firm, invoice.id, { amount: '21' }, asked),
      await pay(firm, invoice.id, { amount: '21' }, asked),
    ]
    expect([second.status, second.body]).toEqual([first.status, first.body])
    expect((await payments(firm, invoice.id)).paid).toBe('21.00')
  })

  it('who write two payments past each other keep both sums', async () => {
    const firm = await testFirm(test.services)
    const invoice = await sent(firm)
    const write = (amount: string) =>
      firm.within(async (trx) => {
        await trx
          .insertInto('payment')
          .values({
            firmId: firm.id,
            id: test.services.ids.next(),
            invoiceId: invoice.id,
            date: '2026-03-31',
            amount,
            source: 'hand',
            createdAt: test.clock.now(),
            updatedAt: test.clock.now(),
          })
          .execute()
        await sql`select pg_sleep(0.05)`.execute(trx)
      })
    await Promise.all([write('20'), write('30'), write('1.50'), pay(firm, invoice.id, { amount: '0.50' })])
    const { paid, outstanding, rows } = await payments(firm, invoice.id)
    expect([paid, outstanding, rows.length]).toEqual(['52.00', '69.00', 4])
  })

  it('a payment while its credit note is sent: both stand, or the payment is told what changed', async () => {
    const firm = await testFirm(test.services)
    const outcomes: number[] = []
    for (let round = 0; round < 4; round++) {
      const invoice = await sent(firm)
      const { body: note } = await ask<InvoiceAnswer>(firm, 'POST', `/invoices/${invoice.id}/credit-note`, { body: {} })
      const { version } = await payments(firm, invoice.id)
      const [, paid] = await Promise.all([
        ask(firm, 'POST', `/invoices/${note.id}/sending`, { body: { how: 'post' }, version: note.version }),
        ask<ApiProblem>(firm, 'POST', `/invoices/${invoice.id}/payments`, {
          body: { date: '2026-03-31', amount: '121' },
          version,
        }),
      ])
      outcomes.push(paid.status)
      expect([paid.status, standing(await payments(firm, invoice.id))]).toEqual(
        paid.status === 201
          ? [201, ['to-refund', '121.00', '121.00', '-121.00']]
          : [409, ['credited', '0.00', '121.00', '0.00']],
      )
    }
    expect(outcomes).toHaveLength(4)
  })

  it('a selection and a single payment at once never pay the same amount twice', async () => {
    const firm = await testFirm(test.services)
    const invoice = await sent(firm)
    const [all, one] = await Promise.all([
      ask<Paid>(firm, 'POST', '/invoices/payments', {
        body: { selection: { ids: [invoice.id] }, date: '2026-03-31' },
      }),
      ask(firm, 'POST', `/invoices/${invoice.id}/payments`, {
        body: { date: '2026-03-31', amount: '121' },
        version: invoice.version,
      }),
    ])
    expect([all.status, all.body.paid + (one.status === 201 ? 1 : 0)]).toEqual([200, 1])
    expect((await payments(firm, invoice.id)).paid).toBe('121.00')
  })
})

/** Sent invoices straight into the table, as many as wanted; each number once. */
async function store(firm: TestFirm, rows: readonly Stored[]): Promise<string[]> {
  const { id: seriesId } = await firm.within((trx) => trx.selectFrom('series').select('id').executeTakeFirstOrThrow())
  const all = rows.map((row, at) => ({ ...row, id: test.services.ids.next(), number: `T-${at}` }))
  await firm.within((trx) =>
    sql`insert into invoice (firm_id, id, kind, state, number, customer_id, series_id, date, due_date, language, currency,
        net, vat, gross, credited, paid, created_at, updated_at)
      select ${firm.id}::uuid, r.id, r.kind, r.state, case when r.state <> 'draft' then r.number end, ${firm.customerId}::uuid,
        ${seriesId}::uuid, '2026-01-01', r."dueDate", 'nl', r.currency, r.gross, 0, r.gross, r.credited, r.paid,
        ${test.clock.now()}, ${test.clock.now()}
      from jsonb_to_recordset(${JSON.stringify(all)}::jsonb) as r (id uuid, kind text, state text, number text, "dueDate" date,
        currency text, gross numeric, credited numeric, paid numeric)`.execute(trx),
  )
  return all.map(({ id }) => id)
}

interface Stored {
  kind: 'invoice' | 'credit'
  state: 'draft' | 'sent' | 'credited'
  dueDate: string
  currency: string
  gross: string
  credited: string
  paid: string
}
const stored = (change: Partial<Stored> = {}): Stored => ({
  kind: 'invoice',
  state: 'sent',
  dueDate: '2026-04-30',
  currency: 'EUR',
  gross: '121.00',
  credited: '0.00',
  paid: '0.00',
  ...change,
})

describe('marking a selection as paid', () => {
  it('pays each what is outstanding of it, and says of the others why they were left out', async () => {
    const firm = await testFirm(test.services)
    const whole = await sent(firm)
    const part = await sent(firm)
    await pay(firm, part.id, { amount: '21' })
    const draft = await draftOf(firm)
    const done = await sent(firm)
    await pay(firm, done.id, { amount: '121' })
    const over = await sent(firm)
    await pay(firm, over.id, { amount: '122', allowOver: true })
    const taken = await sent(firm)
    const note = await credit(firm, taken)
    const stranger = test.services.ids.next()
    const ids = [whole, part, draft, done, over, taken, note].map(({ id }) => id)
    const answer = await ask<Paid>(firm, 'POST', '/invoices/payments', {
      body: { selection: { ids: [...ids, stranger, whole.id] }, date: '2026-03-30', way: 'card' },
      language: 'nl',
    })
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({ paid: 2, amounts: [{ currency: 'EUR', amount: '221.00' }] })
    expect(
      answer.body.rows.map(({ invoiceId, payment, problem }) => [invoiceId, payment?.amount ?? problem?.code]),
    ).toEqual([
      [whole.id, '121.00'],
      [part.id, '100.00'],
      [draft.id, 'payment-on-draft'],
      [done.id, 'nothing-outstanding'],
      [over.id, 'invoice-to-refund'],
      [taken.id, 'nothing-outstanding'],
      [note.id, 'payment-on-credit-note'],
      [stranger, 'not-found'],
    ])
    expect(answer.body.rows[3]?.problem?.cause).toBe(`Van ${done.number} staat niets open.`)
    expect(standing(await payments(firm, whole.id))).toEqual(['paid', '121.00', '0.00', '0.00'])
    const after = await read(firm, part.id)
    expect(after).toMatchObject({ paymentState: 'paid', version: part.version + 2 })
    expect(after.history.at(-1)).toMatchObject({ act: 'payment-registered', amount: '100.00' })
    const again = await ask<Paid>(firm, 'POST', '/invoices/payments', {
      body: { selection: { ids }, date: '2026-03-30' },
    })
    expect(again.body).toMatchObject({ paid: 0, amounts: [] })
  })

  it('takes all that a filter finds, as many as were seen, and leaves what changed since', async () => {
    const firm = await testFirm(test.services)
    const [one, two] = [await sent(firm), await sent(firm)]
    const late = await sent(firm, { dueDate: '2026-03-31' })
    test.clock.set('2026-04-01T10:00:00Z')
    try {
      const selection = { filter: { paymentState: ['open'], overdue: true } }
      const miscounted = await ask<ApiProblem>(firm, 'POST', '/invoices/payments', {
        body: { selection: { ...selection, count: 2 }, date: '2026-04-01' },
      })
      expect([miscounted.status, miscounted.body.code]).toEqual([409, 'invoices-changed'])
      const paid = await ask<Paid>(firm, 'POST', '/invoices/payments', {
        body: { selection: { ...selection, count: 1 }, date: '2026-04-01' },
      })
      expect(paid.body.rows.map(({ invoiceId }) => invoiceId)).toEqual([late.id])
      await pay(firm, one.id, { amount: '1', date: '2026-04-01' })
      const rest = await ask<Paid>(firm, 'POST', '/invoices/payments', {
        body: {
          selection: { filter: { paymentState: ['open', 'partly-paid'] }, asOf: '2026-03-31T12:00:00Z' },
          date: '2026-04-01',
        },
      })
      expect(rest.body.rows.map(({ invoiceId, problem }) => [invoiceId, problem?.code])).toEqual([
        [one.id, 'invoice-changed'],
        [two.id, undefined],
      ])
    } finally {
      test.clock.set('2026-03-31T10:00:00.000Z')
    }
  })

  it('is undone together, as far as nothing was built on it, and asks as much of the database for many as for few', async () => {
    const firm = await testFirm(test.services)
    const refunded = await sent(firm)
    const { payment: first } = (await pay(firm, refunded.id, { amount: '121' })).body
    await credit(firm, refunded)
    await pay(firm, refunded.id, { amount: '-121' })
    const ids = await store(
      firm,
      Array.from({ length: 202 }, () => stored()),
    )
    const { body: paid } = await ask<Paid>(firm, 'POST', '/invoices/payments', {
      body: { selection: { ids }, date: '2026-03-31' },
    })
    const made = paid.rows.map(({ payment }) => payment?.id as string)
    const stranger = test.services.ids.next()
    const undo = (some: readonly string[]) =>
      withStatements(firm, () =>
        ask<Undone>(firm, 'POST', '/payments/undoings', { body: { ids: [...some, first.id, stranger] } }),
      )
    const few = await undo(made.slice(0, 2))
    const many = await undo(made)
    expect(few.answer.body).toMatchObject({
      undone: 2,
      rows: [
        { problem: null },
        { problem: null },
        { problem: { code: 'refund-stands' } },
        { problem: { code: 'not-found' } },
      ],
    })
    expect([many.answer.body.undone, many.statements.length]).toEqual([200, few.statements.length])
    const after = await payments(firm, ids[0] as string)
    expect([standing(after), after.rows.length]).toEqual([['open', '0.00', '0.00', '121.00'], 1])
    expect((await read(firm, ids[5] as string)).history.map(({ act }) => act)).toEqual([
      'payment-registered',
      'payment-undone',
    ])
  })

  it('of two payments of one invoice undoes what may be, in their order', async () => {
    const firm = await testFirm(test.services)
    const invoice = await sent(firm)
    const { payment: one } = (await pay(firm, invoice.id, { amount: '121' })).body
    const { payment: two } = (await pay(firm, invoice.id, { amount: '9', allowOver: true })).body
    await pay(firm, invoice.id, { amount: '-9' })
    const undone = await ask<Undone>(firm, 'POST', '/payments/undoings', { body: { ids: [two.id, one.id] } })
    expect(undone.body.rows.map(({ problem }) => problem?.code ?? 'undone')).toEqual(['undone', 'refund-stands'])
    expect((await payments(firm, invoice.id)).paid).toBe('112.00')
  })

  it('does not take a day to come', async () => {
    const firm = await testFirm(test.services)
    const refused = await ask<ApiProblem>(firm, 'POST', '/invoices/payments', {
      body: { selection: { ids: [(await sent(firm)).id] }, date: '2026-04-01' },
    })
    expect(refused.body.errors).toMatchObject([{ pointer: '/date', code: 'payment-in-future' }])
  })

  it('asks as much of the database for two thousand as for two', async () => {
    const firm = await testFirm(test.services)
    const ids = await store(
      firm,
      Array.from({ length: 2002 }, () => stored()),
    )
    const mark = (some: readonly string[]) =>
      withStatements(firm, () =>
        ask<Paid>(firm, 'POST', '/invoices/payments', { body: { selection: { ids: some }, date: '2026-03-31' } }),
      )
    await payments(firm, ids[0] as string)
    const few = await mark(ids.slice(0, 2))
    const many = await mark(ids.slice(2))
    expect([few.answer.body.paid, many.answer.body.paid]).toEqual([2, 2000])
    expect(many.statements).toHaveLength(few.statements.length)
    expect(many.answer.body.amounts).toEqual([{ currency: 'EUR', amount: '242000.00' }])
    const totals = await ask(firm, 'GET', '/invoices/totals')
    expect(totals.body).toMatchObject({ open: [], overdue: [] })
  })
})

describe('the list of invoices', () => {
  const cents = (from: number, to: number) =>
    fc.integer({ min: from, max: to }).map((amount) => (amount / 100).toFixed(2))
  const anyInvoice: fc.Arbitrary<Stored> = fc
    .record({
      kind: fc.constantFrom('invoice' as const, 'invoice' as const, 'credit' as const),
      state: fc.constantFrom('draft' as const, 'sent' as const, 'sent' as const, 'credited' as const),
      gross: cents(0, 30),
      credited: fc.oneof(fc.constant('0.00'), fc.constant('all'), cents(0, 30)),
      paid: fc.oneof(fc.constant('0.00'), cents(0, 40)),
      days: fc.integer({ min: -40, max: 40 }),
    })
    .map(({ days, credited, ...rest }) => ({
      ...rest,
      credited: credited === 'all' ? rest.gross : credited,
      currency: 'EUR',
      dueDate: addDays(calendarDate('2026-03-31'), days),
    }))

  it('finds by payment state what core says of each, for any amounts', async () => {
    const firm = await testFirm(test.services)
    const today = calendarDate('2026-03-31')
    await store(firm, fc.sample(anyInvoice, { numRuns: 600, seed: 20261121 }))
    // A credit note is known by what it takes back.
    await firm.within((trx) =>
      sql`update invoice set credits_id = (select id from invoice where kind = 'invoice' limit 1)
        where kind = 'credit' and state = 'draft'`.execute(trx),
    )
    const rows = await firm.within((trx) => trx.selectFrom('invoice').selectAll().execute())
    const said = new Map(rows.map((row) => [row.id, paymentStateOf(toPaidInvoice(row), today)]))
    const found = (filter: Parameters<typeof invoiceWhere>[0]) =>
      firm.within(async (trx) => {
        const result = await sql<{ id: string }>`
          select i.id from invoice i join customer k on k.firm_id = i.firm_id and k.id = i.customer_id
          where i.firm_id = ${firm.id}::uuid ${invoiceWhere(filter, today)}`.execute(trx)
        return result.rows.map(({ id }) => id).sort()
      })
    const wanted = (is: (standing: ReturnType<typeof paymentStateOf>) => boolean) =>
      rows.flatMap(({ id }) => (is(said.get(id) as ReturnType<typeof paymentStateOf>) ? [id] : [])).sort()
    for (const state of paymentStates) {
      const expected = wanted((one) => one.state === state)
      expect([state, expected.length > 5]).toEqual([state, true])
      expect([state, await found({ paymentState: [state] })]).toEqual([state, expected])
    }
    expect(await found({ paymentState: ['open', 'paid'] })).toEqual(
      wanted(({ state }) => state === 'open' || state === 'paid'),
    )
    expect(await found({ overdue: true })).toEqual(wanted(({ overdueDays }) => overdueDays !== null))
    expect(await found({ overdue: false })).toEqual(wanted(({ overdueDays }) => overdueDays === null))
    for (const row of rows.filter(({ kind, state }) => kind === 'invoice' && state !== 'draft'))
      expect([row.id, compare(decimal(row.outstanding ?? ''), said.get(row.id)?.outstanding ?? decimal('0'))]).toEqual([
        row.id,
        0,
      ])
  })

  it('tells and sorts what is outstanding and when it was due, page after page, with as many statements for each', async () => {
    const firm = await testFirm(test.services)
    const due = (at: number) => addDays(calendarDate('2026-03-01'), (at * 7) % 60)
    await store(
      firm,
      Array.from({ length: 60 }, (_, at) =>
        stored({
          dueDate: due(at),
          gross: `${100 + ((at * 13) % 17)}.00`,
          paid: at % 5 === 0 ? '150.00' : at % 3 === 0 ? '10.00' : '0.00',
        }),
      ),
    )
    const value: Record<string, (row: InvoiceRowAnswer) => string | number> = {
      dueDate: ({ dueDate }) => dueDate,
      outstanding: ({ outstanding }) => Number(outstanding),
    }
    for (const key of ['dueDate', 'outstanding'] as const)
      for (const sort of [key, `-${key}`]) {
        const rows: InvoiceRowAnswer[] = []
        let cursor: string | null = ''
        while (cursor !== null) {
          const page: { rows: InvoiceRowAnswer[]; next: string | null } = (
            await ask<{ rows: InvoiceRowAnswer[]; next: string | null }>(
              firm,
              'GET',
              `/invoices?sort=${sort}&limit=25${cursor ? `&cursor=${cursor}` : ''}`,
            )
          ).body
          rows.push(...page.rows)
          cursor = page.next
        }
        expect([sort, new Set(rows.map(({ id }) => id)).size]).toEqual([sort, 60])
        const values = rows.map((row) => value[key]?.(row) ?? '')
        const sorted = [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
        expect([sort, values]).toEqual([sort, sort.startsWith('-') ? sorted.reverse() : sorted])
      }
    const page = (limit: number) =>
      withStatements(firm, () =>
        ask(firm, 'GET', `/invoices?paymentState=open&overdue=true&sort=dueDate&limit=${limit}`),
      )
    const [small, large] = [await page(2), await page(100)]
    expect(large.statements).toHaveLength(small.statements.length)
  })

  it('finds what is overdue by the index of what is outstanding', async () => {
    const firm = await testFirm(test.services)
    await store(firm, [stored({ dueDate: '2026-03-01' })])
    for (const filter of [{ overdue: true }, { paymentState: ['open', 'partly-paid'] as const }]) {
      const plan = await firm.within(async (trx) => {
        await sql`set local enable_seqscan = off`.execute(trx)
        await sql`set local enable_sort = off`.execute(trx)
        return sql<{ 'QUERY PLAN': string }>`explain select i.id from invoice i
          where i.firm_id = ${firm.id}::uuid and i.deleted_at is null ${invoiceWhere(filter, '2026-03-31')}
          order by i.due_date, i.id limit 51`.execute(trx)
      })
      expect(plan.rows.map((row) => Object.values(row)[0]).join('\n')).toContain('invoice_outstanding')
    }
  })
})

describe('what is outstanding of all', () => {
  const rows = [
    stored({ dueDate: '2026-04-30' }),
    stored({ dueDate: '2026-03-31', gross: '10.00' }),
    stored({ dueDate: '2026-03-30', gross: '20.00', paid: '5.00' }),
    stored({ dueDate: '2026-02-10', gross: '40.00' }),
    stored({ dueDate: '2026-01-15', gross: '80.00', credited: '1.00' }),
    stored({ dueDate: '2025-12-01', gross: '160.00' }),
    stored({ dueDate: '2025-12-01', gross: '7.00', currency: 'USD' }),
    stored({ dueDate: '2025-12-01', gross: '7.00', paid: '9.50' }),
    stored({ dueDate: '2025-12-01', gross: '7.00', paid: '7.00' }),
    stored({ dueDate: '2025-12-01', gross: '7.00', credited: '7.00', state: 'credited' }),
    stored({ dueDate: '2025-12-01', gross: '7.00', state: 'draft' }),
  ]

  it('is counted and added up by currency, what is late apart', async () => {
    const firm = await testFirm(test.services)
    await store(firm, rows)
    const { body } = await ask(firm, 'GET', '/invoices/totals')
    expect(body).toMatchObject({
      draft: 1,
      open: [
        { currency: 'EUR', invoices: 6, amount: '425.00' },
        { currency: 'USD', invoices: 1, amount: '7.00' },
      ],
      overdue: [
        { currency: 'EUR', invoices: 4, amount: '294.00' },
        { currency: 'USD', invoices: 1, amount: '7.00' },
      ],
    })
  })

  it('is reported by how late it is and by who owes it, what is to be refunded apart', async () => {
    const firm = await testFirm(test.services)
    await store(firm, rows)
    const { body } = await ask(firm, 'GET', '/reports/outstanding')
    expect(body).toEqual({
      asAt: '2026-03-31',
      currencies: [
        {
          currency: 'EUR',
          open: { invoices: 6, amount: '425.00' },
          overdue: { invoices: 4, amount: '294.00' },
          toRefund: { invoices: 1, amount: '2.50' },
          ages: [
            { bucket: 'not-due', invoices: 2, amount: '131.00' },
            { bucket: '1-30', invoices: 1, amount: '15.00' },
            { bucket: '31-60', invoices: 1, amount: '40.00' },
            { bucket: '61-90', invoices: 1, amount: '79.00' },
            { bucket: 'over-90', invoices: 1, amount: '160.00' },
          ],
        },
        {
          currency: 'USD',
          open: { invoices: 1, amount: '7.00' },
          overdue: { invoices: 1, amount: '7.00' },
          toRefund: { invoices: 0, amount: '0.00' },
          ages: [
            { bucket: 'not-due', invoices: 0, amount: '0.00' },
            { bucket: '1-30', invoices: 0, amount: '0.00' },
            { bucket: '31-60', invoices: 0, amount: '0.00' },
            { bucket: '61-90', invoices: 0, amount: '0.00' },
            { bucket: 'over-90', invoices: 1, amount: '7.00' },
          ],
        },
      ],
      customers: [
        {
          customerId: firm.customerId,
          customerName: 'Bakkerij Zon',
          currency: 'EUR',
          open: '425.00',
          overdue: '294.00',
          overdueDays: 120,
        },
        {
          customerId: firm.customerId,
          customerName: 'Bakkerij Zon',
          currency: 'USD',
          open: '7.00',
          overdue: '7.00',
          overdueDays: 120,
        },
      ],
    })
    const empty = await testFirm(test.services)
    expect((await ask(empty, 'GET', '/reports/outstanding')).body).toMatchObject({ currencies: [], customers: [] })
  })

  it('is counted by the day of the firm: over midnight in Auckland it is late, in Amsterdam not yet', async () => {
    const [there, here] = [
      await testFirm(test.services, { timeZone: 'Pacific/Auckland' }),
      await testFirm(test.services),
    ]
    test.clock.set('2026-03-31T12:30:00Z')
    try {
      for (const [firm, late] of [
        [there, 1],
        [here, null],
      ] as const) {
        const [id] = await store(firm, [stored({ dueDate: '2026-03-31' })])
        expect((await payments(firm, id as string)).overdueDays).toBe(late)
      }
    } finally {
      test.clock.set('2026-03-31T10:00:00.000Z')
    }
  })
})
