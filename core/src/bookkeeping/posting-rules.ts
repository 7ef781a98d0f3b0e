import type { VatTreatment } from '../invoicing/vat-cases.ts'

/** Our table from item × VAT treatment to what the accounting package books. Ids and codes are the package's own. */
export interface PostingRule {
  readonly item: string
  readonly vatTreatment: VatTreatment
  readonly ledgerAccount: string
  readonly vatCode: string
  readonly costCentre?: string | null
  readonly costUnit?: string | null
  /** What its ledger account takes none of, as far as the package says. */
  readonly takesNo?: readonly Dimension[]
}

export type Dimension = 'costCentre' | 'costUnit'

/** The rule of an item for a treatment; undefined is a setup problem, never a default. */
export const ruleFor = (
  rules: readonly PostingRule[],
  item: string,
  vatTreatment: VatTreatment,
): PostingRule | undefined => rules.find((rule) => rule.item === item && rule.vatTreatment === vatTreatment)
