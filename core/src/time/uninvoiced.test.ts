import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type InvoicingMethod, invoicingMethods } from '../projects/invoicing-method.ts'
import { addDays, calendarDate as day } from '../shared/calendar-date.ts'
import { approvals } from './entry-facts.ts'
import {
  type AgeBucket,
  type Asking,
  ageBucket,
  ageBuckets,
  ageDays,
  type BillableEntry,
  type Billing,
  billingOf,
  isUninvoiced,
  notYetApproved,
} from './uninvoiced.ts'

const seed = { seed: 20260331 }
const today = day('2026-03-31')
const tomorrow = day('2026-04-01')
const writtenOffAt = '2026-04-01T08:00:00Z'

const hours: BillableEntry = {
  kind: 'hours',
  date: today,
  billable: true,
  approval: 'approved',
  claim: null,
  writtenOffAt: null,
  method: 'hourly-user',
}
const expense: BillableEntry = { ...hours, kind: 'expense' }
const trip: BillableEntry = { ...hours, kind: 'trip' }
const on: Asking = { approvalOn: true, today }
const off: Asking = { approvalOn: false, today }

describe('what is still to be invoiced', () => {
  it.each<[string, BillableEntry, Asking, Billing]>([
    ['approved', hours, on, 'uninvoiced'],
    ['approved, of tomorrow', { ...hours, date: tomorrow }, on, 'uninvoiced'],
    ['submitted', { ...hours, approval: 'submitted' }, on, 'not-yet-approved'],
    ['rejected', { ...hours, approval: 'rejected' }, on, 'not-yet-approved'],
    ['not submitted', { ...hours, approval: 'open' }, on, 'not-yet-approved'],
    ['approval off', { ...hours, approval: 'open' }, off, 'uninvoiced'],
    ['approval off, rejected in former days', { ...hours, approval: 'rejected' }, off, 'uninvoiced'],
    ['approval off, of tomorrow', { ...hours, date: tomorrow }, off, 'not-yet-due'],
    ['not billable', { ...hours, billable: false }, on, 'nothing'],
    ['on a draft', { ...hours, claim: 'draft' }, on, 'nothing'],
    ['on a sent invoice', { ...hours, claim: 'sent' }, on, 'nothing'],
    ['posted, not yet known', { ...hours, claim: 'posted' }, on, 'nothing'],
    ['on a document in the package', { ...hours, claim: 'document' }, on, 'nothing'],
    ['written off', { ...hours, writtenOffAt }, on, 'nothing'],
    ['written off before it was approved', { ...hours, approval: 'open', writtenOffAt }, on, 'nothing'],
    ['an expense', expense, on, 'uninvoiced'],
    ['an expense that waits', { ...expense, approval: 'submitted' }, on, 'not-yet-approved'],
    ['an expense of the firm itself', { ...expense, method: null }, on, 'nothing'],
    ['a trip', trip, on, 'uninvoiced'],
    ['a trip on a draft', { ...trip, claim: 'draft' }, on, 'nothing'],
  ])('%s', (_, entry, at, billing) => {
    expect(billingOf(entry, at)).toBe(billing)
    expect(isUninvoiced(entry, at)).toBe(billing === 'uninvoiced')
    expect(notYetApproved(entry, at)).toBe(billing === 'not-yet-approved')
  })

  it.each<[InvoicingMethod | null, Billing, Billing, Billing]>([
    [null, 'nothing', 'nothing', 'nothing'],
    ['none', 'nothing', 'nothing', 'nothing'],
    ['hourly-activity', 'uninvoiced', 'uninvoiced', 'uninvoiced'],
    ['hourly-user', 'uninvoiced', 'uninvoiced', 'uninvoiced'],
    ['hourly-project', 'uninvoiced', 'uninvoiced', 'uninvoiced'],
    ['hourly-customer', 'uninvoiced', 'uninvoiced', 'uninvoiced'],
    ['fixed-price', 'covered', 'uninvoiced', 'uninvoiced'],
    ['fixed-per-activity', 'covered', 'uninvoiced', 'uninvoiced'],
    ['subscription', 'covered', 'uninvoiced', 'uninvoiced'],
  ])('on a project with method %s: hours %s, expenses %s, trips %s', (method, ...expected) => {
    expect([hours, expense, trip].map((entry) => billingOf({ ...entry, method }, on))).toEqual(expected)
  })

  it('covered hours are no money, approved or not', () => {
    for (const approval of approvals)
      expect(billingOf({ ...hours, approval, method: 'fixed-price' }, on)).toBe('covered')
  })
})

