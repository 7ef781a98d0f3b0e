import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { countQuery } from '../screens/approvals/count.ts'
import { summaryQuery } from '../screens/postings/summary.ts'
import { useMay } from '../session.ts'

/** A number beside a place in the navigation: what waits there, and whether it needs somebody. */
export interface Count {
  readonly count: number
  readonly is: 'plain' | 'needs' | 'refused'
}

const lookAgainMs = 60_000

/** By the id of the place. Pages that show the same look sooner; this is for whoever is elsewhere. */
export function useCounts(): ReadonlyMap<string, Count> {
  const may = useMay()
  const { data } = useQuery({ ...summaryQuery, enabled: may('postings:read'), refetchInterval: lookAgainMs })
  const approvals = useQuery({ ...countQuery, enabled: may('hours:approve'), refetchInterval: lookAgainMs })
  const needsYou = data?.counts.needsYou ?? 0
  const weeks = approvals.data?.weeks ?? 0
  return useMemo(
    () =>
      new Map<string, Count>([
        ...(needsYou > 0 ? [['postings', { count: needsYou, is: 'refused' }] as const] : []),
        ...(weeks > 0 ? [['approvals', { count: weeks, is: 'needs' }] as const] : []),
      ]),
    [needsYou, weeks],
  )
}
