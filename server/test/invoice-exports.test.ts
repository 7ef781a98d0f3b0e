import { randomBytes } from 'node:crypto'
import type { ApiProblem } from '@uurwerk/api/shapes.ts'
import { connectors } from '@uurwerk/connectors/registry.gen.ts'
import {
  at,
  auditFileFaults,
  type Element,
  parseXml,
  textAt,
} from '@uurwerk/core/bookkeeping/audit-file-schema-for-tests.ts'
import { unzipSync } from 'fflate'
import { readXlsx } from 'hucre/xlsx'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DocumentMaker } from '../src/documents/document-maker.ts'
import type { InvoiceAnswer } from '../src/routes/invoice-answer.ts'
import { type TestApp, testApp } from '../src/testing/app.ts'
import { type TestFirm, testFirm } from '../src/testing/firm.ts'

let test: TestApp
/** Documents that were begun. */
let made = 0
beforeAll(async () => {
  const counted = (documents: DocumentMaker): DocumentMaker => ({
    ...documents,
    make: (task) => {
      made += 1
      return documents.make(task)
    },
  })
  test = await testApp((services) => ({ connectors, documents: counted(services.documents) }))
})
afterAll(() => test.close())

type Role = Parameters<TestFirm['as']>[0]

const download = (firm: TestFirm, query: string, language = 'nl', as: Role = 'finance') =>
  test.app.inject({
    url: `/api/v1/invoices/export?${query}`,
    headers: { ...firm.as(as), 'accept-language': language },
  })
const problemOf = (answer: { body: string }) => JSON.parse(answer.body) as ApiProblem

async function ask<Body = InvoiceAnswer>(
  firm: TestFirm,
  method: 'GET' | 'POST' | 'PATCH',
  path: string,
  body?: object,
  version?: number,
): Promise<Body> {
  const answer = await test.app.inject({
    method,
    url: `/api/v1${path}`,
    headers: { ...firm.as('administrator'), ...(version === undefined ? {} : { 'if-match': `"${version}"` }) },
    ...(body ? { payload: body } : {}),
  })
  expect(answer.statusCode, answer.body).toBeLessThan(300)
  return answer.json<Body>()
}

interface Drawn {
  readonly date?: string
  readonly customerId?: string
  readonly reference?: string
  readonly exchange?: { readonly rate: string; readonly source: string }
  readonly lines?: readonly object[]
}

/** An hour of advice at 104, or as told. */
async function draft(firm: TestFirm, change: Drawn = {}): Promise<InvoiceAnswer> {
  const { date = '2026-03-31', customerId = firm.customerId, lines = [{}], ...head } = change
  let invoice = await ask(firm, 'POST', '/invoices', { customerId, date })
  if (Object.keys(head).length > 0) invoice = await ask(firm, 'PATCH', `/invoices/${invoice.id}`, head, invoice.version)
  for (const line of lines) {
    const body = { description: 'Advies', quantity: '1', unit: 'hour', unitPrice: '104', ...line }
    invoice = await ask(firm, 'POST', `/invoices/${invoice.id}/lines`, body, invoice.version)
  }
  return invoice
}
const send = (firm: TestFirm, { id, version }: Pick<InvoiceAnswer, 'id' | 'version'>) =>
  ask(firm, 'POST', `/invoices/${id}/sending`, { how: 'post' }, version)
const sent = async (firm: TestFirm, change: Drawn = {}) => send(firm, await draft(firm, change))

/** A Dutch firm and its customer, both known to the trade register, so that an e-invoice has where to go. */
async function knownFirm(): Promise<TestFirm> {
  const firm = await testFirm(test.services)
  await firm.within(async (trx) => {
    await trx
      .updateTable('firm')
      .set({ kvk: '12345678', iban: 'NL91ABNA0417164300' })
      .where('firmId', '=', firm.id)
      .execute()
    await trx.updateTable('customer').set({ kvk: '87654321', number: '1001' }).where('firmId', '=', firm.id).execute()
  })
  return firm
}

const lines = (text: string) =>
  text
    .replace(/^\uFEFF/, '')
    .trimEnd()
    .split('\r\n')

