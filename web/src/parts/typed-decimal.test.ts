import { expect, it } from 'vitest'
import { typedDecimal } from './typed-decimal.ts'

it('takes decimals as both languages write them', () => {
  expect(
    ['1,5', '1.5', '1234', '1.234,50', '1,234.50', '-12,5', '12,', '1 000,5'].map((text) => typedDecimal(text, ',')),
  ).toEqual(['1.5', '1.5', '1234', '1234.50', '1234.50', '-12.5', '12.', '1000.5'])
})
it('leaves what is no number as it was typed', () => {
  expect(['abc', '1.2.3', '--1'].map((text) => typedDecimal(text, '.'))).toEqual(['abc', '1.2.3', '--1'])
})

it('reads thousands as the language of the reader writes them', () => {
  expect(['12.500', '1.250.000', '0.125', '12.50', '12,500'].map((text) => typedDecimal(text, ','))).toEqual([
    '12500',
    '1250000',
    '0.125',
    '12.50',
    '12.500',
  ])
  expect(['12,500', '0,125', '12.500'].map((text) => typedDecimal(text, '.'))).toEqual(['12500', '0.125', '12.500'])
})
