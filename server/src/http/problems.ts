import type { ApiProblem } from '@uurwerk/api/shapes.ts'
import { type MessageRule, wordsOf } from '@uurwerk/connectors/contract/messages.ts'
import { parseCalendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { formatDate } from '@uurwerk/core/shared/format.ts'
import { type FieldProblem, type Problem, ProblemError, type ProblemKind } from '@uurwerk/core/shared/problem.ts'
import type { z } from 'zod'
import type { Language } from './call.ts'
import { hasWords, say } from './words.ts'

const statusOf: Record<ProblemKind, number> = {
  input: 422,
  conflict: 409,
  forbidden: 403,
  missing: 404,
  setup: 409,
  reconnect: 409,
  refused: 422,
  temporary: 503,
  uncertain: 502,
  defect: 502,
}

/** A problem in the reader's language: from the words of the program, else from the messages of the package. */
export function explainProblem(told: Problem, language: Language, rules: readonly MessageRule[] = []) {
  const values = readableValues(inWords(told, language), language)
  const problem = { ...told, values }
  const key = keyOf(told, language)
  const known = hasWords(language, `${key}.cause`)
  const words =
    (rules.length > 0 ? wordsOf(rules, problem, language) : undefined) ??
    (known
      ? {
          cause: say(language, `${key}.cause`, values),
          remedy: say(language, `${key}.remedy`, values),
        }
      : {
          cause: problem.theirWords ?? problem.code,
          remedy: say(language, 'problem.message-unknown.remedy'),
        })
  return {
    kind: problem.kind,
    code: problem.code,
    cause: words.cause,
    remedy: words.remedy,
    values: { ...told.values },
    theirWords: problem.theirWords ?? null,
    theirStatus: problem.theirStatus ?? null,
    link: rules.find((rule) => rule.code === problem.code)?.link ?? null,
  }
}

/** A document or customer that was found has sentences of its own where they differ in one known way. */
function keyOf({ code, values = {} }: Problem, language: Language): string {
  const own = `problem.${code}.${values.why}`
  return code === 'found-different' && hasWords(language, `${own}.cause`) ? own : `problem.${code}`
}

/** Its cause in every language, for a notice whose reader is not known yet. */
export const causeIn = (problem: Problem, rules: readonly MessageRule[]) => ({
  'cause.en': explainProblem(problem, 'en', rules).cause,
  'cause.nl': explainProblem(problem, 'nl', rules).cause,
})

/** In what a found document differs travels as codes: `date, gross`. */
function inWords({ code, values = {} }: Problem, language: Language): Readonly<Record<string, string>> {
  if (code !== 'found-different' || values.why === undefined) return values
  const parts = values.why.split(', ').map((part) => {
    const key = `found-different.${part}`
    return hasWords(language, key) ? say(language, key) : part
  })
  return { ...values, why: parts.join(', ') }
}

/** Dates travel as `2026-03-31`; people read them in their own language. */
const readableValues = (values: Readonly<Record<string, string>>, language: Language): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const date = parseCalendarDate(value)
      return [name, date ? formatDate(date, language) : value]
    }),
  )

export type Explained = ReturnType<typeof explainProblem>

/** The RFC 9457 document that answers a request. */
export function problemDocument(
  problem: Problem,
  language: Language,
  request: string,
  more: Partial<ApiProblem> = {},
  rules: readonly MessageRule[] = [],
): ApiProblem {
  const explained = explainProblem(problem, language, rules)
  return {
    type: `urn:uurwerk:problem:${problem.code}`,
    title: explained.cause,
    status: more.status ?? statusOf[problem.kind],
    detail: explained.remedy,
    code: problem.code,
    cause: explained.cause,
    remedy: explained.remedy,
    ...(problem.fields
      ? {
          errors: problem.fields.map((field) => ({
            pointer: field.pointer,
            code: field.code,
            message: sayField(language, field),
          })),
        }
      : {}),
    ...(problem.theirWords ? { theirWords: problem.theirWords } : {}),
    request,
    ...more,
  }
}

