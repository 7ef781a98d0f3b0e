import { getRouteApi } from '@tanstack/react-router'
import { useMemo } from 'react'
import { answer, api } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { useFirm, useMay } from '../../session.ts'
import type { Column } from '../../table/column.ts'
import { usePages } from '../../table/rows.ts'
import { SettingsList } from '../../table/SettingsList.tsx'
import { useT } from '../../words/words.tsx'
import { vatClassWords } from '../activities/vat-classes.ts'

const route = getRouteApi('/f/$firm/settings/expense-categories')

async function readCategories(query: { search?: string; archived?: boolean; cursor?: string }, signal?: AbortSignal) {
  const { archived, ...rest } = query
  return answer(
    api.GET('/expense-categories', {
      params: { query: { ...rest, ...(archived ? { archived: 'true' as const } : {}) } },
      ...(signal ? { signal } : {}),
    }),
  )
}
type CategoryRow = Awaited<ReturnType<typeof readCategories>>['rows'][number]

/** What money is spent on, and what each proposes for its expenses. */
export function Categories() {
  const t = useT()
  const may = useMay()
  const format = useFormat()
  const { slug: firm } = useFirm()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const rows = usePages({
    queryKey: ['expense-categories', 'list', search],
    fetchPage: (cursor, signal) => readCategories({ ...search, ...(cursor ? { cursor } : {}) }, signal),
  })
  const columns = useMemo((): ReadonlyArray<Column<CategoryRow>> => {
    const yesNo = (is: boolean) => (is ? t('categories.yes') : <span className="faint">{t('categories.no')}</span>)
    const percent = (value: string | null) =>
      value === null ? null : <span className="fig">{format.percent(value)}</span>
    return [
      {
        id: 'name',
        head: t('categories.name'),
        width: 'minmax(180px, 3fr)',
        always: true,
        cell: (row) => <b>{row.name}</b>,
      },
      {
        id: 'code',
        head: t('categories.code'),
        width: 100,
        hidden: true,
        cell: (row) => <span className="fig muted">{row.code}</span>,
      },
      {
        id: 'billable',
        head: t('categories.billable.head'),
        width: 'minmax(110px, 1fr)',
        from: 620,
        cell: (row) => (row.disbursement ? t('categories.disbursement.short') : yesNo(row.billable)),
      },
      {
        id: 'reimbursable',
        head: t('categories.reimbursable.head'),
        width: 'minmax(110px, 1fr)',
        from: 760,
        cell: (row) => yesNo(row.reimbursable),
      },
      {
        id: 'vat',
        head: t('categories.vat'),
        width: 130,
        from: 900,
        cell: (row) =>
          row.disbursement ? <span className="faint">–</span> : <span>{t(vatClassWords[row.vatClass])}</span>,
      },
      {
        id: 'deductible',
        head: t('categories.deductible'),
        align: 'end',
        width: 130,
        from: 500,
        cell: (row) => percent(row.deductiblePercent),
      },
      ...(may('rates:read')
        ? [
            {
              id: 'margin',
              head: t('categories.margin'),
              align: 'end' as const,
              width: 90,
              cell: (row: CategoryRow) => percent(row.marginPercent),
            },
          ]
        : []),
    ]
  }, [t, format, may])
  const open = (categoryId: string) =>
    navigate({ to: '/f/$firm/settings/expense-categories/$categoryId', params: { firm, categoryId } })
  const canMake = may('activities:write')
  return (
    <SettingsList
      id="expense-categories"
      icon="expense"
      words={{
        title: t('categories.title'),
        new: t('categories.new'),
        search: t('categories.search'),
        archived: t('categories.archived'),
        archivedYes: t('categories.archived.yes'),
        archivedNo: t('categories.archived.no'),
        none: { title: t('categories.none.title'), text: t('categories.none.text') },
        empty: { title: t('categories.empty.title'), text: t('categories.empty.text') },
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
