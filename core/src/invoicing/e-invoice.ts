import type { Address } from '../customers/customer.ts'
import type { CalendarDate } from '../shared/calendar-date.ts'
import type { Language } from '../shared/language.ts'
import {
  absolute,
  add,
  type Currency,
  type Decimal,
  isNegative,
  isZero,
  negate,
  subtract,
  times,
  toCents,
} from '../shared/money.ts'
import { electronicAddressOf, legalIdOf, type SchemedId } from './e-invoice-address.ts'
import type { Invoice, InvoiceLine, LineUnit } from './invoice.ts'
import { type VatCategory, type VatTreatment, vatCategoryOf } from './vat-cases.ts'
import { vatSentence, vatSentenceKeyFor } from './vat-sentences.ts'

export interface EInvoiceParty {
  readonly name: string
  readonly address: Address | null
  readonly vatId: string | null
  readonly legalId: { readonly scheme: string | null; readonly id: string } | null
  readonly endpoint: SchemedId | null
  readonly phone: string | null
  readonly email: string | null
}

export interface EInvoiceLine {
  /** Its place, from 1. */
  readonly id: string
  readonly name: string
  readonly description: string | null
  readonly quantity: Decimal
  /** UN/ECE Recommendation 20: `HUR`. */
  readonly unitCode: string
  /** Never negative: what is taken off has a negative quantity (BR-27). */
  readonly price: Decimal
  /** A discount: `amount` is `percent` of `base`, in cents. */
  readonly allowance: { readonly percent: Decimal; readonly base: Decimal; readonly amount: Decimal } | null
  readonly net: Decimal
  readonly category: VatCategory
  readonly rate: Decimal
  readonly from: CalendarDate
  readonly until: CalendarDate
}

export interface EInvoiceVat {
  readonly category: VatCategory
  readonly rate: Decimal
  readonly base: Decimal
  readonly vat: Decimal
  /** Why no VAT is charged; null where it is, and for the zero rate. */
  readonly reason: string | null
  /** Treatments of ours that are this one category and rate; each was rounded for itself. */
  readonly cases: number
  /** VATEX code list. */
  readonly reasonCode: string | null
}

/** An invoice in the terms of EN 16931. Amounts of a credit note have the sign of its invoice here. */
export interface EInvoice {
  readonly kind: Invoice['kind']
  readonly language: Language
  /** Empty as long as it is a draft. */
  readonly number: string | null
  readonly date: CalendarDate
  readonly dueDate: CalendarDate
  readonly currency: Currency
  /** For another currency than the firm's: the VAT in the firm's. */
  readonly taxCurrency: Currency | null
  readonly vatInTaxCurrency: Decimal | null
  readonly note: string | null
  readonly orderReference: string | null
  readonly projectReference: string | null
  readonly from: CalendarDate
  readonly until: CalendarDate
  readonly credits: { readonly number: string; readonly date: CalendarDate } | null
  readonly seller: EInvoiceParty
  readonly buyer: EInvoiceParty
  /** Both in the Netherlands: the Dutch rules (NLCIUS) on top of the European ones. */
  readonly isDutch: boolean
  readonly payment: { readonly code: '30' | '58'; readonly iban: string; readonly bic: string | null } | null
  readonly lines: readonly EInvoiceLine[]
  readonly vat: readonly EInvoiceVat[]
  readonly totals: { readonly net: Decimal; readonly vat: Decimal; readonly gross: Decimal }
}

// UN/ECE Recommendation 20
const unitCodes = { hour: 'HUR', km: 'KMT', piece: 'C62', day: 'DAY', month: 'MON' } as const satisfies Record<
  LineUnit,
  string
>

