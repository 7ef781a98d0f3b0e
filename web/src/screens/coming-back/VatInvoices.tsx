import { getRouteApi } from '@tanstack/react-router'
import { useMemo } from 'react'
import { answer, api } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { Button } from '../../parts/Button.tsx'
import { EmptyState } from '../../parts/Empty.tsx'
import { Amount } from '../../parts/Figures.tsx'
import { State } from '../../parts/State.tsx'
import { useFirm } from '../../session.ts'
import type { Column } from '../../table/column.ts'
import { DataTable } from '../../table/DataTable.tsx'
import { type Filter, FilterChips } from '../../table/FilterChips.tsx'
import { usePages } from '../../table/rows.ts'
import { useT } from '../../words/words.tsx'
import styles from './coming-back.module.css'
import { bookedWords, type VatInvoiceRow, type VatOverview } from './coming-back.ts'

const route = getRouteApi('/f/$firm/vat')

const bookedStates = {
  posted: 'done',
  differs: 'needs',
  'not-posted': 'needs',
  'already-in-books': 'wait',
} as const satisfies Record<VatInvoiceRow['booked'], string>

/** The invoices behind an overview, or behind one line of it. */
export function VatInvoices({
  asked,
  lines,
}: {
  asked: { from: string; until: string; by: 'date' | 'booked' }
  lines: VatOverview['lines']
}) {
  const t = useT()
  const format = useFormat()
  const { slug: firm } = useFirm()
  const navigate = route.useNavigate()
  const search = route.useSearch()
  const { treatment, rate, customerId, booked } = search
  const query = { ...asked, treatment, rate, customerId, booked }
  const rows = usePages({
    queryKey: ['invoices', 'vat', 'list', query],
    fetchPage: (cursor, signal) =>
      answer(api.GET('/vat-overview/invoices', { params: { query: { ...query, limit: 100, cursor } }, signal })),
  })
  const columns = useMemo(
    (): ReadonlyArray<Column<VatInvoiceRow>> => [
      { id: 'number', head: t('coming-back.vat.number'), cell: (row) => row.number, width: 110, always: true },
      { id: 'date', head: t('coming-back.vat.date'), cell: (row) => format.date(row.date, 'short'), width: 110 },
      {
        id: 'bookedIn',
        head: t('coming-back.vat.bookedIn'),
        cell: (row) => (row.bookedIn ? format.date(row.bookedIn, 'month') : null),
        width: 130,
        from: 980,
      },
      {
        id: 'customer',
        head: t('coming-back.vat.customer'),
        cell: (row) => row.customerName,
        width: 'minmax(140px, 2fr)',
        from: 560,
      },
      {
        id: 'base',
        head: t('coming-back.vat.baseShort'),
        cell: (row) => (
          <>
            <Amount value={row.base} /> <span className="muted small">{row.currency}</span>
          </>
        ),
        align: 'end',
        width: 130,
      },
      {
        id: 'vat',
        head: t('coming-back.vat.vatShort'),
        cell: (row) => <Amount value={row.vat} />,
        align: 'end',
        width: 100,
      },
      {
        id: 'gross',
        head: t('coming-back.vat.gross'),
        cell: (row) => <Amount value={row.gross} />,
        align: 'end',
        width: 110,
        from: 760,
      },
      {
        id: 'theirGross',
        head: t('coming-back.vat.theirsShort'),
        cell: (row) => (
          <Amount value={row.theirGross} strong={row.theirGross !== null && row.theirGross !== row.gross} />
        ),
        align: 'end',
        width: 130,
        from: 860,
      },
      {
        id: 'booked',
        head: t('coming-back.vat.inBooks'),
        cell: (row) => <State is={bookedStates[row.booked]}>{t(bookedWords[row.booked])}</State>,
        width: 130,
        from: 640,
      },
    ],
    [t, format],
  )
  const filters = useMemo(
    (): readonly Filter[] => [
      {
        kind: 'choice',
        name: 'treatment',
        label: t('coming-back.vat.case'),
        options: [...new Map(lines.map((line) => [line.treatment, line.label])).entries()].map(([value, label]) => ({
          value,
          label,
        })),
      },
      {
        kind: 'choice',
        name: 'booked',
        label: t('coming-back.vat.inBooks'),
        options: (Object.keys(bookedWords) as VatInvoiceRow['booked'][]).map((value) => ({
          value,
          label: t(bookedWords[value]),
        })),
      },
    ],
    [t, lines],
  )
  const clear = () => navigate({ search: ({ length, from, by, view }) => ({ length, from, by, view }), replace: true })
  const isFiltered = [treatment, rate, customerId, booked].some((value) => value !== undefined)
  return (
    <div className={styles.list}>
      <div className={styles.chips}>
        <FilterChips
          filters={filters}
          search={{ treatment, booked }}
          onChange={(patch) =>
            navigate({
              search: (before) => ({
                ...before,
                ...patch,
                // Of another case it says nothing.
                ...('treatment' in patch ? { rate: undefined } : {}),
              }),
              replace: true,
            })
          }
        />
      </div>
      <DataTable
        id="vat-invoices"
        name={t('coming-back.vat.invoices')}
        rows={rows}
        columns={columns}
        idOf={({ invoiceId }) => invoiceId}
        onOpen={({ invoiceId }) => navigate({ to: '/f/$firm/invoices/$invoiceId', params: { firm, invoiceId } })}
        toneOf={({ booked: state }) => (state === 'differs' ? 'needs' : undefined)}
        empty={
          <EmptyState
            icon="filter"
            title={t('coming-back.vat.noneFound')}
            action={isFiltered ? <Button onClick={clear}>{t('coming-back.vat.clear')}</Button> : null}
          />
        }
      />
    </div>
  )
}
