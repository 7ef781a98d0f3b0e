import type { Invoice, InvoiceLine } from '../invoicing/invoice.ts'
import type { VatTreatment } from '../invoicing/vat-cases.ts'
import { assert } from '../shared/assert.ts'
import { type CalendarDate, monthOf } from '../shared/calendar-date.ts'
import {
  absolute,
  add,
  type Currency,
  type Decimal,
  decimal,
  distributeCents,
  isNegative,
  isZero,
  type Money,
  sameAmount,
  subtract,
  sum,
  times,
  toCents,
  zero,
} from '../shared/money.ts'
import type { Problem } from '../shared/problem.ts'
import { type PostingRule, ruleFor } from './posting-rules.ts'
import { type ItemMapping, itemOf } from './sales-entry-from-invoice.ts'

/**
 * What was invoiced as entries of a sales journal, as the XML Auditfile Financieel (XAF 3.2) tells it: one transaction
 * for each invoice and credit note, debit equal to credit to the cent.
 */
export interface AuditTransaction {
  /** As printed on the invoice. */
  readonly number: string
  readonly date: CalendarDate
  /** 1 is January: the bookkeeping period. */
  readonly month: number
  readonly customerId: string
  readonly description: string
  readonly lines: readonly AuditLine[]
}

export type Side = 'debit' | 'credit'

export interface AuditLine {
  readonly account: AuditAccount
  readonly description: string
  readonly side: Side
  /** Cents of the firm's currency, never below zero. */
  readonly amount: Decimal
  /** On the customer's own line alone. */
  readonly customerId?: string
  /** The customer's order number, on his own line. */
  readonly orderNumber?: string
  /** The VAT over this line; it stands on lines of its own as well. */
  readonly vat?: { readonly code: AuditVatCode; readonly rate: Decimal; readonly side: Side; readonly amount: Decimal }
  /** The same amount in the currency of the invoice, never below zero. */
  readonly foreign?: Money
}

export interface AuditAccount {
  readonly id: string
  readonly description: string
  /** `mixed`: the package does not tell balance from result. */
  readonly kind: 'balance' | 'result' | 'mixed'
}

export interface AuditVatCode {
  readonly id: string
  readonly description: string
  /** Of codes of our own: the account on which its VAT is owed, where there is any. */
  readonly owedOn?: string
}

/** What accounts and codes of our own are called. */
export interface AuditWords {
  readonly debtors: string
  readonly rounding: string
  revenue(treatment: VatTreatment): string
  vatOwed(treatment: VatTreatment): string
  vat(treatment: VatTreatment, rate: Decimal): string
  transaction(invoice: Invoice): string
}

/** How the accounting package in use books sales; without a package all of it is empty, and every account is our own. */
export interface AuditBooks {
  /** Of the firm. */
  readonly currency: Currency
  readonly items: ItemMapping
  readonly rules: readonly PostingRule[]
  /** By the id that the rules name. */
  readonly accounts: ReadonlyMap<string, AuditAccount>
  readonly vatCodes: ReadonlyMap<string, Pick<AuditVatCode, 'id' | 'description'>>
  readonly words: AuditWords
}

/** What accounts and codes of our own begin with, so that nobody takes them for those of his books. */
export const ownPrefix = 'UW-'
/** The longest that an id may be (XAF 3.2, IdentificationString35). */
export const longestId = 35

/**
 * A sent invoice as a transaction: the customer owes gross, revenue is net by account, VAT code and rate, VAT by
 * treatment and rate. Another currency is converted at the rate of the invoice; what the rounding of three amounts leaves
 * over stands on a line of its own.
 *
 * Problem: `audit-file-no-rate` (`setup`; `number`, `currency`, `firmCurrency`) the invoice has no rate to the firm's currency.
 */
