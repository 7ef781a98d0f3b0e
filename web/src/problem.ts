/** A wrong field: a JSON pointer into the body that was sent, and what is wrong in the reader's language. */
interface FieldProblem {
  readonly pointer: string
  readonly code: string
  readonly message: string
}

/** What the server answers instead of what was asked for (RFC 9457), already in the reader's language. */
export interface ProblemDocument {
  readonly type?: string
  readonly title?: string
  readonly status: number
  readonly detail?: string
  readonly code: string
  readonly cause?: string
  readonly remedy?: string
  readonly errors?: readonly FieldProblem[]
  /** Where it can be put right: a page of ours. */
  readonly link?: string
  /** The accounting package's own words. */
  readonly theirWords?: string
  /** With a stale edit: the version that is there now, and the thing itself. */
  readonly currentVersion?: number
  readonly current?: unknown
}

/** Every call that does not succeed ends in one of these. `offline` and `unreadable` are of our own making. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem'
  readonly problem: ProblemDocument
  constructor(problem: ProblemDocument, cause?: unknown) {
    super(`${problem.status} ${problem.code}`, cause === undefined ? undefined : { cause })
    this.problem = problem
  }
}

export const isApiProblem = (error: unknown): error is ApiProblem => error instanceof ApiProblem
export const hasCode = (error: unknown, ...codes: string[]): boolean =>
  isApiProblem(error) && codes.includes(error.problem.code)
export const hasStatus = (error: unknown, status: number): boolean =>
  isApiProblem(error) && error.problem.status === status

/** What the address names is not there; one that nothing could have is no better. */
export const isMissing = (error: unknown): boolean => {
  if (!isApiProblem(error)) return false
  const { status, errors = [] } = error.problem
  return (
    status === 404 || (status === 422 && errors.length > 0 && errors.every(({ pointer }) => /^\/path\//.test(pointer)))
  )
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** The problem in an answer; an answer without one (a proxy's page) is `unreadable`. */
export async function problemIn(answer: Response): Promise<ApiProblem> {
  const isJson = /[/+]json/.test(answer.headers.get('content-type') ?? '')
  const body: unknown = isJson ? await answer.json().catch(() => null) : null
  if (!isRecord(body) || typeof body.code !== 'string') {
    return new ApiProblem({ status: answer.status, code: 'unreadable' })
  }
  return new ApiProblem({ ...body, status: answer.status, code: body.code })
}

/** `/lines/0/unitPrice` is the form's `lines.0.unitPrice` (JSON pointer, RFC 6901). */
export const pathOfPointer = (pointer: string): string =>
  pointer
    .replace(/^#?\//, '')
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .join('.')
