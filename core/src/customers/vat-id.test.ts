import { describe, expect, it } from 'vitest'
import { countryOfVatId, euCountries, isEuCountry, parseVatId } from './vat-id.ts'

describe('a VAT id', () => {
  it.each([
    ['NL123456782B01', null, 'NL123456782B01'], // a legal person: eleven-proof
    ['NL000099998B57', null, 'NL000099998B57'], // a sole trader: mod 97
    ['nl 1234.56.782.b01', null, 'NL123456782B01'],
    ['123456782B01', 'NL', 'NL123456782B01'],
    ['BE 0123.456.749', null, 'BE0123456749'],
    ['BE123456749', null, 'BE0123456749'],
    ['DE136695976', null, 'DE136695976'],
    ['FR12123456789', null, 'FR12123456789'],
    ['ATU12345678', null, 'ATU12345678'],
    ['U12345678', 'AT', 'ATU12345678'],
    ['IE1234567WA', null, 'IE1234567WA'],
    ['IE1+23456A', null, 'IE1+23456A'],
    ['ESX1234567X', null, 'ESX1234567X'],
    ['SE123456789001', null, 'SE123456789001'],
    ['GR123456789', null, 'EL123456789'],
    ['123456789', 'GR', 'EL123456789'],
  ])('%j with country %s is %s', (text, country, vatId) => expect(parseVatId(text, country)).toEqual({ vatId }))

  it.each([
    ['NL123456789B01', 'vat-id-check-digit'],
    ['NL000000000B00', 'vat-id-check-digit'],
    ['NL123456782A01', 'vat-id-format'],
    ['NL12345678B01', 'vat-id-format'],
    ['BE0123456748', 'vat-id-check-digit'],
    ['BE2123456749', 'vat-id-format'],
    ['DE136695975', 'vat-id-check-digit'],
    ['DE13669597', 'vat-id-format'],
    ['GB123456789', 'vat-id-country-unknown'],
    ['US12', 'vat-id-country-unknown'],
    ['123456789', 'vat-id-country-unknown'],
    ['', 'vat-id-country-unknown'],
  ])('%j: %s', (text, problem) => expect(parseVatId(text)).toEqual({ problem }))

  it('has a check digit that notices every single wrong digit (BE, DE)', () => {
    for (const good of ['BE0123456749', 'DE136695976'])
      for (let place = good.length - 1; place > 2; place--)
        for (const digit of '0123456789') {
          const typed = good.slice(0, place) + digit + good.slice(place + 1)
          expect('vatId' in parseVatId(typed), typed).toBe(typed === good)
        }
  })
})

