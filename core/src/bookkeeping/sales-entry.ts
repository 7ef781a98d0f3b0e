import type { VatTreatment } from '../invoicing/vat-cases.ts'
import type { CalendarDate } from '../shared/calendar-date.ts'
import type { Currency, Decimal } from '../shared/money.ts'

/** A sent invoice as it goes into the books. Item, account and codes are the package's own. */
export interface SalesEntryLine {
  readonly item: string
  readonly ledgerAccount: string
  readonly vatCode: string
  readonly costCentre?: string
  readonly costUnit?: string
  readonly description: string
  /** At most four decimals. */
  readonly quantity: Decimal
  readonly unitPrice: Decimal
  /** Percent off quantity × unit price: `10`. */
  readonly discount?: Decimal
  /** Cents. */
  readonly net: Decimal
  /** Cents; ours, so that no cent is computed twice. */
  readonly vat: Decimal
  /** Percent: `21`. */
  readonly vatRate: Decimal
  readonly vatTreatment: VatTreatment
}

/** Amounts are in cents and signed: those of a credit are negative. */
export interface SalesEntry {
  /** Our own, [A-Z0-9], never reused; found again by this when an answer was lost. */
  readonly reference: string
  readonly invoiceId: string
  /** As printed. */
  readonly invoiceNumber: string
  readonly kind: 'invoice' | 'credit'
  readonly customerId: string
  readonly date: CalendarDate
  readonly dueDate: CalendarDate
  readonly currency: Currency
  /** The invoice's reference; the package adds number and kind in its own way. */
  readonly description: string
  /** The package's code of the sales journal. */
  readonly journal?: string
  /** The package's code of the payment condition. */
  readonly paymentTerm?: string
  readonly lines: readonly SalesEntryLine[]
  readonly net: Decimal
  readonly vat: Decimal
  readonly gross: Decimal
}
