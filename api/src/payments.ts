import { z } from 'zod'
import { invoiceSelection, paymentState } from './invoice-selection.ts'
import { routes } from './route.ts'
import { byId, calendarDate, currency, decimal, explained, id, instant, longText, version } from './shapes.ts'

export const paymentWay = z.enum(['bank', 'card', 'cash', 'set-off', 'other'])

const cents = decimal.meta({ description: 'In the currency of the invoice, at most two decimals', example: '121.00' })

export const payment = z
  .object({
    id,
    invoiceId: id,
    date: calendarDate,
    /** Below zero is money that went back. */
    amount: decimal,
    way: paymentWay,
    note: z.string(),
    /** Registered by hand, or read from the accounting package. */
    source: z.enum(['hand', 'package']),
    registeredBy: z.string().nullable(),
    registeredAt: instant,
    /** When it was undone; it counts for nothing since. */
    removedAt: instant.nullable(),
    /** Of a payment by hand: how much of it the books tell of too; only what is left of it counts beside them. */
    inBooks: decimal,
    version,
  })
  .meta({ id: 'Payment' })

const standing = {
  currency,
  gross: decimal,
  credited: decimal,
  paid: decimal,
  outstanding: decimal.meta({ description: 'Below zero is to be refunded' }),
  paymentState: paymentState.nullable(),
  overdueDays: z.int().nullable(),
}

/** How far the accounting package has what was posted as paid; it may go back. */
export const settledState = z.enum(['open', 'partly-paid', 'paid', 'settled', 'over-paid', 'unknown']).meta({
  description:
    '`settled`: nothing is left of it and no payment is known, so it was written off or set off there; `unknown`: the package tells nothing of it that can be reckoned with',
})

/** What the accounting package says of a document that was posted. */
export const inBooksNow = z
  .object({
    connectionId: id,
    packageName: z.string(),
    mode: z.enum(['sandbox', 'live']),
    postingId: id,
    number: z.string().nullable(),
    url: z.string().nullable(),
    /** Null while the package was never asked. */
    state: settledState.nullable(),
    /** Why nothing can be said: it is gone there, stands in another currency, or a credit note of it was not posted there. */
    why: z.enum(['gone', 'other-currency', 'credit-note-unseen']).nullable(),
    outstanding: decimal.nullable(),
    lastPaidOn: calendarDate.nullable(),
    /** When payments were last read from the package as a whole. */
    seenAt: instant.nullable(),
    /** When this state was first seen. */
    changedAt: instant.nullable(),
    /** Whether it may be asked again: signed in, and the package offers it. */
    canLook: z.boolean(),
  })
  .meta({ id: 'InBooksNow' })

const invoicePayments = z.object({
  invoiceId: id,
  /** Of the invoice: send it back in If-Match to register a payment. */
  version,
  ...standing,
  /** Of what was posted; null when it was not. */
  books: inBooksNow.nullable(),
  /** Oldest first, undone ones among them. */
  rows: z.array(payment),
})

const madePayment = invoicePayments
  .extend({
    payment,
    /** Worth a look, but registered. */
    warnings: z.array(explained),
  })
  .meta({ id: 'MadePayment' })

const asked = {
  date: calendarDate.meta({ description: 'Not in the future; before the invoice date is a prepayment' }),
  way: paymentWay.default('bank'),
}

const lateAmounts = z.object({ invoices: z.int(), amount: decimal })

export const outstandingReport = z
  .object({
    /** The day in the firm's time zone that ages are counted to. */
    asAt: calendarDate,
    currencies: z.array(
      z.object({
        currency,
        open: lateAmounts,
        overdue: lateAmounts,
        toRefund: lateAmounts,
        /** Of what is open, by the days since it was due. */
        ages: z.array(
          z.object({ bucket: z.enum(['not-due', '1-30', '31-60', '61-90', 'over-90']), ...lateAmounts.shape }),
        ),
      }),
    ),
    /** Who owes most first within a currency; at most fifty of each. */
    customers: z.array(
      z.object({
        customerId: id,
        customerName: z.string(),
        currency,
        open: decimal,
        overdue: decimal,
        /** Of the invoice that is latest; null when none is late. */
        overdueDays: z.int().nullable(),
      }),
    ),
  })
  .meta({ id: 'OutstandingReport' })

