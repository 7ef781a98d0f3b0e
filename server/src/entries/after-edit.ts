import type { FactRow } from './entry-sql.ts'

/**
 * What an edit does to the approval of an entry, as `decide` in core says: what was rejected is open again, and the
 * approvals given were of what it said before.
 */
export const afterEdit = ({ approval }: Pick<FactRow, 'approval'>) => ({
  internalApproved: false,
  customerApproved: false,
  ...(approval === 'rejected' ? { approval: 'open' as const, rejectedReason: null } : {}),
})
