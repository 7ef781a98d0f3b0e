import { putRow, removeRow, type SimulatorRow, type World } from '../../../contract/simulator.ts'

/** The small things of this world, beside its rows. */
export type SkeletonState = World['state'] & {
  language: 'nl' | 'en'
  /** Last version given to a row; `since` in the lists. */
  version: number
  counters: Record<string, number>
  minute: { readonly at: number; readonly calls: number }
  /** Until when everybody was told to wait, in epoch milliseconds. */
  quietUntil: number
  /** What the user of the access may not see, and how that shows. */
  withheld: Record<string, 'empty' | 'refused'>
}

export const stateOf = (world: World): SkeletonState => world.state as SkeletonState

export function count(world: World, name: string): number {
  const { counters } = stateOf(world)
  const next = (counters[name] ?? 0) + 1
  counters[name] = next
  return next
}

/** Stores a row with the next version, so that its list gives it again. */
export function store(world: World, table: string, row: SimulatorRow & { id: string }): SimulatorRow {
  stateOf(world).version += 1
  const stored = { ...row, version: stateOf(world).version }
  putRow(world, table, row.id, stored)
  return stored
}

/** Takes a row away; its list tells of it. */
export function discard(world: World, table: string, id: string): void {
  removeRow(world, table, id)
  store(world, 'removed', { id: `${table}/${id}`, table, removed: id })
}

export const mainCompany = 'main'

/** The small firm every simulator starts with. */
export function createSkeleton(at: { seed: number; now: Date; language: 'nl' | 'en' }): World {
  const state: SkeletonState = {
    faults: [],
    breaches: {},
    calls: {},
    seed: at.seed,
    language: at.language,
    version: 0,
    counters: {},
    minute: { at: 0, calls: 0 },
    quietUntil: 0,
    withheld: {},
  }
  const world: World = { state, tables: {}, changed: new Set() }
  putRow(world, 'companies', mainCompany, {
    id: mainCompany,
    number: '1',
    name: 'Noorderwind Advies',
    currency: 'EUR',
    archived: false,
  })
  const add = (table: string, rows: readonly (SimulatorRow & { id: string })[]) => {
    for (const row of rows) store(world, table, row)
  }
  add('customers', [
    {
      ...{ id: 'cus-green', code: '1001', name: 'Kaasboerderij De Groene Weide', blocked: false },
      ...{ street: 'Weidelaan 12', postcode: '1234 AB', city: 'Utrecht', country: 'NL' },
      ...{ email: 'boekhouding@groeneweide.example', vatNumber: 'NL009876543B01' },
    },
    {
      ...{ id: 'cus-cafe', code: '1002', name: 'Café Straßburg & Söhne', blocked: false },
      ...{ street: 'Hauptstraße 5', postcode: '50667', city: 'Köln', country: 'DE', vatNumber: 'DE123456788' },
    },
  ])
  const hours = { unit: 'hour', account: '8000', vatCode: 'HIGH', blocked: false }
  add('items', [
    { id: 'item-hours', code: 'UREN', name: 'Advies', ...hours },
    { id: 'item-books', code: 'BOEK', name: 'Boeken', ...hours, unit: 'piece', account: '8100', vatCode: 'LOW' },
  ])
  add('ledger-accounts', [
    { id: '8000', code: '8000', name: 'Omzet advies', kind: 'revenue', blocked: false },
    { id: '8100', code: '8100', name: 'Omzet overig', kind: 'revenue', blocked: false },
    { id: '1300', code: '1300', name: 'Debiteuren', kind: 'balance', blocked: false },
  ])
  add('vat-codes', [
    { id: 'HIGH', code: 'HIGH', name: 'Btw hoog', percentage: '21', reverseCharge: false, blocked: false },
    { id: 'LOW', code: 'LOW', name: 'Btw laag', percentage: '9', reverseCharge: false, blocked: false },
    { id: 'EU', code: 'EU', name: 'Btw verlegd binnen EU', percentage: '0', reverseCharge: true, blocked: false },
  ])
  add('journals', [
    { id: 'SALES', code: 'SALES', name: 'Verkoop', kind: 'sales' },
    { id: 'MEMO', code: 'MEMO', name: 'Memoriaal', kind: 'general' },
  ])
  add('payment-terms', [{ id: '30', code: '30', name: '30 dagen', days: 30 }])
  // This year and the one before it.
  for (const year of [0, 1].map((ago) => at.now.getUTCFullYear() - ago))
    for (let month = 1; month <= 12; month += 1) {
      const id = `${year}-${String(month).padStart(2, '0')}`
      putRow(world, 'periods', id, { id, closed: false })
    }
  return world
}
