import { type Right, type Role, rightsOf, roles } from '@uurwerk/api/rights.ts'
import { sql } from 'kysely'
import type { Events } from '../http/events.ts'
import type { Services } from '../services.ts'
import type { Trx } from '../store/database.ts'

/** In the transaction of whoever decides: no commit, no notice. */
export interface Telling {
  readonly trx: Trx
  readonly firmId: string
  readonly services: Pick<Services, 'ids'> & { readonly events: Pick<Events, 'publish'> }
  readonly now: Date
}

export interface Notice {
  /** Who has this right is told, and who loses it sees it no more. */
  readonly to: Right
  /** Of those only these members. */
  readonly only?: readonly string[]
  /** Of the words `notice.<code>.title` and, where there is one, `notice.<code>.detail`. */
  readonly code: string
  readonly values?: Readonly<Record<string, string | number>>
  /** Below the firm, beginning with a slash: `/postings?state=refused`. */
  readonly link?: string
  /** What it is about: `reconnect:<connection>`. While a person has not read it, the same key changes that one. */
  readonly key: string
}

const rolesWith = (right: Right): Role[] => roles.filter((role) => rightsOf([role]).has(right))

/** Tells everybody who can do something about it: the bell at once, a letter later when they have not read it. */
export async function tellPeople(
  { trx, firmId, services: { ids, events }, now }: Telling,
  { to, only, code, values = {}, link, key }: Notice,
): Promise<void> {
  const people = await sql<{ id: string }>`
    select id from member where firm_id = ${firmId} and archived_at is null and roles && ${rolesWith(to)}::text[]
      and (${only ?? null}::uuid[] is null or id = any(${only ?? null}::uuid[]))
    order by id`.execute(trx)
  if (people.rows.length === 0) return
  const rows = people.rows.map(({ id }) => ({ id: ids.next(), member: id }))
  const { rows: told } = await sql<{ id: string }>`
    insert into notification as n (firm_id, id, member_id, key, code, "values", link, needs, told_at)
    select ${firmId}, r.id, r.member, ${key}, ${code}, ${JSON.stringify(values)}::jsonb, ${link ?? null}, ${to}, ${now}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(id uuid, member uuid)
    order by r.member
    on conflict (firm_id, member_id, key) where read_at is null
      do update set code = excluded.code, "values" = excluded."values", link = excluded.link, needs = excluded.needs,
        told_at = excluded.told_at
      where (n.code, n."values", n.link, n.needs) is distinct from (excluded.code, excluded."values", excluded.link, excluded.needs)
    returning n.id`.execute(trx)
  if (told.length > 0) await events.publish(trx, firmId, { topic: 'notifications' })
}

/** It is otherwise now, but no news: who has not read it yet reads it as it stands. */
export async function changeTold(
  { trx, firmId, services }: Telling,
  key: string,
  values: Readonly<Record<string, string | number>>,
): Promise<void> {
  const text = JSON.stringify(values)
  const { rows } = await sql<{ id: string }>`
    update notification set "values" = ${text}::jsonb
    where firm_id = ${firmId} and "values" <> ${text}::jsonb and id in (${unreadOf(firmId, key)}) returning id`.execute(
    trx,
  )
  if (rows.length > 0) await services.events.publish(trx, firmId, { topic: 'notifications' })
}

/** What it was about has been mended: nobody needs to read it any more. */
export async function noLongerTell({ trx, firmId, services, now }: Telling, key: string): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    update notification set read_at = ${now}
    where firm_id = ${firmId} and id in (${unreadOf(firmId, key)}) returning id`.execute(trx)
  if (rows.length > 0) await services.events.publish(trx, firmId, { topic: 'notifications' })
}

/** Locked in the order in which they are told. */
const unreadOf = (firmId: string, key: string) => sql`
  select id from notification where firm_id = ${firmId} and key = ${key} and read_at is null order by member_id for update`
