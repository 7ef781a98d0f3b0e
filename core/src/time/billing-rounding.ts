import { assert } from '../shared/assert.ts'

/** How registered minutes become billed minutes; a rule of the customer or the project. */
export interface BillingRounding {
  /** 15: to quarters of an hour. */
  readonly stepMinutes: number
  readonly direction: 'up' | 'nearest' | 'down'
  /** `day`: the minutes of one person on one project on one day are rounded together. */
  readonly per: 'entry' | 'day'
}

/** Minutes to the step; a value on the step stays, halves go up for `nearest`. */
export function roundMinutes(minutes: number, { stepMinutes, direction }: BillingRounding): number {
  assert(Number.isInteger(minutes) && minutes >= 0, 'minutes are whole and not negative')
  assert(Number.isInteger(stepMinutes) && stepMinutes > 0, 'a step is a whole number of minutes')
  const beyond = minutes % stepMinutes
  const below = minutes - beyond
  if (beyond === 0 || direction === 'down') return below
  return direction === 'up' || beyond * 2 >= stepMinutes ? below + stepMinutes : below
}

export interface BilledEntry {
  readonly id: string
  readonly userId: string
  readonly projectId: string
  readonly date: string
  readonly minutes: number
}

/**
 * Billed minutes per entry id; the entries themselves are not touched. Per day, the difference goes to the last
 * entry of the day (and, when that has too little to take from, to those before it), so that the total does not
 * depend on how lines are grouped.
 */
export function billedMinutes(
  entries: readonly BilledEntry[],
  ruleOf: (entry: BilledEntry) => BillingRounding | null,
): ReadonlyMap<string, number> {
  const billed = new Map(entries.map((entry) => [entry.id, entry.minutes]))
  const days = new Map<string, { rule: BillingRounding; entries: BilledEntry[] }>()
  for (const entry of entries) {
    const rule = ruleOf(entry)
    if (rule?.per === 'entry') billed.set(entry.id, roundMinutes(entry.minutes, rule))
    if (rule?.per !== 'day') continue
    const key = `${entry.userId} ${entry.projectId} ${entry.date}`
    const day = days.get(key) ?? { rule, entries: [] }
    day.entries.push(entry)
    days.set(key, day)
  }
  for (const day of days.values()) {
    const registered = day.entries.reduce((total, entry) => total + entry.minutes, 0)
    let difference = roundMinutes(registered, day.rule) - registered
    for (const entry of day.entries.toReversed()) {
      const change = Math.max(difference, -entry.minutes)
      billed.set(entry.id, entry.minutes + change)
      difference -= change
    }
  }
  return billed
}
