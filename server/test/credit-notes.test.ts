import type { ApiProblem } from '@uurwerk/api/shapes.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { brokenLink } from '../src/invoices/sent-chain.ts'
import type { InvoiceAnswer } from '../src/routes/invoice-answer.ts'
import { type TestApp, testApp } from '../src/testing/app.ts'
import { type TestFirm, testFirm } from '../src/testing/firm.ts'
import { withStatements } from '../src/testing/statements.ts'

let test: TestApp
beforeAll(async () => {
  test = await testApp()
})
afterAll(() => test.close())

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'
type Asked = { body?: object; version?: number; as?: Parameters<TestFirm['as']>[0]; language?: string }

async function ask<Body = InvoiceAnswer>(
  firm: TestFirm,
  method: Method,
  path: string,
  { body, version, as = 'finance', language = 'en' }: Asked = {},
): Promise<{ readonly status: number; readonly body: Body }> {
  const answer = await test.app.inject({
    method,
    url: `/api/v1${path}`,
    headers: {
      ...firm.as(as),
      'accept-language': language,
      ...(version === undefined ? {} : { 'if-match': `"${version}"` }),
    },
    ...(body ? { payload: body } : {}),
  })
  return { status: answer.statusCode, body: (answer.body ? answer.json() : undefined) as Body }
}

const read = async (firm: TestFirm, id: string) => (await ask(firm, 'GET', `/invoices/${id}`)).body
const send = (firm: TestFirm, { id, version }: Pick<InvoiceAnswer, 'id' | 'version'>) =>
  ask(firm, 'POST', `/invoices/${id}/sending`, { body: { how: 'post' }, version })
const credit = <Body = InvoiceAnswer>(firm: TestFirm, id: string, body: object = {}) =>
  ask<Body>(firm, 'POST', `/invoices/${id}/credit-note`, { body })
const stateOf = async (firm: TestFirm, id: string) =>
  (await ask<{ state: string }>(firm, 'GET', `/hours/${id}`)).body.state

/** A draft of hours, one line each. */
async function draftOf(firm: TestFirm, ids: readonly string[]): Promise<InvoiceAnswer> {
  const made = await ask<{ invoices: { id: string }[] }>(firm, 'POST', '/invoices/from-hours', {
    body: { selection: { ids }, groupBy: 'entry' },
  })
  return read(firm, made.body.invoices[0]?.id as string)
}

async function sentOf(firm: TestFirm, ids: readonly string[]): Promise<InvoiceAnswer> {
  const sent = await send(firm, await draftOf(firm, ids))
  expect(sent.status).toBe(200)
  return sent.body
}

/** An hour and a half and one of a hundred minutes, sent: 156.00 and 173.34. */
async function sentHours(firm: TestFirm) {
  const hours = [
    await firm.addHours({ date: '2026-03-02', minutes: 90 }),
    await firm.addHours({ date: '2026-03-16', minutes: 100 }),
  ] as const
  return { hours, invoice: await sentOf(firm, hours) }
}

