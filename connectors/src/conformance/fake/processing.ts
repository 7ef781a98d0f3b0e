import {
  countBreach,
  putRow,
  removeRow,
  rowOf,
  rowsOf,
  type SimulatorRow,
  takeFault,
  type World,
} from '../../contract/simulator.ts'
import { keyHonouredMs, processingMs } from './form.ts'
import { type Body, book, Refusal, says } from './rules.ts'
import type { LedgerlyError, LedgerlyResult, Resource } from './wire.ts'
import { count, stateOf } from './world.ts'

/** How requests to book become documents: at once, after a while by ticket, or later than anybody hears of. */

export interface Batch {
  readonly company: string
  readonly resource: Resource
  readonly documents: readonly Body[]
  readonly key?: string
}

export type Taken =
  | { readonly results: readonly LedgerlyResult[] }
  | { readonly error: LedgerlyError; readonly status: number }

/** Takes a batch as the package does when it arrives. */
export function take(world: World, batch: Batch, now: number): Taken {
  const guarded = stateOf(world).form.guard === 'key' && batch.key !== undefined
  if (guarded) {
    const earlier = rowOf(world, 'keys', keyOf(batch))
    if (earlier && now - Number(earlier.at) <= keyHonouredMs) {
      if (earlier.bytes !== JSON.stringify(batch.documents)) {
        countBreach(world, 'key-reused')
        return { error: says(world, 'KEY_REUSED'), status: 422 }
      }
      if (!earlier.results) return { error: says(world, 'KEY_IN_PROGRESS'), status: 409 }
      return { results: earlier.results as LedgerlyResult[] }
    }
    putRow(world, 'keys', keyOf(batch), { at: now, bytes: JSON.stringify(batch.documents) })
  }
  const late = takeFault(world, 'lateCommit', `POST ${batch.resource}`)
  if (late) {
    const id = String(count(world, 'late'))
    putRow(world, 'late', id, { id, dueAt: now + Number(late.value ?? 20_000), batch })
    return { results: [] }
  }
  return { results: commit(world, batch, now) }
}

const keyOf = ({ company, resource, key }: Batch): string => `${company}/${resource}/${key}`

function commit(world: World, batch: Batch, now: number): LedgerlyResult[] {
  const { form } = stateOf(world)
  const results = batch.documents.map((body) =>
    form.ticket ? accept(world, batch, body, now) : resultOf(world, batch, body, now),
  )
  // The order of answers means nothing: they are told apart by reference.
  results.reverse()
  const key = rowOf(world, 'keys', keyOf(batch))
  if (key) putRow(world, 'keys', keyOf(batch), { ...key, results })
  return results
}

function accept(world: World, { company, resource }: Batch, body: Body, now: number): LedgerlyResult {
  const id = `ticket-${count(world, 'ticket')}`
  putRow(world, 'tickets', `${company}/${id}`, {
    id,
    company,
    resource,
    body,
    dueAt: now + processingMs,
    state: 'queued',
  })
  return { reference: body.reference, state: 'accepted', ticket: id, followAfterSeconds: processingMs / 1000 }
}

function resultOf(world: World, { company, resource }: Batch, body: Body, now: number): LedgerlyResult {
  const { reference } = body
  try {
    const document = book({ world, company, resource, body, now })
    return { reference, state: 'booked', document: shown(document) }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { reference, state: 'refused', error: error.refusal }
  }
}

/** Carries out what has become due: late requests, and documents that waited for processing. */
export function letTimePass(world: World, at: Date): void {
  const now = at.getTime()
  for (;;) {
    const due = [...rowsOf(world, 'late'), ...rowsOf(world, 'tickets').filter((row) => row.state === 'queued')]
      .filter((row) => Number(row.dueAt) <= now)
      .sort((a, b) => Number(a.dueAt) - Number(b.dueAt))[0]
    if (!due) return
    if (due.batch) {
      removeRow(world, 'late', String(due.id))
      commit(world, due.batch as Batch, Number(due.dueAt))
    } else {
      process(world, due)
    }
  }
}

function process(world: World, ticket: SimulatorRow): void {
  const company = String(ticket.company)
  const batch = { company, resource: ticket.resource as Resource, documents: [] }
  const result = resultOf(world, batch, ticket.body as Body, Number(ticket.dueAt))
  putRow(world, 'tickets', `${company}/${ticket.id}`, { ...ticket, ...result })
}

export function ticketOf(world: World, company: string, id: string, now: number): SimulatorRow | undefined {
  const ticket = rowOf(world, 'tickets', `${company}/${id}`)
  if (!ticket) return undefined
  const { reference } = ticket.body as Body
  if (ticket.state !== 'queued')
    return { reference, state: ticket.state, document: ticket.document, error: ticket.error }
  const followAfterSeconds = Math.max(1, Math.ceil((Number(ticket.dueAt) - now) / 1000))
  return { reference, state: 'queued', followAfterSeconds }
}

/** A row as the package shows it. */
export function shown(row: SimulatorRow): LedgerlyResult['document'] & SimulatorRow {
  const { company, version, visibleAt, content, ...rest } = row
  return rest as LedgerlyResult['document'] & SimulatorRow
}