/** Of each country: ids of its form, and texts that are not. Source: European Commission, VIES, FAQ question 11. */
const ofCountry: Readonly<Record<string, { readonly good: readonly string[]; readonly wrong: readonly string[] }>> = {
  AT: { good: ['ATU12345678'], wrong: ['AT12345678', 'ATU1234567', 'ATU123456789'] },
  BE: { good: ['BE0123456749', 'BE1000000120'], wrong: ['BE2123456749', 'BE01234567', 'BE01234567490'] },
  BG: { good: ['BG123456789', 'BG1234567890'], wrong: ['BG12345678', 'BG12345678901'] },
  CY: { good: ['CY12345678X'], wrong: ['CY123456789', 'CY1234567X'] },
  CZ: { good: ['CZ12345678', 'CZ123456789', 'CZ1234567890'], wrong: ['CZ1234567', 'CZ12345678901'] },
  DE: { good: ['DE136695976', 'DE811907980'], wrong: ['DE12345678', 'DE1234567890', 'DEA36695976'] },
  DK: { good: ['DK12345678'], wrong: ['DK1234567', 'DK123456789'] },
  EE: { good: ['EE123456789'], wrong: ['EE12345678', 'EE1234567890'] },
  EL: { good: ['EL123456789'], wrong: ['EL12345678', 'EL1234567890'] },
  ES: { good: ['ESA12345678', 'ES12345678Z', 'ESX1234567L'], wrong: ['ESA1234567', 'ESAB2345678', 'ESA123456789'] },
  FI: { good: ['FI12345678'], wrong: ['FI1234567', 'FI123456789'] },
  FR: { good: ['FR12123456789', 'FRAB123456789', 'FR1C123456789'], wrong: ['FR1212345678', 'FRIO123456789'] },
  HR: { good: ['HR12345678901'], wrong: ['HR1234567890', 'HR123456789012'] },
  HU: { good: ['HU12345678'], wrong: ['HU1234567', 'HU123456789'] },
  IE: { good: ['IE1234567W', 'IE1234567WA', 'IE1+23456A'], wrong: ['IE123456W', 'IE1234567', 'IE1234567WZ'] },
  IT: { good: ['IT12345678901'], wrong: ['IT1234567890', 'IT123456789012'] },
  LT: { good: ['LT123456789', 'LT123456789012'], wrong: ['LT1234567890', 'LT12345678'] },
  LU: { good: ['LU12345678'], wrong: ['LU1234567', 'LU123456789'] },
  LV: { good: ['LV12345678901'], wrong: ['LV1234567890', 'LV123456789012'] },
  MT: { good: ['MT12345678'], wrong: ['MT1234567', 'MT123456789'] },
  NL: { good: ['NL123456782B01', 'NL000099998B57'], wrong: ['NL123456782', 'NL12345678B01', 'NL123456782A01'] },
  PL: { good: ['PL1234567890'], wrong: ['PL123456789', 'PL12345678901'] },
  PT: { good: ['PT123456789'], wrong: ['PT12345678', 'PT1234567890'] },
  RO: { good: ['RO12', 'RO1234567890'], wrong: ['RO1', 'RO0123456789', 'RO12345678901'] },
  SE: { good: ['SE123456789001'], wrong: ['SE123456789002', 'SE12345678901'] },
  SI: { good: ['SI12345678'], wrong: ['SI1234567', 'SI123456789'] },
  SK: { good: ['SK1234567890'], wrong: ['SK123456789', 'SK12345678901'] },
}

describe('each country of the Union', () => {
  it('stands in the table', () => expect(Object.keys(ofCountry).map(countryOfVatId).sort()).toEqual([...euCountries]))

  it.each(Object.entries(ofCountry))('%s: has its form, with and without its prefix', (prefix, { good, wrong }) => {
    for (const vatId of good) {
      expect(parseVatId(vatId)).toEqual({ vatId })
      expect(parseVatId(vatId.slice(2), countryOfVatId(prefix))).toEqual({ vatId })
      expect(parseVatId(vatId.toLowerCase().replace(/(.{4})/g, '$1 '))).toEqual({ vatId })
    }
    for (const text of wrong) expect(parseVatId(text), text).toEqual({ problem: 'vat-id-format' })
  })
})

describe('the check digits of', () => {
  // The RSIN answers the eleven-proof: 9 × 1 + 8 × 2 + 7 × 3 + 6 × 4 + 5 × 5 + 4 × 6 + 3 × 7 + 2 × 8 − 2 = 154 = 14 × 11.
  it.each([
    ['NL123456782B01', true],
    ['NL123456783B01', false],
    ['NL004495445B01', true],
    ['NL004495446B01', false],
  ])('a Dutch legal person: %s %s', (vatId, good) => expect('vatId' in parseVatId(vatId)).toBe(good))

  // N is 23, L is 21, B is 11: 2321 000099998 11 57 leaves 1 after division by 97.
  it.each([
    ['NL000099998B57', true],
    ['NL000099998B58', false],
    ['NL000099989B57', false],
  ])('a Dutch sole trader: %s %s', (vatId, good) => expect('vatId' in parseVatId(vatId)).toBe(good))

  // 97 − (01234567 mod 97 = 48) = 49; 97 − (10000001 mod 97 = 77) = 20.
  it.each([
    ['BE0123456749', true],
    ['BE0123456794', false],
    ['BE1000000120', true],
    ['BE1000000102', false],
  ])('a Belgian enterprise: %s %s', (vatId, good) => expect('vatId' in parseVatId(vatId)).toBe(good))
})

it('knows the 27 countries of the Union', () => {
  expect(euCountries).toHaveLength(27)
  expect(['NL', 'GR', 'HR'].every(isEuCountry)).toBe(true)
  expect(['GB', 'CH', 'NO', 'EL', 'XI', ''].some(isEuCountry)).toBe(false)
  expect(countryOfVatId('EL123456789')).toBe('GR')
})
