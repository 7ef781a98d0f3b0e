import { z } from 'zod'
import { task } from './connections.ts'
import { invoiceSelection } from './invoice-selection.ts'
import { routes } from './route.ts'
import {
  byId,
  calendarDate,
  email,
  explained,
  id,
  instant,
  language,
  longText,
  many,
  optionalText,
  page,
  paging,
  version,
} from './shapes.ts'

export const sendingWay = z.enum(['mail', 'post', 'portal', 'other'])
export const letterKind = z.enum(['invoice', 'credit-note', 'reminder', 'statement'])
export const letterState = z.enum(['waiting', 'sending', 'sent', 'uncertain', 'failed', 'withdrawn'])
export const mailTemplateKind = z.enum([
  'invoice',
  'credit-note',
  'reminder-1',
  'reminder-2',
  'reminder-3',
  'statement',
])

/** A header of a letter is one line: a line break in it would begin another header. */
const oneLine = (most: number) =>
  z
    .string()
    .trim()
    .max(most)
    .refine((text) => !/\p{Cc}/u.test(text), { error: 'one-line' })
const subject = oneLine(200).min(1).meta({ description: 'One line; placeholders such as {number} are filled in' })
const letterText = longText(20_000).min(1).meta({ description: 'Plain text; placeholders are filled in' })

export const recipient = z.object({ address: email, name: oneLine(80).nullable().optional() })
const recipients = z.array(recipient).min(1).max(20)
const blindCopies = z.array(email).max(20)

/** What goes along with the PDF. */
const attach = z.object({
  ubl: z.boolean(),
  hours: z.boolean(),
  receipts: z.array(id).max(50).meta({ description: 'Files of expenses behind the invoice' }),
})

export const letterInput = z
  .object({
    to: recipients,
    bcc: blindCopies.optional().meta({ description: 'As the settings of the firm say when left out' }),
    subject,
    body: letterText,
    attach,
  })
  .meta({ id: 'LetterInput' })

const letterAttachment = z.object({
  position: z.int(),
  kind: z.enum(['pdf', 'pdf-with-hours', 'ubl', 'receipt', 'statement']),
  fileName: z.string(),
  mediaType: z.string(),
  sizeBytes: z.int(),
})

export const letterRow = z
  .object({
    id,
    kind: letterKind,
    /** Of a reminder. */
    step: z.int().nullable(),
    state: letterState,
    customerId: id,
    customerName: z.string(),
    invoiceId: id.nullable(),
    invoiceNumber: z.string().nullable(),
    to: z.array(z.object({ address: z.string(), name: z.string().nullable() })),
    subject: z.string(),
    createdAt: instant,
    /** When it is tried (again), while it waits. */
    dueAt: instant,
    sentAt: instant.nullable(),
    /** Why it waits, is uncertain, failed or was withdrawn; with the words of the mail server. */
    problem: explained.nullable(),
    /** Addresses that the mail server refused while it took the letter for the others. */
    refused: z.array(z.object({ address: z.string(), words: z.string() })),
    /** Written by the program itself, as reminders are. */
    automatic: z.boolean(),
    version,
  })
  .meta({ id: 'LetterRow' })

export const letter = letterRow
  .extend({
    language,
    bcc: z.array(z.string()),
    replyTo: z.string().nullable(),
    senderName: z.string(),
    body: z.string(),
    attach,
    /** Made when it is first tried. */
    attachments: z.array(letterAttachment),
    tries: z.int(),
    createdBy: z.string().nullable(),
  })
  .meta({ id: 'Letter' })

export const letterDraft = letterInput
  .extend({
    to: z.array(z.object({ address: z.string(), name: z.string().nullable() })),
    bcc: z.array(z.string()),
    kind: letterKind,
    step: z.int().nullable(),
    language,
    /** With a draft’s number still as `{number}`: it is known when it is sent. */
    subject: z.string(),
    body: z.string(),
    /** As it reads today; a draft with the number it would get. */
    preview: z.object({ subject: z.string(), body: z.string() }),
    sender: z.object({ name: z.string(), address: z.string().nullable() }),
    replyTo: z.string().nullable(),
    /** All addresses that are known of the customer. */
    known: z.array(z.object({ address: z.string(), name: z.string().nullable(), role: z.string().nullable() })),
    receipts: z.array(
      z.object({
        fileId: id,
        name: z.string(),
        mediaType: z.string(),
        sizeBytes: z.int(),
        date: calendarDate,
        amount: z.string(),
        currency: z.string(),
      }),
    ),
    hasHours: z.boolean(),
    /** False where no e-invoice can be made. */
    hasUbl: z.boolean(),
    /** As the attachments are called. */
    fileNames: z.object({ pdf: z.string(), hours: z.string(), ubl: z.string() }),
    /** Why it cannot go out by mail. */
    problems: z.array(explained),
  })
  .meta({ id: 'LetterDraft' })

