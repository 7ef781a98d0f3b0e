import { calendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { describe, expect, it } from 'vitest'
import { leftOf, type MonthEnd, shownMonth, stepsOf } from './month-end.ts'

describe('the month that is shown', () => {
  it.each([
    ['until the middle of a month the one before', undefined, '2026-04-15', '2026-03-01'],
    ['from then on the month itself', undefined, '2026-04-16', '2026-04-01'],
    ['in January that of last year', undefined, '2026-01-03', '2025-12-01'],
    ['the one that was asked for', '2025-11', '2026-04-16', '2025-11-01'],
    ['not one to come', '2026-09', '2026-04-16', '2026-04-01'],
    ['not one that does not exist', '2026-13', '2026-04-16', '2026-04-01'],
  ])('%s', (_, asked, today, month) => expect(shownMonth(asked, calendarDate(today))).toBe(month))
})

const nothing = {
  month: '2026-03',
  from: '2026-03-01',
  until: '2026-03-31',
  approval: true,
  submitting: { weeks: 0, people: [] },
  approving: { hours: 0, minutes: 0, expenses: 0, trips: 0, rejected: 0, people: [] },
  invoicing: { count: 0, totals: [], customers: [], withoutRateMinutes: 0, withoutRateKm: '0.0' },
  sending: { count: 0, amounts: [], drafts: [] },
  posting: {
    connection: { id: 'c', packageName: 'P', state: 'connected', readsPayments: true },
    count: 0,
    amounts: [],
    invoices: [],
    invoiceIds: [],
    underWay: 0,
  },
  refused: { count: 0, groups: [] },
  paying: {
    count: 0,
    amounts: [],
    overdue: 0,
    overdueAmounts: [],
    invoices: [],
    made: { count: 0, amounts: [], unknown: 0, notBooked: 0 },
  },
} satisfies MonthEnd

describe('what is left', () => {
  it('is nothing when every step is done', () => {
    expect(Object.values(leftOf(nothing)).every((left) => left === 0)).toBe(true)
  })
  it('leaves out approval where the firm has none, and the books where no package is connected', () => {
    const left = leftOf({ ...nothing, approval: false, posting: { ...nothing.posting, connection: null } })
    expect(Object.keys(left)).toEqual(['submitting', 'invoicing', 'sending', 'paying'])
  })
  it('names the steps that one may not see, and counts nothing of them', () => {
    const { submitting: _, approving, invoicing, posting, refused, ...seen } = nothing
    expect(stepsOf(seen)).toEqual(['submitting', 'approving', 'invoicing', 'sending', 'posting', 'refused', 'paying'])
    expect(Object.keys(leftOf(seen))).toEqual(['sending', 'paying'])
  })
  it('is never nothing while the package lets nobody in', () => {
    const { connection } = nothing.posting
    const left = leftOf({
      ...nothing,
      posting: { ...nothing.posting, connection: { ...connection, state: 'reconnect' } },
    })
    expect(left).toMatchObject({ posting: 1 })
  })
  it('counts work without a rate as not invoiced, and only what is overdue as not paid', () => {
    const left = leftOf({
      ...nothing,
      invoicing: { ...nothing.invoicing, count: 1, withoutRateMinutes: 30 },
      paying: { ...nothing.paying, count: 3, overdue: 1 },
    })
    expect(left).toMatchObject({ invoicing: 1, paying: 1 })
  })
})
