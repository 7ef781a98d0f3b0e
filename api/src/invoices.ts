import { z } from 'zod'
import { hourSelectionFilter } from './hours.ts'
import { invoiceFilter, invoiceState, paymentState } from './invoice-selection.ts'
import { letterInput, sendingWay } from './letters.ts'
import { routes } from './route.ts'
import {
  address,
  byId,
  calendarDate,
  country,
  currency,
  decimal,
  explained,
  id,
  instant,
  language,
  longText,
  optionalText,
  page,
  paging,
  selectionOf,
  shortText,
  version,
} from './shapes.ts'

export const vatTreatment = z.string().meta({
  description: 'VAT case, for charged cases with its class',
  example: 'domestic-standard',
})

export const groupBy = z.enum(['activity', 'project', 'user', 'entry'])
export const splitBy = z.enum(['customer', 'project', 'order-number', 'bill-to'])

export const lineKind = z.enum(['hours', 'expense', 'trip', 'instalment', 'subscription', 'free'])
export const lineUnit = z.enum(['hour', 'km', 'piece', 'day', 'month'])

const named = z.object({ id, number: z.string(), date: calendarDate })

export const invoiceLine = z
  .object({
    id,
    position: z.int(),
    /** What it sells; all but free lines hold entries. */
    kind: lineKind,
    description: z.string(),
    quantity: z.string(),
    unit: z.string(),
    unitPrice: z.string(),
    discountPercent: z.string().nullable(),
    net: z.string(),
    vat: z.string(),
    vatTreatment,
    vatRate: z.string(),
    activityId: id.nullable(),
    expenseCategoryId: id.nullable(),
    projectId: id.nullable(),
    periodFrom: calendarDate.nullable(),
    periodUntil: calendarDate.nullable(),
    /** Minutes really registered behind this line. */
    realMinutes: z.int().nullable(),
    entryCount: z.int(),
    /** On a credit note, the line it takes back. */
    creditsLineId: id.nullable(),
    /** On a closing invoice, the earlier invoice that this line deducts, or a document that the package made. */
    deducts: named.extend({ inPackage: z.boolean() }).nullable(),
    /** Net that can still be credited: of a sent line, or of the line that this one takes back, itself not counted. */
    leftNet: z.string().nullable(),
    /** The quantity that goes with it. */
    leftQuantity: z.string().nullable(),
  })
  .meta({ id: 'InvoiceLine' })

const party = z.object({
  name: z.string(),
  number: z.string().nullable().optional(),
  address,
  country,
  vatId: z.string().nullable(),
  kvk: z.string().nullable(),
  iban: z.string().nullable().optional(),
  email: z.string().nullable(),
  phone: z.string().nullable().optional(),
  website: z.string().nullable().optional(),
  /** Of the firm: the hash of its logo. */
  logo: z.string().nullable().optional(),
})

const booking = z.object({
  postingId: id,
  state: z.string(),
  number: z.string().nullable(),
  url: z.string().nullable(),
  package: z.string(),
  differs: z.boolean(),
})

export const invoiceRow = z.object({
  id,
  kind: z.enum(['invoice', 'credit']),
  state: invoiceState,
  number: z.string().nullable(),
  date: calendarDate,
  dueDate: calendarDate,
  customerId: id,
  customerName: z.string(),
  reference: z.string().nullable(),
  currency: z.string(),
  net: z.string(),
  vat: z.string(),
  gross: z.string(),
  /** What was received, less what went back. */
  paid: decimal,
  /** What sent credit notes take back, above zero. */
  credited: decimal,
  /** Still to be paid; below zero is to be refunded. Nothing for drafts and credit notes. */
  outstanding: decimal,
  /** Null for a draft, and for a credit note, which is settled on its invoice. */
  paymentState: paymentState.nullable(),
  /** Days after the due date, from 1; null when it is not late. */
  overdueDays: z.int().nullable(),
  sentAt: instant.nullable(),
  /** Of a credit note: the invoice it takes back. */
  credits: named.nullable(),
  booking: booking.nullable(),
  version,
})

