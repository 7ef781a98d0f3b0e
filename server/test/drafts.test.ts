import type { ApiProblem } from '@uurwerk/api/shapes.ts'
import { type InvoiceTotals, invoiceTotals, lineNet } from '@uurwerk/core/invoicing/totals.ts'
import { decimal, sameAmount } from '@uurwerk/core/shared/money.ts'
import { seededRandom } from '@uurwerk/core/shared/seeded-random.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { InvoiceAnswer } from '../src/routes/invoice-answer.ts'
import { type TestApp, testApp, testNow } from '../src/testing/app.ts'
import { type TestFirm, testFirm } from '../src/testing/firm.ts'
import { withStatements } from '../src/testing/statements.ts'

let test: TestApp
beforeAll(async () => {
  test = await testApp()
})
beforeEach(() => test.clock.set(testNow))
afterAll(() => test.close())

interface Asked {
  readonly body?: object
  readonly version?: number
  readonly language?: 'en' | 'nl'
}
async function ask<Body = InvoiceAnswer & ApiProblem>(
  firm: TestFirm,
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  { body, version, language = 'en' }: Asked = {},
): Promise<{ status: number; body: Body }> {
  const answer = await test.app.inject({
    method,
    url: `/api/v1${path}`,
    headers: {
      ...firm.as('administrator'),
      'accept-language': language,
      ...(version === undefined ? {} : { 'if-match': `"${version}"` }),
    },
    ...(body ? { payload: body } : {}),
  })
  return { status: answer.statusCode, body: (answer.body ? answer.json() : undefined) as Body }
}

interface Line {
  readonly description?: string
  readonly quantity?: string
  readonly unitPrice: string
  readonly vatTreatment?: string
  readonly discountPercent?: string
}

async function draft(firm: TestFirm, lines: readonly Line[], date = '2026-03-31'): Promise<InvoiceAnswer> {
  let { body } = await ask(firm, 'POST', '/invoices', { body: { customerId: firm.customerId, date } })
  for (const line of lines) {
    const made = await ask(firm, 'POST', `/invoices/${body.id}/lines`, {
      body: { description: 'Werk', quantity: '1', unit: 'piece', ...line },
      version: body.version,
    })
    expect(made.status).toBe(201)
    body = made.body
  }
  return body
}

const toldLines = ({ lines }: InvoiceAnswer) =>
  lines.map(({ description, net, vatRate, discountPercent }) =>
    [description, net, `${vatRate} %`, ...(discountPercent === null ? [] : [`-${discountPercent} %`])].join(' | '),
  )
const toldSums = ({ net, vatPerRate, gross }: InvoiceAnswer) => [
  net,
  ...vatPerRate.map(({ rate, base, vat }) => `${rate} % over ${base} is ${vat}`),
  gross,
]

