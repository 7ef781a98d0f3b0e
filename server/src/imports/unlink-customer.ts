import type { Route } from '@uurwerk/api/route.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import { takesSales } from '../connections/active.ts'
import { type FirmCall, StaleEdit } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { notThere } from '../http/problems.ts'

interface Linked {
  readonly name: string
  readonly version: number
  readonly connectionId: string | null
  readonly package: string | null
  readonly code: string | null
  readonly inactive: string | null
}

/** What was deleted there is cut loose, so that the next posting makes it anew, or finds the one that took its place. */
export async function unlinkCustomer(
  call: Pick<FirmCall<Route>, 'trx' | 'firmId' | 'actor' | 'requestId' | 'now' | 'services'>,
  customerId: string,
  version: number,
): Promise<void> {
  const { trx, firmId, services, now } = call
  await sql`select 1 from customer where firm_id = ${firmId} and id = ${customerId} for update`.execute(trx)
  const { rows } = await sql<Linked>`
    select c.name, c.version, k.id as "connectionId", k.package, l.their_code as code, l.inactive
    from customer c
    left join link l on l.firm_id = c.firm_id and l.noun = 'customer' and l.our_id = c.id
      and exists (select from connection live where live.firm_id = l.firm_id and live.id = l.connection_id and ${takesSales('live')})
    left join connection k on k.firm_id = l.firm_id and k.id = l.connection_id
    where c.firm_id = ${firmId} and c.id = ${customerId} and c.deleted_at is null`.execute(trx)
  const [found] = rows
  if (!found?.connectionId || !found.package) throw notThere('customer')
  if (found.version !== version) throw new StaleEdit(found.version, undefined)
  const packageName = services.connections.connectorOf(found.package).manifest.name
  if (found.inactive !== 'deleted' && found.inactive !== 'not-listed')
    throw new ProblemError({
      kind: 'conflict',
      code: 'customer-still-there',
      values: { customer: found.name, package: packageName },
    })
  await sql`delete from link where firm_id = ${firmId} and connection_id = ${found.connectionId} and noun = 'customer'
    and our_id = ${customerId}`.execute(trx)
  await sql`update customer set version = version + 1, updated_at = ${now}
    where firm_id = ${firmId} and id = ${customerId}`.execute(trx)
  await remember(call, { kind: 'customer', id: customerId }, 'unlinked', {
    before: { number: found.code },
    why: packageName,
  })
  await services.events.publish(trx, firmId, { topic: 'customers', ids: [customerId] })
}
