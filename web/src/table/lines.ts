import { type ReactNode, useCallback, useMemo, useState } from 'react'

/** Rows that belong together, under a row of their own. */
export interface Group<Row> {
  readonly of: (row: Row) => string
  /** Cells of the head row, by column; figures are the server's, or of rows that are all here. */
  readonly cells: (key: string, rows: readonly Row[]) => Readonly<Record<string, ReactNode>>
}

/** One line of the table: a row, or the head of a group. */
export type Line<Row> =
  | { readonly kind: 'group'; readonly key: string; readonly rows: readonly Row[]; readonly folded: boolean }
  | { readonly kind: 'row'; readonly row: Row }

/** The rows under the heads of their groups; a folded group is its head alone. */
export function useLines<Row>(rows: readonly Row[], group: Group<Row> | undefined) {
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set())
  const lines = useMemo((): ReadonlyArray<Line<Row>> => {
    if (!group) return rows.map((row) => ({ kind: 'row', row }))
    return [...Map.groupBy(rows, group.of)].flatMap(([key, members]): Array<Line<Row>> => {
      const isFolded = folded.has(key)
      const head: Line<Row> = { kind: 'group', key, rows: members, folded: isFolded }
      return isFolded ? [head] : [head, ...members.map((row): Line<Row> => ({ kind: 'row', row }))]
    })
  }, [rows, group, folded])
  const fold = useCallback(
    (key: string, close: boolean) =>
      setFolded((before) => {
        const next = new Set(before)
        if (close) next.add(key)
        else next.delete(key)
        return next
      }),
    [],
  )
  return { lines, fold }
}
