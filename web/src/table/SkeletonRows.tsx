// biome-ignore-all lint/a11y/useSemanticElements: they stand where the rows of the table will, which are no table elements
// biome-ignore-all lint/a11y/useFocusableInteractive: nothing to go to yet
import { Skeleton } from '../parts/Empty.tsx'
import { useT } from '../words/words.tsx'
import type { Column } from './column.ts'
import styles from './table.module.css'

/** Rows that are on their way, spoken once. */
export function SkeletonRows<Row>({
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
