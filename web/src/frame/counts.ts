import { useEffect, useSyncExternalStore } from 'react'

/** A number beside a place in the navigation: what waits there, and whether it needs somebody. */
export interface Count {
  readonly count: number
  readonly is: 'plain' | 'needs' | 'refused'
}

let counts: ReadonlyMap<string, Count> = new Map()
const listeners = new Set<() => void>()

export function showCount(place: string, count: Count | null): void {
  const before = counts.get(place)
  if (before?.count === count?.count && before?.is === count?.is) return
  const next = new Map(counts)
  if (count && count.count > 0) next.set(place, count)
  else next.delete(place)
  counts = next
  for (const listener of listeners) listener()
}

/** A page that knows how much waits tells the navigation. */
export const useShowCount = (place: string, count: number, is: Count['is']): void =>
  useEffect(() => showCount(place, { count, is }), [place, count, is])

export const useCounts = (): ReadonlyMap<string, Count> =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => counts,
  )
