import type { Invoice, InvoiceLine } from '../invoicing/invoice.ts'
import { assert } from '../shared/assert.ts'
import { add, sameAmount, sum } from '../shared/money.ts'
import type { Problem } from '../shared/problem.ts'
import { type Dimension, type PostingRule, ruleFor } from './posting-rules.ts'
import type { SalesEntry, SalesEntryLine } from './sales-entry.ts'

/** Which item of the package a line sells. Ids are the package's own; what is not mapped takes `default`. */
export interface ItemMapping {
  readonly default?: string | null
  /** By activity id. */
  readonly activities?: Readonly<Record<string, string>>
  /** By expense category id. */
  readonly expenseCategories?: Readonly<Record<string, string>>
  readonly trip?: string | null
  readonly instalment?: string | null
  readonly subscription?: string | null
  readonly free?: string | null
}

export interface SalesEntryRequest {
  readonly invoice: Invoice
  readonly items: ItemMapping
  readonly rules: readonly PostingRule[]
  /** Our own reference of the posting. */
  readonly reference: string
  readonly journal?: string | null
  readonly paymentTerm?: string | null
}

/**
 * A sent invoice as a sales entry: the same lines, amounts and cents, with item, account and VAT code per line.
 *
 * Problems, all of them at once, each once: `item-missing` (`source`, and `activity` or `expenseCategory` as an id),
 * `item-differs` (`line`: its activities sell different items), `posting-rule-missing` (`item`, `vatTreatment`), all kind
 * `setup`; `invoice-not-sent` (kind `conflict`). Notes, each once, kind `input`: `project-cost-centre-left-out` and
 * `project-cost-unit-left-out` (`code`, `ledgerAccount`), where the account of the rule takes none.
 */
export function salesEntryFromInvoice(
  request: SalesEntryRequest,
): { readonly entry: SalesEntry; readonly notes: readonly Problem[] } | { readonly problems: readonly Problem[] } {
  const { invoice, reference, journal, paymentTerm } = request
  const { number, totals } = invoice
  if (invoice.state === 'draft' || !number) return { problems: [{ kind: 'conflict', code: 'invoice-not-sent' }] }
  const booked = bookLines(invoice.lines, request)
  if ('problems' in booked) return booked
  const { lines, notes } = booked
  assert(sameAmount(sum(lines.map((line) => line.net)), totals.net), 'entry and invoice differ in net')
  assert(sameAmount(sum(lines.map((line) => line.vat)), totals.vat), 'entry and invoice differ in VAT')
  assert(sameAmount(add(totals.net, totals.vat), totals.gross), 'net and VAT are not gross')
  const entry: SalesEntry = {
    reference,
    invoiceId: invoice.id,
    invoiceNumber: number,
    kind: invoice.kind,
    customerId: invoice.customer.id,
    date: invoice.date,
    dueDate: invoice.dueDate,
    currency: invoice.currency,
    description: invoice.reference?.trim() ?? '',
    ...(journal && { journal }),
    ...(paymentTerm && { paymentTerm }),
    lines,
    net: totals.net,
    vat: totals.vat,
    gross: totals.gross,
  }
  return { entry, notes }
}

/** What a line of an invoice, or of a document that the package makes, is booked by. */
export type SoldLine = Omit<InvoiceLine, 'id' | 'entryIds'>

/** Each line with its item, account and VAT code; or everything that is missing, each once. */
export function bookLines(
  lines: readonly SoldLine[],
  mapping: Pick<SalesEntryRequest, 'items' | 'rules'>,
):
  | { readonly lines: readonly SalesEntryLine[]; readonly notes: readonly Problem[] }
  | { readonly problems: readonly Problem[] } {
  const mapped = lines.map((line) => toSalesEntryLine(line, mapping))
  const problems = mapped.flatMap((one) => ('problem' in one ? [one.problem] : []))
  if (problems.length > 0) {
    return { problems: eachOnce(problems) }
  }
  const booked = mapped.flatMap((one) => ('line' in one ? [one] : []))
  return { lines: booked.map(({ line }) => line), notes: eachOnce(booked.flatMap(({ notes }) => notes)) }
}

