import type { Found } from '@uurwerk/connectors/contract/contract.ts'
import type { CustomerRow } from '@uurwerk/connectors/contract/rows.ts'
import { sql } from 'kysely'
import type { Firm } from './posting-rows.ts'

/** One of theirs, as last read, that may be one of ours. */
export interface Lookalike {
  readonly row: CustomerRow
  /** It is another of ours already. */
  readonly isTaken: boolean
}

const bare = (column: string) => sql`upper(regexp_replace(${sql.ref(column)}, '[^A-Za-z0-9]', '', 'g'))`
const letters = (column: string) => sql`lower(regexp_replace(${sql.ref(column)}, '[[:space:][:punct:]]', '', 'g'))`

/** Of these customers of ours, by their id: whom of theirs they have a number, VAT id, KvK number or name in common with. */
export async function readLookalikes(
  { trx, firmId }: Firm,
  connectionId: string,
  customerIds: readonly string[],
): Promise<ReadonlyMap<string, readonly Lookalike[]>> {
  if (customerIds.length === 0) return new Map()
  const { rows } = await sql<{
    ourId: string
    theirId: string
    code: string
    name: string
    data: object
    isTaken: boolean
  }>`
    with mine as (
      select id, number, ${letters('name')} as name, nullif(${bare('vat_id')}, '') as vat_id, nullif(${bare('kvk')}, '') as kvk
      from customer where firm_id = ${firmId} and id = any(${[...customerIds]}::uuid[])
    ), yours as materialized (
      select r.their_id, r.code, r.name, r.data, ${letters('r.name')} as bare_name,
        upper(regexp_replace(r.data ->> 'vatId', '[^A-Za-z0-9]', '', 'g')) as vat_id,
        upper(regexp_replace(r.data ->> 'kvk', '[^A-Za-z0-9]', '', 'g')) as kvk
      from package_row r
      where r.firm_id = ${firmId} and r.connection_id = ${connectionId} and r.noun = 'customers' and r.gone_at is null
    ), alike as (
      select m.id, y.their_id from mine m join yours y on y.code = m.number
      union select m.id, y.their_id from mine m join yours y on y.bare_name = m.name
      union select m.id, y.their_id from mine m join yours y on y.vat_id = m.vat_id
      union select m.id, y.their_id from mine m join yours y on y.kvk = m.kvk)
    select a.id as "ourId", y.their_id as "theirId", y.code, y.name, y.data, exists (
      select from link l where l.firm_id = ${firmId} and l.connection_id = ${connectionId} and l.noun = 'customer'
        and l.their_id = y.their_id) as "isTaken"
    from alike a join yours y on y.their_id = a.their_id
    order by a.id, y.code, y.their_id`.execute(trx)
  const lookalikes = rows.map(({ ourId, theirId, code, name, data, isTaken }) => ({
    ourId,
    row: { ...data, id: theirId, code, name } as CustomerRow,
    isTaken,
  }))
  return Map.groupBy(lookalikes, ({ ourId }) => ourId)
}

/** Those that a look came to, in the words of its receipts. */
export function lookalikesOf(found: Found, among: readonly Lookalike[]): readonly Lookalike[] {
  const receipts = 'receipts' in found ? found.receipts : 'receipt' in found ? [found.receipt] : []
  return receipts.flatMap(({ id }) => among.find(({ row }) => row.id === id) ?? [])
}