describe('the order of lines', () => {
  it('is as somebody puts it, and stays so', async () => {
    const firm = await testFirm(test.services)
    const made = await draft(firm, [
      { description: 'a', unitPrice: '1' },
      { description: 'b', unitPrice: '2' },
      { description: 'c', unitPrice: '3' },
    ])
    const [a, b, c] = made.lines.map(({ id }) => id)
    const path = `/invoices/${made.id}/lines/order`
    const put = await ask(firm, 'PUT', path, { body: { lineIds: [c, a, b] }, version: made.version })
    expect(put.status).toBe(200)
    expect(put.body.lines.map(({ description, position }) => `${position} ${description}`)).toEqual([
      '1 c',
      '2 a',
      '3 b',
    ])
    const { body } = await ask(firm, 'GET', `/invoices/${made.id}`)
    expect(body.lines.map(({ description }) => description)).toEqual(['c', 'a', 'b'])
    expect(body.history.at(-1)).toMatchObject({ act: 'lines-ordered' })
  })

  it.each<[string, (ids: string[]) => string[]]>([
    ['a line is left out', ([a, b]) => [a, b] as string[]],
    ['a line is named twice', ([a, b]) => [a, b, b] as string[]],
  ])('is refused when %s', async (_, choose) => {
    const firm = await testFirm(test.services)
    const made = await draft(firm, [{ unitPrice: '1' }, { unitPrice: '2' }, { unitPrice: '3' }])
    const lineIds = choose(made.lines.map(({ id }) => id))
    const refused = await ask(firm, 'PUT', `/invoices/${made.id}/lines/order`, {
      body: { lineIds },
      version: made.version,
    })
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ pointer: '/lineIds', code: 'lines-differ' }] } })
  })

  it('is refused when a line of nobody is named', async () => {
    const firm = await testFirm(test.services)
    const made = await draft(firm, [{ unitPrice: '1' }, { unitPrice: '2' }])
    const [line] = made.lines
    const refused = await ask(firm, 'PUT', `/invoices/${made.id}/lines/order`, {
      body: { lineIds: [line?.id, '019d3a3e-0000-7000-8000-000000000000'] },
      version: made.version,
    })
    expect(refused.body.errors).toMatchObject([{ pointer: '/lineIds/1', code: 'line-unknown' }])
  })

  it('tells who comes second what it is now', async () => {
    const firm = await testFirm(test.services)
    const made = await draft(firm, [{ unitPrice: '1' }, { unitPrice: '2' }])
    const lineIds = made.lines.map(({ id }) => id).reverse()
    const path = `/invoices/${made.id}/lines/order`
    expect((await ask(firm, 'PUT', path, { body: { lineIds }, version: made.version })).status).toBe(200)
    const second = await ask(firm, 'PUT', path, { body: { lineIds }, version: made.version })
    expect(second).toMatchObject({ status: 409, body: { code: 'stale', current: { version: made.version + 1 } } })
  })
})

describe('a discount on a whole invoice', () => {
  const lines: readonly Line[] = [
    { description: 'Advies', quantity: '10', unitPrice: '100' },
    { description: 'Boek', unitPrice: '50', vatTreatment: 'domestic-reduced' },
    { description: 'Leges', unitPrice: '30', vatTreatment: 'disbursement' },
  ]
  const discount = (firm: TestFirm, made: InvoiceAnswer, body: object) =>
    ask(firm, 'POST', `/invoices/${made.id}/discount`, { body, version: made.version })

  it('in percent is on every line, but not on what is passed on', async () => {
    const firm = await testFirm(test.services)
    const { status, body } = await discount(firm, await draft(firm, lines), { percent: '10' })
    expect(status).toBe(200)
    expect(toldLines(body)).toEqual([
      'Advies | 900.00 | 21 % | -10 %',
      'Boek | 45.00 | 9 % | -10 %',
      'Leges | 30.00 | 0 %',
    ])
    expect(toldSums(body)).toEqual([
      '975.00',
      '21 % over 900.00 is 189.00',
      '9 % over 45.00 is 4.05',
      '0 % over 30.00 is 0.00',
      '1168.05',
    ])
    const off = await discount(firm, body, { percent: null })
    expect(toldLines(off.body)).toEqual(['Advies | 1000.00 | 21 %', 'Boek | 50.00 | 9 %', 'Leges | 30.00 | 0 %'])
  })

  it('as an amount is one line for each VAT rate, so that the VAT of each stays right', async () => {
    const firm = await testFirm(test.services)
    const { body } = await discount(firm, await draft(firm, lines), { amount: '105.00' })
    expect(toldLines(body).slice(3)).toEqual(['Korting | -100.00 | 21 %', 'Korting | -5.00 | 9 %'])
    expect(toldSums(body)).toEqual([
      '975.00',
      '21 % over 900.00 is 189.00',
      '9 % over 45.00 is 4.05',
      '0 % over 30.00 is 0.00',
      '1168.05',
    ])
    expect(body.lines[3]).toMatchObject({ quantity: '-1', unitPrice: '100.00', kind: 'free' })
    expect(
      (await ask(firm, 'POST', `/invoices/${body.id}/sending`, { body: { how: 'post' }, version: body.version }))
        .status,
    ).toBe(200)
  })

  it.each<[string, object, string, string]>([
    ['nothing', {}, '/percent', 'required'],
    ['both', { percent: '5', amount: '5' }, '/amount', 'percent-or-amount'],
    ['more than all of it', { amount: '1050.01' }, '/amount', 'more-than-invoice'],
    ['an amount of nothing', { amount: '0' }, '/amount', 'not-above-zero'],
    ['half a cent', { amount: '0.005' }, '/amount', 'too-many-decimals'],
    ['more than a hundred percent', { percent: '101' }, '/percent', 'percent-out-of-range'],
    ['less than nothing', { percent: '-1' }, '/percent', 'percent-out-of-range'],
  ])('of %s is refused at its field', async (_, body, pointer, code) => {
    const firm = await testFirm(test.services)
    const refused = await discount(firm, await draft(firm, lines), body)
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ pointer, code }] } })
  })
})