describe('a credit note of a whole invoice', () => {
  it('mirrors it, gets a number of its own, and leaves it credited with its hours still on it', async () => {
    const firm = await testFirm(test.services)
    const { hours, invoice } = await sentHours(firm)
    const { status, body: draft } = await credit(firm, invoice.id)
    expect(status).toBe(201)
    expect(draft).toMatchObject({
      kind: 'credit',
      state: 'draft',
      date: '2026-03-31',
      nextNumber: '2026-0002',
      credits: { id: invoice.id, number: '2026-0001', date: '2026-03-31' },
      net: '-329.34',
      vat: '-69.16',
      gross: '-398.50',
      periodFrom: invoice.periodFrom,
      releasesEntries: false,
      problems: [],
    })
    expect(draft.lines).toMatchObject(
      invoice.lines.map(({ id, quantity, net, vat, unitPrice, vatRate }) => ({
        creditsLineId: id,
        quantity: `-${quantity}`,
        net: `-${net}`,
        vat: `-${vat}`,
        unitPrice,
        vatRate,
        entryCount: 0,
        leftNet: net,
      })),
    )
    const sent = await send(firm, draft)
    expect(sent.body).toMatchObject({ kind: 'credit', state: 'sent', number: '2026-0002' })
    const after = await read(firm, invoice.id)
    expect(after).toMatchObject({
      state: 'credited',
      net: '329.34',
      creditNotes: [{ id: draft.id, number: '2026-0002', gross: '-398.50' }],
    })
    expect(after.lines.map(({ leftNet }) => leftNet)).toEqual(['0.00', '0.00'])
    expect(after.history.map(({ act }) => act)).toEqual(['created', 'sent', 'credited'])
    expect(await stateOf(firm, hours[0])).toBe('invoiced')
    expect(await firm.within((trx) => brokenLink(trx, firm.id))).toBeNull()
    const listed = await ask<{ rows: InvoiceAnswer[] }>(firm, 'GET', '/invoices?sort=-number')
    expect(listed.body.rows.map(({ number, credits }) => [number, credits?.number ?? null])).toEqual([
      ['2026-0002', '2026-0001'],
      ['2026-0001', null],
    ])
  })

  it('releases its entries when that was chosen: they can be invoiced anew', async () => {
    const firm = await testFirm(test.services)
    const { hours, invoice } = await sentHours(firm)
    const { body: draft } = await credit(firm, invoice.id, { release: true })
    expect(await stateOf(firm, hours[0])).toBe('invoiced')
    await send(firm, draft)
    expect(await Promise.all(hours.map((id) => stateOf(firm, id)))).toEqual(['free', 'free'])
    const told = await firm.within((trx) =>
      trx
        .selectFrom('history')
        .select('act')
        .where('subjectKind', '=', 'hours')
        .where('subjectId', '=', hours[0])
        .orderBy('id')
        .execute(),
    )
    expect(told.map(({ act }) => act).slice(-3)).toEqual(['reserved', 'invoiced', 'freed'])
    const again = await sentOf(firm, hours)
    expect(again).toMatchObject({ number: '2026-0003', net: '329.34' })
    expect(await stateOf(firm, hours[1])).toBe('invoiced')
  })

  it('keeps rate, language, currency and customer of the invoice, whatever became of them', async () => {
    const firm = await testFirm(test.services)
    const { invoice } = await sentHours(firm)
    await firm.within((trx) =>
      trx
        .updateTable('customer')
        .set({ name: 'Anders BV', vatCase: 'outside-eu', language: 'en', currency: 'USD' })
        .where('id', '=', firm.customerId)
        .execute(),
    )
    const { body: draft } = await credit(firm, invoice.id)
    expect(draft).toMatchObject({
      customer: { name: 'Bakkerij Zon' },
      currency: 'EUR',
      language: 'nl',
      lines: [{ vatTreatment: 'domestic-standard', vatRate: '21' }, {}],
      problems: [],
    })
    for (const [field, value] of Object.entries({
      language: 'en',
      dueDate: '2026-05-01',
      exchange: { rate: '2', source: 'x' },
    })) {
      const refused = await ask<ApiProblem>(firm, 'PATCH', `/invoices/${draft.id}`, {
        body: { [field]: value },
        version: draft.version,
      })
      expect([field, refused.status, refused.body.errors]).toMatchObject([
        field,
        422,
        [{ pointer: `/${field}`, code: 'follows-from-invoice' }],
      ])
    }
    const line = draft.lines[0]
    const vat = await ask<ApiProblem>(firm, 'PATCH', `/invoices/${draft.id}/lines/${line?.id}`, {
      body: { vatTreatment: 'domestic-zero' },
      version: draft.version,
    })
    expect(vat.body.errors).toMatchObject([{ pointer: '/vatTreatment', code: 'follows-from-invoice' }])
    for (const [path, body] of [
      ['lines', { description: 'x', quantity: '1', unit: 'piece', unitPrice: '1' }],
      ['grouping', { groupBy: 'project' }],
    ] as const) {
      const refused = await ask<ApiProblem>(firm, 'POST', `/invoices/${draft.id}/${path}`, {
        body,
        version: draft.version,
      })
      expect([refused.status, refused.body.code]).toEqual([409, 'credit-takes-back-only'])
    }
    const earlier = await ask(firm, 'PATCH', `/invoices/${draft.id}`, {
      body: { date: '2026-03-30' },
      version: draft.version,
    })
    expect(earlier.body).toMatchObject({ date: '2026-03-30', dueDate: '2026-03-30' })
    expect(earlier.body.problems.map(({ code }) => code)).toContain('credit-before-invoice')
    expect((await send(firm, earlier.body)).status).toBe(422)
  })
})

