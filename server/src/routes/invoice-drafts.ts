import type { invoiceRoutes } from '@uurwerk/api/invoices.ts'
import { creditTotals, isWithin, leftOfLine } from '@uurwerk/core/invoicing/credit-note.ts'
import { dueDateOf } from '@uurwerk/core/invoicing/due-date.ts'
import { invoiceTotals, isTooMuch, lineNet } from '@uurwerk/core/invoicing/totals.ts'
import {
  isVatTreatment,
  type VatTreatment,
  vatCaseFor,
  vatRateFor,
  vatTreatments,
} from '@uurwerk/core/invoicing/vat-cases.ts'
import { assert } from '@uurwerk/core/shared/assert.ts'
import { type CalendarDate, calendarDate, dateIn } from '@uurwerk/core/shared/calendar-date.ts'
import {
  absolute,
  compare,
  type Decimal,
  decimal,
  isNegative,
  isZero,
  negate,
  sameAmount,
} from '@uurwerk/core/shared/money.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import { hourRows } from '../entries/hour-rows.ts'
import { tripRows } from '../entries/trip-rows.ts'
import { type FirmCall, type Handlers, StaleEdit } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { notThere, wrongField } from '../http/problems.ts'
import { holdCredited, takenLines } from '../invoices/credit-notes.ts'
import { claimsOf, moveClaims, releaseEntries } from '../invoices/invoice-claims.ts'
import { draftingFacts, draftRows, insertLines, noRows, periodOf } from '../invoices/invoice-drafting.ts'
import {
  findInvoice,
  type LineRow,
  paymentTermOf,
  type StoredInvoice,
  toLine,
  treatmentOfRow,
  vatCaseOfRow,
  vatClassOfRow,
} from '../invoices/invoice-rows.ts'
import { defaultSeries } from '../invoices/invoice-series.ts'
import { answerOf, type InvoiceAnswer } from './invoice-answer.ts'

type Call<Name extends keyof typeof invoiceRoutes> = FirmCall<(typeof invoiceRoutes)[Name]>
type Changing = Omit<FirmCall<never>, 'params' | 'query' | 'body'>
type Names =
  | 'createInvoice'
  | 'changeInvoice'
  | 'deleteInvoice'
  | 'addLine'
  | 'changeLine'
  | 'removeLine'
  | 'regroupInvoice'

