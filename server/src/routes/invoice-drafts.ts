import type { invoiceRoutes } from '@uurwerk/api/invoices.ts'
import { creditTotals } from '@uurwerk/core/invoicing/credit-note.ts'
import { dueDateOf } from '@uurwerk/core/invoicing/due-date.ts'
import { invoiceTotals, isTooMuch } from '@uurwerk/core/invoicing/totals.ts'
import { type VatTreatment, vatRateFor } from '@uurwerk/core/invoicing/vat-cases.ts'
import { type CalendarDate, calendarDate, dateIn } from '@uurwerk/core/shared/calendar-date.ts'
import { compare, type Decimal, decimal, sameAmount } from '@uurwerk/core/shared/money.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import { type FirmCall, type Handlers, StaleEdit } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { notThere, wrongField } from '../http/problems.ts'
import { holdDeducted } from '../invoices/closing-rows.ts'
import { holdCredited } from '../invoices/credit-notes.ts'
import { releaseEntries } from '../invoices/invoice-claims.ts'
import { periodOf } from '../invoices/invoice-drafting.ts'
import { findInvoice, paymentTermOf, type StoredInvoice, treatmentOfRow } from '../invoices/invoice-rows.ts'
import { seriesFor } from '../invoices/invoice-series.ts'
import { textsOf } from '../invoices/invoice-texts.ts'
import { insertDraft } from '../invoices/new-draft.ts'
import { answerOf, type InvoiceAnswer } from './invoice-answer.ts'
import { deleteRow } from './kept-rows.ts'

type Call<Name extends keyof typeof invoiceRoutes> = FirmCall<(typeof invoiceRoutes)[Name]>
export type Changing = Omit<FirmCall<never>, 'params' | 'query' | 'body'>
type Names = 'createInvoice' | 'changeInvoice' | 'deleteInvoice'

export const draftHandlers: Handlers<Names> = {
  createInvoice: async (call) => {
    const { trx, firmId, body, services, now } = call
    const customer = await trx
      .selectFrom('customer')
      .selectAll()
      .where('firmId', '=', firmId)
      .where('id', '=', body.customerId)
      .where('deletedAt', 'is', null)
      .executeTakeFirst()
    if (!customer) throw wrongField('/customerId', 'customer-unknown')
    if (customer.archivedAt) throw wrongField('/customerId', 'customer-archived')
    const firm = await trx.selectFrom('firm').selectAll().where('firmId', '=', firmId).executeTakeFirstOrThrow()
    const date = body.date === undefined ? dateIn(call.firm.timeZone, now) : calendarDate(body.date)
    const series = await seriesFor(trx, firmId, body.seriesId)
    const id = await insertDraft(call, { customer, firm, seriesId: series.id, date })
    await remember(call, { kind: 'invoice', id }, 'created', { after: { customerId: customer.id, date } })
    await services.events.publish(trx, firmId, { topic: 'invoices', ids: [id] })
    return answerOf(call, id)
  },

  changeInvoice: async (call) => {
    const { trx, firmId, params, body } = call
    const stored = await lockDraft(call, params.id)
    const { row, customerRow, firmRow } = stored
    const date = calendarDate(body.date ?? row.date)
    const isCredit = row.kind === 'credit'
    if (isCredit)
      for (const field of ['dueDate', 'language', 'exchange', 'period'] as const)
        if (body[field] !== undefined) throw wrongField(`/${field}`, 'follows-from-invoice')
    if (body.releasesEntries !== undefined && !isCredit) throw wrongField('/releasesEntries', 'only-on-credit-note')
    const fixed = body.dueDate === undefined ? row.dueDateFixed : body.dueDate !== null
    const dueDate = isCredit
      ? date
      : fixed
        ? calendarDate(body.dueDate ?? row.dueDate)
        : dueDateOf(date, paymentTermOf(customerRow, firmRow))
    if (dueDate < date) throw wrongField('/dueDate', 'due-date-before-date', { date, dueDate })
    const { exchange, period, seriesId, date: _date, dueDate: _dueDate, ...plain } = body
    if (period && period.until < period.from) throw wrongField('/period/until', 'end-before-start')
    const series =
      seriesId && seriesId !== row.seriesId ? { seriesId: (await seriesFor(trx, firmId, seriesId)).id } : {}
    await trx
      .updateTable('invoice')
      .set({
        ...(body.language && !isCredit ? translatedTexts(stored, body.language) : {}),
        ...plain,
        ...series,
        ...(period === undefined ? {} : periodSet(period)),
        date,
        dueDate,
        dueDateFixed: fixed,
        ...exchangeSet(exchange, stored, date),
      })
      .where('firmId', '=', firmId)
      .where('id', '=', row.id)
      .execute()
    if (date !== row.date && !isCredit) await rateFreeLines(call, stored, date)
    return finish(call, row.id, 'changed', {
      before: Object.fromEntries(Object.keys(body).map((field) => [field, row[field as keyof typeof row] ?? null])),
      after: body,
    })
  },

  deleteInvoice: async (call) => {
    const { trx, firmId, params, services } = call
    const { row } = await lockDraft(call, params.id)
    await releaseEntries(call, { invoiceId: row.id })
    if (row.creditsId) await services.events.publish(trx, firmId, { topic: 'invoices', ids: [row.creditsId] })
    await deleteRow(call, 'invoice', row, { net: row.net, date: row.date })
    await services.events.publish(trx, firmId, { topic: 'invoices', ids: [row.id] })
    return undefined
  },
}

