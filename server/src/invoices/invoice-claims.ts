import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import type { FirmCall } from '../http/call.ts'

type Changing = Pick<FirmCall<never>, 'trx' | 'firmId' | 'actor' | 'requestId' | 'now' | 'services'>

export interface Claimed {
  readonly entryId: string
  readonly lineId: string
}

/** Reserves hours for an invoice. The database lets one live document have an entry, whoever comes second is refused. */
export async function claimHours(call: Changing, invoiceId: string, claimed: readonly Claimed[]): Promise<void> {
  const { trx, firmId, services, now } = call
  const entryIds = claimed.map(({ entryId }) => entryId)
  try {
    await sql`insert into claim (firm_id, id, entry_kind, entry_id, invoice_id, line_id, claimed_at)
      select ${firmId}::uuid, c.id, 'hours', c.entry_id, ${invoiceId}::uuid, c.line_id, ${now}
      from unnest(${claimed.map(() => services.ids.next())}::uuid[], ${entryIds}::uuid[],
        ${claimed.map(({ lineId }) => lineId)}::uuid[]) as c (id, entry_id, line_id)`.execute(trx)
  } catch (error) {
    if ((error as { constraint?: string }).constraint === 'claim_live')
      throw new ProblemError({ kind: 'conflict', code: 'hours-claimed' }, error)
    throw error
  }
  await tellHours(call, entryIds, 'reserved', invoiceId)
}

/** Frees the hours of one line, or of all lines, of a draft. */
export async function releaseHours(call: Changing, invoiceId: string, lineId?: string): Promise<void> {
  const { trx, firmId, now } = call
  let claims = trx
    .updateTable('claim')
    .set({ releasedAt: now })
    .where('firmId', '=', firmId)
    .where('invoiceId', '=', invoiceId)
    .where('releasedAt', 'is', null)
    .returning('entryId')
  if (lineId) claims = claims.where('lineId', '=', lineId)
  const released = await claims.execute()
  await tellHours(
    call,
    released.map(({ entryId }) => entryId),
    'freed',
    invoiceId,
  )
}

/** Gives the claimed hours of an invoice to other lines of it. */
export async function moveClaims(call: Changing, invoiceId: string, claimed: readonly Claimed[]): Promise<void> {
  await sql`update claim set line_id = c.line_id
    from unnest(${claimed.map(({ entryId }) => entryId)}::uuid[], ${claimed.map(({ lineId }) => lineId)}::uuid[])
      as c (entry_id, line_id)
    where claim.firm_id = ${call.firmId}::uuid and claim.invoice_id = ${invoiceId}::uuid
      and claim.entry_kind = 'hours' and claim.entry_id = c.entry_id and claim.released_at is null`.execute(call.trx)
}

/** Kept in the history of each entry, in one statement however many there are; whoever lists by change sees them. */
export async function tellHours(
  { trx, firmId, actor, requestId, now, services }: Changing,
  entryIds: readonly string[],
  act: 'reserved' | 'freed' | 'invoiced',
  invoiceId: string,
): Promise<void> {
  if (entryIds.length === 0) return
  const after = JSON.stringify({ invoiceId })
  await sql`insert into history (firm_id, id, subject_kind, subject_id, act, after, actor_id, actor_name, request_id, at)
    select ${firmId}::uuid, e.id, 'hours', e.entry_id, ${act}, ${after}::jsonb, ${actor.memberId}::uuid, ${actor.name},
      ${requestId}, ${now}
    from unnest(${entryIds.map(() => services.ids.next())}::uuid[], ${[...entryIds]}::uuid[]) as e (id, entry_id)`.execute(
    trx,
  )
  await sql`update hour_entry set updated_at = ${now}
    where firm_id = ${firmId}::uuid and id = any(${[...entryIds]}::uuid[])`.execute(trx)
  await services.events.publish(trx, firmId, { topic: 'hours', ids: entryIds })
}
