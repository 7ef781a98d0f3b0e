import type { Role } from '@uurwerk/api/rights.ts'
import { roles } from '@uurwerk/api/rights.ts'
import { api, type RouteName } from '@uurwerk/api/routes.ts'
import type { FurnishedFirm } from '../../src/testing/furnished.ts'
import { type Sample, samples } from '../../src/testing/route-samples.ts'
import { type Chance, goodValue, hostileText, type Known, type Schema, spoiled } from './schema-values.ts'

interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required?: boolean
  readonly schema: Schema
}
interface Operation {
  readonly operationId: string
  readonly parameters?: readonly (Parameter | { readonly $ref: string })[]
  readonly requestBody?: { readonly content: { readonly 'application/json'?: { readonly schema: Schema } } }
}
/** Our own OpenAPI document. */
export interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

export interface FuzzRequest {
  readonly route: RouteName
  readonly how: 'good' | 'nearly good' | 'hostile'
  readonly as: Role | 'nobody' | 'visitor'
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly payload: string | undefined
  /** A file in place of a payload. */
  readonly bytes: Uint8Array | undefined
  readonly row: Sample['row']
}

const routeOfOperation = new Map((Object.keys(api) as RouteName[]).map((name) => [api[name].id as string, name]))
/** What ends the road for all that come after it is asked seldom; a stream of events never ends. */
const seldom: readonly string[] = ['disconnect', 'reconnect', 'sign-out', 'change-password', 'set-up', 'create-firm']
const never: readonly string[] = ['listen']

export interface Firms {
  readonly ours: FurnishedFirm
  readonly theirs: FurnishedFirm
}

export function fuzzRequest(description: Description, chance: Chance, firms: Firms): FuzzRequest {
  const { path, method, operation } = pickOperation(description, chance)
  const route = routeOfOperation.get(operation.operationId)
  if (!route) throw new Error(`${operation.operationId} is described but is no route`)
  const how = chance.pick(['good', 'good', 'nearly good', 'nearly good', 'hostile'] as const)
  const known: Known = { components: description.components.schemas, id: (field) => idFor(field, path, chance, firms) }
  const own = samples[route](firms.ours)
  const sample: Sample = chance.happens(0.5) ? chance.pick(own) : fromSchema(operation, chance, known)
  const times = { good: 0, 'nearly good': 1, hostile: chance.whole(2, 5) }[how]
  let asked = { params: sample.params ?? {}, query: sample.query ?? {}, body: sample.body }
  const queryNames = namesOf(operation, 'query')
  for (let time = 0; time < times; time++) asked = spoil(asked, queryNames, chance)
  const as = chance.happens(0.75) ? 'administrator' : chance.pick(['nobody', 'visitor', ...roles] as const)
  return {
    route,
    how,
    as,
    method: method.toUpperCase() as FuzzRequest['method'],
    url: urlOf(path, asked, how === 'hostile' && chance.happens(0.1), chance),
    headers: headersFor(how, method, chance, firms),
    payload: payloadOf(asked.body, how === 'hostile' && chance.happens(0.05), chance),
    bytes: how === 'hostile' ? undefined : own[0].bytes,
    row: sample.row ?? own[0].row,
  }
}

function pickOperation(description: Description, chance: Chance) {
  const operations = Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )
  for (;;) {
    const picked = chance.pick(operations)
    const { operationId } = picked.operation
    if (never.includes(operationId) || (seldom.includes(operationId) && chance.happens(0.9))) continue
    return picked
  }
}

const parametersIn = ({ parameters = [] }: Operation, place: Parameter['in']): readonly Parameter[] =>
  parameters.filter((one): one is Parameter => 'name' in one && one.in === place)
const namesOf = (operation: Operation, place: Parameter['in']) => parametersIn(operation, place).map(({ name }) => name)

function fromSchema(operation: Operation, chance: Chance, known: Known): Sample {
  const values = (place: Parameter['in']) =>
    Object.fromEntries(
      parametersIn(operation, place)
        .filter(({ required }) => required || chance.happens(0.4))
        .map(({ name, schema }) => [name, String(goodValue(schema, chance, known, name))]),
    )
  const schema = operation.requestBody?.content['application/json']?.schema
  return {
    params: values('path'),
    query: values('query'),
    ...(schema ? { body: goodValue(schema, chance, known) } : {}),
  }
}

