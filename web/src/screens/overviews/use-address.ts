import { useCallback, useRef } from 'react'
import type { OverviewSearch } from './address.ts'

type Navigate = (to: { search: (before: OverviewSearch) => OverviewSearch; replace: boolean }) => unknown

/** The address of an overview, and the way to another one; the way stays the same from drawing to drawing. */
export function useAddress(search: OverviewSearch, navigate: unknown) {
  const latest = useRef(navigate as Navigate)
  latest.current = navigate as Navigate
  const go = useCallback(
    (change: (before: OverviewSearch) => OverviewSearch, replace: boolean) =>
      void latest.current({ search: change, replace }),
    [],
  )
  return { search, go }
}
