import type { CalendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { type Decimal, decimal, isZero, round, sameAmount } from '@uurwerk/core/shared/money.ts'
import type { Problem } from '@uurwerk/core/shared/problem.ts'
import type { Known, TheirId } from '../contract/contract.ts'
import type { BookedLine, SalesEntryDoc, SalesInvoiceDoc } from '../contract/documents.ts'
import type { CustomerRow, PeriodRow } from '../contract/rows.ts'
import { manifest } from './manifest.ts'

const { lengths } = manifest

type SalesDoc = SalesEntryDoc | SalesInvoiceDoc

/** Every refusal of a sales entry that can be known from the lists as last read. */
export const salesEntryProblems = (entry: SalesEntryDoc, known: Known): readonly Problem[] => [
  ...numberProblems(entry),
  ...headProblems(entry, known),
  ...periodProblems(entry, known),
  ...entry.lines.flatMap((line, index) => lineProblems(line, index, known)),
]

/** The same for an invoice that Exact Online makes: its lines sell items, and it is booked only when it is printed. */
export const salesInvoiceProblems = (
  invoice: SalesInvoiceDoc,
  known: Known,
  { prints }: { readonly prints: boolean },
): readonly Problem[] => [
  ...orderNumberProblems(invoice),
  ...headProblems(invoice, known),
  ...billToProblems(invoice, known),
  ...(prints ? periodProblems(invoice, known) : []),
  ...invoice.lines.flatMap((line, index) => [
    ...itemProblems(line, index, known),
    ...lineProblems({ ...line, ledgerAccount: accountOf(line, known) ?? '' }, index, known),
  ]),
]

const headProblems = (document: SalesDoc, known: Known): readonly Problem[] => [
  ...customerProblems(document, known),
  ...journalProblems(document, known),
  ...paymentProblems(document, known),
]

const lineProblems = (line: BookedLine, index: number, known: Known): readonly Problem[] => [
  ...ledgerAccountProblems(line, index, known),
  ...vatProblems(line, index, known),
  ...dimensionProblems(line, index, known),
]

/** The posting rule's account, else the item's own: Exact Online takes that one when none is named. */
const accountOf = (line: BookedLine, known: Known): TheirId | undefined =>
  line.ledgerAccount || known.row('items', line.item)?.ledgerAccount

const setup = (code: string, pointer: string, values: Record<string, string> = {}): Problem => ({
  kind: 'setup',
  code,
  values,
  fields: [{ pointer, code }],
})
const refused = (code: string, pointer: string, values: Record<string, string> = {}): Problem => ({
  ...setup(code, pointer, values),
  kind: 'refused',
})

const numberProblems = ({ invoiceNumber }: SalesEntryDoc): Problem[] =>
  invoiceNumber.length > lengths.reference
    ? [refused('reference-too-long', '/invoiceNumber', { number: invoiceNumber, most: String(lengths.reference) })]
    : []

const orderNumberProblems = ({ orderNumber = '' }: SalesInvoiceDoc): Problem[] =>
  orderNumber.length > lengths.reference
    ? [refused('field-too-long', '/orderNumber', { field: orderNumber, most: String(lengths.reference) })]
    : []

function customerProblems({ customer, customerName }: SalesDoc, known: Known): Problem[] {
  const id = known.id('customer', customer)
  if (id === undefined) return [setup('customer-missing', '/customer', { customer: customerName })]
  return accountProblems(known.row('customers', id), customerName)
}

function accountProblems(row: CustomerRow | undefined, customer: string): Problem[] {
  const pointer = '/customer'
  if (!row) return []
  if (row.isEnded) return [refused('customer-ended', pointer, { customer })]
  if (!row.isCustomer) return [refused('customer-not-customer', pointer, { customer })]
  return row.isBlocked ? [refused('customer-blocked', pointer, { customer })] : []
}

/** The account that invoices of this customer go to, where that is another. */
function billToProblems({ customer }: SalesInvoiceDoc, known: Known): Problem[] {
  const billTo = known.row('customers', known.id('customer', customer) ?? '')?.billTo
  const row = billTo === undefined ? undefined : known.row('customers', billTo)
  return accountProblems(row, row?.name ?? '')
}

/** Why an item may not stand on a line, by what Exact Online would say of it. */
const itemCodes: Readonly<Record<string, string>> = {
  'not-for-sale': 'item-blocked',
  blocked: 'item-blocked',
  ended: 'item-ended',
  'not-started': 'item-ended',
  'no-fractions': 'quantity-not-whole',
}

function itemProblems(line: BookedLine, index: number, known: Known): Problem[] {
  const values = { line: String(index + 1), text: line.description }
  const row = known.row('items', line.item)
  if (!row) return [setup('item-unknown', `/lines/${index}/item`, values)]
  // An item without fractions takes whole numbers.
  if (row.unusable === undefined || (row.unusable === 'no-fractions' && isWhole(line.quantity))) return []
  const code = itemCodes[row.unusable] ?? 'item-blocked'
  return [setup(code, `/lines/${index}/item`, { ...values, item: `${row.code} ${row.name}`, quantity: line.quantity })]
}

const isWhole = (quantity: Decimal): boolean => sameAmount(quantity, round(quantity, 0))

function journalProblems({ journal, currency }: SalesDoc, known: Known): Problem[] {
  const pointer = '/journal'
  const row = known.row('journals', journal)
  if (!row) return [setup('journal-unknown', pointer, { journal })]
  const values = { journal: `${row.code} ${row.name}` }
  if (row.kind !== 'sales') return [setup('journal-type', pointer, values)]
  if (row.unusable) return [setup('journal-blocked', pointer, values)]
  const isOther = row.currency !== undefined && row.currency !== currency && !row.allowsOtherCurrency
  return isOther ? [setup('journal-currency', '/currency', { ...values, currency })] : []
}

const ownPaymentTerm = ({ customer }: SalesDoc, known: Known): TheirId | undefined =>
  known.row('customers', known.id('customer', customer) ?? '')?.paymentTerm

/** The customer's own there; the chosen one is for customers without. */
export const paymentTermFor = (document: SalesDoc, known: Known): TheirId | undefined =>
  ownPaymentTerm(document, known) ?? document.paymentTerm

/** The customer's own is Exact Online's to know. */
function paymentProblems(document: SalesDoc, known: Known): Problem[] {
  const { paymentTerm } = document
  if (paymentTerm === undefined || ownPaymentTerm(document, known) !== undefined) return []
  return known.rows('paymentTerms').length > 0 && !known.row('paymentTerms', paymentTerm)
    ? [setup('payment-condition-unknown', '/paymentTerm', { paymentCondition: paymentTerm })]
    : []
}

export const periodAt = (date: CalendarDate, periods: readonly PeriodRow[]): PeriodRow | undefined =>
  periods.find((period) => period.from <= date && date <= period.until)

function periodProblems(
  { date, bookIn, journal }: Pick<SalesEntryDoc, 'date' | 'bookIn' | 'journal'>,
  known: Known,
): Problem[] {
  const periods = known.rows('periods')
  const pointer = bookIn === undefined ? '/date' : '/bookIn'
  const day = bookIn ?? date
  // The list starts last year: what lies before it is Exact Online's to judge, unless the period itself must be named.
  const isBeforeList = periods.every((period) => day < period.from)
  const period = periodAt(day, periods)
  if (!period) {
    return isBeforeList && bookIn === undefined ? [] : [refused('financial-year-missing', pointer, { date: day })]
  }
  const isClosed = period.closedIn.includes('*') || period.closedIn.includes(journal)
  return isClosed ? [refused('period-closed', pointer, { period: period.code, date: day })] : []
}

function ledgerAccountProblems(line: BookedLine, index: number, known: Known): Problem[] {
  const pointer = `/lines/${index}/ledgerAccount`
  const row = known.row('ledgerAccounts', line.ledgerAccount)
  const place = { line: String(index + 1), item: line.description }
  if (line.ledgerAccount === '') return [setup('ledger-account-missing', pointer, place)]
  if (!row) return [setup('ledger-account-unknown', pointer, { ...place, account: line.ledgerAccount })]
  const values = { ...place, account: `${row.code} ${row.name}` }
  if (row.unusable) return [setup('ledger-account-blocked', pointer, values)]
  if (row.kind === 'control') return [setup('ledger-account-type', pointer, values)]
  return [
    ...useProblems(row.costCentre, line.costCentre, `/lines/${index}/costCentre`, 'cost-centre-missing', values),
    ...useProblems(row.costUnit, line.costUnit, `/lines/${index}/costUnit`, 'cost-unit-missing', values),
  ]
}

function useProblems(
  use: 'optional' | 'mandatory' | 'none',
  given: string | undefined,
  pointer: string,
  missing: 'cost-centre-missing' | 'cost-unit-missing',
  values: Record<string, string>,
): Problem[] {
  if (use === 'mandatory' && given === undefined) return [setup(missing, pointer, values)]
  return use === 'none' && given !== undefined ? [setup('cost-centre-link', pointer, values)] : []
}

function vatProblems(line: BookedLine, index: number, known: Known): Problem[] {
  const pointer = `/lines/${index}/vatCode`
  const row = known.row('vatCodes', line.vatCode)
  const values = { line: String(index + 1), item: line.description, vatCode: line.vatCode }
  if (!row) return [setup('vat-code-unknown', pointer, values)]
  if (row.unusable === 'blocked') return [setup('vat-code-blocked', pointer, values)]
  if (row.kind === 'including') return [setup('vat-code-including', pointer, values)]
  if (row.side === 'purchase') return [setup('vat-code-not-allowed', pointer, values)]
  if (row.unusable) return [setup('vat-code-not-understood', pointer, values)]
  const takesVat = row.kind === 'excluding' && !row.reverseCharge
  if (!takesVat) return isZero(line.vat) ? [] : [setup('vat-amount-without-vat', pointer, values)]
  // Nothing against something is another code, not the percentage of another year.
  const isOther = isZero(line.vatRate) !== isZero(decimal(row.percentage))
  return isOther ? [setup('vat-percentage', pointer, { ...values, ours: line.vatRate, theirs: row.percentage })] : []
}

/** A percentage that is not ours may be an older or newer one of the same code: shown, not refused. */
export function vatNotes(document: SalesDoc, known: Known): Problem[] {
  return document.lines.flatMap((line, index) => {
    const row = known.row('vatCodes', line.vatCode)
    if (row?.kind !== 'excluding' || row.reverseCharge) return []
    if (sameAmount(decimal(row.percentage), line.vatRate)) return []
    const values = { line: String(index + 1), vatCode: row.code, ours: line.vatRate, theirs: row.percentage }
    return [setup('vat-percentage', `/lines/${index}/vatCode`, values)]
  })
}

function dimensionProblems(line: BookedLine, index: number, known: Known): Problem[] {
  const rows = known.rows('dimensions')
  if (rows.length === 0) return []
  const isUsable = (kind: 'costCentre' | 'costUnit', code: string) =>
    rows.some((row) => row.kind === kind && row.code === code && !row.isEnded)
  return (['costCentre', 'costUnit'] as const).flatMap((kind) => {
    const code = line[kind]
    if (code === undefined || isUsable(kind, code)) return []
    return [setup('cost-centre-unknown', `/lines/${index}/${kind}`, { line: String(index + 1), code })]
  })
}
