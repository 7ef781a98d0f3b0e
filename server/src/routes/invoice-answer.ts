import type { invoiceRow as invoiceRowShape, invoice as invoiceShape } from '@uurwerk/api/invoices.ts'
import { isGone, leftOfLine, quantityLeft } from '@uurwerk/core/invoicing/credit-note.ts'
import { problemsBeforeSending } from '@uurwerk/core/invoicing/issue-invoice.ts'
import { formatNumber } from '@uurwerk/core/invoicing/number-series.ts'
import type { VatTreatment } from '@uurwerk/core/invoicing/vat-cases.ts'
import { vatSentence, vatSentenceKeyFor } from '@uurwerk/core/invoicing/vat-sentences.ts'
import { type CalendarDate, dateIn } from '@uurwerk/core/shared/calendar-date.ts'
import type { Language } from '@uurwerk/core/shared/language.ts'
import { decimal, round } from '@uurwerk/core/shared/money.ts'
import type { Problem } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import type { z } from 'zod'
import type { FirmCall } from '../http/call.ts'
import { explainProblem, notThere } from '../http/problems.ts'
import { inactiveWarnings } from '../imports/customer-gone.ts'
import { readUnconfirmed } from '../imports/unconfirmed.ts'
import { closingsOver } from '../invoices/closing-rows.ts'
import { type Credited, creditedLine, takenLines } from '../invoices/credit-notes.ts'
import { countsSql } from '../invoices/in-books.ts'
import {
  addressLines,
  findInvoice,
  type InvoiceRow,
  type LineRow,
  type StoredInvoice,
} from '../invoices/invoice-rows.ts'
import { getSeries, nextPlace, type Place, type Series } from '../invoices/invoice-series.ts'
import { numberNotes, numbersInUse } from '../invoices/series-notes.ts'
import { vatLabel } from '../invoices/vat-label.ts'
import { standingOf } from '../payments/payment-standing.ts'
import type { Trx } from '../store/database.ts'
import { vatIdWarnings } from '../vat-ids/vat-id-checks.ts'
import { placeInBooks } from './posting-rows.ts'

export type InvoiceAnswer = z.input<typeof invoiceShape>
export type InvoiceRowAnswer = z.input<typeof invoiceRowShape>
export type Asking = Pick<FirmCall<never>, 'trx' | 'firmId' | 'firm' | 'language' | 'now' | 'services'>

/** One invoice with everything around it, as the API answers it. */
export async function answerOf(call: Asking, id: string): Promise<InvoiceAnswer> {
  const stored = await findInvoice(call.trx, call.firmId, id)
  if (!stored) throw notThere('invoice')
  return toAnswer(call, stored)
}

