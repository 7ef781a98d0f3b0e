import type { ApiProblem } from '@uurwerk/api/shapes.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { runMailLane } from '../src/letters/send-letters.ts'
import type { InvoiceAnswer } from '../src/routes/invoice-answer.ts'
import { type TestApp, testApp } from '../src/testing/app.ts'
import { type TestFirm, testFirm } from '../src/testing/firm.ts'
import { pdfText } from '../src/testing/pdf-text.ts'

let test: TestApp
beforeAll(async () => {
  test = await testApp()
})
beforeEach(() => test.clock.set('2026-04-30T10:00:00.000Z'))
afterAll(() => test.close())

interface Asked {
  readonly body?: object
  readonly version?: number
  readonly as?: Parameters<TestFirm['as']>[0]
}
async function ask<Body = ApiProblem>(
  firm: TestFirm,
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  path: string,
  { body, version, as = 'finance' }: Asked = {},
) {
  const answer = await test.app.inject({
    method,
    url: `/api/v1${path}`,
    headers: {
      ...firm.as(as),
      'accept-language': 'en',
      ...(version === undefined ? {} : { 'if-match': `"${version}"` }),
    },
    ...(body ? { payload: body } : {}),
  })
  const isJson = answer.headers['content-type']?.includes('json')
  return {
    status: answer.statusCode,
    body: (isJson ? answer.json() : undefined) as Body,
    bytes: answer.rawPayload,
    headers: answer.headers,
  }
}
const get = async <Body>(firm: TestFirm, path: string): Promise<Body> => {
  const { status, body } = await ask<Body>(firm, 'GET', path)
  expect(status, JSON.stringify(body)).toBe(200)
  return body
}

interface Sending {
  readonly customerId: string
  readonly price: string
  readonly date: string
  readonly dueDate: string
  readonly currency?: string
}
async function sent(firm: TestFirm, { customerId, price, date, dueDate }: Sending): Promise<InvoiceAnswer> {
  const made = await ask<InvoiceAnswer>(firm, 'POST', '/invoices', { body: { customerId, date } })
  const { currency } = made.body
  const dated = await ask<InvoiceAnswer>(firm, 'PATCH', `/invoices/${made.body.id}`, {
    body: { dueDate, ...(currency === 'EUR' ? {} : { exchange: { rate: '0.9', source: 'ECB' } }) },
    version: made.body.version,
  })
  const lined = await ask<InvoiceAnswer>(firm, 'POST', `/invoices/${made.body.id}/lines`, {
    body: { description: 'Advies', quantity: '1', unit: 'piece', unitPrice: price },
    version: dated.body.version,
  })
  return send(firm, lined.body)
}
async function send(firm: TestFirm, { id, version }: { id: string; version: number }): Promise<InvoiceAnswer> {
  const answer = await ask<InvoiceAnswer>(firm, 'POST', `/invoices/${id}/sending`, { body: { how: 'post' }, version })
  expect(answer.status, JSON.stringify(answer.body)).toBe(200)
  return answer.body
}
async function pay(firm: TestFirm, id: string, date: string, amount: string, way = 'bank') {
  const { version } = await get<{ version: number }>(firm, `/invoices/${id}/payments`)
  const answer = await ask(firm, 'POST', `/invoices/${id}/payments`, { body: { date, amount, way }, version })
  expect(answer.status, JSON.stringify(answer.body)).toBe(201)
}

interface Statement {
  customerName: string
  kind: string
  asOf: string
  from: string | null
  currencies: {
    currency: string
    balance: string
    opening: string
    byAge: { age: string; amount: string }[]
    items: { document: { number: string }; outstanding: string; paid: string; credited: string; daysLate: number }[]
    movements: { date: string; kind: string; document: { number: string }; amount: string; balance: string }[]
  }[]
}
const statement = (firm: TestFirm, query = '') =>
  get<Statement>(firm, `/customers/${firm.customerId}/statement${query}`)
const items = ({ currencies }: Statement) =>
  currencies.flatMap(({ currency, items: list }) =>
    list.map((one) => `${currency} ${one.document.number} ${one.outstanding} ${one.daysLate}`),
  )

