import { addDays, calendarDate, weekOf } from '@uurwerk/core/shared/calendar-date.ts'
import type { Format } from '../../format.ts'
import type { Say, Word } from '../../words/words.tsx'
import { approvalWords, stateWords } from './EntryState.tsx'
import type { GroupPart } from './overview-kind.ts'

export const kindWords = {
  business: 'overviews.kind.business',
  commute: 'overviews.kind.commute',
  private: 'overviews.kind.private',
} as const satisfies Record<string, Word>

/** What entries are brought together by. */
export const byWords: Readonly<Record<string, Word>> = {
  customer: 'overviews.by.customer',
  project: 'overviews.by.project',
  person: 'overviews.by.person',
  activity: 'overviews.by.activity',
  category: 'overviews.by.category',
  vehicle: 'overviews.by.vehicle',
  kind: 'overviews.by.kind',
  week: 'overviews.by.week',
  month: 'overviews.by.month',
  state: 'overviews.by.state',
  approval: 'overviews.by.approval',
}

const words: Readonly<Record<string, Readonly<Record<string, Word>>>> = {
  state: stateWords,
  approval: approvalWords,
  kind: kindWords,
}

const nobody: Readonly<Record<string, Word>> = {
  customer: 'hours.internal',
  project: 'overviews.noProject',
  vehicle: 'overviews.noVehicle',
}

/** What a group is called: its name, a week or month, or the word of a state. */
export function groupName(by: string, { key, name }: GroupPart, t: Say, format: Format): string {
  if (key === null) return t(nobody[by] ?? 'overviews.none')
  if (name !== null) return name
  const word = words[by]?.[key]
  if (word) return t(word)
  if (by === 'month') return format.date(key, 'month')
  const monday = calendarDate(key)
  const { week } = weekOf(monday)
  return t('overviews.week', { week, days: format.dateRange(monday, addDays(monday, 6), 'short') })
}
