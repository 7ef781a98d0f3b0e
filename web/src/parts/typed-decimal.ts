/** `1.234,50` → `1234.50`; text that is no number is left as it is. */
export function typedDecimal(typed: string): string {
  const text = typed.replaceAll(/\s/g, '').replace('\u2212', '-')
  if (/^-?\d*[.,]?\d*$/.test(text)) return text.replace(',', '.')
  if (/^-?\d{1,3}(\.\d{3})+(,\d*)?$/.test(text)) return text.replaceAll('.', '').replace(',', '.')
  if (/^-?\d{1,3}(,\d{3})+(\.\d*)?$/.test(text)) return text.replaceAll(',', '')
  return typed
}
