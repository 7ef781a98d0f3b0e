import type { reimbursement as reimbursementShape } from '@uurwerk/api/expenses.ts'
import { calendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { decimal, round, toCents } from '@uurwerk/core/shared/money.ts'
import { type RawBuilder, sql } from 'kysely'
import type { z } from 'zod'
import type { Sheet } from '../exports/sheet.ts'
import type { FirmCall } from '../http/call.ts'
import { notThere } from '../http/problems.ts'
import type { Trx } from '../store/database.ts'
import { rateText } from './rate-text.ts'

type Asking = Pick<FirmCall<never>, 'trx' | 'firmId'>
type Answer = z.input<typeof reimbursementShape>

export interface PaidRow {
  readonly id: string
  readonly memberId: string
  readonly memberName: string
  readonly paidOn: string
  readonly amount: string
  readonly currency: string
  readonly note: string
  readonly count: number
  readonly undoneAt: Date | null
  readonly createdAt: Date
}

export async function paidRows(trx: Trx, firmId: string, where: RawBuilder<unknown>): Promise<PaidRow[]> {
  const { rows } = await sql<PaidRow>`
    select b.id, b.member_id as "memberId", m.name as "memberName", b.paid_on as "paidOn", b.amount, b.currency, b.note,
      (select count(*)::int from reimbursement_line l where l.firm_id = b.firm_id and l.reimbursement_id = b.id) as count,
      b.undone_at as "undoneAt", b.created_at as "createdAt"
    from reimbursement b join member m on m.firm_id = b.firm_id and m.id = b.member_id
    where b.firm_id = ${firmId}::uuid ${where}`.execute(trx)
  return rows
}

export async function paidRow({ trx, firmId }: Asking, id: string, lock = false): Promise<PaidRow> {
  const [row] = await paidRows(trx, firmId, sql` and b.id = ${id}::uuid ${lock ? sql`for update of b` : sql``}`)
  if (!row) throw notThere('reimbursement')
  return row
}

export const toPaidAnswer = (row: PaidRow): Answer => ({
  id: row.id,
  memberId: row.memberId,
  memberName: row.memberName,
  paidOn: calendarDate(row.paidOn),
  amount: toCents(decimal(row.amount)),
  currency: row.currency,
  note: row.note,
  count: row.count,
  undoneAt: row.undoneAt?.toISOString() ?? null,
  createdAt: row.createdAt.toISOString(),
})

export async function paidInFull(call: Asking, id: string) {
  const row = await paidRow(call, id)
  const lines = await call.trx
    .selectFrom('reimbursementLine')
    .select(['entryKind', 'entryId', 'date', 'description', 'projectName', 'km', 'rate', 'amount'])
    .where('firmId', '=', call.firmId)
    .where('reimbursementId', '=', id)
    .orderBy('position')
    .execute()
  return {
    ...toPaidAnswer(row),
    lines: lines.map((line) => ({
      kind: line.entryKind as 'expense' | 'trip',
      entryId: line.entryId,
      date: calendarDate(line.date),
      description: line.description,
      projectName: line.projectName,
      km: line.km && round(decimal(line.km), 1),
      rate: line.rate && rateText(line.rate),
      amount: toCents(decimal(line.amount)),
    })),
  }
}

/** Lines of the query `rows`, named `l`; with the day of payment when they were paid. */
export function reimbursementSheet(
  name: string,
  rows: RawBuilder<unknown>,
  { firm }: Pick<FirmCall<never>, 'firm'>,
  paid = false,
): Sheet {
  const words = { expense: 'export.kind.expense', trip: 'export.kind.trip' }
  return {
    name,
    rows,
    columns: [
      { id: 'person', head: 'export.person', kind: 'text', value: sql`l.member_name` },
      ...(paid ? [{ id: 'paidOn', head: 'export.paidOn', kind: 'date', value: sql`l.paid_on` } as const] : []),
      { id: 'date', head: 'export.date', kind: 'date', value: sql`l.date` },
      { id: 'kind', head: 'export.kind', kind: 'word', value: sql`l.kind`, words },
      { id: 'description', head: 'export.description', kind: 'text', value: sql`l.description` },
      { id: 'project', head: 'export.project', kind: 'text', value: sql`l.project_name` },
      { id: 'km', head: 'export.km', kind: 'decimal', value: sql`l.km` },
      { id: 'rate', head: 'export.kmRate', kind: 'decimal', value: sql`trim_scale(l.rate)` },
      { id: 'amount', head: 'export.amount', kind: 'decimal', value: sql`l.amount` },
      { id: 'currency', head: 'export.currency', kind: 'text', value: sql`${sql.lit(firm.currency)}::text` },
    ],
  }
}
