import { describe, expect, it } from 'vitest'
import { calendarDate as day } from '../shared/calendar-date.ts'
import { type Approval, isUninvoiced } from './hour-entry.ts'

const writtenOffAt = '2026-04-01T08:00:00Z'

describe('uninvoiced', () => {
  const today = day('2026-03-31')
  const entry = { date: today, billable: true, approval: 'approved' as Approval, claim: null, writtenOffAt: null }
  const tomorrow = day('2026-04-01')
  it.each([
    ['approved, approval on', entry, { approvalOn: true, today }, true],
    ['submitted, approval on', { ...entry, approval: 'submitted' as const }, { approvalOn: true, today }, false],
    ['rejected, approval on', { ...entry, approval: 'rejected' as const }, { approvalOn: true, today }, false],
    ['open, approval off', { ...entry, approval: 'open' as const }, { approvalOn: false, today }, true],
    ['tomorrow, approval off', { ...entry, date: tomorrow }, { approvalOn: false, today }, false],
    ['tomorrow but approved', { ...entry, date: tomorrow }, { approvalOn: true, today }, true],
    ['not billable', { ...entry, billable: false }, { approvalOn: true, today }, false],
    ['reserved', { ...entry, claim: 'draft' as const }, { approvalOn: true, today }, false],
    ['written off', { ...entry, writtenOffAt }, { approvalOn: true, today }, false],
    ['covered by a fixed price', entry, { approvalOn: true, today, method: 'fixed-price' as const }, false],
    ['by the hour', entry, { approvalOn: true, today, method: 'hourly-user' as const }, true],
  ])('%s: %j %j %s', (_, facts, at, expected) => expect(isUninvoiced(facts, at)).toBe(expected))
})
