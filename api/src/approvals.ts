import { z } from 'zod'
import { task } from './connections.ts'
import { approvalState, entryKind, leftOut } from './entries.ts'
import { expenseSelectionFilter } from './expenses.ts'
import { hourSelectionFilter } from './hours.ts'
import { routes } from './route.ts'
import {
  byId,
  calendarDate,
  currency,
  decimal,
  email,
  explained,
  id,
  instant,
  language,
  longText,
  page,
  paging,
  selectionOf,
  shortText,
  version,
} from './shapes.ts'
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

const againstContract = z.object({
  registeredMinutes: z.int(),
  absentMinutes: z.int(),
  contractMinutes: z.int(),
  differenceMinutes: z.int(),
})
const weekFacts = {
  /** Null when you do not see all hours of that week. */
  contract: againstContract.nullable(),
  warnings: z.array(z.enum(['overlap', 'over-24-hours'])),
  /** When the person said that the week is complete. */
  submittedAt: instant.nullable(),
}

export const approvalWeek = z
  .object({
    memberId: id,
    memberName: z.string(),
    year: z.int(),
    week: z.int(),
    monday: calendarDate,
    /** Of what waits for you. */
    minutes: z.int(),
    expenses: z.array(z.object({ currency, amount: decimal })),
    distanceKm: decimal.nullable(),
    ids: z.object({ hours: z.array(id), expense: z.array(id), trip: z.array(id) }),
    ...weekFacts,
  })
  .meta({ id: 'ApprovalWeek' })

const shownEntry = {
  kind: entryKind,
  id,
  date: calendarDate,
  memberName: z.string(),
  projectName: z.string().nullable(),
  /** Activity, category, or from and to. */
  about: z.string(),
  note: z.string(),
  minutes: z.int().nullable(),
  startMinute: z.int().nullable(),
  endMinute: z.int().nullable(),
  distanceKm: decimal.nullable(),
}

export const approvalEntry = z
  .object({
    ...shownEntry,
    version,
    customerName: z.string().nullable(),
    gross: decimal.nullable(),
    currency: currency.nullable(),
    billable: z.boolean(),
    approval: approvalState,
    internalApproved: z.boolean(),
    customerApproved: z.boolean(),
    rejectedReason: z.string().nullable(),
    locked: z.boolean(),
    /** Whether you may decide on it now. */
    waits: z.boolean(),
  })
  .meta({ id: 'ApprovalEntry' })

/** What a customer sees, kept as evidence. Money is no part of it. */
export const approvalShown = z.object({
  firm: z.string(),
  customer: z.string(),
  askedBy: z.string(),
  message: z.string(),
  from: calendarDate,
  until: calendarDate,
  entries: z.array(z.object({ ...shownEntry, version: z.int() })),
})

const requestState = z.enum(['open', 'answered', 'expired', 'withdrawn'])
const counts = z.object({ entries: z.int(), approved: z.int(), rejected: z.int(), changed: z.int() })
const outcome = z.enum(['approved', 'rejected', 'changed'])

export const approvalRequest = z
  .object({
    id,
    customerId: id,
    customerName: z.string(),
    email: z.string(),
    language,
    message: z.string(),
    state: requestState,
    /** `uncertain`: it may have arrived; `by-hand`: the link is handed over by yourself. */
    mail: z.object({
      state: z.enum(['waiting', 'sent', 'failed', 'uncertain', 'by-hand']),
      at: instant.nullable(),
      problem: explained.nullable(),
    }),
    from: calendarDate,
    until: calendarDate,
    minutes: z.int(),
    counts,
    askedBy: z.string(),
    createdAt: instant,
    expiresAt: instant,
    openedAt: instant.nullable(),
    answeredAt: instant.nullable(),
    answeredName: z.string().nullable(),
    withdrawnAt: instant.nullable(),
    version,
  })
  .meta({ id: 'ApprovalRequest' })

const sentRequest = approvalRequest.extend({
  /** To be handed over when it was not mailed; told this once. */
  link: z.string().nullable(),
})

