import type { paymentRoutes } from '@uurwerk/api/payments.ts'
import type { AnswerOf } from '@uurwerk/api/route.ts'
import { mayUndo, type PaymentRefusal, whyNotPaid } from '@uurwerk/core/invoicing/payment-state.ts'
import { assert } from '@uurwerk/core/shared/assert.ts'
import { dateIn } from '@uurwerk/core/shared/calendar-date.ts'
import { formatAmount } from '@uurwerk/core/shared/format.ts'
import { absolute, type Decimal, decimal, isZero, subtract, toCents } from '@uurwerk/core/shared/money.ts'
import { type Problem, ProblemError } from '@uurwerk/core/shared/problem.ts'
import type { Selectable } from 'kysely'
import { type FirmCall, type Handlers, StaleEdit } from '../http/call.ts'
import { remember } from '../http/history.ts'
import { explainProblem, notThere, wrongField } from '../http/problems.ts'
import type { InvoiceRow } from '../invoices/invoice-rows.ts'
import { reportOutstanding } from '../payments/outstanding.ts'
import { paySelected } from '../payments/pay-selected.ts'
import { holdInvoice, paymentsOf } from '../payments/payment-rows.ts'
import { toPaidInvoice } from '../payments/payment-standing.ts'
import { undoMany } from '../payments/undo-many.ts'
import type { Payment } from '../store/schema.gen.ts'

type Call = Omit<FirmCall<never>, 'params' | 'query' | 'body'>
type PaymentRow = Selectable<Payment>
type Made = AnswerOf<(typeof paymentRoutes)['createPayment']>

export const paymentHandlers: Handlers<keyof typeof paymentRoutes> = {
  listPayments: (call) => paymentsOf(call, call.params.id),

  createPayment: async (call) => {
    const { trx, firmId, actor, now, services, body, params, version } = call
    const invoice = await holdInvoice(call, params.id)
    // Somebody may have registered the same a moment ago.
    if (invoice.version !== version) throw new StaleEdit(invoice.version, await paymentsOf(call, invoice.id))
    const amount = decimal(body.amount)
    const refused = whyNotPaid(toPaidInvoice(invoice), amount, body)
    if (refused) throw ofAmount(refused, invoice, call) ?? problemOf(refused, invoice, call)
    refuseFuture(call, body.date)
    const id = services.ids.next()
    const { date, way, note } = body
    await trx
      .insertInto('payment')
      .values({
        firmId,
        id,
        invoiceId: invoice.id,
        date,
        amount,
        way,
        note: note.trim(),
        createdBy: actor.memberId,
        createdAt: now,
        updatedAt: now,
      })
      .execute()
    await tell(call, invoice, 'payment-registered', { id, date, amount: toCents(amount), way })
    return made(call, invoice, id)
  },

  undoPayment: async (call) => {
    const { trx, firmId, now, params, version } = call
    const { invoice, payment } = await holdPayment(call, params.id)
    if (payment.version !== version) throw new StaleEdit(payment.version, await paymentsOf(call, invoice.id))
    if (payment.removedAt) return undefined
    if (payment.source === 'package') throw new ProblemError({ kind: 'conflict', code: 'payment-from-package' })
    if (!mayUndo(toPaidInvoice(invoice), countedOf(payment)))
      throw new ProblemError({ kind: 'conflict', code: 'refund-stands', values: { number: invoice.number ?? '' } })
    await trx
      .updateTable('payment')
      .set({ removedAt: now, version: payment.version + 1, updatedAt: now })
      .where('firmId', '=', firmId)
      .where('id', '=', payment.id)
      .execute()
    await tell(call, invoice, 'payment-undone', payment)
    return undefined
  },

  restorePayment: async (call) => {
    const { trx, firmId, now, params, body } = call
    const { invoice, payment } = await holdPayment(call, params.id)
    if (payment.removedAt) {
      if (payment.source === 'package') throw new ProblemError({ kind: 'conflict', code: 'payment-from-package' })
      const counted = countedOf(payment)
      const refused = isZero(counted) ? null : whyNotPaid(toPaidInvoice(invoice), counted, body)
      if (refused) throw problemOf(refused, invoice, call)
      await trx
        .updateTable('payment')
        .set({ removedAt: null, version: payment.version + 1, updatedAt: now })
        .where('firmId', '=', firmId)
        .where('id', '=', payment.id)
        .execute()
      await tell(call, invoice, 'payment-restored', payment)
    }
    return made(call, invoice, payment.id)
  },

  undoPayments: undoMany,

  payInvoices: (call) => {
    refuseFuture(call, call.body.date)
    return paySelected(call)
  },

  reportOutstanding: ({ trx, firmId, firm, now }) => reportOutstanding(trx, firmId, dateIn(firm.timeZone, now)),
}

