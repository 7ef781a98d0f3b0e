import { assert } from './assert.ts'
import type { Random } from './ports.ts'

// Without I, L, O, 0 and 1, which look alike on paper and on the phone.
const letters = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789'

/** What a reference looks like: fits the reference field of every package. */
export const referenceShape = /^UW[A-HJKMNP-Z2-9]{8}$/

/**
 * A short reference of our own for a document in the books: `UW7K2M4QXB`. One in 850 thousand million, so that firms that
 * share an administration hardly ever meet; that a firm never uses one twice is held by the store.
 */
export function newReference(random: Random): string {
  const drawn = Array.from({ length: 8 }, () => letters[Math.floor(random.next() * letters.length)])
  const reference = `UW${drawn.join('')}`
  assert(referenceShape.test(reference), 'chance is a number from 0 up to, not including, 1')
  return reference
}
