import { inflateSync } from 'node:zlib'
import type { ApiProblem } from '@uurwerk/api/shapes.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { InvoiceAnswer } from '../src/routes/invoice-answer.ts'
import { type TestApp, testApp } from '../src/testing/app.ts'
import { type TestFirm, testFirm } from '../src/testing/firm.ts'
import { pdfText } from '../src/testing/pdf-text.ts'
import { pngOf } from '../src/testing/picture.ts'
import { verifyFirm } from '../src/verify/verify-firm.ts'

let test: TestApp
beforeAll(async () => {
  test = await testApp()
})
afterAll(() => test.close())

type Firm = { logo: string | null; version: number }

async function ask(
  firm: TestFirm,
  method: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE',
  path: string,
  payload?: object | Buffer,
  headers: Record<string, string> = {},
) {
  const bytes = payload instanceof Buffer ? { 'content-type': 'image/png' } : {}
  const answer = await test.app.inject({
    method,
    url: `/api/v1${path}`,
    headers: { 'accept-language': 'en', ...firm.as('administrator'), ...bytes, ...headers },
    ...(payload ? { payload } : {}),
  })
  return {
    status: answer.statusCode,
    headers: answer.headers,
    bytes: answer.rawPayload,
    json: <Body>() => answer.json() as Body,
  }
}

const teal = pngOf([20, 113, 106], 120, 30)
const red = pngOf([200, 20, 20], 30, 120)
const setLogo = async (firm: TestFirm, bytes: Buffer) => (await ask(firm, 'PUT', '/firm/logo', bytes)).json<Firm>().logo

async function draft(firm: TestFirm): Promise<InvoiceAnswer> {
  const made = (
    await ask(firm, 'POST', '/invoices', { customerId: firm.customerId, date: '2026-03-31' })
  ).json<InvoiceAnswer>()
  const line = { description: 'Advies', quantity: '1', unit: 'hour', unitPrice: '104' }
  const ifMatch = { 'if-match': `"${made.version}"` }
  return (await ask(firm, 'POST', `/invoices/${made.id}/lines`, line, ifMatch)).json<InvoiceAnswer>()
}
const send = async (firm: TestFirm, { id, version }: InvoiceAnswer) =>
  (
    await ask(firm, 'POST', `/invoices/${id}/sending`, { how: 'post' }, { 'if-match': `"${version}"` })
  ).json<InvoiceAnswer>()
const pdfOf = async (firm: TestFirm, id: string) => (await ask(firm, 'GET', `/invoices/${id}/documents/pdf`)).bytes

/** Size and first colour of each picture in a PDF. */
function picturesIn(pdf: Buffer): { width: number; height: number; colour: number[] }[] {
  const text = pdf.toString('latin1')
  return [...text.matchAll(/\/Subtype \/Image\n([\s\S]*?)stream\n([\s\S]*?)\nendstream/g)].flatMap(
    ([, about = '', body = '']) => {
      const [width, height] = ['Width', 'Height'].map((side) => Number(new RegExp(`/${side} (\\d+)`).exec(about)?.[1]))
      const rows = inflateSync(Buffer.from(body, 'latin1'))
      return [{ width: width ?? 0, height: height ?? 0, colour: [...rows.subarray(1, 4)] }]
    },
  )
}

