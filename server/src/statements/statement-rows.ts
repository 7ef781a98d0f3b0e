import { customerStatement, type Statement } from '@uurwerk/core/invoicing/statement.ts'
import { type CalendarDate, calendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { decimal } from '@uurwerk/core/shared/money.ts'
import { sql } from 'kysely'
import type { Trx } from '../store/database.ts'

interface Asked {
  readonly trx: Trx
  readonly firmId: string
  readonly customerId: string
  readonly asOf: CalendarDate
  readonly from: CalendarDate | null
}

/** Where a customer stands at the end of a day, per currency. */
export async function readStatements({ trx, firmId, customerId, asOf, from }: Asked): Promise<Statement[]> {
  const { rows: documents } = await sql<{
    id: string
    kind: string
    number: string
    date: string
    dueDate: string
    currency: string
    gross: string
    creditsId: string | null
  }>`
    select id, kind, number, date, due_date as "dueDate", currency, gross, credits_id as "creditsId" from invoice
    where firm_id = ${firmId}::uuid and customer_id = ${customerId}::uuid and state <> 'draft' and deleted_at is null`.execute(
    trx,
  )
  const { rows: payments } = await sql<{ id: string; invoiceId: string; date: string; amount: string; way: string }>`
    select p.id, p.invoice_id as "invoiceId", p.date, p.amount - p.in_books as amount, p.way
    from payment p
    join invoice i on i.firm_id = p.firm_id and i.id = p.invoice_id
    where p.firm_id = ${firmId}::uuid and i.customer_id = ${customerId}::uuid and p.removed_at is null and p.amount <> p.in_books
      and p.date <= ${asOf}::date`.execute(trx)
  return customerStatement({
    documents: documents.map((row) => ({
      ...row,
      kind: row.kind === 'credit' ? 'credit' : 'invoice',
      date: calendarDate(row.date),
      dueDate: calendarDate(row.dueDate),
      gross: decimal(row.gross),
    })),
    payments: payments.map((row) => ({ ...row, date: calendarDate(row.date), amount: decimal(row.amount) })),
    asOf,
    from,
  })
}
