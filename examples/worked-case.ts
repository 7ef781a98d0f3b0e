import type { Draft } from '@uurwerk/connectors/contract/contract.ts'
import type { SalesEntryDoc } from '@uurwerk/connectors/contract/documents.ts'
import { packOne } from '@uurwerk/connectors/exact-online/posting.ts'
import { draftSalesEntry } from '@uurwerk/connectors/exact-online/sales-entries.ts'
import {
  type DraftActivity,
  type DraftProject,
  type DraftRequest,
  draftInvoice,
  type LineGrouping,
} from '@uurwerk/core/invoicing/draft-invoice.ts'
import { dueDateOf, type PaymentTerm } from '@uurwerk/core/invoicing/due-date.ts'
import type { Invoice, InvoiceCustomer, InvoiceLine } from '@uurwerk/core/invoicing/invoice.ts'
import { issueInvoice } from '@uurwerk/core/invoicing/issue-invoice.ts'
import { invoiceTotals, lineNet } from '@uurwerk/core/invoicing/totals.ts'
import { type VatSentenceKey, vatSentence, vatSentenceKeyFor } from '@uurwerk/core/invoicing/vat-sentences.ts'
import type { DatedRate } from '@uurwerk/core/projects/rates.ts'
import { calendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import type { Language } from '@uurwerk/core/shared/language.ts'
import { decimal, negate } from '@uurwerk/core/shared/money.ts'
import type { BillingRounding } from '@uurwerk/core/time/billing-rounding.ts'
import { parseDuration } from '@uurwerk/core/time/duration.ts'
import { salesEntryDocument } from '../server/src/postings/sales-entry-document.ts'
import { books, chartFor } from './books.ts'
import { firm } from './firm.ts'

export interface ExampleCustomer extends InvoiceCustomer {
  readonly language: Language
  readonly paymentTerm: PaymentTerm
  readonly billingRounding?: BillingRounding
}

/** One invoice to be made from all hours of the case. */
export interface Order {
  readonly number: number
  readonly by: LineGrouping
  readonly date: string
  readonly reference: string
  readonly orderNumber?: string
  /** Followed by a credit note that takes all of it back: its number. */
  readonly creditedBy?: { readonly number: number; readonly reference: string; readonly date: string }
}

export interface Case {
  readonly name: string
  readonly title: string
  /** What to look at. */
  readonly shows: string
  readonly customer: ExampleCustomer
  readonly projects: readonly Omit<DraftProject, 'customerId' | 'id'>[]
  readonly activities: readonly Omit<DraftActivity, 'id'>[]
  /** What an hour costs: activity, amount, and where they are more special the project and the first day. */
  readonly rates: readonly {
    readonly activity: string
    readonly amount: string
    readonly project?: string
    readonly from?: string
  }[]
  /** A line per entry: date, person, project code, activity, duration; two spaces or more between them. */
  readonly hours: string
  readonly orders: readonly Order[]
}

export interface Entry {
  readonly date: string
  readonly person: string
  readonly project: string
  readonly activity: string
  readonly minutes: number
}

export interface WorkedInvoice {
  readonly order: Order
  readonly invoice: Invoice & { readonly number: string }
  readonly sentences: readonly string[]
  readonly document: SalesEntryDoc
  readonly draft: Draft
  readonly request: { readonly method: string; readonly path: string; readonly body: string }
}

export interface WorkedCase {
  readonly about: Case
  readonly entries: readonly Entry[]
  readonly invoices: readonly WorkedInvoice[]
}

/** The road of the program itself: hours → draft → sent → sales entry → the request to Exact Online. */
export function work(about: Case): WorkedCase {
  const entries = readHours(about.hours)
  const invoices = about.orders.flatMap((order) => {
    const invoice = invoiceOf(about, entries, order)
    const booked = book(about, order, issueInvoice(invoice, issuing(order.number)))
    return order.creditedBy ? [booked, credit(about, booked, order.creditedBy)] : [booked]
  })
  return { about, entries, invoices }
}

const issuing = (counter: number) => ({ series: '{year}-{0000}', counter, previousDate: null })

function readHours(table: string): readonly Entry[] {
  const rows = table
    .split('\n')
    .map((row) => row.trim())
    .filter((row) => row !== '')
  return rows.map((row) => {
    const [date, person, project, activity, duration] = row.split(/ {2,}/) as [string, string, string, string, string]
    const parsed = parseDuration(duration ?? '')
    if ('problem' in parsed) throw new Error(`${parsed.problem}: ${row}`)
    return { date, person, project, activity, minutes: parsed.minutes }
  })
}

function invoiceOf(about: Case, entries: readonly Entry[], order: Order): Invoice {
  const { customer } = about
  const date = calendarDate(order.date)
  const request: DraftRequest = {
    entries: entries.map((entry, index) => ({
      id: `entry-${String(index + 1).padStart(3, '0')}`,
      date: calendarDate(entry.date),
      minutes: entry.minutes,
      userId: entry.person,
      projectId: entry.project,
      activityId: entry.activity,
      note: '',
      billable: true,
    })),
    by: order.by,
    customer: { ...customer, currency: firm.currency, billingRounding: customer.billingRounding ?? null },
    firm: { country: firm.country, defaultVatClass: 'standard' },
    rates: about.rates.map(toDatedRate),
    projects: about.projects.map((project) => ({ ...project, id: project.code, customerId: customer.id })),
    activities: about.activities.map((activity) => ({ ...activity, id: activity.name })),
    users: [...new Set(entries.map(({ person }) => person))].map((name) => ({ id: name, name })),
    language: customer.language,
    date,
  }
  const { lines, totals, problems } = draftInvoice(request)
  if (problems.length > 0) throw new Error(`${about.name}: ${problems.map(({ code }) => code).join(', ')}`)
  return {
    id: `invoice-${order.number}`,
    kind: 'invoice',
    state: 'draft',
    date,
    dueDate: dueDateOf(date, customer.paymentTerm),
    paymentTerm: customer.paymentTerm,
    customer,
    firm,
    language: customer.language,
    currency: firm.currency,
    lines: lines.map((line, index) => ({ ...line, id: `line-${index + 1}` })),
    totals,
    orderNumber: order.orderNumber ?? null,
  }
}

function toDatedRate({ activity, amount, project, from }: Case['rates'][number], index: number): DatedRate {
  return {
    id: `rate-${String(index).padStart(2, '0')}`,
    scope: project ? 'projectActivity' : 'activity',
    activityId: activity,
    projectId: project ?? null,
    amount: decimal(amount),
    currency: firm.currency,
    from: calendarDate(from ?? '2018-01-01'),
  }
}

/** The credit note of a whole invoice: the same lines with their quantities turned, computed anew. */
function credit(about: Case, { invoice }: WorkedInvoice, by: NonNullable<Order['creditedBy']>): WorkedInvoice {
  const turned = invoice.lines.map((line): InvoiceLine => {
    const quantity = negate(line.quantity)
    return { ...line, quantity, net: lineNet({ ...line, quantity }) }
  })
  const totals = invoiceTotals(turned.map((line) => ({ ...line, rate: line.vatRate })))
  const date = calendarDate(by.date)
  const note: Invoice = {
    ...invoice,
    id: `invoice-${by.number}`,
    kind: 'credit',
    state: 'draft',
    number: null,
    date,
    dueDate: dueDateOf(date, invoice.paymentTerm),
    lines: turned.map((line, index) => ({ ...line, vat: totals.lineVat[index] ?? line.vat })),
    totals,
    credits: { invoiceId: invoice.id, number: invoice.number, date: invoice.date },
  }
  const order: Order = { number: by.number, by: 'activity', date: by.date, reference: by.reference }
  return book(about, order, issueInvoice(note, issuing(by.number)))
}

function book(about: Case, order: Order, invoice: Invoice & { readonly number: string }): WorkedInvoice {
  const { reference } = order
  const made = salesEntryDocument({ invoice, reference, mapping: books.mapping(about.customer) })
  if ('problems' in made) throw new Error(`${about.name}: ${JSON.stringify(made.problems)}`)
  const draft = draftSalesEntry(made.document, chartFor(about.customer), books.language)
  if ('problems' in draft) throw new Error(`${about.name}: ${JSON.stringify(draft.problems)}`)
  const { method, path, body } = packOne(books.division, draft.group, [draft])
  const keys = new Set(
    invoice.totals.vatPerRate.map(({ treatment }) => vatSentenceKeyFor(treatment)).filter((key) => key !== null),
  )
  return {
    order,
    invoice,
    sentences: [...keys].map((key: VatSentenceKey) => vatSentence(key, invoice.language, firm.country)),
    document: made.document,
    draft,
    request: { method, path, body },
  }
}
