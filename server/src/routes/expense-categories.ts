import type { expenseCategory as categoryShape, expenseRoutes } from '@uurwerk/api/expenses.ts'
import { compare, decimal, isZero, zero } from '@uurwerk/core/shared/money.ts'
import { type FieldProblem, ProblemError } from '@uurwerk/core/shared/problem.ts'
import type { Selectable } from 'kysely'
import type { z } from 'zod'
import { type FirmCall, type Handlers, StaleEdit } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { afterName, anywhere, byName, keyOf, pageOf } from '../http/paging.ts'
import { notThere } from '../http/problems.ts'
import type { ExpenseCategory as CategoryTable } from '../store/schema.gen.ts'
import { deleteRow, putAway, rememberChange, restoreRow } from './kept-rows.ts'

type Row = Selectable<CategoryTable>
type Answer = z.input<typeof categoryShape>
type Asking = Pick<FirmCall<never>, 'trx' | 'firmId' | 'actor'>
type Names = Extract<keyof typeof expenseRoutes, `${string}ExpenseCategory` | 'listExpenseCategories'>

export const expenseCategoryHandlers: Handlers<Names> = {
  listExpenseCategories: async (call) => {
    const { trx, firmId, query } = call
    const after = keyOf(query.cursor, ['text', 'id'])
    let rows = trx
      .selectFrom('expenseCategory')
      .selectAll()
      .where('firmId', '=', firmId)
      .where('deletedAt', 'is', null)
      .where('archivedAt', query.archived ? 'is not' : 'is', null)
      .orderBy(byName)
      .orderBy('id')
      .limit(query.limit + 1)
    if (query.updatedSince) rows = rows.where('updatedAt', '>=', new Date(query.updatedSince))
    if (query.search) {
      const like = anywhere(query.search)
      rows = rows.where((where) => where.or([where('name', 'ilike', like), where('code', 'ilike', like)]))
    }
    if (after) rows = rows.where(afterName(after[0] as string, after[1] as string))
    return pageOf(
      await rows.execute(),
      query.limit,
      ({ name, id }) => [name, id],
      (row) => toAnswer(row, call),
    )
  },

  createExpenseCategory: async (call) => {
    const { trx, firmId, body, now, services } = call
    const id = services.ids.next()
    const percents = {
      disbursement: body.disbursement ?? false,
      deductiblePercent: body.deductiblePercent ?? (body.disbursement ? '0' : '100'),
      marginPercent: body.marginPercent ?? '0',
    }
    refuseWrong(percents)
    await trx
      .insertInto('expenseCategory')
      .values({ ...body, ...percents, code: body.code || null, firmId, id, createdAt: now, updatedAt: now })
      .execute()
    await remember(call, { kind: 'expense-category', id }, 'created', { after: { ...body, ...percents } })
    await services.events.publish(trx, firmId, { topic: 'expenses' })
    return answerOf(call, id)
  },

  readExpenseCategory: (call) => answerOf(call, call.params.id),

  changeExpenseCategory: async (call) => {
    const { trx, firmId, params, body, version, now, services } = call
    const before = await rowOf(call, params.id)
    if (before.version !== version) throw new StaleEdit(before.version, toAnswer(before, call))
    refuseWrong({
      disbursement: body.disbursement ?? before.disbursement,
      deductiblePercent: body.deductiblePercent ?? before.deductiblePercent,
      marginPercent: body.marginPercent ?? before.marginPercent,
    })
    const { archived, ...plain } = body
    await trx
      .updateTable('expenseCategory')
      .set({
        ...plain,
        ...(plain.code === undefined ? {} : { code: plain.code || null }),
        ...putAway(archived, now),
        version: version + 1,
        updatedAt: now,
      })
      .where('firmId', '=', firmId)
      .where('id', '=', params.id)
      .execute()
    const shown = toAnswer(before, call)
    await rememberChange(call, { kind: 'expense-category', id: params.id }, shown, body)
    await services.events.publish(trx, firmId, { topic: 'expenses' })
    return answerOf(call, params.id)
  },

  deleteExpenseCategory: async (call) => {
    const { trx, firmId, params, version } = call
    const before = await rowOf(call, params.id)
    if (before.version !== version) throw new StaleEdit(before.version, toAnswer(before, call))
    const used = await trx
      .selectFrom('expense')
      .select('id')
      .where('firmId', '=', firmId)
      .where('categoryId', '=', params.id)
      .where('deletedAt', 'is', null)
      .limit(1)
      .executeTakeFirst()
    if (used) throw new ProblemError({ kind: 'conflict', code: 'category-in-use', values: { category: before.name } })
    await deleteRow(call, 'expense-category', before)
    return undefined
  },

  restoreExpenseCategory: async (call) => {
    const { trx, firmId, params } = call
    const row = await trx
      .selectFrom('expenseCategory')
      .select(['id', 'version', 'deletedAt'])
      .where('firmId', '=', firmId)
      .where('id', '=', params.id)
      .forUpdate()
      .executeTakeFirst()
    if (!row) throw notThere('category')
    if (row.deletedAt) {
      await restoreRow(call, 'expense-category', row)
    }
    return answerOf(call, row.id)
  },
}

async function rowOf({ trx, firmId }: Pick<Asking, 'trx' | 'firmId'>, id: string): Promise<Row> {
  const row = await trx
    .selectFrom('expenseCategory')
    .selectAll()
    .where('firmId', '=', firmId)
    .where('id', '=', id)
    .where('deletedAt', 'is', null)
    .executeTakeFirst()
  if (!row) throw notThere('category')
  return row
}

const answerOf = async (call: Asking, id: string): Promise<Answer> => toAnswer(await rowOf(call, id), call)

interface Percents {
  readonly disbursement: boolean
  readonly deductiblePercent: string
  readonly marginPercent: string
}

/** What no expense of the category could be. */
function refuseWrong({ disbursement, ...percents }: Percents): void {
  const deductible = decimal(percents.deductiblePercent)
  const margin = decimal(percents.marginPercent)
  const fields: FieldProblem[] = []
  if (compare(deductible, decimal('100')) > 0)
    fields.push({ pointer: '/deductiblePercent', code: 'percent-out-of-range' })
  else if (disbursement && !isZero(deductible))
    fields.push({ pointer: '/deductiblePercent', code: 'disbursement-vat-deducted' })
  if (compare(margin, decimal('1000')) > 0) fields.push({ pointer: '/marginPercent', code: 'percent-out-of-range' })
  else if (disbursement && compare(margin, zero) !== 0)
    fields.push({ pointer: '/marginPercent', code: 'disbursement-with-margin' })
  if (fields.length > 0) throw new ProblemError({ kind: 'input', code: 'input-wrong', fields })
}

function toAnswer(row: Row, { actor }: Pick<Asking, 'actor'>): Answer {
  return {
    id: row.id,
    name: row.name,
    code: row.code,
    vatClass: row.vatClass as Answer['vatClass'],
    deductiblePercent: decimal(row.deductiblePercent),
    marginPercent: actor.rights.has('rates:read') ? decimal(row.marginPercent) : null,
    disbursement: row.disbursement,
    billable: row.billable,
    reimbursable: row.reimbursable,
    archived: row.archivedAt !== null,
    version: row.version,
    updatedAt: row.updatedAt.toISOString(),
  }
}
