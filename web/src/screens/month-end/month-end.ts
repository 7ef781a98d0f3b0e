import { queryOptions } from '@tanstack/react-query'
import { addMonths, type CalendarDate, parseCalendarDate, startOfMonth } from '@uurwerk/core/shared/calendar-date.ts'
import { answer, api } from '../../api.ts'

/** `2026-03`. */
export const monthEndQuery = (month: string) =>
  queryOptions({
    queryKey: ['month-end', month],
    queryFn: ({ signal }) => answer(api.GET('/month-end/{month}', { params: { path: { month } }, signal })),
  })

export type MonthEnd = Awaited<ReturnType<NonNullable<ReturnType<typeof monthEndQuery>['queryFn']>>>

/** The month of the address; without one the month that is closed now: the one before until the middle of the month. */
export function shownMonth(asked: string | undefined, today: CalendarDate): CalendarDate {
  const month = parseCalendarDate(`${asked ?? ''}-01`)
  if (month && month <= today) return month
  const thisMonth = startOfMonth(today)
  return Number(today.slice(8)) <= 15 ? addMonths(thisMonth, -1) : thisMonth
}

export const steps = ['submitting', 'approving', 'invoicing', 'sending', 'posting', 'refused', 'paying'] as const
export type StepName = (typeof steps)[number]

/** A step for who may see it. */
export type StepOf<Name extends keyof MonthEnd> = NonNullable<MonthEnd[Name]>

/** The steps that a month has in this firm, also those that one may not see. */
export const stepsOf = ({ approval, posting }: MonthEnd): readonly StepName[] =>
  steps.filter((step) => {
    if (step === 'approving') return approval
    return (step !== 'posting' && step !== 'refused') || posting?.connection !== null
  })

/** What is left of each step that one may see. */
export function leftOf(data: MonthEnd): Partial<Record<StepName, number>> {
  const { approval, submitting, approving, invoicing, sending, posting, refused, paying } = data
  return {
    ...(submitting ? { submitting: submitting.weeks } : {}),
    ...(approving && approval
      ? { approving: approving.hours + approving.expenses + approving.trips + approving.rejected }
      : {}),
    ...(invoicing ? { invoicing: invoicing.count } : {}),
    sending: sending.count,
    ...(posting?.connection
      ? {
          // Without access nothing goes there, and nothing is heard from there.
          posting: posting.count + posting.underWay + (posting.connection.state === 'connected' ? 0 : 1),
          refused: refused?.count ?? 0,
        }
      : {}),
    paying: paying.overdue,
  }
}
