import { vatPrefixOf } from '../customers/vat-id.ts'

/** A number with the list it stands in (ISO 6523, or the list of electronic addresses): `0106` and `12345678`. */
export interface SchemedId {
  readonly scheme: string
  readonly id: string
}

/** Numbers by which organisations are known, as Peppol names their lists. */
export const schemes = { kvk: '0106', oin: '0190', belgianEnterprise: '0208', email: 'EM' } as const

// Lists of VAT ids, with what is taken of the id; the countries without one have a list of organisations instead.
// Source: Peppol, Electronic Address Scheme code list (EAS).
const whole = (vatId: string): string => vatId
const vatSchemes: Readonly<Record<string, readonly [scheme: string, idOf: (vatId: string) => string]>> = {
  AT: ['9914', whole],
  BE: [schemes.belgianEnterprise, (vatId) => vatId.slice(2)],
  BG: ['9926', whole],
  CY: ['9928', whole],
  CZ: ['9929', whole],
  DE: ['9930', whole],
  // Danish and Swedish VAT ids hold the number of the company.
  DK: ['0198', whole],
  EE: ['9931', whole],
  EL: ['9933', whole],
  ES: ['9920', whole],
  FI: ['0213', whole],
  FR: ['9957', whole],
  HR: ['9934', whole],
  HU: ['9910', whole],
  IE: ['9935', whole],
  IT: ['0211', whole],
  LT: ['9937', whole],
  LU: ['9938', whole],
  LV: ['9939', whole],
  MT: ['9943', whole],
  NL: ['9944', whole],
  PL: ['9945', whole],
  PT: ['9946', whole],
  RO: ['9947', whole],
  SE: ['0007', (vatId) => vatId.slice(2, 12)],
  SI: ['9949', whole],
  SK: ['9950', whole],
}

/** Every list that an electronic address may name (EAS). */
const addressSchemes: ReadonlySet<string> = new Set(
  (
    '0002 0007 0009 0037 0060 0088 0096 0097 0106 0130 0135 0142 0151 0177 0183 0184 0188 0190 0191 0192 0193 0195 ' +
    '0196 0198 0199 0200 0201 0202 0204 0208 0209 0210 0211 0212 0213 0215 0216 0218 0221 0230 0235 9901 9910 9913 ' +
    '9914 9915 9918 9919 9920 9922 9923 9924 9925 9926 9927 9928 9929 9930 9931 9932 9933 9934 9935 9936 9937 9938 ' +
    '9939 9940 9941 9942 9943 9944 9945 9946 9947 9948 9949 9950 9951 9952 9953 9957 9959 EM'
  ).split(' '),
)

export const isAddressScheme = (scheme: string): boolean => addressSchemes.has(scheme)

/** `0106:12345678` in its two parts; null when it is not of that form. */
export function schemedId(text: string): SchemedId | null {
  const [, scheme, id] = /^([^:]+):(.+)$/.exec(text.trim()) ?? []
  return scheme && id ? { scheme, id } : null
}

interface Known {
  readonly country: string | null
  readonly peppolId?: string | null
  readonly kvkNumber: string | null
  readonly vatId: string | null
  readonly email?: string | null
}

/**
 * Where an e-invoice goes: what was filled in, else the number that its country uses, else the VAT id, else the mail
 * address. Null when nothing is known.
 */
export function electronicAddressOf({ country, peppolId, kvkNumber, vatId, email }: Known): SchemedId | null {
  const given = peppolId ? schemedId(peppolId) : null
  if (given) return given
  if (country === 'NL' && kvkNumber) return { scheme: schemes.kvk, id: kvkNumber }
  const [scheme, idOf] = (vatId && vatSchemes[vatId.slice(0, 2)]) || []
  if (vatId && scheme && idOf) return { scheme, id: idOf(vatId) }
  return email ? { scheme: schemes.email, id: email } : null
}

/** The number in the register of companies or of authorities; without a scheme for countries whose list we do not know. */
export function legalIdOf({
  country,
  peppolId,
  kvkNumber,
  vatId,
}: Known): { scheme: string | null; id: string } | null {
  const given = peppolId ? schemedId(peppolId) : null
  if (given?.scheme === schemes.oin) return given
  if (country === 'NL') {
    if (kvkNumber) return { scheme: schemes.kvk, id: kvkNumber }
    return given?.scheme === schemes.kvk ? given : null
  }
  if (country === 'BE') {
    if (given?.scheme === schemes.belgianEnterprise) return given
    if (vatId?.startsWith(vatPrefixOf('BE'))) return { scheme: schemes.belgianEnterprise, id: vatId.slice(2) }
  }
  return kvkNumber ? { scheme: null, id: kvkNumber } : null
}
