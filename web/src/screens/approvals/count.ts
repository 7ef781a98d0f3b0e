import { queryOptions } from '@tanstack/react-query'
import { answer, api } from '../../api.ts'

/** How many weeks wait for who is signed in. */
export const countQuery = queryOptions({
  queryKey: ['approvals', 'count'],
  queryFn: ({ signal }) => answer(api.GET('/approval-weeks/count', { signal })),
})
