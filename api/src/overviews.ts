import { z } from 'zod'
import { expenseFilter } from './expenses.ts'
import { hourFilter } from './hours.ts'
import { routes } from './route.ts'
import { currency, decimal, id, instant, many } from './shapes.ts'
import { tripFilter } from './trips.ts'

const amounts = z.array(z.object({ currency, amount: decimal }))

/** At most two: the first, and within it the second. */
const groupBy = <const T extends readonly [string, ...string[]]>(known: T) =>
  z.preprocess(
    (value) => (value === undefined || Array.isArray(value) ? value : [value]),
    z.array(z.enum(known)).max(2).optional(),
  )

/** Sums of all, of each group, and of each group within a group; the parts add up to the whole. */
const totalsOf = <S extends z.ZodRawShape>(sums: S) => {
  const part = z.object({
    /** Id, first day of the week or month, or the word of a state; null where there is none, such as no customer. */
    key: z.string().nullable(),
    name: z.string().nullable(),
    /** The customer of a project. */
    under: z.string().nullable(),
    ...sums,
  })
  return z.object({
    ...sums,
    /** What the totals were true at; send it back with a selection of everything. */
    asOf: instant,
    groups: z.array(part.extend({ groups: z.array(part).optional() })).optional(),
  })
}

export const hourSums = {
  count: z.int(),
  minutes: z.int(),
  billableMinutes: z.int(),
  /** Billable, on no invoice and not written off. */
  uninvoicedMinutes: z.int(),
  amounts,
  uninvoicedAmounts: amounts,
}
export const hourTotals = totalsOf(hourSums).meta({ id: 'HourTotals' })

/** What hours can be brought together by. */
export const hourGroups = ['customer', 'project', 'person', 'activity', 'week', 'month', 'state', 'approval'] as const

export const expenseTotals = totalsOf({
  count: z.int(),
  /** Paid by people, VAT included. */
  gross: amounts,
  /** Of that, to be given back to them; and what was not given back yet. */
  reimbursable: amounts,
  unpaid: amounts,
  /** To customers, VAT excluded. */
  amounts,
  uninvoicedAmounts: amounts,
}).meta({ id: 'ExpenseTotals' })

/** What expenses can be brought together by. */
export const expenseGroups = [
  'customer',
  'project',
  'person',
  'category',
  'week',
  'month',
  'state',
  'approval',
] as const

export const tripTotals = totalsOf({
  count: z.int(),
  km: decimal,
  billableKm: decimal,
  uninvoicedKm: decimal,
  amounts,
  uninvoicedAmounts: amounts,
}).meta({ id: 'TripTotals' })

/** What trips can be brought together by. */
export const tripGroups = [
  'customer',
  'project',
  'person',
  'vehicle',
  'kind',
  'week',
  'month',
  'state',
  'approval',
] as const

/** How a list goes out as a file. */
export const exportQuery = {
  format: z.enum(['csv', 'xlsx']).default('csv'),
  columns: z
    .string()
    .regex(/^[a-zA-Z]+(,[a-zA-Z]+)*$/)
    .max(600)
    .optional()
    .meta({
      description: 'Columns in their order, with commas between; the usual ones when left out',
      example: 'date,hours',
    }),
  separator: z.enum(['comma', 'semicolon']).optional().meta({
    description: 'Between the columns of a CSV; in Dutch a semicolon (with decimal commas) when left out, else a comma',
  }),
  ids: many(id).meta({ description: 'These alone' }),
  except: many(id).meta({ description: 'All that match but these' }),
}

export const overviewRoutes = routes({
  totalHours: {
    id: 'total-hours',
    method: 'GET',
    path: '/hours/totals',
    summary: 'Totals over everything a filter finds, and per group',
    tag: 'Hours',
    access: 'hours:own',
    query: hourFilter.extend({ groupBy: groupBy(hourGroups) }),
    answer: hourTotals,
  },
  exportHours: {
    id: 'export-hours',
    method: 'GET',
    path: '/hours/export',
    summary: 'Everything a filter finds, as CSV or XLSX',
    tag: 'Hours',
    access: 'hours:own',
    query: hourFilter.extend({ ...exportQuery, sort: z.enum(['date', '-date']).default('date') }),
    gives: 'bytes',
  },
  totalExpenses: {
    id: 'total-expenses',
    method: 'GET',
    path: '/expenses/totals',
    summary: 'Totals over everything a filter finds, and per group',
    tag: 'Expenses',
    access: 'hours:own',
    query: expenseFilter.extend({ groupBy: groupBy(expenseGroups) }),
    answer: expenseTotals,
  },
  exportExpenses: {
    id: 'export-expenses',
    method: 'GET',
    path: '/expenses/export',
    summary: 'Everything a filter finds, as CSV or XLSX',
    tag: 'Expenses',
    access: 'hours:own',
    query: expenseFilter.extend({ ...exportQuery, sort: z.enum(['date', '-date']).default('date') }),
    gives: 'bytes',
  },
  totalTrips: {
    id: 'total-trips',
    method: 'GET',
    path: '/trips/totals',
    summary: 'Totals over everything a filter finds, and per group',
    tag: 'Trips',
    access: 'hours:own',
    query: tripFilter.extend({ groupBy: groupBy(tripGroups) }),
    answer: tripTotals,
  },
  exportTrips: {
    id: 'export-trips',
    method: 'GET',
    path: '/trips/export',
    summary: 'Everything a filter finds, as CSV or XLSX',
    tag: 'Trips',
    access: 'hours:own',
    query: tripFilter.extend({ ...exportQuery, sort: z.enum(['date', '-date']).default('date') }),
    gives: 'bytes',
  },
})
