import type { Receipt } from '@uurwerk/connectors/contract/contract.ts'
import { parseDecimal } from '@uurwerk/core/shared/money.ts'
import { sql } from 'kysely'
import type { Claiming } from '../invoices/invoice-claims.ts'
import { rememberPackageInvoice } from './package-invoice-history.ts'

/** A document as it was read: the posting that made it, and what the package shows of it now. */
export interface ReadThere {
  readonly postingId: string
  readonly receipt: Receipt
}

/** What is left open in the package may be worked on there: until it is printed, its totals there are the truth. */
export async function writeChangedTotals(call: Claiming, read: readonly ReadThere[]): Promise<void> {
  const { trx, firmId, now, services } = call
  const totals = read.flatMap(({ postingId, receipt: { gross, vat } }) =>
    gross === undefined
      ? []
      : [{ posting_id: postingId, gross: parseDecimal(gross), vat: vat === undefined ? null : parseDecimal(vat) }],
  )
  if (totals.length === 0) return
  const { rows } = await sql<{ id: string; before: string | null; after: string }>`
    with told as (
      select m.id, m.their_gross as before, r.gross, coalesce(r.vat, m.their_vat) as vat
      from jsonb_to_recordset(${JSON.stringify(totals)}::jsonb) as r (posting_id uuid, gross numeric, vat numeric)
      join posting p on p.firm_id = ${firmId} and p.id = r.posting_id and p.kind = 'salesInvoice' and p.state = 'posted'
      join package_invoice m on m.firm_id = p.firm_id and m.id = p.subject_id and m.state = 'made'
      where m.their_gross is distinct from r.gross or m.their_vat is distinct from coalesce(r.vat, m.their_vat)
      order by m.id for update of m)
    update package_invoice m set their_gross = told.gross, their_vat = told.vat, version = m.version + 1, updated_at = ${now}
    from told where m.firm_id = ${firmId} and m.id = told.id
    returning m.id, told.before, told.gross as after`.execute(trx)
  for (const { id, before, after } of rows)
    await rememberPackageInvoice(call, id, 'changed', { before: { gross: before }, after: { gross: after } })
  if (rows.length > 0) await services.events.publish(trx, firmId, { topic: 'invoices', ids: rows.map(({ id }) => id) })
}
