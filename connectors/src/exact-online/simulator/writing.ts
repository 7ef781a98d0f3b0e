import type { SimulatorAnswer, SimulatorRow } from '../../contract/simulator.ts'
import { BadRequest, error, json, nothing } from './answers.ts'
import { type Call, notFound } from './call.ts'
import { strikes } from './faults.ts'
import { atom, rowWithKey } from './reading.ts'
import { notAnObject, readObject, readSent } from './request-body.ts'
import { resourceAt } from './resources/index.ts'
import { entityUrl, everything, type Place, toAtom, toEarlyEcho, toEmptyEcho, toEntity } from './wire.ts'
import { rowsIn } from './world-state.ts'
import { createRow, hideUntil, type Outcome, removeRowOf, updateRow } from './writes.ts'

/** POST, PUT and DELETE. */
export function write(call: Call, place: Place, now: Date): SimulatorAnswer {
  const { resource, view } = place
  const { method, headers, body } = call.request
  const row = call.key === undefined ? undefined : rowWithKey(place, call.key)
  if (method === 'POST' ? call.key !== undefined : !row)
    return notFound(resource.path.split('/').at(-1) as string, call.wantsJson)
  const key = row ? String(row[resource.key[0] as string]) : ''
  if (method === 'DELETE') return refusal(call, removeRowOf(resource, view, key, row as SimulatorRow)) ?? nothing(204)

  if (!/^application\/json\b/i.test(headers['content-type'] ?? ''))
    throw new BadRequest('Unsupported media type requested.', 415)
  if (body.length === 0) throw notAnObject()
  const act = method === 'PUT' ? 'update' : 'create'
  const { values, nested } = readSent(resource, readObject(body), act, resourceAt)
  if (act === 'update')
    return refusal(call, updateRow(resource, view, key, values, row as SimulatorRow)) ?? nothing(204)
  return created(call, place, createRow(resource, view, values, nested), now)
}

/** Business rules speak with a 500, all complaints in one text: R-types. */
const refusal = (call: Call, outcome: Outcome): SimulatorAnswer | null =>
  'refusals' in outcome ? error(500, outcome.refusals.join('\r\n'), call.wantsJson) : null

function created(call: Call, place: Place, outcome: Outcome, now: Date): SimulatorAnswer {
  if ('refusals' in outcome) return refusal(call, outcome) as SimulatorAnswer
  const { row } = outcome
  const { resource, view } = place
  const location = entityUrl(place, row)
  const full = /\breturn=representation\b/i.test(call.request.headers.prefer ?? '')
  const echo = resource.emptyEcho ? toEmptyEcho(place, row) : toEarlyEcho(place, row, resource.nullInEcho ?? [])
  const entity = full ? toEntity(place, row, everything) : echo
  const answer = call.wantsJson
    ? json(201, { d: entity }, { location, dataserviceversion: '1.0;' })
    : { ...atom(toAtom(place, [entity], 'entry')), status: 201 }
  const late = strikes(view.world, 'lateCommit', call.name)
  if (!late) return answer
  const until = new Date(now.getTime() + Number(late.value ?? 2_000))
  const key = String(row[resource.key[0] as string])
  for (const { path, by } of Object.values(resource.collections ?? {})) {
    const { table } = resourceAt(path)
    for (const child of rowsIn(view, table).filter((line) => line[by] === key))
      hideUntil(view, table, String(child.ID), until)
  }
  hideUntil(view, resource.table, key, until)
  return { ...answer, fate: 'lost' }
}
