import { countryOfVatId } from '@uurwerk/core/customers/vat-id.ts'
import type { VatCase } from '@uurwerk/core/invoicing/vat-cases.ts'
import { type Ours, type Taken, type Term, vatCaseFrom } from './to-ours.ts'

/** What decides about VAT, when an invoice is due and who gets it. */
export const carefulFields = ['vatId', 'vatCase', 'term', 'email'] as const
export type CarefulField = (typeof carefulFields)[number]
export type CarefulValue = string | Term

export interface Change {
  readonly field: string
  readonly from: unknown
  readonly to: unknown
}
export interface CarefulChange {
  readonly field: CarefulField
  readonly from: CarefulValue | null
  readonly to: CarefulValue
  /** A person decided about it before: even without work under way it is only proposed. */
  readonly isDecided: boolean
}

export interface Differences {
  readonly plain: readonly Change[]
  readonly careful: readonly CarefulChange[]
  /** The VAT case that follows from what both sides know; null when that says two things. */
  readonly vatCase: VatCase | null
}

/** What the package has otherwise than we have it. What it leaves empty is no difference. */
export function differences(ours: Ours, taken: Taken, about: { readonly firmCountry: string }): Differences {
  const plain: Change[] = []
  for (const [field, to] of Object.entries(taken.fields)) {
    const from = ours[field as keyof typeof taken.fields]
    if (!isEqual(from, to)) plain.push({ field, from, to })
  }
  // Who has an address for invoices gets them there, whatever the general one is.
  const { email } = taken.careful
  if (email && email !== ours.email && ours.invoiceEmail !== null)
    plain.push({ field: 'email', from: ours.email, to: email })
  // What they leave empty is as we have it.
  const vatCase = derived(taken.fields.country ?? ours.country, taken.careful.vatId ?? ours.vatId, about.firmCountry)
  const before = derived(ours.country, ours.vatId, about.firmCountry)
  const careful: CarefulChange[] = carefulFields.flatMap((field): readonly CarefulChange[] => {
    const from = carefulValueOf(ours, field)
    const to = field === 'vatCase' ? vatCase : taken.careful[field]
    if (!to || isEqual(from, to) || (field === 'email' && ours.invoiceEmail !== null)) return []
    if (field !== 'vatCase' || !ours.vatCaseConfirmed) return [{ field, from, to, isDecided: false }]
    // What a person confirmed stays, until what it was derived from says otherwise.
    return before === to ? [] : [{ field, from, to, isDecided: true }]
  })
  return { plain, careful, vatCase }
}

const derived = (country: string, vatId: string | null, firmCountry: string): VatCase | null =>
  vatCaseFrom(country, vatId ? countryOfVatId(vatId) : undefined, firmCountry)

export function carefulValueOf(
  ours: Pick<Ours, 'vatId' | 'vatCase' | 'email' | 'paymentDays' | 'paymentEndOfMonth'>,
  field: CarefulField,
): CarefulValue | null {
  if (field !== 'term') return ours[field]
  return ours.paymentDays === null ? null : { days: ours.paymentDays, endOfMonth: ours.paymentEndOfMonth ?? false }
}

/** The columns of a customer that a careful field stands in. */
export const columnsOf = (field: CarefulField, value: CarefulValue): Partial<Ours> =>
  typeof value === 'string' ? { [field]: value } : { paymentDays: value.days, paymentEndOfMonth: value.endOfMonth }

/** Addresses and terms are equal when their parts are; an absent part is an empty one. */
export function isEqual(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return (a ?? null) === (b ?? null)
  const parts = new Set([...Object.keys(a), ...Object.keys(b)])
  const part = (of: object, name: string) => (of as Record<string, unknown>)[name] || null
  return [...parts].every((name) => part(a, name) === part(b, name))
}

/** How a value stands in the result of a row. */
export const textOf = (value: CarefulValue | null): string =>
  value === null ? '' : typeof value === 'string' ? value : `${value.days}${value.endOfMonth ? ' + EOM' : ''}`
