import type { packageInvoiceRoutes } from '@uurwerk/api/package-invoices.ts'
import { byId, ofRow, type SamplesOf } from './sample.ts'

export const packageInvoiceSamples: SamplesOf<keyof typeof packageInvoiceRoutes> = {
  previewPackageInvoices: ({ hours, due }) => [
    { body: { hours: { ids: [hours.free] }, date: '2026-03-31' } },
    { body: { closesProjectId: due.closableThere, date: '2026-03-31' } },
  ],
  createPackageInvoices: ({ hours }) => [{ body: { hours: { ids: [hours.free] }, date: '2026-03-31' } }],
  listPackageInvoices: () => [{}, { query: { state: 'made', payment: 'open', search: 'website' } }],
  readPackageInvoice: ({ packageInvoice }) => [byId(packageInvoice)],
  releasePackageInvoice: ({ packageInvoice }) => [
    ofRow(['packageInvoice', packageInvoice], { why: 'In het pakket weggegooid.' }),
  ],
}
