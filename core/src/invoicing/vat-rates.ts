import { type CalendarDate, calendarDate } from '../shared/calendar-date.ts'
import { type Decimal, decimal } from '../shared/money.ts'
import type { VatClass } from './vat-cases.ts'

/** A rate in percent (`21`) of a class, from a day until the next row of the same class. */
export interface DatedVatRate {
  readonly vatClass: VatClass
  readonly rate: Decimal
  readonly from: CalendarDate
}

type History = readonly (readonly [from: string, rate: string])[]
type Table = { readonly [K in VatClass]?: History }

const always = '1993-01-01'
const exempt: History = [[always, '0']]

/**
 * Rates of services per country. `intermediate` is the higher of two reduced rates, `reduced` the lower one; rates for
 * goods alone (super-reduced food, books and the like) are left out. A class a country does not have is absent.
 * Source: European Commission, Taxes in Europe Database, and the national law named per country. Rows that began
 * before the single market start at 1993-01-01.
 */
const tables: Readonly<Record<string, Table>> = {
  // Wet op de omzetbelasting 1968, art. 9; reduced rate 6 → 9 per 2019-01-01
  NL: {
    standard: [
      [always, '17.5'],
      ['2001-01-01', '19'],
      ['2012-10-01', '21'],
    ],
    reduced: [
      [always, '6'],
      ['2019-01-01', '9'],
    ],
    zero: [[always, '0']],
    exempt,
  },
  // Koninklijk besluit nr. 20 van 20 juli 1970
  BE: {
    standard: [
      ['1994-01-01', '20.5'],
      ['1996-01-01', '21'],
    ],
    intermediate: [[always, '12']],
    reduced: [[always, '6']],
    zero: [[always, '0']],
    exempt,
  },
  // UStG § 12; second half of 2020: Zweites Corona-Steuerhilfegesetz (UStG § 28); zero rate: § 12 Abs. 3 since 2023
  DE: {
    standard: [
      ['1998-04-01', '16'],
      ['2007-01-01', '19'],
      ['2020-07-01', '16'],
      ['2021-01-01', '19'],
    ],
    reduced: [
      [always, '7'],
      ['2020-07-01', '5'],
      ['2021-01-01', '7'],
    ],
    zero: [['2023-01-01', '0']],
    exempt,
  },
  // Code général des impôts, art. 278 to 279
  FR: {
    standard: [
      ['2000-04-01', '19.6'],
      ['2014-01-01', '20'],
    ],
    intermediate: [
      ['2012-01-01', '7'],
      ['2014-01-01', '10'],
    ],
    reduced: [[always, '5.5']],
    exempt,
  },
  // Loi du 12 février 1979, art. 39 and 40; lowered by one point in 2023 (loi du 26 octobre 2022)
  LU: {
    standard: [
      [always, '15'],
      ['2015-01-01', '17'],
      ['2023-01-01', '16'],
      ['2024-01-01', '17'],
    ],
    intermediate: [
      [always, '12'],
      ['2015-01-01', '14'],
      ['2023-01-01', '13'],
      ['2024-01-01', '14'],
    ],
    reduced: [
      [always, '6'],
      ['2015-01-01', '8'],
      ['2023-01-01', '7'],
      ['2024-01-01', '8'],
    ],
    exempt,
  },
  // UStG 1994, § 10
  AT: {
    standard: [[always, '20']],
    intermediate: [['2016-01-01', '13']],
    reduced: [[always, '10']],
    exempt,
  },
  // Ley 37/1992, art. 90 and 91
  ES: {
    standard: [
      ['1995-01-01', '16'],
      ['2010-07-01', '18'],
      ['2012-09-01', '21'],
    ],
    reduced: [
      ['1995-01-01', '7'],
      ['2010-07-01', '8'],
      ['2012-09-01', '10'],
    ],
    exempt,
  },
  // D.P.R. 633/1972, art. 16; the rate of 5 since legge 208/2015
  IT: {
    standard: [
      ['1997-10-01', '20'],
      ['2011-09-17', '21'],
      ['2013-10-01', '22'],
    ],
    intermediate: [['1995-02-24', '10']],
    reduced: [['2016-01-01', '5']],
    exempt,
  },
  // VAT Consolidation Act 2010, s. 46; 21 from 2020-09-01 to 2021-02-28
  IE: {
    standard: [
      ['2010-01-01', '21'],
      ['2012-01-01', '23'],
      ['2020-09-01', '21'],
      ['2021-03-01', '23'],
    ],
    intermediate: [['2003-01-01', '13.5']],
    reduced: [['2011-07-01', '9']],
    zero: [[always, '0']],
    exempt,
  },
}

/** Countries whose rates are known. */
export const vatCountries: readonly string[] = Object.keys(tables)

/** All dated rates of a country (two letters), oldest first per class; empty when the country is not in the table. */
export const vatRates = (country: string): readonly DatedVatRate[] => rates.get(country) ?? []

// Made once: an invoice of a thousand lines looks its rates up thousands of times.
const rates: ReadonlyMap<string, readonly DatedVatRate[]> = new Map(
  Object.entries(tables).map(([country, table]) => [
    country,
    Object.entries(table).flatMap(([vatClass, history]) =>
      history.map(([from, rate]) => ({
        vatClass: vatClass as VatClass,
        rate: decimal(rate),
        from: calendarDate(from),
      })),
    ),
  ]),
)

/** The rate of a class that holds on a day; undefined when the country has none. */
export const vatRateAt = (country: string, vatClass: VatClass, date: CalendarDate): DatedVatRate | undefined =>
  vatRates(country).findLast((row) => row.vatClass === vatClass && row.from <= date)
