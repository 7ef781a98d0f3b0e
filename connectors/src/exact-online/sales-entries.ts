import { assert } from '@uurwerk/core/shared/assert.ts'
import type { CalendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { sameAmount, sum, toCents } from '@uurwerk/core/shared/money.ts'
import type { Problem } from '@uurwerk/core/shared/problem.ts'
import { z } from 'zod'
import type { Connection, Draft, Found, Known, Outcome, Posts, Receipt, TheirId, Wire } from '../contract/contract.ts'
import type { BookedLine, SalesEntryDoc } from '../contract/documents.ts'
import type { PeriodRow, VatCodeRow } from '../contract/rows.ts'
import { fingerprint } from '../kit/fingerprint.ts'
import { toJsonNumber } from '../kit/json-number.ts'
import { allOf, literal } from '../kit/odata-v2.ts'
import { parse } from '../kit/parse.ts'
import { chosenDivision, type ExactCalls, exactCalls } from './calls.ts'
import { cut, type LineText, lineText, oneLine, titles, withPrice } from './line-text.ts'
import { manifest } from './manifest.ts'
import {
  afterRefusal,
  amountOf,
  findEach,
  ifAnswered,
  namesOf,
  namesReference,
  onePerRequest,
  packOne,
  postedAs,
  sendOne,
} from './posting.ts'
import { listByIds } from './reading-again.ts'
import { longAgo, mustBeShown } from './rights.ts'
import { paymentTermFor, periodAt, salesEntryProblems, vatNotes } from './sales-entry-problems.ts'
import type { ExactSettings } from './settings.ts'
import { type ExactSalesEntryRead, salesEntry } from './wire.ts'

const resource = 'salesentry/SalesEntries'
const { lengths } = manifest

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
  readonly InvoiceNumber?: number
  readonly EntryNumber?: number
  readonly SalesEntryLines: readonly ExactSalesEntryLine[]
}

interface ExactSalesEntryLine extends LineText {
  readonly GLAccount: string
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
    readonly paymentTerm?: TheirId | undefined
    readonly bookIn?: Pick<PeriodRow, 'year' | 'period'>
    readonly vatKind: (code: TheirId) => VatCodeRow['kind'] | undefined
    /** Our number is the number of the entry too. */
    readonly ownNumber?: boolean
  },
): ExactSalesEntry {
  const number = of.ownNumber ? numberIn(entry.invoiceNumber) : undefined
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
    ...(of.paymentTerm !== undefined && { PaymentCondition: of.paymentTerm }),
    ...(of.bookIn && { ReportingYear: of.bookIn.year, ReportingPeriod: of.bookIn.period }),
    // For sales the two are equal (Exact REST reference, SalesEntries).
    ...(number !== undefined && { InvoiceNumber: number, EntryNumber: number }),
    SalesEntryLines: entry.lines.map((line) => toExactLine(line, of.vatKind(line.vatCode))),
  }
}

/** Both number fields are Int32; a number that would be written otherwise than it is printed is not sent. */
const mostNumber = 2_147_483_647
const numberIn = (printed: string): number | undefined =>
  /^[1-9]\d{0,9}$/.test(printed) && Number(printed) <= mostNumber ? Number(printed) : undefined

const toExactLine = (line: BookedLine, vatKind: VatCodeRow['kind'] | undefined): ExactSalesEntryLine => ({
  GLAccount: line.ledgerAccount,
  // A line has a quantity but no price.
  ...lineText(line.description, withPrice(line)),
  Quantity: toJsonNumber(line.quantity),
  AmountFC: toJsonNumber(line.net),
  // Always sent: without it Exact Online takes the default of the ledger account.
  VATCode: line.vatCode,
  // Ours, so that no cent is computed twice. A code without VAT takes none; leaving it out is safest (seen in issues).
  ...(vatKind !== 'none' && { VATAmountFC: toJsonNumber(line.vat) }),
  ...(line.costCentre !== undefined && { CostCenter: line.costCentre }),
  ...(line.costUnit !== undefined && { CostUnit: line.costUnit }),
})

