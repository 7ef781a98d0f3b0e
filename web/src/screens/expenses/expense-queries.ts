import { type QueryClient, useQuery } from '@tanstack/react-query'
import { type CalendarDate, endOfMonth } from '@uurwerk/core/shared/calendar-date.ts'
import { answer, api } from '../../api.ts'
import type { Category, Expense } from './expense.ts'

/** Every expense of one person in one month, the last first. */
export const monthQuery = (month: CalendarDate, memberId: string) => ({
  queryKey: ['expenses', 'month', month, memberId],
  queryFn: async ({ signal }: { signal: AbortSignal }): Promise<Expense[]> => {
    const found: Expense[] = []
    let cursor: string | undefined
    do {
      const query = { from: month, until: endOfMonth(month), memberId: [memberId], limit: 200, cursor }
      const page = await answer(api.GET('/expenses', { params: { query }, signal }))
      found.push(...page.rows)
      cursor = page.next ?? undefined
    } while (cursor)
    return found
  },
})

async function allCategories(signal: AbortSignal): Promise<Category[]> {
  const found: Category[] = []
  let cursor: string | undefined
  do {
    const page = await answer(api.GET('/expense-categories', { params: { query: { limit: 200, cursor } }, signal }))
    found.push(...page.rows)
    cursor = page.next ?? undefined
  } while (cursor)
  return found
}

/** Those that may be written on. */
export const useCategories = () =>
  useQuery({
    queryKey: ['expense-categories', 'all'],
    queryFn: ({ signal }) => allCategories(signal),
    staleTime: 60_000,
  })

export const expensesAgain = (client: QueryClient) =>
  Promise.all(
    [['expenses'], ['reimbursements'], ['history', 'expense']].map((queryKey) =>
      client.invalidateQueries({ queryKey }),
    ),
  )
