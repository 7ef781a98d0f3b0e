/**
 * Everything the world does to us is a `Problem`, thrown by one class. The kinds of the upper half travel with a
 * posting (`house.md`, Errors); those of the lower half answer a request.
 */
export type ProblemKind =
  | 'temporary' // limit, outage, time-out before sending
  | 'uncertain' // sent, but no answer
  | 'reconnect' // access expired or withdrawn
  | 'setup' // a mapping or setting is missing here
  | 'refused' // the package does not accept the content
  | 'defect' // an answer we do not understand
  | 'input' // a field does not hold what it should
  | 'conflict' // somebody changed it since, or its state does not allow this
  | 'forbidden' // this person may not
  | 'missing' // there is no such thing (or not for this person)

/** One wrong field: a JSON pointer into the request body and the code of the rule it breaks. */
export interface FieldProblem {
  readonly pointer: string
  readonly code: string
  readonly values?: Readonly<Record<string, string>>
}

export interface Problem {
  readonly kind: ProblemKind
  /** Kebab-case; words for cause and remedy are found by it: `period-closed`. */
  readonly code: string
  /** What the placeholders of its words hold: `{ month: 'March 2026' }`. */
  readonly values?: Readonly<Record<string, string>>
  readonly fields?: readonly FieldProblem[]
  /** The package's own words, unchanged. */
  readonly theirWords?: string
  /** HTTP status the package answered with. */
  readonly theirStatus?: number
  /** The package's request number, when it gives one. */
  readonly theirRequest?: string
  /** For `temporary`: not sooner than this instant (ISO 8601, UTC). */
  readonly notBefore?: string
}

export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  readonly problem: Problem
  constructor(problem: Problem, cause?: unknown) {
    super(problem.theirWords ? `${problem.code}: ${problem.theirWords}` : problem.code, cause ? { cause } : undefined)
    this.problem = problem
  }
}

export const isProblem = (error: unknown): error is ProblemError => error instanceof ProblemError