const eachOnce = (problems: readonly Problem[]): readonly Problem[] => [
  ...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values(),
]

const leftOut = { costCentre: 'project-cost-centre-left-out', costUnit: 'project-cost-unit-left-out' } as const

function toSalesEntryLine(
  line: SoldLine,
  { items, rules }: Pick<SalesEntryRequest, 'items' | 'rules'>,
): { readonly line: SalesEntryLine; readonly notes: readonly Problem[] } | { readonly problem: Problem } {
  const found = itemOf(line, items)
  if ('problem' in found) return found
  const { item } = found
  const rule = ruleFor(rules, item, line.vatTreatment)
  if (!rule) {
    const values = { item, vatTreatment: line.vatTreatment }
    return { problem: { kind: 'setup', code: 'posting-rule-missing', values } }
  }
  const { ledgerAccount, takesNo = [] } = rule
  // A line's own cost centre (of its project) goes before that of the rule, where the account takes one at all.
  const dimension = (which: Dimension) => (takesNo.includes(which) ? undefined : line[which]) ?? rule[which]
  const costCentre = dimension('costCentre')
  const costUnit = dimension('costUnit')
  const notes = takesNo.flatMap((which): Problem[] => {
    const code = line[which]
    return code ? [{ kind: 'input', code: leftOut[which], values: { code, ledgerAccount } }] : []
  })
  return {
    notes,
    line: {
      item,
      ledgerAccount,
      vatCode: rule.vatCode,
      ...(costCentre && { costCentre }),
      ...(costUnit && { costUnit }),
      description: line.description,
      quantity: line.quantity,
      unitPrice: line.unitPrice,
      ...(line.discount && { discount: line.discount }),
      net: line.net,
      vat: line.vat,
      vatRate: line.vatRate,
      vatTreatment: line.vatTreatment,
    },
  }
}

/** The item of a line: by what it sells, else the default. */
export function itemOf(
  line: Pick<InvoiceLine, 'source' | 'activityIds' | 'expenseCategoryId' | 'description'>,
  items: ItemMapping,
): { readonly item: string } | { readonly problem: Problem } {
  const candidates = candidatesOf(line, items).map(({ item, about }) => ({ item: item ?? items.default, about }))
  const without = candidates.find(({ item }) => !item)
  if (without) {
    return { problem: { kind: 'setup', code: 'item-missing', values: { source: line.source, ...without.about } } }
  }
  const [item, ...others] = new Set(candidates.map((candidate) => candidate.item))
  if (!item || others.length > 0) {
    return { problem: { kind: 'setup', code: 'item-differs', values: { line: line.description } } }
  }
  return { item }
}

interface Candidate {
  readonly item: string | null | undefined
  readonly about: Readonly<Record<string, string>>
}

function candidatesOf(
  line: Pick<InvoiceLine, 'source' | 'activityIds' | 'expenseCategoryId'>,
  items: ItemMapping,
): readonly Candidate[] {
  switch (line.source) {
    case 'hours': {
      const activities = line.activityIds.map((activity) => ({
        item: own(items.activities, activity),
        about: { activity },
      }))
      return activities.length > 0 ? activities : [{ item: null, about: {} }]
    }
    case 'expense': {
      const expenseCategory = line.expenseCategoryId ?? ''
      return [{ item: own(items.expenseCategories, expenseCategory), about: { expenseCategory } }]
    }
    default:
      return [{ item: items[line.source], about: {} }]
  }
}

const own = (mapping: Readonly<Record<string, string>> | undefined, id: string): string | undefined =>
  mapping && Object.hasOwn(mapping, id) ? mapping[id] : undefined
