import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { addFault } from './simulator/faults.ts'
import { open } from './testing/at-the-simulator.ts'
import { hint } from './webhooks.ts'

const secret = 'geheim-van-de-app'
const hash = (content: string, key = secret) => createHmac('sha256', key).update(content).digest('hex').toUpperCase()
const bytes = (text: string) => new TextEncoder().encode(text)
const content = (part: object = {}) =>
  JSON.stringify({
    Topic: 'SalesEntries',
    ClientId: '{5f0c0c5e-2b2a-4b6e-9d0f-1f2e3d4c5b6a}',
    Division: 1234567,
    Action: 'Update',
    Key: 'c0de0000-0000-4000-8000-000000000001',
    ...part,
  })
const signed = (text: string, key = secret) => `{"Content":${text},"HashCode":"${hash(text, key)}"}`
const look = (body: string | Uint8Array) => hint(typeof body === 'string' ? bytes(body) : body, {}, secret)

describe('a call that Exact Online makes to us', () => {
  const cases: [string, string, unknown][] = [
    ['with nothing in it tries the address', '', 'ignore'],
    [
      'says what to look at',
      signed(content()),
      { administration: '1234567', noun: 'salesEntry', id: 'c0de0000-0000-4000-8000-000000000001' },
    ],
    [
      'of a bank entry may be a payment',
      signed(content({ Topic: 'BankEntries' })),
      expect.objectContaining({ noun: 'settled' }),
    ],
    ['of a customer', signed(content({ Topic: 'Accounts' })), expect.objectContaining({ noun: 'customers' })],
    ['of something we do not look at', signed(content({ Topic: 'Quotations' })), 'ignore'],
    [
      'with blanks and signs is signed over its very bytes',
      signed(`{ "Topic" : "Accounts", "Division":1, "Note":"één € \\u00e9" }`),
      { administration: '1', noun: 'customers' },
    ],
    ['signed with another secret', signed(content(), 'ander'), 'refuse'],
    ['changed on its way', signed(content()).replace('1234567', '7654321'), 'refuse'],
    [
      'with a hash in small letters',
      signed(content()).replace(/"HashCode":"(.*)"/, (_, code: string) => `"HashCode":"${code.toLowerCase()}"`),
      'refuse',
    ],
    ['without a hash', `{"Content":${content()}}`, 'refuse'],
    ['with another order of fields', `{"HashCode":"${hash(content())}","Content":${content()}}`, 'refuse'],
    ['that is no JSON', 'hallo', 'refuse'],
    ['that is a list', '[]', 'refuse'],
    [
      'with a second hash inside its content',
      signed(`{"Topic":"Accounts","Division":1,"HashCode":"${'A'.repeat(64)}"}`),
      { administration: '1', noun: 'customers' },
    ],
  ]
  it.each(cases)('%s', (_, body, expected) => {
    expect(look(body)).toEqual(expected)
  })

  it('whose bytes are no text is refused', () => {
    expect(look(new Uint8Array([0xff, 0xfe, 0x00, 0x80]))).toBe('refuse')
  })
})

describe('asking Exact Online to call', () => {
  type Bench = Awaited<ReturnType<typeof open>>
  const callback = 'https://uurwerk.example/hints/exact-online/k1'
  const subscriptions = ({ world }: Bench) => Object.values(world.tables.WebhookSubscriptions ?? {})
  const told = (bench: Bench) =>
    subscriptions(bench)
      .map(({ Topic, CallbackURL }) => `${Topic} ${CallbackURL}`)
      .sort()
  const topics = ['Accounts', 'BankEntries', 'GeneralJournalEntries', 'Items', 'SalesEntries', 'SalesInvoices']

  it('is one subscription for each topic, also when it is asked again or at another address', async () => {
    const bench = await open()
    await bench.books.hints?.start(callback)
    expect(told(bench)).toEqual(topics.map((topic) => `${topic} ${callback}`))
    const before = subscriptions(bench).map(({ ID }) => ID)
    await bench.books.hints?.start(callback)
    expect(told(bench)).toEqual(topics.map((topic) => `${topic} ${callback}`))
    // Anew, because one whose address was not answered at first stays silent.
    expect(subscriptions(bench).filter(({ ID }) => before.includes(ID))).toEqual([])
    const other = callback.replace('k1', 'k2')
    await bench.books.hints?.start(other)
    expect(told(bench)).toEqual(topics.map((topic) => `${topic} ${other}`))
    await bench.books.hints?.stop(callback)
    expect(subscriptions(bench)).toHaveLength(topics.length)
    await bench.books.hints?.stop(other)
    await bench.books.hints?.stop(other)
    expect(subscriptions(bench)).toEqual([])
    expect(bench.world.state.breaches).toEqual({})
  })

  it('leaves what another program of this user asked for', async () => {
    const bench = await open()
    await bench.books.hints?.start(callback)
    const ours = subscriptions(bench).find(({ Topic }) => Topic === 'Items')
    const table = bench.world.tables.WebhookSubscriptions ?? {}
    const elsewhere = 'https://else.example/hook'
    const theirs = { ...ours, ID: '22222222-0000-4000-8000-000000000001', ClientID: 'another', CallbackURL: elsewhere }
    table[theirs.ID] = theirs
    const moved = callback.replace('k1', 'k3')
    for (const address of [callback, moved]) {
      await bench.books.hints?.start(address)
      expect(table[theirs.ID]).toEqual(theirs)
      expect(told(bench)).toEqual([...topics.map((topic) => `${topic} ${address}`), `Items ${elsewhere}`].sort())
    }
    await bench.books.hints?.stop(moved)
    expect(told(bench)).toEqual([`Items ${elsewhere}`])
  })

  it('leaves a topic to another user who has asked for it at this app', async () => {
    const bench = await open()
    await bench.books.hints?.start(callback)
    const theirs = subscriptions(bench).find(({ Topic }) => Topic === 'Items')
    const table = bench.world.tables.WebhookSubscriptions ?? {}
    const other = { ...theirs, UserID: '11111111-0000-4000-8000-000000000001' }
    table[String(theirs?.ID)] = other
    await bench.books.hints?.start(callback)
    expect(table[String(theirs?.ID)]).toEqual(other)
    expect(told(bench)).toEqual(topics.map((topic) => `${topic} ${callback}`))
  })

  it('says when the address cannot be reached', async () => {
    const bench = await open()
    addFault(bench.world, 'callbackRefused', { times: 1 })
    await expect(bench.books.hints?.start(callback)).rejects.toMatchObject({ problem: { code: 'webhook-unreachable' } })
  })
})
