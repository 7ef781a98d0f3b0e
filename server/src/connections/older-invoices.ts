import { sql } from 'kysely'
import { wrongField } from '../http/problems.ts'
import type { InFirm } from './connection.ts'

/** What a person said of an invoice stands, whatever the cut-off. */
const markedByHand = sql`exists (
  select 1 from in_books_mark m where m.firm_id = invoice.firm_id and m.invoice_id = invoice.id)`

/** Invoices from before the cut-off are in the books already; those that went there by this connection stay as they are. */
export async function markOlder(
  { trx, firmId }: InFirm,
  connection: { readonly id: string },
  cutOff: string,
  now: Date,
): Promise<void> {
  const posted = sql`exists (select 1 from posting p where p.firm_id = invoice.firm_id and p.connection_id = ${connection.id}
    and p.subject_id = invoice.id and p.state not in ('discarded'))`
  const { rows } = await sql<{ number: string }>`
    select number from invoice where firm_id = ${firmId} and state <> 'draft' and date < ${cutOff}::date and exists (
      select 1 from posting p where p.firm_id = invoice.firm_id and p.connection_id = ${connection.id}
        and p.subject_id = invoice.id and p.state not in ('posted', 'discarded')) limit 1`.execute(trx)
  if (rows[0]) throw wrongField('/cutOff', 'cut-off-under-way', { number: rows[0].number })
  await sql`
    update invoice set already_in_books = date < ${cutOff}::date, version = version + 1, updated_at = ${now}
    where firm_id = ${firmId} and state <> 'draft' and already_in_books <> (date < ${cutOff}::date) and not ${posted}
      and not ${markedByHand}`.execute(trx)
}

/** What a sandbox took for older stands in no books: only marks that a live connection made stay. */
export const unmarkOlder = ({ trx, firmId }: InFirm, now: Date) =>
  sql`
    update invoice set already_in_books = false, version = version + 1, updated_at = ${now}
    where firm_id = ${firmId} and already_in_books and not ${markedByHand} and not exists (
      select 1 from connection k where k.firm_id = invoice.firm_id and k.mode = 'live' and k.cut_off > invoice.date)`.execute(
    trx,
  )
