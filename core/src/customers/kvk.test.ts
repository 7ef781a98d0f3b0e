import { expect, it } from 'vitest'
import { parseKvkNumber } from './kvk.ts'

it.each([
  ['12345678', '12345678'],
  ['KvK 1234 5678', '12345678'],
  ['KVK: 12345678', '12345678'],
  ['12.34.56.78', '12345678'],
  ['1234567', '01234567'],
  ['123456', null],
  ['123456789', null],
  ['00000000', null],
  ['1234567A', null],
  ['', null],
])('%j as a KvK number is %s', (text, number) => expect(parseKvkNumber(text)).toBe(number))
