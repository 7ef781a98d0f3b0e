import type { expenseRoutes, openReimbursement as openShape } from '@uurwerk/api/expenses.ts'
import { assert } from '@uurwerk/core/shared/assert.ts'
import { calendarDate, dateIn } from '@uurwerk/core/shared/calendar-date.ts'
import { decimal, round, sameAmount, sum, toCents } from '@uurwerk/core/shared/money.ts'
import { type FieldProblem, ProblemError } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import type { z } from 'zod'
import { oneOf } from '../entries/entry-sql.ts'
import { rateText } from '../entries/rate-text.ts'
import { type OpenFilter, type OpenLine, openLines } from '../entries/reimbursable.ts'
import { paidInFull, paidRow, paidRows, reimbursementSheet, toPaidAnswer } from '../entries/reimbursement-rows.ts'
import { exportAnswer } from '../exports/export-answer.ts'
import type { FirmCall, Handlers } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { keyOf, pageOf } from '../http/paging.ts'
import type { Trx } from '../store/database.ts'

type Call = FirmCall<never>
type Asking = Pick<Call, 'trx' | 'firmId' | 'firm' | 'now'>
type Open = z.input<typeof openShape>
type Names = Extract<keyof typeof expenseRoutes, `${string}Reimbursement` | `${string}Reimbursements`>

export const reimbursementHandlers: Handlers<Names> = {
  listOpenReimbursements: async (call) => {
    const lines = await readOpen(call, call.query)
    const people = [...Map.groupBy(lines, ({ memberId }) => memberId).values()]
    return { rows: people.map((ofOne) => toOpen(ofOne, call.firm.currency)) }
  },

  exportReimbursements: {
    free: async (call) => {
      const { services, firmId, query } = call
      const { format, separator, reimbursementId } = query
      const form = { format, separator }
      if (!reimbursementId) {
        const filter = await services.store.withFirm(firmId, (trx) => openFilter({ ...call, trx }, query))
        const rows = sql` from ${openLines(filter)} l order by l.member_name, l.member_id, l.date, l.id`
        return exportAnswer(call, reimbursementSheet('export.reimbursements.open', rows, call), form)
      }
      await services.store.withFirm(firmId, (trx) => paidRow({ trx, firmId }, reimbursementId))
      const rows = sql` from (
        select l.entry_kind as kind, m.name as member_name, b.paid_on, l.date, l.description, l.project_name, l.km, l.rate,
          l.amount, l.position
        from reimbursement_line l
        join reimbursement b on b.firm_id = l.firm_id and b.id = l.reimbursement_id
        join member m on m.firm_id = b.firm_id and m.id = b.member_id
        where l.firm_id = ${firmId}::uuid and l.reimbursement_id = ${reimbursementId}::uuid) l order by l.position`
      return exportAnswer(call, reimbursementSheet('export.reimbursements.paid', rows, call, true), form)
    },
  },

  listReimbursements: async ({ trx, firmId, query }) => {
    const { cursor, limit, memberId, undone } = query
    const after = keyOf(cursor, ['date', 'id'])
    const rows = await paidRows(
      trx,
      firmId,
      sql`${oneOf(sql`b.member_id`, memberId, 'uuid')}
        and (b.undone_at is not null) = ${undone ?? false}
        ${after ? sql` and (b.paid_on, b.id) < (${after[0]}::date, ${after[1]}::uuid)` : sql``}
        order by b.paid_on desc, b.id desc limit ${limit + 1}`,
    )
    return pageOf(rows, limit, (row) => [row.paidOn, row.id], toPaidAnswer)
  },

  createReimbursement: async (call) => {
    const { trx, firmId, firm, actor, body, services, now } = call
    const { memberId, paidOn, expenseIds = [], tripIds = [] } = body
    if (expenseIds.length + tripIds.length === 0)
      throw new ProblemError({
        kind: 'input',
        code: 'input-wrong',
        fields: [{ pointer: '/expenseIds', code: 'required' }],
      })
    await lockRows(trx, firmId, 'expense', expenseIds)
    await lockRows(trx, firmId, 'trip', tripIds)
    const lines = await payable(call, { memberId, expenseIds, tripIds })
    const amount = toCents(sum(lines.map((line) => decimal(line.amount))))
    if (body.amount !== undefined && !sameAmount(decimal(body.amount), amount))
      throw new ProblemError({
        kind: 'conflict',
        code: 'reimbursement-changed',
        values: { amount, seen: toCents(decimal(body.amount)), currency: firm.currency },
      })
    const id = services.ids.next()
    await trx
      .insertInto('reimbursement')
      .values({
        firmId,
        id,
        memberId,
        paidOn,
        amount,
        currency: firm.currency,
        note: body.note ?? '',
        createdBy: actor.memberId,
        createdAt: now,
      })
      .execute()
    for (let from = 0; from < lines.length; from += 500)
      await trx
        .insertInto('reimbursementLine')
        .values(
          lines
            .slice(from, from + 500)
            .map(({ id: entryId, kind, date, description, projectName, km, rate, ...line }, at) => ({
              firmId,
              reimbursementId: id,
              position: from + at + 1,
              entryKind: kind,
              entryId,
              date,
              description,
              projectName,
              km,
              rate,
              amount: line.amount,
            })),
        )
        .execute()
    for (const table of ['expense', 'trip'] as const)
      await trx
        .updateTable(table)
        .set((row) => ({ reimbursementId: id, version: row('version', '+', 1), updatedAt: now }))
        .where('firmId', '=', firmId)
        .where('id', 'in', [...(table === 'expense' ? expenseIds : tripIds), id])
        .execute()
    await remember(call, { kind: 'reimbursement', id }, 'created', { after: { ...body, amount } })
    for (const line of lines)
      await remember(call, { kind: line.kind, id: line.id }, 'reimbursed', { after: { paidOn, amount: line.amount } })
    await publish(call, expenseIds, tripIds)
    return paidInFull(call, id)
  },

  readReimbursement: (call) => paidInFull(call, call.params.id),

  undoReimbursement: async (call) => {
    const { trx, firmId, params, now } = call
    const row = await paidRow(call, params.id, true)
    if (row.undoneAt) return undefined
    const changed: Record<'expense' | 'trip', readonly string[]> = { expense: [], trip: [] }
    for (const table of ['expense', 'trip'] as const) {
      const rows = await trx
        .selectFrom(table)
        .select('id')
        .where('firmId', '=', firmId)
        .where('reimbursementId', '=', row.id)
        .orderBy('id')
        .forUpdate()
        .execute()
      changed[table] = rows.map(({ id }) => id)
      await trx
        .updateTable(table)
        .set((one) => ({ reimbursementId: null, version: one('version', '+', 1), updatedAt: now }))
        .where('firmId', '=', firmId)
        .where('reimbursementId', '=', row.id)
        .execute()
    }
    await trx
      .updateTable('reimbursementLine')
      .set({ undone: true })
      .where('firmId', '=', firmId)
      .where('reimbursementId', '=', row.id)
      .execute()
    await trx
      .updateTable('reimbursement')
      .set({ undoneAt: now })
      .where('firmId', '=', firmId)
      .where('id', '=', row.id)
      .execute()
    await remember(call, { kind: 'reimbursement', id: row.id }, 'undone', { before: { amount: row.amount } })
    for (const kind of ['expense', 'trip'] as const)
      for (const id of changed[kind]) await remember(call, { kind, id }, 'reimbursement-undone')
    await publish(call, changed.expense, changed.trip)
    return undefined
  },
}

