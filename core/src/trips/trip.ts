import { latestBegun } from '../projects/rates.ts'
import type { CalendarDate } from '../shared/calendar-date.ts'
import { longestKm } from '../shared/decimal-input.ts'
import {
  type Currency,
  compare,
  type Decimal,
  decimal,
  isNegative,
  isZero,
  round,
  sameAmount,
  times,
  toCents,
  zero,
} from '../shared/money.ts'
import type { FieldProblem } from '../shared/problem.ts'
import type { EntryFacts } from '../time/entry-facts.ts'

export const tripKinds = ['business', 'commute', 'private'] as const
export type TripKind = (typeof tripKinds)[number]

/** A distance driven by one person on one day. */
export interface Trip extends EntryFacts {
  readonly id: string
  readonly userId: string
  readonly date: CalendarDate
  readonly from: string
  readonly to: string
  /** One way, one decimal: `12.5`. */
  readonly distanceKm: Decimal
  /** There and back: driven twice. */
  readonly returnTrip: boolean
  readonly vehicleId: string | null
  readonly kind: TripKind
  readonly projectId: string | null
  readonly note: string
  /** To the customer of the project. */
  readonly billable: boolean
  /** To the employee; independent of `billable`. */
  readonly reimbursable: boolean
}

type Distance = Pick<Trip, 'distanceKm' | 'returnTrip'>

/** Kilometres driven, one decimal; the quantity of its line on an invoice. */
export const drivenKm = ({ distanceKm, returnTrip }: Distance): Decimal =>
  round(times(distanceKm, decimal(returnTrip ? '2' : '1')), 1)

/** Kilometres for the customer, one decimal. */
export const billedKm = (trip: Distance & Pick<Trip, 'billable' | 'kind'>): Decimal =>
  trip.billable && trip.kind !== 'private' ? drivenKm(trip) : round(zero, 1)

/** Kilometres × rate, in cents. */
export const kmAmount = (km: Decimal, rate: Decimal): Decimal => toCents(times(km, rate))

/** A rate per kilometre, from a day on, until the next row of the same subject and purpose. */
export interface KmRate {
  readonly id: string
  /** What the customer pays, or what the employee gets: two rates. */
  readonly purpose: 'billing' | 'reimbursement'
  readonly scope: 'project' | 'customer' | 'user' | 'firm'
  /** The id the scope asks for; of the firm none. */
  readonly projectId?: string | null
  readonly customerId?: string | null
  readonly userId?: string | null
  readonly amount: Decimal
  readonly currency: Currency
  readonly from: CalendarDate
}

export interface FoundKmRate {
  readonly amount: Decimal
  readonly currency: Currency
  /** Where it comes from; the row itself is `rateId`. */
  readonly source: KmRate['scope']
  readonly rateId: string
}

// Most specific first.
const scopesOf = {
  billing: ['project', 'customer', 'firm'],
  reimbursement: ['user', 'firm'],
} as const satisfies Record<KmRate['purpose'], readonly KmRate['scope'][]>

const subjectOf = {
  project: 'projectId',
  customer: 'customerId',
  user: 'userId',
} as const

type Subjects = Pick<KmRate, 'projectId' | 'customerId' | 'userId'>

/**
 * What the customer pays per kilometre on the day of the trip: the project's rate, else the customer's, else the firm's,
 * and of that the latest that had begun. Undefined when there is none: a setup problem, never zero.
 */
export const kmRateFor = (
  trip: { readonly date: CalendarDate; readonly projectId: string | null; readonly customerId: string | null },
  rates: readonly KmRate[],
): FoundKmRate | undefined => rateFor('billing', trip, rates)

/** What the employee gets per kilometre on the day of the trip: his own rate, else the firm's. Undefined when there is none. */
export const reimbursementRateFor = (
  trip: { readonly date: CalendarDate; readonly userId: string },
  rates: readonly KmRate[],
): FoundKmRate | undefined => rateFor('reimbursement', trip, rates)

function rateFor(
  purpose: KmRate['purpose'],
  trip: Subjects & { readonly date: CalendarDate },
  rates: readonly KmRate[],
): FoundKmRate | undefined {
  for (const scope of scopesOf[purpose]) {
    const ofSubject = rates.filter((rate) => rate.purpose === purpose && rate.scope === scope && isOf(rate, trip))
    const found = latestBegun(ofSubject, trip.date)
    if (found) return { amount: found.amount, currency: found.currency, source: scope, rateId: found.id }
  }
  return undefined
}

function isOf(rate: KmRate, trip: Subjects): boolean {
  if (rate.scope === 'firm') return true
  const subject = rate[subjectOf[rate.scope]]
  return subject != null && subject === trip[subjectOf[rate.scope]]
}

export type TripProblem =
  | 'distance-not-positive'
  | 'distance-too-long'
  | 'distance-too-many-decimals'
  | 'private-trip-billable'
  | 'private-trip-reimbursable'
  | 'billable-without-project'

/** What is wrong with a trip as it was filled in: each field and the rule it breaks. Empty when all is well. */
export function tripProblems(
  trip: Pick<Trip, 'distanceKm' | 'kind' | 'billable' | 'reimbursable' | 'projectId'>,
): readonly (FieldProblem & { readonly code: TripProblem })[] {
  const { distanceKm, kind, billable, reimbursable, projectId } = trip
  const isPrivate = kind === 'private'
  const rules: readonly (readonly [TripProblem, keyof typeof trip, boolean])[] = [
    ['distance-not-positive', 'distanceKm', isNegative(distanceKm) || isZero(distanceKm)],
    ['distance-too-long', 'distanceKm', compare(distanceKm, longestKm) > 0],
    ['distance-too-many-decimals', 'distanceKm', !sameAmount(distanceKm, round(distanceKm, 1))],
    ['private-trip-billable', 'billable', isPrivate && billable],
    ['private-trip-reimbursable', 'reimbursable', isPrivate && reimbursable],
    ['billable-without-project', 'projectId', billable && !isPrivate && projectId === null],
  ]
  return rules.flatMap(([code, field, broken]) => (broken ? [{ pointer: `/${field}`, code }] : []))
}
