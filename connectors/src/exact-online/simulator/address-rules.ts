import type { SimulatorRow } from '../../contract/simulator.ts'
import { isCountry } from './countries.ts'
import { say } from './messages.ts'
import type { View, Write } from './resource.ts'
import { newGuid, rowIn, rowsIn, store, text } from './world-state.ts'
import { checkReference, created, modified } from './writes.ts'

const shared = ['AddressLine1', 'AddressLine2', 'AddressLine3', 'City', 'Postcode', 'State', 'Country'] as const
const sharedOf = (row: SimulatorRow) => Object.fromEntries(shared.map((name) => [name, row[name] ?? null]))

const isVisit = (row: SimulatorRow) => row.Type === 1 && row.Main === true

/** The address of an account is its main visit address, kept as a row of its own too. */
export function keepVisitAddress(view: View, account: SimulatorRow): void {
  const known = rowsIn(view, 'Addresses').find((row) => row.Account === account.ID && isVisit(row))
  const wanted = sharedOf(account)
  if (!known && shared.every((name) => wanted[name] === null)) return
  if (known && shared.every((name) => (known[name] ?? null) === wanted[name])) return
  const base = known ?? { ID: newGuid(view.random), Account: account.ID, Type: 1, Main: true, ...created(view) }
  store(view, 'Addresses', String(base.ID), { ...base, ...wanted, ...modified(view) })
}

function checkAddress(write: Write, row: SimulatorRow): void {
  const { view, refuse } = write
  if (row.Account && !rowIn(view, 'Accounts', row.Account)) refuse(say(view.language, 'invalidReference', 'Account'))
  if (row.Type && ![1, 2, 3, 4].includes(Number(row.Type))) refuse(say(view.language, 'invalid', 'Type'))
  checkReference(write, 'Country', isCountry(text(write.sent.Country).trim()))
}

function save(view: View, row: SimulatorRow): SimulatorRow {
  const stored = store(view, 'Addresses', String(row.ID), { ...row, Country: text(row.Country).trim() || null })
  const account = rowIn(view, 'Accounts', row.Account)
  if (account && isVisit(stored))
    store(view, 'Accounts', String(account.ID), { ...account, ...sharedOf(stored), ...modified(view) })
  return stored
}

export function createAddress(write: Write): SimulatorRow {
  const { view, sent } = write
  const first = !rowsIn(view, 'Addresses').some((row) => row.Account === sent.Account && row.Type === sent.Type)
  const row = { Main: first, ...sent, ID: newGuid(view.random), ...created(view), ...modified(view) }
  checkAddress(write, row)
  return write.refused() ? row : save(view, row)
}

export function updateAddress(write: Write, merged: SimulatorRow): SimulatorRow {
  checkAddress(write, merged)
  return write.refused() ? merged : save(write.view, merged)
}

/** The main visit address belongs to its account and goes with it. */
export function removeAddress(write: Write, row: SimulatorRow): void {
  if (isVisit(row)) write.refuse(say(write.view.language, 'inUse', 'Account'))
}
