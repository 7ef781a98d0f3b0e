import { useQuery } from '@tanstack/react-query'
import { answer, api } from '../../api.ts'
import { useMay } from '../../session.ts'
import type { Filter } from '../../table/FilterChips.tsx'
import { useT } from '../../words/words.tsx'
import { useCustomerFilter } from '../customers/customer-filter.ts'
import type { PostingsSearch } from './posting-search.ts'
import { kindWords, stateWords } from './posting-state.tsx'
import { packagesQuery } from './sales-package.ts'

/** Connections that are, and those that were and have postings still. */
const connectionsQuery = {
  queryKey: ['connections', 'named'],
  queryFn: ({ signal }: { signal: AbortSignal }) => answer(api.GET('/connections/named', { signal })),
}

/** What the list can be narrowed by. */
export function usePostingFilters(search: PostingsSearch): Filter[] {
  const t = useT()
  const maySee = useMay()('connections:read')
  const packages = useQuery({ ...packagesQuery, enabled: maySee })
  const connections = useQuery({ ...connectionsQuery, enabled: maySee })
  const ofCustomers = useCustomerFilter(t('postings.customer'), search.customerId)
  const used = packages.data?.rows ?? []
  return [
    { kind: 'text', name: 'search', label: t('postings.search') },
    {
      kind: 'choice',
      name: 'state',
      label: t('postings.state'),
      options: Object.entries(stateWords).map(([value, word]) => ({ value, label: t(word) })),
    },
    {
      kind: 'choice',
      name: 'kind',
      label: t('postings.filter.kind'),
      options: Object.entries(kindWords).map(([value, word]) => ({ value, label: t(word) })),
    },
    ...ofCustomers,
    { kind: 'period', label: t('postings.filter.period'), from: 'from', until: 'until' },
    {
      kind: 'flag',
      name: 'differs',
      label: t('postings.state.differs'),
      yes: t('postings.state.differs'),
      no: t('postings.filter.agrees'),
    },
    ...(used.length > 1 || search.package
      ? [
          {
            kind: 'choice' as const,
            name: 'package',
            label: t('postings.filter.package'),
            options: used.map(({ id, name }) => ({ value: id, label: name })),
          },
        ]
      : []),
    ...((connections.data?.rows.length ?? 0) > 1 || search.connectionId
      ? [
          {
            kind: 'choice' as const,
            name: 'connectionId',
            label: t('postings.filter.connection'),
            options: (connections.data?.rows ?? []).map(({ id, packageName, administrationName, disconnected }) => ({
              value: id,
              label: [packageName, administrationName, disconnected ? t('postings.filter.disconnected') : null]
                .filter(Boolean)
                .join(' · '),
            })),
          },
        ]
      : []),
  ]
}
