import { email as emailShape } from '@uurwerk/api/shapes.ts'
import type { CustomerRow, PaymentTermRow, TheirAddress } from '@uurwerk/connectors/contract/rows.ts'
import { parseKvkNumber } from '@uurwerk/core/customers/kvk.ts'
import { countryOfVatId, isEuCountry, parseVatId } from '@uurwerk/core/customers/vat-id.ts'
import { suggestVatCase, type VatCase } from '@uurwerk/core/invoicing/vat-cases.ts'
import type { Selectable } from 'kysely'
import type { TaskRowDetails } from '../jobs/running.ts'
import type { Customer } from '../store/schema.gen.ts'

export type Ours = Selectable<Customer>
type Note = NonNullable<TaskRowDetails['notes']>[number]

export interface Term {
  readonly days: number
  readonly endOfMonth: boolean
}

/** Their row as fields of ours. What is empty there is absent here, and so replaces nothing. */
export interface Taken {
  readonly fields: Partial<Pick<Ours, 'number' | 'name' | 'country' | 'phone' | 'website' | 'kvk'>> & {
    readonly visitAddress?: TheirAddress
    readonly invoiceAddress?: TheirAddress
  }
  /** Decide about VAT, when it is due and who gets the invoice: only proposed while work is under way. */
  readonly careful: { readonly vatId?: string; readonly email?: string; readonly term?: Term }
  readonly vatCase: VatCase | null
  readonly notes: readonly Note[]
}

export function toOurs(row: CustomerRow, firmCountry: string, terms: ReadonlyMap<string, PaymentTermRow>): Taken {
  const notes: Note[] = []
  const vat = row.vatId ? vatIdOf(row.vatId, countryOf(row)) : undefined
  if (vat?.note) notes.push(vat.note)
  const country = countryOf(row) ?? (vat?.country && isEuCountry(vat.country) ? vat.country : undefined)
  const kvk = row.kvk && country === 'NL' ? (parseKvkNumber(row.kvk) ?? undefined) : row.kvk
  if (row.kvk && !kvk) notes.push({ code: 'kvk-not-taken', values: { kvk: row.kvk } })
  const term = row.paymentTerm ? terms.get(row.paymentTerm) : undefined
  const fitsTerm = term && term.endOfMonths <= 1
  if (row.paymentTerm && !fitsTerm)
    notes.push({ code: 'term-not-taken', values: { term: term?.name ?? row.paymentTerm } })
  // Some write several addresses into the one field.
  const email = emailShape.safeParse(row.email?.trim()).data
  if (row.email?.trim() && !email) notes.push({ code: 'email-not-taken', values: { email: row.email } })
  return {
    fields: {
      number: row.code,
      ...filled('name', row.name),
      ...(country ? { country } : {}),
      ...(hasAddress(row.address) ? { visitAddress: row.address } : {}),
      ...(row.invoiceAddress && hasAddress(row.invoiceAddress) ? { invoiceAddress: row.invoiceAddress } : {}),
      ...filled('phone', row.phone),
      ...filled('website', row.website),
      ...filled('kvk', kvk),
    },
    careful: {
      ...filled('vatId', vat?.vatId),
      ...filled('email', email),
      ...(fitsTerm ? { term: { days: term.days, endOfMonth: term.endOfMonths === 1 } } : {}),
    },
    vatCase: country ? vatCaseFrom(country, vat?.country, firmCountry) : null,
    notes,
  }
}

const filled = <K extends string>(name: K, text: string | undefined) =>
  (text?.trim() ? { [name]: text.trim() } : {}) as { [N in K]?: string }

/** Taken over whole or not at all: a country alone is no address, and parts of two make none. */
const hasAddress = ({ line1, line2, postcode, city }: TheirAddress): boolean =>
  [line1, line2, postcode, city].some((part) => part?.trim())
const countryOf = (row: CustomerRow): string | undefined =>
  [row.country, row.address.country].find((code) => code && /^[A-Z]{2}$/.test(code))

/** Letters and digits alone: `NL 1234.56.789.B01` is `NL123456789B01`. */
export const bare = (text: string): string => text.toUpperCase().replace(/[^A-Z0-9]/g, '')

/** The package's own id is taken when it has the form of its country; a wrong check digit is said. */
function vatIdOf(text: string, country: string | undefined): { vatId?: string; country?: string; note?: Note } {
  const parsed = parseVatId(text, country ?? null)
  if ('vatId' in parsed) return { vatId: parsed.vatId, country: countryOfVatId(parsed.vatId) }
  const plain = bare(text)
  // Outside the Union a number has whatever form its country gives it.
  if (parsed.problem === 'vat-id-country-unknown') return { vatId: text.trim() }
  const note: Note = { code: parsed.problem, values: { vatId: text } }
  return parsed.problem === 'vat-id-check-digit' ? { vatId: plain, country: countryOfVatId(plain), note } : { note }
}

/** Where the package has no VAT case: from the country of the customer and of its VAT id. Null when these two disagree. */
export function vatCaseFrom(country: string, vatCountry: string | undefined, firmCountry: string): VatCase | null {
  const suggested = suggestVatCase({ country, vatId: null }, firmCountry)
  if (suggested !== 'eu-consumer' || !vatCountry) return suggested
  // A VAT id of our own country at an address abroad says two things at once.
  return vatCountry === firmCountry ? null : 'eu-business'
}

export const languageOf = (row: CustomerRow, country: string): 'nl' | 'en' =>
  row.language ? (row.language === 'nl' ? 'nl' : 'en') : country === 'NL' || country === 'BE' ? 'nl' : 'en'
