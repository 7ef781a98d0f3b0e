import type { ApprovalFlow, Approver } from '@uurwerk/core/time/approval.ts'
import { type RawBuilder, sql } from 'kysely'

const nobody = sql<boolean>`false`
/** The customer is asked; `p` is the project, as in `entry-sql`. */
export const customerAskedSql = sql<boolean>`((p.customer_id is not null and p.customer_approves) is true)`

const internalSql = {
  off: nobody,
  internal: sql`not e.internal_approved`,
  external: sql`not e.internal_approved and not ${customerAskedSql}`,
  'internal-external': sql`not e.internal_approved`,
  'external-internal': sql`not e.internal_approved and (e.customer_approved or not ${customerAskedSql})`,
} as const satisfies Record<ApprovalFlow, RawBuilder<unknown>>

const customerSql = {
  off: nobody,
  internal: nobody,
  external: sql`not e.customer_approved and ${customerAskedSql}`,
  'internal-external': sql`e.internal_approved and not e.customer_approved and ${customerAskedSql}`,
  'external-internal': sql`not e.customer_approved and ${customerAskedSql}`,
} as const satisfies Record<ApprovalFlow, RawBuilder<unknown>>

/** Entries that wait for this approver, as `nextApprover` in core says of one; on the aliases of `entry-sql`. */
export const waitsForSql = (flow: ApprovalFlow, approver: Approver): RawBuilder<boolean> =>
  sql<boolean>`(e.approval = 'submitted' and not e.claimed and e.written_off_at is null
    and ${approver === 'internal' ? internalSql[flow] : customerSql[flow]})`
