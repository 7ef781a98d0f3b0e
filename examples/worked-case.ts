import type { Draft } from '@uurwerk/connectors/contract/contract.ts'
import type { SalesEntryDoc } from '@uurwerk/connectors/contract/documents.ts'
import { packOne } from '@uurwerk/connectors/exact-online/posting.ts'
import { draftSalesEntry } from '@uurwerk/connectors/exact-online/sales-entries.ts'
import { rechargeNet } from '@uurwerk/core/expenses/expense.ts'
import {
  type CreditedBase,
  type CreditedLine,
  creditLine,
  creditTotals,
  isGone,
} from '@uurwerk/core/invoicing/credit-note.ts'
import {
  type DraftActivity,
  type DraftProject,
  type DraftRequest,
  draftInvoice,
  type LineGrouping,
} from '@uurwerk/core/invoicing/draft-invoice.ts'
import { dueDateOf, type PaymentTerm } from '@uurwerk/core/invoicing/due-date.ts'
import type { Exchange, Invoice, InvoiceCustomer, InvoiceLine, LineUnit } from '@uurwerk/core/invoicing/invoice.ts'
import { issueInvoice } from '@uurwerk/core/invoicing/issue-invoice.ts'
import { type PaymentStanding, paymentStateOf } from '@uurwerk/core/invoicing/payment-state.ts'
import { invoiceTotals, lineNet } from '@uurwerk/core/invoicing/totals.ts'
import type { VatTreatment } from '@uurwerk/core/invoicing/vat-cases.ts'
import { type VatSentenceKey, vatSentence, vatSentenceKeyFor } from '@uurwerk/core/invoicing/vat-sentences.ts'
import type { DatedRate } from '@uurwerk/core/projects/rates.ts'
import { calendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import type { Language } from '@uurwerk/core/shared/language.ts'
import {
  add,
  type Currency,
  type Decimal,
  decimal,
  isNegative,
  negate,
  sameAmount,
  times,
  toCents,
  zero,
} from '@uurwerk/core/shared/money.ts'
import type { BillingRounding } from '@uurwerk/core/time/billing-rounding.ts'
import { parseDuration } from '@uurwerk/core/time/duration.ts'
import { salesEntryDocument } from '../server/src/postings/sales-entry-document.ts'
import { books, chartFor } from './books.ts'
import { firm } from './firm.ts'

export interface ExampleCustomer extends InvoiceCustomer {
  readonly language: Language
  readonly paymentTerm: PaymentTerm
  /** Of its prices and invoices, where it is not the firm's. */
  readonly currency?: Currency
  readonly billingRounding?: BillingRounding
}

/** One invoice to be made from all hours of the case. */
export interface Order {
  readonly number: number
  readonly by: LineGrouping
  readonly date: string
  readonly reference: string
  readonly orderNumber?: string
  /** The line of that description gets a discount, in percent. */
  readonly discounts?: readonly { readonly line: string; readonly percent: string }[]
  /** What a unit of the customer's currency was worth, in the firm's. */
  readonly exchange?: { readonly rate: string; readonly source: string; readonly date: string }
  /** Followed by credit notes, each of all that is left or of parts of lines. */
  readonly creditedBy?: readonly CreditOrder[]
  /** Money that came in, or below zero went back; a line without an amount only looks how it stands. */
  readonly payments?: readonly { readonly date: string; readonly amount?: string }[]
}

export interface CreditOrder {
  readonly number: number
  readonly reference: string
  readonly date: string
  /** By description: a quantity or a net amount of the line. */
  readonly of?: readonly { readonly line: string; readonly quantity?: string; readonly net?: string }[]
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
  /** A line per expense: date, person, project code, category, gross, input VAT, deductible, margin; `–` for a disbursement. */
  readonly expenses?: string
  readonly categories?: DraftRequest['categories']
  /** A line per trip: date, person, project code, from, to, kilometres one way, `return` or `one way`. */
  readonly trips?: string
  /** For the customer, per kilometre. */
  readonly kmRate?: string
  readonly instalments?: DraftRequest['instalments']
  readonly periods?: DraftRequest['periods']
  readonly orders: readonly Order[]
}

export interface SpentExpense {
  readonly date: string
  readonly person: string
  readonly project: string
  readonly category: string
  readonly gross: string
  readonly inputVat: string
  readonly deductiblePercent: string
  readonly marginPercent: string
  readonly disbursement: boolean
  readonly rechargeNet: Decimal
}

export interface DrivenTrip {
  readonly date: string
  readonly person: string
  readonly project: string
  readonly from: string
  readonly to: string
  readonly km: string
  readonly returnTrip: boolean
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
  /** What became of it, in the order of days; of an invoice that is followed. */
  readonly settled: readonly Settling[]
}

/** How an invoice stands after something happened. */
export interface Settling {
  readonly date: string
  readonly what: string
  readonly amount: Decimal | null
  readonly standing: PaymentStanding
}

export interface WorkedCase {
  readonly about: Case
  readonly entries: readonly Entry[]
  readonly expenses: readonly SpentExpense[]
  readonly trips: readonly DrivenTrip[]
  readonly invoices: readonly WorkedInvoice[]
}

/** The road of the program itself: hours → draft → sent → sales entry → the request to Exact Online. */
export function work(about: Case): WorkedCase {
  const entries = readHours(about.hours)
  const expenses = readExpenses(about.expenses ?? '')
  const trips = readTrips(about.trips ?? '')
  const invoices = about.orders.flatMap((order) => {
    const invoice = invoiceOf(about, { entries, expenses, trips }, order)
    const booked = book(about, order, issueInvoice(invoice, issuing(order.number)))
    const notes = creditsOf(about, booked, order.creditedBy ?? [])
    return [{ ...booked, settled: settle(booked, notes) }, ...notes]
  })
  return { about, entries, expenses, trips, invoices }
}

/** By the rule of the program: outstanding is what was invoiced, less what was taken back and what was paid. */
function settle({ order, invoice }: WorkedInvoice, notes: readonly WorkedInvoice[]): readonly Settling[] {
  if (!order.payments) return []
  const { gross } = invoice.totals
  const happened = [
    { date: invoice.date as string, what: `invoice ${invoice.number}`, amount: gross, paid: zero, credited: zero },
    ...notes.map(({ invoice: note }) => {
      const credited = negate(note.totals.gross)
      return {
        date: note.date as string,
        what: `credit note ${note.number}`,
        amount: note.totals.gross,
        paid: zero,
        credited,
      }
    }),
    ...order.payments.map(({ date, amount }) => {
      const paid = decimal(amount ?? '0')
      const what = amount === undefined ? 'nothing' : isNegative(paid) ? 'paid back' : 'received'
      return { date, what, amount: amount === undefined ? null : paid, paid, credited: zero }
    }),
  ].sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0))
  let [paid, credited] = [zero, zero]
  return happened.map((one) => {
    paid = add(paid, one.paid)
    credited = add(credited, one.credited)
    const whole = sameAmount(credited, gross)
    const state = whole ? ('credited' as const) : ('sent' as const)
    const owed = { kind: 'invoice' as const, state, gross, credited, paid, dueDate: invoice.dueDate }
    const { date, what, amount } = one
    return { date, what, amount, standing: paymentStateOf(owed, calendarDate(date)) }
  })
}

