import type { components, paths } from '@uurwerk/api/generated/schema.d.ts'
import { answer, api } from '../../api.ts'
import { Amount, Hours } from '../../parts/Figures.tsx'
import { clockText } from '../time/typed-time.ts'
import type { OverviewKind } from './overview-kind.ts'
import { amountColumn, amountMeasures, factColumns, leadingColumns } from './shared-columns.tsx'

type Row = components['schemas']['HourEntry']
type Sums = components['schemas']['HourTotals']
type Listed = NonNullable<paths['/hours']['get']['parameters']['query']>
type Totalled = NonNullable<paths['/hours/totals']['get']['parameters']['query']>

export const hoursKind: OverviewKind<Row, Sums> = {
  id: 'hours',
  acts: 'hours',
  title: 'hours.title',
  count: (t, count, shown) => t('hours.entries', { count, shown }),
  list: (query, page, signal) =>
    answer(api.GET('/hours', { params: { query: { ...query, ...page } as Listed }, signal })),
  totals: (query, groupBy, signal) =>
    answer(api.GET('/hours/totals', { params: { query: { ...query, groupBy } as Totalled }, signal })),
  sorts: ['date', '-date', 'minutes', '-minutes'],
  groups: ['customer', 'project', 'person', 'activity', 'week', 'month', 'state', 'approval'],
  columns: (drawing, totals) => {
    const { t, unit, seesMoney } = drawing
    return [
      ...leadingColumns<Row>(drawing),
      {
        id: 'activity',
        head: t('hours.activity'),
        cell: (row) => row.activityName,
        width: 'minmax(112px, 1fr)',
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
      ...factColumns<Row>(drawing),
      {
        id: 'hours',
        head: t('hours.hours'),
        cell: (row) => <Hours minutes={row.minutes} />,
        align: 'end',
        width: 90,
        always: true,
        total: <Hours minutes={totals?.minutes} total />,
        sortKey: 'minutes',
      },
      seesMoney && {
        id: 'rate',
        head: t('hours.rate'),
        ...(unit ? { unit } : {}),
        cell: (row: Row) => <Amount value={row.rate} />,
        align: 'end' as const,
        width: 100,
        hidden: true,
      },
      amountColumn<Row>(drawing, { totals, from: 560 }),
    ]
  },
  measures: (drawing) => [
    {
      id: 'hours',
      head: drawing.t('hours.hours'),
      width: 100,
      ofSums: (sums, total) => <Hours minutes={sums.minutes} total={total} />,
      ofRow: (row) => <Hours minutes={row.minutes} />,
    },
    {
      id: 'billable',
      head: drawing.t('hours.billable'),
      width: 130,
      from: 620,
      ofSums: (sums, total) => <Hours minutes={sums.billableMinutes} total={total} dashAtZero />,
      ofRow: (row) => (row.billable ? <Hours minutes={row.minutes} /> : null),
    },
    {
      id: 'uninvoiced',
      head: drawing.t('overviews.uninvoiced'),
      width: 150,
      from: 760,
      ofSums: (sums, total) => <Hours minutes={sums.uninvoicedMinutes} total={total} dashAtZero />,
      ofRow: () => null,
    },
    ...amountMeasures<Row, Sums>(drawing),
  ],
  currencies: (totals) => (totals?.amounts ?? []).map(({ currency }) => currency),
  counted: ({ id, minutes, amount, currency }) => ({ id, whole: minutes, amount, currency }),
  selected: ({ minutes, amounts }) => ({ whole: minutes, amounts }),
  whole: ({ t }, whole) => ({ value: <Hours minutes={whole} />, under: t('hours.bar.hours') }),
  empty: { title: 'hours.empty.title', text: 'hours.empty.text' },
  perEntry: 'overviews.perEntry.hours',
  writes: { word: 'hours.empty.action', to: '/f/$firm/time' },
}
