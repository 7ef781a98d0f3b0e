import { z } from 'zod'
import { routes } from './route.ts'
import { byId, flag, id } from './shapes.ts'

const kind = z.enum(['pdf', 'pdf-with-hours', 'ubl', 'factur-x'])

export const documentRoutes = routes({
  listInvoiceDocuments: {
    id: 'list-invoice-documents',
    method: 'GET',
    path: '/invoices/{id}/documents',
    summary: 'Which documents there are of an invoice, and the rules of e-invoicing that it breaks',
    tag: 'Invoices',
    access: 'invoices:read',
    params: byId,
    answer: z.object({
      /** What can be had now; UBL and Factur-X of a sent invoice alone. */
      kinds: z.array(kind),
      /** A network or receiver may refuse the e-invoice for these; with `sums` none is made. */
      broken: z.array(
        z.object({
          /** As the official rule sets name it: `NL-R-005`. */
          rule: z.string(),
          about: z.enum(['sums', 'parties', 'references', 'dates']),
          /** Where it is mended. */
          at: z.enum(['invoice', 'customer', 'firm']),
          says: z.string(),
          mend: z.string(),
        }),
      ),
    }),
  },
  readInvoiceDocument: {
    id: 'read-invoice-document',
    method: 'GET',
    path: '/invoices/{id}/documents/{kind}',
    summary: 'PDF, UBL or Factur-X of an invoice: always the same bytes once it is sent; of a draft a PDF to look at',
    tag: 'Invoices',
    access: 'invoices:read',
    params: z.object({ id, kind }),
    query: z.object({ save: flag.optional().meta({ description: 'To be saved instead of shown' }) }),
    gives: 'bytes',
  },
})