describe('the head of a draft', () => {
  const patch = (firm: TestFirm, { id, version }: InvoiceAnswer, body: object) =>
    ask(firm, 'PATCH', `/invoices/${id}`, { body, version })

  it('starts with the texts of the firm, which follow the language until somebody wrote his own', async () => {
    const firm = await testFirm(test.services)
    const texts = await ask<{ version: number }>(firm, 'GET', '/invoice-texts')
    const written = await ask<object>(firm, 'PATCH', '/invoice-texts', {
      body: {
        nl: { introduction: 'Ons werk:', closing: 'Dank u wel.' },
        en: { introduction: 'Our work:', closing: 'Thank you.' },
      },
      version: texts.body.version,
    })
    expect(written.body).toMatchObject({ nl: { closing: 'Dank u wel.' }, en: { closing: 'Thank you.' } })
    const made = await draft(firm, [])
    expect(made).toMatchObject({ language: 'nl', introduction: 'Ons werk:', closing: 'Dank u wel.' })
    const own = (await patch(firm, made, { introduction: 'Voor de oplevering:' })).body
    const english = (await patch(firm, own, { language: 'en' })).body
    expect(english).toMatchObject({ introduction: 'Voor de oplevering:', closing: 'Thank you.' })
    const stale = await ask(firm, 'PATCH', '/invoice-texts', { body: { nl: {} }, version: texts.body.version })
    expect(stale).toMatchObject({ status: 409, body: { code: 'stale', current: { nl: { closing: 'Dank u wel.' } } } })
  })

  it('has a period of supply that follows the lines until it is chosen', async () => {
    const firm = await testFirm(test.services)
    const hours = await firm.addHours({ date: '2026-03-10' })
    const made = await ask<{ invoices: { id: string }[] }>(firm, 'POST', '/invoices/from-entries', {
      body: { hours: { ids: [hours] } },
    })
    const before = (await ask(firm, 'GET', `/invoices/${made.body.invoices[0]?.id}`)).body
    expect(before).toMatchObject({ periodFrom: '2026-03-10', periodUntil: '2026-03-10', periodFixed: false })
    const chosen = (await patch(firm, before, { period: { from: '2026-03-01', until: '2026-03-31' } })).body
    expect(chosen).toMatchObject({ periodFrom: '2026-03-01', periodUntil: '2026-03-31', periodFixed: true })
    const still = (await patch(firm, chosen, { reference: 'Maart' })).body
    expect(still).toMatchObject({ periodFrom: '2026-03-01', periodUntil: '2026-03-31' })
    const back = (await patch(firm, still, { period: null })).body
    expect(back).toMatchObject({ periodFrom: '2026-03-10', periodUntil: '2026-03-10', periodFixed: false })
    const wrong = await patch(firm, back, { period: { from: '2026-03-31', until: '2026-03-01' } })
    expect(wrong.body.errors).toMatchObject([{ pointer: '/period/until', code: 'end-before-start' }])
    expect((await patch(firm, back, { period: { from: '2026-02-30', until: '2026-03-01' } })).status).toBe(422)
  })
})

