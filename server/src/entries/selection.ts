import type { entryActRequest } from '@uurwerk/api/approvals.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { type RawBuilder, sql } from 'kysely'
import type { z } from 'zod'
import type { Actor } from '../http/call.ts'
import type { Trx } from '../store/database.ts'
import { type EntryKind, peopleAndProject, tableOf } from './entry-sql.ts'
import { whereOf as whereOfExpenses } from './expense-rows.ts'
import { whereOf as whereOfHours } from './hour-rows.ts'
import { whereOf as whereOfTrips } from './trip-rows.ts'
import { visibleSql } from './visible.ts'

type Asked = z.output<typeof entryActRequest>
/** Rows chosen one by one, or all that a filter of their kind finds. */
export type EntrySelection = Pick<Asked, 'kind' | 'selection'>

interface Asking {
  readonly trx: Trx
  readonly firmId: string
  readonly actor: Pick<Actor, 'memberId' | 'rights'>
}

/** The entries that are meant, by id: those chosen, or what the filter finds now of what who asks may see. */
export async function selectedIds(call: Asking, asked: EntrySelection): Promise<string[]> {
  const { selection } = asked
  if ('ids' in selection) return [...new Set(selection.ids)]
  const { except, count, asOf } = selection
  const ids = await idsWhere(call, asked.kind, sql`${whereOf(asked)} and not e.id = any(${except}::uuid[])`)
  // With `asOf`, what is new or changed is told row by row.
  if (count !== undefined && asOf === undefined && count !== ids.length)
    throw new ProblemError({
      kind: 'conflict',
      code: 'selection-changed',
      values: { seen: String(count), found: String(ids.length) },
    })
  return ids
}

export const asOfOf = ({ selection }: EntrySelection): Date | undefined =>
  'filter' in selection && selection.asOf ? new Date(selection.asOf) : undefined

/** Ids of a kind by a condition on the aliases of `entry-sql`, of what who asks may see. */
export async function idsWhere(
  { trx, firmId, actor }: Asking,
  kind: EntryKind,
  where: RawBuilder<unknown>,
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select e.id from ${sql.table(tableOf[kind])} e ${peopleAndProject} ${joins[kind]}
    where e.firm_id = ${firmId}::uuid and e.deleted_at is null ${where}${visibleSql(actor as Actor, 'e')}
    order by e.id`.execute(trx)
  return rows.map(({ id }) => id)
}

/** What the filters of a kind look in besides. */
const joins = {
  hours: sql`join activity a on a.firm_id = e.firm_id and a.id = e.activity_id`,
  expense: sql`join expense_category g on g.firm_id = e.firm_id and g.id = e.category_id`,
  trip: sql``,
} as const satisfies Record<EntryKind, RawBuilder<unknown>>

function whereOf(asked: EntrySelection): RawBuilder<unknown> {
  if ('ids' in asked.selection) return sql``
  switch (asked.kind) {
    case 'hours':
      return whereOfHours(asked.selection.filter)
    case 'expense':
      return whereOfExpenses(asked.selection.filter)
    case 'trip':
      return whereOfTrips(asked.selection.filter)
  }
}
