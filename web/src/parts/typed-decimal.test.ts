import { expect, it } from 'vitest'
import { typedDecimal } from './typed-decimal.ts'

it('takes decimals as both languages write them', () => {
  expect(['1,5', '1.5', '1234', '1.234,50', '1,234.50', '-12,5', '12,', '1 000,5'].map(typedDecimal)).toEqual([
    '1.5',
    '1.5',
    '1234',
    '1234.50',
    '1234.50',
    '-12.5',
    '12.',
    '1000.5',
  ])
})
it('leaves what is no number as it was typed', () => {
  expect(['abc', '1.2.3', '--1'].map(typedDecimal)).toEqual(['abc', '1.2.3', '--1'])
})
