import { Menu } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { type ReactNode, useCallback, useMemo, useState } from 'react'
import { currencySign, useFormat } from '../../format.ts'
import { Fill, Page, PageHead, Tools } from '../../frame/Page.tsx'
import { Button, ButtonLink } from '../../parts/Button.tsx'
import { EmptyState } from '../../parts/Empty.tsx'
import { Money } from '../../parts/Figures.tsx'
import { SelectField } from '../../parts/fields.tsx'
import { useKeys } from '../../parts/keys.tsx'
import { useFirm, useMay } from '../../session.ts'
import { ColumnMenu, useColumnChoice } from '../../table/ColumnMenu.tsx'
import type { Column } from '../../table/column.ts'
import { DataTable } from '../../table/DataTable.tsx'
import { FilterChips } from '../../table/FilterChips.tsx'
import { usePages } from '../../table/rows.ts'
import { SelectionBar } from '../../table/SelectionBar.tsx'
import { countOf, selectionBody, useSelection } from '../../table/selection.ts'
import { sortOf, sortText } from '../../table/sort.ts'
import { useT } from '../../words/words.tsx'
import { ActDialog } from './ActDialog.tsx'
import { actWords, type EntryAct } from './acts.ts'
import { filterOf, type OverviewSearch, queryOf } from './address.ts'
import { ExportMenu } from './ExportMenu.tsx'
import { useEntryFilters } from './filters.ts'
import { Groups } from './Groups.tsx'
import { byWords } from './group-name.ts'
import { InvoiceDialog } from './InvoiceDialog.tsx'
import type { Drawing, EntryRow, OverviewKind, Totals } from './overview-kind.ts'
import styles from './overviews.module.css'
import { selectedTotals } from './selected-totals.ts'
import { type View, ViewsMenu } from './ViewsMenu.tsx'

const noTotals = { whole: 0, amounts: [] }
/** More than these do not fit into the address of an export; then everything that matches is to be selected. */
const mostIds = 200

type Doing = { readonly act: EntryAct | 'invoice'; readonly selection: unknown; readonly count: number }

/**
 * The frame of Overviews → Hours, Expenses, Trips: filters in the address, groups or a list, totals over everything
 * that matches, and what can be done with a selection.
 */
