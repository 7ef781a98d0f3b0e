import type { paths } from '@uurwerk/api/generated/schema.d.ts'
import { newKey } from '../../new-key.ts'

type Body = NonNullable<paths['/package-invoices/preview']['post']['requestBody']>['content']['application/json']

/** What was chosen to be invoiced in the package, and the screen to go back to. */
export interface Chosen {
  readonly body: Body
  readonly from: 'hours' | 'expenses' | 'trips' | 'uninvoiced' | 'project'
}

const keyOf = (name: string) => `uurwerk.entries.${name}`

/** More than an address holds: this window keeps it, under a name that the address carries. */
export function keepChosen(chosen: Chosen): string {
  const name = newKey()
  sessionStorage.setItem(keyOf(name), JSON.stringify(chosen))
  return name
}

/** Null in another window, and after this one was closed. */
export function readChosen(name: string | undefined): Chosen | null {
  const stored: unknown = JSON.parse(sessionStorage.getItem(keyOf(name ?? '')) ?? 'null')
  return typeof stored === 'object' && stored !== null && 'body' in stored ? (stored as Chosen) : null
}
