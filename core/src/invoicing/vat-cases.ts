import { countryOfVatId, isEuCountry, parseVatId } from '../customers/vat-id.ts'
import type { CalendarDate } from '../shared/calendar-date.ts'
import { type Decimal, zero } from '../shared/money.ts'
import type { Problem } from '../shared/problem.ts'
import { vatRateAt } from './vat-rates.ts'

/** What decides about VAT at the customer's side. */
export const vatCases = ['domestic', 'eu-business', 'eu-consumer', 'outside-eu', 'domestic-reverse-charge'] as const
export type VatCase = (typeof vatCases)[number]

/** What decides at our side, when VAT is charged: the class of the activity, expense category or trip. */
export const vatClasses = ['standard', 'intermediate', 'reduced', 'zero', 'exempt'] as const
export type VatClass = (typeof vatClasses)[number]

/** Case and class together: what stands on an invoice line and what a posting rule is chosen by. */
export const vatTreatments = [
  'domestic-standard',
  'domestic-intermediate',
  'domestic-reduced',
  'domestic-zero',
  'domestic-exempt',
  'eu-business',
  'eu-consumer-standard',
  'eu-consumer-intermediate',
  'eu-consumer-reduced',
  'eu-consumer-zero',
  'eu-consumer-exempt',
  'outside-eu',
  'domestic-reverse-charge',
  // Paid in the customer's name and passed on, so no turnover (Directive 2006/112/EC, art. 79(c)); never a customer's case.
  'disbursement',
] as const
export type VatTreatment = (typeof vatTreatments)[number]

export const isVatTreatment = (text: string): text is VatTreatment =>
  (vatTreatments as readonly string[]).includes(text)

/** Cases in which the firm charges VAT of its own country, at the rate of a class. */
type ChargedCase = 'domestic' | 'eu-consumer'
const isCharged = (vatCase: VatCase | 'disbursement'): vatCase is ChargedCase =>
  vatCase === 'domestic' || vatCase === 'eu-consumer'

/** The treatment of a case; the class only counts where VAT is charged. */
export const treatmentOf = (vatCase: VatCase, vatClass: VatClass): VatTreatment =>
  isCharged(vatCase) ? `${vatCase}-${vatClass}` : vatCase

/** The case and, where VAT is charged, the class of a treatment. */
export function partsOf(treatment: VatTreatment): {
  readonly vatCase: VatCase | 'disbursement'
  readonly vatClass: VatClass | null
} {
  for (const vatCase of ['domestic', 'eu-consumer'] as const)
    for (const vatClass of vatClasses) if (treatment === `${vatCase}-${vatClass}`) return { vatCase, vatClass }
  return { vatCase: treatment as VatCase | 'disbursement', vatClass: null }
}

/**
 * VAT category on an electronic invoice (EN 16931, UNCL 5305): S a rate, Z zero rate, E exempt, AE reverse charge,
 * O outside scope. A service to a business in another EU country is AE; K is for goods, and so is G (export).
 */
export type VatCategory = 'S' | 'Z' | 'E' | 'AE' | 'O'

const categoryOfClass = { standard: 'S', intermediate: 'S', reduced: 'S', zero: 'Z', exempt: 'E' } as const
// A disbursement is outside scope too, but O may stand beside no other line (EN 16931, BR-O-11 to BR-O-14).
const categoryOfCase = {
  'eu-business': 'AE',
  'domestic-reverse-charge': 'AE',
  'outside-eu': 'O',
  disbursement: 'E',
} as const

export function vatCategoryOf(treatment: VatTreatment): VatCategory {
  const { vatCase, vatClass } = partsOf(treatment)
  return isCharged(vatCase) ? categoryOfClass[vatClass ?? 'standard'] : categoryOfCase[vatCase]
}

/**
 * The rate in percent (`21`) of a treatment at the supply date, and since when it holds; undefined when the table of
 * the firm's country has no such rate on that day.
 */
export function vatRateFor(
  treatment: VatTreatment,
  firmCountry: string,
  supplyDate: CalendarDate,
): { readonly rate: Decimal; readonly since: CalendarDate | null } | undefined {
  const { vatClass } = partsOf(treatment)
  if (vatClass === null || vatClass === 'exempt') return { rate: zero, since: null }
  const found = vatRateAt(firmCountry, vatClass, supplyDate)
  return found && { rate: found.rate, since: found.from }
}

/** Cases in which the customer owes the VAT, so that his VAT id must stand on the invoice (Directive 2006/112/EC, art. 226(4)). */
export const needsVatId = (vatCase: VatCase | 'disbursement'): boolean =>
  vatCase === 'eu-business' || vatCase === 'domestic-reverse-charge'

/**
 * The treatment of a line: set on the line, else by the customer's case and, where VAT is charged, the class of
 * activity, expense category or trip, else the firm's default class.
 *
 * Problems (kind `setup`): `vat-case-missing` the customer has none, `vat-id-missing` the customer owes the VAT
 * but has no VAT id; both name the customer.
 */
export function vatCaseFor(about: {
  readonly line?: VatTreatment | null | undefined
  readonly customer: { readonly name: string; readonly vatCase: VatCase | null; readonly vatId: string | null }
  readonly vatClass?: VatClass | null | undefined
  readonly firmDefault: VatClass
}): { readonly treatment: VatTreatment } | { readonly problem: Problem } {
  const { line, customer, vatClass, firmDefault } = about
  if (!line && !customer.vatCase)
    return { problem: { kind: 'setup', code: 'vat-case-missing', values: { customer: customer.name } } }
  const treatment = line ?? treatmentOf(customer.vatCase as VatCase, vatClass ?? firmDefault)
  if (needsVatId(partsOf(treatment).vatCase) && !customer.vatId?.trim())
    return { problem: { kind: 'setup', code: 'vat-id-missing', values: { customer: customer.name } } }
  return { treatment }
}

/**
 * A proposal for a customer's VAT case, from country and VAT id; a person confirms it. Null when they do not say
 * enough: no country, or an address abroad with a VAT id of the firm's own country.
 */
export function suggestVatCase(
  customer: { readonly country: string | null; readonly vatId: string | null },
  firmCountry: string,
): VatCase | null {
  const parsed = customer.vatId ? parseVatId(customer.vatId, customer.country) : null
  const vatCountry = parsed && 'vatId' in parsed ? countryOfVatId(parsed.vatId) : null
  const country = customer.country ?? vatCountry
  if (!country) return null
  if (country === firmCountry) return 'domestic'
  if (!isEuCountry(country) || !isEuCountry(firmCountry)) return 'outside-eu'
  if (vatCountry === firmCountry) return null
  return vatCountry ? 'eu-business' : 'eu-consumer'
}
