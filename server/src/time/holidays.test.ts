import { afterEach, describe, expect, it } from 'vitest'
import { holidayCountries, holidaysOf, regionsOf } from './holidays.ts'

const zone = process.env.TZ
afterEach(() => {
  if (zone === undefined) delete process.env.TZ
  else process.env.TZ = zone
})

const publicDays = async (country: string, year: number, region: string | null = null) =>
  (await holidaysOf({ country, region, year, language: 'nl' }))
    .filter(({ type }) => type === 'public')
    .map(({ date, name }) => `${date.slice(5)} ${name}`)

// Easter Sunday: 31 March 2024, 20 April 2025, 5 April 2026, 28 March 2027, 16 April 2028.
const dutch = {
  2024: ['03-31', '04-01', '04-27', '05-09', '05-19', '05-20'],
  2025: ['04-20', '04-21', '04-26', '05-29', '06-08', '06-09'],
  2026: ['04-05', '04-06', '04-27', '05-14', '05-24', '05-25'],
  2027: ['03-28', '03-29', '04-27', '05-06', '05-16', '05-17'],
  2028: ['04-16', '04-17', '04-27', '05-25', '06-04', '06-05'],
}
const belgian = {
  2024: ['04-01', '05-01', '05-09', '05-20'],
  2025: ['04-21', '05-01', '05-29', '06-09'],
  2026: ['04-06', '05-01', '05-14', '05-25'],
  2027: ['03-29', '05-01', '05-06', '05-17'],
  2028: ['04-17', '05-01', '05-25', '06-05'],
}
const german = {
  2024: ['03-29', '04-01', '05-01', '05-09', '05-20'],
  2025: ['04-18', '04-21', '05-01', '05-29', '06-09'],
  2026: ['04-03', '04-06', '05-01', '05-14', '05-25'],
  2027: ['03-26', '03-29', '05-01', '05-06', '05-17'],
  2028: ['04-14', '04-17', '05-01', '05-25', '06-05'],
}
const fixed = {
  NL: ['01-01', '12-25', '12-26'],
  BE: ['01-01', '07-21', '08-15', '11-01', '11-11', '12-25'],
  DE: ['01-01', '10-03', '12-25', '12-26'],
}
const table = Object.entries({ NL: dutch, BE: belgian, DE: german }).flatMap(([country, years]) =>
  Object.entries(years).map(([year, days]) => [country as keyof typeof fixed, Number(year), days] as const),
)

describe('public holidays', () => {
  it.each(table)('of %s in %i', async (country, year, days) => {
    const found = (await publicDays(country, year)).map((day) => day.slice(0, 5))
    expect([...new Set(found)].sort()).toEqual([...days, ...fixed[country]].sort())
  })

  it('are named as a Dutchman names them', async () => {
    expect(await publicDays('NL', 2026)).toEqual([
      '01-01 Nieuwjaar',
      '04-05 Pasen',
      '04-06 Tweede paasdag',
      '04-27 Koningsdag',
      '05-14 Hemelvaartsdag',
      '05-24 Pinksteren',
      '05-25 Tweede pinksterdag',
      '12-25 Kerstmis',
      '12-26 Tweede kerstdag',
    ])
  })

  it('leave Good Friday and Liberation Day to the firm', async () => {
    const all = await holidaysOf({ country: 'NL', region: null, year: 2025, language: 'en' })
    expect(all.filter(({ rule }) => rule === 'easter -2' || rule === '05-05')).toMatchObject([
      { date: '2025-04-18', name: 'Good Friday', type: 'school' },
      { date: '2025-05-05', name: 'Liberation Day', type: 'school' },
    ])
  })

  it('of Bavaria are more than those of Germany, and a region that is not there is none', async () => {
    expect(await publicDays('DE', 2026, 'BY')).toEqual(
      expect.arrayContaining(['01-06 Driekoningen', '06-04 Sacramentsdag', '11-01 Allerheiligen']),
    )
    expect(await publicDays('NL', 2026, 'BY')).toEqual(await publicDays('NL', 2026))
  })

  it('of regions are offered where they differ from those of the country', async () => {
    const asked = { year: 2026, language: 'nl' } as const
    expect((await regionsOf({ country: 'DE', ...asked })).map(({ code }) => code)).toEqual(
      expect.arrayContaining(['BY', 'NW', 'SN']),
    )
    expect(await regionsOf({ country: 'BE', ...asked })).toContainEqual({ code: 'VLG', name: 'Vlaamse Gemeenschap' })
    // Groningen, North and South Holland have school holidays of their own alone.
    expect(await regionsOf({ country: 'NL', ...asked })).toEqual([])
    expect(await regionsOf({ country: 'XX', ...asked })).toEqual([])
  })

  it('last as many days as they are celebrated', async () => {
    const feast = (await holidaysOf({ country: 'RO', region: null, year: 2026, language: 'en' })).filter(({ rule }) =>
      rule.startsWith('01-01'),
    )
    expect(feast.map(({ date }) => date)).toEqual(['2026-01-01', '2026-01-02'])
  })

  it('are none of a country that is not known', async () => {
    expect(await publicDays('XX', 2026)).toEqual([])
    expect(await holidayCountries()).toEqual(expect.arrayContaining(['NL', 'BE', 'DE', 'FR', 'LU', 'GB']))
    expect(await holidayCountries()).not.toContain('XX')
  })

  it.each(['Pacific/Auckland', 'America/Los_Angeles', 'UTC'])('are the same days on a machine in %s', async (tz) => {
    process.env.TZ = tz
    // Years that no other test has asked for, so that nothing is remembered.
    const year = { 'Pacific/Auckland': 2031, 'America/Los_Angeles': 2032, UTC: 2033 }[tz] as number
    const found = await holidaysOf({ country: 'NL', region: null, year, language: 'nl' })
    const king = found.find(({ name }) => name === 'Koningsdag')
    expect(king?.date).toBe(year === 2031 ? '2031-04-26' : `${year}-04-27`)
    expect(found[0]?.date).toBe(`${year}-01-01`)
    expect(found.filter(({ date }) => date === `${year}-12-25`)).toHaveLength(1)
  })
})
