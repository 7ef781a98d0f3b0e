import { z } from 'zod'
import { task } from './connections.ts'
import { exportQuery } from './overviews.ts'
import { routes } from './route.ts'
import {
  byId,
  calendarDate,
  currency,
  decimal,
  explained,
  id,
  instant,
  many,
  page,
  paging,
  shortText,
  version,
} from './shapes.ts'

export const differenceKind = z.enum(['deleted', 'amounts', 'changed', 'posted-differently', 'not-attached'])
export const differenceState = z.enum(['open', 'accepted', 'solved'])

/** A posted document that the books show otherwise than it was posted. */
export const booksDifference = z
  .object({
    id,
    kind: differenceKind,
    state: differenceState,
    /** One line each, in the reader's language: what it is, what it means and what can be done. */
    title: z.string(),
    detail: z.string(),
    remedy: z.string(),
    fields: z.array(
      z.object({
        field: z.string(),
        label: z.string(),
        as: z.enum(['text', 'date', 'money']),
        posted: z.string().nullable(),
        now: z.string().nullable(),
      }),
    ),
    connectionId: id,
    packageName: z.string(),
    postingId: id,
    /** Its number here, or the customer where it has none. */
    label: z.string(),
    theirNumber: z.string().nullable(),
    url: z.string().nullable(),
    invoiceId: id.nullable(),
    packageInvoiceId: id.nullable(),
    customerName: z.string().nullable(),
    currency: currency.nullable(),
    gross: decimal.nullable(),
    /** What may be done with it now. */
    can: z.array(z.enum(['post-again', 'release', 'credit', 'send-file', 'accept', 'reopen'])),
    /** Why it was accepted as it is, and by whom. */
    reason: z.string().nullable(),
    decidedBy: z.string().nullable(),
    decidedAt: instant.nullable(),
    solvedHow: z.enum(['as-before', 'posted-again', 'freed']).nullable(),
    firstSeenAt: instant,
    seenAt: instant,
    version,
  })
  .meta({ id: 'BooksDifference' })

export const reconciliation = z
  .object({
    id,
    connectionId: id,
    packageName: z.string(),
    administrationName: z.string().nullable(),
    mode: z.enum(['sandbox', 'live']),
    scope: z.enum(['open-periods', 'all']),
    state: z.enum(['running', 'done', 'failed']),
    /** `well`: everything that was looked at is as it was posted, or was accepted as it is. */
    outcome: z.enum(['well', 'differs', 'cannot-know']).nullable(),
    /** Documents that were compared, and those that could not be. */
    documents: z.int(),
    unknown: z.int(),
    differing: z.int(),
    accepted: z.int(),
    /** As before again since the comparison before. */
    solved: z.int(),
    totals: z.array(z.object({ currency, documents: z.int(), gross: decimal })),
    problem: explained.nullable(),
    startedBy: z.string().nullable(),
    startedAt: instant,
    finishedAt: instant.nullable(),
  })
  .meta({ id: 'Reconciliation' })

const comingBack = z
  .object({
    connectionId: id,
    packageName: z.string(),
    /** What the package offers of it. */
    offers: z.object({ payments: z.boolean(), reconciliation: z.boolean() }),
    nightlyPayments: z.boolean(),
    nightlyReconciliation: z.boolean(),
    paymentsReadAt: instant.nullable(),
    /** How far posted documents are paid, by what the package says. */
    settled: z.object({
      open: z.int(),
      'partly-paid': z.int(),
      paid: z.int(),
      settled: z.int(),
      'over-paid': z.int(),
      unknown: z.int(),
    }),
    lastReconciliation: reconciliation.nullable(),
    differing: z.int(),
    /** At work now. */
    tasks: z.array(task),
  })
  .meta({ id: 'ComingBack' })

const vatPeriod = {
  from: calendarDate,
  until: calendarDate,
  by: z.enum(['date', 'booked']).default('date').meta({
    description: '`date`: by invoice date, where its VAT belongs; `booked`: by the period it was booked in',
  }),
}
const amounts = { invoices: z.int(), base: decimal, vat: decimal }
const booked = z.enum(['posted', 'differs', 'not-posted', 'already-in-books'])