describe('invoices as rows', () => {
  it('are those of the list, as Dutch Excel opens them: drafts, credit notes and what was paid', async () => {
    const firm = await knownFirm()
    const invoice = await sent(firm, { reference: 'Website' })
    const credit = await ask(firm, 'POST', `/invoices/${invoice.id}/credit-note`, {
      lines: [{ lineId: invoice.lines[0]?.id, quantity: '0.25' }],
    })
    await send(firm, credit)
    const { version } = await ask(firm, 'GET', `/invoices/${invoice.id}`)
    const payment = { date: '2026-03-31', amount: '50', way: 'bank', note: '' }
    await ask(firm, 'POST', `/invoices/${invoice.id}/payments`, payment, version)
    await draft(firm, { date: '2026-04-01' })
    const answer = await download(firm, 'sort=date')
    expect(answer.statusCode, answer.body).toBe(200)
    expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8; header=present')
    expect(answer.headers['content-disposition']).toContain('filename="facturen-2026-03-31.csv"')
    expect(answer.body.startsWith('\uFEFF')).toBe(true)
    const [head, ...rows] = lines(answer.body)
    expect(head).toBe(
      '"Nummer";"Soort";"Status";"Datum";"Vervaldatum";"Debiteurnummer";"Debiteur";"Referentie";"Ordernummer";"Exclusief btw";"Btw";"Inclusief btw";"Betaald";"Gecrediteerd";"Openstaand";"Valuta";"Betaling";"Verzonden op";"Geboekt"',
    )
    expect(rows).toHaveLength(3)
    expect(rows).toEqual(
      expect.arrayContaining([
        '"2026-0001";"Factuur";"Verzonden";2026-03-31;2026-04-30;"1001";"Bakkerij Zon";"Website";;104,00;21,84;125,84;50,00;31,46;44,38;"EUR";"Deels betaald";2026-03-31;"Nee"',
        '"2026-0002";"Creditfactuur";"Verzonden";2026-03-31;2026-03-31;"1001";"Bakkerij Zon";"Website";;-26,00;-5,46;-31,46;0,00;0,00;0,00;"EUR";;2026-03-31;"Nee"',
        ';"Factuur";"Concept";2026-04-01;2026-05-01;"1001";"Bakkerij Zon";;;104,00;21,84;125,84;;;;"EUR";;;"Nee"',
      ]),
    )
  })

  it('take columns, order, separator, words and filter as asked', async () => {
    const firm = await knownFirm()
    const first = await sent(firm)
    const second = await sent(firm, { lines: [{ unitPrice: '10' }] })
    const credit = await ask(firm, 'POST', `/invoices/${first.id}/credit-note`, {})
    await send(firm, credit)
    const columns = 'columns=gross,number,credits,kind'
    expect(lines((await download(firm, `${columns}&sort=-number`, 'en')).body)).toEqual([
      '"Including VAT","Number","Takes back","Kind"',
      '-125.84,"2026-0003","2026-0001","Credit note"',
      '12.10,"2026-0002",,"Invoice"',
      '125.84,"2026-0001",,"Invoice"',
    ])
    const numbers = async (query: string) =>
      lines((await download(firm, `columns=number&separator=comma&sort=number&${query}`)).body).slice(1)
    expect(await numbers('state=credited')).toEqual(['"2026-0001"'])
    expect(await numbers('search=0002')).toEqual(['"2026-0002"'])
    expect(await numbers(`ids=${first.id}&ids=${second.id}`)).toEqual(['"2026-0001"', '"2026-0002"'])
    expect(await numbers(`except=${first.id}`)).toEqual(['"2026-0002"', '"2026-0003"'])
    expect(await numbers(`ids=${first.id}&from=2026-04-01`)).toEqual([])
  })

  it('keep the name and number that the customer had when the invoice was sent', async () => {
    const firm = await knownFirm()
    await sent(firm)
    await firm.within((trx) =>
      trx.updateTable('customer').set({ name: 'Anders', number: '9' }).where('firmId', '=', firm.id).execute(),
    )
    expect(lines((await download(firm, 'columns=customer,customerNumber')).body)[1]).toBe('"Bakkerij Zon";"1001"')
  })

  it.each(['=', '+', '-', '@', '\t', '＝'])('make a formula beginning with %j harmless', async (sign) => {
    const firm = await testFirm(test.services)
    await firm.within((trx) =>
      trx
        .updateTable('customer')
        .set({ name: `${sign}cmd|' /C calc'!A0` })
        .where('firmId', '=', firm.id)
        .execute(),
    )
    await draft(firm)
    expect(lines((await download(firm, 'columns=customer')).body)[1]).toBe(`"'${sign}cmd|' /C calc'!A0"`)
  })

  it('are dates and figures in a workbook, and text is never a formula', async () => {
    const firm = await knownFirm()
    await sent(firm, { reference: '=1+1' })
    const answer = await download(firm, 'format=xlsx&columns=date,gross,outstanding,reference,booked,number')
    expect(answer.statusCode, answer.body).toBe(200)
    const { sheets } = await readXlsx(answer.rawPayload)
    expect(sheets[0]?.name).toBe('Facturen')
    const [head, row] = sheets[0]?.rows ?? []
    expect(head).toEqual(['Datum', 'Inclusief btw', 'Openstaand', 'Referentie', 'Geboekt', 'Nummer'])
    expect(row?.[0]).toEqual(new Date('2026-03-31T00:00:00.000Z'))
    expect(row?.slice(1)).toEqual([125.84, 125.84, '=1+1', 'Nee', '2026-0001'])
  })

  it('name a column that does not exist', async () => {
    const firm = await testFirm(test.services)
    const answer = await download(firm, 'columns=number,colour')
    expect(answer.statusCode).toBe(422)
    expect(answer.json()).toMatchObject({ errors: [{ pointer: '/query/columns' }] })
  })
})

