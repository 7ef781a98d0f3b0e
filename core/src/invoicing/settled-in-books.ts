import type { CalendarDate } from '../shared/calendar-date.ts'
import {
  add,
  compare,
  type Decimal,
  isNegative,
  isZero,
  negate,
  sameAmount,
  subtract,
  sum,
  toCents,
  zero,
} from '../shared/money.ts'

/** What the books show of one posted document, in its own currency; amounts of a credit note are negative. */
export interface BookedDocument {
  /** As we posted it. */
  readonly gross: Decimal
  /** As it was booked; the same but for a cent that was posted with difference. */
  readonly theirGross: Decimal
  /** What is still open of it there, over all its terms. */
  readonly outstanding: Decimal
  /** When the last payment came in; left out where nothing was paid. */
  readonly lastPaidOn?: CalendarDate
}

export const settledStates = ['open', 'partly-paid', 'paid', 'settled', 'over-paid'] as const
/** `settled`: nothing is left, and no payment is known: written off there, or set off against something else. */
export type SettledState = (typeof settledStates)[number]

/** How far the books have a document as paid. It follows from the amounts alone, and so may go back. */
export function settledStateOf(document: BookedDocument): SettledState {
  const { theirGross, outstanding, lastPaidOn } = document
  if (isZero(outstanding)) return lastPaidOn !== undefined || isZero(theirGross) ? 'paid' : 'settled'
  if (sameAmount(outstanding, theirGross)) return 'open'
  return isNegative(outstanding) === isNegative(theirGross) ? 'partly-paid' : 'over-paid'
}

/**
 * What the books say was settled of a document, in amounts of ours: a cent that was booked otherwise is part of what is
 * open, or of what was paid, and never a payment by itself.
 */
function settledOf({ gross, theirGross, outstanding }: BookedDocument): Decimal {
  if (isZero(outstanding)) return gross
  return sameAmount(outstanding, theirGross) ? zero : subtract(gross, outstanding)
}

/**
 * What was paid of an invoice by the books: over itself and its credit notes. A credit note that is set off against its
 * invoice there pays nothing; one that was paid out, or set off against another invoice, takes from what was paid.
 */
export const paidInBooks = (documents: readonly BookedDocument[]): Decimal => toCents(sum(documents.map(settledOf)))

/** A payment by hand that counts; below zero is money that went back. Oldest first. */
export interface HandPayment {
  readonly id: string
  readonly amount: Decimal
  /** How much of it the books are known to include. */
  readonly inBooks: Decimal
}

/**
 * The books lead, and a payment by hand counts beside them only until they tell of the same money: when what they say was
 * paid rises, it is first taken from what was received by hand, oldest first; when it falls, from what went back. Answers
 * how much of each the books include now.
 */
export function takenIntoBooks(
  hands: readonly HandPayment[],
  paid: { readonly before: Decimal; readonly now: Decimal },
): ReadonlyMap<string, Decimal> {
  const moved = subtract(paid.now, paid.before)
  const isFall = isNegative(moved)
  const upward = (amount: Decimal): Decimal => (isFall ? negate(amount) : amount)
  let left = upward(moved)
  return new Map(
    hands.map(({ id, amount, inBooks }) => {
      const waits = upward(subtract(amount, inBooks))
      const taken = compare(waits, zero) <= 0 ? zero : compare(waits, left) < 0 ? waits : left
      left = subtract(left, taken)
      return [id, toCents(add(inBooks, upward(taken)))]
    }),
  )
}
