import type { postingRoutes, previewDocument } from '@uurwerk/api/postings.ts'
import type { AnswerOf } from '@uurwerk/api/route.ts'
import type { Invoice } from '@uurwerk/core/invoicing/invoice.ts'
import { assert } from '@uurwerk/core/shared/assert.ts'
import { add, type Decimal, subtract, times, toCents, zero } from '@uurwerk/core/shared/money.ts'
import type { Problem } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import type { z } from 'zod'
import { activeSales } from '../connections/active.ts'
import { explainProblem } from '../http/problems.ts'
import { treatmentWords } from '../http/vat-words.ts'
import { customerGone } from '../imports/customer-gone.ts'
import { readInvoices, type StoredInvoice } from '../invoices/invoice-rows.ts'
import { firstOpenPeriod } from '../postings/actions.ts'
import { creditedOriginals, filesGoAlong, keptElsewhere, whyNot, whyNotAtAll } from '../postings/decide.ts'
import { readSalesMapping, salesEntryDocument } from '../postings/sales-entry-document.ts'
import {
  type Asking,
  customerThere,
  distinct,
  draftFor,
  explain,
  labelOfPeriod,
  lineOf,
  mendOf,
  named,
  notOpenProblems,
  open,
  type PreviewBench,
  paymentConditionOf,
  periodOf,
  periodsOf,
  readBenchLists,
  referenceToCome,
} from './preview-bench.ts'

type Answer = AnswerOf<(typeof postingRoutes)['previewPostings']>
type Document = z.input<typeof previewDocument>

interface Bench extends PreviewBench {
  readonly settings: unknown
  readonly cutOff: string | null
  readonly posted: ReadonlyMap<string, { readonly state: string; readonly number: string | null }>
  /** Kept by another connection. */
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
  const standing = whyNotAtAll(connection)
  if (standing) {
    const problem = explainProblem(standing, language)
    return { connection: null, documents: [], totals: [], ready: 0, needsYou: 0, leftOut: 0, problem }
  }
  assert(connection, 'without a connection nothing is booked')
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
    ...(await open(call, connection.id)),
    mapping: await readSalesMapping(
      { trx, firmId },
      { id: connection.id, settings: connection.settings, language },
      connector.manifest,
    ),
    ...(await readBenchLists({ trx, firmId }, connection.id, customerIds)),
    posted,
    elsewhere: await keptElsewhere({ trx, firmId }, connection, chosen),
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
      accessLost: connection.state === 'reconnect',
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
  const there = await customerThere(bench, invoice.customer)
  const problems: Problem[] = leftOut
    ? [leftOut]
    : [...notOpenProblems(bench), ...('problems' in made ? made.problems : [])]
  const notes: Problem[] = leftOut || !('notes' in made) ? [] : [...made.notes]
  const { credits } = invoice
  if (credits && !leftOut && bench.goesFirst.has(credits.invoiceId))
    notes.push({ kind: 'input', code: 'original-posted-first', values: { number: credits.number } })
  if (bookIn && !leftOut) {
    const values = { period: labelOfPeriod(bench, bookIn), own: labelOfPeriod(bench, invoice.date) }
    notes.push({ kind: 'input', code: 'booked-in-other-period', values })
  }
  const unconfirmed = bench.unconfirmed.get(invoice.customer.id)
  if (unconfirmed && !leftOut) problems.push(unconfirmed)
  let payload: string | null = null
  if (!leftOut && bench.books) {
    problems.push(...there.problems)
    notes.push(...there.notes)
    const gone = there.is === 'known' ? await customerGone(bench.call, bench.packageName, invoice.customer) : null
    if (gone) problems.push(gone)
    const posts = bench.books.posts.salesEntry
    if ('document' in made && posts) {
      const drafted = draftFor(bench, posts, made.document, there)
      if ('problems' in drafted) problems.push(...drafted.problems)
      else {
        payload = JSON.stringify(drafted.body, null, 2)
        notes.push(...drafted.notes)
      }
    }
  }
  return {
    invoiceId: invoice.id,
    invoiceNumber: invoice.number ?? null,
    customerName: invoice.customer.name,
    customerCode: there.theirs?.code ?? invoice.customer.number,
    customerIs: there.is,
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
    paymentTerm: paymentConditionOf(bench, there.theirs),
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