/** What the books tell of already does not count beside them. */
const countedOf = ({ amount, inBooks }: Pick<PaymentRow, 'amount' | 'inBooks'>): Decimal =>
  subtract(decimal(amount), decimal(inBooks))

function refuseFuture({ firm, now }: Pick<Call, 'firm' | 'now'>, date: string): void {
  if (date > dateIn(firm.timeZone, now)) throw wrongField('/date', 'payment-in-future')
}

/** Its invoice is held first, as everybody does who changes what is paid of it. */
async function holdPayment(call: Call, id: string): Promise<{ invoice: InvoiceRow; payment: PaymentRow }> {
  const { trx, firmId } = call
  const found = await trx
    .selectFrom('payment')
    .select('invoiceId')
    .where('firmId', '=', firmId)
    .where('id', '=', id)
    .executeTakeFirst()
  if (!found) throw notThere('payment')
  const invoice = await holdInvoice(call, found.invoiceId)
  const payment = await trx
    .selectFrom('payment')
    .selectAll()
    .where('firmId', '=', firmId)
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return { invoice, payment }
}

/** A new version of the invoice, what happened in its history, and news for the screens. */
async function tell(
  call: Call,
  { id, version }: Pick<InvoiceRow, 'id' | 'version'>,
  act: string,
  payment: Pick<PaymentRow, 'id' | 'date' | 'amount' | 'way'>,
): Promise<void> {
  const { trx, firmId, now, services } = call
  await trx
    .updateTable('invoice')
    .set({ version: version + 1, updatedAt: now })
    .where('firmId', '=', firmId)
    .where('id', '=', id)
    .execute()
  await remember(call, { kind: 'invoice', id }, act, {
    after: { paymentId: payment.id, date: payment.date, amount: payment.amount, way: payment.way },
  })
  await services.events.publish(trx, firmId, { topic: 'invoices', ids: [id] })
}

async function made(call: Call, { id, date }: Pick<InvoiceRow, 'id' | 'date'>, paymentId: string): Promise<Made> {
  const payments = await paymentsOf(call, id)
  const payment = payments.rows.find((row) => row.id === paymentId)
  assert(payment, 'what was registered is among the payments')
  const isEarly = payment.date < date
  const warning: Problem = {
    kind: 'input',
    code: 'payment-before-invoice',
    values: { date: payment.date, invoiceDate: date },
  }
  return { ...payments, payment, warnings: isEarly ? [explainProblem(warning, call.language)] : [] }
}

/** What is wrong with the amount stands at its field; null when the document takes no payment at all. */
const ofAmount = (
  { code, left }: PaymentRefusal,
  invoice: Pick<InvoiceRow, 'currency'>,
  call: Pick<Call, 'language'>,
): ProblemError | null =>
  code === 'payment-on-draft' || code === 'payment-on-credit-note'
    ? null
    : wrongField('/amount', code, { most: '2', ...leftValues(left, invoice, call) })

const problemOf = (
  { code, left }: PaymentRefusal,
  invoice: Pick<InvoiceRow, 'currency' | 'number'>,
  call: Pick<Call, 'language'>,
): ProblemError =>
  new ProblemError({
    kind: 'conflict',
    code,
    values: { number: invoice.number ?? '', ...leftValues(left, invoice, call) },
  })

const leftValues = (
  left: Decimal | undefined,
  { currency }: Pick<InvoiceRow, 'currency'>,
  { language }: Pick<Call, 'language'>,
): Record<string, string> =>
  left === undefined ? {} : { left: `${currency} ${formatAmount(absolute(left), language)}` }