export const invoice = invoiceRow
  .extend({
    orderNumber: z.string().nullable(),
    introduction: z.string(),
    closing: z.string(),
    language,
    periodFrom: calendarDate.nullable(),
    periodUntil: calendarDate.nullable(),
    /** Chosen by hand; else the period follows the lines. */
    periodFixed: z.boolean(),
    seriesId: id,
    sentHow: z.string().nullable(),
    customer: party,
    firm: party,
    lines: z.array(invoiceLine),
    vatPerRate: z.array(
      z.object({
        treatment: vatTreatment,
        rate: z.string(),
        base: z.string(),
        vat: z.string(),
        label: z.string(),
        sentence: z.string().nullable(),
      }),
    ),
    /** Of a credit note: whether what stands behind the lines it takes back whole becomes free when it is sent. */
    releasesEntries: z.boolean(),
    /** What takes it back, drafts among them. */
    creditNotes: z.array(
      z.object({ id, state: invoiceState, number: z.string().nullable(), date: calendarDate, gross: z.string() }),
    ),
    /** For another currency than the firm's: what a unit of it is worth, and the VAT in the firm's currency. */
    exchange: z.object({ rate: z.string(), source: z.string(), date: calendarDate, vat: z.string() }).nullable(),
    /** The number it gets when sent today, as a forecast. */
    nextNumber: z.string().nullable(),
    /** What stands in the way of sending. */
    problems: z.array(explained),
    /** Worth a look, but no reason not to send it. */
    warnings: z.array(explained),
    history: z.array(
      z.object({
        act: z.string(),
        actor: z.string(),
        at: instant,
        why: z.string().nullable(),
        /** Of a payment: what was registered, undone or restored. */
        amount: decimal.nullable(),
      }),
    ),
  })
  .meta({ id: 'Invoice' })

export const leftOut = z.object({
  kind: lineKind.exclude(['free']),
  id,
  label: z.string(),
  projectId: id.nullable(),
  problem: explained,
})

/** Drafts that were made of a selection, and what was left out with the reason. */
export const draftsMade = z
  .object({
    invoices: z.array(
      z.object({
        id,
        customerName: z.string(),
        net: z.string(),
        currency: z.string(),
        entries: z.int(),
        projectIds: z.array(id),
      }),
    ),
    /** What to look at before they go out. */
    notes: z.array(explained),
    leftOut: z.array(leftOut),
  })
  .meta({ id: 'DraftsMade' })

export const lineInput = z.object({
  description: longText(1000),
  quantity: decimal,
  unit: lineUnit,
  unitPrice: decimal,
  discountPercent: decimal.nullable().optional(),
  vatTreatment: vatTreatment.optional().meta({ description: 'As the customer and activity say when left out' }),
  activityId: id.nullable().optional(),
  projectId: id.nullable().optional(),
})

const exchangeInput = z.object({
  rate: z
    .string()
    .regex(/^\d{1,9}(\.\d{1,8})?$/)
    .meta({ description: 'Units of the firm’s currency for one unit of the invoice’s', example: '0.92435' }),
  source: shortText(60).meta({ description: 'Who published it', example: 'European Central Bank' }),
  date: calendarDate.optional().meta({ description: 'Day of the rate; the invoice date when left out' }),
})

/** Of many invoices of one currency. */
const owed = z.object({ currency, invoices: z.int(), amount: decimal })