/** The draft, locked, as the version of the request; a sent invoice says that it never changes. */
export async function lockDraft(
  call: Pick<Changing, 'trx' | 'firmId' | 'firm' | 'language' | 'version' | 'now' | 'services'>,
  id: string,
) {
  const { trx, firmId, version } = call
  await holdCredited(trx, firmId, id)
  await holdDeducted(trx, firmId, id)
  const locked = await trx
    .selectFrom('invoice')
    .select(['version', 'state', 'number'])
    .where('firmId', '=', firmId)
    .where('id', '=', id)
    .where('deletedAt', 'is', null)
    .forUpdate()
    .executeTakeFirst()
  if (!locked) throw notThere('invoice')
  if (locked.version !== version) throw new StaleEdit(locked.version, await answerOf(call, id))
  if (locked.state !== 'draft')
    throw new ProblemError({
      kind: 'conflict',
      code: 'invoice-not-draft',
      values: { state: locked.state, number: locked.number ?? '' },
    })
  const stored = await findInvoice(trx, firmId, id)
  if (!stored) throw notThere('invoice')
  return stored
}

/** After every change of lines: VAT and totals anew, kept in the history, and told to whoever looks. */
export async function finish(
  call: Changing,
  id: string,
  act: string,
  facts: { before?: unknown; after?: unknown },
): Promise<InvoiceAnswer> {
  const { trx, firmId, services } = call
  const creditsId = await settleTotals(call, id)
  await remember(call, { kind: 'invoice', id }, act, facts)
  await services.events.publish(trx, firmId, { topic: 'invoices', ids: creditsId ? [id, creditsId] : [id] })
  return answerOf(call, id)
}

