import { seededRandom } from '@uurwerk/core/shared/seeded-random.ts'
import type { Language } from '../../contract/manifest.ts'
import type { SimulatorAnswer } from '../../contract/simulator.ts'
import type { Recorded } from '../fixtures/index.ts'
import {
  blockAccount,
  blockItem,
  blockJournal,
  blockLedgerAccount,
  closePeriod,
  discardInvoice,
  editAccount,
  editDivision,
  editRow,
  endItem,
  makeProspect,
  processEntry,
  removeFinancialYear,
  setUserActive,
  switchVatOff,
  takeRight,
  typeEntryByHand,
} from '../simulator/bookkeeper.ts'
import { addFault } from '../simulator/faults.ts'
import { TestClient } from '../simulator/test-client.ts'
import { newGuid } from '../simulator/world-state.ts'

type Values = Record<string, unknown>
const nowhere = newGuid(seededRandom(1))
const email = 'sanne@noordkade.example'

/** A client at a fresh simulator, in one language, with what a posting needs at hand. */
function books(language: Language) {
  const client = new TestClient({ language }).signIn()
  const ask = (method: string, path: string, body?: unknown): SimulatorAnswer =>
    client.raw(
      method,
      `/api/v1/${client.division}/${path}`,
      {
        authorization: `Bearer ${client.access}`,
        accept: 'application/json',
        'content-type': 'application/json',
      },
      body === undefined ? '' : JSON.stringify(body),
    )
  const account = (code: string) => client.idOf('crm/Accounts', code)
  const ledger = (code: string) => client.idOf('financial/GLAccounts', code)
  const item = (code: string) => client.idOf('logistics/Items', code)
  const entry = (values: Values = {}, line: Values = {}) =>
    ask('POST', 'salesentry/SalesEntries', {
      Journal: '70',
      Customer: account('10012'),
      EntryDate: '2026-03-31',
      YourRef: '2026-0042',
      SalesEntryLines: [{ GLAccount: ledger('8010'), AmountFC: 100, VATCode: '2', ...line }],
      ...values,
    })
  const invoice = (values: Values = {}, line: Values = {}) =>
    ask('POST', 'salesinvoice/SalesInvoices', {
      Journal: '70',
      OrderedBy: account('10012'),
      OrderDate: '2026-03-31',
      YourRef: 'PO 4711',
      SalesInvoiceLines: [{ Item: item('UREN-ADV'), Quantity: 10, NetPrice: 125, VATCode: '2', ...line }],
      ...values,
    })
  const made = (answer: SimulatorAnswer) => (JSON.parse(String(answer.body)) as { d: Record<string, string> }).d
  const document = (values: Values = {}) =>
    ask('POST', 'documents/Documents', { Subject: 'Factuur', Type: 10, Account: account('10012'), ...values })
  const attach = (values: Values) =>
    ask('POST', 'documents/DocumentAttachments', { FileName: 'a.pdf', Attachment: 'QQ==', ...values })
  const customer = (values: Values) => ask('POST', 'crm/Accounts', { Name: 'Nieuw B.V.', Status: 'C', ...values })
  return { client, ask, account, ledger, item, entry, invoice, made, document, attach, customer }
}
type Books = ReturnType<typeof books>

/** What leads the simulator to say what a row of the messages is about; `from` where it is its token endpoint. */
export interface Scenario {
  readonly code: string
  readonly from?: 'token'
  readonly grant?: 'code'
  answer(at: Books): SimulatorAnswer
}

const api = (code: string, answer: (at: Books) => SimulatorAnswer): Scenario => ({ code, answer })

const token = (code: string, answer: (at: Books) => SimulatorAnswer, grant?: 'code'): Scenario => ({
  code,
  from: 'token',
  ...(grant && { grant }),
  answer,
})

const day = 86_400_000

/** A 403 with the `Reason` that stands in its header. */
const withReason = (code: string, reason: string): Scenario =>
  api(code, ({ client, ask }) => {
    takeRight(client.desk, email, { path: 'salesentry/', as: 'refused', reason })
    return ask('GET', 'salesentry/SalesEntries?$select=EntryID')
  })

const signIn: readonly Scenario[] = [
  token('access-still-valid', ({ client }) => client.renew()),
  token('refresh-token-old', ({ client }) => {
    const old = client.refresh
    client.clock.advance(580_000)
    client.keep(client.renew())
    return client.renew(old)
  }),
  token('refresh-token-expired', ({ client }) => {
    client.clock.advance(31 * day)
    return client.renew()
  }),
  token('client-refused', ({ client }) => client.exchange('any', { client_secret: 'another' }), 'code'),
  token(
    'sign-in-code-refused',
    ({ client }) => {
      const code = client.consent().searchParams.get('code') as string
      client.exchange(code)
      return client.exchange(code)
    },
    'code',
  ),
  token('access-withdrawn', ({ client }) => {
    setUserActive(client.desk, email, false)
    client.clock.advance(580_000)
    return client.renew()
  }),
]

