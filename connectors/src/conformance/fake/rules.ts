import { type Decimal, isZero, parseDecimal, sum, toCents, zero } from '@uurwerk/core/shared/money.ts'
import { countBreach, rowOf, rowsOf, type SimulatorRow, takeFault, type World } from '../../contract/simulator.ts'
import type {
  AttachmentBody,
  CustomerBody,
  GeneralJournalBody,
  LedgerlyError,
  LedgerlyLine,
  Resource,
  SalesEntryBody,
} from './wire.ts'
import { type LedgerlyCode, ledgerlyWords } from './words.ts'
import { count, newId, stateOf, store } from './world.ts'

/** What Ledgerly accepts in its books, and what it makes of it. */

export type Body = CustomerBody | SalesEntryBody | GeneralJournalBody | AttachmentBody

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
  return store(world, resource, {
    ...fields,
    id: newId(
      world,
      { customers: 'cus', 'sales-entries': 'entry', 'general-journals': 'memo', attachments: 'file' }[resource],
    ),
    company,
    reference: body.reference,
    visibleAt: now + Number(hidden?.value ?? 0),
  })
}

function refuse({ world }: Booking, code: LedgerlyCode, details: Record<string, string>): never {
  throw new Refusal(says(world, code, details))
}

function fieldsOf(booking: Booking): SimulatorRow {
  const { body } = booking
  if ('content' in body) return attachmentFields(booking, body)
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
  const { world, company } = booking
  checkPeriod(booking, body)
  const customer = rowOf(world, 'customers', `${company}/${body.customer}`)
  if (!customer) refuse(booking, 'CUSTOMER_UNKNOWN', { customer: body.customer })
  if (customer.blocked) refuse(booking, 'CUSTOMER_BLOCKED', { customer: String(customer.name) })
  checkJournal(booking, body.journal, 'sales')
  for (const line of body.lines) {
    checkAccount(booking, line)
    const vatCode = rowOf(world, 'vat-codes', `${company}/${line.vatCode}`)
    if (!vatCode || vatCode.blocked) refuse(booking, 'VAT_CODE_REFUSED', { vatCode: line.vatCode ?? '' })
  }
  const vat = total(body.lines.map((line) => line.vat ?? '0'))
  const shift = takeFault(world, 'shiftGross', `POST sales-entries`)
  const gross = total([...body.lines.map((line) => line.amount), vat, String(shift?.value ?? '0')])
  return { ...body, number: numberFor(booking, body), vat, gross }
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
  const entry =
    rowOf(world, 'sales-entries', `${company}/${body.entry}`) ??
    rowOf(world, 'general-journals', `${company}/${body.entry}`)
  if (!entry) refuse(booking, 'ENTRY_UNKNOWN', { entry: body.entry })
  const { content, ...rest } = body
  return { ...rest, size: Buffer.from(content, 'base64').byteLength }
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

function checkAccount(booking: Booking, { account }: LedgerlyLine): void {
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
  const wrong = body.lines.findIndex((line) =>
    [line.amount, line.vat ?? '0'].some((amount) => parseDecimal(amount) === null),
  )
  return wrong === -1 ? undefined : `lines.${wrong}.amount`
}
