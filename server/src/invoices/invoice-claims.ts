import type { LineSource } from '@uurwerk/core/invoicing/invoice.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import type { FirmCall } from '../http/call.ts'
import type { Event } from '../http/events.ts'

type Changing = Pick<FirmCall<never>, 'trx' | 'firmId' | 'actor' | 'requestId' | 'now' | 'services'>

/** What a line can hold: named in a claim as the line is. */
export type ClaimedKind = Exclude<LineSource, 'free'>

export interface ClaimedEntry {
  readonly kind: ClaimedKind
  readonly entryId: string
}
export interface Claimed extends ClaimedEntry {
  readonly lineId: string
}

const kept = {
  hours: { table: 'hour_entry', subject: 'hours', topic: 'hours' },
  expense: { table: 'expense', subject: 'expense', topic: 'expenses' },
  trip: { table: 'trip', subject: 'trip', topic: 'trips' },
  instalment: { table: 'instalment', subject: 'instalment', topic: 'due' },
  subscription: { table: 'subscription_period', subject: 'subscription-period', topic: 'due' },
} as const satisfies Record<ClaimedKind, { table: string; subject: string; topic: Event['topic'] }>

/** The claims of lines, by the source of each. */
export const claimsOf = (
  lines: readonly { readonly source: LineSource; readonly entryIds: readonly string[] }[],
  lineIds: readonly string[],
): Claimed[] =>
  lines.flatMap(({ source, entryIds }, index) =>
    source === 'free' ? [] : entryIds.map((entryId) => ({ kind: source, entryId, lineId: lineIds[index] as string })),
  )

/** Reserves entries for an invoice. The database lets one live document have an entry, whoever comes second is refused. */
export async function claimEntries(call: Changing, invoiceId: string, claimed: readonly Claimed[]): Promise<void> {
  if (claimed.length === 0) return
  const { trx, firmId, services, now } = call
  try {
    await sql`insert into claim (firm_id, id, entry_kind, entry_id, invoice_id, line_id, claimed_at)
      select ${firmId}::uuid, c.id, c.kind, c.entry_id, ${invoiceId}::uuid, c.line_id, ${now}
      from unnest(${claimed.map(() => services.ids.next())}::uuid[], ${claimed.map(({ kind }) => kind)}::text[],
        ${claimed.map(({ entryId }) => entryId)}::uuid[], ${claimed.map(({ lineId }) => lineId)}::uuid[])
        as c (id, kind, entry_id, line_id)`.execute(trx)
  } catch (error) {
    if ((error as { constraint?: string }).constraint !== 'claim_live') throw error
    const code = claimed.every(({ kind }) => kind === 'hours') ? 'hours-claimed' : 'entries-claimed'
    throw new ProblemError({ kind: 'conflict', code }, error)
  }
  await tellEntries(call, claimed, 'reserved', invoiceId)
}

/** Frees the entries of some lines, or of all lines, of an invoice. */
export async function releaseEntries(call: Changing, invoiceId: string, lineIds?: readonly string[]): Promise<void> {
  const { trx, firmId, now } = call
  let claims = trx
    .updateTable('claim')
    .set({ releasedAt: now })
    .where('firmId', '=', firmId)
    .where('invoiceId', '=', invoiceId)
    .where('releasedAt', 'is', null)
    .returning(['entryKind', 'entryId'])
  if (lineIds) claims = claims.where(sql<boolean>`line_id = any(${[...lineIds]}::uuid[])`)
  const released = await claims.execute()
  // A closing invoice also claims its project and what it deducts, which are no entries.
  const entries = released.filter(({ entryKind }) => entryKind in kept)
  await tellEntries(
    call,
    entries.map(({ entryKind, entryId }) => ({ kind: entryKind as ClaimedKind, entryId })),
    'freed',
    invoiceId,
  )
}

/** Gives the claimed entries of an invoice to other lines of it. */
export async function moveClaims(call: Changing, invoiceId: string, claimed: readonly Claimed[]): Promise<void> {
  await sql`update claim set line_id = c.line_id
    from unnest(${claimed.map(({ kind }) => kind)}::text[], ${claimed.map(({ entryId }) => entryId)}::uuid[],
      ${claimed.map(({ lineId }) => lineId)}::uuid[]) as c (kind, entry_id, line_id)
    where claim.firm_id = ${call.firmId}::uuid and claim.invoice_id = ${invoiceId}::uuid
      and claim.entry_kind = c.kind and claim.entry_id = c.entry_id and claim.released_at is null`.execute(call.trx)
}

/** Kept in the history of each entry, in two statements a kind however many there are; whoever lists by change sees them. */
export async function tellEntries(
  { trx, firmId, actor, requestId, now, services }: Changing,
  entries: readonly ClaimedEntry[],
  act: 'reserved' | 'freed' | 'invoiced',
  invoiceId: string,
): Promise<void> {
  const after = JSON.stringify({ invoiceId })
  for (const [kind, ofKind] of Map.groupBy(entries, (entry) => entry.kind)) {
    const { table, subject, topic } = kept[kind]
    const entryIds = ofKind.map(({ entryId }) => entryId)
    await sql`insert into history (firm_id, id, subject_kind, subject_id, act, after, actor_id, actor_name, request_id, at)
      select ${firmId}::uuid, e.id, ${subject}, e.entry_id, ${act}, ${after}::jsonb, ${actor.memberId}::uuid, ${actor.name},
        ${requestId}, ${now}
      from unnest(${entryIds.map(() => services.ids.next())}::uuid[], ${entryIds}::uuid[]) as e (id, entry_id)`.execute(
      trx,
    )
    await sql`update ${sql.table(table)} set updated_at = ${now}
      where firm_id = ${firmId}::uuid and id = any(${entryIds}::uuid[])`.execute(trx)
    await services.events.publish(trx, firmId, { topic, ids: entryIds })
  }
}
