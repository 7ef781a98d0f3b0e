import { createHmac } from 'node:crypto'
import {
  type CallOut,
  putRow,
  removeRow,
  rowOf,
  rowsOf,
  type SimulatorRow,
  type World,
} from '../../contract/simulator.ts'

// What Exact tells others of: R-webhook-trial, R-webhook-event. Calls wait here until whoever plays the network takes them.

/** A second passes before the address is tried or told (seen live). */
const delayMs = 1_000
const mostKept = 500

interface Told {
  readonly topic: string
  /** Resource that the event names as the place to look. */
  readonly path: string
  /** Field whose guid is the key; the row's own key when left out. */
  readonly by?: string
}

const told: Readonly<Record<string, Told>> = {
  Accounts: { topic: 'Accounts', path: 'crm/Accounts' },
  Items: { topic: 'Items', path: 'logistics/Items' },
  GLAccounts: { topic: 'GLAccounts', path: 'financial/GLAccounts' },
  SalesEntries: { topic: 'SalesEntries', path: 'salesentry/SalesEntries' },
  SalesEntryLines: { topic: 'SalesEntries', path: 'salesentry/SalesEntries', by: 'EntryID' },
  SalesInvoices: { topic: 'SalesInvoices', path: 'salesinvoice/SalesInvoices' },
  SalesInvoiceLines: { topic: 'SalesInvoices', path: 'salesinvoice/SalesInvoices', by: 'InvoiceID' },
  GeneralJournalEntries: { topic: 'GeneralJournalEntries', path: 'generaljournalentry/GeneralJournalEntries' },
  GeneralJournalEntryLines: {
    topic: 'GeneralJournalEntries',
    path: 'generaljournalentry/GeneralJournalEntries',
    by: 'EntryID',
  },
  Contacts: { topic: 'Contacts', path: 'crm/Contacts' },
  Documents: { topic: 'Documents', path: 'documents/Documents' },
  DocumentAttachments: { topic: 'DocumentAttachments', path: 'documents/DocumentAttachments' },
}

/** Payments have no topic of their own: they come as entries of the bank. */
const receipts: Told = { topic: 'BankEntries', path: 'financialtransaction/BankEntries', by: 'TransactionEntryID' }

/** The older topic that holds every entry of the ledger, whatever its book. */
const transactions = 'FinancialTransactions'
const ofLedger: ReadonlySet<string> = new Set(['SalesEntries', 'GeneralJournalEntries', 'BankEntries'])

/** Topics one may subscribe to. */
export const topics: ReadonlySet<string> = new Set([
  ...Object.values(told).map(({ topic }) => topic),
  receipts.topic,
  transactions,
  'GoodsDeliveries',
  'JournalStatusList',
])

export type Change = 'Create' | 'Update' | 'Delete'

interface Changed {
  readonly world: World
  readonly division: number
  readonly now: Date
  readonly table: string
  readonly key: string
  readonly row: SimulatorRow
  readonly change: Change
}

function toldOf({ table, row }: Changed): readonly Told[] {
  const about = table === 'PaymentTerms' ? (row.TransactionType === 40 ? receipts : undefined) : told[table]
  if (!about) return []
  const path = 'financialtransaction/Transactions'
  return ofLedger.has(about.topic) ? [about, { ...about, topic: transactions, path }] : [about]
}

/** Puts an event out for every subscription of the topic that has not failed its trial. */
export function tellSubscribers(changed: Changed): void {
  const all = toldOf(changed)
  if (all.length === 0) return
  for (const subscription of rowsOf(changed.world, 'WebhookSubscriptions')) {
    const { Topic, Division, failed } = subscription
    const about = all.find(({ topic }) => topic === Topic)
    if (about && Division === changed.division && !failed) send(changed, subscription, about)
  }
}

