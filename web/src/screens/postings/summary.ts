import { queryOptions } from '@tanstack/react-query'
import { answer, api } from '../../api.ts'

export const summaryQuery = queryOptions({
  queryKey: ['postings', 'summary'],
  queryFn: ({ signal }) => answer(api.GET('/postings/summary', { signal })),
})

export type Summary = Awaited<ReturnType<NonNullable<(typeof summaryQuery)['queryFn']>>>
export type RefusalGroup = Summary['groups'][number]
