import { queryOptions, useQuery } from '@tanstack/react-query'
import { answer, api } from '../../api.ts'
import { useMay } from '../../session.ts'

export const packagesQuery = queryOptions({
  queryKey: ['packages'],
  queryFn: ({ signal }) => answer(api.GET('/packages', { signal })),
  staleTime: 60_000,
})

export type PackageRow = Awaited<ReturnType<NonNullable<(typeof packagesQuery)['queryFn']>>>['rows'][number]

/** Package, as people call it, by the name it has in the API. */
export function usePackageNames(): (id: string) => string {
  const may = useMay()
  const { data } = useQuery({ ...packagesQuery, enabled: may('connections:read') })
  return (id) => data?.rows.find((row) => row.id === id)?.name ?? id
}

/** The package that takes sales entries now; null when none is connected, undefined while it is not known. */
export function useSalesPackage(): PackageRow | null | undefined {
  const may = useMay()
  const { data, isError } = useQuery({ ...packagesQuery, enabled: may('connections:read') })
  if (!may('connections:read') || isError) return null
  return data && (data.rows.find((row) => row.connection && row.posts.includes('salesEntry')) ?? null)
}
