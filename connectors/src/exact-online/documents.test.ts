import { calendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { decimal } from '@uurwerk/core/shared/money.ts'
import { describe, expect, it } from 'vitest'
import type { Draft, Known } from '../contract/contract.ts'
import type { ArchivedDoc, AttachmentDoc } from '../contract/documents.ts'
import { compareAttachments, draftAttachment } from './attachments.ts'
import { compareDocuments, draftDocument } from './documents.ts'
import { draftPrinting, printed } from './printing.ts'
import { fromExactSalesInvoice } from './sales-invoices.ts'
import { archivedDocument, documentAttachment, printedSalesInvoice, salesInvoice } from './wire.ts'

const id = (last: number) => `c0de0000-0000-4000-8000-00000000000${last}`
const account = '8b1f0c3e-0000-4000-8000-000000000001'
const entry = { id: id(1), number: '26700042', hash: 'h' }

const archived = (part: Partial<ArchivedDoc> = {}): ArchivedDoc => ({
  reference: 'UW0043',
  kind: 'invoice',
  invoiceNumber: '2026-0042',
  customer: 'ours-1',
  date: calendarDate('2026-03-31'),
  currency: 'EUR',
  gross: decimal('1512.50'),
  ...part,
})
const known: Pick<Known, 'id' | 'parent'> = { id: () => account, parent: entry }

describe('a document in the archive', () => {
  it('is this, linked to its entry', () => {
    expect(draftDocument(archived(), known, 'nl')).toEqual({
      reference: 'UW0043',
      group: 'documents/Documents',
      key: 'Factuur 2026-0042 (UW0043)',
      units: 1,
      expects: null,
      notes: [],
      body: {
        Subject: 'Factuur 2026-0042 (UW0043)',
        Type: 10,
        Account: account,
        DocumentDate: '2026-03-31',
        AmountFC: 1512.5,
        Currency: 'EUR',
        FinancialTransactionEntryID: id(1),
      },
    })
  })

  it('says what it is in the language of the connection', () => {
    const credit = archived({ kind: 'credit', gross: decimal('-1512.50') })
    expect(draftDocument(credit, known, 'en')).toMatchObject({
      body: { Subject: 'Credit note 2026-0042 (UW0043)', AmountFC: -1512.5 },
    })
  })

  const missing: [string, Pick<Known, 'id' | 'parent'>, string][] = [
    ['its entry', { id: () => account }, 'entry-missing'],
    ['its customer', { id: () => undefined, parent: entry }, 'customer-missing'],
  ]
  it.each(missing)('waits for %s', (_, from, code) => {
    expect(draftDocument(archived(), from, 'nl')).toMatchObject({ problems: [{ kind: 'setup', code }] })
  })

  const draft = draftDocument(archived(), known, 'nl') as Draft
  const hit = (part: object = {}) =>
    archivedDocument.parse({
      ID: id(5),
      HID: 12,
      Account: account,
      Subject: 'Factuur 2026-0042 (UW0043)',
      FinancialTransactionEntryID: id(1).toUpperCase(),
      ...part,
    })
  const found: [string, ReturnType<typeof hit>[], object][] = [
    ['absent', [], { is: 'absent' }],
    ['same', [hit()], { is: 'same', receipt: { id: id(5), number: '12' } }],
    [
      'different when it belongs to another entry',
      [hit({ FinancialTransactionEntryID: id(2) })],
      { is: 'different', why: 'entry' },
    ],
    ['same when its entry is left out', [hit({ FinancialTransactionEntryID: null })], { is: 'same' }],
    ['several', [hit(), hit({ ID: id(6) })], { is: 'several' }],
  ]
  it.each(found)('is found again: %s', (_, hits, expected) => {
    expect(compareDocuments(hits, draft)).toMatchObject(expected)
  })
})

describe('a file', () => {
  const file = (part: Partial<AttachmentDoc> = {}): AttachmentDoc => ({
    reference: 'UW0044',
    fileName: '2026-0042.pdf',
    mediaType: 'application/pdf',
    bytesBase64: Buffer.from('%PDF-1.7').toString('base64'),
    title: 'Factuur 2026-0042',
    ...part,
  })
  const parent = { id: id(5), hash: 'h' }

  it('goes out in base64, on its document', () => {
    expect(draftAttachment(file(), { parent })).toMatchObject({
      group: 'documents/DocumentAttachments',
      body: { Document: id(5), FileName: '2026-0042.pdf', Attachment: 'JVBERi0xLjc=' },
    })
  })

  it('waits for its document', () => {
    expect(draftAttachment(file(), {})).toMatchObject({ problems: [{ code: 'document-missing' }] })
  })

  it.each([
    ['ten million bytes', 10_000_000, undefined],
    ['one more', 10_000_001, 'attachment-too-large'],
  ])('of %s', (_, size, code) => {
    const draft = draftAttachment(file({ bytesBase64: Buffer.alloc(size).toString('base64') }), { parent })
    expect('problems' in draft ? draft.problems[0] : undefined).toEqual(
      code &&
        expect.objectContaining({
          kind: 'refused',
          code,
          values: { file: '2026-0042.pdf', size: '10.0', most: '10.0' },
        }),
    )
  })

  it('is found again by its name in its document', () => {
    const draft = draftAttachment(file(), { parent }) as Draft
    const hit = (part: object = {}) =>
      documentAttachment.parse({ ID: id(7), Document: id(5), FileName: '2026-0042.pdf', Attachment: null, ...part })
    expect(compareAttachments([], draft)).toEqual({ is: 'absent' })
    expect(compareAttachments([hit({ FileName: 'scan.pdf' })], draft)).toEqual({ is: 'absent' })
    expect(compareAttachments([hit({ FileName: 'scan.pdf' }), hit()], draft)).toMatchObject({
      is: 'same',
      receipt: { id: id(7) },
    })
    expect(compareAttachments([hit(), hit({ ID: id(8) })], draft)).toMatchObject({ is: 'several' })
  })
})

describe('printing an invoice', () => {
  const document = { reference: 'UW0045', date: calendarDate('2026-03-31') }
  it('names the invoice and its date', () => {
    expect(draftPrinting(document, { parent: entry })).toMatchObject({
      group: 'salesinvoice/PrintedSalesInvoices',
      key: id(1),
      body: { InvoiceID: id(1), InvoiceDate: '2026-03-31' },
    })
    expect(draftPrinting(document, {})).toMatchObject({ problems: [{ code: 'invoice-missing' }] })
  })

  const answer = (part: object = {}) => printedSalesInvoice.parse({ InvoiceID: id(1), Document: id(2), ...part })
  const receipt = (Status: number) =>
    fromExactSalesInvoice(
      salesInvoice.parse({ InvoiceID: id(1), InvoiceNumber: 26700001, AmountFC: 121, Status }),
      id(3),
    )
  const cases: [string, Parameters<typeof printed>, object][] = [
    [
      'is posted, with its number and what is paid on it',
      [receipt(50), answer()],
      { is: 'posted', receipt: { number: '26700001', openItem: id(3), gross: '121.00' } },
    ],
    [
      'is in doubt when it cannot be read just now: number and entry are to be known',
      [undefined, answer({ DocumentCreationError: 'Lay-out ontbreekt' })],
      { is: 'uncertain', problem: { kind: 'uncertain', theirWords: 'Lay-out ontbreekt' } },
    ],
    [
      'is posted with a note when the document could not be made',
      [receipt(50), answer({ DocumentCreationError: 'Lay-out ontbreekt' })],
      { is: 'posted', receipt: { notes: [{ code: 'printing-incomplete', values: { words: 'Lay-out ontbreekt' } }] } },
    ],
    [
      'is in doubt when the invoice is open still and no reason is given',
      [receipt(20), answer()],
      { is: 'uncertain', problem: { kind: 'uncertain', code: 'answer-incomplete' } },
    ],
    [
      'is refused when the invoice stayed open',
      [receipt(20), answer({ DocumentCreationError: 'Lay-out ontbreekt' })],
      { is: 'refused', problem: { code: 'printing-incomplete', theirWords: 'Lay-out ontbreekt' } },
    ],
  ]
  it.each(cases)('%s', (_, given, expected) => {
    expect(printed(...given)).toMatchObject(expected)
  })
})
