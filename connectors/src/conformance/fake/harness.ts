import { assert } from '@uurwerk/core/shared/assert.ts'
import { addDays, calendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import type { Kind } from '../../contract/documents.ts'
import type { Noun } from '../../contract/rows.ts'
import { rowOf } from '../../contract/simulator.ts'
import type { FaultPlace, Harness } from '../harness.ts'
import { formOn } from '../sign-in.ts'
import { booksOf, byHand } from './books-of.ts'
import { fixtures } from './fixtures.ts'
import type { FakeForm } from './form.ts'
import { fakeHost } from './manifest.ts'
import { letTimePass } from './processing.ts'
import { fakeSimulator } from './simulator.ts'
import { type FakeKind, resources } from './wire.ts'
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
    changeEntry({ world }, entry) {
      const date = calendarDate(String(rowOf(world, 'sales-entries', `${companyOne}/${entry}`)?.date))
      byHand.change(world, 'sales-entries', companyOne, entry, { date: addDays(date, -1) })
    },
    startMarksAnew: ({ world }) => byHand.startMarksAnew(world),
  },
})

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
  if ('read' in on) return `GET ${lists[on.read]}`
  assert(isOurs(on.post), `Ledgerly has no ${on.post}`)
  return `POST ${resources[on.post]}`
}

const isOurs = (kind: Kind): kind is FakeKind => kind in resources
