import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { answer, api } from '../../api.ts'
import { useEvents } from '../../events.ts'
import { Page, PageHead } from '../../frame/Page.tsx'
import { Button, ButtonLink } from '../../parts/Button.tsx'
import { EmptyState } from '../../parts/Empty.tsx'
import { useKeys } from '../../parts/keys.tsx'
import { today } from '../../parts/today.ts'
import { useFirm, useMay } from '../../session.ts'
import { useChosenRows } from '../../table/chosen-rows.ts'
import { FilteredTable } from '../../table/FilteredTable.tsx'
import { usePages } from '../../table/rows.ts'
import { useSelection } from '../../table/selection.ts'
import { sortOf, sortText } from '../../table/sort.ts'
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
  const { chosen, complete, matching } = useChosenRows(rows, selecting)

  const filters = useInvoiceFilters(search)
  const columns = useInvoiceColumns(rows.rows, packageName)
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
              exported={exportedOf({ search, rows: rows.rows, complete: !rows.more, today: today() })}
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
      <FilteredTable
        id="invoices"
        name={t('invoices.title')}
        narrowing={{
          filters,
          search: { ...search },
          change: patch,
          isNarrowed: Object.entries(search).some(([name, value]) => name !== 'sort' && value !== undefined),
        }}
        noneFound={{
          title: t('invoices.nothing.title'),
          text: t('invoices.nothing.text'),
          clear: { word: t('invoices.nothing.clear'), run: () => navigate({ search: {} }) },
        }}
        rows={rows}
        columns={columns}
        idOf={(row) => row.id}
        nameOf={(row) =>
          row.number ??
          t(row.kind === 'credit' ? 'invoices.credit.draftFor' : 'invoices.draftFor', { customer: row.customerName })
        }
        selecting={selecting}
        sort={sortOf(filter.sort ?? '-date')}
        onSort={(sort) => patch({ sort: sortText(sort) })}
        onOpen={(row) => navigate({ to: '/f/$firm/invoices/$invoiceId', params: { firm, invoiceId: row.id } })}
        empty={
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
        }
        totals={matching === null ? undefined : t('invoices.count', { count: rows.rows.length })}
      >
        <InvoiceSelection
          search={search}
          selecting={selecting}
          chosen={chosen}
          matching={matching}
          complete={complete}
        />
      </FilteredTable>
      {making ? <NewInvoice open onClose={() => setMaking(false)} /> : null}
    </Page>
  )
}
