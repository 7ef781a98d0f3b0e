import type { Clock, Random } from '@uurwerk/core/shared/ports.ts'
import {
  countBreach,
  countCall,
  putRow,
  rowOf,
  rowsOf,
  type Simulator,
  type SimulatorAnswer,
  type SimulatorRequest,
  type SimulatorRow,
  takeFault,
  type World,
} from '../../contract/simulator.ts'
import { type FakeForm, nameOf } from './form.ts'
import { decide, expireAccess, type Grant, grantFor, signInPage, token, withdrawAccess } from './grants.ts'
import { subscribe, unsubscribe } from './hints.ts'
import { letTimePass, shown, take, ticketOf } from './processing.ts'
import { type Body, highestNumber, says, wrongAmount } from './rules.ts'
import { bodies, type Resource } from './wire.ts'
import type { LedgerlyCode } from './words.ts'
import { count, createLedgerly, stateOf } from './world.ts'

export const callsPerMinute = 60
const pageSize = 20
const usualDelayMs = 20

/** Ledgerly itself, small and strict. */
export function fakeSimulator(form: FakeForm): Simulator {
  return {
    id: nameOf(form),
    create: (at) => createLedgerly(form, at),
    handle,
  }
}

function handle(request: SimulatorRequest, world: World, clock: Clock, random: Random): SimulatorAnswer {
  const now = clock.now().getTime()
  letTimePass(world, clock.now())
  closePeriods(world)
  const path = request.url.pathname.split('/').filter(Boolean).map(decodeURIComponent)
  const on = `${request.method} ${path[0] === 'companies' ? (path[2] ?? 'companies') : path[0]}`
  if (takeFault(world, 'loseRequestBefore', on)) return { status: 0, headers: {}, body: '', fate: 'unreached' }
  countCall(world, on)

  const slow = takeFault(world, 'slow', on)
  const lateBefore = rowsOf(world, 'late').length
  const answer = answerTo({ request, world, now, random, path, on })
  const lost =
    rowsOf(world, 'late').length > lateBefore ||
    takeFault(world, 'loseAnswerAfter', on) ||
    (on === 'POST token' && takeFault(world, 'dropTokenAnswer', on))
  const failed = takeFault(world, 'serverErrorAfter', on)
  return {
    ...(failed ? outage(failed.value) : answer),
    headers: { ...answer.headers, 'x-request-id': `ledgerly-${count(world, 'request')}` },
    delayMs: slow ? Number(slow.value ?? 60_000) : usualDelayMs,
    ...(lost ? { fate: 'lost' } : {}),
  }
}

interface Asked {
  readonly request: SimulatorRequest
  readonly world: World
  readonly now: number
  readonly random: Random
  readonly path: readonly string[]
  /** `POST sales-entries`: under which name faults and calls are counted. */
  readonly on: string
}

const outage = (status: string | number | undefined): SimulatorAnswer => ({
  status: Number(status ?? 503),
  headers: { 'content-type': 'text/html' },
  body: '<html><h1>Service Unavailable</h1></html>',
})

function closePeriods(world: World): void {
  for (let fault = takeFault(world, 'closePeriod', ''); fault; fault = takeFault(world, 'closePeriod', '')) {
    for (const row of rowsOf(world, 'periods').filter(({ id }) => id === fault?.value))
      putRow(world, 'periods', `${row.company}/${row.id}`, { ...row, closed: true })
    if (fault.times === undefined) world.state.faults.splice(world.state.faults.indexOf(fault), 1)
  }
}

function answerTo(asked: Asked): SimulatorAnswer {
  const { request, world, now, random, on } = asked
  const broken = takeFault(world, 'serverError', on)
  if (broken) return outage(broken.value)
  if (on === 'GET sign-in') return signInPage(request, world)
  if (on === 'POST sign-in') return decide(request, world, now, random)
  if (on === 'POST token') return token(request, world, now, random)

  if (takeFault(world, 'withdrawAccess', on)) withdrawAccess(world)
  if (takeFault(world, 'expireAccess', on)) expireAccess(world, now)
  const grant = grantFor(world, request.headers.authorization, now)
  if (typeof grant === 'string') return refuse(world, 401, grant)
  if (on === 'POST revoke') {
    withdrawAccess(world)
    return json(200, {})
  }
  return limited(asked, grant) ?? inside(asked, grant)
}

