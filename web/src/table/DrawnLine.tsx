// biome-ignore-all lint/a11y/useSemanticElements: rows are placed by hand and only where they are seen, which table elements do not allow
// biome-ignore-all lint/a11y/useFocusableInteractive: one row at a time takes the focus and moves it (ARIA practices, grid)
import { Checkbox } from '@mantine/core'
import type { CSSProperties, ReactNode } from 'react'
import { Icon } from '../parts/icons.tsx'
import { useT } from '../words/words.tsx'
import { type Column, cellClass } from './column.ts'
import type { Line } from './lines.ts'
import styles from './table.module.css'
import type { GridMoves } from './use-grid-moves.ts'

/** Where a line is drawn. */
interface Place {
  readonly index: number
  readonly start: number
  readonly size: number
}

function lineProps<Row>({ index, start, size }: Place, { active, setActive }: GridMoves<Row>) {
  const style: CSSProperties = { transform: `translateY(${start}px)`, height: size }
  return {
    'data-line': index,
    'aria-rowindex': index + 2,
    tabIndex: index === active ? 0 : -1,
    style,
    onFocus: () => setActive(index),
  }
}

/** The head of a group: it folds, and its box selects all that belong to it. */
export function GroupLine<Row>({
  place,
  line,
  columns,
  cells,
  moves,
  selected,
  onFold,
}: {
  place: Place
  line: Line<Row> & { readonly kind: 'group' }
  columns: ReadonlyArray<Column<Row>>
  cells: Readonly<Record<string, ReactNode>>
  moves: GridMoves<Row>
  /** How much of it; undefined where nothing can be selected. */
  selected: 'all' | 'some' | 'none' | undefined
  onFold: (close: boolean) => void
}) {
  const t = useT()
  return (
    <div
      role="row"
      {...lineProps(place, moves)}
      className={`${styles.line} ${styles.group}`}
      aria-expanded={!line.folded}
    >
      {selected ? (
        <div className={`${styles.cell} ${styles.tick}`} role="gridcell">
          <Checkbox
            tabIndex={-1}
            aria-label={t('table.selectGroup')}
            checked={selected === 'all'}
            indeterminate={selected === 'some'}
            onChange={() => moves.toggle(place.index)}
          />
        </div>
      ) : null}
      {columns.map((column, at) => (
        <div key={column.id} role="gridcell" className={cellClass(column)}>
          {at === 0 ? (
            <button
              type="button"
              tabIndex={-1}
              className={styles.fold}
              aria-label={line.folded ? t('table.unfold') : t('table.fold')}
              onClick={() => onFold(!line.folded)}
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

/** A row. How it looks: `opens` by a click, `open` beside the table, a tone, within a group. */
export function RowLine<Row>({
  place,
  row,
  name,
  columns,
  moves,
  selected,
  looks,
}: {
  place: Place
  row: Row
  /** Of its box. */
  name: string
  columns: ReadonlyArray<Column<Row>>
  moves: GridMoves<Row>
  /** Undefined where nothing can be selected. */
  selected: boolean | undefined
  looks: {
    readonly opens: boolean
    readonly open: boolean
    readonly tone: 'needs' | 'refused' | 'muted' | undefined
    readonly inGroup: boolean
  }
}) {
  const t = useT()
  const { opens, open, tone, inGroup } = looks
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid listens for Enter on the active row
    <div
      role="row"
      {...lineProps(place, moves)}
      aria-selected={selected}
      aria-current={open ? 'true' : undefined}
      className={[
        styles.line,
        selected ? styles.selected : '',
        opens ? styles.opens : '',
        open ? styles.open : '',
        tone ? styles[tone] : '',
        inGroup ? styles.inGroup : '',
      ]
        .filter(Boolean)
        .join(' ')}
      onClick={(event) => moves.onRowClick(event, place.index, row)}
    >
      {selected === undefined ? null : (
        <div className={`${styles.cell} ${styles.tick}`} role="gridcell">
          <Checkbox
            tabIndex={-1}
            aria-label={t('table.selectRow', { name })}
            checked={selected}
            onChange={() => undefined}
            onClick={(event) => moves.onBoxClick(event, place.index)}
          />
        </div>
      )}
      {columns.map((column) => (
        <div key={column.id} role="gridcell" className={cellClass(column)}>
          <span className={styles.text}>{column.cell(row)}</span>
        </div>
      ))}
    </div>
  )
}