export function Overview<Row extends EntryRow, Sums extends Totals>({
  kind,
  search,
  go,
  opened,
}: {
  kind: OverviewKind<Row, Sums>
  search: OverviewSearch
  go: (search: (before: OverviewSearch) => OverviewSearch, replace: boolean) => void
  /** The entry that the address names, as a dialog. */
  opened: (id: string, close: () => void) => ReactNode
}) {
  const t = useT()
  const format = useFormat()
  const may = useMay()
  const { slug: firm, currency: home, approval } = useFirm()
  const seesMoney = may('rates:read')
  const seesAll = may('hours:read') || may('hours:managed')
  const mayInvoice = may('invoices:write')
  const acts: readonly EntryAct[] = [
    ...(may('hours:approve') && approval !== 'off' ? (['approve', 'reject'] as const) : []),
    ...(may('hours:write') ? (['write-off', 'undo-write-off'] as const) : []),
    ...(may('hours:approve') && approval !== 'off' ? (['reopen'] as const) : []),
  ]
  const by = useMemo(
    () => (search.group ?? []).filter((one) => kind.groups.includes(one)).slice(0, 2),
    [search.group, kind.groups],
  )
  const grouped = by.length > 0
  const filterKey = JSON.stringify(filterOf(search))
  const sort = kind.sorts.find((known) => known === search.sort) ?? '-date'

  const rows = usePages({
    queryKey: [kind.id, 'list', filterKey, sort],
    fetchPage: (cursor, signal) => kind.list(queryOf(search), { sort, limit: 100, cursor }, signal),
    enabled: !grouped,
  })
  const totals = useQuery({
    queryKey: [`${kind.id}-totals`, filterKey, by],
    queryFn: ({ signal }) => kind.totals(queryOf(search), by, signal),
    placeholderData: keepPreviousData,
  })
  const selecting = useSelection(filterKey)
  const { clear } = selecting
  const [doing, setDoing] = useState<Doing | null>(null)
  const filters = useEntryFilters(kind.id, search)
  const set = (patch: OverviewSearch, replace = true) => go((before) => ({ ...before, ...patch }), replace)

  const all = totals.data
  const currencies = kind.currencies(all)
  const single = currencies.length <= 1
  const unit = single ? currencySign(currencies[0] ?? home) : undefined
  const drawing: Drawing = useMemo(
    () => ({ t, format, seesAll, seesMoney, single, unit }),
    [t, format, seesAll, seesMoney, single, unit],
  )
  const columns = useMemo(
    () => kind.columns(drawing, all).filter((column): column is Column<Row> => column !== false),
    [kind, drawing, all],
  )
  const { hidden, show, choose } = useColumnChoice(kind.id, columns)
  const visible = columns.filter(({ id, always }) => always || !hidden.has(id)).map(({ id }) => id)

  const openView = useCallback(
    (view: View, replace: boolean) => {
      if (view.settings.columns) choose(view.settings.columns)
      const { filter, groupBy, sort: sorted } = view.settings
      go(
        () => ({
          ...(filter as OverviewSearch),
          ...(groupBy.length > 0 ? { group: groupBy } : {}),
          ...(sorted ? { sort: sorted } : {}),
          view: view.id,
        }),
        replace,
      )
    },
    [go, choose],
  )

  const counted = rows.rows.map(kind.counted)
  const selected = selectedTotals(selecting.selection, counted, all ? kind.selected(all) : noTotals)
  const matching = all && !totals.isPlaceholderData ? all.count : null
  const count = countOf(selecting.selection, matching)
  const begin = (act: Doing['act']) => {
    if (selecting.isEmpty || count === null) return
    const seen = { filter: filterOf(search), count, asOf: all?.asOf ?? null }
    setDoing({ act, selection: selectionBody(selecting.selection, seen), count })
  }
  const idle = !selecting.isEmpty && doing === null
  useKeys([
    { keys: 'I', does: t('hours.invoice'), run: () => begin('invoice'), disabled: !mayInvoice || !idle },
    {
      keys: 'A',
      does: t('overviews.approve'),
      run: () => begin('approve'),
      disabled: !acts.includes('approve') || !idle,
    },
  ])

  const exportQuery = (ofSelection: boolean) => () => {
    const query = new URLSearchParams()
    for (const [name, value] of Object.entries(queryOf(search)))
      for (const one of Array.isArray(value) ? value : [value]) query.append(name, one)
    query.set('sort', sort === '-date' ? '-date' : 'date')
    if (ofSelection) {
      const { selection } = selecting
      for (const id of selection.kind === 'ids' ? selection.ids : selection.except)
        query.append(selection.kind === 'ids' ? 'ids' : 'except', id)
    }
    return query
  }
  const tooMany =
    (selecting.selection.kind === 'ids' ? selecting.selection.ids : selecting.selection.except).size > mostIds

  const filtered = Object.keys(filterOf(search)).length > 0
  const empty = filtered ? (
    <EmptyState
      icon="filter"
      title={t('overviews.none.title')}
      action={
        <Button onClick={() => go(() => (grouped ? { group: [...by] } : {}), true)}>
          {t('overviews.none.action')}
        </Button>
      }
    >
      {t('hours.none.text')}
    </EmptyState>
  ) : (
    <EmptyState
      icon={kind.id === 'hours' ? 'clock' : kind.id === 'trips' ? 'trip' : 'expense'}
      title={t(kind.empty.title)}
      action={
        <ButtonLink kind="primary" to={kind.writes.to} params={{ firm }}>
          {t(kind.writes.word)}
        </ButtonLink>
      }
    >
      {t(kind.empty.text)}
    </EmptyState>
  )
  const whole = kind.whole?.(drawing, selected.whole)
  const inMoney = kind.id === 'expenses' || seesMoney ? selected.amounts : []
  const groupOptions = kind.groups
    .filter((one) => seesAll || one !== 'person')
    .map((value) => ({ value, label: t(byWords[value] ?? 'overviews.none') }))
  const chooseGroup = (at: 0 | 1, value: string) => {
    const next = value === 'none' ? by.slice(0, at) : [...by.slice(0, at), value, ...(at === 0 ? by.slice(1) : [])]
    set({ group: next.length > 0 ? [...new Set(next)] : undefined } as OverviewSearch)
  }
  const direct: readonly EntryAct[] = acts.filter((act) => act === 'approve' || act === 'reject')
  const more = acts.filter((act) => !direct.includes(act))
  return (
    <Page>
      <PageHead
        title={t(kind.title)}
        actions={<ExportMenu path={`/${kind.id}/export`} query={exportQuery(false)} disabled={all?.count === 0} />}
      />
      <Tools>
        <FilterChips
          filters={filters}
          search={{ ...search }}
          onChange={(patch) => set({ ...(patch as OverviewSearch), entry: undefined } as OverviewSearch)}
        >
          <SelectField
            aria-label={t('hours.group')}
            w={170}
            value={by[0] ?? 'none'}
            data={[{ value: 'none', label: t('hours.group.none') }, ...groupOptions]}
            onChange={(value) => chooseGroup(0, value ?? 'none')}
          />
          {grouped ? (
            <SelectField
              aria-label={t('overviews.thenBy')}
              w={170}
              value={by[1] ?? 'none'}
              data={[
                { value: 'none', label: t('overviews.thenBy.none') },
                ...groupOptions.filter(({ value }) => value !== by[0]),
              ]}
              onChange={(value) => chooseGroup(1, value ?? 'none')}
            />
          ) : (
            <ColumnMenu columns={columns} hidden={hidden} show={show} />
          )}
          <ViewsMenu
            screen={kind.id}
            openId={search.view}
            settings={{
              filter: filterOf(search) as View['settings']['filter'],
              groupBy: [...by],
              columns: visible,
              sort: search.sort ?? null,
            }}
            plain={Object.values(search).every((value) => value === undefined)}
            open={openView}
            forget={() => go(() => ({}), true)}
          />
        </FilterChips>
      </Tools>
      <Fill>
        {grouped ? (
          <Groups
            kind={kind}
            by={by}
            search={filterOf(search)}
            drawing={drawing}
            totals={all}
            rows={{
              state: all ? 'ready' : totals.isError ? 'failed' : 'loading',
              error: totals.error,
              again: totals.refetch,
              more: null,
              loadingMore: false,
              stale: totals.isPlaceholderData,
            }}
            empty={empty}
            openId={search.entry ?? null}
            onOpen={(row) => set({ entry: row.id }, false)}
            onNarrow={(patch) => go(() => ({ ...(patch as OverviewSearch) }), false)}
          />
        ) : (
          <DataTable
            id={kind.id}
            name={t(kind.title)}
            rows={rows}
            columns={columns}
            hidden={hidden}
            idOf={(row) => row.id}
            nameOf={(row) =>
              [row.memberName, row.projectName, format.date(row.date, 'short')].filter(Boolean).join(', ')
            }
            selecting={selecting}
            onOpen={(row) => set({ entry: row.id }, false)}
            openId={search.entry ?? null}
            sort={sortOf(sort)}
            onSort={(next) => set({ sort: sortText(next) })}
            empty={empty}
            totals={all ? kind.count(t, all.count, format.count(all.count)) : ''}
          />
        )}
        {kind.perEntry && seesMoney && all && currencies.length > 0 ? (
          <p className={styles.perEntry}>{t(kind.perEntry)}</p>
        ) : null}
        <SelectionBar
          selecting={selecting}
          matching={matching}
          figures={[
            ...(whole ? [whole] : []),
            ...inMoney.map(({ amount, currency }) => ({
              value: <Money amount={amount} currency={currency} />,
              under:
                kind.id === 'expenses' ? t('overviews.bar.gross', { currency }) : t('hours.bar.amount', { currency }),
            })),
          ]}
        >
          <ExportMenu path={`/${kind.id}/export`} query={exportQuery(true)} disabled={count === null || tooMany} />
          {direct.map((act) => (
            <Button
              key={act}
              disabled={count === null}
              {...(act === 'approve' ? { keys: 'A' } : {})}
              onClick={() => begin(act)}
            >
              {t(actWords[act].menu)}
            </Button>
          ))}
          {more.length > 0 ? (
            <Menu position="top-end">
              <Menu.Target>
                <Button iconAfter="down" disabled={count === null}>
                  {t('table.more')}
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                {more.map((act) => (
                  <Menu.Item key={act} onClick={() => begin(act)}>
                    {t(actWords[act].menu)}
                  </Menu.Item>
                ))}
              </Menu.Dropdown>
            </Menu>
          ) : null}
          {mayInvoice ? (
            <Button kind="primary" keys="I" disabled={count === null} onClick={() => begin('invoice')}>
              {t('hours.invoice')}
            </Button>
          ) : null}
        </SelectionBar>
      </Fill>
      {doing?.act === 'invoice' ? (
        <InvoiceDialog
          kind={kind.id}
          selection={doing.selection}
          count={doing.count}
          sums={[
            ...(kind.id === 'hours' ? [t('hours.invoice.hours', { hours: format.hours(selected.whole) })] : []),
            ...inMoney.map(({ amount, currency }) => format.money(amount, currency)),
          ].join(' · ')}
          close={() => setDoing(null)}
          done={clear}
        />
      ) : doing ? (
        <ActDialog
          kind={kind.acts}
          act={doing.act as EntryAct}
          selection={doing.selection}
          count={doing.count}
          close={() => setDoing(null)}
          done={clear}
        />
      ) : null}
      {search.entry ? opened(search.entry, () => set({ entry: undefined } as OverviewSearch)) : null}
    </Page>
  )
}