const filesIn = (answer: { rawPayload: Buffer }) =>
  new Map(Object.entries(unzipSync(answer.rawPayload)).map(([name, bytes]) => [name, Buffer.from(bytes)]))

describe('invoices as a ZIP of their documents', () => {
  it.each([
    ['pdf-zip', 'pdf', 'pdf', 'facturen-pdf-2026-03-31.zip'],
    ['ubl-zip', 'ubl', 'xml', 'facturen-ubl-2026-03-31.zip'],
  ])('%s holds the very bytes that are kept of each, made before or now', async (format, kind, extension, name) => {
    const firm = await knownFirm()
    const [before, now] = [await sent(firm), await sent(firm)]
    const document = (id: string) =>
      test.app.inject({ url: `/api/v1/invoices/${id}/documents/${kind}`, headers: firm.as('finance') })
    const first = await document(before.id)
    const answer = await download(firm, `format=${format}&sort=number`)
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['content-type']).toBe('application/zip')
    expect(answer.headers['content-disposition']).toContain(`filename="${name}"`)
    const files = filesIn(answer)
    expect([...files.keys()]).toEqual([`2026-0001.${extension}`, `2026-0002.${extension}`])
    expect(files.get(`2026-0001.${extension}`)?.equals(first.rawPayload)).toBe(true)
    expect(files.get(`2026-0002.${extension}`)?.equals((await document(now.id)).rawPayload)).toBe(true)
  })

  it('names the drafts that are not in it, in the language of whoever asks', async () => {
    const firm = await knownFirm()
    await sent(firm)
    await draft(firm)
    const dutch = filesIn(await download(firm, 'format=pdf-zip'))
    expect([...dutch.keys()].sort()).toEqual(['2026-0001.pdf', 'Niet in dit bestand.txt'])
    expect(dutch.get('Niet in dit bestand.txt')?.toString()).toBe(
      '\uFEFF2 facturen zijn gevraagd; daarvan staat er 1 in dit bestand.\r\n\r\nConcept voor Bakkerij Zon: Deze factuur is nog een concept. Verzend hem eerst; dan heeft hij een nummer en kan hij worden geboekt.\r\n',
    )
    const english = filesIn(await download(firm, 'format=pdf-zip', 'en'))
    expect(english.get('Not in this file.txt')?.toString()).toContain(
      'Draft for Bakkerij Zon: This invoice is still a draft.',
    )
  })

  it('names an invoice of which no UBL can be made, with the reason and what helps', async () => {
    const firm = await knownFirm()
    await sent(firm)
    const nowhere = await firm.addCustomer({ name: 'Zonder adres', kvk: null })
    await sent(firm, { customerId: nowhere })
    const files = filesIn(await download(firm, 'format=ubl-zip&sort=number', 'en'))
    expect([...files.keys()]).toEqual(['2026-0001.xml', 'Not in this file.txt'])
    expect(lines(files.get('Not in this file.txt')?.toString() ?? '')).toEqual([
      '2 invoices were asked for; 1 of them stands in this file.',
      '',
      '2026-0002, Zonder adres: Zonder adres had no electronic address when this invoice was sent, so no UBL can be made of it. Send the PDF. For the next invoices, fill in the Peppol id, KvK number, VAT id or mail address.',
    ])
  })

  it('has a file for each of two numbers that a file system takes for one', async () => {
    const firm = await knownFirm()
    await sent(firm)
    const other = await draft(firm)
    await firm.within(async (trx) => {
      const seriesId = test.services.ids.next()
      const times = { createdAt: test.clock.now(), updatedAt: test.clock.now() }
      await trx
        .insertInto('series')
        .values({ firmId: firm.id, id: seriesId, name: 'Schuin', pattern: '{year}/{0000}', ...times })
        .execute()
      await trx
        .updateTable('invoice')
        .set({ seriesId })
        .where('firmId', '=', firm.id)
        .where('id', '=', other.id)
        .execute()
    })
    expect((await send(firm, other)).number).toBe('2026/0001')
    const files = filesIn(await download(firm, 'format=pdf-zip&sort=date'))
    expect([...files.keys()].sort()).toEqual(['2026-0001 (2).pdf', '2026-0001.pdf'])
  })

  it('says that nothing was found', async () => {
    const firm = await testFirm(test.services)
    const files = filesIn(await download(firm, 'format=pdf-zip', 'en'))
    expect([...files].map(([name, bytes]) => [name, bytes.toString()])).toEqual([
      ['Not in this file.txt', '\uFEFFNo invoice was found.\r\n'],
    ])
  })

  it('of 800 invoices is made while it is read, in little memory', async () => {
    const firm = await manySent(800)
    const address = await listening()
    const answer = await fetch(`${address}/api/v1/invoices/export?format=pdf-zip`, { headers: firm.as('finance') })
    // What is swept later counts too, but is no more for the second half than for the first.
    const most = { first: 0, second: 0 }
    let bytes = 0
    for await (const piece of answer.body ?? []) {
      bytes += piece.length
      const half = bytes < 400 * keptBytes ? 'first' : 'second'
      most[half] = Math.max(most[half], process.memoryUsage.rss())
    }
    expect(bytes).toBeGreaterThan(800 * keptBytes)
    expect((most.second - most.first) / 1024 ** 2).toBeLessThan(48)
  })

  it('stops its work when the reader leaves, and lets the next one in', async () => {
    const firm = await knownFirm()
    for (let count = 0; count < 8; count++) await sent(firm)
    const address = await listening()
    for (let visit = 0; visit < 4; visit++) {
      const leave = new AbortController()
      const answer = await fetch(`${address}/api/v1/invoices/export?format=ubl-zip`, {
        headers: firm.as('finance'),
        signal: leave.signal,
      })
      await answer.body?.getReader().read()
      leave.abort()
    }
    await new Promise((resolve) => setTimeout(resolve, 1500))
    const begun = made
    await new Promise((resolve) => setTimeout(resolve, 1000))
    expect(made).toBe(begun)
    const whole = await fetch(`${address}/api/v1/invoices/export?format=ubl-zip`, { headers: firm.as('finance') })
    expect(filesIn({ rawPayload: Buffer.from(await whole.arrayBuffer()) }).size).toBe(8)
    await expect.poll(() => test.services.store.connections().used).toBe(0)
  })
})

