// Runs in the browser too: imports core/shared alone.
import { assert } from '../shared/assert.ts'
import {
  absolute,
  add,
  compare,
  type Decimal,
  decimal,
  distributeCents,
  divide,
  round,
  sameAmount,
  subtract,
  sum,
  times,
  toCents,
} from '../shared/money.ts'

/** What a line's share in the totals depends on: net in cents, rate in percent (`21`). */
export interface TaxedLine<Treatment extends string = string> {
  readonly net: Decimal
  readonly vatTreatment: Treatment
  readonly rate: Decimal
}

export interface VatPerRate<Treatment extends string = string> {
  readonly treatment: Treatment
  /** Percent: `21`. */
  readonly rate: Decimal
  /** Sum of the net lines. */
  readonly base: Decimal
  readonly vat: Decimal
}

/** All amounts in cents, two decimals shown. */
export interface InvoiceTotals<Treatment extends string = string> {
  readonly net: Decimal
  /** Highest rate first; treatments without VAT are listed too, with vat `0.00`. */
  readonly vatPerRate: readonly VatPerRate<Treatment>[]
  readonly vat: Decimal
  readonly gross: Decimal
  /** The VAT of each line, in the order of the lines; adds up to `vat`. */
  readonly lineVat: readonly Decimal[]
}

/**
 * An invoice stays below this, whatever its currency: it fits the database, and its cents a JSON number of any package
 * (fifteen digits read back as they were written).
 */
export const mostMoney = decimal('1000000000000')

export const isTooMuch = (amount: Decimal): boolean => compare(absolute(amount), mostMoney) >= 0

/** Hours as they are shown, sent and multiplied: minutes ÷ 60, four decimals. 100 minutes is `1.6667`. */
export const quantityOf = (minutes: number): Decimal => {
  assert(Number.isSafeInteger(minutes), 'minutes are whole')
  return round(divide(decimal(String(minutes)), decimal('60')), 4)
}

/** Quantity × unit price, less a discount in percent (`10`), to cents. */
export function lineNet(line: {
  readonly quantity: Decimal
  readonly unitPrice: Decimal
  readonly discount?: Decimal | null
}) {
  const full = times(line.quantity, line.unitPrice)
  return toCents(line.discount ? times(full, subtract(decimal('1'), times(line.discount, decimal('0.01')))) : full)
}

/**
 * VAT per treatment and rate over the sum of the net lines, rounded once; its cents go to the lines by largest
 * remainder. 37.50 + 12.50 at 21 % is 10.50. Lines with all signs turned give exactly the opposite totals.
 */
export function invoiceTotals<Treatment extends string>(
  lines: readonly TaxedLine<Treatment>[],
): InvoiceTotals<Treatment> {
  const groups = new Map<string, number[]>()
  lines.forEach((line, index) => {
    assert(sameAmount(line.net, toCents(line.net)), `net of a line is not in cents: ${line.net}`)
    const key = `${line.vatTreatment} ${decimal(line.rate)}`
    groups.set(key, [...(groups.get(key) ?? []), index])
  })
  const lineVat = lines.map(() => toCents(decimal('0')))
  const vatPerRate = [...groups.values()].map((indexes) => {
    const { vatTreatment, rate } = lines[indexes[0] as number] as TaxedLine<Treatment>
    const nets = indexes.map((index) => (lines[index] as TaxedLine).net)
    const factor = times(rate, decimal('0.01'))
    const base = toCents(sum(nets))
    const vat = toCents(times(base, factor))
    const parts = distributeCents(
      vat,
      nets.map((net) => times(net, factor)),
    )
    indexes.forEach((index, place) => {
      lineVat[index] = parts[place] as Decimal
    })
    return { treatment: vatTreatment, rate: decimal(rate), base, vat }
  })
  vatPerRate.sort((a, b) => compare(b.rate, a.rate) || (a.treatment < b.treatment ? -1 : 1))
  const net = toCents(sum(lines.map((line) => line.net)))
  const vat = toCents(sum(vatPerRate.map((part) => part.vat)))
  assert(sameAmount(sum(lineVat), vat), 'VAT of the lines and VAT of the invoice differ')
  return { net, vatPerRate, vat, gross: toCents(add(net, vat)), lineVat }
}
