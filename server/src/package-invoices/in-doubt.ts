import type { Problem } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import type { FirmCall } from '../http/call.ts'

/**
 * What is to be said of these entries, once for each document: it held some of them and was given up while nobody knew
 * whether the package had made it, so that they may be invoiced twice.
 */
export async function doubtsOver(
  { trx, firmId, services }: Pick<FirmCall<never>, 'trx' | 'firmId' | 'services'>,
  entryIds: readonly string[],
): Promise<readonly { readonly entryIds: readonly string[]; readonly note: Problem }[]> {
  if (entryIds.length === 0) return []
  const { rows } = await sql<{ reference: string; package: string; entryIds: string[] }>`
    select p.reference, c.package, array_agg(e.id) as "entryIds" from posting p
    join connection c on c.firm_id = p.firm_id and c.id = p.connection_id
    join package_invoice d on d.firm_id = p.firm_id and d.id = p.subject_id
    join package_invoice_line l on l.firm_id = d.firm_id and l.package_invoice_id = d.id
    cross join lateral unnest(l.entry_ids) e(id)
    where p.firm_id = ${firmId}::uuid and p.kind = 'salesInvoice' and p.state = 'discarded' and p.sent_after is not null
      and d.state <> 'gone' and l.entry_ids && ${entryIds}::uuid[]
    group by p.id, p.reference, c.package order by p.id`.execute(trx)
  return rows.map((row) => ({
    entryIds: row.entryIds,
    note: {
      kind: 'input',
      code: 'given-up-in-doubt',
      values: {
        reference: row.reference,
        package: services.connectors.get(row.package)?.manifest.name ?? row.package,
      },
    },
  }))
}
