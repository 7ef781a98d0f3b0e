import { z } from 'zod'
import { expenseSelectionFilter } from './expenses.ts'
import { hourSelectionFilter } from './hours.ts'
import { groupBy, leftOut, lineKind, splitBy } from './invoices.ts'
import { inBooksNow, settledState } from './payments.ts'
import { postingState, previewDocument } from './postings.ts'
import { routes } from './route.ts'
import { byId, calendarDate, explained, id, instant, many, page, paging, selectionOf, version } from './shapes.ts'
import { tripSelectionFilter } from './trips.ts'

/**
 * `reserved`: posted, not yet known; `made`: it exists there; `printed`: and is booked; `gone`: deleted there;
 * `released`: given up before it existed, or by a person who says that it does not. The last two hold no entries.
 */
export const packageInvoiceState = z.enum(['reserved', 'made', 'printed', 'gone', 'released'])

const project = z.object({ id, name: z.string() })

/** The connection that makes it, and whether the package prints, and so books, what it makes. */
const madeBy = z.object({
  id,
  package: z.string(),
  packageName: z.string(),
  administrationName: z.string(),
  mode: z.string(),
  printed: z.boolean(),
  /** What is posted goes out when somebody has signed in there again. */
  accessLost: z.boolean(),
})

/** A document as the package will receive it. */
export const packageInvoicePreview = z
  .object({
    /** Stands for all that is in it: post what you saw by naming it. */
    key: z.string(),
    customerId: id,
    customerName: z.string(),
    customerCode: z.string().nullable(),
    customerIs: z.enum(['known', 'linked', 'asked', 'created']),
    projects: z.array(project),
    closesProjectId: id.nullable(),
    kind: z.enum(['invoice', 'credit']),
    state: z.enum(['ready', 'needs-you']),
    journal: previewDocument.shape.journal,
    date: calendarDate,
    dueDate: calendarDate,
    period: previewDocument.shape.period,
    paymentTerm: previewDocument.shape.paymentTerm,
    currency: z.string(),
    /** The invoice reference of the project. */
    description: z.string(),
    orderNumber: z.string().nullable(),
    lines: previewDocument.shape.lines,
    vatPerRate: previewDocument.shape.vatPerRate,
    net: z.string(),
    vat: z.string(),
    gross: z.string(),
    /** How many entries it holds. */
    entries: z.int(),
    problems: previewDocument.shape.problems,
    notes: z.array(explained),
    /** The exact payload, as text. */
    payload: z.string().nullable(),
  })
  .meta({ id: 'PackageInvoicePreview' })

const amounts = z.object({ currency: z.string(), net: z.string(), vat: z.string(), gross: z.string() })

const chosen = {
  hours: selectionOf(hourSelectionFilter).optional(),
  expenses: selectionOf(expenseSelectionFilter).optional(),
  trips: selectionOf(tripSelectionFilter).optional(),
  instalmentIds: z.array(id).max(5000).optional(),
  subscriptionPeriodIds: z.array(id).max(5000).optional(),
  closesProjectId: id.optional().meta({
    description: 'The closing document of this project: the whole price, less what earlier documents came to',
  }),
  groupBy: groupBy.default('activity'),
  splitBy: splitBy.default('customer'),
  date: calendarDate.optional().meta({ description: 'Today in the firm’s time zone when left out' }),
}

export const packageInvoice = z
  .object({
    id,
    state: packageInvoiceState,
    kind: z.enum(['invoice', 'credit']),
    connectionId: id,
    package: z.string(),
    packageName: z.string(),
    customerId: id,
    customerName: z.string(),
    projects: z.array(project),
    closesProjectId: id.nullable(),
    date: calendarDate,
    dueDate: calendarDate,
    currency: z.string(),
    description: z.string(),
    orderNumber: z.string().nullable(),
    entries: z.int(),
    /** As we drafted it. */
    net: z.string(),
    vat: z.string(),
    gross: z.string(),
    /** As the package made it, which is what the customer receives. */
    theirNumber: z.string().nullable(),
    theirVat: z.string().nullable(),
    theirGross: z.string().nullable(),
    differs: z.boolean(),
    url: z.string().nullable(),
    posting: z.object({ id, state: postingState, reference: z.string(), problem: explained.nullable(), version }),
    /** Of its printing, where the package prints by a call of its own. */
    printing: z.object({ id, state: postingState, problem: explained.nullable() }).nullable(),
    /** What the package says was paid of it; null while it is not booked there. */
    books: inBooksNow.nullable(),
    /** Why it holds its entries no more. */
    ended: z.object({ why: z.string(), at: instant }).nullable(),
    createdBy: z.string().nullable(),
    createdAt: instant,
    updatedAt: instant,
    version,
  })
  .meta({ id: 'PackageInvoice' })

