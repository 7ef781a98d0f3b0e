import { assert } from '@uurwerk/core/shared/assert.ts'
import { type Decimal, parseDecimal, round, sameAmount } from '@uurwerk/core/shared/money.ts'

/**
 * A decimal as it stands in a package's JSON, where amounts are numbers. Only at this edge, and only when the number
 * is written as exactly this decimal again: what JSON.stringify makes of it is the shortest text that reads back.
 */
export function toJsonNumber(value: Decimal): number {
  const number = Number(value)
  const written = parseDecimal(JSON.stringify(number))
  assert(written !== null && sameAmount(written, value), `${value} has more digits than a JSON number holds`)
  return number
}

/** A decimal from a package's JSON. A sum of doubles on their side may carry dust behind the last place; it is rounded off. */
export function fromJsonNumber(value: number | string, places: number): Decimal | null {
  const text = typeof value === 'string' ? value.trim() : decimalText(value)
  const exact = text === null ? null : parseDecimal(text)
  return exact === null ? null : round(exact, places)
}

function decimalText(value: number): string | null {
  if (!Number.isFinite(value)) return null
  const text = String(value)
  return text.includes('e') ? value.toFixed(15) : text
}
