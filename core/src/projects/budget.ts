import {
  compare,
  type Decimal,
  decimal,
  divide,
  isNegative,
  isZero,
  round,
  subtract,
  times,
  toCents,
} from '../shared/money.ts'

/** `warning`: the percentage at which the firm wants to be told is reached; `over`: more was used than there was. */
export type BudgetState = 'within' | 'warning' | 'over'

interface Standing {
  /** Of the budget, one decimal: `80.0`. Null of a budget of nothing. */
  readonly percentUsed: Decimal | null
  readonly state: BudgetState
}

export interface HoursBudget extends Standing {
  /** Below 0 when over. */
  readonly leftMinutes: number
}

export interface MoneyBudget extends Standing {
  /** In cents; below 0 when over. */
  readonly left: Decimal
}

/** Of a project's budget in hours, what is left of it. Minutes as they were registered, unless the caller says otherwise. */
export function hoursBudget(budget: {
  readonly minutes: number
  readonly usedMinutes: number
  readonly warningPercent: number | null
}): HoursBudget {
  const { minutes, usedMinutes, warningPercent } = budget
  const standing = standingOf(decimal(String(minutes)), decimal(String(usedMinutes)), warningPercent)
  return { ...standing, leftMinutes: minutes - usedMinutes }
}

/** Of a project's budget in money, what is left of it; all in one currency. */
export function moneyBudget(budget: {
  readonly amount: Decimal
  readonly used: Decimal
  readonly warningPercent: number | null
}): MoneyBudget {
  const { amount, used, warningPercent } = budget
  return { ...standingOf(amount, used, warningPercent), left: toCents(subtract(amount, used)) }
}

/** The warning goes by the percentage as it is shown, so that 80.0 never stands there without it. */
function standingOf(budget: Decimal, used: Decimal, warningPercent: number | null): Standing {
  const percentUsed = isZero(budget) ? null : round(divide(times(used, decimal('100')), budget), 1)
  if (isNegative(subtract(budget, used))) return { percentUsed, state: 'over' }
  const reached =
    percentUsed !== null && warningPercent !== null && compare(percentUsed, decimal(String(warningPercent))) >= 0
  return { percentUsed, state: reached ? 'warning' : 'within' }
}
