import { putRow, removeRow, rowOf, rowsOf, type SimulatorRow, type World } from '../../contract/simulator.ts'
import type { BookedDocument } from '../books.ts'
import { type FakeKind, type LedgerlyLine, resources } from './wire.ts'
import { newId, stateOf, store } from './world.ts'

/** Every document that came in through the interface or by hand, also those the package does not show yet. */
export function booksOf(world: World): readonly BookedDocument[] {
  return (Object.keys(resources) as FakeKind[]).flatMap((kind) =>
    rowsOf(world, resources[kind])
      .filter((row) => row.reference !== undefined)
      .map((row) => bookedDocument(world, kind, row)),
  )
}

function bookedDocument(world: World, kind: FakeKind, row: SimulatorRow): BookedDocument {
  const text = (field: string) => (row[field] === undefined ? undefined : String(row[field]))
  const customer = rowOf(world, 'customers', `${row.company}/${row.customer}`)
  return {
    kind,
    id: String(row.id),
    administration: String(row.company),
    reference: String(row.reference),
    number: text('number') ?? text('code'),
    customer: text('customer'),
    customerName: kind === 'customer' ? text('name') : customer && String(customer.name),
    date: text('date'),
    currency: text('currency'),
    gross: text('gross'),
    parent: text('entry'),
    fileName: text('fileName'),
    lines: ((row.lines ?? []) as LedgerlyLine[]).map((line) => ({
      ledgerAccount: line.account,
      description: line.text,
      amount: line.amount,
      ...(line.vatCode === undefined ? {} : { vatCode: line.vatCode, vat: line.vat ?? '0.00' }),
    })),
  }
}

/** What a bookkeeper does in Ledgerly itself. */
export const byHand = {
  closePeriod(world: World, company: string, period: string): void {
    change(world, 'periods', company, period, { closed: true })
  },
  remove(world: World, table: string, company: string, id: string): void {
    removeRow(world, table, `${company}/${id}`)
    const version = stateOf(world).version + 1
    stateOf(world).version = version
    putRow(world, 'removed', `${company}/${table}/${id}`, { id, company, resource: table, version })
  },
  change,
  /** Enters a document a second time, as somebody does who did not see the first. */
  copy(world: World, kind: FakeKind, company: string, id: string, changes: SimulatorRow = {}): string {
    const original = rowOf(world, resources[kind], `${company}/${id}`)
    if (!original) throw new Error(`no ${kind} ${id} in ${company}`)
    const copy = newId(world, 'hand')
    store(world, resources[kind], { ...original, ...changes, id: copy, company })
    return copy
  },
  addCustomers(world: World, company: string, names: readonly string[]): void {
    for (const name of names) {
      const id = newId(world, 'cus')
      store(world, 'customers', { id, company, code: id, name, country: 'NL' })
    }
  },
  addItems(world: World, company: string, names: readonly string[]): void {
    for (const name of names) {
      const id = newId(world, 'item')
      store(world, 'items', { id, company, code: id, name, unit: 'piece', account: '8000', vatCode: 'HIGH' })
    }
  },
  /** As after a restore in the package: marks given before are worth nothing. */
  startMarksAnew(world: World): void {
    stateOf(world).version += 1
    stateOf(world).marksFrom = stateOf(world).version
  },
}

function change(world: World, table: string, company: string, id: string, changes: SimulatorRow): void {
  const row = rowOf(world, table, `${company}/${id}`)
  if (!row) throw new Error(`no ${table} ${id} in ${company}`)
  store(world, table, { ...row, ...changes, id, company })
}