export const vatOverview = z
  .object({
    from: calendarDate,
    until: calendarDate,
    by: z.enum(['date', 'booked']),
    /** Of the firm; every amount is in it, unless another stands beside. */
    currency,
    lines: z.array(
      z.object({
        treatment: z.string(),
        label: z.string(),
        rate: decimal,
        /** Box of the return of the firm's country, where the case alone decides it. */
        box: z.string().nullable(),
        ...amounts,
      }),
    ),
    total: z.object(amounts),
    /** Services to businesses elsewhere in the Union, per VAT id. */
    euServices: z.array(
      z.object({
        customerId: id,
        name: z.string(),
        vatId: z.string().nullable(),
        country: z.string().nullable(),
        base: decimal,
        invoices: z.int(),
      }),
    ),
    /** In another currency without a rate: in none of the figures. */
    withoutRate: z.array(z.object({ invoiceId: id, number: z.string(), currency })),
    /** What of it stands in the books, as they showed it; null while no package is connected. */
    books: z
      .object({
        packageName: z.string(),
        posted: z.array(
          z.object({
            currency,
            invoices: z.int(),
            gross: decimal,
            vat: decimal,
            theirGross: decimal,
            /** Null where the package does not tell the VAT of every document. */
            theirVat: decimal.nullable(),
            differing: z.int(),
          }),
        ),
        notPosted: z.object(amounts),
        alreadyInBooks: z.object(amounts),
      })
      .nullable(),
    /**
     * What an accounting package made of our entries, by invoice date and by its own totals; in none of the figures above,
     * since the VAT case of each line is the package's own.
     */
    made: z.array(
      z.object({
        packageName: z.string(),
        currency,
        /** Whether these are in its books: printed, where it prints. */
        isBooked: z.boolean(),
        documents: z.int(),
        /** Null where the package does not tell it of every document. */
        net: decimal.nullable(),
        vat: decimal.nullable(),
        gross: decimal.nullable(),
      }),
    ),
  })
  .meta({ id: 'VatOverview' })

export const vatInvoiceRow = z
  .object({
    invoiceId: id,
    number: z.string(),
    kind: z.enum(['invoice', 'credit']),
    date: calendarDate,
    /** First day of the period it was booked in, when that is another than its own. */
    bookedIn: calendarDate.nullable(),
    customerName: z.string(),
    currency,
    /** Of the case that was asked for, else of the whole invoice; in its own currency. */
    base: decimal,
    vat: decimal,
    gross: decimal,
    theirGross: decimal.nullable(),
    theirVat: decimal.nullable(),
    theirNumber: z.string().nullable(),
    booked,
  })
  .meta({ id: 'VatInvoiceRow' })

const oneCase = {
  treatment: many(z.string().max(40)),
  rate: decimal.optional(),
  customerId: id.optional(),
  booked: many(booked),
}

