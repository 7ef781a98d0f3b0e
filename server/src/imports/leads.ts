import type { CustomerRow } from '@uurwerk/connectors/contract/rows.ts'
import { sql } from 'kysely'
import { takesSales } from '../connections/active.ts'
import type { InFirm } from '../connections/connection.ts'
import { rowsOf } from '../connections/package-rows.ts'
import type { Inactive } from './judge.ts'
import type { Leader } from './take-over.ts'
import { type Ours, toOurs } from './to-ours.ts'

/** Where a customer stands in the active package, and which of its fields are read-only here for that. */
export interface Lead {
  readonly connectionId: string
  readonly package: string
  readonly code: string | null
  readonly leader: Leader
  readonly inactive: Inactive | null
  readonly inactiveSince: Date | null
  /** When its row was read there; null before the first import. */
  readonly readAt: Date | null
  readonly fields: readonly string[]
}

interface Stored extends Omit<Lead, 'fields'> {
  readonly ourId: string
  readonly firmCountry: string
  readonly theirId: string
  readonly name: string | null
  readonly theirCode: string | null
  readonly data: object | null
}

/** Of these customers, those that are linked: two statements, however many. */
export async function readLeads(
  { trx, firmId }: InFirm,
  customers: readonly Ours[],
): Promise<ReadonlyMap<string, Lead>> {
  if (customers.length === 0) return new Map()
  const { rows } = await sql<Stored>`
    select l.our_id as "ourId", c.id as "connectionId", c.package, c.leader, l.inactive, l.inactive_since as "inactiveSince",
      l.their_id as "theirId", coalesce(r.code, l.their_code) as code, l.their_code as "theirCode", r.name, r.data,
      r.read_at as "readAt", f.country as "firmCountry"
    from link l
    join connection c on c.firm_id = l.firm_id and c.id = l.connection_id and ${takesSales('c')}
    join firm f on f.firm_id = l.firm_id
    left join package_row r on r.firm_id = l.firm_id and r.connection_id = l.connection_id and r.noun = 'customers'
      and r.their_id = l.their_id and r.gone_at is null
    where l.firm_id = ${firmId} and l.noun = 'customer' and l.our_id = any(${customers.map(({ id }) => id)}::uuid[])`.execute(
    trx,
  )
  const [first] = rows
  if (!first) return new Map()
  const terms = new Map((await rowsOf({ trx, firmId }, first.connectionId, 'paymentTerms')).map((row) => [row.id, row]))
  const byId = new Map(customers.map((row) => [row.id, row]))
  return new Map(
    rows.map((stored) => {
      const ours = byId.get(stored.ourId)
      const { connectionId, package: packageId, code, leader, inactive, inactiveSince, readAt } = stored
      const isLed = ours && leader === 'package' && stored.data && (!inactive || inactive === 'blocked')
      const fields = isLed ? ledFields(ours, toOurs(rowFrom(stored), stored.firmCountry, terms)) : []
      return [stored.ourId, { connectionId, package: packageId, code, leader, inactive, inactiveSince, readAt, fields }]
    }),
  )
}

const rowFrom = ({ data, theirId, code, name }: Stored): CustomerRow =>
  ({ ...data, id: theirId, code: code ?? '', name: name ?? '' }) as CustomerRow

/**
 * What the package has a value for. What decides about VAT, term or who gets the invoice only while ours is the same:
 * where a person chose ours, or still has to, it can be changed here.
 */
function ledFields(ours: Ours, { fields, careful }: ReturnType<typeof toOurs>): readonly string[] {
  const same = {
    vatId: careful.vatId !== undefined && careful.vatId === ours.vatId,
    email: careful.email !== undefined && careful.email === ours.email,
    paymentDays:
      careful.term !== undefined &&
      careful.term.days === ours.paymentDays &&
      careful.term.endOfMonth === (ours.paymentEndOfMonth ?? false),
  }
  return [
    ...Object.keys(fields),
    ...(same.vatId ? ['vatId'] : []),
    ...(same.email ? ['email'] : []),
    ...(same.paymentDays ? ['paymentDays', 'paymentEndOfMonth'] : []),
  ]
}
