import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import {
  changeEntry,
  type Desk,
  editAccount,
  payEntry,
  removeEntry,
  typeEntryByHand,
  writeEntryOff,
} from './bookkeeper.ts'
import { addFault } from './faults.ts'
import { TestClient } from './test-client.ts'
import { callsOut, setWebhookSecret } from './webhooks.ts'

const CallbackURL = 'http://127.0.0.1:3000/hints/abc'

/** A signed-in client with one subscription, whose trial was answered. */
function subscribed(Topic = 'SalesEntries') {
  const client = new TestClient().signIn()
  const made = client.post('webhooks/WebhookSubscriptions', { CallbackURL, Topic })
  /** What is sent up to now, answered with success. */
  const sent = (status = 200) => {
    client.clock.advance(1_000)
    const calls = callsOut.due(client.world, client.clock.now())
    for (const { id } of calls) callsOut.answered(client.world, id, status)
    return calls
  }
  const type = () =>
    typeEntryByHand(client.desk, {
      customer: '10012',
      reference: 'F-1',
      date: '2026-03-31',
      lines: [{ ledgerAccount: '8010', net: '100', vatCode: '2' }],
    })
  return { client, made, sent, type }
}

const eventOf = (body: string) => JSON.parse(body) as { Content: Record<string, unknown>; HashCode: string }

describe('subscribing to events', () => {
  it('tries the address a second later with an empty call', () => {
    const { client, made } = subscribed()
    expect(made.status).toBe(201)
    expect(made.d).toMatchObject({ CallbackURL, Topic: 'SalesEntries', ClientID: 'app-1', IsInstant: false })
    expect(callsOut.due(client.world, client.clock.now())).toEqual([])
    client.clock.advance(1_000)
    expect(callsOut.due(client.world, client.clock.now())).toMatchObject([{ url: CallbackURL, body: '' }])
  })

  it.each([404, 500, 'unreachable'] as const)('stays invalid, and silent, when the trial is answered %s', (status) => {
    const { client, type } = subscribed()
    type()
    client.clock.advance(1_000)
    const [trial] = callsOut.due(client.world, client.clock.now())
    callsOut.answered(client.world, String(trial?.id), status)
    expect(callsOut.nextAt(client.world)).toBeUndefined()
    removeEntry(client.desk, 'F-1')
    expect(callsOut.nextAt(client.world)).toBeUndefined()
  })

  it('may fail at once when the address does not answer', () => {
    const client = new TestClient({ language: 'en' }).signIn()
    addFault(client.world, 'callbackRefused', { times: 1, value: 404 })
    const refused = client.post('webhooks/WebhookSubscriptions', { CallbackURL, Topic: 'Items' })
    expect([refused.status, refused.value]).toEqual([500, 'Invalid: Post to callback URL endpoint returns 404'])
  })

  it('wants a topic that is there, once per app', () => {
    const { client } = subscribed()
    const post = (Topic?: string) => client.post('webhooks/WebhookSubscriptions', { CallbackURL, Topic })
    expect(post('SalesEntries').value).toBe('Gegeven bestaat reeds')
    expect(post('Maanstanden').value).toBe('Ongeldige referentie: Onderwerp van de webhook')
    expect(post().value).toContain('Verplicht')
    expect(post('Items').status).toBe(201)
  })

  it.each([
    ['https://uurwerk.example/hints/abc', 201],
    ['http://uurwerk.example/hints/abc', 500],
    ['https://elsewhere.example/hints/abc', 500],
    ['geen adres', 500],
  ])('wants https at the domain of the redirect address: %s', (url, status) => {
    const client = new TestClient().signIn()
    client.base = 'https://start.exactonline.nl'
    expect(client.post('webhooks/WebhookSubscriptions', { CallbackURL: url, Topic: 'Items' }).status).toBe(status)
  })

  it('at a simulator on this machine goes to this machine alone', () => {
    const client = new TestClient().signIn()
    const asked = { CallbackURL: 'https://uurwerk.example/hints/abc', Topic: 'Items' }
    expect(client.post('webhooks/WebhookSubscriptions', asked).value).toBe('Ongeldig: Callback-URL')
  })

  it('is told at once only of deliveries of goods', () => {
    const { client } = subscribed()
    const instant = (Topic: string) =>
      client.post('webhooks/WebhookSubscriptions', { CallbackURL, Topic, IsInstant: true }).d.IsInstant
    expect([instant('GoodsDeliveries'), instant('Items')]).toEqual([true, false])
  })

  it('cannot be changed, only ended', () => {
    const { client, made, sent, type } = subscribed()
    const path = `webhooks/WebhookSubscriptions(guid'${made.d.ID}')`
    expect(client.put(path, { CallbackURL }).status).toBe(405)
    expect(client.remove(path).status).toBe(204)
    sent()
    type()
    expect(sent()).toEqual([])
  })
})