async function toAnswer(
  { trx, firmId, firm: asking, language, now, services }: Asking,
  stored: StoredInvoice,
): Promise<InvoiceAnswer> {
  const { row, lineRows, invoice, credited } = stored
  const booking = await bookingOf(trx, firmId, row.id)
  const { problems, nextNumber } = await forecast(trx, firmId, stored)
  const history = await trx
    .selectFrom('history')
    .select(['act', 'actorName', 'at', 'why'])
    .select(sql<string | null>`case when act like 'payment-%' then after ->> 'amount' end`.as('amount'))
    .where('firmId', '=', firmId)
    .where('subjectKind', '=', 'invoice')
    .where('subjectId', '=', row.id)
    .orderBy('id')
    .execute()
  const late = row.state === 'draft' ? lineRows.reduce((total, line) => total + line.lateEntries, 0) : 0
  const takesBack = row.state === 'draft' ? lineRows.flatMap(({ creditsLineId }) => creditsLineId ?? []) : []
  const closings = takesBack.length > 0 ? await closingsOver(trx, firmId, takesBack) : []
  const warnings: Problem[] = [
    ...closings.map((closing) => ({ kind: 'input', code: 'credit-after-closing', values: { closing } }) as const),
    ...(late > 0
      ? [{ kind: 'input', code: 'entries-after-invoice-date', values: { count: String(late) } } as const]
      : []),
    ...(row.state === 'draft' ? numberNotes(nextNumber, await numbersInUse(trx, firmId, services)) : []),
    ...(row.state === 'draft'
      ? await inactiveWarnings({ trx, firmId, services }, { id: row.customerId, name: invoice.customer.name })
      : []),
    ...(row.state === 'draft' ? (await readUnconfirmed({ trx, firmId }, [row.customerId])).values() : []),
    ...(await vatIdWarnings(trx, firmId, {
      invoice,
      customerId: row.customerId,
      works: services.vies.works,
      timeZone: asking.timeZone,
    })),
  ]
  const creditNotes = await creditNotesOf(trx, firmId, row.id)
  const left = await leftOf(trx, firmId, stored)
  const explained = (list: readonly Problem[]) => list.map((problem) => explainProblem(problem, language))
  const { customer, firm } = invoice
  return {
    ...toRowAnswer({ ...row, customerName: customer.name }, { booking, credited, today: dateIn(asking.timeZone, now) }),
    orderNumber: row.orderNumber,
    introduction: row.introduction,
    closing: row.closing,
    language: invoice.language,
    periodFrom: row.periodFrom,
    periodUntil: row.periodUntil,
    periodFixed: row.periodFixed,
    seriesId: row.seriesId,
    sentHow: row.sentHow,
    customer: {
      name: customer.name,
      number: customer.number,
      address: addressLines(customer.address),
      country: customer.address?.country ?? stored.customerRow.country,
      vatId: customer.vatId,
      kvk: customer.kvkNumber,
      email: customer.email,
    },
    firm: {
      name: firm.name,
      address: addressLines(firm.address),
      country: firm.country,
      vatId: firm.vatId,
      kvk: firm.kvkNumber,
      iban: firm.iban,
      email: firm.email ?? null,
      phone: firm.phone ?? null,
      website: firm.website ?? null,
      logo: firm.logo?.sha256 ?? null,
    },
    lines: lineRows.map((line) => ({ ...toLineAnswer(line), ...(left.get(line.id) ?? nothingLeft) })),
    vatPerRate: invoice.totals.vatPerRate.map(({ treatment, rate, base, vat }) => ({
      treatment,
      rate,
      base,
      vat,
      label: vatLabel(treatment, rate, invoice.language),
      sentence: sentenceOf(treatment, invoice.language, firm.country),
    })),
    releasesEntries: row.releasesEntries,
    creditNotes,
    exchange: invoice.exchange ?? null,
    nextNumber,
    problems: explained(problems),
    warnings: explained(warnings),
    history: history.map(({ act, actorName, at, why, amount }) => ({
      act,
      actor: actorName,
      at: at.toISOString(),
      why,
      amount,
    })),
  }
}

/** What it would be numbered now, and what stands in the way of sending it. */
async function forecast(trx: Trx, firmId: string, stored: StoredInvoice) {
  if (stored.row.state !== 'draft') return { problems: [], nextNumber: null }
  const series = await getSeries(trx, firmId, stored.row.seriesId)
  const place = await nextPlace(trx, firmId, series, stored.invoice.date)
  return {
    problems: problemsBeforeSending(stored.invoice, issueContext(series, place, stored.credited)),
    nextNumber: formatNumber(series.pattern, { date: stored.invoice.date, counter: place.counter }),
  }
}

export const issueContext = (series: Series, { counter, previousDate }: Place, credited: Credited | undefined) => ({
  series: series.pattern,
  counter,
  previousDate,
  ...(credited ? { creditedBefore: credited.before } : {}),
})

type Left = Pick<InvoiceAnswer['lines'][number], 'leftNet' | 'leftQuantity'>
const nothingLeft: Left = { leftNet: null, leftQuantity: null }

/** What can still be credited of each line: of a sent invoice, or of the one that a draft takes back. */
async function leftOf(trx: Trx, firmId: string, stored: StoredInvoice): Promise<ReadonlyMap<string, Left>> {
  const { row, lineRows } = stored
  const isCredit = row.kind === 'credit'
  const invoiceId = isCredit ? row.creditsId : row.id
  if (!invoiceId || isCredit === (row.state !== 'draft')) return new Map()
  const taken = (await takenLines(trx, firmId, invoiceId)).filter(({ creditId }) => creditId !== row.id)
  const original = isCredit ? ((await findInvoice(trx, firmId, invoiceId))?.lineRows ?? []) : lineRows
  const ofLine = new Map(
    original.map((line) => {
      const whole = creditedLine({ ...line, discount: line.discountPercent })
      const parts = taken.filter(({ creditsLineId }) => creditsLineId === line.id)
      const quantity = isGone(whole, parts) ? decimal('0') : quantityLeft(whole, parts)
      return [line.id, { leftNet: leftOfLine(whole, parts), leftQuantity: quantity }] as const
    }),
  )
  return isCredit
    ? new Map(lineRows.map((line) => [line.id, ofLine.get(line.creditsLineId ?? '') ?? nothingLeft]))
    : ofLine
}

