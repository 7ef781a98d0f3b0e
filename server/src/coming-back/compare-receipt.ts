import { createHash } from 'node:crypto'
import type { Receipt, ShownField } from '@uurwerk/connectors/contract/contract.ts'
import { z } from 'zod'

/** `posted-differently`: what came back when it was posted was another amount already. */
export type DifferenceKind = 'deleted' | 'amounts' | 'changed' | 'posted-differently' | 'not-attached'

const shownFields = [
  'customer',
  'journal',
  'date',
  'dueDate',
  'currency',
  'reference',
  'gross',
  'vat',
  'state',
] as const satisfies readonly ShownField[]

/** One field as it was posted and as it stands in the books now; null where they show nothing. */
export const changedField = z.object({
  field: z.enum(shownFields),
  posted: z.string().nullable(),
  now: z.string().nullable(),
})
export type ChangedField = z.output<typeof changedField>

export interface Difference {
  readonly kind: DifferenceKind
  /** Empty when the package only says that something is another. */
  readonly fields: readonly ChangedField[]
  /** Over what differs: the same difference seen again has the same. */
  readonly print: string
}

/** A posted document as it was stored. */
export interface Posted {
  readonly receipt: Receipt
  /** Ours, in the document's currency. */
  readonly gross: string | null
  /** Its gross was another from the beginning. */
  readonly differs: boolean
  readonly theirGross: string | null
}

const amounts: readonly ShownField[] = ['gross', 'vat', 'currency']

/** What the books show of a document beside what they showed when it was posted; null when it is as it was. */
export function compareReceipt(posted: Posted, now: Receipt | 'gone'): Difference | null {
  if (now === 'gone') return difference('deleted', [])
  const fields = changedFields(posted.receipt, now)
  if (fields.length > 0)
    return difference(fields.some(({ field }) => amounts.includes(field)) ? 'amounts' : 'changed', fields)
  // What it shows field by field is compared field by field; a hash alone says no more than that something changed.
  const isTold = posted.receipt.shows !== undefined && now.shows !== undefined
  if (!isTold && now.hash !== posted.receipt.hash) return difference('changed', [], now.hash)
  if (!posted.differs) return null
  return difference('posted-differently', [{ field: 'gross', posted: posted.gross, now: posted.theirGross }])
}

/** The state in which a document stands moves on by itself: paid, processed. */
function changedFields(then: Receipt, now: Receipt): ChangedField[] {
  const before = { gross: then.gross, vat: then.vat, ...then.shows }
  const after = { gross: now.gross, vat: now.vat, ...now.shows }
  return shownFields.flatMap((field) => {
    const was = before[field]
    const is = after[field]
    // What was not shown at posting is no change.
    if (field === 'state' || was === undefined || was === is) return []
    // Without the fields on one side, only the amounts stand on both.
    if (is === undefined && now.shows === undefined) return []
    return [{ field, posted: was, now: is ?? null }]
  })
}

export const notAttached = (): Difference => difference('not-attached', [])

const difference = (kind: DifferenceKind, fields: readonly ChangedField[], more = ''): Difference => ({
  kind,
  fields,
  print: createHash('sha256')
    .update(JSON.stringify([kind, fields.map(({ field, now }) => [field, now]), more]))
    .digest('hex')
    .slice(0, 32),
})