/** Nothing is computed that stands on the invoice: net, VAT and totals are taken as they were frozen. */
export function eInvoiceOf(invoice: Invoice): EInvoice {
  const { kind, customer, firm, currency, exchange, totals, lines, date } = invoice
  const signed = kind === 'credit' ? negate : (amount: Decimal) => amount
  const cents = (amount: Decimal) => toCents(signed(amount))
  const foreign = currency !== firm.currency
  const outsideScope = lines.length > 0 && lines.every(({ vatTreatment }) => vatCategoryOf(vatTreatment) === 'O')
  const country = customer.address?.country ?? null
  const iban = firm.iban?.replaceAll(/\s/g, '')
  // Outside the scope of VAT no VAT id may stand on it (BR-O-02, BR-O-04).
  const vatIdOf = (vatId: string | null) => (outsideScope ? null : vatId || null)
  return {
    kind,
    language: invoice.language,
    number: invoice.number ?? null,
    date,
    dueDate: invoice.dueDate,
    currency,
    taxCurrency: foreign ? firm.currency : null,
    vatInTaxCurrency: foreign && exchange ? cents(exchange.vat) : null,
    note: [invoice.intro, invoice.closing].filter((text) => text?.trim()).join('\n\n') || null,
    orderReference: invoice.orderNumber || null,
    projectReference: invoice.reference || null,
    from: lines.map((line) => line.supplyFrom).sort()[0] ?? date,
    until:
      lines
        .map((line) => line.supplyUntil)
        .sort()
        .at(-1) ?? date,
    credits: invoice.credits ?? null,
    seller: {
      name: firm.name,
      address: firm.address,
      vatId: vatIdOf(firm.vatId),
      legalId: legalIdOf(firm),
      endpoint: electronicAddressOf({ ...firm, email: firm.email ?? null }),
      phone: firm.phone || null,
      email: firm.email || null,
    },
    buyer: {
      name: customer.name,
      address: customer.address,
      vatId: vatIdOf(customer.vatId),
      legalId: legalIdOf({ ...customer, country }),
      endpoint: electronicAddressOf({ ...customer, country }),
      phone: null,
      email: customer.email || null,
    },
    isDutch: firm.country === 'NL' && country === 'NL',
    payment:
      kind === 'invoice' && iban ? { code: currency === 'EUR' ? '58' : '30', iban, bic: firm.bic || null } : null,
    lines: lines.map((line, index) => lineOf(line, String(index + 1), signed)),
    vat: vatOf(invoice, cents),
    totals: { net: cents(totals.net), vat: cents(totals.vat), gross: cents(totals.gross) },
  }
}

function lineOf(line: InvoiceLine, id: string, signed: (amount: Decimal) => Decimal): EInvoiceLine {
  const [name = '', ...rest] = line.description.split('\n')
  const turned = isNegative(line.unitPrice)
  const quantity = signed(turned ? negate(line.quantity) : line.quantity)
  const price = absolute(line.unitPrice)
  const net = toCents(signed(line.net))
  const base = toCents(times(quantity, price))
  return {
    id,
    name: name.trim(),
    description: rest.join('\n').trim() || null,
    quantity,
    unitCode: unitCodes[line.unit],
    price,
    allowance:
      line.discount && !isZero(line.discount)
        ? { percent: line.discount, base, amount: toCents(subtract(base, net)) }
        : null,
    net,
    category: vatCategoryOf(line.vatTreatment),
    rate: line.vatRate,
    from: line.supplyFrom,
    until: line.supplyUntil,
  }
}

/** Several of our treatments are one category there: a category and rate stands on it once (BR-S-08 and its like). */
function vatOf({ totals, language, firm }: Invoice, cents: (amount: Decimal) => Decimal): EInvoiceVat[] {
  const groups = Map.groupBy(totals.vatPerRate, ({ treatment, rate }) => `${vatCategoryOf(treatment)} ${rate}`)
  return [...groups.values()].map((parts) => {
    const [first] = parts as [(typeof parts)[number], ...typeof parts]
    const reasons = new Set(
      parts.flatMap(({ treatment }) => {
        const key = vatSentenceKeyFor(treatment)
        return key ? [vatSentence(key, language, firm.country)] : []
      }),
    )
    const codes = new Set(parts.map(({ treatment }) => reasonCodeOf(treatment)))
    return {
      category: vatCategoryOf(first.treatment),
      rate: first.rate,
      base: cents(parts.map(({ base }) => base).reduce(add)),
      vat: cents(parts.map(({ vat }) => vat).reduce(add)),
      cases: parts.length,
      reason: [...reasons].join('; ') || null,
      reasonCode: codes.size === 1 ? ([...codes][0] ?? null) : null,
    }
  })
}

// Which article exempts, 132 or 135, the invoice does not know: there the sentence stands alone (BR-E-10 asks for one of both).
function reasonCodeOf(treatment: VatTreatment): string | null {
  const category = vatCategoryOf(treatment)
  if (category === 'AE') return 'VATEX-EU-AE'
  if (category === 'O') return 'VATEX-EU-O'
  return treatment === 'disbursement' ? 'VATEX-EU-79-C' : null
}
