import { describe, expect, it } from 'vitest'
import { isAddress, onceEach, readRecipients, recipientText } from './addresses.ts'

describe('an address', () => {
  it.each(['anna@klant.nl', 'a.b+facturen@sub.klant.example', 'josé@bäckerei.example', "o'neil@klant.ie"])(
    '%s is one',
    (text) => expect(isAddress(text)).toBe(true),
  )
  it.each(['', 'anna', 'anna@', '@klant.nl', 'anna@klant', 'an na@klant.nl', 'anna@klant.', 'a@b@c.nl', 'x<a@b.nl>'])(
    '“%s” is none',
    (text) => expect(isAddress(text)).toBe(false),
  )
})

describe('typed or pasted recipients', () => {
  it.each([
    ['anna@klant.nl', ['anna@klant.nl']],
    [' anna@klant.nl ; bob@klant.nl, ', ['anna@klant.nl', 'bob@klant.nl']],
    ['anna@klant.nl bob@klant.nl', ['anna@klant.nl', 'bob@klant.nl']],
    ['anna@klant.nl\r\nbob@klant.nl', ['anna@klant.nl', 'bob@klant.nl']],
    ['Anna Bakker <anna@klant.nl>', ['Anna Bakker <anna@klant.nl>']],
    ['"Bakker, A." <anna@klant.nl>, bob@klant.nl', ['Bakker, A. <anna@klant.nl>', 'bob@klant.nl']],
    ['Crediteuren <cred@klant.nl>; bob@klant.nl', ['Crediteuren <cred@klant.nl>', 'bob@klant.nl']],
    ['<anna@klant.nl>', ['anna@klant.nl']],
    ['anna at klant', ['anna at klant']],
    ['   ', []],
  ])('“%s”', (typed, read) => expect(readRecipients(typed).map(recipientText)).toEqual(read))

  it('keeps each address once, with the name that is known of it', () => {
    expect(onceEach(readRecipients('Anna@klant.nl, Anna Bakker <anna@klant.nl>, bob@klant.nl'))).toEqual([
      { address: 'anna@klant.nl', name: 'Anna Bakker' },
      { address: 'bob@klant.nl' },
    ])
  })
})
