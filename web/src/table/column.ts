import type { ReactNode } from 'react'
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

/** The least a column needs, in pixels; below the sum of these the table scrolls sideways. */
const leastOf = (width: number | string | undefined): number =>
  typeof width === 'number' ? width : Number(/^minmax\((\d+)px/.exec(width ?? '')?.[1] ?? 120)

const widthOf = (width: number | string | undefined) =>
  typeof width === 'number' ? `${width}px` : (width ?? 'minmax(120px, 1fr)')

/** How the columns share the width of the table, after the box that selects a row. */
export const columnWidths = <Row>(columns: ReadonlyArray<Column<Row>>, boxed: boolean) => ({
  template: [...(boxed ? ['50px'] : []), ...columns.map(({ width }) => widthOf(width))].join(' '),
  least: columns.reduce((sum, { width }) => sum + leastOf(width), boxed ? 50 : 0),
})

export const cellClass = <Row>({ align, aside }: Column<Row>): string =>
  [styles.cell, align === 'end' ? styles.end : '', aside ? styles.aside : ''].filter(Boolean).join(' ')