/** Sixty calls in a minute for a company; who was told to wait and does not is counted. */
function limited({ world, now, path, on }: Asked, grant: Grant): SimulatorAnswer | undefined {
  const state = stateOf(world)
  const scope = path[1] ?? grant.company ?? 'all'
  const quietUntil = state.quietUntil[scope] ?? 0
  if (now < quietUntil) {
    countBreach(world, 'sooner-than-told')
    return tooMany(world, quietUntil - now)
  }
  const minute = Math.floor(now / 60_000)
  const window = state.minutes[scope]
  const calls = (window?.minute === minute ? window.calls : 0) + 1
  state.minutes[scope] = { minute, calls }
  if (calls > callsPerMinute) {
    countBreach(world, 'limit-exceeded')
    return tooMany(world, (minute + 1) * 60_000 - now)
  }
  const told = takeFault(world, 'tooManyRequests', on)
  if (!told) return undefined
  const waitMs = Number(told.value ?? 30) * 1000
  state.quietUntil[scope] = now + waitMs
  return tooMany(world, waitMs)
}

const tooMany = (world: World, waitMs: number): SimulatorAnswer => ({
  ...refuse(world, 429, 'LIMIT'),
  headers: { 'content-type': 'application/json', 'retry-after': String(Math.ceil(waitMs / 1000)) },
})

function inside(asked: Asked, grant: Grant): SimulatorAnswer {
  const { request, world, now, path } = asked
  const [, company, resource, id] = path
  if (path[0] !== 'companies') return refuse(world, 404, 'NOT_FOUND')
  if (!company) {
    const open = rowsOf(world, 'companies').filter((row) => !grant.company || row.id === grant.company)
    return json(200, { rows: open })
  }
  const row = rowOf(world, 'companies', company)
  if (!row || (grant.company && grant.company !== company))
    return refuse(world, 403, 'COMPANY_NOT_GRANTED', { company })
  if (!resource) return json(200, row)
  const query = request.url.searchParams
  const isGet = request.method === 'GET'
  const withheld = stateOf(world).withheld[resource]
  if (isGet && resource === 'rights') return json(200, { withheld: Object.keys(stateOf(world).withheld) })
  if (resource === 'hints') return hinted(asked, company)
  if (withheld === 'refused' || (withheld && !isGet)) return refuse(world, 403, 'RIGHTS_MISSING', { resource })
  if (isGet && resource === 'numbers')
    return json(200, { next: highestNumber(world, company, query.get('scope') ?? '') + 1 })
  if (isGet && resource === 'tickets') {
    const ticket = ticketOf(world, company, id ?? '', now)
    return ticket ? json(200, ticket) : refuse(world, 404, 'TICKET_UNKNOWN', { ticket: id ?? '' })
  }
  if (isGet && (query.has('references') || query.has('ids'))) return documents(asked, company, resource)
  if (isGet && lists.has(resource)) return changes(asked, company, resource)
  if (request.method === 'POST' && resource in bodies) return posted(asked, company, resource as Resource)
  return refuse(world, 404, 'NOT_FOUND')
}

const lists = new Set([
  'customers',
  'items',
  'ledger-accounts',
  'vat-codes',
  'journals',
  'payment-terms',
  'periods',
  'open-items',
])

/** Asks to be called, or to be called no more. */
function hinted({ request, world }: Asked, company: string): SimulatorAnswer {
  const callback = request.url.searchParams.get('callback') ?? ''
  if (URL.parse(callback)?.protocol !== 'https:') return refuse(world, 422, 'CALLBACK_REFUSED', { callback })
  if (request.method === 'POST') subscribe(world, company, callback)
  else if (request.method === 'DELETE') unsubscribe(world, company, callback)
  else return refuse(world, 404, 'NOT_FOUND')
  return json(200, {})
}

