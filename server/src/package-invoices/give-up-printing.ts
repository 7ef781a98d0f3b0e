import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import type { FirmCall } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { discard } from '../postings/actions.ts'
import { lockLanes } from '../postings/lane-due.ts'
import type { Posting, PostingState } from '../postings/posting.ts'
import { lockPostings } from '../postings/posting-rows.ts'

type Call = Pick<FirmCall<never>, 'trx' | 'firmId' | 'actor' | 'now' | 'services' | 'requestId'>

const underWay: readonly PostingState[] = ['sending', 'checking', 'accepted']

/**
 * The printings of a document that may still reach the package, locked in the order in which a lane takes its locks:
 * before the document itself.
 */
export async function lockPrintings({ trx, firmId }: Call, packageInvoiceId: string): Promise<readonly Posting[]> {
  const printings = sql`from posting p
    where p.firm_id = ${firmId}::uuid and p.subject_id = ${packageInvoiceId}::uuid and p.kind = 'printing'`
  const { rows: lanes } = await sql<{ laneKey: string }>`
    select c.lane_key as "laneKey" from package_invoice d
    join connection c on c.firm_id = d.firm_id and c.id = d.connection_id
    where d.firm_id = ${firmId}::uuid and d.id = ${packageInvoiceId}::uuid and c.lane_key is not null
    union select p.lane_key ${printings}`.execute(trx)
  await lockLanes(
    trx,
    lanes.map(({ laneKey }) => laneKey),
  )
  const { rows } = await sql<{ id: string }>`
    select p.id ${printings} and p.state not in ('posted', 'discarded')`.execute(trx)
  return lockPostings(
    { trx, firmId },
    rows.map(({ id }) => id),
  )
}

/** Refused while the package prints and books the document; a printing that has not left goes no more. */
export async function giveUpPrintings(call: Call, printings: readonly Posting[], why: string): Promise<void> {
  const { trx, firmId, actor, now, services } = call
  const [leaving] = printings.filter(({ state }) => underWay.includes(state))
  if (leaving)
    throw new ProblemError({ kind: 'conflict', code: 'package-invoice-printing', values: { label: leaving.label } })
  for (const { id } of printings) {
    await discard({ trx, firmId }, { ...services.engine, clock: { now: () => now }, by: actor.memberId, why }, id)
    await remember(call, { kind: 'posting', id }, 'discarded', { why })
  }
}