export const invoiceRoutes = routes({
  listInvoices: {
    id: 'list-invoices',
    method: 'GET',
    path: '/invoices',
    summary: 'Invoices',
    tag: 'Invoices',
    access: 'invoices:read',
    query: z.object({
      ...paging,
      ...invoiceFilter,
      sort: z
        .enum(['number', '-number', 'date', '-date', 'dueDate', '-dueDate', 'outstanding', '-outstanding'])
        .default('-date'),
    }),
    answer: page(invoiceRow.meta({ id: 'InvoiceRow' })),
  },
  totalInvoices: {
    id: 'total-invoices',
    method: 'GET',
    path: '/invoices/totals',
    summary: 'How many invoices there are in each state, and what is outstanding',
    tag: 'Invoices',
    access: 'invoices:read',
    answer: z.object({
      draft: z.int(),
      sent: z.int(),
      credited: z.int(),
      unposted: z.int(),
      /** What is still to be paid, by currency; what is to be refunded is not taken off. */
      open: z.array(owed),
      /** Of that, past its due date. */
      overdue: z.array(owed),
    }),
  },
  invoiceHours: {
    id: 'invoice-hours',
    method: 'POST',
    path: '/invoices/from-hours',
    summary: 'Make drafts from hours; reserves the entries in the same transaction',
    tag: 'Invoices',
    access: 'invoices:write',
    status: 201,
    body: z.object({
      selection: selectionOf(hourSelectionFilter),
      groupBy,
      splitBy: splitBy.default('customer'),
      date: calendarDate.optional().meta({ description: 'Today in the firm’s time zone when left out' }),
      seriesId: id.optional().meta({ description: 'The default series when left out' }),
    }),
    answer: draftsMade,
  },
  createInvoice: {
    id: 'create-invoice',
    method: 'POST',
    path: '/invoices',
    summary: 'Make an empty draft for a customer',
    tag: 'Invoices',
    access: 'invoices:write',
    status: 201,
    body: z.object({ customerId: id, date: calendarDate.optional(), seriesId: id.optional() }),
    answer: invoice,
  },
  readInvoice: {
    id: 'read-invoice',
    method: 'GET',
    path: '/invoices/{id}',
    summary: 'One invoice with its lines',
    tag: 'Invoices',
    access: 'invoices:read',
    params: byId,
    answer: invoice,
  },
  changeInvoice: {
    id: 'change-invoice',
    method: 'PATCH',
    path: '/invoices/{id}',
    summary: 'Change the head of a draft',
    tag: 'Invoices',
    access: 'invoices:write',
    versioned: true,
    params: byId,
    body: z
      .object({
        date: calendarDate,
        dueDate: calendarDate.nullable().meta({ description: 'null: by the payment term' }),
        reference: optionalText(60),
        orderNumber: optionalText(40),
        introduction: longText(2000),
        closing: longText(2000),
        seriesId: id,
        period: z.object({ from: calendarDate, until: calendarDate }).nullable().meta({
          description: 'When it was supplied, as it stands on the invoice; null: as the lines say',
        }),
        language,
        exchange: exchangeInput.nullable(),
        releasesEntries: z.boolean().meta({ description: 'Of a credit note' }),
      })
      .partial(),
    answer: invoice,
  },
  deleteInvoice: {
    id: 'delete-invoice',
    method: 'DELETE',
    path: '/invoices/{id}',
    summary: 'Delete a draft; its entries are free again',
    tag: 'Invoices',
    access: 'invoices:write',
    versioned: true,
    params: byId,
    status: 204,
  },
  addLine: {
    id: 'add-line',
    method: 'POST',
    path: '/invoices/{id}/lines',
    summary: 'Add a free line to a draft',
    tag: 'Invoices',
    access: 'invoices:write',
    versioned: true,
    status: 201,
    params: byId,
    body: lineInput,
    answer: invoice,
  },
  changeLine: {
    id: 'change-line',
    method: 'PATCH',
    path: '/invoices/{id}/lines/{lineId}',
    summary: 'Change a line of a draft; more or less than the real hours is allowed',
    tag: 'Invoices',
    access: 'invoices:write',
    versioned: true,
    params: z.object({ id, lineId: id }),
    body: lineInput.partial(),
    answer: invoice,
  },
  removeLine: {
    id: 'remove-line',
    method: 'DELETE',
    path: '/invoices/{id}/lines/{lineId}',
    summary: 'Take a line out of a draft; its entries are free again',
    tag: 'Invoices',
    access: 'invoices:write',
    versioned: true,
    params: z.object({ id, lineId: id }),
    answer: invoice,
  },
  regroupInvoice: {
    id: 'regroup-invoice',
    method: 'POST',
    path: '/invoices/{id}/grouping',
    summary: 'Group the hours of a draft another way',
    tag: 'Invoices',
    access: 'invoices:write',
    versioned: true,
    params: byId,
    body: z.object({ groupBy }),
    answer: invoice,
  },
  sendInvoice: {
    id: 'send-invoice',
    method: 'POST',
    path: '/invoices/{id}/sending',
    summary: 'Send: gives the number, freezes the invoice and writes its letter, in one transaction',
    tag: 'Invoices',
    access: 'invoices:send',
    versioned: true,
    params: byId,
    body: z.object({
      how: sendingWay,
      letter: letterInput.optional().meta({
        description: 'With `mail`; from the template to the customer’s recipients when left out',
      }),
    }),
    answer: invoice,
  },
  creditInvoice: {
    id: 'credit-invoice',
    method: 'POST',
    path: '/invoices/{id}/credit-note',
    summary: 'Make the draft of a credit note: of all that is left of a sent invoice, or of the lines that are named',
    tag: 'Invoices',
    access: 'invoices:write',
    status: 201,
    params: byId,
    body: z.object({
      lines: z
        .array(
          z.object({
            lineId: id,
            quantity: decimal.optional().meta({ description: 'In the sign of the line; or a net' }),
            net: decimal.optional().meta({ description: 'In the sign of the line; neither means all that is left' }),
          }),
        )
        .min(1)
        .max(5000)
        .optional(),
      release: z.boolean().default(false).meta({
        description: 'When it is sent, what stands behind the lines it takes back whole is free to be invoiced again',
      }),
      seriesId: id
        .optional()
        .meta({ description: 'The series for credit notes, else that of the invoice, when left out' }),
    }),
    answer: invoice,
  },
  listInvoiceEntries: {
    id: 'list-invoice-entries',
    method: 'GET',
    path: '/invoices/{id}/entries',
    summary: 'What stands behind the lines: hours, expenses, trips, instalments and subscription periods',
    tag: 'Invoices',
    access: 'invoices:read',
    params: byId,
    answer: z.object({
      rows: z.array(
        z.object({
          kind: lineKind.exclude(['free']),
          id,
          lineId: id.nullable(),
          date: calendarDate,
          /** Of hours. */
          minutes: z.int().nullable(),
          /** Of trips. */
          km: z.string().nullable(),
          /** Of expenses, instalments and periods, as they go on the line. */
          amount: z.string().nullable(),
          memberName: z.string().nullable(),
          projectName: z.string(),
          activityName: z.string().nullable(),
          note: z.string(),
        }),
      ),
    }),
  },
})
