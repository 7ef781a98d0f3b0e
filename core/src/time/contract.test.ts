import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays, calendarDate as day } from '../shared/calendar-date.ts'
import {
  type Absence,
  type AbsenceCounts,
  absenceCounts,
  type ContractHours,
  contractMinutesOn,
  dayAgainstContract,
  type TimeOfPerson,
  weekAgainstContract,
} from './contract.ts'
import { formatDuration } from './duration.ts'

const seed = { seed: 20260331 }
const contract = (from: string, ...hours: number[]): ContractHours => ({
  from: day(from),
  minutesPerDay: hours.map((each) => each * 60),
})
const fullTime = contract('2025-01-01', 8, 8, 8, 8, 8, 0, 0)
const threeDays = contract('2026-04-01', 8, 8, 0, 8, 0, 0, 0)

const worked = (date: string, hours: number) => ({ date: day(date), minutes: hours * 60 })
const absence = (date: string, hours: number, counts: AbsenceCounts): Absence => ({
  ...worked(date, hours),
  kind: { counts },
})
const leave = (date: string, hours: number) => absence(date, hours, 'as-worked')
const unpaid = (date: string, hours: number) => absence(date, hours, 'less-contract')
const easterMonday = { date: day('2026-04-06'), name: 'Tweede paasdag' }
const kingsDay = { date: day('2026-04-27'), name: 'Koningsdag' }

const person = (time: Partial<TimeOfPerson>): TimeOfPerson => ({
  contracts: [fullTime],
  hours: [],
  absences: [],
  holidays: [],
  ...time,
})

describe('the contract of a day', () => {
  it.each([
    ['2024-12-31', '0:00'], // before the first
    ['2025-01-01', '8:00'],
    ['2026-03-28', '0:00'], // Saturday
    ['2026-03-31', '8:00'], // Tuesday, the last day of the old one
    ['2026-04-01', '0:00'], // Wednesday, now off
    ['2026-04-02', '8:00'],
  ])('%s: %s', (date, minutes) => {
    for (const contracts of [
      [fullTime, threeDays],
      [threeDays, fullTime],
    ])
      expect(formatDuration(contractMinutesOn(contracts, day(date)))).toBe(minutes)
  })
  it('has seven days', () => {
    expect(() => contractMinutesOn([contract('2025-01-01', 8, 8, 8, 8, 8)], day('2026-03-31'))).toThrow('seven')
  })
})

describe('a day against the contract', () => {
  // Monday 2 March 2026: registered + absent − contract = difference
  it.each<[string, string, Partial<TimeOfPerson>, string]>([
    [
      'worked as agreed',
      '2026-03-02',
      { hours: [worked('2026-03-02', 5), worked('2026-03-02', 3)] },
      '8:00 0:00 8:00 0:00',
    ],
    ['nothing yet', '2026-03-02', {}, '0:00 0:00 8:00 −8:00'],
    ['too long', '2026-03-02', { hours: [worked('2026-03-02', 9.5)] }, '9:30 0:00 8:00 1:30'],
    ['on a Saturday', '2026-03-07', { hours: [worked('2026-03-07', 2)] }, '2:00 0:00 0:00 2:00'],
    [
      'half a day of leave',
      '2026-03-02',
      { hours: [worked('2026-03-02', 4)], absences: [leave('2026-03-02', 4)] },
      '4:00 4:00 8:00 0:00',
    ],
    [
      'half a day of unpaid leave',
      '2026-03-02',
      { hours: [worked('2026-03-02', 4)], absences: [unpaid('2026-03-02', 4)] },
      '4:00 0:00 4:00 0:00',
    ],
    [
      'more unpaid leave than there was to work',
      '2026-03-02',
      { absences: [unpaid('2026-03-02', 9)] },
      '0:00 0:00 0:00 0:00',
    ],
    [
      'leave for half a day, and the other half grew longer',
      '2026-03-02',
      { hours: [worked('2026-03-02', 5)], absences: [leave('2026-03-02', 4)] },
      '5:00 4:00 8:00 1:00',
    ],
    ['hours of another day', '2026-03-02', { hours: [worked('2026-03-03', 8)] }, '0:00 0:00 8:00 −8:00'],
    ['a public holiday', '2026-04-06', { holidays: [easterMonday] }, '0:00 8:00 8:00 0:00'],
    [
      'a public holiday on which he worked',
      '2026-04-06',
      { holidays: [easterMonday], hours: [worked('2026-04-06', 3)] },
      '3:00 8:00 8:00 3:00',
    ],
    [
      'leave over a public holiday, counted once',
      '2026-04-06',
      { holidays: [easterMonday], absences: [leave('2026-04-06', 8)] },
      '0:00 8:00 8:00 0:00',
    ],
    [
      'unpaid leave over a public holiday: nothing expected, nothing given',
      '2026-04-06',
      { holidays: [easterMonday], absences: [unpaid('2026-04-06', 8)] },
      '0:00 0:00 0:00 0:00',
    ],
    [
      'two public holidays on one day, counted once',
      '2026-04-06',
      { holidays: [easterMonday, { ...easterMonday, name: 'Stadsfeest' }] },
      '0:00 8:00 8:00 0:00',
    ],
    [
      'a public holiday on a day off gives nothing',
      '2026-04-29',
      { contracts: [fullTime, threeDays], holidays: [{ ...kingsDay, date: day('2026-04-29') }] },
      '0:00 0:00 0:00 0:00',
    ],
    ['before the contract', '2024-03-04', { hours: [worked('2024-03-04', 1)] }, '1:00 0:00 0:00 1:00'],
  ])('%s', (_, date, time, expected) => {
    const found = dayAgainstContract(day(date), person(time))
    const { registeredMinutes, absentMinutes, contractMinutes, differenceMinutes } = found
    expect([registeredMinutes, absentMinutes, contractMinutes, differenceMinutes].map(formatDuration).join(' ')).toBe(
      expected,
    )
  })

  it('names the holiday, also for who is off that day', () => {
    const time = person({ contracts: [threeDays], holidays: [easterMonday, kingsDay] })
    expect(dayAgainstContract(day('2026-04-06'), time).holiday).toBe('Tweede paasdag')
    expect(dayAgainstContract(day('2026-04-07'), time).holiday).toBeNull()
  })
})

