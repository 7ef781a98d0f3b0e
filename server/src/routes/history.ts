import type { Right } from '@uurwerk/api/rights.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import { type EntryKind, tableOf } from '../entries/entry-sql.ts'
import { visibleSql } from '../entries/visible.ts'
import type { Actor, Handlers } from '../http/call.ts'
import type { Trx } from '../store/database.ts'

export const historyHandlers: Handlers<'listHistory'> = {
  listHistory: async ({ trx, firmId, actor, query }) => {
    const right = rightOfSubject.get(query.subjectKind)
    if (right && !actor.rights.has(right) && !(await seesEntry({ trx, firmId, actor }, query)))
      throw new ProblemError({ kind: 'forbidden', code: 'no-right', values: { right } })
    const rows = await trx
      .selectFrom('history')
      .selectAll()
      .where('firmId', '=', firmId)
      .where('subjectKind', '=', query.subjectKind)
      .where('subjectId', '=', query.subjectId)
      .orderBy('id', 'desc')
      .limit(200)
      .execute()
    return {
      rows: rows.map((row) => ({
        id: row.id,
        act: row.act,
        before: row.before,
        after: row.after,
        why: row.why,
        actor: row.actorName,
        at: row.at.toISOString(),
      })),
    }
  },
}

/** Who does not see all entries sees those of the projects he manages. */
async function seesEntry(
  { trx, firmId, actor }: { readonly trx: Trx; readonly firmId: string; readonly actor: Actor },
  { subjectKind, subjectId }: { readonly subjectKind: string; readonly subjectId: string },
): Promise<boolean> {
  if (!Object.hasOwn(tableOf, subjectKind)) return false
  const { rows } = await sql`
    select from ${sql.table(tableOf[subjectKind as EntryKind])} e
    where e.firm_id = ${firmId}::uuid and e.id = ${subjectId}::uuid and e.deleted_at is null ${visibleSql(actor, 'e')}`.execute(
    trx,
  )
  return rows.length > 0
}

/** What stands in the history of a thing is for those alone who may read the thing. */
const rightOfSubject: ReadonlyMap<string, Right> = new Map([
  ['absence', 'hours:read'],
  ['activity', 'projects:read'],
  ['app-registration', 'connections:read'],
  ['connection', 'connections:read'],
  ['contact', 'customers:read'],
  ['customer', 'customers:read'],
  ['distance', 'customers:read'],
  ['expense', 'hours:read'],
  ['expense-category', 'activities:write'],
  ['hours', 'hours:read'],
  ['approval-request', 'hours:approve'],
  ['week', 'hours:read'],
  ['invoice', 'invoices:read'],
  ['key', 'keys:write'],
  ['person', 'people:read'],
  ['posting', 'postings:read'],
  ['project', 'projects:read'],
  ['project-budget', 'rates:read'],
  ['rate', 'rates:read'],
  ['reimbursement', 'reimbursements:read'],
  ['series', 'invoices:read'],
  ['tag', 'projects:read'],
  ['team', 'people:read'],
  ['trip', 'hours:read'],
  ['timer', 'hours:read'],
])
