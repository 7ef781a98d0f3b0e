import type { Random } from '@uurwerk/core/shared/ports.ts'
import { putRow, removeRow, rowOf, rowsOf, type SimulatorRow, type World } from '../../contract/simulator.ts'

import { tellSubscribers } from './webhooks.ts'

export type Language = 'nl' | 'en'

interface Window {
  minute: number
  inMinute: number
  day: number
  inDay: number
}

interface Errors {
  /** Instants of counted errors in the last hour, milliseconds. */
  at: number[]
  blockedUntil: number
  blocks: number
}

/** The small things of this world, beside its rows. */
export type ExactState = World['state'] & {
  seed: number
  language: Language
  /** Last row version given, by division. */
  versions: Record<string, number>
  /** Calls in the current minute and day, by client and division. */
  limits: Record<string, Window>
  /** Errors by client, user, division and endpoint. */
  errors: Record<string, Errors>
  /** Answers of the API so far: each has a number of its own. */
  answers?: number
  /** Client id → secret; the first secret that comes with a client id is taken as the registered one. */
  apps: Record<string, string>
}

export const stateOf = (world: World): ExactState => world.state as ExactState

interface Place {
  readonly world: World
  readonly division: number
  readonly now: Date
}

/** Tables whose rows carry a row version for the sync endpoints. */
export const synced: ReadonlySet<string> = new Set([
  'Accounts',
  'Addresses',
  'Contacts',
  'Items',
  'GLAccounts',
  'SalesInvoiceLines',
  // Sales entries and general journals have no twin of their own, but their lines in the ledger have.
  'SalesEntries',
  'GeneralJournalEntries',
  'Documents',
  'DocumentAttachments',
  'PaymentTerms',
  'Deleted',
])

export function nextVersion(world: World, division: number): string {
  const versions = stateOf(world).versions
  const next = (versions[division] ?? 24_000_000_000) + 1
  versions[division] = next
  return String(next)
}

/** Stores a row of a division under its key, with a new row version where the table has a sync twin. */
export function store(place: Place, table: string, key: string, row: SimulatorRow): SimulatorRow {
  const version = synced.has(table) ? { Timestamp: nextVersion(place.world, place.division) } : {}
  const stored = { ...row, Division: place.division, ...version }
  const change = rowOf(place.world, table, key) ? 'Update' : 'Create'
  putRow(place.world, table, key, stored)
  tellSubscribers({ ...place, table, key, row: stored, change })
  return stored
}

/** Removes a row and writes it in the log of deletions when its kind is kept there. */
export function discard(
  place: Place & { user: SimulatorRow; random: Random },
  table: string,
  key: string,
  entityType?: number,
) {
  const row = rowOf(place.world, table, key)
  removeRow(place.world, table, key)
  if (row) tellSubscribers({ ...place, table, key, row, change: 'Delete' })
  if (entityType !== undefined) logDeletion(place, key, entityType)
}

export function logDeletion(
  place: Place & { user: SimulatorRow; random: Random },
  key: string,
  entityType: number,
): void {
  const id = newGuid(place.random)
  store(place, 'Deleted', id, {
    ID: id,
    EntityKey: key,
    EntityType: entityType,
    DeletedDate: place.now.toISOString(),
    DeletedBy: place.user.UserID,
  })
}

/** Rows of a division that can be seen now: a row committed late is there, but not yet. */
export function rowsIn({ world, division, now }: Place, table: string): readonly SimulatorRow[] {
  const moment = now.toISOString()
  return rowsOf(world, table).filter(
    (row) => row.Division === division && !(typeof row.visibleFrom === 'string' && row.visibleFrom > moment),
  )
}

export function rowIn({ world, division, now }: Place, table: string, key: unknown): SimulatorRow | undefined {
  if (typeof key !== 'string') return undefined
  const row = rowOf(world, table, key)
  if (row?.Division !== division) return undefined
  return typeof row.visibleFrom === 'string' && row.visibleFrom > now.toISOString() ? undefined : row
}

/** What is set for an administration at its screens: `defaultSalesJournal`, `numericAccountCodes`, … */
export const settingOf = ({ world, division }: Place, name: string): unknown =>
  rowOf(world, 'Divisions', String(division))?.[name]

export function newGuid(random: Random): string {
  const digit = (from: number, to: number) => Math.floor(from + random.next() * (to - from)).toString(16)
  return 'xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx'.replace(/[xy]/g, (place) =>
    place === 'x' ? digit(0, 16) : digit(8, 12),
  )
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** Opaque text of tokens and codes. */
export function opaque(random: Random, length: number, extra: string): string {
  const alphabet = letters + extra
  return Array.from({ length }, () => alphabet[Math.floor(random.next() * alphabet.length)]).join('')
}

/** Users in the order in which they were made, however a store gives the rows back. */
export const usersOf = (world: World): readonly SimulatorRow[] =>
  rowsOf(world, 'Users').toSorted((a, b) => Number(a.place) - Number(b.place))

export const text = (value: unknown): string => (typeof value === 'string' ? value : '')
