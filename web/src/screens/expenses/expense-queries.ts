import { type QueryClient, useQuery } from '@tanstack/react-query'
import { type CalendarDate, endOfMonth } from '@uurwerk/core/shared/calendar-date.ts'
import { answer, api } from '../../api.ts'
import { everyPage } from '../../every-page.ts'
import type { Category, Expense } from './expense.ts'

/** Every expense of one person in one month, the last first. */
export const monthQuery = (month: CalendarDate, memberId: string) => ({
  queryKey: ['expenses', 'month', month, memberId],
  queryFn: ({ signal }: { signal: AbortSignal }): Promise<Expense[]> =>
    everyPage((cursor) => {
      const query = { from: month, until: endOfMonth(month), memberId: [memberId], limit: 200, cursor }
      return answer(api.GET('/expenses', { params: { query }, signal }))
    }),
})

const allCategories = (signal: AbortSignal): Promise<Category[]> =>
  everyPage((cursor) => answer(api.GET('/expense-categories', { params: { query: { limit: 200, cursor } }, signal })))

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
