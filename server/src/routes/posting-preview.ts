import type { postingRoutes, previewDocument } from '@uurwerk/api/postings.ts'
import type { AnswerOf } from '@uurwerk/api/route.ts'
import type { Books, Posts } from '@uurwerk/connectors/contract/contract.ts'
import type { Doc, SalesEntryDoc } from '@uurwerk/connectors/contract/documents.ts'
import type { Noun, PeriodRow, Row } from '@uurwerk/connectors/contract/rows.ts'
import { ruleFor } from '@uurwerk/core/bookkeeping/posting-rules.ts'
import { itemOf, type SoldLine } from '@uurwerk/core/bookkeeping/sales-entry-from-invoice.ts'
import type { Invoice } from '@uurwerk/core/invoicing/invoice.ts'
import { assert } from '@uurwerk/core/shared/assert.ts'
import { calendarDate, monthOf, yearOf } from '@uurwerk/core/shared/calendar-date.ts'
import { monthName } from '@uurwerk/core/shared/format.ts'
import { add, type Decimal, subtract, times, toCents, zero } from '@uurwerk/core/shared/money.ts'
import { isProblem, type Problem } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import type { z } from 'zod'
import { activeSales } from '../connections/active.ts'
import type { FirmCall } from '../http/call.ts'
import { explainProblem } from '../http/problems.ts'
import { treatmentWords } from '../http/vat-words.ts'
import { customerGone } from '../imports/customer-gone.ts'
import { readInvoices, type StoredInvoice, treatmentOfRow } from '../invoices/invoice-rows.ts'
import { firstOpenPeriod } from '../postings/actions.ts'
import { customerDocument } from '../postings/customer-document.ts'
import {
  asksCutOff,
  creditedOriginals,
  cutOffMissing,
  filesGoAlong,
  postedElsewhere,
  whyNot,
} from '../postings/decide.ts'
import { knownFrom, type Lists, readLists } from '../postings/known.ts'
import { readSalesMapping, type SalesMapping, salesEntryDocument } from '../postings/sales-entry-document.ts'
import { rulesOf } from './posting-rows.ts'

type Answer = AnswerOf<(typeof postingRoutes)['previewPostings']>
type Document = z.input<typeof previewDocument>
type Named = { id: string; code: string; name: string }
export type Asking = Pick<FirmCall<never>, 'trx' | 'firmId' | 'services' | 'language'>

/** Stands where the reference will stand, which is drawn when it is posted. */
export const referenceToCome = 'UW????????'
/** Stands where the id of a customer will stand that is made first. */
export const customerToCome = '00000000-0000-0000-0000-000000000000'

/** What a document is drafted and told with, whichever the package makes of it. */
export interface PreviewBench {
  readonly call: Asking
  readonly packageId: string
  readonly packageName: string
  /** Null while a setting is missing. */
  readonly books: Books | null
  readonly mapping: SalesMapping
  readonly lists: Lists
}

interface Bench extends PreviewBench {
  readonly settings: unknown
  readonly cutOff: string | null
  readonly posted: ReadonlyMap<string, { readonly state: string; readonly number: string | null }>
  /** In the books over another connection. */
  readonly elsewhere: ReadonlyMap<string, Problem>
  /** Invoices of this preview that are not in the books yet. */
  readonly goesFirst: ReadonlySet<string>
  readonly pdfGoesAlong: boolean
  readonly bookIn: ReadonlyMap<string, string>
  /** Of the firm. */
  readonly currency: string
}

/** By invoice: the first day of the period that a person chose for it. */
export type BookIn = readonly { readonly invoiceId: string; readonly from: string }[]

