import type { PaymentTerm } from '../invoicing/due-date.ts'
import type { VatCase } from '../invoicing/vat-cases.ts'
import type { Language } from '../shared/language.ts'
import type { Currency } from '../shared/money.ts'
import type { BillingRounding } from '../time/billing-rounding.ts'

export interface Address {
  /** Street and house number; a second line after a line break. */
  readonly street: string
  readonly postcode: string
  readonly city: string
  /** Two letters, ISO 3166-1: `NL`. */
  readonly country: string
  /** For the attention of. */
  readonly attention?: string | null
}

export interface Contact {
  readonly name: string
  readonly email: string | null
  readonly phone: string | null
  readonly role?: string | null
}

/** Who is invoiced. */
export interface Customer {
  readonly id: string
  /** Unique per firm; equals the number in the accounting package. Empty until one is given. */
  readonly number: string | null
  readonly name: string
  readonly visitAddress: Address | null
  /** Where invoices go; the visit address when empty. */
  readonly invoiceAddress: Address | null
  readonly contacts: readonly Contact[]
  readonly phone: string | null
  readonly email: string | null
  /** Where invoices are mailed to. */
  readonly invoiceEmail: string | null
  readonly website: string | null
  /** With country prefix, without spaces: `BE0123456749`. */
  readonly vatId: string | null
  readonly kvkNumber: string | null
  readonly iban: string | null
  /** The firm's own term when empty. */
  readonly paymentTerm: PaymentTerm | null
  /** Empty until somebody confirmed what was derived from country and VAT id. */
  readonly vatCase: VatCase | null
  readonly language: Language
  readonly currency: Currency
  /** Scheme and id: `0106:12345678`. */
  readonly peppolId: string | null
  readonly billToCustomerId: string | null
  readonly billingRounding?: BillingRounding | null
  /** Instant, ISO 8601. */
  readonly archivedAt: string | null
}

/** Where the invoice goes: the invoice address, else the visit address. */
export const invoiceAddressOf = (customer: Pick<Customer, 'invoiceAddress' | 'visitAddress'>): Address | null =>
  customer.invoiceAddress ?? customer.visitAddress
