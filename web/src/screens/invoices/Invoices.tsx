import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { add, decimal } from '@uurwerk/core/shared/money.ts'
import { useEffect, useMemo, useState } from 'react'
import { answer, api } from '../../api.ts'
import { useEvents } from '../../events.ts'
import { currencySign, useFormat } from '../../format.ts'
import { Fill, Page, PageHead, Tools } from '../../frame/Page.tsx'
import { Button, ButtonLink } from '../../parts/Button.tsx'
import { Dialog, Foot } from '../../parts/Dialog.tsx'
import { EmptyState, ErrorNotice } from '../../parts/Empty.tsx'
import { Amount, Dash, Money } from '../../parts/Figures.tsx'
import type { Option } from '../../parts/find-options.ts'
import { Icon } from '../../parts/icons.tsx'
import { useKeys } from '../../parts/keys.tsx'
import { Picker } from '../../parts/Picker.tsx'
import { TwoLines } from '../../parts/Small.tsx'
import { State } from '../../parts/State.tsx'
import { useAct } from '../../query.ts'
import { useFirm, useMay } from '../../session.ts'
import { type Column, ColumnMenu, DataTable, useColumnChoice } from '../../table/DataTable.tsx'
import { type Filter, FilterChips } from '../../table/FilterChips.tsx'
import { usePages } from '../../table/rows.ts'
import { SelectionBar } from '../../table/SelectionBar.tsx'
import { countOf, useSelection } from '../../table/selection.ts'
import { type Say, useT } from '../../words/words.tsx'
import { toAddress } from '../postings/chosen-invoices.ts'
import { PostingStateShown } from '../postings/posting-state.tsx'
import { usePackageNames, useSalesPackage } from '../postings/sales-package.ts'
import { InvoiceState } from './InvoiceState.tsx'
import type { InvoiceRow } from './invoice.ts'
import styles from './invoices.module.css'
import { SendSelection } from './SendSelection.tsx'

const route = getRouteApi('/f/$firm/invoices')

/** As many as one preview takes (`POST /postings/preview`). */
const mostAtOnce = 500

const knownStates = ['draft', 'sent', 'credited'] as const
const knownSorts = ['number', '-number', 'date', '-date'] as const

async function findCustomers(search: string, signal?: AbortSignal): Promise<Option[]> {
  const { rows } = await answer(api.GET('/customers', { params: { query: { search, limit: 50 } }, signal }))
  return rows.map(({ id, number, name }) => ({ value: id, label: name, ...(number ? { code: number } : {}) }))
}

function NewInvoice({ open, onClose }: { open: boolean; onClose: () => void }) {
  const t = useT()
  const { slug: firm } = useFirm()
  const navigate = route.useNavigate()
  const [customerId, setCustomerId] = useState<string | null>(null)
  const make = useAct({
    run: (body: { customerId: string }, key) => answer(api.POST('/invoices', { headers: key, body })),
    done: (made) => navigate({ to: '/f/$firm/invoices/$invoiceId', params: { firm, invoiceId: made.id } }),
  })
  return (
    <Dialog open={open} onClose={onClose} title={t('invoices.new.title')}>
      <div className={styles.dialog}>
        <Picker
          label={t('invoices.customer')}
          searchKey="customers"
          search={findCustomers}
          value={customerId}
          onChange={(value) => setCustomerId(value)}
          placeholder={t('invoices.new.choose')}
          data-autofocus
        />
        {make.error ? <ErrorNotice error={make.error} /> : null}
        <Foot>
          <Button onClick={onClose}>{t('parts.cancel')}</Button>
          <Button
            kind="primary"
            busy={make.isPending}
            disabled={!customerId}
            onClick={() => customerId && make.mutate({ customerId })}
          >
            {t('invoices.new.button')}
          </Button>
        </Foot>
      </div>
    </Dialog>
  )
}