export const paymentRoutes = routes({
  listPayments: {
    id: 'list-payments',
    method: 'GET',
    path: '/invoices/{id}/payments',
    summary: 'What was paid of an invoice, and what is outstanding',
    tag: 'Payments',
    access: 'invoices:read',
    params: byId,
    answer: invoicePayments.meta({ id: 'InvoicePayments' }),
  },
  createPayment: {
    id: 'create-payment',
    method: 'POST',
    path: '/invoices/{id}/payments',
    summary: 'Register a payment of a sent invoice; If-Match carries the version of the invoice',
    tag: 'Payments',
    access: 'invoices:write',
    versioned: true,
    status: 201,
    params: byId,
    body: z.object({
      ...asked,
      amount: cents.meta({ description: 'Below zero for a refund, where something is to be refunded' }),
      note: longText(500).default(''),
      allowOver: z
        .boolean()
        .default(false)
        .meta({ description: 'More than is outstanding is meant, not a slip: the rest is then to be refunded' }),
    }),
    answer: madePayment,
  },
  undoPayment: {
    id: 'undo-payment',
    method: 'DELETE',
    path: '/payments/{id}',
    summary: 'Undo a payment; it is kept, and counts for nothing',
    tag: 'Payments',
    access: 'invoices:write',
    versioned: true,
    params: byId,
    status: 204,
  },
  restorePayment: {
    id: 'restore-payment',
    method: 'POST',
    path: '/payments/{id}/restoration',
    summary: 'Let a payment that was undone count again',
    tag: 'Payments',
    access: 'invoices:write',
    params: byId,
    body: z.object({
      allowOver: z.boolean().default(false).meta({ description: 'As when it was registered' }),
    }),
    answer: madePayment,
  },
  undoPayments: {
    id: 'undo-payments',
    method: 'POST',
    path: '/payments/undoings',
    summary: 'Undo many payments, such as those of a selection that was marked as paid',
    tag: 'Payments',
    access: 'invoices:write',
    body: z.object({ ids: z.array(id).min(1).max(5000) }),
    answer: z
      .object({
        undone: z.int(),
        rows: z.array(
          z.object({
            id,
            /** Why it was left as it is; null when it is undone. */
            problem: explained.nullable(),
          }),
        ),
      })
      .meta({ id: 'UndonePayments' }),
  },
  payInvoices: {
    id: 'pay-invoices',
    method: 'POST',
    path: '/invoices/payments',
    summary: 'Mark invoices as paid: each gets a payment of what is outstanding of it',
    tag: 'Payments',
    access: 'invoices:write',
    body: z.object({ selection: invoiceSelection, ...asked }),
    answer: z
      .object({
        paid: z.int(),
        /** What was registered. */
        amounts: z.array(z.object({ currency, amount: decimal })),
        rows: z.array(
          z.object({
            invoiceId: id,
            number: z.string().nullable(),
            customerName: z.string().nullable(),
            /** Null when it was left out. */
            payment: z.object({ id, amount: decimal, currency, version }).nullable(),
            /** Why it was left out. */
            problem: explained.nullable(),
          }),
        ),
      })
      .meta({ id: 'PaidInvoices' }),
  },
  reportOutstanding: {
    id: 'report-outstanding',
    method: 'GET',
    path: '/reports/outstanding',
    summary: 'What customers still owe, by how late it is',
    tag: 'Reports',
    access: 'invoices:read',
    answer: outstandingReport,
  },
})
