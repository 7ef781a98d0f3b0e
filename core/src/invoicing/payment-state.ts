import { type CalendarDate, daysBetween } from '../shared/calendar-date.ts'
import {
  compare,
  type Decimal,
  isNegative,
  isZero,
  negate,
  round,
  sameAmount,
  subtract,
  zero,
} from '../shared/money.ts'
import type { InvoiceState } from './invoice.ts'

export const paymentStates = ['open', 'partly-paid', 'paid', 'credited', 'to-refund'] as const
export type PaymentState = (typeof paymentStates)[number]

/** An invoice or credit note, as far as it decides what is still to be paid. Amounts in its own currency. */
export interface PaidInvoice {
  readonly kind: 'invoice' | 'credit'
  readonly state: InvoiceState
  readonly gross: Decimal
  /** What sent credit notes take back, above zero. */
  readonly credited: Decimal
  /** What was received, less what went back. */
  readonly paid: Decimal
  readonly dueDate: CalendarDate
}

export interface PaymentStanding {
  /** Null for a draft, which nobody owes, and for a credit note, which is settled on its invoice. */
  readonly state: PaymentState | null
  /** Below zero is to be refunded. */
  readonly outstanding: Decimal
  /** Days after the due date, from 1; null when it is not late. */
  readonly overdueDays: number | null
}

/** Where an invoice stands on a day. It follows from the amounts alone, so that undoing a payment gives what was before. */
export function paymentStateOf(invoice: PaidInvoice, today: CalendarDate): PaymentStanding {
  if (!isOwed(invoice)) return { state: null, outstanding: round(zero, 2), overdueDays: null }
  const outstanding = outstandingOf(invoice)
  const isLate = compare(outstanding, zero) > 0 && invoice.dueDate < today
  return {
    state: wordOf(invoice, outstanding),
    outstanding,
    overdueDays: isLate ? daysBetween(invoice.dueDate, today) : null,
  }
}

const isOwed = ({ kind, state }: PaidInvoice): boolean => kind === 'invoice' && state !== 'draft'

const outstandingOf = ({ gross, credited, paid }: PaidInvoice): Decimal =>
  round(subtract(subtract(gross, credited), paid), 2)

function wordOf({ state, credited, paid }: PaidInvoice, outstanding: Decimal): PaymentState {
  if (isNegative(outstanding)) return 'to-refund'
  if (!isZero(outstanding)) return compare(paid, zero) > 0 ? 'partly-paid' : 'open'
  // Nothing was paid and nothing is owed: taken back, unless it was an invoice of nothing.
  return isZero(paid) && (state === 'credited' || !isZero(credited)) ? 'credited' : 'paid'
}

/** Why an amount cannot be registered; `left` is what is outstanding or to be refunded, above zero. */
export interface PaymentRefusal {
  readonly code:
    | 'payment-on-draft'
    | 'payment-on-credit-note'
    | 'payment-of-nothing'
    | 'too-many-decimals'
    | 'nothing-to-refund'
    | 'more-than-to-refund'
    | 'more-than-outstanding'
  readonly left?: Decimal
}

/**
 * Money that came in may be more than is outstanding only when that is said: the bank is right, but a slip of the finger
 * is likelier. Money goes back only where something is to be refunded, at most as much.
 */
export function whyNotPaid(
  invoice: PaidInvoice,
  amount: Decimal,
  { allowOver }: { readonly allowOver: boolean },
): PaymentRefusal | null {
  if (invoice.kind === 'credit') return { code: 'payment-on-credit-note' }
  if (invoice.state === 'draft') return { code: 'payment-on-draft' }
  if (isZero(amount)) return { code: 'payment-of-nothing' }
  if (!sameAmount(amount, round(amount, 2))) return { code: 'too-many-decimals' }
  const outstanding = outstandingOf(invoice)
  if (isNegative(amount)) {
    if (!isNegative(outstanding)) return { code: 'nothing-to-refund' }
    return compare(amount, outstanding) < 0 ? { code: 'more-than-to-refund', left: negate(outstanding) } : null
  }
  if (allowOver || compare(amount, outstanding) <= 0) return null
  return { code: 'more-than-outstanding', left: isNegative(outstanding) ? round(zero, 2) : outstanding }
}

/** A payment of which part has gone back is not undone before the refund is: more cannot go back than came. */
export const mayUndo = (invoice: Pick<PaidInvoice, 'paid'>, amount: Decimal): boolean =>
  isNegative(amount) || compare(amount, invoice.paid) <= 0

/** How late money is, by the days since it was due. */
export const lateBuckets = ['not-due', '1-30', '31-60', '61-90', 'over-90'] as const
export type LateBucket = (typeof lateBuckets)[number]

export const lateBucket = (overdueDays: number | null): LateBucket =>
  overdueDays === null
    ? 'not-due'
    : overdueDays <= 30
      ? '1-30'
      : overdueDays <= 60
        ? '31-60'
        : overdueDays <= 90
          ? '61-90'
          : 'over-90'
