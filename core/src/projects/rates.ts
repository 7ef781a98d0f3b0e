import type { CalendarDate } from '../shared/calendar-date.ts'
import type { Currency, Decimal } from '../shared/money.ts'
import { type HourlyMethod, type InvoicingMethod, isHourly } from './invoicing-method.ts'

export const rateScopes = ['activity', 'user', 'project', 'customer', 'projectActivity', 'projectUser'] as const
export type RateScope = (typeof rateScopes)[number]

/** An hourly rate of a subject, from a day on, until the next row of the same subject. */
export interface DatedRate {
  readonly id: string
  readonly scope: RateScope
  /** The ids the scope asks for: `projectActivity` has a project and an activity. */
  readonly activityId?: string | null
  readonly userId?: string | null
  readonly projectId?: string | null
  readonly customerId?: string | null
  readonly amount: Decimal
  readonly currency: Currency
  readonly from: CalendarDate
}

/** The work a rate is looked for. */
export interface RatedWork {
  readonly date: CalendarDate
  readonly activityId: string
  readonly userId: string
  readonly projectId: string
  readonly customerId: string
  readonly method: InvoicingMethod
}

export interface FoundRate {
  readonly amount: Decimal
  readonly currency: Currency
  /** Where it comes from; the row itself is `rateId`. */
  readonly source: RateScope
  readonly rateId: string
}

// Most specific first. A method never looks at another method's rates: that would be a guess.
const scopesOf = {
  'hourly-activity': ['projectActivity', 'activity'],
  'hourly-user': ['projectUser', 'user'],
  'hourly-project': ['project'],
  'hourly-customer': ['customer'],
} as const satisfies Record<HourlyMethod, readonly RateScope[]>

const subjectOf = {
  activity: ['activityId'],
  user: ['userId'],
  project: ['projectId'],
  customer: ['customerId'],
  projectActivity: ['projectId', 'activityId'],
  projectUser: ['projectId', 'userId'],
} as const satisfies Record<RateScope, readonly (keyof DatedRate & keyof RatedWork)[]>

/**
 * The rate that holds for work on its date: the most specific of the project's invoicing method, and of that the
 * latest that had begun. Undefined when there is none (a setup problem, never zero) or the method is not hourly.
 */
export function rateFor(work: RatedWork, rates: readonly DatedRate[]): FoundRate | undefined {
  if (!isHourly(work.method)) return undefined
  for (const scope of scopesOf[work.method]) {
    const ofSubject = rates.filter(
      (rate) => rate.scope === scope && subjectOf[scope].every((id) => rate[id] === work[id]),
    )
    const found = latestBegun(ofSubject, work.date)
    if (found) return { amount: found.amount, currency: found.currency, source: scope, rateId: found.id }
  }
  return undefined
}

interface Dated {
  readonly id: string
  readonly from: CalendarDate
}

/** Of rates of one subject, the one that holds on a day: the latest that had begun. */
export const latestBegun = <Rate extends Dated>(rates: readonly Rate[], date: CalendarDate): Rate | undefined =>
  rates
    .filter((rate) => rate.from <= date)
    .reduce<Rate | undefined>((latest, rate) => (latest && isLater(latest, rate) ? latest : rate), undefined)

// Ids sort by the time they were made, so of two rows that begin on one day the last made counts.
const isLater = (a: Dated, b: Dated) => a.from > b.from || (a.from === b.from && a.id > b.id)
