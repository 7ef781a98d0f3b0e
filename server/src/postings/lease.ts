import { sql } from 'kysely'
import type { Trx } from '../store/database.ts'
import type { Paused } from './pause.ts'

/** The right to work on one lane. Each taking counts the fence up; whoever holds an older one writes nothing more. */
export interface Lease {
  readonly laneKey: string
  readonly owner: string
  readonly fence: string
}

/** Somebody else has the lane by now: stop, and write nothing. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost'
  constructor(laneKey: string) {
    super(`the lease of lane ${laneKey} was taken over`)
  }
}

/** Null while another holds it, or when there is no such lane. Leases alone use the database's clock. */
export async function takeLease(trx: Trx, laneKey: string, owner: string, ms: number): Promise<Lease | null> {
  const { rows } = await sql<{ fence: string }>`
    update directory.lane
    set lease_owner = ${owner}, lease_until = clock_timestamp() + ${ms} * interval '1 millisecond', fence = fence + 1
    where key = ${laneKey} and (lease_until is null or lease_until < clock_timestamp())
    returning fence`.execute(trx)
  const taken = rows[0]
  return taken ? { laneKey, owner, fence: taken.fence } : null
}

/**
 * Proves within a transaction that the lane is still ours and makes the lease longer. The row stays locked until the
 * commit, so that nobody takes over between the proof and what is written after it.
 */
export async function holdLease(trx: Trx, lease: Lease, ms: number): Promise<{ readonly paused: Paused }> {
  const { rows } = await sql<{ paused: Paused }>`
    update directory.lane
    set lease_until = clock_timestamp() + ${ms} * interval '1 millisecond'
    where key = ${lease.laneKey} and lease_owner = ${lease.owner} and fence = ${lease.fence}
    returning paused`.execute(trx)
  const held = rows[0]
  if (!held) throw new LeaseLost(lease.laneKey)
  return held
}

/** False when somebody had taken it over. */
export async function releaseLease(trx: Trx, lease: Lease): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update directory.lane set lease_owner = null, lease_until = null
    where key = ${lease.laneKey} and lease_owner = ${lease.owner} and fence = ${lease.fence}`.execute(trx)
  return numAffectedRows === 1n
}

export async function writePaused(trx: Trx, lease: Lease, paused: Paused): Promise<void> {
  await sql`update directory.lane set paused = ${JSON.stringify(paused)}::jsonb where key = ${lease.laneKey}`.execute(
    trx,
  )
}

/** At the start of a process that has the database to itself: whoever held a lease is gone. */
export async function freeAllLeases(trx: Trx): Promise<void> {
  await sql`update directory.lane set lease_owner = null, lease_until = null where lease_owner is not null`.execute(trx)
}
