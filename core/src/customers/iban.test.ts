import { describe, expect, it } from 'vitest'
import { parseIban } from './iban.ts'

describe('an IBAN', () => {
  it.each([
    ['NL91 ABNA 0417 1643 00', 'NL91ABNA0417164300'],
    ['nl91abna0417164300', 'NL91ABNA0417164300'],
    ['BE68 5390 0754 7034', 'BE68539007547034'],
    ['DE89370400440532013000', 'DE89370400440532013000'],
    ['MT84MALT011000012345MTLCAST001S', 'MT84MALT011000012345MTLCAST001S'],
  ])('%s is read as %s', (text, iban) => expect(parseIban(text)).toEqual({ iban }))

  it.each([
    ['NL91ABNA0417164301', 'iban-check-digit'],
    ['NL19ABNA0417164300', 'iban-check-digit'],
    ['NL91ABNA041716430', 'iban-format'],
    ['12345678', 'iban-format'],
    ['NL91', 'iban-format'],
    ['zeg ik niet', 'iban-format'],
  ])('%s is refused: %s', (text, problem) => expect(parseIban(text)).toEqual({ problem }))
})
