// biome-ignore-all lint/a11y/useAriaPropsSupportedByRole: the role of the table depends on its rows, grid or treegrid; both know these
// biome-ignore-all lint/a11y/noStaticElementInteractions: the same
// biome-ignore-all lint/a11y/useSemanticElements: rows are placed by hand and only where they are seen, which table elements do not allow
// biome-ignore-all lint/a11y/useFocusableInteractive: one row at a time takes the focus and moves it (ARIA practices, grid)
import { Checkbox } from '@mantine/core'
import {
  columnVisibilityFeature,
  createSortedRowModel,
  type RowData,
  rowSortingFeature,
  type SortingState,
  tableFeatures,
  useTable,
} from '@tanstack/react-table'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type CSSProperties, type ReactNode, type RefObject, useEffect, useMemo, useRef, useState } from 'react'
import { ErrorNotice, ErrorState } from '../parts/Empty.tsx'
import { useT } from '../words/words.tsx'
import { ColumnHead } from './ColumnHead.tsx'
import { type Column, cellClass, columnWidths } from './column.ts'
import { GroupLine, RowLine } from './DrawnLine.tsx'
import { type Group, useLines } from './lines.ts'
import type { Rows } from './rows.ts'
import { SkeletonRows } from './SkeletonRows.tsx'
import type { Selecting } from './selection.ts'
import type { Sort } from './sort.ts'
import styles from './table.module.css'
import { useGridMoves } from './use-grid-moves.ts'

export interface DataTableProps<Row> {
  /** Spoken name of the table, and where its columns are remembered. */
  readonly name: string
  readonly id: string
  readonly rows: Rows<Row>
  readonly columns: ReadonlyArray<Column<Row>>
  readonly idOf: (row: Row) => string
  /** What a row is called when its box is ticked. */
  readonly nameOf?: (row: Row) => string
  readonly selecting?: Selecting
  readonly onOpen?: (row: Row) => void
  readonly openId?: string | null
  readonly group?: Group<Row>
  readonly sort?: Sort | null
  readonly onSort?: (sort: Sort) => void
  readonly twoLines?: boolean
  /** Shown when there are no rows; `EmptyState` with one sentence and one button. */
  readonly empty: ReactNode
  /** First cell of the totals row: "312 entries". Columns give the figures. */
  readonly totals?: ReactNode
  /** Columns that a person has hidden or shown; see `useColumnChoice`. */
  readonly hidden?: ReadonlySet<string>
  /** Rows that need attention or are locked: quiet grounds, with a word in a cell. */
  readonly toneOf?: (row: Row) => 'needs' | 'refused' | 'muted' | undefined
}

const features = tableFeatures({
  columnVisibilityFeature,
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
})

/** How wide the table is, so that columns can give way. */
function useWidth(element: RefObject<HTMLElement | null>, drawn: boolean) {
  const [width, setWidth] = useState(Number.POSITIVE_INFINITY)
  useEffect(() => {
    const node = element.current
    // An empty list has no table; with its first row there is another one to measure.
    if (!node || !drawn) return
    const observer = new ResizeObserver(([entry]) => entry && setWidth(entry.contentRect.width))
    observer.observe(node)
    return () => observer.disconnect()
  }, [element, drawn])
  return width
}

/** The box over all rows: it ticks what the filter finds, or what is here when that is all. */
function AllBox<Row>({ rows, idOf, selecting }: { rows: Rows<Row>; idOf: (row: Row) => string; selecting: Selecting }) {
  const t = useT()
  const { selection, isEmpty } = selecting
  const loaded = rows.rows.length > 0 && rows.rows.every((row) => selecting.has(idOf(row)))
  const every = loaded || (selection.kind === 'all' && selection.except.size === 0)
  return (
    <div className={`${styles.cell} ${styles.tick}`} role="columnheader">
      <Checkbox
        aria-label={t('table.selectAll')}
        // Nothing to select while nothing is there.
        disabled={rows.rows.length === 0}
        checked={every}
        indeterminate={!isEmpty && !every}
        onChange={() =>
          every ? selecting.clear() : rows.more ? selecting.all() : selecting.set(rows.rows.map(idOf), true)
        }
      />
    </div>
  )
}

/**
 * The one table: rows drawn only where they are seen, sticky head and totals, everything by keyboard (arrows move,
 * space selects, shift extends, enter opens), skeleton rows while loading, the next page before its end is in sight.
 */