describe('a week against the contract', () => {
  it('of Easter: a holiday, a day of leave, a day unpaid and a long Friday', () => {
    const week = weekAgainstContract(
      day('2026-04-06'),
      person({
        holidays: [easterMonday, kingsDay],
        hours: [worked('2026-04-08', 8), worked('2026-04-10', 9), worked('2026-04-13', 8)],
        absences: [leave('2026-04-07', 8), unpaid('2026-04-09', 8)],
      }),
    )
    expect(week).toMatchObject({
      registeredMinutes: 17 * 60,
      absentMinutes: 16 * 60,
      contractMinutes: 32 * 60,
      differenceMinutes: 60,
    })
    expect(week.days.map(({ differenceMinutes }) => differenceMinutes / 60)).toEqual([0, 0, 0, 0, 1, 0, 0])
    expect(week.days[0]).toMatchObject({ date: '2026-04-06', holiday: 'Tweede paasdag' })
  })

  it('takes each day by the contract of that day', () => {
    const week = weekAgainstContract(day('2026-03-30'), person({ contracts: [fullTime, threeDays] }))
    expect(week.days.map(({ contractMinutes }) => contractMinutes / 60)).toEqual([8, 8, 0, 8, 0, 0, 0])
  })

  it('begins on Monday', () => {
    expect(() => weekAgainstContract(day('2026-04-07'), person({}))).toThrow('Monday')
  })

  const monday = day('2026-03-30')
  const date = fc.integer({ min: -3, max: 9 }).map((days) => addDays(monday, days))
  const minutes = fc.integer({ min: 1, max: 720 })
  const anyTime = fc.record({
    contracts: fc.array(
      fc.record({
        from: date,
        minutesPerDay: fc.array(fc.integer({ min: 0, max: 600 }), { minLength: 7, maxLength: 7 }),
      }),
      { maxLength: 3 },
    ),
    hours: fc.array(fc.record({ date, minutes }), { maxLength: 10 }),
    absences: fc.array(fc.record({ date, minutes, kind: fc.record({ counts: fc.constantFrom(...absenceCounts) }) }), {
      maxLength: 5,
    }),
    holidays: fc.array(fc.record({ date, name: fc.constant('Feestdag') }), { maxLength: 3 }),
  })

  it('is the sum of its days, and a holiday is never more than what was expected that day', () => {
    fc.assert(
      fc.property(anyTime, (time) => {
        const week = weekAgainstContract(monday, time)
        const { registeredMinutes, absentMinutes, contractMinutes, differenceMinutes } = week
        expect(differenceMinutes).toBe(registeredMinutes + absentMinutes - contractMinutes)
        expect(differenceMinutes).toBe(week.days.reduce((sum, one) => sum + one.differenceMinutes, 0))
        for (const one of week.days) {
          expect(one.differenceMinutes).toBe(one.registeredMinutes + one.absentMinutes - one.contractMinutes)
          expect(one.contractMinutes).toBeGreaterThanOrEqual(0)
          expect(one.contractMinutes).toBeLessThanOrEqual(contractMinutesOn(time.contracts, one.date))
          const without = dayAgainstContract(one.date, { ...time, holidays: [] })
          expect(one.absentMinutes - without.absentMinutes).toBeLessThanOrEqual(one.contractMinutes)
          expect(one.absentMinutes >= one.contractMinutes || one.holiday === null).toBe(true)
        }
      }),
      seed,
    )
  })

  it('of nothing but holidays is never short', () => {
    fc.assert(
      fc.property(anyTime, ({ contracts }) => {
        const holidays = Array.from({ length: 7 }, (_, index) => ({ date: addDays(monday, index), name: 'Feestdag' }))
        expect(weekAgainstContract(monday, person({ contracts, holidays })).differenceMinutes).toBe(0)
      }),
      seed,
    )
  })
})
