import { type QueryClient, useQuery } from '@tanstack/react-query'
import { type CalendarDate, endOfMonth } from '@uurwerk/core/shared/calendar-date.ts'
import { answer, api } from '../../api.ts'
import { everyPage } from '../../every-page.ts'
import type { Trip, Vehicle } from './trip.ts'

/** Every trip of one person in one month, the last first. */
export const monthQuery = (month: CalendarDate, memberId: string) => ({
  queryKey: ['trips', 'month', month, memberId],
  queryFn: ({ signal }: { signal: AbortSignal }): Promise<Trip[]> =>
    everyPage((cursor) => {
      const query = { from: month, until: endOfMonth(month), memberId: [memberId], limit: 200, cursor }
      return answer(api.GET('/trips', { params: { query }, signal }))
    }),
})

/** Those that a person may drive: the firm's and his own. */
export function useVehicles(memberId: string): readonly Vehicle[] {
  const query = useQuery({
    queryKey: ['vehicles', 'of', memberId],
    queryFn: async ({ signal }) =>
      (await answer(api.GET('/vehicles', { params: { query: { memberId, limit: 200 } }, signal }))).rows,
    staleTime: 60_000,
  })
  return query.data ?? []
}

export const tripsAgain = (client: QueryClient) =>
  Promise.all([['trips'], ['history', 'trip'], ['distances']].map((queryKey) => client.invalidateQueries({ queryKey })))
