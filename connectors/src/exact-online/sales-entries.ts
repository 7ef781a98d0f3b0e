import { assert } from '@uurwerk/core/shared/assert.ts'
import type { CalendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { type Decimal, decimal, sameAmount, sum, toCents } from '@uurwerk/core/shared/money.ts'
import { type Problem, ProblemError } from '@uurwerk/core/shared/problem.ts'
import { z } from 'zod'
import type { Connection, Draft, Found, Known, Outcome, Posts, Receipt, TheirId, Wire } from '../contract/contract.ts'
import type { BookedLine, SalesEntryDoc } from '../contract/documents.ts'
import type { PeriodRow, VatCodeRow } from '../contract/rows.ts'
import { fingerprint } from '../kit/fingerprint.ts'
import { fromJsonNumber, toJsonNumber } from '../kit/json-number.ts'
import { allOf, anyOf, literal } from '../kit/odata-v2.ts'
import { parse } from '../kit/parse.ts'
import { chosenDivision, type ExactCalls, exactCalls } from './calls.ts'
import { manifest } from './manifest.ts'
import { findEach, onePerRequest, packOne, sendOne } from './posting.ts'
import { periodAt, salesEntryProblems, vatNotes } from './sales-entry-problems.ts'
import { type ExactSalesEntryRead, salesEntry } from './wire.ts'

const resource = 'salesentry/SalesEntries'
const { lengths } = manifest
/** So many ids fit in one filter before the address becomes too long (seen in client code). */
const idsPerFilter = 40

/** Dates are ISO dates; amounts are numbers that write back as exactly our decimals. */
interface ExactSalesEntry {
  readonly Journal: string
  readonly Customer: string
  readonly YourRef: string
  readonly EntryDate: CalendarDate
  readonly DueDate: CalendarDate
  readonly Description: string
  readonly Currency: string
  readonly Rate?: number
  readonly PaymentCondition?: string
  readonly ReportingYear?: number
  readonly ReportingPeriod?: number
  readonly SalesEntryLines: readonly ExactSalesEntryLine[]
}

interface ExactSalesEntryLine {
  readonly GLAccount: string
  readonly Description: string
  /** The whole text, where it is too long for the description. */
  readonly Notes?: string
  readonly Quantity: number
  readonly AmountFC: number
  readonly VATCode: string
  readonly VATAmountFC?: number
  readonly CostCenter?: string
  readonly CostUnit?: string
}

export function toExactSalesEntry(
  entry: SalesEntryDoc,
  of: {
    readonly customer: TheirId
    readonly language: 'nl' | 'en'
    readonly bookIn?: Pick<PeriodRow, 'year' | 'period'>
    readonly vatKind: (code: TheirId) => VatCodeRow['kind'] | undefined
  },
): ExactSalesEntry {
  return {
    Journal: entry.journal,
    Customer: of.customer,
    // With the customer, what it is found by when an answer was lost; and what payments are matched on.
    YourRef: entry.invoiceNumber,
    EntryDate: entry.date,
    DueDate: entry.dueDate,
    Description: describe(entry, of.language),
    Currency: entry.currency,
    ...(entry.rate !== undefined && { Rate: toJsonNumber(entry.rate) }),
    ...(entry.paymentTerm !== undefined && { PaymentCondition: entry.paymentTerm }),
    ...(of.bookIn && { ReportingYear: of.bookIn.year, ReportingPeriod: of.bookIn.period }),
    SalesEntryLines: entry.lines.map((line) => toExactLine(line, of.vatKind(line.vatCode))),
  }
}

const toExactLine = (line: BookedLine, vatKind: VatCodeRow['kind'] | undefined): ExactSalesEntryLine => ({
  GLAccount: line.ledgerAccount,
  ...textOf(line),
  Quantity: toJsonNumber(line.quantity),
  AmountFC: toJsonNumber(line.net),
  // Always sent: without it Exact Online takes the default of the ledger account.
  VATCode: line.vatCode,
  // Ours, so that no cent is computed twice. A code without VAT takes none; leaving it out is safest (seen in issues).
  ...(vatKind !== 'none' && { VATAmountFC: toJsonNumber(line.vat) }),
  ...(line.costCentre !== undefined && { CostCenter: line.costCentre }),
  ...(line.costUnit !== undefined && { CostUnit: line.costUnit }),
})

/** A line has a quantity but no price: how its amount came about stands in the text, else in the notes. */
function textOf({ description, quantity, unitPrice }: BookedLine): Pick<ExactSalesEntryLine, 'Description' | 'Notes'> {
  const whole = sameAmount(quantity, decimal('1'))
    ? description
    : `${description} (${quantity} × ${priceText(unitPrice)})`
  if (whole.length <= lengths.lineDescription) return { Description: whole }
  return { Description: cut(description, lengths.lineDescription), Notes: whole }
}

const priceText = (price: Decimal): string => ((price.split('.')[1] ?? '').length <= 2 ? toCents(price) : price)

const titles = {
  nl: { invoice: 'Factuur', credit: 'Creditnota' },
  en: { invoice: 'Invoice', credit: 'Credit note' },
} as const

/** Number and reference first: what is cut off is our free text. */
const describe = (entry: SalesEntryDoc, language: 'nl' | 'en'): string =>
  cut(
    `${titles[language][entry.kind]} ${entry.invoiceNumber} (${entry.reference}) ${entry.description}`.trim(),
    lengths.description,
  )

const cut = (text: string, most: number): string => {
  if (text.length <= most) return text
  // Not through the middle of a character outside the basic plane.
  return `${text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
}

export function draftSalesEntry(
  entry: SalesEntryDoc,
  known: Known,
  language: 'nl' | 'en',
): Draft | { readonly problems: readonly Problem[] } {
  assert(sameAmount(sum(entry.lines.map((line) => line.net)), entry.net), 'lines and entry differ')
  assert(sameAmount(sum(entry.lines.map((line) => line.vat)), entry.vat), 'VAT of lines and entry differs')
  assert(sameAmount(sum([entry.net, entry.vat]), entry.gross), 'net and VAT do not add up to gross')
  const problems = salesEntryProblems(entry, known)
  const customer = known.id('customer', entry.customer)
  if (problems.length > 0 || customer === undefined) return { problems }
  const bookIn = entry.bookIn === undefined ? undefined : periodAt(entry.bookIn, known.rows('periods'))
  const body = toExactSalesEntry(entry, {
    customer,
    language,
    ...(bookIn && { bookIn }),
    vatKind: (code) => known.row('vatCodes', code)?.kind,
  })
  return {
    reference: entry.reference,
    group: resource,
    body,
    units: 1,
    expects: { gross: toCents(entry.gross), vat: toCents(entry.vat), currency: entry.currency },
    key: body.YourRef,
    notes: vatNotes(entry, known),
  }
}

const amountOf = (value: number | string | undefined): string | undefined =>
  value === undefined ? undefined : (fromJsonNumber(value, 2) ?? undefined)

export function fromExactSalesEntry(found: ExactSalesEntryRead): Receipt {
  const gross = amountOf(found.AmountFC)
  const vat = amountOf(found.VATAmountFC)
  return {
    id: found.EntryID,
    ...(found.EntryNumber !== undefined && { number: String(found.EntryNumber) }),
    ...(gross !== undefined && { gross }),
    ...(vat !== undefined && { vat }),
    hash: fingerprint([
      found.Customer?.toLowerCase(),
      found.Journal,
      found.EntryDate,
      found.Currency,
      found.YourRef,
      gross,
      vat,
    ]),
  }
}

/** What a stored body is compared by; it was ours, and still it is read from a store. */
const sent = z.object({ YourRef: z.string(), Customer: z.string(), EntryDate: z.string() })

function whyDifferent(found: ExactSalesEntryRead, draft: Draft): string {
  const body = parse(sent, draft.body, resource)
  const differences = {
    customer: found.Customer?.toLowerCase() !== body.Customer.toLowerCase(),
    date: found.EntryDate !== body.EntryDate,
    currency: found.Currency !== undefined && found.Currency !== draft.expects?.currency,
    gross: amountOf(found.AmountFC) !== draft.expects?.gross,
  }
  return Object.entries(differences)
    .filter(([, differs]) => differs)
    .map(([name]) => name)
    .join(', ')
}

/** Whether our reference stands in the description as a word of its own. */
const isOurs = ({ Description }: ExactSalesEntryRead, { reference }: Draft): boolean =>
  (Description ?? '').split(/[^A-Z0-9]+/).includes(reference)

export function compareFound(hits: readonly ExactSalesEntryRead[], draft: Draft): Found {
  const ours = hits.filter((hit) => isOurs(hit, draft))
  // Without our reference in it, a person typed the invoice into the books: adopted too, when it is the same.
  const candidates = ours.length > 0 ? ours : hits
  const [hit] = candidates
  if (hit === undefined) return { is: 'absent' }
  if (candidates.length > 1) return { is: 'several', receipts: candidates.map(fromExactSalesEntry) }
  const why = whyDifferent(hit, draft)
  const receipt = fromExactSalesEntry(hit)
  return why === '' ? { is: 'same', receipt } : { is: 'different', receipt, why }
}

const byIds = (ids: readonly TheirId[]) => ({ filter: anyOf(ids.map((id) => `EntryID eq ${literal.guid(id)}`)) })

export function salesEntryPosts(at: Connection<unknown>, wire: Wire): Posts<SalesEntryDoc> {
  const calls = () => exactCalls(chosenDivision(at), wire, 'posting')
  return {
    ...onePerRequest,
    draft: (entry, known) => draftSalesEntry(entry, known, at.language),
    pack: (drafts) => packOne(chosenDivision(at), resource, drafts),
    send: (packed, drafts) =>
      sendOne(packed, drafts, wire, {
        schema: salesEntry,
        outcome: async (made, draft) => posted(await complete(made, calls()), draft),
      }),
    find: (drafts) =>
      findEach(drafts, async (draft) => {
        const { YourRef, Customer } = parse(sent, draft.body, resource)
        const filter = allOf([`YourRef eq ${literal.text(YourRef)}`, `Customer eq ${literal.guid(Customer)}`])
        return compareFound(await calls().all(resource, salesEntry, { filter }), draft)
      }),
    async read(ids) {
      const receipts = new Map<TheirId, Receipt | 'gone'>(ids.map((id) => [id, 'gone']))
      for (let start = 0; start < ids.length; start += idsPerFilter) {
        const some = ids.slice(start, start + idsPerFilter)
        const found = await calls().all(resource, salesEntry, byIds(some))
        for (const one of found) {
          const asked = some.find((id) => id.toLowerCase() === one.EntryID.toLowerCase())
          if (asked !== undefined) receipts.set(asked, fromExactSalesEntry(one))
        }
      }
      return receipts
    },
  }
}

/** An answer that leaves the total out is completed by reading the entry; it was booked in any case. */
async function complete(made: ExactSalesEntryRead, calls: ExactCalls): Promise<ExactSalesEntryRead> {
  if (made.AmountFC !== undefined && made.Customer !== undefined) return made
  try {
    const [found] = await calls.all(resource, salesEntry, byIds([made.EntryID]))
    return found ?? made
  } catch (error) {
    if (error instanceof ProblemError) return made
    throw error
  }
}

function posted(made: ExactSalesEntryRead, draft: Draft): Outcome {
  const receipt = fromExactSalesEntry(made)
  const ours = draft.expects?.gross
  if (ours === undefined || receipt.gross === undefined || receipt.gross === ours) return { is: 'posted', receipt }
  return { is: 'posted', receipt, differs: { gross: ours, theirs: receipt.gross } }
}
