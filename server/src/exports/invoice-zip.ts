import { type Problem, ProblemError } from '@uurwerk/core/shared/problem.ts'
import { documentOf, type InvoiceDocument } from '../documents/invoice-documents.ts'
import { explainProblem } from '../http/problems.ts'
import { say } from '../http/words.ts'
import type { ExportCall, FoundInvoice } from './found-invoices.ts'
import { mostInZip, uniqueNames, type ZipEntry, zipChunks } from './zip.ts'

/**
 * The documents of invoices in one ZIP, each made or read when the one before was taken. A draft has none, and of some
 * no UBL can be made: a text file in the ZIP names them with the reason.
 *
 * Problem: `too-many-in-zip` (`input`; `found`, `most`).
 */
export async function* invoiceZip(
  call: ExportCall,
  kind: 'pdf' | 'ubl',
  invoices: readonly FoundInvoice[],
): AsyncGenerator<Uint8Array> {
  const { length } = invoices
  if (length > mostInZip.files) {
    const values = { found: String(length), most: String(mostInZip.files) }
    throw new ProblemError({ kind: 'input', code: 'too-many-in-zip', values })
  }
  yield* zipChunks(entriesOf(call, kind, invoices))
}

interface LeftOut {
  readonly invoice: FoundInvoice
  readonly problem: Problem
}

async function* entriesOf(
  call: ExportCall,
  kind: 'pdf' | 'ubl',
  invoices: readonly FoundInvoice[],
): AsyncGenerator<ZipEntry> {
  const nameOnce = uniqueNames()
  const leftOut: LeftOut[] = []
  let size = 0
  const documents = ahead(invoices, (invoice) => documentOrProblem(call, kind, invoice))
  for await (const [invoice, made] of documents) {
    if (!('bytes' in made)) {
      leftOut.push({ invoice, problem: made })
    } else if (size + made.bytes.length > mostInZip.bytes) {
      leftOut.push({ invoice, problem: { kind: 'input', code: 'zip-is-full' } })
    } else {
      size += made.bytes.length
      const { fileName: name, bytes } = made
      yield { name: nameOnce(name), bytes, at: invoice.sentAt ?? call.now, isPacked: kind === 'pdf' }
    }
  }
  if (leftOut.length === 0 && invoices.length > 0) return
  const text = leftOutText(call, leftOut, invoices.length)
  const name = nameOnce(say(call.language, 'export.leftOut.file'))
  yield { name, bytes: Buffer.from(text, 'utf8'), at: call.now, isPacked: false }
}

/** So many documents are looked up or made at a time. */
const AHEAD = 4

/** What becomes of each, in order, a few of them begun before they are asked for. */
async function* ahead<Item, Made>(
  items: readonly Item[],
  make: (item: Item) => Promise<Made>,
): AsyncGenerator<readonly [Item, Made]> {
  const begun: (readonly [Item, Promise<Made>])[] = []
  for (const item of items) {
    const making = make(item)
    making.catch(() => {}) // told when its turn comes, if somebody still reads then
    begun.push([item, making])
    if (begun.length < AHEAD) continue
    const [first, made] = begun.shift() as (typeof begun)[number]
    yield [first, await made]
  }
  for (const [item, making] of begun) yield [item, await making]
}

/** An outage is not a reason to leave an invoice out: it ends the download. */
async function documentOrProblem(
  { services, firmId, language }: ExportCall,
  kind: 'pdf' | 'ubl',
  { id, number }: FoundInvoice,
): Promise<InvoiceDocument | Problem> {
  if (number === null) return { kind: 'conflict', code: 'invoice-not-sent' }
  try {
    return await documentOf(services, { firmId, invoiceId: id, kind, language })
  } catch (error) {
    if (!(error instanceof ProblemError) || error.problem.kind === 'temporary') throw error
    return error.problem
  }
}

/** As Windows reads a text file: with its mark, and both signs at the end of a line. */
function leftOutText({ language }: ExportCall, leftOut: readonly LeftOut[], asked: number): string {
  const lines = leftOut.map(({ invoice, problem }) => {
    const { cause, remedy } = explainProblem(problem, language)
    const customer = invoice.customerName
    const name = invoice.number
      ? say(language, 'export.leftOut.sent', { number: invoice.number, customer })
      : say(language, 'export.leftOut.draft', { customer })
    return `${name}: ${cause} ${remedy}`
  })
  const head =
    asked === 0
      ? say(language, 'export.leftOut.none')
      : say(language, 'export.leftOut', { asked, inside: asked - leftOut.length })
  return `\uFEFF${[head, ...(lines.length > 0 ? ['', ...lines] : [])].join('\r\n')}\r\n`
}
