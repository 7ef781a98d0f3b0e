import * as z from 'zod'

/** The protocol of Ledgerly, a package that exists only in tests: JSON, amounts as text, one envelope for errors. */

export const resources = {
  customer: 'customers',
  salesInvoice: 'sales-invoices',
  printing: 'printings',
  salesEntry: 'sales-entries',
  generalJournal: 'general-journals',
  document: 'documents',
  attachment: 'attachments',
} as const
export type FakeKind = keyof typeof resources
export type Resource = (typeof resources)[FakeKind]

export const ledgerlyError = z.object({
  code: z.string(),
  message: z.string(),
  details: z.record(z.string(), z.string()).optional(),
})
export type LedgerlyError = z.infer<typeof ledgerlyError>
export const ledgerlyFailure = z.object({ error: ledgerlyError })

const dimensions = { costCentre: z.string().optional(), costUnit: z.string().optional() }
const line = z.object({
  account: z.string(),
  text: z.string(),
  amount: z.string(),
  vatCode: z.string().optional(),
  vat: z.string().optional(),
  quantity: z.string().optional(),
  ...dimensions,
})
export type LedgerlyLine = z.infer<typeof line>

/** Of an invoice that Ledgerly makes: it computes the amounts and takes the ledger account from the item. */
const invoiceLine = z.object({
  item: z.string(),
  text: z.string(),
  quantity: z.string(),
  price: z.string(),
  vatCode: z.string(),
  ...dimensions,
})
export type LedgerlyInvoiceLine = z.infer<typeof invoiceLine>

const sent = z.object({ reference: z.string() })

const named = { id: z.string(), name: z.string() }
const company = {
  name: z.string(),
  street: z.string().optional(),
  postcode: z.string().optional(),
  city: z.string().optional(),
  country: z.string(),
  email: z.string().optional(),
  vatNumber: z.string().optional(),
}

export const customerBody = sent.extend({ code: z.string().optional(), ...company })
export const salesInvoiceBody = sent.extend({
  kind: z.enum(['invoice', 'credit']),
  journal: z.string(),
  customer: z.string(),
  order: z.string().optional(),
  project: z.string().optional(),
  date: z.string(),
  due: z.string(),
  currency: z.string(),
  rate: z.string().optional(),
  text: z.string(),
  lines: z.array(invoiceLine).min(1),
})
export const printingBody = sent.extend({ salesInvoice: z.string(), date: z.string() })
export const salesEntryBody = sent.extend({
  journal: z.string(),
  number: z.number().optional(),
  customer: z.string(),
  invoice: z.string(),
  date: z.string(),
  due: z.string(),
  period: z.string(),
  currency: z.string(),
  rate: z.string().optional(),
  text: z.string(),
  lines: z.array(line).min(1),
})
export const generalJournalBody = sent.extend({
  journal: z.string(),
  number: z.number().optional(),
  date: z.string(),
  period: z.string(),
  currency: z.string(),
  text: z.string(),
  lines: z.array(line).min(1),
})
export const documentBody = sent.extend({
  entry: z.string(),
  customer: z.string(),
  subject: z.string(),
  date: z.string(),
  currency: z.string(),
  amount: z.string(),
})
export const attachmentBody = sent.extend({
  /** An entry, or a document where Ledgerly keeps an archive. */
  parent: z.string(),
  fileName: z.string(),
  mediaType: z.string(),
  title: z.string(),
  content: z.string(),
})

export const bodies = {
  customers: customerBody,
  'sales-invoices': salesInvoiceBody,
  printings: printingBody,
  'sales-entries': salesEntryBody,
  'general-journals': generalJournalBody,
  documents: documentBody,
  attachments: attachmentBody,
} as const satisfies Record<Resource, z.ZodType>

export type CustomerBody = z.infer<typeof customerBody>
export type SalesInvoiceBody = z.infer<typeof salesInvoiceBody>
export type PrintingBody = z.infer<typeof printingBody>
export type SalesEntryBody = z.infer<typeof salesEntryBody>
export type GeneralJournalBody = z.infer<typeof generalJournalBody>
export type DocumentBody = z.infer<typeof documentBody>
export type AttachmentBody = z.infer<typeof attachmentBody>

