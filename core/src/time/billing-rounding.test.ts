import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type BillingRounding, billedMinutes, roundMinutes } from './billing-rounding.ts'

const seed = { seed: 20260331 }
const directions = ['up', 'nearest', 'down'] as const

describe('minutes to the step', () => {
  it.each([
    [7, 15, 15, 0, 0],
    [8, 15, 15, 15, 0],
    [15, 15, 15, 15, 15],
    [16, 15, 30, 15, 15],
    [0, 15, 0, 0, 0],
    [3, 6, 6, 6, 0], // half: up
    [90, 60, 120, 120, 60],
    [61, 1, 61, 61, 61],
  ])('%i with step %i is %i up, %i nearest, %i down', (minutes, stepMinutes, ...expected) => {
    expect(directions.map((direction) => roundMinutes(minutes, { stepMinutes, direction, per: 'entry' }))).toEqual(
      expected,
    )
  })
})

describe('billed minutes', () => {
  const entry = (id: string, minutes: number, more: { date?: string; userId?: string; projectId?: string } = {}) => ({
    id,
    minutes,
    date: '2026-03-02',
    userId: 'anna',
    projectId: 'site',
    ...more,
  })
  const quarter = (direction: BillingRounding['direction'], per: BillingRounding['per']) => ({
    stepMinutes: 15,
    direction,
    per,
  })
  it.each([
    ['no rule', [entry('a', 7), entry('b', 8)], null, [7, 8]],
    ['up per entry', [entry('a', 7), entry('b', 8)], quarter('up', 'entry'), [15, 15]],
    ['up per day', [entry('a', 7), entry('b', 8)], quarter('up', 'day'), [7, 8]],
    ['up per day, the rest to the last', [entry('a', 7), entry('b', 9)], quarter('up', 'day'), [7, 23]],
    ['down per day, taken from the last', [entry('a', 20), entry('b', 9)], quarter('down', 'day'), [15, 0]],
    ['two people', [entry('a', 7), entry('b', 8, { userId: 'bas' })], quarter('up', 'day'), [15, 15]],
    ['two days', [entry('a', 7), entry('b', 8, { date: '2026-03-03' })], quarter('up', 'day'), [15, 15]],
    ['two projects', [entry('a', 7), entry('b', 8, { projectId: 'app' })], quarter('up', 'day'), [15, 15]],
  ])('%s', (_, entries, rule, expected) => {
    const billed = billedMinutes(entries, () => rule)
    expect(entries.map(({ id }) => billed.get(id))).toEqual(expected)
    expect(entries.map(({ minutes }) => minutes)).toEqual(entries.map((one) => one.minutes))
  })

  it('of a day are on the step, never negative, and less than a step from what was registered', () => {
    const rules = fc.record({
      stepMinutes: fc.integer({ min: 1, max: 60 }),
      direction: fc.constantFrom(...directions),
      per: fc.constantFrom('entry' as const, 'day' as const),
    })
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 12 }), rules, (list, rule) => {
        const entries = list.map((minutes, index) => entry(String(index), minutes))
        const billed = [...billedMinutes(entries, () => rule).values()]
        const [before, after] = [list, billed].map((all) => all.reduce((a, b) => a + b, 0)) as [number, number]
        expect(after % rule.stepMinutes).toBe(0)
        expect(Math.min(...billed)).toBeGreaterThanOrEqual(0)
        const most = rule.stepMinutes * (rule.per === 'day' ? 1 : list.length)
        expect(Math.abs(after - before)).toBeLessThan(most)
        if (rule.per === 'day' && before % rule.stepMinutes === 0) expect(billed).toEqual(list)
      }),
      seed,
    )
  })
})
