import { z } from 'zod'
import { task } from './connections.ts'
import { entryKind, leftOut } from './entries.ts'
import { expenseSelectionFilter } from './expenses.ts'
import { hourSelectionFilter } from './hours.ts'
import { routes } from './route.ts'
import { byId, id, instant, longText, page, paging, selectionOf } from './shapes.ts'
import { tripSelectionFilter } from './trips.ts'

export const entryAct = z.enum(['submit', 'withdraw', 'approve', 'reject', 'reopen', 'write-off', 'undo-write-off'])

const asked = {
  act: entryAct,
  reason: longText(500).optional().meta({ description: 'Needed to reject and to write off' }),
}

/** One act on many entries of one kind. A filter that is not understood must not find more than was meant. */
export const entryActRequest = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('hours'), selection: selectionOf(hourSelectionFilter.strict()), ...asked }),
  z.strictObject({ kind: z.literal('expense'), selection: selectionOf(expenseSelectionFilter.strict()), ...asked }),
  z.strictObject({ kind: z.literal('trip'), selection: selectionOf(tripSelectionFilter.strict()), ...asked }),
])

/** How far it is. In the report: `updated` is done, `skipped` left out, `conflict` changed since the selection was seen. */
export const entryActs = task
  .extend({
    entryKind,
    act: entryAct,
    /** The first hundred that were left out, each with its reason. */
    leftOut: z.array(leftOut),
  })
  .meta({ id: 'EntryActs' })

const weekOfYear = z.object({
  year: z.coerce.number().int().min(1900).max(2200),
  week: z.coerce.number().int().min(1).max(53),
})

export const weekSubmission = z
  .object({
    /** Null when the week is not submitted (any more). */
    submittedAt: instant.nullable(),
    /** Entries of all kinds that changed. */
    changed: z.int(),
    leftOut: z.array(leftOut.extend({ kind: entryKind })),
  })
  .meta({ id: 'WeekSubmission' })

export const approvalRoutes = routes({
  actOnEntries: {
    id: 'act-on-entries',
    method: 'POST',
    path: '/entries/acts',
    summary: 'Submit, withdraw, approve, reject, reopen or write off hours, expenses or trips',
    tag: 'Approvals',
    access: 'hours:own',
    status: 202,
    body: entryActRequest,
    answer: entryActs,
  },
  readEntryActs: {
    id: 'read-entry-acts',
    method: 'GET',
    path: '/entries/acts/{id}',
    summary: 'How far an act on many entries is',
    tag: 'Approvals',
    access: 'hours:own',
    params: byId,
    answer: entryActs,
  },
  listEntryActRows: {
    id: 'list-entry-act-rows',
    method: 'GET',
    path: '/entries/acts/{id}/rows',
    summary: 'What came of each entry',
    tag: 'Approvals',
    access: 'hours:own',
    params: byId,
    query: z.object({ ...paging, outcome: z.enum(['waiting', 'updated', 'skipped', 'conflict']).optional() }),
    answer: page(
      z.object({
        id,
        label: z.string(),
        /** `updated`: done; `conflict`: changed since the selection was seen; `skipped`: left out. */
        outcome: z.enum(['waiting', 'updated', 'skipped', 'conflict']),
        problem: leftOut.shape.problem.nullable(),
      }),
    ),
  },
  submitWeek: {
    id: 'submit-week',
    method: 'POST',
    path: '/weeks/{year}/{week}/submission',
    summary: 'Say that a week is complete; with approval, its hours, expenses and trips are submitted',
    tag: 'Approvals',
    access: 'hours:own',
    params: weekOfYear,
    body: z.object({ memberId: id.optional().meta({ description: 'Yourself when left out' }) }),
    answer: weekSubmission,
  },
  withdrawWeek: {
    id: 'withdraw-week',
    method: 'DELETE',
    path: '/weeks/{year}/{week}/submission',
    summary: 'Take a submitted week back, as long as nothing of it is approved',
    tag: 'Approvals',
    access: 'hours:own',
    params: weekOfYear,
    query: z.object({ memberId: id.optional() }),
    answer: weekSubmission,
  },
})
