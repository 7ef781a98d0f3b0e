import type { LedgerAccountRow } from '@uurwerk/connectors/contract/rows.ts'
import {
  type AuditAccount,
  type AuditBooks,
  AuditTotals,
  type AuditTransaction,
  auditTransaction,
  longestId,
  ownPrefix,
} from '@uurwerk/core/bookkeeping/audit-file.ts'
import {
  type AuditCustomer,
  auditFileEnd,
  auditFileHead,
  auditTransactionXml,
} from '@uurwerk/core/bookkeeping/audit-file-xml.ts'
import type { Address } from '@uurwerk/core/customers/customer.ts'
import { assert } from '@uurwerk/core/shared/assert.ts'
import { type CalendarDate, calendarDate, dateIn, monthOf, yearOf } from '@uurwerk/core/shared/calendar-date.ts'
import { formatDate, formatDecimal, monthName } from '@uurwerk/core/shared/format.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import root from '../../../package.json' with { type: 'json' }
import { activeSales } from '../connections/active.ts'
import { namedRows } from '../connections/package-rows.ts'
import { treatmentAtRate, treatmentWords } from '../http/vat-words.ts'
import { say } from '../http/words.ts'
import { addressOf, type CustomerRow, type FirmRow, readInvoices } from '../invoices/invoice-rows.ts'
import { readSalesMapping } from '../postings/sales-entry-document.ts'
import type { Trx } from '../store/database.ts'
import type { ExportCall, FoundInvoice, InvoiceExport } from './found-invoices.ts'

/** So many invoices are read at a time, with all their lines. */
const BATCH = 200

/**
 * The XML Auditfile Financieel of what was invoiced: a sales journal, and nothing else of the books. Read twice, since
 * its head tells the totals; a sent invoice does not change in between. Drafts are left out, and it says so.
 *
 * Problems, before any byte: `audit-file-years` (`input`; `years`) more than one calendar year,
 * `audit-file-no-vat-id` (`setup`) the firm has none, `audit-file-no-rate` (`setup`) of an invoice.
 */
export async function* auditFile(
  call: ExportCall,
  query: InvoiceExport,
  found: readonly FoundInvoice[],
): AsyncGenerator<string> {
  const sent = found.filter(({ number }) => number !== null)
  const year = fiscalYear(call, query, sent)
  const { firmRow, books, packageName } = await readBooks(call)
  const totals = new AuditTotals()
  for await (const transactions of transactionsOf(call, sent, books)) {
    for (const transaction of transactions) totals.add(transaction)
  }
  const customers = await readCustomers(call, totals.customerIds)
  const { language, firm, now } = call
  const span = spanOf(query, year)
  yield auditFileHead({
    fiscalYear: year,
    ...span,
    currency: firmRow.currency,
    createdOn: dateIn(firm.timeZone, now),
    software: { name: say(language, 'auditFile.software'), version: root.version },
    company: {
      name: firmRow.name,
      country: firmRow.country,
      vatId: vatIdOf(firmRow),
      kvk: firmRow.kvk,
      address: addressOf(firmRow.address, firmRow.country),
    },
    customers: [...customers.values()],
    totals,
    journal: { id: `${ownPrefix}SALES`, description: say(language, 'auditFile.journal') },
    remarks: remarksOf(call, query, { totals, span, drafts: found.length - sent.length, packageName }),
    cutRemark: ({ element, of, whole }) => say(language, 'auditFile.cut', { element, of, whole }),
    monthName: (from) => `${monthName(monthOf(from), language)} ${yearOf(from)}`,
  })
  const customerIds = new Map([...customers].map(([ours, { id }]) => [ours, id]))
  for await (const transactions of transactionsOf(call, sent, books))
    yield transactions.map((transaction) => auditTransactionXml(transaction, customerIds)).join('')
  yield auditFileEnd
}

