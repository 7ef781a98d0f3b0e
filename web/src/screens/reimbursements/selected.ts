import type { components } from '@uurwerk/api/generated/schema.d.ts'
import { decimal, sum, toCents } from '@uurwerk/core/shared/money.ts'

export type Open = components['schemas']['OpenReimbursement']

export interface OpenLine {
  readonly kind: 'expense' | 'trip'
  readonly id: string
  readonly date: string
  readonly description: string
  readonly projectName: string | null
  readonly km: string | null
  readonly rate: string | null
  /** Null for a trip on a day without a rate: it cannot be paid yet. */
  readonly amount: string | null
  readonly files: Open['expenses'][number]['files']
}

/** Expenses and trips of one employee, day by day. */
export const linesOf = (open: Open): readonly OpenLine[] =>
  [
    ...open.expenses.map((one): OpenLine => ({ ...one, kind: 'expense', km: null, rate: null })),
    ...open.trips.map((one): OpenLine => ({ ...one, kind: 'trip', files: [] })),
  ].toSorted((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0))

/** What is paid when these lines are left out; everything that can be paid is, until a person leaves it out. */
export function chosenOf(lines: readonly OpenLine[], leftOut: ReadonlySet<string>) {
  const chosen = lines.filter(({ id, amount }) => amount !== null && !leftOut.has(id))
  const idsOf = (kind: OpenLine['kind']) => chosen.filter((line) => line.kind === kind).map(({ id }) => id)
  return {
    count: chosen.length,
    amount: toCents(sum(chosen.map(({ amount }) => decimal(amount ?? '0')))),
    expenseIds: idsOf('expense'),
    tripIds: idsOf('trip'),
  }
}
