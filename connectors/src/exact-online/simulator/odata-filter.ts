import { querySyntax } from './answers.ts'

/** A value of OData version 2, of the kinds that Exact uses. Numbers keep their text, so that Int64 stays exact. */
export type Literal =
  | { readonly kind: 'string' | 'guid' | 'number'; readonly value: string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'datetime'; readonly value: number }
  | { readonly kind: 'null'; readonly value: null }

type Expression =
  | { readonly op: 'literal'; readonly literal: Literal }
  | { readonly op: 'field'; readonly name: string }
  | { readonly op: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | { readonly op: 'not'; readonly of: Expression }
  | { readonly op: 'and' | 'or' | Comparison; readonly left: Expression; readonly right: Expression }

type Comparison = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le'

/** How a row answers for a field; throws when there is no such field. */
export type FieldReader = (name: string) => Literal

type Token =
  | { readonly kind: 'name' | 'sign'; readonly text: string }
  | { readonly kind: 'literal'; readonly literal: Literal }

const patterns: readonly [RegExp, (match: RegExpExecArray) => Token | null][] = [
  [/^\s+/, () => null],
  [
    /^guid'([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})'/,
    (m) => literal({ kind: 'guid', value: (m[1] as string).toLowerCase() }),
  ],
  [/^datetime'([^']*)'/, (m) => literal({ kind: 'datetime', value: parseDateTime(m[1] as string) })],
  [/^'((?:[^']|'')*)'/, (m) => literal({ kind: 'string', value: (m[1] as string).replaceAll("''", "'") })],
  [/^(-?\d+(?:\.\d+)?)(?:[LlMmDdFf])?(?![\w.])/, (m) => literal({ kind: 'number', value: m[1] as string })],
  [/^(true|false)\b/, (m) => literal({ kind: 'boolean', value: m[1] === 'true' })],
  [/^null\b/, () => literal({ kind: 'null', value: null })],
  [/^[(),]/, (m) => ({ kind: 'sign', text: m[0] })],
  [/^[A-Za-z_][\w/]*/, (m) => ({ kind: 'name', text: m[0] })],
]

const literal = (value: Literal): Token => ({ kind: 'literal', literal: value })

/** `2026-01-31`, with a time or without, as if UTC. */
export function parseDateTime(text: string): number {
  const match = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}(?::\d{2}(?:\.\d{1,7})?)?)Z?)?$/.exec(text)
  const ms = match ? Date.parse(`${match[1]}T${match[2] ?? '00:00'}Z`) : Number.NaN
  if (Number.isNaN(ms)) throw querySyntax()
  return ms
}

function tokens(source: string): Token[] {
  const found: Token[] = []
  let rest = source
  while (rest.length > 0) {
    const hit = patterns.map(([pattern, make]) => ({ match: pattern.exec(rest), make })).find(({ match }) => match)
    if (!hit?.match) throw querySyntax()
    const token = hit.make(hit.match)
    if (token) found.push(token)
    rest = rest.slice(hit.match[0].length)
  }
  return found
}

/** Literals separated by commas: a key, a `$skiptoken`. */
export function parseLiterals(source: string): Literal[] {
  const parts = tokens(source)
  return parts.flatMap((token, index) => {
    if (index % 2 === 1 && token.kind === 'sign' && token.text === ',') return []
    if (index % 2 === 0 && token.kind === 'literal') return [token.literal]
    throw querySyntax()
  })
}

const comparisons: ReadonlySet<string> = new Set(['eq', 'ne', 'gt', 'ge', 'lt', 'le'])
interface FunctionRow {
  readonly takes: readonly Kind[]
  /** How many arguments must be there; all of them when left out. */
  readonly least?: number
  readonly gives: 'string' | 'number' | 'boolean'
  readonly run: (a: string, b: string, c?: string) => string | number | boolean
}

const ofDate = (read: (date: Date) => number): FunctionRow => ({
  takes: ['datetime'],
  gives: 'number',
  run: (ms) => read(new Date(Number(ms))),
})
const over = (takes: readonly Kind[], gives: FunctionRow['gives'], run: FunctionRow['run']): FunctionRow => ({
  takes,
  gives,
  run,
})

