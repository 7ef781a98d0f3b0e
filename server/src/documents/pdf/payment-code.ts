import type { Invoice } from '@uurwerk/core/invoicing/invoice.ts'
import { compare, decimal, round, zero } from '@uurwerk/core/shared/money.ts'

const most = decimal('999999999.99')
const mostBytes = 331

/** As many of its first characters as fit; never half of one. */
const cut = (text: string, most: number): string => [...text.replaceAll(/\s+/g, ' ').trim()].slice(0, most).join('')

/**
 * What the camera of a bank app reads: EPC069-12, version 002, UTF-8. Null where it says nothing: another currency, no
 * IBAN, no number yet, a credit note, or nothing to pay.
 */
export function paymentCodeOf({ kind, currency, firm, number, totals }: Invoice): string | null {
  const iban = firm.iban?.replaceAll(/\s/g, '')
  if (kind !== 'invoice' || currency !== 'EUR' || !iban || !number) return null
  if (compare(totals.gross, zero) <= 0 || compare(totals.gross, most) > 0) return null
  // Purpose and structured reference stay empty; the number is the free text that the payer's bank passes on.
  const lines = (name: string) =>
    [
      'BCD',
      '002',
      '1',
      'SCT',
      firm.bic ?? '',
      name,
      iban,
      `EUR${round(totals.gross, 2)}`,
      '',
      '',
      cut(number, 140),
    ].join('\n')
  const whole = lines(cut(firm.name, 70))
  return Buffer.byteLength(whole) <= mostBytes ? whole : null
}
