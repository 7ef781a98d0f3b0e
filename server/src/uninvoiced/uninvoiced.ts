import type { uninvoiced as uninvoicedShape } from '@uurwerk/api/uninvoiced.ts'
import { lineNet, quantityOf } from '@uurwerk/core/invoicing/totals.ts'
import { treatmentOf, vatRateFor } from '@uurwerk/core/invoicing/vat-cases.ts'
import { vatRates } from '@uurwerk/core/invoicing/vat-rates.ts'
import { addDays, type CalendarDate, calendarDate, startOfDayIn } from '@uurwerk/core/shared/calendar-date.ts'
import { add, type Decimal, decimal, isZero, round, sum, toCents, zero } from '@uurwerk/core/shared/money.ts'
import { billedMinutes } from '@uurwerk/core/time/billing-rounding.ts'
import { ageBucket, ageBuckets, ageDays } from '@uurwerk/core/time/uninvoiced.ts'
import type { z } from 'zod'
import type { Actor } from '../http/call.ts'
import { vatCaseOfRow, vatClassOfRow } from '../invoices/invoice-rows.ts'
import type { Trx } from '../store/database.ts'
import {
  classOfActivities,
  coveredRows,
  expensesRows,
  type HoursRow,
  hoursRows,
  type InstalmentDue,
  instalmentsDue,
  type PeriodDue,
  type ProjectShown,
  periodsDueNow,
  projectsShown,
  type Reading,
  roundedRows,
  type TripsRow,
  tripsRows,
  type UninvoicedFilter,
} from './uninvoiced-sql.ts'

export type UninvoicedAnswer = z.input<typeof uninvoicedShape>
type Row = UninvoicedAnswer['customers'][number]['projects'][number]
type Sums = Pick<
  Row,
  'hours' | 'coveredMinutes' | 'expenses' | 'trips' | 'fixedPrice' | 'subscription' | 'total' | 'notYetApproved'
>

export interface UninvoicedRequest {
  readonly trx: Trx
  readonly firmId: string
  readonly actor: Actor
  readonly filter: UninvoicedFilter
  readonly today: CalendarDate
  /** Today, or an earlier day. */
  readonly asAt: CalendarDate
  /** Only what is of this day or before it, as far as nobody invoiced it since. */
  readonly until?: CalendarDate | undefined
}

/**
 * What is still to be invoiced, to the cent as the drafts made of it by activity: hours and kilometres are added before
 * they are multiplied, per project, activity, rate and VAT period. The number of statements is the same however much
 * there is.
 */
export async function readUninvoiced(request: UninvoicedRequest): Promise<UninvoicedAnswer> {
  const { trx, firmId, today, asAt } = request
  const firm = await trx.selectFrom('firm').selectAll().where('firmId', '=', firmId).executeTakeFirstOrThrow()
  const reading: Reading = {
    ...request,
    until: request.until ?? null,
    approvalOn: firm.approval !== 'off',
    past: asAt < today ? { date: asAt, end: startOfDayIn(firm.timeZone, addDays(asAt, 1)) } : null,
    vatDates: [...new Set(vatRates(firm.country).map(({ from }) => from))].sort(),
  }
  const found = {
    hours: await hoursRows(reading),
    rounded: await roundedRows(reading),
    covered: await coveredRows(reading),
    trips: await tripsRows(reading),
    expenses: await expensesRows(reading),
    instalments: await instalmentsDue(reading),
    periods: await periodsDueNow(reading),
  }
  const ids = new Set(Object.values(found).flatMap((rows) => rows.map(({ projectId }) => projectId)))
  const projects = await projectsShown(reading, [...ids])
  const byId = new Map(projects.map((project) => [project.id, project]))
  const classes = await classOfActivities(reading)

  /** Since when the VAT rate holds that an hour or kilometre of this day has: a line does not cross a change. */
  const vatSince = (project: ProjectShown, activityId: string | null, date: string): string | null => {
    if (project.vatCase === null) return null
    const own = activityId === null ? undefined : classes.get(activityId)
    const treatment = treatmentOf(vatCaseOfRow(project.vatCase), vatClassOfRow(own ?? firm.defaultVatClass))
    return vatRateFor(treatment, firm.country, calendarDate(date))?.since ?? null
  }
  const rows = new Map<string, Building>()
  const rowOf = (projectId: string, currency: string | null): Building => {
    const project = byId.get(projectId) as ProjectShown
    const key = `${projectId} ${currency ?? project.currency}`
    const row = rows.get(key) ?? newRow(project, currency ?? project.currency)
    rows.set(key, row)
    return row
  }

  addHours([...found.hours, ...billed(found.rounded, byId)], { rowOf, byId, vatSince })
  addTrips(found.trips, { rowOf, byId, vatSince })
  for (const { projectId, minutes } of found.covered) rowOf(projectId, null).coveredMinutes += minutes
  for (const { projectId, currency, approved, count, amount, oldest } of found.expenses) {
    const row = rowOf(projectId, currency)
    if (!approved) row.waiting.push(decimal(amount))
    else {
      row.expenseCount += count
      row.expenses.push(decimal(amount))
      row.dates.push(oldest)
    }
  }
  for (const instalment of found.instalments) {
    const row = rowOf(instalment.projectId, null)
    row.instalments.push(instalment)
    row.dates.push(instalment.dueOn)
  }
  for (const period of found.periods) {
    const row = rowOf(period.projectId, null)
    row.periods.push(period)
    row.dates.push(period.dueOn)
  }
  const shown = projects.flatMap((project) =>
    [...rows.values()]
      .filter((row) => row.project === project)
      .map((row) => ({ project, row: toRow(row, asAt) }))
      .filter(({ row }) => isWorthShowing(row)),
  )
  return {
    asAt,
    approval: reading.approvalOn,
    customers: customersOf(shown),
    totals: perCurrency(shown, (currency, own) => ({
      currency,
      customers: new Set(own.map(({ project }) => project.customerId)).size,
      projects: own.length,
      ...sumsOf(own.map(({ row }) => row)),
    })),
    ages: perCurrency(shown, (currency, own) => ({ currency, buckets: bucketsOf(own.map(({ row }) => row)) })),
  }
}

