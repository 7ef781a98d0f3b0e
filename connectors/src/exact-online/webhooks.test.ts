import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
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
