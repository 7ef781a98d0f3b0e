import { dateIn } from '@uurwerk/core/shared/calendar-date.ts'
import { decimal, subtract, toCents } from '@uurwerk/core/shared/money.ts'
import { rowOf, rowsOf, type SimulatorRow, type World } from '../../contract/simulator.ts'
import type { BookedDocument } from '../books.ts'
import { printByHand } from './rules.ts'
import { type Booked, type FakeKind, resources } from './wire.ts'
import { discard, newId, stateOf, store } from './world.ts'

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
    dueDate: text('due'),
    period: text('period'),
    currency: text('currency'),
    gross: text('gross'),
    vat: text('vat'),
    orderNumber: text('order'),
    isPrinted: kind === 'salesInvoice' ? row.state === 'printed' : undefined,
    parent: text('parent') ?? text('salesInvoice') ?? text('entry'),
    fileName: text('fileName'),
    bytesBase64: text('content'),
    lines: ((row.lines ?? []) as NonNullable<Booked['lines']>).map((line) => ({
      ...(line.item === undefined || line.price === undefined || line.quantity === undefined
        ? {}
        : { item: line.item, quantity: line.quantity, unitPrice: line.price }),
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
  reopenPeriod(world: World, company: string, period: string): void {
    change(world, 'periods', company, period, { closed: false })
  },
  remove(world: World, table: string, company: string, id: string): void {
    discard(world, table, company, id)
    if (table === 'sales-entries') discard(world, 'open-items', company, `open-${id}`)
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
  print(world: World, company: string, id: string, now: Date): void {
    printByHand(world, company, id, dateIn('Europe/Amsterdam', now), now.getTime())
  },
  /** A receipt of this much, or of all that is open. */
  pay(world: World, company: string, entry: string, now: Date, amount?: string): void {
    const { outstanding } = openItemOf(world, company, entry)
    const left = subtract(decimal(String(outstanding)), decimal(amount ?? String(outstanding)))
    const paidOn = dateIn('Europe/Amsterdam', now)
    change(world, 'open-items', company, `open-${entry}`, { outstanding: toCents(left), paidOn })
  },
  unpay(world: World, company: string, entry: string): void {
    const { paidOn, ...row } = openItemOf(world, company, entry)
    const outstanding = rowOf(world, 'sales-entries', `${company}/${entry}`)?.gross
    store(world, 'open-items', { ...row, id: `open-${entry}`, company, outstanding })
  },
  /** An entry typed by hand that takes a number. */
  takeNumber(world: World, company: string, entry: SimulatorRow): void {
    const { journal, number, customer, date, period, currency } = entry
    const gross = '0.00'
    store(world, 'sales-entries', {
      ...{ id: newId(world, 'hand'), company, journal, number, customer, date, period, currency },
      ...{ gross, vat: gross, lines: [] },
    })
  },
  takeRight(world: World, resource: string, how: 'empty' | 'refused'): void {
    stateOf(world).withheld[resource] = how
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

function openItemOf(world: World, company: string, entry: string): SimulatorRow {
  const row = rowOf(world, 'open-items', `${company}/open-${entry}`)
  if (!row) throw new Error(`nothing is open of ${entry} in ${company}`)
  return row
}

function change(world: World, table: string, company: string, id: string, changes: SimulatorRow): void {
  const row = rowOf(world, table, `${company}/${id}`)
  if (!row) throw new Error(`no ${table} ${id} in ${company}`)
  store(world, table, { ...row, ...changes, id, company })
}
