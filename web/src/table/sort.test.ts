import { expect, it } from 'vitest'
import { sortOf, sortText } from './sort.ts'

it.each([
  ['date', { key: 'date', descending: false }],
  ['-date', { key: 'date', descending: true }],
])('%s in the address is read and written alike', (text, sort) => {
  expect(sortOf(text)).toEqual(sort)
  expect(sortText(sort)).toBe(text)
})
