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
export async function tellPeople(telling: Telling, { only, values = {}, link, ...notice }: Notice): Promise<void> {
  const { trx, firmId } = telling
  const people = await sql<{ id: string }>`
    select id from member where firm_id = ${firmId} and archived_at is null and roles && ${rolesWith(notice.to)}::text[]
      and (${only ?? null}::uuid[] is null or id = any(${only ?? null}::uuid[]))
    order by id`.execute(trx)
  const each = people.rows.map(({ id }) => ({ memberId: id, values, ...(link === undefined ? {} : { link }) }))
  await tellEach(telling, { ...notice, each })
}

/** Tells each of these members of their own; who may not hear of it is passed over. */
export async function tellEach(
  { trx, firmId, services: { ids, events }, now }: Telling,
  {
    to,
    code,
    key,
    each,
  }: Pick<Notice, 'to' | 'code' | 'key'> & {
    readonly each: readonly (Required<Pick<Notice, 'values'>> & Pick<Notice, 'link'> & { readonly memberId: string })[]
  },
): Promise<void> {
  if (each.length === 0) return
  const rows = each.map(({ memberId, values, link }) => ({
    id: ids.next(),
    member: memberId,
    own: values,
    link: link ?? null,
  }))
  const { rows: told } = await sql<{ id: string }>`
    insert into notification as n (firm_id, id, member_id, key, code, "values", link, needs, told_at)
    select ${firmId}, r.id, m.id, ${key}, ${code}, r.own, r.link, ${to}, ${now}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(id uuid, member uuid, own jsonb, link text)
    join member m on m.firm_id = ${firmId} and m.id = r.member and m.archived_at is null
      and m.roles && ${rolesWith(to)}::text[]
    order by m.id
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
