import { calendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { contractMinutesOn } from '@uurwerk/core/time/contract.ts'
import { expect, it } from 'vitest'
import { contractsWithin } from './person-time.ts'

const day = calendarDate
const contract = (from: string, minutes: number) => ({
  from: day(from),
  minutesPerDay: [minutes, minutes, minutes, minutes, minutes, 0, 0],
})
const two = [contract('2025-01-01', 480), contract('2026-02-02', 240)]

it.each([
  ['no dates', null, null, { '2024-12-31': 0, '2025-01-01': 480, '2026-02-02': 240, '2027-01-04': 240 }],
  ['begins within a contract', '2025-06-02', null, { '2025-05-30': 0, '2025-06-02': 480, '2026-02-02': 240 }],
  ['begins where the second contract does', '2026-02-02', null, { '2026-01-30': 0, '2026-02-02': 240 }],
  ['begins after both', '2026-03-02', null, { '2026-02-27': 0, '2026-03-02': 240 }],
  ['begins before the first contract', '2024-06-03', null, { '2024-06-03': 0, '2025-01-01': 480 }],
  ['ends within the first', null, '2025-12-31', { '2025-12-31': 480, '2026-01-01': 0, '2026-02-02': 0 }],
  ['ends within the second', null, '2026-02-03', { '2026-02-03': 240, '2026-02-04': 0 }],
  ['works a single day', '2025-06-02', '2025-06-02', { '2025-05-30': 0, '2025-06-02': 480, '2025-06-03': 0 }],
])('nothing is agreed outside employment: %s', (_, startsOn, endsOn, expected) => {
  const within = contractsWithin(two, {
    startsOn: startsOn ? day(startsOn) : null,
    endsOn: endsOn ? day(endsOn) : null,
  })
  const found = Object.keys(expected).map((date) => [date, contractMinutesOn(within, day(date))])
  expect(Object.fromEntries(found)).toEqual(expected)
})
