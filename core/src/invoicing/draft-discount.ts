import type { CalendarDate } from '../shared/calendar-date.ts'
import { add, allocate, type Decimal, isNegative, isZero } from '../shared/money.ts'

export interface DiscountedLine {
  readonly vatTreatment: string
  /** Percent: `21`. */
  readonly vatRate: Decimal
  /** Cents. */
  readonly net: Decimal
  readonly supplyFrom: CalendarDate
  readonly supplyUntil: CalendarDate
}

/** What goes off the lines of one VAT treatment and rate. */
export interface DiscountPart extends Omit<DiscountedLine, 'net'> {
  /** Cents, above zero. */
  readonly amount: Decimal
}

/**
 * An amount off a whole invoice, before VAT, over its VAT treatments and rates by what their lines come to: so the VAT
 * of each rate falls with its own base. Rates that come to nothing, or less, get none of it; empty when there is no
 * other. The parts are exactly the amount.
 */
export function shareDiscount(amount: Decimal, lines: readonly DiscountedLine[]): readonly DiscountPart[] {
  const groups = new Map<string, DiscountedLine>()
  for (const line of lines) {
    const key = `${line.vatTreatment} ${line.vatRate}`
    const group = groups.get(key)
    groups.set(
      key,
      group
        ? {
            ...group,
            net: add(group.net, line.net),
            supplyFrom: line.supplyFrom < group.supplyFrom ? line.supplyFrom : group.supplyFrom,
            supplyUntil: line.supplyUntil > group.supplyUntil ? line.supplyUntil : group.supplyUntil,
          }
        : line,
    )
  }
  const bearing = [...groups.values()].filter(({ net }) => !isZero(net) && !isNegative(net))
  if (bearing.length === 0) return []
  const amounts = allocate(
    amount,
    bearing.map(({ net }) => net),
  )
  return bearing.flatMap(({ vatTreatment, vatRate, supplyFrom, supplyUntil }, index) => {
    const part = amounts[index] as Decimal
    return isZero(part) ? [] : [{ vatTreatment, vatRate, supplyFrom, supplyUntil, amount: part }]
  })
}