const decidedEntry = z.object({
  kind: entryKind,
  id,
  outcome: z.enum(['approved', 'rejected']),
  reason: longText(500).optional(),
})

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
  listApprovalWeeks: {
    id: 'list-approval-weeks',
    method: 'GET',
    path: '/approval-weeks',
    summary: 'What waits for your approval, by person and week',
    tag: 'Approvals',
    access: 'hours:approve',
    query: z.object(paging),
    answer: page(approvalWeek),
  },
  countApprovalWeeks: {
    id: 'count-approval-weeks',
    method: 'GET',
    path: '/approval-weeks/count',
    summary: 'How many weeks wait for your approval',
    tag: 'Approvals',
    access: 'hours:approve',
    answer: z.object({
      weeks: z.int(),
      /** Your own that wait for somebody else. */
      own: z.int(),
    }),
  },
  readApprovalWeek: {
    id: 'read-approval-week',
    method: 'GET',
    path: '/approval-weeks/{memberId}/{monday}',
    summary: 'The entries of one person’s week, as who approves looks at them',
    tag: 'Approvals',
    access: 'hours:approve',
    params: z.object({ memberId: id, monday: calendarDate }),
    answer: z.object({
      memberId: id,
      memberName: z.string(),
      year: z.int(),
      week: z.int(),
      monday: calendarDate,
      entries: z.array(approvalEntry),
      ...weekFacts,
    }),
  },
  listApprovalRequests: {
    id: 'list-approval-requests',
    method: 'GET',
    path: '/approval-requests',
    summary: 'What customers were asked to approve; without the right to read all hours, your own requests',
    tag: 'Approvals',
    access: 'hours:approve',
    query: z.object({ ...paging, state: requestState.optional(), customerId: id.optional() }),
    answer: page(approvalRequest),
  },
  previewApprovalRequests: {
    id: 'preview-approval-requests',
    method: 'GET',
    path: '/approval-requests/waiting',
    summary: 'What waits for the approval of customers and was not asked yet, per customer',
    tag: 'Approvals',
    access: 'hours:approve',
    answer: z.object({
      rows: z.array(
        z.object({
          customerId: id,
          customerName: z.string(),
          language,
          entries: z.int(),
          minutes: z.int(),
          from: calendarDate,
          until: calendarDate,
          /** Who approves there, as far as is known. */
          contacts: z.array(z.object({ name: z.string(), email: z.string() })),
        }),
      ),
      mail: z.boolean(),
    }),
  },
  createApprovalRequest: {
    id: 'create-approval-request',
    method: 'POST',
    path: '/approval-requests',
    summary: 'Ask a customer by a signed link to approve what waits for him',
    tag: 'Approvals',
    access: 'hours:approve',
    status: 201,
    body: z.object({
      customerId: id,
      email,
      language: language.optional().meta({ description: 'Of the customer when left out' }),
      message: longText(1000).default(''),
      expiresInDays: z.int().min(1).max(90).default(14),
      from: calendarDate.optional(),
      until: calendarDate.optional(),
      /** These alone; everything that waits when left out. */
      entries: z
        .array(z.object({ kind: entryKind, id }))
        .min(1)
        .max(2000)
        .optional(),
    }),
    answer: sentRequest,
  },
  readApprovalRequest: {
    id: 'read-approval-request',
    method: 'GET',
    path: '/approval-requests/{id}',
    summary: 'One request with what was shown, what came of it, and the evidence',
    tag: 'Approvals',
    access: 'hours:approve',
    params: byId,
    answer: approvalRequest.extend({
      entries: z.array(
        z.object({ ...shownEntry, version: z.int(), outcome: outcome.nullable(), reason: z.string().nullable() }),
      ),
      evidence: z.object({
        sha256: z.string(),
        /** Whether what is kept is still what was hashed then. */
        intact: z.boolean(),
        messageId: z.string().nullable(),
      }),
    }),
  },
  sendApprovalRequest: {
    id: 'send-approval-request',
    method: 'POST',
    path: '/approval-requests/{id}/sending',
    summary: 'Send it once more, with a new link; the one before stops working',
    tag: 'Approvals',
    access: 'hours:approve',
    params: byId,
    body: z.object({ email: email.optional(), expiresInDays: z.int().min(1).max(90).default(14) }),
    answer: sentRequest,
  },
  withdrawApprovalRequest: {
    id: 'withdraw-approval-request',
    method: 'POST',
    path: '/approval-requests/{id}/withdrawal',
    summary: 'Take a request back; its link stops working',
    tag: 'Approvals',
    access: 'hours:approve',
    params: byId,
    answer: approvalRequest,
  },
  readApproval: {
    id: 'read-approval',
    method: 'GET',
    path: '/approvals/{token}',
    summary: 'What a customer is asked to approve, by the link he was given',
    tag: 'Approvals',
    access: 'anyone',
    params: z.object({ token: z.string().max(200) }),
    answer: z.object({
      state: requestState,
      firm: z.string(),
      customer: z.string(),
      askedBy: z.string(),
      language,
      message: z.string(),
      expiresAt: instant,
      answeredAt: instant.nullable(),
      answeredName: z.string().nullable(),
      from: calendarDate,
      until: calendarDate,
      minutes: z.int(),
      distanceKm: decimal.nullable(),
      /** Nothing once it is expired or withdrawn. */
      entries: z.array(
        z.object({
          ...shownEntry,
          /** It was changed since it was asked, and is not approved by this answer. */
          changed: z.boolean(),
          outcome: outcome.nullable(),
          reason: z.string().nullable(),
        }),
      ),
      counts,
    }),
  },
  answerApproval: {
    id: 'answer-approval',
    method: 'POST',
    path: '/approvals/{token}/answer',
    summary: 'Approve or reject as the customer',
    tag: 'Approvals',
    access: 'anyone',
    params: z.object({ token: z.string().max(200) }),
    body: z.object({
      name: shortText(80),
      /** All of it, or each by itself. */
      decisions: z.union([z.literal('approve-all'), z.array(decidedEntry).min(1).max(2000)]),
    }),
    answer: z.object({ counts, answeredAt: instant }),
  },
})
