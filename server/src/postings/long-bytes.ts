import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Firm } from './posting-rows.ts'

/** A file inside a request: so long that it stands beside it, once, and only until nobody can need it again. */
const longRun = /[A-Za-z0-9+/=]{8192,}/g
const placeOf = /‹(\d+) bytes sha256 ([0-9a-f]{64})›/g

export interface Shortened {
  readonly text: string
  /** By SHA-256 in hex. */
  readonly parts: ReadonlyMap<string, string>
}

/** The text with a short mark in the place of each long run of base64. */
export function shorten(text: string): Shortened {
  const parts = new Map<string, string>()
  const short = text.replaceAll(longRun, (run) => {
    const sha256 = createHash('sha256').update(run, 'latin1').digest('hex')
    parts.set(sha256, run)
    return `‹${run.length} bytes sha256 ${sha256}›`
  })
  return { text: short, parts }
}

/** The text as it was; a mark stays where the bytes are not kept any more. */
export const restore = (text: string, parts: ReadonlyMap<string, string>): string =>
  text.replaceAll(placeOf, (mark, _length: string, sha256: string) => parts.get(sha256) ?? mark)

export async function keepParts(
  { trx, firmId }: Firm,
  attemptId: string,
  parts: ReadonlyMap<string, string>,
): Promise<void> {
  for (const [sha256, text] of parts)
    await sql`
      insert into attempt_bytes (firm_id, attempt_id, sha256, text) values (${firmId}, ${attemptId}, ${sha256}, ${text})
      on conflict do nothing`.execute(trx)
}

/**
 * These postings are settled: what was sent for them is neither repeated nor looked for again. Its hash and size stay,
 * and so do the bytes that the customer was sent, with the invoice.
 */
export async function forgetParts({ trx, firmId }: Firm, postingIds: readonly string[]): Promise<void> {
  if (postingIds.length === 0) return
  await sql`
    delete from attempt_bytes b using attempt_posting mine
    where b.firm_id = ${firmId} and mine.firm_id = b.firm_id and mine.attempt_id = b.attempt_id
      and mine.posting_id = any(${[...postingIds]}::uuid[]) and not exists (
        select 1 from attempt_posting d join posting p on p.firm_id = d.firm_id and p.id = d.posting_id
        where d.firm_id = b.firm_id and d.attempt_id = b.attempt_id and p.attempt_id = b.attempt_id
          and p.state not in ('posted', 'discarded'))`.execute(trx)
}
