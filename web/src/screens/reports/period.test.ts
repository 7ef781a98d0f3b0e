import { calendarDate as day } from '@uurwerk/core/shared/calendar-date.ts'
import { expect, it } from 'vitest'
import { monthsOf, type ReportPeriod, reportPeriod } from './period.ts'

it.each<[ReportPeriod, string, string, string]>([
  ['year', '2026-03-31', '2026-01-01', '2026-12-31'],
  ['last-year', '2026-01-01', '2025-01-01', '2025-12-31'],
  ['twelve-months', '2026-03-31', '2025-04-01', '2026-03-31'],
  ['twelve-months', '2024-02-29', '2023-03-01', '2024-02-29'],
])('%s on %s is %s to %s', (period, today, from, until) => {
  expect(reportPeriod(period, day(today))).toEqual({ from, until })
})

it('names every month of a period once', () => {
  expect(monthsOf(day('2025-11-15'), day('2026-02-01'))).toEqual(['2025-11', '2025-12', '2026-01', '2026-02'])
})
