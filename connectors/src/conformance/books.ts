import type { Reference, TheirId } from '../contract/contract.ts'
import type { Kind } from '../contract/documents.ts'

/** A document as it stands in a simulator's books, in our words: to see that each is there exactly once. */
export interface BookedDocument {
  readonly kind: Kind
  /** Of a printing: the invoice that was printed. */
  readonly id: TheirId
  readonly administration: TheirId
  /** Empty where the package keeps none: such a file is known by its parent and name, such a printing by its invoice. */
  readonly reference: Reference
  readonly number?: string | undefined
  /** The package's id of the customer. */
  readonly customer?: TheirId | undefined
  readonly customerName?: string | undefined
  readonly date?: string | undefined
  readonly dueDate?: string | undefined
  /** Where it was booked: `2026-04`. */
  readonly period?: string | undefined
  readonly currency?: string | undefined
  readonly gross?: string | undefined
  readonly vat?: string | undefined
  /** The customer's order number, as it stands on an invoice of the package. */
  readonly orderNumber?: string | undefined
  /** Of an invoice that the package numbers: whether it was printed, and so booked. */
  readonly isPrinted?: boolean | undefined
  /** What it belongs to: a document to an entry, a file to its document or entry, a printing to its invoice. */
  readonly parent?: TheirId | undefined
  readonly fileName?: string | undefined
  readonly bytesBase64?: string | undefined
  readonly lines: readonly BookedLineSeen[]
}

export interface BookedLineSeen {
  /** Where lines carry items; then with `quantity` and `unitPrice` as decimal text. */
  readonly item?: TheirId
  readonly quantity?: string
  readonly unitPrice?: string
  readonly ledgerAccount: TheirId
  readonly description: string
  /** Net, as decimal text. */
  readonly amount: string
  readonly vatCode?: string
  readonly vat?: string
}
