import type { Address } from '../customers/customer.ts'
import type { CalendarDate } from '../shared/calendar-date.ts'
import type { Language } from '../shared/language.ts'
import type { Currency, Decimal } from '../shared/money.ts'
import type { PaymentTerm } from './due-date.ts'
import type { InvoiceTotals } from './totals.ts'
import type { VatCase, VatTreatment } from './vat-cases.ts'

/** The customer as he was when the invoice was made; later changes of the customer do not reach it. */
export interface InvoiceCustomer {
  readonly id: string
  readonly number: string | null
  readonly name: string
  /** Invoice address, else visit address. */
  readonly address: Address | null
  readonly vatId: string | null
  readonly kvkNumber: string | null
  readonly vatCase: VatCase | null
  readonly email: string | null
  readonly peppolId: string | null
}

/** The firm as it was when the invoice was made. */
export interface InvoiceFirm {
  readonly id: string
  readonly name: string
  readonly address: Address | null
  /** Two letters; decides the table of VAT rates. */
  readonly country: string
  readonly vatId: string | null
  readonly kvkNumber: string | null
  readonly iban: string | null
  readonly bic?: string | null
  readonly email?: string | null
  readonly phone?: string | null
  readonly website?: string | null
  /** Its bytes stand beside the database, by their hash. */
  readonly logo?: { readonly sha256: string; readonly mediaType: string } | null
  readonly currency: Currency
}

/** What a line sells; with the ids beside it, it decides the item in the books. */
export const lineSources = ['hours', 'expense', 'trip', 'instalment', 'subscription', 'free'] as const
export type LineSource = (typeof lineSources)[number]
export type LineUnit = 'hour' | 'km' | 'piece' | 'day' | 'month'

export interface InvoiceLine {
  readonly id: string
  readonly source: LineSource
  readonly description: string
  /** At most four decimals; negative on a credit note. */
  readonly quantity: Decimal
  readonly unit: LineUnit
  readonly unitPrice: Decimal
  /** Percent: `10`. */
  readonly discount?: Decimal | null
  /** Cents; quantity × unit price less discount, rounded. */
  readonly net: Decimal
  readonly vatTreatment: VatTreatment
  /** Percent: `21`. */
  readonly vatRate: Decimal
  /** Cents; the line's share in the VAT of its rate. */
  readonly vat: Decimal
  /** First and last day of what was supplied; the VAT rate held on both. */
  readonly supplyFrom: CalendarDate
  readonly supplyUntil: CalendarDate
  readonly projectId?: string | null
  /** All activities of the entries behind the line; they sell the same item. */
  readonly activityIds: readonly string[]
  readonly expenseCategoryId?: string | null
  /** The entries the line claims. */
  readonly entryIds: readonly string[]
  /** Minutes as written by the people, beside what is billed. */
  readonly registeredMinutes?: number | null
  readonly billedMinutes?: number | null
  readonly costCentre?: string | null
  readonly costUnit?: string | null
  /** On a closing invoice: the earlier invoice that the line deducts, and what is left of it now. */
  readonly deducts?: { readonly number: string; readonly left: Decimal }
}

/** Fixed at the invoice date, for an invoice in another currency than the firm's. */
export interface Exchange {
  /** Units of the firm's currency for one unit of the invoice's. */
  readonly rate: Decimal
  readonly source: string
  readonly date: CalendarDate
  /** The VAT in the firm's currency, in cents. */
  readonly vat: Decimal
}

export const invoiceStates = ['draft', 'sent', 'credited'] as const
export type InvoiceState = (typeof invoiceStates)[number]

/** A sent invoice never changes. Amounts of a credit note are negative. */
export interface Invoice {
  readonly id: string
  readonly kind: 'invoice' | 'credit'
  readonly state: InvoiceState
  /** Given at sending: consecutive, without gaps. */
  readonly number?: string | null
  readonly date: CalendarDate
  readonly dueDate: CalendarDate
  readonly paymentTerm: PaymentTerm
  readonly customer: InvoiceCustomer
  readonly firm: InvoiceFirm
  readonly language: Language
  readonly currency: Currency
  readonly exchange?: Exchange | null
  readonly lines: readonly InvoiceLine[]
  readonly totals: InvoiceTotals<VatTreatment>
  /** The project's invoice reference. */
  readonly reference?: string | null
  /** The customer's order number. */
  readonly orderNumber?: string | null
  readonly intro?: string | null
  readonly closing?: string | null
  /** For a credit note: the invoice it corrects. */
  readonly credits?: { readonly invoiceId: string; readonly number: string; readonly date: CalendarDate } | null
}
