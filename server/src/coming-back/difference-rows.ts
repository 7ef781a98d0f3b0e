import { sql } from 'kysely'
import type { InFirm } from '../connections/connection.ts'
import { addSteps, type Step } from '../postings/posting-rows.ts'
import type { Services } from '../services.ts'
import type { Difference, DifferenceKind } from './compare-receipt.ts'

export interface Compared {
  readonly postingId: string
  readonly connectionId: string
  readonly found: readonly Difference[]
}

interface Live {
  readonly id: string
  readonly postingId: string
  readonly kind: DifferenceKind
  readonly print: string
  readonly state: 'open' | 'accepted'
}

const isOfFile = ({ kind }: { readonly kind: DifferenceKind }) => kind === 'not-attached'

/** What came of a comparison: how many differences are new, how many are gone again. */
export interface Kept {
  readonly opened: number
  readonly solved: number
}

/**
 * Keeps what differs now. What a person accepted stays so until it differs in another way; what is as it was again is
 * solved by itself. The postings are held: one that somebody posted anew meanwhile is not told of any more.
 */
export async function keepDifferences(
  { trx, firmId, services, now }: InFirm & { readonly services: Pick<Services, 'ids' | 'events'>; readonly now: Date },
  compared: readonly Compared[],
): Promise<Kept> {
  const { rows: held } = await sql<{ id: string }>`
    select id from posting where firm_id = ${firmId} and id = any(${compared.map((one) => one.postingId)}::uuid[])
      and state = 'posted' order by id for share`.execute(trx)
  const ids = held.map(({ id }) => id)
  if (ids.length === 0) return { opened: 0, solved: 0 }
  const stands = new Set(ids)
  const { rows: live } = await sql<Live>`
    select id, posting_id as "postingId", kind, print, state from books_difference
    where firm_id = ${firmId} and posting_id = any(${ids}::uuid[]) and state <> 'solved' order by id for update`.execute(
    trx,
  )
  const ofPosting = Map.groupBy(live, ({ postingId }) => postingId)
  const added: (Difference & { id: string; posting_id: string; connection_id: string })[] = []
  const turned: (Difference & { id: string })[] = []
  const seen: string[] = []
  const solved: Live[] = []
  const steps: Step[] = []
  for (const { postingId, connectionId, found } of compared) {
    if (!stands.has(postingId)) continue
    const known = ofPosting.get(postingId) ?? []
    for (const difference of found) {
      const same = known.find((one) => isOfFile(one) === isOfFile(difference))
      if (same?.print === difference.print) {
        seen.push(same.id)
        continue
      }
      if (same) turned.push({ ...difference, id: same.id })
      else added.push({ ...difference, id: services.ids.next(), posting_id: postingId, connection_id: connectionId })
      steps.push({ postingId, what: `differs-${difference.kind}` })
    }
    for (const one of known)
      if (!found.some((difference) => isOfFile(one) === isOfFile(difference))) {
        solved.push(one)
        steps.push({ postingId, what: 'as-before-in-books' })
      }
  }
  if (added.length > 0)
    await sql`
      insert into books_difference (firm_id, id, connection_id, posting_id, kind, fields, print, first_seen_at, seen_at)
      select ${firmId}, r.id, r.connection_id, r.posting_id, r.kind, r.fields, r.print, ${now}, ${now}
      from jsonb_to_recordset(${JSON.stringify(added)}::jsonb)
        as r (id uuid, connection_id uuid, posting_id uuid, kind text, fields jsonb, print text)`.execute(trx)
  if (turned.length > 0)
    await sql`
      update books_difference d set kind = r.kind, fields = r.fields, print = r.print, state = 'open', reason = null,
        decided_by = null, decided_at = null, first_seen_at = ${now}, seen_at = ${now}, version = d.version + 1
      from jsonb_to_recordset(${JSON.stringify(turned)}::jsonb) as r (id uuid, kind text, fields jsonb, print text)
      where d.firm_id = ${firmId} and d.id = r.id`.execute(trx)
  if (seen.length > 0)
    await sql`
      update books_difference set seen_at = ${now} where firm_id = ${firmId} and id = any(${seen}::uuid[])`.execute(trx)
  if (solved.length > 0)
    await sql`
      update books_difference set state = 'solved', solved_how = 'as-before', decided_at = ${now}, version = version + 1
      where firm_id = ${firmId} and id = any(${solved.map(({ id }) => id)}::uuid[])`.execute(trx)
  await addSteps({ trx, firmId }, { ids: services.ids, at: now }, steps)
  if (steps.length > 0)
    await services.events.publish(trx, firmId, {
      topic: 'postings',
      ids: [...new Set(steps.map((one) => one.postingId))],
    })
  return { opened: added.length + turned.length, solved: solved.length }
}
