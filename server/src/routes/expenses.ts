import type { expenseInput, expenseRoutes } from '@uurwerk/api/expenses.ts'
import { expenseProblems, type Recharge, rechargeNet } from '@uurwerk/core/expenses/expense.ts'
import { calendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { absolute, compare, decimal, sameAmount } from '@uurwerk/core/shared/money.ts'
import { type FieldProblem, ProblemError } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import type { z } from 'zod'
import {
  type ExpenseAnswer,
  type ExpenseFilter,
  type ExpenseGroup,
  type ExpenseRow,
  expenseGroupTextOf,
  expenseGroupTextSql,
  expenseRows,
  toExpenseAnswer,
  whereOf,
} from '../entries/expense-rows.ts'
import { knownTags } from '../entries/known-tags.ts'
import { type Asking, oneOfKind, type Placed, type Writing } from '../entries/one-entry.ts'
import { spentPlaceProblem } from '../entries/spent-place.ts'
import { visibleSql, writtenFor } from '../entries/visible.ts'
import type { Handlers } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { type KeyPart, keyOf, pageOf } from '../http/paging.ts'
import { wrongField } from '../http/problems.ts'
import { mayReadFile } from './files.ts'

type Input = Partial<z.output<typeof expenseInput>>
type Names = Extract<keyof typeof expenseRoutes, `${string}Expense` | 'listExpenses'>

const date = { column: sql`e.date`, type: sql`date`, key: 'date' } as const
const amount = { column: sql`e.gross`, type: sql`numeric`, key: 'amount' } as const
const up = { direction: sql`asc`, sign: sql`>` } as const
const down = { direction: sql`desc`, sign: sql`<` } as const
const group = (by: ExpenseGroup) => ({ column: expenseGroupTextSql(by), type: sql`text`, key: 'text', ...up }) as const
const sortSql = {
  date: { ...date, ...up },
  '-date': { ...date, ...down },
  amount: { ...amount, ...up },
  '-amount': { ...amount, ...down },
  customer: group('customer'),
  project: group('project'),
  person: group('person'),
  category: group('category'),
} as const satisfies Record<string, { readonly key: KeyPart } & Record<string, unknown>>

type Sort = keyof typeof sortSql
const sortText = (row: ExpenseRow, sort: Sort): string => {
  if (sort.endsWith('date')) return row.date
  return sort.endsWith('amount') ? row.gross : expenseGroupTextOf(row, sort as ExpenseGroup)
}

export const expenseHandlers: Handlers<Names> = {
  listExpenses: async ({ trx, firmId, actor, query }) => {
    const { cursor, limit, sort, updatedSince, ...filter } = query
    const { column, direction, sign, type, key } = sortSql[sort]
    const after = keyOf(cursor, [key, 'id'])
    const where = sql`${seenBy({ actor }, filter)}
      ${updatedSince ? sql` and e.updated_at >= ${new Date(updatedSince)}` : sql``}
      ${after ? sql` and (${column}, e.id) ${sign} (${after[0]}::${type}, ${after[1]}::uuid)` : sql``}`
    const order = sql`${column} ${direction}, e.id ${direction}`
    const rows = await expenseRows(trx, { firmId, where, order, limit: limit + 1 })
    const seesMoney = actor.rights.has('rates:read')
    return pageOf(
      rows,
      limit,
      (row) => [sortText(row, sort), row.id],
      (row) => toExpenseAnswer(row, seesMoney),
    )
  },

  createExpense: async (call) => {
    const { trx, firmId, firm, actor, body, services, now } = call
    const memberId = writtenFor(actor, body.memberId)
    const written = await filledIn(call, body, undefined)
    await expense.refusePlace(call, { ...written, memberId })
    const id = services.ids.next()
    await trx
      .insertInto('expense')
      .values({ firmId, id, memberId, currency: firm.currency, ...written, createdAt: now, updatedAt: now })
      .execute()
    await attach(call, id, body.fileIds ?? [])
    await remember(call, { kind: 'expense', id }, 'created', { after: { ...body, ...written } })
    await services.events.publish(trx, firmId, { topic: 'expenses', ids: [id] })
    return expense.answerOf(call, id)
  },

  readExpense: (call) => expense.answerOf(call, call.params.id),

  changeExpense: async (call) => {
    const { trx, firmId, body } = call
    return expense.change(call, {
      async filled(row) {
        refusePaid(row, body)
        return { ...(await filledIn(call, body, row)), memberId: row.memberId }
      },
      async store({ id }, written, also) {
        await trx
          .updateTable('expense')
          .set({ ...written, ...also })
          .where('firmId', '=', firmId)
          .where('id', '=', id)
          .execute()
        if (body.fileIds) await attach(call, id, body.fileIds)
      },
    })
  },

  deleteExpense: (call) => expense.remove(call),
  restoreExpense: (call) => expense.restore(call),
}

/** What is kept in the history when it changes. */
const changedFields = [
  'date',
  'projectId',
  'projectName',
  'categoryId',
  'categoryName',
  'note',
  'tags',
  'gross',
  'inputVat',
  'deductiblePercent',
  'marginPercent',
  'disbursement',
  'billable',
  'reimbursable',
  'files',
] as const satisfies readonly (keyof ExpenseAnswer)[]

/** What a filter finds of what the person may see. */
const seenBy = ({ actor }: Pick<Asking, 'actor'>, filter: ExpenseFilter) =>
  sql`${whereOf(filter)}${visibleSql(actor, 'e')}`

const paidAlready = (row: ExpenseRow) =>
  new ProblemError({ kind: 'conflict', code: 'expense-reimbursed', values: { date: row.paidOn ?? '' } })

const expense = oneOfKind<ExpenseRow, ExpenseAnswer, Placed>({
  kind: 'expense',
  topic: 'expenses',
  rows: expenseRows,
  toAnswer: toExpenseAnswer,
  placeProblem: (call, place, before) =>
    spentPlaceProblem(call, {
      place,
      before,
      inFuture: () => wrongField('/date', 'expense-in-future'),
      employed: false,
    }),
  told: changedFields,
  gone: ({ date, gross }) => ({ date, gross }),
  refusals: {
    claimed: { kind: 'conflict', code: 'expense-claimed' },
    approved: { kind: 'conflict', code: 'expense-approved' },
    writtenOff: { kind: 'conflict', code: 'expense-written-off' },
  },
  paidAlready,
})

interface Written {
  readonly date: ReturnType<typeof calendarDate>
  readonly projectId: string | null
  readonly categoryId: string
  readonly note: string
  readonly tags: string[]
  readonly gross: string
  readonly inputVat: string
  readonly deductiblePercent: string
  readonly marginPercent: string
  readonly disbursement: boolean
  readonly rechargeNet: string
  readonly billable: boolean
  readonly reimbursable: boolean
}

const ofOffice = ['deductiblePercent', 'marginPercent', 'disbursement'] as const

/**
 * The whole expense: what was given, else what it was, else what its category proposes. Another category proposes
 * anew how the VAT and the margin are taken; whether it is billable and reimbursable stays what the person chose.
 */
async function filledIn(call: Writing, body: Input, row: ExpenseRow | undefined): Promise<Written> {
  const { actor } = call
  if (ofOffice.some((field) => body[field] !== undefined) && !actor.rights.has('hours:write'))
    throw new ProblemError({ kind: 'forbidden', code: 'no-right', values: { right: 'hours:write' } })
  const categoryId = body.categoryId ?? row?.categoryId ?? ''
  const projectId = body.projectId === undefined ? (row?.projectId ?? null) : body.projectId
  const category = await categoryOf(call, categoryId, row?.categoryId)
  const project = projectId ? await billingOf(call, projectId) : undefined
  const kept = row && row.categoryId === categoryId ? row : undefined
  const disbursement = body.disbursement ?? kept?.disbursement ?? category.disbursement
  // Made a disbursement, it has neither a margin nor VAT to deduct.
  const proposed =
    disbursement && body.disbursement ? { deductiblePercent: '0', marginPercent: '0' } : (kept ?? category)
  const billable = body.billable ?? row?.billable ?? (category.billable && project?.invoiced === true)
  const recharge: Recharge = {
    gross: decimal(body.gross ?? row?.gross ?? '0'),
    inputVat: decimal(body.inputVat ?? row?.inputVat ?? '0'),
    deductiblePercent: decimal(body.deductiblePercent ?? proposed.deductiblePercent),
    marginPercent: decimal(body.marginPercent ?? proposed.marginPercent),
    disbursement,
  }
  refuseAmounts({ ...recharge, billable, projectId })
  if (billable && project && !project.invoiced)
    throw wrongField('/billable', project.customerId ? 'project-not-invoiced' : 'project-without-customer', {
      project: project.name,
    })
  return {
    ...recharge,
    date: calendarDate(body.date ?? row?.date ?? ''),
    projectId,
    categoryId,
    note: body.note ?? row?.note ?? '',
    tags: await knownTags(call, body.tags, row?.tags),
    rechargeNet: rechargeNet(recharge),
    billable,
    reimbursable: body.reimbursable ?? row?.reimbursable ?? category.reimbursable,
  }
}

async function categoryOf({ trx, firmId }: Asking, id: string, before: string | undefined) {
  const category = await trx
    .selectFrom('expenseCategory')
    .select(['name', 'archivedAt', 'deductiblePercent', 'marginPercent', 'disbursement', 'billable', 'reimbursable'])
    .where('firmId', '=', firmId)
    .where('id', '=', id)
    .where('deletedAt', 'is', null)
    .executeTakeFirst()
  if (!category) throw wrongField('/categoryId', 'category-unknown')
  if (category.archivedAt && id !== before)
    throw wrongField('/categoryId', 'category-archived', { category: category.name })
  return category
}

async function billingOf({ trx, firmId }: Asking, projectId: string) {
  const project = await trx
    .selectFrom('project')
    .select(['name', 'customerId', 'invoicingMethod'])
    .where('firmId', '=', firmId)
    .where('id', '=', projectId)
    .where('deletedAt', 'is', null)
    .executeTakeFirst()
  if (!project) throw wrongField('/projectId', 'project-unknown')
  return { ...project, invoiced: project.customerId !== null && project.invoicingMethod !== 'none' }
}

/** More than any receipt says. */
const mostGross = decimal('9999999.99')

type Amounts = Recharge & { readonly billable: boolean; readonly projectId: string | null }

function refuseAmounts(amounts: Amounts): void {
  const fields: FieldProblem[] = [...expenseProblems(amounts)]
  if (compare(absolute(amounts.gross), mostGross) > 0) fields.push({ pointer: '/gross', code: 'gross-too-large' })
  if (fields.length > 0) throw new ProblemError({ kind: 'input', code: 'input-wrong', fields })
}

/** The receipts of an expense, in their order: one's own, or those that it carried. */
async function attach({ trx, firmId, actor }: Asking, expenseId: string, fileIds: readonly string[]): Promise<void> {
  const wanted = [...new Set(fileIds)]
  const found =
    wanted.length > 0
      ? await trx
          .selectFrom('file')
          .select('id')
          .where('firmId', '=', firmId)
          .where('id', 'in', wanted)
          .where(mayReadFile(actor))
          // Whoever removes files that hang nowhere passes over it now.
          .forKeyShare()
          .execute()
      : []
  const known = new Set(found.map(({ id }) => id))
  const at = fileIds.findIndex((id) => !known.has(id))
  if (at !== -1) throw wrongField(`/fileIds/${at}`, 'file-unknown')
  await trx.deleteFrom('expenseFile').where('firmId', '=', firmId).where('expenseId', '=', expenseId).execute()
  if (wanted.length > 0)
    await trx
      .insertInto('expenseFile')
      .values(wanted.map((fileId, position) => ({ firmId, expenseId, fileId, position })))
      .execute()
}

/** What was paid to the employee stays what it was; the rest may still be put right. */
function refusePaid(row: ExpenseRow, body: Input): void {
  if (!row.reimbursementId) return
  const same = (given: string | undefined, was: string) =>
    given === undefined || sameAmount(decimal(given), decimal(was))
  if (!same(body.gross, row.gross) || (body.reimbursable ?? true) !== true) throw paidAlready(row)
}
