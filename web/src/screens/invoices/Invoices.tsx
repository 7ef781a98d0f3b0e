import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { add, decimal } from '@uurwerk/core/shared/money.ts'
import { useEffect, useMemo, useState } from 'react'
import { answer, api } from '../../api.ts'
import { useEvents } from '../../events.ts'
import { useFormat } from '../../format.ts'
import { Fill, Page, PageHead, Tools } from '../../frame/Page.tsx'
import { Button, ButtonLink } from '../../parts/Button.tsx'
import { EmptyState } from '../../parts/Empty.tsx'
import { useKeys } from '../../parts/keys.tsx'
import { TwoLines } from '../../parts/Small.tsx'
import { useFirm, useMay } from '../../session.ts'
import { ColumnMenu, DataTable, useColumnChoice } from '../../table/DataTable.tsx'
import { FilterChips } from '../../table/FilterChips.tsx'
import { usePages } from '../../table/rows.ts'
import { SelectionBar } from '../../table/SelectionBar.tsx'
import { countOf, useSelection } from '../../table/selection.ts'
import { useT } from '../../words/words.tsx'
import { toAddress } from '../postings/chosen-invoices.ts'
import { usePackageNames, useSalesPackage } from '../postings/sales-package.ts'
import { useInvoiceColumns } from './invoice-columns.tsx'
import { filterOf, useInvoiceFilters } from './invoice-filters.ts'
import styles from './invoices.module.css'
import { NewInvoice } from './NewInvoice.tsx'
import { PaySelection } from './PaySelection.tsx'
import { SendSelection } from './SendSelection.tsx'

const route = getRouteApi('/f/$firm/invoices')

/** As many as one preview takes (`POST /postings/preview`). */
const mostAtOnce = 500

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

  const filter = filterOf(search)
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

  const filters = useInvoiceFilters(search)
  const columns = useInvoiceColumns(rows.rows, packageName)
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
          <PaySelection chosen={chosen} busy={!complete} onDone={selecting.clear} />
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
