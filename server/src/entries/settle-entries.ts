import { settled } from '@uurwerk/core/time/approval.ts'
import { sql } from 'kysely'
import { type Acting, approvalRules, flowOf, lockEntries, writeChanges } from './act-on-entries.ts'
import { type EntryKind, tableOf } from './entry-sql.ts'

const kinds: readonly EntryKind[] = ['hours', 'expense', 'trip']

/**
 * After the firm, or one project, asks less than before: what was submitted and has all approvals that are asked now is
 * approved, so that nothing waits for nobody.
 */
export async function settleEntries(call: Acting, only: { readonly projectId?: string } = {}): Promise<void> {
  const { trx, firmId, actor } = call
  const { flow } = await approvalRules(call)
  for (const kind of kinds) {
    const { rows } = await sql<{ id: string }>`
      select e.id from ${sql.table(tableOf[kind])} e
      where e.firm_id = ${firmId}::uuid and e.approval = 'submitted' and (e.internal_approved or e.customer_approved)
        and e.deleted_at is null ${only.projectId ? sql`and e.project_id = ${only.projectId}::uuid` : sql``}`.execute(
      trx,
    )
    const entries = await lockEntries(
      { trx, firmId, actor: null },
      kind,
      rows.map(({ id }) => id),
    )
    const changes = [...entries.values()].flatMap((entry) => {
      const facts = settled(flowOf(flow, entry.customerAsked), entry.state)
      return facts === entry.state ? [] : [{ entry, facts }]
    })
    await writeChanges(call, { kind, what: 'approved', by: actor, more: { asksLess: true } }, changes)
  }
}
