import { type QueryClient, queryOptions, useSuspenseQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import type { Right } from '@uurwerk/api/rights.ts'
import { answer, api } from './api.ts'

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => answer(api.GET('/session', { signal })),
  staleTime: 5 * 60_000,
})

export type Session = Awaited<ReturnType<NonNullable<(typeof sessionQuery)['queryFn']>>>
export type Firm = Session['firms'][number]

/** Who is signed in. Inside the frame there always is somebody. */
export const useSession = (): Session => useSuspenseQuery(sessionQuery).data

/** The firm whose address is open. */
export function useFirm(): Firm {
  const { firm: slug } = useParams({ strict: false })
  const { firms } = useSession()
  const firm = firms.find((one) => one.slug === slug)
  if (!firm) throw new Error(`no firm ${slug} in this session`)
  return firm
}

/** `const may = useMay(); may('invoices:send')`. What a person may not do is not shown; the server decides in any case. */
export function useMay(): (right: Right) => boolean {
  const { rights } = useFirm()
  return (right) => rights.includes(right)
}

/** Everything known belongs to the firm or person before: forget it. */
export function forget(client: QueryClient): void {
  client.clear()
}
