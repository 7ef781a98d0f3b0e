import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApp, testApp } from '../src/testing/app.ts'
import { type TestFirm, testFirm } from '../src/testing/firm.ts'

let test: TestApp
let firm: TestFirm
const customers: Record<string, string> = {}
beforeAll(async () => {
  test = await testApp()
  test.clock.set('2026-04-20T10:00:00.000Z')
  firm = await testFirm(test.services)
  const customer = (number: string, more: object) => firm.addCustomer({ number, ...more })
  customers.home = await customer('1', { name: 'Bakkerij Zon', country: 'NL', vatCase: 'domestic' })
  customers.belgian = await customer('2', {
    name: 'Jansens BV',
    country: 'BE',
    vatId: 'BE0123456749',
    vatCase: 'eu-business',
  })
  customers.american = await customer('3', {
    name: 'Acme Inc.',
    country: 'US',
    vatCase: 'outside-eu',
    currency: 'USD',
  })
  await sent('home', '2026-02-10', '1000.00')
  await sent('belgian', '2026-03-15', '800.00')
  await sent('american', '2026-03-20', '500.00')
  await sent('home', '2026-03-31', '250.50')
  await sent('home', '2026-04-01', '99.00')
  await draft('home', '2026-03-01', '5000.00')
})
afterAll(() => test.close())

interface Drafted {
  readonly id: string
  readonly version: number
}
interface Overview {
  readonly lines: readonly {
    readonly treatment: string
    readonly rate: string
    readonly box: string | null
    readonly base: string
    readonly vat: string
    readonly invoices: number
  }[]
  readonly total: { readonly invoices: number; readonly base: string; readonly vat: string }
  readonly euServices: readonly {
    readonly name: string
    readonly vatId: string
    readonly country: string
    readonly base: string
  }[]
  readonly withoutRate: readonly object[]
  readonly books: object | null
}

async function ask<Body>(method: 'GET' | 'POST' | 'PATCH', path: string, body?: object, version?: number) {
  const answer = await test.app.inject({
    method,
    url: `/api/v1${path}`,
    headers: {
      ...firm.as('finance'),
      'accept-language': 'nl',
      ...(version === undefined ? {} : { 'if-match': `"${version}"` }),
    },
    ...(body ? { payload: body } : {}),
  })
  expect([path, answer.statusCode < 300 ? 'good' : answer.body]).toEqual([path, 'good'])
  const isJson = answer.headers['content-type']?.includes('json')
  return (isJson ? answer.json() : answer.body) as Body
}
async function draft(customer: string, date: string, unitPrice: string): Promise<Drafted> {
  const made = await ask<Drafted & { currency: string }>('POST', '/invoices', { customerId: customers[customer], date })
  const rated =
    made.currency === 'EUR'
      ? made
      : await ask<Drafted>('PATCH', `/invoices/${made.id}`, { exchange: { rate: '0.9', source: 'ECB' } }, made.version)
  const line = { description: 'Advies', quantity: '1', unit: 'piece', unitPrice }
  return ask<Drafted>('POST', `/invoices/${made.id}/lines`, line, rated.version)
}
async function sent(customer: string, date: string, unitPrice: string): Promise<void> {
  const { id, version } = await draft(customer, date, unitPrice)
  await ask('POST', `/invoices/${id}/sending`, { how: 'post' }, version)
}
const quarter = 'from=2026-01-01&until=2026-03-31'

describe('VAT of a period', () => {
  it('adds up what was sent in it, by case and rate, with the boxes of the Dutch return', async () => {
    const { lines, total, euServices, withoutRate, books } = await ask<Overview>('GET', `/vat-overview?${quarter}`)
    expect(
      lines.map(({ box, treatment, rate, base, vat, invoices }) => [box, treatment, rate, base, vat, invoices]),
    ).toEqual([
      ['1a', 'domestic-standard', '21', '1250.50', '262.61', 2],
      ['3b', 'eu-business', '0', '800.00', '0.00', 1],
      [null, 'outside-eu', '0', '450.00', '0.00', 1],
    ])
    expect(total).toEqual({ invoices: 4, base: '2500.50', vat: '262.61' })
    expect(euServices).toMatchObject([{ name: 'Jansens BV', vatId: 'BE0123456749', country: 'BE', base: '800.00' }])
    expect([withoutRate, books]).toEqual([[], null])
  })

  it('opens the invoices behind each line, which come to it', async () => {
    const path = `/vat-overview/invoices?${quarter}&treatment=domestic-standard&rate=21`
    const { rows } = await ask<{ rows: { base: string; vat: string; booked: string }[] }>('GET', path)
    expect(rows.map(({ base, vat, booked }) => [base, vat, booked])).toEqual([
      ['1000.00', '210.00', 'not-posted'],
      ['250.50', '52.61', 'not-posted'],
    ])
    const first = await ask<{ rows: { number: string }[]; next: string }>(
      'GET',
      `/vat-overview/invoices?${quarter}&limit=3`,
    )
    const second = await ask<typeof first>('GET', `/vat-overview/invoices?${quarter}&limit=3&cursor=${first.next}`)
    expect([first.rows.length, second.rows.length, second.next]).toEqual([3, 1, null])
    const posted = await ask<{ rows: object[] }>(
      'GET',
      `/vat-overview/invoices?${quarter}&booked=posted&booked=differs`,
    )
    expect(posted.rows).toEqual([])
  })

  it('goes out as a file, in the words and figures of the reader', async () => {
    const lines = await ask<string>('GET', `/vat-overview/export?${quarter}`)
    // The sign of a percentage stands behind a space that does not break.
    expect(lines.replaceAll('\u00a0', ' ').split('\r\n').slice(0, 3)).toEqual([
      '\uFEFF"Rubriek";"Geval";"Tarief in procenten";"Facturen";"Zonder btw";"Btw"',
      '"1a";"Binnenland, 21 %";21;2;1250,50;262,61',
      '"3b";"EU-bedrijf met btw-nummer";0;1;800,00;0,00',
    ])
    const eu = await ask<string>('GET', `/vat-overview/export?${quarter}&what=eu-services&separator=comma`)
    expect(eu.split('\r\n')[1]).toBe('"BE","BE0123456749","Jansens BV",1,800.00')
    const invoices = await ask<string>('GET', `/vat-overview/export?${quarter}&what=invoices&treatment=eu-business`)
    expect(invoices.split('\r\n')).toHaveLength(3)
  })

  it('refuses a period that ends before it begins', async () => {
    const answer = await test.app.inject({
      method: 'GET',
      url: '/api/v1/vat-overview?from=2026-03-31&until=2026-01-01',
      headers: { ...firm.as('finance'), 'accept-language': 'nl' },
    })
    expect([answer.statusCode, answer.json().errors[0].pointer]).toEqual([422, '/query/until'])
  })
})
