import { calendarDate, startOfMonth } from '@uurwerk/core/shared/calendar-date.ts'
import {
  type Decimal,
  decimal,
  isZero,
  parseDecimal,
  round,
  sameAmount,
  sum,
  times,
  toCents,
  zero,
} from '@uurwerk/core/shared/money.ts'
import { countBreach, rowOf, rowsOf, type SimulatorRow, takeFault, type World } from '../../contract/simulator.ts'
import type {
  AttachmentBody,
  CustomerBody,
  DocumentBody,
  GeneralJournalBody,
  LedgerlyError,
  LedgerlyInvoiceLine,
  LedgerlyLine,
  PrintingBody,
  Resource,
  SalesEntryBody,
  SalesInvoiceBody,
} from './wire.ts'
import { type LedgerlyCode, ledgerlyWords } from './words.ts'
import { count, newId, stateOf, store } from './world.ts'

/** What Ledgerly accepts in its books, and what it makes of it. */

export type Body =
  | CustomerBody
  | SalesInvoiceBody
  | PrintingBody
  | SalesEntryBody
  | GeneralJournalBody
  | DocumentBody
  | AttachmentBody

export class Refusal extends Error {
  readonly refusal: LedgerlyError
  constructor(refusal: LedgerlyError) {
    super(refusal.code)
    this.refusal = refusal
  }
}

export function says(world: World, code: LedgerlyCode, details: Record<string, string> = {}): LedgerlyError {
  const [en, nl] = ledgerlyWords[code]
  const words = stateOf(world).language === 'nl' ? nl : en
  return { code, message: words.replace(/\{(\w+)\}/g, (_, name: string) => details[name] ?? ''), details }
}

interface Booking {
  readonly world: World
  readonly company: string
  readonly resource: Resource
  readonly body: Body
  readonly now: number
}

/** Books one document or throws the refusal. */
export function book(booking: Booking): SimulatorRow {
  const { world, company, resource, body, now } = booking
  const strange = takeFault(world, 'unknownMessage', `POST ${resource}`)
  if (strange) throw new Refusal({ code: 'E-7781', message: String(strange.value ?? 'Gremlins & co. weigeren dit: €') })

  const before = rowsOf(world, resource).find((row) => row.company === company && row.reference === body.reference)
  if (before && stateOf(world).form.guard === 'unique')
    refuse(booking, 'REFERENCE_TAKEN', { reference: body.reference, existing: String(before.id) })

  const fields = fieldsOf(booking)
  if (before) countBreach(world, 'duplicate-reference')
  const hidden = takeFault(world, 'hideDocumentsFor', `POST ${resource}`)
  const prefix = prefixes[resource]
  const stored = store(world, resource, {
    ...fields,
    // A printing is known by its invoice: there is one at most.
    id: prefix === undefined ? String(fields.id) : newId(world, prefix),
    company,
    reference: body.reference,
    visibleAt: now + Number(hidden?.value ?? 0),
  })
  if (resource === 'sales-entries') openItemOf(world, company, stored)
  return stored
}

const prefixes: { readonly [R in Resource]: string | undefined } = {
  customers: 'cus',
  'sales-invoices': 'inv',
  printings: undefined,
  'sales-entries': 'entry',
  'general-journals': 'memo',
  documents: 'doc',
  attachments: 'file',
}

/** What is to be received for an entry. */
function openItemOf(world: World, company: string, entry: SimulatorRow): void {
  const { id, gross, currency } = entry
  store(world, 'open-items', {
    id: `open-${id}`,
    company,
    entry: String(id),
    outstanding: String(gross),
    currency: String(currency),
  })
}

function refuse({ world }: Booking, code: LedgerlyCode, details: Record<string, string>): never {
  throw new Refusal(says(world, code, details))
}

function fieldsOf(booking: Booking): SimulatorRow {
  const { body } = booking
  if ('content' in body) return attachmentFields(booking, body)
  if ('subject' in body) return documentFields(booking, body)
  if ('salesInvoice' in body) return printed(booking, body)
  if ('kind' in body) return invoiceFields(booking, body)
  if ('customer' in body) return entryFields(booking, body)
  if ('lines' in body) return journalFields(booking, body)
  return customerFields(booking, body)
}

function customerFields(booking: Booking, body: CustomerBody): SimulatorRow {
  const { world, company } = booking
  const taken = (code: string) => rowsOf(world, 'customers').some((row) => row.company === company && row.code === code)
  if (body.code && taken(body.code)) refuse(booking, 'CUSTOMER_CODE_TAKEN', { code: body.code })
  let code = body.code ?? String(2000 + count(world, `${company}/customer-code`))
  while (taken(code)) code = String(2000 + count(world, `${company}/customer-code`))
  return { ...body, code }
}

