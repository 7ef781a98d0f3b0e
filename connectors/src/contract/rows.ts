import type { TheirId } from './contract.ts'

export type Noun =
  | 'customers'
  | 'items'
  | 'ledgerAccounts'
  | 'vatCodes'
  | 'journals'
  | 'paymentTerms'
  | 'dimensions'
  | 'periods'

interface Listed {
  readonly id: TheirId
  /** As the user knows it, without padding. */
  readonly code: string
  readonly name: string
}

export interface TheirAddress {
  readonly line1?: string
  readonly line2?: string
  readonly postcode?: string
  readonly city?: string
  readonly country?: string
}

export interface CustomerRow extends Listed {
  readonly address: TheirAddress
  /** Where invoices go, when the package holds another address for it. */
  readonly invoiceAddress?: TheirAddress
  readonly country?: string
  readonly phone?: string
  readonly email?: string
  readonly website?: string
  readonly vatId?: string
  readonly kvk?: string
  readonly paymentTerm?: TheirId
  readonly vatCode?: TheirId
  readonly currency?: string
  readonly language?: string
  readonly billTo?: TheirId
  /** A customer we may invoice: not only a supplier or prospect, not ended. */
  readonly isCustomer: boolean
  readonly isBlocked: boolean
  readonly isEnded: boolean
}

export interface ItemRow extends Listed {
  /** Why it may not stand on our lines, as a code of words: `not-for-sale`, `no-fractions`, `ended`, `not-started`, `blocked`. */
  readonly unusable?: string
  readonly isTime: boolean
  readonly unit?: string
  /** The item's own revenue account, else its group's. */
  readonly ledgerAccount?: TheirId
  readonly ledgerAccountFrom?: 'item' | 'group'
  readonly vatCode?: TheirId
  readonly price?: string
}

export interface LedgerAccountRow extends Listed {
  /** `revenue` and `general` are offered for sales; the rest stands behind "all accounts". */
  readonly kind: 'revenue' | 'general' | 'cost' | 'balance' | 'control'
  readonly unusable?: string
  readonly vatCode?: TheirId
  readonly costCentre: 'optional' | 'mandatory' | 'none'
  readonly costUnit: 'optional' | 'mandatory' | 'none'
}

export interface VatCodeRow extends Listed {
  /** Per cent as decimal text: `21`, `5.5`. */
  readonly percentage: string
  readonly kind: 'excluding' | 'including' | 'none' | 'base-only'
  readonly side: 'sales' | 'purchase' | 'both'
  readonly reverseCharge: boolean
  readonly euListing?: 'goods' | 'services' | 'triangulation'
  readonly unusable?: string
}

export interface JournalRow extends Listed {
  readonly kind: 'sales' | 'general' | 'purchase' | 'bank' | 'cash' | 'other'
  readonly unusable?: string
  readonly currency?: string
  readonly allowsOtherCurrency: boolean
}

export interface PaymentTermRow extends Listed {
  readonly days: number
  readonly endOfMonths: number
}

export interface DimensionRow extends Listed {
  readonly kind: 'costCentre' | 'costUnit'
  readonly isEnded: boolean
}

/** A bookkeeping period. `id` is `2026-03`. */
export interface PeriodRow extends Listed {
  readonly year: number
  readonly period: number
  readonly from: string
  readonly until: string
  /** Codes of sales journals in which it is closed; `*` when it is closed in all. */
  readonly closedIn: readonly string[]
}

export interface Row {
  customers: CustomerRow
  items: ItemRow
  ledgerAccounts: LedgerAccountRow
  vatCodes: VatCodeRow
  journals: JournalRow
  paymentTerms: PaymentTermRow
  dimensions: DimensionRow
  periods: PeriodRow
}

/** What is still open of a posted document; may rise again. */
export interface Settlement {
  readonly id: TheirId
  readonly document: TheirId
  readonly outstanding: string
  readonly currency: string
  readonly lastPaidOn?: string
}
