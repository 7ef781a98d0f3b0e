import type { outstandingReport } from '@uurwerk/api/payments.ts'
import { lateBucket, lateBuckets } from '@uurwerk/core/invoicing/payment-state.ts'
import { type CalendarDate, calendarDate, daysBetween } from '@uurwerk/core/shared/calendar-date.ts'
import { decimal, negate, sum, toCents } from '@uurwerk/core/shared/money.ts'
import { sql } from 'kysely'
import type { z } from 'zod'
import type { Trx } from '../store/database.ts'
import { openSql, overdueSql, paymentStateIs } from './payment-state-sql.ts'

type Report = z.input<typeof outstandingReport>

interface Owed {
  readonly currency: string
  readonly invoices: number
  readonly amount: string
}

/** What is open and what of it is late, by currency. */
export async function owedTotals(
  trx: Trx,
  firmId: string,
  today: CalendarDate,
): Promise<{ open: Owed[]; overdue: Owed[] }> {
  const { rows } = await sql<Owed & { lateInvoices: number; lateAmount: string | null }>`
    select i.currency, count(*)::int as invoices, sum(i.outstanding) as amount,
      count(*) filter (where ${overdueSql(today)})::int as "lateInvoices",
      sum(i.outstanding) filter (where ${overdueSql(today)}) as "lateAmount"
    from invoice i
    where i.firm_id = ${firmId}::uuid and i.deleted_at is null and i.outstanding <> 0 and ${openSql}
    group by i.currency order by i.currency`.execute(trx)
  return {
    open: rows.map(({ currency, invoices, amount }) => ({ currency, invoices, amount })),
    overdue: rows.flatMap(({ currency, lateInvoices: invoices, lateAmount: amount }) =>
      amount === null ? [] : [{ currency, invoices, amount }],
    ),
  }
}

/** Invoices of one currency that were due on one day. */
interface DueOn {
  readonly currency: string
  readonly dueDate: string
  readonly isOpen: boolean
  readonly invoices: number
  readonly amount: string
}

interface Debtor {
  readonly customerId: string
  readonly customerName: string
  readonly currency: string
  readonly open: string
  readonly overdue: string
  readonly firstDue: string | null
}

const mostDebtors = 50

/** What is outstanding on a day, by how late it is and by who owes it. */
export async function reportOutstanding(trx: Trx, firmId: string, today: CalendarDate): Promise<Report> {
  const { rows: days } = await sql<DueOn>`
    select i.currency, i.due_date as "dueDate", i.outstanding > 0 as "isOpen", count(*)::int as invoices,
      sum(i.outstanding) as amount
    from invoice i
    where i.firm_id = ${firmId}::uuid and i.deleted_at is null and ${paymentStateIs(['open', 'partly-paid', 'to-refund'])}
    group by 1, 2, 3 order by 1, 2`.execute(trx)
  const { rows: debtors } = await sql<Debtor>`
    select "customerId", "customerName", currency, open, overdue, "firstDue" from (
      select i.customer_id as "customerId", k.name as "customerName", i.currency, sum(i.outstanding) as open,
        coalesce(sum(i.outstanding) filter (where ${overdueSql(today)}), 0)::numeric(18, 2) as overdue,
        min(i.due_date) filter (where ${overdueSql(today)}) as "firstDue",
        row_number() over (partition by i.currency order by sum(i.outstanding) desc, i.customer_id) as place
      from invoice i join customer k on k.firm_id = i.firm_id and k.id = i.customer_id
      where i.firm_id = ${firmId}::uuid and i.deleted_at is null and i.outstanding <> 0 and ${openSql}
      group by i.customer_id, k.name, i.currency) d
    where place <= ${mostDebtors} order by currency, place`.execute(trx)
  return {
    asAt: today,
    currencies: [...Map.groupBy(days, ({ currency }) => currency)].map(([currency, ofOne]) => ({
      currency,
      ...ofCurrency(ofOne, today),
    })),
    customers: debtors.map(({ firstDue, ...debtor }) => ({
      ...debtor,
      overdueDays: firstDue === null ? null : daysBetween(calendarDate(firstDue), today),
    })),
  }
}

function ofCurrency(days: readonly DueOn[], today: CalendarDate): Omit<Report['currencies'][number], 'currency'> {
  const open = days.filter(({ isOpen }) => isOpen)
  const toRefund = added(days.filter(({ isOpen }) => !isOpen))
  const ofBucket = Map.groupBy(open, ({ dueDate }) =>
    lateBucket(dueDate < today ? daysBetween(calendarDate(dueDate), today) : null),
  )
  return {
    open: added(open),
    overdue: added(open.filter(({ dueDate }) => dueDate < today)),
    toRefund: { ...toRefund, amount: toCents(negate(toRefund.amount)) },
    ages: lateBuckets.map((bucket) => ({ bucket, ...added(ofBucket.get(bucket) ?? []) })),
  }
}

const added = (days: readonly DueOn[]) => ({
  invoices: days.reduce((total, { invoices }) => total + invoices, 0),
  amount: toCents(sum(days.map(({ amount }) => decimal(amount)))),
})