function entryFields(booking: Booking, body: SalesEntryBody): SimulatorRow {
  const { world } = booking
  checkPeriod(booking, body)
  checkCustomer(booking, body.customer)
  checkJournal(booking, body.journal, 'sales')
  for (const line of body.lines) {
    checkAccount(booking, line)
    vatCodeOf(booking, line)
  }
  const vat = total(body.lines.map((line) => line.vat ?? '0'))
  const shift = takeFault(world, 'shiftGross', `POST sales-entries`)
  const gross = total([...body.lines.map((line) => line.amount), vat, String(shift?.value ?? '0')])
  return { ...body, number: numberFor(booking, body), vat, gross }
}

/** An invoice of Ledgerly itself: it computes every amount, and gives a number only when it is printed. */
function invoiceFields(booking: Booking, body: SalesInvoiceBody): SimulatorRow {
  const { world } = booking
  checkCustomer(booking, body.customer)
  checkJournal(booking, body.journal, 'sales')
  const lines = body.lines.map((line) => {
    const item = itemOf(booking, line)
    const amount = toCents(times(decimal(line.quantity), decimal(line.price)))
    const rate = decimal(String(vatCodeOf(booking, line).percentage))
    return { ...line, account: String(item.account), amount, vat: toCents(times(amount, times(rate, decimal('0.01')))) }
  })
  for (const line of lines) checkAccount(booking, line)
  const vat = total(lines.map((line) => line.vat))
  const shift = takeFault(world, 'shiftGross', `POST sales-invoices`)
  const gross = total([...lines.map(({ amount }) => amount), vat, String(shift?.value ?? '0')])
  return { ...body, lines, vat, gross, state: 'open' }
}

/** Printing gives an invoice its number and books it; both stay for ever. */
function printed(booking: Booking, { salesInvoice: id, date }: PrintingBody): SimulatorRow {
  const { world, company } = booking
  const invoice = rowOf(world, 'sales-invoices', `${company}/${id}`)
  if (!invoice) refuse(booking, 'INVOICE_UNKNOWN', { invoice: id })
  if (invoice.state === 'printed') refuse(booking, 'INVOICE_PRINTED', { invoice: id })
  const period = startOfMonth(calendarDate(date)).slice(0, 7)
  checkPeriod(booking, { period, date })
  const { reference, version, visibleAt, ...rest } = invoice
  const scope = `${invoice.journal}/${period.slice(0, 4)}`
  const number =
    stateOf(world).form.numbers === 'none'
      ? count(world, `${company}/${scope}`)
      : highestNumber(world, company, scope) + 1
  const entry = newId(world, 'entry')
  const booked = { ...rest, id: entry, company, number, period, invoice: String(number), salesInvoice: id }
  openItemOf(world, company, store(world, 'sales-entries', booked))
  store(world, 'sales-invoices', { ...invoice, id, company, number, state: 'printed', entry })
  const { customer, due, currency, gross, vat } = invoice
  return {
    id,
    salesInvoice: id,
    customer,
    date: invoice.date,
    due,
    currency,
    gross,
    vat,
    number,
    state: 'printed',
    entry,
  }
}

/** A person prints it: the same, under no reference of ours. */
export function printByHand(world: World, company: string, id: string, date: string, now: number): void {
  const body = { reference: '', salesInvoice: id, date }
  store(world, 'printings', { ...printed({ world, company, resource: 'printings', body, now }, body), id, company })
}

function documentFields(booking: Booking, body: DocumentBody): SimulatorRow {
  const { world, company } = booking
  if (!rowOf(world, 'sales-entries', `${company}/${body.entry}`))
    refuse(booking, 'ENTRY_UNKNOWN', { entry: body.entry })
  checkCustomer(booking, body.customer)
  const { amount, ...rest } = body
  return { ...rest, gross: amount }
}

function journalFields(booking: Booking, body: GeneralJournalBody): SimulatorRow {
  checkPeriod(booking, body)
  checkJournal(booking, body.journal, 'general')
  for (const line of body.lines) checkAccount(booking, line)
  const difference = total(body.lines.map((line) => line.amount))
  if (!isZero(difference)) refuse(booking, 'NOT_BALANCED', { difference })
  return { ...body, number: numberFor(booking, body), gross: '0.00', vat: '0.00' }
}

function attachmentFields(booking: Booking, body: AttachmentBody): SimulatorRow {
  const { world, company } = booking
  const stands = (table: Resource) => rowOf(world, table, `${company}/${body.parent}`) !== undefined
  if (stateOf(world).form.files === 'document') {
    if (!stands('documents')) refuse(booking, 'DOCUMENT_UNKNOWN', { document: body.parent })
  } else if (!stands('sales-entries') && !stands('general-journals'))
    refuse(booking, 'ENTRY_UNKNOWN', { entry: body.parent })
  const size = Buffer.from(body.content, 'base64').byteLength
  if (size === 0) refuse(booking, 'FILE_EMPTY', { file: body.fileName })
  return { ...body, size }
}

