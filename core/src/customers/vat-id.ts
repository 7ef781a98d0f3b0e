export type VatIdProblem = 'vat-id-country-unknown' | 'vat-id-format' | 'vat-id-check-digit'

// Formats per country without the prefix. Source: European Commission, VIES, FAQ "What is the format of a VAT number".
const formats: Readonly<Record<string, RegExp>> = {
  AT: /^U\d{8}$/,
  BE: /^[01]\d{9}$/,
  BG: /^\d{9,10}$/,
  CY: /^\d{8}[A-Z]$/,
  CZ: /^\d{8,10}$/,
  DE: /^\d{9}$/,
  DK: /^\d{8}$/,
  EE: /^\d{9}$/,
  EL: /^\d{9}$/,
  ES: /^[A-Z0-9]\d{7}[A-Z0-9]$/,
  FI: /^\d{8}$/,
  FR: /^[A-HJ-NP-Z0-9]{2}\d{9}$/,
  HR: /^\d{11}$/,
  HU: /^\d{8}$/,
  IE: /^(\d{7}[A-W][A-IW]?|\d[A-Z+*]\d{5}[A-W])$/,
  IT: /^\d{11}$/,
  LT: /^(\d{9}|\d{12})$/,
  LU: /^\d{8}$/,
  LV: /^\d{11}$/,
  MT: /^\d{8}$/,
  NL: /^\d{9}B\d{2}$/,
  PL: /^\d{10}$/,
  PT: /^\d{9}$/,
  RO: /^[1-9]\d{1,9}$/,
  SE: /^\d{10}01$/,
  SI: /^\d{8}$/,
  SK: /^\d{10}$/,
}

const checks: Readonly<Record<string, (rest: string) => boolean>> = {
  // Since 2020 sole traders have an id that answers mod 97 over the whole text (letters count from A = 10); the ids of
  // legal persons carry their RSIN, which answers the eleven-proof. Source: Belastingdienst, btw-identificatienummer.
  NL: (rest) => elevenProof(rest.slice(0, 9)) || remainder97(`NL${rest}`) === 1,
  // The last two digits are 97 less the remainder of the others. Source: KBO/BCE, ondernemingsnummer.
  BE: (rest) => 97 - (Number(rest.slice(0, 8)) % 97) === Number(rest.slice(8)),
  // ISO 7064, MOD 11,10
  DE: (rest) => mod1110(rest.slice(0, 8)) === Number(rest[8]),
}

const elevenProof = (digits: string): boolean => {
  const weights = [9, 8, 7, 6, 5, 4, 3, 2, -1]
  const total = weights.reduce((sum, weight, index) => sum + weight * Number(digits[index]), 0)
  return total % 11 === 0 && Number(digits) > 0
}

const remainder97 = (text: string): number =>
  [...text.replace(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55))].reduce(
    (rest, digit) => (rest * 10 + Number(digit)) % 97,
    0,
  )

function mod1110(digits: string): number {
  const product = [...digits].reduce((before, digit) => {
    const sum = (Number(digit) + before) % 10 || 10
    return (sum * 2) % 11
  }, 10)
  return (11 - product) % 10
}

/** Countries of the European Union as in an address (ISO 3166-1; Greece is `GR`). */
export const euCountries: readonly string[] = Object.keys(formats)
  .map((prefix) => (prefix === 'EL' ? 'GR' : prefix))
  .sort()

export const isEuCountry = (country: string): boolean => euCountries.includes(country)

/** The prefix of VAT ids of a country: `EL` for Greece, else the country itself. */
export const vatPrefixOf = (country: string): string => (country === 'GR' ? 'EL' : country)
/** The country of a VAT id in an address: `GR` for `EL…`. */
export const countryOfVatId = (vatId: string): string => (vatId.startsWith('EL') ? 'GR' : vatId.slice(0, 2))

/**
 * A VAT id of an EU country in its one form: capitals, prefix, no spaces or points. A missing prefix is taken from the
 * country of the address when given. Says only that it can exist; whether it does is known by VIES alone.
 */
export function parseVatId(
  text: string,
  country?: string | null,
): { readonly vatId: string } | { readonly problem: VatIdProblem } {
  const typed = text
    .toUpperCase()
    .replace(/[\s.\-/_]/g, '')
    .replace(/^GR(?=\d)/, 'EL')
  const own = Object.hasOwn(formats, typed.slice(0, 2))
  const prefixed = own || !country ? typed : vatPrefixOf(country) + typed
  // A Belgian number of before 2005 has nine digits and takes a zero in front.
  const vatId = prefixed.replace(/^BE(\d{9})$/, 'BE0$1')
  const [prefix, rest] = [vatId.slice(0, 2), vatId.slice(2)]
  const format = Object.hasOwn(formats, prefix) ? formats[prefix] : undefined
  if (!format) return { problem: 'vat-id-country-unknown' }
  if (!format.test(rest)) return { problem: 'vat-id-format' }
  return (checks[prefix]?.(rest) ?? true) ? { vatId } : { problem: 'vat-id-check-digit' }
}
