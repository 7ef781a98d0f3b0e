import type { Random } from '@uurwerk/core/shared/ports.ts'

// Crockford's alphabet: no I, L, O or U, so that it survives being read aloud.
const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const length = 10

/** What a document is found by in the books. Fifty bits of chance: firms that share an administration never meet. */
export const newReference = (random: Random): string =>
  Array.from({ length }, () => letters[Math.floor(random.next() * letters.length)]).join('')