export const draftHandlers: Handlers<Names> = {
  createInvoice: async (call) => {
    const { trx, firmId, body, services, actor, now } = call
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
    const series = await defaultSeries(trx, firmId)
    const id = services.ids.next()
    await trx
      .insertInto('invoice')
      .values({
        firmId,
        id,
        customerId: customer.id,
        seriesId: series.id,
        date,
        dueDate: dueDateOf(date, paymentTermOf(customer, firm)),
        language: customer.language,
        currency: customer.currency,
        createdBy: actor.memberId,
        createdAt: now,
        updatedAt: now,
      })
      .execute()
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
      for (const field of ['dueDate', 'language', 'exchange'] as const)
        if (body[field] !== undefined) throw wrongField(`/${field}`, 'follows-from-invoice')
    if (body.releasesEntries !== undefined && !isCredit) throw wrongField('/releasesEntries', 'only-on-credit-note')
    const fixed = body.dueDate === undefined ? row.dueDateFixed : body.dueDate !== null
    const dueDate = isCredit
      ? date
      : fixed
        ? calendarDate(body.dueDate ?? row.dueDate)
        : dueDateOf(date, paymentTermOf(customerRow, firmRow))
    if (dueDate < date) throw wrongField('/dueDate', 'due-date-before-date', { date, dueDate })
    const { exchange, date: _date, dueDate: _dueDate, ...plain } = body
    await trx
      .updateTable('invoice')
      .set({ ...plain, date, dueDate, dueDateFixed: fixed, ...exchangeSet(exchange, stored, date) })
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
    const { trx, firmId, params, version, services, now } = call
    const { row } = await lockDraft(call, params.id)
    await releaseEntries(call, row.id)
    if (row.creditsId) await services.events.publish(trx, firmId, { topic: 'invoices', ids: [row.creditsId] })
    await trx
      .updateTable('invoice')
      .set({ deletedAt: now, version: version + 1, updatedAt: now })
      .where('firmId', '=', firmId)
      .where('id', '=', row.id)
      .execute()
    await remember(call, { kind: 'invoice', id: row.id }, 'deleted', { before: { net: row.net, date: row.date } })
    await services.events.publish(trx, firmId, { topic: 'invoices', ids: [row.id] })
    return undefined
  },

  addLine: async (call) => {
    const { trx, firmId, params, body, services } = call
    const stored = await lockDraft(call, params.id)
    refuseOnCredit(stored)
    const amounts = amountsOf(body, {})
    const vatClass = await referencesOf(call, body)
    const treatment = treatmentOf(body.vatTreatment, stored, vatClass)
    const id = services.ids.next()
    await trx
      .insertInto('invoiceLine')
      .values({
        firmId,
        id,
        invoiceId: stored.row.id,
        position: Math.max(0, ...stored.lineRows.map(({ position }) => position)) + 1,
        kind: 'free',
        description: body.description,
        unit: body.unit,
        ...amounts,
        vatTreatment: treatment,
        vatTreatmentChosen: body.vatTreatment !== undefined,
        vatRate: rateOf(treatment, stored, stored.invoice.date),
        activityId: body.activityId ?? null,
        activityIds: body.activityId ? [body.activityId] : [],
        projectId: body.projectId ?? null,
      })
      .execute()
    return finish(call, stored.row.id, 'line-added', { after: { lineId: id, ...body } })
  },

  changeLine: async (call) => {
    const { trx, firmId, params, body } = call
    const stored = await lockDraft(call, params.id)
    const line = lineOf(stored, params.lineId)
    if (line.creditsLineId) return changeCreditLine(call, stored, line)
    // Whose work it was and in which unit it was written follows from the entries behind the line.
    for (const field of ['unit', 'activityId', 'projectId'] as const)
      if (line.kind !== 'free' && body[field] !== undefined && body[field] !== line[field])
        throw wrongField(`/${field}`, 'follows-from-hours')
    const vatClass = await referencesOf(call, { activityId: line.activityId, ...body })
    const { supplyFrom } = toLine(line, stored.row)
    const reclassed = body.activityId !== undefined && body.activityId !== line.activityId && !line.vatTreatmentChosen
    const treatment =
      body.vatTreatment !== undefined || reclassed
        ? treatmentOf(body.vatTreatment, stored, vatClass)
        : treatmentOfRow(line.vatTreatment)
    await trx
      .updateTable('invoiceLine')
      .set({
        ...(body.description === undefined ? {} : { description: body.description }),
        ...(line.kind === 'free' && body.unit ? { unit: body.unit } : {}),
        ...(line.kind === 'free' && body.projectId !== undefined ? { projectId: body.projectId } : {}),
        ...(line.kind === 'free' && body.activityId !== undefined
          ? { activityId: body.activityId, activityIds: body.activityId ? [body.activityId] : [] }
          : {}),
        ...amountsOf(body, line),
        vatTreatment: treatment,
        vatTreatmentChosen: line.vatTreatmentChosen || body.vatTreatment !== undefined,
        vatRate: rateOf(treatment, stored, supplyFrom),
      })
      .where('firmId', '=', firmId)
      .where('id', '=', line.id)
      .execute()
    return finish(call, stored.row.id, 'line-changed', {
      before: {
        lineId: line.id,
        ...Object.fromEntries(Object.keys(body).map((field) => [field, line[field as keyof LineRow] ?? null])),
      },
      after: { lineId: line.id, ...body },
    })
  },

  removeLine: async (call) => {
    const { trx, firmId, params } = call
    const stored = await lockDraft(call, params.id)
    const line = lineOf(stored, params.lineId)
    await releaseEntries(call, stored.row.id, [line.id])
    await trx.deleteFrom('invoiceLine').where('firmId', '=', firmId).where('id', '=', line.id).execute()
    return finish(call, stored.row.id, 'line-removed', {
      before: { lineId: line.id, description: line.description, net: line.net, entries: line.entryIds.length },
    })
  },

  regroupInvoice: async (call) => {
    const { trx, firmId, params, body, services } = call
    const stored = await lockDraft(call, params.id)
    refuseOnCredit(stored)
    const { row, invoice, customerRow } = stored
    const behind = (kind: string) =>
      stored.lineRows.filter((line) => line.kind === kind).flatMap(({ entryIds }) => entryIds)
    const rows = {
      ...noRows,
      hours: await hourRows(trx, { firmId, where: sql` and e.id = any(${behind('hours')}::uuid[])` }),
      trips: await tripRows(trx, { firmId, where: sql` and e.id = any(${behind('trip')}::uuid[])` }),
    }
    const facts = await draftingFacts(trx, firmId, rows)
    const { lines, problems } = draftRows(rows, facts, {
      customer: { ...customerRow, currency: row.currency },
      date: invoice.date,
      by: body.groupBy,
      language: row.language,
    })
    if (problems[0]) throw new ProblemError(problems[0])
    await trx
      .deleteFrom('invoiceLine')
      .where('firmId', '=', firmId)
      .where('invoiceId', '=', row.id)
      .where('kind', 'in', [...regrouped])
      .execute()
    const lineIds = await insertLines({ trx, firmId, ids: services.ids }, row.id, lines)
    await moveClaims(call, row.id, claimsOf(lines, lineIds))
    const kept = stored.lineRows.filter(({ kind }) => !regrouped.has(kind)).map(({ id }) => id)
    await sql`update invoice_line l set position = ${lines.length} + f.place
      from unnest(${kept}::uuid[]) with ordinality as f (id, place)
      where l.firm_id = ${firmId}::uuid and l.id = f.id`.execute(trx)
    await trx
      .updateTable('invoice')
      .set({ groupedBy: body.groupBy })
      .where('firmId', '=', firmId)
      .where('id', '=', row.id)
      .execute()
    return finish(call, row.id, 'regrouped', { before: { groupBy: row.groupedBy }, after: body })
  },
}