export const bookedLine = line.extend({ item: z.string().optional(), price: z.string().optional() })

/** A document as it stands in the books; which fields there are depends on the resource. */
export const booked = z.object({
  id: z.string(),
  reference: z.string().optional(),
  code: z.string().optional(),
  name: z.string().optional(),
  country: z.string().optional(),
  journal: z.string().optional(),
  number: z.number().optional(),
  customer: z.string().optional(),
  invoice: z.string().optional(),
  date: z.string().optional(),
  due: z.string().optional(),
  currency: z.string().optional(),
  gross: z.string().optional(),
  vat: z.string().optional(),
  state: z.enum(['open', 'printed']).optional(),
  lines: z.array(bookedLine).optional(),
  /** The entry of a document, or the one that printing an invoice made. */
  entry: z.string().optional(),
  subject: z.string().optional(),
  parent: z.string().optional(),
  salesInvoice: z.string().optional(),
  fileName: z.string().optional(),
  size: z.number().optional(),
})
export type Booked = z.infer<typeof booked>

const outcome = {
  reference: z.string(),
  document: booked.optional(),
  error: ledgerlyError.optional(),
  ticket: z.string().optional(),
  followAfterSeconds: z.number().optional(),
}
export const result = z.object({ ...outcome, state: z.enum(['booked', 'refused', 'accepted']) })
export type LedgerlyResult = z.infer<typeof result>
export const results = z.object({ results: z.array(result) })
export const ticketAnswer = z.object({ ...outcome, state: z.enum(['queued', 'booked', 'refused']) })

export const documentPage = z.object({
  rows: z.array(booked),
  /** Of the ids that were asked for: what was thrown away. */
  gone: z.array(z.string()),
  more: z.boolean(),
  last: z.string(),
})
/** What the user of this access may not see. */
export const rightsAnswer = z.object({ withheld: z.array(z.string()) })

/** Rows changed since a version, oldest change first; `last` is where the next page goes on. */
export const changePage = <T extends z.ZodType>(row: T) =>
  z.object({ rows: z.array(row), gone: z.array(z.string()), more: z.boolean(), last: z.string(), total: z.number() })

export const companyRow = z.object({
  id: z.string(),
  code: z.string(),
  name: z.string(),
  country: z.string(),
  currency: z.string(),
  vatNumber: z.string(),
  archived: z.boolean(),
})
export const customerRow = z.object({
  id: z.string(),
  code: z.string(),
  ...company,
  blocked: z.boolean().optional(),
  prospect: z.boolean().optional(),
})
export const itemRow = z.object({
  id: z.string(),
  code: z.string(),
  name: z.string(),
  unit: z.string(),
  account: z.string(),
  vatCode: z.string(),
  blocked: z.boolean().optional(),
  /** Sold in whole numbers only. */
  whole: z.boolean().optional(),
})
export const accountRow = z.object({
  ...named,
  kind: z.enum(['revenue', 'general', 'cost', 'balance', 'control']),
  blocked: z.boolean().optional(),
})
export const vatCodeRow = z.object({
  ...named,
  percentage: z.string(),
  reverseCharge: z.boolean(),
  /** Amounts with this code hold the VAT already: for the till. */
  including: z.boolean().optional(),
  blocked: z.boolean().optional(),
})
export const journalRow = z.object({ ...named, kind: z.enum(['sales', 'general']) })
export const termRow = z.object({ ...named, days: z.number() })
export const periodRow = z.object({
  ...named,
  from: z.string(),
  until: z.string(),
  closed: z.boolean(),
})

export const openItemRow = z.object({
  id: z.string(),
  entry: z.string(),
  outstanding: z.string(),
  currency: z.string(),
  paidOn: z.string().optional(),
})

/** What Ledgerly calls an address with when something changed; it tells where, never what. */
export const hintBody = z.object({
  company: z.string(),
  resource: z.enum(['customers', 'items', 'sales-invoices', 'sales-entries', 'open-items']),
  id: z.string(),
})

export const tokenAnswer = z.object({ access_token: z.string(), refresh_token: z.string(), expires_in: z.number() })
export const tokenFailure = z.object({ error: z.string(), error_description: z.string() })
export const nextNumber = z.object({ next: z.number() })
