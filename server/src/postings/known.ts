import type { Known, Receipt, TheirId } from '@uurwerk/connectors/contract/contract.ts'
import type { Noun, Row } from '@uurwerk/connectors/contract/rows.ts'
import { sql } from 'kysely'
import type { Firm } from './posting-rows.ts'

/** What was read from the package before: its lists and which of theirs is which of ours. */
export interface Lists {
  readonly rows: ReadonlyMap<Noun, ReadonlyMap<TheirId, Row[Noun]>>
  readonly links: ReadonlyMap<string, TheirId>
}

interface StoredRow {
  readonly noun: Noun
  readonly theirId: string
  readonly code: string
  readonly name: string
  readonly data: object
}

/** Customers may be many: only the named ones are read, and all of them when none are named. */
export async function readLists(
  { trx, firmId }: Firm,
  connectionId: string,
  customerIds?: readonly string[],
): Promise<Lists> {
  const links = await sql<{ noun: string; ourId: string; theirId: string }>`
    select noun, our_id as "ourId", their_id as "theirId" from link
    where firm_id = ${firmId} and connection_id = ${connectionId}
      and (noun <> 'customer' or ${customerIds === undefined} or our_id = any(${customerIds ?? []}::uuid[]))`.execute(
    trx,
  )
  const linkedCustomers = links.rows.filter(({ noun }) => noun === 'customer').map(({ theirId }) => theirId)
  const { rows } = await sql<StoredRow>`
    select noun, their_id as "theirId", code, name, data from package_row
    where firm_id = ${firmId} and connection_id = ${connectionId} and gone_at is null
      and (noun <> 'customers' or ${customerIds === undefined} or their_id = any(${linkedCustomers}::text[]))
    order by noun, code`.execute(trx)
  const byNoun = new Map<Noun, Map<TheirId, Row[Noun]>>()
  for (const { noun, theirId, code, name, data } of rows) {
    const ofNoun = byNoun.get(noun) ?? new Map<TheirId, Row[Noun]>()
    ofNoun.set(theirId, { ...data, id: theirId, code, name } as Row[Noun])
    byNoun.set(noun, ofNoun)
  }
  return {
    rows: byNoun,
    links: new Map(links.rows.map(({ noun, ourId, theirId }) => [`${noun} ${ourId}`, theirId])),
  }
}

/** What a draft may know. `assumed`: ids that stand in for what is still to be made, in a preview. */
export function knownFrom(
  lists: Lists,
  about: {
    readonly number?: number | undefined
    readonly parent?: Receipt | null | undefined
    readonly assumed?: ReadonlyMap<string, TheirId>
  } = {},
): Known {
  return {
    id: (noun, ours) => lists.links.get(`${noun} ${ours}`) ?? about.assumed?.get(`${noun} ${ours}`),
    row: <N extends Noun>(noun: N, id: TheirId) => lists.rows.get(noun)?.get(id) as Row[N] | undefined,
    rows: <N extends Noun>(noun: N) => [...(lists.rows.get(noun)?.values() ?? [])] as Row[N][],
    ...(about.number === undefined ? {} : { number: about.number }),
    ...(about.parent ? { parent: about.parent } : {}),
  }
}
