import { addDays, type CalendarDate, calendarDate, yearOf } from '@uurwerk/core/shared/calendar-date.ts'
import { sql } from 'kysely'
import type { Language } from '../http/call.ts'
import type { Trx } from '../store/database.ts'

export type HolidayType = 'public' | 'bank' | 'school' | 'optional' | 'observance'

/** A day that a country marks, whether or not anybody is free on it. */
export interface Holiday {
  readonly date: CalendarDate
  /** The same in every year: `easter 1`. */
  readonly rule: string
  readonly name: string
  readonly type: HolidayType
}

export interface HolidayPlace {
  /** ISO 3166-1, two letters. */
  readonly country: string
  /** A part of the country, as `regionsOf` names it. */
  readonly region: string | null
}

/** The rules of all countries are large: read when first asked for. */
const library = async () => (await import('date-holidays')).default

type AskedYear = HolidayPlace & { readonly year: number; readonly language: Language }

const years = new Map<string, Promise<readonly Holiday[]>>()
const mostYears = 500

/** What a country marks in a year, by day; none of a country that is not known. */
export function holidaysOf(asked: AskedYear): Promise<readonly Holiday[]> {
  const key = `${asked.country} ${asked.region ?? ''} ${asked.year} ${asked.language}`
  const known = years.get(key)
  if (known) return known
  if (years.size >= mostYears) years.clear()
  const found = find(asked)
  years.set(key, found)
  return found
}

async function find({ country, region, year, language }: AskedYear): Promise<readonly Holiday[]> {
  const Holidays = await library()
  const rules = region ? new Holidays(country, region) : new Holidays(country)
  return rules.getHolidays(year, language).flatMap(({ date, start, end, rule, name, type }) => {
    // The text is the day where it is celebrated; the instants are those of its midnight there.
    const first = calendarDate(date.slice(0, 10))
    const days = Math.max(1, Math.round((end.getTime() - start.getTime()) / 86_400_000))
    return Array.from({ length: days }, (_, index) => ({ date: addDays(first, index), rule, name, type }))
  })
}

/** Countries whose holidays are known. */
export async function holidayCountries(): Promise<readonly string[]> {
  const Holidays = await library()
  return Object.keys(new Holidays().getCountries()).sort()
}

interface AskedRegions {
  readonly country: string
  readonly year: number
  readonly language: Language
}

/** Parts of a country that mark other days than the country does, by name. */
export async function regionsOf({ country, year, language }: AskedRegions): Promise<{ code: string; name: string }[]> {
  const Holidays = await library()
  const names: Record<string, string> | undefined = new Holidays().getStates(country, language)
  const daysOf = async (region: string | null) => {
    const days = await holidaysOf({ country, region, year, language })
    return days.map(({ date, rule, type }) => `${date} ${rule} ${type}`).join()
  }
  const whole = await daysOf(null)
  const found: { code: string; name: string }[] = []
  for (const [code, name] of Object.entries(names ?? {})) if ((await daysOf(code)) !== whole) found.push({ code, name })
  return found.sort((one, other) => one.name.localeCompare(other.name, language))
}

/** Which days of which country are free in a firm. */
export interface HolidayChoices extends HolidayPlace {
  readonly chosenCountry: string | null
  /** By rule for every year, by year and rule for one. */
  readonly free: ReadonlyMap<string, boolean>
}

/** How a choice for one year is kept beside those for every year. */
export const choiceOf = (rule: string, year?: number): string => (year === undefined ? rule : `${year} ${rule}`)

export async function holidayChoices(trx: Trx, firmId: string): Promise<HolidayChoices> {
  const { rows } = await sql<{
    country: string
    chosen: string | null
    region: string | null
    rule: string | null
    free: boolean | null
  }>`
    select coalesce(f.holiday_country, f.country) as country, f.holiday_country as chosen, f.holiday_region as region, c.rule, c.free
    from firm f left join holiday_choice c on c.firm_id = f.firm_id
    where f.firm_id = ${firmId}::uuid`.execute(trx)
  const [first] = rows
  return {
    country: first?.country as string,
    chosenCountry: first?.chosen ?? null,
    region: first?.region ?? null,
    free: new Map(rows.flatMap(({ rule, free }) => (rule === null || free === null ? [] : [[rule, free] as const]))),
  }
}

/** Public holidays are free unless the firm chose otherwise, for this year or for every one. */
export const isFree = ({ free }: HolidayChoices, { date, rule, type }: Holiday): boolean =>
  free.get(choiceOf(rule, yearOf(date))) ?? free.get(rule) ?? type === 'public'

export interface HolidayPeriod {
  readonly from: CalendarDate
  readonly until: CalendarDate
  readonly language: Language
}

/** The days of a period on which nobody of the firm has to work, in order. */
export async function freeHolidays(
  trx: Trx,
  firmId: string,
  { from, until, language }: HolidayPeriod,
): Promise<readonly { readonly date: CalendarDate; readonly name: string }[]> {
  const choices = await holidayChoices(trx, firmId)
  // A feast of some days may have begun in the year before.
  const first = yearOf(addDays(from, -7))
  const asked = Array.from({ length: yearOf(until) - first + 1 }, (_, index) => first + index)
  const found = await Promise.all(asked.map((year) => holidaysOf({ ...choices, year, language })))
  return found
    .flat()
    .filter((day) => day.date >= from && day.date <= until && isFree(choices, day))
    .map(({ date, name }) => ({ date, name }))
    .sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0))
}