function checkCustomer(booking: Booking, id: string): void {
  const customer = rowOf(booking.world, 'customers', `${booking.company}/${id}`)
  if (!customer) refuse(booking, 'CUSTOMER_UNKNOWN', { customer: id })
  const named = { customer: String(customer.name) }
  if (customer.blocked) refuse(booking, 'CUSTOMER_BLOCKED', named)
  if (customer.prospect) refuse(booking, 'CUSTOMER_PROSPECT', named)
}

function itemOf(booking: Booking, line: LedgerlyInvoiceLine): SimulatorRow {
  const item = rowOf(booking.world, 'items', `${booking.company}/${line.item}`)
  if (!item) refuse(booking, 'ITEM_UNKNOWN', { item: line.item })
  const named = { item: String(item.name) }
  if (item.blocked) refuse(booking, 'ITEM_BLOCKED', named)
  const isWhole = sameAmount(decimal(line.quantity), round(decimal(line.quantity), 0))
  if (item.whole && !isWhole) refuse(booking, 'ITEM_WHOLE', named)
  return item
}

function vatCodeOf(booking: Booking, { vatCode }: { vatCode?: string | undefined }): SimulatorRow {
  const row = rowOf(booking.world, 'vat-codes', `${booking.company}/${vatCode}`)
  const named = { vatCode: vatCode ?? '' }
  if (!row || row.blocked) refuse(booking, 'VAT_CODE_REFUSED', named)
  if (row.including) refuse(booking, 'VAT_CODE_INCLUDING', named)
  return row
}

function checkPeriod(booking: Booking, { period, date }: { period: string; date: string }): void {
  const row = rowOf(booking.world, 'periods', `${booking.company}/${period}`)
  if (!row) refuse(booking, 'YEAR_MISSING', { date })
  if (row.closed) refuse(booking, 'PERIOD_CLOSED', { period })
}

function checkJournal(booking: Booking, journal: string, kind: 'sales' | 'general'): void {
  const row = rowOf(booking.world, 'journals', `${booking.company}/${journal}`)
  if (row?.kind !== kind) refuse(booking, 'JOURNAL_UNKNOWN', { journal })
}

function checkAccount(booking: Booking, { account }: Pick<LedgerlyLine, 'account'>): void {
  const row = rowOf(booking.world, 'ledger-accounts', `${booking.company}/${account}`)
  if (!row) refuse(booking, 'ACCOUNT_UNKNOWN', { account })
  if (row.blocked) refuse(booking, 'ACCOUNT_BLOCKED', { account })
}

/** Reserved numbers are the client's and unique per journal and year; else the package counts itself. */
function numberFor(booking: Booking, body: SalesEntryBody | GeneralJournalBody): number {
  const { world, company, resource } = booking
  const scope = `${body.journal}/${body.period.slice(0, 4)}`
  if (stateOf(world).form.numbers === 'none') return count(world, `${company}/${scope}`)
  const { number } = body
  if (number === undefined || !Number.isInteger(number) || number < 1) refuse(booking, 'NUMBER_MISSING', {})
  const holder = rowsOf(world, resource).find(
    (row) => row.company === company && row.number === number && scopeOf(row) === scope,
  )
  if (holder)
    refuse(booking, 'NUMBER_TAKEN', { number: String(number), scope, takenBy: String(holder.reference ?? '') })
  return number
}

const scopeOf = (row: SimulatorRow): string => `${row.journal}/${String(row.period).slice(0, 4)}`

export function highestNumber(world: World, company: string, scope: string): number {
  const numbers = ['sales-entries', 'general-journals'].flatMap((resource) =>
    rowsOf(world, resource).filter((row) => row.company === company && scopeOf(row) === scope),
  )
  return numbers.reduce((highest, row) => Math.max(highest, Number(row.number)), 0)
}

const total = (amounts: readonly string[]): Decimal =>
  toCents(sum(amounts.map((amount) => parseDecimal(amount) ?? zero)))

/** Whether every amount is written as a decimal; the first that is not is named. */
export function wrongAmount(body: Body): string | undefined {
  if (!('lines' in body)) return undefined
  const amountsOf = (line: LedgerlyLine | LedgerlyInvoiceLine) =>
    'price' in line ? [line.quantity, line.price] : [line.amount, line.vat ?? '0']
  const wrong = body.lines.findIndex((line) => amountsOf(line).some((amount) => parseDecimal(amount) === null))
  return wrong === -1 ? undefined : `lines.${wrong}.amount`
}
