import { putRow, type SimulatorRow } from '../../contract/simulator.ts'
import { say } from './messages.ts'
import type { Field, Resource, View, Write } from './resource.ts'
import { discard, newGuid, rowsIn, store } from './world-state.ts'

export const isEmpty = (value: unknown): boolean => value === null || value === undefined || value === ''

/** Mandatory fields and lengths, the same for every resource: rules R-required and R-length. */
export function checkFields(
  write: Write,
  resource: Resource,
  values: SimulatorRow,
  skip: readonly string[] = [],
): void {
  const { view, refuse } = write
  const checked = resource.fields.filter(({ name }) => !skip.includes(name))
  for (const { name } of checked.filter((field) => field.verbs.startsWith('M') && isEmpty(values[field.name])))
    refuse(say(view.language, 'required', name))
  for (const { name, max } of checked.filter((field) => tooLong(field, values[field.name])))
    refuse(say(view.language, 'tooLong', name, max as number))
}

const tooLong = (field: Field, value: unknown) =>
  field.max !== undefined && typeof value === 'string' && value.length > field.max

export const created = ({ now, user }: View) => ({
  Created: now.toISOString(),
  Creator: user.UserID,
  CreatorFullName: user.FullName,
})

export const modified = ({ now, user }: View) => ({
  Modified: now.toISOString(),
  Modifier: user.UserID,
  ModifierFullName: user.FullName,
})

/** Complains when another row of the table has this code. */
export function checkCode(write: Write, table: string, id: unknown): void {
  const code = String(write.sent.Code ?? '').trim()
  const taken = rowsIn(write.view, table).some((row) => row.ID !== id && String(row.Code).trim() === code)
  if (code !== '' && taken) write.refuse(say(write.view.language, 'codeExists'))
}

/** A reference to a row that does not exist: rule R-reference. */
export function checkReference(write: Write, name: string, found: unknown): void {
  if (!isEmpty(write.sent[name]) && !found) write.refuse(say(write.view.language, 'invalidReference', name))
}

export type Outcome = { readonly row: SimulatorRow } | { readonly refusals: readonly string[] }

function startWrite(view: View, sent: SimulatorRow, nested: Write['nested']) {
  const refusals: string[] = []
  const write: Write = {
    view,
    sent,
    nested,
    refuse: (text) => {
      if (!refusals.includes(text)) refusals.push(text)
    },
    refused: () => refusals.length > 0,
  }
  return { write, refusals }
}

function carryOut(
  view: View,
  sent: SimulatorRow,
  nested: Write['nested'],
  act: (write: Write) => SimulatorRow,
): Outcome {
  const { write, refusals } = startWrite(view, sent, nested)
  const row = act(write)
  return refusals.length > 0 ? { refusals } : { row }
}

/** Carries a POST out: either everything or, when a rule complains, nothing. */
export const createRow = (resource: Resource, view: View, sent: SimulatorRow, nested: Write['nested'] = {}): Outcome =>
  carryOut(view, sent, nested, (write) => {
    checkFields(write, resource, sent)
    if (resource.create) return resource.create(write)
    const row = { ID: newGuid(view.random), ...sent, ...created(view), ...modified(view) }
    if (resource.fields.some(({ name }) => name === 'Code')) checkCode(write, resource.table, row.ID)
    return write.refused() ? row : store(view, resource.table, row.ID, row)
  })

export const updateRow = (
  resource: Resource,
  view: View,
  key: string,
  sent: SimulatorRow,
  row: SimulatorRow,
): Outcome =>
  carryOut(view, sent, {}, (write) => {
    const merged = { ...row, ...sent, ...modified(view) }
    checkFields(write, resource, merged)
    if (resource.update) return resource.update(write, merged)
    return write.refused() ? merged : store(view, resource.table, key, merged)
  })

export const removeRowOf = (resource: Resource, view: View, key: string, row: SimulatorRow): Outcome =>
  carryOut(view, {}, {}, (write) => {
    resource.remove?.(write, row)
    if (!write.refused()) discard(view, resource.table, key, resource.deletedAs)
    return row
  })

/** Hides a row until an instant: committed, but late. */
export function hideUntil(view: View, table: string, key: string, until: Date): void {
  const row = view.world.tables[table]?.[key]
  if (row) putRow(view.world, table, key, { ...row, visibleFrom: until.toISOString() })
}