/** Number and reference first: what is cut off is our free text. */
const describe = (entry: SalesEntryDoc, language: 'nl' | 'en'): string =>
  cut(
    oneLine(`${titles[language][entry.kind]} ${entry.invoiceNumber} (${entry.reference}) ${entry.description}`),
    lengths.description,
  )

export function draftSalesEntry(
  entry: SalesEntryDoc,
  known: Known,
  language: 'nl' | 'en',
  ownNumber = false,
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
    paymentTerm: paymentTermFor(entry, known),
    ...(bookIn && { bookIn }),
    vatKind: (code) => known.row('vatCodes', code)?.kind,
    ownNumber,
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

/** 5 rejected, 20 open, 50 processed (Exact REST reference, SalesEntries). */
const states: Readonly<Record<number, string>> = { 5: 'rejected', 20: 'open', 50: 'processed' }

export function fromExactSalesEntry(found: ExactSalesEntryRead): Receipt {
  const gross = amountOf(found.AmountFC)
  const vat = amountOf(found.VATAmountFC)
  const state = found.Status === undefined ? undefined : (states[found.Status] ?? String(found.Status))
  const shown = {
    ...(found.Customer && { customer: found.Customer.toLowerCase() }),
    ...(found.Journal && { journal: found.Journal }),
    ...(found.EntryDate && { date: found.EntryDate }),
    ...(found.DueDate && { dueDate: found.DueDate }),
    ...(found.Currency && { currency: found.Currency }),
    ...(found.YourRef && { reference: found.YourRef }),
    ...(gross !== undefined && { gross }),
    ...(vat !== undefined && { vat }),
  }
  return {
    id: found.EntryID,
    ...(found.EntryNumber !== undefined && { number: String(found.EntryNumber) }),
    ...(gross !== undefined && { gross }),
    ...(vat !== undefined && { vat }),
    hash: fingerprint([
      shown.customer,
      shown.journal,
      shown.date,
      shown.dueDate,
      shown.currency,
      shown.reference,
      shown.gross,
      shown.vat,
    ]),
    shows: { ...shown, ...(state !== undefined && { state }) },
  }
}

/** What a stored body is compared by; it was ours, and still it is read from a store. */
const sent = z.object({
  YourRef: z.string(),
  Customer: z.string(),
  EntryDate: z.string(),
  EntryNumber: z.number().optional(),
})

/** Exact Online may take another number than the one asked for, without a word. */
function ourReceipt(found: ExactSalesEntryRead, draft: Draft): Receipt {
  const receipt = fromExactSalesEntry(found)
  const asked = parse(sent, draft.body, resource).EntryNumber
  if (asked === undefined || found.EntryNumber === undefined || found.EntryNumber === asked) return receipt
  const values = { ours: String(asked), theirs: String(found.EntryNumber) }
  return withNote(receipt, { kind: 'refused', code: 'number-replaced', values })
}

function whyDifferent(found: ExactSalesEntryRead, draft: Draft): string {
  const body = parse(sent, draft.body, resource)
  return namesOf({
    customer: found.Customer?.toLowerCase() !== body.Customer.toLowerCase(),
    date: found.EntryDate !== body.EntryDate,
    currency: found.Currency !== draft.expects?.currency,
    gross: amountOf(found.AmountFC) !== draft.expects?.gross,
  })
}

/** With one of ours, another of the same number and customer is one that a person typed: told, and left to them. */
export function compareFound(hits: readonly ExactSalesEntryRead[], draft: Draft): Found {
  const ours = hits.filter(({ Description }) => namesReference(Description, draft.reference))
  // Without our reference in it, a person typed the invoice into the books: adopted too, when it is the same.
  const candidates = ours.length > 0 ? ours : hits
  const [hit] = candidates
  if (hit === undefined) return { is: 'absent' }
  if (candidates.length > 1) return { is: 'several', receipts: candidates.map(fromExactSalesEntry) }
  const why = whyDifferent(hit, draft)
  const receipt = withNote(ourReceipt(hit, draft), bookedTwice(hit, hits))
  return why === '' ? { is: 'same', receipt } : { is: 'different', receipt, why }
}

function bookedTwice(ours: ExactSalesEntryRead, hits: readonly ExactSalesEntryRead[]): Problem | undefined {
  const others = hits.filter(({ EntryID }) => EntryID !== ours.EntryID)
  const theirs = others.map(({ EntryNumber, EntryID }) => String(EntryNumber ?? EntryID)).join(', ')
  return theirs === '' ? undefined : { kind: 'refused', code: 'booked-twice', values: { theirs } }
}

const withNote = (receipt: Receipt, note: Problem | undefined): Receipt =>
  note ? { ...receipt, notes: [...(receipt.notes ?? []), note] } : receipt

export function salesEntryPosts(at: Connection<ExactSettings>, wire: Wire): Posts<SalesEntryDoc> {
  const calls = () => exactCalls(chosenDivision(at), wire, 'posting')
  return {
    ...onePerRequest,
    draft: (entry, known) => draftSalesEntry(entry, known, at.language, at.settings.ownNumber),
    pack: (drafts) => packOne(chosenDivision(at), resource, drafts),
    async send(packed, drafts) {
      const outcomes = await sendOne(packed, drafts, wire, {
        schema: salesEntry,
        outcome: async (made, draft) => postedAs(ourReceipt(await complete(made, calls()), draft), draft),
      })
      return afterRefusal(outcomes, drafts, (problem, draft) => typedBefore(problem, draft, calls()))
    },
    find: (drafts) =>
      findEach(
        drafts,
        async (draft) => compareFound(await listOfSame(calls(), draft), draft),
        () => entriesAreShown(calls()),
      ),
    async read(ids) {
      const reading = exactCalls(chosenDivision(at), wire, 'import')
      const found = await readEntries(reading, ids)
      // There is no log of deletions of entries. When others are listed the right to see them is there.
      if (found.size === 0 && ids.length > 0) await entriesAreShown(reading)
      return new Map(
        ids.map((id) => {
          const one = found.get(id.toLowerCase())
          return [id, one ? fromExactSalesEntry(one) : 'gone']
        }),
      )
    },
  }
}

/** What stands under the same number of the same customer. */
function listOfSame(calls: ExactCalls, draft: Draft): Promise<readonly ExactSalesEntryRead[]> {
  const { YourRef, Customer } = parse(sent, draft.body, resource)
  const filter = allOf([`YourRef eq ${literal.text(YourRef)}`, `Customer eq ${literal.guid(Customer)}`])
  return calls.all(resource, salesEntry, { filter })
}

/**
 * Its number is taken. By the entry that a person typed of the same invoice: that is what was wanted. By one that differs
 * from it: it is looked for, and a person is asked.
 */
async function typedBefore(problem: Problem, draft: Draft, calls: ExactCalls): Promise<Outcome | undefined> {
  if (problem.code !== 'number-in-use') return undefined
  const found = await ifAnswered(async () => compareFound(await listOfSame(calls, draft), draft))
  if (found?.is === 'same') return { is: 'posted', receipt: found.receipt }
  return found?.is === 'different' || found?.is === 'several' ? { is: 'uncertain', problem } : undefined
}

const readEntries = (calls: ExactCalls, ids: readonly TheirId[]) =>
  listByIds(calls, resource, salesEntry, 'EntryID', ids)

const entriesAreShown = (calls: ExactCalls): Promise<void> =>
  mustBeShown(calls, resource, () =>
    calls.all(resource, salesEntry.pick({ EntryID: true }), {
      top: 1,
      filter: `EntryDate ge ${literal.date(longAgo)}`,
    }),
  )

/** An answer that leaves the total out is completed by reading the entry; it was booked in any case. */
async function complete(made: ExactSalesEntryRead, calls: ExactCalls): Promise<ExactSalesEntryRead> {
  if (made.AmountFC !== undefined && made.Customer !== undefined) return made
  return (await ifAnswered(() => readEntries(calls, [made.EntryID])))?.get(made.EntryID.toLowerCase()) ?? made
}
