import { calendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { expect, it } from 'vitest'
import { periodsAround } from './periods.ts'

const around = (day: string) =>
  Object.fromEntries(
    periodsAround(calendarDate(day)).map(({ word, from, until }) => [String(word).split('.')[2], `${from} ${until}`]),
  )

it('knows weeks, months, quarters and years around a day', () => {
  expect(around('2026-01-01')).toEqual({
    thisWeek: '2025-12-29 2026-01-04',
    lastWeek: '2025-12-22 2025-12-28',
    thisMonth: '2026-01-01 2026-01-31',
    lastMonth: '2025-12-01 2025-12-31',
    thisQuarter: '2026-01-01 2026-03-31',
    lastQuarter: '2025-10-01 2025-12-31',
    thisYear: '2026-01-01 2026-12-31',
    lastYear: '2025-01-01 2025-12-31',
  })
  expect(around('2024-05-31')).toMatchObject({
    lastMonth: '2024-04-01 2024-04-30',
    thisQuarter: '2024-04-01 2024-06-30',
    lastQuarter: '2024-01-01 2024-03-31',
  })
})