// What stands in the way of a whole document is told in the words of that problem.
const sayField = (language: Language, { code, values }: FieldProblem): string => {
  const kind = values?.kind ? [`field.${code}.${values.kind}`] : []
  const key = [...kind, `field.${code}`, `problem.${code}.cause`].find((one) => hasWords(language, one))
  return say(language, key ?? 'field.not-understood', values && readableValues(values, language))
}

/** A field that does not hold what it should. */
export const wrongField = (
  pointer: string,
  code: string,
  values: Readonly<Record<string, string>> = {},
): ProblemError => new ProblemError({ kind: 'input', code: 'input-wrong', fields: [{ pointer, code, values }] })

export const notThere = (what: string): ProblemError =>
  new ProblemError({ kind: 'missing', code: 'not-found', values: { what } })

/** Which field breaks which rule, from a failed check of a route's schema. */
export function fieldsOf(error: z.ZodError, place: 'body' | 'query' | 'path'): FieldProblem[] {
  return error.issues.flatMap((issue) => fieldsOfIssue(issue as unknown as Issue, place))
}

interface Issue {
  readonly code: string
  readonly path: readonly PropertyKey[]
  readonly message: string
  readonly input?: unknown
  readonly minimum?: number
  readonly maximum?: number
  readonly origin?: string
  readonly keys?: readonly string[]
  readonly expected?: string
  readonly format?: string
  readonly pattern?: string
  readonly values?: readonly unknown[]
  readonly errors?: readonly (readonly Issue[])[]
}

function fieldsOfIssue(issue: Issue, place: string): FieldProblem[] {
  const pointer = pointerOf(issue.path, place)
  const text = issue.origin === 'string'
  switch (issue.code) {
    case 'unrecognized_keys':
      return (issue.keys ?? []).map((key) => ({
        pointer: pointerOf([...issue.path, key], place),
        code: 'unknown-field',
      }))
    case 'invalid_type':
      return [
        {
          pointer,
          code: issue.message.includes('received undefined') ? 'required' : 'wrong-type',
          values: { expected: issue.expected ?? '' },
        },
      ]
    case 'too_small':
      if (text && issue.minimum === 1) return [{ pointer, code: 'required' }]
      return [{ pointer, code: text ? 'too-short' : 'too-small', values: { least: String(issue.minimum) } }]
    case 'too_big':
      return [{ pointer, code: text ? 'too-long' : 'too-big', values: { most: String(issue.maximum) } }]
    case 'invalid_value':
      return [{ pointer, code: 'not-one-of', values: { choices: (issue.values ?? []).join(', ') } }]
    case 'invalid_format':
      if (issue.format !== 'regex') return [{ pointer, code: `format-${issue.format}` }]
      return [{ pointer, code: 'not-understood', ...decimalRule(issue.pattern) }]
    case 'invalid_union': {
      // The branch that came furthest tells most.
      const branches = (issue.errors ?? []).filter((errors) => errors.length > 0)
      const best = [...branches].sort((a, b) => depth(b) - depth(a) || a.length - b.length)[0]
      return best
        ? best.flatMap((inner) => fieldsOfIssue({ ...inner, path: [...issue.path, ...inner.path] }, place))
        : [{ pointer, code: 'not-understood' }]
    }
    case 'custom':
      return [{ pointer, code: issue.message }]
    default:
      return [{ pointer, code: 'not-understood' }]
  }
}

/** What is expected of a decimal, read from its pattern, so that the words can name the rule. */
function decimalRule(pattern = ''): Pick<FieldProblem, 'values'> {
  const places = /^\/\^(?:-\?)?\\d\{1,\d+\}\(\\\.\\d\{1,(\d+)\}\)\?\$\/$/.exec(pattern)?.[1]
  if (!places) return {}
  return { values: { kind: pattern.startsWith('/^-?') ? 'decimal' : 'decimal-from-zero', places } }
}

const depth = (errors: readonly Issue[]): number => Math.max(0, ...errors.map((error) => error.path.length))

const pointerOf = (path: readonly PropertyKey[], place: string): string =>
  `${place === 'body' ? '' : `/${place}`}/${path.map((part) => String(part).replaceAll('~', '~0').replaceAll('/', '~1')).join('/')}`.replace(
    /\/$/,
    '',
  ) || '/'
