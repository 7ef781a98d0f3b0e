import { constants, inflateSync } from 'node:zlib'
import type { ApiProblem } from '@uurwerk/api/shapes.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDocumentMaker } from '../src/documents/document-maker.ts'
import type { DocumentKind } from '../src/documents/invoice-documents.ts'
import { forgetFiles } from '../src/files/forget-files.ts'
import type { InvoiceAnswer } from '../src/routes/invoice-answer.ts'
import { type TestApp, testApp } from '../src/testing/app.ts'
import { type TestFirm, testFirm } from '../src/testing/firm.ts'
import { pdfText } from '../src/testing/pdf-text.ts'

let test: TestApp
beforeAll(async () => {
  test = await testApp()
})
afterAll(() => test.close())

const ask = (firm: TestFirm, path: string, language = 'en') =>
  test.app.inject({ url: `/api/v1${path}`, headers: { ...firm.as('finance'), 'accept-language': language } })
const document = async (firm: TestFirm, id: string, kind: DocumentKind, query = '') => {
  const answer = await ask(firm, `/invoices/${id}/documents/${kind}${query}`)
  return { status: answer.statusCode, headers: answer.headers, bytes: answer.rawPayload, body: answer.body }
}
const problemOf = (answer: { body: string }) => JSON.parse(answer.body) as ApiProblem
const list = async (firm: TestFirm, id: string, language = 'en') =>
  (await ask(firm, `/invoices/${id}/documents`, language)).json<{
    kinds: DocumentKind[]
    broken: { rule: string; about: string; at: string; says: string; mend: string }[]
  }>()

async function post<Body>(firm: TestFirm, path: string, payload: object, version?: number): Promise<Body> {
  const answer = await test.app.inject({
    method: 'POST',
    url: `/api/v1${path}`,
    headers: { ...firm.as('finance'), ...(version === undefined ? {} : { 'if-match': `"${version}"` }) },
    payload,
  })
  expect(answer.statusCode, answer.body).toBeLessThan(300)
  return answer.json<Body>()
}

/** A Dutch firm and its customer, both known to the trade register. */
async function knownFirm(): Promise<TestFirm> {
  const firm = await testFirm(test.services)
  await firm.within(async (trx) => {
    await trx
      .updateTable('firm')
      .set({ kvk: '12345678', iban: 'NL91ABNA0417164300', email: 'administratie@voorbeeld.example' })
      .where('firmId', '=', firm.id)
      .execute()
    await trx.updateTable('customer').set({ kvk: '87654321' }).where('firmId', '=', firm.id).execute()
  })
  return firm
}

async function draftOf(firm: TestFirm, hours: readonly string[]): Promise<InvoiceAnswer> {
  const made = await post<{ invoices: { id: string }[] }>(firm, '/invoices/from-hours', {
    selection: { ids: hours },
    groupBy: 'activity',
  })
  return (await ask(firm, `/invoices/${made.invoices[0]?.id}`)).json<InvoiceAnswer>()
}
const send = (firm: TestFirm, { id, version }: Pick<InvoiceAnswer, 'id' | 'version'>) =>
  post<InvoiceAnswer>(firm, `/invoices/${id}/sending`, { how: 'post' }, version)
const hoursOf = async (firm: TestFirm) => [
  await firm.addHours({ date: '2026-03-02', minutes: 100, note: 'Overleg met <Ünïcödé> & co' }),
  await firm.addHours({ date: '2026-03-16', minutes: 90 }),
]
const kept = (firm: TestFirm) =>
  firm.within((trx) => trx.selectFrom('invoiceDocument').select(['kind', 'sha256']).orderBy('kind').execute())

/** What stands in the streams of a PDF, as text. */
const streamsOf = (pdf: Buffer): string[] =>
  [...pdf.toString('latin1').matchAll(/stream\r?\n/g)].flatMap(({ index, 0: { length } }) => {
    try {
      return [inflateSync(pdf.subarray(index + length), { finishFlush: constants.Z_SYNC_FLUSH }).toString('utf8')]
    } catch {
      return []
    }
  })