describe('totals', () => {
  it.each([1, 2, 3, 4])('are those of core, whatever is typed (seed %i)', async (seed) => {
    const random = seededRandom(seed)
    const pick = <T>(of: readonly T[]): T => of[Math.floor(random.next() * of.length)] as T
    const figure = (most: number, decimals: number) => (random.next() * most).toFixed(decimals)
    const firm = await testFirm(test.services)
    const treatments = ['domestic-standard', 'domestic-reduced', 'domestic-zero', 'disbursement']
    let now = await draft(firm, [])
    for (let step = 0; step < 14; step++) {
      const change = {
        quantity: pick([figure(100, 4), figure(9, 2), '1', '-1']),
        unitPrice: pick([figure(250, 2), figure(10, 4), '0']),
        discountPercent: pick([null, figure(100, 2), '33.3333']),
        vatTreatment: pick(treatments),
      }
      const line = pick(now.lines)
      const asked =
        line === undefined || random.next() < 0.5
          ? await ask(firm, 'POST', `/invoices/${now.id}/lines`, {
              body: { description: 'x', unit: 'piece', ...change },
              version: now.version,
            })
          : await ask(firm, 'PATCH', `/invoices/${now.id}/lines/${line.id}`, { body: change, version: now.version })
      expect(asked.status).toBeLessThan(300)
      now = asked.body
      const expected = ofCore(now)
      expect(now).toMatchObject({ net: expected.net, vat: expected.vat, gross: expected.gross })
      expect(now.lines.map(({ vat }) => vat)).toEqual(expected.lineVat)
      for (const line of now.lines)
        expect(
          sameAmount(
            decimal(line.net),
            lineNet({
              quantity: decimal(line.quantity),
              unitPrice: decimal(line.unitPrice),
              discount: line.discountPercent === null ? null : decimal(line.discountPercent),
            }),
          ),
        ).toBe(true)
    }
  })
})

const ofCore = ({ lines }: InvoiceAnswer): InvoiceTotals<string> =>
  invoiceTotals(
    lines.map(({ net, vatTreatment, vatRate }) => ({ net: decimal(net), vatTreatment, rate: decimal(vatRate) })),
  )

