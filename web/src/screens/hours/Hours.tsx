import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { answer, api } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { Fill, Page, PageHead, Tools } from '../../frame/Page.tsx'
import { Button, ButtonLink } from '../../parts/Button.tsx'
import { EmptyState } from '../../parts/Empty.tsx'
import { Amount, Hours as HoursFigure, Money } from '../../parts/Figures.tsx'
import { SelectField } from '../../parts/fields.tsx'
import { useKeys } from '../../parts/keys.tsx'
import { useFirm, useMay } from '../../session.ts'
import { type Column, ColumnMenu, DataTable, useColumnChoice } from '../../table/DataTable.tsx'
import { FilterChips } from '../../table/FilterChips.tsx'
import { usePages } from '../../table/rows.ts'
import { SelectionBar } from '../../table/SelectionBar.tsx'
import { countOf, selectionBody, useSelection } from '../../table/selection.ts'
import { useT } from '../../words/words.tsx'
import { clockText } from '../time/typed-time.ts'
import type { HourEntry } from '../time/week-rows.ts'
import { EntryDialog } from './EntryDialog.tsx'
import { useHourFilters } from './filters.ts'
import { approvalWords, HourState } from './HourState.tsx'
import { filterOf, type HourGroup, type HoursSearch, queryOf, sortOf } from './hour-filter.ts'
import { InvoiceDialog, type SelectionBody } from './InvoiceDialog.tsx'
import { selectedTotals, type Totals } from './selected-totals.ts'

const route = getRouteApi('/f/$firm/overviews/hours')
const noTotals: Totals = { minutes: 0, amounts: [] }

const groupKeyOf = (row: HourEntry, by: HourGroup): string =>
  ({ customer: row.customerId ?? '', project: row.projectId, person: row.memberId })[by]

type Amounts = ReadonlyArray<{ readonly currency: string; readonly amount: string }>

/** One currency stands in the head of its column; several stand with each amount. */
const AmountsOf = ({ amounts, single, total }: { amounts: Amounts; single: boolean; total?: boolean }) =>
  single ? (
    <Amount value={amounts[0]?.amount ?? null} total={total} />
  ) : (
    <span>
      {amounts.map(({ currency, amount }) => (
        <span key={currency} style={{ marginInlineStart: 10 }}>
          <Money amount={amount} currency={currency} />
        </span>
      ))}
    </span>
  )

