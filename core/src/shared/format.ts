import { type CalendarDate, monthOf, yearOf } from './calendar-date.ts'
import type { Language } from './language.ts'
import { type Decimal, round } from './money.ts'

// Not by Intl: it goes through floats, and its words change with the machine.
const separators = { nl: { group: '.', point: ',' }, en: { group: ',', point: '.' } } as const
const minus = '\u2212'

/** `1.234,56` in Dutch, `1,234.56` in English, minus as U+2212; rounded to the places, two unless told. */
export const formatAmount = (amount: Decimal, language: Language, places = 2): string =>
  localized(round(amount, places), language)

/** All decimals the value has, and at least `least`: `1.6667`, `7.50`. */
export function formatDecimal(value: Decimal, language: Language, least = 0): string {
  const [whole, fraction = ''] = value.split('.') as [string, string?]
  const kept = fraction.replace(/0+$/, '').padEnd(least, '0')
  return localized(kept ? `${whole}.${kept}` : whole, language)
}

function localized(text: string, language: Language): string {
  const { group, point } = separators[language]
  const [whole, fraction] = text.replace('-', '').split('.') as [string, string?]
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, group)
  return `${text.startsWith('-') ? minus : ''}${grouped}${fraction === undefined ? '' : point + fraction}`
}

const months = {
  nl: 'januari februari maart april mei juni juli augustus september oktober november december'.split(' '),
  en: 'January February March April May June July August September October November December'.split(' '),
} as const satisfies Record<Language, readonly string[]>

/** 1 is January. */
export const monthName = (month: number, language: Language): string => months[language][month - 1] as string

/** `31 maart 2026`, `31 March 2026`. */
export const formatDate = (date: CalendarDate, language: Language): string =>
  `${Number(date.slice(8))} ${monthName(monthOf(date), language)} ${yearOf(date)}`

/** `31-03-2026` in Dutch, `31 Mar 2026` in English. */
export const formatDateShort = (date: CalendarDate, language: Language): string =>
  language === 'nl'
    ? `${date.slice(8)}-${date.slice(5, 7)}-${date.slice(0, 4)}`
    : `${Number(date.slice(8))} ${monthName(monthOf(date), language).slice(0, 3)} ${yearOf(date)}`

/** The months a period touches: `maart 2026`, `maart–april 2026`, `december 2025 – januari 2026`. */
export function formatMonths(from: CalendarDate, until: CalendarDate, language: Language): string {
  const [first, last] = [from, until].map((date) => monthName(monthOf(date), language)) as [string, string]
  if (from.slice(0, 7) === until.slice(0, 7)) return `${first} ${yearOf(from)}`
  if (yearOf(from) === yearOf(until)) return `${first}–${last} ${yearOf(from)}`
  return `${first} ${yearOf(from)} – ${last} ${yearOf(until)}`
}
