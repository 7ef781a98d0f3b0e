import { describe, expect, it } from 'vitest'
import { countOf, isSelected, nothing, type Selection, selectionBody, withRows } from './selection.ts'

const everything: Selection = { kind: 'all', except: new Set() }

describe('selecting rows', () => {
  it('takes rows in and out one by one', () => {
    const two = withRows(nothing, ['a', 'b'], true)
    expect([isSelected(two, 'a'), isSelected(two, 'c'), countOf(two, 100)]).toEqual([true, false, 2])
    expect(countOf(withRows(two, ['a'], false), 100)).toBe(1)
  })
  it('takes rows out of everything that matches, loaded or not', () => {
    const most = withRows(everything, ['a'], false)
    expect([isSelected(most, 'a'), isSelected(most, 'never loaded'), countOf(most, 12_431)]).toEqual([
      false,
      true,
      12_430,
    ])
    expect(countOf(withRows(most, ['a'], true), 12_431)).toBe(12_431)
  })
  it('does not guess a count that is not known', () => {
    expect(countOf(everything, null)).toBeNull()
  })
  it('is sent as ids, or as the filter with its exceptions', () => {
    const seen = { filter: { state: ['free'] }, count: 3, asOf: '2026-04-10T09:00:00Z' }
    expect(selectionBody(withRows(nothing, ['a'], true), seen)).toEqual({ ids: ['a'] })
    expect(selectionBody(withRows(everything, ['b'], false), seen)).toEqual({ ...seen, except: ['b'] })
  })
})