const line = z.object({
  id,
  kind: lineKind,
  description: z.string(),
  quantity: z.string(),
  unit: z.string(),
  unitPrice: z.string(),
  net: z.string(),
  vat: z.string(),
  vatRate: z.string(),
  vatTreatmentLabel: z.string(),
  registeredMinutes: z.int().nullable(),
  entries: z.array(
    z.object({
      id,
      date: calendarDate,
      minutes: z.int().nullable(),
      km: z.string().nullable(),
      amount: z.string().nullable(),
      memberName: z.string().nullable(),
      about: z.string(),
    }),
  ),
})

export const packageInvoiceRoutes = routes({
  previewPackageInvoices: {
    id: 'preview-package-invoices',
    method: 'POST',
    path: '/package-invoices/preview',
    summary:
      'Dry run: the invoices that the accounting package would make of these entries, each as it will receive it, with every problem known beforehand; nothing leaves',
    tag: 'Postings',
    access: 'postings:write',
    body: z.object(chosen),
    answer: z.object({
      connection: madeBy.nullable(),
      documents: z.array(packageInvoicePreview),
      leftOut: z.array(leftOut),
      /** Of those that are ready. */
      totals: z.array(amounts),
      ready: z.int(),
      needsYou: z.int(),
      /** Stands in the way of all: no package, or one that makes no invoices. */
      problem: explained.nullable(),
      /** Something may have been mended there since its lists were read: look again at the next event. */
      listsBeingRead: z.boolean().optional(),
    }),
  },
  createPackageInvoices: {
    id: 'create-package-invoices',
    method: 'POST',
    path: '/package-invoices',
    summary:
      'Let the accounting package make invoices of these entries, which are reserved in the same transaction; what cannot go is left out and named',
    tag: 'Postings',
    access: 'postings:write',
    status: 202,
    body: z.object({
      ...chosen,
      documents: z.array(z.string().max(100)).max(5000).optional().meta({
        description:
          'Keys from the preview: these documents and no others, exactly as they were seen; when one is not the same any more nothing is posted',
      }),
    }),
    answer: z.object({
      rows: z.array(packageInvoice),
      /** Which document of the preview each of them is. */
      made: z.array(z.object({ key: z.string(), id })),
      leftOut: z.array(leftOut),
    }),
  },
  listPackageInvoices: {
    id: 'list-package-invoices',
    method: 'GET',
    path: '/package-invoices',
    summary: 'Invoices that the accounting package made of our entries, the latest first',
    tag: 'Postings',
    access: 'invoices:read',
    query: z.object({
      ...paging,
      state: many(packageInvoiceState),
      payment: many(settledState),
      customerId: many(id),
      connectionId: id.optional(),
      ids: many(id),
      from: calendarDate.optional(),
      until: calendarDate.optional(),
      search: z.string().max(100).optional(),
    }),
    answer: page(packageInvoice),
  },
  readPackageInvoice: {
    id: 'read-package-invoice',
    method: 'GET',
    path: '/package-invoices/{id}',
    summary: 'One invoice made in the accounting package: its lines and entries, and what happened to it',
    tag: 'Postings',
    access: 'invoices:read',
    params: byId,
    answer: packageInvoice.extend({
      vatPerRate: previewDocument.shape.vatPerRate,
      lines: z.array(line),
      history: z.array(z.object({ act: z.string(), actor: z.string(), at: instant, why: z.string().nullable() })),
    }),
  },
  releasePackageInvoice: {
    id: 'release-package-invoice',
    method: 'POST',
    path: '/package-invoices/{id}/release',
    summary:
      'A person says that the document is not in the package any more: its entries can be invoiced again. Changes nothing in the package',
    tag: 'Postings',
    access: 'postings:write',
    versioned: true,
    params: byId,
    body: z.object({ why: z.string().trim().min(1).max(300) }),
    answer: packageInvoice,
  },
})
