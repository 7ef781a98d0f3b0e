import { useQueries, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { answer, api } from '../../api.ts'
import type { Option } from '../../parts/find-options.ts'
import { useMay } from '../../session.ts'
import type { Filter } from '../../table/FilterChips.tsx'
import { useT } from '../../words/words.tsx'
import { projectOption } from '../time/allowed.ts'
import { peopleQuery } from '../time/people.ts'
import type { UninvoicedSearch } from './uninvoiced.ts'

const named = (results: ReadonlyArray<{ readonly data: Option | undefined }>) =>
  results.flatMap(({ data }) => (data ? [data] : []))

/** What the page can be narrowed to; the names behind the ids of the address are looked up. */
export function useFilters(search: UninvoicedSearch): readonly Filter[] {
  const t = useT()
  const may = useMay()
  const [seesAll, seesPeople] = [may('hours:read'), may('people:read')]
  const people = useQuery({ ...peopleQuery, enabled: seesAll && seesPeople })
  const teams = useQuery({
    queryKey: ['teams', 'filter'],
    queryFn: ({ signal }) => answer(api.GET('/teams', { signal })),
    enabled: seesPeople,
    staleTime: 60_000,
  })
  const customers = useQueries({
    queries: (search.customerId ?? []).map((id) => ({
      queryKey: ['customer-name', id],
      queryFn: async ({ signal }: { signal: AbortSignal }): Promise<Option> => {
        const one = await answer(api.GET('/customers/{id}', { params: { path: { id } }, signal }))
        return { value: one.id, label: one.name }
      },
      staleTime: 300_000,
    })),
    combine: named,
  })
  const projects = useQueries({
    queries: (search.projectId ?? []).map((id) => ({
      queryKey: ['project-name', id],
      queryFn: async ({ signal }: { signal: AbortSignal }): Promise<Option> =>
        projectOption(await answer(api.GET('/projects/{id}', { params: { path: { id } }, signal }))),
      staleTime: 300_000,
    })),
    combine: named,
  })
  return useMemo((): readonly Filter[] => {
    const managers = (people.data?.rows ?? []).map(({ id, name }) => ({ value: id, label: name }))
    const teamOptions = (teams.data?.rows ?? []).map(({ id, name }) => ({ value: id, label: name }))
    return [
      {
        kind: 'pick',
        name: 'customerId',
        label: t('uninvoiced.filter.customer'),
        named: customers,
        search: async (text, signal) => {
          const query = { limit: 50, ...(text ? { search: text } : {}) }
          const page = await answer(api.GET('/customers', { params: { query }, signal }))
          return page.rows.map(({ id, name, number }) => ({
            value: id,
            label: name,
            ...(number ? { code: number } : {}),
          }))
        },
      },
      {
        kind: 'pick',
        name: 'projectId',
        label: t('uninvoiced.filter.project'),
        named: projects,
        search: async (text, signal) => {
          const query = { limit: 50, ...(text ? { search: text } : {}) }
          const page = await answer(api.GET('/projects', { params: { query }, signal }))
          return page.rows.map(projectOption)
        },
      },
      ...(seesAll && seesPeople
        ? [
            {
              kind: 'pick' as const,
              name: 'managerId',
              label: t('uninvoiced.filter.manager'),
              named: [],
              options: managers,
            },
          ]
        : []),
      ...(teamOptions.length > 0
        ? [
            {
              kind: 'pick' as const,
              name: 'teamId',
              label: t('uninvoiced.filter.team'),
              named: [],
              options: teamOptions,
            },
          ]
        : []),
    ]
  }, [t, people.data, teams.data, customers, projects, seesAll, seesPeople])
}