/** The calendar year of all of them; of none, that of the period that was asked for. */
function fiscalYear({ firm, now }: ExportCall, { from, until }: InvoiceExport, sent: readonly FoundInvoice[]): number {
  const [year, ...others] = [...new Set(sent.map((invoice) => invoice.year))].sort()
  if (year !== undefined && others.length > 0)
    throw new ProblemError({ kind: 'input', code: 'audit-file-years', values: { years: [year, ...others].join(', ') } })
  return year ?? yearOf(calendarDate(from ?? until ?? dateIn(firm.timeZone, now)))
}

function spanOf({ from, until }: InvoiceExport, year: number): { from: CalendarDate; until: CalendarDate } {
  const [first, last] = [`${year}-01-01`, `${year}-12-31`].map(calendarDate) as [CalendarDate, CalendarDate]
  return {
    from: from && from > first && from <= last ? calendarDate(from) : first,
    until: until && until < last && until >= first ? calendarDate(until) : last,
  }
}

function vatIdOf({ vatId }: FirmRow): string {
  if (!vatId) throw new ProblemError({ kind: 'setup', code: 'audit-file-no-vat-id' })
  return vatId
}

interface Told {
  readonly totals: AuditTotals
  readonly span: { readonly from: CalendarDate; readonly until: CalendarDate }
  readonly drafts: number
  readonly packageName: string | null
}

/** What the file is and is not, for whoever reads it without us. */
function remarksOf({ language, firm, now }: ExportCall, query: InvoiceExport, told: Told): string[] {
  const { totals, span, drafts, packageName } = told
  const { from, until, format, sort, columns, separator, ...narrowing } = query
  const isSelection = Object.values(narrowing).some((value) => value !== undefined)
  const ids = [...totals.accounts.keys(), ...totals.vatCodes.keys()]
  const hasTheirs = ids.some((id) => !id.startsWith(ownPrefix))
  const dates = { from: formatDate(span.from, language), until: formatDate(span.until, language) }
  return [
    say(language, 'auditFile.partial'),
    say(language, isSelection ? 'auditFile.selection' : 'auditFile.all', { ...dates, count: totals.transactions }),
    ...(drafts > 0 ? [say(language, 'auditFile.drafts', { count: drafts })] : []),
    say(language, 'auditFile.ownCodes', { prefix: ownPrefix }),
    ...(packageName && hasTheirs
      ? [
          say(language, 'auditFile.theirCodes', {
            package: packageName,
            date: formatDate(dateIn(firm.timeZone, now), language),
          }),
        ]
      : []),
  ]
}

/** Each batch in a transaction of its own, so that a slow reader holds none. */
async function* transactionsOf(
  { services, firmId }: ExportCall,
  found: readonly FoundInvoice[],
  books: AuditBooks,
): AsyncGenerator<readonly AuditTransaction[]> {
  for (let start = 0; start < found.length; start += BATCH) {
    const ids = found.slice(start, start + BATCH).map(({ id }) => id)
    const stored = await services.store.withFirm(firmId, (trx) => readInvoices(trx, firmId, ids), { readOnly: true })
    yield ids.map((id) => {
      const one = stored.get(id)
      assert(one, 'a sent invoice stays')
      const made = auditTransaction(one.invoice, books)
      if ('problem' in made) throw new ProblemError(made.problem)
      return made.transaction
    })
  }
}

interface BooksRead {
  readonly firmRow: FirmRow
  readonly books: AuditBooks
  readonly packageName: string | null
}

