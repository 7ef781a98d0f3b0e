import type { Reference, TheirId } from '../contract/contract.ts'
import type { Kind } from '../contract/documents.ts'

/** A document as it stands in a simulator's books, in our words: to see that each is there exactly once. */
export interface BookedDocument {
  readonly kind: Kind
  readonly id: TheirId
  readonly administration: TheirId
  readonly reference: Reference
  readonly number?: string | undefined
  /** The package's id of the customer. */
  readonly customer?: TheirId | undefined
  readonly customerName?: string | undefined
  readonly date?: string | undefined
  readonly currency?: string | undefined
  readonly gross?: string | undefined
  /** The entry an attachment hangs on. */
  readonly parent?: TheirId | undefined
  readonly fileName?: string | undefined
  readonly lines: readonly BookedLineSeen[]
}

export interface BookedLineSeen {
  readonly ledgerAccount: TheirId
  readonly description: string
  /** Net, as decimal text. */
  readonly amount: string
  readonly vatCode?: string
  readonly vat?: string
}
