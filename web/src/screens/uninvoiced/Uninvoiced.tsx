import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { decimal, sum, toCents } from '@uurwerk/core/shared/money.ts'
import { type ReactNode, useMemo, useState } from 'react'
import { answer, api } from '../../api.ts'
import { useEvents } from '../../events.ts'
import { currencySign, useFormat } from '../../format.ts'
import { Fill, Page, PageHead, Tools } from '../../frame/Page.tsx'
import { Button, ButtonLink } from '../../parts/Button.tsx'
import { DateField } from '../../parts/DateField.tsx'
import { EmptyState, ErrorNotice } from '../../parts/Empty.tsx'
import { Amount, Dash, Hours, Money } from '../../parts/Figures.tsx'
import { SelectField } from '../../parts/fields.tsx'
import { useKeys } from '../../parts/keys.tsx'
import { today } from '../../parts/today.ts'
import { useAct } from '../../query.ts'
import { useFirm, useMay } from '../../session.ts'
import { type Column, ColumnMenu, DataTable, useColumnChoice } from '../../table/DataTable.tsx'
import { ExportLinks } from '../../table/ExportLinks.tsx'
import { FilterChips } from '../../table/FilterChips.tsx'
import { allRows } from '../../table/rows.ts'
import { SelectionBar } from '../../table/SelectionBar.tsx'
import { useSelection } from '../../table/selection.ts'
import { useT } from '../../words/words.tsx'
import { keepChosen } from '../package-invoices/chosen-entries.ts'
import { useMaker } from '../package-invoices/MadeWhere.tsx'
import { ClosingDialog } from '../projects/invoicing/ClosingInvoice.tsx'
import { seriesQuery } from '../settings/series-query.ts'
import { Age, FixedCell, HoursCell, methodWord, PricedCell, SubscriptionCell, WaitingCell } from './Cells.tsx'
import { useFilters } from './filters.ts'
import { Made } from './Made.tsx'
import { Summary } from './Summary.tsx'
import styles from './uninvoiced.module.css'
import {
  draftCount,
  filterOf,
  isFixedPrice,
  isHourly,
  mostProjects,
  type ShownRow,
  type SplitBy,
  type Sums,
  selectionOf,
  shownRows,
  type UninvoicedSearch,
  uninvoicedQuery,
} from './uninvoiced.ts'

/** Room for which instalment or period it is. */
const besideText = 60

const route = getRouteApi('/f/$firm/overviews/uninvoiced')

/** Every kind of money waits, and some is not approved: then the columns stand closer, so that all of them fit on a desk. */
const isTight = (data: { readonly totals: readonly Sums[]; readonly approval: boolean } | undefined): boolean =>
  data?.approval === true &&
  [
    ({ expenses }: Sums) => expenses.amount,
    ({ trips }: Sums) => trips.amount,
    ({ fixedPrice }: Sums) => fixedPrice,
    ({ subscription }: Sums) => subscription,
  ].every((of) => data.totals.some((sum) => /[1-9]/.test(of(sum))))

/** The entries behind a row, as the overviews filter them. */
const entriesOf = ({ projectId }: ShownRow, asAt: string) => ({
  projectId: [projectId],
  state: ['free' as const],
  billable: true,
  until: asAt,
})

