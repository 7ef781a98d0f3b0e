import { type QueryClient, queryOptions, useQuery } from '@tanstack/react-query'
import type { components } from '@uurwerk/api/generated/schema.d.ts'
import { answer, api } from '../../api.ts'
import { useMay } from '../../session.ts'

export type ImportSettings = components['schemas']['ImportSettings']
export type ImportConflict = components['schemas']['ImportConflict']
export type Proposal = components['schemas']['Proposal']

export const importSettingsQuery = (connectionId: string) =>
  queryOptions({
    queryKey: ['imports', 'settings', connectionId],
    queryFn: ({ signal }) =>
      answer(api.GET('/connections/{id}/import-settings', { params: { path: { id: connectionId } }, signal })),
  })

/** Everything that imports leave behind, and the customers it is about. */
export const importsChanged = (client: QueryClient) =>
  Promise.all(
    [['imports'], ['customers'], ['customer'], ['history', 'customer']].map((queryKey) =>
      client.invalidateQueries({ queryKey }),
    ),
  )

/** The package that customers come from; null when none is active. */
export function useImportConnection() {
  const may = useMay()
  const packages = useQuery({
    queryKey: ['packages'],
    queryFn: ({ signal }) => answer(api.GET('/packages', { signal })),
    enabled: may('connections:read'),
    staleTime: 60_000,
  })
  const found = packages.data?.rows.find(
    ({ connection }) => connection?.state === 'connected' || connection?.state === 'reconnect',
  )
  return {
    isKnown: packages.data !== undefined,
    error: packages.error,
    again: packages.refetch,
    connection: found?.connection ? { ...found.connection, packageName: found.name } : null,
  }
}
