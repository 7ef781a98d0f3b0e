import { sql } from 'kysely'
import type { RunningAtPackage } from '../jobs/running.ts'
import type { ReadThere } from '../package-invoices/changed-there.ts'
import { sendAgain } from '../postings/actions.ts'
import { Outbox } from '../postings/decide.ts'
import { findConnection } from '../postings/engine.ts'
import { lockLanes } from '../postings/lane-due.ts'
import type { Trx } from '../store/database.ts'

const isPrinted = ({ receipt }: ReadThere): boolean => receipt.shows?.state === 'processed'

/**
 * Invoices that the package made for us and that somebody printed there since. Each gets the posting of its printing,
 * which looks before anything is sent and adopts what is there: with it come the number and what payments are settled against.
 */
export async function adoptPrinted(trx: Trx, running: RunningAtPackage, read: readonly ReadThere[]): Promise<void> {
  const { services, firmId, connection } = running
  const printed = read.filter(isPrinted).map(({ postingId }) => postingId)
  if (printed.length === 0) return
  const firm = { trx, firmId }
  const at = await findConnection(firm, connection.id)
  const offersPrinting = services.connections.connectorOf(connection.package).manifest.posts.includes('printing')
  if (!at?.laneKey || !offersPrinting) return
  await lockLanes(trx, [at.laneKey])
  await lookForRefused(trx, running, printed)
  const { rows } = await sql<{ id: string; subjectId: string; label: string; customerId: string | null; madeAt: Date }>`
    select p.id, p.subject_id as "subjectId", p.label, p.customer_id as "customerId", p.created_at as "madeAt"
    from posting p join package_invoice i on i.firm_id = p.firm_id and i.id = p.subject_id
    where p.firm_id = ${firmId} and p.id = any(${printed}::uuid[]) and p.kind = 'salesInvoice' and i.state = 'made'
      and not exists (select from posting q where q.firm_id = p.firm_id and q.connection_id = p.connection_id
        and q.kind = 'printing' and q.subject_id = p.subject_id and q.state <> 'discarded')
    order by p.sequence`.execute(trx)
  if (rows.length === 0) return
  const outbox = new Outbox(firm, at, { ...services.engine, by: null })
  for (const { id, subjectId, label, customerId, madeAt } of rows) {
    const about = { subjectKind: 'package-invoice', subjectId, label, customerId, currency: null, gross: null }
    const printing = await outbox.put({ ...about, kind: 'printing', afterId: id })
    // As after doubt: it is there, so it is looked for and never sent first.
    await trx
      .updateTable('posting')
      .set({ sentAfter: madeAt })
      .where('firmId', '=', firmId)
      .where('id', '=', printing.id)
      .execute()
  }
  await outbox.close()
}

/** A printing that was refused, which somebody carried out there by hand: it is looked for, and adopted, by its own posting. */
async function lookForRefused(trx: Trx, { services, firmId }: RunningAtPackage, printed: readonly string[]) {
  const { rows } = await sql<{ id: string }>`
    update posting q set sent_after = coalesce(q.sent_after, p.created_at),
      doubt_at = case when q.attempt_id is null then q.doubt_at else ${services.clock.now()} end
    from posting p join package_invoice i on i.firm_id = p.firm_id and i.id = p.subject_id and i.state = 'made'
    where p.firm_id = ${firmId} and p.id = any(${[...printed]}::uuid[]) and p.kind = 'salesInvoice'
      and q.firm_id = p.firm_id and q.connection_id = p.connection_id and q.subject_id = p.subject_id
      and q.kind = 'printing' and q.state in ('refused', 'blocked')
    returning q.id`.execute(trx)
  if (rows.length > 0)
    await sendAgain({ trx, firmId }, { ...services.engine, by: null }, { ids: rows.map(({ id }) => id) })
}