/** The road of posting as a dry run: each entry as the books will receive it, with every problem known beforehand. */
export async function previewAnswer(call: Asking, invoiceIds: readonly string[], bookIn: BookIn = []): Promise<Answer> {
  const { trx, firmId, services, language } = call
  const chosen = [...new Set(invoiceIds)]
  const connection = await activeSales(call).selectAll().executeTakeFirst()
  const nothing = { documents: [], totals: [], ready: 0, needsYou: 0, leftOut: 0 }
  if (!connection)
    return {
      connection: null,
      ...nothing,
      problem: explainProblem({ kind: 'setup', code: 'no-package-active' }, language),
    }
  if (!connection.laneKey || !['connected', 'reconnect'].includes(connection.state)) {
    return {
      connection: null,
      ...nothing,
      problem: explainProblem({ kind: 'setup', code: 'connection-not-finished' }, language),
    }
  }
  if (asksCutOff(connection)) return { connection: null, ...nothing, problem: explainProblem(cutOffMissing, language) }
  const connector = services.connections.connectorOf(connection.package)
  const asked = await readInvoices(trx, firmId, chosen)
  const originals = await creditedOriginals({ trx, firmId }, asked, connection)
  const stored = new Map([...asked, ...originals])
  const firm = await trx.selectFrom('firm').select('currency').where('firmId', '=', firmId).executeTakeFirstOrThrow()
  const posted = await postedAlready(call, connection.id, [...chosen, ...originals.keys()])
  // An unposted original goes before the credit note that takes it back.
  const ids = chosen.flatMap((id) => {
    const original = asked.get(id)?.invoice.credits?.invoiceId ?? ''
    return originals.has(original) && !posted.has(original) ? [original, id] : [id]
  })
  const customerIds = [...new Set([...stored.values()].map(({ invoice }) => invoice.customer.id))]
  const bench: Bench = {
    call,
    packageId: connection.package,
    packageName: connector.manifest.name,
    settings: connection.settings,
    cutOff: connection.cutOff,
    books: await open(call, connection.id),
    mapping: await readSalesMapping(
      { trx, firmId },
      { id: connection.id, settings: connection.settings, language },
      connector.manifest,
    ),
    lists: await readLists({ trx, firmId }, connection.id, customerIds),
    posted,
    elsewhere: await postedElsewhere({ trx, firmId }, connection.id, chosen),
    goesFirst: new Set([...stored.keys()].filter((id) => !posted.has(id))),
    pdfGoesAlong: filesGoAlong(connection, services.connectors).length > 0,
    bookIn: new Map(bookIn.map(({ invoiceId, from }) => [invoiceId, from])),
    currency: firm.currency,
  }
  const drafted: Document[] = []
  for (const id of new Set(ids)) {
    const found = stored.get(id)
    drafted.push(
      found ? await documentOf(bench, found.invoice, whyNotNow(bench, id, found)) : unknownDocument(bench, id),
    )
  }
  const documents = drafted.map((document) => waitsForOriginal(bench, document, drafted, stored))
  const count = (state: Document['state']) => documents.filter((document) => document.state === state).length
  return {
    connection: {
      id: connection.id,
      package: connection.package,
      packageName: bench.packageName,
      administrationName: connection.administrationName ?? connection.administration ?? '',
      mode: connection.mode,
    },
    documents,
    totals: totalsOf(documents.filter(({ state }) => state === 'ready')),
    ready: count('ready'),
    needsYou: count('needs-you'),
    leftOut: count('left-out'),
    problem: null,
  }
}

/** A credit note does not reach the books before the invoice that it takes back. */
function waitsForOriginal(
  bench: Bench,
  document: Document,
  all: readonly Document[],
  stored: ReadonlyMap<string, StoredInvoice>,
): Document {
  const credits = stored.get(document.invoiceId)?.invoice.credits
  const original = all.find(({ invoiceId }) => invoiceId === credits?.invoiceId)
  if (!credits || document.state !== 'ready' || original?.state !== 'needs-you') return document
  const problem: Problem = { kind: 'setup', code: 'original-not-ready', values: { number: credits.number } }
  const told = { ...explain(bench, problem), mend: null }
  return { ...document, state: 'needs-you', problems: [told] }
}

export async function open({ trx, firmId, services }: Asking, connectionId: string): Promise<Books | null> {
  try {
    return (await services.connections.openBooksIn({ trx, firmId }, connectionId)).books
  } catch (error) {
    // A setting that is missing is told per document, with all that can be shown besides.
    if (isProblem(error)) return null
    throw error
  }
}

