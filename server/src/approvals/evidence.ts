import { createHash } from 'node:crypto'
import { approvalShown } from '@uurwerk/api/approvals.ts'
import type { z } from 'zod'
import { readStored } from '../store/stored.ts'

export type Shown = z.output<typeof approvalShown>

export const readShown = (value: unknown): Shown => readStored(approvalShown, value, 'what a customer was shown')

/** The same text whatever order the fields are kept in. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${fields.map(([name, inner]) => `${JSON.stringify(name)}:${canonical(inner)}`).join(',')}}`
}

/** SHA-256 of what was shown, hexadecimal, over its fields in the order of their names. */
export const hashOf = (shown: unknown): string => createHash('sha256').update(canonical(shown)).digest('hex')
