import type { Language } from '../shared/language.ts'
import { partsOf, type VatTreatment } from './vat-cases.ts'

export const vatSentenceKeys = [
  'reverse-charge-eu',
  'reverse-charge-domestic',
  'exempt',
  'outside-eu',
  'disbursement',
] as const
export type VatSentenceKey = (typeof vatSentenceKeys)[number]

/** Which sentence the law asks for on an invoice with this treatment; null when VAT is charged or the rate is zero. */
export function vatSentenceKeyFor(treatment: VatTreatment): VatSentenceKey | null {
  const { vatCase, vatClass } = partsOf(treatment)
  if (vatClass) return vatClass === 'exempt' ? 'exempt' : null
  if (vatCase === 'eu-business') return 'reverse-charge-eu'
  if (vatCase === 'disbursement') return 'disbursement'
  return vatCase === 'domestic-reverse-charge' ? 'reverse-charge-domestic' : 'outside-eu'
}

// "Btw verlegd" and "Reverse charge" are prescribed words (Directive 2006/112/EC, art. 226(11a)); for an exemption a
// reference to the article, or that it is exempt, is enough (art. 226(11)).
const sentences: Readonly<Record<VatSentenceKey, Readonly<Record<Language, string>>>> = {
  'reverse-charge-eu': {
    nl: 'Btw verlegd (artikelen 44 en 196 Richtlijn 2006/112/EG)',
    en: 'Reverse charge: the customer accounts for the VAT (articles 44 and 196 Directive 2006/112/EC)',
  },
  'reverse-charge-domestic': {
    nl: 'Btw verlegd (artikel 199 Richtlijn 2006/112/EG)',
    en: 'Reverse charge: the customer accounts for the VAT (article 199 Directive 2006/112/EC)',
  },
  exempt: {
    nl: 'Vrijgesteld van btw (artikel 132 of 135 Richtlijn 2006/112/EG)',
    en: 'Exempt from VAT (article 132 or 135 Directive 2006/112/EC)',
  },
  'outside-eu': {
    nl: 'Niet onderworpen aan btw in de Europese Unie: plaats van dienst buiten de EU (artikelen 44 en 59 Richtlijn 2006/112/EG)',
    en: 'Not subject to VAT in the European Union: place of supply outside the EU (articles 44 and 59 Directive 2006/112/EC)',
  },
  disbursement: {
    nl: 'Doorlopende post, niet onderworpen aan btw (artikel 79, onder c, Richtlijn 2006/112/EG)',
    en: 'Disbursement, not subject to VAT (article 79(c) Directive 2006/112/EC)',
  },
}

// Where the national article says more: Wet op de omzetbelasting 1968, art. 12(5) with Uitvoeringsbesluit art. 24b, and art. 11.
const national: Readonly<Record<string, Partial<typeof sentences>>> = {
  NL: {
    'reverse-charge-domestic': {
      nl: 'Btw verlegd (artikel 12, lid 5, Wet op de omzetbelasting 1968)',
      en: 'Reverse charge: the customer accounts for the VAT (article 12(5) of the Dutch VAT Act 1968)',
    },
    exempt: {
      nl: 'Vrijgesteld van btw (artikel 11 Wet op de omzetbelasting 1968)',
      en: 'Exempt from VAT (article 11 of the Dutch VAT Act 1968)',
    },
  },
}

/** The words of a sentence for a firm in this country. */
export const vatSentence = (key: VatSentenceKey, language: Language, firmCountry: string): string =>
  ((Object.hasOwn(national, firmCountry) ? national[firmCountry]?.[key] : undefined) ?? sentences[key])[language]
