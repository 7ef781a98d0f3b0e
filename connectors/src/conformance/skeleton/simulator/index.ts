import type { Clock, Random } from '@uurwerk/core/shared/ports.ts'
import {
  countBreach,
  countCall,
  rowOf,
  rowsOf,
  type Simulator,
  type SimulatorAnswer,
  type SimulatorRequest,
  type SimulatorRow,
  takeFault,
  type World,
} from '../../../contract/simulator.ts'
import { decide, expireAccess, isGranted, signInPage, token, withdrawAccess } from './grants.ts'
import { book, type Complaint, type SkeletonCode, says } from './rules.ts'
import { createSkeleton, stateOf } from './small-firm.ts'

const callsPerMinute = 60
const pageSize = 20
const lists = new Set(['customers', 'items', 'ledger-accounts', 'vat-codes', 'journals', 'payment-terms'])

/** The package itself, small and strict. */
export const simulateSkeleton: Simulator = { id: 'skeleton', create: createSkeleton, handle }

interface Asked {
  readonly request: SimulatorRequest
  readonly world: World
  readonly now: number
  readonly random: Random
  readonly path: readonly string[]
  /** `POST sales-entries`: under which name faults and calls are counted. */
  readonly on: string
}

function handle(request: SimulatorRequest, world: World, clock: Clock, random: Random): SimulatorAnswer {
  const path = request.url.pathname.split('/').filter(Boolean).map(decodeURIComponent)
  const on = `${request.method} ${path[0] === 'companies' ? (path[2] ?? 'companies') : path[0]}`
  if (takeFault(world, 'loseRequestBefore', on)) return { status: 0, headers: {}, body: '', fate: 'unreached' }
  countCall(world, on)
  const slow = takeFault(world, 'slow', on)
  const answer = answerTo({ request, world, now: clock.now().getTime(), random, path, on })
  const isLost = takeFault(world, 'loseAnswerAfter', on) ?? takeFault(world, 'dropTokenAnswer', on)
  return {
    ...(takeFault(world, 'serverErrorAfter', on) ? outage : answer),
    delayMs: slow ? Number(slow.value) : 20,
    ...(isLost && { fate: 'lost' }),
  }
}

const outage: SimulatorAnswer = {
  status: 503,
  headers: { 'content-type': 'text/html' },
  body: '<html><h1>Service Unavailable</h1></html>',
}

function answerTo(asked: Asked): SimulatorAnswer {
  const { request, world, now, random, on } = asked
  if (takeFault(world, 'serverError', on)) return outage
  if (on === 'GET sign-in') return signInPage(request)
  if (on === 'POST sign-in') return decide(request, world, now, random)
  if (on === 'POST token') return token(request, world, now, random)
  if (takeFault(world, 'withdrawAccess', on)) withdrawAccess(world)
  if (takeFault(world, 'expireAccess', on)) expireAccess(world, now)
  if (!isGranted(world, request.headers.authorization, now)) return refused(world, 401, 'ACCESS_UNKNOWN')
  return limited(asked) ?? inside(asked)
}

/** Sixty calls in a minute; who was told to wait and does not is counted. */
function limited({ world, now, on }: Asked): SimulatorAnswer | undefined {
  const state = stateOf(world)
  if (now < state.quietUntil) {
    countBreach(world, 'sooner-than-told')
    return tooMany(world, state.quietUntil - now)
  }
  const at = Math.floor(now / 60_000)
  state.minute = { at, calls: (state.minute.at === at ? state.minute.calls : 0) + 1 }
  if (state.minute.calls > callsPerMinute) {
    countBreach(world, 'limit-exceeded')
    return tooMany(world, (at + 1) * 60_000 - now)
  }
  if (!takeFault(world, 'tooManyRequests', on)) return undefined
  state.quietUntil = now + 30_000
  return tooMany(world, 30_000)
}

const tooMany = (world: World, waitMs: number): SimulatorAnswer => {
  const { headers, ...answer } = refused(world, 429, 'LIMIT')
  return { ...answer, headers: { ...headers, 'retry-after': String(Math.ceil(waitMs / 1000)) } }
}

function inside({ request, world, path, on }: Asked): SimulatorAnswer {
  const [root, company, resource] = path
  if (root !== 'companies') return refused(world, 404, 'NOT_FOUND')
  if (company === undefined) return json(200, { rows: rowsOf(world, 'companies') })
  const books = rowOf(world, 'companies', company)
  if (!books) return refused(world, 404, 'NOT_FOUND')
  if (resource === undefined) return json(200, books)
  const { withheld } = stateOf(world)
  if (on === 'GET rights') return json(200, { withheld: Object.keys(withheld) })
  if (withheld[resource] === 'refused') return refused(world, 403, 'RIGHTS_MISSING', resource)
  if (on === 'GET sales-entries') return entries(world, request.url.searchParams)
  if (on === 'POST sales-entries') return post(world, request.body, on)
  if (request.method === 'GET' && lists.has(resource)) return list(world, resource, request.url.searchParams)
  return refused(world, 404, 'NOT_FOUND')
}

const seen = (world: World, table: string, rows: readonly SimulatorRow[]) =>
  stateOf(world).withheld[table] === 'empty' ? [] : rows

/** Rows in the order of their last change, so that a row changed during the reading comes again at its end. */
function list(world: World, table: string, query: URLSearchParams): SimulatorAnswer {
  const since = Number(query.get('since') ?? '0')
  const removed = rowsOf(world, 'removed').filter((row) => row.table === table)
  const changed = seen(world, table, [...rowsOf(world, table), ...removed])
    .filter(({ version }) => Number(version) > since)
    .toSorted((a, b) => Number(a.version) - Number(b.version))
  const page = changed.slice(0, pageSize)
  return json(200, {
    rows: page.filter((row) => row.removed === undefined),
    gone: page.flatMap((row) => row.removed ?? []),
    more: changed.length > pageSize,
    last: String(page.at(-1)?.version ?? since),
  })
}

function entries(world: World, query: URLSearchParams): SimulatorAnswer {
  const ids = query.get('ids')?.split(',') ?? []
  const removed = rowsOf(world, 'removed').filter(({ table }) => table === 'sales-entries')
  return json(200, {
    rows: seen(world, 'sales-entries', rowsOf(world, 'sales-entries')).filter(
      ({ id, reference }) => reference === query.get('reference') || ids.includes(String(id)),
    ),
    gone: seen(world, 'sales-entries', removed).flatMap((row) =>
      ids.includes(String(row.removed)) ? [row.removed] : [],
    ),
  })
}

function post(world: World, body: Uint8Array, on: string): SimulatorAnswer {
  const strange = takeFault(world, 'unknownMessage', on)
  if (strange) return complained(422, { code: 'E-7781', message: String(strange.value) })
  const outcome = book(world, parsed(body))
  return 'row' in outcome ? json(201, outcome.row) : complained(outcome.status, outcome.complaint)
}

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body))
  } catch {
    return undefined
  }
}

const json = (status: number, body: unknown): SimulatorAnswer => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: JSON.stringify(body),
})
const complained = (status: number, error: Complaint) => json(status, { error })
const refused = (world: World, status: number, code: SkeletonCode, about?: string) =>
  complained(status, says(world, code, about))
