import { getRouteApi } from '@tanstack/react-router'
import { useMemo } from 'react'
import { answer, api } from '../../api.ts'
import { currencySign, useFormat } from '../../format.ts'
import { State } from '../../parts/State.tsx'
import { useFirm, useMay } from '../../session.ts'
import type { Column } from '../../table/column.ts'
import { usePages } from '../../table/rows.ts'
import { SettingsList } from '../../table/SettingsList.tsx'
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
  const open = (activityId: string) =>
    navigate({ to: '/f/$firm/settings/activities/$activityId', params: { firm, activityId } })
  const canMake = may('activities:write')
  return (
    <SettingsList
      id="activities"
      icon="clock"
      words={{
        title: t('activities.title'),
        new: t('activities.new'),
        search: t('activities.search'),
        archived: t('activities.archived'),
        archivedYes: t('activities.archived.yes'),
        archivedNo: t('activities.archived.no'),
        none: { title: t('activities.none.title'), text: t('activities.none.text') },
        empty: { title: t('activities.empty.title'), text: t('activities.empty.text') },
      }}
      rows={rows}
      columns={columns}
      search={search}
      setSearch={(change) => navigate({ search: change, replace: true })}
      make={canMake ? () => open('new') : null}
      open={(row) => open(row.id)}
    />
  )
}
