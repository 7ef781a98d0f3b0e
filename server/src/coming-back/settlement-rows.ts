import type { TheirId } from '@uurwerk/connectors/contract/contract.ts'
import type { Settlement } from '@uurwerk/connectors/contract/rows.ts'
import { sql } from 'kysely'
import type { InFirm } from '../connections/connection.ts'

/** What is open of each document, as the package last told it. */
export async function putSettlements(
  { trx, firmId }: InFirm,
  connectionId: string,
  rows: readonly Settlement[],
  readAt: Date,
): Promise<void> {
  if (rows.length === 0) return
  const list = rows.map(({ id, document, outstanding, currency, lastPaidOn }) => ({
    id,
    document,
    outstanding,
    currency,
    paid_on: lastPaidOn ?? null,
  }))
  // Of one that a page tells twice, the last counts.
  await sql`
    insert into settlement (firm_id, connection_id, their_id, document, outstanding, currency, last_paid_on, read_at)
    select ${firmId}, ${connectionId}, r.id, r.document, r.outstanding, r.currency, r.paid_on, ${readAt}
    from (select distinct on (id) * from rows from (jsonb_to_recordset(${JSON.stringify(list)}::jsonb)
      as (id text, document text, outstanding numeric, currency text, paid_on date)) with ordinality
      as x(id, document, outstanding, currency, paid_on, n) order by id, n desc) as r
    on conflict (firm_id, connection_id, their_id) do update set
      document = excluded.document, outstanding = excluded.outstanding, currency = excluded.currency,
      last_paid_on = excluded.last_paid_on, read_at = excluded.read_at, gone_at = null`.execute(trx)
}

/** What the package took away is kept, marked: it says nothing about its document any more. */
export async function markSettlementsGone(
  { trx, firmId }: InFirm,
  connectionId: string,
  ids: readonly TheirId[],
  at: Date,
): Promise<void> {
  if (ids.length === 0) return
  await sql`
    update settlement set gone_at = ${at}
    where firm_id = ${firmId} and connection_id = ${connectionId} and gone_at is null
      and their_id = any(${[...ids]}::text[])`.execute(trx)
}

/** After everything was read: what was not there is gone. */
export async function markUnreadSettlementsGone(
  { trx, firmId }: InFirm,
  connectionId: string,
  since: Date,
): Promise<void> {
  await sql`
    update settlement set gone_at = ${since}
    where firm_id = ${firmId} and connection_id = ${connectionId} and gone_at is null and read_at < ${since}`.execute(
    trx,
  )
}

/** Beside the marks of the package's lists, under a name that none of them has. */
const noun = 'settlements'

/** Up to where payments were read, and when. */
export async function readPaymentMark(
  { trx, firmId }: InFirm,
  connectionId: string,
): Promise<{ readonly mark: string | null; readonly readAt: Date | null }> {
  const row = await trx
    .selectFrom('packageMark')
    .select(['mark', 'readAt'])
    .where('firmId', '=', firmId)
    .where('connectionId', '=', connectionId)
    .where('noun', '=', noun)
    .executeTakeFirst()
  return { mark: row?.mark ?? null, readAt: row?.readAt ?? null }
}

export async function writePaymentMark(
  { trx, firmId }: InFirm,
  connectionId: string,
  mark: string | null,
  readAt: Date,
): Promise<void> {
  await trx
    .insertInto('packageMark')
    .values({ firmId, connectionId, noun, mark, readAt })
    .onConflict((conflict) => conflict.columns(['firmId', 'connectionId', 'noun']).doUpdateSet({ mark, readAt }))
    .execute()
}
