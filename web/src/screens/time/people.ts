import { answer, api } from '../../api.ts'

export const peopleQuery = {
  queryKey: ['people', 'active'],
  queryFn: ({ signal }: { signal: AbortSignal }) => answer(api.GET('/people', { signal })),
  staleTime: 60_000,
}
