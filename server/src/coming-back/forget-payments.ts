import { type RawBuilder, sql } from 'kysely'
import type { InFirm } from '../connections/connection.ts'
import type { Services } from '../services.ts'

interface Forgetting extends InFirm {
  readonly services: Pick<Services, 'ids' | 'events'>
  readonly now: Date
  readonly actor: { readonly memberId: string | null; readonly name: string }
}

/**
 * The books tell nothing of these invoices any more: what they said was paid counts no longer, and what was registered by
 * hand counts whole again.
 */
async function forget(about: Forgetting, which: RawBuilder<boolean>, why: string): Promise<void> {
  const { trx, firmId, services, now, actor } = about
  const { rows } = await sql<{ id: string; amount: string; date: string; paymentId: string }>`
    select i.id, p.amount, p.date, p.id as "paymentId" from invoice i
    join payment p on p.firm_id = i.firm_id and p.invoice_id = i.id and p.source = 'package' and p.removed_at is null
    where i.firm_id = ${firmId} and ${which} order by i.id for update of i`.execute(trx)
  if (rows.length === 0) return
  const ids = rows.map(({ id }) => id)
  await sql`
    update payment set removed_at = ${now}, version = version + 1, updated_at = ${now}
    where firm_id = ${firmId} and id = any(${rows.map(({ paymentId }) => paymentId)}::uuid[])`.execute(trx)
  await sql`
    update payment set in_books = 0, version = version + 1, updated_at = ${now}
    where firm_id = ${firmId} and invoice_id = any(${ids}::uuid[]) and in_books <> 0`.execute(trx)
  await sql`
    update invoice set version = version + 1, updated_at = ${now}
    where firm_id = ${firmId} and id = any(${ids}::uuid[])`.execute(trx)
  const history = rows.map(({ id, amount, date }) => ({
    id: services.ids.next(),
    invoice: id,
    before: { amount, date },
  }))
  await sql`
    insert into history (firm_id, id, subject_kind, subject_id, act, before, after, why, actor_id, actor_name, at)
    select ${firmId}, r.id, 'invoice', r.invoice, 'payment-in-books', r.before, '{"amount": "0.00"}', ${why},
      ${actor.memberId}, ${actor.name}, ${now}
    from jsonb_to_recordset(${JSON.stringify(history)}::jsonb) as r (id uuid, invoice uuid, before jsonb)`.execute(trx)
  await services.events.publish(trx, firmId, { topic: 'invoices', ids })
}

/** Of an invoice that is posted once more: its payments there went with the entry. */
export const forgetPaymentsOfInvoice = (about: Forgetting, invoiceId: string, why: string): Promise<void> =>
  forget(about, sql<boolean>`i.id = ${invoiceId}`, why)

/** A sandbox that is left takes along what was paid in it. */
export const forgetPaymentsOfConnection = (about: Forgetting, connectionId: string, why: string): Promise<void> =>
  forget(about, sql<boolean>`p.connection_id = ${connectionId}`, why)
