import type { components, paths } from '@uurwerk/api/generated/schema.d.ts'
import { answer, api } from '../../api.ts'
import { Amount, Money } from '../../parts/Figures.tsx'
import { Amounts } from './Amounts.tsx'
import type { Drawing, OverviewKind } from './overview-kind.ts'
import { factColumns, leadingColumns, uninvoicedMeasure } from './shared-columns.tsx'

type Row = components['schemas']['Expense']
type Sums = components['schemas']['ExpenseTotals']
type Listed = NonNullable<paths['/expenses']['get']['parameters']['query']>
type Totalled = NonNullable<paths['/expenses/totals']['get']['parameters']['query']>

const InCurrency = ({ row, amount, single }: { row: Row; amount: string | null; single: boolean }) =>
  single || amount === null ? <Amount value={amount} /> : <Money amount={amount} currency={row.currency} />

const money = ({ single, unit }: Drawing) => ({
  ...(unit ? { unit } : {}),
  align: 'end' as const,
  width: single ? 108 : 220,
})

export const expensesKind: OverviewKind<Row, Sums> = {
  id: 'expenses',
  acts: 'expense',
  title: 'overviews.expenses',
  count: (t, count, shown) => t('overviews.expenses.count', { count, shown }),
  list: (query, page, signal) =>
    answer(api.GET('/expenses', { params: { query: { ...query, ...page } as Listed }, signal })),
  totals: (query, groupBy, signal) =>
    answer(api.GET('/expenses/totals', { params: { query: { ...query, groupBy } as Totalled }, signal })),
  sorts: ['date', '-date', 'amount', '-amount'],
  groups: ['customer', 'project', 'person', 'category', 'week', 'month', 'state', 'approval'],
  columns: (drawing, totals) => {
    const { t, single, seesMoney } = drawing
    return [
      ...leadingColumns<Row>(drawing),
      {
        id: 'category',
        head: t('overviews.category'),
        cell: (row) => row.categoryName,
        width: 'minmax(100px, 1fr)',
        from: 700,
      },
      ...factColumns<Row>(drawing),
      {
        id: 'receipt',
        head: t('overviews.receipt'),
        cell: (row) => (row.files.length > 0 ? t('hours.yes') : t('hours.no')),
        width: 90,
        hidden: true,
      },
      {
        id: 'reimbursable',
        head: t('overviews.reimbursable'),
        cell: (row) =>
          row.reimbursement ? t('overviews.reimbursed') : row.reimbursable ? t('overviews.toReimburse') : t('hours.no'),
        width: 140,
        hidden: true,
      },
      {
        id: 'inputVat',
        head: t('overviews.inputVat'),
        cell: (row) => <InCurrency row={row} amount={row.inputVat} single={single} />,
        hidden: true,
        ...money(drawing),
      },
      {
        id: 'gross',
        head: t('overviews.gross'),
        cell: (row) => <InCurrency row={row} amount={row.gross} single={single} />,
        always: true,
        total: <Amounts of={totals?.gross ?? []} single={single} total />,
        sortKey: 'amount',
        ...money(drawing),
      },
      seesMoney && {
        id: 'amount',
        head: t('overviews.recharge'),
        cell: (row: Row) => <InCurrency row={row} amount={row.billable ? row.rechargeNet : null} single={single} />,
        total: <Amounts of={totals?.amounts ?? []} single={single} total />,
        from: 560,
        ...money(drawing),
        width: single ? 150 : 220,
      },
    ]
  },
  measures: (drawing) => {
    const { t, single, unit, seesMoney } = drawing
    const in1 = unit ? { unit } : {}
    return [
      {
        id: 'gross',
        head: t('overviews.gross'),
        ...in1,
        width: single ? 130 : 220,
        ofSums: (sums, total) => <Amounts of={sums.gross} single={single} total={total} />,
        ofRow: (row) => <InCurrency row={row} amount={row.gross} single={single} />,
      },
      {
        id: 'unpaid',
        head: t('overviews.toReimburse'),
        ...in1,
        width: single ? 150 : 220,
        from: 620,
        ofSums: (sums, total) => <Amounts of={sums.unpaid} single={single} total={total} />,
        ofRow: () => null,
      },
      seesMoney && {
        id: 'amount',
        head: t('overviews.recharge'),
        ...in1,
        width: single ? 160 : 220,
        from: 760,
        ofSums: (sums, total) => <Amounts of={sums.amounts} single={single} total={total} />,
        ofRow: (row) => <InCurrency row={row} amount={row.billable ? row.rechargeNet : null} single={single} />,
      },
      uninvoicedMeasure<Row, Sums>(drawing),
    ]
  },
  currencies: (totals) => (totals?.gross ?? []).map(({ currency }) => currency),
  counted: ({ id, gross, currency }) => ({ id, whole: 0, amount: gross, currency }),
  selected: ({ gross }) => ({ whole: 0, amounts: gross }),
  whole: null,
  empty: { title: 'overviews.expenses.empty.title', text: 'overviews.expenses.empty.text' },
  writes: { word: 'overviews.expenses.empty.action', to: '/f/$firm/expenses' },
}
