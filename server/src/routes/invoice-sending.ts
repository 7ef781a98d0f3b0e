import { createHash } from 'node:crypto'
import type { invoiceRoutes } from '@uurwerk/api/invoices.ts'
import type { Invoice } from '@uurwerk/core/invoicing/invoice.ts'
import { issueInvoice, problemsBeforeSending } from '@uurwerk/core/invoicing/issue-invoice.ts'
import { type FieldProblem, type Problem, ProblemError } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import type { FirmCall, HandlerOf } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { claimsOf, tellEntries } from '../invoices/invoice-claims.ts'
import { holdSeries, isGiven, lockPlace, takePlace } from '../invoices/invoice-series.ts'
import type { Trx } from '../store/database.ts'
import { answerOf, issueContext } from './invoice-answer.ts'
import { takeBack } from './invoice-credits.ts'
import { lockDraft } from './invoice-drafts.ts'

export const sentMediaType = 'application/vnd.uurwerk.invoice+json'

/**
 * Number, state, snapshots and the kept bytes in one transaction: whoever waits for the row of the counter gets the
 * next number, and a transaction that fails gives its number back.
 */
export const sendInvoice: HandlerOf<(typeof invoiceRoutes)['sendInvoice']> = async (call) => {
  const { trx, firmId, params, body, version, now, actor, services } = call
  const { invoice, row, credited } = await lockDraft(call, params.id)
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
      sentHow: body.how,
      version: version + 1,
      updatedAt: now,
    })
    .where('firmId', '=', firmId)
    .where('id', '=', row.id)
    .execute()
  await keepDocument(call, issued, body.how)
  await remember(call, { kind: 'invoice', id: row.id }, 'sent', { after: { number: issued.number, how: body.how } })
  await tellEntries(call, claimsOf(issued.lines, []), 'invoiced', row.id)
  if (row.creditsId) await takeBack(call, row, row.creditsId)
  await services.events.publish(trx, firmId, { topic: 'invoices', ids: [row.id] })
  return answerOf(call, row.id)
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

type Call = Pick<FirmCall<never>, 'trx' | 'firmId' | 'services' | 'now'>

async function keepDocument({ trx, firmId, services, now }: Call, invoice: Invoice, how: string): Promise<void> {
  // Before the chain is read: documents of one firm follow each other, whichever series they have.
  await sql`select 1 from firm where firm_id = ${firmId}::uuid for no key update`.execute(trx)
  const previous = await trx
    .selectFrom('sentDocument')
    .select(['position', 'chainHash'])
    .where('firmId', '=', firmId)
    .orderBy('position', 'desc')
    .limit(1)
    .executeTakeFirst()
  const position = (previous?.position ?? 0) + 1
  const previousHash = previous?.chainHash ?? chainStart
  const bytes = canonicalBytes({ ...invoice, sentAt: now.toISOString(), sentHow: how })
  const hash = sha256(bytes)
  await trx
    .insertInto('sentDocument')
    .values({
      firmId,
      id: services.ids.next(),
      invoiceId: invoice.id,
      mediaType: sentMediaType,
      bytes,
      sha256: hash,
      position,
      previousHash,
      chainHash: chainHash({ previousHash, position, hash }),
      sentAt: now,
    })
    .execute()
}

const chainStart = '0'.repeat(64)
const sha256 = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex')

const chainHash = (link: { previousHash: string; position: number; hash: string }): string =>
  sha256(`${link.previousHash}\n${link.position}\n${link.hash}`)

/** JSON with its keys in order and without white space: the same invoice gives the same bytes. */
export const canonicalBytes = (value: unknown): Buffer =>
  Buffer.from(
    JSON.stringify(value, (_, part: unknown) =>
      part && typeof part === 'object' && !Array.isArray(part)
        ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
        : part,
    ),
  )

/** Position of the first sent document that is not what was sent, or that is missing; null when all of them stand. */
export async function brokenLink(trx: Trx, firmId: string): Promise<number | null> {
  let [position, previousHash] = [0, chainStart]
  for (;;) {
    const link = await trx
      .selectFrom('sentDocument')
      .select(['position', 'bytes', 'sha256', 'previousHash', 'chainHash'])
      .where('firmId', '=', firmId)
      .where('position', '>', position)
      .orderBy('position')
      .limit(1)
      .executeTakeFirst()
    if (!link) return null
    position += 1
    const stands =
      link.position === position &&
      sha256(link.bytes) === link.sha256 &&
      link.previousHash === previousHash &&
      link.chainHash === chainHash({ previousHash, position, hash: link.sha256 })
    if (!stands) return position
    previousHash = link.chainHash
  }
}