/** VAT and totals of a draft anew, and its next version; answers the invoice that it takes back, if any. */
export async function settleTotals(
  { trx, firmId, now }: Pick<Changing, 'trx' | 'firmId' | 'now'>,
  id: string,
): Promise<string | null> {
  const stored = await findInvoice(trx, firmId, id)
  if (!stored) throw notThere('invoice')
  const { row, invoice, credited } = stored
  const { lines } = invoice
  const taxed = lines.map((line) => ({ ...line, rate: line.vatRate }))
  const totals =
    row.kind === 'credit'
      ? creditTotals<VatTreatment>(taxed, credited?.before ?? [])
      : invoiceTotals<VatTreatment>(taxed)
  if (isTooMuch(totals.gross)) throw wrongField('/quantity', 'amount-too-large')
  await sql`update invoice_line l set vat = v.vat
    from unnest(${lines.map((line) => line.id)}::uuid[], ${[...totals.lineVat]}::numeric[]) as v (id, vat)
    where l.firm_id = ${firmId}::uuid and l.id = v.id and l.vat <> v.vat`.execute(trx)
  const supplied = stored.lineRows.flatMap(({ kind, deducts, periodFrom, periodUntil }) =>
    kind === 'free' || deducts || !periodFrom || !periodUntil
      ? []
      : [{ supplyFrom: periodFrom, supplyUntil: periodUntil }],
  )
  await trx
    .updateTable('invoice')
    .set({
      ...(row.kind === 'credit' || row.periodFixed ? {} : periodOf(supplied)),
      net: totals.net,
      vat: totals.vat,
      gross: totals.gross,
      vatPerRate: JSON.stringify(totals.vatPerRate),
      version: row.version + 1,
      updatedAt: now,
    })
    .where('firmId', '=', firmId)
    .where('id', '=', id)
    .execute()
  return row.creditsId
}

export function rateOf(treatment: VatTreatment, { firmRow }: StoredInvoice, supplied: CalendarDate): Decimal {
  const found = vatRateFor(treatment, firmRow.country, supplied)
  if (!found)
    throw new ProblemError({
      kind: 'setup',
      code: 'vat-rate-missing',
      values: { vatTreatment: treatment, country: firmRow.country, date: supplied },
    })
  return found.rate
}

/** Lines without a period of their own are supplied on the day of the invoice and take the rate of that day. */
async function rateFreeLines(call: Changing, stored: StoredInvoice, date: CalendarDate): Promise<void> {
  for (const line of stored.lineRows.filter(({ periodFrom }) => periodFrom === null)) {
    const rate = rateOf(treatmentOfRow(line.vatTreatment), stored, date)
    if (sameAmount(rate, decimal(line.vatRate))) continue
    await call.trx
      .updateTable('invoiceLine')
      .set({ vatRate: rate })
      .where('firmId', '=', call.firmId)
      .where('id', '=', line.id)
      .execute()
  }
}

type Exchange = Call<'changeInvoice'>['body']['exchange']

function exchangeSet(exchange: Exchange, { row, firmRow }: StoredInvoice, date: CalendarDate) {
  if (exchange === undefined) return {}
  if (exchange === null) return { rateToFirm: null, rateSource: null, rateDate: null }
  if (row.currency === firmRow.currency)
    throw wrongField('/exchange', 'no-exchange-needed', { currency: firmRow.currency })
  const rate = decimal(exchange.rate)
  if (compare(rate, decimal('0')) <= 0) throw wrongField('/exchange/rate', 'not-above-zero')
  if (compare(rate, mostRate) >= 0) throw wrongField('/exchange/rate', 'amount-too-large')
  return { rateToFirm: rate, rateSource: exchange.source, rateDate: exchange.date ?? date }
}

// With eight decimals that is fifteen digits.
const mostRate = decimal('10000000')

const periodSet = (period: { readonly from: string; readonly until: string } | null) =>
  period === null ? { periodFixed: false } : { periodFixed: true, periodFrom: period.from, periodUntil: period.until }

/** The firm's own texts follow the language; what somebody wrote stays. */
function translatedTexts({ row, firmRow }: StoredInvoice, language: 'nl' | 'en') {
  const [before, after] = [textsOf(firmRow)[row.language === 'nl' ? 'nl' : 'en'], textsOf(firmRow)[language]]
  return {
    ...(row.introduction === before.introduction ? { introduction: after.introduction } : {}),
    ...(row.closing === before.closing ? { closing: after.closing } : {}),
  }
}