async function publish(
  { services, trx, firmId }: Pick<Call, 'services' | 'trx' | 'firmId'>,
  expenseIds: readonly string[],
  tripIds: readonly string[],
): Promise<void> {
  if (expenseIds.length > 0) await services.events.publish(trx, firmId, { topic: 'expenses', ids: expenseIds })
  if (tripIds.length > 0) await services.events.publish(trx, firmId, { topic: 'trips', ids: tripIds })
}

/** Two who pay the same at once: the second waits here, and then finds it paid. */
async function lockRows(trx: Trx, firmId: string, table: 'expense' | 'trip', ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await trx
    .selectFrom(table)
    .select('id')
    .where('firmId', '=', firmId)
    .where('id', 'in', [...ids])
    .orderBy('id')
    .forUpdate()
    .execute()
}

interface Filter {
  readonly memberId?: readonly string[] | undefined
  readonly until?: string | undefined
  readonly ids?: readonly string[] | undefined
}

async function openFilter({ trx, firmId, firm, now }: Asking, filter: Filter): Promise<OpenFilter> {
  const { approval } = await trx
    .selectFrom('firm')
    .select('approval')
    .where('firmId', '=', firmId)
    .executeTakeFirstOrThrow()
  const { memberId, until, ids } = filter
  const today = dateIn(firm.timeZone, now)
  return { firmId, currency: firm.currency, approvalOn: approval !== 'off', today, memberId, until, ids }
}

