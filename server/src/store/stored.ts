import { assert } from '@uurwerk/core/shared/assert.ts'
import type { Problem } from '@uurwerk/core/shared/problem.ts'
import { z } from 'zod'

/** What we keep as JSON, read back: it is of our own making, so one that does not fit is a mistake of ours. */
export function readStored<Schema extends z.ZodType>(schema: Schema, value: unknown, what: string): z.output<Schema> {
  const parsed = schema.safeParse(value)
  assert(parsed.success, `${what} is stored otherwise: ${parsed.error && z.prettifyError(parsed.error)}`)
  return parsed.data
}

const values = z.record(z.string(), z.string())

/** A problem that is kept with what it stopped, to be told in the language of whoever looks. */
export const storedProblem = z.object({
  kind: z.enum([
    'temporary',
    'uncertain',
    'reconnect',
    'setup',
    'refused',
    'defect',
    'input',
    'conflict',
    'forbidden',
    'missing',
  ]),
  code: z.string(),
  values: values.optional(),
  fields: z.array(z.object({ pointer: z.string(), code: z.string(), values: values.optional() })).optional(),
  theirWords: z.string().optional(),
  theirStatus: z.number().optional(),
  theirRequest: z.string().optional(),
  notBefore: z.string().optional(),
}) satisfies z.ZodType<Problem>
