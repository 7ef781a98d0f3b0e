import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { createSeals, randomToken, Secret } from './secrets.ts'

const seals = createSeals(new Secret('a key for tests that is long enough'))
const place = { firmId: '019a0000-0000-7000-8000-000000000001', purpose: 'exact-online-tokens' }
const sealed = seals.seal(new Secret('réfresh €'), place)

describe('a sealed text', () => {
  it('opens where it was sealed', () => {
    expect(seals.open(sealed, place).reveal()).toBe('réfresh €')
  })

  it('holds nothing readable and never looks the same twice', () => {
    expect(sealed).not.toContain('fresh')
    expect(seals.seal(new Secret('réfresh €'), place)).not.toBe(sealed)
  })

  it.each([
    ['another firm', { ...place, firmId: '019a0000-0000-7000-8000-000000000002' }],
    ['another purpose', { ...place, purpose: 'webhook-key' }],
    ['the installation', { ...place, firmId: null }],
  ])('does not open for %s', (_, elsewhere) => {
    expect(() => seals.open(sealed, elsewhere)).toThrow('altered or does not belong')
  })

  it('does not open when one character was changed anywhere in it', () => {
    const start = sealed.lastIndexOf('.') + 1
    for (let at = start; at < sealed.length - 1; at++) {
      const changed = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1)
      expect(() => seals.open(changed, place)).toThrow('altered')
    }
  })

  it('names the key that is missing', () => {
    const other = createSeals(new Secret('another key for tests, long enough'))
    expect(() => other.open(sealed, place)).toThrow(`sealed with key ${seals.keyId}`)
  })

  it.each(['', 'v1', 'v2.a.b', `${sealed}.x`, `v1.${seals.keyId}.AAAA`])('is told apart from %j', (text) => {
    expect(() => seals.open(text, place)).toThrow()
  })
})

describe('a token', () => {
  it('is looked up by a hash that needs the key', () => {
    const token = randomToken('uur_').reveal()
    expect(token).toMatch(/^uur_[\w-]{43}$/)
    expect(seals.hashToken(token)).toBe(seals.hashToken(token))
    expect(createSeals(new Secret('another key for tests, long enough')).hashToken(token)).not.toBe(
      seals.hashToken(token),
    )
  })
})

describe('a secret', () => {
  it('prints as [secret] however it is printed', () => {
    const secret = new Secret('abc-1')
    const prints = [`${secret}`, JSON.stringify({ secret }), inspect({ secret }, { showHidden: true }), String(secret)]
    for (const print of prints) {
      expect(print).toContain('[secret]')
      expect(print).not.toContain('abc-1')
    }
  })
})
