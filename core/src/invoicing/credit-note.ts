// Runs in the browser too: imports core/shared and totals alone.
import {
  absolute,
  add,
  compare,
  type Decimal,
  decimal,
  isNegative,
  isZero,
  negate,
  sameAmount,
  subtract,
  sum,
  times,
  toCents,
} from '../shared/money.ts'
import { type InvoiceTotals, invoiceTotals, lineNet, type TaxedLine } from './totals.ts'

/** What a line of an invoice, or the line of a credit note that takes it back, comes to. */
export interface CreditedLine<Unit extends string = string> {
  readonly quantity: Decimal
  readonly unit: Unit
  readonly unitPrice: Decimal
  readonly discount?: Decimal | null
  readonly net: Decimal
}

/** How much of a line: neither means all that is left. Both in the sign of the line. */
export interface CreditAsked {
  readonly quantity?: Decimal | undefined
  readonly net?: Decimal | undefined
}

/** What sent credit notes of an invoice took back for one rate, as it stands on them: below zero. */
export interface CreditedBase {
  readonly treatment: string
  readonly rate: Decimal
  readonly base: Decimal
}

/** What is left of the net of a line, after what credit notes take back of it. */
export const leftOfLine = (line: Pick<CreditedLine, 'net'>, taken: readonly Pick<CreditedLine, 'net'>[]): Decimal =>
  toCents(add(line.net, sum(taken.map(({ net }) => net))))

/** What is left of its quantity; what was credited as an amount has taken none of it. */
export const quantityLeft = (line: CreditedLine, taken: readonly CreditedLine[]): Decimal =>
  add(line.quantity, sum(taken.filter((one) => isLike(line, one)).map(({ quantity }) => quantity)))

const isLike = (line: CreditedLine, one: CreditedLine): boolean =>
  one.unit === line.unit &&
  sameAmount(one.unitPrice, line.unitPrice) &&
  sameAmount(one.discount ?? decimal('0'), line.discount ?? decimal('0'))

/** Whether nothing is left of it; a line of nothing is gone when it stands on a credit note. */
export const isGone = (line: Pick<CreditedLine, 'net'>, taken: readonly Pick<CreditedLine, 'net'>[]): boolean =>
  isZero(leftOfLine(line, taken)) && (!isZero(line.net) || taken.length > 0)

/** Whether so much can be taken back where this is left: of the same sign, more than nothing, and not beyond it. */
export const isWithin = (asked: Decimal, left: Decimal): boolean =>
  !isZero(asked) && isNegative(asked) === isNegative(left) && compare(absolute(asked), absolute(left)) <= 0

/**
 * A line of a credit note. All of a line is its mirror; the last part takes exactly what is left, as one piece where
 * quantity × price would be a cent beside it. `left` says what was too much: quantity or net.
 */
export function creditLine<Unit extends string>(
  line: CreditedLine<Unit>,
  taken: readonly CreditedLine<Unit>[],
  asked: CreditAsked = {},
): { readonly line: CreditedLine<Unit | 'piece'> } | { readonly left: Decimal } {
  const left = leftOfLine(line, taken)
  if (isGone(line, taken)) return { left }
  const { net, quantity } = asked
  if (net !== undefined) {
    if (!isWithin(net, left)) return { left }
    return { line: sameAmount(net, left) ? restOf(line, taken) : pieceOf(negate(toCents(net))) }
  }
  if (quantity !== undefined) {
    const most = quantityLeft(line, taken)
    if (!isWithin(quantity, most)) return { left: most }
    if (sameAmount(quantity, most)) return { line: restOf(line, taken) }
    const turned = { ...partsOf(line), quantity: negate(quantity) }
    const turnedNet = lineNet(turned)
    if (!isZero(turnedNet) && !isWithin(negate(turnedNet), left)) return { left }
    return { line: { ...turned, net: turnedNet } }
  }
  return { line: restOf(line, taken) }
}

function restOf<Unit extends string>(
  line: CreditedLine<Unit>,
  taken: readonly CreditedLine<Unit>[],
): CreditedLine<Unit | 'piece'> {
  const net = toCents(negate(leftOfLine(line, taken)))
  const turned = { ...partsOf(line), quantity: negate(quantityLeft(line, taken)) }
  return sameAmount(lineNet(turned), net) ? { ...turned, net } : pieceOf(net)
}

const partsOf = <Unit extends string>({ unit, unitPrice, discount }: CreditedLine<Unit>) => ({
  unit,
  unitPrice,
  discount: discount ?? null,
})

const pieceOf = (net: Decimal): CreditedLine<'piece'> => ({
  quantity: decimal('-1'),
  unit: 'piece',
  unitPrice: negate(net),
  discount: null,
  net: toCents(net),
})

/**
 * The sums of a credit note. Its VAT is what the credit notes together come to with it, less what they came to without
 * it: so the parts of an invoice cancel it to the cent, and each is at most a cent from its own percentage. `before` is
 * what earlier sent ones took back.
 */
export function creditTotals<Treatment extends string>(
  lines: readonly TaxedLine<Treatment>[],
  before: readonly CreditedBase[],
): InvoiceTotals<Treatment> {
  const plain = invoiceTotals(lines)
  const lineVat = [...plain.lineVat]
  const vatPerRate = plain.vatPerRate.map((part) => {
    const isOfPart = (one: { readonly rate: Decimal }, treatment: string) =>
      treatment === part.treatment && sameAmount(one.rate, part.rate)
    const taken = sum(before.filter((one) => isOfPart(one, one.treatment)).map(({ base }) => base))
    const vatOf = (base: Decimal) => toCents(times(base, times(part.rate, decimal('0.01'))))
    const vat = toCents(subtract(vatOf(add(taken, part.base)), vatOf(taken)))
    const apart = subtract(vat, part.vat)
    if (!isZero(apart)) {
      const largest = lines
        .map((line, index) => ({ line, index }))
        .filter(({ line }) => isOfPart(line, line.vatTreatment))
        .reduce((one, other) => (compare(absolute(other.line.net), absolute(one.line.net)) > 0 ? other : one))
      lineVat[largest.index] = toCents(add(lineVat[largest.index] ?? decimal('0'), apart))
    }
    return { ...part, vat }
  })
  const vat = toCents(sum(vatPerRate.map((part) => part.vat)))
  return { net: plain.net, vatPerRate, vat, gross: toCents(add(plain.net, vat)), lineVat }
}
