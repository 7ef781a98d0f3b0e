export type IbanProblem = 'iban-format' | 'iban-check-digit'

/** Its letters and digits together, in capitals; or what is wrong with it (ISO 13616: the remainder by 97 is 1). */
export function parseIban(text: string): { readonly iban: string } | { readonly problem: IbanProblem } {
  const iban = text.replace(/[\s.-]/g, '').toUpperCase()
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(iban)) return { problem: 'iban-format' }
  const length = lengths[iban.slice(0, 2)]
  if (length !== undefined && iban.length !== length) return { problem: 'iban-format' }
  return remainderBy97(iban.slice(4) + iban.slice(0, 4)) === 1 ? { iban } : { problem: 'iban-check-digit' }
}

// Of the countries that most transfers go to; others are judged by their check digits alone (SWIFT IBAN registry).
const lengths: Readonly<Record<string, number>> = {
  AT: 20,
  BE: 16,
  CH: 21,
  DE: 22,
  DK: 18,
  ES: 24,
  FI: 18,
  FR: 27,
  GB: 22,
  IE: 22,
  IT: 27,
  LU: 20,
  NL: 18,
  NO: 15,
  PL: 28,
  PT: 25,
  SE: 24,
}

/** Letters count as two digits, A is 10. */
const remainderBy97 = (text: string): number =>
  [...text].reduce((rest, sign) => {
    const value = Number.parseInt(sign, 36)
    return (rest * (value > 9 ? 100 : 10) + value) % 97
  }, 0)