function useColumns(
  rows: readonly InvoiceRow[],
  packageName: (id: string) => string,
): ReadonlyArray<Column<InvoiceRow>> {
  const t = useT()
  const format = useFormat()
  const currencies = new Set(rows.map(({ currency }) => currency))
  const single = currencies.size <= 1 ? ([...currencies][0] ?? 'EUR') : null
  return useMemo((): ReadonlyArray<Column<InvoiceRow>> => {
    const amount = (id: 'net' | 'vat' | 'gross', head: string): Column<InvoiceRow> => ({
      id,
      head,
      ...(single ? { unit: currencySign(single) } : {}),
      align: 'end',
      width: single ? 96 : 124,
      ...(id === 'gross' ? {} : { from: id === 'vat' ? 1040 : 940 }),
      cell: (row) => (single ? <Amount value={row[id]} /> : <Money amount={row[id]} currency={row.currency} />),
    })
    return [
      {
        id: 'number',
        head: t('invoices.number'),
        width: 120,
        always: true,
        sortKey: 'number',
        cell: (row) =>
          row.number ? (
            <span>
              <b>{row.number}</b>
              {row.kind === 'credit' ? (
                <span className="muted" title={t('invoices.credit')}>
                  {' '}
                  <Icon name="undo" size={14} />
                  <span className="only-spoken"> {t('invoices.credit')}</span>
                </span>
              ) : null}
            </span>
          ) : row.kind === 'credit' ? (
            <span className="muted small">{t('invoices.credit')}</span>
          ) : (
            <Dash />
          ),
      },
      {
        id: 'date',
        head: t('invoices.dateShort'),
        width: 112,
        from: 520,
        sortKey: 'date',
        cell: (row) => <span className="fig">{format.date(row.date, 'short')}</span>,
      },
      {
        id: 'dueDate',
        head: t('invoices.due'),
        width: 150,
        from: 860,
        // A credit note is not paid by a day: here it says what it takes back.
        cell: (row) =>
          row.credits ? (
            <span className="muted small">{t('invoices.credit.of', { number: row.credits.number })}</span>
          ) : (
            <span className="fig muted">{format.date(row.dueDate, 'short')}</span>
          ),
      },
      {
        id: 'customer',
        head: t('invoices.customer'),
        width: 'minmax(94px, 3fr)',
        always: true,
        cell: (row) => (
          <>
            {row.customerName}
            {row.reference ? <span className="muted small">{`  ${row.reference}`}</span> : null}
          </>
        ),
      },
      amount('net', t('invoices.net')),
      amount('vat', t('invoices.vatAmount')),
      amount('gross', t('invoices.gross')),
      {
        id: 'state',
        head: t('invoices.state'),
        width: 128,
        from: 620,
        cell: (row) => <InvoiceState state={row.state} />,
      },
      {
        id: 'booking',
        head: t('invoices.booking'),
        width: 'minmax(160px, 1.4fr)',
        from: 700,
        cell: (row) => <BookingCell row={row} packageName={packageName} t={t} />,
      },
    ]
  }, [t, format, single, packageName])
}

function BookingCell({ row, packageName, t }: { row: InvoiceRow; packageName: (id: string) => string; t: Say }) {
  const { booking, state } = row
  if (!booking) {
    return state === 'draft' ? <Dash /> : <State is="wait">{t('invoices.booking.none')}</State>
  }
  return (
    <span className={styles.booking}>
      <PostingStateShown state={booking.state} differs={booking.differs} />
      {booking.number ? (
        booking.url ? (
          <a
            className="fig"
            href={booking.url}
            target="_blank"
            rel="noreferrer"
            title={t('invoices.booking.open', { package: packageName(booking.package) })}
          >
            {booking.number}
          </a>
        ) : (
          <span className="fig">{booking.number}</span>
        )
      ) : null}
    </span>
  )
}

