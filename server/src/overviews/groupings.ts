import { sql } from 'kysely'
import { stateSql } from '../entries/entry-sql.ts'
import type { Grouping } from './overview.ts'

/** Groups that every kind of entry has. Weeks and months go by their first day. */
export const sharedGroupings = {
  customer: { key: sql`p.customer_id`, named: 'customer' },
  project: { key: sql`e.project_id`, named: 'project' },
  person: { key: sql`e.member_id`, named: 'member' },
  week: { key: sql`(e.date - (extract(isodow from e.date)::integer - 1))` },
  month: { key: sql`(e.date - (extract(day from e.date)::integer - 1))` },
  state: { key: stateSql, claims: true },
  approval: { key: sql`e.approval` },
} as const satisfies Readonly<Record<string, Grouping>>