const access: readonly Scenario[] = [
  withReason('user-blocked', 'BlockedUser'),
  api('user-inactive', ({ client, ask }) => {
    setUserActive(client.desk, email, false)
    return ask('GET', 'crm/Accounts?$select=ID')
  }),
  withReason('licence-blocked', 'BlockedCustomer'),
  withReason('licence-expired', 'LicenseExpired'),
  api('administration-blocked', ({ client, ask }) => {
    editDivision(client.desk, { BlockingStatus: 1 })
    return ask('GET', 'crm/Accounts?$select=ID')
  }),
  api('administration-no-access', ({ client, ask }) => {
    client.division = 999_999
    return ask('GET', 'crm/Accounts?$select=ID')
  }),
  api('scope-missing', ({ client, ask }) => {
    addFault(client.world, 'scopeViolated', { times: 1 })
    return ask('GET', 'crm/Accounts?$select=ID')
  }),
  api('rights-missing', ({ client, entry }) => {
    takeRight(client.desk, email, { path: 'salesentry/', as: 'refused' })
    return entry()
  }),
  api('access-ended', ({ client, ask }) => {
    client.clock.advance(601_000)
    return ask('GET', 'crm/Accounts?$select=ID')
  }),
  api('limit-reached', ({ client, ask }) => {
    addFault(client.world, 'tooManyRequests', { times: 1 })
    return ask('GET', 'crm/Accounts?$select=ID')
  }),
  api('package-unavailable', ({ client, ask }) => {
    addFault(client.world, 'serverError', { times: 1, value: 503 })
    return ask('GET', 'crm/Accounts?$select=ID')
  }),
]

const ledgerRows: readonly Scenario[] = [
  api('ledger-account-missing', ({ entry }) => entry({}, { GLAccount: null })),
  api('ledger-account-unknown', ({ entry }) => entry({}, { GLAccount: nowhere })),
  api('ledger-account-type', ({ entry, ledger }) => entry({}, { GLAccount: ledger('1300') })),
  api('ledger-account-blocked', ({ client, entry }) => {
    blockLedgerAccount(client.desk, '8010')
    return entry()
  }),
  api('cost-centre-missing', ({ entry, ledger }) => entry({}, { GLAccount: ledger('4000') })),
  api('cost-unit-missing', ({ client, entry }) => {
    editRow(client.desk, 'GLAccounts', '8010', { UseCostunit: 1 })
    return entry()
  }),
  api('cost-centre-link', ({ client, entry }) => {
    editRow(client.desk, 'GLAccounts', '8010', { UseCostcenter: 2 })
    return entry({}, { CostCenter: 'ADV' })
  }),
  api('cost-centre-unknown', ({ entry }) => entry({}, { CostCenter: 'WEG' })),
  api('vat-code-unknown', ({ entry }) => entry({}, { VATCode: '99' })),
  api('vat-code-blocked', ({ entry }) => entry({}, { VATCode: '19' })),
  api('vat-percentage', ({ entry }) => entry({}, { VATPercentage: 0.19 })),
  api('vat-amount-without-vat', ({ entry }) => entry({}, { VATCode: '0', VATAmountFC: 21 })),
  api('vat-code-not-allowed', ({ client, entry }) => {
    switchVatOff(client.desk, '70')
    return entry()
  }),
  api('vat-code-including', ({ entry }) => entry({}, { VATCode: '4', VATAmountFC: 21 })),
]

const customerRows: readonly Scenario[] = [
  api('field-too-long', ({ customer }) => customer({ Name: 'N'.repeat(51) })),
  api('customer-missing', ({ invoice }) => invoice({ OrderedBy: null })),
  api('customer-unknown', ({ entry }) => entry({ Customer: nowhere })),
  api('customer-not-customer', ({ client, entry }) => {
    makeProspect(client.desk, '10012')
    return entry()
  }),
  api('customer-blocked', ({ client, entry }) => {
    blockAccount(client.desk, '10012')
    return entry()
  }),
  api('customer-ended', ({ client, entry }) => {
    editAccount(client.desk, '10012', { EndDate: '2026-01-31' })
    return entry()
  }),
  api('receivable-account-differs', ({ client, entry, ledger }) => {
    editAccount(client.desk, '10012', { GLAR: ledger('1305') })
    return entry()
  }),
  api('email-invalid', ({ customer }) => customer({ Email: 'geen adres' })),
  api('vat-id-invalid', ({ customer }) => customer({ VATNumber: 'NL12' })),
  api('already-exists', ({ customer }) => customer({ Code: '10012' })),
  api('field-invalid', ({ customer }) => customer({ Status: 'X' })),
]

