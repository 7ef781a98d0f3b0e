import { type BudgetState, hoursBudget, moneyBudget } from '@uurwerk/core/projects/budget.ts'
import { type Decimal, decimal, sum, toCents } from '@uurwerk/core/shared/money.ts'
import { sql } from 'kysely'
import { drivenKmSql } from '../entries/trip-rows.ts'
import type { Actor } from '../http/call.ts'
import { hourRateJoins, rateAmountSql } from '../overviews/hour-rates.ts'
import { kmRateJoins, kmRateSql } from '../overviews/km-rates.ts'
import type { Trx } from '../store/database.ts'

interface Asked {
  readonly firmId: string
  readonly actor: Actor
  /** All projects that have a budget when left out. */
  readonly projectIds?: readonly string[]
}

export interface ProjectBudget {
  readonly projectId: string
  readonly projectName: string
  readonly customerName: string | null
  /** Of the customer; amounts are in it. */
  readonly currency: string
  readonly warningPercent: number | null
  readonly hours: {
    readonly minutes: number
    readonly usedMinutes: number
    readonly leftMinutes: number
    readonly percentUsed: Decimal | null
    readonly state: BudgetState
  } | null
  /** Null without a budget in money, and for who may not see rates. */
  readonly money: {
    readonly amount: Decimal
    readonly used: Decimal
    readonly left: Decimal
    readonly percentUsed: Decimal | null
    readonly state: BudgetState
    /** Billable hours without a rate: worth something, but not known what. */
    readonly minutesWithoutRate: number
  } | null
}

interface Row {
  readonly projectId: string
  readonly projectName: string
  readonly customerName: string | null
  readonly currency: string
  readonly budgetMinutes: number | null
  readonly budgetAmount: string | null
  readonly warningPercent: number | null
  readonly usedMinutes: number
  readonly withoutRate: number
  readonly hours: string
  readonly expenses: string
  readonly trips: string
}

/**
 * What is used of the budgets of projects. Of hours every registered minute counts; of money what the customer is to
 * pay: billable hours at their rates, expenses and trips, less what was written off. One statement, however many
 * projects; of a manager those he manages.
 */
export async function projectBudgets(
  trx: Trx,
  { firmId, actor, projectIds }: Asked,
): Promise<readonly ProjectBudget[]> {
  const billed = sql`e.billable and e.written_off_at is null`
  const { rows } = await sql<Row>`
    with chosen as (
      select p.id, p.name, p.customer_id, p.budget_minutes, p.budget_amount, p.budget_warning_percent,
        k.name as customer_name, coalesce(k.currency, f.currency) as currency
      from project p
      join firm f on f.firm_id = p.firm_id
      left join customer k on k.firm_id = p.firm_id and k.id = p.customer_id
      where p.firm_id = ${firmId}::uuid and p.deleted_at is null
        and (p.budget_minutes is not null or p.budget_amount is not null)
        ${projectIds ? sql` and p.id = any(${[...projectIds]}::uuid[])` : sql` and p.archived_at is null`}
        ${managedOnly(actor)}
    ), hours as (
      select e.project_id, sum(e.minutes)::int as minutes,
        sum(round(round(e.minutes / 60.0, 4) * ${rateAmountSql}, 2)) filter (where ${billed}) as amount,
        coalesce(sum(e.minutes) filter (where ${billed} and ${rateAmountSql} is null), 0)::int as without_rate
      from hour_entry e
      join project p on p.firm_id = e.firm_id and p.id = e.project_id
      ${hourRateJoins(firmId)}
      where e.firm_id = ${firmId}::uuid and e.deleted_at is null and e.project_id in (select id from chosen)
      group by 1
    ), expenses as (
      select e.project_id, sum(e.recharge_net) as amount from expense e
      where e.firm_id = ${firmId}::uuid and e.deleted_at is null and ${billed} and e.project_id in (select id from chosen)
      group by 1
    ), trips as (
      select e.project_id, sum(round(${drivenKmSql} * ${kmRateSql}, 2)) as amount from trip e
      join project p on p.firm_id = e.firm_id and p.id = e.project_id
      ${kmRateJoins(firmId)}
      where e.firm_id = ${firmId}::uuid and e.deleted_at is null and ${billed} and e.project_id in (select id from chosen)
      group by 1
    )
    select c.id as "projectId", c.name as "projectName", c.customer_name as "customerName", c.currency,
      c.budget_minutes as "budgetMinutes", c.budget_amount as "budgetAmount", c.budget_warning_percent as "warningPercent",
      coalesce(h.minutes, 0) as "usedMinutes", coalesce(h.without_rate, 0) as "withoutRate",
      coalesce(h.amount, 0) as hours, coalesce(x.amount, 0) as expenses, coalesce(t.amount, 0) as trips
    from chosen c
    left join hours h on h.project_id = c.id
    left join expenses x on x.project_id = c.id
    left join trips t on t.project_id = c.id
    order by lower(c.name), c.id`.execute(trx)
  return rows.map((row) => toBudget(row, actor.rights.has('rates:read')))
}

const managedOnly = ({ rights, memberId }: Actor) =>
  rights.has('hours:read')
    ? sql``
    : sql` and exists (select from project_member managed where managed.firm_id = p.firm_id
        and managed.project_id = p.id and managed.member_id = ${memberId}::uuid and managed.manager)`

function toBudget(row: Row, seesMoney: boolean): ProjectBudget {
  const { projectId, projectName, customerName, currency, warningPercent, usedMinutes } = row
  const hours =
    row.budgetMinutes === null
      ? null
      : {
          minutes: row.budgetMinutes,
          usedMinutes,
          ...hoursBudget({ minutes: row.budgetMinutes, usedMinutes, warningPercent }),
        }
  const used = toCents(sum([row.hours, row.expenses, row.trips].map(decimal)))
  const amount = row.budgetAmount === null ? null : toCents(decimal(row.budgetAmount))
  const money =
    amount === null || !seesMoney
      ? null
      : { amount, used, ...moneyBudget({ amount, used, warningPercent }), minutesWithoutRate: row.withoutRate }
  return { projectId, projectName, customerName, currency, warningPercent, hours, money }
}
