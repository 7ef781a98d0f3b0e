import { type Decimal, decimal, sameAmount, toCents } from '@uurwerk/core/shared/money.ts'
import type { BookedLine } from '../contract/documents.ts'
import { manifest } from './manifest.ts'

const { lineDescription } = manifest.lengths

export interface LineText {
  readonly Description: string
  /** The whole text, where it is too long for the description. */
  readonly Notes?: string
}

/** Free text only: names and numbers are refused when they are too long, never cut. */
export const cut = (text: string, most: number): string => {
  if (text.length <= most) return text
  // Not through the middle of a character outside the basic plane.
  return `${text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
}

/** A description is one line; the breaks of a text stay in its notes. */
export const oneLine = (text: string): string => text.replace(/\s*[\r\n]+\s*/g, ' ').trim()

/** Description of a line; `whole` says it at full length, and stands in the notes where the field is too short or the text has breaks. */
export const lineText = (description: string, whole: string = description): LineText =>
  whole.length <= lineDescription && !/[\r\n]/.test(whole)
    ? { Description: whole }
    : { Description: cut(oneLine(description), lineDescription), Notes: whole }

/** What a document is called in the books. */
export const titles = {
  nl: { invoice: 'Factuur', credit: 'Creditnota' },
  en: { invoice: 'Invoice', credit: 'Credit note' },
} as const

/** How an amount came about, where a line has no field for its price. */
export const withPrice = ({ description, quantity, unitPrice }: BookedLine): string =>
  sameAmount(quantity, decimal('1')) ? description : `${description} (${quantity} × ${priceText(unitPrice)})`

const priceText = (price: Decimal): string => ((price.split('.')[1] ?? '').length <= 2 ? toCents(price) : price)
