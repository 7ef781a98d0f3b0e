import { newKey } from '../../new-key.ts'

/** An address holds so many ids and still opens everywhere. */
const mostInAddress = 60
const kept = 'kept'
const keyOf = (name: string) => `uurwerk.chosen.${name}`

/** The invoices of a preview as the address carries them: themselves, or where this window keeps them. */
export function toAddress(ids: readonly string[]): string[] {
  if (ids.length <= mostInAddress) return [...ids]
  const name = newKey()
  sessionStorage.setItem(keyOf(name), JSON.stringify(ids))
  return [kept, name]
}

export function fromAddress(carried: readonly string[]): readonly string[] {
  if (carried[0] !== kept) return carried
  const stored: unknown = JSON.parse(sessionStorage.getItem(keyOf(carried[1] ?? '')) ?? '[]')
  return Array.isArray(stored) ? stored.filter((id) => typeof id === 'string') : []
}
