import { z } from 'zod'
import { routes } from './route.ts'
import { calendarDate, currency, decimal, id, many } from './shapes.ts'

const month = z
  .string()
  .regex(/^\d{4}-\d{2}$/)
  .meta({ example: '2026-03' })

/** What was invoiced, without VAT; credit notes count down. */
const revenue = {
  currency,
  net: decimal,
  /** Invoices and credit notes. */
  documents: z.int(),
}

export const revenueReport = z
  .object({
    from: calendarDate,
    until: calendarDate,
    /** One for each month and currency, months without revenue left out; oldest first. */
    months: z.array(z.object({ month, ...revenue })),
    /** Largest first within a currency. */
    customers: z.array(z.object({ customerId: id, customerName: z.string(), ...revenue })),
    totals: z.array(z.object(revenue)),
  })
  .meta({ id: 'RevenueReport' })

const budgetState = z.enum(['within', 'warning', 'over'])
const standing = {
  /** Of the budget, one decimal; null of a budget of nothing. */
  percentUsed: decimal.nullable(),
  state: budgetState,
}

export const projectBudget = z
  .object({
    projectId: id,
    projectName: z.string(),
    customerName: z.string().nullable(),
    currency,
    warningPercent: z.int().nullable(),
    hours: z.object({ minutes: z.int(), usedMinutes: z.int(), leftMinutes: z.int(), ...standing }).nullable(),
    /** Null without a budget in money, and for who may not see rates. */
    money: z
      .object({
        amount: decimal,
        used: decimal,
        left: decimal,
        ...standing,
        /** Billable hours without a rate: worth something, but not known what. */
        minutesWithoutRate: z.int(),
      })
      .nullable(),
  })
  .meta({ id: 'ProjectBudget' })

export const reportRoutes = routes({
  reportBudgets: {
    id: 'report-budgets',
    method: 'GET',
    path: '/reports/budgets',
    summary: 'What is used of the budgets of projects; of a manager those he manages',
    tag: 'Reports',
    access: 'reports:read',
    query: z.object({ projectId: many(id) }),
    answer: z.object({ rows: z.array(projectBudget) }),
  },
  reportRevenue: {
    id: 'report-revenue',
    method: 'GET',
    path: '/reports/revenue',
    summary: 'What was invoiced, by month and by customer, by the date of the invoice',
    tag: 'Reports',
    access: 'invoices:read',
    query: z.object({ from: calendarDate, until: calendarDate }),
    answer: revenueReport,
  },
})
