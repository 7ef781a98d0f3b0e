import type { paths } from '@uurwerk/api/generated/schema.d.ts'

export type Rate = paths['/rates']['get']['responses'][200]['content']['application/json']['rows'][number]
export type RateScope = Rate['scope']

export interface PlacedRate {
  readonly rate: Rate
  readonly when: 'past' | 'now' | 'later'
  /** The day the next rate of the same subject takes over. */
  readonly next: string | null
}

const subjectOf = ({ activityId, projectId, customerId, memberId }: Rate) =>
  [activityId, projectId, customerId, memberId].join(' ')

/** Each rate with the day it ends and how it stands to today; newest first within a subject. */
export function placeRates(rates: readonly Rate[], today: string): readonly PlacedRate[] {
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