export const mailTemplate = z
  .object({
    kind: mailTemplateKind,
    language,
    subject: z.string(),
    body: z.string(),
    /** Written by the firm; else ours. */
    own: z.boolean(),
    ours: z.object({ subject: z.string(), body: z.string() }),
    version: z.int().min(0).meta({ description: 'Send it back in If-Match; 0 while it is ours' }),
  })
  .meta({ id: 'MailTemplate' })

const byTemplate = z.object({ kind: mailTemplateKind, language })
const standardAttach = z.object({ ubl: z.boolean(), hours: z.boolean(), receipts: z.boolean() })

export const mailSettings = z
  .object({
    /** False when no mail server is set. */
    works: z.boolean(),
    /** The address that all letters come from. */
    from: z.string().nullable(),
    senderName: z.string().nullable(),
    /** The name of the firm. */
    senderNameOtherwise: z.string(),
    replyTo: z.string().nullable(),
    /** The e-mail address of the firm. */
    replyToOtherwise: z.string().nullable(),
    bcc: z.array(z.string()),
    /** What goes along unless somebody chooses otherwise. */
    attach: standardAttach,
    version,
  })
  .meta({ id: 'MailSettings' })

export const letterRoutes = routes({
  readLetterDraft: {
    id: 'read-letter-draft',
    method: 'GET',
    path: '/invoices/{id}/letter-draft',
    summary: 'The letter of an invoice or reminder as it is proposed: recipients, text from the template, attachments',
    tag: 'Letters',
    access: 'invoices:read',
    params: byId,
    query: z.object({
      kind: z.enum(['invoice', 'reminder']).default('invoice'),
      step: z.coerce.number().int().min(1).max(3).default(1),
    }),
    answer: letterDraft,
  },
  writeLetter: {
    id: 'write-letter',
    method: 'POST',
    path: '/invoices/{id}/letters',
    summary: 'Send a sent invoice once more, the same documents, or a reminder of it; a step of a reminder only once',
    tag: 'Letters',
    access: 'invoices:send',
    status: 201,
    params: byId,
    body: letterInput.extend({
      kind: z.enum(['invoice', 'reminder']).default('invoice'),
      step: z.int().min(1).max(3).optional().meta({ description: 'Of a reminder' }),
    }),
    answer: letter,
  },
  listLetters: {
    id: 'list-letters',
    method: 'GET',
    path: '/letters',
    summary: 'Letters by e-mail, the newest first',
    tag: 'Letters',
    access: 'invoices:read',
    query: z.object({
      ...paging,
      kind: many(letterKind),
      state: many(letterState),
      customerId: many(id),
      invoiceId: many(id),
      search: z.string().max(100).optional(),
      from: calendarDate.optional(),
      until: calendarDate.optional(),
    }),
    answer: page(letterRow),
  },
  readLetter: {
    id: 'read-letter',
    method: 'GET',
    path: '/letters/{id}',
    summary: 'One letter with its text and attachments',
    tag: 'Letters',
    access: 'invoices:read',
    params: byId,
    answer: letter,
  },
  readLetterAttachment: {
    id: 'read-letter-attachment',
    method: 'GET',
    path: '/letters/{id}/attachments/{position}',
    summary: 'An attachment, byte for byte as it went along',
    tag: 'Letters',
    access: 'invoices:read',
    params: byId.extend({ position: z.coerce.number().int().min(0).max(1000) }),
    gives: 'bytes',
  },
  sendLetterAgain: {
    id: 'send-letter-again',
    method: 'POST',
    path: '/letters/{id}/again',
    summary: 'Send a letter again that failed or may not have arrived; recipients and text may be mended',
    tag: 'Letters',
    access: 'invoices:send',
    versioned: true,
    params: byId,
    body: z.object({ to: recipients, bcc: blindCopies, subject, body: letterText }).partial(),
    answer: letter,
  },
  letterArrived: {
    id: 'letter-arrived',
    method: 'POST',
    path: '/letters/{id}/arrived',
    summary: 'Somebody knows that an uncertain letter arrived',
    tag: 'Letters',
    access: 'invoices:send',
    versioned: true,
    params: byId,
    answer: letter,
  },
  withdrawLetter: {
    id: 'withdraw-letter',
    method: 'POST',
    path: '/letters/{id}/withdrawal',
    summary: 'Withdraw a letter that waits or failed; it is not sent any more',
    tag: 'Letters',
    access: 'invoices:send',
    versioned: true,
    params: byId,
    answer: letter,
  },
  sendInvoices: {
    id: 'send-invoices',
    method: 'POST',
    path: '/invoices/sendings',
    summary: 'Send many drafts, with a result per invoice; those with problems are left and named',
    tag: 'Invoices',
    access: 'invoices:send',
    status: 202,
    body: z.object({ selection: invoiceSelection, how: sendingWay }),
    answer: task,
  },
  readInvoiceTask: {
    id: 'read-invoice-task',
    method: 'GET',
    path: '/invoices/tasks/{id}',
    summary: 'How far the work on many invoices is. In the report: `created` is done, `skipped` left, with the reason',
    tag: 'Invoices',
    access: 'invoices:read',
    params: byId,
    answer: task,
  },
  listInvoiceTaskRows: {
    id: 'list-invoice-task-rows',
    method: 'GET',
    path: '/invoices/tasks/{id}/rows',
    summary: 'What came of each invoice',
    tag: 'Invoices',
    access: 'invoices:read',
    params: byId,
    query: z.object({ ...paging, outcome: z.enum(['waiting', 'created', 'skipped', 'failed']).optional() }),
    answer: page(
      z.object({
        invoiceId: id,
        /** Number, or the customer while it has none. */
        label: z.string(),
        outcome: z.enum(['waiting', 'created', 'skipped', 'failed']),
        letterId: id.nullable(),
        problem: explained.nullable(),
      }),
    ),
  },
  listMailTemplates: {
    id: 'list-mail-templates',
    method: 'GET',
    path: '/mail-templates',
    summary: 'Texts of letters in both languages, the firm’s own or ours, and the placeholders they may hold',
    tag: 'Letters',
    access: 'invoices:read',
    answer: z.object({
      rows: z.array(mailTemplate),
      placeholders: z.array(
        z.object({ name: z.string(), says: z.string(), kinds: z.array(mailTemplateKind), example: z.string() }),
      ),
    }),
  },
  changeMailTemplate: {
    id: 'change-mail-template',
    method: 'PUT',
    path: '/mail-templates/{kind}/{language}',
    summary: 'Write a text of the firm’s own; a placeholder that is not known is refused',
    tag: 'Letters',
    access: 'firm:write',
    versioned: true,
    params: byTemplate,
    body: z.object({ subject, body: letterText }),
    answer: mailTemplate,
  },
  deleteMailTemplate: {
    id: 'delete-mail-template',
    method: 'DELETE',
    path: '/mail-templates/{kind}/{language}',
    summary: 'Back to our text',
    tag: 'Letters',
    access: 'firm:write',
    versioned: true,
    params: byTemplate,
    status: 204,
  },
  previewMailTemplate: {
    id: 'preview-mail-template',
    method: 'POST',
    path: '/mail-templates/preview',
    summary: 'How a text reads with an invoice, or with an example',
    tag: 'Letters',
    access: 'invoices:read',
    body: z.object({
      kind: mailTemplateKind,
      language,
      subject: oneLine(200),
      body: longText(20_000),
      invoiceId: id.optional(),
    }),
    answer: z.object({
      subject: z.string(),
      body: z.string(),
      /** Names of placeholders that are not known, and stand as they were typed. */
      unknown: z.array(z.string()),
    }),
  },
  readMailSettings: {
    id: 'read-mail-settings',
    method: 'GET',
    path: '/mail-settings',
    summary: 'Sender, reply address, copies and standard attachments of letters, and whether a mail server is set',
    tag: 'Letters',
    access: 'invoices:read',
    answer: mailSettings,
  },
  changeMailSettings: {
    id: 'change-mail-settings',
    method: 'PATCH',
    path: '/mail-settings',
    summary: 'Change sender, reply address, copies or standard attachments',
    tag: 'Letters',
    access: 'firm:write',
    versioned: true,
    body: z
      .object({
        senderName: optionalText(60).refine((text) => !/\p{Cc}/u.test(text ?? ''), { error: 'one-line' }),
        replyTo: email.nullable(),
        bcc: z.array(email).max(5),
        attach: standardAttach,
      })
      .partial(),
    answer: mailSettings,
  },
  sendTrialLetter: {
    id: 'send-trial-letter',
    method: 'POST',
    path: '/mail-settings/trial',
    summary: 'Send a trial letter to your own address, and tell what the mail server says',
    tag: 'Letters',
    access: 'firm:write',
    answer: z.object({ address: z.string(), words: z.string().nullable() }),
  },
})
