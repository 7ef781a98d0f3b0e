import type { Right } from '@uurwerk/api/rights.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import type { Handlers } from '../http/call.ts'

export const historyHandlers: Handlers<'listHistory'> = {
  listHistory: async ({ trx, firmId, actor, query }) => {
    const right = rightOfSubject.get(query.subjectKind)
    if (right && !actor.rights.has(right))
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

/** What stands in the history of a thing is for those alone who may read the thing. */
const rightOfSubject: ReadonlyMap<string, Right> = new Map([
  ['absence', 'hours:read'],
  ['activity', 'projects:read'],
  ['app-registration', 'connections:read'],
  ['connection', 'connections:read'],
  ['customer', 'customers:read'],
  ['distance', 'customers:read'],
  ['expense', 'hours:read'],
  ['expense-category', 'activities:write'],
  ['hours', 'hours:read'],
  ['invoice', 'invoices:read'],
  ['key', 'keys:write'],
  ['person', 'people:read'],
  ['posting', 'postings:read'],
  ['project', 'projects:read'],
  ['rate', 'rates:read'],
  ['reimbursement', 'reimbursements:read'],
  ['series', 'invoices:read'],
  ['trip', 'hours:read'],
  ['timer', 'hours:read'],
])
