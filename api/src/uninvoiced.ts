import { z } from 'zod'
import { expenseSelectionFilter } from './expenses.ts'
import { hourSelectionFilter } from './hours.ts'
import { draftsMade, groupBy, splitBy } from './invoices.ts'
import { exportQuery } from './overviews.ts'
import { routes } from './route.ts'
import { calendarDate, id, many, selectionOf } from './shapes.ts'
import { tripSelectionFilter } from './trips.ts'

const hours = z.object({
  minutes: z.int(),
  amount: z.string(),
  /** Of those, without a rate: they have no amount, and no invoice is made of them until they have. */
  withoutRateMinutes: z.int(),
})

const money = {
  hours,
  /** Minutes that an agreed price or a subscription pays for. */
  coveredMinutes: z.int(),
  expenses: z.object({ count: z.int(), amount: z.string() }),
  trips: z.object({ km: z.string(), amount: z.string(), withoutRateKm: z.string() }),
  fixedPrice: z.string(),
  subscription: z.string(),
  /** Before VAT, in cents; what is not approved is not in it. */
  total: z.string(),
  notYetApproved: z.object({ minutes: z.int(), amount: z.string() }),
}

const projectRow = z.object({
  projectId: id,
  projectName: z.string(),
  projectCode: z.string().nullable(),
  orderNumber: z.string().nullable(),
  method: z.string(),
  currency: z.string(),
  ...money,
  /** Instalments that are due: which of how many. */
  instalments: z.array(
    z.object({
      id,
      number: z.int().nullable(),
      of: z.int(),
      description: z.string(),
      dueOn: calendarDate,
      amount: z.string(),
    }),
  ),
  /** Periods that are due. */
  periods: z.array(
    z.object({ id, periodFrom: calendarDate, periodUntil: calendarDate, dueOn: calendarDate, amount: z.string() }),
  ),
  /** Day of what waits longest; null when only hours that are covered or not approved wait. */
  oldest: calendarDate.nullable(),
  ageDays: z.int().nullable(),
})

export const ageBucket = z.enum(['0-30', '31-60', '61-90', 'over-90'])

export const uninvoiced = z
  .object({
    asAt: calendarDate,
    /** Whether entries must be approved before they are invoiced. */
    approval: z.boolean(),
    customers: z.array(
      z.object({
        customerId: id.nullable(),
        customerName: z.string().nullable(),
        customerNumber: z.string().nullable(),
        /** Who is invoiced, when that is another. */
        billTo: z.object({ id, name: z.string() }).nullable(),
        currency: z.string(),
        ...money,
        projects: z.array(projectRow),
      }),
    ),
    /** Per currency. */
    totals: z.array(z.object({ currency: z.string(), customers: z.int(), projects: z.int(), ...money })),
    /** By the age of the oldest entry of each project, per currency. */
    ages: z.array(
      z.object({
        currency: z.string(),
        buckets: z.array(z.object({ bucket: ageBucket, amount: z.string(), projects: z.int() })),
      }),
    ),
  })
  .meta({ id: 'Uninvoiced' })

export const uninvoicedFilter = {
  asAt: calendarDate.optional().meta({ description: 'Unbilled at the end of this day; today when left out' }),
  until: calendarDate.optional().meta({ description: 'Only what is of this day or before it, as far as it is free' }),
  customerId: many(id),
  projectId: many(id),
  teamId: many(id).meta({
    description: 'Entries of the people in these teams; then without what is of the project itself',
  }),
  managerId: many(id).meta({ description: 'Projects that these people manage' }),
}

export const uninvoicedRoutes = routes({
  readUninvoiced: {
    id: 'read-uninvoiced',
    method: 'GET',
    path: '/uninvoiced',
    summary: 'What is still to be invoiced, per customer and project, now or as at a date',
    tag: 'Overviews',
    access: 'reports:read',
    query: z.object(uninvoicedFilter),
    answer: uninvoiced,
  },
  exportUninvoiced: {
    id: 'export-uninvoiced',
    method: 'GET',
    path: '/uninvoiced/export',
    summary: 'What is still to be invoiced, as CSV or XLSX',
    tag: 'Overviews',
    access: 'reports:read',
    query: z.object({ ...uninvoicedFilter, format: exportQuery.format, separator: exportQuery.separator }),
    gives: 'bytes',
  },
  invoiceEntries: {
    id: 'invoice-entries',
    method: 'POST',
    path: '/invoices/from-entries',
    summary:
      'Make drafts from hours, expenses, trips, instalments and subscription periods; reserves them all in the same transaction',
    tag: 'Invoices',
    access: 'invoices:write',
    status: 201,
    body: z.object({
      hours: selectionOf(hourSelectionFilter).optional(),
      expenses: selectionOf(expenseSelectionFilter).optional(),
      trips: selectionOf(tripSelectionFilter).optional(),
      instalmentIds: z.array(id).max(5000).optional(),
      subscriptionPeriodIds: z.array(id).max(5000).optional(),
      groupBy: groupBy.default('activity'),
      splitBy: splitBy.default('customer'),
      date: calendarDate.optional().meta({ description: 'Today in the firm’s time zone when left out' }),
      seriesId: id.optional().meta({ description: 'The default series when left out' }),
    }),
    answer: draftsMade,
  },
})
