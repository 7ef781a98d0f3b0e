import { expect, it } from 'vitest'
import { calendarDate as day } from '../shared/calendar-date.ts'
import { dueDateOf } from './due-date.ts'

it.each([
  ['2026-03-31', 30, false, '2026-04-30'],
  ['2026-02-28', 0, false, '2026-02-28'],
  ['2026-12-20', 14, false, '2027-01-03'],
  ['2026-02-10', 0, true, '2026-02-28'],
  ['2026-02-28', 30, true, '2026-03-30'],
  ['2024-02-10', 1, true, '2024-03-01'],
])('an invoice of %s with %i days, end of month %s, is due on %s', (date, days, endOfMonth, due) => {
  expect(dueDateOf(day(date), { days, endOfMonth })).toBe(due)
})
