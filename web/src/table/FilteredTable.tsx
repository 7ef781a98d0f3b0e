import type { RowData } from '@tanstack/react-table'
import type { ReactNode } from 'react'
import { Body, Fill, Tools } from '../frame/Page.tsx'
import { Button } from '../parts/Button.tsx'
import { EmptyState, NoRights } from '../parts/Empty.tsx'
import type { IconName } from '../parts/icons.tsx'
import { ColumnMenu, useColumnChoice } from './ColumnMenu.tsx'
import { DataTable, type DataTableProps } from './DataTable.tsx'
import { type Filter, FilterChips } from './FilterChips.tsx'

/** What a list is narrowed by. All of it stands in the address, which only the screen can change. */
interface Narrowing {
  readonly filters: readonly Filter[]
  readonly search: Readonly<Record<string, unknown>>
  readonly change: (patch: Readonly<Record<string, unknown>>) => void
  /** Rows are left out now. */
  readonly isNarrowed: boolean
}

/** Said when the filter leaves no row. */
interface NoneFound {
  readonly icon?: IconName
  readonly title: string
  readonly text: string
  /** A button that takes the filter away. */
  readonly clear?: { readonly word: string; readonly run: () => unknown }
}

/**
 * The page of a list: its filter, its columns and its rows, or why there are none. A `SelectionBar` is its child.
 */
export function FilteredTable<Row extends RowData>({
  narrowing,
  noneFound,
  mayRead = true,
  tools,
  children,
  ...table
}: Omit<DataTableProps<Row>, 'hidden'> & {
  readonly narrowing: Narrowing
  readonly noneFound: NoneFound
  readonly mayRead?: boolean
  /** After the filter, before the columns. */
  readonly tools?: ReactNode
  readonly children?: ReactNode
}) {
  const { id, columns } = table
  const { hidden, show } = useColumnChoice(id, columns)
  if (!mayRead)
    return (
      <Body>
        <NoRights />
      </Body>
    )
  const { icon = 'search', title, text, clear } = noneFound
  return (
    <>
      <Tools>
        <FilterChips filters={narrowing.filters} search={narrowing.search} onChange={narrowing.change}>
          {tools}
          {columns.length > 3 ? <ColumnMenu columns={columns} hidden={hidden} show={show} /> : null}
        </FilterChips>
      </Tools>
      <Fill>
        <DataTable
          {...table}
          hidden={hidden}
          empty={
            narrowing.isNarrowed ? (
              <EmptyState
                icon={icon}
                title={title}
                action={clear ? <Button onClick={clear.run}>{clear.word}</Button> : undefined}
              >
                {text}
              </EmptyState>
            ) : (
              table.empty
            )
          }
        />
        {children}
      </Fill>
    </>
  )
}
