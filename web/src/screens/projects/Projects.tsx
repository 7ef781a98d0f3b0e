import { getRouteApi } from '@tanstack/react-router'
import { useEffect, useMemo } from 'react'
import { answer, api } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { Page, PageHead } from '../../frame/Page.tsx'
import { ButtonLink } from '../../parts/Button.tsx'
import { Segments } from '../../parts/Choose.tsx'
import { EmptyState } from '../../parts/Empty.tsx'
import { useKeys } from '../../parts/keys.tsx'
import { useFirm, useMay } from '../../session.ts'
import type { Column } from '../../table/column.ts'
import type { Filter } from '../../table/FilterChips.tsx'
import { FilteredTable } from '../../table/FilteredTable.tsx'
import { usePages } from '../../table/rows.ts'
import { useT } from '../../words/words.tsx'
import { useCustomerFilter } from '../customers/customer-filter.ts'
import { methodWords, type ProjectAnswer } from './project-values.ts'

const route = getRouteApi('/f/$firm/projects')

function useColumns(): ReadonlyArray<Column<ProjectAnswer>> {
  const t = useT()
  const format = useFormat()
  return useMemo((): ReadonlyArray<Column<ProjectAnswer>> => {
    const period = (row: ProjectAnswer) =>
      row.startsOn && row.endsOn
        ? format.dateRange(row.startsOn, row.endsOn, 'short')
        : row.startsOn
          ? t('projects.period.from', { date: format.date(row.startsOn, 'short') })
          : row.endsOn
            ? t('projects.period.until', { date: format.date(row.endsOn, 'short') })
            : ''
    return [
      {
        id: 'name',
        head: t('projects.name'),
        width: 'minmax(180px, 2fr)',
        always: true,
        cell: (row) => <b>{row.name}</b>,
      },
      {
        id: 'code',
        head: t('projects.code'),
        width: 110,
        from: 640,
        cell: (row) => <span className="fig muted">{row.code}</span>,
      },
      {
        id: 'customer',
        head: t('projects.customer'),
        width: 'minmax(150px, 1.4fr)',
        cell: (row) => row.customerName ?? <span className="muted">{t('projects.internal')}</span>,
      },
      {
        id: 'method',
        head: t('projects.method'),
        width: 'minmax(150px, 1.2fr)',
        from: 760,
        cell: (row) => t(methodWords[row.invoicingMethod]),
      },
      {
        id: 'period',
        head: t('projects.period'),
        width: 'minmax(150px, 1fr)',
        from: 980,
        cell: (row) => <span className="fig muted">{period(row)}</span>,
      },
      {
        id: 'reference',
        head: t('projects.reference'),
        width: 140,
        hidden: true,
        cell: (row) => row.invoiceReference,
      },
    ]
  }, [t, format])
}

export function Projects() {
  const t = useT()
  const may = useMay()
  const { slug: firm } = useFirm()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const { group, archived, ...query } = search
  const rows = usePages({
    queryKey: ['projects', 'list', { ...query, archived }],
    fetchPage: (cursor, signal) =>
      answer(
        api.GET('/projects', {
          params: {
            query: {
              ...query,
              ...(archived ? { archived: 'true' as const } : {}),
              ...(cursor ? { cursor } : {}),
              limit: 200,
            },
          },
          signal,
        }),
      ),
  })
  // Groups are whole only when the list is.
  const { more, loadingMore } = rows
  useEffect(() => {
    if (group && more && !loadingMore) more()
  }, [group, more, loadingMore])
  const internal = t('projects.internal')
  const shown = useMemo(
    () =>
      group
        ? {
            ...rows,
            rows: rows.rows.toSorted((a, b) => (a.customerName ?? '\uffff').localeCompare(b.customerName ?? '\uffff')),
          }
        : rows,
    [rows, group],
  )
  const allColumns = useColumns()
  // The head of the group says it already.
  const columns = useMemo(
    () => (group ? allColumns.filter(({ id }) => id !== 'customer') : allColumns),
    [group, allColumns],
  )
  const customerId = useMemo(() => (search.customerId ? [search.customerId] : []), [search.customerId])
  const ofCustomers = useCustomerFilter(t('projects.customer'), customerId)
  const filters: readonly Filter[] = [
    { kind: 'text', name: 'search', label: t('projects.search') },
    ...ofCustomers,
    {
      kind: 'flag',
      name: 'archived',
      label: t('projects.archived'),
      yes: t('projects.archived.yes'),
      no: t('projects.archived.no'),
    },
  ]
  const open = (projectId: string) => navigate({ to: '/f/$firm/projects/$projectId', params: { firm, projectId } })
  const canMake = may('projects:write')
  useKeys([{ keys: 'N', does: t('projects.new'), disabled: !canMake, run: () => void open('new') }])
  const newLink = canMake ? (
    <ButtonLink
      kind="primary"
      icon="plus"
      keys="N"
      to="/f/$firm/projects/$projectId"
      params={{ firm, projectId: 'new' }}
      search={search.customerId ? { customerId: search.customerId } : {}}
    >
      {t('projects.new')}
    </ButtonLink>
  ) : null
  return (
    <Page>
      <PageHead title={t('projects.title')} actions={newLink} />
      <FilteredTable
        id="projects"
        name={t('projects.title')}
        narrowing={{
          filters,
          search,
          change: (patch) =>
            navigate({
              search: (before) => {
                const next = { ...before, ...patch }
                // One customer at a time is what the list knows.
                const { customerId } = next as { customerId?: string | string[] }
                return Array.isArray(customerId) ? { ...next, customerId: customerId.at(-1) } : next
              },
              replace: true,
            }),
          isNarrowed: search.search !== undefined || archived !== undefined || search.customerId !== undefined,
        }}
        noneFound={{ title: t('projects.noneFound.title'), text: t('projects.noneFound.text') }}
        tools={
          <Segments
            name={t('projects.group')}
            value={group ?? 'none'}
            options={[
              { value: 'none', label: t('projects.group.none') },
              { value: 'customer', label: t('projects.group.customer') },
            ]}
            onChange={(value) =>
              navigate({
                search: (before) => ({ ...before, group: value === 'customer' ? 'customer' : undefined }),
                replace: true,
              })
            }
          />
        }
        rows={shown}
        columns={columns}
        idOf={(row) => row.id}
        nameOf={(row) => row.name}
        onOpen={(row) => void open(row.id)}
        {...(group
          ? {
              group: {
                of: (row: ProjectAnswer) => row.customerId ?? '',
                cells: (_: string, list: readonly ProjectAnswer[]) => ({
                  name: list[0]?.customerName ?? internal,
                  method: <span className="muted">{t('projects.count', { count: list.length })}</span>,
                }),
              },
            }
          : {})}
        empty={
          <EmptyState icon="project" title={t('projects.empty.title')} action={newLink}>
            {t('projects.empty.text')}
          </EmptyState>
        }
      />
    </Page>
  )
}
