import { absolute, type Decimal, isNegative, round } from '@uurwerk/core/shared/money.ts'
import { escapeXml } from './answers.ts'

/** `1,512.50` or `1.512,50`; the amount is exact text all the way. */
export function money(value: unknown, language: 'nl' | 'en'): string {
  const amount = round(String(value ?? '0') as Decimal, 2)
  const [whole = '0', cents = '00'] = round(absolute(amount), 2).split('.')
  const [thousands, point] = language === 'nl' ? ['.', ','] : [',', '.']
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, thousands)
  return `${isNegative(amount) ? '−' : ''}${grouped}${point}${cents}`
}

export const cell = (value: unknown, kind = '') =>
  `<td${kind && ` class="${kind}"`}>${escapeXml(String(value ?? ''))}</td>`

export const table = (heads: readonly (string | { num: string })[], body: string) => {
  const head = heads.map((name) => (typeof name === 'string' ? `<th>${name}</th>` : `<th class="num">${name.num}</th>`))
  return `<div class="sheet"><table><thead><tr>${head.join('')}</tr></thead><tbody>${body}</tbody></table></div>`
}
