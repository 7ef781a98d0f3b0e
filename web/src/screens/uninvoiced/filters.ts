import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { answer, api } from '../../api.ts'
import { useMay } from '../../session.ts'
import type { Filter } from '../../table/FilterChips.tsx'
import { useT } from '../../words/words.tsx'
import { useCustomerFilter } from '../customers/customer-filter.ts'
import { useProjectFilter } from '../projects/project-filter.ts'
import { peopleQuery } from '../time/people.ts'
import type { UninvoicedSearch } from './uninvoiced.ts'

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
  const ofCustomers = useCustomerFilter(t('uninvoiced.filter.customer'), search.customerId)
  const ofProject = useProjectFilter(t('uninvoiced.filter.project'), search.projectId)
  return useMemo((): readonly Filter[] => {
    const managers = (people.data?.rows ?? []).map(({ id, name }) => ({ value: id, label: name }))
    const teamOptions = (teams.data?.rows ?? []).map(({ id, name }) => ({ value: id, label: name }))
    return [
      ...ofCustomers,
      ofProject,
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
  }, [t, people.data, teams.data, ofCustomers, ofProject, seesAll, seesPeople])
}
