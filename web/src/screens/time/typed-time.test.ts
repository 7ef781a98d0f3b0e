import { describe, expect, it } from 'vitest'
import { clockText, typedBreak, typedSpan, typedTime } from './typed-time.ts'

describe('a time of day', () => {
  it.each([
    ['9', 540],
    ['9:30', 570],
    ['9.30', 570],
    ['0930', 570],
    ['17u', 1020],
    ['24:00', 1440],
    ['0:00', 0],
  ])('reads %s', (text, minute) => expect(typedTime(text)).toBe(minute))
  it.each(['', '25', '9:75', 'nine', '24:01', '-1'])('does not guess what %j means', (text) =>
    expect(typedTime(text)).toBeNull(),
  )
  it('is shown as a clock shows it', () => {
    expect([545, 0, 1440].map(clockText)).toEqual(['09:05', '00:00', '24:00'])
  })
})

describe('a break', () => {
  it('is minutes when it is a bare number', () => {
    expect(['', '30', '0:45', '90m', '1u', 'long'].map(typedBreak)).toEqual([0, 30, 45, 90, 60, null])
  })
})

describe('two times of day', () => {
  it.each([
    ['9-10:30', 540, 630],
    ['9:00 – 10.30', 540, 630],
    ['0900-1030', 540, 630],
    ['22 tot 1:30', 1320, 90],
  ])('%s', (text, startMinute, endMinute) => {
    expect(typedSpan(text)).toEqual({ startMinute, endMinute })
  })
  it.each(['1:30', '9-', '9-9', '9-10-11', '9-25'])('is not %s', (text) => {
    expect(typedSpan(text)).toBeNull()
  })
})
