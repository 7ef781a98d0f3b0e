import type { invoiceRoutes } from '@uurwerk/api/invoices.ts'
import { creditLine, isGone } from '@uurwerk/core/invoicing/credit-note.ts'
import { assert } from '@uurwerk/core/shared/assert.ts'
import { dateIn } from '@uurwerk/core/shared/calendar-date.ts'
import { type Decimal, decimal, round } from '@uurwerk/core/shared/money.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import type { FirmCall, HandlerOf } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { notThere, wrongField } from '../http/problems.ts'
import { creditedLine, type TakenLine, takenLines } from '../invoices/credit-notes.ts'
import { releaseEntries } from '../invoices/invoice-claims.ts'
import { findInvoice, type InvoiceRow, type LineRow, type StoredInvoice } from '../invoices/invoice-rows.ts'
import { creditSeries, seriesFor } from '../invoices/invoice-series.ts'
import { answerOf } from './invoice-answer.ts'
import { settleTotals } from './invoice-drafts.ts'

type CreditCall = FirmCall<(typeof invoiceRoutes)['creditInvoice']>
type Changing = Pick<
  FirmCall<never>,
  'trx' | 'firmId' | 'firm' | 'services' | 'now' | 'actor' | 'requestId' | 'language'
>

/** The draft of a credit note. The invoice is held meanwhile: what two people take back is never more than was sold. */
export const creditInvoice: HandlerOf<(typeof invoiceRoutes)['creditInvoice']> = async (call) => {
  const { trx, firmId, params, body, services, actor, now } = call
  const original = await holdSent(call, params.id)
  const { row } = original
  const lines = creditedLines(body.lines, original.lineRows, await takenLines(trx, firmId, row.id))
  const today = dateIn(call.firm.timeZone, now)
  const date = today < row.date ? row.date : today
  const id = services.ids.next()
  const seriesId = await seriesOf(call, row.seriesId)
  await trx
    .insertInto('invoice')
    .values({
      firmId,
      id,
      kind: 'credit',
      creditsId: row.id,
      releasesEntries: body.release,
      customerId: row.customerId,
      customerSnapshot: JSON.stringify(row.customerSnapshot),
      seriesId,
      date,
      dueDate: date,
      dueDateFixed: true,
      language: row.language,
      currency: row.currency,
      rateToFirm: row.rateToFirm,
      rateSource: row.rateSource,
      rateDate: row.rateDate,
      reference: row.reference,
      orderNumber: row.orderNumber,
      periodFrom: row.periodFrom,
      periodUntil: row.periodUntil,
      createdBy: actor.memberId,
      createdAt: now,
      updatedAt: now,
    })
    .execute()
  await sql`
    insert into invoice_line (firm_id, invoice_id, id, position, kind, description, quantity, unit, unit_price,
      discount_percent, net, vat_treatment, vat_treatment_chosen, vat_rate, activity_id, activity_ids, project_id, member_id,
      period_from, period_until, expense_category_id, credits_line_id)
    select l.firm_id, ${id}::uuid, c.id, c.position, l.kind, l.description, c.quantity, c.unit, c.unit_price,
      c.discount_percent, c.net, l.vat_treatment, true, l.vat_rate, l.activity_id, l.activity_ids, l.project_id, l.member_id,
      coalesce(l.period_from, ${row.date}::date), coalesce(l.period_until, ${row.date}::date), l.expense_category_id, l.id
    from jsonb_to_recordset(${JSON.stringify(lines.map((line, index) => ({ ...line, id: services.ids.next(), position: index + 1 })))}::jsonb)
      as c (line_id uuid, id uuid, position integer, quantity numeric, unit text, unit_price numeric, discount_percent numeric, net numeric)
    join invoice_line l on l.firm_id = ${firmId}::uuid and l.id = c.line_id`.execute(trx)
  await settleTotals(call, id)
  await remember(call, { kind: 'invoice', id }, 'created', {
    after: { customerId: row.customerId, date, credits: row.number, releases: body.release },
  })
  await services.events.publish(trx, firmId, { topic: 'invoices', ids: [id, row.id] })
  return answerOf(call, id)
}

async function holdSent({ trx, firmId }: CreditCall, id: string): Promise<StoredInvoice> {
  const held = await trx
    .selectFrom('invoice')
    .select(['kind', 'state', 'number'])
    .where('firmId', '=', firmId)
    .where('id', '=', id)
    .where('deletedAt', 'is', null)
    .forUpdate()
    .executeTakeFirst()
  if (!held) throw notThere('invoice')
  const refuse = (code: string) => new ProblemError({ kind: 'conflict', code, values: { number: held.number ?? '' } })
  if (held.kind === 'credit') throw refuse('credit-of-credit')
  if (held.state === 'draft') throw refuse('credit-of-draft')
  if (held.state === 'credited') throw refuse('nothing-left-to-credit')
  const stored = await findInvoice(trx, firmId, id)
  assert(stored, 'a locked invoice is there')
  return stored
}

