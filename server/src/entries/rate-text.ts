import { decimal, round } from '@uurwerk/core/shared/money.ts'

/** A rate with at least two decimals, and no more than it needs: `0.23`, `0.235`. */
export const rateText = (amount: string): string => {
  const text = decimal(amount)
  return (text.split('.')[1] ?? '').length <= 2 ? round(text, 2) : text
}
