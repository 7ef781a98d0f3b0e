import type { paymentRoutes } from '@uurwerk/api/payments.ts'
import type { AnswerOf } from '@uurwerk/api/route.ts'
import { mayUndo } from '@uurwerk/core/invoicing/payment-state.ts'
import { type Decimal, decimal, subtract } from '@uurwerk/core/shared/money.ts'
import type { Problem } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import type { FirmCall } from '../http/call.ts'
import { explainProblem } from '../http/problems.ts'

type Route = (typeof paymentRoutes)['undoPayments']
type Call = FirmCall<Route>

interface Row {
  readonly id: string
  readonly invoiceId: string
  readonly number: string
  readonly date: string
  readonly amount: string
  readonly inBooks: string
  readonly way: string
  readonly source: string
  readonly removedAt: Date | null
  readonly paid: string
}

/** What the books tell of already does not count beside them. */
const countedOf = ({ amount, inBooks }: Pick<Row, 'amount' | 'inBooks'>): Decimal =>
  subtract(decimal(amount), decimal(inBooks))

/** As many statements for one as for thousands. What was undone already stays so. */
export async function undoMany(call: Call): Promise<AnswerOf<Route>> {
  const { body, language } = call
  const ids = [...new Set(body.ids)]
  const held = await holdPayments(call, ids)
  const paid = new Map<string, Decimal>()
  const undone: Row[] = []
  const rows = ids.map((id) => {
    const row = held.get(id)
    const left = row && (paid.get(row.invoiceId) ?? decimal(row.paid))
    const problem = whyLeft(row, left)
    if (row && left && !problem && !row.removedAt) {
      paid.set(row.invoiceId, subtract(left, countedOf(row)))
      undone.push(row)
    }
    return { id, problem: problem && explainProblem(problem, language) }
  })
  await writeUndone(call, undone)
  return { undone: undone.length, rows }
}

/** Their invoices are held first, then the payments are read: as they are once nobody else changes them. */
async function holdPayments({ trx, firmId }: Call, ids: readonly string[]): Promise<ReadonlyMap<string, Row>> {
  await sql`
    select 1 from invoice i
    where i.firm_id = ${firmId}::uuid and i.id in (
      select p.invoice_id from payment p where p.firm_id = ${firmId}::uuid and p.id = any(${[...ids]}::uuid[]))
    order by i.id for update`.execute(trx)
  const { rows } = await sql<Row>`
    select p.id, p.invoice_id as "invoiceId", i.number, p.date, p.amount, p.in_books as "inBooks", p.way, p.source, p.removed_at as "removedAt", i.paid
    from payment p
    join invoice i on i.firm_id = p.firm_id and i.id = p.invoice_id
    where p.firm_id = ${firmId}::uuid and p.id = any(${[...ids]}::uuid[])`.execute(trx)
  return new Map(rows.map((row) => [row.id, row]))
}

function whyLeft(row: Row | undefined, paid: Decimal | undefined): Problem | null {
  if (!row || !paid) return { kind: 'missing', code: 'not-found', values: { what: 'payment' } }
  if (row.removedAt) return null
  if (row.source === 'package') return { kind: 'conflict', code: 'payment-from-package' }
  return mayUndo({ paid }, countedOf(row))
    ? null
    : { kind: 'conflict', code: 'refund-stands', values: { number: row.number } }
}

async function writeUndone({ trx, firmId, actor, now, services, requestId }: Call, undone: readonly Row[]) {
  if (undone.length === 0) return
  const invoiceIds = [...new Set(undone.map(({ invoiceId }) => invoiceId))]
  await sql`
    update payment set removed_at = ${now}, version = version + 1, updated_at = ${now}
    where firm_id = ${firmId}::uuid and id = any(${undone.map(({ id }) => id)}::uuid[])`.execute(trx)
  await sql`
    update invoice set version = version + 1, updated_at = ${now}
    where firm_id = ${firmId}::uuid and id = any(${invoiceIds}::uuid[])`.execute(trx)
  const rows = undone.map(({ id, invoiceId, date, amount, way }) => ({
    history_id: services.ids.next(),
    invoice_id: invoiceId,
    after: { paymentId: id, date, amount, way },
  }))
  await sql`
    insert into history (firm_id, id, subject_kind, subject_id, act, after, actor_id, actor_name, request_id, at)
    select ${firmId}::uuid, r.history_id, 'invoice', r.invoice_id, 'payment-undone', r.after, ${actor.memberId}::uuid,
      ${actor.name}, ${requestId}, ${now}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (history_id uuid, invoice_id uuid, after jsonb)`.execute(
    trx,
  )
  await services.events.publish(trx, firmId, { topic: 'invoices', ids: invoiceIds })
}
