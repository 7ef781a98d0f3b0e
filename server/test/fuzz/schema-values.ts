import type { Random } from '@uurwerk/core/shared/ports.ts'

/** As much of JSON Schema as our own description uses. */
export interface Schema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly format?: string
  readonly pattern?: string
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly example?: unknown
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: Schema | boolean
  readonly items?: Schema
  readonly minItems?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
}

export interface Chance {
  readonly random: Random
  /** Whether something of this probability happens. */
  happens(probability: number): boolean
  pick<T>(from: readonly T[]): T
  whole(least: number, most: number): number
}

export const chanceOf = (random: Random): Chance => {
  const whole = (least: number, most: number) => least + Math.floor(random.next() * (most - least + 1))
  return {
    random,
    whole,
    happens: (probability) => random.next() < probability,
    pick: (from) => from[whole(0, from.length - 1)] as (typeof from)[number],
  }
}

export interface Known {
  readonly components: Readonly<Record<string, Schema>>
  /** An id that may well exist, for a field of this name. */
  id(field: string): string
}

const plainTexts = [
  'EUR',
  'NL',
  'DE',
  '12.50',
  '104.00',
  '1',
  'Europe/Amsterdam',
  'exact-online',
  'domestic-standard',
  'Een gewone tekst',
  '{year}-{0000}',
  'Zoë & Ötzi ß €',
]

/** A value that keeps to the schema, as far as a schema can say. */
export function goodValue(schema: Schema, chance: Chance, known: Known, field = ''): unknown {
  if (schema.$ref) return goodValue(known.components[schema.$ref.split('/').at(-1) ?? ''] ?? {}, chance, known, field)
  const branches = schema.anyOf ?? schema.oneOf
  if (branches) return goodValue(chance.pick(branches), chance, known, field)
  if (schema.const !== undefined) return schema.const
  if (schema.enum) return chance.pick(schema.enum)
  switch (Array.isArray(schema.type) ? chance.pick(schema.type as readonly string[]) : schema.type) {
    case 'object':
      return Object.fromEntries([
        ...Object.entries(schema.properties ?? {}).flatMap(([name, inner]) =>
          schema.required?.includes(name) || chance.happens(0.5)
            ? [[name, goodValue(inner, chance, known, name)] as const]
            : [],
        ),
        ...(typeof schema.additionalProperties === 'object' && chance.happens(0.7)
          ? [[chance.pick(plainTexts).slice(0, 30), goodValue(schema.additionalProperties, chance, known)] as const]
          : []),
      ])
    case 'array':
      return Array.from({ length: chance.whole(schema.minItems ?? 0, 3) }, () =>
        goodValue(schema.items ?? {}, chance, known, field),
      )
    case 'integer':
    case 'number':
      return chance.whole(schema.minimum ?? -5, Math.min(schema.maximum ?? 5000, (schema.minimum ?? 0) + 2000))
    case 'boolean':
      return chance.happens(0.5)
    case 'null':
      return null
    default:
      return goodText(schema, chance, known, field)
  }
}

function goodText(schema: Schema, chance: Chance, known: Known, field: string): string {
  const two = (least: number, most: number) => String(chance.whole(least, most)).padStart(2, '0')
  if (schema.format === 'uuid') return known.id(field)
  if (schema.format === 'date') return `${chance.pick(['2025', '2026', '2027'])}-${two(1, 12)}-${two(1, 28)}`
  if (schema.format === 'date-time') return `2026-${two(1, 12)}-${two(1, 28)}T${two(0, 23)}:${two(0, 59)}:00Z`
  if (schema.format === 'email') return `iemand.${chance.whole(1, 9999)}@example.nl`
  const pattern = schema.pattern === undefined ? undefined : new RegExp(schema.pattern, 'u')
  const fits = (text: string) =>
    (pattern?.test(text) ?? true) &&
    text.length >= (schema.minLength ?? 0) &&
    text.length <= (schema.maxLength ?? Number.POSITIVE_INFINITY)
  const candidates = [...plainTexts, ...(typeof schema.example === 'string' ? [schema.example] : [])].filter(fits)
  return candidates.length > 0 ? chance.pick(candidates) : 'x'.repeat(Math.max(1, schema.minLength ?? 1))
}

