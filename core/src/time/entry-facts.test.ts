import { describe, expect, it } from 'vitest'
import { type Approval, type Claim, isLocked, lockOf, wordOf } from './entry-facts.ts'

const writtenOffAt = '2026-04-01T08:00:00Z'

describe('the word on the screen', () => {
  it.each<[string, Claim | null, string | null, string]>([
    ['nothing holds it', null, null, 'free'],
    ['a draft holds it', 'draft', null, 'reserved'],
    ['posted, not yet known or refused', 'posted', null, 'reserved'],
    ['the invoice is sent', 'sent', null, 'invoiced'],
    ['the document exists in the package', 'document', null, 'invoiced'],
    ['written off', null, writtenOffAt, 'written-off'],
  ])('%s: %s %s is %s', (_, claim, written, word) => {
    expect(wordOf({ claim, writtenOffAt: written })).toBe(word)
  })
})

describe('locked', () => {
  it.each<[Approval, Claim | null, string | null, ReturnType<typeof lockOf>]>([
    ['open', null, null, null],
    ['submitted', null, null, null],
    ['rejected', null, null, null],
    ['approved', null, null, 'approved'],
    ['open', 'draft', null, 'claimed'],
    ['approved', 'sent', null, 'claimed'],
    ['open', null, writtenOffAt, 'written-off'],
  ])('%s, %s, %s: %s', (approval, claim, written, lock) => {
    const facts = { approval, claim, writtenOffAt: written }
    expect(lockOf(facts)).toBe(lock)
    expect(isLocked(facts)).toBe(lock !== null)
  })
})
