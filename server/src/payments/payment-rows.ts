import type { paymentRoutes, payment as paymentShape } from '@uurwerk/api/payments.ts'
import type { AnswerOf } from '@uurwerk/api/route.ts'
import { dateIn } from '@uurwerk/core/shared/calendar-date.ts'
import { sql } from 'kysely'
import type { z } from 'zod'
import { booksNow } from '../coming-back/books-now.ts'
import type { FirmCall } from '../http/call.ts'
import { notThere } from '../http/problems.ts'
import type { InvoiceRow } from '../invoices/invoice-rows.ts'
import { standingOf } from './payment-standing.ts'

export type Asking = Pick<FirmCall<never>, 'trx' | 'firmId' | 'firm' | 'now' | 'services'>
export type PaymentAnswer = z.input<typeof paymentShape>
export type InvoicePayments = AnswerOf<(typeof paymentRoutes)['listPayments']>

interface PaymentRow extends Omit<PaymentAnswer, 'registeredAt' | 'removedAt'> {
  readonly registeredAt: Date
  readonly removedAt: Date | null
}

/** The invoice, held until the transaction ends: what two people register of it at once is never more than both meant. */
export async function holdInvoice({ trx, firmId }: Asking, id: string): Promise<InvoiceRow> {
  const row = await trx
    .selectFrom('invoice')
    .selectAll()
    .where('firmId', '=', firmId)
    .where('id', '=', id)
    .where('deletedAt', 'is', null)
    .forUpdate()
    .executeTakeFirst()
  if (!row) throw notThere('invoice')
  return row
}

/** What was paid of an invoice, and where it stands now. */
export async function paymentsOf(call: Asking, id: string): Promise<InvoicePayments> {
  const { trx, firmId, firm, now } = call
  const row = await trx
    .selectFrom('invoice')
    .selectAll()
    .where('firmId', '=', firmId)
    .where('id', '=', id)
    .where('deletedAt', 'is', null)
    .executeTakeFirst()
  if (!row) throw notThere('invoice')
  const { rows } = await sql<PaymentRow>`
    select p.id, p.invoice_id as "invoiceId", p.date, p.amount, p.way, p.note, p.source, m.name as "registeredBy",
      p.created_at as "registeredAt", p.removed_at as "removedAt", p.in_books as "inBooks", p.version
    from payment p
    left join member m on m.firm_id = p.firm_id and m.id = p.created_by
    where p.firm_id = ${firmId}::uuid and p.invoice_id = ${id}::uuid
    order by p.date, p.id`.execute(trx)
  return {
    invoiceId: row.id,
    version: row.version,
    currency: row.currency,
    gross: row.gross,
    ...standingOf(row, dateIn(firm.timeZone, now)),
    books: await booksNow(call, id),
    rows: rows.map(({ registeredAt, removedAt, ...payment }) => ({
      ...payment,
      registeredAt: registeredAt.toISOString(),
      removedAt: removedAt?.toISOString() ?? null,
    })),
  }
}