export const comingBackRoutes = routes({
  readPayments: {
    id: 'read-payments',
    method: 'POST',
    path: '/connections/{id}/payments',
    summary: 'Read from the package what was paid of posted documents; one that runs already is answered instead',
    tag: 'Coming back',
    access: 'invoices:write',
    params: byId,
    status: 202,
    body: z.object({ full: z.boolean().default(false).meta({ description: 'Everything, not only what changed' }) }),
    answer: task,
  },
  startReconciliation: {
    id: 'start-reconciliation',
    method: 'POST',
    path: '/connections/{id}/reconciliations',
    summary: 'Compare every posted document with the books; one that runs already is answered instead',
    tag: 'Coming back',
    access: 'postings:write',
    params: byId,
    status: 202,
    body: z.object({ scope: z.enum(['open-periods', 'all']).default('open-periods') }),
    answer: task,
  },
  readComingBack: {
    id: 'read-coming-back',
    method: 'GET',
    path: '/connections/{id}/coming-back',
    summary: 'What comes back from a package by itself, and how it stands',
    tag: 'Coming back',
    access: 'postings:read',
    params: byId,
    answer: comingBack,
  },
  changeComingBack: {
    id: 'change-coming-back',
    method: 'PATCH',
    path: '/connections/{id}/coming-back',
    summary: 'Read payments and compare with the books every night, or not',
    tag: 'Coming back',
    access: 'connections:write',
    params: byId,
    body: z.object({ nightlyPayments: z.boolean().optional(), nightlyReconciliation: z.boolean().optional() }),
    answer: comingBack,
  },
  listReconciliations: {
    id: 'list-reconciliations',
    method: 'GET',
    path: '/reconciliations',
    summary: 'Comparisons with the books, newest first',
    tag: 'Coming back',
    access: 'postings:read',
    query: z.object({ ...paging, connectionId: id.optional() }),
    answer: page(reconciliation),
  },
  readReconciliation: {
    id: 'read-reconciliation',
    method: 'GET',
    path: '/reconciliations/{id}',
    summary: 'The report of one comparison',
    tag: 'Coming back',
    access: 'postings:read',
    params: byId,
    answer: reconciliation,
  },
  listDifferences: {
    id: 'list-books-differences',
    method: 'GET',
    path: '/books-differences',
    summary: 'Posted documents that the books show otherwise, with what can be done',
    tag: 'Coming back',
    access: 'postings:read',
    query: z.object({
      ...paging,
      state: differenceState.default('open'),
      connectionId: id.optional(),
      kind: differenceKind.optional(),
      postingId: id.optional(),
    }),
    answer: page(booksDifference),
  },
  acceptDifference: {
    id: 'accept-books-difference',
    method: 'POST',
    path: '/books-differences/{id}/acceptance',
    summary: 'Accept a difference as it is, until it differs in another way',
    tag: 'Coming back',
    access: 'postings:write',
    versioned: true,
    params: byId,
    body: z.object({ reason: shortText(300) }),
    answer: booksDifference,
  },
  reopenDifference: {
    id: 'reopen-books-difference',
    method: 'POST',
    path: '/books-differences/{id}/reopening',
    summary: 'Take back that a difference was accepted',
    tag: 'Coming back',
    access: 'postings:write',
    versioned: true,
    params: byId,
    answer: booksDifference,
  },
  postDeletedAgain: {
    id: 'post-deleted-again',
    method: 'POST',
    path: '/books-differences/{id}/posting',
    summary: 'Post an invoice once more, under a new reference, of which the entry was deleted in the books',
    tag: 'Coming back',
    access: 'postings:write',
    versioned: true,
    params: byId,
    status: 202,
    body: z.object({ reason: shortText(300) }),
    answer: z.object({ difference: booksDifference, postingId: id }).meta({ id: 'PostedAgain' }),
  },
  releaseDeleted: {
    id: 'release-deleted',
    method: 'POST',
    path: '/books-differences/{id}/release',
    summary: 'Free the entries of an invoice that was made in the package and deleted there',
    tag: 'Coming back',
    access: 'postings:write',
    versioned: true,
    params: byId,
    body: z.object({ reason: shortText(300) }),
    answer: booksDifference,
  },
  readVatOverview: {
    id: 'read-vat-overview',
    method: 'GET',
    path: '/vat-overview',
    summary: 'VAT by case and rate, and services per EU customer, from sent invoices beside the books',
    tag: 'Reports',
    access: 'invoices:read',
    query: z.object({ ...vatPeriod, connectionId: id.optional() }),
    answer: vatOverview,
  },
  listVatInvoices: {
    id: 'list-vat-invoices',
    method: 'GET',
    path: '/vat-overview/invoices',
    summary: 'The invoices behind a VAT overview, or behind one line of it',
    tag: 'Reports',
    access: 'invoices:read',
    query: z.object({ ...paging, ...vatPeriod, ...oneCase, connectionId: id.optional() }),
    answer: page(vatInvoiceRow),
  },
  exportVatOverview: {
    id: 'export-vat-overview',
    method: 'GET',
    path: '/vat-overview/export',
    summary:
      'A VAT overview as CSV or XLSX: its lines, its EU customers, every invoice behind it, or what a package made itself',
    tag: 'Reports',
    access: 'invoices:read',
    query: z.object({
      ...vatPeriod,
      ...oneCase,
      separator: exportQuery.separator,
      what: z.enum(['lines', 'eu-services', 'invoices', 'made']).default('lines'),
      format: exportQuery.format,
      connectionId: id.optional(),
    }),
    gives: 'bytes',
  },
})
