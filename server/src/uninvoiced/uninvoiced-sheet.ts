import { sql } from 'kysely'
import type { Sheet, SheetColumn } from '../exports/sheet.ts'
import type { UninvoicedAnswer } from './uninvoiced.ts'

// As it stands: `sql.id` would turn it into `snake_case`.
const named = (of: 'e' | 'r', id: string) => sql.raw(`${of}."${id}"`)

const text = (id: string, head = `export.${id}`): SheetColumn => ({
  id,
  head,
  kind: 'text',
  value: named('e', id),
})
const figure = (id: string, head = `export.uninvoiced.${id}`): SheetColumn => ({
  id,
  head,
  kind: 'decimal',
  value: named('e', id),
})

const columns: readonly SheetColumn[] = [
  text('customerNumber'),
  text('customer'),
  text('projectCode'),
  text('project'),
  text('orderNumber', 'export.uninvoiced.orderNumber'),
  text('currency'),
  figure('hours', 'export.hours'),
  figure('hoursAmount'),
  figure('hoursWithoutRate'),
  figure('coveredHours'),
  figure('expensesAmount'),
  figure('km', 'export.km'),
  figure('tripsAmount'),
  figure('fixedPrice'),
  figure('subscription'),
  figure('total'),
  { id: 'oldest', head: 'export.uninvoiced.oldest', kind: 'date', value: sql`e.oldest` },
  figure('ageDays'),
  figure('waitingHours'),
  figure('waitingAmount'),
]

/** What the page shows, a row for each project and currency. */
export function uninvoicedSheet({ customers }: UninvoicedAnswer): Sheet {
  const rows = customers.flatMap((customer) =>
    customer.projects.map((row, index) => ({
      place: `${customer.customerName ?? ''}\t${String(index).padStart(6, '0')}`,
      customerNumber: customer.customerNumber,
      customer: customer.customerName,
      projectCode: row.projectCode,
      project: row.projectName,
      orderNumber: row.orderNumber,
      currency: row.currency,
      minutes: row.hours.minutes,
      hoursAmount: row.hours.amount,
      minutesWithoutRate: row.hours.withoutRateMinutes,
      coveredMinutes: row.coveredMinutes,
      expensesAmount: row.expenses.amount,
      km: row.trips.km,
      tripsAmount: row.trips.amount,
      fixedPrice: row.fixedPrice,
      subscription: row.subscription,
      total: row.total,
      oldest: row.oldest,
      ageDays: row.ageDays,
      waitingMinutes: row.notYetApproved.minutes,
      waitingAmount: row.notYetApproved.amount,
    })),
  )
  const hours = (minutes: string) => sql`round(${named('r', minutes)} / 60.0, 2)`
  return {
    name: 'export.uninvoiced',
    columns,
    rows: sql` from (select r.*, ${hours('minutes')} as hours, ${hours('minutesWithoutRate')} as "hoursWithoutRate",
        ${hours('coveredMinutes')} as "coveredHours", ${hours('waitingMinutes')} as "waitingHours"
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (
        place text, "customerNumber" text, customer text, "projectCode" text, project text, "orderNumber" text,
        currency text, minutes integer, "hoursAmount" numeric(18, 2), "minutesWithoutRate" integer,
        "coveredMinutes" integer, "expensesAmount" numeric(18, 2), km numeric(18, 1), "tripsAmount" numeric(18, 2),
        "fixedPrice" numeric(18, 2), subscription numeric(18, 2), total numeric(18, 2), oldest date, "ageDays" integer,
        "waitingMinutes" integer, "waitingAmount" numeric(18, 2))) e
      order by e.place, e.currency`,
  }
}