/** What people with bad intentions, broken programs and cats on keyboards send. */
const hostileTexts: readonly string[] = [
  '',
  ' ',
  '\n',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\u202eAB',
  '\ufeff',
  '👩‍👩‍👧‍👦'.repeat(20),
  'ﷺ',
  '٣',
  '２０２６-０３-３１',
  "' or 1=1 --",
  "'; drop table invoice; --",
  "x') or pg_sleep(0) is null --",
  '%',
  '_',
  '\\',
  '"',
  '`',
  '../../../../etc/passwd',
  '..%2f..%2f',
  '/',
  '//',
  'C:\\Windows',
  '<script>alert(1)</script>',
  '{{7*7}}',
  '{year}{year}{0000}',
  '$' + '{1+1}',
  'null',
  'undefined',
  'NaN',
  'Infinity',
  '-Infinity',
  '1e309',
  '1e5',
  '-0',
  '0x10',
  '1,5',
  '99999999999999.99999999',
  '-99999999999999.99999999',
  '0.00000001',
  '100000000000000',
  '2026-02-30',
  '2026-13-01',
  '0000-00-00',
  '9999-12-31',
  '1900-01-01',
  '2026-03-31T25:00:00Z',
  '0001-01-01T00:00:00Z',
  '9999-12-31T23:59:59Z',
  '__proto__',
  'constructor',
  'toString',
  '00000000-0000-0000-0000-000000000000',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  'true',
  '[]',
  'Mars/Phobos',
  'ZZ',
  'ZZZ',
  'eyJhIjoxfQ',
  'WyJ4Il0',
  'WyIyMDI2LTAzLTMxIiwiMDE5MDAwMDAtMDAwMC03MDAwLTgwMDAtMDAwMDAwMDBkZWFkIl0',
]
const hostileValues: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1,
  1.5,
  1e21,
  -1e21,
  2 ** 31,
  -(2 ** 31) - 1,
  2 ** 53,
  2 ** 63,
  1e-7,
  [],
  {},
  [[]],
  [null],
  { a: 1 },
  { __proto__: null, length: 3 },
  ['x', 1, null],
]

export function hostileText(chance: Chance): string {
  if (chance.happens(0.03)) return chance.pick(['x', '9', 'é', "'", '𝕏']).repeat(chance.pick([101, 300, 5000, 100_000]))
  return chance.pick(hostileTexts)
}

function hostileValue(chance: Chance): unknown {
  if (chance.happens(0.55)) return hostileText(chance)
  if (chance.happens(0.03)) return Array.from({ length: 6000 }, () => 'x')
  if (chance.happens(0.03)) return deep(chance.pick([20, 400]))
  return chance.pick(hostileValues)
}

const deep = (levels: number): unknown => (levels === 0 ? 'x' : [deep(levels - 1)])

/** The same value with one thing about it wrong: a leaf or branch replaced, left out, added or put in a list. */
export function spoiled(value: unknown, chance: Chance): unknown {
  if (value === null || typeof value !== 'object' || chance.happens(0.15)) return hostileValue(chance)
  if (Array.isArray(value)) {
    if (value.length === 0 || chance.happens(0.2)) return [...value, hostileValue(chance)]
    if (chance.happens(0.1)) return [...value, ...value]
    const at = chance.whole(0, value.length - 1)
    return value.map((inner, index) => (index === at ? spoiled(inner, chance) : inner))
  }
  const entries = Object.entries(value)
  if (entries.length === 0 || chance.happens(0.15))
    return Object.fromEntries([...entries, [hostileText(chance).slice(0, 50), hostileValue(chance)]])
  const at = chance.whole(0, entries.length - 1)
  if (chance.happens(0.15)) return Object.fromEntries(entries.filter((_, index) => index !== at))
  return Object.fromEntries(
    entries.map(([name, inner], index) => [name, index === at ? spoiled(inner, chance) : inner]),
  )
}
