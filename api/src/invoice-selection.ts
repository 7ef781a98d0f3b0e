import { z } from 'zod'
import { calendarDate, flag, id, instant, many, selectionOf } from './shapes.ts'

export const invoiceState = z.enum(['draft', 'sent', 'credited'])
/** Where a sent invoice stands: `to-refund` when more was paid than is owed. */
export const paymentState = z.enum(['open', 'partly-paid', 'paid', 'credited', 'to-refund'])

/** Filters of the list of invoices, in the address. */
export const invoiceFilter = {
  state: many(invoiceState),
  paymentState: many(paymentState),
  /** Something of it is still to be paid, and its due date is past. */
  overdue: flag.optional(),
  customerId: many(id),
  from: calendarDate.optional(),
  until: calendarDate.optional(),
  search: z.string().max(100).optional(),
  /** Has it reached the books: `false` finds what is still to be posted. */
  posted: flag.optional(),
  updatedSince: instant.optional(),
}

const some = <T extends z.ZodType>(one: T) => z.array(one).max(200).optional()

/** The same filters in a body, where lists are lists and switches are switches. One that is not known must not find more than was meant. */
export const invoiceSelectionFilter = z.strictObject({
  state: some(invoiceState),
  paymentState: some(paymentState),
  overdue: z.boolean().optional(),
  customerId: some(id),
  from: calendarDate.optional(),
  until: calendarDate.optional(),
  search: z.string().max(100).optional(),
  posted: z.boolean().optional(),
  updatedSince: instant.optional(),
})

/** Invoices chosen one by one, or all that the list finds. */
export const invoiceSelection = selectionOf(invoiceSelectionFilter)