interface Building {
  readonly project: ProjectShown
  readonly currency: string
  minutes: number
  withoutRateMinutes: number
  coveredMinutes: number
  expenseCount: number
  km: Decimal
  withoutRateKm: Decimal
  waitingMinutes: number
  readonly hours: Decimal[]
  readonly trips: Decimal[]
  readonly expenses: Decimal[]
  readonly waiting: Decimal[]
  readonly instalments: InstalmentDue[]
  readonly periods: PeriodDue[]
  readonly dates: string[]
}

const newRow = (project: ProjectShown, currency: string): Building => ({
  project,
  currency,
  minutes: 0,
  withoutRateMinutes: 0,
  coveredMinutes: 0,
  expenseCount: 0,
  km: zero,
  withoutRateKm: zero,
  waitingMinutes: 0,
  hours: [],
  trips: [],
  expenses: [],
  waiting: [],
  instalments: [],
  periods: [],
  dates: [],
})

interface Adding {
  readonly rowOf: (projectId: string, currency: string | null) => Building
  readonly byId: ReadonlyMap<string, ProjectShown>
  readonly vatSince: (project: ProjectShown, activityId: string | null, date: string) => string | null
}

interface BilledRow extends HoursRow {
  /** As they go on the line; `minutes` are as people wrote them. */
  readonly billed?: number
}

/** Rounded by the rule of each project, the approved ones as an invoice of them would be. */
function billed(
  rows: readonly (HoursRow & { readonly id: string; readonly userId: string })[],
  byId: ReadonlyMap<string, ProjectShown>,
): BilledRow[] {
  return [true, false].flatMap((approved) => {
    const own = rows.filter((row) => row.approved === approved)
    const minutes = billedMinutes(
      own.map((row) => ({ ...row, date: row.oldest })),
      ({ projectId }) => byId.get(projectId)?.billingRounding ?? null,
    )
    return own.map((row) => ({ ...row, billed: minutes.get(row.id) ?? row.minutes }))
  })
}

function addHours(rows: readonly BilledRow[], { rowOf, byId, vatSince }: Adding): void {
  const lines = Map.groupBy(rows, ({ projectId, activityId, rate, currency, approved, oldest }) =>
    JSON.stringify([
      projectId,
      activityId,
      rate,
      currency,
      approved,
      vatSince(byId.get(projectId) as ProjectShown, activityId, oldest),
    ]),
  )
  for (const line of lines.values()) {
    const { projectId, rate, currency, approved } = line[0] as BilledRow
    const row = rowOf(projectId, currency)
    const minutes = line.reduce((total, one) => total + one.minutes, 0)
    const onLine = line.reduce((total, one) => total + (one.billed ?? one.minutes), 0)
    const net = rate === null ? null : lineNet({ quantity: quantityOf(onLine), unitPrice: decimal(rate) })
    if (!approved) {
      row.waitingMinutes += minutes
      if (net !== null) row.waiting.push(net)
      continue
    }
    row.minutes += minutes
    row.dates.push(...line.map(({ oldest }) => oldest))
    if (net === null) row.withoutRateMinutes += minutes
    else row.hours.push(net)
  }
}

function addTrips(rows: readonly TripsRow[], { rowOf, byId, vatSince }: Adding): void {
  const lines = Map.groupBy(rows, ({ projectId, rate, currency, approved, oldest }) =>
    JSON.stringify([projectId, rate, currency, approved, vatSince(byId.get(projectId) as ProjectShown, null, oldest)]),
  )
  for (const line of lines.values()) {
    const { projectId, rate, currency, approved } = line[0] as TripsRow
    const row = rowOf(projectId, currency)
    const km = sum(line.map((one) => decimal(one.km)))
    const net = rate === null ? null : lineNet({ quantity: km, unitPrice: decimal(rate) })
    if (!approved) {
      if (net !== null) row.waiting.push(net)
      continue
    }
    row.km = add(row.km, km)
    row.dates.push(...line.map(({ oldest }) => oldest))
    if (net === null) row.withoutRateKm = add(row.withoutRateKm, km)
    else row.trips.push(net)
  }
}

