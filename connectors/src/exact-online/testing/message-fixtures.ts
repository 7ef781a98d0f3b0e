import { assert } from '@uurwerk/core/shared/assert.ts'
import { isProblem, type Problem } from '@uurwerk/core/shared/problem.ts'
import type { MessageFixture } from '../../conformance/harness.ts'
import { archived, attachment, newCustomer, printing, salesEntry } from '../../conformance/sample-documents.ts'
import type { App, Draft, Known, Wire } from '../../contract/contract.ts'
import type { Row } from '../../contract/rows.ts'
import { draftAttachment } from '../attachments.ts'
import type { ExactCalls } from '../calls.ts'
import { draftCustomer } from '../customers.ts'
import { draftDocument } from '../documents.ts'
import { answerOf, recordedIn } from '../fixtures/index.ts'
import { readingProblem } from '../judge.ts'
import { draftPrinting, printed } from '../printing.ts'
import { unexplained } from '../reading-again.ts'
import { mustBeShown } from '../rights.ts'
import { compareFound, draftSalesEntry, salesEntryPosts } from '../sales-entries.ts'
import { fromExactSalesInvoice } from '../sales-invoices.ts'
import { readSettings } from '../settings.ts'
import { signIn } from '../sign-in.ts'
import { fromExactVatCode } from '../vat-codes.ts'
import { printedSalesInvoice, salesEntry as salesEntryRead, salesInvoice, vatCode } from '../wire.ts'

/** What leads to each row of the messages: recorded answers in both languages, and documents that are found wanting. */
export const messageFixtures = (app: App): readonly MessageFixture[] => [
  ...recordedFixtures(app, 'nl'),
  ...recordedFixtures(app, 'en'),
  ...fixturesBeforehand(),
]

const now = new Date('2026-03-31T10:00:30Z')
const id = '3f2504e0-4f89-41d3-9a0c-0305e82c3301'

function recordedFixtures(app: App, language: 'nl' | 'en'): readonly MessageFixture[] {
  return recordedIn(language).map((recorded) => {
    const { code, from, grant } = recorded
    const answer = answerOf(recorded)
    if (!from) return { code, problem: () => readingProblem(answer, now) }
    const wire: Wire = { clock: { now: () => now }, send: async () => answer }
    const given = grant === 'code' ? { code: 'c' } : { refresh: 'r' }
    return { code, problem: () => thrownBy(signIn.token(app, given, wire)) }
  })
}

/** What is found in a draft, before Exact Online could say anything. */
function fixturesBeforehand(): readonly MessageFixture[] {
  const known = { id: () => 'some-id', row: () => undefined, rows: () => [] }
  const ids = { customer: 'c', item: 'i', ledgerAccount: 'l', vatHigh: '2', vatLow: '1', journal: '70' }
  const strange = fromExactVatCode(vatCode.parse({ Code: '2', Type: 'X', VATTransactionType: 'S', Percentage: 0.21 }))
  const withStrange: Known = {
    ...known,
    row: (noun) => (noun === 'vatCodes' ? (strange as Row[typeof noun]) : undefined),
  }
  const tooLong = { ...salesEntry(ids, 'A1'), invoiceNumber: 'F'.repeat(31) }
  return [
    firstOf('customer-field-too-long', draftCustomer(newCustomer('A1', { name: 'N'.repeat(51) }))),
    firstOf('reference-too-long', draftSalesEntry(tooLong, known, 'nl')),
    firstOf('vat-code-not-understood', draftSalesEntry(salesEntry(ids, 'A1'), withStrange, 'nl')),
    firstOf('invoice-missing', draftPrinting(printing('A1'), {})),
    firstOf('entry-missing', draftDocument(archived(ids, 'A1'), known, 'nl')),
    firstOf('document-missing', draftAttachment(attachment('A1'), {})),
    { code: 'printing-incomplete', problem: printedInPart },
    { code: 'number-replaced', problem: numberReplaced },
    { code: 'booked-twice', problem: bookedTwice },
    { code: 'disappeared-unexplained', problem: () => unexplained(['an-entry']) },
    { code: 'list-not-shown', problem: () => thrownBy(mustBeShown(withoutRight, 'salesentry/SalesEntries')) },
  ]
}

/** The answer of a printing that made no document. */
function printedInPart(): Problem {
  const answer = printedSalesInvoice.parse({ InvoiceID: id, DocumentCreationError: 'De lay-out ontbreekt.' })
  const invoice = fromExactSalesInvoice(salesInvoice.parse({ InvoiceID: id, Status: 50 }))
  const done = printed(invoice, answer)
  const [note] = 'receipt' in done ? (done.receipt.notes ?? []) : []
  assert(note, 'nothing was said of the document')
  return note
}

/** An entry that was asked to have number 42, and has another. */
async function numberReplaced(): Promise<Problem> {
  const made = { EntryID: id, EntryNumber: 26700001, Customer: id, AmountFC: 121 }
  const wire: Wire = {
    clock: { now: () => now },
    send: async () => answerOf({ status: 201, headers: {}, body: JSON.stringify({ d: made }) }),
  }
  const settings = readSettings({ defaultItem: id, salesJournal: '70', ownNumber: 'true' })
  const at = { id: 'c', country: 'NL', administration: '1234567', settings, language: 'nl' } as const
  const posts = salesEntryPosts(at, wire)
  const body = { YourRef: 'F-42', Customer: id, EntryDate: '2026-03-31', EntryNumber: 42 }
  const draft: Draft = { reference: 'A1', group: '', body, units: 1, expects: null, key: 'F-42', notes: [] }
  const attempt = { id: 'a', number: 1, repeat: 0, idempotencyKey: 'a', at: now }
  const outcome = (await posts.send(posts.pack([draft], attempt), [draft], attempt)).get('A1')
  const [note] = outcome?.is === 'posted' ? (outcome.receipt.notes ?? []) : []
  assert(note, 'nothing was said of the number')
  return note
}

/** Ours was found, and one more that somebody typed. */
function bookedTwice(): Problem {
  const found = (EntryID: string, EntryNumber: number, Description: string) =>
    salesEntryRead.parse({ EntryID, EntryNumber, Customer: id, Description })
  const body = { YourRef: 'F-42', Customer: id, EntryDate: '2026-03-31' }
  const draft: Draft = { reference: 'A1', group: '', body, units: 1, expects: null, key: 'F-42', notes: [] }
  const other = `${id.slice(0, -1)}2`
  const twice = compareFound([found(id, 26700042, 'Factuur F-42 (A1)'), found(other, 26700043, 'met de hand')], draft)
  const [note] = 'receipt' in twice ? (twice.receipt.notes ?? []) : []
  assert(note, 'nothing was said of the other one')
  return note
}

/** Exact Online says that the user may not see this. */
const withoutRight = {
  ask: async () => ({ UserHasRights: false }),
} as unknown as ExactCalls

function firstOf(code: string, draft: object): MessageFixture {
  return {
    code,
    problem() {
      const problems = 'problems' in draft ? (draft.problems as readonly Problem[]) : []
      const found = problems.find((problem) => problem.code === code)
      assert(found, `the draft has no ${code}`)
      return found
    },
  }
}

async function thrownBy(work: Promise<unknown>): Promise<Problem> {
  try {
    await work
  } catch (error) {
    if (isProblem(error)) return error.problem
    throw error
  }
  throw new Error('nothing was refused')
}
