import { z } from 'zod'
import { routes } from './route.ts'
import { calendarDate, currency, decimal, id } from './shapes.ts'

const month = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])$/)
  .meta({ example: '2026-03' })

const amounts = z.array(z.object({ currency, amount: decimal, documents: z.int() }))

/** The oldest of them; `count` says how many there are. */
const documents = z.array(
  z.object({
    id,
    number: z.string().nullable(),
    customerName: z.string(),
    date: calendarDate,
    dueDate: calendarDate.nullable(),
    currency,
    amount: decimal,
  }),
)

export const monthEnd = z
  .object({
    month,
    from: calendarDate,
    /** Last day of the month, or today while it runs. */
    until: calendarDate,
    /** Whether entries are approved in this firm. */
    approval: z.boolean(),
    /** This and what follows stands there for who may see it: submitting and approving with `hours:read`. */
    submitting: z
      .object({
        /** Weeks that nobody said are complete, or of which something was never submitted. */
        weeks: z.int(),
        people: z.array(
          z.object({
            memberId: id,
            memberName: z.string(),
            /** Cannot be asked any more. */
            archived: z.boolean(),
            weeks: z.array(
              z.object({
                year: z.int(),
                week: z.int(),
                monday: calendarDate,
                /** That it is complete was said; what is open came later. */
                submitted: z.boolean(),
                minutes: z.int(),
                contractMinutes: z.int(),
                /** Of the month and never submitted, where entries are approved. */
                open: z.object({ minutes: z.int(), expenses: z.int(), trips: z.int() }),
              }),
            ),
          }),
        ),
      })
      .optional(),
    approving: z
      .object({
        hours: z.int(),
        minutes: z.int(),
        expenses: z.int(),
        trips: z.int(),
        /** Sent back to whoever wrote them. */
        rejected: z.int(),
        people: z.array(z.object({ memberId: id, memberName: z.string(), entries: z.int() })),
      })
      .optional(),
    /** Of the month and before, as far as it is free now; with `reports:read` and `hours:read`. */
    invoicing: z
      .object({
        /** Customers with work to invoice, per currency. */
        count: z.int(),
        totals: z.array(z.object({ currency, amount: decimal })),
        /** The largest of them. */
        customers: z.array(
          z.object({
            customerId: id.nullable(),
            customerName: z.string().nullable(),
            currency,
            amount: decimal,
            withoutRateMinutes: z.int(),
            withoutRateKm: z.string(),
          }),
        ),
        /** Of which there is no rate, so no amount. */
        withoutRateMinutes: z.int(),
        withoutRateKm: z.string(),
      })
      .optional(),
    sending: z.object({ count: z.int(), amounts, drafts: documents }),
    /** This and what was refused with `postings:read`. */
    posting: z
      .object({
        connection: z
          .object({
            id,
            packageName: z.string(),
            state: z.string(),
            /** Whether it tells what was paid. */
            readsPayments: z.boolean(),
          })
          .nullable(),
        count: z.int(),
        amounts,
        invoices: documents,
        /** Of all of them, for the preview; the oldest five hundred. */
        invoiceIds: z.array(id),
        /** On their way. */
        underWay: z.int(),
      })
      .optional(),
    refused: z
      .object({
        count: z.int(),
        /** As the postings page has them. */
        groups: z.array(
          z.object({
            key: z.string(),
            code: z.string(),
            cause: z.string(),
            remedy: z.string(),
            about: z.string().nullable(),
            count: z.int(),
          }),
        ),
      })
      .optional(),
    paying: z.object({
      count: z.int(),
      amounts,
      overdue: z.int(),
      overdueAmounts: amounts,
      invoices: documents,
      /** Of documents that a package made, by what it says; when they are due is the package's own. */
      made: z.object({
        count: z.int(),
        amounts,
        /** Of which it says nothing that can be reckoned with, or was not asked yet. */
        unknown: z.int(),
        /** Made there, and not printed yet. */
        notBooked: z.int(),
      }),
    }),
  })
  .meta({ id: 'MonthEnd' })

export const monthEndRoutes = routes({
  readMonthEnd: {
    id: 'read-month-end',
    method: 'GET',
    path: '/month-end/{month}',
    summary:
      'What stands between a month and its end: not submitted, approved, invoiced, sent, posted, refused, paid; each as far as one may see it',
    tag: 'Reports',
    access: 'invoices:read',
    params: z.object({ month }),
    answer: monthEnd,
  },
  askToSubmit: {
    id: 'ask-to-submit',
    method: 'POST',
    path: '/month-end/{month}/asking',
    summary:
      'Ask people to complete their weeks of this month, by a notice and a letter; by who sees everybody’s hours',
    tag: 'Reports',
    access: 'hours:approve',
    params: z.object({ month }),
    body: z.object({ memberIds: z.array(id).min(1).max(2000) }),
    answer: z.object({
      asked: z.int(),
      /** Those of whom no week is open, or who are archived. */
      leftOut: z.int(),
    }),
  },
})
