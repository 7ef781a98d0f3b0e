import { useQueries, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { answer, api } from '../../api.ts'
import type { Option } from '../../parts/find-options.ts'
import { useMay } from '../../session.ts'
import type { Filter } from '../../table/FilterChips.tsx'
import { useT } from '../../words/words.tsx'
import { projectOption } from '../time/allowed.ts'
import { peopleQuery } from '../time/people.ts'
import { approvalWords, stateWords } from './HourState.tsx'
import type { HoursSearch } from './hour-filter.ts'

const named = (results: ReadonlyArray<{ readonly data: Option | undefined }>) =>
  results.flatMap(({ data }) => (data ? [data] : []))

/** What the overview can be narrowed to; the names behind the ids of the address are looked up. */
export function useHourFilters(search: HoursSearch): readonly Filter[] {
  const t = useT()
  const may = useMay()
  const [seesAll, seesCustomers, seesPeople] = [may('hours:read'), may('customers:read'), may('people:read')]
  const people = useQuery({ ...peopleQuery, enabled: seesAll && seesPeople })
  const activities = useQuery({
    queryKey: ['time-activities', 'filter'],
    queryFn: ({ signal }) => answer(api.GET('/activities', { params: { query: { limit: 200 } }, signal })),
    staleTime: 60_000,
  })
  const customers = useQueries({
    queries: (seesCustomers ? (search.customerId ?? []) : []).map((id) => ({
      queryKey: ['hours', 'customer', id],
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
      queryKey: ['hours', 'project', id],
      queryFn: async ({ signal }: { signal: AbortSignal }): Promise<Option> =>
        projectOption(await answer(api.GET('/projects/{id}', { params: { path: { id } }, signal }))),
      staleTime: 300_000,
    })),
    combine: named,
  })

  return useMemo((): readonly Filter[] => {
    const peopleOptions = (people.data?.rows ?? []).map(({ id, name }) => ({ value: id, label: name }))
    const activityOptions = (activities.data?.rows ?? []).map(({ id, name }) => ({ value: id, label: name }))
    return [
      { kind: 'period', label: t('hours.filter.period'), from: 'from', until: 'until' },
      ...(seesCustomers
        ? [
            {
              kind: 'pick' as const,
              name: 'customerId',
              label: t('hours.customer'),
              named: customers,
              search: async (text: string, signal: AbortSignal) => {
                const page = await answer(
                  api.GET('/customers', {
                    params: { query: { limit: 50, ...(text ? { search: text } : {}) } },
                    signal,
                  }),
                )
                return page.rows.map(({ id, name, number }) => ({
                  value: id,
                  label: name,
                  ...(number ? { code: number } : {}),
                }))
              },
            },
          ]
        : []),
      {
        kind: 'pick',
        name: 'projectId',
        label: t('hours.project'),
        named: projects,
        search: async (text, signal) => {
          const page = await answer(
            api.GET('/projects', { params: { query: { limit: 50, ...(text ? { search: text } : {}) } }, signal }),
          )
          return page.rows.map(projectOption)
        },
      },
      ...(seesAll && seesPeople
        ? [{ kind: 'pick' as const, name: 'memberId', label: t('hours.person'), named: [], options: peopleOptions }]
        : []),
      { kind: 'pick', name: 'activityId', label: t('hours.activity'), named: [], options: activityOptions },
      { kind: 'flag', name: 'billable', label: t('hours.billable'), yes: t('hours.yes'), no: t('hours.no') },
      {
        kind: 'choice',
        name: 'state',
        label: t('hours.state'),
        options: [
          { value: 'free', label: t(stateWords.free) },
          { value: 'reserved', label: t(stateWords.reserved) },
          { value: 'invoiced', label: t(stateWords.invoiced) },
          { value: 'written-off', label: t(stateWords['written-off']) },
        ],
      },
      {
        kind: 'choice',
        name: 'approval',
        label: t('hours.approval'),
        options: [
          { value: 'open', label: t(approvalWords.open) },
          { value: 'submitted', label: t(approvalWords.submitted) },
          { value: 'approved', label: t(approvalWords.approved) },
          { value: 'rejected', label: t(approvalWords.rejected) },
        ],
      },
      { kind: 'text', name: 'search', label: t('hours.filter.text') },
    ]
  }, [t, people.data, activities.data, customers, projects, seesAll, seesCustomers, seesPeople])
}
