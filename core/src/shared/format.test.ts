import { describe, expect, it } from 'vitest'
import { calendarDate as day } from './calendar-date.ts'
import { formatAmount, formatDate, formatDateShort, formatDecimal, formatMonths } from './format.ts'
import { decimal } from './money.ts'

describe('amounts', () => {
  it.each([
    ['1234.56', '1.234,56', '1,234.56'],
    ['-1234567.8', '\u22121.234.567,80', '\u22121,234,567.80'],
    ['0', '0,00', '0.00'],
    ['-0.004', '0,00', '0.00'],
    ['999.995', '1.000,00', '1,000.00'],
    ['100', '100,00', '100.00'],
    ['12345678901234567890.12', '12.345.678.901.234.567.890,12', '12,345,678,901,234,567,890.12'],
  ])('%s', (amount, nl, en) => {
    expect(formatAmount(decimal(amount), 'nl')).toBe(nl)
    expect(formatAmount(decimal(amount), 'en')).toBe(en)
  })
  it.each([
    ['1.6667', 2, '1,6667'],
    ['7.5', 2, '7,50'],
    ['8', 0, '8'],
    ['1234.5', 0, '1.234,5'],
  ])('quantity %s, at least %i decimals', (value, least, nl) => {
    expect(formatDecimal(decimal(value), 'nl', least)).toBe(nl)
  })
})

describe('dates', () => {
  it('in words and short', () => {
    expect(formatDate(day('2026-03-01'), 'nl')).toBe('1 maart 2026')
    expect(formatDate(day('2026-03-31'), 'en')).toBe('31 March 2026')
    expect(formatDateShort(day('2026-03-01'), 'nl')).toBe('01-03-2026')
    expect(formatDateShort(day('2026-03-01'), 'en')).toBe('1 Mar 2026')
  })
  it.each([
    ['2026-03-01', '2026-03-31', 'maart 2026', 'March 2026'],
    ['2026-03-31', '2026-04-01', 'maart–april 2026', 'March–April 2026'],
    ['2025-12-15', '2026-01-02', 'december 2025 – januari 2026', 'December 2025 – January 2026'],
    ['2025-03-01', '2026-03-01', 'maart 2025 – maart 2026', 'March 2025 – March 2026'],
  ])('the months of %s to %s', (from, until, nl, en) => {
    expect(formatMonths(day(from), day(until), 'nl')).toBe(nl)
    expect(formatMonths(day(from), day(until), 'en')).toBe(en)
  })
})
