import type { paths } from '@uurwerk/api/generated/schema.d.ts'

export type Rate = paths['/rates']['get']['responses'][200]['content']['application/json']['rows'][number]
export type RateScope = Rate['scope']

interface Dated {
  readonly from: string
  readonly activityId?: string | null
  readonly projectId: string | null
  readonly customerId: string | null
  readonly memberId: string | null
}

export interface PlacedRate<One extends Dated = Rate> {
  readonly rate: One
  readonly when: 'past' | 'now' | 'later'
  /** The day the next rate of the same subject takes over. */
  readonly next: string | null
}

const subjectOf = ({ activityId, projectId, customerId, memberId }: Dated) =>
  [activityId, projectId, customerId, memberId].join(' ')

/** Each rate with the day it ends and how it stands to today; newest first within a subject. */
export function placeRates<One extends Dated>(rates: readonly One[], today: string): readonly PlacedRate<One>[] {
  const bySubject = Map.groupBy(
    rates.toSorted((a, b) => b.from.localeCompare(a.from)),
    subjectOf,
  )
  return [...bySubject.values()].flatMap((own) =>
    own.map((rate, at) => {
      const next = own[at - 1]?.from ?? null
      return { rate, next, when: rate.from > today ? 'later' : next && next <= today ? 'past' : 'now' }
    }),
  )
}
