import type { invoiceSelection } from '@uurwerk/api/invoice-selection.ts'
import { dateIn } from '@uurwerk/core/shared/calendar-date.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import type { z } from 'zod'
import type { FirmCall } from '../http/call.ts'
import { invoiceWhere } from './invoice-filter.ts'

type Selection = z.output<typeof invoiceSelection>

/** The invoices that are meant, by id: those chosen, or what the filter of the list finds now. */
export async function selectedInvoices(
  { trx, firmId, firm, now }: Pick<FirmCall<never>, 'trx' | 'firmId' | 'firm' | 'now'>,
  selection: Selection,
): Promise<string[]> {
  if ('ids' in selection) return [...new Set(selection.ids)]
  const { filter, except, count, asOf } = selection
  const { rows } = await sql<{ id: string }>`
    select i.id
    from invoice i
    join customer k on k.firm_id = i.firm_id and k.id = i.customer_id
    where i.firm_id = ${firmId}::uuid and i.deleted_at is null and not i.id = any(${except}::uuid[])
      ${invoiceWhere(filter, dateIn(firm.timeZone, now))}
    order by i.id`.execute(trx)
  // With `asOf`, what is new or changed is told row by row.
  if (count !== undefined && asOf === undefined && count !== rows.length)
    throw new ProblemError({
      kind: 'conflict',
      code: 'invoices-changed',
      values: { seen: String(count), found: String(rows.length) },
    })
  return rows.map(({ id }) => id)
}
