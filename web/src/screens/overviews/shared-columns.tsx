import type { Column } from '../../table/DataTable.tsx'
import { EntryApproval, EntryState } from './EntryState.tsx'
import type { Drawing, EntryRow } from './overview-kind.ts'

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
    width: 'minmax(116px, 152px)',
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
