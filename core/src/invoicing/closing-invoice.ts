import type { CalendarDate } from '../shared/calendar-date.ts'
import { formatDate } from '../shared/format.ts'
import type { Language } from '../shared/language.ts'
import { add, type Decimal, decimal, isNegative, isZero, negate, subtract, sum, toCents } from '../shared/money.ts'
import { lineNet } from './totals.ts'
import type { VatTreatment } from './vat-cases.ts'

/** A part of the agreed price: of an activity, or of what has the same VAT class. */
export interface PricePart {
  readonly name: string
  readonly amount: Decimal
  readonly vatTreatment: VatTreatment
  readonly vatRate: Decimal
  readonly activityId: string | null
  /** Instalments of it that are not invoiced: the line holds them. */
  readonly entryIds: readonly string[]
}

/** An instalment as it stands on a sent invoice. */
export interface EarlierLine {
  readonly id: string
  readonly invoiceId: string
  readonly number: string
  readonly date: CalendarDate
  readonly vatTreatment: VatTreatment
  readonly vatRate: Decimal
  /** Cents; less what credit notes took back of it. */
  readonly net: Decimal
  /** Numbers of those credit notes. */
  readonly creditNotes: readonly string[]
  readonly supplyFrom: CalendarDate
  readonly supplyUntil: CalendarDate
}

export interface ClosingLine {
  readonly description: string
  readonly quantity: Decimal
  readonly unitPrice: Decimal
  readonly net: Decimal
  readonly vatTreatment: VatTreatment
  readonly vatRate: Decimal
  readonly activityId: string | null
  readonly entryIds: readonly string[]
  /** The earlier lines that it deducts, and when those were supplied. */
  readonly deducts: readonly string[]
  readonly supplied: { readonly from: CalendarDate; readonly until: CalendarDate } | null
}

export interface Closing {
  readonly price: Decimal
  /** What earlier invoices came to. */
  readonly invoiced: Decimal
  /** Price less invoiced, over all rates: below zero when more was invoiced than was agreed. */
  readonly rest: Decimal
  readonly lines: readonly ClosingLine[]
}

/**
 * The lines of a closing invoice: the whole price, less what earlier invoices came to, a line for each of those and each
 * VAT rate on it. Together with them it is the price, to the cent and per rate: the price at the rate of the day on which
 * the work is finished, what was invoiced before at the rate that it had.
 */
export function closingInvoice(about: {
  readonly parts: readonly PricePart[]
  readonly earlier: readonly EarlierLine[]
  /** Of the customer. */
  readonly language: Language
}): Closing {
  const { language } = about
  const parts = about.parts.filter(({ amount, entryIds }) => !isZero(amount) || entryIds.length > 0)
  const deductions = [
    ...Map.groupBy(about.earlier, ({ invoiceId, vatTreatment, vatRate }) =>
      JSON.stringify([invoiceId, vatTreatment, vatRate]),
    ).values(),
  ]
  const price = toCents(sum(parts.map(({ amount }) => amount)))
  const invoiced = toCents(sum(about.earlier.map(({ net }) => net)))
  return {
    price,
    invoiced,
    rest: toCents(subtract(price, invoiced)),
    lines: [
      ...parts.map(
        ({ name, amount, ...part }): ClosingLine => ({
          ...part,
          description: `${name}: ${words[language].price}`,
          ...piece(amount),
          deducts: [],
          supplied: null,
        }),
      ),
      ...deductions.flatMap((lines) => deductionOf(lines, language)),
    ],
  }
}

function deductionOf(lines: readonly EarlierLine[], language: Language): ClosingLine[] {
  const [first] = lines
  const net = toCents(lines.reduce((total, line) => add(total, line.net), decimal('0')))
  if (!first || isZero(net)) return []
  const { number, date, vatTreatment, vatRate } = first
  const creditNotes = [...new Set(lines.flatMap((line) => line.creditNotes))]
  return [
    {
      description: words[language].less(number, formatDate(date, language), creditNotes),
      ...piece(negate(net)),
      vatTreatment,
      vatRate,
      activityId: null,
      entryIds: [],
      deducts: lines.map(({ id }) => id),
      supplied: {
        from: lines.map(({ supplyFrom }) => supplyFrom).sort()[0] as CalendarDate,
        until: lines
          .map(({ supplyUntil }) => supplyUntil)
          .sort()
          .at(-1) as CalendarDate,
      },
    },
  ]
}

/** Of what is taken off the quantity is below zero: an e-invoice takes no price below zero (EN 16931, BR-27). */
function piece(amount: Decimal) {
  const quantity = decimal(isNegative(amount) ? '-1' : '1')
  const unitPrice = isNegative(amount) ? negate(amount) : amount
  return { quantity, unitPrice, net: lineNet({ quantity, unitPrice }) }
}

const words = {
  nl: {
    price: 'overeengekomen prijs',
    less: (number: string, date: string, creditNotes: readonly string[]) =>
      `Af: factuur ${number} van ${date}${creditNotes.length > 0 ? `, na creditfactuur ${creditNotes.join(' en ')}` : ''}`,
  },
  en: {
    price: 'agreed price',
    less: (number: string, date: string, creditNotes: readonly string[]) =>
      `Less: invoice ${number} of ${date}${creditNotes.length > 0 ? `, after credit note ${creditNotes.join(' and ')}` : ''}`,
  },
} as const satisfies Record<Language, unknown>
