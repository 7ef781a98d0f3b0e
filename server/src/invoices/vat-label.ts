import { partsOf, type VatTreatment } from '@uurwerk/core/invoicing/vat-cases.ts'
import { formatDecimal } from '@uurwerk/core/shared/format.ts'
import type { Language } from '@uurwerk/core/shared/language.ts'
import type { Decimal } from '@uurwerk/core/shared/money.ts'
import { say } from '../http/words.ts'

/** What stands before the VAT amount on the invoice: `21% btw`, `Btw verlegd`. */
export function vatLabel(treatment: VatTreatment, rate: Decimal, language: Language): string {
  const { vatCase, vatClass } = partsOf(treatment)
  if (vatClass === 'exempt') return say(language, 'vat-label.exempt')
  if (vatCase === 'disbursement') return say(language, 'vat-label.disbursement')
  if (vatClass) return say(language, 'vat-label.rate', { rate: formatDecimal(rate, language) })
  return say(language, vatCase === 'outside-eu' ? 'vat-label.outside-eu' : 'vat-label.reverse-charge')
}
