import type { invoiceRoutes } from '@uurwerk/api/invoices.ts'
import { isWithin, leftOfLine } from '@uurwerk/core/invoicing/credit-note.ts'
import { shareDiscount } from '@uurwerk/core/invoicing/draft-discount.ts'
import { isTooMuch, lineNet } from '@uurwerk/core/invoicing/totals.ts'
import {
  isVatTreatment,
  partsOf,
  type VatTreatment,
  vatCaseFor,
  vatRateFor,
  vatTreatments,
} from '@uurwerk/core/invoicing/vat-cases.ts'
import { assert } from '@uurwerk/core/shared/assert.ts'
import {
  absolute,
  compare,
  type Decimal,
  decimal,
  isNegative,
  isZero,
  negate,
  sameAmount,
  sum,
  toCents,
  zero,
} from '@uurwerk/core/shared/money.ts'
import { ProblemError } from '@uurwerk/core/shared/problem.ts'
import { sql } from 'kysely'
import { hourRows } from '../entries/hour-rows.ts'
import { tripRows } from '../entries/trip-rows.ts'
import type { FirmCall, Handlers } from '../http/call.ts'
import { notThere, wrongField } from '../http/problems.ts'
import { say } from '../http/words.ts'
import { takenLines } from '../invoices/credit-notes.ts'
import { claimsOf, moveClaims, releaseEntries } from '../invoices/invoice-claims.ts'
import { draftingFacts, draftRows, insertLines, noRows } from '../invoices/invoice-drafting.ts'
import {
  findInvoice,
  type LineRow,
  type StoredInvoice,
  toLine,
  treatmentOfRow,
  vatCaseOfRow,
  vatClassOfRow,
} from '../invoices/invoice-rows.ts'
import { type Changing, finish, lockDraft, rateOf } from './invoice-drafts.ts'

type Call = FirmCall<(typeof invoiceRoutes)['changeLine']>
type Names = 'addLine' | 'changeLine' | 'removeLine' | 'regroupInvoice' | 'orderLines' | 'discountInvoice'

export const draftLineHandlers: Handlers<Names> = {
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
    if (line.deducts)
      for (const field of ['quantity', 'unitPrice', 'discountPercent', 'vatTreatment'] as const)
        if (body[field] !== undefined && !sameText(body[field], line[field]))
          throw wrongField(`/${field}`, 'follows-from-earlier-invoice', { number: line.deducts.number })
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
    if (line.deducts || line.closesProject) throw new ProblemError({ kind: 'conflict', code: 'closing-line-stays' })
    await releaseEntries(call, { invoiceId: stored.row.id }, [line.id])
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

  orderLines: async (call) => {
    const { trx, firmId, params, body } = call
    const stored = await lockDraft(call, params.id)
    const before = stored.lineRows.map(({ id }) => id)
    const { lineIds } = body
    const unknown = lineIds.findIndex((id) => !before.includes(id))
    if (unknown >= 0) throw wrongField(`/lineIds/${unknown}`, 'line-unknown')
    if (lineIds.length !== before.length || new Set(lineIds).size !== before.length)
      throw wrongField('/lineIds', 'lines-differ')
    await sql`update invoice_line l set position = f.place
      from unnest(${lineIds}::uuid[]) with ordinality as f (id, place)
      where l.firm_id = ${firmId}::uuid and l.invoice_id = ${stored.row.id}::uuid and l.id = f.id`.execute(trx)
    return finish(call, stored.row.id, 'lines-ordered', { before: { lineIds: before }, after: { lineIds } })
  },

  discountInvoice: async (call) => {
    const { trx, firmId, params, body } = call
    const stored = await lockDraft(call, params.id)
    refuseOnCredit(stored)
    const { percent, amount } = body
    if (percent === undefined && amount === undefined) throw wrongField('/percent', 'required')
    if (percent !== undefined && amount !== undefined) throw wrongField('/amount', 'percent-or-amount')
    const lines = stored.lineRows.filter(
      ({ deducts, vatTreatment }) => !deducts && partsOf(treatmentOfRow(vatTreatment)).vatCase !== 'disbursement',
    )
    if (percent !== undefined) {
      const rows = lines.map((line) => {
        const { discountPercent, net } = amountsOf({ discountPercent: percent }, line, '/percent')
        return { id: line.id, discount_percent: discountPercent, net }
      })
      await sql`update invoice_line l set discount_percent = r.discount_percent, net = r.net
        from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (id uuid, discount_percent numeric, net numeric)
        where l.firm_id = ${firmId}::uuid and l.id = r.id`.execute(trx)
    } else await addDiscountLines(call, stored, { lines, amount: exactCents(amount ?? '0') })
    return finish(call, stored.row.id, 'discounted', { after: body })
  },
}