/** 1,210.00 paid in parts, 605.00 of which 121.00 was credited, 242.00 that is open, and one that is still a draft. */
async function furnished(): Promise<{ firm: TestFirm; numbers: readonly string[] }> {
  const firm = await testFirm(test.services, {})
  const { customerId } = firm
  const first = await sent(firm, { customerId, price: '1000', date: '2026-01-15', dueDate: '2026-02-14' })
  const second = await sent(firm, { customerId, price: '500', date: '2026-02-10', dueDate: '2026-03-12' })
  const third = await sent(firm, { customerId, price: '200', date: '2026-03-20', dueDate: '2026-04-19' })
  await ask(firm, 'POST', '/invoices', { body: { customerId, date: '2026-03-31' } })
  await pay(firm, first.id, '2026-02-20', '500.00')
  await pay(firm, first.id, '2026-03-05', '710.00')
  const lineId = second.lines[0]?.id as string
  const note = await ask<InvoiceAnswer>(firm, 'POST', `/invoices/${second.id}/credit-note`, {
    body: { lines: [{ lineId, net: '100.00' }] },
  })
  const dated = await ask<InvoiceAnswer>(firm, 'PATCH', `/invoices/${note.body.id}`, {
    body: { date: '2026-03-25' },
    version: note.body.version,
  })
  const credit = await send(firm, dated.body)
  return { firm, numbers: [first, second, third, credit].map(({ number }) => number as string) }
}

describe('the statement of a customer', () => {
  it('tells what is open, today or at the end of an earlier day, to the cent', async () => {
    const { firm, numbers } = await furnished()
    const [first, second, third] = numbers
    expect(await statement(firm)).toMatchObject({ customerName: 'Bakkerij Zon', asOf: '2026-04-30', kind: 'open' })
    expect(items(await statement(firm))).toEqual([`EUR ${second} 484.00 49`, `EUR ${third} 242.00 11`])
    expect(items(await statement(firm, '?asOf=2026-03-24'))).toEqual([
      `EUR ${second} 605.00 12`,
      `EUR ${third} 242.00 0`,
    ])
    expect(items(await statement(firm, '?asOf=2026-02-28'))).toEqual([
      `EUR ${first} 710.00 14`,
      `EUR ${second} 605.00 0`,
    ])
    expect(items(await statement(firm, '?asOf=2026-01-14'))).toEqual([])
    const [euros] = (await statement(firm)).currencies
    expect(euros?.balance).toBe('726.00')
    expect(euros?.byAge).toEqual([
      { age: 'not-due', amount: '0.00' },
      { age: '1-30', amount: '242.00' },
      { age: '31-60', amount: '484.00' },
      { age: '61-90', amount: '0.00' },
      { age: 'over-90', amount: '0.00' },
      { age: 'credit', amount: '0.00' },
    ])
    const outstanding = await firm.within((trx) =>
      trx
        .selectFrom('invoice')
        .select(({ fn }) => fn.sum<string>('outstanding').as('sum'))
        .where('firmId', '=', firm.id)
        .executeTakeFirstOrThrow(),
    )
    expect(outstanding.sum).toBe('726.00')
  })

  it('tells every movement with the balance after it, from the beginning or from a day on', async () => {
    const { firm, numbers } = await furnished()
    const [first, second, third, credit] = numbers
    const told = ({ currencies }: Statement) =>
      currencies.flatMap(({ opening, movements, balance }) => [
        opening,
        ...movements.map((one) => `${one.date} ${one.kind} ${one.document.number} ${one.amount} ${one.balance}`),
        balance,
      ])
    expect(told(await statement(firm, '?kind=all'))).toEqual([
      '0.00',
      `2026-01-15 invoice ${first} 1210.00 1210.00`,
      `2026-02-10 invoice ${second} 605.00 1815.00`,
      `2026-02-20 payment ${first} -500.00 1315.00`,
      `2026-03-05 payment ${first} -710.00 605.00`,
      `2026-03-20 invoice ${third} 242.00 847.00`,
      `2026-03-25 credit ${credit} -121.00 726.00`,
      '726.00',
    ])
    expect(told(await statement(firm, '?kind=all&from=2026-03-01&asOf=2026-03-20'))).toEqual([
      '1315.00',
      `2026-03-05 payment ${first} -710.00 605.00`,
      `2026-03-20 invoice ${third} 242.00 847.00`,
      '847.00',
    ])
  })

  it('keeps two currencies apart', async () => {
    const firm = await testFirm(test.services)
    const customerId = await firm.addCustomer({ name: 'Acme', currency: 'USD', language: 'en' })
    const dollars = await sent(firm, { customerId, price: '99.95', date: '2026-03-01', dueDate: '2026-03-31' })
    await firm.within((trx) =>
      trx
        .updateTable('customer')
        .set({ currency: 'EUR' })
        .where('firmId', '=', firm.id)
        .where('id', '=', customerId)
        .execute(),
    )
    const euros = await sent(firm, { customerId, price: '10', date: '2026-04-01', dueDate: '2026-05-01' })
    const answer = await get<Statement>(firm, `/customers/${customerId}/statement`)
    expect(items(answer)).toEqual([`EUR ${euros.number} 12.10 0`, `USD ${dollars.number} 120.94 30`])
    const { bytes } = await ask(firm, 'GET', `/customers/${customerId}/statement/document`)
    const text = pdfText(bytes).flat().join('\n')
    expect(text).toContain('In EUR')
    expect(text).toContain('In USD')
    expect(text).toContain('120.94')
  })

  it('forgets a payment that was undone, and tells one that was paid in advance', async () => {
    const { firm, numbers } = await furnished()
    const [, second, third] = numbers
    const rows = (await get<{ rows: { id: string; number: string }[] }>(firm, '/invoices')).rows
    const thirdId = rows.find(({ number }) => number === third)?.id as string
    await pay(firm, thirdId, '2026-03-10', '42.00')
    expect(items(await statement(firm, '?asOf=2026-03-15'))).toEqual([
      `EUR ${second} 605.00 3`,
      `EUR ${third} -42.00 0`,
    ])
    const { rows: payments } = await get<{ rows: { id: string; version: number }[] }>(
      firm,
      `/invoices/${thirdId}/payments`,
    )
    const [payment] = payments
    const undone = await ask(firm, 'DELETE', `/payments/${payment?.id}`, { version: payment?.version ?? 0 })
    expect(undone.status).toBeLessThan(300)
    expect(items(await statement(firm, '?asOf=2026-03-15'))).toEqual([`EUR ${second} 605.00 3`])
  })

  it('refuses a first day after the last, a day that is none, and a customer of nobody', async () => {
    const firm = await testFirm(test.services)
    const wrong = await ask(
      firm,
      'GET',
      `/customers/${firm.customerId}/statement?kind=all&from=2026-05-01&asOf=2026-04-30`,
    )
    expect(wrong.status).toBe(422)
    expect(wrong.body.errors).toEqual([
      { pointer: '/query/from', code: 'statement-from-after', message: 'Must not be after 30 April 2026.' },
    ])
    expect((await ask(firm, 'GET', `/customers/${firm.customerId}/statement?asOf=2026-02-30`)).status).toBe(422)
    expect((await ask(firm, 'GET', `/customers/${test.services.ids.next()}/statement`)).status).toBe(404)
    expect((await ask(firm, 'GET', `/customers/${firm.customerId}/statement`, { as: 'employee' })).status).toBe(403)
  })
})

