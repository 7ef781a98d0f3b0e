import { describe, expect, it } from 'vitest'
import { calendarDate as day } from '../shared/calendar-date.ts'
import {
  partsOf,
  suggestVatCase,
  treatmentOf,
  type VatCase,
  type VatClass,
  type VatTreatment,
  vatCaseFor,
  vatCases,
  vatCategoryOf,
  vatClasses,
  vatRateFor,
  vatTreatments,
} from './vat-cases.ts'
import { vatCountries, vatRateAt, vatRates } from './vat-rates.ts'
import { vatSentence, vatSentenceKeyFor } from './vat-sentences.ts'

describe('treatments', () => {
  it('are exactly the cases with the classes they charge, and disbursements', () => {
    const made = vatCases.flatMap((vatCase) => vatClasses.map((vatClass) => treatmentOf(vatCase, vatClass)))
    expect([...new Set(made), 'disbursement'].sort()).toEqual([...vatTreatments].sort())
    for (const treatment of vatTreatments) {
      const { vatCase, vatClass } = partsOf(treatment)
      if (vatCase === 'disbursement') expect(vatClass).toBeNull()
      else expect(treatmentOf(vatCase, vatClass ?? 'standard')).toBe(treatment)
    }
  })
  it.each<[VatTreatment, string, string | null]>([
    ['domestic-standard', 'S', null],
    ['domestic-intermediate', 'S', null],
    ['domestic-reduced', 'S', null],
    ['domestic-zero', 'Z', null],
    ['domestic-exempt', 'E', 'exempt'],
    ['eu-business', 'AE', 'reverse-charge-eu'],
    ['eu-consumer-standard', 'S', null],
    ['eu-consumer-exempt', 'E', 'exempt'],
    ['outside-eu', 'O', 'outside-eu'],
    ['domestic-reverse-charge', 'AE', 'reverse-charge-domestic'],
    ['disbursement', 'E', 'disbursement'],
  ])('%s has category %s and sentence %s', (treatment, category, sentence) => {
    expect(vatCategoryOf(treatment)).toBe(category)
    expect(vatSentenceKeyFor(treatment)).toBe(sentence)
  })
  it('print the prescribed words', () => {
    expect(vatSentence('reverse-charge-eu', 'nl', 'NL')).toBe('Btw verlegd (artikelen 44 en 196 Richtlijn 2006/112/EG)')
    expect(vatSentence('reverse-charge-eu', 'en', 'BE')).toContain('Reverse charge')
    expect(vatSentence('reverse-charge-domestic', 'nl', 'NL')).toBe(
      'Btw verlegd (artikel 12, lid 5, Wet op de omzetbelasting 1968)',
    )
    expect(vatSentence('reverse-charge-domestic', 'nl', 'BE')).toBe('Btw verlegd (artikel 199 Richtlijn 2006/112/EG)')
  })
})

describe('rates', () => {
  it.each<[string, VatClass, string, string | undefined]>([
    ['NL', 'standard', '2012-09-30', '19'],
    ['NL', 'standard', '2012-10-01', '21'],
    ['NL', 'standard', '2026-03-31', '21'],
    ['NL', 'reduced', '2018-12-31', '6'],
    ['NL', 'reduced', '2019-01-01', '9'],
    ['NL', 'intermediate', '2026-03-31', undefined],
    ['NL', 'exempt', '2026-03-31', '0'],
    ['BE', 'intermediate', '2026-03-31', '12'],
    ['BE', 'reduced', '2026-03-31', '6'],
    ['DE', 'standard', '2020-06-30', '19'],
    ['DE', 'standard', '2020-07-01', '16'],
    ['DE', 'standard', '2020-12-31', '16'],
    ['DE', 'standard', '2021-01-01', '19'],
    ['DE', 'reduced', '2020-10-01', '5'],
    ['DE', 'reduced', '2026-01-01', '7'],
    ['FR', 'standard', '2026-01-01', '20'],
    ['LU', 'standard', '2023-06-01', '16'],
    ['LU', 'standard', '2024-01-01', '17'],
    ['AT', 'standard', '2026-01-01', '20'],
    ['ES', 'standard', '2026-01-01', '21'],
    ['IT', 'standard', '2026-01-01', '22'],
    ['IE', 'standard', '2021-02-28', '21'],
    ['IE', 'standard', '2021-03-01', '23'],
    ['US', 'standard', '2026-01-01', undefined],
    ['constructor', 'standard', '2026-01-01', undefined],
  ])('%s %s on %s is %s', (country, vatClass, date, rate) => {
    expect(vatRateAt(country, vatClass, day(date))?.rate).toBe(rate)
  })
  it('stand in order of their first day, one per day and class', () => {
    for (const country of vatCountries)
      for (const vatClass of vatClasses) {
        const days = vatRates(country)
          .filter((row) => row.vatClass === vatClass)
          .map((row) => row.from)
        expect(days).toEqual([...new Set(days)].sort())
      }
  })
  it('of a consumer elsewhere in the EU are those of the firm’s country', () => {
    expect(vatRateFor('eu-consumer-reduced', 'NL', day('2026-01-01'))).toEqual({ rate: '9', since: '2019-01-01' })
  })
  it.each(['eu-business', 'outside-eu', 'domestic-reverse-charge', 'domestic-exempt'] as const)(
    '%s charges nothing',
    (treatment) => {
      expect(vatRateFor(treatment, 'NL', day('2026-01-01'))).toEqual({ rate: '0', since: null })
    },
  )
})

