import { assert } from '@uurwerk/core/shared/assert.ts'
import { addDays, calendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import type { Noun } from '../../contract/rows.ts'
import { rowOf, type SimulatorRow, type World } from '../../contract/simulator.ts'
import type { FaultPlace, Harness, RightPlace } from '../harness.ts'
import { formOn } from '../sign-in.ts'
import { booksOf, byHand } from './books-of.ts'
import { fixtures } from './fixtures.ts'
import type { FakeForm } from './form.ts'
import { hintSecret, hintsSent } from './hints.ts'
import { fakeHost } from './manifest.ts'
import { letTimePass } from './processing.ts'
import { fakeSimulator } from './simulator.ts'
import { resources } from './wire.ts'
import { companyOne } from './world.ts'

/** How the suite handles Ledgerly. */
export const fakeHarness = (form: FakeForm): Harness => ({
  simulator: fakeSimulator(form),
  country: 'NL',
  app: {
    clientId: 'uurwerk-test',
    clientSecret: 'secret-of-the-test-app',
    redirectUri: 'https://uurwerk.example/connect/callback',
    baseUrl: `https://${fakeHost}`,
  },
  settings: { salesJournal: 'SALES' },
  administration: companyOne,
  manyRows: 45,
  fixtures,
  ...(form.reach === 'whole' ? { hints: { secret: hintSecret, sent: ({ world }) => hintsSent(world) } } : {}),
  async consent(browser, page) {
    const { action, fields } = formOn(await browser.get(page))
    const { location } = await browser.post(new URL(action), [...fields, ['decision', 'allow']])
    assert(location, 'the sign-in page sent nobody back')
    return location
  },
  books({ world, clock }) {
    letTimePass(world, clock.now())
    return booksOf(world)
  },
  fault: (name, on, options) => ({ kind: name, on: endpointOf(on), ...options }),
  byHand: {
    closePeriod: ({ world }, date) => byHand.closePeriod(world, companyOne, date.slice(0, 7)),
    removeLedgerAccount: ({ world }, id) => byHand.remove(world, 'ledger-accounts', companyOne, id),
    removeCustomer: ({ world }, id) => byHand.remove(world, 'customers', companyOne, id),
    refuseVatCode: ({ world }, id) => byHand.change(world, 'vat-codes', companyOne, id, { blocked: true }),
    renameCustomer: ({ world }, id, name) => byHand.change(world, 'customers', companyOne, id, { name }),
    addCustomers: ({ world }, names) => byHand.addCustomers(world, companyOne, names),
    addItems: ({ world }, names) => byHand.addItems(world, companyOne, names),
    enterAgain: ({ world }, entry) => {
      byHand.copy(world, 'salesEntry', companyOne, entry)
    },
    changeEntry: ({ world }, entry) => dateBefore(world, 'sales-entries', entry),
    startMarksAnew: ({ world }) => byHand.startMarksAnew(world),
    reopenPeriod: ({ world }, date) => byHand.reopenPeriod(world, companyOne, date.slice(0, 7)),
    blockItem: ({ world }, id) => byHand.change(world, 'items', companyOne, id, { blocked: true }),
    makeProspect: ({ world }, id) => byHand.change(world, 'customers', companyOne, id, { prospect: true }),
    ...(form.numbers === 'reserved'
      ? { takeNumber: ({ world }, { body }) => byHand.takeNumber(world, companyOne, body as SimulatorRow) }
      : {}),
    deleteEntry: ({ world }, entry) => byHand.remove(world, 'sales-entries', companyOne, entry),
    changeInvoice: ({ world }, invoice) => dateBefore(world, 'sales-invoices', invoice),
    discardInvoice: ({ world }, invoice) => byHand.remove(world, 'sales-invoices', companyOne, invoice),
    printInvoice: ({ world, clock }, invoice) => byHand.print(world, companyOne, invoice, clock.now()),
    pay: ({ world, clock }, entry, amount) => byHand.pay(world, companyOne, entry, clock.now(), amount),
    unpay: ({ world }, entry) => byHand.unpay(world, companyOne, entry),
    takeRight: ({ world }, of, how) => byHand.takeRight(world, resourceOf(of), how),
  },
})

function dateBefore(world: World, table: string, id: string): void {
  const date = calendarDate(String(rowOf(world, table, `${companyOne}/${id}`)?.date))
  byHand.change(world, table, companyOne, id, { date: addDays(date, -1) })
}

const lists: { readonly [N in Noun]?: string } = {
  customers: 'customers',
  items: 'items',
  ledgerAccounts: 'ledger-accounts',
  vatCodes: 'vat-codes',
  journals: 'journals',
  paymentTerms: 'payment-terms',
  periods: 'periods',
}

function endpointOf(on: FaultPlace): string {
  if (on === 'token') return 'POST token'
  return `${'post' in on ? 'POST' : 'GET'} ${resourceOf(on)}`
}

function resourceOf(of: RightPlace): string {
  if (of === 'settled') return 'open-items'
  const resource = 'post' in of ? resources[of.post] : lists[of.read]
  assert(resource, `Ledgerly has no ${JSON.stringify(of)}`)
  return resource
}
