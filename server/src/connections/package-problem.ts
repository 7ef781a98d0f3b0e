import type { MessageRule } from '@uurwerk/connectors/contract/messages.ts'
import { isProblem, ProblemError } from '@uurwerk/core/shared/problem.ts'

/** A problem with the messages of the package it came from, by which its cause and remedy are told. */
export class PackageProblem extends ProblemError {
  readonly rules: readonly MessageRule[]
  constructor(error: ProblemError, rules: readonly MessageRule[]) {
    super(error.problem, error)
    this.rules = rules
  }
}

/** What a package throws while it is asked, told in its own terms. */
export async function inTheirWords<Result>(
  rules: readonly MessageRule[],
  talk: () => Promise<Result>,
): Promise<Result> {
  try {
    return await talk()
  } catch (error) {
    throw isProblem(error) ? new PackageProblem(error, rules) : error
  }
}
