// Runs in the browser too: imports core/shared alone.
import { assert } from '../shared/assert.ts'
import { addDays, addMonths, type CalendarDate, daysBetween } from '../shared/calendar-date.ts'
import {
  absolute,
  compare,
  type Decimal,
  decimal,
  divide,
  isNegative,
  isZero,
  sameAmount,
  subtract,
  sum,
  times,
  toCents,
} from '../shared/money.ts'

export const subscriptionPeriods = ['week', 'month', 'quarter', 'year'] as const
export type SubscriptionPeriod = (typeof subscriptionPeriods)[number]

/** What was agreed: an amount per period, from a day on. */
export interface SubscriptionTerms {
  /** The anchor: every period is counted from here. */
  readonly from: CalendarDate
  /** Last day; null while nobody ended it. */
  readonly until?: CalendarDate | null
  readonly period: SubscriptionPeriod
  /** Due on the first day of a period, else on its last. */
  readonly inAdvance: boolean
  /** What a last period that `until` cuts short costs: the whole amount, or its share by days. */
  readonly lastPeriod: 'whole' | 'by-day'
  /** Per whole period. */
  readonly amount: Decimal
}

export interface DuePeriod {
  /** 1 is the first. */
  readonly number: number
  readonly periodFrom: CalendarDate
  readonly periodUntil: CalendarDate
  readonly dueOn: CalendarDate
  /** Cents. */
  readonly amount: Decimal
}

const monthsOf = { month: 1, quarter: 3, year: 12 } as const

// From the anchor, never from the period before: 31 January, 28 February, 31 March.
const startOf = ({ from, period }: SubscriptionTerms, number: number): CalendarDate =>
  period === 'week' ? addDays(from, 7 * (number - 1)) : addMonths(from, monthsOf[period] * (number - 1))

/** One period; undefined after the last. */
function periodOf(terms: SubscriptionTerms, number: number): DuePeriod | undefined {
  const { until, inAdvance, lastPeriod, amount } = terms
  const periodFrom = startOf(terms, number)
  if (until && periodFrom > until) return undefined
  const end = addDays(startOf(terms, number + 1), -1)
  const isCut = until !== null && until !== undefined && until < end
  const periodUntil = isCut ? until : end
  return {
    number,
    periodFrom,
    periodUntil,
    dueOn: inAdvance ? periodFrom : periodUntil,
    amount: toCents(isCut && lastPeriod === 'by-day' ? byDays(amount, { periodFrom, periodUntil, end }) : amount),
  }
}

function byDays(
  amount: Decimal,
  { periodFrom, periodUntil, end }: Pick<DuePeriod, 'periodFrom' | 'periodUntil'> & { readonly end: CalendarDate },
): Decimal {
  const days = (until: CalendarDate) => decimal(String(daysBetween(periodFrom, until) + 1))
  return divide(times(amount, days(periodUntil)), days(end))
}

// Sixteen hundred years of weeks: what runs longer is a mistake of ours, not a subscription.
const mostPeriods = 100_000

/**
 * Every period whose due day has come, in order. Asked later or oftener it gives the same periods and the new ones:
 * they follow from the terms and the day alone, touch each other, and never overlap.
 */
export function periodsDue(terms: SubscriptionTerms, today: CalendarDate): DuePeriod[] {
  const due: DuePeriod[] = []
  for (let number = 1; number <= mostPeriods; number++) {
    const period = periodOf(terms, number)
    if (!period || period.dueOn > today) return due
    due.push(period)
  }
  assert(false, `${terms.period} from ${terms.from} has no end`)
}

/** The periods that become due after a day, at most `count`. */
export function periodsAhead(terms: SubscriptionTerms, today: CalendarDate, count: number): DuePeriod[] {
  const passed = periodsDue(terms, today).length
  return Array.from({ length: count }, (_, index) => periodOf(terms, passed + index + 1)).flatMap((one) => one ?? [])
}

/**
 * A price in so many equal parts, or by percentages that add up to 100, in cents. Each is rounded towards zero and the
 * last takes the remainder, so that together they are the price.
 */
export function splitPrice(
  price: Decimal,
  by: { readonly parts: number } | { readonly percentages: readonly Decimal[] },
) {
  const shares =
    'parts' in by
      ? Array.from({ length: by.parts }, () => divide(price, decimal(String(by.parts))))
      : by.percentages.map((percentage) => times(price, times(percentage, decimal('0.01'))))
  assert(shares.length > 0, 'a price is split into something')
  assert('parts' in by || sameAmount(sum(by.percentages), decimal('100')), 'percentages add up to 100')
  const first = shares.slice(0, -1).map(towardsZero)
  return [...first, toCents(subtract(price, sum(first)))]
}

function towardsZero(share: Decimal): Decimal {
  const rounded = toCents(share)
  if (compare(absolute(rounded), absolute(share)) <= 0) return rounded
  return toCents(subtract(rounded, decimal(isNegative(share) ? '-0.01' : '0.01')))
}

export interface PricedInstalment {
  readonly id: string
  readonly amount: Decimal
  /** Stands on an invoice or a draft, so it stays. */
  readonly claimed: boolean
}

export interface InstalmentCorrection {
  readonly remove: readonly string[]
  readonly change: { readonly id: string; readonly amount: Decimal } | null
  /** A new last instalment, or what was invoiced too much. */
  readonly add: { readonly kind: 'part' | 'correction'; readonly amount: Decimal } | null
}

/**
 * What makes the instalments (in their order) add up to a new price again. What is claimed stays. The last one takes
 * the difference; those that leave nothing over are taken out from the end. When the last is claimed a new one follows
 * it; when more is claimed than the new price, the correction is negative.
 */
export function correctionFor(newPrice: Decimal, instalments: readonly PricedInstalment[]): InstalmentCorrection {
  const total = (kept: readonly PricedInstalment[]) => sum(kept.map(({ amount }) => amount))
  if (sameAmount(total(instalments), newPrice)) return { remove: [], change: null, add: null }
  const kept = [...instalments]
  const remove: string[] = []
  for (;;) {
    const last = kept.findLastIndex(({ claimed }) => !claimed)
    const free = kept[last]
    const others = kept.filter((_, index) => index !== last)
    const rest = toCents(subtract(newPrice, total(free ? others : kept)))
    if (!free) {
      const kind = isNegative(rest) ? 'correction' : 'part'
      return { remove, change: null, add: isZero(rest) ? null : { kind, amount: rest } }
    }
    // What comes after the last free one is claimed: the difference then goes on a new one behind them.
    const isLast = last === kept.length - 1
    const difference = toCents(subtract(newPrice, total(kept)))
    if (!isLast && !isNegative(difference)) {
      return { remove, change: null, add: isZero(difference) ? null : { kind: 'part', amount: difference } }
    }
    if (!isNegative(rest) && !isZero(rest)) {
      return { remove, change: sameAmount(rest, free.amount) ? null : { id: free.id, amount: rest }, add: null }
    }
    remove.push(free.id)
    kept.splice(last, 1)
  }
}