describe('one invoice per', () => {
  /** The payer holds two shops; each has a project, and one of them two orders. */
  async function holding() {
    const firm = await testFirm(test.services)
    const payer = await firm.addCustomer({ number: '2000', name: 'Zon Holding' })
    const [north, south] = [
      await firm.addCustomer({ number: '2001', name: 'Zon Noord', billToId: payer }),
      await firm.addCustomer({ number: '2002', name: 'Zon Zuid', billToId: payer }),
    ]
    const projects = [
      await firm.addProject({ code: 'N1', name: 'Kassa', customerId: north, orderNumber: 'PO-1' }),
      await firm.addProject({ code: 'N2', name: 'Webshop', customerId: north, orderNumber: 'PO-2' }),
      await firm.addProject({ code: 'Z1', name: 'Kassa', customerId: south, orderNumber: 'PO-1' }),
      await firm.addProject({ code: 'H1', name: 'Jaarplan', customerId: payer }),
    ]
    const ids: string[] = []
    for (const projectId of projects) ids.push(await firm.addHours({ projectId, date: '2026-03-10', minutes: 60 }))
    return { firm, ids }
  }
  it.each<[string, string[][]]>([
    [
      'bill-to',
      [
        [
          'Jaarplan: Advies, maart 2026',
          'Zon Noord, Kassa: Advies, maart 2026',
          'Zon Noord, Webshop: Advies, maart 2026',
          'Zon Zuid, Kassa: Advies, maart 2026',
        ],
      ],
    ],
    [
      'customer',
      [
        ['Advies, maart 2026'],
        ['Zon Noord, Kassa: Advies, maart 2026', 'Zon Noord, Webshop: Advies, maart 2026'],
        ['Zon Zuid: Advies, maart 2026'],
      ],
    ],
    [
      'project',
      [
        ['Advies, maart 2026'],
        ['Zon Noord: Advies, maart 2026'],
        ['Zon Noord: Advies, maart 2026'],
        ['Zon Zuid: Advies, maart 2026'],
      ],
    ],
    [
      'order-number',
      [
        ['Advies, maart 2026'],
        ['Zon Noord, Kassa: Advies, maart 2026', 'Zon Zuid, Kassa: Advies, maart 2026'],
        ['Zon Noord: Advies, maart 2026'],
      ],
    ],
  ])('%s goes to who pays and says for whom', async (splitBy, expected) => {
    const { firm, ids } = await holding()
    const made = await ask<{ invoices: { id: string; customerName: string; projectIds: string[] }[] }>(
      firm,
      'POST',
      '/invoices/from-entries',
      { body: { hours: { ids }, splitBy } },
    )
    expect(made.body.invoices.map(({ customerName }) => customerName)).toEqual(expected.map(() => 'Zon Holding'))
    const lines = []
    for (const { id } of made.body.invoices)
      lines.push((await ask(firm, 'GET', `/invoices/${id}`)).body.lines.map(({ description }) => description))
    expect(lines.toSorted((a, b) => (String(a) < String(b) ? -1 : 1))).toEqual(
      expected.toSorted((a, b) => (String(a) < String(b) ? -1 : 1)),
    )
    expect(made.body.invoices.flatMap(({ projectIds }) => projectIds)).toHaveLength(4)
  })
})

describe('many drafts at once', () => {
  const draftsOf = async (firm: TestFirm, customers: number) => {
    const ids: string[] = []
    for (let index = 0; index < customers; index++) {
      const customerId = await firm.addCustomer({ number: `${customers}-${index}`, name: `Klant ${index}` })
      const projectId = await firm.addProject({ customerId })
      ids.push(
        await firm.addHours({ projectId, date: '2026-03-10' }),
        await firm.addHours({ projectId, date: '2026-03-11' }),
      )
    }
    return { hours: { ids } }
  }

  it('take as many statements each, however many they are', async () => {
    const firm = await testFirm(test.services)
    const per: number[] = []
    // The first request of a key also writes when the key was used.
    for (const customers of [1, 2, 12, 22]) {
      const body = await draftsOf(firm, customers)
      const { answer, statements } = await withStatements(firm, () =>
        ask<{ invoices: unknown[] }>(firm, 'POST', '/invoices/from-entries', { body }),
      )
      expect(answer.body.invoices).toHaveLength(customers)
      per.push(statements.length)
    }
    const [, two, twelve, twentyTwo] = per as [number, number, number, number]
    expect(twentyTwo - twelve).toBe(twelve - two)
    expect((twelve - two) / 10).toBeLessThanOrEqual(9)
  })

  it('are made for 200 customers in one go, of the series that was chosen', async () => {
    const firm = await testFirm(test.services)
    const series = await ask<{ id: string }>(firm, 'POST', '/series', { body: { name: 'Bulk', pattern: 'B{0000}' } })
    const body = { ...(await draftsOf(firm, 200)), seriesId: series.body.id }
    const made = await ask<{ invoices: { id: string }[]; leftOut: unknown[] }>(firm, 'POST', '/invoices/from-entries', {
      body,
    })
    expect(made.body.invoices).toHaveLength(200)
    expect(made.body.leftOut).toEqual([])
    const [one] = made.body.invoices
    expect((await ask(firm, 'GET', `/invoices/${one?.id}`)).body).toMatchObject({ nextNumber: 'B0001' })
  })
})