async function readOpen(call: Asking, filter: Filter): Promise<OpenLine[]> {
  const { rows } = await sql<OpenLine>`
    select l.kind, l.id, l.member_id as "memberId", l.member_name as "memberName", l.date, l.description,
      l.project_name as "projectName", l.km, l.rate, l.amount, l.files
    from ${openLines(await openFilter(call, filter))} l
    order by l.member_name collate "nl-x-icu", l.member_id, l.date, l.id`.execute(call.trx)
  return rows
}

type Payable = OpenLine & { readonly amount: string }

/** The lines that were asked for, each payable to that person now; else what is wrong stands at its place. */
async function payable(
  call: Asking,
  asked: { readonly memberId: string; readonly expenseIds: readonly string[]; readonly tripIds: readonly string[] },
): Promise<Payable[]> {
  const { trx, firmId } = call
  const member = await trx
    .selectFrom('member')
    .select('id')
    .where('firmId', '=', firmId)
    .where('id', '=', asked.memberId)
    .executeTakeFirst()
  const fields: FieldProblem[] = member ? [] : [{ pointer: '/memberId', code: 'person-unknown' }]
  const open = await readOpen(call, { ids: [...asked.expenseIds, ...asked.tripIds] })
  const found = new Map(open.map((line) => [`${line.kind} ${line.id}`, line]))
  const places = [
    ...asked.expenseIds.map((id, at) => ({ kind: 'expense' as const, id, pointer: `/expenseIds/${at}` })),
    ...asked.tripIds.map((id, at) => ({ kind: 'trip' as const, id, pointer: `/tripIds/${at}` })),
  ]
  const seen = new Set<string>()
  const lines: Payable[] = []
  for (const { kind, id, pointer } of places) {
    const name = `${kind} ${id}`
    const line = found.get(name)
    if (seen.has(name)) fields.push({ pointer, code: 'named-twice' })
    else if (!line) fields.push({ pointer, ...(await whyNot(call, kind, id)) })
    else if (line.memberId !== asked.memberId) fields.push({ pointer, code: 'not-of-this-person' })
    else if (line.amount === null) fields.push({ pointer, code: 'km-rate-missing', values: { date: line.date } })
    else lines.push({ ...line, amount: line.amount })
    seen.add(name)
  }
  if (fields.length > 0) throw new ProblemError({ kind: 'input', code: 'input-wrong', fields })
  return lines
}

async function whyNot(
  { trx, firmId }: Asking,
  kind: 'expense' | 'trip',
  id: string,
): Promise<Omit<FieldProblem, 'pointer'>> {
  const row = await trx
    .selectFrom(kind)
    .select(['reimbursable', 'reimbursementId', 'approval'])
    .where('firmId', '=', firmId)
    .where('id', '=', id)
    .where('deletedAt', 'is', null)
    .executeTakeFirst()
  if (!row) return { code: kind === 'expense' ? 'expense-unknown' : 'trip-unknown' }
  if (row.reimbursementId) return { code: 'already-reimbursed' }
  return { code: row.reimbursable ? 'not-payable-yet' : 'not-reimbursable' }
}

const fileOf = ({ id, name, mediaType, sizeBytes }: OpenLine['files'][number]) => ({ id, name, mediaType, sizeBytes })

function toOpen(lines: readonly OpenLine[], currency: string): Open {
  const [first] = lines
  assert(first, 'a group has a line')
  const amountOf = (kind: OpenLine['kind']) =>
    toCents(sum(lines.flatMap((line) => (line.kind === kind && line.amount ? [decimal(line.amount)] : []))))
  const shared = ({ id, date, description, projectName }: OpenLine) => ({
    id,
    date: calendarDate(date),
    description,
    projectName,
  })
  const [expensesAmount, tripsAmount] = [amountOf('expense'), amountOf('trip')]
  return {
    memberId: first.memberId,
    memberName: first.memberName,
    currency,
    expenses: lines.flatMap((line) =>
      line.kind === 'expense'
        ? [{ ...shared(line), amount: toCents(decimal(line.amount ?? '0')), files: line.files.map(fileOf) }]
        : [],
    ),
    trips: lines.flatMap((line) =>
      line.kind === 'trip'
        ? [
            {
              ...shared(line),
              km: round(decimal(line.km ?? '0'), 1),
              rate: line.rate && rateText(line.rate),
              amount: line.amount && toCents(decimal(line.amount)),
            },
          ]
        : [],
    ),
    expensesAmount,
    tripsAmount,
    amount: toCents(sum([expensesAmount, tripsAmount])),
    withoutRate: lines.filter((line) => line.amount === null).length,
  }
}