describe('on paper', () => {
  it('stands in the language of the customer, with every open invoice, the ages and where to pay', async () => {
    const { firm, numbers } = await furnished()
    await firm.within((trx) =>
      trx.updateTable('firm').set({ iban: 'NL91ABNA0417164300' }).where('firmId', '=', firm.id).execute(),
    )
    const answer = await ask(firm, 'GET', `/customers/${firm.customerId}/statement/document?save=true`)
    expect(answer.headers['content-type']).toBe('application/pdf')
    expect(answer.headers['content-disposition']).toContain('Rekeningoverzicht Bakkerij Zon 2026-04-30.pdf')
    const text = pdfText(answer.bytes).flat().join('\n')
    for (const one of [
      'Rekeningoverzicht',
      'Bakkerij Zon',
      `Factuur ${numbers[1]}`,
      '726,00',
      '31–60 dagen',
      'NL91 ABNA 0417 1643 00',
    ])
      expect(text).toContain(one)
    const again = await ask(firm, 'GET', `/customers/${firm.customerId}/statement/document?save=true`)
    expect(again.bytes.equals(answer.bytes)).toBe(true)
    const all = await ask(firm, 'GET', `/customers/${firm.customerId}/statement/document?kind=all&from=2026-03-01`)
    const movements = pdfText(all.bytes).flat().join('\n')
    for (const one of ['Beginsaldo', '1.315,00', `Uw betaling van ${numbers[0]}`, 'Eindsaldo'])
      expect(movements).toContain(one)
  })

  it('says that nothing is open', async () => {
    const firm = await testFirm(test.services)
    const { bytes } = await ask(firm, 'GET', `/customers/${firm.customerId}/statement/document`)
    expect(pdfText(bytes).flat().join('\n')).toContain('Op 30 april 2026 staat er niets open.')
  })

  it('holds five hundred invoices, each on its own line, over pages with a head', async () => {
    const { firm } = await furnished()
    const [template] = (await get<{ rows: { id: string }[] }>(firm, '/invoices?paymentState=open')).rows
    await firm.within(async (trx) => {
      const row = await trx
        .selectFrom('invoice')
        .selectAll()
        .where('id', '=', template?.id as string)
        .executeTakeFirstOrThrow()
      const { outstanding: _, ...plain } = row
      for (let count = 0; count < 500; count++)
        await trx
          .insertInto('invoice')
          .values({
            ...plain,
            id: test.services.ids.next(),
            number: `M-${String(count).padStart(4, '0')}`,
            customerSnapshot: JSON.stringify(plain.customerSnapshot),
            firmSnapshot: JSON.stringify(plain.firmSnapshot),
            vatPerRate: JSON.stringify(plain.vatPerRate),
          })
          .execute()
    })
    const { bytes } = await ask(firm, 'GET', `/customers/${firm.customerId}/statement/document`)
    const pages = pdfText(bytes)
    expect(pages.length).toBeGreaterThan(8)
    const text = pages.flat().join('\n')
    for (let count = 0; count < 500; count++) expect(text).toContain(`Factuur M-${String(count).padStart(4, '0')}`)
    for (const page of pages.slice(1, -1)) expect(page.some((line) => line.startsWith('Document'))).toBe(true)
  })
})