describe('the logo of a firm', () => {
  it('is kept, shown by its hash, and taken away again', async () => {
    const firm = await testFirm(test.services)
    const { version } = (await ask(firm, 'GET', '/firm')).json<Firm>()
    const sha256 = await setLogo(firm, teal)
    expect(sha256).toMatch(/^[0-9a-f]{64}$/)
    const shown = await ask(firm, 'GET', `/logos/${sha256}`)
    expect(shown.headers['content-type']).toBe('image/png')
    expect(shown.headers['content-disposition']).toMatch(/^inline/)
    expect(shown.bytes).toEqual(teal)
    const after = (await ask(firm, 'GET', '/firm')).json<Firm>()
    expect(after).toMatchObject({ logo: sha256, version })
    expect((await ask(firm, 'DELETE', '/firm/logo')).json<Firm>().logo).toBeNull()
    expect((await ask(firm, 'DELETE', '/firm/logo')).json<Firm>().logo).toBeNull()
    const acts = await firm.within((trx) =>
      trx
        .selectFrom('history')
        .select(['act', 'before', 'after'])
        .where('subjectKind', '=', 'firm')
        .orderBy('id')
        .execute(),
    )
    expect(acts.slice(1)).toEqual([
      { act: 'changed', before: { logo: null }, after: { logo: sha256 } },
      { act: 'changed', before: { logo: sha256 }, after: { logo: null } },
    ])
  })

  it('is set again after it was taken away, with the same bytes', async () => {
    const firm = await testFirm(test.services)
    const first = await setLogo(firm, teal)
    await setLogo(firm, red)
    expect(await setLogo(firm, teal)).toBe(first)
  })

  it.each([
    [
      'a drawing',
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'),
      'image/svg+xml',
      'logo-type',
      /A logo is a PNG or a JPEG/,
    ],
    ['a PDF', Buffer.from('%PDF-1.7'), 'application/pdf', 'logo-type', /Save a drawing \(SVG, PDF\) as PNG first/],
    ['half a picture', teal.subarray(0, 60), 'image/png', 'logo-broken', /damaged or was cut off/],
    ['a PNG that says it is a JPEG', teal, 'image/jpeg', 'file-not-what-it-says', /image\/jpeg/],
    ['a dot', pngOf([1, 1, 1], 1, 1), 'image/png', 'logo-size', /1 × 1 pixels; each side has 16 to 2500/],
    ['a poster', pngOf([1, 1, 1], 16, 2501), 'image/png', 'logo-size', /16 × 2501 pixels/],
    ['more than a megabyte', Buffer.alloc(1024 * 1024 + 1), 'image/png', 'file-too-large', /larger than 1 MB/],
  ])('refuses %s and says why', async (_, bytes, type, code, words) => {
    const firm = await testFirm(test.services)
    const answer = await ask(firm, 'PUT', '/firm/logo', bytes, { 'content-type': type })
    expect(answer.status).toBe(422)
    expect(answer.json<ApiProblem>().errors).toEqual([{ pointer: '', code, message: expect.stringMatching(words) }])
    expect((await ask(firm, 'GET', '/firm')).json<Firm>().logo).toBeNull()
  })

  it('is of one firm alone', async () => {
    const [ours, theirs] = [await testFirm(test.services), await testFirm(test.services)]
    const sha256 = await setLogo(theirs, pngOf([9, 9, 9]))
    expect((await ask(ours, 'GET', `/logos/${sha256}`)).status).toBe(404)
  })

  it('is on the PDF of an invoice in place of the name, within its size, and stays with what was sent', async () => {
    const firm = await testFirm(test.services)
    const plain = await send(firm, await draft(firm))
    await setLogo(firm, teal)
    const withTeal = await send(firm, await draft(firm))
    const open = await draft(firm)
    const tealHash = withTeal.firm.logo
    await setLogo(firm, red)
    expect(picturesIn(await pdfOf(firm, plain.id))).toEqual([])
    expect(picturesIn(await pdfOf(firm, withTeal.id))).toEqual([{ width: 120, height: 30, colour: [20, 113, 106] }])
    expect(picturesIn(await pdfOf(firm, open.id))).toEqual([{ width: 30, height: 120, colour: [200, 20, 20] }])
    const lines = pdfText(await pdfOf(firm, withTeal.id))[0] ?? []
    expect(lines[0]).toBe('Voorbeeld Advies')
    const again = (await ask(firm, 'GET', `/invoices/${withTeal.id}`)).json<InvoiceAnswer>()
    expect(again.firm.logo).toBe(tealHash)
    await ask(firm, 'DELETE', '/firm/logo')
    expect((await ask(firm, 'GET', `/logos/${tealHash}`)).bytes).toEqual(teal)
    expect((await ask(firm, 'GET', `/invoices/${open.id}`)).json<InvoiceAnswer>().firm.logo).toBeNull()
    expect(await verifyFirm(test.services, firm.id, new Set())).toMatchObject({ sent: 2, wrongs: [] })
  })

  it('that was lost stops the making of a PDF and says so', async () => {
    const firm = await testFirm(test.services)
    const sha256 = (await setLogo(firm, teal)) ?? ''
    const one = await draft(firm)
    await test.services.files.remove(firm.id, sha256)
    const answer = await ask(firm, 'GET', `/invoices/${one.id}/documents/pdf`)
    expect(answer.json<ApiProblem>()).toMatchObject({ code: 'file-lost' })
    await setLogo(firm, teal)
    expect((await ask(firm, 'GET', `/invoices/${one.id}/documents/pdf`)).status).toBe(200)
  })
})
