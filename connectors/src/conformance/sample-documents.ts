import { assert } from '@uurwerk/core/shared/assert.ts'
import { addDays, type CalendarDate, calendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { decimal, sum, toCents } from '@uurwerk/core/shared/money.ts'
import type { Books, Known, TheirId } from '../contract/contract.ts'
import type {
  ArchivedDoc,
  AttachmentDoc,
  BookedLine,
  GeneralJournalDoc,
  NewCustomer,
  PrintingDoc,
  SalesEntryDoc,
  SalesInvoiceDoc,
} from '../contract/documents.ts'
import type { LedgerAccountRow, Noun, Row } from '../contract/rows.ts'

export type Lists = { readonly [N in Noun]?: readonly Row[N][] }

/** Everything a package lists, read to the end. */
export async function readLists(books: Books): Promise<Lists> {
  const lists: Partial<Record<Noun, readonly Row[Noun][]>> = {}
  for (const noun of Object.keys(books.reads) as Noun[]) lists[noun] = await readAll(books, noun)
  return lists as Lists
}

export async function readAll<N extends Noun>(books: Books, noun: N): Promise<readonly Row[N][]> {
  const reads = books.reads[noun]
  assert(reads, `${noun} cannot be read`)
  const rows: Row[N][] = []
  for await (const page of reads.changes(null)) if (page !== 'reset') rows.push(...page.rows)
  return rows
}

/** `Known` over lists that were read; `ids` says which of theirs stands for ours: `customer/ours` → theirs. */
export function knownFrom(lists: Lists, ids: Readonly<Record<string, TheirId>>): Known {
  return {
    id: (noun, ours) => ids[`${noun}/${ours}`],
    row: (noun, id) => lists[noun]?.find((row) => row.id === id) as Row[typeof noun] | undefined,
    rows: <N extends Noun>(noun: N) => (lists[noun] ?? []) as readonly Row[N][],
  }
}

/** One of each thing that an entry needs, chosen from the package's own lists. */
export interface Chosen {
  readonly customer: TheirId
  readonly item: TheirId
  readonly ledgerAccount: TheirId
  readonly vatHigh: TheirId
  readonly vatLow: TheirId
  readonly journal: TheirId
}

export function chooseFrom(lists: Lists): Chosen {
  const vat = (percentage: string) =>
    first(
      lists.vatCodes?.filter(
        (row) => !row.unusable && row.kind === 'excluding' && row.side !== 'purchase' && !row.reverseCharge,
      ),
      (row) => row.percentage === percentage,
      `VAT code of ${percentage}%`,
    )
  return {
    customer: first(lists.customers, (row) => row.isCustomer && !row.isBlocked && !row.isEnded, 'customer'),
    item: first(lists.items, (row) => !row.unusable, 'item'),
    ledgerAccount: first(lists.ledgerAccounts, isPlainRevenue, 'revenue account'),
    vatHigh: vat('21'),
    vatLow: vat('9'),
    journal: first(lists.journals, (row) => row.kind === 'sales' && !row.unusable, 'sales journal'),
  }
}

/** A revenue account that asks for nothing beside the amount. */
export const isPlainRevenue = ({ kind, unusable, costCentre, costUnit }: LedgerAccountRow): boolean =>
  kind === 'revenue' && !unusable && costCentre !== 'mandatory' && costUnit !== 'mandatory'

function first<R extends { id: TheirId }>(
  rows: readonly R[] | undefined,
  fits: (row: R) => boolean,
  what: string,
): TheirId {
  const found = rows?.find(fits)
  assert(found, `no ${what} in the package's lists`)
  return found.id
}

/** Signs that are spoilt when somebody guesses an encoding. */
export const difficultText = 'Café Straßburg & Söhne: € 5 < 6 "één" \u2019s'

export const ourCustomer = 'customer-1'

/** What is other than usual. */
export interface Wished {
  readonly date?: CalendarDate
  readonly description?: string
  readonly vatCode?: TheirId | undefined
  readonly ledgerAccount?: TheirId | undefined
  readonly kind?: 'invoice' | 'credit'
  readonly journal?: TheirId | undefined
  readonly bookIn?: CalendarDate
  /** With what one unit of it is worth in euros. */
  readonly currency?: { readonly code: string; readonly rate: string }
}

/** An invoice of three lines and two rates, with amounts that a second rounding would change. */
export function salesEntry(chosen: Chosen, reference: string, wished: Wished = {}): SalesEntryDoc {
  const { date = calendarDate('2026-03-31'), kind = 'invoice', description = 'Advies maart 2026' } = wished
  const sign = kind === 'credit' ? '-' : ''
  const line = (text: string, net: string, vat: string, rate: string, code: TheirId): BookedLine => ({
    item: chosen.item,
    ledgerAccount: wished.ledgerAccount ?? chosen.ledgerAccount,
    vatCode: wished.vatCode ?? code,
    description: text,
    quantity: decimal(`${sign}1.5`),
    unit: 'hour',
    unitPrice: decimal('87.55'),
    net: decimal(`${sign}${net}`),
    vat: decimal(`${sign}${vat}`),
    vatRate: decimal(rate),
    vatTreatment: 'domestic',
  })
  const lines = [
    line('Advies', '131.33', '27.57', '21', chosen.vatHigh),
    line(`Overleg ${description}`.slice(0, 60), '43.78', '9.20', '21', chosen.vatHigh),
    line('Boeken', '19.95', '1.80', '9', chosen.vatLow),
  ]
  const net = toCents(sum(lines.map((each) => each.net)))
  const vat = toCents(sum(lines.map((each) => each.vat)))
  return {
    reference,
    kind,
    invoiceNumber: `2026-${reference}`,
    customer: ourCustomer,
    customerName: 'Kaasboerderij De Groene Weide',
    date,
    dueDate: addDays(date, 30),
    ...(wished.bookIn === undefined ? {} : { bookIn: wished.bookIn }),
    journal: wished.journal ?? chosen.journal,
    currency: wished.currency?.code ?? 'EUR',
    ...(wished.currency === undefined ? {} : { rate: decimal(wished.currency.rate) }),
    description,
    lines,
    net,
    vat,
    gross: toCents(sum([net, vat])),
  }
}

/** An invoice for the package to number: quantity times price comes to the same cents per line and per rate. */
export function salesInvoice(chosen: Chosen, reference: string, wished: Wished = {}): SalesInvoiceDoc {
  const { invoiceNumber, bookIn, lines, ...rest } = salesEntry(chosen, reference, wished)
  const sign = rest.kind === 'credit' ? '-' : ''
  const amounts = [
    { quantity: '1.5', unitPrice: '87.55', net: '131.33', vat: '27.58' },
    { quantity: '0.5', unitPrice: '87.55', net: '43.78', vat: '9.19' },
    { quantity: '1', unitPrice: '19.95', net: '19.95', vat: '1.80' },
  ]
  return {
    ...rest,
    orderNumber: `PO ${reference}`,
    projectReference: 'Verbouwing & "één" €',
    lines: lines.map((line, index): BookedLine => {
      const { quantity = '0', unitPrice = '0', net = '0', vat = '0' } = amounts[index] ?? {}
      return {
        ...line,
        quantity: decimal(`${sign}${quantity}`),
        unitPrice: decimal(unitPrice),
        net: decimal(`${sign}${net}`),
        vat: decimal(`${sign}${vat}`),
      }
    }),
  }
}

export const printing = (reference: string): PrintingDoc => ({ reference, date: calendarDate('2026-03-31') })

/** The document of the invoice that `salesEntry` makes under the same reference. */
export function archived(chosen: Chosen, reference: string): ArchivedDoc {
  const { kind, invoiceNumber, customer, date, currency, gross } = salesEntry(chosen, reference)
  return { reference, kind, invoiceNumber, customer, date, currency, gross }
}

export function newCustomer(
  reference: string,
  wished: { readonly name?: string; readonly number?: string } = {},
): NewCustomer {
  const { name = 'Timmerwerken Ü & Zn', number } = wished
  return {
    reference,
    ours: `customer-${reference}`,
    ...(number === undefined ? {} : { number }),
    name,
    address: { line1: 'Zaagweg 7', postcode: '4321 CD', city: 'Middelburg', country: 'NL' },
    country: 'NL',
    email: 'info@timmerwerken.example',
    language: 'nl',
    currency: 'EUR',
  }
}

export function generalJournal(lists: Lists, reference: string): GeneralJournalDoc {
  const account = (kind: 'cost' | 'balance') =>
    first(lists.ledgerAccounts, (row) => row.kind === kind && !row.unusable, `${kind} account`)
  const text = 'Lonen maart 2026'
  return {
    reference,
    journal: first(lists.journals, (row) => row.kind === 'general' && !row.unusable, 'general journal'),
    date: calendarDate('2026-03-31'),
    year: 2026,
    period: 3,
    description: text,
    currency: 'EUR',
    lines: [
      { ledgerAccount: account('cost'), description: text, amount: decimal('2500.10') },
      { ledgerAccount: account('balance'), description: text, amount: decimal('-2500.10') },
    ],
  }
}

/** Every byte there is, and a name with signs that are spoilt when somebody guesses an encoding. */
export const attachment = (reference: string): AttachmentDoc => ({
  reference,
  fileName: `Factuur één ß € & ${reference}.pdf`,
  mediaType: 'application/pdf',
  bytesBase64: Buffer.concat([
    Buffer.from(`%PDF-1.7 ${reference}\n`),
    Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)),
  ]).toString('base64'),
  title: `Factuur 2026-${reference}`,
})
