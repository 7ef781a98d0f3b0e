import { useEffect, useMemo } from 'react'
import type { Rows } from './rows.ts'
import type { Selecting } from './selection.ts'

/**
 * The selected rows themselves. What is selected is named and added up, so when all of them are, the pages that are
 * not here yet are fetched.
 */
export function useChosenRows<Row extends { readonly id: string }>(
  { rows, more, loadingMore }: Pick<Rows<Row>, 'rows' | 'more' | 'loadingMore'>,
  selecting: Selecting,
) {
  const isAll = selecting.selection.kind === 'all'
  useEffect(() => {
    if (isAll && more && !loadingMore) more()
  }, [isAll, more, loadingMore])
  const chosen = useMemo(() => rows.filter(({ id }) => selecting.has(id)), [rows, selecting])
  return {
    chosen,
    /** All that is selected is here. */
    complete: !isAll || !more,
    /** How many rows the filter finds; null while some are still to come. */
    matching: more ? null : rows.length,
  }
}
