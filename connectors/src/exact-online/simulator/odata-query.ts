import type { SimulatorRow } from '../../contract/simulator.ts'
import { BadRequest, querySyntax } from './answers.ts'
import {
  checkKinds,
  compareLiterals,
  fieldsOf,
  type Literal,
  matches,
  parseFilter,
  parseLiterals,
  writeLiteral,
} from './odata-filter.ts'
import type { Field, Resource } from './resource.ts'
import { fieldNamed, literalKinds, literalOf, type Place } from './wire.ts'
import { settingOf } from './world-state.ts'

export type Family = 'single' | 'sync' | 'bulk'

export const pageSize = { single: 60, sync: 1000, bulk: 1000 } as const satisfies Record<Family, number>

const options = ['filter', 'expand', 'orderby', 'inlinecount', 'select', 'top', 'skip', 'skiptoken'] as const
type Option = (typeof options)[number]

export type Options = Partial<Record<Option, string>>

export function readOptions(url: URL): Options {
  const read: Options = {}
  for (const [name, value] of url.searchParams) {
    const option = options.find((known) => `$${known}` === name.toLowerCase())
    if (!option && name.startsWith('$')) throw querySyntax()
    if (option && value.trim() !== '') read[option] = value
  }
  return read
}

const selectMissing = 'Please add a $select or a $top=1 statement to the query string.'

/**
 * What each family takes (R-bulk, R-sync): both have a cursor instead of `$skip`. R-mandatory-filter: where an administration
 * is held to it, a list that is had by row version too wants a filter.
 */
export function checkFamily({ resource, view }: Place, family: Family, query: Options): void {
  const bare = !query.select && query.top !== '1'
  const mayFilter = family === 'sync' || !resource.sync || Boolean(query.filter)
  if (!mayFilter && settingOf(view, 'mandatoryFilters')) throw querySyntax()
  if ((family === 'bulk' && !query.select) || (resource.wantsSelect && bare)) throw new BadRequest(selectMissing)
  if (family !== 'single' && query.skip) throw querySyntax()
  const allowed = family === 'sync' ? ['Timestamp'] : resource.filterable
  if (!allowed || !query.filter) return
  if (fieldsOf(parseFilter(query.filter)).some((name) => !allowed.includes(name))) throw querySyntax()
}

const names = (list: string) => list.split(',').map((name) => name.trim())

export function readSelect(resource: Resource, list: string | undefined): ReadonlySet<string> | null {
  if (!list || names(list).includes('*')) return null
  const known = (name: string) => fieldNamed(resource, name) || name in (resource.collections ?? {})
  const roots = names(list).map((name) => name.split('/')[0] as string)
  if (!roots.every(known)) throw querySyntax()
  return new Set(roots)
}

/** What `$select=Lines/Amount,Lines/Description` takes of an expanded collection; everything when it names none of its fields. */
export function selectInside(list: string | undefined, collection: string): string | undefined {
  const inside = names(list ?? '').flatMap((name) => {
    const [root, ...rest] = name.split('/')
    return root === collection && rest.length > 0 ? [rest.join('/')] : []
  })
  return inside.length > 0 ? inside.join(',') : undefined
}

export function readExpand(resource: Resource, list: string | undefined): readonly string[] {
  const wanted = list ? names(list) : []
  if (!wanted.every((name) => name in (resource.collections ?? {}))) throw querySyntax()
  return wanted
}

const count = (value: string | undefined): number | undefined => {
  if (value === undefined) return undefined
  if (!/^\d+$/.test(value)) throw querySyntax()
  return Number(value)
}

interface Order {
  readonly field: Field
  readonly sign: 1 | -1
}

