import type { expense as expenseShape } from '@uurwerk/api/expenses.ts'
import { calendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { decimal, toCents } from '@uurwerk/core/shared/money.ts'
import { type RawBuilder, sql } from 'kysely'
import type { z } from 'zod'
import type { Trx } from '../store/database.ts'
import {
  claimJoin,
  type EntryFilter,
  entryWhere,
  type FactRow,
  factColumns,
  ofFirm,
  oneOf,
  pageSql,
  peopleAndProject,
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

export interface ExpenseQuery {
  readonly firmId: string
  readonly where: RawBuilder<unknown>
  readonly order?: RawBuilder<unknown>
  readonly limit?: number
  /** Locks the entries, for those who are about to claim them. */
  readonly lock?: boolean
}

export async function expenseRows(
  trx: Trx,
  { firmId, where, order, limit, lock }: ExpenseQuery,
): Promise<ExpenseRow[]> {
  const inOrder = order ?? sql`e.date, e.id`
  const found =
    limit === undefined
      ? sql`expense e`
      : pageSql({ kind: 'expense', firmId, where, order: inOrder, limit, asked: category })
  const { rows } = await sql<ExpenseRow>`
    select e.id, e.member_id as "memberId", m.name as "memberName", e.date,
      p.customer_id as "customerId", k.name as "customerName", e.project_id as "projectId", p.name as "projectName",
      e.category_id as "categoryId", g.name as "categoryName", e.note, e.tags, e.currency, e.gross,
      e.input_vat as "inputVat", e.deductible_percent as "deductiblePercent", e.margin_percent as "marginPercent",
      e.disbursement, e.recharge_net as "rechargeNet", e.billable, e.reimbursable,
      e.reimbursement_id as "reimbursementId",
      (select b.paid_on from reimbursement b where b.firm_id = e.firm_id and b.id = e.reimbursement_id) as "paidOn",
      ${filesOfExpense} as files, ${factColumns}, e.version
    from ${found} ${joins}
    ${limit === undefined ? sql`${ofFirm(firmId)} ${where}` : sql``}
    order by ${inOrder}
    ${lock ? sql`for update of e` : sql``}`.execute(trx)
  return rows
}

export type ExpenseGroup = 'customer' | 'project' | 'person' | 'category'

const groupSql = {
  customer: { key: sql`p.customer_id`, name: sql`k.name` },
  project: { key: sql`e.project_id`, name: sql`p.name` },
  person: { key: sql`e.member_id`, name: sql`m.name` },
  category: { key: sql`e.category_id`, name: sql`g.name` },
} as const satisfies Record<ExpenseGroup, unknown>

/** Keeps what belongs together in one run, by name, then by day; `expenseGroupTextOf` says the same of a row that was read. */
export const expenseGroupTextSql = (by: ExpenseGroup) =>
  sql`(coalesce(${groupSql[by].name}, '') || chr(9) || coalesce(${groupSql[by].key}::text, '') || chr(9) || e.date::text)`

export function expenseGroupTextOf(row: ExpenseRow, by: ExpenseGroup): string {
  const [name, key] = {
    customer: [row.customerName, row.customerId],
    project: [row.projectName, row.projectId],
    person: [row.memberName, row.memberId],
    category: [row.categoryName, row.categoryId],
  }[by]
  return `${name ?? ''}\t${key ?? ''}\t${row.date}`
}

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
