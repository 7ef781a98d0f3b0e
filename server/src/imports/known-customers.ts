import type { CustomerRow, PaymentTermRow } from '@uurwerk/connectors/contract/rows.ts'
import { sql } from 'kysely'
import type { InFirm } from '../connections/connection.ts'
import { rowsOf } from '../connections/package-rows.ts'
import type { LinkTo, Whose } from './judge.ts'
import { bare, type Ours } from './to-ours.ts'

/** What a page of theirs is compared with. */
export interface Known extends Whose {
  readonly terms: ReadonlyMap<string, PaymentTermRow>
}

interface StoredLink extends LinkTo {
  readonly ourId: string
}

/** Locks everything of ours that the rows can be about, then reads it: a fixed number of statements for any page. */
export async function readKnown(
  firm: InFirm,
  connectionId: string,
  rows: readonly Pick<CustomerRow, 'id' | 'code' | 'kvk' | 'vatId' | 'email' | 'name'>[],
): Promise<Known> {
  const { trx, firmId } = firm
  const theirIds = rows.map(({ id }) => id)
  const linksBy = (column: 'their_id' | 'our_id', ids: readonly string[]) =>
    sql<StoredLink>`
      select our_id as "ourId", their_id as "theirId", their_code as "theirCode", inactive from link
      where firm_id = ${firmId} and connection_id = ${connectionId} and noun = 'customer'
        and ${sql.ref(column)}::text = any(${ids}::text[])`.execute(trx)
  const { rows: linked } = await linksBy('their_id', theirIds)
  const texts = (list: readonly (string | undefined)[]) => [...new Set(list.flatMap((text) => (text ? [text] : [])))]
  const keys = (list: readonly (string | undefined)[]) => texts(list.map((text) => text && bare(text)))
  const words = (list: readonly (string | undefined)[]) => texts(list.map((text) => text?.trim().toLowerCase()))
  const bareSql = (column: string) => sql`upper(regexp_replace(${sql.ref(column)}, '[^A-Za-z0-9]', '', 'g'))`
  const found = await sql<{ id: string }>`
    select id from customer where firm_id = ${firmId} and (
      id = any(${linked.map(({ ourId }) => ourId)}::uuid[])
      or (deleted_at is null and (
        number = any(${texts(rows.map(({ code }) => code))}::text[])
        or ${bareSql('kvk')} = any(${keys(rows.map(({ kvk }) => kvk))}::text[])
        or ${bareSql('vat_id')} = any(${keys(rows.map(({ vatId }) => vatId))}::text[])
        or (number is null and (
          lower(email) = any(${words(rows.map(({ email }) => email))}::text[])
          or lower(trim(name)) = any(${words(rows.map(({ name }) => name))}::text[]))))))
    order by id for update`.execute(trx)
  const ids = found.rows.map(({ id }) => id)
  const ours = ids.length
    ? await trx.selectFrom('customer').selectAll().where('firmId', '=', firmId).where('id', 'in', ids).execute()
    : []
  const { rows: links } = await linksBy('our_id', ids)
  const byId = new Map(ours.map((row) => [row.id, row]))
  const linkOf = new Map(links.map(({ ourId, ...link }) => [ourId, link]))
  return {
    byTheirId: new Map(
      linked.flatMap(({ ourId, theirId }): [string, Ours][] => {
        const one = byId.get(ourId)
        return one ? [[theirId, one]] : []
      }),
    ),
    byNumber: new Map(ours.flatMap((row) => (row.number && !row.deletedAt ? [[row.number, row] as const] : []))),
    unlinked: ours.filter((row) => !row.deletedAt && !linkOf.has(row.id)),
    linkOf,
    terms: new Map((await rowsOf(firm, connectionId, 'paymentTerms')).map((row) => [row.id, row])),
  }
}