describe('the documents of a sent invoice', () => {
  it('has a PDF with everything on it, and the hours when asked for', async () => {
    const firm = await knownFirm()
    const sent = await send(firm, await draftOf(firm, await hoursOf(firm)))
    expect((await list(firm, sent.id)).kinds).toEqual(['pdf', 'pdf-with-hours', 'ubl', 'factur-x'])

    const pdf = await document(firm, sent.id, 'pdf')
    expect(pdf.headers).toMatchObject({
      'content-type': 'application/pdf',
      'content-disposition': `inline; filename="2026-0001.pdf"; filename*=UTF-8''2026-0001.pdf`,
    })
    const [page = [], ...more] = pdfText(pdf.bytes)
    expect(more).toEqual([])
    expect(page).toEqual(
      expect.arrayContaining([
        'Voorbeeld Advies',
        'Bakkerij Zon',
        'Dorpsstraat 1',
        '1234 AB Utrecht',
        'Factuur',
        '2026-0001  31 maart 2026  30 april 2026  02-03-2026 – 16-03-2026',
        'Advies, maart 2026  3,1667 uur  104,00  21%  329,34',
        'Totaal exclusief btw  329,34',
        '21% btw over 329,34  69,16',
        'Te betalen  € 398,50',
        'Graag betalen uiterlijk 30 april 2026 op NL91 ABNA 0417 1643 00',
      ]),
    )

    const withHours = await document(firm, sent.id, 'pdf-with-hours', '?save=true')
    expect(withHours.headers['content-disposition']).toContain('attachment; filename="2026-0001 met uren.pdf"')
    const pages = pdfText(withHours.bytes)
    expect(pages[0]?.slice(0, -1)).toEqual(page.slice(0, -1))
    expect(pages[1]).toEqual(
      expect.arrayContaining([
        'Urenspecificatie',
        'Advies, maart 2026',
        '02-03-2026  employee  Advies  1:40',
        'Overleg met <Ünïcödé> & co',
        'Geschreven   Gefactureerd 3,1667 uur  3:10',
        'Totaal geschreven  3:10',
      ]),
    )
  })

  it('has a UBL with the same cents, which also travels in the PDF', async () => {
    const firm = await knownFirm()
    const sent = await send(firm, await draftOf(firm, await hoursOf(firm)))
    const pdf = await document(firm, sent.id, 'pdf')
    const ubl = await document(firm, sent.id, 'ubl')
    expect(ubl.headers['content-type']).toContain('application/xml')
    for (const part of [
      '<cbc:CustomizationID>urn:cen.eu:en16931:2017#compliant#urn:fdc:nen.nl:nlcius:v1.0</cbc:CustomizationID>',
      '<cbc:ID>2026-0001</cbc:ID>',
      '<cbc:EndpointID schemeID="0106">87654321</cbc:EndpointID>',
      '<cbc:InvoicedQuantity unitCode="HUR">3.1667</cbc:InvoicedQuantity>',
      '<cbc:TaxAmount currencyID="EUR">69.16</cbc:TaxAmount>',
      '<cbc:PayableAmount currencyID="EUR">398.50</cbc:PayableAmount>',
    ])
      expect(ubl.body).toContain(part)
    expect(pdf.bytes.toString('latin1')).toContain('(2026-0001.xml)')
    expect(await kept(firm)).toHaveLength(2)
  })

  it('is had as Factur-X: its PDF with the same cents for programs inside', async () => {
    const firm = await knownFirm()
    const sent = await send(firm, await draftOf(firm, await hoursOf(firm)))
    const facturX = await document(firm, sent.id, 'factur-x')
    expect(facturX.headers['content-type']).toContain('application/pdf')
    expect(facturX.bytes.toString('latin1')).toContain('<fx:DocumentFileName>factur-x.xml</fx:DocumentFileName>')
    const [xml = ''] = streamsOf(facturX.bytes).filter((text) => text.includes('<rsm:CrossIndustryInvoice'))
    for (const part of [
      '<ram:ID>urn:cen.eu:en16931:2017</ram:ID>',
      '<ram:ID>2026-0001</ram:ID>',
      '<ram:BilledQuantity unitCode="HUR">3.1667</ram:BilledQuantity>',
      '<ram:TaxTotalAmount currencyID="EUR">69.16</ram:TaxTotalAmount>',
      '<ram:DuePayableAmount>398.50</ram:DuePayableAmount>',
    ])
      expect(xml).toContain(part)
    expect((await document(firm, sent.id, 'factur-x')).bytes.equals(facturX.bytes)).toBe(true)
  })

  it('gives the same bytes for ever, also after a change of the firm, the customer and the program’s memory', async () => {
    const firm = await knownFirm()
    const sent = await send(firm, await draftOf(firm, await hoursOf(firm)))
    const first = await document(firm, sent.id, 'pdf-with-hours')
    await firm.within(async (trx) => {
      await trx.updateTable('customer').set({ name: 'Anders' }).where('firmId', '=', firm.id).execute()
      await trx.updateTable('member').set({ name: 'Anders' }).where('firmId', '=', firm.id).execute()
    })
    expect((await document(firm, sent.id, 'pdf-with-hours')).bytes.equals(first.bytes)).toBe(true)
  })

  it('is made once when four ask at the same time', async () => {
    const firm = await knownFirm()
    const sent = await send(firm, await draftOf(firm, await hoursOf(firm)))
    const answers = await Promise.all(Array.from({ length: 4 }, () => document(firm, sent.id, 'pdf')))
    expect(new Set(answers.map(({ bytes }) => bytes.toString('base64'))).size).toBe(1)
    expect((await kept(firm)).map(({ kind }) => kind)).toEqual(['pdf', 'ubl'])
  })

  it('keeps its bytes when a receipt of the same bytes is forgotten', async () => {
    const firm = await knownFirm()
    const sent = await send(firm, await draftOf(firm, await hoursOf(firm)))
    const { bytes } = await document(firm, sent.id, 'pdf')
    const uploaded = await test.app.inject({
      method: 'POST',
      url: '/api/v1/files',
      headers: { ...firm.as('employee'), 'content-type': 'application/pdf' },
      payload: bytes,
    })
    expect(uploaded.statusCode, uploaded.body).toBe(201)
    const later = { now: () => new Date(test.clock.now().getTime() + 5 * 86_400_000) }
    await forgetFiles({ ...test.services, clock: later }, firm.id)
    const [row] = await kept(firm)
    expect(row && (await test.services.files.has(firm.id, row.sha256))).toBe(true)
  })

  it('tells who has no electronic address, and still has a PDF', async () => {
    const firm = await testFirm(test.services)
    const sent = await send(firm, await draftOf(firm, await hoursOf(firm)))
    expect(await list(firm, sent.id)).toMatchObject({ kinds: ['pdf', 'pdf-with-hours'] })
    const ubl = await document(firm, sent.id, 'ubl')
    expect(ubl.status).toBe(409)
    expect(problemOf(ubl)).toMatchObject({
      code: 'e-invoice-no-address',
      cause: 'Bakkerij Zon had no electronic address when this invoice was sent, so no UBL can be made of it.',
    })
    expect((await document(firm, sent.id, 'pdf')).status).toBe(200)
  })

  it('is not there for another firm, nor for somebody without the right', async () => {
    const [firm, other] = [await knownFirm(), await knownFirm()]
    const sent = await send(firm, await draftOf(firm, await hoursOf(firm)))
    expect((await document(other, sent.id, 'pdf')).status).toBe(404)
    const asEmployee = await test.app.inject({
      url: `/api/v1/invoices/${sent.id}/documents/pdf`,
      headers: firm.as('employee'),
    })
    expect(asEmployee.statusCode).toBe(403)
  })

  it('lets the program go on while 500 lines are laid out, and never tears a line apart', async () => {
    const firm = await knownFirm()
    const hours = await Promise.all(
      Array.from({ length: 500 }, (_, at) =>
        firm.addHours({
          date: `2026-03-${String((at % 28) + 1).padStart(2, '0')}`,
          minutes: 15 + at,
          note: `Regel ${at}`,
        }),
      ),
    )
    const made = await post<{ invoices: { id: string }[] }>(firm, '/invoices/from-hours', {
      selection: { ids: hours },
      groupBy: 'entry',
    })
    const draft = (await ask(firm, `/invoices/${made.invoices[0]?.id}`)).json<InvoiceAnswer>()
    expect(draft.lines).toHaveLength(500)
    const sent = await send(firm, draft)
    const pages = pdfText((await document(firm, sent.id, 'pdf')).bytes)
    const rows = pages.flat().filter((line) => / 21% {2}/.test(line))
    expect(rows).toHaveLength(500)
    for (const page of pages.slice(1, -1)) expect(page[1]).toBe('Omschrijving  Aantal  Prijs  Btw  Bedrag EUR')
    for (const [at, page] of pages.entries()) expect(page.at(-1)).toContain(`Blad ${at + 1} van ${pages.length}`)
  })
})