describe('by mail', () => {
  const letter = {
    to: [{ address: 'boeken@zon.example', name: 'Anna' }],
    subject: 'Overzicht {date}',
    body: 'Dag {contact}, open: {outstanding}',
  }

  it('is proposed from the template with the balance, and goes out once with the PDF as it was made', async () => {
    const { firm } = await furnished()
    await firm.within((trx) =>
      trx
        .updateTable('customer')
        .set({ email: 'info@zon.example' })
        .where('firmId', '=', firm.id)
        .where('id', '=', firm.customerId)
        .execute(),
    )
    const path = `/customers/${firm.customerId}/statement/letter`
    const proposal = await get<{
      to: { address: string }[]
      subject: string
      body: string
      fileName: string
      problems: object[]
    }>(firm, path)
    expect(proposal.to).toEqual([{ address: 'info@zon.example', name: null }])
    expect(proposal.body).toContain('€ 726,00')
    expect(proposal.fileName).toBe('Rekeningoverzicht Bakkerij Zon 2026-04-30.pdf')
    expect(proposal.problems).toEqual([])
    const written = await ask<{
      id: string
      kind: string
      state: string
      subject: string
      body: string
      attachments: { kind: string; fileName: string }[]
    }>(firm, 'POST', path, { body: letter })
    expect(written).toMatchObject({
      status: 201,
      body: {
        kind: 'statement',
        state: 'waiting',
        subject: 'Overzicht 30 april 2026',
        body: 'Dag Anna, open: € 726,00',
        attachments: [{ kind: 'statement', fileName: 'Rekeningoverzicht Bakkerij Zon 2026-04-30.pdf' }],
      },
    })
    const asSent = (await ask(firm, 'GET', `/letters/${written.body.id}/attachments/0`)).bytes
    // What is paid after that does not change what goes along.
    const rows = (await get<{ rows: { id: string }[] }>(firm, '/invoices?paymentState=open')).rows
    await pay(firm, rows[0]?.id as string, '2026-04-30', '42.00')
    const before = test.delivered.length
    await runMailLane(test.services, `mail:${firm.id}`)
    await runMailLane(test.services, `mail:${firm.id}`)
    expect(test.delivered.length).toBe(before + 1)
    const mail = Buffer.from(test.delivered.at(-1)?.bytes ?? [])
      .toString('latin1')
      .replaceAll('\r\n', '')
    expect(mail).toContain(asSent.toString('base64'))
    expect(await get(firm, `/letters/${written.body.id}`)).toMatchObject({ state: 'sent' })
    const log = await get<{ rows: { kind: string }[] }>(firm, `/letters?customerId=${firm.customerId}`)
    expect(log.rows.map(({ kind }) => kind)).toEqual(['statement'])
  })

  it('needs an address and a right', async () => {
    const { firm } = await furnished()
    const path = `/customers/${firm.customerId}/statement/letter`
    expect((await get<{ problems: { code: string }[] }>(firm, path)).problems).toMatchObject([
      { code: 'customer-mail-missing' },
    ])
    const none = await ask(firm, 'POST', path, { body: { ...letter, to: [] } })
    expect(none.status).toBe(422)
    const wrong = await ask(firm, 'POST', path, { body: { ...letter, subject: 'Twee\r\nBcc: iemand@example.nl' } })
    expect(wrong.body.errors).toMatchObject([{ pointer: '/subject' }])
    expect((await ask(firm, 'POST', path, { body: letter, as: 'manager' })).status).toBe(403)
  })

  it('asked twice with one key goes out once', async () => {
    const { firm } = await furnished()
    const post = () =>
      test.app.inject({
        method: 'POST',
        url: `/api/v1/customers/${firm.customerId}/statement/letter`,
        headers: { ...firm.as('finance'), 'idempotency-key': 'once' },
        payload: letter,
      })
    const [one, two] = [await post(), await post()]
    expect(one.json().id).toBe(two.json().id)
  })
})
