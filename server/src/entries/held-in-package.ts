import type { Problem } from '@uurwerk/core/shared/problem.ts'
import type { HolderRow } from './entry-sql.ts'

/** Why an entry that a document in the package holds is not changed or invoiced; `values` name the entry. */
export const heldInPackage = (
  { claimedInvoiceNumber }: HolderRow,
  values: Readonly<Record<string, string>> = {},
): Problem => ({
  kind: 'conflict',
  code: 'entry-in-package',
  values: { ...values, number: claimedInvoiceNumber ?? '', has: claimedInvoiceNumber ? 'number' : 'none' },
})
