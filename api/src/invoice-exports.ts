import { z } from 'zod'
import { invoiceFilter } from './invoice-selection.ts'
import { invoiceRoutes } from './invoices.ts'
import { exportQuery } from './overviews.ts'
import { routes } from './route.ts'

/** `xaf`: XML Auditfile Financieel 3.2 of the sales entries alone, of one calendar year. */
export const invoiceExportFormats = ['csv', 'xlsx', 'pdf-zip', 'ubl-zip', 'xaf'] as const

export const invoiceExportRoutes = routes({
  exportInvoices: {
    id: 'export-invoices',
    method: 'GET',
    path: '/invoices/export',
    summary: 'Everything the list of invoices finds, as CSV, XLSX, a ZIP of their PDF or UBL files, or an audit file',
    tag: 'Invoices',
    access: 'invoices:read',
    query: z.object({
      ...invoiceFilter,
      ...exportQuery,
      format: z.enum(invoiceExportFormats).default('csv').meta({
        description:
          'Of drafts only CSV and XLSX tell; a ZIP names in a text file what is not in it. An audit file (XAF 3.2) holds sales invoices alone, all of one calendar year',
      }),
      sort: invoiceRoutes.listInvoices.query.shape.sort,
    }),
    gives: 'bytes',
  },
})
