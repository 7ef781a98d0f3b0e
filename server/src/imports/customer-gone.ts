import type { Problem } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import { takesSales } from '../connections/active.ts'
import type { InFirm } from '../connections/connection.ts'
import type { Services } from '../services.ts'
import type { Inactive } from './judge.ts'

interface Named {
  readonly id: string
  readonly name: string
}

const codes = {
  deleted: 'customer-gone-there',
  'not-listed': 'customer-not-listed-there',
  'not-a-customer': 'customer-no-customer-there',
  ended: 'customer-ended-there',
  blocked: 'customer-blocked-there',
} as const satisfies Record<Inactive, string>

async function inactiveThere({ trx, firmId }: InFirm, customerId: string) {
  const { rows } = await sql<{ inactive: Inactive; package: string }>`
    select l.inactive, k.package from link l
    join connection k on k.firm_id = l.firm_id and k.id = l.connection_id and ${takesSales('k')}
    where l.firm_id = ${firmId} and l.noun = 'customer' and l.our_id = ${customerId} and l.inactive is not null`.execute(
    trx,
  )
  return rows[0]
}

/**
 * Nothing can be booked on a customer that is no longer there in the active package; null while it is, or was never
 * linked. What the package itself refuses (ended, blocked) it says with its own words.
 */
export async function customerGone(firm: InFirm, packageName: string, customer: Named): Promise<Problem | null> {
  const found = await inactiveThere(firm, customer.id)
  if (found?.inactive !== 'deleted' && found?.inactive !== 'not-listed') return null
  return { kind: 'setup', code: codes[found.inactive], values: { customer: customer.name, package: packageName } }
}

/** Said while an invoice is made: it can be sent, but not booked as things stand. */
export async function inactiveWarnings(
  firm: InFirm & { readonly services: Pick<Services, 'connections'> },
  customer: Named,
): Promise<readonly Problem[]> {
  const found = await inactiveThere(firm, customer.id)
  if (!found) return []
  const packageName = firm.services.connections.connectorOf(found.package).manifest.name
  return [{ kind: 'setup', code: codes[found.inactive], values: { customer: customer.name, package: packageName } }]
}
