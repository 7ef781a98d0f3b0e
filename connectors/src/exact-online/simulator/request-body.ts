import { parseCalendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { parseDecimal } from '@uurwerk/core/shared/money.ts'
import type { SimulatorRow } from '../../contract/simulator.ts'
import { BadRequest } from './answers.ts'
import type { Field, FieldType, Resource } from './resource.ts'
import { dateOfMs } from './server-time.ts'

const stream = (text: string) => new BadRequest(`Error processing request stream. ${text}`)
export const notAnObject = () => stream('The request should be a valid top-level resource object.')

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json }

/** The body as an object of JSON. */
export function readObject(body: Uint8Array): { [name: string]: Json } {
  let parsed: Json
  try {
    parsed = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) as Json
  } catch {
    throw stream('JSON text specified is not valid.')
  }
  if (!isObject(parsed)) throw notAnObject()
  return parsed
}

const isObject = (value: Json | undefined): value is { [name: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const clrNames = {
  guid: 'Guid',
  string: 'String',
  boolean: 'Boolean',
  byte: 'Byte',
  int16: 'Int16',
  int32: 'Int32',
  int64: 'Int64',
  double: 'Double',
  date: 'DateTime',
  instant: 'DateTime',
  binary: 'Byte[]',
} as const satisfies Record<FieldType, string>

const wrongType = ({ name, type }: Field) =>
  stream(
    `Error encountered in converting the value from request payload for property '${name}' to type '${clrNames[type]}', which is the property's expected type. See inner exception for more detail.`,
  )

const isGuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const isBase64 = (value: string) => value.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(value)
const ranges: Partial<Record<FieldType, number>> = { byte: 255, int16: 32_767, int32: 2_147_483_647 }

/** Dates come in as ISO, with or without a time, or as `/Date(ms)/`; the day as written counts. */
function readDate(value: Json): string | null {
  if (typeof value !== 'string') return null
  const ms = /^\/Date\((-?\d+)(?:[+-]\d{4})?\)\/$/.exec(value)
  if (ms) return dateOfMs(Number(ms[1]))
  const iso = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/.exec(value)
  return iso ? parseCalendarDate(iso[1] as string) : null
}

/** Doubles also come as text; both end as an exact decimal. */
function readDouble(value: Json): string | null {
  if (typeof value === 'string') return parseDecimal(value.trim())
  if (typeof value !== 'number') return null
  const plain = String(value)
  return parseDecimal(plain.includes('e') ? value.toFixed(12) : plain)
}

function readWhole(type: FieldType, value: Json): number | string | null {
  const written = typeof value === 'number' || typeof value === 'string' ? String(value) : ''
  if (!/^-?\d+$/.test(written)) return null
  if (type === 'int64') return written
  const number = Number(written)
  const highest = ranges[type] as number
  return number <= highest && number >= (type === 'byte' ? 0 : -highest - 1) ? number : null
}

function readValue(field: Field, value: Json): unknown {
  if (value === null) return null
  const read = {
    guid: () => (typeof value === 'string' && isGuid.test(value) ? value.toLowerCase() : null),
    string: () => (typeof value === 'string' ? value : null),
    boolean: () => (typeof value === 'boolean' ? value : null),
    byte: () => readWhole('byte', value),
    int16: () => readWhole('int16', value),
    int32: () => readWhole('int32', value),
    int64: () => readWhole('int64', value),
    double: () => readDouble(value),
    date: () => readDate(value),
    instant: () => readDate(value),
    binary: () => (typeof value === 'string' && isBase64(value) ? value : null),
  } as const satisfies Record<FieldType, () => unknown>
  const typed = read[field.type]()
  if (typed === null) throw wrongType(field)
  return typed
}

export interface Sent {
  readonly values: SimulatorRow
  readonly nested: Readonly<Record<string, readonly SimulatorRow[]>>
}

/**
 * What was sent, of the right type, without the fields this verb may not write: read-only fields are ignored, names
 * that do not exist are refused (R-unknown-name).
 */
export function readSent(
  resource: Resource,
  body: { [name: string]: Json },
  act: 'create' | 'update',
  resourceAt: (path: string) => Resource,
): Sent {
  const values: Record<string, unknown> = {}
  const nested: Record<string, readonly SimulatorRow[]> = {}
  for (const [name, value] of Object.entries(body)) {
    const collection = resource.collections?.[name]
    const field = resource.fields.find((known) => known.name === name)
    if (name === '__metadata' || isDeferred(value)) continue
    if (collection) {
      if (act === 'update') throw stream('Deep updates are not supported in PUT, MERGE, or PATCH operations.')
      const rows = isObject(value) ? value.results : value
      if (!Array.isArray(rows) || !rows.every(isObject)) throw notAnObject()
      nested[name] = rows.map((row) => readSent(resourceAt(collection.path), row, 'create', resourceAt).values)
    } else if (field) {
      const typed = readValue(field, value)
      const writable = act === 'create' ? field.verbs !== 'R' : field.verbs.endsWith('w')
      if (writable) values[name] = typed
    } else {
      throw stream(`The property name '${name}' specified for type '${resource.type}' is not valid.`)
    }
  }
  return { values, nested }
}

const isDeferred = (value: Json) => isObject(value) && '__deferred' in value
