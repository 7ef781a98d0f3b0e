import { sql } from 'kysely'
import type { RowResult } from '../jobs/running.ts'
import type { Trx } from '../store/database.ts'
import { leaderOf, type Taking } from './take-over.ts'
import { rememberImported } from './write-customers.ts'

interface Paying {
  readonly theirId: string
  readonly payer: string
  readonly isFresh: boolean
}

interface Linked {
  readonly theirId: string
  readonly id: string
  readonly label: string
  readonly billToId: string | null
  readonly isPayer: boolean
  readonly isNew: boolean
}

/** Who pays for whom, once both are here; what a person chose stays, and who pays pays himself. */
export async function linkPayers(trx: Trx, taking: Taking, startedAt: Date): Promise<readonly RowResult[]> {
  const { services, firmId, connection, createdBy } = taking
  const { rows: asked } = await sql<Paying>`
    select r.their_id as "theirId", r.data ->> 'billTo' as payer, r.read_at >= ${startedAt} as "isFresh" from package_row r
    where r.firm_id = ${firmId} and r.connection_id = ${connection.id} and r.noun = 'customers' and r.gone_at is null
      and r.data ? 'billTo' order by r.their_id`.execute(trx)
  if (asked.length === 0) return []
  const isLed = (await leaderOf(taking, trx)) === 'package'
  const { rows: linked } = await sql<Linked>`
    select l.their_id as "theirId", c.id, concat_ws(' ', c.number, c.name) as label, c.bill_to_id as "billToId",
      exists (select from customer paid where paid.firm_id = c.firm_id and paid.bill_to_id = c.id) as "isPayer",
      c.created_at = l.created_at as "isNew"
    from link l join customer c on c.firm_id = l.firm_id and c.id = l.our_id
    where l.firm_id = ${firmId} and l.connection_id = ${connection.id} and l.noun = 'customer' and c.deleted_at is null
      and l.their_id = any(${asked.flatMap(({ theirId, payer }) => [theirId, payer])}::text[])`.execute(trx)
  const byTheirs = new Map(linked.map((one) => [one.theirId, one]))
  const paysForHimself = new Set(asked.map(({ theirId }) => theirId))
  const pairs = asked.flatMap(({ theirId, payer, isFresh }) => {
    const mine = byTheirs.get(theirId)
    const other = byTheirs.get(payer)
    const fits = mine && other && mine.id !== other.id && mine.billToId === null && !mine.isPayer
    return isFresh && fits && other.billToId === null && !paysForHimself.has(payer) && (isLed || mine.isNew)
      ? [{ id: mine.id, payer: other.id, theirId, label: mine.label }]
      : []
  })
  if (pairs.length === 0) return []
  const now = services.clock.now()
  await sql`
    update customer c set bill_to_id = r.payer, version = c.version + 1, updated_at = ${now}
    from jsonb_to_recordset(${JSON.stringify(pairs)}::jsonb) as r(id uuid, payer uuid)
    where c.firm_id = ${firmId} and c.id = r.id`.execute(trx)
  await rememberImported(
    { trx, firmId },
    pairs.map(({ id, payer }) => ({
      id: services.ids.next(),
      customerId: id,
      act: 'import-changed',
      before: { billToId: null },
      after: { billToId: payer },
    })),
    { ...createdBy, why: services.connections.connectorOf(connection.package).manifest.name, at: now },
  )
  return pairs.map(({ id, theirId, label }) => ({
    subject: theirId,
    label,
    outcome: 'updated',
    details: { subjectId: id, fields: ['billToId'] },
  }))
}
