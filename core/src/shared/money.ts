import Big from 'big.js'
import { assert } from './assert.ts'

// Strict: a JavaScript number may not slip into an amount; only decimal text and other Bigs are taken.
Big.strict = true
Big.DP = 20
Big.PE = 1_000_000
Big.NE = -1_000_000

/** An exact decimal as plain text: `-12.5`, never an exponent, never a float. */
export type Decimal = string & { readonly __brand: 'Decimal' }

/** Three letters, ISO 4217: `EUR`. */
export type Currency = string

/** An amount of money: exact decimal and currency. */
export interface Money {
  readonly amount: Decimal
  readonly currency: Currency
}

const plain = /^-?\d+(\.\d+)?$/

/** Decimal from text of our own making; asserts that it is one. */
export function decimal(text: string): Decimal {
  assert(plain.test(text), `not a decimal: ${text}`)
  return canonical(new Big(text))
}

/** Decimal from text of a user or a package; null when it is not one. */
export function parseDecimal(text: string): Decimal | null {
  return plain.test(text) ? canonical(new Big(text)) : null
}

function canonical(value: Big): Decimal {
  const text = value.toFixed()
  return (text === '-0' ? '0' : text) as Decimal
}

export const zero = '0' as Decimal

export const add = (a: Decimal, b: Decimal): Decimal => canonical(new Big(a).plus(new Big(b)))
export const subtract = (a: Decimal, b: Decimal): Decimal => canonical(new Big(a).minus(new Big(b)))
export const times = (a: Decimal, b: Decimal): Decimal => canonical(new Big(a).times(new Big(b)))
/** Division to twenty decimals; round the result where it is used. */
export const divide = (a: Decimal, b: Decimal): Decimal => canonical(new Big(a).div(new Big(b)))
export const negate = (a: Decimal): Decimal => canonical(new Big(a).neg())
export const absolute = (a: Decimal): Decimal => canonical(new Big(a).abs())
/** -1, 0 or 1, by value: `1.50` equals `1.5`. */
export const compare = (a: Decimal, b: Decimal): -1 | 0 | 1 => new Big(a).cmp(new Big(b))
export const sameAmount = (a: Decimal, b: Decimal): boolean => compare(a, b) === 0
export const isZero = (a: Decimal): boolean => sameAmount(a, zero)
export const isNegative = (a: Decimal): boolean => compare(a, zero) < 0
export const sum = (amounts: readonly Decimal[]): Decimal => amounts.reduce(add, zero)

/**
 * The one rounding function: halves away from zero, so that a credit mirrors its invoice.
 * Keeps trailing zeros: `round('10.5', 2)` is `10.50`.
 */
export function round(value: Decimal, places: number): Decimal {
  const text = new Big(value).round(places, Big.roundHalfUp).toFixed(places)
  return (/^-0(\.0*)?$/.test(text) ? text.slice(1) : text) as Decimal
}

/** Rounded to cents, two decimals always shown. */
export const toCents = (value: Decimal): Decimal => round(value, 2)

/**
 * Splits `total` (in cents) over the weights so that the parts add up to it exactly and none is a cent or more away
 * from its exact share; the cents that remain go to the largest remainders, the first line first when they are equal.
 * The opposite total is split into the opposite parts. Weights that add up to nothing: the first takes all.
 */
export function allocate(total: Decimal, weights: readonly Decimal[]): Decimal[] {
  const whole = sum(weights)
  if (isZero(whole)) {
    assert(isZero(total) || weights.length > 0, 'nothing to allocate to')
    return weights.map((_, index) => toCents(index === 0 ? total : zero))
  }
  return distributeCents(
    total,
    weights.map((weight) => divide(times(total, weight), whole)),
  )
}

/**
 * Rounds exact shares to cents so that they add up to `total`, which is their sum rounded to cents: each is rounded
 * down, and the cents that remain go to the largest remainders, the first when they are equal.
 */
export function distributeCents(total: Decimal, shares: readonly Decimal[]): Decimal[] {
  assert(sameAmount(total, toCents(total)), `not in cents: ${total}`)
  const exactTotal = sum(shares)
  assert(sameAmount(total, toCents(round(exactTotal, 12))), `${total} is not the sum of its shares, ${exactTotal}`)
  // Halves and ties are decided on positive amounts, so that a credit mirrors its invoice.
  const leading = [exactTotal, ...shares].find((amount) => !isZero(amount)) ?? zero
  const turned = isNegative(leading)
  const exact = shares.map((share) => new Big(turned ? negate(share) : share))
  const floored = exact.map((share) => {
    const towardsZero = share.round(2, Big.roundDown)
    return towardsZero.gt(share) ? towardsZero.minus(new Big('0.01')) : towardsZero
  })
  const rest = new Big(absolute(total)).minus(floored.reduce((a, b) => a.plus(b), new Big('0')))
  const cents = Number(rest.times(new Big('100')).toFixed(0))
  assert(cents >= 0 && cents <= shares.length, 'more cents remain than there are shares')
  const largestFirst = exact
    .map((share, index) => ({ index, remainder: share.minus(floored[index] as Big) }))
    .sort((a, b) => b.remainder.cmp(a.remainder) || a.index - b.index)
  for (const { index } of largestFirst.slice(0, cents)) floored[index] = (floored[index] as Big).plus(new Big('0.01'))
  return floored.map((share) => toCents(canonical(turned ? share.neg() : share)))
}