describe('as at 31 December', () => {
  const asAt = day('2025-12-31')
  const december = { ...hours, date: day('2025-12-15') }
  const january = day('2026-01-05')
  it.each<[string, BillableEntry, Billing]>([
    ['work of December, not invoiced', december, 'uninvoiced'],
    ['invoiced on 5 January', { ...december, claim: 'sent', claimedOn: january }, 'uninvoiced'],
    ['on a draft dated 5 January', { ...december, claim: 'draft', claimedOn: january }, 'uninvoiced'],
    ['invoiced on 31 December', { ...december, claim: 'sent', claimedOn: asAt }, 'nothing'],
    ['invoiced on 20 December', { ...december, claim: 'sent', claimedOn: day('2025-12-20') }, 'nothing'],
    ['on a document whose date is not known', { ...december, claim: 'posted', claimedOn: null }, 'nothing'],
    ['work of 31 December', { ...december, date: asAt }, 'uninvoiced'],
    ['work of 1 January', { ...december, date: day('2026-01-01') }, 'nothing'],
    ['not approved yet', { ...december, approval: 'submitted' }, 'not-yet-approved'],
    ['written off', { ...december, writtenOffAt }, 'nothing'],
    ['covered, invoiced later', { ...december, method: 'fixed-price' }, 'covered'],
  ])('%s', (_, entry, billing) => {
    expect(billingOf(entry, { ...on, asAt })).toBe(billing)
  })
})

describe('whatever the entry is', () => {
  const date = fc.integer({ min: -40, max: 40 }).map((days) => addDays(today, days))
  const entry: fc.Arbitrary<BillableEntry> = fc.record({
    kind: fc.constantFrom('hours' as const, 'expense' as const, 'trip' as const),
    date,
    billable: fc.boolean(),
    approval: fc.constantFrom(...approvals),
    claim: fc.constantFrom(null, 'draft' as const, 'sent' as const, 'posted' as const, 'document' as const),
    claimedOn: date,
    writtenOffAt: fc.constantFrom(null, null, writtenOffAt),
    method: fc.constantFrom(null, ...invoicingMethods),
  })

  it('approving what waits makes it uninvoiced, and nothing else becomes so by it', () => {
    fc.assert(
      fc.property(entry, fc.option(date), (one, asAt) => {
        const at = { ...on, asAt }
        const then = billingOf({ ...one, approval: 'approved' }, at)
        expect(then === 'uninvoiced').toBe(isUninvoiced(one, at) || notYetApproved(one, at))
        expect(notYetApproved(one, { ...at, approvalOn: false })).toBe(false)
      }),
      seed,
    )
  })

  it('as at today, what is free is what it is now, but for what is dated later', () => {
    fc.assert(
      fc.property(entry, fc.boolean(), (one, approvalOn) => {
        fc.pre(one.date <= today && (one.claim === null || one.claimedOn! <= today))
        const at = { approvalOn, today }
        expect(billingOf(one, { ...at, asAt: today })).toBe(billingOf(one, at))
      }),
      seed,
    )
  })
})

describe('age', () => {
  it.each<[string, number, AgeBucket]>([
    ['2026-04-05', -5, '0-30'],
    ['2026-03-31', 0, '0-30'],
    ['2026-03-01', 30, '0-30'],
    ['2026-02-28', 31, '31-60'],
    ['2026-01-30', 60, '31-60'],
    ['2026-01-29', 61, '61-90'],
    ['2025-12-31', 90, '61-90'],
    ['2025-12-30', 91, 'over-90'],
    ['2020-01-01', 2281, 'over-90'],
  ])('of work of %s at the end of March 2026 is %i days: %s', (date, days, bucket) => {
    expect(ageDays(day(date), today)).toBe(days)
    expect(ageBucket(days)).toBe(bucket)
    expect(ageBuckets).toContain(bucket)
  })
})
