/**
 * `1.234,50` → `1234.50`; text that is no number is left as it is. Three digits behind the mark of thousands of the
 * reader's own language are thousands: `12.500` is twelve thousand five hundred where the decimal mark is a comma.
 */
export function typedDecimal(typed: string, mark: '.' | ','): string {
  const text = typed.replaceAll(/\s/g, '').replace('\u2212', '-')
  if (mark === ',' && /^-?[1-9]\d{0,2}(\.\d{3})+$/.test(text)) return text.replaceAll('.', '')
  if (mark === '.' && /^-?[1-9]\d{0,2}(,\d{3})+$/.test(text)) return text.replaceAll(',', '')
  if (/^-?\d*[.,]?\d*$/.test(text)) return text.replace(',', '.')
  if (/^-?\d{1,3}(\.\d{3})+(,\d*)?$/.test(text)) return text.replaceAll('.', '').replace(',', '.')
  if (/^-?\d{1,3}(,\d{3})+(\.\d*)?$/.test(text)) return text.replaceAll(',', '')
  return typed
}
