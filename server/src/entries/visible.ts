import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { type RawBuilder, sql } from 'kysely'
import type { Actor } from '../http/call.ts'

/**
 * Whose entries (hours, expenses, trips) a person may see: everybody's, those on the projects he manages and his own,
 * or his own. A condition on the table that `alias` names, to be put behind others: ` and (…)`.
 */
export function visibleSql({ rights, memberId }: Actor, alias: string): RawBuilder<unknown> {
  if (rights.has('hours:read')) return sql``
  const entry = sql.raw(alias)
  const own = sql`${entry}.member_id = ${memberId}::uuid`
  if (!rights.has('hours:managed')) return sql` and ${own}`
  return sql` and (${own} or exists (select from project_member managed
    where managed.firm_id = ${entry}.firm_id and managed.project_id = ${entry}.project_id
      and managed.member_id = ${memberId}::uuid and managed.manager))`
}

const seesOthers = ({ rights }: Actor): boolean => rights.has('hours:read') || rights.has('hours:managed')

/** Whose entries are to be read; of somebody else's only those that `visibleSql` lets through. */
export function readFor(actor: Actor, memberId: string | undefined): string {
  if (memberId === undefined || memberId === actor.memberId) return actor.memberId
  if (!seesOthers(actor))
    throw new ProblemError({ kind: 'forbidden', code: 'no-right', values: { right: 'hours:read' } })
  return memberId
}

/** Whose entries are to be written; somebody else's only with the right to. */
export function writtenFor(actor: Actor, memberId: string | undefined): string {
  if (memberId === undefined || memberId === actor.memberId) return actor.memberId
  if (!actor.rights.has('hours:write'))
    throw new ProblemError({ kind: 'forbidden', code: 'no-right', values: { right: 'hours:write' } })
  return memberId
}
