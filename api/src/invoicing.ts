import { z } from 'zod'
import { held } from './entries.ts'
import { invoice } from './invoices.ts'
import { routes } from './route.ts'
import { byId, calendarDate, id, shortText, vatClass, version } from './shapes.ts'

const cents = z
  .string()
  .regex(/^-?\d{1,12}(\.\d{1,2})?$/)
  .meta({ description: 'Amount in cents as decimal text', example: '4500.00' })
const price = z
  .string()
  .regex(/^\d{1,12}(\.\d{1,2})?$/)
  .meta({ description: 'Amount as decimal text, not negative', example: '18000.00' })
const percentage = z
  .string()
  .regex(/^\d{1,3}(\.\d{1,4})?$/)
  .meta({ example: '33.3333' })

export const instalment = z
  .object({
    id,
    activityId: id.nullable(),
    activityName: z.string().nullable(),
    kind: z.enum(['part', 'correction']),
    /** Its place among the parts of the same price, from 1; of a correction null. */
    number: z.int().nullable(),
    description: z.string(),
    amount: z.string(),
    dueOn: calendarDate,
    periodFrom: calendarDate.nullable(),
    periodUntil: calendarDate.nullable(),
    vatClass: vatClass.nullable(),
    /** Stands on a draft or an invoice, so it stays as it is. */
    claimed: z.boolean(),
    invoice: held,
    version,
  })
  .meta({ id: 'Instalment' })

/** Whether the instalments add up to what they are instalments of: the project, or one activity of it. */
const sums = z.object({
  activityId: id.nullable(),
  activityName: z.string().nullable(),
  price: z.string().nullable(),
  sum: z.string(),
  claimed: z.string(),
  /** Price less sum; `0.00` is as it should be. */
  difference: z.string().nullable(),
  parts: z.int(),
})

export const instalments = z
  .object({
    method: z.string(),
    currency: z.string(),
    price: z.string().nullable(),
    /** Of the project, for a change of its prices. */
    version,
    sums: z.array(sums),
    rows: z.array(instalment),
    /** The closing invoice, when there is one. */
    closing: held,
    /** What earlier invoices of the project came to, after their credit notes: what a closing invoice deducts. */
    earlier: z.array(
      z.object({
        id,
        number: z.string(),
        date: calendarDate,
        net: z.string(),
        creditNotes: z.array(z.string()),
        inPackage: z.boolean(),
      }),
    ),
  })
  .meta({ id: 'Instalments' })

const instalmentInput = z.object({
  activityId: id.nullable().optional().meta({ description: 'Where each activity has its own price' }),
  description: shortText(200).optional().meta({ description: 'In the language of the customer when left out' }),
  amount: cents,
  dueOn: calendarDate,
  periodFrom: calendarDate.nullable().optional(),
  periodUntil: calendarDate.nullable().optional(),
  vatClass: vatClass.nullable().optional().meta({ description: 'As the activity or firm says when left out' }),
})

const period = z.enum(['week', 'month', 'quarter', 'year'])

const duePeriod = z.object({
  number: z.int(),
  periodFrom: calendarDate,
  periodUntil: calendarDate,
  dueOn: calendarDate,
  amount: z.string(),
})

export const subscription = z
  .object({
    id,
    description: z.string(),
    amount: z.string(),
    period,
    from: calendarDate,
    until: calendarDate.nullable(),
    inAdvance: z.boolean(),
    lastPeriod: z.enum(['whole', 'by-day']),
    vatClass: vatClass.nullable(),
    /** Periods that have become due, the last first. */
    due: z.array(
      duePeriod.extend({
        id,
        /** Not invoiced, by somebody's choice. */
        skipped: z.boolean(),
        claimed: z.boolean(),
        invoice: held,
        version,
      }),
    ),
    /** The next ones, as they will become due. */
    ahead: z.array(duePeriod),
    version,
  })
  .meta({ id: 'Subscription' })

export const subscriptions = z
  .object({ method: z.string(), currency: z.string(), rows: z.array(subscription) })
  .meta({ id: 'Subscriptions' })

const subscriptionInput = z.object({
  description: shortText(200),
  amount: price,
  period,
  from: calendarDate,
  until: calendarDate.nullable().optional(),
  inAdvance: z.boolean().default(true).meta({ description: 'Due on the first day of a period, else on its last' }),
  lastPeriod: z.enum(['whole', 'by-day']).default('whole'),
  vatClass: vatClass.nullable().optional(),
})

const one = z.object({ id, instalmentId: id })
const oneSubscription = z.object({ id, subscriptionId: id })

