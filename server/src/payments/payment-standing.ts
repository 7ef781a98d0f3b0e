import type { invoiceRow } from '@uurwerk/api/invoices.ts'
import { type PaidInvoice, paymentStateOf } from '@uurwerk/core/invoicing/payment-state.ts'
import { type CalendarDate, calendarDate } from '@uurwerk/core/shared/calendar-date.ts'
import { decimal } from '@uurwerk/core/shared/money.ts'
import type { z } from 'zod'
import type { InvoiceRow } from '../invoices/invoice-rows.ts'

type OwedRow = Pick<InvoiceRow, 'kind' | 'state' | 'gross' | 'credited' | 'paid' | 'dueDate'>

/** An invoice as it stands in the database, as far as it decides what is still to be paid. */
export const toPaidInvoice = ({ kind, state, gross, credited, paid, dueDate }: OwedRow): PaidInvoice => ({
  kind: kind === 'credit' ? 'credit' : 'invoice',
  state: state as PaidInvoice['state'],
  gross: decimal(gross),
  credited: decimal(credited),
  paid: decimal(paid),
  dueDate: calendarDate(dueDate),
})

type Answer = Pick<z.input<typeof invoiceRow>, 'paid' | 'credited' | 'outstanding' | 'paymentState' | 'overdueDays'>

/** Where it stands on a day, as the API answers it. */
export function standingOf(row: OwedRow, today: CalendarDate): Answer {
  const { state, outstanding, overdueDays } = paymentStateOf(toPaidInvoice(row), today)
  return { paid: row.paid, credited: row.credited, outstanding, paymentState: state, overdueDays }
}
