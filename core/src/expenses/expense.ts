import type { CalendarDate } from '../shared/calendar-date.ts'
import {
  absolute,
  add,
  type Currency,
  compare,
  type Decimal,
  decimal,
  isNegative,
  isZero,
  round,
  sameAmount,
  subtract,
  times,
  toCents,
} from '../shared/money.ts'
import type { FieldProblem } from '../shared/problem.ts'
import type { EntryFacts } from '../time/entry-facts.ts'

/** What a receipt says. Of a refund all amounts are negative. */
export interface Receipt {
  /** Cents, VAT included. */
  readonly gross: Decimal
  /** The VAT in it, in cents. */
  readonly inputVat: Decimal
  /** How much of that VAT the firm gets back: percent, 0 to 100. */
  readonly deductiblePercent: Decimal
}

export interface Recharge extends Receipt {
  /** On top of what it cost: percent, 0 to 1000. */
  readonly marginPercent: Decimal
  /** Doorlopende post: paid for the customer and in his name, so that it passes through the books and is no turnover. */
  readonly disbursement: boolean
}

/** Money spent by one person. */
export interface Expense extends Recharge, EntryFacts {
  readonly id: string
  readonly userId: string
  readonly date: CalendarDate
  readonly projectId: string | null
  readonly categoryId: string
  readonly note: string
  readonly currency: Currency
  /** To the customer of the project. */
  readonly billable: boolean
  /** To the employee; independent of `billable`. */
  readonly reimbursable: boolean
}

const hundred = decimal('100')
const percentOf = (amount: Decimal, percent: Decimal) => times(times(amount, percent), decimal('0.01'))

/** The VAT that the firm gets back, in cents. */
export const deductibleVat = ({ inputVat, deductiblePercent }: Receipt): Decimal =>
  toCents(percentOf(inputVat, deductiblePercent))

/** What the firm is left with, in cents: the gross less the VAT it gets back. */
export const expenseCost = (receipt: Receipt): Decimal => toCents(subtract(receipt.gross, deductibleVat(receipt)))

/**
 * What the customer is invoiced, in cents, before VAT by the main service: the cost and the margin; of a disbursement
 * the gross, to the cent, outside the scope of VAT.
 */
export const rechargeNet = (recharge: Recharge): Decimal => {
  if (recharge.disbursement) return toCents(recharge.gross)
  const cost = expenseCost(recharge)
  return toCents(add(cost, percentOf(cost, recharge.marginPercent)))
}

export type ExpenseProblem =
  | 'gross-zero'
  | 'vat-more-than-gross'
  | 'vat-sign-differs' // VAT paid on what was given back, or the reverse
  | 'amount-not-in-cents'
  | 'percent-out-of-range'
  | 'disbursement-with-margin'
  | 'disbursement-vat-deducted' // that VAT is the customer's to deduct
  | 'billable-without-project'

/** What is wrong with an expense as it was filled in: each field and the rule it breaks. Empty when all is well. */
export function expenseProblems(
  expense: Recharge & Pick<Expense, 'billable' | 'projectId'>,
): readonly (FieldProblem & { readonly code: ExpenseProblem })[] {
  const { gross, inputVat, deductiblePercent, marginPercent, disbursement } = expense
  const vatDiffers = !isZero(gross) && !isZero(inputVat) && isNegative(inputVat) !== isNegative(gross)
  const rules: readonly (readonly [ExpenseProblem, keyof typeof expense, boolean])[] = [
    ['gross-zero', 'gross', isZero(gross)],
    ['amount-not-in-cents', 'gross', !isInCents(gross)],
    ['amount-not-in-cents', 'inputVat', !isInCents(inputVat)],
    ['vat-sign-differs', 'inputVat', vatDiffers],
    ['vat-more-than-gross', 'inputVat', !vatDiffers && compare(absolute(inputVat), absolute(gross)) > 0],
    ['percent-out-of-range', 'deductiblePercent', !isWithin(deductiblePercent, hundred)],
    ['percent-out-of-range', 'marginPercent', !isWithin(marginPercent, decimal('1000'))],
    ['disbursement-with-margin', 'marginPercent', disbursement && !isZero(marginPercent)],
    ['disbursement-vat-deducted', 'deductiblePercent', disbursement && !isZero(percentOf(inputVat, deductiblePercent))],
    ['billable-without-project', 'projectId', expense.billable && expense.projectId === null],
  ]
  return rules.flatMap(([code, field, broken]) => (broken ? [{ pointer: `/${field}`, code }] : []))
}

const isInCents = (amount: Decimal) => sameAmount(amount, round(amount, 2))
const isWithin = (percent: Decimal, most: Decimal) => !isNegative(percent) && compare(percent, most) <= 0