export function Invoices() {
  const t = useT()
  const may = useMay()
  const format = useFormat()
  const client = useQueryClient()
  const { slug: firm } = useFirm()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const [making, setMaking] = useState(false)
  const packageName = usePackageNames()
  const salesPackage = useSalesPackage()

  const filter = {
    state: knownStates.filter((state) => search.state?.includes(state)),
    customerId: search.customerId,
    from: search.from,
    until: search.until,
    search: search.search,
    posted: search.posted === undefined ? undefined : search.posted ? ('true' as const) : ('false' as const),
    sort: knownSorts.find((one) => one === search.sort),
  }
  const rows = usePages({
    queryKey: ['invoices', search],
    fetchPage: (cursor, signal) =>
      answer(api.GET('/invoices', { params: { query: { ...filter, cursor, limit: 100 } }, signal })),
  })
  const totals = useQuery({
    queryKey: ['invoices', 'totals'],
    queryFn: ({ signal }) => answer(api.GET('/invoices/totals', { signal })),
  })
  useEvents('/events', { look: () => client.invalidateQueries({ queryKey: ['invoices'] }) })

  const selecting = useSelection(JSON.stringify(search))
  const isAll = selecting.selection.kind === 'all'
  // What is selected is named and added up, so everything that matches has to be here.
  const { more, loadingMore } = rows
  useEffect(() => {
    if (isAll && more && !loadingMore) more()
  }, [isAll, more, loadingMore])
  const chosen = useMemo(() => rows.rows.filter((row) => selecting.has(row.id)), [rows.rows, selecting])
  const postable = chosen.filter((row) => row.state !== 'draft')
  const drafts = chosen.length - postable.length
  const complete = !isAll || !more
  const matching = more ? null : rows.rows.length

  const customers = useQuery({
    queryKey: ['invoices', 'customers-named', search.customerId ?? []],
    enabled: Boolean(search.customerId?.length) && may('customers:read'),
    queryFn: ({ signal }) =>
      Promise.all(
        (search.customerId ?? []).map(async (id): Promise<Option> => {
          const customer = await answer(api.GET('/customers/{id}', { params: { path: { id } }, signal }))
          return { value: id, label: customer.name }
        }),
      ),
  })

  const filters: Filter[] = [
    { kind: 'text', name: 'search', label: t('invoices.filter.search') },
    {
      kind: 'choice',
      name: 'state',
      label: t('invoices.state'),
      options: [
        { value: 'draft', label: t('invoices.state.draft') },
        { value: 'sent', label: t('invoices.state.sent') },
        { value: 'credited', label: t('invoices.state.credited') },
      ],
    },
    ...(may('customers:read')
      ? [
          {
            kind: 'pick' as const,
            name: 'customerId',
            label: t('invoices.customer'),
            named: customers.data ?? [],
            search: findCustomers,
          },
        ]
      : []),
    { kind: 'period', label: t('invoices.filter.period'), from: 'from', until: 'until' },
    {
      kind: 'flag',
      name: 'posted',
      label: t('invoices.booking'),
      yes: t('invoices.filter.posted'),
      no: t('invoices.filter.unposted'),
    },
  ]
  const columns = useColumns(rows.rows, packageName)
  const { hidden, show } = useColumnChoice('invoices', columns)
  const patch = (change: Record<string, unknown>) =>
    navigate({ search: (before) => ({ ...before, ...change }), replace: true })

  const preview = () => {
    if (postable.length === 0 || !complete || chosen.length > mostAtOnce) return
    void navigate({
      to: '/f/$firm/invoices/preview',
      params: { firm },
      search: { invoices: toAddress(chosen.map(({ id }) => id)) },
    })
  }
  const mayPost = may('postings:write') && Boolean(salesPackage) && postable.length > 0
  useKeys([
    {
      keys: 'N',
      does: t('invoices.new.title'),
      run: () => setMaking(true),
      disabled: !may('invoices:write') || !may('customers:read'),
    },
    {
      keys: 'B',
      does: salesPackage ? t('invoices.post.button', { package: salesPackage.name }) : undefined,
      run: preview,
      disabled: !mayPost,
    },
  ])

  const sums = [...Map.groupBy(postable.length > 0 ? postable : chosen, ({ currency }) => currency)].map(
    ([currency, list]) => ({
      currency,
      gross: list.map(({ gross }) => decimal(gross)).reduce(add, decimal('0')),
    }),
  )
  const isFiltered = Object.entries(search).some(([name, value]) => name !== 'sort' && value !== undefined)
  const count = countOf(selecting.selection, matching)

  return (
    <Page>
      <PageHead
        title={t('invoices.title')}
        period={
          totals.data ? (
            <span className={`muted ${styles.counts}`}>
              {t('invoices.counts', {
                draft: totals.data.draft,
                sent: totals.data.sent,
                unposted: totals.data.unposted,
              })}
            </span>
          ) : undefined
        }
        actions={
          may('invoices:write') && may('customers:read') ? (
            <Button kind="primary" icon="plus" keys="N" onClick={() => setMaking(true)}>
              {t('invoices.new.title')}
            </Button>
          ) : undefined
        }
      />
      <Tools>
        <FilterChips filters={filters} search={search} onChange={patch}>
          <ColumnMenu columns={columns} hidden={hidden} show={show} />
        </FilterChips>
      </Tools>
      <Fill>
        <DataTable
          id="invoices"
          name={t('invoices.title')}
          rows={rows}
          columns={columns}
          hidden={hidden}
          idOf={(row) => row.id}
          nameOf={(row) =>
            row.number ??
            t(row.kind === 'credit' ? 'invoices.credit.draftFor' : 'invoices.draftFor', { customer: row.customerName })
          }
          selecting={selecting}
          sort={
            filter.sort
              ? { key: filter.sort.replace('-', ''), descending: filter.sort.startsWith('-') }
              : { key: 'date', descending: true }
          }
          onSort={({ key, descending }) => patch({ sort: descending ? `-${key}` : key })}
          onOpen={(row) => navigate({ to: '/f/$firm/invoices/$invoiceId', params: { firm, invoiceId: row.id } })}
          empty={
            isFiltered ? (
              <EmptyState
                icon="search"
                title={t('invoices.nothing.title')}
                action={<Button onClick={() => navigate({ search: {} })}>{t('invoices.nothing.clear')}</Button>}
              >
                {t('invoices.nothing.text')}
              </EmptyState>
            ) : (
              <EmptyState
                icon="document"
                title={t('invoices.empty.title')}
                action={
                  may('hours:read') ? (
                    <ButtonLink kind="primary" to="/f/$firm/overviews/hours" params={{ firm }}>
                      {t('invoices.empty.button')}
                    </ButtonLink>
                  ) : undefined
                }
              >
                {t('invoices.empty.text')}
              </EmptyState>
            )
          }
          totals={matching === null ? undefined : t('invoices.count', { count: rows.rows.length })}
        />
        <SelectionBar
          selecting={selecting}
          matching={matching}
          under={
            drafts > 0 && postable.length > 0
              ? t('invoices.selected.drafts', { count: drafts })
              : t('invoices.selected.customers', { count: new Set(chosen.map(({ customerId }) => customerId)).size })
          }
          figures={
            complete
              ? sums.map(({ currency, gross }) => ({
                  value: format.money(gross, currency),
                  under: t('invoices.selected.gross'),
                }))
              : []
          }
        >
          {chosen.length > mostAtOnce ? (
            <span className="muted small">{t('invoices.post.most', { most: mostAtOnce })}</span>
          ) : null}
          {may('postings:write') && salesPackage === null && postable.length > 0 && may('connections:read') ? (
            <ButtonLink to="/f/$firm/settings/apps" params={{ firm }} icon="plug">
              {t('invoices.post.connect')}
            </ButtonLink>
          ) : null}
          <SendSelection
            drafts={chosen.filter(({ state }) => state === 'draft')}
            busy={!complete}
            primary={postable.length === 0}
            onDone={selecting.clear}
          />
          {mayPost && salesPackage ? (
            <Button
              kind="primary"
              keys="B"
              icon="send"
              onClick={preview}
              busy={!complete}
              disabled={chosen.length > mostAtOnce}
            >
              {t('invoices.post.button', { package: salesPackage.name })}
            </Button>
          ) : null}
          {postable.length === 0 && complete && (count ?? 0) > 0 && !may('invoices:send') ? (
            <TwoLines under={t('invoices.selected.onlyDrafts.text')}>{t('invoices.selected.onlyDrafts')}</TwoLines>
          ) : null}
        </SelectionBar>
      </Fill>
      {making ? <NewInvoice open onClose={() => setMaking(false)} /> : null}
    </Page>
  )
}