/** The functions of OData version 2 over texts, dates and numbers. */
const functions: Readonly<Record<string, FunctionRow>> = {
  trim: over(['string'], 'string', (a) => a.trim()),
  tolower: over(['string'], 'string', (a) => a.toLowerCase()),
  toupper: over(['string'], 'string', (a) => a.toUpperCase()),
  length: over(['string'], 'number', (a) => a.length),
  indexof: over(['string', 'string'], 'number', (a, b) => a.indexOf(b)),
  concat: over(['string', 'string'], 'string', (a, b) => a + b),
  replace: over(['string', 'string', 'string'], 'string', (a, b, c = '') => a.replaceAll(b, c)),
  substring: {
    takes: ['string', 'number', 'number'],
    least: 2,
    gives: 'string',
    run: (a, from, count) => a.slice(Number(from), count === undefined ? undefined : Number(from) + Number(count)),
  },
  substringof: over(['string', 'string'], 'boolean', (a, b) => b.includes(a)),
  startswith: over(['string', 'string'], 'boolean', (a, b) => a.startsWith(b)),
  endswith: over(['string', 'string'], 'boolean', (a, b) => a.endsWith(b)),
  year: ofDate((date) => date.getUTCFullYear()),
  month: ofDate((date) => date.getUTCMonth() + 1),
  day: ofDate((date) => date.getUTCDate()),
  hour: ofDate((date) => date.getUTCHours()),
  minute: ofDate((date) => date.getUTCMinutes()),
  second: ofDate((date) => date.getUTCSeconds()),
  round: over(['number'], 'number', (a) => Math.sign(Number(a)) * Math.round(Math.abs(Number(a)))),
  floor: over(['number'], 'number', (a) => Math.floor(Number(a))),
  ceiling: over(['number'], 'number', (a) => Math.ceil(Number(a))),
}

/** Recursive descent: or, and, not, comparison, value. */
export function parseFilter(source: string): Expression {
  const all = tokens(source)
  let at = 0
  const word = () => {
    const token = all[at]
    return token && token.kind !== 'literal' ? token.text : undefined
  }
  const accept = (text: string) => {
    if (word() !== text) return false
    at += 1
    return true
  }
  const expect = (text: string) => {
    if (!accept(text)) throw querySyntax()
  }

  function either(): Expression {
    let left = both()
    while (accept('or')) left = { op: 'or', left, right: both() }
    return left
  }
  function both(): Expression {
    let left = single()
    while (accept('and')) left = { op: 'and', left, right: single() }
    return left
  }
  function single(): Expression {
    if (accept('not')) return { op: 'not', of: single() }
    const left = value()
    const sign = word()
    if (!sign || !comparisons.has(sign)) return left
    at += 1
    return { op: sign as Comparison, left, right: value() }
  }
  function value(): Expression {
    if (accept('(')) {
      const inside = either()
      expect(')')
      return inside
    }
    const token = all[at]
    if (!token || token.kind === 'sign') throw querySyntax()
    at += 1
    if (token.kind === 'literal') return { op: 'literal', literal: token.literal }
    if (!accept('(')) return { op: 'field', name: token.text }
    const args = [value()]
    while (accept(',')) args.push(value())
    expect(')')
    const known = functions[token.text]
    if (!known || args.length > known.takes.length || args.length < (known.least ?? known.takes.length))
      throw querySyntax()
    return { op: 'call', name: token.text, args }
  }

  const parsed = either()
  if (at !== all.length) throw querySyntax()
  return parsed
}

/** Field names a filter speaks of. */
export function fieldsOf(expression: Expression): string[] {
  if (expression.op === 'field') return [expression.name]
  if (expression.op === 'call') return expression.args.flatMap(fieldsOf)
  if (expression.op === 'not') return fieldsOf(expression.of)
  return expression.op === 'literal' ? [] : [...fieldsOf(expression.left), ...fieldsOf(expression.right)]
}

type Kind = Literal['kind']

/** Kinds must fit before any row is looked at, so that an empty list refuses what a full one would. */
export function checkKinds(expression: Expression, kindOf: (name: string) => Kind): Kind {
  switch (expression.op) {
    case 'literal':
      return expression.literal.kind
    case 'field':
      return kindOf(expression.name)
    case 'not':
      return demand(checkKinds(expression.of, kindOf), 'boolean')
    case 'call': {
      const { takes, gives } = functions[expression.name] as FunctionRow
      for (const [index, arg] of expression.args.entries()) demand(checkKinds(arg, kindOf), takes[index] as Kind)
      return gives
    }
    default: {
      const [left, right] = [checkKinds(expression.left, kindOf), checkKinds(expression.right, kindOf)]
      if (expression.op === 'and' || expression.op === 'or') demand(left, 'boolean')
      return demand(right, expression.op === 'and' || expression.op === 'or' ? 'boolean' : left, 'boolean')
    }
  }
}

