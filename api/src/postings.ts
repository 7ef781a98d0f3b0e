import { z } from 'zod'
import { exportQuery } from './overviews.ts'
import { routes } from './route.ts'
import { byId, calendarDate, explained, flag, id, instant, many, page, paging, version } from './shapes.ts'

export const postingState = z.enum([
  'waiting',
  'sending',
  'checking',
  'accepted',
  'posted',
  'refused',
  'blocked',
  'needs-person',
  'discarded',
])

const named = z.object({ id: z.string(), code: z.string(), name: z.string() })

export const previewDocument = z
  .object({
    invoiceId: id,
    invoiceNumber: z.string().nullable(),
    customerName: z.string(),
    customerCode: z.string().nullable(),
    /** What is to happen with the customer first. */
    customerIs: z.enum(['known', 'linked', 'asked', 'created', 'unknown']),
    reference: z.string().nullable(),
    kind: z.enum(['invoice', 'credit']),
    state: z.enum(['ready', 'needs-you', 'left-out']),
    journal: named.nullable(),
    date: calendarDate,
    dueDate: calendarDate,
    period: z.object({ label: z.string(), state: z.enum(['open', 'closed', 'missing', 'unknown']) }).nullable(),
    /** Its own period is closed: the first open one, where the package books in another. */
    canBookIn: z.object({ from: calendarDate, label: z.string() }).nullable(),
    /** The period that was chosen instead of its own. */
    bookedIn: z.object({ from: calendarDate, label: z.string() }).nullable(),
    /** Whether the PDF goes along, as postings of their own after the entry. */
    pdfGoesAlong: z.boolean(),
    paymentTerm: named.nullable(),
    currency: z.string(),
    /** In another currency than the firm's: the rate as fixed on the invoice, and what the entry is in ours. */
    foreign: z
      .object({
        currency: z.string(),
        rate: z.string(),
        source: z.string(),
        date: calendarDate,
        net: z.string(),
        vat: z.string(),
        gross: z.string(),
      })
      .nullable(),
    description: z.string(),
    lines: z.array(
      z.object({
        item: named.nullable(),
        ledgerAccount: named.nullable(),
        vatCode: named.nullable(),
        vatRate: z.string(),
        vatTreatment: z.string(),
        vatTreatmentLabel: z.string(),
        description: z.string(),
        quantity: z.string(),
        unitPrice: z.string(),
        net: z.string(),
        vat: z.string(),
      }),
    ),
    vatPerRate: z.array(z.object({ label: z.string(), rate: z.string(), base: z.string(), vat: z.string() })),
    net: z.string(),
    vat: z.string(),
    gross: z.string(),
    problems: z.array(
      explained.extend({
        /** The one field that mends it here: a posting rule, an item, the cut-off… */
        mend: z
          .object({
            what: z.enum(['posting-rule', 'item', 'setting', 'customer', 'vat-case', 'connection', 'invoice']),
            item: z.string().nullable(),
            itemName: z.string().nullable(),
            vatTreatment: z.string().nullable(),
            customerId: id.nullable(),
            proposedLedgerAccount: named.nullable(),
          })
          .nullable(),
      }),
    ),
    notes: z.array(explained),
    /** The exact payload, as text. */
    payload: z.string().nullable(),
  })
  .meta({ id: 'PreviewDocument' })

export const posting = z
  .object({
    id,
    kind: z.string(),
    state: postingState,
    differs: z.boolean(),
    /** The last comparison found it otherwise in the books, and nobody decided on that yet. */
    differsInBooks: z.boolean(),
    adopted: z.boolean(),
    reference: z.string(),
    label: z.string(),
    subjectKind: z.string(),
    subjectId: id,
    customerName: z.string().nullable(),
    customerId: id.nullable(),
    connectionId: id,
    /** Its connection was disconnected: it is never sent any more. */
    disconnected: z.boolean(),
    package: z.string(),
    currency: z.string().nullable(),
    gross: z.string().nullable(),
    theirGross: z.string().nullable(),
    theirNumber: z.string().nullable(),
    url: z.string().nullable(),
    problem: explained.nullable(),
    dueAt: instant.nullable(),
    createdAt: instant,
    updatedAt: instant,
    version,
  })
  .meta({ id: 'Posting' })

export const step = z.object({
  id,
  at: instant,
  what: z.string(),
  title: z.string(),
  detail: z.string().nullable(),
  tone: z.enum(['done', 'progress', 'needs', 'refused', 'wait']),
  theirWords: z.string().nullable(),
  theirStatus: z.int().nullable(),
})

const bookIn = z
  .array(z.object({ invoiceId: id, from: calendarDate }))
  .max(500)
  .optional()
  .meta({
    description: 'Where the period of an invoice is closed: the first day of the one it is booked in; its date stays',
  })

