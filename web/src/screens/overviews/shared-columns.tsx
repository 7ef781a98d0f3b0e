import { Amount, Money } from '../../parts/Figures.tsx'
import type { Column } from '../../table/column.ts'
import { type AmountList, Amounts } from './Amounts.tsx'
import { EntryApproval, EntryState } from './EntryState.tsx'
import type { Drawing, EntryRow, Measure, Totals } from './overview-kind.ts'

/** Columns that lead every overview: when, who, for whom. */
export const leadingColumns = <Row extends EntryRow>({
  t,
  format,
  seesAll,
}: Drawing): ReadonlyArray<Column<Row> | false> => [
  {
    id: 'date',
    head: t('hours.date'),
    cell: (row) => (
      <>
        <span className="faint">{format.date(row.date, 'weekday')}</span> {format.date(row.date, 'short')}
      </>
    ),
    width: 'minmax(116px, 140px)',
    always: true,
    sortKey: 'date',
  },
  seesAll && {
    id: 'person',
    head: t('hours.person'),
    cell: (row: Row) => row.memberName,
    width: 'minmax(110px, 1fr)',
    from: 620,
  },
  {
    id: 'customer',
    head: t('hours.customer'),
    cell: (row) => row.customerName ?? <span className="faint">{t('hours.internal')}</span>,
    width: 'minmax(120px, 1.3fr)',
    from: 820,
  },
  {
    id: 'project',
    head: t('hours.project'),
    cell: (row) => row.projectName ?? <span className="faint">{t('overviews.noProject')}</span>,
    width: 'minmax(90px, 1.3fr)',
    always: true,
  },
]

/** And how it stands. */
export const factColumns = <Row extends EntryRow>({ t }: Drawing): ReadonlyArray<Column<Row>> => [
  {
    id: 'note',
    head: t('hours.note'),
    cell: (row) => <span className="muted">{row.note}</span>,
    width: 'minmax(120px, 1.3fr)',
    from: 980,
  },
  {
    id: 'billable',
    head: t('hours.billable'),
    cell: (row) => (row.billable ? t('hours.yes') : t('hours.no')),
    width: 110,
    hidden: true,
  },
  {
    id: 'approval',
    head: t('hours.approval'),
    cell: (row) => <EntryApproval entry={row} />,
    width: 130,
    from: 1300,
  },
  { id: 'state', head: t('hours.state'), cell: (row) => <EntryState entry={row} />, width: 156, from: 760 },
]

interface Charged {
  readonly amount: string | null
  readonly currency: string | null
}
interface ChargedSums extends Totals {
  readonly amounts: AmountList
  readonly uninvoicedAmounts: AmountList
}

/** What the customer pays for an entry; nothing for who does not see money. */
export const amountColumn = <Row extends EntryRow & Charged>(
  { t, single, unit, seesMoney }: Drawing,
  { totals, from }: { readonly totals: ChargedSums | undefined; readonly from: number },
): Column<Row> | false =>
  seesMoney && {
    id: 'amount',
    head: t('hours.amount'),
    ...(unit ? { unit } : {}),
    cell: ({ amount, currency }) =>
      single || amount === null || currency === null ? (
        <Amount value={amount} />
      ) : (
        <Money amount={amount} currency={currency} />
      ),
    align: 'end',
    width: single ? 120 : 220,
    total: <Amounts of={totals?.amounts ?? []} single={single} total />,
    from,
  }

/** The same of groups, and how much of it is uninvoiced. */
export const amountMeasures = <Row extends Charged, Sums extends ChargedSums>({
  t,
  single,
  unit,
  seesMoney,
}: Drawing): ReadonlyArray<Measure<Row, Sums> | false> => [
  seesMoney && {
    id: 'amount',
    head: t('hours.amount'),
    ...(unit ? { unit } : {}),
    width: single ? 130 : 220,
    from: 480,
    ofSums: (sums, total) => <Amounts of={sums.amounts} single={single} total={total} />,
    ofRow: (row) => <Amount value={row.amount} />,
  },
  uninvoicedMeasure({ t, single, unit, seesMoney }),
]

export const uninvoicedMeasure = <Row, Sums extends ChargedSums>({
  t,
  single,
  unit,
  seesMoney,
}: Pick<Drawing, 't' | 'single' | 'unit' | 'seesMoney'>): Measure<Row, Sums> | false =>
  seesMoney && {
    id: 'uninvoicedAmount',
    head: t('overviews.uninvoiced'),
    ...(unit ? { unit } : {}),
    width: single ? 150 : 240,
    from: 940,
    ofSums: (sums, total) => <Amounts of={sums.uninvoicedAmounts} single={single} total={total} />,
    ofRow: () => null,
  }