describe('an event', () => {
  it('tells what was made, changed or deleted, by hand or by the API, and not how', () => {
    const { client, sent, type } = subscribed()
    sent()
    const entry = type()
    client.clock.advance(1_000)
    client.put(`salesentry/SalesEntries(guid'${entry.EntryID}')`, { Description: 'Anders' })
    client.clock.advance(1_000)
    removeEntry(client.desk, 'F-1')
    const events = sent().map(({ body }) => eventOf(body).Content)
    expect(events.map(({ Action }) => Action)).toEqual(['Create', 'Update', 'Delete'])
    expect(events[0]).toMatchObject({
      Topic: 'SalesEntries',
      ClientId: '{app-1}',
      Division: 1234567,
      Key: entry.EntryID,
      ExactOnlineEndpoint: expect.stringContaining(`/api/v1/1234567/salesentry/SalesEntries(guid'${entry.EntryID}')`),
    })
    expect(JSON.stringify(events)).not.toContain('Anders')
  })

  it('is signed over the raw text of its content, in upper-case hex, with the secret of the app', () => {
    const { client, sent, type } = subscribed()
    sent()
    setWebhookSecret(client.world, 'app-1', 'webhook-secret')
    type()
    const [call] = sent()
    const raw = /^\{"Content":(.*),"HashCode":"([0-9A-F]{64})"\}$/.exec(String(call?.body))
    const expected = createHmac('sha256', 'webhook-secret').update(String(raw?.[1])).digest('hex').toUpperCase()
    expect(raw?.[2]).toBe(expected)
    expect(call?.headers).toEqual({ 'content-type': 'application/json' })
  })

  it('comes once for all that one act changes', () => {
    const { client, sent } = subscribed('Accounts')
    sent()
    editAccount(client.desk, '10012', { City: 'Zeist' })
    expect(sent().map(({ body }) => eventOf(body).Content.Action)).toEqual(['Update'])
  })

  it('of a payment is one of the bank', () => {
    const { client, sent, type } = subscribed('BankEntries')
    sent()
    type()
    payEntry(client.desk, 'F-1')
    expect(sent().map(({ body }) => eventOf(body).Content)).toMatchObject([{ Topic: 'BankEntries', Action: 'Create' }])
  })

  it.each([
    ['BankEntries', (desk: Desk) => payEntry(desk, 'F-1'), 'financialtransaction/BankEntries'],
    ['GeneralJournalEntries', (desk: Desk) => writeEntryOff(desk, 'F-1'), 'generaljournalentry/GeneralJournalEntries'],
    ['FinancialTransactions', (desk: Desk) => payEntry(desk, 'F-1'), 'financialtransaction/Transactions'],
    ['SalesEntries', (desk: Desk) => changeEntry(desk, 'F-1', { YourRef: 'F-2' }), 'salesentry/SalesEntries'],
  ] as const)('of %s leads to what it tells of', (topic, act, path) => {
    const { client, sent, type } = subscribed(topic)
    sent()
    type()
    sent()
    act(client.desk)
    const [{ ExactOnlineEndpoint } = {}] = sent().map(({ body }) => eventOf(body).Content)
    expect(ExactOnlineEndpoint).toContain(`/api/v1/1234567/${path}(guid'`)
    expect(client.get(String(ExactOnlineEndpoint)).status).toBe(200)
  })

  it('goes only to subscriptions of its administration and topic', () => {
    const { client, sent } = subscribed('Items')
    sent()
    editAccount(client.desk, '10012', { City: 'Zeist' })
    expect(sent()).toEqual([])
  })
})