/** The firm, and how the package in use books sales; without one all accounts are our own. */
function readBooks(call: ExportCall): Promise<BooksRead> {
  const { services, firmId } = call
  const read = async (trx: Trx): Promise<BooksRead> => {
    const firmRow = await trx.selectFrom('firm').selectAll().where('firmId', '=', firmId).executeTakeFirstOrThrow()
    const words = wordsOf(call)
    const none = { currency: firmRow.currency, items: {}, rules: [], accounts: new Map(), vatCodes: new Map(), words }
    const connection = await activeSales({ trx, firmId })
      .select(['id', 'package', 'settings'])
      // What was tried out in the sandbox is nobody's bookkeeping.
      .where('mode', '=', 'live')
      .executeTakeFirst()
    if (!connection) return { firmRow, books: none, packageName: null }
    const manifest = services.connectors.get(connection.package)?.manifest
    assert(manifest, `no connector for ${connection.package}`)
    const firm = { trx, firmId }
    const { items, rules } = await readSalesMapping(firm, { ...connection, language: call.language }, manifest)
    const accounts = await namedRows(firm, connection.id, 'ledgerAccounts', [
      ...new Set(rules.map(({ ledgerAccount }) => ledgerAccount)),
    ])
    const vatCodes = await namedRows(firm, connection.id, 'vatCodes', [...new Set(rules.map(({ vatCode }) => vatCode))])
    const books: AuditBooks = {
      ...none,
      items,
      rules,
      accounts: new Map([...accounts].map(([id, row]) => [id, toAuditAccount(row)])),
      vatCodes: new Map([...vatCodes].map(([id, { code, name }]) => [id, { id: code, description: name }])),
    }
    return { firmRow, books, packageName: manifest.name }
  }
  return services.store.withFirm(firmId, read, { readOnly: true })
}

const kinds = {
  revenue: 'result',
  cost: 'result',
  balance: 'balance',
  control: 'balance',
  general: 'mixed',
} as const satisfies Record<LedgerAccountRow['kind'], AuditAccount['kind']>

const toAuditAccount = ({ code, name, kind }: LedgerAccountRow): AuditAccount => ({
  id: code,
  description: name,
  kind: kinds[kind],
})

const wordsOf = ({ language }: ExportCall): AuditBooks['words'] => ({
  debtors: say(language, 'auditFile.debtors'),
  rounding: say(language, 'auditFile.rounding'),
  revenue: (treatment) =>
    treatment === 'disbursement'
      ? say(language, 'auditFile.disbursements')
      : say(language, 'auditFile.revenue', { treatment: treatmentWords(language, treatment) }),
  vatOwed: (treatment) => say(language, 'auditFile.vatOwed', { treatment: treatmentWords(language, treatment) }),
  vat: (treatment, rate) => treatmentAtRate(language, treatment, formatDecimal(rate, language)),
  transaction: ({ kind, number, credits }) =>
    kind === 'credit'
      ? say(language, 'auditFile.credit', { number: number ?? '', of: credits?.number ?? '' })
      : say(language, 'auditFile.invoice', { number: number ?? '' }),
})

/** Customers as they are now, by our id. */
async function readCustomers(
  { services, firmId }: ExportCall,
  ids: ReadonlySet<string>,
): Promise<ReadonlyMap<string, AuditCustomer>> {
  const rows =
    ids.size === 0
      ? []
      : await services.store.withFirm(
          firmId,
          (trx) =>
            trx
              .selectFrom('customer')
              .selectAll()
              .where('firmId', '=', firmId)
              .where('id', 'in', [...ids])
              .orderBy('number')
              .orderBy('id')
              .execute(),
          { readOnly: true },
        )
  const taken = new Set<string>()
  return new Map(
    rows.map((row) => {
      const number = row.number?.trim() ?? ''
      // A number that is missing, or that two have had after one another, names nobody.
      const id = number && [...number].length <= longestId && !taken.has(number) ? number : ownCustomerId(row)
      taken.add(id)
      return [row.id, toAuditCustomer(row, id)]
    }),
  )
}

const ownCustomerId = ({ id }: CustomerRow): string => `${ownPrefix}${id.replaceAll('-', '')}`

const toAuditCustomer = (row: CustomerRow, id: string): AuditCustomer => {
  const address = (stored: unknown): Address | null => addressOf(stored, row.country)
  const { name, phone, website, kvk, vatId, iban } = row
  return {
    id,
    name,
    phone,
    email: row.invoiceEmail ?? row.email,
    website,
    kvk,
    vatId,
    iban,
    visitAddress: address(row.visitAddress),
    invoiceAddress: address(row.invoiceAddress),
  }
}
