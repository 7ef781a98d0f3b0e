import type { components } from '@uurwerk/api/generated/schema.d.ts'

export type Holidays = components['schemas']['Holidays']
type Day = Holidays['days'][number]

/** One holiday in two years that follow each other. */
export interface HolidayRow {
  readonly rule: string
  readonly name: string
  /** Free every year, unless a year says otherwise. */
  readonly free: boolean
  readonly freeByDefault: boolean
  /** Neither public nor chosen: most firms need not look at it. */
  readonly aside: boolean
  /** Its days in each of the years; none where it is not celebrated. */
  readonly years: readonly [readonly Day[], readonly Day[]]
}

/** Holidays in the order of the year. */
export function holidayRows(first: Holidays, second: Holidays): readonly HolidayRow[] {
  const byRule = Map.groupBy([...first.days, ...second.days], ({ rule }) => rule)
  const rows = [...byRule.values()].flatMap((days): HolidayRow[] => {
    const [day] = days
    if (!day) return []
    const inYear = (year: number) => days.filter(({ date }) => date.startsWith(`${year}-`))
    return [
      {
        rule: day.rule,
        name: day.name,
        free: day.chosen ?? day.freeByDefault,
        freeByDefault: day.freeByDefault,
        aside: !day.freeByDefault && days.every(({ chosen, chosenThisYear }) => !chosen && chosenThisYear === null),
        years: [inYear(first.year), inYear(second.year)],
      },
    ]
  })
  const placeOf = ({ years }: HolidayRow) => (years[0][0] ?? years[1][0])?.date.slice(5) ?? ''
  return rows.toSorted((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1))
}
