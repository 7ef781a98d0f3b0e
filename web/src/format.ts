import { useMemo } from 'react'
import { localeOf, type ShownLanguage } from './words/languages.ts'
import { useLanguage } from './words/words.tsx'

const minus = '\u2212'
const thin = '\u00a0'

export type DateStyle = 'long' | 'short' | 'day' | 'dayMonth' | 'weekday' | 'month' | 'monthShort' | 'numeric'

const dateStyles = {
  long: { day: 'numeric', month: 'long', year: 'numeric' },
  short: { day: 'numeric', month: 'short', year: 'numeric' },
  day: { weekday: 'long', day: 'numeric', month: 'long' },
  dayMonth: { weekday: 'short', day: 'numeric', month: 'short' },
  weekday: { weekday: 'short' },
  month: { month: 'long', year: 'numeric' },
  monthShort: { month: 'short' },
  numeric: { day: '2-digit', month: '2-digit', year: 'numeric' },
} as const satisfies Record<DateStyle, Intl.DateTimeFormatOptions>

const noon = (date: string) => new Date(`${date}T12:00:00Z`)

/** Hours as people read them: 450 minutes is `7:30`, never a decimal. */
export function hoursText(minutes: number, options: { readonly signed?: boolean } = {}): string {
  const whole = Math.round(Math.abs(minutes))
  const sign = minutes < 0 && whole > 0 ? minus : options.signed && whole > 0 ? '+' : ''
  return `${sign}${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`
}

/** Dates, amounts and hours in one language. Amounts are decimal text and stay exact: they never become a number. */
export function makeFormat(language: ShownLanguage) {
  const locale = localeOf[language]
  const dates = new Map<DateStyle, Intl.DateTimeFormat>()
  const numbers = new Map<string, Intl.NumberFormat>()
  const numberFormat = (least: number, most: number) => {
    const key = `${least} ${most}`
    const found =
      numbers.get(key) ?? new Intl.NumberFormat(locale, { minimumFractionDigits: least, maximumFractionDigits: most })
    numbers.set(key, found)
    return found
  }
  const dateFormat = (style: DateStyle) => {
    const found = dates.get(style) ?? new Intl.DateTimeFormat(locale, { ...dateStyles[style], timeZone: 'UTC' })
    dates.set(style, found)
    return found
  }
  const decimal = (value: string, least: number, most: number) => {
    const negative = value.startsWith('-') && !/^-0*\.?0*$/.test(value)
    // Intl takes decimal text as it is (ECMA-402, Intl mathematical value), so no cent passes through a float.
    const digits = numberFormat(least, most).format(value.replace(/^-/, '') as `${number}`)
    return (negative ? minus : '') + digits
  }
  return {
    locale,
    date: (date: string, style: DateStyle = 'long') => dateFormat(style).format(noon(date)),
    /** `6 – 12 April 2026`, with what both ends share said once. */
    dateRange: (from: string, until: string, style: DateStyle = 'long') =>
      dateFormat(style).formatRange(noon(from), noon(until)),
    /** An instant, on the clock of the person who looks. */
    time: (instant: string) => new Intl.DateTimeFormat(locale, { timeStyle: 'short' }).format(new Date(instant)),
    exactTime: (instant: string) => new Intl.DateTimeFormat(locale, { timeStyle: 'medium' }).format(new Date(instant)),
    moment: (instant: string) =>
      new Intl.DateTimeFormat(locale, { ...dateStyles.short, hour: '2-digit', minute: '2-digit' }).format(
        new Date(instant),
      ),
    /** Two decimals, no currency: the head of the column says it once. */
    amount: (amount: string) => decimal(amount, 2, 2),
    /** With the currency, where an amount stands alone: `€ 1,234.50`, minus in front. */
    money: (amount: string, currency: string) => {
      const text = decimal(amount, 2, 2)
      const sign = text.startsWith(minus) ? minus : ''
      return `${sign}${currencySign(currency)}${thin}${text.slice(sign.length)}`
    },
    /** Quantities, prices and rates: as many decimals as they have, up to four. */
    quantity: (value: string, least = 0) => decimal(value, least, 4),
    count: (count: number) => numberFormat(0, 0).format(count),
    percent: (percent: string) => `${decimal(percent, 0, 2)}${thin}%`,
    /** `NL` as people say it: Netherlands, Nederland. */
    country: (code: string) => new Intl.DisplayNames(locale, { type: 'region' }).of(code) ?? code,
    hours: hoursText,
    bytes: (bytes: number) =>
      bytes < 1_000_000
        ? `${numberFormat(0, 0).format(Math.ceil(bytes / 1000))}${thin}kB`
        : `${numberFormat(0, 1).format(bytes / 1_000_000)}${thin}MB`,
  }
}
export type Format = ReturnType<typeof makeFormat>

const signs: Readonly<Record<string, string>> = { EUR: '€', GBP: '£', USD: '$' }
/** The sign people know, else the three letters. */
export const currencySign = (currency: string): string => signs[currency] ?? currency

export function useFormat(): Format {
  const { language } = useLanguage()
  return useMemo(() => makeFormat(language), [language])
}
