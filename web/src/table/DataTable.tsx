// biome-ignore-all lint/a11y/useAriaPropsSupportedByRole: the role of the table depends on its rows, grid or treegrid; both know these
// biome-ignore-all lint/a11y/noStaticElementInteractions: the same
// biome-ignore-all lint/a11y/useSemanticElements: rows are placed by hand and only where they are seen, which table elements do not allow
// biome-ignore-all lint/a11y/useFocusableInteractive: one row at a time takes the focus and moves it (ARIA practices, grid)
import { Checkbox, Menu } from '@mantine/core'
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
import {
  type CSSProperties,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import { Button } from '../parts/Button.tsx'
import { ErrorNotice, ErrorState, Skeleton } from '../parts/Empty.tsx'
import { Icon } from '../parts/icons.tsx'
import { useT } from '../words/words.tsx'
import type { Rows } from './rows.ts'
import type { Selecting } from './selection.ts'
import type { Sort } from './sort.ts'
import styles from './table.module.css'

export interface Column<Row> {
  readonly id: string
  readonly head: string
  /** Faint after the head: the currency, once per column. */
  readonly unit?: string
  readonly cell: (row: Row) => ReactNode
  /** Figures stand at the end. */
  readonly align?: 'start' | 'end'
  /** Pixels, or how it shares what is left: `minmax(180px, 2fr)`. */
  readonly width?: number | string
  /** In the totals row. */
  readonly total?: ReactNode
  /** Sorted here, by this value: only for lists that are whole. */
  readonly sortBy?: (row: Row) => string | number | null
  /** Sorted by the server, under this name. */
  readonly sortKey?: string
  /** Cannot be hidden: the column that says what a row is. */
  readonly always?: boolean
  /** Not shown until somebody asks for it. */
  readonly hidden?: boolean
  /** Below this width of the table the column gives way. */
  readonly from?: number
  /** On a ground of its own, behind a line: it does not count in what stands before it. */
  readonly aside?: boolean
}

interface Group<Row> {
  readonly of: (row: Row) => string
  /** Cells of the head row, by column; figures are the server's, or of rows that are all here. */
  readonly cells: (key: string, rows: readonly Row[]) => Readonly<Record<string, ReactNode>>
}

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

type Line<Row> =
  | { readonly kind: 'group'; readonly key: string; readonly rows: readonly Row[]; readonly folded: boolean }
  | { readonly kind: 'row'; readonly row: Row }

const choiceKey = (id: string) => `uurwerk.columns.${id}`

/** Which columns are hidden, remembered on this machine. */
export function useColumnChoice<Row>(id: string, columns: ReadonlyArray<Column<Row>>) {
  const [chosen, setChosen] = useState<Readonly<Record<string, boolean>>>(() => {
    try {
      return JSON.parse(localStorage.getItem(choiceKey(id)) ?? '{}')
    } catch {
      return {}
    }
  })
  const hidden = useMemo(
    () =>
      new Set(
        columns.filter((column) => !column.always && !(chosen[column.id] ?? !column.hidden)).map(({ id: one }) => one),
      ),
    [columns, chosen],
  )
  const keep = (next: Readonly<Record<string, boolean>>) => {
    localStorage.setItem(choiceKey(id), JSON.stringify(next))
    setChosen(next)
  }
  const show = (column: string, shown: boolean) => {
    const next = { ...chosen, [column]: shown }
    keep(next)
  }
  /** These and no others, as a view wants them. */
  const choose = (shown: readonly string[]) =>
    keep(Object.fromEntries(columns.map((column) => [column.id, shown.includes(column.id)])))
  const latest = useRef(choose)
  latest.current = choose
  const chooseNow = useCallback((shown: readonly string[]) => latest.current(shown), [])
  return { hidden, show, choose: chooseNow }
}

export function ColumnMenu<Row>({
  columns,
  hidden,
  show,
}: {
  columns: ReadonlyArray<Column<Row>>
  hidden: ReadonlySet<string>
  show: (column: string, shown: boolean) => void
}) {
  const t = useT()
  return (
    <Menu closeOnItemClick={false}>
      <Menu.Target>
        <Button kind="quiet" size="sm" icon="columns">
          {t('table.columns')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {columns
          .filter((column) => !column.always)
          .map((column) => {
            const shown = !hidden.has(column.id)
            return (
              <Menu.Item
                key={column.id}
                role="menuitemcheckbox"
                aria-checked={shown}
                leftSection={shown ? <Icon name="check" size={14} /> : <span style={{ width: 14 }} />}
                onClick={() => show(column.id, !shown)}
              >
                {column.head} {column.unit ? <span className="faint">{column.unit}</span> : null}
              </Menu.Item>
            )
          })}
      </Menu.Dropdown>
    </Menu>
  )
}

/** How wide the table is, so that columns can give way. */
function useWidth(element: React.RefObject<HTMLElement | null>, drawn: boolean) {
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

/** The least a column needs, in pixels; below the sum of these the table scrolls sideways. */
const leastOf = (width: number | string | undefined): number =>
  typeof width === 'number' ? width : Number(/^minmax\((\d+)px/.exec(width ?? '')?.[1] ?? 120)

const widthOf = (width: number | string | undefined) =>
  typeof width === 'number' ? `${width}px` : (width ?? 'minmax(120px, 1fr)')

/**
 * The one table: rows drawn only where they are seen, sticky head and totals, everything by keyboard (arrows move,
 * space selects, shift extends, enter opens), skeleton rows while loading, the next page before its end is in sight.
 */
export function DataTable<Row extends RowData>(props: DataTableProps<Row>) {
  const { rows, columns, idOf, selecting, onOpen, group, twoLines, hidden } = props
  const t = useT()
  const scroller = useRef<HTMLDivElement>(null)
  const width = useWidth(scroller, rows.state === 'loading' || rows.rows.length > 0)
  const [sortedHere, setSortedHere] = useState<SortingState>([])
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set())
  const [active, setActive] = useState(0)
  const anchor = useRef(0)
  const focusWanted = useRef(false)

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
  const ordered = table.getRowModel().rows

  const lines = useMemo((): ReadonlyArray<Line<Row>> => {
    const list = ordered.map(({ original }) => original)
    if (!group) return list.map((row) => ({ kind: 'row', row }))
    const groups = Map.groupBy(list, group.of)
    return [...groups].flatMap(([key, members]): Array<Line<Row>> => {
      const isFolded = folded.has(key)
      const head: Line<Row> = { kind: 'group', key, rows: members, folded: isFolded }
      return isFolded ? [head] : [head, ...members.map((row): Line<Row> => ({ kind: 'row', row }))]
    })
  }, [ordered, group, folded])

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

  useEffect(() => {
    if (active > lines.length - 1) setActive(Math.max(0, lines.length - 1))
  }, [active, lines.length])

  // Focus follows only what the keyboard did; a page that loads must not steal it.
  useEffect(() => {
    if (!focusWanted.current) return
    const node = scroller.current?.querySelector<HTMLElement>(`[data-line="${active}"]`)
    if (!node) return
    focusWanted.current = false
    node.focus({ preventScroll: true })
  })

  const go = (to: number) => {
    const next = Math.min(lines.length - 1, Math.max(0, to))
    setActive(next)
    focusWanted.current = true
    virtual.scrollToIndex(next, { align: 'auto' })
  }

  const idsOf = (line: Line<Row> | undefined): string[] =>
    line === undefined ? [] : line.kind === 'row' ? [idOf(line.row)] : line.rows.map(idOf)
  const allSelected = (line: Line<Row>) => Boolean(selecting && idsOf(line).every(selecting.has))
  const toggle = (index: number) => {
    const line = lines[index]
    if (!selecting || !line) return
    selecting.set(idsOf(line), !allSelected(line))
    anchor.current = index
  }
  const extend = (from: number, to: number) =>
    selecting?.set(lines.slice(Math.min(from, to), Math.max(from, to) + 1).flatMap(idsOf), true)
  const fold = (key: string, close: boolean) =>
    setFolded((before) => {
      const next = new Set(before)
      if (close) next.add(key)
      else next.delete(key)
      return next
    })

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (
      event.target instanceof HTMLElement &&
      event.target.closest('a, button, input, select, textarea') &&
      event.key !== 'Escape'
    ) {
      const inBox = event.target.matches('input[type=checkbox]')
      if (!(inBox && event.key.startsWith('Arrow'))) return
    }
    const line = lines[active]
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 400) / rowHeight) - 2)
    const steps: Record<string, number> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: active + page,
      PageUp: active - page,
      Home: 0,
      End: lines.length - 1,
    }
    const step = steps[event.key]
    if (step !== undefined) {
      event.preventDefault()
      if (event.shiftKey && selecting) extend(anchor.current, Math.min(lines.length - 1, Math.max(0, step)))
      else anchor.current = Math.min(lines.length - 1, Math.max(0, step))
      go(step)
    } else if (event.key === ' ' && selecting) {
      event.preventDefault()
      toggle(active)
    } else if (event.key === 'Enter' && line) {
      event.preventDefault()
      if (line.kind === 'group') fold(line.key, !line.folded)
      else onOpen?.(line.row)
    } else if (line?.kind === 'group' && (event.key === 'ArrowLeft' || event.key === 'ArrowRight')) {
      event.preventDefault()
      fold(line.key, event.key === 'ArrowLeft')
    } else if (event.key === 'a' && (event.ctrlKey || event.metaKey) && selecting) {
      event.preventDefault()
      selecting.all()
    } else if (event.key === 'Escape' && selecting && !selecting.isEmpty) {
      event.preventDefault()
      selecting.clear()
    }
  }

  const onRowClick = (event: MouseEvent, index: number, row: Row) => {
    // What is pressed inside a button may be its picture.
    if (event.target instanceof Element && event.target.closest('a, button, input, label')) return
    setActive(index)
    if (selecting && event.shiftKey) {
      event.preventDefault()
      extend(anchor.current, index)
      return
    }
    if (selecting && (event.ctrlKey || event.metaKey)) {
      toggle(index)
      return
    }
    anchor.current = index
    if (window.getSelection()?.toString()) return
    onOpen?.(row)
  }

  const template = [...(selecting ? ['50px'] : []), ...visible.map((column) => widthOf(column.width))].join(' ')
  const style: CSSProperties & Record<'--columns' | '--least' | '--row-height', string> = {
    '--columns': template,
    '--least': `${visible.reduce((sum, column) => sum + leastOf(column.width), selecting ? 50 : 0)}px`,
    '--row-height': `${rowHeight}px`,
  }
  const hasTotals = props.totals !== undefined && rows.state === 'ready' && lines.length > 0
  const some = selecting && !selecting.isEmpty
  const every = selecting?.selection.kind === 'all' ? selecting.selection.except.size === 0 : false
  const loadedAll = selecting && data.length > 0 && data.every((row) => selecting.has(idOf(row)))

  if (rows.state === 'failed') return <ErrorState error={rows.error} retry={rows.again} />
  if (rows.state === 'ready' && lines.length === 0) return props.empty

  const cellClass = ({ align, aside }: Column<Row>) =>
    [styles.cell, align === 'end' ? styles.end : '', aside ? styles.aside : ''].filter(Boolean).join(' ')

  return (
    <div
      ref={scroller}
      className={styles.scroller}
      style={style}
      role={group ? 'treegrid' : 'grid'}
      aria-label={props.name}
      aria-rowcount={rows.state === 'ready' ? lines.length + 1 : -1}
      aria-multiselectable={selecting ? true : undefined}
      aria-busy={rows.state === 'loading' || rows.stale}
      onKeyDown={onKeyDown}
    >
      <div className={styles.head} role="row" aria-rowindex={1}>
        {selecting ? (
          <div className={`${styles.cell} ${styles.tick}`} role="columnheader">
            <Checkbox
              aria-label={t('table.selectAll')}
              // Nothing to select while nothing is there.
              disabled={data.length === 0}
              checked={Boolean(every || loadedAll)}
              indeterminate={Boolean(some && !every && !loadedAll)}
              onChange={() =>
                every || loadedAll
                  ? selecting.clear()
                  : rows.more
                    ? selecting.all()
                    : selecting.set(data.map(idOf), true)
              }
            />
          </div>
        ) : null}
        {visible.map((column) => {
          const here = sortedHere[0]?.id === column.id ? sortedHere[0] : null
          const server = column.sortKey && props.sort?.key === column.sortKey ? props.sort : null
          const direction = here
            ? here.desc
              ? 'descending'
              : 'ascending'
            : server
              ? server.descending
                ? 'descending'
                : 'ascending'
              : undefined
          const sortable = Boolean(column.sortBy || (column.sortKey && props.onSort))
          const turn = () => {
            if (column.sortKey) props.onSort?.({ key: column.sortKey, descending: server ? !server.descending : false })
            else setSortedHere([{ id: column.id, desc: here ? !here.desc : false }])
          }
          const words = (
            <>
              <span className={styles.words}>
                {column.head}
                {column.unit ? <span className="faint"> {column.unit}</span> : null}
              </span>
              {direction ? <Icon name={direction === 'ascending' ? 'sortUp' : 'sortDown'} size={12} /> : null}
            </>
          )
          return (
            <div
              key={column.id}
              role="columnheader"
              className={cellClass(column)}
              aria-sort={direction ?? (sortable ? 'none' : undefined)}
            >
              {sortable ? (
                <button type="button" className={styles.sort} onClick={turn}>
                  {words}
                </button>
              ) : (
                words
              )}
            </div>
          )
        })}
      </div>
      {rows.state === 'loading' ? (
        <SkeletonRows columns={visible} tick={Boolean(selecting)} />
      ) : (
        <div
          role="rowgroup"
          className={rows.stale ? styles.stale : undefined}
          style={{ height: virtual.getTotalSize(), position: 'relative' }}
        >
          {drawn.map((item) => {
            const line = lines[item.index]
            if (!line) return null
            const place: CSSProperties = { transform: `translateY(${item.start}px)`, height: item.size }
            const selected = selecting ? allSelected(line) : false
            const common = {
              'data-line': item.index,
              'aria-rowindex': item.index + 2,
              tabIndex: item.index === active ? 0 : -1,
              style: place,
              onFocus: () => setActive(item.index),
            }
            if (line.kind === 'group') {
              const partly = !selected && selecting ? line.rows.some((row) => selecting.has(idOf(row))) : false
              const cells = group?.cells(line.key, line.rows) ?? {}
              return (
                <div
                  key={item.key}
                  role="row"
                  {...common}
                  className={`${styles.line} ${styles.group}`}
                  aria-expanded={!line.folded}
                >
                  {selecting ? (
                    <div className={`${styles.cell} ${styles.tick}`} role="gridcell">
                      <Checkbox
                        tabIndex={-1}
                        aria-label={t('table.selectGroup')}
                        checked={selected}
                        indeterminate={partly}
                        onChange={() => toggle(item.index)}
                      />
                    </div>
                  ) : null}
                  {visible.map((column, at) => (
                    <div key={column.id} role="gridcell" className={cellClass(column)}>
                      {at === 0 ? (
                        <button
                          type="button"
                          tabIndex={-1}
                          className={styles.fold}
                          aria-label={line.folded ? t('table.unfold') : t('table.fold')}
                          onClick={() => fold(line.key, !line.folded)}
                        >
                          <Icon name={line.folded ? 'next' : 'down'} size={14} />
                        </button>
                      ) : null}
                      <span className={styles.text}>{cells[column.id]}</span>
                    </div>
                  ))}
                </div>
              )
            }
            const id = idOf(line.row)
            const tone = props.toneOf?.(line.row)
            return (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the grid listens for Enter on the active row
              <div
                key={item.key}
                role="row"
                {...common}
                aria-selected={selecting ? selected : undefined}
                aria-current={props.openId === id ? 'true' : undefined}
                className={[
                  styles.line,
                  selected ? styles.selected : '',
                  onOpen ? styles.opens : '',
                  props.openId === id ? styles.open : '',
                  tone ? styles[tone] : '',
                  group ? styles.inGroup : '',
                ]
                  .filter(Boolean)
                  .join(' ')}
                onClick={(event) => onRowClick(event, item.index, line.row)}
              >
                {selecting ? (
                  <div className={`${styles.cell} ${styles.tick}`} role="gridcell">
                    <Checkbox
                      tabIndex={-1}
                      aria-label={t('table.selectRow', { name: props.nameOf?.(line.row) ?? String(item.index + 1) })}
                      checked={selected}
                      onChange={() => undefined}
                      onClick={(event) => {
                        if (event.shiftKey) extend(anchor.current, item.index)
                        else toggle(item.index)
                        setActive(item.index)
                      }}
                    />
                  </div>
                ) : null}
                {visible.map((column) => (
                  <div key={column.id} role="gridcell" className={cellClass(column)}>
                    <span className={styles.text}>{column.cell(line.row)}</span>
                  </div>
                ))}
              </div>
            )
          })}
        </div>
      )}
      {loadingMore ? (
        <div className={styles.after}>
          <SkeletonRows columns={visible} tick={Boolean(selecting)} lines={2} />
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

function SkeletonRows<Row>({
  columns,
  tick,
  lines = 12,
}: {
  columns: ReadonlyArray<Column<Row>>
  tick: boolean
  lines?: number
}) {
  const t = useT()
  return (
    <div role="rowgroup">
      <div role="row" className="only-spoken">
        <span role="gridcell">{t('parts.loading')}</span>
      </div>
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: skeleton rows have no identity
        <div key={line} className={styles.bones} aria-hidden="true">
          {tick ? (
            <div className={`${styles.cell} ${styles.tick}`}>
              <Skeleton width={16} height={16} />
            </div>
          ) : null}
          {columns.map((column, at) => (
            <div key={column.id} className={column.align === 'end' ? `${styles.cell} ${styles.end}` : styles.cell}>
              <Skeleton width={column.align === 'end' ? 44 : `${45 + ((line * 29 + at * 17) % 40)}%`} />
            </div>
          ))}
        </div>
      ))}
    </div>
  )
}