function demand(kind: Kind, wanted: Kind, result: Kind = kind): Kind {
  if (kind !== wanted && kind !== 'null' && wanted !== 'null') throw querySyntax()
  return result
}

export function matches(expression: Expression, read: FieldReader): boolean {
  const result = evaluate(expression, read)
  if (result.kind === 'null') return false
  if (result.kind !== 'boolean') throw querySyntax()
  return result.value
}

const yes = (value: boolean): Literal => ({ kind: 'boolean', value })

function evaluate(expression: Expression, read: FieldReader): Literal {
  switch (expression.op) {
    case 'literal':
      return expression.literal
    case 'field':
      return read(expression.name)
    case 'not':
      return yes(!matches(expression.of, read))
    case 'and':
      return yes(matches(expression.left, read) && matches(expression.right, read))
    case 'or':
      return yes(matches(expression.left, read) || matches(expression.right, read))
    case 'call':
      return call(
        expression.name,
        expression.args.map((arg) => evaluate(arg, read)),
      )
    default:
      return yes(compares(expression.op, evaluate(expression.left, read), evaluate(expression.right, read)))
  }
}

/** Null in, null out; numbers and dates as text. */
function call(name: string, args: readonly Literal[]): Literal {
  if (args.some((arg) => arg.kind === 'null')) return { kind: 'null', value: null }
  const { gives, run } = functions[name] as FunctionRow
  const [a, b, c] = args.map(({ value }) => String(value))
  const result = run(a as string, b as string, c)
  return gives === 'boolean' ? yes(result === true) : { kind: gives, value: String(result) }
}

function compares(op: Comparison, left: Literal, right: Literal): boolean {
  if (left.kind === 'null' || right.kind === 'null') {
    const same = left.kind === right.kind
    return op === 'eq' ? same : op === 'ne' ? !same : false
  }
  // A guid is not a string and a number is not text: Exact refuses the comparison instead of finding nothing.
  if (left.kind !== right.kind) throw querySyntax()
  const order = compareLiterals(left, right)
  const answers = { eq: order === 0, ne: order !== 0, gt: order > 0, ge: order >= 0, lt: order < 0, le: order <= 0 }
  return answers[op]
}

const orderOf = (left: string, right: string) => (left < right ? -1 : left > right ? 1 : 0)

/** SQL Server compares the last group of a guid first, and the rest backwards (recorded lists stand in this order). */
function orderOfGuids(left: string, right: string): number {
  for (const [from, to] of guidGroups) {
    const order = orderOf(left.slice(from, to), right.slice(from, to))
    if (order !== 0) return order
  }
  return 0
}

const guidGroups = [
  [24, 36],
  [19, 23],
  [14, 18],
  [9, 13],
  [0, 8],
] as const

export function compareLiterals(left: Literal, right: Literal): number {
  if (left.kind === 'null' || right.kind === 'null') return Number(left.kind !== 'null') - Number(right.kind !== 'null')
  if (left.kind === 'guid' && right.kind === 'guid') return orderOfGuids(left.value, right.value)
  // Trailing blanks do not count in a comparison, leading ones do: a database rule that makes `'NL'` find `'NL '`.
  if (left.kind === 'string' && right.kind === 'string') return orderOf(left.value.trimEnd(), right.value.trimEnd())
  if (left.kind === 'number' && right.kind === 'number') return compareNumbers(left.value, right.value)
  return Number(left.value) - Number(right.value)
}

function compareNumbers(left: string, right: string): number {
  const whole = /^-?\d+$/
  if (!whole.test(left) || !whole.test(right)) return Number(left) - Number(right)
  const [a, b] = [BigInt(left), BigInt(right)]
  return a < b ? -1 : a > b ? 1 : 0
}

/** As .NET writes it: no more decimals of a second than there are (recorded: `2024-09-09T12:40:29.9`). */
export const writeDateTime = (ms: number): string =>
  new Date(ms)
    .toISOString()
    .slice(0, 23)
    .replace(/\.?0+$/, '')

/** A literal as it stands in a key, a link or a `$skiptoken`. */
export function writeLiteral(value: Literal): string {
  if (value.kind === 'string') return `'${value.value.replaceAll("'", "''")}'`
  if (value.kind === 'guid') return `guid'${value.value}'`
  if (value.kind === 'datetime') return `datetime'${writeDateTime(value.value)}'`
  return String(value.value)
}