export function DataTable<Row extends RowData>(props: DataTableProps<Row>) {
  const { rows, columns, idOf, selecting, onOpen, group, twoLines, hidden } = props
  const scroller = useRef<HTMLDivElement>(null)
  const width = useWidth(scroller, rows.state === 'loading' || rows.rows.length > 0)
  const [sortedHere, setSortedHere] = useState<SortingState>([])

  const definitions = useMemo(
    () =>
      columns.map((column) => ({
        id: column.id,
        accessorFn: (row: Row) => column.sortBy?.(row) ?? null,
        enableSorting: Boolean(column.sortBy),
      })),
    [columns],
  )
  const columnVisibility = useMemo(
    () =>
      Object.fromEntries(
        columns.map((column) => [
          column.id,
          !hidden?.has(column.id) && (column.from === undefined || width >= column.from),
        ]),
      ),
    [columns, hidden, width],
  )
  const data = rows.rows as Row[]
  const table = useTable({
    features,
    columns: definitions,
    data,
    getRowId: (row: Row) => idOf(row),
    state: { sorting: sortedHere, columnVisibility },
    onSortingChange: setSortedHere,
  })
  const visible = table.getVisibleLeafColumns().flatMap(({ id }) => columns.find((column) => column.id === id) ?? [])
  const { rows: ordered } = table.getRowModel()
  const sorted = useMemo(() => ordered.map(({ original }) => original), [ordered])

  const { lines, fold } = useLines(sorted, group)

  const rowHeight = twoLines ? 46 : 36
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    getItemKey: (index) => {
      const line = lines[index]
      return line === undefined ? index : line.kind === 'group' ? `group ${line.key}` : idOf(line.row)
    },
  })
  const drawn = virtual.getVirtualItems()
  const lastDrawn = drawn.at(-1)?.index ?? 0

  const { more, loadingMore } = rows
  useEffect(() => {
    if (more && !loadingMore && lastDrawn >= lines.length - 30) more()
  }, [more, loadingMore, lastDrawn, lines.length])

  const moves = useGridMoves({
    lines,
    idOf,
    selecting,
    onOpen,
    fold,
    scroller,
    page: () => Math.max(1, Math.floor((scroller.current?.clientHeight ?? 400) / rowHeight) - 2),
    scrollTo: (index) => virtual.scrollToIndex(index, { align: 'auto' }),
  })

  const boxed = selecting !== undefined
  const { template, least } = columnWidths(visible, boxed)
  const style: CSSProperties & Record<'--columns' | '--least' | '--row-height', string> = {
    '--columns': template,
    '--least': `${least}px`,
    '--row-height': `${rowHeight}px`,
  }
  const hasTotals = props.totals !== undefined && rows.state === 'ready' && lines.length > 0
  const sortOfColumn = ({ id, sortKey }: Column<Row>) => {
    const [here] = sortedHere
    if (here?.id === id) return { descending: here.desc }
    return sortKey && props.sort?.key === sortKey ? props.sort : null
  }
  const sortBy = (column: Column<Row>) => {
    const { id, sortKey } = column
    const before = sortOfColumn(column)
    if (sortKey) props.onSort?.({ key: sortKey, descending: before ? !before.descending : false })
    else setSortedHere([{ id, desc: before ? !before.descending : false }])
  }

  if (rows.state === 'failed') return <ErrorState error={rows.error} retry={rows.again} />
  if (rows.state === 'ready' && lines.length === 0) return props.empty

  return (
    <div
      ref={scroller}
      className={styles.scroller}
      style={style}
      role={group ? 'treegrid' : 'grid'}
      aria-label={props.name}
      aria-rowcount={rows.state === 'ready' ? lines.length + 1 : -1}
      aria-multiselectable={boxed ? true : undefined}
      aria-busy={rows.state === 'loading' || rows.stale}
      onKeyDown={moves.onKeyDown}
    >
      <div className={styles.head} role="row" aria-rowindex={1}>
        {selecting ? <AllBox rows={rows} idOf={idOf} selecting={selecting} /> : null}
        {visible.map((column) => (
          <ColumnHead
            key={column.id}
            column={column}
            sorted={sortOfColumn(column)}
            onSort={column.sortBy || (column.sortKey && props.onSort) ? () => sortBy(column) : undefined}
          />
        ))}
      </div>
      {rows.state === 'loading' ? (
        <SkeletonRows columns={visible} tick={boxed} />
      ) : (
        <div
          role="rowgroup"
          className={rows.stale ? styles.stale : undefined}
          style={{ height: virtual.getTotalSize(), position: 'relative' }}
        >
          {drawn.map((item) => {
            const line = lines[item.index]
            if (!line) return null
            const isSelected = selecting ? moves.allSelected(line) : undefined
            if (line.kind === 'group') {
              const some = selecting && line.rows.some((row) => selecting.has(idOf(row)))
              return (
                <GroupLine
                  key={item.key}
                  place={item}
                  line={line}
                  columns={visible}
                  cells={group?.cells(line.key, line.rows) ?? {}}
                  moves={moves}
                  selected={isSelected === undefined ? undefined : isSelected ? 'all' : some ? 'some' : 'none'}
                  onFold={(close) => fold(line.key, close)}
                />
              )
            }
            return (
              <RowLine
                key={item.key}
                place={item}
                row={line.row}
                name={props.nameOf?.(line.row) ?? String(item.index + 1)}
                columns={visible}
                moves={moves}
                selected={isSelected}
                looks={{
                  opens: onOpen !== undefined,
                  open: props.openId === idOf(line.row),
                  tone: props.toneOf?.(line.row),
                  inGroup: group !== undefined,
                }}
              />
            )
          })}
        </div>
      )}
      {loadingMore ? (
        <div className={styles.after}>
          <SkeletonRows columns={visible} tick={boxed} lines={2} />
        </div>
      ) : null}
      {rows.state === 'ready' && rows.error ? (
        <div className={styles.moreFailed}>
          <ErrorNotice error={rows.error} retry={rows.again} />
        </div>
      ) : null}
      {hasTotals ? (
        <div className={styles.totals} role="row">
          {selecting ? <div className={`${styles.cell} ${styles.tick}`} role="gridcell" /> : null}
          {visible.map((column, at) => (
            <div key={column.id} role="gridcell" className={cellClass(column)}>
              <span className={styles.text}>{at === 0 ? props.totals : column.total}</span>
            </div>
          ))}
        </div>
      ) : null}
    </div>
  )
}
