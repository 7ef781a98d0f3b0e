import { createHash } from 'node:crypto'

/** Short fingerprint of what is compared later; the same facts in the same order give the same. */
export const fingerprint = (facts: readonly (string | null | undefined)[]): string =>
  createHash('sha256')
    .update(JSON.stringify(facts.map((fact) => fact ?? null)))
    .digest('hex')
    .slice(0, 32)
