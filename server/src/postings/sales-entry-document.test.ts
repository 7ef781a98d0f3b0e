import { fakeHarness, fakePackage, plainForm } from '@uurwerk/connectors/conformance/fake/index.ts'
import { exactOnline } from '@uurwerk/connectors/exact-online/index.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readInvoices } from '../invoices/invoice-rows.ts'
import { type TestDatabase, testDatabase } from '../testing/database.ts'
import { readSalesMapping, salesEntryDocument } from './sales-entry-document.ts'
import { type InvoiceWish, type Office, openOffice } from './testing/office.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())

let seed = 200
const { connector } = fakePackage(plainForm)
const open = () => {
  seed += 1
  return openOffice({ store: database.store, connector, harness: fakeHarness(plainForm), seed })
}

async function documentOf(at: Office, wish: Omit<InvoiceWish, 'customerId'>, change: object = {}) {
  const customerId = await at.addCustomer()
  const id = await at.addInvoice({ ...wish, customerId, state: 'draft' })
  return at.within(async (trx) => {
    const firm = { trx, firmId: at.firmId }
    await trx
      .updateTable('invoiceLine')
      .set({ position: 0, ...change })
      .where('firmId', '=', at.firmId)
      .where('invoiceId', '=', id)
      .where('position', '=', 0)
      .execute()
    await trx
      .updateTable('invoice')
      .set({ state: 'sent', number: `F-${id.slice(9, 13)}`, orderNumber: 'PO 7' })
      .where('firmId', '=', at.firmId)
      .where('id', '=', id)
      .execute()
    const stored = (await readInvoices(trx, at.firmId, [id])).get(id)
    if (!stored) throw new Error('no invoice')
    const books = { id: at.connectionId, settings: { salesJournal: 'SALES' }, language: 'nl' as const }
    return salesEntryDocument({
      invoice: stored.invoice,
      reference: 'A1B2C3',
      mapping: await readSalesMapping(firm, books, connector.manifest),
    })
  })
}

it('is the invoice line by line, with our VAT, and adds up to it', async () => {
  const made = await documentOf(await open(), {
    lines: [{ net: '37.50' }, { net: '12.50' }, { net: '19.95', reduced: true }],
  })
  expect(made).toMatchObject({
    document: {
      reference: 'A1B2C3',
      kind: 'invoice',
      journal: 'SALES',
      orderNumber: 'PO 7',
      net: '69.95',
      vat: '12.30',
      gross: '82.25',
      lines: [
        { net: '37.50', vat: '7.88', vatRate: '21', ledgerAccount: '8000', vatCode: 'HIGH' },
        { net: '12.50', vat: '2.62', vatRate: '21', ledgerAccount: '8000', vatCode: 'HIGH' },
        { net: '19.95', vat: '1.80', vatRate: '9', vatCode: 'LOW' },
      ],
    },
  })
})

it('of a credit note is negative all through', async () => {
  const made = await documentOf(await open(), { kind: 'credit', lines: [{ net: '100.00' }] })
  expect(made).toMatchObject({ document: { kind: 'credit', net: '-100.00', vat: '-21.00', gross: '-121.00' } })
})

it('turns a discounted line into one piece of its net, and says the sum in its text', async () => {
  const change = { quantity: '2', unitPrice: '60', discountPercent: '10', net: '108.00', vat: '22.68' }
  const at = await open()
  const made = await documentOf(at, { lines: [{ net: '108.00' }] }, change)
  expect(made).toMatchObject({
    document: {
      lines: [{ quantity: '1', unitPrice: '108.00', net: '108.00', description: 'Advies 1 (2 × 60 − 10 %)' }],
    },
  })
})

it('keeps hours and price of a line whose discount is nothing', async () => {
  const change = { quantity: '2', unitPrice: '60', discountPercent: '0', net: '120.00', vat: '25.20' }
  const made = await documentOf(await open(), { lines: [{ net: '120.00' }] }, change)
  expect(made).toMatchObject({
    document: { lines: [{ quantity: '2', unitPrice: '60', net: '120.00', description: 'Advies 1' }] },
  })
})

it('has a line without a period of its own supplied on the day of the invoice', async () => {
  const at = await open()
  const made = await documentOf(at, { lines: [{ net: '10.00' }] }, { periodFrom: null, periodUntil: null })
  const { date, lines } = 'document' in made ? made.document : { date: '', lines: [] }
  expect(lines[0]?.period).toEqual({ from: date, until: date })
})

it('misses every setting without which nothing could be posted', async () => {
  const at = await open()
  const missing = (settings: object) =>
    at.within(async (trx) => {
      const books = { id: at.connectionId, settings, language: 'nl' as const }
      return (await readSalesMapping({ trx, firmId: at.firmId }, books, exactOnline.manifest)).missing
    })
  expect(await missing({})).toEqual(['defaultItem', 'salesJournal'])
  expect(await missing({ salesJournal: '70', paymentCondition: null })).toEqual(['defaultItem'])
  expect(await missing({ salesJournal: '70', defaultItem: 'an item' })).toEqual([])
})

it('names everything that is missing at once', async () => {
  const at = await open()
  await at.within((trx) => trx.deleteFrom('postingRule').where('firmId', '=', at.firmId).execute())
  const made = await documentOf(at, { lines: [{ net: '10.00' }, { net: '20.00', reduced: true }] })
  const codes = 'problems' in made ? made.problems.map(({ code, values }) => [code, values?.vatTreatment]) : []
  expect(codes).toEqual([
    ['posting-rule-missing', 'domestic-standard'],
    ['posting-rule-missing', 'domestic-reduced'],
  ])
})