const total = (amounts: readonly (Decimal | string)[]): Decimal => toCents(sum(amounts.map((one) => decimal(one))))

function toRow(row: Building, asAt: CalendarDate): Row {
  const { project, instalments, periods } = row
  const oldest = row.dates.toSorted()[0] ?? null
  const amounts = {
    hours: total(row.hours),
    expenses: total(row.expenses),
    trips: total(row.trips),
    fixedPrice: total(instalments.map(({ amount }) => amount)),
    subscription: total(periods.map(({ amount }) => amount)),
  }
  return {
    projectId: project.id,
    projectName: project.name,
    projectCode: project.code,
    orderNumber: project.orderNumber,
    method: project.method,
    currency: row.currency,
    hours: { minutes: row.minutes, amount: amounts.hours, withoutRateMinutes: row.withoutRateMinutes },
    coveredMinutes: row.coveredMinutes,
    expenses: { count: row.expenseCount, amount: amounts.expenses },
    trips: { km: round(row.km, 1), amount: amounts.trips, withoutRateKm: round(row.withoutRateKm, 1) },
    fixedPrice: amounts.fixedPrice,
    subscription: amounts.subscription,
    total: total(Object.values(amounts)),
    notYetApproved: { minutes: row.waitingMinutes, amount: total(row.waiting) },
    instalments: instalments.map(({ projectId: _, ...one }) => ({ ...one, amount: toCents(decimal(one.amount)) })),
    periods: periods.map(({ projectId: _, ...one }) => ({ ...one, amount: toCents(decimal(one.amount)) })),
    oldest,
    ageDays: oldest === null ? null : ageDays(calendarDate(oldest), asAt),
  }
}

/** Hours that are covered alone are nothing to invoice. */
const isWorthShowing = ({ oldest, notYetApproved }: Row): boolean =>
  oldest !== null || notYetApproved.minutes > 0 || !isZero(decimal(notYetApproved.amount))

interface Shown {
  readonly project: ProjectShown
  readonly row: Row
}

function customersOf(shown: readonly Shown[]): UninvoicedAnswer['customers'] {
  const groups = Map.groupBy(shown, ({ project, row }) => `${project.customerId} ${row.currency}`)
  return [...groups.values()].map((own) => {
    const { project, row } = own[0] as Shown
    return {
      customerId: project.customerId,
      customerName: project.customerName,
      customerNumber: project.customerNumber,
      billTo: project.billToId && project.billToName ? { id: project.billToId, name: project.billToName } : null,
      currency: row.currency,
      ...sumsOf(own.map((one) => one.row)),
      projects: own.map((one) => one.row),
    }
  })
}

function perCurrency<T>(shown: readonly Shown[], toAnswer: (currency: string, own: readonly Shown[]) => T): T[] {
  const groups = Map.groupBy(shown, ({ row }) => row.currency)
  return [...groups].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([currency, own]) => toAnswer(currency, own))
}

function sumsOf(rows: readonly Row[]): Sums {
  const minutes = (of: (row: Row) => number) => rows.reduce((all, row) => all + of(row), 0)
  const amount = (of: (row: Row) => string) => total(rows.map(of))
  const km = (of: (row: Row) => string) => round(sum(rows.map((row) => decimal(of(row)))), 1)
  return {
    hours: {
      minutes: minutes(({ hours }) => hours.minutes),
      amount: amount(({ hours }) => hours.amount),
      withoutRateMinutes: minutes(({ hours }) => hours.withoutRateMinutes),
    },
    coveredMinutes: minutes(({ coveredMinutes }) => coveredMinutes),
    expenses: { count: minutes(({ expenses }) => expenses.count), amount: amount(({ expenses }) => expenses.amount) },
    trips: {
      km: km(({ trips }) => trips.km),
      amount: amount(({ trips }) => trips.amount),
      withoutRateKm: km(({ trips }) => trips.withoutRateKm),
    },
    fixedPrice: amount(({ fixedPrice }) => fixedPrice),
    subscription: amount(({ subscription }) => subscription),
    total: amount((row) => row.total),
    notYetApproved: {
      minutes: minutes(({ notYetApproved }) => notYetApproved.minutes),
      amount: amount(({ notYetApproved }) => notYetApproved.amount),
    },
  }
}

function bucketsOf(rows: readonly Row[]) {
  return ageBuckets.map((bucket) => {
    const own = rows.filter(({ ageDays: days }) => days !== null && ageBucket(days) === bucket)
    return { bucket, amount: total(own.map((row) => row.total)), projects: own.length }
  })
}