/** What can be brought together in more than one way. */
const regrouped: ReadonlySet<string> = new Set(['hours', 'trip'])

/** The draft, locked, as the version of the request; a sent invoice says that it never changes. */
export async function lockDraft(call: Pick<Changing, 'trx' | 'firmId' | 'firm' | 'language' | 'version' | 'now'>, id: string) {
  const { trx, firmId, version } = call
  await holdCredited(trx, firmId, id)
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

/** What a credit note takes back follows from its invoice: nothing else comes upon it. */
function refuseOnCredit({ row }: StoredInvoice): void {
  if (row.kind === 'credit') throw new ProblemError({ kind: 'conflict', code: 'credit-takes-back-only' })
}

/** Less than all of the line, or at another price; never beyond what is left of it. */
async function changeCreditLine(call: Call<'changeLine'>, stored: StoredInvoice, line: LineRow) {
  const { trx, firmId, body } = call
  for (const field of ['unit', 'activityId', 'projectId', 'vatTreatment'] as const)
    if (body[field] !== undefined && body[field] !== line[field]) throw wrongField(`/${field}`, 'follows-from-invoice')
  const amounts = amountsOf(body, line)
  const { creditsId, id: creditId } = stored.row
  const original = creditsId ? await findInvoice(trx, firmId, creditsId) : undefined
  const whole = original?.lineRows.find(({ id }) => id === line.creditsLineId)
  assert(whole && creditsId, 'a line of a credit note takes back a line')
  const others = (await takenLines(trx, firmId, creditsId)).filter(
    (one) => one.creditsLineId === whole.id && one.creditId !== creditId,
  )
  const left = leftOfLine({ net: decimal(whole.net) }, others)
  if (!isWithin(negate(amounts.net), left) && !(isZero(left) && isZero(amounts.net))) {
    const field =
      body.quantity === undefined ? (body.unitPrice === undefined ? 'discountPercent' : 'unitPrice') : 'quantity'
    throw wrongField(`/${field}`, 'more-than-left', { left: negate(left) })
  }
  await trx
    .updateTable('invoiceLine')
    .set({ ...(body.description === undefined ? {} : { description: body.description }), ...amounts })
    .where('firmId', '=', firmId)
    .where('id', '=', line.id)
    .execute()
  return finish(call, stored.row.id, 'line-changed', {
    before: {
      lineId: line.id,
      ...Object.fromEntries(Object.keys(body).map((field) => [field, line[field as keyof LineRow] ?? null])),
    },
    after: { lineId: line.id, ...body },
  })
}

/** After every change of lines: VAT and totals anew, kept in the history, and told to whoever looks. */
async function finish(
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
  const supplied = stored.lineRows.flatMap(({ kind, periodFrom, periodUntil }) =>
    kind === 'free' || !periodFrom || !periodUntil ? [] : [{ supplyFrom: periodFrom, supplyUntil: periodUntil }],
  )
  await trx
    .updateTable('invoice')
    .set({
      ...(row.kind === 'credit' ? {} : periodOf(supplied)),
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

function lineOf({ lineRows }: StoredInvoice, id: string): LineRow {
  const line = lineRows.find((one) => one.id === id)
  if (!line) throw notThere('line')
  return line
}

const hundred = decimal('100')
// With four decimals that is thirteen digits: what a package holds as a JSON number.
const mostQuantity = decimal('1000000000')
// With eight decimals that is fifteen digits.
const mostRate = decimal('10000000')
const decimalsOf = (value: Decimal): number => value.split('.')[1]?.replace(/0+$/, '').length ?? 0

interface Amounts {
  readonly quantity?: string | undefined
  readonly unitPrice?: string | undefined
  readonly discountPercent?: string | null | undefined
}

/** Quantity, price, discount and their net; what is not given stays as it was. */
function amountsOf(body: Amounts, before: Amounts) {
  const quantity = decimal(body.quantity ?? before.quantity ?? '0')
  const unitPrice = decimal(body.unitPrice ?? before.unitPrice ?? '0')
  const given = body.discountPercent === undefined ? before.discountPercent : body.discountPercent
  const discount = given === null || given === undefined ? null : decimal(given)
  for (const [field, value] of [
    ['quantity', quantity],
    ['unitPrice', unitPrice],
    ['discountPercent', discount],
  ] as const)
    if (value && decimalsOf(value) > 4) throw wrongField(`/${field}`, 'too-many-decimals', { most: '4' })
  if (discount && (isNegative(discount) || compare(discount, hundred) > 0))
    throw wrongField('/discountPercent', 'percent-out-of-range')
  const net = lineNet({ quantity, unitPrice, discount })
  if (compare(absolute(quantity), mostQuantity) >= 0 || [net, unitPrice].some(isTooMuch))
    throw wrongField(body.quantity === undefined ? '/unitPrice' : '/quantity', 'amount-too-large')
  // A discount of nothing is none: it would turn the hours into one piece in the books.
  return { quantity, unitPrice, discountPercent: discount && isZero(discount) ? null : discount, net }
}

/** Checks activity and project; answers the VAT class of the activity. */
async function referencesOf(
  { trx, firmId }: Pick<Changing, 'trx' | 'firmId'>,
  { activityId, projectId }: { activityId?: string | null | undefined; projectId?: string | null | undefined },
) {
  if (projectId) {
    const project = await trx
      .selectFrom('project')
      .select('id')
      .where('firmId', '=', firmId)
      .where('id', '=', projectId)
      .where('deletedAt', 'is', null)
      .executeTakeFirst()
    if (!project) throw wrongField('/projectId', 'project-unknown')
  }
  if (!activityId) return null
  const activity = await trx
    .selectFrom('activity')
    .select('vatClass')
    .where('firmId', '=', firmId)
    .where('id', '=', activityId)
    .where('deletedAt', 'is', null)
    .executeTakeFirst()
  if (!activity) throw wrongField('/activityId', 'activity-unknown')
  return vatClassOfRow(activity.vatClass)
}

function treatmentOf(
  chosen: string | undefined,
  { customerRow, firmRow }: StoredInvoice,
  vatClass: ReturnType<typeof vatClassOfRow> | null,
): VatTreatment {
  if (chosen !== undefined && !isVatTreatment(chosen))
    throw wrongField('/vatTreatment', 'not-one-of', { choices: vatTreatments.join(', ') })
  const found = vatCaseFor({
    line: chosen,
    customer: { name: customerRow.name, vatCase: vatCaseOfRow(customerRow.vatCase), vatId: customerRow.vatId },
    vatClass,
    firmDefault: vatClassOfRow(firmRow.defaultVatClass),
  })
  if ('problem' in found) throw new ProblemError(found.problem)
  return found.treatment
}

function rateOf(treatment: VatTreatment, { firmRow }: StoredInvoice, supplied: CalendarDate): Decimal {
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