function send(changed: Changed, subscription: SimulatorRow, { topic, path, by }: Told): void {
  const { world, division, now, row } = changed
  const key = by ? String(row[by]) : changed.key
  // A line that changes is a change of its entry.
  const change = told[changed.table]?.by ? 'Update' : changed.change
  const dueAt = now.getTime() + delayMs
  // One act, one event: that it was made or deleted says more than that it changed.
  const known = waiting(world).find(
    (call) => call.subscription === subscription.ID && call.about === key && call.dueAt === dueAt,
  )
  if (known && change === 'Update') return
  if (known) removeRow(world, 'CallsOut', String(known.key))
  const content = JSON.stringify({
    Topic: topic,
    ClientId: inBraces(String(subscription.ClientID)),
    Division: division,
    Action: change,
    Key: key,
    ExactOnlineEndpoint: `${subscription.site}/api/v1/${division}/${path}(guid'${key}')`,
    EventCreatedOn: now.toISOString().slice(0, 19),
  })
  const hash = signatureOf(content, secretOf(world, String(subscription.ClientID)))
  queue(world, subscription, { about: key, dueAt, body: `{"Content":${content},"HashCode":"${hash}"}` })
}

/** As a guid is written there: `{5f0c…}` (seen live). */
const inBraces = (id: string) => (id.startsWith('{') ? id : `{${id}}`)

const signatureOf = (content: string, secret: string) =>
  createHmac('sha256', secret).update(content).digest('hex').toUpperCase()

/** The webhook secret of an app; its client secret until one is registered. */
function secretOf(world: World, client: string): string {
  const { webhookSecrets, apps } = world.state as unknown as Record<string, Record<string, string> | undefined>
  return webhookSecrets?.[client] ?? apps?.[client] ?? ''
}

/** Registers the secret that the events of an app are signed with. */
export function setWebhookSecret(world: World, client: string, secret: string): void {
  const state = world.state as { webhookSecrets?: Record<string, string> }
  state.webhookSecrets = { ...state.webhookSecrets, [client]: secret }
}

function queue(world: World, subscription: SimulatorRow, call: { about: string; dueAt: number; body: string }): void {
  const state = world.state as { callsOut?: number }
  state.callsOut = (state.callsOut ?? 0) + 1
  const key = String(state.callsOut).padStart(8, '0')
  putRow(world, 'CallsOut', key, {
    key,
    subscription: subscription.ID,
    callback: subscription.CallbackURL,
    ...call,
    status: null,
  })
  const old = rowsOf(world, 'CallsOut')
  if (old.length > mostKept) removeRow(world, 'CallsOut', String(old[0]?.key))
}

const waiting = (world: World) => rowsOf(world, 'CallsOut').filter(({ status }) => status === null)

/** An empty call first, to see whether anybody answers there. */
export function tryCallback(world: World, subscription: SimulatorRow, now: Date): void {
  queue(world, subscription, { about: '', dueAt: now.getTime() + delayMs, body: '' })
}

const toCallOut = ({ key, callback, body }: SimulatorRow): CallOut => ({
  id: String(key),
  url: String(callback),
  headers: { 'content-type': 'application/json' },
  body: String(body),
})

/** Every call so far, oldest first, taken or not. */
export const allCallsOut = (world: World): readonly CallOut[] =>
  rowsOf(world, 'CallsOut')
    .toSorted((a, b) => String(a.key).localeCompare(String(b.key)))
    .map(toCallOut)

export const callsOut = {
  due: (world: World, now: Date): readonly CallOut[] =>
    waiting(world)
      .filter(({ dueAt }) => Number(dueAt) <= now.getTime())
      .map(toCallOut),
  nextAt(world: World): Date | undefined {
    const at = waiting(world).map(({ dueAt }) => Number(dueAt))
    return at.length > 0 ? new Date(Math.min(...at)) : undefined
  },
  /** A subscription whose trial is not answered with success stays invalid, and hears nothing. */
  answered(world: World, id: string, status: number | 'unreachable'): void {
    const call = rowOf(world, 'CallsOut', id)
    if (!call) return
    putRow(world, 'CallsOut', id, { ...call, status })
    const isFine = typeof status === 'number' && status >= 200 && status < 300
    const subscription = rowOf(world, 'WebhookSubscriptions', String(call.subscription))
    if (call.body !== '' || isFine || !subscription) return
    putRow(world, 'WebhookSubscriptions', String(subscription.ID), { ...subscription, failed: true })
    for (const other of waiting(world).filter((row) => row.subscription === subscription.ID))
      removeRow(world, 'CallsOut', String(other.key))
  },
}
