import { createHmac } from 'node:crypto'
import type * as z from 'zod'
import { putRow, removeRow, rowsOf, type World } from '../../contract/simulator.ts'
import type { HintSent } from '../harness.ts'
import type { hintBody } from './wire.ts'

/** Calls that Ledgerly makes to addresses that asked for them. They are kept here; whoever plays the network carries them. */

/** What Ledgerly signs with; its registration page shows it once. */
export const hintSecret = 'hint-secret-of-the-test-app'
export const signatureHeader = 'x-ledgerly-signature'

type HintBody = z.infer<typeof hintBody>
const told: ReadonlySet<string> = new Set<HintBody['resource']>([
  'customers',
  'items',
  'sales-invoices',
  'sales-entries',
  'open-items',
])

export function subscribe(world: World, company: string, callback: string): void {
  const key = `${company} ${callback}`
  if (world.tables.subscriptions?.[key]) return
  putRow(world, 'subscriptions', key, { company, callback })
  // An empty call first, to see whether anybody is there.
  send(world, callback, '')
}

export const unsubscribe = (world: World, company: string, callback: string): void =>
  removeRow(world, 'subscriptions', `${company} ${callback}`)

export function tellSubscribers(world: World, company: string, resource: string, id: string): void {
  if (!told.has(resource)) return
  for (const row of rowsOf(world, 'subscriptions').filter((each) => each.company === company))
    send(world, String(row.callback), JSON.stringify({ company, resource, id }))
}

function send(world: World, callback: string, body: string): void {
  const key = String(rowsOf(world, 'hints').length + 1).padStart(6, '0')
  putRow(world, 'hints', key, { callback, body })
}

export const signatureOf = (raw: Uint8Array, secret: string): string =>
  createHmac('sha256', secret).update(raw).digest('hex')

/** Every call so far, oldest first. */
export const hintsSent = (world: World): readonly HintSent[] =>
  rowsOf(world, 'hints').map(({ callback, body }) => {
    const raw = new TextEncoder().encode(String(body))
    const headers: Record<string, string> = { 'content-type': 'application/json' }
    if (raw.byteLength > 0) headers[signatureHeader] = signatureOf(raw, hintSecret)
    return { callback: String(callback), raw, headers }
  })
