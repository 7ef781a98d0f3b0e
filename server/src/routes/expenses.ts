import type { expenseInput, expenseRoutes } from '@uurwerk/api/expenses.ts'
import { expenseProblems, type Recharge, rechargeNet } from '@uurwerk/core/expenses/expense.ts'
import { addDays, calendarDate, dateIn } from '@uurwerk/core/shared/calendar-date.ts'
import { absolute, compare, decimal, sameAmount } from '@uurwerk/core/shared/money.ts'
import { type FieldProblem, ProblemError } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import type { z } from 'zod'
import { afterEdit } from '../entries/after-edit.ts'
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
import { lockedDay, memberProblem, projectProblem } from '../entries/may-write.ts'
import { visibleSql, writtenFor } from '../entries/visible.ts'
import { type FirmCall, type Handlers, StaleEdit } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { type KeyPart, keyOf, pageOf } from '../http/paging.ts'
import { notThere, wrongField } from '../http/problems.ts'
import { mayReadFile } from './files.ts'

type Asking = Pick<FirmCall<never>, 'trx' | 'firmId' | 'actor'>
type Writing = Asking & Pick<FirmCall<never>, 'firm' | 'now' | 'services' | 'requestId'>
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
    await refuseWrong(call, { ...written, memberId })
    const id = services.ids.next()
    await trx
      .insertInto('expense')
      .values({ firmId, id, memberId, currency: firm.currency, ...written, createdAt: now, updatedAt: now })
      .execute()
    await attach(call, id, body.fileIds ?? [])
    await remember(call, { kind: 'expense', id }, 'created', { after: { ...body, ...written } })
    await services.events.publish(trx, firmId, { topic: 'expenses', ids: [id] })
    return answerOf(call, id)
  },

  readExpense: (call) => answerOf(call, call.params.id),

  changeExpense: async (call) => {
    const { trx, firmId, actor, params, body, version, services, now } = call
    const row = await rowOf(call, params.id, true)
    if (row.version !== version) throw new StaleEdit(row.version, await answerOf(call, params.id))
    refuseLocked(row)
    refusePaid(row, body)
    const before = toExpenseAnswer(row, true)
    const written = await filledIn(call, body, row)
    await refuseWrong(call, { ...written, memberId: row.memberId }, row)
    const problem = await lockedDay(call, calendarDate(row.date))
    if (problem) throw problem
    await trx
      .updateTable('expense')
      .set({
        ...written,
        ...afterEdit(row),
        version: version + 1,
        updatedAt: now,
      })
      .where('firmId', '=', firmId)
      .where('id', '=', row.id)
      .execute()
    if (body.fileIds) await attach(call, row.id, body.fileIds)
    const after = toExpenseAnswer(await rowOf(call, row.id), true)
    const changed = changedFields.filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]))
    const some = (answer: ExpenseAnswer) => Object.fromEntries(changed.map((field) => [field, answer[field]]))
    await remember(call, { kind: 'expense', id: row.id }, 'changed', { before: some(before), after: some(after) })
    await services.events.publish(trx, firmId, { topic: 'expenses', ids: [row.id] })
    return actor.rights.has('rates:read') ? after : answerOf(call, row.id)
  },

  deleteExpense: async (call) => {
    const { trx, firmId, params, version, services, now } = call
    const row = await rowOf(call, params.id, true)
    if (row.version !== version) throw new StaleEdit(row.version, await answerOf(call, params.id))
    refuseLocked(row)
    if (row.reimbursementId) throw paidAlready(row)
    const problem = await lockedDay(call, calendarDate(row.date))
    if (problem) throw problem
    await trx
      .updateTable('expense')
      .set({ deletedAt: now, version: version + 1, updatedAt: now })
      .where('firmId', '=', firmId)
      .where('id', '=', row.id)
      .execute()
    await remember(call, { kind: 'expense', id: row.id }, 'deleted', { before: { date: row.date, gross: row.gross } })
    await services.events.publish(trx, firmId, { topic: 'expenses', ids: [row.id] })
    return undefined
  },

  restoreExpense: async (call) => {
    const { trx, firmId, actor, params, services, now } = call
    const row = await trx
      .selectFrom('expense')
      .select(['id', 'deletedAt', 'version', 'memberId', 'date', 'projectId', 'categoryId', 'billable'])
      .where('firmId', '=', firmId)
      .where('id', '=', params.id)
      .forUpdate()
      .executeTakeFirst()
    if (!row || (row.memberId !== actor.memberId && !actor.rights.has('hours:write'))) throw notThere('expense')
    if (row.deletedAt) {
      await refusePlace(call, { ...row, date: calendarDate(row.date) })
      await trx
        .updateTable('expense')
        .set({ deletedAt: null, version: row.version + 1, updatedAt: now })
        .where('firmId', '=', firmId)
        .where('id', '=', row.id)
        .execute()
      await remember(call, { kind: 'expense', id: row.id }, 'restored')
      await services.events.publish(trx, firmId, { topic: 'expenses', ids: [row.id] })
    }
    return answerOf(call, row.id)
  },
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

async function rowOf({ trx, firmId, actor }: Asking, id: string, toWrite = false): Promise<ExpenseRow> {
  const where = sql` and e.id = ${id}::uuid${visibleSql(actor, 'e')}`
  const [row] = await expenseRows(trx, { firmId, where, lock: toWrite })
  if (!row) throw notThere('expense')
  if (toWrite) writtenFor(actor, row.memberId)
  return row
}

const answerOf = async (call: Asking, id: string): Promise<ExpenseAnswer> =>
  toExpenseAnswer(await rowOf(call, id), call.actor.rights.has('rates:read'))

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

interface Placed {
  readonly date: ReturnType<typeof calendarDate>
  readonly memberId: string
  readonly projectId: string | null
}

async function refuseWrong(call: Writing, placed: Placed, before?: ExpenseRow): Promise<void> {
  const { firm, now } = call
  // Who travels may be a day ahead of the firm.
  if (placed.date > addDays(dateIn(firm.timeZone, now), 1)) throw wrongField('/date', 'expense-in-future')
  // A project that ended or was archived since keeps what stood on it.
  const moved = !before || before.projectId !== placed.projectId || before.date !== placed.date
  await refusePlace(call, moved ? placed : { ...placed, projectId: null })
}

async function refusePlace(call: Asking, { date, memberId, projectId }: Placed): Promise<void> {
  const problem =
    (await memberProblem(call, memberId)) ??
    (projectId ? await projectProblem(call, { date, memberId, projectId }) : undefined) ??
    (await lockedDay(call, date))
  if (problem) throw problem
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

function refuseLocked(row: ExpenseRow): void {
  if (!row.locked) return
  const code =
    row.state === 'reserved' || row.state === 'invoiced'
      ? 'expense-claimed'
      : row.approval === 'approved'
        ? 'expense-approved'
        : 'expense-written-off'
  throw new ProblemError({ kind: 'conflict', code, values: { number: row.claimedInvoiceNumber ?? '' } })
}

const paidAlready = (row: ExpenseRow) =>
  new ProblemError({ kind: 'conflict', code: 'expense-reimbursed', values: { date: row.paidOn ?? '' } })

/** What was paid to the employee stays what it was; the rest may still be put right. */
function refusePaid(row: ExpenseRow, body: Input): void {
  if (!row.reimbursementId) return
  const same = (given: string | undefined, was: string) =>
    given === undefined || sameAmount(decimal(given), decimal(was))
  if (!same(body.gross, row.gross) || (body.reimbursable ?? true) !== true) throw paidAlready(row)
}
