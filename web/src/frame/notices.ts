import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { answer, api } from '../api.ts'
import { useEvents } from '../events.ts'

const readNotices = (signal?: AbortSignal) =>
  answer(api.GET('/notifications', { params: { query: { limit: 30 } }, signal }))
export type Notice = Awaited<ReturnType<typeof readNotices>>['rows'][number]

/** The newest, and how many of all there are nobody has read. */
export const noticesQuery = queryOptions({
  queryKey: ['notifications'],
  queryFn: ({ signal }) => readNotices(signal),
})

const lookAgainMs = 5 * 60_000

/** How many wait to be read; hears of new ones at once. */
export function useNotices() {
  const client = useQueryClient()
  useEvents('/events', {
    look: () => undefined,
    heard: ({ data }) => {
      if (/"topic":"notifications"/.test(data)) void client.invalidateQueries({ queryKey: noticesQuery.queryKey })
    },
  })
  return useQuery({ ...noticesQuery, refetchInterval: lookAgainMs })
}