/** What the user of the access may see of a table. */
const seenRows = (world: World, company: string, resource: string): readonly SimulatorRow[] =>
  stateOf(world).withheld[resource] ? [] : rowsOf(world, resource).filter((row) => row.company === company)

const seenRemoved = (world: World, company: string, resource: string): readonly SimulatorRow[] =>
  stateOf(world).withheld[resource]
    ? []
    : rowsOf(world, 'removed').filter((row) => row.company === company && row.resource === resource)

/** Rows in the order of their last change, so that a row changed during the reading comes again at its end. */
function changes({ request, world }: Asked, company: string, resource: string): SimulatorAnswer {
  const since = Number(request.url.searchParams.get('since') ?? '0')
  if (since !== 0 && since < stateOf(world).marksFrom) return refuse(world, 410, 'MARK_EXPIRED')
  const all = seenRows(world, company, resource)
  const removed = seenRemoved(world, company, resource)
  const changed = [...all, ...removed]
    .filter((row) => Number(row.version) > since)
    .sort((a, b) => Number(a.version) - Number(b.version))
  const page = changed.slice(0, pageSize)
  return json(200, {
    rows: page.filter((row) => !row.removed).map(shown),
    gone: page.filter((row) => row.removed).map((row) => row.removed),
    more: changed.length > pageSize,
    last: String(page.at(-1)?.version ?? since),
    total: all.length,
  })
}

/** What the books hold under these references or ids. */
function documents({ request, world, now }: Asked, company: string, resource: string): SimulatorAnswer {
  const query = request.url.searchParams
  const references = query.get('references')?.split(',')
  const ids = query.get('ids')?.split(',')
  const after = Number(query.get('after') ?? '0')
  const found = seenRows(world, company, resource)
    .filter((row) => Number(row.visibleAt ?? 0) <= now && Number(row.version) > after)
    .filter((row) => references?.includes(String(row.reference)) ?? ids?.includes(String(row.id)))
    .sort((a, b) => Number(a.version) - Number(b.version))
  const page = found.slice(0, pageSize)
  const last = String(page.at(-1)?.version ?? after)
  const gone = seenRemoved(world, company, resource)
    .map(({ removed }) => String(removed))
    .filter((id) => ids?.includes(id))
  return json(200, { rows: page.map(shown), gone, more: found.length > pageSize, last })
}

function posted({ request, world, now }: Asked, company: string, resource: Resource): SimulatorAnswer {
  const { form } = stateOf(world)
  const parsed = parse(request.body)
  if (!Array.isArray(parsed)) return refuse(world, 400, 'BODY_INVALID', { field: 'documents' })
  if (parsed.length > form.batch) return refuse(world, 413, 'TOO_MANY_DOCUMENTS', { most: String(form.batch) })
  const documents: Body[] = []
  for (const [index, given] of parsed.entries()) {
    const checked = bodies[resource].safeParse(given)
    const wrong = checked.success
      ? (wrongReference(checked.data.reference) ?? wrongAmount(checked.data))
      : checked.error.issues[0]?.path.join('.')
    if (!checked.success || wrong) return refuse(world, 400, 'BODY_INVALID', { field: `documents.${index}.${wrong}` })
    documents.push(checked.data)
  }
  const key = request.headers['idempotency-key']
  const taken = take(world, { company, resource, documents, ...(key ? { key } : {}) }, now)
  if ('error' in taken) return json(taken.status, { error: taken.error })
  return json(form.ticket ? 202 : 200, { results: taken.results })
}

const wrongReference = (reference: string): string | undefined =>
  /^[A-Z0-9]{1,12}$/.test(reference) ? undefined : 'reference'

function parse(body: Uint8Array): unknown {
  try {
    const read: unknown = JSON.parse(new TextDecoder().decode(body))
    return typeof read === 'object' && read !== null && 'documents' in read ? read.documents : undefined
  } catch {
    return undefined
  }
}

const json = (status: number, body: unknown): SimulatorAnswer => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: JSON.stringify(body),
})

const refuse = (world: World, status: number, code: LedgerlyCode, details?: Record<string, string>): SimulatorAnswer =>
  json(status, { error: says(world, code, details) })
