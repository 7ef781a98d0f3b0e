// biome-ignore-all lint/a11y/useSemanticElements: the head of rows that are placed by hand, which table elements do not allow
// biome-ignore-all lint/a11y/useFocusableInteractive: what can be pressed in it is a button
import { Icon } from '../parts/icons.tsx'
import { type Column, cellClass } from './column.ts'
import type { Sort } from './sort.ts'
import styles from './table.module.css'

/** What a column is called, and by which it is sorted. */
export function ColumnHead<Row>({
  column,
  sorted,
  onSort,
}: {
  column: Column<Row>
  /** How this column is sorted now; null when it is not. */
  sorted: Pick<Sort, 'descending'> | null
  /** Undefined where it cannot be sorted. */
  onSort: (() => void) | undefined
}) {
  const direction = sorted ? (sorted.descending ? 'descending' : 'ascending') : undefined
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
    <div role="columnheader" className={cellClass(column)} aria-sort={direction ?? (onSort ? 'none' : undefined)}>
      {onSort ? (
        <button type="button" className={styles.sort} onClick={onSort}>
          {words}
        </button>
      ) : (
        words
      )}
    </div>
  )
}
