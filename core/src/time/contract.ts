import { assert } from '../shared/assert.ts'
import { addDays, type CalendarDate, dayOfWeek } from '../shared/calendar-date.ts'

/** What a person has agreed to work, from a day on, until the next row. */
export interface ContractHours {
  readonly from: CalendarDate
  /** Seven, Monday first; 0 on a day off. */
  readonly minutesPerDay: readonly number[]
}

/**
 * How an absence counts: `as-worked` (leave, sickness: paid time off that fills the contract) or `less-contract` (unpaid
 * leave: so much less is expected).
 */
export const absenceCounts = ['as-worked', 'less-contract'] as const
export type AbsenceCounts = (typeof absenceCounts)[number]

export interface Absence {
  readonly date: CalendarDate
  readonly minutes: number
  readonly kind: { readonly counts: AbsenceCounts }
}

export interface PublicHoliday {
  readonly date: CalendarDate
  readonly name: string
}

/** All of one person; rows of other days are passed over. */
export interface TimeOfPerson {
  readonly contracts: readonly ContractHours[]
  readonly hours: readonly { readonly date: CalendarDate; readonly minutes: number }[]
  readonly absences: readonly Absence[]
  readonly holidays: readonly PublicHoliday[]
}

export interface AgainstContract {
  readonly registeredMinutes: number
  /** What counts as worked without being so, public holidays included. */
  readonly absentMinutes: number
  /** What is expected: the contract less unpaid leave. */
  readonly contractMinutes: number
  /** Registered and absent less contract: above 0 is more than agreed. */
  readonly differenceMinutes: number
}

export interface DayAgainstContract extends AgainstContract {
  readonly date: CalendarDate
  /** The public holiday it is, also for who does not work on that weekday. */
  readonly holiday: string | null
}

export interface WeekAgainstContract extends AgainstContract {
  /** Monday to Sunday. */
  readonly days: readonly DayAgainstContract[]
}

/** The contract minutes of a day: of the latest contract that had begun, 0 before the first. */
export function contractMinutesOn(contracts: readonly ContractHours[], date: CalendarDate): number {
  const began = contracts.filter(({ from }) => from <= date)
  if (began.length === 0) return 0
  const { minutesPerDay } = began.reduce((latest, one) => (one.from > latest.from ? one : latest))
  assert(minutesPerDay.length === 7, 'a contract has the minutes of seven days')
  return minutesPerDay[dayOfWeek(date) - 1] as number
}

/**
 * One day of one person. A public holiday is worth the contract minutes of that day, whatever is registered on it, so
 * work on it is extra; leave or sickness on it is the same absence and not counted twice: the longer of the two.
 */
export function dayAgainstContract(
  date: CalendarDate,
  { contracts, hours, absences, holidays }: TimeOfPerson,
): DayAgainstContract {
  const absent = (counts: AbsenceCounts) =>
    minutesOn(
      date,
      absences.filter(({ kind }) => kind.counts === counts),
    )
  const contractMinutes = Math.max(0, contractMinutesOn(contracts, date) - absent('less-contract'))
  const names = holidays.filter((holiday) => holiday.date === date).map(({ name }) => name)
  const absentMinutes = Math.max(absent('as-worked'), names.length > 0 ? contractMinutes : 0)
  const registeredMinutes = minutesOn(date, hours)
  return {
    date,
    holiday: names.length > 0 ? names.join(', ') : null,
    registeredMinutes,
    absentMinutes,
    contractMinutes,
    differenceMinutes: registeredMinutes + absentMinutes - contractMinutes,
  }
}

/** The seven days from a Monday on, and their sums. */
export function weekAgainstContract(monday: CalendarDate, time: TimeOfPerson): WeekAgainstContract {
  assert(dayOfWeek(monday) === 1, `a week begins on Monday, not on ${monday}`)
  const days = Array.from({ length: 7 }, (_, index) => dayAgainstContract(addDays(monday, index), time))
  const total = (minutes: keyof AgainstContract) => days.reduce((sum, day) => sum + day[minutes], 0)
  return {
    days,
    registeredMinutes: total('registeredMinutes'),
    absentMinutes: total('absentMinutes'),
    contractMinutes: total('contractMinutes'),
    differenceMinutes: total('differenceMinutes'),
  }
}

const minutesOn = (date: CalendarDate, rows: readonly { readonly date: CalendarDate; readonly minutes: number }[]) =>
  rows.reduce((sum, row) => (row.date === date ? sum + row.minutes : sum), 0)
