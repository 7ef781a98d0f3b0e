import type { Address } from '../customers/customer.ts'
import { countryOfVatId, parseVatId } from '../customers/vat-id.ts'
import { addMonths, type CalendarDate, endOfMonth, monthOf, startOfMonth } from '../shared/calendar-date.ts'
import { type Currency, toCents } from '../shared/money.ts'
import type { AuditAccount, AuditLine, AuditTotals, AuditTransaction, Side } from './audit-file.ts'

/** A customer as the file names him; `id` is unique in it. */
export interface AuditCustomer {
  readonly id: string
  readonly name: string
  readonly phone: string | null
  readonly email: string | null
  readonly website: string | null
  readonly kvk: string | null
  readonly vatId: string | null
  readonly iban: string | null
  readonly visitAddress: Address | null
  readonly invoiceAddress: Address | null
}

/** Everything that stands before the first transaction. */
export interface AuditHead {
  readonly fiscalYear: number
  /** First and last day that the file tells of, within the fiscal year. */
  readonly from: CalendarDate
  readonly until: CalendarDate
  readonly currency: Currency
  readonly createdOn: CalendarDate
  readonly software: { readonly name: string; readonly version: string }
  readonly company: {
    readonly name: string
    readonly country: string
    readonly vatId: string
    readonly kvk: string | null
    readonly address: Address | null
  }
  readonly customers: readonly AuditCustomer[]
  readonly totals: AuditTotals
  readonly journal: { readonly id: string; readonly description: string }
  /** What a reader must know before he trusts the file; stands at its very beginning. */
  readonly remarks: readonly string[]
  /** A remark about text that the schema holds no more of. */
  cutRemark(cut: Cut): string
  monthName(from: CalendarDate): string
}

/** Text that was longer than its element may be. */
export interface Cut {
  readonly element: string
  /** Of which customer or firm. */
  readonly of: string
  readonly whole: string
  readonly kept: string
}

type Leaf = readonly [element: string, text: string]
type Branch = readonly [element: string, children: readonly Node[]]
type Node = Leaf | Branch

const namespace = 'http://www.auditfiles.nl/XAF/3.2'

/**
 * The longest that an element may be where our own fields may be longer (XAF 3.2); ids, of which no letter may be lost,
 * are kept short before they come here.
 */
const longest: Readonly<Record<string, number>> = {
  custSupName: 50,
  telephone: 30,
  taxRegIdent: 30,
  city: 50,
  postalCode: 10,
  softwareDesc: 50,
  softwareVersion: 20,
  periodDesc: 50,
}

/** The file up to its first transaction. Text that does not fit is cut, and a remark at the beginning tells what it was. */
export function auditFileHead(head: AuditHead): string {
  const cuts: Cut[] = []
  const { totals, journal } = head
  const text =
    (of: string): Cutter =>
    (element, whole) => {
      const kept = cutTo(longest[element] ?? Number.POSITIVE_INFINITY, whole)
      if (kept !== whole) cuts.push({ element, of, whole, kept })
      return [element, kept]
    }
  const body = [
    ...rendered(1, [['header', headerOf(head, text(head.software.name))]]),
    '  <company>',
    ...rendered(2, companyOf(head, text)),
    '    <transactions>',
    ...rendered(3, [
      ['linesCount', String(totals.lines)],
      ['totalDebit', toCents(totals.debit)],
      ['totalCredit', toCents(totals.credit)],
    ]),
    '      <journal>',
    ...rendered(4, [
      ['jrnID', journal.id],
      ['desc', journal.description],
      ['jrnTp', 'S'],
    ]),
  ]
  const remarks = [...head.remarks, ...cuts.map(head.cutRemark)].map((remark) => `  ${commentText(remark)}\n`)
  const comment = remarks.length > 0 ? `<!--\n${remarks.join('')}-->\n` : ''
  return `<?xml version="1.0" encoding="UTF-8"?>\n${comment}<auditfile xmlns="${namespace}">\n${body.join('\n')}\n`
}

/** One transaction, for after the head; `customerIds` tells what the file calls a customer of ours. */
export function auditTransactionXml(transaction: AuditTransaction, customerIds: ReadonlyMap<string, string>): string {
  const { number, description, month, date, lines } = transaction
  const node: Branch = [
    'transaction',
    [
      ['nr', number],
      ['desc', description],
      ['periodNumber', String(month)],
      ['trDt', date],
      ...lines.map((line, index): Node => ['trLine', lineOf(line, index + 1, transaction, customerIds)]),
    ],
  ]
  return `${rendered(4, [node]).join('\n')}\n`
}

/** What closes the file. */
export const auditFileEnd = '      </journal>\n    </transactions>\n  </company>\n</auditfile>\n'

type Cutter = (element: string, text: string) => Leaf

const headerOf = (head: AuditHead, cut: Cutter): readonly Node[] => [
  ['fiscalYear', String(head.fiscalYear)],
  ['startDate', head.from],
  ['endDate', head.until],
  ['curCode', head.currency],
  ['dateCreated', head.createdOn],
  cut('softwareDesc', head.software.name),
  cut('softwareVersion', head.software.version),
]