async function postedAlready({ trx, firmId }: Asking, connectionId: string, ids: readonly string[]) {
  const rows = await trx
    .selectFrom('posting')
    .select(['subjectId', 'state', 'theirNumber'])
    .where('firmId', '=', firmId)
    .where('connectionId', '=', connectionId)
    .where('kind', '=', 'salesEntry')
    .where('state', '<>', 'discarded')
    .where(sql<boolean>`subject_id = any(${[...ids]}::uuid[])`)
    .execute()
  return new Map(rows.map(({ subjectId, state, theirNumber }) => [subjectId, { state, number: theirNumber }]))
}

function whyNotNow(
  { posted, elsewhere, cutOff }: Bench,
  id: string,
  found: Parameters<typeof whyNot>[0],
): Problem | undefined {
  const before = posted.get(id)
  if (before) return { kind: 'conflict', code: before.state === 'posted' ? 'invoice-posted' : 'invoice-under-way' }
  return whyNot(found, cutOff) ?? elsewhere.get(id)
}

async function documentOf(bench: Bench, invoice: Invoice, leftOut: Problem | undefined): Promise<Document> {
  const { mapping, call } = bench
  const period = periodOf(bench, invoice)
  // Who moves an entry out of a period that is open would only put it in the wrong month.
  const bookIn = period?.state === 'closed' ? bench.bookIn.get(invoice.id) : undefined
  const made = salesEntryDocument({ invoice, reference: referenceToCome, mapping, bookIn })
  const customer = bench.lists.links.get(`customer ${invoice.customer.id}`)
  const isCreated = customer === undefined
  const problems: Problem[] = leftOut ? [leftOut] : 'problems' in made ? [...made.problems] : []
  const notes: Problem[] = []
  const { credits } = invoice
  if (credits && !leftOut && bench.goesFirst.has(credits.invoiceId))
    notes.push({ kind: 'input', code: 'original-posted-first', values: { number: credits.number } })
  if (bookIn && !leftOut) {
    const values = { period: labelOfPeriod(bench, bookIn), own: labelOfPeriod(bench, invoice.date) }
    notes.push({ kind: 'input', code: 'booked-in-other-period', values })
  }
  let payload: string | null = null
  if (!leftOut && bench.books) {
    if (isCreated) problems.push(...(await customerProblems(bench, invoice.customer.id)))
    else {
      const gone = await customerGone(bench.call, bench.packageName, invoice.customer)
      if (gone) problems.push(gone)
    }
    const posts = bench.books.posts.salesEntry
    if ('document' in made && posts) {
      const drafted = draft(bench, posts, made.document)
      if ('problems' in drafted) problems.push(...drafted.problems)
      else {
        payload = JSON.stringify(drafted.body, null, 2)
        notes.push(...drafted.notes)
      }
    }
  }
  const theirs = customer ? row(bench, 'customers', customer) : undefined
  return {
    invoiceId: invoice.id,
    invoiceNumber: invoice.number ?? null,
    customerName: invoice.customer.name,
    customerCode: theirs?.code ?? invoice.customer.number,
    customerIs: isCreated ? 'created' : 'known',
    reference: null,
    kind: invoice.kind,
    state: leftOut ? 'left-out' : problems.length > 0 ? 'needs-you' : 'ready',
    journal: named(bench, 'journals', mapping.journal),
    date: invoice.date,
    dueDate: invoice.dueDate,
    period,
    canBookIn: leftOut || period?.state !== 'closed' ? null : firstOpen(bench, invoice),
    bookedIn: bookIn ? { from: bookIn, label: labelOfPeriod(bench, bookIn) } : null,
    pdfGoesAlong: bench.pdfGoesAlong,
    paymentTerm: paymentConditionOf(bench, theirs),
    currency: invoice.currency,
    foreign: foreignOf(bench, invoice),
    description: 'document' in made ? made.document.description : (invoice.reference ?? ''),
    lines: invoice.lines.map((line) => lineOf(bench, line)),
    vatPerRate: invoice.totals.vatPerRate.map(({ treatment, rate, base, vat }) => ({
      label: treatmentWords(call.language, treatment),
      rate,
      base: toCents(base),
      vat: toCents(vat),
    })),
    net: toCents(invoice.totals.net),
    vat: toCents(invoice.totals.vat),
    gross: toCents(invoice.totals.gross),
    problems: distinct(problems).map((problem) => ({
      ...explain(bench, problem),
      mend: mendOf(bench, problem, invoice),
    })),
    notes: notes.map((note) => explain(bench, note)),
    payload,
  }
}

