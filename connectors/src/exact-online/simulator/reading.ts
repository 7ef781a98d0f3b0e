import type { SimulatorAnswer, SimulatorRow } from '../../contract/simulator.ts'
import { json, nothing } from './answers.ts'
import { type Call, notFound } from './call.ts'
import { parseLiterals } from './odata-filter.ts'
import {
  checkFamily,
  type Options,
  readExpand,
  readOptions,
  readPage,
  readSelect,
  selectInside,
} from './odata-query.ts'
import { resourceAt } from './resources/index.ts'
import { entityUrl, everything, type Place, toAtom, toEntity } from './wire.ts'
import { rowsIn } from './world-state.ts'

const allRows = ({ resource, view }: Place) => resource.rows?.(view) ?? rowsIn(view, resource.table)

export function rowWithKey(place: Place, key: string): SimulatorRow | undefined {
  const literals = parseLiterals(key.replace(/(^|,)\s*\w+=/g, '$1'))
  if (literals.length !== place.resource.key.length) return undefined
  const wanted = literals.map((literal) => String(literal.value))
  return allRows(place).find((row) =>
    place.resource.key.every((name, index) => String(row[name] ?? '') === wanted[index]),
  )
}

/** One row, a list, or a collection of a row; `empty` when the user lacks the right. */
export function read(call: Call, place: Place, empty: boolean): SimulatorAnswer {
  const query = readOptions(call.request.url)
  const all = () => place.resource.answers?.(place.view, call.request.url.searchParams) ?? allRows(place)
  if (call.key === undefined) return list(call, place, query, empty ? [] : all())
  const row = empty ? undefined : rowWithKey(place, call.key)
  if (!row) return notFound(call.resource.path.split('/').at(-1) as string, call.wantsJson)
  if (!call.tail) return single(call, place, row, query)

  const found = collectionOf(place, call.tail, row)
  if (!found) return notFound(call.tail, call.wantsJson)
  // Pages of the collection go on at the address they were asked at.
  const url = `${entityUrl(place, row)}/${call.tail}`
  return list({ ...call, resource: found.place.resource, tail: undefined }, found.place, query, found.rows, url)
}

function shapeOf(place: Place, query: Options) {
  const expanded = readExpand(place.resource, query.expand).map(
    (name) => [name, (row: SimulatorRow) => expandedRows(place, name, row, selectInside(query.select, name))] as const,
  )
  return { select: readSelect(place.resource, query.select), expand: new Map(expanded) }
}

/** The place of a collection, and its rows that belong to this one. */
function collectionOf(place: Place, name: string, row: SimulatorRow) {
  const collection = place.resource.collections?.[name]
  if (!collection) return undefined
  const resource = resourceAt(collection.path)
  const key = row[place.resource.key[0] as string]
  return {
    place: { ...place, resource, url: `${place.root}/${collection.path}` },
    rows: (resource.rows?.(place.view) ?? rowsIn(place.view, resource.table)).filter(
      (child) => child[collection.by] === key,
    ),
  }
}

function expandedRows(place: Place, name: string, row: SimulatorRow, select: string | undefined) {
  const found = collectionOf(place, name, row)
  if (!found) return undefined
  const shape = { ...everything, select: readSelect(found.place.resource, select) }
  return { results: found.rows.map((child) => toEntity(found.place, child, shape)) }
}

function single(call: Call, place: Place, row: SimulatorRow, query: Options): SimulatorAnswer {
  const entity = toEntity(place, row, shapeOf(place, query))
  return call.wantsJson
    ? json(200, { d: entity }, { dataserviceversion: '1.0;' })
    : atom(toAtom(place, [entity], 'entry'))
}

function list(
  call: Call,
  place: Place,
  query: Options,
  rows: readonly SimulatorRow[],
  url = place.url,
): SimulatorAnswer {
  if (call.tail !== '$count') checkFamily(place, call.family, query)
  const shape = shapeOf(place, query)
  const page = readPage(place, call.family, query, rows, url)
  if (call.tail === '$count')
    return { ...nothing(200, { 'content-type': 'text/plain;charset=utf-8' }), body: String(page.total) }
  const results = page.rows.map((row) => toEntity(place, row, shape))
  const counts = query.inlinecount === 'allpages'
  if (!call.wantsJson)
    return atom(
      toAtom({ ...place, url }, results, {
        ...(page.next && { next: page.next }),
        ...(counts && { count: page.total }),
      }),
    )
  const count = counts ? { __count: String(page.total) } : {}
  const envelope = page.bare ? results : { results, ...count, ...(page.next && { __next: page.next }) }
  return json(200, { d: envelope }, { dataserviceversion: page.bare ? '1.0;' : '2.0;' })
}

export const atom = (body: string): SimulatorAnswer => ({
  status: 200,
  headers: { 'content-type': 'application/atom+xml;charset=utf-8', 'cache-control': 'no-cache, no-store' },
  body,
})
