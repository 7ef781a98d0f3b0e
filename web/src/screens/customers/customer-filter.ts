import { useQueries } from '@tanstack/react-query'
import { useMemo } from 'react'
import { answer, api } from '../../api.ts'
import type { Option } from '../../parts/find-options.ts'
import { useMay } from '../../session.ts'
import { type Filter, foundOptions } from '../../table/FilterChips.tsx'
import { findCustomers } from './find-customers.ts'

/** Narrows a list to some customers, for whoever may see them; the address holds ids, the chip says names. */
export function useCustomerFilter(label: string, ids: readonly string[] | undefined): readonly Filter[] {
  const maySee = useMay()('customers:read')
  const named = useQueries({
    queries: (maySee ? (ids ?? []) : []).map((id) => ({
      queryKey: ['customers', 'named', id],
      queryFn: async ({ signal }: { signal: AbortSignal }): Promise<Option> => {
        const { name } = await answer(api.GET('/customers/{id}', { params: { path: { id } }, signal }))
        return { value: id, label: name }
      },
      staleTime: 300_000,
    })),
    combine: foundOptions,
  })
  return useMemo(
    () => (maySee ? [{ kind: 'pick', name: 'customerId', label, named, search: findCustomers }] : []),
    [maySee, label, named],
  )
}
