import { queryOptions } from '@tanstack/react-query'
import type { components } from '@uurwerk/api/generated/schema.d.ts'
import { answer, api } from '../../../api.ts'

export type Absence = components['schemas']['Absence']

export const absenceKindsQuery = queryOptions({
  queryKey: ['absence-kinds'],
  queryFn: ({ signal }) => answer(api.GET('/absence-kinds', { signal })),
  staleTime: 60_000,
})
