import { z } from 'zod'
import { task } from './connections.ts'
import { invoiceSelection } from './invoice-selection.ts'
import { letterState } from './letters.ts'
import { routes } from './route.ts'
import { byId, calendarDate, flag, id, instant, many, page, paging, version } from './shapes.ts'

export const reminderDays = z.tuple([z.int(), z.int(), z.int()]).meta({
  description: 'Days past the due date of the three steps, each later than the one before',
  example: [7, 14, 28],
})

/** Why no reminder goes out. */
export const whyNoReminder = z.enum([
  'not-an-invoice',
  'not-sent',
  'nothing-outstanding',
  'not-overdue',
  'held',
  'customer-off',
  'letter-underway',
  'letter-uncertain',
  'letter-failed',
  'letter-withdrawn',
  'all-sent',
  'not-yet',
  'sent-today',
])

const reminderLetter = z.object({
  letterId: id,
  step: z.int(),
  state: letterState,
  automatic: z.boolean(),
  createdAt: instant,
  sentAt: instant.nullable(),
})

/** What comes next for an invoice. */
const next = {
  /** The step that follows; null when none can as things stand. */
  step: z.int().nullable(),
  /** From when it goes out by itself, where that is switched on. */
  dueOn: calendarDate.nullable(),
  /** Why it would not go out by itself today; null when it would. */
  why: whyNoReminder.nullable(),
  /** Why nobody can send it today; null when somebody can. */
  whyNotByHand: whyNoReminder.nullable(),
}

export const overdueInvoice = z
  .object({
    id,
    number: z.string(),
    customerId: id,
    customerName: z.string(),
    date: calendarDate,
    dueDate: calendarDate,
    daysLate: z.int(),
    currency: z.string(),
    gross: z.string(),
    outstanding: z.string(),
    held: z.boolean(),
    customerOff: z.boolean(),
    /** Where letters of this customer go; empty when no address is known. */
    to: z.array(z.string()),
    ...next,
    /** The last that was written and not withdrawn. */
    last: reminderLetter.nullable(),
  })
  .meta({ id: 'OverdueInvoice' })

export const reminderSettings = z
  .object({
    automatic: z.boolean(),
    days: reminderDays,
    /** When reminders go out by themselves the next time; null when that is switched off. */
    nextRunAt: instant.nullable(),
    /** How many would go out by themselves today, to how many customers. */
    due: z.object({ invoices: z.int(), customers: z.int() }),
    /** Customers that get none, the first hundred by name. */
    off: z.array(z.object({ customerId: id, customerName: z.string() })),
    /** Open invoices that are held, the first hundred by number. */
    held: z.array(z.object({ invoiceId: id, number: z.string(), customerName: z.string() })),
    /** False when no mail server is set. */
    mailWorks: z.boolean(),
    version,
  })
  .meta({ id: 'ReminderSettings' })

export const invoiceReminders = z
  .object({
    held: z.boolean(),
    customerOff: z.boolean(),
    automatic: z.boolean(),
    ...next,
    /** All that were written, the oldest first. */
    letters: z.array(reminderLetter),
  })
  .meta({ id: 'InvoiceReminders' })

export const reminderRoutes = routes({
  readReminderSettings: {
    id: 'read-reminder-settings',
    method: 'GET',
    path: '/reminder-settings',
    summary: 'Whether reminders go out by themselves, when, and who gets none',
    tag: 'Reminders',
    access: 'invoices:read',
    answer: reminderSettings,
  },
  changeReminderSettings: {
    id: 'change-reminder-settings',
    method: 'PATCH',
    path: '/reminder-settings',
    summary: 'Switch reminders that go out by themselves on or off, or change their days',
    tag: 'Reminders',
    access: 'firm:write',
    versioned: true,
    body: z.object({ automatic: z.boolean(), days: reminderDays }).partial(),
    answer: reminderSettings,
  },
  listReminders: {
    id: 'list-reminders',
    method: 'GET',
    path: '/reminders',
    summary: 'Overdue invoices by customer, with the reminder that comes next',
    tag: 'Reminders',
    access: 'invoices:read',
    query: z.object({
      ...paging,
      customerId: many(id),
      search: z.string().max(100).optional(),
      due: flag.optional().meta({ description: 'Only those whose next reminder is due today' }),
    }),
    answer: page(overdueInvoice),
  },
  totalReminders: {
    id: 'total-reminders',
    method: 'GET',
    path: '/reminders/totals',
    summary: 'How much is overdue, and how many reminders are due',
    tag: 'Reminders',
    access: 'invoices:read',
    answer: z.object({
      overdue: z.array(z.object({ currency: z.string(), invoices: z.int(), outstanding: z.string() })),
      customers: z.int(),
      due: z.int(),
    }),
  },
  remindInvoices: {
    id: 'remind-invoices',
    method: 'POST',
    path: '/invoices/reminders',
    summary: 'Send the next reminder of many invoices, with a result per invoice; those that get none are named',
    tag: 'Reminders',
    access: 'invoices:send',
    status: 202,
    body: z.object({ selection: invoiceSelection }),
    answer: task,
  },
  readInvoiceReminders: {
    id: 'read-invoice-reminders',
    method: 'GET',
    path: '/invoices/{id}/reminders',
    summary: 'Reminders of an invoice: those that were written, and what comes next',
    tag: 'Reminders',
    access: 'invoices:read',
    params: byId,
    answer: invoiceReminders,
  },
  holdReminders: {
    id: 'hold-reminders',
    method: 'PUT',
    path: '/invoices/{id}/reminder-hold',
    summary: 'No reminders of this invoice until it is released',
    tag: 'Reminders',
    access: 'invoices:send',
    params: byId,
    answer: invoiceReminders,
  },
  releaseReminders: {
    id: 'release-reminders',
    method: 'DELETE',
    path: '/invoices/{id}/reminder-hold',
    summary: 'Reminders of this invoice again',
    tag: 'Reminders',
    access: 'invoices:send',
    params: byId,
    answer: invoiceReminders,
  },
})