/** One line for each VAT rate, of the day of the invoice where that has the same rate, else of what it is taken off. */
async function addDiscountLines(
  { trx, firmId, services }: Pick<Changing, 'trx' | 'firmId' | 'services'>,
  stored: StoredInvoice,
  { lines, amount }: { readonly lines: readonly LineRow[]; readonly amount: Decimal },
): Promise<void> {
  const { invoice, row, firmRow } = stored
  if (compare(amount, zero) <= 0) throw wrongField('/amount', 'not-above-zero')
  const chosen = new Set(lines.map(({ id }) => id))
  const discounted = invoice.lines.filter(({ id }) => chosen.has(id))
  const most = toCents(sum(discounted.map(({ net }) => net)))
  if (compare(amount, most) > 0) throw wrongField('/amount', 'more-than-invoice', { most })
  const last = Math.max(0, ...stored.lineRows.map(({ position }) => position))
  const rows = shareDiscount(amount, discounted).map((part, index) => {
    const treatment = treatmentOfRow(part.vatTreatment)
    const today = vatRateFor(treatment, firmRow.country, invoice.date)
    const isOfToday = today !== undefined && sameAmount(today.rate, part.vatRate)
    return {
      id: services.ids.next(),
      position: last + index + 1,
      description: say(invoice.language, 'invoice.discount'),
      unit_price: part.amount,
      net: toCents(negate(part.amount)),
      vat_treatment: treatment,
      vat_rate: part.vatRate,
      period_from: isOfToday ? null : part.supplyFrom,
      period_until: isOfToday ? null : part.supplyUntil,
    }
  })
  await sql`insert into invoice_line (firm_id, invoice_id, id, position, kind, description, quantity, unit, unit_price, net,
      vat_treatment, vat_treatment_chosen, vat_rate, period_from, period_until)
    select ${firmId}::uuid, ${row.id}::uuid, r.id, r.position, 'free', r.description, -1, 'piece', r.unit_price, r.net,
      r.vat_treatment, true, r.vat_rate, r.period_from, r.period_until
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (id uuid, position integer, description text,
      unit_price numeric, net numeric, vat_treatment text, vat_rate numeric, period_from date, period_until date)`.execute(
    trx,
  )
}

function exactCents(text: string): Decimal {
  const value = decimal(text)
  if (decimalsOf(value) > 2) throw wrongField('/amount', 'too-many-decimals', { most: '2' })
  return toCents(value)
}

const sameText = (one: string | null, other: string | null) =>
  one === null || other === null
    ? one === other
    : /^-?\d/.test(one)
      ? sameAmount(decimal(one), decimal(other))
      : one === other

/** What can be brought together in more than one way. */
const regrouped: ReadonlySet<string> = new Set(['hours', 'trip'])

/** What a credit note takes back follows from its invoice: nothing else comes upon it. */
function refuseOnCredit({ row }: StoredInvoice): void {
  if (row.kind === 'credit') throw new ProblemError({ kind: 'conflict', code: 'credit-takes-back-only' })
}

/** Less than all of the line, or at another price; never beyond what is left of it. */
async function changeCreditLine(call: Call, stored: StoredInvoice, line: LineRow) {
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

function lineOf({ lineRows }: StoredInvoice, id: string): LineRow {
  const line = lineRows.find((one) => one.id === id)
  if (!line) throw notThere('line')
  return line
}

const hundred = decimal('100')
// With four decimals that is thirteen digits: what a package holds as a JSON number.
const mostQuantity = decimal('1000000000')
const decimalsOf = (value: Decimal): number => value.split('.')[1]?.replace(/0+$/, '').length ?? 0

interface Amounts {
  readonly quantity?: string | undefined
  readonly unitPrice?: string | undefined
  readonly discountPercent?: string | null | undefined
}

/** Quantity, price, discount and their net; what is not given stays as it was. */
function amountsOf(body: Amounts, before: Amounts, discountPointer = '/discountPercent') {
  const quantity = decimal(body.quantity ?? before.quantity ?? '0')
  const unitPrice = decimal(body.unitPrice ?? before.unitPrice ?? '0')
  const given = body.discountPercent === undefined ? before.discountPercent : body.discountPercent
  const discount = given === null || given === undefined ? null : decimal(given)
  for (const [field, value] of [
    ['quantity', quantity],
    ['unitPrice', unitPrice],
    ['discountPercent', discount],
  ] as const)
    if (value && decimalsOf(value) > 4)
      throw wrongField(field === 'discountPercent' ? discountPointer : `/${field}`, 'too-many-decimals', { most: '4' })
  if (discount && (isNegative(discount) || compare(discount, hundred) > 0))
    throw wrongField(discountPointer, 'percent-out-of-range')
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