function draft(bench: Bench, posts: Posts<Doc['salesEntry']>, document: SalesEntryDoc) {
  const assumed = new Map([[`customer ${document.customer}`, customerToCome]])
  try {
    return posts.draft(document, knownFrom(bench.lists, { assumed, ...(posts.numbers ? { number: 1 } : {}) }))
  } catch (error) {
    if (isProblem(error)) return { problems: [error.problem] }
    throw error
  }
}

/** A customer that is not known there is made first: what would be refused then is said now. */
export async function customerProblems(bench: PreviewBench, customerId: string): Promise<readonly Problem[]> {
  const { trx, firmId } = bench.call
  const posts = bench.books?.posts.customer
  if (!posts) return [{ kind: 'setup', code: 'customer-not-linked' }]
  const made = await customerDocument({ trx, firmId }, { customerId, reference: referenceToCome })
  if ('problems' in made) return made.problems
  try {
    const drafted = posts.draft(made.document, knownFrom(bench.lists, posts.numbers ? { number: 1 } : {}))
    return 'problems' in drafted ? drafted.problems : []
  } catch (error) {
    if (isProblem(error)) return [error.problem]
    throw error
  }
}

export function lineOf(bench: PreviewBench, line: SoldLine): Document['lines'][number] {
  const { mapping, call } = bench
  const found = itemOf(line, mapping.items)
  const item = 'item' in found ? found.item : null
  const rule = item ? ruleFor(mapping.rules, item, line.vatTreatment) : undefined
  return {
    item: named(bench, 'items', item),
    ledgerAccount: named(bench, 'ledgerAccounts', rule?.ledgerAccount),
    vatCode: named(bench, 'vatCodes', rule?.vatCode),
    vatRate: line.vatRate,
    vatTreatment: line.vatTreatment,
    vatTreatmentLabel: treatmentWords(call.language, line.vatTreatment),
    description: line.description,
    quantity: line.quantity,
    unitPrice: line.unitPrice,
    net: toCents(line.net),
    vat: toCents(line.vat),
  }
}

export const row = <N extends Noun>({ lists }: PreviewBench, noun: N, id: string): Row[N] | undefined =>
  lists.rows.get(noun)?.get(id) as Row[N] | undefined

/** The customer's own in the package; the chosen one is for customers without. */
export const paymentConditionOf = (bench: PreviewBench, theirs: { readonly paymentTerm?: string } | undefined) =>
  named(bench, 'paymentTerms', theirs?.paymentTerm ?? bench.mapping.paymentTerm)

export function named(bench: PreviewBench, noun: Noun, id: string | null | undefined): Named | null {
  if (!id) return null
  const found = row(bench, noun, id)
  return { id, code: found?.code ?? id, name: found?.name ?? '' }
}

const periodsOf = ({ lists }: PreviewBench) => [...(lists.rows.get('periods')?.values() ?? [])] as PeriodRow[]

const labelOfPeriod = ({ call }: PreviewBench, day: string): string =>
  `${monthName(monthOf(calendarDate(day)), call.language)} ${yearOf(calendarDate(day))}`

function firstOpen(bench: Bench, { date }: Invoice): Document['canBookIn'] {
  const { journal } = bench.mapping
  const found = journal === null ? undefined : firstOpenPeriod(periodsOf(bench), journal, date)
  return found ? { from: found.from, label: labelOfPeriod(bench, found.from) } : null
}

/** VAT in our currency stands on the invoice; the whole follows from its rate, and the net from both. */
function foreignOf({ currency }: Bench, invoice: Invoice): Document['foreign'] {
  const { exchange, totals } = invoice
  if (!exchange || invoice.currency === currency) return null
  const gross = toCents(times(totals.gross, exchange.rate)) as Decimal
  return {
    currency,
    rate: exchange.rate,
    source: exchange.source,
    date: exchange.date,
    net: toCents(subtract(gross, exchange.vat)),
    vat: toCents(exchange.vat),
    gross,
  }
}

