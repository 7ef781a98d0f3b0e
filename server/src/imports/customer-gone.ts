import type { Problem } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import type { InFirm } from '../connections/connection.ts'

/** Nothing can be booked on a customer that is no longer there in the active package; null while it is, or was never linked. */
export async function customerGone(
  { trx, firmId }: InFirm,
  packageName: string,
  customer: { readonly id: string; readonly name: string },
): Promise<Problem | null> {
  const { rows } = await sql<{ inactive: string | null }>`
    select l.inactive from link l
    join connection k on k.firm_id = l.firm_id and k.id = l.connection_id and k.purpose = 'sales' and k.state <> 'disconnected'
    where l.firm_id = ${firmId} and l.noun = 'customer' and l.our_id = ${customer.id}`.execute(trx)
  const values = { customer: customer.name, package: packageName }
  switch (rows[0]?.inactive) {
    case 'deleted':
      return { kind: 'setup', code: 'customer-gone-there', values }
    case 'not-listed':
      return { kind: 'setup', code: 'customer-not-listed-there', values }
    default:
      return null
  }
}
