import { type QueryClient, queryOptions } from '@tanstack/react-query'
import { addDays, calendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { answer, api } from '../../api.ts'
import type { Format } from '../../format.ts'
import type { Word } from '../../words/words.tsx'

export const fetchWeeks = (cursor: string | undefined, signal: AbortSignal) =>
  answer(api.GET('/approval-weeks', { params: { query: { limit: 50, cursor } }, signal }))
export type ApprovalWeek = Awaited<ReturnType<typeof fetchWeeks>>['rows'][number]

export const weekQuery = (memberId: string, monday: string) =>
  queryOptions({
    queryKey: ['approvals', 'week', memberId, monday],
    queryFn: ({ signal }) =>
      answer(api.GET('/approval-weeks/{memberId}/{monday}', { params: { path: { memberId, monday } }, signal })),
  })
type OpenWeek = Awaited<ReturnType<NonNullable<ReturnType<typeof weekQuery>['queryFn']>>>
export type ApprovalEntry = OpenWeek['entries'][number]
export type EntryKind = ApprovalEntry['kind']

export const requestQuery = (id: string) =>
  queryOptions({
    queryKey: ['approvals', 'request', id],
    queryFn: ({ signal }) => answer(api.GET('/approval-requests/{id}', { params: { path: { id } }, signal })),
  })
export type OpenRequest = Awaited<ReturnType<NonNullable<ReturnType<typeof requestQuery>['queryFn']>>>

export const fetchRequests = (cursor: string | undefined, signal: AbortSignal) =>
  answer(api.GET('/approval-requests', { params: { query: { limit: 50, cursor } }, signal }))
export type ApprovalRequest = Awaited<ReturnType<typeof fetchRequests>>['rows'][number]

export const waitingQuery = queryOptions({
  queryKey: ['approvals', 'waiting'],
  queryFn: ({ signal }) => answer(api.GET('/approval-requests/waiting', { signal })),
})
export type WaitingCustomer = Awaited<ReturnType<NonNullable<(typeof waitingQuery)['queryFn']>>>['rows'][number]

/** What is decided on here is shown on other pages too. */
export const approvalsChanged = (client: QueryClient) =>
  Promise.all(
    ['approvals', 'hours', 'hours-totals', 'expenses', 'trips', 'history', 'uninvoiced'].map((key) =>
      client.invalidateQueries({ queryKey: [key] }),
    ),
  )

export const kindWords = {
  hours: 'approvals.kind.hours',
  expense: 'approvals.kind.expense',
  trip: 'approvals.kind.trip',
} as const satisfies Record<EntryKind, Word>

export const kindIcons = { hours: 'clock', expense: 'expense', trip: 'trip' } as const satisfies Record<
  EntryKind,
  string
>

/** `7:30`, `€ 12.10` or `92.0 km`. */
export function sizeOf(
  format: Format,
  entry: Pick<ApprovalEntry, 'minutes' | 'distanceKm'> & {
    readonly gross?: string | null
    readonly currency?: string | null
  },
): string {
  if (entry.minutes !== null) return format.hours(entry.minutes)
  if (entry.gross && entry.currency) return format.money(entry.gross, entry.currency)
  return entry.distanceKm ? `${format.quantity(entry.distanceKm, 1)} km` : ''
}

/** A week by its number, and the days it has. */
export const weekDays = (format: Format, monday: string): string =>
  format.dateRange(monday, addDays(calendarDate(monday), 6), 'short')
