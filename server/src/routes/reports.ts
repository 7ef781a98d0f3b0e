import type { reportRoutes } from '@uurwerk/api/reports.ts'
import { compare, type Decimal, decimal, sum, toCents } from '@uurwerk/core/shared/money.ts'
import { sql } from 'kysely'
import type { Handlers } from '../http/call.ts'
import { wrongField } from '../http/problems.ts'
import { projectBudgets } from '../projects/project-budgets.ts'

interface RevenueRow {
  readonly month: string
  readonly customerId: string
  readonly customerName: string
  readonly currency: string
  readonly net: string
  readonly documents: string
}

interface Sum {
  readonly currency: string
  readonly net: Decimal
  readonly documents: number
}

export const reportHandlers: Handlers<keyof typeof reportRoutes> = {
  reportBudgets: async ({ trx, firmId, actor, query }) => ({
    rows: [
      ...(await projectBudgets(trx, { firmId, actor, ...(query.projectId ? { projectIds: query.projectId } : {}) })),
    ],
  }),

  reportRevenue: async ({ trx, firmId, query }) => {
    const { from, until } = query
    if (until < from) throw wrongField('/query/until', 'end-before-start')
    const { rows } = await sql<RevenueRow>`
      select to_char(i.date, 'YYYY-MM') as month, i.customer_id as "customerId", k.name as "customerName", i.currency,
        sum(i.net) as net, count(*) as documents
      from (
        select customer_id, date, currency, net from invoice
        where firm_id = ${firmId}::uuid and state <> 'draft' and deleted_at is null
          and date between ${from}::date and ${until}::date
        union all
        select customer_id, date, currency, coalesce(their_gross - their_vat, net) from package_invoice
        where firm_id = ${firmId}::uuid and state in ('made', 'printed')
          and date between ${from}::date and ${until}::date
      ) i join customer k on k.firm_id = ${firmId}::uuid and k.id = i.customer_id
      group by 1, 2, 3, 4 order by 1, 4, 3, 2`.execute(trx)
    const months = Map.groupBy(rows, ({ month, currency }) => `${month} ${currency}`)
    const customers = Map.groupBy(rows, ({ customerId, currency }) => `${customerId} ${currency}`)
    return {
      from,
      until,
      months: [...months.values()].map((parts) => ({ month: first(parts).month, ...sumOf(parts) })),
      customers: [...customers.values()]
        .map((parts) => ({
          customerId: first(parts).customerId,
          customerName: first(parts).customerName,
          ...sumOf(parts),
        }))
        .sort((a, b) => (a.currency === b.currency ? compare(b.net, a.net) : a.currency < b.currency ? -1 : 1)),
      totals: [...Map.groupBy(rows, ({ currency }) => currency).values()].map(sumOf),
    }
  },
}

const first = (parts: readonly RevenueRow[]): RevenueRow => parts[0] as RevenueRow

const sumOf = (parts: readonly RevenueRow[]): Sum => ({
  currency: first(parts).currency,
  net: toCents(sum(parts.map(({ net }) => decimal(net)))),
  documents: parts.reduce((total, { documents }) => total + Number(documents), 0),
})