const issuing = (counter: number) => ({ series: '{year}-{0000}', counter, previousDate: null })

const rowsOf = (table: string): readonly string[] =>
  table
    .split('\n')
    .map((row) => row.trim())
    .filter((row) => row !== '')

function readHours(table: string): readonly Entry[] {
  return rowsOf(table).map((row) => {
    const [date, person, project, activity, duration] = row.split(/ {2,}/) as [string, string, string, string, string]
    const parsed = parseDuration(duration ?? '')
    if ('problem' in parsed) throw new Error(`${parsed.problem}: ${row}`)
    return { date, person, project, activity, minutes: parsed.minutes }
  })
}

type Eight = [string, string, string, string, string, string, string, string]

const readExpenses = (table: string): readonly SpentExpense[] =>
  rowsOf(table).map((row) => {
    const [date, person, project, category, gross, inputVat, deductible, margin] = row.split(/ {2,}/) as Eight
    const disbursement = margin === '–'
    const [deductiblePercent, marginPercent] = disbursement ? ['0', '0'] : [deductible, margin]
    const receipt = {
      gross: decimal(gross),
      inputVat: decimal(inputVat),
      deductiblePercent: decimal(deductiblePercent),
      marginPercent: decimal(marginPercent),
      disbursement,
    }
    const written = { gross, inputVat, deductiblePercent, marginPercent, disbursement }
    return { date, person, project, category, ...written, rechargeNet: rechargeNet(receipt) }
  })

const readTrips = (table: string): readonly DrivenTrip[] =>
  rowsOf(table).map((row) => {
    const [date, person, project, from, to, km, way] = row.split(/ {2,}/) as Eight
    return { date, person, project, from, to, km, returnTrip: way === 'return' }
  })

type Registered = Pick<WorkedCase, 'entries' | 'expenses' | 'trips'>