/** As chosen, else the one for credit notes, else that of the invoice, whether new invoices take it or not. */
async function seriesOf({ trx, firmId, body }: CreditCall, own: string): Promise<string> {
  if (body.seriesId && body.seriesId !== own) return (await seriesFor(trx, firmId, body.seriesId)).id
  return body.seriesId ?? (await creditSeries(trx, firmId))?.id ?? own
}

/** The lines that were asked for, else every line of which something is left, in the order of the invoice. */
function creditedLines(asked: CreditCall['body']['lines'], lineRows: readonly LineRow[], taken: readonly TakenLine[]) {
  const ofLine = Map.groupBy(taken, ({ creditsLineId }) => creditsLineId)
  const wholeOf = (line: LineRow) => creditedLine({ ...line, discount: line.discountPercent })
  const open = lineRows.filter((line) => !isGone(wholeOf(line), ofLine.get(line.id) ?? []))
  if (open.length === 0) throw new ProblemError({ kind: 'conflict', code: 'nothing-left-to-credit' })
  const wanted = asked ?? open.map(({ id }) => ({ lineId: id, quantity: undefined, net: undefined }))
  const seen = new Set<string>()
  const made = wanted.map(({ lineId, quantity, net }, index) => {
    const at = (field: string) => `/lines/${index}/${field}`
    const line = lineRows.find(({ id }) => id === lineId)
    if (!line) throw wrongField(at('lineId'), 'line-unknown')
    if (seen.has(lineId)) throw wrongField(at('lineId'), 'line-named-twice')
    seen.add(lineId)
    if (quantity !== undefined && net !== undefined) throw wrongField(at('net'), 'quantity-or-net')
    const part = {
      quantity: quantity === undefined ? undefined : exact(at('quantity'), quantity, 4),
      net: net === undefined ? undefined : exact(at('net'), net, 2),
    }
    const credited = creditLine(wholeOf(line), ofLine.get(lineId) ?? [], part)
    if ('left' in credited)
      throw wrongField(
        at(net !== undefined ? 'net' : quantity !== undefined ? 'quantity' : 'lineId'),
        'more-than-left',
        {
          left: credited.left,
        },
      )
    const { unitPrice, discount, ...amounts } = credited.line
    return { line_id: lineId, ...amounts, unit_price: unitPrice, discount_percent: discount ?? null }
  })
  const place = new Map(lineRows.map(({ id }, index) => [id, index]))
  return made.sort((a, b) => (place.get(a.line_id) ?? 0) - (place.get(b.line_id) ?? 0))
}

function exact(pointer: string, text: string, most: number): Decimal {
  const value = decimal(text)
  if (decimal(round(value, most)) !== value) throw wrongField(pointer, 'too-many-decimals', { most: String(most) })
  return value
}

/**
 * What a credit note does to its invoice when it is sent: credited when nothing is left, entries free when that was
 * chosen, and VAT anew for the drafts that come after it.
 */
export async function takeBack(call: Changing, credit: InvoiceRow, invoiceId: string): Promise<void> {
  const { trx, firmId, now, services } = call
  const original = await findInvoice(trx, firmId, invoiceId)
  assert(original, 'a credit note takes back an invoice')
  const taken = await takenLines(trx, firmId, invoiceId)
  const sent = Map.groupBy(
    taken.filter(({ creditState }) => creditState !== 'draft'),
    ({ creditsLineId }) => creditsLineId,
  )
  const gone = original.lineRows.filter((line) =>
    isGone(creditedLine({ ...line, discount: line.discountPercent }), sent.get(line.id) ?? []),
  )
  const isWhole = gone.length === original.lineRows.length
  await trx
    .updateTable('invoice')
    .set({ ...(isWhole ? { state: 'credited' } : {}), version: original.row.version + 1, updatedAt: now })
    .where('firmId', '=', firmId)
    .where('id', '=', invoiceId)
    .execute()
  await remember(call, { kind: 'invoice', id: invoiceId }, isWhole ? 'credited' : 'credited-in-part', {
    after: { creditId: credit.id, releases: credit.releasesEntries },
  })
  if (credit.releasesEntries)
    await releaseEntries(
      call,
      { invoiceId },
      gone.map(({ id }) => id),
    )
  const drafts = [
    ...new Set(taken.filter(({ creditState }) => creditState === 'draft').map(({ creditId }) => creditId)),
  ]
  for (const id of drafts) await settleTotals(call, id)
  await services.events.publish(trx, firmId, { topic: 'invoices', ids: [invoiceId, ...drafts] })
}
