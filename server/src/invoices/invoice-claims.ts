import type { LineSource } from '@uurwerk/core/invoicing/invoice.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import type { FirmCall } from '../http/call.ts'
import type { Event } from '../http/events.ts'

/** Who changes what entries are held by: a request of a person, or the program at work. */
export interface Claiming extends Pick<FirmCall<never>, 'trx' | 'firmId' | 'now'> {
  readonly actor: { readonly memberId: string | null; readonly name: string }
  readonly requestId: string | null
  readonly services: Pick<FirmCall<never>['services'], 'ids' | 'events'>
}

/** What holds entries: an invoice of ours, or the posting of a document that the package makes. */
export type Holder = { readonly invoiceId: string } | { readonly packageInvoiceId: string; readonly postingId: string }

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

/** A closing document also claims its project and what it deducts, which are no entries. */
export const isEntryKind = (kind: string): kind is ClaimedKind => Object.hasOwn(kept, kind)

/** The claims of lines, by the source of each. */
export const claimsOf = (
  lines: readonly { readonly source: LineSource; readonly entryIds: readonly string[] }[],
  lineIds: readonly string[],
): Claimed[] =>
  lines.flatMap(({ source, entryIds }, index) =>
    source === 'free' ? [] : entryIds.map((entryId) => ({ kind: source, entryId, lineId: lineIds[index] as string })),
  )

/** Reserves entries for an invoice. The database lets one live document have an entry, whoever comes second is refused. */
export async function claimEntries(call: Claiming, holder: Holder, claimed: readonly Claimed[]): Promise<void> {
  if (claimed.length === 0) return
  const { trx, firmId, services, now } = call
  const { invoiceId, postingId } = columnsOf(holder)
  try {
    await sql`insert into claim (firm_id, id, entry_kind, entry_id, invoice_id, posting_id, line_id, claimed_at)
      select ${firmId}::uuid, c.id, c.kind, c.entry_id, ${invoiceId}::uuid, ${postingId}::uuid, c.line_id, ${now}
      from unnest(${claimed.map(() => services.ids.next())}::uuid[], ${claimed.map(({ kind }) => kind)}::text[],
        ${claimed.map(({ entryId }) => entryId)}::uuid[], ${claimed.map(({ lineId }) => lineId)}::uuid[])
        as c (id, kind, entry_id, line_id)`.execute(trx)
  } catch (error) {
    if ((error as { constraint?: string }).constraint !== 'claim_live') throw error
    const code = claimed.every(({ kind }) => kind === 'hours') ? 'hours-claimed' : 'entries-claimed'
    throw new ProblemError({ kind: 'conflict', code }, error)
  }
  await tellEntries(call, claimed, 'reserved', holder)
}

/** As a claim names its holder. */
export const columnsOf = (holder: Holder) =>
  'invoiceId' in holder
    ? { invoiceId: holder.invoiceId, postingId: null }
    : { invoiceId: null, postingId: holder.postingId }

/** Frees the entries of some lines, or of all lines, of an invoice or of a document in the package. */
export async function releaseEntries(call: Claiming, holder: Holder, lineIds?: readonly string[]): Promise<void> {
  const { trx, firmId, now } = call
  let claims = trx
    .updateTable('claim')
    .set({ releasedAt: now })
    .where('firmId', '=', firmId)
    .where('releasedAt', 'is', null)
    .returning(['entryKind', 'entryId'])
  claims =
    'invoiceId' in holder
      ? claims.where('invoiceId', '=', holder.invoiceId)
      : claims.where('postingId', '=', holder.postingId)
  if (lineIds) claims = claims.where(sql<boolean>`line_id = any(${[...lineIds]}::uuid[])`)
  const released = await claims.execute()
  await tellEntries(
    call,
    released.flatMap(({ entryKind, entryId }) => (isEntryKind(entryKind) ? [{ kind: entryKind, entryId }] : [])),
    'freed',
    holder,
  )
}

/** Gives the claimed entries of an invoice to other lines of it. */
export async function moveClaims(call: Claiming, invoiceId: string, claimed: readonly Claimed[]): Promise<void> {
  await sql`update claim set line_id = c.line_id
    from unnest(${claimed.map(({ kind }) => kind)}::text[], ${claimed.map(({ entryId }) => entryId)}::uuid[],
      ${claimed.map(({ lineId }) => lineId)}::uuid[]) as c (kind, entry_id, line_id)
    where claim.firm_id = ${call.firmId}::uuid and claim.invoice_id = ${invoiceId}::uuid
      and claim.entry_kind = c.kind and claim.entry_id = c.entry_id and claim.released_at is null`.execute(call.trx)
}

/** Kept in the history of each entry, in two statements a kind however many there are; whoever lists by change sees them. */
export async function tellEntries(
  { trx, firmId, actor, requestId, now, services }: Claiming,
  entries: readonly ClaimedEntry[],
  act: 'reserved' | 'freed' | 'invoiced',
  holder: Holder,
): Promise<void> {
  const after = JSON.stringify(holder)
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