describe('a credit note of a part', () => {
  it('takes back a quantity or an amount, leaves the invoice sent, and the last part takes what is left', async () => {
    const firm = await testFirm(test.services)
    const { hours, invoice } = await sentHours(firm)
    const [first, second] = invoice.lines.map(({ id }) => id)
    const made = await credit(firm, invoice.id, {
      lines: [
        { lineId: second, net: '12.34' },
        { lineId: first, quantity: '0.5' },
      ],
      release: true,
    })
    expect(made.body.lines).toMatchObject([
      { creditsLineId: first, quantity: '-0.5', unit: 'hour', net: '-52.00' },
      { creditsLineId: second, quantity: '-1', unit: 'piece', net: '-12.34', unitPrice: '12.34' },
    ])
    await send(firm, made.body)
    const halfway = await read(firm, invoice.id)
    expect(halfway).toMatchObject({
      state: 'sent',
      lines: [{ leftNet: '104.00', leftQuantity: '1' }, { leftNet: '161.00' }],
    })
    expect(halfway.history.at(-1)?.act).toBe('credited-in-part')
    expect(await stateOf(firm, hours[0])).toBe('invoiced')

    const line = await credit(firm, invoice.id, { lines: [{ lineId: first }], release: true })
    await send(firm, line.body)
    expect(await Promise.all(hours.map((id) => stateOf(firm, id)))).toEqual(['free', 'invoiced'])

    const last = await credit(firm, invoice.id)
    expect(last.body.lines).toMatchObject([{ creditsLineId: second, unit: 'piece', net: '-161.00' }])
    await send(firm, last.body)
    const notes = await Promise.all([made, line, last].map(({ body }) => read(firm, body.id)))
    const cents = (amount: string) => Math.round(Number(amount) * 100)
    for (const field of ['net', 'vat', 'gross'] as const)
      expect(notes.reduce((total, note) => total + cents(note[field]), cents(invoice[field]))).toBe(0)
    expect(await read(firm, invoice.id)).toMatchObject({ state: 'credited' })
    // Without release what stands behind the last line stays where it is.
    expect(await stateOf(firm, hours[1])).toBe('invoiced')
  })

  it('counts drafts as taken, and deleting one gives back what it held', async () => {
    const firm = await testFirm(test.services)
    const { invoice } = await sentHours(firm)
    const whole = await credit(firm, invoice.id)
    expect(await credit<ApiProblem>(firm, invoice.id)).toMatchObject({
      status: 409,
      body: { code: 'nothing-left-to-credit' },
    })
    await ask(firm, 'DELETE', `/invoices/${whole.body.id}`, { version: whole.body.version })
    expect((await read(firm, invoice.id)).creditNotes).toEqual([])
    expect((await credit(firm, invoice.id)).status).toBe(201)
  })

  it('is lessened in the draft, never beyond what is left', async () => {
    const firm = await testFirm(test.services)
    const { invoice } = await sentHours(firm)
    await credit(firm, invoice.id, { lines: [{ lineId: invoice.lines[0]?.id, net: '100.00' }] })
    const { body: draft } = await credit(firm, invoice.id)
    const [line, other] = draft.lines
    expect(line).toMatchObject({ net: '-56.00', leftNet: '56.00' })
    const change = (body: object, version: number) =>
      ask<InvoiceAnswer & ApiProblem>(firm, 'PATCH', `/invoices/${draft.id}/lines/${line?.id}`, { body, version })
    for (const unitPrice of ['56.01', '-1', '0']) {
      const refused = await change({ unitPrice }, draft.version)
      expect([unitPrice, refused.status, refused.body.errors]).toMatchObject([
        unitPrice,
        422,
        [{ pointer: '/unitPrice', code: 'more-than-left' }],
      ])
    }
    const less = await change({ unitPrice: '6', description: 'Te veel gerekend' }, draft.version)
    expect(less.body.lines[0]).toMatchObject({ net: '-6.00', description: 'Te veel gerekend' })
    const without = await ask(firm, 'DELETE', `/invoices/${draft.id}/lines/${other?.id}`, {
      version: less.body.version,
    })
    expect(without.body).toMatchObject({ net: '-6.00', vat: '-1.26', gross: '-7.26' })
  })

  it('computes the VAT of other drafts anew when one is sent: the cents of the parts are those of the whole', async () => {
    const firm = await testFirm(test.services)
    const invoice = await send(firm, await linesOf(firm, ['0.02', '0.02', '0.02']))
    const parts: InvoiceAnswer[] = []
    for (const { id } of invoice.body.lines)
      parts.push((await credit(firm, invoice.body.id, { lines: [{ lineId: id }] })).body)
    expect(parts.map(({ vat }) => vat)).toEqual(['0.00', '0.00', '0.00'])
    const vats: string[] = []
    for (const { id } of parts) vats.push((await send(firm, await read(firm, id))).body.vat)
    expect([invoice.body.vat, vats]).toEqual(['0.01', ['0.00', '-0.01', '0.00']])
  })
})

