import { assert } from '../shared/assert.ts'
import type { CalendarDate } from '../shared/calendar-date.ts'
import { add, compare, isNegative, isZero, sameAmount, sum, zero } from '../shared/money.ts'
import type { Problem } from '../shared/problem.ts'
import { type CreditedBase, creditTotals } from './credit-note.ts'
import type { Invoice, InvoiceLine } from './invoice.ts'
import { formatNumber, type NumberLimit, numberFits, parseSeries } from './number-series.ts'
import { invoiceTotals, lineNet } from './totals.ts'
import { needsVatId, partsOf, type VatTreatment, vatCategoryOf, vatRateFor } from './vat-cases.ts'

export interface IssueContext {
  /** The firm's number series for this kind of document. */
  readonly series: string
  /** The number it would get. */
  readonly counter: number
  /** Date of the last one sent in the same series; null when this is the first. */
  readonly previousDate: CalendarDate | null
  /** What the active accounting package can hold as a number. */
  readonly numberLimit?: NumberLimit
  /** For a credit note: what those sent before it took back of the same invoice. */
  readonly creditedBefore?: readonly CreditedBase[]
}

const setup = (code: string, values: Record<string, string> = {}): Problem => ({ kind: 'setup', code, values })
const input = (code: string, values: Record<string, string> = {}): Problem => ({ kind: 'input', code, values })

/**
 * Everything that keeps an invoice or credit note from being sent; empty when it may go. Problems of the customer and
 * the firm are `setup`, of the invoice itself `input`, of its state `conflict`. A line is named by its `line`, from 1.
 */
export function problemsBeforeSending(invoice: Invoice, context: IssueContext): readonly Problem[] {
  return [
    ...stateProblems(invoice),
    ...partyProblems(invoice),
    ...dateProblems(invoice, context),
    ...invoice.lines.flatMap((line, index) => lineProblems(invoice, line, String(index + 1))),
    ...totalProblems(invoice, context),
    ...numberProblems(invoice, context),
  ]
}

function stateProblems({ state, lines }: Invoice): Problem[] {
  if (state !== 'draft') return [{ kind: 'conflict', code: 'invoice-not-draft', values: { state } }]
  return lines.length === 0 ? [input('invoice-empty')] : []
}

function partyProblems({ customer, firm, lines }: Invoice): Problem[] {
  const problems: Problem[] = []
  const { name } = customer
  if (!isComplete(customer.address)) problems.push(setup('customer-address-missing', { customer: name }))
  if (!isComplete(firm.address)) problems.push(setup('firm-address-missing'))
  // Directive 2006/112/EC, art. 226(3) and (4)
  if (!firm.vatId && lines.some((line) => vatCategoryOf(line.vatTreatment) !== 'E'))
    problems.push(setup('firm-vat-id-missing'))
  if (!customer.vatId && lines.some((line) => needsVatId(partsOf(line.vatTreatment).vatCase)))
    problems.push(setup('vat-id-missing', { customer: name }))
  return problems
}

const isComplete = (address: Invoice['customer']['address']): boolean =>
  address !== null && [address.street, address.city, address.country].every((part) => part.trim() !== '')

function dateProblems(invoice: Invoice, { previousDate }: IssueContext): Problem[] {
  const { date, dueDate, currency, firm, exchange, credits } = invoice
  const problems: Problem[] = []
  if (credits && date < credits.date)
    problems.push(input('credit-before-invoice', { date, number: credits.number, invoiceDate: credits.date }))
  if (previousDate && date < previousDate)
    problems.push(input('date-before-previous', { date, previous: previousDate }))
  if (dueDate < date) problems.push(input('due-date-before-date', { date, dueDate }))
  if (currency !== firm.currency && !exchange) problems.push(setup('exchange-rate-missing', { currency, date }))
  // Fixed at the invoice date: of that day, or the last one published before it.
  if (exchange && exchange.date > date) problems.push(input('exchange-date-later', { date, rateDate: exchange.date }))
  return problems
}

function lineProblems({ firm }: Invoice, line: InvoiceLine, place: string): Problem[] {
  const problems: Problem[] = []
  const where = { line: place, description: line.description }
  if (line.description.trim() === '') problems.push(input('line-description-missing', { line: place }))
  if (!sameAmount(line.net, lineNet(line))) problems.push(input('line-net-differs', { ...where, net: line.net }))
  if (line.deducts && !isZero(add(line.net, line.deducts.left)))
    problems.push(input('deduction-outdated', { ...where, number: line.deducts.number }))
  const [first, last] = [line.supplyFrom, line.supplyUntil].map((day) =>
    vatRateFor(line.vatTreatment, firm.country, day),
  )
  const vat = { ...where, vatTreatment: line.vatTreatment, rate: line.vatRate, date: line.supplyFrom }
  if (!first || !sameAmount(first.rate, line.vatRate)) problems.push(input('vat-rate-not-valid', vat))
  else if (first.since !== last?.since)
    problems.push(input('vat-rate-change-crossed', { ...vat, until: line.supplyUntil }))
  return problems
}

function totalProblems({ kind, lines, totals }: Invoice, { creditedBefore = [] }: IssueContext): Problem[] {
  const problems: Problem[] = []
  const taxed = lines.map((line) => ({ ...line, rate: line.vatRate }))
  const computed =
    kind === 'credit' ? creditTotals<VatTreatment>(taxed, creditedBefore) : invoiceTotals<VatTreatment>(taxed)
  const agree =
    sameAmount(computed.gross, totals.gross) &&
    sameAmount(computed.vat, totals.vat) &&
    lines.every((line, index) => sameAmount(line.vat, computed.lineVat[index] ?? zero))
  if (!agree) problems.push(input('totals-differ', { gross: totals.gross, computed: computed.gross }))
  if (kind === 'invoice' && isNegative(totals.gross))
    problems.push(input('invoice-total-negative', { gross: totals.gross }))
  if (kind === 'credit' && compare(totals.gross, zero) > 0)
    problems.push(input('credit-total-positive', { gross: totals.gross }))
  // On an e-invoice, outside scope stands alone (EN 16931, BR-O-11 to BR-O-14).
  const outside = lines.filter((line) => line.vatTreatment === 'outside-eu').length
  if (outside > 0 && outside < lines.length) problems.push(input('outside-eu-mixed'))
  return problems
}

function numberProblems({ date }: Invoice, { series, counter, numberLimit = 'none' }: IssueContext): Problem[] {
  const parsed = parseSeries(series)
  if ('problem' in parsed) return [setup(parsed.problem, { series })]
  const number = formatNumber(series, { date, counter })
  return numberFits(number, numberLimit) ? [] : [setup('number-does-not-fit', { number, limit: numberLimit })]
}

/** Gives the number; from here on nothing changes. Only for an invoice without problems. */
export function issueInvoice(invoice: Invoice, context: IssueContext): Invoice & { readonly number: string } {
  const problems = problemsBeforeSending(invoice, context)
  assert(problems.length === 0, `not to be sent: ${problems.map(({ code }) => code).join(', ')}`)
  assert(sameAmount(sum(invoice.lines.map((line) => line.net)), invoice.totals.net), 'lines and totals differ')
  const number = formatNumber(context.series, { date: invoice.date, counter: context.counter })
  return { ...invoice, state: 'sent', number }
}
