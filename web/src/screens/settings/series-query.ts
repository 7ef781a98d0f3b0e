import { queryOptions } from '@tanstack/react-query'
import type { components } from '@uurwerk/api/generated/schema.d.ts'
import { answer, api } from '../../api.ts'

export type Series = components['schemas']['Series']

/** Number series in use, or those that were put away. */
export const seriesQuery = (archived = false) =>
  queryOptions({
    queryKey: ['series', archived],
    queryFn: ({ signal }) =>
      answer(api.GET('/series', { params: { query: { archived: archived ? 'true' : 'false' } }, signal })),
    staleTime: 60_000,
  })