async function linesOf(firm: TestFirm, prices: readonly string[]): Promise<InvoiceAnswer> {
  let { body } = await ask(firm, 'POST', '/invoices', { body: { customerId: firm.customerId } })
  for (const unitPrice of prices)
    body = (
      await ask(firm, 'POST', `/invoices/${body.id}/lines`, {
        body: { description: 'Werk', quantity: '1', unit: 'piece', unitPrice },
        version: body.version,
      })
    ).body
  return body
}

it('takes its number from a series of its own when that is chosen', async () => {
  const firm = await testFirm(test.services)
  const { invoice } = await sentHours(firm)
  const seriesId = test.services.ids.next()
  await firm.within((trx) =>
    trx
      .insertInto('series')
      .values({
        firmId: firm.id,
        id: seriesId,
        name: 'Credit',
        pattern: 'C{year}-{000}',
        createdAt: test.clock.now(),
        updatedAt: test.clock.now(),
      })
      .execute(),
  )
  const { body: draft } = await credit(firm, invoice.id, { seriesId })
  expect((await send(firm, draft)).body).toMatchObject({ number: 'C2026-001', credits: { number: '2026-0001' } })
  const unknown = await credit<ApiProblem>(firm, (await sentHours(firm)).invoice.id, { seriesId: invoice.id })
  expect([unknown.status, unknown.body.errors]).toMatchObject([422, [{ pointer: '/seriesId', code: 'series-unknown' }]])
})