let address: string | undefined
const listening = async () => {
  address ??= await test.app.listen({ port: 0, host: '127.0.0.1' })
  return address
}

const keptBytes = 100_000

/** So many copies of one sent invoice, each with a kept document of 100 KB. */
async function manySent(count: number): Promise<TestFirm> {
  const firm = await knownFirm()
  const one = await sent(firm)
  const sha256 = await test.services.files.put(firm.id, randomBytes(keptBytes))
  await firm.within(async (trx) => {
    const columns = await sql<{ name: string }>`
      select column_name as name from information_schema.columns
      where table_schema = 'public' and table_name = 'invoice' and is_generated = 'NEVER'`.execute(trx)
    const names = columns.rows.map(({ name }) => name)
    const value = (name: string) => {
      if (name === 'id') return sql`gen_random_uuid()`
      if (name === 'state') return sql`'draft'`
      return name === 'number' ? sql`null` : sql`i.${sql.id(name)}`
    }
    await sql`
      insert into invoice (${sql.join(names.map((name) => sql.id(name)))})
      select ${sql.join(names.map(value))} from invoice i, generate_series(2, ${count}) n where i.id = ${one.id}::uuid`.execute(
      trx,
    )
    await sql`
      insert into invoice_line (firm_id, id, invoice_id, position, kind, description, quantity, unit, unit_price, net, vat, vat_treatment, vat_rate)
      select l.firm_id, gen_random_uuid(), i.id, l.position, l.kind, l.description, l.quantity, l.unit, l.unit_price, l.net, l.vat, l.vat_treatment, l.vat_rate
      from invoice_line l, invoice i where l.invoice_id = ${one.id}::uuid and i.id <> ${one.id}::uuid and i.firm_id = ${firm.id}::uuid`.execute(
      trx,
    )
    await sql`
      update invoice i set state = 'sent', number = 'N' || d.n
      from (select id, row_number() over (order by id) as n from invoice where firm_id = ${firm.id}::uuid and state = 'draft') d
      where i.firm_id = ${firm.id}::uuid and i.id = d.id`.execute(trx)
    await sql`
      insert into invoice_document (firm_id, id, invoice_id, kind, sha256, size_bytes, made_at)
      select firm_id, gen_random_uuid(), id, 'pdf', ${sha256}, ${keptBytes}, ${test.clock.now()} from invoice where firm_id = ${firm.id}::uuid`.execute(
      trx,
    )
  })
  return firm
}

