import { describe, expect, it } from 'vitest'
import { placeRates, type Rate } from './place-rates.ts'

const rate = (id: string, from: string, activityId = 'a'): Rate => ({
  id,
  scope: 'activity',
  activityId,
  projectId: null,
  customerId: null,
  memberId: null,
  amount: '95.00',
  currency: 'EUR',
  from,
  version: 1,
})

describe('dated rates', () => {
  it('hold from their day until the next begins', () => {
    const placed = placeRates([rate('1', '2025-01-01'), rate('3', '2027-01-01'), rate('2', '2026-01-01')], '2026-11-21')
    expect(placed.map((one) => [one.rate.id, one.when, one.next])).toEqual([
      ['3', 'later', null],
      ['2', 'now', '2027-01-01'],
      ['1', 'past', '2026-01-01'],
    ])
  })
  it('take over on the very day', () => {
    const placed = placeRates([rate('1', '2025-01-01'), rate('2', '2026-11-21')], '2026-11-21')
    expect(placed.map((one) => one.when)).toEqual(['now', 'past'])
  })
  it('of two subjects do not end each other', () => {
    const placed = placeRates([rate('1', '2025-01-01', 'a'), rate('2', '2026-01-01', 'b')], '2026-11-21')
    expect(placed.map((one) => one.when)).toEqual(['now', 'now'])
  })
})