async function creditNotesOf(trx: Trx, firmId: string, id: string): Promise<InvoiceAnswer['creditNotes']> {
  const rows = await trx
    .selectFrom('invoice')
    .select(['id', 'state', 'number', 'date', 'gross'])
    .where('firmId', '=', firmId)
    .where('creditsId', '=', id)
    .where('deletedAt', 'is', null)
    .orderBy('createdAt')
    .orderBy('id')
    .execute()
  return rows.map((row) => ({ ...row, state: row.state as InvoiceAnswer['state'] }))
}

const sentenceOf = (treatment: VatTreatment, language: Language, country: string): string | null => {
  const key = vatSentenceKeyFor(treatment)
  return key ? vatSentence(key, language, country) : null
}

function toLineAnswer(line: LineRow): Omit<InvoiceAnswer['lines'][number], keyof Left> {
  const unitPrice = decimal(line.unitPrice)
  return {
    id: line.id,
    position: line.position,
    kind: line.kind as InvoiceAnswer['lines'][number]['kind'],
    description: line.description,
    quantity: decimal(line.quantity),
    unit: line.unit,
    // Two decimals as people write prices, more only where they count.
    unitPrice: /\.\d{3}/.test(unitPrice) ? unitPrice : round(unitPrice, 2),
    discountPercent: line.discountPercent === null ? null : decimal(line.discountPercent),
    net: line.net,
    vat: line.vat,
    vatTreatment: line.vatTreatment,
    vatRate: decimal(line.vatRate),
    activityId: line.activityId,
    expenseCategoryId: line.expenseCategoryId,
    projectId: line.projectId,
    periodFrom: line.periodFrom,
    periodUntil: line.periodUntil,
    realMinutes: line.realMinutes,
    entryCount: line.entryIds.length,
    creditsLineId: line.creditsLineId,
    deducts: line.deducts && {
      id: line.deducts.id,
      number: line.deducts.number,
      date: line.deducts.date,
      inPackage: line.deducts.inPackage,
    },
  }
}

export type Booking = NonNullable<InvoiceRowAnswer['booking']>

/**
 * The sales entry of invoice `i`, as one value: of the connection in use, else of the last live one. What was booked in
 * a sandbox that was left does not count.
 */
export const bookingSql = sql<Booking | null>`(
  select json_build_object('postingId', p.id, 'state', p.state, 'number', p.their_number, 'url', ${placeInBooks('k')},
    'package', k.package, 'differs', p.differs)
  from posting p
  join connection k on k.firm_id = p.firm_id and k.id = p.connection_id
  where p.firm_id = i.firm_id and p.kind = 'salesEntry' and p.state <> 'discarded' and p.subject_id = i.id and ${countsSql}
  order by (k.state <> 'disconnected') desc, p.sequence desc limit 1)`

async function bookingOf(trx: Trx, firmId: string, id: string): Promise<Booking | null> {
  const { rows } = await sql<{ booking: Booking | null }>`
    select ${bookingSql} as booking from invoice i where i.firm_id = ${firmId}::uuid and i.id = ${id}::uuid`.execute(
    trx,
  )
  return rows[0]?.booking ?? null
}

type RowFacts = Pick<
  InvoiceRow,
  | 'id'
  | 'kind'
  | 'state'
  | 'number'
  | 'date'
  | 'dueDate'
  | 'customerId'
  | 'reference'
  | 'currency'
  | 'net'
  | 'vat'
  | 'gross'
  | 'paid'
  | 'credited'
  | 'sentAt'
  | 'version'
> & { readonly customerName: string }

export const toRowAnswer = (
  row: RowFacts,
  {
    booking,
    credited,
    today,
  }: {
    readonly booking: Booking | null
    readonly credited: Credited | undefined
    /** In the firm's time zone. */
    readonly today: CalendarDate
  },
): InvoiceRowAnswer => ({
  id: row.id,
  kind: row.kind as InvoiceRowAnswer['kind'],
  state: row.state as InvoiceRowAnswer['state'],
  number: row.number,
  date: row.date,
  dueDate: row.dueDate,
  customerId: row.customerId,
  customerName: row.customerName,
  reference: row.reference,
  currency: row.currency,
  net: row.net,
  vat: row.vat,
  gross: row.gross,
  ...standingOf(row, today),
  sentAt: row.sentAt?.toISOString() ?? null,
  credits: credited ? { id: credited.id, number: credited.number, date: credited.date } : null,
  booking,
  version: row.version,
})
