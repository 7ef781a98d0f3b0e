import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import type { z } from 'zod'

/**
 * What a package answered, as a schema that lists only the fields we read. An answer that does not fit is a defect
 * with its evidence, never a half-filled row.
 */
export function parse<S extends z.ZodType>(schema: S, value: unknown, endpoint: string): z.output<S> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const [first] = parsed.error.issues
  throw new ProblemError(
    {
      kind: 'defect',
      code: 'answer-not-understood',
      values: { endpoint, field: first?.path.join('.') ?? '', rule: first?.message ?? '' },
      theirWords: (JSON.stringify(value) ?? String(value)).slice(0, 2000),
    },
    parsed.error,
  )
}