export function auditTransaction(
  invoice: Invoice,
  books: AuditBooks,
): { readonly transaction: AuditTransaction } | { readonly problem: Problem } {
  const { number, totals, currency, exchange, customer } = invoice
  assert(number && invoice.state !== 'draft', 'only what was sent is in an audit file')
  const isForeign = currency !== books.currency
  if (isForeign && (!exchange || invoice.firm.currency !== books.currency)) {
    const values = { number, currency, firmCurrency: books.currency }
    return { problem: { kind: 'setup', code: 'audit-file-no-rate', values } }
  }
  const rate = isForeign && exchange ? exchange.rate : decimal('1')
  const owedVat = isForeign && exchange ? exchange.vat : totals.vat
  const converted = (amount: Decimal) => toCents(times(amount, rate))
  const foreign = (amount: Decimal) => (isForeign ? { foreign: { amount: toCents(absolute(amount)), currency } } : {})

  const groups = revenueGroups(invoice, books)
  const gross = converted(totals.gross)
  const net = converted(totals.net)
  const nets = distributeCents(
    net,
    groups.map((group) => times(group.net, rate)),
  )
  const vats = distributeCents(
    owedVat,
    groups.map((group) => times(group.vat, rate)),
  )
  const revenue = groups.map((group, index): AuditLine => {
    const vat = vats[index] ?? zero
    return {
      account: group.account,
      description: group.description,
      ...credited(nets[index] ?? zero, group.net),
      vat: { code: group.vatCode, rate: group.rate, ...credited(vat, group.vat) },
      ...foreign(group.net),
    }
  })
  const owed = [...Map.groupBy(groups.keys(), (index) => rateKey(groups[index] as Group)).values()].flatMap(
    (indexes): AuditLine[] => {
      const { treatment, rate: percent } = groups[indexes[0] as number] as Group
      const vat = toCents(sum(indexes.map((index) => vats[index] ?? zero)))
      if (isZero(vat)) return []
      const ofGroups = sum(indexes.map((index) => (groups[index] as Group).vat))
      const description = books.words.vat(treatment, percent)
      return [
        { account: vatAccount(treatment, books.words), description, ...credited(vat, ofGroups), ...foreign(ofGroups) },
      ]
    },
  )
  const left = subtract(gross, add(net, owedVat))
  const rounding: AuditLine[] = isZero(left)
    ? []
    : [{ account: roundingAccount(books.words), description: books.words.rounding, ...credited(left) }]
  const description = books.words.transaction(invoice)
  const debtor: AuditLine = {
    account: { id: `${ownPrefix}DEBTORS`, description: books.words.debtors, kind: 'balance' },
    description: customer.name,
    ...debited(gross, totals.gross),
    customerId: customer.id,
    ...(invoice.orderNumber ? { orderNumber: invoice.orderNumber } : {}),
    ...foreign(totals.gross),
  }
  const lines = [debtor, ...revenue, ...owed, ...rounding]
  assert(sameAmount(sumOf(lines, 'debit'), sumOf(lines, 'credit')), `debit and credit of ${number} differ`)
  const { date } = invoice
  return { transaction: { number, date, month: monthOf(date), customerId: customer.id, description, lines } }
}

interface Group {
  readonly account: AuditAccount
  readonly vatCode: AuditVatCode
  readonly treatment: VatTreatment
  readonly rate: Decimal
  readonly description: string
  readonly net: Decimal
  readonly vat: Decimal
}

const rateKey = ({ treatment, rate }: Pick<Group, 'treatment' | 'rate'>) => `${treatment} ${decimal(rate)}`

/** The lines that are booked alike, in the order of the invoice. */
function revenueGroups({ lines }: Invoice, books: AuditBooks): readonly Group[] {
  const booked = lines.map((line) => ({ line, ...placeOf(line, books) }))
  const alike = Map.groupBy(booked, ({ line, account, vatCode }) =>
    JSON.stringify([account.id, vatCode.id, line.vatTreatment, decimal(line.vatRate)]),
  )
  return [...alike.values()].flatMap(([first, ...more]): Group[] => {
    if (!first) return []
    const { account, vatCode, line } = first
    const own = [first, ...more].map((one) => one.line)
    return [
      {
        account,
        vatCode,
        treatment: line.vatTreatment,
        rate: decimal(line.vatRate),
        description: more.length > 0 ? `${line.description} (+ ${more.length})` : line.description,
        net: toCents(sum(own.map(({ net }) => net))),
        vat: toCents(sum(own.map(({ vat }) => vat))),
      },
    ]
  })
}

