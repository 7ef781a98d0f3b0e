import { lineNet, quantityOf } from '../invoicing/totals.ts'
import type { CalendarDate } from '../shared/calendar-date.ts'
import { type Currency, type Decimal, type Money, sum, toCents } from '../shared/money.ts'
import { type EntryFacts, wordOf } from '../time/entry-facts.ts'
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

/** Hours as they are priced: what a rate is looked for, and whether the price can still change. */
export interface PricedHours extends RatedWork, Pick<EntryFacts, 'writtenOffAt' | 'claim'> {
  readonly id: string
  readonly minutes: number
  readonly billable: boolean
}

/** A rate that is added, or that takes the place of the one with its id. */
export type NewRate = Omit<DatedRate, 'id'> & { readonly id?: string }

export interface RateChange {
  readonly entryId: string
  /** Null: no rate held, or none holds from now on. */
  readonly before: Money | null
  readonly after: Money | null
}

export interface RateChangePreview {
  /** Hours that are on no invoice and get another amount, in the order they were given. */
  readonly changes: readonly RateChange[]
  /** Their sums per currency, in the order of its code; cents. */
  readonly totals: readonly { readonly currency: Currency; readonly before: Decimal; readonly after: Decimal }[]
  /** Hours on an invoice that would get another amount: they keep the one they were invoiced at. */
  readonly keptEntries: number
}

/**
 * What a new or corrected rate does to hours: nothing to what is on an invoice, another amount to the rest of what is
 * billed by that rate. Amounts are of the minutes given, so give billed minutes where these are rounded.
 */
export function rateChangePreview(
  newRate: NewRate,
  rates: readonly DatedRate[],
  entries: readonly PricedHours[],
): RateChangePreview {
  const row = { ...newRate, id: newRate.id ?? idOfLastMade }
  return previewOf(rates, [...rates.filter(({ id }) => id !== row.id), row], entries)
}

/** The same of a rate that is taken back: the one before it holds again, or none does. */
export const takenBackPreview = (
  rateId: string,
  rates: readonly DatedRate[],
  entries: readonly PricedHours[],
): RateChangePreview =>
  previewOf(
    rates,
    rates.filter(({ id }) => id !== rateId),
    entries,
  )

function previewOf(
  rates: readonly DatedRate[],
  then: readonly DatedRate[],
  entries: readonly PricedHours[],
): RateChangePreview {
  const billable = entries.filter((entry) => entry.billable && wordOf(entry) !== 'written-off')
  const different = billable
    .map((entry) => ({ entry, before: amountOf(entry, rates), after: amountOf(entry, then) }))
    .filter(({ before, after }) => before?.currency !== after?.currency || before?.amount !== after?.amount)
  const free = different.filter(({ entry }) => !entry.claim)
  const currencies = new Set(free.flatMap(({ before, after }) => [before, after].flatMap((one) => one?.currency ?? [])))
  return {
    changes: free.map(({ entry, before, after }) => ({ entryId: entry.id, before, after })),
    totals: [...currencies].toSorted().map((currency) => ({
      currency,
      before: sumIn(currency, free, 'before'),
      after: sumIn(currency, free, 'after'),
    })),
    keptEntries: different.length - free.length,
  }
}

// Sorts after every id there is: a rate that has no id yet is the last made.
const idOfLastMade = '\uffff'

function amountOf(entry: PricedHours, rates: readonly DatedRate[]): Money | null {
  const rate = rateFor(entry, rates)
  if (!rate) return null
  const amount = lineNet({ quantity: quantityOf(entry.minutes), unitPrice: rate.amount })
  return { amount, currency: rate.currency }
}

const sumIn = <When extends 'before' | 'after'>(
  currency: Currency,
  rows: readonly Readonly<Record<When, Money | null>>[],
  when: When,
): Decimal => toCents(sum(rows.flatMap(({ [when]: money }) => (money?.currency === currency ? [money.amount] : []))))

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