export function periodOf(bench: PreviewBench, { date }: Pick<Invoice, 'date'>): Document['period'] {
  const periods = periodsOf(bench)
  const label = labelOfPeriod(bench, date)
  if (periods.length === 0) return { label, state: 'unknown' }
  const period = periods.find(({ from, until }) => from <= date && date <= until)
  if (!period) return { label, state: 'missing' }
  const journal = bench.mapping.journal
  const isClosed = period.closedIn.includes('*') || (journal !== null && period.closedIn.includes(journal))
  return { label, state: isClosed ? 'closed' : 'open' }
}

/** Ids in a problem are said by name: the item as the package shows it, the VAT case in words. */
export function explain(bench: PreviewBench, problem: Problem) {
  const { language } = bench.call
  const values = { ...problem.values }
  if (values.item) {
    const item = named(bench, 'items', values.item)
    values.item = [item?.code, item?.name].filter(Boolean).join(' ')
  }
  if (values.vatTreatment) values.treatment = treatmentWords(language, treatmentOfRow(values.vatTreatment))
  if (values.setting) values.setting = settingLabel(bench, values.setting)
  values.package ??= bench.packageName
  return explainProblem({ ...problem, values }, language, rulesOf(bench.call.services, bench.packageId))
}

const settingLabel = ({ call, packageId }: PreviewBench, name: string): string =>
  call.services.connectors.get(packageId)?.manifest.settings.find((field) => field.name === name)?.label[
    call.language
  ] ?? name

type Mend = NonNullable<Document['problems'][number]['mend']>

export function mendOf(
  bench: PreviewBench,
  { code, values = {} }: Problem,
  invoice: { readonly customer: { readonly id: string } },
): Mend | null {
  const mend = (what: Mend['what'], more: Partial<Mend> = {}): Mend => ({
    what,
    item: null,
    itemName: null,
    vatTreatment: null,
    customerId: null,
    proposedLedgerAccount: null,
    ...more,
  })
  if (code === 'posting-rule-missing') {
    const item = values.item ?? ''
    const own = row(bench, 'items', item)
    return mend('posting-rule', {
      item,
      itemName: own ? `${own.code} ${own.name}` : item,
      vatTreatment: values.vatTreatment ?? null,
      proposedLedgerAccount: named(bench, 'ledgerAccounts', own?.ledgerAccount),
    })
  }
  if (code === 'item-missing' || code === 'item-differs') return mend('item')
  if (code === 'setting-missing') return mend('setting')
  if (code === 'invoice-not-sent') return mend('invoice')
  if (code.startsWith('customer')) return mend('customer', { customerId: invoice.customer.id })
  return null
}

export const distinct = (problems: readonly Problem[]): Problem[] => [
  ...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values(),
]

function unknownDocument(bench: Bench, invoiceId: string): Document {
  const problem: Problem = { kind: 'missing', code: 'invoice-unknown' }
  return {
    invoiceId,
    invoiceNumber: null,
    customerName: '',
    customerCode: null,
    customerIs: 'unknown',
    reference: null,
    kind: 'invoice',
    state: 'left-out',
    journal: null,
    date: '1970-01-01',
    dueDate: '1970-01-01',
    period: null,
    canBookIn: null,
    bookedIn: null,
    pdfGoesAlong: false,
    paymentTerm: null,
    currency: '',
    foreign: null,
    description: '',
    lines: [],
    vatPerRate: [],
    net: '0.00',
    vat: '0.00',
    gross: '0.00',
    problems: [{ ...explain(bench, problem), mend: null }],
    notes: [],
    payload: null,
  }
}

function totalsOf(documents: readonly Document[]): Answer['totals'] {
  return [...Map.groupBy(documents, ({ currency }) => currency)].map(([currency, ofCurrency]) => {
    const total = (field: 'net' | 'vat' | 'gross') =>
      ofCurrency.reduce<Decimal>((sum, document) => add(sum, document[field] as Decimal), zero)
    const totals = { currency, net: toCents(total('net')), vat: toCents(total('vat')), gross: toCents(total('gross')) }
    assert(toCents(add(total('net'), total('vat'))) === totals.gross, 'net and VAT are gross')
    return totals
  })
}
