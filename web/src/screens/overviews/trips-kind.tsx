import type { components, paths } from '@uurwerk/api/generated/schema.d.ts'
import { answer, api } from '../../api.ts'
import { useFormat } from '../../format.ts'
import { kindWords } from './group-name.ts'
import type { OverviewKind } from './overview-kind.ts'
import { amountColumn, amountMeasures, factColumns, leadingColumns } from './shared-columns.tsx'

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
    const { t } = drawing
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
      amountColumn<Row>(drawing, { totals, from: 480 }),
    ]
  },
  measures: (drawing) => [
    {
      id: 'km',
      head: drawing.t('overviews.km'),
      width: 110,
      ofSums: (sums, total) => <Km of={sums.km} total={total} />,
      ofRow: (row) => <Km of={row.km} />,
    },
    {
      id: 'billable',
      head: drawing.t('hours.billable'),
      width: 130,
      from: 620,
      ofSums: (sums, total) => <Km of={sums.billableKm} total={total} />,
      ofRow: (row) => (row.billable ? <Km of={row.km} /> : null),
    },
    {
      id: 'uninvoiced',
      head: drawing.t('overviews.uninvoiced'),
      width: 150,
      from: 760,
      ofSums: (sums, total) => <Km of={sums.uninvoicedKm} total={total} />,
      ofRow: () => null,
    },
    ...amountMeasures<Row, Sums>(drawing),
  ],
  currencies: (totals) => (totals?.amounts ?? []).map(({ currency }) => currency),
  counted: ({ id, km, amount, currency }) => ({ id, whole: tenths(km), amount, currency }),
  selected: ({ km, amounts }) => ({ whole: tenths(km), amounts }),
  whole: ({ t }, whole) => ({ value: <Km of={fromTenths(whole)} />, under: t('overviews.km') }),
  empty: { title: 'overviews.trips.empty.title', text: 'overviews.trips.empty.text' },
  perEntry: 'overviews.perEntry.trips',
  writes: { word: 'overviews.trips.empty.action', to: '/f/$firm/trips' },
}
