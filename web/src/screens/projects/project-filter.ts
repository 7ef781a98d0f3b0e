import { useQueries } from '@tanstack/react-query'
import { useMemo } from 'react'
import { answer, api } from '../../api.ts'
import type { Option } from '../../parts/find-options.ts'
import { type Filter, foundOptions } from '../../table/FilterChips.tsx'
import { projectOption } from '../time/allowed.ts'

async function findProjects(text: string, signal: AbortSignal): Promise<Option[]> {
  const query = { limit: 50, ...(text ? { search: text } : {}) }
  return (await answer(api.GET('/projects', { params: { query }, signal }))).rows.map(projectOption)
}

/** Narrows a list to some projects; the address holds ids, the chip says names. */
export function useProjectFilter(label: string, ids: readonly string[] | undefined): Filter {
  const named = useQueries({
    queries: (ids ?? []).map((id) => ({
      queryKey: ['projects', 'named', id],
      queryFn: async ({ signal }: { signal: AbortSignal }): Promise<Option> =>
        projectOption(await answer(api.GET('/projects/{id}', { params: { path: { id } }, signal }))),
      staleTime: 300_000,
    })),
    combine: foundOptions,
  })
  return useMemo(() => ({ kind: 'pick', name: 'projectId', label, named, search: findProjects }), [label, named])
}
