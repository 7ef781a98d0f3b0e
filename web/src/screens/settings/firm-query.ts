import { queryOptions } from '@tanstack/react-query'
import { answer, api } from '../../api.ts'

/** The firm itself: what its forms and defaults come from. */
export const firmQuery = queryOptions({
  queryKey: ['firm'],
  queryFn: ({ signal }) => answer(api.GET('/firm', { signal })),
})

export type FirmAnswer = Awaited<ReturnType<NonNullable<(typeof firmQuery)['queryFn']>>>
