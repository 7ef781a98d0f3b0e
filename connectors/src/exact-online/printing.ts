import type { CalendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { isProblem, type Problem } from '@uurwerk/core/shared/problem.ts'
import { z } from 'zod'
import type { Connection, Draft, Found, Known, Outcome, Posts, Receipt, TheirId, Wire } from '../contract/contract.ts'
import type { PrintingDoc } from '../contract/documents.ts'
import { parse } from '../kit/parse.ts'
import { chosenDivision, type ExactCalls, exactCalls } from './calls.ts'
import { findEach, onePerRequest, packOne, parentMissing, sendOne } from './posting.ts'
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

/** Printed it is, but number and entry are not known: it is looked for until they are. */
const unread = (theirWords: string): Outcome => ({
  is: 'uncertain',
  problem: { kind: 'uncertain', code: 'answer-incomplete', ...(theirWords && { theirWords }) },
})

/** What became of it, from the invoice as it stands now; undefined when that could not be read. */
export function printed(receipt: Receipt | undefined, answer: Answered | undefined): Outcome {
  const said = saidBeside(answer)
  if (!receipt) return unread(said.join('; '))
  const problem: Problem = { kind: 'refused', code: 'printing-incomplete', values: { words: said.join('; ') } }
  if (receipt.shows?.state !== 'processed')
    return { is: 'refused', problem: { ...problem, theirWords: said.join('; ') } }
  return { is: 'posted', receipt: said.length > 0 ? { ...receipt, notes: [problem] } : receipt }
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
        outcome: async (answer, draft) => printed(await readIfPossible(calls(), invoiceOf(draft)), answer),
      })
      return new Map(
        await Promise.all(
          drafts.map(async (draft) => {
            const outcome = outcomes.get(draft.reference)
            const known = outcome?.is === 'refused' ? await printedBefore(outcome.problem, draft, calls()) : undefined
            return [draft.reference, known ?? (outcome as Outcome)] as const
          }),
        ),
      )
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
  const receipt = await readIfPossible(calls, invoiceOf(draft))
  if (!receipt) return unread(problem.theirWords ?? '')
  return receipt.shows?.state === 'processed' ? { is: 'posted', receipt } : undefined
}

/** The invoice as it stands now, with the entry that printing made of it. */
async function readPrinted(calls: ExactCalls, id: TheirId): Promise<Receipt | undefined> {
  const invoice = (await readSalesInvoices(calls, [id])).get(id.toLowerCase())
  return invoice && fromExactSalesInvoice(invoice, (await entriesOf(calls, [invoice])).get(invoice.InvoiceID))
}

async function readIfPossible(calls: ExactCalls, id: TheirId): Promise<Receipt | undefined> {
  try {
    return await readPrinted(calls, id)
  } catch (error) {
    if (isProblem(error)) return undefined
    throw error
  }
}
