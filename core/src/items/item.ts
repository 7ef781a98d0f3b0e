import type { Decimal } from '../shared/money.ts'

/** What an invoice line sells, as the accounting package lists it. */
export interface Item {
  /** The package's own id: a guid, a code; opaque to us. */
  readonly id: string
  readonly code: string
  readonly name: string
  /** The account the package itself would book the item on; a proposal for the posting rule. */
  readonly ledgerAccount: string | null
  /** The package's VAT code of the item; a proposal only: where it differs from ours, ours wins. */
  readonly vatCode: string | null
  readonly unit: string | null
  readonly salesPrice: Decimal | null
  readonly active: boolean
  readonly sold: boolean
  /** Whether a quantity such as 7.5 is accepted. */
  readonly fractions: boolean
}

/** Why an item can not stand on our lines, or null when it can. */
export function whyNotUsable(item: Item): 'item-inactive' | 'item-not-sold' | 'item-whole-only' | null {
  if (!item.active) return 'item-inactive'
  if (!item.sold) return 'item-not-sold'
  return item.fractions ? null : 'item-whole-only'
}