describe('a draft', () => {
  it('has a PDF to look at that says so and is kept nowhere, and no UBL', async () => {
    const firm = await knownFirm()
    const draft = await draftOf(firm, await hoursOf(firm))
    expect((await list(firm, draft.id)).kinds).toEqual(['pdf', 'pdf-with-hours'])
    const pdf = await document(firm, draft.id, 'pdf')
    expect(pdf.headers['content-disposition']).toContain('filename="Concept Bakkerij Zon.pdf"')
    expect(pdfText(pdf.bytes)[0]).toEqual(expect.arrayContaining(['Factuur concept']))
    expect(await kept(firm)).toEqual([])
    const ubl = await document(firm, draft.id, 'ubl')
    expect([ubl.status, problemOf(ubl).code]).toEqual([409, 'invoice-not-sent'])
  })

  it('tells in the language of whoever looks what stands in the way of an e-invoice, and may be sent all the same', async () => {
    const firm = await testFirm(test.services)
    const draft = await draftOf(firm, await hoursOf(firm))
    const told = await list(firm, draft.id, 'nl')
    expect(told.broken.map(({ rule }) => rule)).toEqual([
      'PEPPOL-EN16931-R010',
      'NL-R-003',
      'NL-R-005',
      'PEPPOL-EN16931-R003',
      'NL-R-007',
    ])
    expect(told.broken[1]).toEqual({
      rule: 'NL-R-003',
      about: 'parties',
      at: 'firm',
      says: 'Een Nederlandse afzender staat er met zijn KvK-nummer op, en het uwe is niet bekend.',
      mend: 'Vul het in bij Instellingen › Bedrijf.',
    })
    expect((await send(firm, draft)).state).toBe('sent')
  })
})

describe('the thread that makes documents', () => {
  it('tells what went wrong, and makes the next one', async () => {
    const documents = createDocumentMaker()
    try {
      const broken = { kind: 'ubl', invoice: { number: null } } as never
      await expect(documents.make(broken)).rejects.toThrow()
      await expect(documents.make(broken)).rejects.toThrow()
    } finally {
      await documents.close()
    }
  })
})
