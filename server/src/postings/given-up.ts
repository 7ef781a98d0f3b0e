import type { Draft, Found } from '@uurwerk/connectors/contract/contract.ts'
import { type RawBuilder, sql } from 'kysely'
import { findAttempts } from './attempts.ts'
import { restore, shorten } from './long-bytes.ts'
import { hangingKinds } from './posting.ts'
import type { Firm } from './posting-rows.ts'

/**
 * How a document left for the books before, under a posting that was given up while nobody knew what became of it, or that
 * stayed behind with a connection to the same administration.
 */
export interface GivenUp {
  readonly draft: Draft
  /** Until when what left may still arrive is counted from here; null when it was known to be there. */
  readonly lastSentAt: Date | null
}

/**
 * What these postings may find in the books under the reference of another, by posting: the last attempt of each posting of
 * the same document that was given up or stayed behind. A file or an archived document is the same only behind the same entry.
 */
export async function findGivenUp(
  firm: Firm,
  wanted: readonly { readonly postingId: string; readonly draft: Draft }[],
): Promise<ReadonlyMap<string, readonly GivenUp[]>> {
  const { trx, firmId } = firm
  const present = new Map(wanted.map(({ postingId, draft }) => [postingId, draft]))
  const { rows } = await sql<{ id: string; givenUpId: string; attemptId: string; wasThere: boolean }>`
    select p.id, g.id as "givenUpId", g.attempt_id as "attemptId", g.their_id is not null as "wasThere"
    from posting p
    join posting g on g.firm_id = p.firm_id and g.lane_key = p.lane_key and g.kind = p.kind
      and g.subject_id = p.subject_id and g.id <> p.id
      and (g.kind <> all(${[...hangingKinds]}::text[]) or g.after_id is not distinct from p.after_id)
    where p.firm_id = ${firmId} and p.id = any(${[...present.keys()]}::uuid[])
      and ${leftBehind('g')} and g.attempt_id is not null
    order by p.id, g.sequence`.execute(trx)
  const attempts = new Map(
    (await findAttempts(firm, [...new Set(rows.map(({ attemptId }) => attemptId))])).map((one) => [one.id, one]),
  )
  const givenUp = rows.flatMap(({ id, givenUpId, attemptId, wasThere }) => {
    const attempt = attempts.get(attemptId)
    const draft = attempt?.drafts.find(({ postingId }) => postingId === givenUpId)?.draft
    if (!attempt || !draft) return []
    return [{ id, draft: withBytesOf(draft, present.get(id)), lastSentAt: wasThere ? null : attempt.lastSentAt }]
  })
  return Map.groupBy(givenUp, ({ id }) => id)
}

/** Of a posting by this name beside a new one of the same document: it left, and nobody knows whether it arrived. */
export const leftBehind = (posting: string): RawBuilder<boolean> => {
  const column = (name: string) => sql.ref(`${posting}.${name}`)
  return sql<boolean>`(${column('sent_after')} is not null and ${column('state')} <> 'posted')`
}

/** The bytes of a file are not kept once it is given up; where they are the same they stand in the draft of now. */
function withBytesOf(draft: Draft, now: Draft | undefined): Draft {
  const { parts } = shorten(JSON.stringify(now ?? {}))
  return parts.size === 0 ? draft : (JSON.parse(restore(JSON.stringify(draft), parts)) as Draft)
}

/** What several looks for one document come to: what cannot be known stays so, and more than one is for a person. */
export function foundTogether(looks: readonly Found[]): Found {
  const unknown = looks.find(({ is }) => is === 'unknown')
  if (unknown) return unknown
  const hits = looks.filter(({ is }) => is !== 'absent')
  const receipts = new Map(
    hits
      .flatMap((hit) => ('receipts' in hit ? hit.receipts : 'receipt' in hit ? [hit.receipt] : []))
      .map((one) => [one.id, one]),
  )
  const [first] = hits
  if (!first) return { is: 'absent' }
  return receipts.size > 1 ? { is: 'several', receipts: [...receipts.values()] } : first
}
