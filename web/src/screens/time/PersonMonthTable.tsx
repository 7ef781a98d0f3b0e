import { useQuery, useQueryClient } from '@tanstack/react-query'
import { addMonths, type CalendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { type ReactNode, useEffect } from 'react'
import { useEvents } from '../../events.ts'
import { Fill, Tools } from '../../frame/Page.tsx'
import { Button } from '../../parts/Button.tsx'
import type { IconName } from '../../parts/icons.tsx'
import { ColumnMenu, useColumnChoice } from '../../table/ColumnMenu.tsx'
import { DataTable, type DataTableProps } from '../../table/DataTable.tsx'
import { MonthName, type PersonMonth } from './PersonMonth.tsx'
import styles from './person-month.module.css'

interface MonthQuery<Row> {
  readonly queryKey: readonly unknown[]
  readonly queryFn: (context: { signal: AbortSignal }) => Promise<Row[]>
}

/** The rows of the month that is shown, fresh when somebody changed any; the month before is fetched ahead. */
export function usePersonMonthRows<Row>(
  { month, memberId }: PersonMonth,
  of: {
    readonly query: (month: CalendarDate, memberId: string) => MonthQuery<Row>
    /** As an event names them. */
    readonly noun: string
    readonly again: () => unknown
  },
) {
  const client = useQueryClient()
  const { query: monthQuery, noun, again } = of
  const query = useQuery(monthQuery(month, memberId))
  useEvents('/events', {
    look: () => {},
    heard: ({ data }) => {
      if (data.includes(noun)) void again()
    },
  })
  useEffect(() => {
    if (query.data) void client.prefetchQuery(monthQuery(addMonths(month, -1), memberId))
  }, [query.data, month, memberId, client, monthQuery])
  return query
}

/** Figures of the month, its rows, and on a phone the button for a new one under the thumb. */
export function PersonMonthTable<Row extends { readonly id: string }>({
  view,
  figures,
  add,
  ...table
}: Omit<DataTableProps<Row>, 'hidden' | 'twoLines' | 'idOf'> & {
  view: PersonMonth
  figures: { readonly name: string; readonly shown: ReactNode }
  /** Null where there can be none. */
  add: { readonly word: string; readonly icon: IconName; readonly run: () => unknown } | null
}) {
  const { month, onPhone } = view
  const { hidden, show } = useColumnChoice(table.id, table.columns)
  return (
    <>
      <Tools>
        {onPhone ? <MonthName month={month} /> : null}
        {/* biome-ignore lint/a11y/useSemanticElements: figures that belong together, not fields */}
        <div className={styles.figures} role="group" aria-label={figures.name}>
          {figures.shown}
        </div>
        <span className="grow" />
        {onPhone ? null : <ColumnMenu columns={table.columns} hidden={hidden} show={show} />}
      </Tools>
      <Fill>
        <DataTable {...table} hidden={hidden} idOf={({ id }) => id} twoLines />
      </Fill>
      {onPhone && add ? (
        <div className={styles.addBar}>
          <Button kind="primary" size="lg" icon={add.icon} wide onClick={add.run}>
            {add.word}
          </Button>
        </div>
      ) : null}
    </>
  )
}
