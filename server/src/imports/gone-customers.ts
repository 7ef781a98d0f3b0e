import { sql } from 'kysely'
import type { InFirm } from '../connections/connection.ts'
import type { RowResult, RunningAtPackage } from '../jobs/running.ts'
import type { Trx } from '../store/database.ts'
import { rememberImported } from './write-customers.ts'

interface Gone {
  readonly ourId: string
  readonly theirId: string
  readonly label: string
}

/** Customers that were deleted there: ours stay, marked. */
export const markDeleted = (
  trx: Trx,
  running: RunningAtPackage,
  theirIds: readonly string[],
): Promise<readonly RowResult[]> =>
  theirIds.length === 0
    ? Promise.resolve([])
    : mark(
        trx,
        running,
        'deleted',
        sql`link.their_id = any(${theirIds}::text[]) and link.inactive is distinct from 'deleted'`,
      )

/** After everything was read: who was not there is no customer there. Who was made there since is not missing. */
export const markNotListed = (trx: Trx, running: RunningAtPackage, startedAt: Date): Promise<readonly RowResult[]> =>
  mark(
    trx,
    running,
    'not-listed',
    sql`link.created_at < ${startedAt} and (link.inactive is null or link.inactive = 'blocked') and not exists (
      select from package_row r where r.firm_id = link.firm_id and r.connection_id = link.connection_id
        and r.noun = 'customers' and r.their_id = link.their_id and r.gone_at is null)`,
  )

async function mark(
  trx: Trx,
  running: RunningAtPackage,
  reason: 'deleted' | 'not-listed',
  which: ReturnType<typeof sql>,
): Promise<readonly RowResult[]> {
  const { services, firmId, connection, createdBy } = running
  const now = services.clock.now()
  const { rows } = await sql<Gone>`
    update link set inactive = ${reason}, inactive_since = ${now}
    from customer c
    where link.firm_id = ${firmId} and link.connection_id = ${connection.id} and link.noun = 'customer' and ${which}
      and c.firm_id = link.firm_id and c.id = link.our_id
    returning link.our_id as "ourId", link.their_id as "theirId", concat_ws(' ', link.their_code, c.name) as label`.execute(
    trx,
  )
  const firm: InFirm = { trx, firmId }
  await sql`
    update customer_proposal set state = 'withdrawn', decided_at = ${now}, version = version + 1
    where firm_id = ${firmId} and connection_id = ${connection.id} and state = 'open'
      and customer_id = any(${rows.map(({ ourId }) => ourId)}::uuid[])`.execute(trx)
  await rememberImported(
    firm,
    rows.map(({ ourId }) => ({
      id: services.ids.next(),
      customerId: ourId,
      act: 'import-inactive',
      before: null,
      after: { reason },
    })),
    { ...createdBy, why: services.connections.connectorOf(connection.package).manifest.name, at: now },
  )
  return rows.map(({ ourId, theirId, label }) => ({
    subject: theirId,
    label,
    outcome: 'inactive',
    details: { reason, subjectId: ourId },
  }))
}
