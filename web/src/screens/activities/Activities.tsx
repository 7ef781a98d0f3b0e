import { getRouteApi, Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { answer, api } from '../../api.ts'
import { currencySign, useFormat } from '../../format.ts'
import { Fill, Page, PageHead, Tools } from '../../frame/Page.tsx'
import { ButtonLink } from '../../parts/Button.tsx'
import { EmptyState } from '../../parts/Empty.tsx'
import { useKeys } from '../../parts/keys.tsx'
import { State } from '../../parts/State.tsx'
import { useFirm, useMay } from '../../session.ts'
import { type Column, ColumnMenu, DataTable, useColumnChoice } from '../../table/DataTable.tsx'
import { type Filter, FilterChips } from '../../table/FilterChips.tsx'
import { usePages } from '../../table/rows.ts'
import { useT } from '../../words/words.tsx'
import { vatClassesIn, vatClassWords } from './vat-classes.ts'

const route = getRouteApi('/f/$firm/settings/activities')

async function readActivities(query: { search?: string; archived?: boolean; cursor?: string }, signal?: AbortSignal) {
  const { archived, ...rest } = query
  return answer(
    api.GET('/activities', {
      params: { query: { ...rest, ...(archived ? { archived: 'true' as const } : {}) } },
      ...(signal ? { signal } : {}),
    }),
  )
}
type ActivityRow = Awaited<ReturnType<typeof readActivities>>['rows'][number]

export function Activities() {
  const t = useT()
  const may = useMay()
  const format = useFormat()
  const { slug: firm, currency, country } = useFirm()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const rows = usePages({
    queryKey: ['activities', 'list', search],
    fetchPage: (cursor, signal) => readActivities({ ...search, ...(cursor ? { cursor } : {}) }, signal),
  })
  const columns = useMemo((): ReadonlyArray<Column<ActivityRow>> => {
    const percent = new Map(vatClassesIn(country).map(({ value, rate }) => [value, rate]))
    return [
      {
        id: 'name',
        head: t('activities.name'),
        width: 'minmax(180px, 2fr)',
        always: true,
        cell: (row) => <b>{row.name}</b>,
      },
      {
        id: 'code',
        head: t('activities.code'),
        width: 110,
        from: 620,
        cell: (row) => <span className="fig muted">{row.code}</span>,
      },
      {
        id: 'billable',
        head: t('activities.billable'),
        width: 'minmax(130px, 1fr)',
        from: 760,
        cell: (row) =>
          row.billable ? t('activities.billable.yes') : <span className="muted">{t('activities.billable.no')}</span>,
      },
      {
        id: 'vat',
        head: t('activities.vat'),
        width: 'minmax(130px, 1fr)',
        from: 520,
        cell: (row) => {
          const rate = percent.get(row.vatClass)
          return (
            <>
              {t(vatClassWords[row.vatClass])}
              {rate ? <span className="muted fig"> {format.percent(rate)}</span> : null}
            </>
          )
        },
      },
      ...(may('rates:read')
        ? [
            {
              id: 'from',
              head: t('activities.rate.since'),
              width: 120,
              from: 860,
              cell: (row: ActivityRow) =>
                row.rate ? <span className="fig muted">{format.date(row.rate.from, 'short')}</span> : null,
            },
            {
              id: 'rate',
              head: t('activities.rate.today'),
              unit: currencySign(currency),
              align: 'end' as const,
              width: 130,
              cell: (row: ActivityRow) =>
                row.rate ? (
                  <span className="fig">{format.quantity(row.rate.amount, 2)}</span>
                ) : row.billable ? (
                  <State is="needs">{t('activities.rate.missingShort')}</State>
                ) : (
                  <span className="faint">–</span>
                ),
            },
          ]
        : []),
    ]
  }, [t, format, currency, country, may])
  const { hidden, show } = useColumnChoice('activities', columns)
  const filters = useMemo(
    (): readonly Filter[] => [
      { kind: 'text', name: 'search', label: t('activities.search') },
      {
        kind: 'flag',
        name: 'archived',
        label: t('activities.archived'),
        yes: t('activities.archived.yes'),
        no: t('activities.archived.no'),
      },
    ],
    [t],
  )
  const open = (activityId: string) =>
    navigate({ to: '/f/$firm/settings/activities/$activityId', params: { firm, activityId } })
  const canMake = may('activities:write')
  useKeys([{ keys: 'N', does: t('activities.new'), disabled: !canMake, run: () => open('new') }])
  const newLink = canMake ? (
    <ButtonLink
      kind="primary"
      icon="plus"
      keys="N"
      to="/f/$firm/settings/activities/$activityId"
      params={{ firm, activityId: 'new' }}
    >
      {t('activities.new')}
    </ButtonLink>
  ) : null
  const filtered = search.search !== undefined || search.archived !== undefined
  return (
    <Page>
      <PageHead
        title={t('activities.title')}
        crumbs={[
          <Link key="settings" to="/f/$firm/settings" params={{ firm }}>
            {t('frame.settings')}
          </Link>,
        ]}
        actions={newLink}
      />
      <Tools>
        <FilterChips
          filters={filters}
          search={search}
          onChange={(patch) => navigate({ search: (before) => ({ ...before, ...patch }), replace: true })}
        >
          <ColumnMenu columns={columns} hidden={hidden} show={show} />
        </FilterChips>
      </Tools>
      <Fill>
        <DataTable
          id="activities"
          name={t('activities.title')}
          rows={rows}
          columns={columns}
          hidden={hidden}
          idOf={(row) => row.id}
          nameOf={(row) => row.name}
          onOpen={(row) => open(row.id)}
          empty={
            filtered ? (
              <EmptyState icon="search" title={t('activities.none.title')}>
                {t('activities.none.text')}
              </EmptyState>
            ) : (
              <EmptyState icon="clock" title={t('activities.empty.title')} action={newLink}>
                {t('activities.empty.text')}
              </EmptyState>
            )
          }
        />
      </Fill>
    </Page>
  )
}