export const postingFilter = {
  state: many(postingState).meta({ description: 'All but those given up when left out' }),
  kind: many(z.string().max(20)),
  connectionId: many(id),
  package: many(z.string().max(40)),
  customerId: many(id),
  ids: many(id),
  from: calendarDate.optional().meta({ description: 'Made on this day or later, by the clock of the firm' }),
  until: calendarDate.optional(),
  differs: flag.optional().meta({ description: 'Posted with another gross than ours' }),
  search: z.string().max(100).optional(),
}

const postingSort = z
  .enum(['made', '-made', 'moved', '-moved', 'label', '-label', 'customer', '-customer', 'gross', '-gross'])
  .default('-made')

/** A link carries no headers, so the browser names the firm here. */
const firmInAddress = z.string().max(100).optional()

const postingPart = z.object({
  id,
  kind: z.string(),
  state: postingState,
  label: z.string(),
  theirNumber: z.string().nullable(),
  url: z.string().nullable(),
  updatedAt: instant,
})

const limitLeft = z.object({ left: z.int(), most: z.int(), reserve: z.int(), resetsAt: instant }).nullable()

export const postingRoutes = routes({
  previewPostings: {
    id: 'preview-postings',
    method: 'POST',
    path: '/postings/preview',
    summary:
      'Dry run: each sales entry as the books will receive it, with every problem known beforehand; nothing leaves',
    tag: 'Postings',
    access: 'postings:read',
    body: z.object({ invoiceIds: z.array(id).min(1).max(500), bookIn }),
    answer: z.object({
      connection: z
        .object({
          id,
          package: z.string(),
          packageName: z.string(),
          administrationName: z.string(),
          mode: z.string(),
          /** What is posted goes out when somebody has signed in there again. */
          accessLost: z.boolean(),
        })
        .nullable(),
      documents: z.array(previewDocument),
      totals: z.array(z.object({ currency: z.string(), net: z.string(), vat: z.string(), gross: z.string() })),
      ready: z.int(),
      needsYou: z.int(),
      leftOut: z.int(),
      /** Stands in the way of all: no package, or no cut-off chosen. */
      problem: explained.nullable(),
      /** Something may have been mended there since its lists were read: look again at the next event. */
      listsBeingRead: z.boolean().optional(),
    }),
  },
  createPostings: {
    id: 'create-postings',
    method: 'POST',
    path: '/postings',
    summary: 'Post sales entries of sent invoices; those with a problem are left out and named',
    tag: 'Postings',
    access: 'postings:write',
    status: 202,
    body: z.object({ invoiceIds: z.array(id).min(1).max(500), bookIn }),
    answer: z.object({
      postings: z.array(posting),
      leftOut: z.array(z.object({ invoiceId: id, label: z.string(), problem: explained })),
    }),
  },
  listPostings: {
    id: 'list-postings',
    method: 'GET',
    path: '/postings',
    summary: 'Everything that was sent to a package, and its state',
    tag: 'Postings',
    access: 'postings:read',
    query: z.object({ ...paging, ...postingFilter, sort: postingSort }),
    answer: page(posting),
  },
  summarisePostings: {
    id: 'summarise-postings',
    method: 'GET',
    path: '/postings/summary',
    summary: 'Counts per state, lanes, and refusals grouped by cause',
    tag: 'Postings',
    access: 'postings:read',
    answer: z.object({
      counts: z.object({ all: z.int(), needsYou: z.int(), inProgress: z.int(), posted: z.int() }),
      lanes: z.array(
        z.object({
          connectionId: id,
          package: z.string(),
          packageName: z.string(),
          administrationName: z.string(),
          mode: z.enum(['sandbox', 'live']),
          state: z.enum(['running', 'waiting', 'paused', 'reconnect', 'idle']),
          /** What happens now, what comes next and why. */
          detail: z.string(),
          waiting: z.int(),
          needsYou: z.int(),
          /** Left and not answered yet; a few. */
          underWay: z.array(z.object({ id, label: z.string(), kind: z.string(), state: z.string() })),
          /** When something happens next by itself. */
          nextAt: instant.nullable(),
          /** Calls left today; imports leave the reserve alone. */
          budget: limitLeft,
          minute: limitLeft,
        }),
      ),
      groups: z.array(
        z.object({
          key: z.string(),
          state: postingState,
          connectionId: id,
          packageName: z.string(),
          /** "6 sales entries, 2 customers" */
          what: z.string(),
          problem: explained,
          /** What is to be mended, where the sentences do not name it: "8010 Omzet". */
          about: z.string().nullable(),
          postings: z.array(z.object({ id, label: z.string() })),
          currency: z.string().nullable(),
          gross: z.string().nullable(),
          canBookIn: z.object({ from: calendarDate, label: z.string() }).nullable(),
        }),
      ),
    }),
  },
  readPosting: {
    id: 'read-posting',
    method: 'GET',
    path: '/postings/{id}',
    summary: 'One posting: timeline, exact payload, what the package answered',
    tag: 'Postings',
    access: 'postings:read',
    params: byId,
    answer: posting.extend({
      steps: z.array(step),
      payload: z.string().nullable(),
      answer: z.string().nullable(),
      candidates: z.array(
        z.object({
          id: z.string(),
          number: z.string().nullable(),
          /** Of a customer, as last read there. */
          name: z.string().nullable(),
          gross: z.string().nullable(),
          url: z.string().nullable(),
        }),
      ),
      names: z.record(z.string(), z.string()).meta({ description: 'What identities in the payload stand for' }),
      /** What it hangs on: the entry of a file. */
      partOf: postingPart.nullable(),
      /** What hangs on it: its archived document, its file, its printing. */
      parts: z.array(postingPart),
    }),
  },
  exportPostings: {
    id: 'export-postings',
    method: 'GET',
    path: '/postings/export',
    summary: 'Everything the list of postings finds, as CSV or XLSX',
    tag: 'Postings',
    access: 'postings:read',
    query: z.object({ ...postingFilter, ...exportQuery, sort: postingSort, firm: firmInAddress }),
    gives: 'bytes',
  },
  discardPostings: {
    id: 'discard-postings',
    method: 'POST',
    path: '/postings/discarding',
    summary: 'Give up postings that are certainly not in the books; others are named and left as they are',
    tag: 'Postings',
    access: 'postings:write',
    body: z.object({ ids: z.array(id).min(1).max(500), why: z.string().trim().min(1).max(300) }),
    answer: z.object({
      postings: z.array(posting),
      leftOut: z.array(z.object({ postingId: id, label: z.string(), problem: explained })),
    }),
  },
  sendAgain: {
    id: 'send-again',
    method: 'POST',
    path: '/postings/sending',
    summary:
      'Send refused or blocked postings again, made anew from the present mappings; others are named and left as they are',
    tag: 'Postings',
    access: 'postings:write',
    status: 202,
    body: z.object({
      ids: z.array(id).min(1).max(2000),
      bookIn: calendarDate
        .optional()
        .meta({ description: 'Book in the period of this day; the invoice keeps its own date' }),
    }),
    answer: z.object({
      /** Those that go again. */
      postings: z.array(posting),
      leftOut: z.array(z.object({ postingId: id, label: z.string(), problem: explained })),
    }),
  },
  attachFiles: {
    id: 'attach-files',
    method: 'POST',
    path: '/postings/files',
    summary: 'Put the PDF of their invoices beside sales entries that were posted without; one that has it keeps it',
    tag: 'Postings',
    access: 'postings:write',
    status: 202,
    body: z.object({ ids: z.array(id).min(1).max(500) }),
    answer: z.object({
      postings: z.array(posting),
      leftOut: z.array(z.object({ postingId: id, label: z.string(), problem: explained })),
    }),
  },
  markInBooks: {
    id: 'mark-in-books',
    method: 'POST',
    path: '/postings/marks',
    summary: 'Mark sent invoices as already in the books, or take the mark off; those on their way are left out',
    tag: 'Postings',
    access: 'postings:write',
    body: z.object({
      invoiceIds: z.array(id).min(1).max(500),
      inBooks: z.boolean(),
      why: z.string().trim().max(300).optional(),
    }),
    answer: z.object({
      marked: z.array(id),
      leftOut: z.array(z.object({ invoiceId: id, label: z.string(), problem: explained })),
    }),
  },
  discardPosting: {
    id: 'discard-posting',
    method: 'POST',
    path: '/postings/{id}/discarding',
    summary: 'Give up a posting that is certainly not in the books; its invoice can be posted anew',
    tag: 'Postings',
    access: 'postings:write',
    versioned: true,
    params: byId,
    body: z.object({ why: z.string().trim().min(1).max(300) }),
    answer: posting,
  },
  resolvePosting: {
    id: 'resolve-posting',
    method: 'POST',
    path: '/postings/{id}/resolution',
    summary: 'A person decides: it is this document in the books, or none of those found',
    tag: 'Postings',
    access: 'postings:write',
    versioned: true,
    params: byId,
    body: z.union([z.object({ adopt: z.string().max(100) }), z.object({ noneOfThese: z.literal(true) })]),
    answer: posting,
  },
  events: {
    id: 'listen',
    method: 'GET',
    path: '/events',
    summary: 'Server-sent events: what changed, to look again',
    tag: 'Events',
    access: 'hours:own',
    stream: true,
  },
})