const journal = 'company/transactions/journal'
const lineOf = (line: Element) =>
  ['accID', 'amntTp', 'amnt', 'vat/vatID', 'vat/vatAmnt', 'currency/curCode', 'currency/curAmnt']
    .map((path) => textAt(line, path))
    .filter((text) => text !== undefined)
    .join(' ')
const auditFile = async (firm: TestFirm, query = '', language = 'nl') => {
  const answer = await download(firm, `format=xaf&${query}`, language)
  expect(answer.statusCode, answer.body).toBe(200)
  expect(auditFileFaults(answer.body)).toEqual([])
  const { root, comment } = parseXml(answer.body)
  const remarks = comment
    .trim()
    .split('\n')
    .map((remark) => remark.trim())
  const booked = at(root, `${journal}/transaction`).map((transaction) => [
    textAt(transaction, 'desc'),
    ...at(transaction, 'trLine').map(lineOf),
  ])
  return { answer, root, remarks, booked }
}

describe('invoices as an audit file', () => {
  it('has a balanced transaction for each invoice and credit note, and says that it is partial', async () => {
    const firm = await knownFirm()
    const invoice = await sent(firm)
    await send(firm, await ask(firm, 'POST', `/invoices/${invoice.id}/credit-note`, {}))
    await draft(firm)
    const { answer, root, remarks, booked } = await auditFile(firm, 'sort=number')
    expect(answer.headers['content-type']).toBe('application/xml; charset=utf-8')
    expect(answer.headers['content-disposition']).toContain('filename="auditfile-verkoop-2026-03-31.xaf"')
    expect(remarks).toEqual([
      'GEDEELTELIJKE auditfile: alleen verkoopfacturen en creditfacturen uit Uurwerk. Het bestand bevat geen beginbalans, inkoop, bank, betalingen of andere boekingen en is niet de administratie van het bedrijf.',
      'Alle verkoopfacturen van 1 januari 2026 tot en met 31 december 2026: 2.',
      '1 concept is weggelaten: zonder nummer en nog te wijzigen.',
      'Rekeningen, btw-codes, dagboeken en debiteuren die met UW- beginnen zijn van Uurwerk zelf en staan in niemands administratie.',
    ])
    expect(at(root, 'header').flatMap(({ children }) => children.map(({ text }) => text))).toEqual([
      '2026',
      '2026-01-01',
      '2026-12-31',
      'EUR',
      '2026-03-31',
      'Uurwerk (alleen verkoopfacturen)',
      expect.stringMatching(/^\d+\.\d+\.\d+/),
    ])
    expect(booked).toEqual([
      [
        'Factuur 2026-0001',
        'UW-DEBTORS D 125.84',
        'UW-REVENUE-domestic-standard C 104.00 UW-domestic-standard-21 21.84',
        'UW-VAT-domestic-standard C 21.84',
      ],
      [
        'Creditfactuur 2026-0002 bij factuur 2026-0001',
        'UW-DEBTORS C 125.84',
        'UW-REVENUE-domestic-standard D 104.00 UW-domestic-standard-21 21.84',
        'UW-VAT-domestic-standard D 21.84',
      ],
    ])
    expect(textAt(root, 'company/transactions/totalDebit')).toBe('251.68')
    expect(textAt(root, 'company/transactions/totalCredit')).toBe('251.68')
    expect(textAt(root, `${journal}/desc`)).toContain('alleen verkoopfacturen')
    const [customer] = at(root, 'company/customersSuppliers/customerSupplier')
    expect(customer && [textAt(customer, 'custSupID'), textAt(customer, 'commerceNr')]).toEqual(['1001', '87654321'])
  })

  it('tells another currency in that of the firm, at the rate of the invoice', async () => {
    const firm = await knownFirm()
    const customerId = await firm.addCustomer({
      name: 'Alder Inc',
      country: 'US',
      currency: 'USD',
      vatCase: 'outside-eu',
      visitAddress: JSON.stringify({ line1: '1 Main St', city: 'Boston', country: 'US' }),
    })
    await sent(firm, { customerId, exchange: { rate: '0.92435', source: 'ECB' } })
    const { booked, root } = await auditFile(firm, '', 'en')
    expect(booked).toEqual([
      [
        'Invoice 2026-0001',
        'UW-DEBTORS D 96.13 USD 104.00',
        'UW-REVENUE-outside-eu C 96.13 UW-outside-eu-0 0.00 USD 104.00',
      ],
    ])
    const [customer] = at(root, 'company/customersSuppliers/customerSupplier')
    expect(textAt(customer as Element, 'custSupID')).toMatch(/^UW-[0-9a-f]{32}$/)
  })

  it('has accounts and VAT codes of the package where a posting rule names them', async () => {
    const firm = await knownFirm()
    await withRules(firm)
    await sent(firm, { lines: [{}, { unitPrice: '10', vatTreatment: 'domestic-reduced' }] })
    const { booked, root, remarks } = await auditFile(firm)
    expect(booked[0]?.slice(1)).toEqual([
      'UW-DEBTORS D 136.74',
      '8000 C 104.00 2 21.84',
      'UW-REVENUE-domestic-reduced C 10.00 UW-domestic-reduced-9 0.90',
      'UW-VAT-domestic-standard C 21.84',
      'UW-VAT-domestic-reduced C 0.90',
    ])
    expect(
      at(root, 'company/generalLedger/ledgerAccount').map(({ children }) => children.map(({ text }) => text)),
    ).toEqual([
      ['8000', 'Omzet advies', 'P'],
      ['UW-DEBTORS', 'Debiteuren', 'B'],
      ['UW-REVENUE-domestic-reduced', 'Omzet: Binnenland, laag tarief', 'P'],
      ['UW-VAT-domestic-reduced', 'Af te dragen btw: Binnenland, laag tarief', 'B'],
      ['UW-VAT-domestic-standard', 'Af te dragen btw: Binnenland, hoog tarief', 'B'],
    ])
    expect(remarks.at(-1)).toBe(
      'De andere rekeningen en btw-codes zijn die van Exact Online, volgens de boekingsregels zoals die waren op 31 maart 2026.',
    )
  })

  it('takes no account from the sandbox, where nobody keeps his books', async () => {
    const firm = await knownFirm()
    await withRules(firm, 'sandbox')
    await sent(firm)
    expect((await auditFile(firm)).booked[0]?.[2]).toContain('UW-REVENUE-domestic-standard')
  })

  it('is of the period that is asked for, and says when it is a selection', async () => {
    const firm = await knownFirm()
    await sent(firm, { date: '2025-12-31' })
    const march = await sent(firm, { date: '2026-03-01' })
    await sent(firm, { date: '2026-03-02' })
    const refused = await download(firm, 'format=xaf', 'en')
    expect(refused.statusCode).toBe(422)
    expect(problemOf(refused)).toMatchObject({
      code: 'audit-file-years',
      cause: 'An audit file is of one year, and these invoices are of 2025, 2026.',
    })
    const before = await auditFile(firm, 'until=2025-12-31', 'en')
    expect(before.remarks[1]).toBe('All sales invoices dated 1 January 2025 to 31 December 2025: 1.')
    const one = await auditFile(firm, `from=2026-02-15&until=2026-03-31&ids=${march.id}`, 'en')
    expect(one.remarks[1]).toBe('A selection of the sales invoices dated 15 February 2026 to 31 March 2026: 1.')
    expect(one.booked.map(([desc]) => desc)).toEqual(['Invoice 2026-0001'])
    expect(at(one.root, 'company/periods/period/periodNumber').map(({ text }) => text)).toEqual(['2', '3'])
    expect(textAt(one.root, 'header/startDate')).toBe('2026-02-15')
  })

  it('of nothing is still one, with an empty journal', async () => {
    const firm = await knownFirm()
    const { root } = await auditFile(firm, 'from=2024-01-01&until=2024-12-31')
    expect(textAt(root, 'header/fiscalYear')).toBe('2024')
    expect(textAt(root, 'company/transactions/linesCount')).toBe('0')
  })

  it('is refused by name for what is missing in the firm or on an invoice', async () => {
    const without = await testFirm(test.services, { vatId: null })
    expect(problemOf(await download(without, 'format=xaf', 'en'))).toMatchObject({
      code: 'audit-file-no-vat-id',
      status: 409,
    })
    const firm = await knownFirm()
    await sent(firm)
    await firm.within((trx) => trx.updateTable('firm').set({ currency: 'USD' }).where('firmId', '=', firm.id).execute())
    expect(problemOf(await download(firm, 'format=xaf', 'en'))).toMatchObject({
      code: 'audit-file-no-rate',
      cause:
        'Invoice 2026-0001 is in EUR and has no exchange rate to USD, so it cannot be told in the currency of your firm.',
    })
  })

  it('of 400 invoices balances', async () => {
    const firm = await manySent(400)
    const { root, booked } = await auditFile(firm)
    expect(booked).toHaveLength(400)
    expect(textAt(root, 'company/transactions/linesCount')).toBe('1200')
    expect(textAt(root, 'company/transactions/totalDebit')).toBe('50336.00')
    expect(textAt(root, 'company/transactions/totalCredit')).toBe('50336.00')
  })
})

