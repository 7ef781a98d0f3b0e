import { useT } from '../../words/words.tsx'
import type { Expense } from './expense.ts'

/** Why this expense can no longer be changed; null when it can. */
export function useLockReason(): (expense: Expense) => string | null {
  const t = useT()
  return (expense) => {
    if (!expense.locked) return null
    if (expense.invoice?.number) return t('expenses.locked.invoiced', { number: expense.invoice.number })
    if (expense.state === 'invoiced') return t('expenses.locked.posted')
    if (expense.state === 'reserved') return t('expenses.locked.draft')
    if (expense.state === 'written-off') return t('expenses.locked.writtenOff')
    return t('expenses.locked.approved')
  }
}
