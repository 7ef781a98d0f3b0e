import { addMonths, calendarDate, dateIn, endOfMonth } from '@uurwerk/core/shared/calendar-date.ts'
import { putRow, removeRow, type SimulatorRow, type World } from '../../contract/simulator.ts'
import type { FakeForm } from './form.ts'
import { tellSubscribers } from './hints.ts'

/** The small things of this world, beside its rows. */
export type LedgerlyState = World['state'] & {
  language: 'nl' | 'en'
  form: FakeForm
  /** Last version given to a row; `since` in the lists of changes. */
  version: number
  /** Marks below this one are worth nothing any more. */
  marksFrom: number
  counters: Record<string, number>
  /** Calls in the current minute, by company. */
  minutes: Record<string, { minute: number; calls: number }>
  /** Until when a company was told to wait. */
  quietUntil: Record<string, number>
  /** What the user of the access may not see, and how that shows. */
  withheld: Record<string, 'empty' | 'refused'>
}

export const stateOf = (world: World): LedgerlyState => world.state as LedgerlyState

export function count(world: World, name: string): number {
  const { counters } = stateOf(world)
  const next = (counters[name] ?? 0) + 1
  counters[name] = next
  return next
}

/** An id that is the same in every run: `entry-00007`. */
export const newId = (world: World, prefix: string): string =>
  `${prefix}-${String(count(world, prefix)).padStart(5, '0')}`

/** Takes a row away; the lists of changes tell of it. */
export function discard(world: World, table: string, company: string, id: string): void {
  removeRow(world, table, `${company}/${id}`)
  store(world, 'removed', { id: `${table}/${id}`, company, removed: id, resource: table })
  tellSubscribers(world, company, table, id)
}

/** Stores a row of a company with the next version, so that the lists of changes give it again. */
export function store(world: World, table: string, row: SimulatorRow & { id: string; company: string }): SimulatorRow {
  const state = stateOf(world)
  state.version += 1
  const stored = { ...row, version: state.version }
  putRow(world, table, `${row.company}/${row.id}`, stored)
  tellSubscribers(world, row.company, table, row.id)
  return stored
}

export const companyOne = 'northwind'
const companyTwo = 'harbour'
const companyOld = 'attic'

/** The small firm every simulator starts with, in two administrations and a third that was archived. */
export function createLedgerly(
  form: FakeForm,
  at: { seed: number; now: Date; language: 'nl' | 'en'; country?: string },
): World {
  const state: LedgerlyState = {
    faults: [],
    breaches: {},
    calls: {},
    seed: at.seed,
    language: at.language,
    form,
    version: 0,
    marksFrom: 0,
    counters: {},
    minutes: {},
    quietUntil: {},
    withheld: {},
  }
  const world: World = { state, tables: {}, changed: new Set() }
  const companies = [
    { id: companyOne, code: '1', name: 'Noorderwind Advies', archived: false },
    { id: companyTwo, code: '2', name: 'Havenzicht Beheer', archived: false },
    { id: companyOld, code: '3', name: 'Oude Zolder', archived: true },
  ]
  for (const company of companies) {
    putRow(world, 'companies', company.id, {
      ...company,
      country: at.country ?? 'NL',
      currency: 'EUR',
      vatNumber: 'NL001234567B29',
    })
    fill(world, company.id, at.now)
  }
  return world
}

function fill(world: World, company: string, now: Date): void {
  const add = (table: string, row: SimulatorRow & { id: string }) => store(world, table, { ...row, company })

  add('customers', {
    id: 'cus-green',
    code: '1001',
    name: 'Kaasboerderij De Groene Weide',
    street: 'Weidelaan 12',
    postcode: '1234 AB',
    city: 'Utrecht',
    country: 'NL',
    email: 'boekhouding@groeneweide.example',
    vatNumber: 'NL009876543B01',
  })
  add('customers', {
    id: 'cus-cafe',
    code: '1002',
    name: 'Café Straßburg & Söhne',
    street: 'Hauptstraße 5',
    postcode: '50667',
    city: 'Köln',
    country: 'DE',
    vatNumber: 'DE123456788',
  })
  add('items', { id: 'item-hours', code: 'UREN', name: 'Advies', unit: 'hour', account: '8000', vatCode: 'HIGH' })
  add('items', { id: 'item-trips', code: 'KM', name: 'Reiskosten', unit: 'km', account: '8100', vatCode: 'HIGH' })
  add('items', { id: 'item-books', code: 'BOEK', name: 'Boeken', unit: 'piece', account: '8100', vatCode: 'LOW' })

  add('items', {
    id: 'item-boxes',
    code: 'DOOS',
    name: 'Dozen',
    unit: 'piece',
    account: '8100',
    vatCode: 'HIGH',
    whole: true,
  })

  add('ledger-accounts', { id: '8000', name: 'Omzet advies', kind: 'revenue' })
  add('ledger-accounts', { id: '8100', name: 'Omzet overig', kind: 'revenue' })
  add('ledger-accounts', { id: '1300', name: 'Debiteuren', kind: 'control' })
  add('ledger-accounts', { id: '4000', name: 'Lonen', kind: 'cost' })
  add('ledger-accounts', { id: '1700', name: 'Te betalen lonen', kind: 'balance' })
  add('ledger-accounts', { id: '9999', name: 'Oude omzet', kind: 'general', blocked: true })

  add('vat-codes', { id: 'HIGH', name: 'Btw hoog', percentage: '21', reverseCharge: false })
  add('vat-codes', { id: 'LOW', name: 'Btw laag', percentage: '9', reverseCharge: false })
  add('vat-codes', { id: 'NIL', name: 'Geen btw', percentage: '0', reverseCharge: false })
  add('vat-codes', { id: 'EU', name: 'Btw verlegd binnen EU', percentage: '0', reverseCharge: true })

  add('vat-codes', { id: 'TILL', name: 'Btw hoog, inclusief', percentage: '21', reverseCharge: false, including: true })

  add('journals', { id: 'SALES', name: 'Verkoop', kind: 'sales' })
  add('journals', { id: 'MEMO', name: 'Memoriaal', kind: 'general' })
  add('payment-terms', { id: '14', name: '14 dagen', days: 14 })
  add('payment-terms', { id: '30', name: '30 dagen', days: 30 })

  const thisYear = dateIn('Europe/Amsterdam', now).slice(0, 4)
  const first = addMonths(calendarDate(`${thisYear}-01-01`), -12)
  for (let month = 0; month < 24; month += 1) {
    const from = addMonths(first, month)
    add('periods', { id: from.slice(0, 7), name: from.slice(0, 7), from, until: endOfMonth(from), closed: false })
  }
}
