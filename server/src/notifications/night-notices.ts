import type { Problem } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import { causeIn } from '../http/problems.ts'
import type { Services } from '../services.ts'
import type { Trx } from '../store/database.ts'
import { readStored, storedProblem } from '../store/stored.ts'
import { noLongerTell, tellPeople } from './tell-people.ts'

const notices = {
  'read-payments': { code: 'payments-not-read', link: () => '/reconciliation' },
  reconcile: { code: 'books-not-compared', link: () => '/reconciliation' },
  'refresh-lists': { code: 'lists-not-read', link: (id: string) => `/settings/connections/${id}` },
} as const
type Told = keyof typeof notices

export const isToldOfNights = (kind: string): kind is Told => Object.hasOwn(notices, kind)

const keyOf = (code: string, connectionId: string): string => `${code}:${connectionId}`

/** Where a connection has no nights any more. */
export const keysOfNights = (connectionId: string): readonly string[] =>
  Object.values(notices).map(({ code }) => keyOf(code, connectionId))

interface Ended {
  readonly trx: Trx
  readonly firmId: string
  readonly services: Services
  readonly taskId: string
  readonly kind: Told
  readonly connection: { readonly id: string; readonly package: string }
  /** Nobody looked on. */
  readonly isNight: boolean
  readonly problem?: Problem | undefined
}

/**
 * What a night could not do is told once, and again only for another reason or after it went well in between. Access
 * that is lost is told by the connection itself, and of one that was disconnected meanwhile there is nothing to tell.
 */
export async function tellNight({ trx, firmId, services, taskId, kind, connection, isNight, problem }: Ended) {
  const telling = { trx, firmId, services, now: services.clock.now() }
  const { code, link } = notices[kind]
  const key = keyOf(code, connection.id)
  const found = problem ?? (kind === 'reconcile' ? await leftUnknown(trx, firmId, taskId) : undefined)
  if (!found) return noLongerTell(telling, key)
  if (!isNight || found.kind === 'reconnect' || found.code === 'not-connected') return
  const { manifest, messages } = services.connections.connectorOf(connection.package)
  const values = { package: manifest.name, why: found.code, ...causeIn(found, messages) }
  const { rows } = await sql`
    select 1 from notification n
    where n.firm_id = ${firmId} and n.key = ${key} and n."values" ->> 'why' = ${found.code}
      and n.told_at > coalesce((select max(t.finished_at) from task t
        left join reconciliation r on r.firm_id = t.firm_id and r.id = t.id
        where t.firm_id = n.firm_id and t.kind = ${kind} and t.state = 'done' and t.id <> ${taskId}
          and t.params ->> 'connectionId' = ${connection.id} and coalesce(r.unknown, 0) = 0), '-infinity')
    limit 1`.execute(trx)
  if (rows.length > 0) return
  await tellPeople(telling, { to: 'postings:write', code, values, link: link(connection.id), key })
}

/** A comparison that came to its end without having seen everything. */
async function leftUnknown(trx: Trx, firmId: string, taskId: string): Promise<Problem | undefined> {
  const row = await trx
    .selectFrom('reconciliation')
    .select(['unknown', 'problem'])
    .where('firmId', '=', firmId)
    .where('id', '=', taskId)
    .executeTakeFirst()
  if (!row || row.unknown === 0) return undefined
  return row.problem
    ? readStored(storedProblem, row.problem, 'the problem of a reconciliation')
    : { kind: 'refused', code: 'books-not-shown' }
}