describe('what cannot be credited', () => {
  it('is a draft, a credit note, what is credited already, and another firm’s invoice', async () => {
    const firm = await testFirm(test.services)
    const draft = await draftOf(firm, [await firm.addHours()])
    const refused = async (id: string, at = firm) => {
      const { status, body } = await credit<ApiProblem>(at, id)
      return [status, body.code]
    }
    expect(await refused(draft.id)).toEqual([409, 'credit-of-draft'])
    const sent = await send(firm, draft)
    const note = await send(firm, (await credit(firm, draft.id)).body)
    expect(await refused(note.body.id)).toEqual([409, 'credit-of-credit'])
    expect(await refused(sent.body.id)).toEqual([409, 'nothing-left-to-credit'])
    expect(await refused(sent.body.id, await testFirm(test.services))).toEqual([404, 'not-found'])
    const employee = await ask(firm, 'POST', `/invoices/${sent.body.id}/credit-note`, { body: {}, as: 'employee' })
    expect(employee.status).toBe(403)
  })

  it.each([
    [(id: string) => [{ lineId: id, quantity: '1.5001' }], '/lines/0/quantity', 'more-than-left'],
    [(id: string) => [{ lineId: id, quantity: '-1' }], '/lines/0/quantity', 'more-than-left'],
    [(id: string) => [{ lineId: id, net: '156.01' }], '/lines/0/net', 'more-than-left'],
    [(id: string) => [{ lineId: id, net: '0' }], '/lines/0/net', 'more-than-left'],
    [(id: string) => [{ lineId: id, net: '1.005' }], '/lines/0/net', 'too-many-decimals'],
    [(id: string) => [{ lineId: id, quantity: '1.00001' }], '/lines/0/quantity', 'too-many-decimals'],
    [(id: string) => [{ lineId: id, quantity: '1', net: '1' }], '/lines/0/net', 'quantity-or-net'],
    [(id: string) => [{ lineId: id }, { lineId: id }], '/lines/1/lineId', 'line-named-twice'],
    [() => [{ lineId: '01900000-0000-7000-8000-00000000dead' }], '/lines/0/lineId', 'line-unknown'],
  ] as const)('is named at its place', async (lines, pointer, code) => {
    const firm = await testFirm(test.services)
    const { invoice } = await sentHours(firm)
    const refused = await credit<ApiProblem>(firm, invoice.id, { lines: lines(invoice.lines[0]?.id as string) })
    expect([refused.status, refused.body.errors]).toMatchObject([422, [{ pointer, code }]])
    expect((await read(firm, invoice.id)).creditNotes).toEqual([])
  })

  it('is more than was sold, also when two people credit at once', async () => {
    const firm = await testFirm(test.services)
    const { invoice } = await sentHours(firm)
    const answers = await Promise.all([1, 2, 3, 4].map(() => credit(firm, invoice.id)))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409])
    const again = await Promise.all(
      answers.filter(({ status }) => status === 201).flatMap(({ body }) => [send(firm, body), send(firm, body)]),
    )
    expect(again.map(({ status }) => status).sort()).toEqual([200, 409])
  })

  it('lets two part credits be sent at once', async () => {
    const firm = await testFirm(test.services)
    const { invoice } = await sentHours(firm)
    const parts = []
    for (const { id } of invoice.lines) parts.push((await credit(firm, invoice.id, { lines: [{ lineId: id }] })).body)
    const answers = await Promise.all(parts.map((part) => send(firm, part)))
    // Sending one computes the other anew: whoever was second sees that, and sends it then.
    for (const [index, { status }] of answers.entries())
      if (status !== 200) expect((await send(firm, await read(firm, parts[index]?.id as string))).status).toBe(200)
    expect(await read(firm, invoice.id)).toMatchObject({ state: 'credited' })
  })
})

it('credits 500 lines with as many statements as one', async () => {
  const firm = await testFirm(test.services)
  const many = []
  for (let index = 0; index < 500; index++) many.push(await firm.addHours({ minutes: 6 + (index % 50) }))
  const [one, large] = [await sentOf(firm, [await firm.addHours()]), await sentOf(firm, many)]
  const counted = async ({ id }: InvoiceAnswer) => {
    const { statements } = await withStatements(firm, async () => {
      const made = await credit(firm, id, { release: true })
      expect(made.status).toBe(201)
      expect((await send(firm, made.body)).status).toBe(200)
    })
    return statements.length
  }
  const few = await counted(one)
  expect(await counted(large)).toBe(few)
})

it('lets an invoice become credited, once, and nothing else of it change', async () => {
  const firm = await testFirm(test.services)
  const { invoice } = await sentHours(firm)
  const { body: note } = await send(firm, (await credit(firm, invoice.id)).body)
  for (const [id, state] of [
    [invoice.id, 'sent'],
    [note.id, 'credited'],
  ] as const)
    await expect(
      firm.within((trx) => trx.updateTable('invoice').set({ state }).where('id', '=', id).execute()),
    ).rejects.toThrow('a sent invoice never changes')
})
