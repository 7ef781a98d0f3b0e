import { sql } from 'kysely'
import type { InFirm } from '../connections/connection.ts'
import type { Services } from '../services.ts'
import { type CarefulField, type CarefulValue, isEqual } from './differences.ts'

/** What stands for a customer: waiting for a person, or rejected until their value changes. */
export interface Standing {
  readonly open: ReadonlyMap<string, { readonly id: string; readonly ours: unknown; readonly theirs: unknown }>
  readonly rejected: ReadonlyMap<string, unknown>
}
export const standingKey = (customerId: string, field: CarefulField): string => `${customerId} ${field}`

export async function readStanding(
  { trx, firmId }: InFirm,
  connectionId: string,
  customerIds: readonly string[],
): Promise<Standing> {
  if (customerIds.length === 0) return { open: new Map(), rejected: new Map() }
  const { rows } = await sql<{
    id: string
    customerId: string
    field: CarefulField
    ours: unknown
    theirs: unknown
    state: 'open' | 'rejected'
  }>`
    select distinct on (customer_id, field, state) id, customer_id as "customerId", field, ours, theirs, state
    from customer_proposal
    where firm_id = ${firmId} and connection_id = ${connectionId} and customer_id = any(${customerIds}::uuid[])
      and state in ('open', 'rejected')
    order by customer_id, field, state, decided_at desc nulls first`.execute(trx)
  const keyed = (state: 'open' | 'rejected') =>
    rows.filter((row) => row.state === state).map((row) => [standingKey(row.customerId, row.field), row] as const)
  return {
    open: new Map(keyed('open')),
    rejected: new Map(keyed('rejected').map(([key, { theirs }]) => [key, theirs])),
  }
}

export interface Proposed {
  readonly customerId: string
  readonly field: CarefulField
  readonly ours: CarefulValue | null
  readonly theirs: CarefulValue
}

/**
 * Of these customers exactly this is proposed from now on: what is new is added, what was there is refreshed, what no
 * longer differs is withdrawn. A person who saw another value decides on that one no more.
 */
export async function putProposals(
  firm: InFirm & { readonly services: Pick<Services, 'ids' | 'clock'> },
  connectionId: string,
  customerIds: readonly string[],
  proposed: readonly Proposed[],
): Promise<void> {
  if (customerIds.length === 0) return
  const { trx, firmId, services } = firm
  const now = services.clock.now()
  const kept = proposed.map(({ customerId, field }) => standingKey(customerId, field))
  await sql`
    update customer_proposal set state = 'withdrawn', decided_at = ${now}, version = version + 1
    where firm_id = ${firmId} and connection_id = ${connectionId} and state = 'open'
      and customer_id = any(${customerIds}::uuid[]) and customer_id || ' ' || field <> all(${kept}::text[])`.execute(
    trx,
  )
  if (proposed.length === 0) return
  const rows = proposed.map((one) => ({ id: services.ids.next(), ...one }))
  await sql`
    insert into customer_proposal as p (firm_id, id, connection_id, customer_id, field, ours, theirs, opened_at, seen_at)
    select ${firmId}, r.id, ${connectionId}, r."customerId", r.field, r.ours, r.theirs, ${now}, ${now}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as r(id uuid, "customerId" uuid, field text, ours jsonb, theirs jsonb)
    on conflict (firm_id, connection_id, customer_id, field) where state = 'open' do update set
      version = case when (p.ours, p.theirs) is distinct from (excluded.ours, excluded.theirs) then p.version + 1 else p.version end,
      ours = excluded.ours, theirs = excluded.theirs, seen_at = excluded.seen_at`.execute(trx)
}

/** Whether a person said no to exactly this. */
export const isRejected = (
  { rejected }: Standing,
  customerId: string,
  field: CarefulField,
  to: CarefulValue,
): boolean => rejected.has(standingKey(customerId, field)) && isEqual(rejected.get(standingKey(customerId, field)), to)

/** Nothing of the package replaces anything of ours any more. */
export async function withdrawAll({ trx, firmId }: InFirm, connectionId: string, now: Date): Promise<void> {
  await sql`
    update customer_proposal set state = 'withdrawn', decided_at = ${now}, version = version + 1
    where firm_id = ${firmId} and connection_id = ${connectionId} and state = 'open'`.execute(trx)
}
