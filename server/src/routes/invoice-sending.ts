import type { invoiceRoutes } from '@uurwerk/api/invoices.ts'
import type { BodyOf } from '@uurwerk/api/route.ts'
import { issueInvoice, problemsBeforeSending } from '@uurwerk/core/invoicing/issue-invoice.ts'
import { type FieldProblem, type Problem, ProblemError } from '@uurwerk/core/shared/problem.ts'
import type { FirmCall, HandlerOf } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { wrongField } from '../http/problems.ts'
import { claimsOf, tellEntries } from '../invoices/invoice-claims.ts'
import { holdSeries, isGiven, lockPlace, takePlace } from '../invoices/invoice-series.ts'
import { keepSentDocument } from '../invoices/sent-chain.ts'
import { writeInvoiceLetter, writingOf } from '../letters/write-letter.ts'
import { postAutomatically } from '../postings/automatic.ts'
import { answerOf, issueContext } from './invoice-answer.ts'
import { takeBack } from './invoice-credits.ts'
import { lockDraft } from './invoice-drafts.ts'

type Sending = Pick<
  FirmCall<never>,
  'trx' | 'firmId' | 'firm' | 'services' | 'now' | 'actor' | 'requestId' | 'language' | 'version'
>
type Asked = BodyOf<(typeof invoiceRoutes)['sendInvoice']>

export const sendInvoice: HandlerOf<(typeof invoiceRoutes)['sendInvoice']> = async (call) => {
  await sendDraft(call, call.params.id, call.body)
  return answerOf(call, call.params.id)
}

/**
 * Number, state, snapshots, the kept bytes and the letter in one transaction: whoever waits for the row of the counter
 * gets the next number, and a transaction that fails gives its number back.
 */
export async function sendDraft(
  call: Sending,
  id: string,
  { how, letter }: Asked,
): Promise<{ readonly number: string; readonly letterId: string | null }> {
  const { trx, firmId, version, now, actor, services } = call
  if (letter && how !== 'mail') throw wrongField('/letter', 'how-not-mail')
  const { invoice, row, credited } = await lockDraft(call, id)
  const series = await holdSeries(trx, firmId, row.seriesId)
  const place = await lockPlace(trx, firmId, series, invoice.date)
  const context = issueContext(series, place, credited)
  refuse(problemsBeforeSending(invoice, context))
  const issued = issueInvoice(invoice, context)
  if (await isGiven(trx, firmId, issued.number))
    refuse([{ kind: 'conflict', code: 'invoice-number-given', values: { number: issued.number } }])
  await takePlace(trx, firmId, series, { date: invoice.date, counter: place.counter })
  await trx
    .updateTable('invoice')
    .set({
      state: 'sent',
      number: issued.number,
      customerSnapshot: JSON.stringify(issued.customer),
      firmSnapshot: JSON.stringify(issued.firm),
      sentAt: now,
      sentBy: actor.memberId,
      sentHow: how,
      version: version + 1,
      updatedAt: now,
    })
    .where('firmId', '=', firmId)
    .where('id', '=', row.id)
    .execute()
  await keepSentDocument(call, issued, how)
  await remember(call, { kind: 'invoice', id: row.id }, 'sent', { after: { number: issued.number, how } })
  await tellEntries(call, claimsOf(issued.lines, []), 'invoiced', { invoiceId: row.id })
  if (row.creditsId) await takeBack(call, row, row.creditsId)
  const letterId =
    how === 'mail'
      ? await writeInvoiceLetter(writingOf(call), id, { kind: 'invoice' }, { input: letter, pointer: '/letter' })
      : null
  await services.events.publish(trx, firmId, { topic: 'invoices', ids: [row.id] })
  await postAutomatically(call, { id: row.id, number: issued.number })
  return { number: issued.number, letterId }
}

/** The first problem is the answer's; all of them stand beside it, each at its place. */
function refuse(problems: readonly Problem[]): void {
  const [first] = problems
  if (!first) return
  throw new ProblemError({ ...first, fields: problems.map(fieldOf) })
}

function fieldOf({ code, values = {} }: Problem): FieldProblem {
  const line = values.line === undefined ? undefined : `/lines/${Number(values.line) - 1}`
  return { pointer: line ?? pointers[code] ?? '/', code, values }
}

const pointers: Readonly<Record<string, string>> = {
  'invoice-empty': '/lines',
  'customer-address-missing': '/customer',
  'vat-id-missing': '/customer',
  'firm-address-missing': '/firm',
  'firm-vat-id-missing': '/firm',
  'date-before-previous': '/date',
  'due-date-before-date': '/dueDate',
  'exchange-rate-missing': '/exchange',
  'exchange-date-later': '/exchange',
  'credit-before-invoice': '/date',
  'outside-eu-mixed': '/lines',
}
