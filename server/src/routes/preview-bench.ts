import type { previewDocument } from '@uurwerk/api/postings.ts'
import type { Books, Draft, Posts } from '@uurwerk/connectors/contract/contract.ts'
import type { CustomerRow, Noun, PeriodRow, Row } from '@uurwerk/connectors/contract/rows.ts'
import { ruleFor } from '@uurwerk/core/bookkeeping/posting-rules.ts'
import { itemOf, type SoldLine } from '@uurwerk/core/bookkeeping/sales-entry-from-invoice.ts'
import type { Invoice } from '@uurwerk/core/invoicing/invoice.ts'
import { calendarDate, monthOf, yearOf } from '@uurwerk/core/shared/calendar-date.ts'
import { monthName } from '@uurwerk/core/shared/format.ts'
import { toCents } from '@uurwerk/core/shared/money.ts'
import { isProblem, type Problem } from '@uurwerk/core/shared/problem.ts'
import type { z } from 'zod'
import type { OpenOptions } from '../connections/service.ts'
import type { FirmCall } from '../http/call.ts'
import { explainProblem } from '../http/problems.ts'
import { treatmentWords } from '../http/vat-words.ts'
import { readUnconfirmed } from '../imports/unconfirmed.ts'
import { treatmentOfRow } from '../invoices/invoice-rows.ts'
import { customerDocument } from '../postings/customer-document.ts'
import { type Lookalike, lookalikesOf, readLookalikes } from '../postings/customer-there.ts'
import { knownFrom, type Lists, readLists } from '../postings/known.ts'
import type { SalesMapping } from '../postings/sales-entry-document.ts'
import { rulesOf } from './posting-rows.ts'

type Document = z.input<typeof previewDocument>
type Named = { id: string; code: string; name: string }
export type Asking = Pick<FirmCall<never>, 'trx' | 'firmId' | 'services' | 'language'>

/** Stands where the reference will stand, which is drawn when it is posted. */
export const referenceToCome = 'UW????????'
/** Stands where the id of a customer will stand that is made first. */
const customerToCome = '00000000-0000-0000-0000-000000000000'

/** What a document is drafted and told with, whichever the package makes of it. */
export interface PreviewBench {
  readonly call: Asking
  readonly packageId: string
  readonly packageName: string
  /** Null while a setting is missing, which `notOpen` says. */
  readonly books: Books | null
  readonly notOpen: Problem | null
  readonly mapping: SalesMapping
  readonly lists: Lists
  /** Whom of theirs a customer that is not linked may be, by its id. */
  readonly lookalikes: ReadonlyMap<string, readonly Lookalike[]>
  /** By customer: that nobody confirmed its VAT case. */
  readonly unconfirmed: ReadonlyMap<string, Problem>
}

/** The lists that documents for these customers are drafted with. */
export async function readBenchLists(
  firm: Pick<Asking, 'trx' | 'firmId'>,
  connectionId: string,
  customerIds: readonly string[],
): Promise<Pick<PreviewBench, 'lists' | 'lookalikes' | 'unconfirmed'>> {
  const lists = await readLists(firm, connectionId, customerIds)
  const unlinked = customerIds.filter((id) => !lists.links.has(`customer ${id}`))
  return {
    lists,
    lookalikes: await readLookalikes(firm, connectionId, unlinked),
    unconfirmed: await readUnconfirmed(firm, customerIds),
  }
}

/** Books to draft with, which needs no access: nothing is asked there. */
export async function open(
  { trx, firmId, services }: Pick<Asking, 'trx' | 'firmId' | 'services'>,
  connectionId: string,
  options: OpenOptions = {},
): Promise<Pick<PreviewBench, 'books' | 'notOpen'>> {
  try {
    const drafting: OpenOptions = { access: 'not-needed', ...options }
    return {
      books: (await services.connections.openBooksIn({ trx, firmId }, connectionId, drafting)).books,
      notOpen: null,
    }
  } catch (error) {
    // A setting that is missing is told per document, with all that can be shown besides.
    if (isProblem(error)) return { books: null, notOpen: error.problem }
    throw error
  }
}

/** What is not chosen yet, where the document does not say it itself: nothing could be checked without it. */
export const notOpenProblems = ({ notOpen, mapping }: PreviewBench): readonly Problem[] =>
  notOpen && mapping.missing.length === 0 ? [notOpen] : []

