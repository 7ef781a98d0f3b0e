/**
 * Number in the Dutch trade register: eight digits, without check digit. Points and spaces are dropped, and a zero
 * that a spreadsheet took away is put back. Null when it is not one.
 */
export function parseKvkNumber(text: string): string | null {
  const digits = text.replace(/^kvk/i, '').replace(/[\s.:-]/g, '')
  return /^\d{7,8}$/.test(digits) && /[1-9]/.test(digits) ? digits.padStart(8, '0') : null
}
