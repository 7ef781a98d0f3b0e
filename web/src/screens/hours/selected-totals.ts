import { add, type Decimal, decimal, subtract, toCents } from '@uurwerk/core/shared/money.ts'
import { isSelected, type Selection } from '../../table/selection.ts'

interface Counted {
  readonly id: string
  readonly minutes: number
  readonly amount: string | null
  readonly currency: string | null
}
export interface Totals {
  readonly minutes: number
  readonly amounts: ReadonlyArray<{ readonly currency: string; readonly amount: string }>
}

/**
 * Hours and money of what is selected. Rows that were chosen one by one are here; of everything that matches the
 * server knows the totals, less the rows that were taken out.
 */
export function selectedTotals(selection: Selection, rows: readonly Counted[], all: Totals): Totals {
  const isAll = selection.kind === 'all'
  const amounts = new Map<string, Decimal>(isAll ? all.amounts.map((one) => [one.currency, decimal(one.amount)]) : [])
  let minutes = isAll ? all.minutes : 0
  for (const row of rows) {
    if (isSelected(selection, row.id) === isAll) continue
    minutes += isAll ? -row.minutes : row.minutes
    if (row.amount === null || row.currency === null) continue
    const before = amounts.get(row.currency) ?? decimal('0')
    amounts.set(row.currency, (isAll ? subtract : add)(before, decimal(row.amount)))
  }
  return { minutes, amounts: [...amounts].map(([currency, amount]) => ({ currency, amount: toCents(amount) })) }
}
