import type { Problem } from '@uurwerk/core/shared/problem.ts'
import type { HolderRow } from './entry-sql.ts'

/** Why an entry that a document in the package holds is not changed or invoiced; `values` name the entry. */
export const heldInPackage = (
  { claimedInvoiceNumber: number }: HolderRow,
  values: Readonly<Record<string, string>> = {},
): Problem =>
  number === null
    ? { kind: 'conflict', code: 'entry-in-package', values }
    : { kind: 'conflict', code: 'entry-invoiced-in-package', values: { ...values, number } }