/** Who a customer is in the package, as far as its lists as last read tell. */
export interface CustomerThere {
  /** `linked`: found there and linked first. `asked`: may be one of theirs, which a person says. `created`: made first. */
  readonly is: 'known' | 'linked' | 'asked' | 'created'
  readonly theirs: CustomerRow | undefined
  readonly problems: readonly Problem[]
  readonly notes: readonly Problem[]
}

/** A customer that is not linked is found there or made first: what would be refused or asked then is said now. */
export async function customerThere(
  bench: PreviewBench,
  customer: { readonly id: string; readonly name: string },
): Promise<CustomerThere> {
  const linked = bench.lists.links.get(`customer ${customer.id}`)
  const there = (is: CustomerThere['is'], more: Partial<CustomerThere> = {}): CustomerThere => ({
    is,
    theirs: undefined,
    problems: [],
    notes: [],
    ...more,
  })
  if (linked !== undefined) return there('known', { theirs: row(bench, 'customers', linked) })
  if (!bench.books) return there('created')
  const posts = bench.books.posts.customer
  if (!posts) return there('created', { problems: [{ kind: 'setup', code: 'customer-not-linked' }] })
  const { trx, firmId } = bench.call
  const made = await customerDocument({ trx, firmId }, { customerId: customer.id, reference: referenceToCome })
  if ('problems' in made) return there('created', { problems: made.problems })
  const drafted = orProblems(() =>
    posts.draft(made.document, knownFrom(bench.lists, posts.numbers ? { number: 1 } : {})),
  )
  if ('problems' in drafted) return there('created', { problems: drafted.problems })
  const lookalikes = bench.lookalikes.get(customer.id) ?? []
  const found = posts.foresee?.(
    drafted,
    lookalikes.map((one) => one.row),
  ) ?? { is: 'absent' }
  const [first] = lookalikesOf(found, lookalikes)
  if (!first) return there('created')
  const theirs = first.row
  if (found.is !== 'same') {
    const names = lookalikesOf(found, lookalikes).map((one) => `${one.row.code} ${one.row.name}`)
    const values = { customer: customer.name, candidates: names.join(', ') }
    return there('asked', { notes: [{ kind: 'input', code: 'customer-asked', values }] })
  }
  if (first.isTaken)
    return there('linked', { theirs, problems: [{ kind: 'conflict', code: 'customer-linked-elsewhere' }] })
  const values = { customer: customer.name, theirs: `${theirs.code} ${theirs.name}` }
  return there('linked', { theirs, notes: [{ kind: 'input', code: 'customer-found', values }] })
}

/** A document with its customer as it will be there, as far as that is known. */
export function draftFor<D extends { readonly customer: string }>(
  bench: PreviewBench,
  posts: Posts<D>,
  document: D,
  { is, theirs }: CustomerThere,
): Draft | { readonly problems: readonly Problem[] } {
  const rows = new Map(bench.lists.rows)
  if (theirs && is === 'linked') rows.set('customers', new Map(rows.get('customers')).set(theirs.id, theirs))
  const assumed = new Map([[`customer ${document.customer}`, theirs?.id ?? customerToCome]])
  const number = posts.numbers ? { number: 1 } : {}
  return orProblems(() => posts.draft(document, knownFrom({ ...bench.lists, rows }, { assumed, ...number })))
}

function orProblems(draft: () => Draft | { readonly problems: readonly Problem[] }) {
  try {
    return draft()
  } catch (error) {
    if (isProblem(error)) return { problems: [error.problem] }
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

export const periodsOf = ({ lists }: PreviewBench) => [...(lists.rows.get('periods')?.values() ?? [])] as PeriodRow[]

export const labelOfPeriod = ({ call }: PreviewBench, day: string): string =>
  `${monthName(monthOf(calendarDate(day)), call.language)} ${yearOf(calendarDate(day))}`

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
  if (values.ledgerAccount) {
    const account = named(bench, 'ledgerAccounts', values.ledgerAccount)
    values.ledgerAccount = [account?.code, account?.name].filter(Boolean).join(' ')
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
  if (code === 'vat-case-unconfirmed') return mend('vat-case', { customerId: invoice.customer.id })
  if (code.startsWith('customer')) return mend('customer', { customerId: invoice.customer.id })
  return null
}

export const distinct = (problems: readonly Problem[]): Problem[] => [
  ...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values(),
]
