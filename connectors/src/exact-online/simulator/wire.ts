import type { CalendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import type { SimulatorRow } from '../../contract/simulator.ts'
import { escapeXml } from './answers.ts'
import { type Literal, writeDateTime, writeLiteral } from './odata-filter.ts'
import type { Field, FieldType, Resource, View } from './resource.ts'
import { midnight, wallTime } from './server-time.ts'

/** What stands in a row, or is looked up for it, before it is written. */
const stored = (field: Field, row: SimulatorRow, view: View): unknown =>
  (field.from ? field.from(row, view) : row[field.name]) ?? null

const padded = (field: Field, value: string): string => {
  if (!field.pad || value === '') return value
  const { width, side } = field.pad
  return side === 'start' ? value.padStart(width) : value.padEnd(width)
}

export const literalKinds = {
  guid: 'guid',
  string: 'string',
  boolean: 'boolean',
  date: 'datetime',
  instant: 'datetime',
  binary: 'string',
  byte: 'number',
  int16: 'number',
  int32: 'number',
  int64: 'number',
  double: 'number',
} as const satisfies Record<FieldType, Literal['kind']>

/** A value as a filter or an order sees it: with its padding, and instants in server time. */
export function literalOf(field: Field, row: SimulatorRow, view: View): Literal {
  // Files never come along in an answer: they have an address of their own.
  const value = field.type === 'binary' ? null : stored(field, row, view)
  if (value === null) return { kind: 'null', value: null }
  switch (field.type) {
    case 'guid':
      return { kind: 'guid', value: String(value) }
    case 'string':
      return { kind: 'string', value: padded(field, String(value)) }
    case 'boolean':
      return { kind: 'boolean', value: Boolean(value) }
    case 'date':
      return { kind: 'datetime', value: midnight(value as CalendarDate) }
    case 'instant':
      return { kind: 'datetime', value: wallTime(new Date(String(value))) }
    default:
      return { kind: 'number', value: String(value) }
  }
}

/** A value as JSON: doubles as numbers, Int64 as text, dates as `/Date(ms)/`. */
function jsonOf(field: Field, row: SimulatorRow, view: View): unknown {
  const literal = literalOf(field, row, view)
  if (literal.kind === 'null') return field.sure ?? (field.blank ? '' : null)
  if (literal.kind === 'datetime') return `/Date(${literal.value})/`
  if (literal.kind !== 'number') return literal.value
  return field.type === 'int64' ? literal.value : Number(literal.value)
}

export interface Place {
  readonly resource: Resource
  readonly view: View
  /** `http://…/api/v1/1234567/crm/Accounts`, as called: single, sync or bulk. */
  readonly url: string
  /** `http://…/api/v1/1234567`, for links to other resources. */
  readonly root: string
}

export const fieldNamed = (resource: Resource, name: string): Field | undefined =>
  resource.fields.find((field) => field.name === name)

export const keyLiterals = ({ resource, view }: Place, row: SimulatorRow): Literal[] =>
  resource.key.map((name) => literalOf(fieldNamed(resource, name) as Field, row, view))

export function entityUrl(place: Place, row: SimulatorRow): string {
  const literals = keyLiterals(place, row)
  const { key, fields } = place.resource
  const written = literals.map((literal, index) => {
    const suffix = fields.find((field) => field.name === key[index])?.type === 'int64' ? 'L' : ''
    return `${key.length > 1 ? `${key[index]}=` : ''}${writeLiteral(literal)}${suffix}`
  })
  return `${place.url}(${written.join(',')})`
}

export interface Shape {
  /** Null: everything. */
  readonly select: ReadonlySet<string> | null
  readonly expand: ReadonlyMap<string, (row: SimulatorRow) => unknown>
}

export const everything: Shape = { select: null, expand: new Map() }

export function toEntity(place: Place, row: SimulatorRow, { select, expand }: Shape): Record<string, unknown> {
  const uri = entityUrl(place, row)
  const wanted = (name: string) => !select || select.has(name)
  const values = place.resource.fields
    .filter((field) => wanted(field.name))
    .map((field) => [field.name, jsonOf(field, row, place.view)] as const)
  const collections = Object.keys(place.resource.collections ?? {})
    .filter((name) => wanted(name) || expand.has(name))
    .map((name) => [name, expand.get(name)?.(row) ?? { __deferred: { uri: `${uri}/${name}` } }] as const)
  return {
    __metadata: { uri, type: place.resource.type },
    ...Object.fromEntries(values),
    ...Object.fromEntries(collections),
  }
}

/** What accounts answer to a POST without `Prefer` (R-echo): the key, and everything that can be null is null. */
export function toEmptyEcho(place: Place, row: SimulatorRow): Record<string, unknown> {
  const full = toEntity(place, row, everything)
  const echoed = place.resource.fields.map((field) => [
    field.name,
    place.resource.key.includes(field.name) ? full[field.name] : (field.sure ?? null),
  ])
  return { ...full, ...Object.fromEntries(echoed) }
}

/** What invoices answer to a POST without `Prefer` (R-echo): some fields are not computed yet. */
export const toEarlyEcho = (place: Place, row: SimulatorRow, unset: readonly string[]): Record<string, unknown> => ({
  ...toEntity(place, row, everything),
  ...Object.fromEntries(unset.map((name) => [name, null])),
})

const edmTypes = {
  guid: 'Guid',
  string: 'String',
  boolean: 'Boolean',
  date: 'DateTime',
  instant: 'DateTime',
  binary: 'Binary',
  byte: 'Byte',
  int16: 'Int16',
  int32: 'Int32',
  int64: 'Int64',
  double: 'Double',
} as const satisfies Record<FieldType, string>

const dataServices = 'http://schemas.microsoft.com/ado/2007/08/dataservices'
const namespaces = `xmlns="http://www.w3.org/2005/Atom" xmlns:d="${dataServices}" xmlns:m="${dataServices}/metadata"`

/** Texts go without a type, everything else names it; JSON dates are written as ISO. */
function atomProperty({ resource }: Place, name: string, value: unknown): string {
  const type = fieldNamed(resource, name)?.type ?? 'string'
  const typed = type === 'string' ? '' : ` m:type="Edm.${edmTypes[type]}"`
  if (value === null) return `<d:${name}${typed} m:null="true" />`
  const date = /^\/Date\((-?\d+)\)\/$/.exec(String(value))
  const text = date && type !== 'string' ? writeDateTime(Number(date[1])) : String(value)
  return `<d:${name}${typed}>${escapeXml(text)}</d:${name}>`
}

function atomEntry(place: Place, entity: Record<string, unknown>, updated: string): string {
  const { __metadata, ...values } = entity as { __metadata: { uri: string; type: string } }
  const uri = escapeXml(__metadata.uri)
  const collections = place.resource.collections ?? {}
  const properties = Object.entries(values).filter(([name]) => !(name in collections))
  const links = Object.keys(values)
    .filter((name) => name in collections)
    .map(
      (name) =>
        `<link rel="${dataServices}/related/${name}" type="application/atom+xml;type=feed" title="${name}" href="${uri}/${name}" />`,
    )
  return (
    `<entry><id>${uri}</id><title type="text" /><updated>${updated}</updated><author><name /></author>` +
    `<link rel="edit" title="${__metadata.type.split('.').at(-1)}" href="${uri}" />${links.join('')}` +
    `<category term="${escapeXml(__metadata.type)}" scheme="${dataServices}/scheme" />` +
    `<content type="application/xml"><m:properties>${properties.map(([name, value]) => atomProperty(place, name, value)).join('')}</m:properties></content></entry>`
  )
}

/** Without `Accept: application/json` the answer is Atom: one entry, or a feed of them. */
export function toAtom(
  place: Place,
  entities: readonly Record<string, unknown>[],
  as: 'entry' | { readonly next?: string; readonly count?: number },
): string {
  const updated = `${place.view.now.toISOString().slice(0, 19)}Z`
  const entries = entities.map((entity) => atomEntry(place, entity, updated))
  const head = '<?xml version="1.0" encoding="utf-8"?>'
  if (as === 'entry') return `${head}${(entries[0] ?? '').replace('<entry>', `<entry ${namespaces}>`)}`
  const title = place.resource.path.split('/').at(-1)
  const count = as.count === undefined ? '' : `<m:count>${as.count}</m:count>`
  const link = as.next ? `<link rel="next" href="${escapeXml(as.next)}" />` : ''
  return (
    `${head}<feed ${namespaces}>${count}<title type="text">${title}</title><id>${escapeXml(place.url)}</id>` +
    `<updated>${updated}</updated><link rel="self" title="${title}" href="${title}" />${entries.join('')}${link}</feed>`
  )
}
