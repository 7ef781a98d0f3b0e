import { useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { answer, api } from '../../api.ts'
import { useEvents } from '../../events.ts'
import { useFormat } from '../../format.ts'
import { InvoicesCrumb } from '../../frame/Crumbs.tsx'
import { Page, PageHead } from '../../frame/Page.tsx'
import { ButtonLink } from '../../parts/Button.tsx'
import { EmptyState } from '../../parts/Empty.tsx'
import { Money } from '../../parts/Figures.tsx'
import { useFirm, useMay } from '../../session.ts'
import type { Column } from '../../table/column.ts'
import type { Filter } from '../../table/FilterChips.tsx'
import { FilteredTable } from '../../table/FilteredTable.tsx'
import { usePages } from '../../table/rows.ts'
import { useT } from '../../words/words.tsx'
import { useCustomerFilter } from '../customers/customer-filter.ts'
import { useMaker } from './MadeWhere.tsx'
import { PaidCell, PaidMark, paidWords } from './PaidThere.tsx'
import type { PackageInvoiceRow } from './package-invoice.ts'
import { PackageInvoiceState, shownOf, stateWords } from './package-invoice-state.tsx'
import styles from './package-invoices.module.css'

const route = getRouteApi('/f/$firm/package-invoices')

function useColumns(): ReadonlyArray<Column<PackageInvoiceRow>> {
  const t = useT()
  const format = useFormat()
  return useMemo(
    (): ReadonlyArray<Column<PackageInvoiceRow>> => [
      {
        id: 'number',
        head: t('package-invoices.column.number'),
        width: 'minmax(136px, 1fr)',
        from: 560,
        cell: (row) =>
          row.theirNumber ? (
            <span className="fig">{row.theirNumber}</span>
          ) : (
            <span className="muted fig" title={t('package-invoices.reference')}>
              {row.posting.reference}
            </span>
          ),
      },
      {
        id: 'customer',
        head: t('package-invoices.column.customer'),
        width: 'minmax(110px, 3fr)',
        always: true,
        cell: (row) => (
          <span className={styles.cell}>
            <span>{row.customerName}</span>
            <span className="muted small">
              {[...row.projects.map(({ name }) => name), row.orderNumber].filter(Boolean).join(', ')}
            </span>
          </span>
        ),
      },
      {
        id: 'state',
        head: t('package-invoices.column.state'),
        width: 'minmax(104px, 3fr)',
        always: true,
        cell: (row) => (
          <span className={styles.cell}>
            <PackageInvoiceState invoice={row} />
            <PaidMark row={row} />
          </span>
        ),
      },
      {
        id: 'paid',
        head: t('package-invoices.column.paid'),
        width: 'minmax(128px, 2fr)',
        from: 720,
        cell: (row) => <PaidCell row={row} />,
      },
      {
        id: 'date',
        head: t('package-invoices.date'),
        width: 108,
        from: 640,
        cell: (row) => <span className="fig">{format.date(row.date, 'short')}</span>,
      },
      {
        id: 'entries',
        head: t('package-invoices.column.entries'),
        width: 92,
        from: 940,
        align: 'end',
        cell: (row) => <span className="fig muted">{format.count(row.entries)}</span>,
      },
      {
        id: 'net',
        head: t('postings.net'),
        width: 128,
        from: 820,
        align: 'end',
        cell: (row) => <Money amount={row.net} currency={row.currency} />,
      },
      {
        id: 'gross',
        head: t('postings.gross'),
        width: 118,
        from: 350,
        align: 'end',
        cell: (row) => <Money amount={row.theirGross ?? row.gross} currency={row.currency} strong />,
      },
      {
        id: 'package',
        head: t('package-invoices.column.package'),
        width: 128,
        from: 1280,
        cell: (row) => row.packageName,
      },
    ],
    [t, format],
  )
}

/** Every document that the package made, or is to make, of our entries. */
export function PackageInvoices() {
  const t = useT()
  const may = useMay()
  const client = useQueryClient()
  const { slug: firm } = useFirm()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const go = useNavigate()
  const maker = useMaker()
  const canSee = may('invoices:read')
  const rows = usePages({
    queryKey: ['package-invoices', 'list', search],
    enabled: canSee,
    fetchPage: (cursor, signal) =>
      answer(api.GET('/package-invoices', { params: { query: { ...search, cursor, limit: 100 } }, signal })),
  })
  useEvents(canSee ? '/events' : null, {
    look: () => client.invalidateQueries({ queryKey: ['package-invoices'] }),
  })
  const ofCustomers = useCustomerFilter(t('package-invoices.column.customer'), search.customerId)
  const columns = useColumns()
  const filters: Filter[] = [
    { kind: 'text', name: 'search', label: t('package-invoices.filter.search') },
    {
      kind: 'choice',
      name: 'state',
      label: t('package-invoices.column.state'),
      options: Object.entries(stateWords).map(([value, word]) => ({ value, label: t(word) })),
    },
    {
      kind: 'choice',
      name: 'payment',
      label: t('package-invoices.column.paid'),
      options: Object.entries(paidWords).map(([value, word]) => ({ value, label: t(word) })),
    },
    ...ofCustomers,
    { kind: 'period', label: t('package-invoices.filter.period'), from: 'from', until: 'until' },
  ]
  return (
    <Page>
      <PageHead
        title={t('package-invoices.title')}
        crumbs={[<InvoicesCrumb key="invoices" />]}
        actions={
          maker?.offers && may('reports:read') && rows.rows.length > 0 ? (
            <ButtonLink icon="chart" to="/f/$firm/overviews/uninvoiced" params={{ firm }}>
              {t('package-invoices.toUninvoiced')}
            </ButtonLink>
          ) : undefined
        }
      />
      <FilteredTable
        id="package-invoices"
        name={t('package-invoices.title')}
        mayRead={canSee}
        narrowing={{
          filters,
          search,
          change: (patch) => navigate({ search: (before) => ({ ...before, ...patch }), replace: true }),
          isNarrowed: Object.values(search).some((value) => value !== undefined),
        }}
        noneFound={{
          title: t('package-invoices.nothing.title'),
          text: t('package-invoices.nothing.text'),
          clear: { word: t('package-invoices.nothing.clear'), run: () => navigate({ search: {} }) },
        }}
        rows={rows}
        columns={columns}
        twoLines
        idOf={(row) => row.id}
        nameOf={(row) => [row.theirNumber, row.customerName].filter(Boolean).join(', ')}
        onOpen={(row) =>
          go({ to: '/f/$firm/package-invoices/$packageInvoiceId', params: { firm, packageInvoiceId: row.id } })
        }
        toneOf={(row) => (shownOf(row).is === 'needs' ? 'needs' : undefined)}
        empty={
          <EmptyState
            icon="document"
            title={t('package-invoices.empty.title')}
            action={
              <ButtonLink kind="primary" to="/f/$firm/overviews/uninvoiced" params={{ firm }}>
                {t('package-invoices.toUninvoiced')}
              </ButtonLink>
            }
          >
            {t('package-invoices.empty.text')}
          </EmptyState>
        }
      />
    </Page>
  )
}
