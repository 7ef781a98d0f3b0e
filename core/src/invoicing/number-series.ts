import { assert } from '../shared/assert.ts'
import { type CalendarDate, yearOf } from '../shared/calendar-date.ts'

export type SeriesProblem =
  | 'series-empty'
  | 'series-counter-missing'
  | 'series-counter-twice'
  | 'series-token-unknown'
  | 'series-character'
  | 'series-too-long'

/** `{year}` 2026, `{yy}` 26, `{0000}` the counter with at least as many digits as there are zeros. */
type Token =
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'year' | 'yy' }
  | { readonly is: 'counter'; readonly digits: number }

/** What a package can hold as a number of its own. */
export type NumberLimit = 'none' | 'int32' | 'six-digits'

// Room for a counter that outgrows its zeros; e-invoices and packages take at least this much.
const longest = 20

/** The parts of a pattern such as `{year}-{0000}` or `{yy}{0000}`, or what is wrong with it. */
export function parseSeries(
  pattern: string,
): { readonly tokens: readonly Token[] } | { readonly problem: SeriesProblem } {
  if (pattern === '') return { problem: 'series-empty' }
  const tokens: Token[] = []
  for (const [part, name] of pattern.matchAll(/\{([^{}]*)\}|[^{}]+|[{}]/g)) {
    if (name === undefined) {
      if (!/^[A-Za-z0-9./_-]+$/.test(part)) return { problem: 'series-character' }
      tokens.push({ is: 'text', text: part })
    } else if (name === 'year' || name === 'yy') tokens.push({ is: name })
    else if (/^0{1,9}$/.test(name)) tokens.push({ is: 'counter', digits: name.length })
    else return { problem: 'series-token-unknown' }
  }
  const counters = tokens.filter((token) => token.is === 'counter').length
  if (counters !== 1) return { problem: counters === 0 ? 'series-counter-missing' : 'series-counter-twice' }
  const length = tokens.reduce((total, token) => total + widthOf(token), 0)
  return length > longest ? { problem: 'series-too-long' } : { tokens }
}

function widthOf(token: Token): number {
  if (token.is === 'text') return token.text.length
  if (token.is === 'counter') return token.digits
  return token.is === 'year' ? 4 : 2
}

function tokensOf(pattern: string): readonly Token[] {
  const parsed = parseSeries(pattern)
  assert('tokens' in parsed, `not a number series: ${pattern}`)
  return parsed.tokens
}

/** The printed number: `{year}-{0000}` with 12 March 2026 and 7 is `2026-0007`. */
export function formatNumber(pattern: string, at: { readonly date: CalendarDate; readonly counter: number }): string {
  assert(Number.isSafeInteger(at.counter) && at.counter > 0, 'a counter is a whole number from 1')
  const year = String(yearOf(at.date)).padStart(4, '0')
  return tokensOf(pattern)
    .map((token) => {
      if (token.is === 'text') return token.text
      if (token.is === 'counter') return String(at.counter).padStart(token.digits, '0')
      return token.is === 'year' ? year : year.slice(2)
    })
    .join('')
}

/** Which counter a date takes: one per year when the year stands in the pattern (`2026`), else one for all (`all`). */
export const seriesKeyFor = (pattern: string, date: CalendarDate): string =>
  tokensOf(pattern).some((token) => token.is === 'year' || token.is === 'yy') ? String(yearOf(date)) : 'all'

/** Whether a printed number is digits alone, so that it can be the number in a package that holds digits only. */
export const isDigitsOnly = (number: string): boolean => /^\d+$/.test(number)

/** The digits of a printed number, `2026-0007` → `20260007`: the number for a package that holds digits only. */
export const digitsOf = (number: string): string => number.replace(/\D/g, '')

/** Whether the digits of a printed number fit what a package holds. */
export function numberFits(number: string, limit: NumberLimit): boolean {
  if (limit === 'none') return true
  const value = digitsOf(number).replace(/^0+(?=\d)/, '')
  if (value === '') return false
  return limit === 'six-digits' ? value.length <= 6 : value.length <= 10 && Number(value) <= 2_147_483_647
}

/**
 * How many invoices a series can number before it no longer fits, in the year of the date: `{yy}{0000}` with six
 * digits 9999, `{year}-{0000}` with six digits 0. Infinity when the package has no limit.
 */
export function seriesCapacity(pattern: string, limit: NumberLimit, date: CalendarDate): number {
  if (limit === 'none') return Number.POSITIVE_INFINITY
  let [fits, over] = [0, 10_000_000_000]
  // Numbers grow with their counter, so the last that fits is found by halving.
  while (over - fits > 1) {
    const middle = Math.floor((fits + over) / 2)
    if (numberFits(formatNumber(pattern, { date, counter: middle }), limit)) fits = middle
    else over = middle
  }
  return fits
}

/**
 * Whether two series could give the same number, in some year: `{yy}{0000}` and `{0}` both reach 260001. Such series
 * would stand in each other's way at sending.
 */
export function seriesClash(one: string, other: string, date: CalendarDate): boolean {
  return reaches(one, other, date) || reaches(other, one, date)
}

/** Whether a number of the first looks like one of the second, with as many digits as a counter can have. */
function reaches(one: string, other: string, date: CalendarDate): boolean {
  const shape = new RegExp(
    `^${tokensOf(other)
      .map((token) => {
        if (token.is === 'text') return token.text.replaceAll('.', '\\.')
        if (token.is === 'counter') return `\\d{${token.digits},}`
        return token.is === 'year' ? '\\d{4}' : '\\d{2}'
      })
      .join('')}$`,
  )
  return Array.from({ length: 9 }, (_, digits) => 10 ** digits).some((counter) =>
    shape.test(formatNumber(one, { date, counter })),
  )
}
