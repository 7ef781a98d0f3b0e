import type { components, paths } from '@uurwerk/api/generated/schema.d.ts'
import { answer, api } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { Amount, Money } from '../../parts/Figures.tsx'
import { Amounts } from './Amounts.tsx'
import { kindWords } from './group-name.ts'
import type { OverviewKind } from './overview-kind.ts'
import { factColumns, leadingColumns } from './shared-columns.tsx'

type Row = components['schemas']['Trip']
type Sums = components['schemas']['TripTotals']
type Listed = NonNullable<paths['/trips']['get']['parameters']['query']>
type Totalled = NonNullable<paths['/trips/totals']['get']['parameters']['query']>

/** With its one decimal, so that commas stand under each other. */
function Km({ of, total = false }: { of: string; total?: boolean }) {
  const format = useFormat()
  return <span className={total ? 'fig sum strong' : 'fig'}>{format.quantity(of, 1)}</span>
}

const tenths = (km: string) => Number(km.replace('.', ''))
const fromTenths = (whole: number) => `${Math.trunc(whole / 10)}.${Math.abs(whole % 10)}`

export const tripsKind: OverviewKind<Row, Sums> = {
  id: 'trips',
  acts: 'trip',
  title: 'overviews.trips',
  count: (t, count, shown) => t('overviews.trips.count', { count, shown }),
  list: (query, page, signal) =>
    answer(api.GET('/trips', { params: { query: { ...query, ...page } as Listed }, signal })),
  totals: (query, groupBy, signal) =>
    answer(api.GET('/trips/totals', { params: { query: { ...query, groupBy } as Totalled }, signal })),
  sorts: ['date', '-date', 'km', '-km'],
  groups: ['customer', 'project', 'person', 'vehicle', 'kind', 'week', 'month', 'state', 'approval'],
  columns: (drawing, totals) => {
    const { t, single, unit, seesMoney } = drawing
    return [
      ...leadingColumns<Row>(drawing),
      {
        id: 'route',
        head: t('overviews.route'),
        cell: (row) => `${row.from} ${row.returnTrip ? '⇄' : '→'} ${row.to}`,
        width: 'minmax(140px, 1.5fr)',
        from: 560,
      },
      {
        id: 'vehicle',
        head: t('overviews.vehicle'),
        cell: (row) => row.vehicleName,
        width: 'minmax(90px, 1fr)',
        hidden: true,
      },
      { id: 'kind', head: t('overviews.kind'), cell: (row) => t(kindWords[row.kind]), width: 110, hidden: true },
      ...factColumns<Row>(drawing),
      {
        id: 'reimbursable',
        head: t('overviews.reimbursable'),
        cell: (row) => (row.reimbursable ? t('hours.yes') : t('hours.no')),
        width: 130,
        hidden: true,
      },
      {
        id: 'km',
        head: t('overviews.km'),
        cell: (row) => <Km of={row.km} />,
        align: 'end',
        width: 90,
        always: true,
        total: totals ? <Km of={totals.km} total /> : null,
        sortKey: 'km',
      },
      seesMoney && {
        id: 'amount',
        head: t('hours.amount'),
        ...(unit ? { unit } : {}),
        cell: (row: Row) =>
          single || row.amount === null || row.currency === null ? (
            <Amount value={row.amount} />
          ) : (
            <Money amount={row.amount} currency={row.currency} />
          ),
        align: 'end' as const,
        width: single ? 120 : 220,
        total: <Amounts of={totals?.amounts ?? []} single={single} total />,
        from: 480,
      },
    ]
  },
  measures: ({ t, single, unit, seesMoney }) => [
    {
      id: 'km',
      head: t('overviews.km'),
      width: 110,
      ofSums: (sums, total) => <Km of={sums.km} total={total} />,
      ofRow: (row) => <Km of={row.km} />,
    },
    {
      id: 'billable',
      head: t('hours.billable'),
      width: 130,
      from: 620,
      ofSums: (sums, total) => <Km of={sums.billableKm} total={total} />,
      ofRow: (row) => (row.billable ? <Km of={row.km} /> : null),
    },
    {
      id: 'uninvoiced',
      head: t('overviews.uninvoiced'),
      width: 150,
      from: 760,
      ofSums: (sums, total) => <Km of={sums.uninvoicedKm} total={total} />,
      ofRow: () => null,
    },
    seesMoney && {
      id: 'amount',
      head: t('hours.amount'),
      ...(unit ? { unit } : {}),
      width: single ? 130 : 220,
      from: 480,
      ofSums: (sums, total) => <Amounts of={sums.amounts} single={single} total={total} />,
      ofRow: (row) => <Amount value={row.amount} />,
    },
    seesMoney && {
      id: 'uninvoicedAmount',
      head: t('overviews.uninvoiced'),
      ...(unit ? { unit } : {}),
      width: single ? 150 : 240,
      from: 940,
      ofSums: (sums, total) => <Amounts of={sums.uninvoicedAmounts} single={single} total={total} />,
      ofRow: () => null,
    },
  ],
  currencies: (totals) => (totals?.amounts ?? []).map(({ currency }) => currency),
  counted: ({ id, km, amount, currency }) => ({ id, whole: tenths(km), amount, currency }),
  selected: ({ km, amounts }) => ({ whole: tenths(km), amounts }),
  whole: ({ t }, whole) => ({ value: <Km of={fromTenths(whole)} />, under: t('overviews.km') }),
  empty: { title: 'overviews.trips.empty.title', text: 'overviews.trips.empty.text' },
  perEntry: 'overviews.perEntry.trips',
  writes: { word: 'overviews.trips.empty.action', to: '/f/$firm/trips' },
}
