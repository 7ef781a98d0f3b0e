import { describe, expect, it } from 'vitest'
import { type Holidays, holidayRows } from './holiday-rows.ts'

const day = (date: string, rule: string, more: Partial<Holidays['days'][number]> = {}) => ({
  date,
  rule,
  name: rule,
  type: 'public' as const,
  free: true,
  freeByDefault: true,
  chosen: null,
  chosenThisYear: null,
  ...more,
})
const school = { type: 'school', free: false, freeByDefault: false } as const
const holidays = (year: number, days: Holidays['days']): Holidays => ({
  year,
  days,
  country: 'NL',
  chosenCountry: null,
  region: null,
  known: true,
  countries: ['NL'],
  regions: [],
})

describe('holidays of two years', () => {
  it('stand in one row each, in the order of the first year', () => {
    const rows = holidayRows(
      holidays(2026, [day('2026-04-06', 'easter 1'), day('2026-04-27', 'king')]),
      holidays(2027, [day('2027-03-29', 'easter 1'), day('2027-04-27', 'king')]),
    )
    expect(rows.map(({ rule }) => rule)).toEqual(['easter 1', 'king'])
    expect(rows[0]?.years.map((days) => days.map(({ date }) => date))).toEqual([['2026-04-06'], ['2027-03-29']])
  })

  it('that only one of the years has, or that last for days, lose nothing', () => {
    const rows = holidayRows(
      holidays(2026, [day('2026-01-01', 'new year'), day('2026-01-02', 'new year')]),
      holidays(2027, [day('2027-05-05', 'once')]),
    )
    expect(rows.map(({ years }) => years.map((days) => days.length))).toEqual([
      [2, 0],
      [0, 1],
    ])
  })

  it('that nobody has off stand aside until the firm chooses them, for every year or for one', () => {
    const years = (more: object, moreNext: object = {}) =>
      holidayRows(
        holidays(2026, [day('2026-05-05', 'liberation', { ...school, ...more })]),
        holidays(2027, [day('2027-05-05', 'liberation', { ...school, ...moreNext })]),
      )
    expect(years({})).toMatchObject([{ aside: true, free: false }])
    expect(years({ chosen: true }, { chosen: true })).toMatchObject([{ aside: false, free: true }])
    expect(years({}, { chosenThisYear: true })).toMatchObject([{ aside: false, free: false }])
  })

  it('on which the firm works stay in sight', () => {
    const works = { chosen: false, free: false }
    const rows = holidayRows(
      holidays(2026, [day('2026-04-06', 'easter 1', works)]),
      holidays(2027, [day('2027-03-29', 'easter 1', works)]),
    )
    expect(rows).toMatchObject([{ free: false, freeByDefault: true, aside: false }])
  })
})