/** As the posting rule of the line says; where there is none, an account and a code of our own that say what they are. */
function placeOf(line: InvoiceLine, books: AuditBooks): Pick<Group, 'account' | 'vatCode'> {
  const { vatTreatment: treatment, vatRate } = line
  const found = itemOf(line, books.items)
  const rule = 'item' in found ? ruleFor(books.rules, found.item, treatment) : undefined
  const account = books.accounts.get(rule?.ledgerAccount ?? '')
  const vatCode = books.vatCodes.get(rule?.vatCode ?? '')
  return {
    account: account && fits(account.id) ? account : revenueAccount(treatment, books.words),
    vatCode: vatCode && fits(vatCode.id) ? vatCode : ownVatCode(treatment, vatRate, books.words),
  }
}

const fits = (id: string): boolean => id !== '' && [...id].length <= longestId

const revenueAccount = (treatment: VatTreatment, words: AuditWords): AuditAccount =>
  treatment === 'disbursement'
    ? { id: `${ownPrefix}DISBURSEMENTS`, description: words.revenue(treatment), kind: 'balance' }
    : { id: `${ownPrefix}REVENUE-${treatment}`, description: words.revenue(treatment), kind: 'result' }

const vatAccount = (treatment: VatTreatment, words: AuditWords): AuditAccount => ({
  id: `${ownPrefix}VAT-${treatment}`,
  description: words.vatOwed(treatment),
  kind: 'balance',
})

const roundingAccount = (words: AuditWords): AuditAccount => ({
  id: `${ownPrefix}ROUNDING`,
  description: words.rounding,
  kind: 'result',
})

const ownVatCode = (treatment: VatTreatment, rate: Decimal, words: AuditWords): AuditVatCode => ({
  id: `${ownPrefix}${treatment}-${decimal(rate)}`,
  description: words.vat(treatment, rate),
  owedOn: vatAccount(treatment, words).id,
})

/** On the credit side; below zero on the debit side. What converts to nothing keeps the side it had in its own currency. */
const credited = (amount: Decimal, original = amount): Pick<AuditLine, 'side' | 'amount'> => ({
  side: isNegative(isZero(amount) ? original : amount) ? 'debit' : 'credit',
  amount: toCents(absolute(amount)),
})
const debited = (amount: Decimal, original = amount): Pick<AuditLine, 'side' | 'amount'> => ({
  side: isNegative(isZero(amount) ? original : amount) ? 'credit' : 'debit',
  amount: toCents(absolute(amount)),
})

const sumOf = (lines: readonly AuditLine[], side: Side): Decimal =>
  sum(lines.filter((line) => line.side === side).map(({ amount }) => amount))

/** What the head of the file says of all transactions in it: gathered one by one, so that none is kept. */
export class AuditTotals {
  readonly accounts = new Map<string, AuditAccount>()
  readonly vatCodes = new Map<string, AuditVatCode>()
  readonly customerIds = new Set<string>()
  transactions = 0
  lines = 0
  debit: Decimal = zero
  credit: Decimal = zero

  add({ lines, customerId }: AuditTransaction): void {
    this.transactions += 1
    this.lines += lines.length
    this.debit = add(this.debit, sumOf(lines, 'debit'))
    this.credit = add(this.credit, sumOf(lines, 'credit'))
    this.customerIds.add(customerId)
    for (const { account, vat } of lines) {
      if (!this.accounts.has(account.id)) this.accounts.set(account.id, account)
      if (vat && !this.vatCodes.has(vat.code.id)) this.vatCodes.set(vat.code.id, vat.code)
    }
  }
}
