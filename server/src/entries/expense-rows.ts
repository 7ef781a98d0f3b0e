import type { expense as expenseShape } from '@uurwerk/api/expenses.ts'
import { calendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { decimal, toCents } from '@uurwerk/core/shared/money.ts'
import { type RawBuilder, sql } from 'kysely'
import type { z } from 'zod'
import type { Trx } from '../store/database.ts'
import { type Run, runTextOf, runTextSql, sharedRuns } from './entry-runs.ts'
import {
  claimJoin,
  type EntryFilter,
  type EntryQuery,
  entryWhere,
  type FactRow,
  factColumns,
  oneOf,
  peopleAndProject,
  readEntries,
  toFacts,
} from './entry-sql.ts'

export type ExpenseAnswer = z.input<typeof expenseShape>

export interface ExpenseFilter extends EntryFilter {
  readonly categoryId?: readonly string[] | undefined
  readonly reimbursable?: boolean | undefined
  readonly reimbursed?: boolean | undefined
  readonly receipt?: boolean | undefined
}

export interface FileRow {
  readonly id: string
  readonly name: string
  readonly mediaType: string
  readonly sizeBytes: number
}

export interface ExpenseRow extends FactRow {
  readonly id: string
  readonly memberId: string
  readonly memberName: string
  readonly date: string
  readonly customerId: string | null
  readonly customerName: string | null
  readonly projectId: string | null
  readonly projectName: string | null
  readonly categoryId: string
  readonly categoryName: string
  readonly note: string
  readonly tags: string[]
  readonly currency: string
  readonly gross: string
  readonly inputVat: string
  readonly deductiblePercent: string
  readonly marginPercent: string
  readonly disbursement: boolean
  readonly rechargeNet: string
  readonly billable: boolean
  readonly reimbursable: boolean
  readonly reimbursementId: string | null
  readonly paidOn: string | null
  readonly files: FileRow[]
  readonly version: number
}

/** Joins of every expense query, as `entry-sql` names them; `g` is the category. */
const joins = sql`
  ${peopleAndProject}
  join expense_category g on g.firm_id = e.firm_id and g.id = e.category_id
  ${claimJoin('expense')}`
const category = sql`left join expense_category g on g.firm_id = e.firm_id and g.id = e.category_id`

const searched = [sql`e.note`, sql`p.name`, sql`k.name`, sql`g.name`, sql`m.name`]

const hasReceipt = sql`exists (select from expense_file x where x.firm_id = e.firm_id and x.expense_id = e.id)`

export const whereOf = (filter: ExpenseFilter): RawBuilder<unknown> => sql`
  ${entryWhere('expense', filter, searched)}
  ${oneOf(sql`e.category_id`, filter.categoryId, 'uuid')}
  ${filter.reimbursable === undefined ? sql`` : sql` and e.reimbursable = ${filter.reimbursable}`}
  ${filter.reimbursed === undefined ? sql`` : sql` and (e.reimbursement_id is not null) = ${filter.reimbursed}`}
  ${filter.receipt === undefined ? sql`` : sql` and ${hasReceipt} = ${filter.receipt}`}`

/** Receipts of the expense `e` in their order, as one value. */
export const filesOfExpense = sql`(
  select coalesce(json_agg(json_build_object('id', f.id, 'name', f.name, 'mediaType', f.media_type, 'sizeBytes', f.size_bytes)
    order by x.position), '[]')
  from expense_file x join file f on f.firm_id = x.firm_id and f.id = x.file_id
  where x.firm_id = e.firm_id and x.expense_id = e.id)`

const columns = sql`e.id, e.member_id as "memberId", m.name as "memberName", e.date,
  p.customer_id as "customerId", k.name as "customerName", e.project_id as "projectId", p.name as "projectName",
  e.category_id as "categoryId", g.name as "categoryName", e.note, e.tags, e.currency, e.gross,
  e.input_vat as "inputVat", e.deductible_percent as "deductiblePercent", e.margin_percent as "marginPercent",
  e.disbursement, e.recharge_net as "rechargeNet", e.billable, e.reimbursable,
  e.reimbursement_id as "reimbursementId",
  (select b.paid_on from reimbursement b where b.firm_id = e.firm_id and b.id = e.reimbursement_id) as "paidOn",
  ${filesOfExpense} as files, ${factColumns}, e.version`

export const expenseRows = (trx: Trx, query: EntryQuery): Promise<ExpenseRow[]> =>
  readEntries(trx, { kind: 'expense', columns, joins, asked: category }, query)

const runs = {
  ...sharedRuns,
  category: {
    key: sql`e.category_id`,
    name: sql`g.name`,
    of: ({ categoryName, categoryId }: ExpenseRow) => [categoryName, categoryId],
  },
} as const satisfies Record<string, Run<ExpenseRow>>
export type ExpenseGroup = keyof typeof runs

export const expenseGroupTextSql = (by: ExpenseGroup) => runTextSql(runs[by])
export const expenseGroupTextOf = (row: ExpenseRow, by: ExpenseGroup): string => runTextOf<ExpenseRow>(row, runs[by])

export function toExpenseAnswer(row: ExpenseRow, seesMoney: boolean): ExpenseAnswer {
  return {
    id: row.id,
    memberId: row.memberId,
    memberName: row.memberName,
    date: calendarDate(row.date),
    customerId: row.customerId,
    customerName: row.customerName,
    projectId: row.projectId,
    projectName: row.projectName,
    categoryId: row.categoryId,
    categoryName: row.categoryName,
    note: row.note,
    tags: row.tags,
    currency: row.currency,
    gross: toCents(decimal(row.gross)),
    inputVat: toCents(decimal(row.inputVat)),
    deductiblePercent: decimal(row.deductiblePercent),
    disbursement: row.disbursement,
    marginPercent: seesMoney ? decimal(row.marginPercent) : null,
    rechargeNet: seesMoney ? toCents(decimal(row.rechargeNet)) : null,
    billable: row.billable,
    reimbursable: row.reimbursable,
    reimbursement:
      row.reimbursementId && row.paidOn ? { id: row.reimbursementId, paidOn: calendarDate(row.paidOn) } : null,
    files: row.files,
    ...toFacts(row),
    version: row.version,
  }
}
