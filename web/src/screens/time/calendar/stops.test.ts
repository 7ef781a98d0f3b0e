import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nearestStop, type Stop, stepThrough, stopsOf } from './stops.ts'

const seed = { seed: 20260410 }
const block = (id: string, from: number, until: number) => ({ id, span: { from, until } })
const told = (stop: Stop<string> | undefined) => `${stop?.minute ?? 'above'} ${stop?.id ?? 'free'}`

describe('where the arrow keys go', () => {
  const day = [block('b', 550, 600), { id: 'note', span: null }, block('a', 480, 540), block('beside', 500, 600)]

  it('is what has no times, then blocks and what is free, from top to bottom', () => {
    const around = stopsOf(day).filter(({ minute }) => minute === null || (minute >= 420 && minute <= 630))
    expect(around.map(told)).toEqual([
      'above note',
      '420 free',
      '450 free',
      '480 a',
      '500 beside',
      '550 b',
      '600 free',
      '630 free',
    ])
  })
  it('holds what is free for a moment before a block begins', () => {
    const around = stopsOf([block('a', 550, 600)]).filter(
      ({ minute }) => minute !== null && minute >= 510 && minute < 610,
    )
    expect(around.map(told)).toEqual(['510 free', '540 free', '550 a', '600 free'])
  })
  it('stays at the ends', () => {
    const stops = stopsOf(day)
    expect(stepThrough(stops, stops[0]!, -1)).toBe(stops[0])
    expect(stepThrough(stops, stops.at(-1)!, 1)).toBe(stops.at(-1))
  })
  it.each<[string, Stop<string>, string]>([
    ['the same entry, wherever it went', { minute: 0, id: 'b' }, '550 b'],
    ['the block there', { minute: 480, id: null }, '480 a'],
    ['what is near', { minute: 505, id: 'gone' }, '500 beside'],
    ['above', { minute: null, id: 'gone' }, 'above note'],
  ])('finds on another day %s', (_, from, expected) => {
    expect(told(nearestStop(stopsOf(day), from))).toBe(expected)
  })
  it('comes back to where it was', () => {
    const blocks = fc.array(fc.tuple(fc.nat(1400), fc.integer({ min: 1, max: 300 })), { maxLength: 8 })
    fc.assert(
      fc.property(blocks, fc.nat(60), (list, start) => {
        const stops = stopsOf(list.map(([from, length], at) => block(`${at}`, from, from + length)))
        const from = stops[start % stops.length]!
        const next = stepThrough(stops, from, 1)
        if (next !== from) expect(stepThrough(stops, next, -1)).toBe(from)
      }),
      seed,
    )
  })
})