/** Mostly one of ours that fits, sometimes one of another firm, sometimes nobody's. */
function idFor(field: string, path: string, chance: Chance, { ours, theirs }: Firms): string {
  if (chance.happens(0.15)) return '01900000-0000-7000-8000-00000000dead'
  const own = chance.happens(0.2) ? theirs : ours
  const noun = field === 'id' ? (path.split('/')[1] ?? '') : field
  const groups: readonly (readonly [RegExp, Readonly<Record<string, string>> | readonly string[]])[] = [
    [/customer|billTo/i, own.customer],
    [/project/i, own.project],
    [/activit/i, own.activity],
    [/rate/i, own.rate],
    [/line/i, Object.values(own.line).flat()],
    [/invoice/i, own.invoice],
    [/posting/i, own.posting],
    [/member|people|person/i, [...Object.values(own.firm.members), own.invited]],
    [/connection/i, [own.connection.used]],
    [/task/i, [own.task]],
    [/key/i, [own.key]],
    [/series/i, [own.series]],
    [/categor/i, own.category],
    [/expense/i, own.expense],
    [/file/i, [own.file]],
    [/reimbursement/i, [own.reimbursement]],
    [/hour|ids|except/i, own.hours],
  ]
  const fitting = groups.find(([names]) => names.test(noun)) ?? chance.pick(groups)
  return chance.pick(Object.values(fitting[1]))
}

interface Asked {
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
  readonly body: unknown
}

function spoil({ params, query, body }: Asked, queryNames: readonly string[], chance: Chance): Asked {
  const places = [
    ...(Object.keys(params).length > 0 ? ['params' as const] : []),
    ...(body === undefined ? [] : ['body' as const, 'body' as const]),
    ...(queryNames.length > 0 || chance.happens(0.1) ? ['query' as const] : []),
  ]
  if (places.length === 0) return { params, query, body }
  switch (chance.pick(places)) {
    case 'params': {
      const name = chance.pick(Object.keys(params))
      return { params: { ...params, [name]: hostileText(chance) }, query, body }
    }
    case 'query': {
      const name = chance.pick([
        ...Object.keys(query),
        'cursor',
        'limit',
        'search',
        'sort',
        hostileText(chance).slice(0, 40),
      ])
      return { params, query: { ...query, [name]: hostileText(chance) }, body }
    }
    default:
      return { params, query, body: spoiled(body, chance) }
  }
}

function urlOf(path: string, { params, query }: Asked, rawly: boolean, chance: Chance): string {
  const encode = (text: string) =>
    rawly ? text.replace(/[\s#?]|[^\x21-\x7e]/g, '') : encodeURIComponent(text.toWellFormed())
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encode(params[name] ?? '') || '%20')
  const search = Object.entries(query)
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .join('&')
  const trick = rawly ? chance.pick(['', '/', '/..', '/%2e%2e', '%', ';x', '%00', '/.']) : ''
  return `/api/v1${filled}${trick}${search ? `?${search}` : ''}`
}

function headersFor(
  how: FuzzRequest['how'],
  method: string,
  chance: Chance,
  { theirs }: Firms,
): Record<string, string> {
  const headers: Record<string, string> = { 'accept-language': chance.pick(['nl', 'en']) }
  if (method === 'post' && chance.happens(0.3)) headers['idempotency-key'] = `fuzz-${chance.whole(1, 500)}`
  if (how === 'good') return headers
  if (chance.happens(0.1))
    headers['if-match'] = chance.pick(['*', '"0"', '"-1"', '"999999999"', '3', 'W/"1"', '"9999999999999"'])
  if (chance.happens(0.05)) headers['accept-language'] = chance.pick(['*', 'nl;q=x', 'zz-ZZ', 'x'.repeat(5000)])
  if (chance.happens(0.05)) headers['uurwerk-firm'] = chance.pick([theirs.firm.id, theirs.firm.slug, "' or 1=1", ''])
  if (chance.happens(0.03)) headers['idempotency-key'] = chance.pick(['', 'a b', 'x'.repeat(200)])
  if (chance.happens(0.03))
    headers['content-type'] = chance.pick(['text/plain', 'application/xml', 'application/json; charset=latin1', 'x'])
  return headers
}

function payloadOf(body: unknown, brokenly: boolean, chance: Chance): string | undefined {
  if (body === undefined) return undefined
  const text = JSON.stringify(body) ?? 'null'
  return brokenly ? chance.pick([text.slice(0, -1), `${text}}`, '{', '\u0000', `{"__proto__":${text}}`]) : text
}