function invoiceOf(about: Case, { entries, expenses, trips }: Registered, order: Order): Invoice {
  const { customer } = about
  const date = calendarDate(order.date)
  const currency = customer.currency ?? firm.currency
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
    customer: { ...customer, currency, billingRounding: customer.billingRounding ?? null },
    firm: { country: firm.country, defaultVatClass: 'standard' },
    rates: about.rates.map((rate, index) => toDatedRate(rate, index, currency)),
    projects: about.projects.map((project) => ({ ...project, id: project.code, customerId: customer.id })),
    activities: about.activities.map((activity) => ({ ...activity, id: activity.name })),
    users: [...new Set([...entries, ...expenses, ...trips].map(({ person }) => person))].map((name) => ({
      id: name,
      name,
    })),
    expenses: expenses.map((expense, index) => ({
      id: `expense-${index + 1}`,
      date: calendarDate(expense.date),
      userId: expense.person,
      projectId: expense.project,
      categoryId: expense.category,
      note: '',
      currency: firm.currency,
      disbursement: expense.disbursement,
      billable: true,
      rechargeNet: expense.rechargeNet,
    })),
    categories: about.categories ?? [],
    trips: trips.map((trip, index) => ({
      id: `trip-${index + 1}`,
      date: calendarDate(trip.date),
      userId: trip.person,
      projectId: trip.project,
      from: trip.from,
      to: trip.to,
      distanceKm: decimal(trip.km),
      returnTrip: trip.returnTrip,
      note: '',
      billable: true,
    })),
    kmRates: about.kmRate
      ? [
          {
            id: 'km-rate',
            purpose: 'billing',
            scope: 'firm',
            amount: decimal(about.kmRate),
            currency,
            from: calendarDate('2018-01-01'),
          },
        ]
      : [],
    instalments: about.instalments ?? [],
    periods: about.periods ?? [],
    language: customer.language,
    date,
  }
  const drafted = draftInvoice(request)
  const { problems } = drafted
  if (problems.length > 0) throw new Error(`${about.name}: ${problems.map(({ code }) => code).join(', ')}`)
  const lines = drafted.lines.map((line, index): InvoiceLine => {
    const agreed = order.discounts?.find((one) => one.line === line.description)
    const discount = agreed ? decimal(agreed.percent) : null
    return { ...line, id: `line-${index + 1}`, ...(discount ? { discount, net: lineNet({ ...line, discount }) } : {}) }
  })
  const totals = invoiceTotals<VatTreatment>(lines.map((line) => ({ ...line, rate: line.vatRate })))
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
    currency,
    exchange: exchangeOf(order, totals.vat),
    lines: lines.map((line, index) => ({ ...line, vat: totals.lineVat[index] ?? line.vat })),
    totals,
    orderNumber: order.orderNumber ?? null,
  }
}

function exchangeOf({ exchange }: Order, vat: Decimal): Exchange | null {
  if (!exchange) return null
  const rate = decimal(exchange.rate)
  return { rate, source: exchange.source, date: calendarDate(exchange.date), vat: toCents(times(vat, rate)) }
}

function toDatedRate(
  { activity, amount, project, from }: Case['rates'][number],
  index: number,
  currency: Currency,
): DatedRate {
  return {
    id: `rate-${String(index).padStart(2, '0')}`,
    scope: project ? 'projectActivity' : 'activity',
    activityId: activity,
    projectId: project ?? null,
    amount: decimal(amount),
    currency,
    from: calendarDate(from ?? '2018-01-01'),
  }
}

/** Its credit notes, one after the other: what one takes back, the next cannot. */
function creditsOf(about: Case, { invoice }: WorkedInvoice, orders: readonly CreditOrder[]): WorkedInvoice[] {
  const { exchange } = invoice
  const taken = new Map<string, CreditedLine<LineUnit>[]>()
  const before: CreditedBase[] = []
  return orders.map((by) => {
    const lines = invoice.lines.flatMap((line): InvoiceLine[] => {
      const part = by.of?.find(({ line: described }) => line.description === described)
      const earlier = taken.get(line.id) ?? []
      if ((by.of && !part) || isGone(line, earlier)) return []
      const made = creditLine(line, earlier, {
        quantity: part?.quantity === undefined ? undefined : decimal(part.quantity),
        net: part?.net === undefined ? undefined : decimal(part.net),
      })
      if ('left' in made) throw new Error(`${about.name}: ${made.left} is left of ${line.description}`)
      taken.set(line.id, [...earlier, made.line])
      return [{ ...line, ...made.line }]
    })
    const creditedBefore = [...before]
    const totals = creditTotals<VatTreatment>(
      lines.map((line) => ({ ...line, rate: line.vatRate })),
      creditedBefore,
    )
    before.push(...totals.vatPerRate)
    const date = calendarDate(by.date)
    const note: Invoice = {
      ...invoice,
      id: `invoice-${by.number}`,
      kind: 'credit',
      state: 'draft',
      number: null,
      date,
      dueDate: date,
      lines: lines.map((line, index) => ({ ...line, vat: totals.lineVat[index] ?? line.vat })),
      totals,
      exchange: exchange && { ...exchange, vat: toCents(times(totals.vat, exchange.rate)) },
      credits: { invoiceId: invoice.id, number: invoice.number, date: invoice.date },
    }
    const order: Order = { number: by.number, by: 'activity', date: by.date, reference: by.reference }
    return book(about, order, issueInvoice(note, { ...issuing(by.number), creditedBefore }))
  })
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
    settled: [],
  }
}
