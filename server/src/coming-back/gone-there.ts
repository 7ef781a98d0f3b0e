import { sql } from 'kysely'
import type { Language } from '../http/call.ts'
import { say } from '../http/words.ts'
import type { Claiming } from '../invoices/invoice-claims.ts'
import type { RunningAtPackage } from '../jobs/running.ts'
import { tellPeople } from '../notifications/tell-people.ts'
import { deductedBy, freePackageInvoice } from '../package-invoices/free.ts'
import { lockLanes } from '../postings/lane-due.ts'
import { forgetParts } from '../postings/long-bytes.ts'
import { hangingKinds } from '../postings/posting.ts'
import { addSteps } from '../postings/posting-rows.ts'
import type { Trx } from '../store/database.ts'

/**
 * Gone there, says the package itself: its posting counts no longer, and neither does what hung on it. Somebody may have
 * typed it anew since, so what is posted in its place is looked for first.
 */
export async function giveUpGone(
  { trx, firmId, actor, now, services }: Claiming,
  postingId: string,
  reason: string,
): Promise<void> {
  const { rows: given } = await sql<{ id: string }>`
    with recursive hanging as (
      select id from posting where firm_id = ${firmId} and id = ${postingId}
      union all
      select p.id from posting p join hanging h on p.after_id = h.id
      where p.firm_id = ${firmId} and p.kind = any(${[...hangingKinds]}::text[]))
    update posting p set state = 'discarded', due_at = null, held_by = null, settled_at = ${now}, updated_at = ${now},
      sent_after = coalesce(p.sent_after, p.created_at), version = p.version + 1
    from hanging h
    where p.firm_id = ${firmId} and p.id = h.id and p.state in ('posted', 'waiting', 'refused', 'blocked', 'needs-person')
    returning p.id`.execute(trx)
  await forgetParts(
    { trx, firmId },
    given.map(({ id }) => id),
  )
  await addSteps(
    { trx, firmId },
    { ids: services.ids, at: now },
    given.map(({ id }) => ({ postingId: id, what: 'gone-in-books', details: { by: actor.name, why: reason } })),
  )
}

interface Gone {
  readonly differenceId: string
  readonly postingId: string
  readonly packageInvoiceId: string
  readonly label: string
}

/**
 * What stood on documents that the package made and of which it says itself that they were deleted is free again at once.
 * A document that a closing one takes off is left to a person, as is one that is being printed, or was: the customer may have
 * it, and its entry may stand.
 */
export async function freeGoneThere(
  trx: Trx,
  running: RunningAtPackage,
  postingIds: readonly string[],
  packageName: string,
): Promise<void> {
  if (postingIds.length === 0) return
  const { services, firmId, connection, createdBy } = running
  const found = sql`
    from books_difference d
    join posting p on p.firm_id = d.firm_id and p.id = d.posting_id
    where d.firm_id = ${firmId} and d.posting_id = any(${[...postingIds]}::uuid[]) and d.kind = 'deleted' and d.state = 'open'
      and p.connection_id = ${connection.id} and p.kind = 'salesInvoice' and p.state = 'posted'
      and exists (select from package_invoice m where m.firm_id = p.firm_id and m.id = p.subject_id and m.state = 'made')
      and not exists (select from posting q where q.firm_id = p.firm_id and q.subject_id = p.subject_id
        and q.kind = 'printing' and q.state in ('sending', 'checking', 'accepted'))`
  const lanes = await sql<{ laneKey: string }>`select distinct p.lane_key as "laneKey" ${found}`.execute(trx)
  if (lanes.rows.length === 0) return
  await lockLanes(
    trx,
    lanes.rows.map(({ laneKey }) => laneKey),
  )
  const { rows } = await sql<Gone>`
    select d.id as "differenceId", p.id as "postingId", p.subject_id as "packageInvoiceId", p.label
    ${found} order by p.id for update of p`.execute(trx)
  const now = services.clock.now()
  const firm = { trx, firmId }
  const call: Claiming = { ...firm, actor: createdBy, requestId: null, services, now }
  const { language } = await trx
    .selectFrom('firm')
    .select('language')
    .where('firmId', '=', firmId)
    .executeTakeFirstOrThrow()
  const why = say(language as Language, 'difference.freed.why', { package: packageName })
  for (const { differenceId, postingId, packageInvoiceId, label } of rows) {
    if (await deductedBy(firm, packageInvoiceId)) continue
    await giveUpGone(call, postingId, why)
    await freePackageInvoice(call, packageInvoiceId, why)
    await sql`
      update books_difference set state = 'solved', solved_how = 'freed', decided_at = ${now}, version = version + 1
      where firm_id = ${firmId} and id = ${differenceId}`.execute(trx)
    await tellPeople(
      { ...firm, services, now },
      {
        to: 'postings:write',
        code: 'package-invoice-freed',
        values: { label, package: packageName },
        link: `/package-invoices/${packageInvoiceId}`,
        key: `package-invoice-freed:${packageInvoiceId}`,
      },
    )
  }
  await services.events.publish(trx, firmId, { topic: 'postings', ids: rows.map(({ postingId }) => postingId) })
}
