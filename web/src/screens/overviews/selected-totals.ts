import { add, type Decimal, decimal, subtract, toCents } from '@uurwerk/core/shared/money.ts'
import { isSelected, type Selection } from '../../table/selection.ts'

export interface Counted {
  readonly id: string
  /** Minutes, or tenths of kilometres. */
  readonly whole: number
  readonly amount: string | null
  readonly currency: string | null
}
export interface SelectedTotals {
  readonly whole: number
  readonly amounts: ReadonlyArray<{ readonly currency: string; readonly amount: string }>
}

/**
 * What is selected, added up. Rows that were chosen one by one are here; of everything that matches the server knows
 * the totals, less the rows that were taken out.
 */
export function selectedTotals(selection: Selection, rows: readonly Counted[], all: SelectedTotals): SelectedTotals {
  const isAll = selection.kind === 'all'
  const amounts = new Map<string, Decimal>(isAll ? all.amounts.map((one) => [one.currency, decimal(one.amount)]) : [])
  let whole = isAll ? all.whole : 0
  for (const row of rows) {
    if (isSelected(selection, row.id) === isAll) continue
    whole += isAll ? -row.whole : row.whole
    if (row.amount === null || row.currency === null) continue
    const before = amounts.get(row.currency) ?? decimal('0')
    amounts.set(row.currency, (isAll ? subtract : add)(before, decimal(row.amount)))
  }
  return { whole, amounts: [...amounts].map(([currency, amount]) => ({ currency, amount: toCents(amount) })) }
}
