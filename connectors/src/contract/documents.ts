import type { CalendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import type { Currency, Decimal } from '@uurwerk/core/shared/money.ts'
import type { Reference, TheirId } from './contract.ts'
import type { TheirAddress } from './rows.ts'

export type Kind =
  | 'customer'
  | 'salesInvoice'
  | 'printing'
  | 'salesEntry'
  | 'generalJournal'
  | 'document'
  | 'attachment'

/** A customer that does not exist in the package yet. */
export interface NewCustomer {
  readonly reference: Reference
  /** Our customer's id. */
  readonly ours: string
  readonly number?: string
  readonly name: string
  /** The invoice address. */
  readonly address: TheirAddress
  readonly country: string
  readonly phone?: string
  readonly email?: string
  readonly website?: string
  readonly vatId?: string
  readonly kvk?: string
  readonly paymentTerm?: TheirId
  readonly language: 'nl' | 'en'
  readonly currency: Currency
}

export interface BookedLine {
  readonly item: TheirId
  readonly ledgerAccount: TheirId
  readonly vatCode: TheirId
  readonly costCentre?: string
  readonly costUnit?: string
  readonly description: string
  /** Up to four decimals. */
  readonly quantity: Decimal
  readonly unit: string
  readonly unitPrice: Decimal
  /** Cents, without VAT; negative on a credit. */
  readonly net: Decimal
  /** Cents, as we computed and allocated it. */
  readonly vat: Decimal
  /** Per cent: `21`. */
  readonly vatRate: Decimal
  readonly vatTreatment: string
  readonly period?: { readonly from: CalendarDate; readonly until: CalendarDate }
}

/** An invoice as it is to be booked. Amounts add up to the invoice's to the cent. */
export interface SalesEntryDoc {
  readonly reference: Reference
  readonly kind: 'invoice' | 'credit'
  /** As printed. */
  readonly invoiceNumber: string
  /** Our customer's id: resolved by `Known.id('customer', …)`. */
  readonly customer: string
  readonly customerName: string
  readonly date: CalendarDate
  readonly dueDate: CalendarDate
  /** First day of the period it is booked in, when that is another than the one of `date`. */
  readonly bookIn?: CalendarDate
  readonly journal: TheirId
  readonly paymentTerm?: TheirId
  readonly currency: Currency
  /** How much of the administration's currency one unit of `currency` is worth; absent when they are the same. */
  readonly rate?: Decimal
  readonly description: string
  /** The customer's order number. */
  readonly orderNumber?: string
  readonly lines: readonly BookedLine[]
  readonly net: Decimal
  readonly vat: Decimal
  readonly gross: Decimal
}

/** A document that the package itself numbers and sends; same lines, no number of ours. */
export interface SalesInvoiceDoc extends Omit<SalesEntryDoc, 'invoiceNumber' | 'bookIn'> {
  readonly projectReference?: string
}

export interface GeneralJournalDoc {
  readonly reference: Reference
  readonly journal: TheirId
  readonly date: CalendarDate
  readonly year: number
  readonly period: number
  readonly description: string
  readonly currency: Currency
  /** Debit positive, credit negative; sums to zero. */
  readonly lines: readonly {
    readonly ledgerAccount: TheirId
    readonly description: string
    readonly costCentre?: string
    readonly costUnit?: string
    readonly amount: Decimal
  }[]
}

/**
 * The package prints, and with it books, an invoice that it made for us (`Known.parent`). Its receipt is the printed
 * invoice's: the same id, now with its number, and with what payments are settled against as `openItem`.
 */
export interface PrintingDoc {
  readonly reference: Reference
  readonly date: CalendarDate
}

/** A document in the package's archive that belongs to an entry (`Known.parent`); files hang on it. */
export interface ArchivedDoc {
  readonly reference: Reference
  readonly kind: 'invoice' | 'credit'
  /** As printed. */
  readonly invoiceNumber: string
  /** Our customer's id: resolved by `Known.id('customer', …)`. */
  readonly customer: string
  readonly date: CalendarDate
  readonly currency: Currency
  readonly gross: Decimal
}

/** A file that hangs on its parent (`Known.parent`): the archived document where the package has those, else the entry. */
export interface AttachmentDoc {
  readonly reference: Reference
  readonly fileName: string
  readonly mediaType: string
  readonly bytesBase64: string
  readonly title: string
}

export interface Doc {
  customer: NewCustomer
  salesInvoice: SalesInvoiceDoc
  printing: PrintingDoc
  salesEntry: SalesEntryDoc
  generalJournal: GeneralJournalDoc
  document: ArchivedDoc
  attachment: AttachmentDoc
}
