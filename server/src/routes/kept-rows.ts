import type { Route } from '@uurwerk/api/route.ts'
import type { FirmCall } from '../http/call.ts'
import { remember } from '../http/history.ts'

type Changing = Pick<FirmCall<Route>, 'trx' | 'firmId' | 'actor' | 'requestId' | 'now' | 'services'>

/** Where it stands, by what history calls it. */
const tables = {
  absence: 'absence',
  activity: 'activity',
  contact: 'contact',
  customer: 'customer',
  distance: 'distance',
  'expense-category': 'expenseCategory',
  instalment: 'instalment',
  invoice: 'invoice',
  project: 'project',
  rate: 'rate',
  subscription: 'subscription',
  view: 'savedView',
} as const
type KeptKind = keyof typeof tables

interface Kept {
  readonly id: string
  readonly version: number
}

/** It is gone from every list; the row stays, so that what names it can be read and it can be taken back. */
export async function deleteRow(call: Changing, kind: KeptKind, row: Kept, before?: unknown): Promise<void> {
  await writeDeletedAt(call, kind, row, call.now)
  await remember(call, { kind, id: row.id }, 'deleted', { before })
}

export async function restoreRow(call: Changing, kind: KeptKind, row: Kept): Promise<void> {
  await writeDeletedAt(call, kind, row, null)
  await remember(call, { kind, id: row.id }, 'restored')
}

async function writeDeletedAt({ trx, firmId, now }: Changing, kind: KeptKind, row: Kept, deletedAt: Date | null) {
  await trx
    // All of them have these columns.
    .updateTable(tables[kind] as 'activity')
    .set({ deletedAt, version: row.version + 1, updatedAt: now })
    .where('firmId', '=', firmId)
    .where('id', '=', row.id)
    .execute()
}

/** What a change writes of being put away: nothing when it does not speak of it. */
export const putAway = (archived: boolean | undefined, now: Date): { archivedAt?: Date | null } =>
  archived === undefined ? {} : { archivedAt: archived ? now : null }

/** A change of what people put away and bring back. */
export const rememberChange = (
  call: Changing,
  subject: { readonly kind: string; readonly id: string },
  before: object,
  body: { readonly archived?: boolean | undefined },
  after: unknown = body,
): Promise<void> => {
  const { archived } = body
  const act = archived === undefined ? 'changed' : archived ? 'archived' : 'brought-back'
  return remember(call, subject, act, { before: asItStood(before, body), after })
}

/** Of the fields that change, how they stood. */
export const asItStood = <Row extends object>(row: Row, changes: object): Record<string, unknown> =>
  Object.fromEntries(Object.keys(changes).map((field) => [field, row[field as keyof Row]]))
