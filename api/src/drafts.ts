import { z } from 'zod'
import { invoice } from './invoices.ts'
import { routes } from './route.ts'
import { byId, decimal, id, longText } from './shapes.ts'

const texts = z.object({ introduction: longText(2000), closing: longText(2000) })

/** What stands above and below the lines of every new draft, in the language of the invoice. */
export const invoiceTexts = z.object({ nl: texts, en: texts, version: z.int() }).meta({ id: 'InvoiceTexts' })

export const draftRoutes = routes({
  orderLines: {
    id: 'order-lines',
    method: 'PUT',
    path: '/invoices/{id}/lines/order',
    summary: 'Put the lines of a draft in another order',
    tag: 'Invoices',
    access: 'invoices:write',
    versioned: true,
    params: byId,
    body: z.object({ lineIds: z.array(id).min(1).max(5000).meta({ description: 'Every line of the draft, once' }) }),
    answer: invoice,
  },
  discountInvoice: {
    id: 'discount-invoice',
    method: 'POST',
    path: '/invoices/{id}/discount',
    summary:
      'Discount on a whole draft: a percentage on each of its lines, or an amount as one line for each VAT rate; what is passed on without turnover stays as it is',
    tag: 'Invoices',
    access: 'invoices:write',
    versioned: true,
    params: byId,
    body: z.object({
      percent: decimal.nullable().optional().meta({ description: 'null takes the discount off the lines' }),
      amount: decimal.optional().meta({ description: 'Before VAT, above zero; goes over the VAT rates by their nets' }),
    }),
    answer: invoice,
  },
  readInvoiceTexts: {
    id: 'read-invoice-texts',
    method: 'GET',
    path: '/invoice-texts',
    summary: 'Texts that stand on every new draft, per language',
    tag: 'Invoices',
    access: 'invoices:read',
    answer: invoiceTexts,
  },
  changeInvoiceTexts: {
    id: 'change-invoice-texts',
    method: 'PATCH',
    path: '/invoice-texts',
    summary: 'Change the texts that stand on every new draft; drafts that are there keep theirs',
    tag: 'Invoices',
    access: 'firm:write',
    versioned: true,
    body: z.object({ nl: texts.partial(), en: texts.partial() }).partial(),
    answer: invoiceTexts,
  },
})
