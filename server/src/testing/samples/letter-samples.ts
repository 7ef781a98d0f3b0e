import type { letterRoutes } from '@uurwerk/api/letters.ts'
import type { reminderRoutes } from '@uurwerk/api/reminders.ts'
import type { statementRoutes } from '@uurwerk/api/statements.ts'
import { byId, ofRow, type SamplesOf } from './sample.ts'

export const letterSamples: SamplesOf<
  keyof typeof letterRoutes | keyof typeof reminderRoutes | keyof typeof statementRoutes
> = {
  readReminderSettings: () => [{}],
  changeReminderSettings: ({ firm }) => [{ row: ['firm', firm.id], body: { days: [5, 12, 20] } }],
  listReminders: ({ customer }) => [{}, { query: { customerId: customer.used, due: 'true' } }],
  totalReminders: () => [{}],
  remindInvoices: ({ invoice, customer }) => [
    { body: { selection: { ids: [invoice.posted] } } },
    { body: { selection: { filter: { customerId: [customer.used], from: '2030-01-01' } } } },
  ],
  readInvoiceReminders: ({ invoice }) => [byId(invoice.posted)],
  holdReminders: ({ invoice }) => [byId(invoice.posted)],
  releaseReminders: ({ invoice }) => [byId(invoice.posted)],
  readStatement: ({ customer }) => [byId(customer.used), { ...byId(customer.used), query: { kind: 'all' } }],
  readStatementDocument: ({ customer }) => [{ ...byId(customer.used), query: { save: 'true' } }],
  readStatementLetter: ({ customer }) => [byId(customer.used)],
  writeStatementLetter: ({ customer, word }) => [
    {
      ...byId(customer.used),
      body: {
        to: [{ address: `boeken@${word.toLowerCase()}.example` }],
        subject: `${word} overzicht`,
        body: `${word} {outstanding}`,
        asOf: '2026-03-31',
      },
    },
  ],
  readLetterDraft: ({ invoice }) => [
    byId(invoice.draft),
    { params: { id: invoice.posted }, query: { kind: 'reminder', step: '2' } },
  ],
  writeLetter: ({ invoice, word }) => [
    {
      params: { id: invoice.posted },
      body: {
        to: [{ address: `boeken@${word.toLowerCase()}.example`, name: `${word} boekhouding` }],
        bcc: [`archief@${word.toLowerCase()}.example`],
        subject: 'Factuur {number}',
        body: `Nogmaals de factuur van ${word}.`,
        attach: { ubl: true, hours: true, receipts: [] },
      },
    },
  ],
  listLetters: ({ customer, invoice }) => [{}, { query: { customerId: customer.used, invoiceId: invoice.sent } }],
  readLetter: ({ letter }) => [byId(letter.sent)],
  readLetterAttachment: ({ letter }) => [{ params: { id: letter.sent, position: '0' } }],
  sendLetterAgain: ({ letter, word }) => [
    ofRow(['letter', letter.failed], { to: [{ address: `kas@${word.toLowerCase()}.example` }] }),
  ],
  letterArrived: ({ letter }) => [ofRow(['letter', letter.uncertain])],
  withdrawLetter: ({ letter }) => [ofRow(['letter', letter.waiting])],
  sendInvoices: ({ invoice }) => [{ body: { selection: { ids: [invoice.draft] }, how: 'post' } }],
  readInvoiceTask: ({ sendings }) => [byId(sendings)],
  listInvoiceTaskRows: ({ sendings }) => [{ params: { id: sendings }, query: { outcome: 'waiting' } }],
  listMailTemplates: () => [{}],
  changeMailTemplate: ({ mailTemplate, word }) => [
    {
      params: { kind: 'invoice', language: 'nl' },
      row: ['mailTemplate', mailTemplate],
      body: { subject: 'Factuur {number}', body: `Beste {contact}, ${word}` },
    },
  ],
  deleteMailTemplate: ({ mailTemplate }) => [
    { params: { kind: 'invoice', language: 'nl' }, row: ['mailTemplate', mailTemplate] },
  ],
  previewMailTemplate: ({ invoice, word }) => [
    {
      body: {
        kind: 'invoice',
        language: 'nl',
        subject: '{number}',
        body: `${word} {amount}`,
        invoiceId: invoice.posted,
      },
    },
  ],
  readMailSettings: () => [{}],
  changeMailSettings: ({ firm, word }) => [
    {
      row: ['firm', firm.id],
      body: { senderName: `${word} facturen`, bcc: [`archief@${word.toLowerCase()}.example`] },
    },
  ],
  sendTrialLetter: () => [{}],
}
