import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useEffect, useMemo, useState } from 'react'
import { answer, api } from '../../api.ts'
import { useEvents } from '../../events.ts'
import { Fill, Page, PageHead, Tools } from '../../frame/Page.tsx'
import { Button, ButtonLink } from '../../parts/Button.tsx'
import { EmptyState } from '../../parts/Empty.tsx'
import { useKeys } from '../../parts/keys.tsx'
import { today } from '../../parts/today.ts'
import { useFirm, useMay } from '../../session.ts'
import { ColumnMenu, DataTable, useColumnChoice } from '../../table/DataTable.tsx'
import { FilterChips } from '../../table/FilterChips.tsx'
import { usePages } from '../../table/rows.ts'
import { useSelection } from '../../table/selection.ts'
import { useT } from '../../words/words.tsx'
import { usePackageNames } from '../postings/sales-package.ts'
import { ExportInvoices } from './ExportInvoices.tsx'
import { InvoiceSelection } from './InvoiceSelection.tsx'
import { useInvoiceColumns } from './invoice-columns.tsx'
import { exportedOf } from './invoice-export.ts'
import { filterOf, useInvoiceFilters } from './invoice-filters.ts'
import styles from './invoices.module.css'
import { NewInvoice } from './NewInvoice.tsx'
import { OwedShown } from './OwedShown.tsx'

const route = getRouteApi('/f/$firm/invoices')

export function Invoices() {
  const t = useT()
  const may = useMay()
  const client = useQueryClient()
  const { slug: firm } = useFirm()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const [making, setMaking] = useState(false)
  const packageName = usePackageNames()

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
  const complete = !isAll || !more
  const matching = more ? null : rows.rows.length

  const filters = useInvoiceFilters(search)
  const columns = useInvoiceColumns(rows.rows, packageName)
  const { hidden, show } = useColumnChoice('invoices', columns)
  const patch = (change: Record<string, unknown>) =>
    navigate({ search: (before) => ({ ...before, ...change }), replace: true })

  useKeys([
    {
      keys: 'N',
      does: t('invoices.new.title'),
      run: () => setMaking(true),
      disabled: !may('invoices:write') || !may('customers:read'),
    },
  ])

  const isFiltered = Object.entries(search).some(([name, value]) => name !== 'sort' && value !== undefined)

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
              <OwedShown {...totals.data} />
            </span>
          ) : undefined
        }
        actions={
          <>
            <ExportInvoices
              exported={exportedOf({ search, rows: rows.rows, complete: !more, today: today() })}
              disabled={matching === 0}
            />
            {may('invoices:write') && may('customers:read') ? (
              <Button kind="primary" icon="plus" keys="N" onClick={() => setMaking(true)}>
                {t('invoices.new.title')}
              </Button>
            ) : null}
          </>
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
        <InvoiceSelection
          search={search}
          selecting={selecting}
          chosen={chosen}
          matching={matching}
          complete={complete}
        />
      </Fill>
      {making ? <NewInvoice open onClose={() => setMaking(false)} /> : null}
    </Page>
  )
}
