import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { filled, filledText, ours, templateKinds, unknownIn } from './templates.ts'

const values = { number: '2026-0001', contact: 'Anna', firm: '{number}' }

describe('placeholders', () => {
  const cases: readonly [string, string][] = [
    ['Factuur {number}', 'Factuur 2026-0001'],
    ['{ number }, {number}', '2026-0001, 2026-0001'],
    ['{firm}', '{number}'],
    ['{nummer} {} {number', '{nummer} {} {number'],
    ['{{number}}', '{2026-0001}'],
    ['{toString} {constructor} {__proto__}', '{toString} {constructor} {__proto__}'],
    ['{amount}', '{amount}'],
  ]
  it.each(cases)('in "%s" give "%s"', (text, expected) => {
    expect(filled(text, values)).toBe(expected)
  })

  it('that are unknown to a letter are named once each, in their order', () => {
    expect(unknownIn('{b} {number} {a} {b} {een ding} {toString}', 'invoice')).toEqual([
      'b',
      'a',
      'een ding',
      'toString',
    ])
    expect(unknownIn('{number} {creditedNumber}', 'invoice')).toEqual(['creditedNumber'])
    expect(unknownIn('{number} {creditedNumber}', 'credit-note')).toEqual([])
    expect(unknownIn('{number}', 'statement')).toEqual(['number'])
  })

  it('leave every other text as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        fc.pre(!/\{\s*(number|contact|firm)\s*\}/.test(text))
        expect(filled(text, values)).toBe(text)
      }),
      { seed: 20261121 },
    )
  })

  it('never make two lines of a subject', () => {
    expect(filledText({ subject: 'Aan {contact}', body: '{contact}' }, { contact: 'Anna\r\nBcc: x' })).toEqual({
      subject: 'Aan Anna Bcc: x',
      body: 'Anna\r\nBcc: x',
    })
  })
})

it.each(templateKinds)('our own text of %s knows all that it holds, in both languages', (kind) => {
  for (const language of ['nl', 'en'] as const) {
    const { subject, body } = ours(kind, language)
    expect(unknownIn(`${subject} ${body}`, kind)).toEqual([])
    expect(body).toMatch(/\n\n\{firm\}$/)
  }
})
