import type { CalendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import type { Problem } from '@uurwerk/core/shared/problem.ts'
import { z } from 'zod'
import type { Connection, Draft, Found, Known, Outcome, Posts, Receipt, TheirId, Wire } from '../contract/contract.ts'
import type { PrintingDoc } from '../contract/documents.ts'
import { parse } from '../kit/parse.ts'
import { chosenDivision, type ExactCalls, exactCalls } from './calls.ts'
import {
  afterRefusal,
  findEach,
  ifAnswered,
  onePerRequest,
  packOne,
  parentMissing,
  sendOne,
  unread,
} from './posting.ts'
import { mustBeDeleted } from './reading-again.ts'
import { entriesOf, fromExactSalesInvoice, readSalesInvoices } from './sales-invoices.ts'
import { deletedType } from './sync.ts'
import { printedSalesInvoice } from './wire.ts'

const resource = 'salesinvoice/PrintedSalesInvoices'

/** Makes the document and the entry of an invoice; nothing is sent to the customer unless that is asked for too. */
interface ExactPrinting {
  readonly InvoiceID: TheirId
  readonly InvoiceDate: CalendarDate
}

export function draftPrinting(
  document: PrintingDoc,
  { parent }: Pick<Known, 'parent'>,
): Draft | { readonly problems: readonly Problem[] } {
  if (!parent) return parentMissing('invoice-missing')
  const body: ExactPrinting = { InvoiceID: parent.id, InvoiceDate: document.date }
  return { reference: document.reference, group: resource, body, units: 1, expects: null, key: parent.id, notes: [] }
}

type Answered = z.output<typeof printedSalesInvoice>

/** Errors that stand beside a success: the entry was made, the document or its sending was not. */
const saidBeside = (answer: Answered | undefined): readonly string[] =>
  [answer?.DocumentCreationError, answer?.EmailCreationError, answer?.PeppolCreationError].flatMap((text) => text ?? [])

/** What became of it, from the invoice as it stands now; `undefined` when that could not be read. */
export function printed(receipt: Receipt | undefined, answer: Answered | undefined): Outcome {
  const words = saidBeside(answer).join('; ')
  const isProcessed = receipt?.shows?.state === 'processed'
  // Number and entry are to be known. Open still, and no word why: it may be under way.
  if (!receipt || (!isProcessed && words === '')) return unread(words)
  const problem: Problem = { kind: 'refused', code: 'printing-incomplete', values: { words } }
  if (!isProcessed) return { is: 'refused', problem: { ...problem, theirWords: words } }
  return { is: 'posted', receipt: words === '' ? receipt : { ...receipt, notes: [problem] } }
}

const sent = z.object({ InvoiceID: z.string() })
const invoiceOf = (draft: Draft): TheirId => parse(sent, draft.body, resource).InvoiceID

export function printingPosts(at: Connection<unknown>, wire: Wire): Posts<PrintingDoc> {
  const calls = () => exactCalls(chosenDivision(at), wire, 'posting')
  return {
    ...onePerRequest,
    draft: draftPrinting,
    pack: (drafts) => packOne(chosenDivision(at), resource, drafts),
    async send(packed, drafts) {
      const outcomes = await sendOne(packed, drafts, wire, {
        schema: printedSalesInvoice,
        outcome: async (answer, draft) =>
          printed(await ifAnswered(() => readPrinted(calls(), invoiceOf(draft))), answer),
      })
      return afterRefusal(outcomes, drafts, (problem, draft) => printedBefore(problem, draft, calls()))
    },
    find: (drafts) =>
      findEach(
        drafts,
        async (draft): Promise<Found> => {
          const id = invoiceOf(draft)
          const receipt = await readPrinted(calls(), id)
          if (!receipt) await mustBeDeleted(calls(), { type: deletedType.salesInvoices, ids: [id] })
          return receipt?.shows?.state === 'processed' ? { is: 'same', receipt } : { is: 'absent' }
        },
        async () => undefined,
      ),
  }
}

/** A bookkeeper printed it meanwhile: that is what was wanted. */
async function printedBefore(problem: Problem, draft: Draft, calls: ExactCalls): Promise<Outcome | undefined> {
  if (problem.code !== 'already-processed') return undefined
  const receipt = await ifAnswered(() => readPrinted(calls, invoiceOf(draft)))
  if (!receipt) return unread(problem.theirWords ?? '')
  return receipt.shows?.state === 'processed' ? { is: 'posted', receipt } : undefined
}

/** The invoice as it stands now, with the entry that printing made of it. */
async function readPrinted(calls: ExactCalls, id: TheirId): Promise<Receipt | undefined> {
  const invoice = (await readSalesInvoices(calls, [id])).get(id.toLowerCase())
  return invoice && fromExactSalesInvoice(invoice, (await entriesOf(calls, [invoice])).get(invoice.InvoiceID))
}