describe('the treatment of a line: line, customer, class, firm', () => {
  const vatId = 'BE0123456749'
  it.each<[string, VatTreatment | null, VatCase | null, string | null, VatClass | null, string]>([
    ['the line goes first', 'domestic-zero', 'eu-business', vatId, 'reduced', 'domestic-zero'],
    ['domestic: the class of the activity', null, 'domestic', null, 'reduced', 'domestic-reduced'],
    ['domestic without a class: the firm', null, 'domestic', null, null, 'domestic-standard'],
    ['EU consumer: the class of the activity', null, 'eu-consumer', null, 'exempt', 'eu-consumer-exempt'],
    ['EU business: the class does not matter', null, 'eu-business', vatId, 'reduced', 'eu-business'],
    ['outside the EU', null, 'outside-eu', null, 'reduced', 'outside-eu'],
    ['reverse charge at home', null, 'domestic-reverse-charge', 'NL123456782B01', null, 'domestic-reverse-charge'],
    ['EU business without VAT id', null, 'eu-business', null, null, 'vat-id-missing'],
    ['EU business with an empty VAT id', null, 'eu-business', ' ', null, 'vat-id-missing'],
    ['reverse charge at home without VAT id', null, 'domestic-reverse-charge', null, null, 'vat-id-missing'],
    ['EU business set on the line, no VAT id', 'eu-business', 'domestic', null, null, 'vat-id-missing'],
    ['no case', null, null, vatId, 'reduced', 'vat-case-missing'],
    ['no case, but set on the line', 'domestic-standard', null, null, null, 'domestic-standard'],
  ])('%s', (_, line, vatCase, id, vatClass, expected) => {
    const customer = { name: 'Bakker', vatCase, vatId: id }
    const found = vatCaseFor({ line, customer, vatClass, firmDefault: 'standard' })
    if ('problem' in found)
      expect(found.problem).toEqual({ kind: 'setup', code: expected, values: { customer: 'Bakker' } })
    else expect(found.treatment).toBe(expected)
  })
})

describe('the proposed case of a customer of a Dutch firm', () => {
  it.each<[string | null, string | null, VatCase | null]>([
    ['NL', null, 'domestic'],
    ['NL', 'NL123456782B01', 'domestic'],
    ['BE', 'BE0123456749', 'eu-business'],
    ['BE', '0123456749', 'eu-business'],
    ['BE', null, 'eu-consumer'],
    ['BE', 'BE0123456748', 'eu-consumer'],
    ['BE', 'NL123456782B01', null],
    ['US', null, 'outside-eu'],
    ['GB', 'GB123456789', 'outside-eu'],
    ['GR', 'EL123456789', 'eu-business'],
    [null, 'DE136695976', 'eu-business'],
    [null, null, null],
  ])('country %s, VAT id %s: %s', (country, vatId, expected) => {
    expect(suggestVatCase({ country, vatId }, 'NL')).toBe(expected)
  })
})