function companyOf(head: AuditHead, text: (of: string) => Cutter): readonly Node[] {
  const { company, customers, totals } = head
  const cut = text(company.name)
  const accounts = [...totals.accounts.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
  const vatCodes = [...totals.vatCodes.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
  return [
    ...given('companyIdent', company.kvk),
    ['companyName', company.name],
    ['taxRegistrationCountry', company.country],
    cut('taxRegIdent', company.vatId),
    ...addressOf('streetAddress', company.address, cut),
    ['customersSuppliers', customers.map((customer): Node => ['customerSupplier', customerOf(customer, text)])],
    // A ledger without an account is not valid; a file in which nothing was invoiced has none.
    ...(accounts.length > 0
      ? [['generalLedger', accounts.map((account): Node => ['ledgerAccount', accountOf(account)])] as const]
      : []),
    [
      'vatCodes',
      vatCodes.map(({ id, description, owedOn }): Node => {
        const toPay = owedOn && totals.accounts.has(owedOn) ? owedOn : null
        return ['vatCode', [['vatID', id], ['vatDesc', description], ...given('vatToPayAccID', toPay)]]
      }),
    ],
    ['periods', monthsOf(head).map((period): Node => ['period', period])],
  ]
}

function customerOf(customer: AuditCustomer, text: (of: string) => Cutter): readonly Node[] {
  const cut = text(customer.id)
  const parsed = customer.vatId ? parseVatId(customer.vatId, null) : null
  const vatCountry = parsed && 'vatId' in parsed ? countryOfVatId(parsed.vatId) : null
  const fitting = (element: string, value: string | null): Leaf[] => (value?.trim() ? [cut(element, value)] : [])
  return [
    ['custSupID', customer.id],
    cut('custSupName', customer.name),
    ...fitting('telephone', customer.phone),
    ...given('eMail', customer.email),
    ...given('website', customer.website),
    ...given('commerceNr', customer.kvk),
    ...given('taxRegistrationCountry', vatCountry),
    ...fitting('taxRegIdent', customer.vatId),
    ['custSupTp', 'C'],
    ...addressOf('streetAddress', customer.visitAddress, cut),
    ...addressOf('postalAddress', customer.invoiceAddress, cut),
    ...(customer.iban ? [['bankAccount', [['bankAccNr', customer.iban]]] as const] : []),
  ]
}

// Street and house number are one field with us, and are not taken apart by guessing.
function addressOf(element: string, address: Address | null, cut: Cutter): readonly Node[] {
  if (!address) return []
  const { street, city, postcode, country } = address
  const parts: Node[] = [
    ...given('streetname', street.split('\n').join(', ')),
    ...(city.trim() ? [cut('city', city)] : []),
    ...(postcode.trim() ? [cut('postalCode', postcode)] : []),
    ...given('country', country),
  ]
  return parts.length > 0 ? [[element, parts]] : []
}

const kinds = { balance: 'B', result: 'P', mixed: 'M' } as const satisfies Record<AuditAccount['kind'], string>
const accountOf = ({ id, description, kind }: AuditAccount): readonly Node[] => [
  ['accID', id],
  ['accDesc', description],
  ['accTp', kinds[kind]],
]

function monthsOf({ from, until, monthName }: AuditHead): readonly (readonly Node[])[] {
  const months: (readonly Node[])[] = []
  for (let first = from; first <= until; first = startOfMonth(addMonths(first, 1))) {
    const last = endOfMonth(first)
    months.push([
      ['periodNumber', String(monthOf(first))],
      ['periodDesc', monthName(first)],
      ['startDatePeriod', first],
      ['endDatePeriod', last < until ? last : until],
    ])
  }
  return months
}

function lineOf(
  line: AuditLine,
  place: number,
  { number, date }: AuditTransaction,
  customerIds: ReadonlyMap<string, string>,
): readonly Node[] {
  const { account, description, amount, side, customerId, orderNumber, vat, foreign } = line
  return [
    ['nr', String(place)],
    ['accID', account.id],
    ['docRef', number],
    ['effDate', date],
    ['desc', description],
    ['amnt', amount],
    ['amntTp', sides[side]],
    ...given('custSupID', customerId ? customerIds.get(customerId) : null),
    ...(customerId ? [['invRef', number] as const] : []),
    ...given('orderRef', orderNumber),
    ...(vat
      ? [
          [
            'vat',
            [
              ['vatID', vat.code.id],
              ['vatPerc', vat.rate],
              ['vatAmnt', vat.amount],
              ['vatAmntTp', sides[vat.side]],
            ],
          ] as const,
        ]
      : []),
    ...(foreign
      ? [
          [
            'currency',
            [
              ['curCode', foreign.currency],
              ['curAmnt', foreign.amount],
            ],
          ] as const,
        ]
      : []),
  ]
}

const sides = { debit: 'D', credit: 'C' } as const satisfies Record<Side, string>

const given = (element: string, text: string | null | undefined): readonly Leaf[] =>
  text?.trim() ? [[element, text]] : []

/** The text, or as much of it as fits with a sign that more followed; no letter is cut in two. */
function cutTo(most: number, text: string): string {
  const letters = [...text]
  return letters.length <= most
    ? text
    : `${letters
        .slice(0, most - 1)
        .join('')
        .trimEnd()}…`
}

function rendered(depth: number, nodes: readonly Node[]): string[] {
  const indent = '  '.repeat(depth)
  return nodes.flatMap(([element, inside]) => {
    if (typeof inside === 'string') return [`${indent}<${element}>${xmlText(inside)}</${element}>`]
    if (inside.length === 0) return [`${indent}<${element}/>`]
    return [`${indent}<${element}>`, ...rendered(depth + 1, inside), `${indent}</${element}>`]
  })
}

// XML 1.0 has no place for these at all, not even as a number.
const notInXml = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu

/** One line of text as XML holds it. */
const xmlText = (text: string): string =>
  text
    .replace(notInXml, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')

// Two hyphens end a comment.
const commentText = (text: string): string =>
  text
    .replace(notInXml, '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/-(?=-)/g, '- ')
    .replace(/-$/, '- ')