export const invoicingRoutes = routes({
  listInstalments: {
    id: 'list-instalments',
    method: 'GET',
    path: '/projects/{id}/instalments',
    summary: 'Prices and instalments of a project, and whether they add up',
    tag: 'Projects',
    access: 'invoices:read',
    params: byId,
    answer: instalments,
  },
  changePrice: {
    id: 'change-price',
    method: 'PUT',
    path: '/projects/{id}/price',
    summary: 'The agreed price of a project, or of each of its activities',
    tag: 'Projects',
    access: 'projects:write',
    versioned: true,
    params: byId,
    body: z.object({
      price: price.nullable().optional(),
      activities: z
        .array(z.object({ activityId: id, price: price.nullable() }))
        .max(200)
        .optional(),
    }),
    answer: instalments,
  },
  createInstalment: {
    id: 'create-instalment',
    method: 'POST',
    path: '/projects/{id}/instalments',
    summary: 'Add an instalment',
    tag: 'Projects',
    access: 'projects:write',
    status: 201,
    params: byId,
    body: instalmentInput,
    answer: instalments,
  },
  splitPrice: {
    id: 'split-price',
    method: 'POST',
    path: '/projects/{id}/instalments/split',
    summary: 'Divide what is not invoiced yet into instalments; takes the place of those that are free',
    tag: 'Projects',
    access: 'projects:write',
    status: 201,
    params: byId,
    body: z.object({
      activityId: id.nullable().optional(),
      by: z.union([
        z.object({ parts: z.int().min(1).max(60) }),
        z.object({ percentages: z.array(percentage).min(1).max(60) }),
      ]),
      dueOn: calendarDate.meta({ description: 'Due day of the first' }),
      every: z.enum(['month', 'quarter', 'year']).default('month'),
    }),
    answer: instalments,
  },
  correctInstalments: {
    id: 'correct-instalments',
    method: 'POST',
    path: '/projects/{id}/instalments/correction',
    summary: 'Make the instalments add up to the price: the last takes the difference, or a correction follows',
    tag: 'Projects',
    access: 'projects:write',
    status: 201,
    params: byId,
    body: z.object({
      activityId: id.nullable().optional(),
      dueOn: calendarDate.optional().meta({ description: 'Of an instalment that is added; today when left out' }),
    }),
    answer: instalments,
  },
  createClosingInvoice: {
    id: 'create-closing-invoice',
    method: 'POST',
    path: '/projects/{id}/closing-invoice',
    summary: 'Make the draft of the closing invoice: the whole price, less what earlier invoices came to, per VAT rate',
    tag: 'Projects',
    access: 'invoices:write',
    status: 201,
    params: byId,
    body: z.object({
      date: calendarDate.optional().meta({ description: 'Today in the firm’s time zone when left out' }),
      seriesId: id.optional().meta({ description: 'The default series when left out' }),
    }),
    answer: invoice,
  },
  changeInstalment: {
    id: 'change-instalment',
    method: 'PATCH',
    path: '/projects/{id}/instalments/{instalmentId}',
    summary: 'Change an instalment that is not on an invoice',
    tag: 'Projects',
    access: 'projects:write',
    versioned: true,
    params: one,
    body: instalmentInput.omit({ activityId: true }).partial(),
    answer: instalments,
  },
  deleteInstalment: {
    id: 'delete-instalment',
    method: 'DELETE',
    path: '/projects/{id}/instalments/{instalmentId}',
    summary: 'Take out an instalment that is not on an invoice',
    tag: 'Projects',
    access: 'projects:write',
    versioned: true,
    params: one,
    answer: instalments,
  },
  listSubscriptions: {
    id: 'list-subscriptions',
    method: 'GET',
    path: '/projects/{id}/subscriptions',
    summary: 'Subscriptions of a project with the periods that are due and those to come',
    tag: 'Projects',
    access: 'invoices:read',
    params: byId,
    answer: subscriptions,
  },
  createSubscription: {
    id: 'create-subscription',
    method: 'POST',
    path: '/projects/{id}/subscriptions',
    summary: 'Add a subscription; what is due already becomes due at once',
    tag: 'Projects',
    access: 'projects:write',
    status: 201,
    params: byId,
    body: subscriptionInput,
    answer: subscriptions,
  },
  changeSubscription: {
    id: 'change-subscription',
    method: 'PATCH',
    path: '/projects/{id}/subscriptions/{subscriptionId}',
    summary: 'Change or end a subscription; periods on an invoice stay as they are',
    tag: 'Projects',
    access: 'projects:write',
    versioned: true,
    params: oneSubscription,
    body: subscriptionInput.partial().extend({
      inAdvance: z.boolean().optional(),
      lastPeriod: z.enum(['whole', 'by-day']).optional(),
      dueToo: z
        .boolean()
        .optional()
        .meta({ description: 'A new amount also for periods that are due and not invoiced; else from the next on' }),
    }),
    answer: subscriptions,
  },
  deleteSubscription: {
    id: 'delete-subscription',
    method: 'DELETE',
    path: '/projects/{id}/subscriptions/{subscriptionId}',
    summary: 'Delete a subscription of which nothing was invoiced',
    tag: 'Projects',
    access: 'projects:write',
    versioned: true,
    params: oneSubscription,
    answer: subscriptions,
  },
  changeSubscriptionPeriod: {
    id: 'change-subscription-period',
    method: 'PATCH',
    path: '/projects/{id}/subscription-periods/{periodId}',
    summary: 'Skip a period that is due, or bring it back',
    tag: 'Projects',
    access: 'projects:write',
    versioned: true,
    params: z.object({ id, periodId: id }),
    body: z.object({ skipped: z.boolean() }),
    answer: subscriptions,
  },
})