export function Uninvoiced() {
  const t = useT()
  const format = useFormat()
  const may = useMay()
  const client = useQueryClient()
  const { slug: firm, currency: home } = useFirm()
  const search: UninvoicedSearch = route.useSearch()
  const navigate = route.useNavigate()
  const go = useNavigate()
  const mayInvoice = may('invoices:write')
  const query = useQuery(uninvoicedQuery(search))
  const { data } = query
  const asAt = search.asAt ?? data?.asAt ?? today()
  const filterKey = JSON.stringify(filterOf(search))
  const selecting = useSelection(filterKey)
  const filters = useFilters(search)
  useEvents('/events', { look: () => client.invalidateQueries({ queryKey: ['uninvoiced'] }) })
  const [splitBy, setSplitBy] = useState<SplitBy>('customer')
  const [date, setDate] = useState<string | null>(asAt)
  const [seriesId, setSeriesId] = useState('')
  const [closing, setClosing] = useState<string | null>(null)
  const [asked, setAsked] = useState<readonly ShownRow[]>([])
  const maker = useMaker()
  const series = useQuery({ ...seriesQuery(), enabled: mayInvoice })
  const seriesRows = series.data?.rows ?? []
  const drafted = useQuery({
    queryKey: ['invoices', 'totals'],
    queryFn: ({ signal }) => answer(api.GET('/invoices/totals', { signal })),
    enabled: may('invoices:read'),
  })
  const waiting = drafted.data?.draft ?? 0
  const set = (patch: Readonly<Record<string, unknown>>) =>
    navigate({ search: (before) => ({ ...before, ...patch }), replace: true })

  const shown = useMemo(() => (data ? shownRows(data) : undefined), [data])
  const single = (data?.totals.length ?? 0) <= 1
  const unit = single ? currencySign(data?.totals[0]?.currency ?? home) : undefined
  const total = single ? data?.totals[0] : undefined
  const grouped = search.group !== 'none'
  const columns = useMemo((): ReadonlyArray<Column<ShownRow>> => {
    const sums = data?.totals ?? []
    const tight = isTight(data)
    const isUsed = (of: (sum: Sums) => string) => sums.some((sum) => /[1-9]/.test(of(sum)))
    const without = sums.some(({ hours: { withoutRateMinutes } }) => withoutRateMinutes > 0)
    const withoutKm = isUsed(({ trips: { withoutRateKm } }) => withoutRateKm)
    // Wide enough for its total, however much that is.
    const widthOf = (least: number, of: (sum: Sums) => string) =>
      Math.max(least, ...sums.map((sum) => Math.ceil(of(sum).length * 8.5) + (tight ? 18 : 24)))
    const money = (id: string, rest: Omit<Column<ShownRow>, 'id' | 'align'>): Column<ShownRow> => ({
      id,
      align: 'end',
      ...(unit ? { unit } : {}),
      ...rest,
    })
    const list: Array<Column<ShownRow> | false> = [
      {
        id: 'project',
        head: grouped ? t('uninvoiced.column.customerProject') : t('uninvoiced.column.project'),
        cell: (row) => (
          <>
            {row.projectName} <span className="small muted">{t(methodWord(row.method))}</span>
          </>
        ),
        width: tight ? 'minmax(178px, 2fr)' : 'minmax(200px, 2fr)',
        always: true,
      },
      !grouped && {
        id: 'customer',
        head: t('uninvoiced.column.customer'),
        cell: (row) => row.customer.customerName ?? <Dash />,
        width: 'minmax(120px, 1fr)',
        from: 700,
      },
      {
        id: 'hours',
        head: t('uninvoiced.column.hours'),
        cell: (row) => <HoursCell row={row} />,
        align: 'end',
        width: sums.some(({ coveredMinutes }) => coveredMinutes > 0) ? (tight ? 98 : 112) : 82,
        from: 760,
        ...(total ? { total: <Hours minutes={total.hours.minutes} /> } : {}),
      },
      money('hoursAmount', {
        head: t('uninvoiced.column.hours'),
        cell: (row) => (
          <PricedCell
            amount={row.hours.amount}
            missing={
              row.hours.withoutRateMinutes > 0
                ? t('uninvoiced.withoutRate', { hours: format.hours(row.hours.withoutRateMinutes) })
                : null
            }
          />
        ),
        width: without ? 200 : widthOf(96, ({ hours: { amount } }) => amount),
        from: 640,
        total: <Amount value={total?.hours.amount} dashAtZero />,
      }),
      isUsed(({ expenses }) => expenses.amount) &&
        money('expenses', {
          head: t('uninvoiced.column.expenses'),
          cell: (row) => (
            <PricedCell
              amount={row.expenses.amount}
              missing={null}
              link={(amount) => (
                <Link
                  className={styles.drill}
                  to="/f/$firm/overviews/expenses"
                  params={{ firm }}
                  search={entriesOf(row, asAt)}
                >
                  {amount}
                </Link>
              )}
            />
          ),
          width: widthOf(tight ? 84 : 106, ({ expenses: { amount } }) => amount),
          from: 900,
          total: <Amount value={total?.expenses.amount} dashAtZero />,
        }),
      (withoutKm || isUsed(({ trips }) => trips.amount)) &&
        money('trips', {
          head: t('uninvoiced.column.trips'),
          cell: (row) => (
            <PricedCell
              amount={row.trips.amount}
              missing={
                /[1-9]/.test(row.trips.withoutRateKm)
                  ? t('uninvoiced.withoutKmRate', { km: format.quantity(row.trips.withoutRateKm) })
                  : null
              }
              link={(amount) => (
                <Link
                  className={styles.drill}
                  to="/f/$firm/overviews/trips"
                  params={{ firm }}
                  search={entriesOf(row, asAt)}
                >
                  {amount}
                </Link>
              )}
            />
          ),
          width: withoutKm ? 190 : widthOf(78, ({ trips: { amount } }) => amount),
          from: 900,
          total: <Amount value={total?.trips.amount} dashAtZero />,
        }),
      isUsed(({ fixedPrice }) => fixedPrice) &&
        money('fixedPrice', {
          head: t('uninvoiced.column.fixedPrice'),
          cell: (row) => <FixedCell row={row} />,
          width: besideText + widthOf(76, ({ fixedPrice }) => fixedPrice),
          from: 1040,
          total: <Amount value={total?.fixedPrice} dashAtZero />,
        }),
      isUsed(({ subscription }) => subscription) &&
        money('subscription', {
          head: t('uninvoiced.column.subscription'),
          cell: (row) => <SubscriptionCell row={row} />,
          width: besideText + widthOf(76, ({ subscription }) => subscription),
          from: 1040,
          total: <Amount value={total?.subscription} dashAtZero />,
        }),
      money('total', {
        head: t('uninvoiced.column.total'),
        cell: (row) =>
          single ? (
            <Amount value={row.total} strong dashAtZero />
          ) : (
            <Money amount={row.total} currency={row.currency} strong />
          ),
        width: single ? widthOf(100, (sum) => sum.total) : 150,
        always: true,
        total: single ? <Amount value={total?.total} total /> : undefined,
      }),
      {
        id: 'age',
        head: t('uninvoiced.age'),
        cell: (row) => <Age days={row.ageDays} />,
        width: tight ? 76 : 88,
        from: 480,
      },
      ...(data?.approval
        ? [
            money('waiting', {
              head: t('uninvoiced.column.waiting'),
              cell: (row) => <WaitingCell waiting={row.notYetApproved} />,
              width: tight ? 142 : 146,
              from: 820,
              aside: true,
              total: total ? <WaitingCell waiting={total.notYetApproved} /> : undefined,
            }),
          ]
        : []),
    ]
    return list.filter((column) => column !== false)
  }, [t, format, grouped, single, unit, total, data, firm, asAt])
  const { hidden, show } = useColumnChoice('uninvoiced', columns)

  const grouping = useMemo(() => {
    if (!grouped) return undefined
    return {
      of: ({ customer }: ShownRow) => `${customer.customerId} ${customer.currency}`,
      cells: (_: string, members: readonly ShownRow[]): Readonly<Record<string, ReactNode>> => {
        const [first] = members
        if (!first) return {}
        const { customer } = first
        return {
          project: (
            <>
              {customer.customerName ?? t('uninvoiced.noCustomer')}{' '}
              <span className="small muted" style={{ fontWeight: 400 }}>
                {[
                  customer.customerNumber,
                  customer.billTo ? t('uninvoiced.billTo', { name: customer.billTo.name }) : null,
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
            </>
          ),
          hours: <Hours minutes={customer.hours.minutes} dashAtZero />,
          hoursAmount: <Amount value={customer.hours.amount} dashAtZero />,
          expenses: <Amount value={customer.expenses.amount} dashAtZero />,
          trips: <Amount value={customer.trips.amount} dashAtZero />,
          fixedPrice: <Amount value={customer.fixedPrice} dashAtZero />,
          subscription: <Amount value={customer.subscription} dashAtZero />,
          total: single ? (
            <Amount value={customer.total} strong dashAtZero />
          ) : (
            <Money amount={customer.total} currency={customer.currency} strong />
          ),
          waiting: <WaitingCell waiting={customer.notYetApproved} />,
        }
      },
    }
  }, [grouped, single, t])

  const { selection } = selecting
  const chosen = (shown ?? []).filter(({ id }) => selecting.has(id))
  const drafts = draftCount(chosen, splitBy)
  const act = useAct({
    run: (body: Parameters<typeof post>[0], key) => post(body, key),
    done: (made) => {
      if (made.invoices.length > 0) selecting.clear()
      return Promise.all(
        ['uninvoiced', 'invoices', 'hours', 'hours-totals', 'expenses', 'trips', 'instalments', 'subscriptions'].map(
          (queryKey) => client.invalidateQueries({ queryKey: [queryKey] }),
        ),
      )
    },
  })
  const tooMany = chosen.length > mostProjects
  const [fixed] = chosen.length === 1 ? chosen.filter(({ method }) => isFixedPrice(method)) : []
  const ready = mayInvoice && drafts > 0 && !tooMany && date !== null && data !== undefined && !query.isPlaceholderData
  const what = () => ({
    asAt,
    approval: data?.approval ?? false,
    isToday: asAt === today(),
    ...(search.teamId ? { teamId: search.teamId } : {}),
  })
  const invoice = () => {
    if (!ready) return
    setAsked(chosen)
    act.mutate({
      ...selectionOf(chosen, what()),
      splitBy,
      groupBy: 'activity',
      date,
      ...(seriesId ? { seriesId } : {}),
    })
  }
  const inPackage = () => {
    if (!ready) return
    const body = { ...selectionOf(chosen, what()), splitBy, groupBy: 'activity' as const, date }
    const kept = keepChosen({ from: 'uninvoiced', body })
    void go({ to: '/f/$firm/package-invoices/preview', params: { firm }, search: { chosen: kept } })
  }
  useKeys([
    {
      keys: 'I',
      does: t('uninvoiced.invoice', { count: drafts, shown: format.count(drafts) }),
      run: invoice,
      disabled: !ready || act.isPending || act.data !== undefined,
    },
  ])
  const sums = [...Map.groupBy(chosen, ({ currency }) => currency)].map(([currency, rows]) => ({
    currency,
    amount: toCents(sum(rows.map((row) => decimal(row.total)))),
  }))
  const open = (row: ShownRow) =>
    isHourly(row.method)
      ? go({
          to: '/f/$firm/overviews/hours',
          params: { firm },
          search: entriesOf(row, asAt),
        })
      : go({ to: '/f/$firm/projects/$projectId', params: { firm, projectId: row.projectId } })
  const filtered = Object.keys(filterOf(search)).some((name) => name !== 'asAt')

  return (
    <Page>
      <PageHead
        title={t('uninvoiced.title')}
        period={
          <div className={styles.asAt}>
            {t('uninvoiced.asAt')}
            <DateField
              aria-label={t('uninvoiced.asAt')}
              value={asAt}
              maxDate={today()}
              onChange={(day) => {
                setDate(day)
                set({ asAt: day === null || day === today() ? undefined : day })
              }}
            />
          </div>
        }
        actions={
          data && data.customers.length > 0 ? <ExportLinks path="/uninvoiced/export" query={filterOf(search)} /> : null
        }
      />
      <Tools>
        <FilterChips filters={filters} search={{ ...search }} onChange={set}>
          <SelectField
            aria-label={t('uninvoiced.group')}
            w={210}
            value={grouped ? 'customer' : 'none'}
            data={[
              { value: 'customer', label: t('uninvoiced.group.customer') },
              { value: 'none', label: t('uninvoiced.group.none') },
            ]}
            onChange={(value) => set({ group: value === 'none' ? 'none' : undefined })}
          />
          <ColumnMenu columns={columns} hidden={hidden} show={show} />
        </FilterChips>
      </Tools>
      {data && data.totals.length > 0 ? <Summary uninvoiced={data} /> : null}
      <Fill>
        <div className={isTight(data) ? styles.tight : styles.roomy}>
          <DataTable
            id="uninvoiced"
            name={t('uninvoiced.title')}
            rows={allRows({ ...query, data: shown })}
            columns={columns}
            hidden={hidden}
            idOf={(row) => row.id}
            nameOf={(row) => `${row.customer.customerName ?? ''}, ${row.projectName}`}
            {...(mayInvoice ? { selecting } : {})}
            onOpen={open}
            {...(grouping ? { group: grouping } : {})}
            empty={
              filtered ? (
                <EmptyState
                  icon="filter"
                  title={t('uninvoiced.none.title')}
                  action={<Button onClick={() => navigate({ search: {} })}>{t('uninvoiced.none.action')}</Button>}
                >
                  {t('uninvoiced.none.text')}
                </EmptyState>
              ) : (
                <Nothing date={asAt} drafts={asAt === today() ? waiting : 0} />
              )
            }
            totals={
              data
                ? t('uninvoiced.count', {
                    customers: new Set(data.customers.map(({ customerId }) => customerId)).size,
                    projects: shown?.length ?? 0,
                  })
                : ''
            }
          />
        </div>
        {mayInvoice && !selecting.isEmpty ? (
          <>
            {act.error ? <ErrorNotice error={act.error} /> : null}
            <SelectionBar
              selecting={selecting}
              matching={selection.kind === 'all' ? (shown?.length ?? null) : null}
              under={t('uninvoiced.bar.customers', {
                count: new Set(chosen.map(({ customer }) => customer.customerId)).size,
              })}
              figures={[
                {
                  value: <Hours minutes={chosen.reduce((minutes, row) => minutes + row.hours.minutes, 0)} />,
                  under: t('uninvoiced.bar.hours'),
                },
                ...sums.map(({ currency, amount }) => ({
                  value: <Money amount={amount} currency={currency} />,
                  under: t('uninvoiced.bar.amount', { currency }),
                })),
              ]}
              settings={
                <div className={styles.choices}>
                  {t('uninvoiced.bar.per')}
                  <SelectField
                    aria-label={t('uninvoiced.bar.per')}
                    w={132}
                    value={splitBy}
                    data={[
                      { value: 'customer', label: t('uninvoiced.split.customer') },
                      { value: 'bill-to', label: t('uninvoiced.split.billTo') },
                      { value: 'project', label: t('uninvoiced.split.project') },
                      { value: 'order-number', label: t('uninvoiced.split.orderNumber') },
                    ]}
                    onChange={(value) => setSplitBy((value ?? 'customer') as SplitBy)}
                  />
                  {t('uninvoiced.bar.dated')}
                  <DateField
                    className={styles.dated}
                    aria-label={t('uninvoiced.bar.date')}
                    value={date}
                    onChange={setDate}
                  />
                  {seriesRows.length > 1 ? (
                    <SelectField
                      aria-label={t('uninvoiced.bar.series')}
                      w={150}
                      value={seriesId}
                      data={seriesRows.map((one) => ({ value: one.isDefault ? '' : one.id, label: one.name }))}
                      onChange={(value) => setSeriesId(value ?? '')}
                    />
                  ) : null}
                </div>
              }
            >
              {tooMany ? <span className="small muted">{t('uninvoiced.tooMany', { most: mostProjects })}</span> : null}
              {fixed ? <Button onClick={() => setClosing(fixed.projectId)}>{t('uninvoiced.closing')}</Button> : null}
              {maker?.name ? (
                <Button
                  disabled={!ready || !maker.offers}
                  title={maker.offers ? undefined : t('package-invoices.where.notOffered', { package: maker.name })}
                  onClick={inPackage}
                >
                  {t('package-invoices.invoiceIn', { package: maker.name })}
                </Button>
              ) : null}
              <Button kind="primary" keys="I" busy={act.isPending} disabled={!ready} onClick={invoice}>
                {t('uninvoiced.invoice', { count: drafts, shown: format.count(drafts) })}
              </Button>
            </SelectionBar>
          </>
        ) : data && data.customers.length > 0 ? (
          <p className={styles.note}>
            {waiting > 0 ? (
              <>
                <Link to="/f/$firm/invoices" params={{ firm }} search={{ state: ['draft'] }}>
                  {t('uninvoiced.drafts', { count: waiting })}
                </Link>
                {'. '}
              </>
            ) : null}
            {data.approval ? t('uninvoiced.note.approval') : t('uninvoiced.note')}
          </p>
        ) : null}
      </Fill>
      {act.data ? <Made made={act.data} asked={asked} close={() => act.reset()} /> : null}
      {closing ? <ClosingDialog projectId={closing} onClose={() => setClosing(null)} /> : null}
    </Page>
  )
}

/** Nothing waits; what was put on drafts has still to be sent. */
function Nothing({ date, drafts }: { date: string; drafts: number }) {
  const t = useT()
  const format = useFormat()
  const may = useMay()
  const { slug: firm } = useFirm()
  const day = { date: format.date(date) }
  if (drafts > 0)
    return (
      <EmptyState
        icon="document"
        title={t('uninvoiced.empty.drafts', { count: drafts })}
        action={
          <ButtonLink kind="primary" to="/f/$firm/invoices" params={{ firm }} search={{ state: ['draft'] }}>
            {t('uninvoiced.empty.drafts.action', { count: drafts })}
          </ButtonLink>
        }
      >
        {t('uninvoiced.empty.drafts.text', day)}
      </EmptyState>
    )
  return (
    <EmptyState
      icon="checked"
      title={t('uninvoiced.empty.title')}
      action={
        may('invoices:read') ? (
          <ButtonLink to="/f/$firm/invoices" params={{ firm }}>
            {t('uninvoiced.empty.action')}
          </ButtonLink>
        ) : null
      }
    >
      {t('uninvoiced.empty.text', day)}
    </EmptyState>
  )
}

const post = (
  body: ReturnType<typeof selectionOf> & { splitBy: SplitBy; groupBy: 'activity'; date: string; seriesId?: string },
  key: { readonly 'Idempotency-Key': string },
) => answer(api.POST('/invoices/from-entries', { params: { header: key }, headers: key, body }))