function readOrder({ resource }: Place, list: string | undefined): Order[] {
  const own = list ? names(list) : []
  const wanted = own.map((part) => {
    const [name = '', direction = 'asc'] = part.split(/\s+/)
    const field = fieldNamed(resource, name)
    if (!field || !['asc', 'desc'].includes(direction)) throw querySyntax()
    return { field, sign: direction === 'asc' ? 1 : -1 } as const
  })
  const key = resource.key.map((name) => ({ field: fieldNamed(resource, name) as Field, sign: 1 }) as const)
  return [...wanted, ...key.filter(({ field }) => !wanted.some((order) => order.field === field))]
}

export interface Page {
  readonly rows: readonly SimulatorRow[]
  /** The whole URL of the next page. */
  readonly next?: string
  readonly total: number
  /** `{"d":[…]}` instead of `{"d":{"results":[…]}}`. */
  readonly bare: boolean
}

/**
 * One page: R-page. A `$top` above the page size is kept up over the pages: the rest goes into `__next`. A `$top` that fits in
 * one page switches server paging off, and with it the `results` envelope (both seen in recorded answers).
 */
export function readPage(
  place: Place,
  family: Family,
  query: Options,
  all: readonly SimulatorRow[],
  url: string,
): Page {
  const size = pageSize[family]
  const filter = query.filter ? parseFilter(query.filter) : undefined
  const known = new Map(place.resource.fields.map((field) => [field.name, field]))
  const reader = (row: SimulatorRow) => (name: string) => {
    const field = known.get(name)
    if (!field) throw querySyntax()
    return literalOf(field, row, place.view)
  }
  const kind = (name: string) => {
    const field = known.get(name)
    if (!field) throw querySyntax()
    return literalKinds[field.type]
  }
  if (filter && !['boolean', 'null'].includes(checkKinds(filter, kind))) throw querySyntax()
  const found = filter ? all.filter((row) => matches(filter, reader(row))) : all

  const order = readOrder(place, query.orderby)
  const sortable = found.map((row) => ({ row, by: order.map(({ field }) => literalOf(field, row, place.view)) }))
  const compare = (a: readonly Literal[], b: readonly Literal[]) => {
    for (const [index, { sign }] of order.entries()) {
      const result = compareLiterals(a[index] as Literal, b[index] as Literal) * sign
      if (result !== 0) return result
    }
    return 0
  }
  const token = query.skiptoken ? parseLiterals(query.skiptoken) : undefined
  if (token && token.length !== order.length) throw querySyntax()
  const after = token ? sortable.filter(({ by }) => compare(by, token) > 0) : sortable
  after.sort((a, b) => compare(a.by, b.by))

  const skip = token ? 0 : (count(query.skip) ?? 0)
  const top = count(query.top)
  const left = after.slice(skip, top === undefined ? undefined : skip + top)
  const page = left.slice(0, size)
  const last = page.at(-1)
  const more = left.length > size && last
  return {
    rows: page.map(({ row }) => row),
    total: found.length,
    bare: top !== undefined && top <= size && !token && !query.inlinecount,
    ...(more && { next: nextUrl(url, query, tokenOf(order, last.by), top === undefined ? undefined : top - size) }),
  }
}

/** Commas, quotes and dollar signs stay as they are, colons do not: as in recorded links. */
const escaped = (value: string) => encodeURIComponent(value).replace(/%(2C|24)/g, (code) => decodeURIComponent(code))

/** The values of a row by which a list is ordered; an Int64 with its `L`, as in a filter. */
const tokenOf = (order: readonly Order[], values: readonly Literal[]): string =>
  order
    .map(({ field }, index) => writeLiteral(values[index] as Literal) + (field.type === 'int64' ? 'L' : ''))
    .join(',')

function nextUrl(url: string, query: Options, skiptoken: string, top: number | undefined): string {
  const kept = (['filter', 'expand', 'orderby', 'inlinecount', 'select'] as const).flatMap((name) => {
    const value = query[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  const rest = top === undefined ? [] : [['top', String(top)] as const]
  const written = [...kept, ...rest, ['skiptoken', skiptoken] as const].map(
    ([name, value]) => `$${name}=${escaped(value)}`,
  )
  return `${url}?${written.join('&')}`
}
