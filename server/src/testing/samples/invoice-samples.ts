import type { documentRoutes } from '@uurwerk/api/documents.ts'
import type { draftRoutes } from '@uurwerk/api/drafts.ts'
import type { invoiceExportRoutes } from '@uurwerk/api/invoice-exports.ts'
import type { invoiceRoutes } from '@uurwerk/api/invoices.ts'
import type { paymentRoutes } from '@uurwerk/api/payments.ts'
import type { seriesRoutes } from '@uurwerk/api/series.ts'
import { byId, ofRow, type SamplesOf } from './sample.ts'

export const invoiceSamples: SamplesOf<
  | keyof typeof invoiceRoutes
  | keyof typeof invoiceExportRoutes
  | keyof typeof draftRoutes
  | keyof typeof seriesRoutes
  | keyof typeof documentRoutes
  | keyof typeof paymentRoutes
> = {
  listInvoices: ({ customer }) => [
    {},
    { query: { customerId: customer.used } },
    { query: { paymentState: 'open', overdue: 'true', sort: '-outstanding' } },
  ],
  listPayments: ({ invoice }) => [byId(invoice.posted), byId(invoice.draft)],
  createPayment: ({ invoice }) => [
    ofRow(['invoice', invoice.sent], { date: '2026-03-31', amount: '5.00', way: 'bank', note: 'deel' }),
  ],
  undoPayment: ({ payment }) => [ofRow(['payment', payment.used])],
  undoPayments: ({ payment }) => [{ body: { ids: [payment.used] } }],
  restorePayment: ({ payment }) => [{ params: { id: payment.undone }, body: { allowOver: true } }],
  payInvoices: ({ invoice, customer }) => [
    { body: { selection: { ids: [invoice.sent] }, date: '2026-03-31', way: 'bank' } },
    {
      body: {
        selection: { filter: { customerId: [customer.used], until: '2000-01-01' }, except: [invoice.draft] },
        date: '2026-03-31',
      },
    },
  ],
  reportOutstanding: () => [{}],
  totalInvoices: () => [{}],
  invoiceHours: ({ hours, customer, project, activity, firm }) => {
    const filter = {
      customerId: [customer.used],
      projectId: [project.used],
      activityId: [activity.used],
      memberId: [firm.members.employee],
    }
    const [none, by] = [{ from: '2030-01-01' }, { groupBy: 'user' }]
    return [
      { body: { selection: { ids: [hours.free] }, groupBy: 'activity', date: '2026-03-31' } },
      { body: { selection: { filter }, ...by } },
      { body: { selection: { filter: none, except: [hours.deleted] }, ...by } },
    ]
  },
  createInvoice: ({ customer, series }) => [
    { body: { customerId: customer.used, date: '2026-03-31', seriesId: series } },
  ],
  readInvoice: ({ invoice }) => [byId(invoice.draft), byId(invoice.posted)],
  changeInvoice: ({ invoice, word }) => [
    ofRow(['invoice', invoice.draft], { reference: `${word} 7`, closing: `${word} groet` }),
  ],
  deleteInvoice: ({ invoice }) => [ofRow(['invoice', invoice.unused])],
  addLine: ({ invoice, activity, project, word }) => [
    ofRow(['invoice', invoice.draft], {
      description: `${word} extra`,
      quantity: '2',
      unit: 'hour',
      unitPrice: '10.00',
      activityId: activity.used,
      projectId: project.used,
    }),
  ],
  changeLine: ({ invoice, line, activity, project }) => [
    {
      params: { id: invoice.draft, lineId: line.free },
      row: ['invoice', invoice.draft],
      body: { quantity: '3', activityId: activity.used, projectId: project.used },
    },
  ],
  removeLine: ({ invoice, line }) => [
    { params: { id: invoice.draft, lineId: line.unused }, row: ['invoice', invoice.draft] },
  ],
  regroupInvoice: ({ invoice }) => [ofRow(['invoice', invoice.draft], { groupBy: 'project' })],
  sendInvoice: ({ invoice }) => [ofRow(['invoice', invoice.ready], { how: 'other' })],
  creditInvoice: ({ invoice, series }) => [
    { params: { id: invoice.sent }, body: { seriesId: series } },
    { params: { id: invoice.posted }, body: { release: true } },
  ],
  listInvoiceEntries: ({ invoice }) => [byId(invoice.posted)],
  listInvoiceDocuments: ({ invoice }) => [byId(invoice.posted), byId(invoice.draft)],
  exportInvoices: ({ invoice, customer }) => [
    {},
    { query: { format: 'xlsx', columns: 'number,gross', customerId: customer.used, sort: 'number' } },
    { query: { format: 'ubl-zip', except: invoice.draft } },
    { query: { format: 'pdf-zip', ids: invoice.posted } },
    { query: { format: 'xaf', from: '2026-01-01', until: '2026-12-31' } },
  ],
  readInvoiceDocument: ({ invoice }) => [
    { params: { id: invoice.posted, kind: 'pdf-with-hours' }, query: { save: 'true' } },
    { params: { id: invoice.draft, kind: 'pdf' } },
  ],
  listSeries: () => [{}, { query: { archived: 'true' } }],
  createSeries: ({ word }) => [{ body: { name: `${word} creditfacturen`, pattern: `${word[0]}C{year}-{0000}` } }],
  orderLines: ({ invoice, line }) => [ofRow(['invoice', invoice.ordered], { lineIds: line.ordered.toReversed() })],
  discountInvoice: ({ invoice }) => [
    ofRow(['invoice', invoice.draft], { percent: '10' }),
    ofRow(['invoice', invoice.draft], { amount: '5.00' }),
  ],
  readInvoiceTexts: () => [{}],
  changeInvoiceTexts: ({ firm, word }) => [{ row: ['firm', firm.id], body: { nl: { closing: `${word} dankt u.` } } }],
  changeSeries: ({ series, word }) => [ofRow(['series', series], { name: `${word} facturen` })],
}
