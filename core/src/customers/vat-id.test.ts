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

it('knows the 27 countries of the Union', () => {
  expect(euCountries).toHaveLength(27)
  expect(['NL', 'GR', 'HR'].every(isEuCountry)).toBe(true)
  expect(['GB', 'CH', 'NO', 'EL', 'XI', ''].some(isEuCountry)).toBe(false)
  expect(countryOfVatId('EL123456789')).toBe('GR')
})