const itemRows: readonly Scenario[] = [
  api('item-required', ({ invoice }) => invoice({}, { Item: null })),
  api('item-unknown', ({ invoice }) => invoice({}, { Item: nowhere })),
  api('item-blocked', ({ client, invoice }) => {
    blockItem(client.desk, 'UREN-ADV')
    editRow(client.desk, 'Items', 'UREN-ADV', { EndDate: null })
    return invoice()
  }),
  api('item-ended', ({ client, invoice }) => {
    endItem(client.desk, 'UREN-ADV')
    return invoice()
  }),
  api('quantity-not-whole', ({ invoice, item }) => invoice({}, { Item: item('LIC'), Quantity: 1.5 })),
]

const archiveRows: readonly Scenario[] = [
  api('entry-gone', ({ document }) => document({ FinancialTransactionEntryID: nowhere })),
  api('invoice-gone', ({ ask, client, invoice, made }) => {
    const { InvoiceID } = made(invoice())
    discardInvoice(client.desk, String(InvoiceID))
    return ask('POST', 'salesinvoice/PrintedSalesInvoices', { InvoiceID })
  }),
  api('document-gone', ({ attach }) => attach({ Document: nowhere })),
  api('attachment-too-large', ({ attach, document, made }) =>
    attach({ Document: made(document()).ID, Attachment: 'AAAA'.repeat(3_400_000) }),
  ),
  api('attachment-malformed', ({ attach, document, made }) =>
    attach({ Document: made(document()).ID, Attachment: '<pdf>' }),
  ),
]

const entryRows: readonly Scenario[] = [
  api('journal-unknown', ({ entry }) => entry({ Journal: '7' })),
  api('journal-blocked', ({ client, entry }) => {
    blockJournal(client.desk, '70')
    return entry()
  }),
  api('journal-type', ({ entry }) => entry({ Journal: '90' })),
  api('journal-currency', ({ client, entry }) => {
    editRow(client.desk, 'Journals', '70', { AllowVariableCurrency: false })
    return entry({ Currency: 'USD' })
  }),
  api('payment-condition-unknown', ({ entry }) => entry({ PaymentCondition: '99' })),
  api('period-closed', ({ client, entry }) => {
    closePeriod(client.world, { month: '2026-03' })
    return entry()
  }),
  api('financial-year-missing', ({ client, entry }) => {
    removeFinancialYear(client.desk, 2026)
    return entry()
  }),
  api('number-in-use', ({ client, entry }) => {
    const lines = [{ ledgerAccount: '8010', net: '1.00', vatCode: '2' }]
    typeEntryByHand(client.desk, { customer: '10012', reference: 'hand', date: '2026-03-31', number: 42, lines })
    return entry({ EntryNumber: 42 })
  }),
  api('already-processed', ({ ask, client, entry, made }) => {
    const { EntryID } = made(entry())
    processEntry(client.desk, '2026-0042')
    return ask('PUT', `salesentry/SalesEntries(guid'${EntryID}')`, { Description: 'Anders' })
  }),
  api('field-missing', ({ document }) => document({ Subject: '' })),
  api('reference-unknown', ({ customer }) => customer({ Country: 'QQ' })),
]

const ourMistakes: readonly Scenario[] = [
  api('request-malformed', ({ invoice }) => invoice({ SalesInvoiceLines: {} })),
  api('value-type', ({ entry }) => entry({}, { GLAccount: '8000' })),
  api('query-refused', ({ ask }) => ask('GET', "sync/CRM/Accounts?$filter=Status eq 'C'")),
  api('webhook-unreachable', ({ client, ask }) => {
    addFault(client.world, 'callbackRefused', { times: 1, value: 404 })
    const CallbackURL = 'http://127.0.0.1:3000/hints/abc'
    return ask('POST', 'webhooks/WebhookSubscriptions', { CallbackURL, Topic: 'Items' })
  }),
  api('webhook-address-refused', ({ ask }) =>
    ask('POST', 'webhooks/WebhookSubscriptions', { CallbackURL: 'http://elsewhere.example/', Topic: 'Items' }),
  ),
]

/** Every row of the messages that the simulator can be brought to say. */
export const scenarios: readonly Scenario[] = [
  ...signIn,
  ...access,
  ...ledgerRows,
  ...customerRows,
  ...itemRows,
  ...archiveRows,
  ...entryRows,
  ...ourMistakes,
]

/** Headers that say something about a refusal; the rest is the same on every answer. */
const telling = /^(content-type|reason|x-ratelimit-.*)$/

/** What the simulator answers when it is brought to it, as it is recorded. */
export function recordedNow({ code, from, grant, answer }: Scenario, language: Language): Recorded {
  const { status, headers, body } = answer(books(language))
  const kept = Object.entries(headers).filter(([name]) => telling.test(name))
  // A success carries the limits as well; in a refusal they count only where they are the reason.
  const told = status === 429 ? kept : kept.filter(([name]) => !name.startsWith('x-ratelimit'))
  return {
    code,
    ...(from && { from }),
    ...(grant && { grant }),
    status,
    headers: Object.fromEntries(told),
    body: String(body),
  }
}