/** Advice at the standard rate has a rule of Exact Online; nothing else has. */
async function withRules(firm: TestFirm, mode: 'live' | 'sandbox' = 'live'): Promise<void> {
  const id = test.services.ids.next()
  const times = { createdAt: test.clock.now(), updatedAt: test.clock.now() }
  await firm.within(async (trx) => {
    await trx
      .insertInto('connection')
      .values({
        firmId: firm.id,
        id,
        package: 'exact-online',
        purpose: 'sales',
        mode,
        country: 'NL',
        state: 'connected',
        settings: JSON.stringify({ item: 'item-hours' }),
        ...times,
      })
      .execute()
    for (const [noun, theirId, code, name, data] of [
      ['ledgerAccounts', 'guid-8000', '8000', 'Omzet advies', { kind: 'revenue' }],
      ['vatCodes', 'guid-2', '2', 'Btw hoog', {}],
    ] as const) {
      await trx
        .insertInto('packageRow')
        .values({
          firmId: firm.id,
          connectionId: id,
          noun,
          theirId,
          code,
          name,
          data: JSON.stringify(data),
          readAt: test.clock.now(),
        })
        .execute()
    }
    await trx
      .insertInto('itemMapping')
      .values({ firmId: firm.id, connectionId: id, subject: 'free', subjectId: firm.id, item: 'item-hours' })
      .execute()
    await trx
      .insertInto('postingRule')
      .values({
        firmId: firm.id,
        id: test.services.ids.next(),
        connectionId: id,
        item: 'item-hours',
        vatTreatment: 'domestic-standard',
        ledgerAccount: 'guid-8000',
        vatCode: 'guid-2',
        ...times,
      })
      .execute()
  })
}

describe('who may export invoices', () => {
  it.each(['csv', 'pdf-zip', 'xaf'])(
    'gives nothing of another firm as %s, also when its ids are named',
    async (format) => {
      const [firm, other] = [await knownFirm(), await knownFirm()]
      const theirs = await sent(other)
      const answer = await download(firm, `format=${format}&ids=${theirs.id}`, 'en')
      expect(answer.statusCode).toBe(200)
      expect(answer.rawPayload.includes('2026-0001')).toBe(false)
    },
  )

  it.each(['csv', 'xlsx', 'pdf-zip', 'ubl-zip', 'xaf'])(
    'keeps %s from somebody without the right to invoices',
    async (format) => {
      const firm = await knownFirm()
      const answer = await download(firm, `format=${format}`, 'en', 'employee')
      expect([answer.statusCode, problemOf(answer).code]).toEqual([403, 'no-right'])
    },
  )
})
