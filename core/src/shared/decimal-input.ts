import type { Language } from './language.ts'
import { compare, type Decimal, decimal, isNegative, isZero, parseDecimal } from './money.ts'

export type AmountProblem = 'amount-missing' | 'amount-not-understood' | 'amount-too-many-decimals'

const groupSeparator = { nl: '.', en: ',' } as const satisfies Record<Language, string>

/**
 * An amount as people type it: `1.234,56`, `1,234.56`, `12,5`, `€ 1 234,50`, `−3`. The last of two different
 * separators is the decimal one. A single separator is the decimal one too, except when it is the language's
 * thousands separator with exactly three digits behind it: `1.234` is 1234 in Dutch and 1.234 in English.
 */
export function parseAmountInput(
  text: string,
  language: Language,
  maxDecimals = 12,
): { readonly amount: Decimal } | { readonly problem: AmountProblem } {
  const typed = text.replace(/[€\s\u00a0\u202f]/g, (found) => (found === '€' ? '' : ' ')).trim()
  if (typed === '') return { problem: 'amount-missing' }
  const negative = /^[-−–]/.test(typed)
  const bare = negative ? typed.slice(1).trim() : typed
  const point = decimalPoint(bare, language)
  const whole = point === -1 ? bare : bare.slice(0, point)
  const fraction = point === -1 ? '' : bare.slice(point + 1)
  const digits = ungrouped(whole)
  if (digits === null || !/^\d*$/.test(fraction) || digits + fraction === '')
    return { problem: 'amount-not-understood' }
  if (fraction.length > maxDecimals) return { problem: 'amount-too-many-decimals' }
  const amount = parseDecimal(`${negative ? '-' : ''}${digits || '0'}${fraction && `.${fraction}`}`)
  return amount === null ? { problem: 'amount-not-understood' } : { amount }
}

export type DistanceProblem =
  | 'distance-missing'
  | 'distance-not-understood'
  | 'distance-too-many-decimals'
  | 'distance-not-positive'
  | 'distance-too-long'

/** Nobody drives further in a day; more is a slip of the finger. */
export const longestKm = decimal('5000')

const distanceProblem = {
  'amount-missing': 'distance-missing',
  'amount-not-understood': 'distance-not-understood',
  'amount-too-many-decimals': 'distance-too-many-decimals',
} as const satisfies Record<AmountProblem, DistanceProblem>

/** Kilometres as people type them: `12,5`, `12.5`, `12 km`; above 0, at most 5000, at most one decimal. */
export function parseDistanceInput(
  text: string,
  language: Language,
): { readonly distanceKm: Decimal } | { readonly problem: DistanceProblem } {
  if (text.includes('€')) return { problem: 'distance-not-understood' }
  const read = parseAmountInput(text.trim().replace(/\s*km\.?$/i, ''), language, 1)
  if ('problem' in read) return { problem: distanceProblem[read.problem] }
  if (isNegative(read.amount) || isZero(read.amount)) return { problem: 'distance-not-positive' }
  return compare(read.amount, longestKm) > 0 ? { problem: 'distance-too-long' } : { distanceKm: read.amount }
}

/** Place of the decimal separator, or -1. */
function decimalPoint(bare: string, language: Language): number {
  const last = Math.max(bare.lastIndexOf(','), bare.lastIndexOf('.'))
  if (last === -1) return -1
  const separator = bare[last] as string
  const other = separator === ',' ? '.' : ','
  if (bare.includes(other)) return bare.indexOf(separator) === last ? last : -1
  if (bare.indexOf(separator) !== last) return -1
  return separator === groupSeparator[language] && /^[1-9]\d{0,2}[.,]\d{3}$/.test(bare) ? -1 : last
}

/** Digits without their thousands separators; null when these do not stand every three digits. */
function ungrouped(whole: string): string | null {
  if (/^\d*$/.test(whole)) return whole
  return /^\d{1,3}([., ])\d{3}(?:\1\d{3})*$/.test(whole) ? whole.replace(/\D/g, '') : null
}
