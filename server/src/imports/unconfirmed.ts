import type { Problem } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import type { InFirm } from '../connections/connection.ts'

/**
 * Of these customers, by their id: that the VAT case was derived from country and VAT id, and nobody confirmed it. The
 * problem says what a confirmation needs: customer, VAT case and version.
 */
export async function readUnconfirmed(
  { trx, firmId }: InFirm,
  customerIds: readonly string[],
): Promise<ReadonlyMap<string, Problem>> {
  if (customerIds.length === 0) return new Map()
  const { rows } = await sql<{ id: string; name: string; vatCase: string; version: number }>`
    select id, name, vat_case as "vatCase", version from customer
    where firm_id = ${firmId} and id = any(${[...customerIds]}::uuid[]) and not vat_case_confirmed`.execute(trx)
  return new Map(
    rows.map(({ id, name, vatCase, version }) => [
      id,
      {
        kind: 'setup',
        code: 'vat-case-unconfirmed',
        values: { customer: name, customerId: id, vatCase, version: String(version) },
      },
    ]),
  )
}
