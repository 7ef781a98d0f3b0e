import { calendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { describe, expect, it } from 'vitest'
import { type Length, movedPeriod, periodAt, shownPeriod } from './vat-period.ts'

describe('periods of a VAT return', () => {
  it.each<[Length, string, string, string]>([
    ['month', '2026-02-14', '2026-02-01', '2026-02-28'],
    ['quarter', '2026-02-14', '2026-01-01', '2026-03-31'],
    ['quarter', '2026-12-31', '2026-10-01', '2026-12-31'],
    ['year', '2028-02-29', '2028-01-01', '2028-12-31'],
  ])('the %s of %s', (length, day, from, until) => {
    expect(periodAt(length, calendarDate(day))).toEqual({ length, from, until })
  })

  it('opens at the quarter that is declared now', () => {
    expect(shownPeriod({}, calendarDate('2026-04-12'))).toMatchObject({ from: '2026-01-01', until: '2026-03-31' })
    expect(shownPeriod({}, calendarDate('2026-02-12'))).toMatchObject({ from: '2026-01-01' })
  })

  it('moves by its own length, over the end of a year too', () => {
    const quarter = periodAt('quarter', calendarDate('2026-01-31'))
    expect(movedPeriod(quarter, -1)).toMatchObject({ from: '2025-10-01', until: '2025-12-31' })
    expect(movedPeriod(quarter, 1)).toMatchObject({ from: '2026-04-01', until: '2026-06-30' })
  })
})
