import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { answer, api } from '../../api.ts'
import type { Option } from '../../parts/find-options.ts'
import { useMay } from '../../session.ts'
import type { Filter } from '../../table/FilterChips.tsx'
import { useT, type Word } from '../../words/words.tsx'
import { useCustomerFilter } from '../customers/customer-filter.ts'
import { useProjectFilter } from '../projects/project-filter.ts'
import { peopleQuery } from '../time/people.ts'
import type { OverviewSearch } from './address.ts'
import { approvalWords, stateWords } from './EntryState.tsx'
import { kindWords } from './group-name.ts'
import type { KindId } from './overview-kind.ts'

type Named = readonly { readonly id: string; readonly name: string }[]
const optionsOf = (rows: Named | undefined): Option[] =>
  (rows ?? []).map(({ id, name }) => ({ value: id, label: name }))

const shortLists = {
  activities: async (signal: AbortSignal): Promise<Named> =>
    (await answer(api.GET('/activities', { params: { query: { limit: 200 } }, signal }))).rows,
  categories: async (signal: AbortSignal): Promise<Named> =>
    (await answer(api.GET('/expense-categories', { params: { query: { limit: 200 } }, signal }))).rows,
  vehicles: async (signal: AbortSignal): Promise<Named> =>
    (await answer(api.GET('/vehicles', { params: { query: { limit: 200 } }, signal }))).rows,
  teams: async (signal: AbortSignal): Promise<Named> => (await answer(api.GET('/teams', { signal }))).rows,
  // Entries carry the names of tags themselves.
  tags: async (signal: AbortSignal): Promise<Named> =>
    (await answer(api.GET('/tags', { signal }))).rows.map(({ name }) => ({ id: name, name })),
}

function useShortList(list: keyof typeof shortLists, enabled: boolean): Option[] {
  const { data } = useQuery({
    queryKey: ['filter-options', list],
    queryFn: ({ signal }) => shortLists[list](signal),
    staleTime: 60_000,
    enabled,
  })
  return useMemo(() => optionsOf(data), [data])
}

/** What an overview can be narrowed to; the names behind the ids of the address are looked up. */
export function useEntryFilters(kind: KindId, search: OverviewSearch): readonly Filter[] {
  const t = useT()
  const may = useMay()
  const [seesAll, seesPeople] = [may('hours:read') || may('hours:managed'), may('people:read')]
  const people = useQuery({ ...peopleQuery, enabled: seesAll && seesPeople })
  const activities = useShortList('activities', kind === 'hours')
  const categories = useShortList('categories', kind === 'expenses')
  const vehicles = useShortList('vehicles', kind === 'trips')
  const teams = useShortList('teams', seesAll && seesPeople)
  const tags = useShortList('tags', true)
  const ofCustomers = useCustomerFilter(t('hours.customer'), search.customerId)
  const ofProject = useProjectFilter(t('hours.project'), search.projectId)

  return useMemo((): readonly Filter[] => {
    const pick = (name: string, word: Word, options: readonly Option[]): Filter => ({
      kind: 'pick',
      name,
      label: t(word),
      named: [],
      options,
    })
    const choice = <Value extends string>(name: string, word: Word, words: Readonly<Record<Value, Word>>): Filter => ({
      kind: 'choice',
      name,
      label: t(word),
      options: Object.entries<Word>(words).map(([value, label]) => ({ value, label: t(label) })),
    })
    const yesNo = (name: string, word: Word): Filter => ({
      kind: 'flag',
      name,
      label: t(word),
      yes: t('hours.yes'),
      no: t('hours.no'),
    })
    const own: Record<KindId, readonly Filter[]> = {
      hours: [pick('activityId', 'hours.activity', activities)],
      expenses: [
        pick('categoryId', 'overviews.category', categories),
        yesNo('reimbursable', 'overviews.reimbursable'),
        yesNo('reimbursed', 'overviews.reimbursed'),
        yesNo('receipt', 'overviews.receipt'),
      ],
      trips: [
        pick('vehicleId', 'overviews.vehicle', vehicles),
        choice('tripKind', 'overviews.kind', kindWords),
        yesNo('reimbursable', 'overviews.reimbursable'),
        yesNo('reimbursed', 'overviews.reimbursed'),
      ],
    }
    const withPeople: readonly Filter[] =
      seesAll && seesPeople
        ? [
            pick('memberId', 'hours.person', optionsOf(people.data?.rows)),
            ...(teams.length > 0 ? [pick('teamId', 'overviews.team', teams)] : []),
          ]
        : []
    return [
      { kind: 'period', label: t('hours.filter.period'), from: 'from', until: 'until' },
      ...ofCustomers,
      ofProject,
      ...withPeople,
      ...own[kind],
      ...(tags.length > 0 || search.tag ? [pick('tag', 'overviews.tag', [...tags, ...given(search.tag, tags)])] : []),
      yesNo('billable', 'hours.billable'),
      choice('state', 'hours.state', stateWords),
      choice('approval', 'hours.approval', approvalWords),
      { kind: 'text', name: 'search', label: t('hours.filter.text') },
    ]
  }, [
    t,
    kind,
    search.tag,
    people.data,
    activities,
    categories,
    vehicles,
    teams,
    tags,
    ofCustomers,
    ofProject,
    seesAll,
    seesPeople,
  ])
}

/** Tags of the address that are no longer kept as a list. */
const given = (chosen: readonly string[] | undefined, known: readonly Option[]): Option[] =>
  (chosen ?? []).filter((tag) => !known.some(({ value }) => value === tag)).map((tag) => ({ value: tag, label: tag }))
