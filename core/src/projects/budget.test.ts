import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { add, decimal, isNegative, sameAmount, times, toCents } from '../shared/money.ts'
import { formatDuration } from '../time/duration.ts'
import { type BudgetState, hoursBudget, moneyBudget } from './budget.ts'

const seed = { seed: 20260331 }

describe('a budget in hours', () => {
  it.each<[string, number, number, number | null, string, string | null, BudgetState]>([
    ['nothing used', 100 * 60, 0, 80, '100:00', '0.0', 'within'],
    ['half', 100 * 60, 50 * 60, 80, '50:00', '50.0', 'within'],
    ['a minute before the warning', 100 * 60, 80 * 60 - 4, 80, '20:04', '79.9', 'within'],
    ['at the warning', 100 * 60, 80 * 60, 80, '20:00', '80.0', 'warning'],
    ['shown as 80.0, so with the warning', 100 * 60, 80 * 60 - 2, 80, '20:02', '80.0', 'warning'],
    ['all of it', 100 * 60, 100 * 60, 80, '0:00', '100.0', 'warning'],
    ['all of it, nobody wants to be told', 100 * 60, 100 * 60, null, '0:00', '100.0', 'within'],
    ['a minute over', 100 * 60, 100 * 60 + 1, null, '−0:01', '100.0', 'over'],
    ['half as much again', 100 * 60, 150 * 60, 80, '−50:00', '150.0', 'over'],
    ['a third', 90, 30, 100, '1:00', '33.3', 'within'],
    ['no hours, none used', 0, 0, 80, '0:00', null, 'within'],
    ['no hours, one used', 0, 60, 80, '−1:00', null, 'over'],
  ])('%s', (_, minutes, usedMinutes, warningPercent, left, percentUsed, state) => {
    const found = hoursBudget({ minutes, usedMinutes, warningPercent })
    expect({ ...found, leftMinutes: formatDuration(found.leftMinutes) }).toEqual({
      leftMinutes: left,
      percentUsed,
      state,
    })
  })
})

describe('a budget in money', () => {
  it.each<[string, string, string, number | null, string, string | null, BudgetState]>([
    ['nothing used', '10000', '0', 75, '10000.00', '0.0', 'within'],
    ['at the warning', '10000', '7500', 75, '2500.00', '75.0', 'warning'],
    ['a cent over', '10000', '10000.01', 75, '-0.01', '100.0', 'over'],
    ['credited beyond what was used', '10000', '-50', 75, '10050.00', '-0.5', 'within'],
    ['a budget of nothing', '0', '0.01', null, '-0.01', null, 'over'],
  ])('%s: of %s used %s', (_, amount, used, warningPercent, left, percentUsed, state) => {
    expect(moneyBudget({ amount: decimal(amount), used: decimal(used), warningPercent })).toEqual({
      left,
      percentUsed,
      state,
    })
  })

  it('is what was used and what is left; over exactly when nothing is left and more; told the same in minutes', () => {
    const counts = fc.integer({ min: 0, max: 100_000 })
    fc.assert(
      fc.property(counts, counts, fc.option(fc.integer({ min: 1, max: 100 })), (budget, used, warningPercent) => {
        const cents = (count: number) => toCents(times(decimal(String(count)), decimal('0.01')))
        const money = moneyBudget({ amount: cents(budget), used: cents(used), warningPercent })
        expect(sameAmount(add(money.left, cents(used)), cents(budget))).toBe(true)
        expect(money.state === 'over').toBe(isNegative(money.left))
        if (warningPercent === null) expect(money.state).not.toBe('warning')
        const inHours = hoursBudget({ minutes: budget, usedMinutes: used, warningPercent })
        expect([inHours.percentUsed, inHours.state]).toEqual([money.percentUsed, money.state])
      }),
      seed,
    )
  })
})
