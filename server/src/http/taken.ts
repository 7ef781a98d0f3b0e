import type { ProblemError } from '@uurwerk/core/shared/problem.ts'

const uniqueViolation = '23505'

/** For `catch`: that there is one already, which the database refuses, is said as this problem. */
export const orTaken =
  (problem: ProblemError) =>
  (error: unknown): never => {
    throw (error as { readonly code?: string } | null)?.code === uniqueViolation ? problem : error
  }