export function Hours() {
  const t = useT()
  const format = useFormat()
  const may = useMay()
  const { slug: firm, currency: home } = useFirm()
  const search: HoursSearch = route.useSearch()
  const navigate = route.useNavigate()
  const seesMoney = may('rates:read')
  const seesAll = may('hours:read')
  const mayInvoice = may('invoices:write')
  const { group } = search
  const filterKey = JSON.stringify(filterOf(search))
  const sort = sortOf(search)

  const rows = usePages({
    queryKey: ['hours', 'list', filterKey, sort],
    fetchPage: (cursor, signal) =>
      answer(api.GET('/hours', { params: { query: { ...queryOf(search), sort, limit: 100, cursor } }, signal })),
  })
  const totals = useQuery({
    queryKey: ['hours-totals', filterKey, group ?? null],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/hours/totals', {
          params: { query: { ...queryOf(search), ...(group ? { groupBy: group } : {}) } },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  })
  const selecting = useSelection(filterKey)
  const [invoicing, setInvoicing] = useState<{ selection: SelectionBody; count: number; totals: Totals } | null>(null)
  const filters = useHourFilters(search)
  const set = (patch: Partial<HoursSearch> | Readonly<Record<string, unknown>>, replace = true) =>
    navigate({ search: (before) => ({ ...before, ...patch }), replace })

  const amounts = totals.data?.amounts ?? []
  const single = amounts.length <= 1
  const unit = single ? (amounts[0]?.currency ?? home) : undefined
  const all = totals.data
  const columns = useMemo((): ReadonlyArray<Column<HourEntry>> => {
    const list: Array<Column<HourEntry> | false> = [
      {
        id: 'date',
        head: t('hours.date'),
        cell: (row) => (
          <>
            <span className="faint">{format.date(row.date, 'weekday')}</span> {format.date(row.date, 'short')}
          </>
        ),
        width: group ? 'minmax(280px, 2fr)' : 152,
        always: true,
        ...(group ? {} : { sortKey: 'date' }),
      },
      seesAll && {
        id: 'person',
        head: t('hours.person'),
        cell: (row) => row.memberName,
        width: 'minmax(110px, 1fr)',
        from: 620,
      },
      {
        id: 'customer',
        head: t('hours.customer'),
        cell: (row) => row.customerName ?? <span className="faint">{t('hours.internal')}</span>,
        width: 'minmax(120px, 1.3fr)',
        from: 820,
      },
      {
        id: 'project',
        head: t('hours.project'),
        cell: (row) => row.projectName,
        width: 'minmax(110px, 1.3fr)',
        always: true,
      },
      {
        id: 'activity',
        head: t('hours.activity'),
        cell: (row) => row.activityName,
        width: 'minmax(100px, 1fr)',
        from: 700,
      },
      {
        id: 'times',
        head: t('hours.times'),
        cell: (row) =>
          row.startMinute === null || row.endMinute === null
            ? null
            : `${clockText(row.startMinute)}–${clockText(row.endMinute)}`,
        width: 110,
        hidden: true,
      },
      {
        id: 'note',
        head: t('hours.note'),
        cell: (row) => <span className="muted">{row.note}</span>,
        width: 'minmax(120px, 1.3fr)',
        from: 980,
      },
      {
        id: 'billable',
        head: t('hours.billable'),
        cell: (row) => (row.billable ? t('hours.yes') : t('hours.no')),
        width: 110,
        hidden: true,
      },
      {
        id: 'approval',
        head: t('hours.approval'),
        cell: (row) => t(approvalWords[row.approval]),
        width: 120,
        hidden: true,
      },
      { id: 'state', head: t('hours.state'), cell: (row) => <HourState entry={row} />, width: 156, from: 760 },
      {
        id: 'hours',
        head: t('hours.hours'),
        cell: (row) => <HoursFigure minutes={row.minutes} />,
        align: 'end',
        width: 90,
        always: true,
        total: <HoursFigure minutes={all?.minutes} total />,
        ...(group ? {} : { sortKey: 'minutes' }),
      },
      seesMoney && {
        id: 'rate',
        head: t('hours.rate'),
        ...(unit ? { unit } : {}),
        cell: (row: HourEntry) => <Amount value={row.rate} />,
        align: 'end' as const,
        width: 100,
        hidden: true,
      },
      seesMoney && {
        id: 'amount',
        head: t('hours.amount'),
        ...(unit ? { unit } : {}),
        cell: (row: HourEntry) =>
          single || row.amount === null || row.currency === null ? (
            <Amount value={row.amount} />
          ) : (
            <Money amount={row.amount} currency={row.currency} />
          ),
        align: 'end' as const,
        width: single ? 120 : 220,
        total: <AmountsOf amounts={all?.amounts ?? []} single={single} total />,
        from: 560,
      },
    ]
    // What the groups say already is not said again in every row.
    const said = group === 'project' ? ['project', 'customer'] : group ? [group] : []
    return list.filter((column) => column !== false && !said.includes(column.id)) as ReadonlyArray<Column<HourEntry>>
  }, [t, format, group, seesAll, seesMoney, single, unit, all])
  const { hidden, show } = useColumnChoice('hours', columns)

  const grouping = useMemo(() => {
    if (!group) return undefined
    const known = new Map((all?.groups ?? []).map((one) => [one.key ?? '', one]))
    return {
      of: (row: HourEntry) => groupKeyOf(row, group),
      cells: (key: string, members: readonly HourEntry[]) => {
        const one = known.get(key)
        const [first] = members
        const name = { customer: first?.customerName, project: first?.projectName, person: first?.memberName }[group]
        return {
          date: (
            <>
              {name ?? t('hours.internal')}{' '}
              <span className="muted" style={{ fontWeight: 400 }}>
                {[one?.under, one ? t('hours.entries', { count: one.count, shown: format.count(one.count) }) : null]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
            </>
          ),
          hours: one ? <HoursFigure minutes={one.minutes} /> : null,
          amount: one ? <AmountsOf amounts={one.amounts} single={single} /> : null,
        }
      },
    }
  }, [group, all, single, t, format])

  const selected = selectedTotals(selecting.selection, rows.rows, all ?? noTotals)
  const matching = all && !totals.isPlaceholderData ? all.count : null
  const count = countOf(selecting.selection, matching)
  const invoice = () => {
    if (selecting.isEmpty || count === null) return
    const body = selectionBody(selecting.selection, {
      filter: filterOf(search),
      count,
      asOf: all?.asOf ?? null,
    })
    setInvoicing({ selection: body, count, totals: selected })
  }
  useKeys([
    {
      keys: 'I',
      does: t('hours.invoice'),
      run: invoice,
      disabled: !mayInvoice || selecting.isEmpty || invoicing !== null,
    },
  ])

  const filtered = Object.keys(filterOf(search)).length > 0
  return (
    <Page>
      <PageHead title={seesAll ? t('hours.title') : t('hours.titleOwn')} />
      <Tools>
        <FilterChips filters={filters} search={{ ...search }} onChange={(patch) => set({ ...patch, entry: undefined })}>
          <SelectField
            aria-label={t('hours.group')}
            w={190}
            value={group ?? 'none'}
            data={[
              { value: 'none', label: t('hours.group.none') },
              { value: 'customer', label: t('hours.group.customer') },
              { value: 'project', label: t('hours.group.project') },
              ...(seesAll ? [{ value: 'person', label: t('hours.group.person') }] : []),
            ]}
            onChange={(value) => set({ group: value === 'none' ? undefined : (value as HourGroup) })}
          />
          <ColumnMenu columns={columns} hidden={hidden} show={show} />
        </FilterChips>
      </Tools>
      <Fill>
        <DataTable
          id="hours"
          name={t('hours.title')}
          rows={rows}
          columns={columns}
          hidden={hidden}
          idOf={(row) => row.id}
          nameOf={(row) => `${row.memberName}, ${row.projectName}, ${format.date(row.date, 'short')}`}
          {...(mayInvoice ? { selecting } : {})}
          onOpen={(row) => set({ entry: row.id }, false)}
          openId={search.entry ?? null}
          {...(grouping ? { group: grouping } : {})}
          sort={group ? null : { key: sort.replace('-', ''), descending: sort.startsWith('-') }}
          onSort={({ key, descending }) => set({ sort: descending ? `-${key}` : key })}
          empty={
            filtered ? (
              <EmptyState
                icon="filter"
                title={t('hours.none.title')}
                action={
                  <Button onClick={() => navigate({ search: group ? { group } : {} })}>{t('hours.none.action')}</Button>
                }
              >
                {t('hours.none.text')}
              </EmptyState>
            ) : (
              <EmptyState
                icon="clock"
                title={t('hours.empty.title')}
                action={
                  <ButtonLink kind="primary" to="/f/$firm/time" params={{ firm }}>
                    {t('hours.empty.action')}
                  </ButtonLink>
                }
              >
                {t('hours.empty.text')}
              </EmptyState>
            )
          }
          totals={all ? t('hours.entries', { count: all.count, shown: format.count(all.count) }) : ''}
        />
        {mayInvoice ? (
          <SelectionBar
            selecting={selecting}
            matching={matching}
            figures={[
              { value: <HoursFigure minutes={selected.minutes} />, under: t('hours.bar.hours') },
              ...(seesMoney
                ? selected.amounts.map(({ amount, currency }) => ({
                    value: <Money amount={amount} currency={currency} />,
                    under: t('hours.bar.amount', { currency }),
                  }))
                : []),
            ]}
          >
            <Button kind="primary" keys="I" disabled={count === null} onClick={invoice}>
              {t('hours.invoice')}
            </Button>
          </SelectionBar>
        ) : null}
      </Fill>
      {invoicing ? <InvoiceDialog {...invoicing} close={() => setInvoicing(null)} done={selecting.clear} /> : null}
      {search.entry ? (
        <EntryDialog key={search.entry} id={search.entry} close={() => set({ entry: undefined })} />
      ) : null}
    </Page>
  )
}
