import type { PaymentState } from '@uurwerk/core/invoicing/payment-state.ts'
import { type RawBuilder, sql } from 'kysely'

/** Of an invoice `i`: somebody owes it, or is owed by it; a draft and a credit note are not. */
const isOwed = sql<boolean>`i.state <> 'draft' and i.kind = 'invoice'`

/** `paymentStateOf` of core, over an invoice `i` that is owed. */
const conditions = {
  open: sql<boolean>`i.outstanding > 0 and i.paid <= 0`,
  'partly-paid': sql<boolean>`i.outstanding > 0 and i.paid > 0`,
  'to-refund': sql<boolean>`i.outstanding < 0`,
  credited: sql<boolean>`i.outstanding = 0 and i.paid = 0 and (i.state = 'credited' or i.credited <> 0)`,
  paid: sql<boolean>`i.outstanding = 0 and not (i.paid = 0 and (i.state = 'credited' or i.credited <> 0))`,
} as const satisfies Record<PaymentState, RawBuilder<boolean>>

/** Of an invoice `i`: whether it stands at one of these. */
export function paymentStateIs(states: readonly PaymentState[]): RawBuilder<boolean> {
  // Said besides, so that the index of what is outstanding is used.
  const left = states.every((state) => state !== 'paid' && state !== 'credited') ? sql`and i.outstanding <> 0` : sql``
  const any = sql.join(
    states.map((state) => sql`(${conditions[state]})`),
    sql` or `,
  )
  return sql<boolean>`(${isOwed} ${left} and (${any}))`
}

/** Of an invoice `i`: something of it is still to be paid. */
export const openSql = sql<boolean>`(${isOwed} and i.outstanding > 0)`

/** Of an invoice `i`: something of it is still to be paid, and was to be before this day. */
export const overdueSql = (today: string): RawBuilder<boolean> =>
  sql<boolean>`(${openSql} and i.due_date < ${today}::date)`
