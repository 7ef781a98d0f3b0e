import { partsOf, type VatTreatment } from '@uurwerk/core/invoicing/vat-cases.ts'
import type { Language } from './call.ts'
import { say } from './words.ts'

/** `Domestic, standard rate`. */
export const treatmentWords = (language: Language, treatment: VatTreatment): string =>
  say(language, `vat.treatment.${treatment}`)

/** `Domestic, 21 %`: the rate says more than its class; where none is charged there is none to say. */
export function treatmentAtRate(language: Language, treatment: VatTreatment, rate: string | null): string {
  const { vatCase, vatClass } = partsOf(treatment)
  if (rate === null || vatClass === null || vatClass === 'exempt' || vatClass === 'zero')
    return treatmentWords(language, treatment)
  return vatCase === 'domestic'
    ? say(language, 'vat.treatment.domestic-at-rate', { rate })
    : say(language, 'vat.treatment.eu-consumer-at-rate', { rate })
}
